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
    Origin,
    Overlap,
    Report,
    Story,
)
from dedup.model.article import Article, SkippedRecord, Span, TextRecord, record_text
from dedup.model.decode import (
    FieldError,
    decode,
    decode_count,
    decode_list,
    decode_object,
    decode_text,
)
from dedup.readers.notes import Unreadable
from dedup.readers.records import kind, parse_value
from dedup.readers.sources import InputFile, format_suffix

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
                try:
                    yield RunRecord(parse_value(raw.decode()), path, number)
                except UnicodeDecodeError:
                    raise ReadError(path, f"not UTF-8; {AGAIN}", number) from None
                except Unreadable as error:
                    raise ReadError(path, f"{error}; {AGAIN}", number) from None
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
        self._lengths: dict[str, int] = {}
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
        if self._n_texts not in (0, len(self._articles)):
            raise ReadError(self._path, f"only some articles have a text; {AGAIN}")
        has_text = self._n_texts == len(self._articles)
        if not has_text and self._find_texts:
            self._add_texts(self._find_texts)
            has_text = True
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
        return StoredRun(report, run["dedup"], has_text)

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
            found = decode(_TYPES[name], value)
            self._check(found)
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
            "params": decode_object(_get(run, "params"), "params"),
            "counts": decode_object(run.get("counts", {}), "counts"),
            "timings": decode_object(run.get("timings", {}), "timings"),
            "skipped": _decode_skipped(run, n_skipped, record.path),
        }

    def _add_article(self, value: dict[str, Any]) -> None:
        summary = decode(ArticleSummary, value)
        id, stored = summary.article.id, summary.record or TextRecord(0, "")
        if id in self._lengths:
            raise FieldError("id", f"{_short(id)} is the id of two articles")
        if value.get("text") is not None:
            self._n_texts += 1
            if record_text(summary.article.text) != stored:
                raise FieldError("text", "does not have the length and the digest of the article")
            summary = replace(summary, record=None)
        self._lengths[id] = stored.n_chars
        for at, credit in enumerate(summary.credits):
            self._check_span(id, credit.span, f"credits[{at}].span")
        self._articles.append(summary)

    def _check(self, value: Overlap | Family | Story | Boilerplate) -> None:
        """Check that ids are known, and that spans are in their texts."""
        if isinstance(value, Overlap):
            self._check_overlap(value)
        elif isinstance(value, Family):
            _check_filled("occurrences", value.occurrences)
            for at, one in enumerate(value.occurrences):
                self._check_span(one.article, one.span, f"occurrences[{at}]")
            self._check_ids("earliest", [value.earliest] if value.earliest is not None else [])
        elif isinstance(value, Story):
            _check_filled("provenance", value.members)
            self._check_origin(value.origin, "")
            self._check_ids("earliest", value.earliest)
            for at, member in enumerate(value.members):
                self._check_ids(f"provenance[{at}].article", [member.article])
                self._check_origin(member.origin, f"provenance[{at}].")
                taken = [share.article for share in member.taken]
                self._check_ids(f"provenance[{at}].taken", taken)
        else:
            for at, (id, span) in enumerate(value.occurrences):
                self._check_span(id, span, f"occurrences[{at}]")

    def _check_overlap(self, overlap: Overlap) -> None:
        for side, id in (("a", overlap.a), ("b", overlap.b)):
            self._check_ids(side, [id])
            for at, passage in enumerate(overlap.passages):
                where = f"passages[{at}]"
                span: Span = getattr(passage, side)
                self._check_span(id, span, f"{where}.{side}")
                if len(getattr(passage, f"text_{side}")) != span.end - span.start:
                    raise FieldError(f"{where}.text_{side}", f"is not as long as span {side}")
                for number, edit in enumerate(passage.edits):
                    self._check_span(id, getattr(edit, side), f"{where}.edits[{number}]")

    def _check_origin(self, origin: Origin, prefix: str) -> None:
        if origin.source is not None:
            self._check_ids(f"{prefix}source", [origin.source])
        self._check_ids(f"{prefix}rivals", origin.rivals)
        if origin != Origin():
            _check_filled(f"{prefix}basis", origin.basis)

    def _check_ids(self, field: str, ids: Iterable[str]) -> None:
        for id in ids:
            if id not in self._lengths:
                raise FieldError(field, f"{_short(id)} is no article of the run")

    def _check_span(self, id: str, span: Span, field: str) -> None:
        self._check_ids(field, [id])
        if span.end > self._lengths[id]:
            n_chars = self._lengths[id]
            raise FieldError(
                field, f"span [{span.start}, {span.end}] is outside the {n_chars} code points of "
                f"article {_short(id)}"
            )  # fmt: skip

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
                    f"no text for article {_short(summary.article.id)}: --articles must name the "
                    "unchanged articles of the run",
                )
            article = Article(**(summary.article.to_dict() | {"text": text}))
            self._articles[at] = replace(summary, article=article, record=None)


def _check_filled(field: str, values: tuple[Any, ...]) -> None:
    if not values:
        raise FieldError(field, "must not be empty")


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


def _short(id: str) -> str:
    return repr(id if len(id) <= 40 else f"{id[:37]}...")
