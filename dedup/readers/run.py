"""Read the run of a report back: JSON Lines, or Parquet tables, to the same frozen values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from dedup.errors import ReadError
from dedup.model import (
    SCHEMA,
    ArticleSummary,
    Boilerplate,
    Family,
    Overlap,
    Report,
    Story,
)
from dedup.model.article import Article, SkippedRecord, TextRecord, record_text
from dedup.model.decode import (
    FieldError,
    decode,
    decode_count,
    decode_list,
    decode_object,
    decode_text,
)
from dedup.readers.json import parse_value
from dedup.readers.notes import Unreadable
from dedup.readers.records import kind
from dedup.readers.run_checks import RunChecker, shorten
from dedup.readers.sources import InputFile, check_end, format_suffix

_TYPES: Mapping[str, Any] = {
    "overlap": Overlap,
    "family": Family,
    "story": Story,
    "boilerplate": Boilerplate,
}
# Keys of the run that count its lines.
_COUNTS = {
    "article": "n_articles",
    "overlap": "n_overlaps",
    "family": "n_families",
    "story": "n_stories",
    "boilerplate": "n_boilerplate",
}
FindTexts = Callable[[Mapping[str, str]], Mapping[str, str]]
_MAX_SKIPPED = 10_000_000
AGAIN = "write the run again with dedup report"


class RunRecord(NamedTuple):
    """An object of a run, and where it is."""

    value: Any
    path: str
    line: int


class StoredRun(NamedTuple):
    """A run that was read back.

    Parameters
    ----------
    version : str
        Version of dedup that made it.
    has_text : bool
        Whether it stores the texts of its articles.
    """

    report: Report
    version: str
    has_text: bool


def read_run(
    path: str,
    emit: Callable[[Overlap], None],
    find_texts: FindTexts | None = None,
) -> StoredRun:
    """Read a run.

    Parameters
    ----------
    path : str
        A file of JSON Lines, perhaps compressed, or a directory of Parquet tables.
    emit : callable
        Called with each overlap, in order; the report contains none.
    find_texts : callable or None
        Returns the texts of articles that the run stores without them: called with their digests
        by id, returns texts by digest.

    Raises
    ------
    ReadError
        If the run is damaged, cut off, or of another program; it names the line, the field and the
        remedy.
    """
    if Path(path).is_dir():
        from dedup.readers.run_tables import read_tables

        records = read_tables(path)
    else:
        records = _read_lines(path)
    return _RunBuilder(path, emit, find_texts).build(records)


def _read_lines(path: str) -> Iterator[RunRecord]:
    source = InputFile(path, path, format_suffix(path))
    try:
        with source.open() as stream:
            for number, raw in enumerate(stream, 1):
                if not raw.endswith(b"\n"):
                    check_end(stream)
                try:
                    yield RunRecord(parse_value(raw.decode()), path, number)
                except UnicodeDecodeError:
                    raise ReadError(path, f"not UTF-8; {AGAIN}", number) from None
                except Unreadable as error:
                    raise ReadError(path, f"{error}; {AGAIN}", number) from None
            check_end(stream)
    except OSError as error:
        raise ReadError(path, error.strerror or str(error)) from None


class _RunBuilder:
    """The parts of a report, checked as they are read."""

    def __init__(
        self,
        path: str,
        emit: Callable[[Overlap], None],
        find_texts: FindTexts | None,
    ) -> None:
        self._path, self._emit, self._find_texts = path, emit, find_texts
        self._run: dict[str, Any] = {}
        self._articles: list[ArticleSummary] = []
        self._checker = RunChecker()
        # All articles come before what is said of them.
        self._is_closed = self._has_text = False
        self._parts: dict[str, list[Any]] = {name: [] for name in _TYPES}
        self._n_lines = dict.fromkeys(_COUNTS, 0)
        self._n_texts = 0

    def build(self, records: Iterable[RunRecord]) -> StoredRun:
        """Read all records."""
        for record in records:
            try:
                self._add(record)
            except FieldError as error:
                raise ReadError(record.path, f"{error}; {AGAIN}", record.line) from None
        if not self._run:
            raise ReadError(self._path, f"empty; {AGAIN} --format jsonl")
        for name, key in _COUNTS.items():
            if self._run.get(key, self._n_lines[name]) != self._n_lines[name]:
                n, found = self._run[key], self._n_lines[name]
                raise ReadError(
                    self._path, f"cut off: {found:,} of {n:,} records of type {name}; {AGAIN}"
                )
        if not self._is_closed:
            self._close_articles()
        run = self._run
        report = Report(
            tuple(self._articles),
            (),
            tuple(self._parts["family"]),
            tuple(self._parts["story"]),
            tuple(self._parts["boilerplate"]),
            run["skipped"],
            run["params"],
            run["timings"],
            run["counts"],
        )
        return StoredRun(report, run["dedup"], self._has_text)

    def _add(self, record: RunRecord) -> None:
        value = record.value
        if not isinstance(value, dict) or not isinstance(value.get("type"), str):
            what = f"not {kind(value)}" if not isinstance(value, dict) else "without 'type'"
            raise ReadError(
                record.path, f"no run of dedup: an object {what}; name a run", record.line
            )
        name = value["type"]
        if not self._run:
            self._start(record)
        elif name == "article":
            self._add_article(value)
        elif name in _TYPES:
            if not self._is_closed:
                self._close_articles()
            found = decode(_TYPES[name], value)
            self._checker.check(found)
            if isinstance(found, Story):
                _check_listed(found, value)
            if name == "overlap":
                self._emit(found)
            else:
                self._parts[name].append(found)
        else:
            raise FieldError("type", f"unknown: {name[:40]!r}")
        if name in self._n_lines:
            self._n_lines[name] += 1

    def _start(self, record: RunRecord) -> None:
        run = record.value
        if run["type"] != "run":
            reason = f"no run of dedup: it begins with {run['type'][:40]!r}, not with 'run'"
            raise ReadError(record.path, f"{reason}; name a run", record.line)
        if run.get("schema") != SCHEMA:
            reason = f"schema {str(run.get('schema'))[:40]} of the run is not {SCHEMA}"
            raise ReadError(record.path, f"{reason}; {AGAIN}", record.line)
        if run.get("interrupted"):
            reason = "the run was interrupted and has only overlaps"
            raise ReadError(record.path, f"{reason}; {AGAIN}", record.line)
        n_skipped = decode_count(_get(run, "n_skipped"), "n_skipped")
        for key in _COUNTS.values():
            if key in run:
                decode_count(run[key], key)
        self._run = {key: run[key] for key in _COUNTS.values() if key in run} | {
            "dedup": decode_text(_get(run, "dedup"), "dedup"),
            "params": self._read_params(run),
            "counts": decode_object(run.get("counts", {}), "counts"),
            "timings": decode_object(run.get("timings", {}), "timings"),
            "skipped": _decode_skipped(run, n_skipped, record.path),
        }

    def _read_params(self, run: Mapping[str, Any]) -> dict[str, Any]:
        params = decode_object(_get(run, "params"), "params")
        least = decode_object(params.get("overlap", {}), "params.overlap").get("min_contained")
        self._checker.min_contained = float(least) if isinstance(least, int | float) else 0.0
        return params

    def _add_article(self, value: dict[str, Any]) -> None:
        summary = decode(ArticleSummary, value)
        stored = summary.record or TextRecord(0, "")
        if value.get("text") is not None:
            self._n_texts += 1
            if record_text(summary.article.text) != stored:
                raise FieldError("text", "does not have the length and the digest of the article")
            summary = replace(summary, record=None)
        if self._is_closed:
            raise FieldError("type", "an article after overlaps, families or stories")
        self._articles.append(summary)
        self._checker.add(summary)

    def _close_articles(self) -> None:
        """Add the texts of the articles, which must be all or none."""
        self._is_closed = True
        if self._n_texts not in (0, len(self._articles)):
            raise ReadError(self._path, f"only some articles have a text; {AGAIN}")
        self._has_text = self._n_texts == len(self._articles)
        if not self._has_text and self._find_texts:
            self._add_texts(self._find_texts)
            self._has_text = True

    def _add_texts(self, find_texts: FindTexts) -> None:
        """Give each article its text."""
        stored = {one.article.id: one.record for one in self._articles if one.record}
        texts = find_texts({id: record.digest for id, record in stored.items()})
        for at, summary in enumerate(self._articles):
            record = summary.record
            if record is None:
                continue
            text = texts.get(record.digest)
            if text is None or len(text) != record.n_chars:
                raise ReadError(
                    self._path,
                    f"no text for article {shorten(summary.article.id)}: --articles must name the "
                    "unchanged articles of the run",
                )
            article = Article(**(summary.article.to_dict() | {"text": text}))
            self._articles[at] = replace(summary, article=article, record=None)
            self._checker.replace(self._articles[at])


def _check_listed(story: Story, value: Mapping[str, Any]) -> None:
    """Check that `members` of JSON Lines, which `provenance` has too, is the same."""
    named = [member.article for member in story.members]
    if value.get("members", named) != named:
        raise FieldError("members", "are not the articles of 'provenance'")


def _get(record: Mapping[str, Any], name: str) -> Any:
    if name not in record:
        raise FieldError(name, "is missing")
    return record[name]


def _decode_skipped(run: Mapping[str, Any], n_skipped: int, path: str) -> tuple[SkippedRecord, ...]:
    """Return what was skipped; only a run with texts says what."""
    if n_skipped > _MAX_SKIPPED:
        raise FieldError("n_skipped", f"must be at most {_MAX_SKIPPED:,}")
    if run.get("skipped") is None:
        unknown = SkippedRecord(path, "not listed: only a run with --with-text names its inputs")
        return (unknown,) * n_skipped
    skipped = decode_list(SkippedRecord, run["skipped"], "skipped")
    if len(skipped) != n_skipped:
        raise FieldError("skipped", f"has {len(skipped):,} records, and n_skipped is {n_skipped:,}")
    return skipped
