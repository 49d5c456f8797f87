"""Options that commands share."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import click

from dedup.cli.inputs import STANDARD_OUTPUT, name_output
from dedup.errors import ParameterError
from dedup.params import MIN_MEMORY, PRESETS, Params
from dedup.readers.records import GUESSES
from dedup.readers.sources import MAX_TEXT
from dedup.render.tables import WRITERS

Command = TypeVar("Command", bound=Callable[..., Any])
# Options that say how files are read.
_READING = ("input_format", "encoding", "delimiter", "max_text")


class _Size(click.ParamType):  # type: ignore[type-arg]  # generic in new versions only
    """A number of bytes: 800MB, 4GB, 1.5 GiB."""

    name = "size"
    _UNITS: Mapping[str, int] = {
        "": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12,
        "ki": 1 << 10, "mi": 1 << 20, "gi": 1 << 30, "ti": 1 << 40,
    }  # fmt: skip

    def __init__(self, least: int) -> None:
        self._least = least

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Parse the size."""
        found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kmgt]i?)?b?", str(value).strip(), re.IGNORECASE)
        if not found:
            self.fail(f"{value!r} is not a size, e.g. 800MB or 4GB.", param, ctx)
        n_bytes = Decimal(found[1]) * self._UNITS[(found[2] or "").lower()]
        if n_bytes < self._least:
            least = f"{self._least >> 20}MiB" if self._least >> 20 else f"{self._least} bytes"
            self.fail(f"{value!r} is less than {least}, the minimum.", param, ctx)
        return int(n_bytes)


def _format(help: str, *more: str) -> Callable[[Command], Command]:
    kinds = click.Choice(["text", "jsonl", *more])
    return click.option("--format", type=kinds, default="text", show_default=True, help=help)


