"""JSON Lines, schema 2: one object per line, whose first key is its type."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dedup.model import SCHEMA, Report
from dedup.pattern import lazy_pattern

# Lone surrogates have no UTF-8 form; some tools break lines at the others.
_ESCAPED = lazy_pattern("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str)


def report_lines(
    report: Report,
    version: str,
    *,
    timings: bool = False,
    with_text: bool = False,
    overlaps: Iterable[str] | None = None,
    n_overlaps: int | None = None,
) -> Iterator[str]:
    """Render a report: the run, its articles, overlaps, families, stories, boilerplate."""
    run = {"type": "run", "schema": None, "dedup": version}
    run |= report.to_dict(n_overlaps=n_overlaps, with_text=with_text)
    yield line(run | {"timings": dict(report.timings)} if timings else run)
    yield from (line(article.to_dict(with_text=with_text)) for article in report.articles)
    if overlaps is None:
        overlaps = (line(overlap.to_dict()) for overlap in report.overlaps)
    yield from overlaps
    yield from (line(family.to_dict()) for family in report.families)
    yield from (line(story.to_dict()) for story in report.stories)
    yield from (line(boilerplate.to_dict()) for boilerplate in report.boilerplate)


def interrupted_line(version: str, params: Mapping[str, Any]) -> str:
    """Render the ``run`` line of an interrupted report."""
    run = {"type": "run", "schema": SCHEMA, "dedup": version, "interrupted": True}
    return line(run | {"n_articles": None, "n_skipped": None, "params": dict(params)})


def line(value: Any) -> str:
    """Render one value as a line that all line readers keep whole."""
    return escape(_ENCODER.encode(value))


def escape(text: str) -> str:
    """Escape the characters of JSON that some readers of lines do not keep."""
    if text.isascii() and "\x7f" not in text:
        return text
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
