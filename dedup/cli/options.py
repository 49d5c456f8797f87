"""Options that commands share, each written once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import click

from dedup.cli.output import STANDARD_OUTPUT
from dedup.params import PRESETS, Params
from dedup.readers.records import GUESSES

Command = TypeVar("Command", bound=Callable[..., Any])

_SHARED = {
    "format": click.option(
        "--format",
        type=click.Choice(["text", "jsonl"]),
        default="text",
        show_default=True,
        help="Text for people, or JSON Lines for programs.",
    ),
    "output": click.option(
        "--output",
        metavar="FILE",
        default=STANDARD_OUTPUT,
        help="Write results there, whole or not at all; - is standard output.",
    ),
    "preset": click.option(
        "--preset",
        type=click.Choice(list(PRESETS)),
        default="news",
        show_default=True,
        help="Parameters for news; for texts of any kind, heavy rewording and abridgements "
        "among them; or for the PAN text alignment task.",
    ),
    "sensitivity": click.option(
        "--sensitivity",
        type=click.FloatRange(min=0, min_open=True),
        metavar="X",
        help="Accept X false passages among a million pairs of articles that have nothing to do "
        "with each other; 3 by default. Higher finds more, and more of what articles on one "
        "event say alike.",
    ),
    "jobs": click.option(
        "--jobs",
        type=click.IntRange(min=1),
        metavar="N",
        help="Work on N cores; by default on all. Results are the same.",
    ),
    **{
        f"{field}_field": click.option(
            f"--{field}-field",
            metavar="NAME",
            help=f"Where a record has its {field}; by default {', '.join(guesses)}.",
        )
        for field, guesses in GUESSES.items()
    },
    "strict": click.option(
        "--strict", is_flag=True, help="Stop at the first record that cannot be read."
    ),
    "quiet": click.option("--quiet", is_flag=True, help="Say nothing but errors."),
    "progress": click.option(
        "--progress/--no-progress",
        default=None,
        help="Show bars; by default where standard error is a terminal.",
    ),
    "timings": click.option("--timings", is_flag=True, help="Also tell how long each stage took."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What was typed.

    Parameters
    ----------
    format, output, preset, sensitivity, jobs, strict, quiet, progress, timings
        The options of these names.
    id_field, text_field, outlet_field, published_field, title_field, url_field
        The options of these names.
    """

    format: str
    output: str
    preset: str
    quiet: bool
    id_field: str | None
    text_field: str | None
    outlet_field: str | None
    published_field: str | None
    title_field: str | None
    url_field: str | None
    sensitivity: float | None = None
    jobs: int | None = None
    strict: bool = False
    progress: bool | None = None
    timings: bool = False

    @property
    def params(self) -> Params:
        """The preset, at the sensitivity that was asked for."""
        preset = Params.preset(self.preset)
        return preset if self.sensitivity is None else preset.at_sensitivity(self.sensitivity)

    @property
    def fields(self) -> dict[str, str | None]:
        """The keywords of `dedup.read` that name fields."""
        return {f"{field}_field": getattr(self, f"{field}_field") for field in GUESSES}


def takes(*names: str) -> Callable[[Command], Command]:
    """Give a command some of the shared options; the names of fields come with all.

    Parameters
    ----------
    *names : str
        Of the options, in the order in which help lists them.

    Returns
    -------
    callable
        A decorator.
    """

    def decorate(command: Command) -> Command:
        for name in reversed([*names, *(f"{field}_field" for field in GUESSES)]):
            command = _SHARED[name](command)
        return command

    return decorate
