"""Write ``docs/reference/``: commands, parameters, JSON, tables, errors and the Python names.

Run it after a change to docstrings, options or results::

    python -m tools.make_reference

Options come from click, parameters from the blocks and their docstrings, keys of JSON from results
on ``corpus/``. A test compares the committed pages with the output.
"""

from __future__ import annotations

import dataclasses
import inspect
import json
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

import dedup
import dedup.cli
import dedup.params
from dedup.cli import main as program
from dedup.group.keep import DroppedArticle
from dedup.render.tables import TABLES

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "reference"
MADE = "<!-- Made by tools/make_reference.py; do not edit. -->"

_SECTION = re.compile(r"^(\w+)\n-+\n(.*?)(?=^\w[^\n]*\n-+\n|\Z)", re.DOTALL | re.MULTILINE)
# Keys of JSON without a docstring.
_KEYS = {
    "type": "type of the object",
    "schema": "version of this format",
    "dedup": "version of the package",
    "published": "date, ISO 8601 with a zone",
    "id": "id of the article",
    "path": "file of the article",
    "line": "its line, row or record there",
    "n_articles": "articles that were read",
    "n_skipped": "records that could not be read",
    "n_overlaps": "lines of type `overlap`",
    "n_families": "lines of type `family`",
    "n_stories": "lines of type `story`",
    "n_boilerplate": "lines of type `boilerplate`",
    "n_chars": "code points of the text",
    "digest": "BLAKE2b of the text in UTF-8, 16 bytes, hexadecimal",
    "text": "the original text; with `--with-text`",
    "extra": "all other fields of its record; with `--with-text`",
    "members": "ids of the articles of the story",
    "provenance": "one object for each member, see `Member`",
    "tied": "ids of the members with the first date, if several; their order is unknown",
}


def main() -> None:
    """Write all pages."""
    FOLDER.mkdir(exist_ok=True)
    for name, text in make_pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


def make_pages() -> dict[str, str]:
    """Return the text of each page by the name of its file."""
    makers = (_commands, _parameters, _json, _tables, _errors, _python)
    return {f"{make.__name__[1:]}.md": "\n\n".join([MADE, *make()]) + "\n" for make in makers}


