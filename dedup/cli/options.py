"""Options that commands share, each written once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

import click

from dedup.cli.inputs import STANDARD_OUTPUT
from dedup.errors import ParameterError
from dedup.params import MIN_MEMORY, PRESETS, Params
from dedup.readers.records import GUESSES
from dedup.render.tables import WRITERS

Command = TypeVar("Command", bound=Callable[..., Any])


class _Size(click.ParamType[int]):
    """A number of bytes, as people write it: 800MB, 4GB, 1.5 GiB."""

    name = "size"
    _UNITS: Mapping[str, int] = {
        "": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12,
        "ki": 1 << 10, "mi": 1 << 20, "gi": 1 << 30, "ti": 1 << 40,
    }  # fmt: skip

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read it."""
        found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kmgt]i?)?b?", str(value).strip(), re.IGNORECASE)
        if not found:
            self.fail(f"{value!r} is no size such as 800MB or 4GB.", param, ctx)
        n_bytes = Decimal(found[1]) * self._UNITS[(found[2] or "").lower()]
        if n_bytes < MIN_MEMORY:
            self.fail(f"{value!r} is less than {MIN_MEMORY >> 20} MiB.", param, ctx)
        return int(n_bytes)


def _format(help: str, *more: str) -> Callable[[Command], Command]:
    kinds = click.Choice(["text", "jsonl", *more])
    return click.option("--format", type=kinds, default="text", show_default=True, help=help)


_SHARED = {
    "against": click.option(
        "--against",
        multiple=True,
        metavar="OLD",
        help="Articles that were compared before, in files, directories or indexes: pairs of two "
        "of them are left out. May be given several times.",
    ),
    "format": _format("Text for people, or JSON Lines for programs."),
    "page_format": _format(
        "Text for people, JSON Lines for programs, or a page for a browser.", "html"
    ),
    "report_format": _format(
        "Text for people, or JSON Lines for programs; a page for a browser (with --output DIR in "
        "parts, for thousands of articles), or its figures as pictures; csv and parquet are "
        "several tables, and --output names the directory for them.",
        "html",
        "png",
        *WRITERS,
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
    "settings": click.option(
        "--set",
        "settings",
        multiple=True,
        metavar="BLOCK.NAME=VALUE",
        help="Give a parameter another value than the preset, for example align.min_chars=30. "
        "May be given more than once; docs/reference/parameters.md lists all.",
    ),
    "jobs": click.option(
        "--jobs",
        type=click.IntRange(min=1),
        metavar="N",
        help="Work on N cores; by default on all. Results are the same.",
    ),
    "memory": click.option(
        "--memory",
        type=_Size(),
        metavar="SIZE",
        help="Hold about so much in memory, such as 4GB, and the rest in files without a name in "
        "the directory for temporary files; by default half of the machine's. Results are the "
        "same.",
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
    "timeout": click.option(
        "--timeout",
        type=click.FloatRange(min=0),
        default=60,
        show_default=True,
        metavar="SECONDS",
        help="Wait so long for another process that writes to the index.",
    ),
    "timings": click.option("--timings", is_flag=True, help="Also tell how long each stage took."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What was typed.

    Parameters
    ----------
    format, output, preset, sensitivity, jobs, memory, against, strict, quiet, progress, timings
        The options of these names.
    settings
        The values of ``--set``.
    timeout
        The option of this name.
    id_field, text_field, outlet_field, published_field, title_field, url_field
        The options of these names.
    """

    format: str = "text"
    output: str = STANDARD_OUTPUT
    preset: str = "news"
    quiet: bool = False
    id_field: str | None = None
    text_field: str | None = None
    outlet_field: str | None = None
    published_field: str | None = None
    title_field: str | None = None
    url_field: str | None = None
    sensitivity: float | None = None
    settings: tuple[str, ...] = ()
    jobs: int | None = None
    memory: int | None = None
    against: tuple[str, ...] = ()
    strict: bool = False
    progress: bool | None = None
    timings: bool = False
    timeout: float = 60

    @property
    def params(self) -> Params:
        """The preset, at the sensitivity and with the values that were asked for."""
        params = Params.preset(self.preset)
        if self.sensitivity is not None:
            params = params.at_sensitivity(self.sensitivity)
        values = dict(_name_and_value(one) for one in self.settings)
        if self.sensitivity is not None and "align.min_score" in values:
            raise click.UsageError("--sensitivity and --set align.min_score both set one parameter")
        try:
            return params.with_values(values)
        except ParameterError as error:
            raise click.UsageError(f"--set: {error}") from error

    @property
    def fields(self) -> dict[str, str | None]:
        """The keywords of `dedup.read` that name fields."""
        return {f"{field}_field": getattr(self, f"{field}_field") for field in GUESSES}


def _name_and_value(setting: str) -> tuple[str, str]:
    name, equals, value = setting.partition("=")
    if not equals:
        raise click.UsageError(f"--set {setting}: a parameter is set as BLOCK.NAME=VALUE")
    return name.strip(), value.strip()


def takes(*names: str, reads: bool = True) -> Callable[[Command], Command]:
    """Give a command some of the shared options.

    Parameters
    ----------
    *names : str
        Of the options, in the order in which help lists them.
    reads : bool
        Whether the command reads articles, and takes the names of their fields too.

    Returns
    -------
    callable
        A decorator.
    """

    def decorate(command: Command) -> Command:
        of_fields = [f"{field}_field" for field in GUESSES] if reads else []
        for name in reversed([*names, *of_fields]):
            command = _SHARED[name](command)
        return command

    return decorate
