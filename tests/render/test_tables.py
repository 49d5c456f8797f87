"""Tables say what the JSON Lines say, and no cell is run by a spreadsheet."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

import dedup
from dedup.render.tables import TABLES, Tables

ROOT = Path(__file__).parents[2]
EVIL = '=HYPERLINK("http://evil.example")'


def make_report() -> tuple[dedup.Overlap, dedup.Report]:
    passage = dedup.Passage(
        dedup.Span(1, 5), dedup.Span(2, 6), 1.0, 0.9, 20.0, 4, "verbatim", "quotation",
        True, "=1+1", "x\n\ud800", (dedup.Edit("kept", dedup.Span(1, 5), dedup.Span(2, 6)),), "Ann",
        None, None,
    )  # fmt: skip
    overlap = dedup.Overlap("-a", "b", (passage, passage), 0.5, 0.375, 0.25, 0.125, "shares")
    first = dedup.Article("-a", "text", published="2023-01-10T10:00:00+02:00", title=EVIL)
    articles = (dedup.ArticleSummary(first, 0.5), dedup.ArticleSummary(dedup.Article("b", "c"), 0))
    origin = dedup.Origin("-a", None, ("credit", "link"), 0.75)
    members = (
        dedup.Member("-a", dedup.Origin(), 0.0, 0.5, (), None),
        dedup.Member("b", origin, 60.0, 0.25, (dedup.Share("-a", 0.25, 3),), "Wire"),
    )
    story = dedup.Story("c1", members, ("-a",), origin, EVIL)
    places = tuple(dedup.Occurrence(name, dedup.Span(1, 5), 1.0) for name in ("-a", "b"))
    notice = dedup.Boilerplate("Wire", "All rights.", 2, (("b", dedup.Span(0, 1)),), "outlet")
    report = dedup.Report(
        articles, (), (dedup.Family("f", 4, places, "-a"),), (story,), (notice,), (), {}, {}, {}
    )
    return overlap, report


@pytest.fixture(params=["csv", "parquet"])
def rows(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, list[dict[str, Any]]]:
    overlap, report = make_report()
    with Tables(tmp_path, request.param) as tables:
        tables.add_overlap(overlap)
        tables.add_overlap(replace(overlap, capped=True))
        tables.add_rest(report, "1.2.3", timings=True, with_text=True)
    assert {path.name for path in tmp_path.iterdir()} == {f"{n}.{request.param}" for n in TABLES}
    if request.param == "parquet":
        return {
            name: pyarrow.parquet.read_table(tmp_path / f"{name}.parquet").to_pylist()
            for name in TABLES
        }
    found = {}
    for name in TABLES:
        with (tmp_path / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            found[name] = [typed(name, row) for row in csv.DictReader(file)]
    return found


def typed(name: str, row: dict[str, str]) -> dict[str, Any]:
    """Return the row as Parquet has it; what a spreadsheet could run must be guarded."""
    from datetime import datetime

    readers = {
        "text": lambda cell: cell.removeprefix("'"),
        "time": datetime.fromisoformat,
        "number": float,
        "count": int,
        "flag": {"true": True, "false": False}.__getitem__,
    }
    for column in TABLES[name]:
        if column.type == "text":
            assert not row[column.name].startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    return {
        column.name: readers[column.type](row[column.name]) if row[column.name] else None
        for column in TABLES[name]
    }


def test_rows_are_what_was_found(rows: dict[str, list[dict[str, Any]]]) -> None:
    first, second = rows["overlaps"]
    assert first == {
        "a": "-a", "b": "b", "relation": "shares", "similarity": 0.375, "jaccard": 0.5,
        "coverage_a": 0.25, "coverage_b": 0.125, "n_passages": 2, "capped": False,
        "version": False,
    }  # fmt: skip
    assert second["capped"] is True
    assert len(rows["passages"]) == 4
    passage = rows["passages"][0]
    assert (passage["a"], passage["a_start"], passage["a_end"]) == ("-a", 1, 5)
    assert (passage["text_a"], passage["text_b"]) == ("=1+1", "x\n\\ud800")
    assert passage["edits"] == '[["kept",[1,5],[2,6]]]'
    assert passage["same_speaker"] is None
    assert rows["articles"][0]["title"] == EVIL
    assert rows["articles"][0]["published"].isoformat()[:19] in (
        "2023-01-10T10:00:00", "2023-01-10T08:00:00",
    )  # fmt: skip
    assert [row["article"] for row in rows["families"]] == ["-a", "b"]
    assert rows["articles"][0]["date"] == "2023-01-10T10:00:00+02:00"
    assert rows["articles"][1]["text"] == "c"
    (run,) = rows["run"]
    assert (run["n_overlaps"], run["n_boilerplate"], run["dedup"]) == (2, 1, "1.2.3")
    assert run["escaped"].count('"text_b"') == 4
    story = rows["stories"][1]
    assert (story["id"], story["source"], story["article"]) == ("c1", "-a", "b")
    assert (story["article_source"], story["article_confidence"], story["lag"]) == ("-a", 0.75, 60)


@pytest.mark.parametrize("name", TABLES)
def test_every_column_is_filled_from_what_is_told(
    rows: dict[str, list[dict[str, Any]]], name: str
) -> None:
    never = {"outlet", "url", "agency", "article_agency", "speaker_b", "same_speaker"}
    for column in TABLES[name]:
        values = [row[column.name] for row in rows[name]]
        assert column.name in never or any(value is not None for value in values)