def _table(heads: Sequence[str], rows: Iterator[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def _plain(text: str) -> str:
    """Return docstring text as one line of Markdown for a table cell."""
    text = re.sub(r":\w+:`[~.]?([^`]*)`", r"`\1`", text)
    text = re.sub(r"``([^`]*)``", r"`\1`", text)
    return " ".join(text.split()).replace("|", "\\|")


def _commands() -> Iterator[str]:
    yield "# Commands"
    yield (
        "`dedup COMMAND --help` prints the same. `-` is standard input where a command reads and "
        "standard output where it writes."
    )
    module = inspect.getdoc(dedup.cli) or ""
    yield from (_plain(part) for part in module.split("\n\n") if part.startswith("Exit"))
    for name, command in _find_commands(program, "dedup"):
        yield f"## {name}"
        usage = " ".join([name, *command.collect_usage_pieces(click.Context(command))])
        yield f"```sh\n{usage}\n```"
        yield "\n\n".join(_plain(part) for part in (command.help or "").split("\n\n"))
        rows = [_option(one) for one in command.params if isinstance(one, click.Option)]
        if rows:
            yield _table(("option", "what it does"), iter(rows))


def _find_commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for each in command.list_commands(context):
            found = command.get_command(context, each)
            assert found is not None
            yield from _find_commands(found, f"{name} {each}")


def _option(option: click.Option) -> tuple[str, str]:
    """Return an option's names and help; independent of click's changing format."""
    names = " / ".join([", ".join(option.opts), *option.secondary_opts])
    if isinstance(option.type, click.Choice):
        names += " [" + "\\|".join(option.type.choices) + "]"
    elif not option.is_flag:
        names += f" {option.metavar or option.type.name.upper()}"
    told = _plain(option.help or "")
    told += " Required." if option.required else ""
    if option.show_default and isinstance(option.default, (str, int, float)):
        told += f" Default: `{option.default}`."
    return f"`{names}`", told


def _parameters() -> Iterator[str]:
    params = dedup.Params()
    yield "# Parameters"
    yield (
        "`dedup.Params` has one frozen block for each stage. These are the values of the preset "
        "`news`. You name a parameter `block.name`, as `dedup explain` does. The blocks `sketch`, "
        "`band`, `seed` and `boilerplate` decide what an index stores of an article: an index "
        "refuses values other than those that it was made with."
    )
    takers = [
        f"`{name}`"
        for name, command in _find_commands(program, "dedup")
        if any("--set" in option.opts for option in command.params)
    ]
    if takers:
        yield f"`--set BLOCK.NAME=VALUE` sets one, for {', '.join(takers)}."
    yield "## Presets"
    presets = [name for name in dedup.params.PRESETS if name != "news"]
    yield f"The other presets ({', '.join(f'`{name}`' for name in presets)}) change these values."
    yield _table(("parameter", "`news`", *(f"`{name}`" for name in presets)), _changes(presets))
    for block in dataclasses.fields(params):
        values = getattr(params, block.name)
        summary, told = _read_docstring(type(values))
        yield f"## {block.name}"
        yield summary
        yield _table(
            ("parameter", "default", "what it is"),
            (
                (f"`{block.name}.{one.name}`", f"`{getattr(values, one.name)}`", told[one.name])
                for one in dataclasses.fields(values)
            ),
        )


def _changes(presets: Sequence[str]) -> Iterator[Sequence[str]]:
    news = dedup.Params().to_dict()
    others = [dedup.Params.preset(name).to_dict() for name in presets]
    for block, values in news.items():
        for name, value in values.items():
            row = [value, *(other[block][name] for other in others)]
            if any(one != value for one in row):
                yield (f"`{block}.{name}`", *(f"`{one}`" for one in row))


def _read_docstring(thing: object) -> tuple[str, dict[str, str]]:
    """Return the summary and the parameter descriptions of a NumPy docstring."""
    doc = inspect.getdoc(thing) or ""
    summary = _plain(doc.split("\n\n")[0])
    told: dict[str, str] = {}
    for head, text in _read_section(doc, "Parameters"):
        for name in head.split(" : ")[0].split(","):
            told[name.strip(" *")] = text
    return summary, told


def _read_section(doc: str, title: str) -> list[tuple[str, str]]:
    """Return the heads and texts of a section of a NumPy docstring."""
    found = next((text for name, text in _SECTION.findall(doc) if name == title), "")
    entries = re.findall(r"^(\S[^\n]*)\n((?:[ \n][^\n]*\n?)*)", found, re.MULTILINE)
    return [(head, _plain(text)) for head, text in entries]


def _json() -> Iterator[str]:
    yield "# JSON Lines"
    yield (
        "With `--format jsonl` a command writes one object a line; its key `type` says what it is. "
        "`to_dict()` of a result in Python returns the same object. A span is `[start, end]`, "
        "half-open, in code points of the original text: `text[start:end]` in Python. An edit of a "
        'passage is an array: its kind, the span in `a`, the span in `b`, and `"fact"` if it '
        "changes a number, a name, a date or a negation."
    )
    yield (
        'After Ctrl-C the `run` has `"interrupted": true`, `n_articles` and `n_skipped` are null, '
        "and only overlaps follow. Later versions may add keys."
    )
    kinds = _collect_kinds()
    for title, is_line in (("Lines", True), ("Parts of lines", False)):
        yield f"## {title}"
        for kind, dicts in kinds.items():
            if any("type" in one for one in dicts) == is_line:
                yield from _object(kind, dicts)


def _object(kind: type, dicts: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    summary, _ = _read_docstring(kind)
    tag = next((one["type"] for one in dicts if "type" in one), None)
    yield f"### {tag or kind.__name__}"
    yield f"{summary} `dedup.{kind.__name__}`" if hasattr(dedup, kind.__name__) else summary
    types: dict[str, set[str]] = {}
    for one in dicts:
        for key, value in one.items():
            types.setdefault(key, set()).add(_type_of(value))
    rows = (
        (
            f"`{key}`",
            " or ".join(sorted(found, key=lambda one: (one == "null", one))),
            _meaning(kind, key),
        )
        for key, found in types.items()
    )
    yield _table(("key", "type", "what it is"), rows)


def _type_of(value: object) -> str:
    names = {bool: "flag", int: "number", float: "number", str: "text", type(None): "null"}
    return names.get(type(value), "object" if isinstance(value, Mapping) else "array")


def _meaning(kind: type, key: str) -> str:
    """Return the meaning of a key, from the docstring of its class or of a part."""
    told = _read_docstring(kind)[1]
    if key in told:
        return told[key]
    if isinstance(getattr(kind, key, None), property):
        return _read_docstring(getattr(kind, key))[0]
    if key in _KEYS:
        return _KEYS[key]
    for name in _part_names(kind):
        part = _read_docstring(getattr(dedup, name))[1]
        if key in part:
            return part[key]
    raise KeyError(f"{kind.__name__}.to_dict() has the key {key!r}; no docstring says what it is")


def _part_names(kind: type) -> Iterator[str]:
    for one in dataclasses.fields(kind):
        yield from (name for name in re.findall(r"\w+", str(one.type)) if name in dedup.__all__)


def _collect_kinds() -> dict[type, list[Mapping[str, Any]]]:
    """Return objects of every kind, by class, in output order."""
    source = str(ROOT / "corpus" / "articles.jsonl")
    articles = list(dedup.read(source))
    with tempfile.TemporaryDirectory() as folder:
        with dedup.Index(Path(folder) / "index") as index:
            list(index.add_many(articles))
            asked, stats = index.query(articles[0]), index.stats()
        run = _run_lines(
            folder, "report", source, "--timings", "--format", "jsonl", "--with-text", "--output"
        )
        kept = str(Path(folder) / "kept.jsonl")
        dropped = _run_lines(folder, "filter", source, "--output", kept, "--dropped")
    kinds: dict[type, list[Mapping[str, Any]]] = {
        dedup.Report: run[:1],
        dedup.ArticleSummary: [line for line in run if line["type"] == "article"],
    }
    explanation = dedup.explain(articles[0], articles[1])
    # The corpus has no boilerplate,
    repeated = dedup.Boilerplate("Outlet", "Text.", 1, (("a", dedup.Span(0, 5)),), "outlet")
    report = dedup.find_overlaps(articles)
    # no pair of a story with too many copies, and no agency that several credit.
    capped = dataclasses.replace(report.overlaps[0], capped=True)
    credited = dataclasses.replace(report.stories[0].origin, source="a", agency="Agency")
    story = dataclasses.replace(report.stories[0], origin=credited)
    # All of an outlet, a date and so on may be missing.
    bare = (
        dedup.ArticleSummary(dedup.Article("a", "Text."), 0.0),
        dataclasses.replace(asked[0], outlet=None, published=None, url=None, title=None),
        dataclasses.replace(repeated, outlet=None),
        dataclasses.replace(report.families[0], earliest=None),
        dataclasses.replace(story, earliest=()),
    )
    for root in (report, capped, story, repeated, asked, stats, explanation, bare):
        _walk(root, kinds)
    return {**kinds, DroppedArticle: dropped}


def _run_lines(folder: str, *arguments: str) -> list[Mapping[str, Any]]:
    """Return the JSON Lines that a command writes to its output file."""
    place = Path(folder) / "lines.jsonl"
    program.main([*arguments, str(place), "--quiet"], "dedup", standalone_mode=False)
    lines = place.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def _walk(value: object, kinds: dict[type, list[Mapping[str, Any]]]) -> None:
    if dataclasses.is_dataclass(value) and not isinstance(value, (type, dedup.Article)):
        if hasattr(value, "to_dict"):
            kinds.setdefault(type(value), []).append(value.to_dict())
        for one in dataclasses.fields(value):
            _walk(getattr(value, one.name), kinds)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for part in value:
            _walk(part, kinds)


def _tables() -> Iterator[str]:
    yield "# Tables"
    yield (
        "`dedup report --format csv --output DIR` writes `DIR/articles.csv` and so on; "
        "`--format parquet` (`pip install 'dedup-news[parquet]'`) writes Parquet files. The tables "
        "hold the facts of the [JSON Lines](json.md); `dedup render` reads those in Parquet back."
    )
    yield (
        "CSV is UTF-8 with commas, CR LF and the quoting of RFC 4180. An empty cell is no value; "
        "flags are `true` and `false`; times are ISO 8601. A text that begins with `=`, `+`, `-`, "
        "`@` or a control character gets an apostrophe in front, because a spreadsheet would run "
        "it as a formula. Use Parquet or JSON Lines if you need texts to the letter. Times in "
        "Parquet are UTC."
    )
    for name, columns in TABLES.items():
        yield f"## {name}"
        rows = ((f"`{one.name}`", one.type, one.meaning) for one in columns)
        yield _table(("column", "type", "what it says"), rows)


def _errors() -> Iterator[str]:
    yield "# Errors"
    yield (
        "Every error that dedup raises on purpose is a `dedup.DedupError`. A message names the "
        "value and what was expected. The command line prints it as one line and exits with 1."
    )
    rows = (
        (
            f"`{kind.__name__}`",
            ", ".join(f"`{base.__name__}`" for base in kind.__bases__),
            _read_docstring(kind)[0],
        )
        for kind in _descend(dedup.DedupError)
    )
    yield _table(("error", "is a", "when"), rows)
    yield "## Attributes"
    for kind in _descend(dedup.DedupError):
        told = _read_docstring(kind)[1]
        if told:
            yield f"`{kind.__name__}`"
            yield _table(("attribute", "what it is"), ((f"`{k}`", v) for k, v in told.items()))


def _descend(kind: type) -> Iterator[type]:
    yield kind
    below: list[type] = kind.__subclasses__()
    for each in below:
        if each.__module__ == "dedup.errors":
            yield from _descend(each)


def _python() -> Iterator[str]:
    yield "# Python"
    yield (
        "`import dedup` gives these names. Results are frozen, and their `to_dict()` returns the "
        "objects of [JSON Lines](json.md). See also [parameters](parameters.md) and "
        "[errors](errors.md)."
    )
    things = {name: getattr(dedup, name) for name in dedup.__all__ if not name.startswith("_")}
    yield "## Functions"
    for name, thing in things.items():
        if inspect.isfunction(thing):
            yield from _callable(f"dedup.{name}", thing, 3)
    yield "## Classes"
    for name, thing in things.items():
        if inspect.isclass(thing) and not issubclass(thing, Exception):
            yield from _class(f"dedup.{name}", thing)


def _class(name: str, kind: type) -> Iterator[str]:
    yield f"### {name}"
    yield from _docstring(kind, "field", _properties(kind))
    # A base class of dedup is a part of the class that users see.
    own = [base for base in reversed(kind.__mro__) if base.__module__.startswith("dedup.")]
    members = {each: member for base in own for each, member in vars(base).items()}
    for each, member in members.items():
        if each.startswith(("_", "to_")):
            continue
        function = member.__func__ if isinstance(member, (classmethod, staticmethod)) else member
        if inspect.isfunction(function):
            yield from _callable(f"{kind.__name__}.{each}", function, 4)


def _properties(kind: type) -> dict[str, str]:
    """Return what the computed attributes of a result are, by name."""
    if not dataclasses.is_dataclass(kind):
        return {}
    found = {name: one for name, one in vars(kind).items() if isinstance(one, property)}
    return {name: _read_docstring(one)[0] for name, one in found.items() if name[0] != "_"}


def _callable(name: str, function: Callable[..., Any], level: int) -> Iterator[str]:
    yield f"{'#' * level} {name}"
    signature = inspect.signature(function)
    parts: list[str] = []
    for one in signature.parameters.values():
        if one.kind is one.KEYWORD_ONLY and "*" not in "".join(parts):
            parts.append("*")
        if one.name not in ("self", "cls"):
            star = "*" if one.kind is one.VAR_POSITIONAL else ""
            default = "" if one.default is one.empty else f" = {one.default!r}"
            parts.append(f"{star}{one.name}: {one.annotation}{default}")
    yield f"```py\n{name}({', '.join(parts)}) -> {signature.return_annotation}\n```"
    yield from _docstring(function, "parameter")


def _docstring(
    thing: object, head: str, properties: Mapping[str, str] | None = None
) -> Iterator[str]:
    summary, told = _read_docstring(thing)
    yield summary
    told = {**told, **(properties or {})}
    if told:
        yield _table((head, "what it is"), ((f"`{k}`", v) for k, v in told.items()))
    doc = inspect.getdoc(thing) or ""
    for title in ("Returns", "Yields"):
        # The types are in the signature.
        yield from (f"{title}: {text}" for _, text in _read_section(doc, title) if text)
    if raised := _read_section(doc, "Raises"):
        rows = (
            (", ".join(f"`{one}`" for one in kinds.split(", ")), text) for kinds, text in raised
        )
        yield _table(("error", "when"), rows)


if __name__ == "__main__":
    main()
