"""Overlaps and reports in a notebook, and as tables in memory."""

from html.parser import HTMLParser

import pyarrow
import pytest

import dedup
from dedup.render.tables import TABLES

TEXT = "The council voted nine to four to close the Elm Street library branch on Monday night."
EVIL = "<script>alert(1)</script>\u202e"


class _Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.open.append(tag)
        self.seen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def report() -> dedup.Report:
    return dedup.find_overlaps(
        [
            {"id": "a", "text": TEXT, "title": EVIL, "published": "2024-05-01"},
            {"id": f"b{EVIL}", "text": f"{TEXT.replace('nine', 'eight')} {EVIL}", "title": EVIL},
            {"id": "c", "text": TEXT},
        ]
    )


def test_views_are_balanced_and_hold_no_input_as_markup(report: dedup.Report) -> None:
    for html in (report._repr_html_(), *(one._repr_html_() for one in report.overlaps)):
        tags = _Tags(html)
        assert tags.open == []
        assert "script" not in tags.seen
        assert "&lt;script&gt;" in html or "b&lt;" not in html
        assert "\u202e" not in html


def test_changed_words_are_marked(report: dedup.Report) -> None:
    overlap = next(one for one in report.overlaps if one.a == "a" and one.b != "c")
    html = overlap._repr_html_()
    assert ">nine</mark>" in html
    assert ">eight</mark>" in html
    assert html.count("<mark") == sum(
        edit.op != "kept" and place.end > place.start
        for edit in overlap.passages[0].edits
        for place in (edit.a, edit.b)
    )


def test_a_view_of_nothing_says_so() -> None:
    assert "0 pairs that share text" in dedup.find_overlaps([])._repr_html_()


def test_tables_in_memory_are_those_of_parquet(report: dedup.Report) -> None:
    tables = report.to_arrow()
    assert set(tables) == set(TABLES) - {"run"}
    assert tables["overlaps"].num_rows == len(report.overlaps)
    assert tables["passages"].num_rows == sum(len(one.passages) for one in report.overlaps)
    for name, table in tables.items():
        assert table.column_names == [column.name for column in TABLES[name]]
    assert tables["articles"].schema.field("published").type == pyarrow.timestamp("us", "UTC")
    assert tables["articles"]["text"].to_pylist()[0] == TEXT


def test_frames_have_the_rows_of_the_tables(report: dedup.Report) -> None:
    pytest.importorskip("pandas")
    frames = report.to_pandas()
    assert list(frames["overlaps"]["relation"]) == [one.relation for one in report.overlaps]
