"""Records in the structures of news APIs, search engines, databases and feeds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import dedup

TEXT = "The council voted nine to four to close the Elm Street library branch. " * 3
A, B = {"id": "a", "text": TEXT}, {"id": "b", "text": f"{TEXT} More."}


def read(path: Path, raw: Any, **options: Any) -> tuple[list[str], list[dedup.Article], list[str]]:
    path.write_bytes(raw if isinstance(raw, bytes) else json.dumps(raw).encode())
    reading = dedup.read(path, **options)
    articles = list(reading)
    reasons = [one.reason for one in reading.skipped]
    return [one.id for one in articles], articles, reasons


STRUCTURES = {
    "any key": {"status": "ok", "whatever": [A, B], "facets": [{"name": "x"}]},
    "news": {"status": "ok", "description": "An answer.", "articles": [A, B]},
    "feed": {"rss": {"channel": {"title": "x", "description": "All news.", "item": [A, B]}}},
    "search": {"hits": {"total": 2, "hits": [{"_id": one["id"], "_source": {"text": one["text"]}}
                                             for one in (A, B)]}},
    "documents": {"responseHeader": {"status": 0}, "response": {"numFound": 2, "docs": [A, B]}},
    "by id": {"a": {"text": A["text"]}, "b": {"text": B["text"]}},
    "by day": [{"day": "1", "articles": [A]}, {"day": "2", "articles": [B]}],
    "nested": [{"id": one["id"], "data": {"body": {"text": one["text"]}}} for one in (A, B)],
    "lists": [{"id": [one["id"]], "content": [one["text"]]} for one in (A, B)],
    "columns by row": {"id": {"0": "a", "1": "b"}, "text": {"0": A["text"], "1": B["text"]}},
    "columns": {"id": ["a", "b"], "text": [A["text"], B["text"]], "n": [1, 2]},
    "split": {"columns": ["id", "text"], "index": [0, 1],
              "data": [[one["id"], one["text"]] for one in (A, B)]},
    "rendered": [{"id": one["id"], "content": {"rendered": one["text"], "protected": False}}
                 for one in (A, B)],
    "with comments": [one | {"comments": [{"text": "Nice."}, {"text": "No."}]} for one in (A, B)],
}  # fmt: skip


# Structures that another key would make another one; of columns every row is needed.
COLUMNS = {"by id", "columns by row", "columns", "split"}


@pytest.mark.parametrize("name", STRUCTURES)
@pytest.mark.parametrize("max_text", [10_000_000, 300])
def test_records_are_found_in_any_structure(tmp_path: Path, name: str, max_text: int) -> None:
    """Also if the whole is larger than a record may be, and must be read as a stream."""
    max_text = 10_000_000 if name in COLUMNS - {"by id"} else max_text
    filler = {"filler": ["x" * 100] * 20}
    whole = STRUCTURES[name]
    if isinstance(whole, dict) and name not in COLUMNS:
        whole = whole | filler
    ids, articles, reasons = read(tmp_path / "a.json", whole, max_text=max_text)
    assert (ids, reasons) == (["a", "b"], [])
    assert [one.text for one in articles] == [A["text"], B["text"]]


@pytest.mark.parametrize("name", ["Full Text", "fullText", "full-text", "maintext", "articleBody"])
def test_names_are_compared_without_case_and_punctuation(tmp_path: Path, name: str) -> None:
    _, (article,), _ = read(tmp_path / "a.json", [{name: TEXT, "publishedAt": "2023-01-10"}])
    assert (article.text, str(article.published)[:10]) == (TEXT, "2023-01-10")


def test_a_path_with_dots_leads_into_objects(tmp_path: Path) -> None:
    record = {"id": 1, "a": {"b": [{"c": TEXT}]}, "meta": {"site": "x"}}
    _, (article,), _ = read(
        tmp_path / "a.json", [record], text_field="a.b.c", outlet_field="meta.site", id_field="none"
    )
    assert (article.text, article.outlet) == (TEXT, "x")
    assert article.id.endswith("a.json#1")


@pytest.mark.parametrize("value", [[TEXT, "More."], [{"text": TEXT}, {"text": "More."}]])
def test_paragraphs_are_joined_by_blank_lines(tmp_path: Path, value: Any) -> None:
    _, (article,), _ = read(tmp_path / "a.json", [{"paragraphs": value}])
    assert article.text == f"{TEXT}\n\nMore."


def test_a_text_far_longer_than_the_first_is_the_article(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    records = [{"text": "A teaser.", "raw_text": TEXT}] * 2
    _, articles, _ = read(tmp_path / "a.json", records)
    assert {one.text for one in articles} == {TEXT}
    assert caplog.text.count("text is taken from 'raw_text'") == 1


@pytest.mark.parametrize("none", [None, float("nan"), "NaN", "None", "N/A", ""])
def test_nothing_is_no_value(tmp_path: Path, none: Any) -> None:
    raw = {"id": none, "text": TEXT, "outlet": none, "published": none, "url": none, "title": none}
    _, (article,), _ = read(tmp_path / "a.json", [raw])
    assert article.id.endswith("a.json#1")
    assert (article.outlet, article.published, article.url, article.title) == (None,) * 4


def test_values_of_databases_are_understood(tmp_path: Path) -> None:
    record = {"_id": {"$oid": "x1"}, "text": TEXT, "source": {"id": None, "name": "The Paper"}}
    ids, (article,), _ = read(tmp_path / "a.json", [record | {"date": {"$date": "2023-01-10"}}])
    assert (ids, article.outlet, article.published) == (
        ["x1"], "The Paper", dedup.Article("", "", published="2023-01-10").published
    )  # fmt: skip


@pytest.mark.parametrize("suffix", ["json", "jsonl", "csv", "txt"])
def test_a_text_above_the_limit_is_skipped_by_name(tmp_path: Path, suffix: str) -> None:
    long = "word " * 10_000
    raw = {
        "json": json.dumps([{"text": long}, A]),
        "jsonl": json.dumps({"text": long}) + "\n" + json.dumps(A) + "\n",
        "csv": f"id,text\n1,{long}\na,{TEXT}\n",
        "txt": long,
    }[suffix].encode()
    for limit in (1000, 20_000):  # above and below what is held of a record
        ids, _, (reason,) = read(tmp_path / f"a.{suffix}", raw, max_text=limit)
        assert ids == ([] if suffix == "txt" else ["a"])
        assert reason.endswith("(--max-text)")


def test_faults_of_one_kind_are_counted_after_five(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    lines = [json.dumps({"id": n, "text": TEXT, "date": f"soon {n}"}) for n in range(20)]
    _, articles, _ = read(tmp_path / "a.jsonl", "\n".join(lines).encode())
    assert len(articles) == 20
    assert [one.message.startswith("15 more of this kind") for one in caplog.records] == (
        [False] * 5 + [True]
    )


@pytest.mark.parametrize("mark", ["\x0b", "\x0c", "\x1c", "\xa0"])
def test_space_that_is_none_of_json_ends_no_reading(tmp_path: Path, mark: str) -> None:
    (tmp_path / "a.json").write_text(f"[{json.dumps(A)}, {mark} {json.dumps(B)}]")
    reading = dedup.read(tmp_path / "a.json")
    assert [article.id for article in reading] == [A["id"], B["id"]]
    assert len(reading.skipped) == 1


LAYOUTS = {
    "one list": json.dumps([A, B]),
    "a list over lines": f"[\n{json.dumps(A)},\n{json.dumps(B)}\n]\n",
    "indented": "".join(json.dumps(one, indent=2) + "\n" for one in (A, B)),
    "one line": json.dumps(A) + json.dumps(B),
    "commas": f"{json.dumps(A)},\n{json.dumps(B)},\n",
    "old line ends": f"{json.dumps(A)}\r{json.dumps(B)}\r",
    "separators (RFC 7464)": f"\x1e{json.dumps(A)}\n\x1e{json.dumps(B)}\n",
    "pages": "".join(json.dumps({"status": "ok", "articles": [one]}) + "\n" for one in (A, B)),
    "zeros": f"{json.dumps(A)}\n\0\0\0{json.dumps(B)}\n",
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_json_lines_may_be_json_in_another_layout(tmp_path: Path, name: str) -> None:
    ids, articles, reasons = read(tmp_path / "a.jsonl", LAYOUTS[name].encode())
    assert (ids, reasons) == (["a", "b"], [])
    assert [one.text for one in articles] == [A["text"], B["text"]]


def test_strings_may_have_line_ends(tmp_path: Path) -> None:
    raw = b'[{"id": "a", "text": "One\n\ttwo"}, {"id": "b", "text": "Three"}]'
    _, articles, reasons = read(tmp_path / "a.json", raw)
    assert ([one.text for one in articles], reasons) == (["One\n\ttwo", "Three"], [])