def _checked(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """Refuse a wrong encoding, delimiter or format before the work begins."""
    from dedup.readers import make_options

    try:
        if value is not None and param.name is not None:
            make_options(**{param.name: value})  # type: ignore[arg-type]
    except ParameterError as error:
        raise click.UsageError(f"--{str(param.name).replace('_', '-')}: {error}") from None
    return value


def _describe_field(field: str, guesses: tuple[str, ...]) -> str:
    shown = ", ".join(guesses[:4]) + (", ..." if len(guesses) > 4 else "")
    off = "" if field == "text" else "; none to leave it out"
    return f"Input field to use as {field} (default: {shown}){off}."


_SHARED = {
    "against": click.option(
        "--against",
        multiple=True,
        metavar="OLD",
        help="Files, directories or indexes with articles that were compared before: skip pairs "
        "among them. Repeatable.",
    ),
    "format": _format("Output format: text to read, or JSON Lines."),
    "page_format": _format("Output format: text to read, JSON Lines, or an HTML page.", "html"),
    "report_format": _format(
        "Output format: text to read, JSON Lines, an HTML page, its figures as PNG, or tables as "
        "CSV or Parquet. PNG, CSV and Parquet need --output DIR; a large HTML page opens faster "
        "with it.",
        "html",
        "png",
        *WRITERS,
    ),
    "output": click.option(
        "--output",
        metavar="FILE",
        default=STANDARD_OUTPUT,
        callback=lambda _, __, path: name_output(path),
        help="Write results to FILE once they are complete (default: -, standard output).",
    ),
    "with_text": click.option(
        "--with-text",
        is_flag=True,
        help="Store the texts and all metadata of the articles, so that dedup render needs nothing "
        "else (jsonl, csv, parquet).",
    ),
    "articles": click.option(
        "--articles",
        multiple=True,
        metavar="PATH",
        help="The articles of the run, if it stores no texts: as for dedup report. Repeatable.",
    ),
    "overwrite": click.option(
        "--overwrite",
        is_flag=True,
        help="Replace the directory of an earlier result; one with other files is never replaced.",
    ),
    "preset": click.option(
        "--preset",
        type=click.Choice(list(PRESETS)),
        default="news",
        show_default=True,
        help="Parameter preset: news finds reused sentences; pan is for the PAN text alignment "
        "task.",
    ),
    "sensitivity": click.option(
        "--sensitivity",
        type=click.FloatRange(min=0, min_open=True),
        metavar="X",
        help="Accepted false passages per million pairs of unrelated articles (default: 3). "
        "Higher values find more, including phrases common to articles on one event.",
    ),
    "settings": click.option(
        "--set",
        "settings",
        multiple=True,
        metavar="BLOCK.NAME=VALUE",
        help="Change a parameter of the preset, e.g. align.min_chars=30. Repeatable; "
        "docs/reference/parameters.md lists all parameters.",
    ),
    "days": click.option(
        "--days",
        type=click.FloatRange(min=0, min_open=True),
        metavar="N",
        help="Compare only articles published within N days of each other (default: all). Articles "
        "without a date are compared with all.",
    ),
    "outlets": click.option(
        "--outlets",
        metavar="FILE",
        help="CSV of two columns: a name of an outlet and the name to use for it. It comes before "
        "the table and the rule that know names of one outlet; map a name to itself to keep it.",
    ),
    "jobs": click.option(
        "--jobs",
        type=click.IntRange(min=1),
        metavar="N",
        help="Number of threads (default: one per core). Does not change results.",
    ),
    "memory": click.option(
        "--memory",
        type=_Size(MIN_MEMORY),
        metavar="SIZE",
        help="Memory budget, at least 512MiB, e.g. 4GB (default: half of RAM); the rest spills to "
        "temporary files.",
    ),
    "encoding": click.option(
        "--encoding",
        metavar="NAME",
        callback=_checked,
        help="Encoding of text files, e.g. cp1252 (default: UTF-8; marks of UTF-16 are seen, and "
        "another encoding is guessed).",
    ),
    "delimiter": click.option(
        "--delimiter",
        metavar="C",
        callback=_checked,
        help="Delimiter of CSV files, a character or tab (default: that of the first row).",
    ),
    "input_format": click.option(
        "--input-format",
        metavar="NAME",
        callback=_checked,
        help="Format of all inputs, e.g. jsonl (default: by the suffix of each name).",
    ),
    "max_text": click.option(
        "--max-text",
        type=_Size(1),
        default="10MB",
        show_default=True,
        metavar="SIZE",
        help="Skip longer texts.",
    ),
    **{
        f"{field}_field": click.option(
            f"--{field}-field",
            metavar="NAME",
            help=_describe_field(field, guesses),
        )
        for field, guesses in GUESSES.items()
    },
    "strict": click.option(
        "--strict", is_flag=True, help="Stop at the first unreadable record instead of skipping it."
    ),
    "quiet": click.option("--quiet", is_flag=True, help="Show only errors."),
    "show_all": click.option(
        "--show-all",
        is_flag=True,
        help="In text output, also show furniture (captions, promotions, menus), formulas and "
        "passages of a confidence below .75; JSON Lines and tables always have them.",
    ),
    "progress": click.option(
        "--progress/--no-progress",
        default=None,
        help="Show progress bars (default: if standard error is a terminal).",
    ),
    "timeout": click.option(
        "--timeout",
        type=click.FloatRange(min=0),
        default=60,
        show_default=True,
        metavar="SECONDS",
        help="How long to wait while another process writes to the index.",
    ),
    "timings": click.option("--timings", is_flag=True, help="Show stage times on standard error."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Values of the options."""

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
    encoding: str | None = None
    delimiter: str | None = None
    input_format: str | None = None
    max_text: int = MAX_TEXT
    sensitivity: float | None = None
    settings: tuple[str, ...] = ()
    days: float | None = None
    jobs: int | None = None
    memory: int | None = None
    against: tuple[str, ...] = ()
    outlets: str | None = None
    overwrite: bool = False
    show_all: bool = False
    strict: bool = False
    progress: bool | None = None
    timings: bool = False
    with_text: bool = False
    articles: tuple[str, ...] = ()
    timeout: float = 60

    @property
    def params(self) -> Params:
        """The preset with ``--sensitivity`` and ``--set`` applied."""
        params = Params.preset(self.preset)
        if self.sensitivity is not None:
            try:
                params = params.at_sensitivity(self.sensitivity)
            except ParameterError as error:
                raise click.UsageError(f"--sensitivity: {error}") from error
        values = dict(_name_and_value(one) for one in self.settings)
        if self.sensitivity is not None and "align.min_score" in values:
            raise click.UsageError("--sensitivity and --set align.min_score set the same parameter")
        if self.days is not None:
            if "candidate.days" in values:
                raise click.UsageError("--days and --set candidate.days set the same parameter")
            values["candidate.days"] = str(self.days)
        try:
            return params.with_values(values)
        except ParameterError as error:
            raise click.UsageError(f"--set: {error}") from error

    @property
    def names_of_outlets(self) -> dict[str, str]:
        """The names in the file of ``--outlets``."""
        return read_outlets(self.outlets) if self.outlets else {}

    @property
    def beside(self) -> tuple[str, ...]:
        """Paths that are read besides the arguments."""
        return (*self.against, *([self.outlets] if self.outlets else []))

    @property
    def fields(self) -> dict[str, str | None]:
        """Keyword arguments of `dedup.read` that name fields."""
        return {f"{field}_field": getattr(self, f"{field}_field") for field in GUESSES}

    @property
    def reading(self) -> dict[str, Any]:
        """Keyword arguments of `dedup.read` that say how files are read."""
        return {name: getattr(self, name) for name in _READING}


def _name_and_value(setting: str) -> tuple[str, str]:
    name, equals, value = setting.partition("=")
    if not equals:
        raise click.UsageError(f"--set {setting}: write BLOCK.NAME=VALUE")
    return name.strip(), value.strip()


def read_outlets(path: str) -> dict[str, str]:
    """Read the names of outlets from a CSV file without a header.

    Raises
    ------
    click.UsageError
        If the file cannot be read, or a line has other than two names.
    """
    names = {}
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as lines:
            for number, row in enumerate(csv.reader(lines), 1):
                if len(row) != 2 or not all(row):
                    raise click.UsageError(
                        f"--outlets {path}, line {number}: write NAME,OUTLET, "
                        f"not {','.join(row)[:40]!r}"
                    )
                names[row[0].strip()] = row[1].strip()
    except (OSError, ValueError, csv.Error) as error:
        raise click.UsageError(f"--outlets {path}: {error}") from None
    return names


def takes(*names: str, reads: bool = True) -> Callable[[Command], Command]:
    """Add shared options to a command."""

    def decorate(command: Command) -> Command:
        of_reading = [*_READING, *(f"{field}_field" for field in GUESSES)] if reads else []
        for name in reversed([*names, *of_reading]):
            command = _SHARED[name](command)
        return command

    return decorate
