"""Formats beside text and JSON Lines: what is read of each, and how each can be bad."""

from __future__ import annotations

import csv
import io
import json
import sys
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st

import dedup
from dedup.readers import FORMATS
from dedup.readers.encoding import Decoder
from dedup.readers.html import decode_page
from dedup.readers.json import JsonCutter
from dedup.readers.records import Fields
from tests.readers.compression import COMPRESS
from tests.strategies import law

READABLE = [one for one in FORMATS if one not in (".html", ".htm") or find_spec("trafilatura")]
RECORDS = [
    {"id": "a", "text": 'One, "two"\nthree', "outlet": "Wire", "published": "2023-01-10", "n": "1"},
    {"id": "b", "text": "Käse; {[]} \\", "outlet": "Gazette", "published": "2023-01-11", "n": "2"},
]
# The library that writes archives leaves its temporary files to be collected.
unclosed = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
PAGE = """<!DOCTYPE html><html lang="en"><head><title>Library closes | The Gazette</title>
<link rel="canonical" href="https://gazette.example/library">
<meta property="og:site_name" content="The Gazette">
<meta property="article:published_time" content="2023-01-10T10:12:00+02:00"></head>
<body><nav><a href="/">Home</a> <a href="/sports">Sports</a></nav><article><h1>Library closes</h1>
<p>The council voted nine to four to close the Elm Street library branch by the end of June.</p>
<p>Three members said that the roof would cost more than the branch had taken in ten years.</p>
<p>Readers of the neighborhood announced that they would meet in front of the building.</p>
</article><footer>Imprint and privacy notice</footer></body></html>"""


def table(records: list[dict[str, Any]], delimiter: str = ",") -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(records[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(records)
    return out.getvalue().encode()


def parquet(records: list[dict[str, Any]]) -> bytes:
    out = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(records), out, row_group_size=1)
    return out.getvalue()


def warc(*responses: tuple[str, str, str, bytes], **headers: str) -> bytes:
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    out = io.BytesIO()
    writer = WARCWriter(out, gzip=False)
    writer.write_record(writer.create_warcinfo_record("x.warc", {"software": "none"}))
    for url, status, kind, body in responses:
        fields = [("Content-Type", kind), *headers.items()]
        record = writer.create_warc_record(
            url,
            "response",
            payload=io.BytesIO(body),
            http_headers=StatusAndHeaders(status, fields, protocol="HTTP/1.1"),
            warc_headers_dict={"WARC-Date": "2024-05-06T07:08:09Z"},
        )
        writer.write_record(record)
    return out.getvalue()


BYTES = {
    "list.json": json.dumps(RECORDS, indent=1).encode(),
    "line.json": json.dumps(RECORDS).encode(),
    "wrapped.json": json.dumps({"status": "ok", "articles": RECORDS, "n": {"x": [1]}}).encode(),
    "lines.json": b"\n".join(json.dumps(record).encode() for record in RECORDS),
    "marked.json": b"\xef\xbb\xbf" + json.dumps(RECORDS, ensure_ascii=False).encode(),
    "a.csv": table(RECORDS),
    "marked.csv": b"\xef\xbb\xbf" + table(RECORDS),
    "semicolons.csv": table(RECORDS, ";"),
    "a.tsv": table(RECORDS, "\t"),
    "a.parquet": parquet(RECORDS),
}


def read(path: Path, **fields: Any) -> tuple[list[dedup.Article], list[dedup.SkippedRecord]]:
    reading = dedup.read(path, **fields)
    return list(reading), reading.skipped


@pytest.mark.parametrize("suffix", ["", *COMPRESS])
@pytest.mark.parametrize("name", BYTES)
def test_records_are_the_same_in_every_format(tmp_path: Path, name: str, suffix: str) -> None:
    path = tmp_path / f"{name}{suffix}"
    path.write_bytes(COMPRESS.get(suffix, bytes)(BYTES[name]))
    articles, skipped = read(path)
    assert skipped == []
    expected = [dict(record) for record in RECORDS]
    assert articles == [
        dedup.Article(**{k: v for k, v in one.items() if k != "n"}, extra={"n": one["n"]})
        for one in expected
    ]


@pytest.mark.parametrize("name", BYTES)
def test_fields_can_be_named(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(BYTES[name])
    articles, _ = read(tmp_path / name, id_field="text", text_field="outlet")
    assert [(article.id, article.text) for article in articles] == [
        (record["text"], record["outlet"]) for record in RECORDS
    ]


@pytest.mark.parametrize("suffix", READABLE)
def test_an_empty_file_has_no_article(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.touch()
    articles, skipped = read(path)
    if suffix in (".txt", ".md"):
        assert [article.text for article in articles] == [""]
    else:
        assert (articles, [one.path for one in skipped]) == ([], [str(path)])


@pytest.mark.parametrize("suffix", READABLE)
@pytest.mark.parametrize("raw", [b"\0\xff\xfe" * 999, b'{"\xff', b"<<<<" * 9999, b"[" * 99_999])
def test_any_bytes_end_in_articles_or_in_reasons(tmp_path: Path, suffix: str, raw: bytes) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(raw)
    articles, skipped = read(path)
    assert len(articles) + len(skipped) >= 1


# JSON


@pytest.mark.parametrize(
    ("raw", "ids", "faults"),
    [
        (b'[{"text": "a"}, {"text": }, {"text": "c"}]', ["1", "3"],
         [(1, "record 2: invalid JSON: Expecting value at column 10")]),
        (b'[{"text": "a"},\n7,\n"x{", {"text": "b"}]', ["1", "4"],
         [(2, "record 2: must be a JSON object, not a number"),
          (3, "record 3: must be a JSON object, not a string")]),
        (b'[{"text": "a"},\n{\n"text": 1}]', ["1"],
         [(2, "record 2: field 'text' must be a string, not a number")]),
        (b'[{"text": "a"},\n{\n"text" 1}]', ["1"],
         [(2, "record 2: invalid JSON: Expecting ':' delimiter at column 8 of line 3")]),
        (b'[{"text": "a"}', ["1"], [(None, "cut off: the list has no end")]),
        (b'{"articles": [{"text": "a"}', ["1"], [(None, "cut off: the list has no end")]),
        (b'{"articles": [{"text": "a"}]', ["1"], [(None, "cut off: the object has no end")]),
        (b'{"a": 1, "hits": [{"text": "a"}, {"text": }, {"text": "c"}]}', ["1", "3"],
         [(1, "record 2: invalid JSON: Expecting value at column 10")]),
        (b'[{"text": "a"}, {"text": "b', ["1"],
         [(1, "record 2: invalid JSON: Unterminated string starting at column 10"),
          (None, "cut off: the list has no end")]),
        (b'{"text": "a"', [],
         [(1, "record 1: invalid JSON: Expecting ',' delimiter at column 13")]),
        (b'{"articles": "none", "text": "a"}', ["1"], []),
        (b'{"text": "articles", "x": {"articles": [{"text": "b"}]}}', ["1"], []),
        (b"hello", [], [(1, "record 1: invalid JSON: Expecting value at column 1")]),
        ('[{"text": "a"}]'.encode("utf-16-le"), ["1"], []),
    ],
)  # fmt: skip
def test_bad_json_costs_no_other_record(
    tmp_path: Path, raw: bytes, ids: list[str], faults: list[tuple[int | None, str]]
) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(raw)
    articles, skipped = read(path)
    assert [article.id for article in articles] == [f"{path.as_posix()}#{n}" for n in ids]
    assert skipped == [dedup.SkippedRecord(str(path), reason, line) for line, reason in faults]


VALUES = st.recursive(
    st.none() | st.integers(-99, 99) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=5,
)


@law(200)
@given(
    st.lists(st.dictionaries(st.text(max_size=3), VALUES, max_size=3), max_size=4),
    st.sampled_from([None, 1]),
    st.booleans(),
    st.integers(3, 9),
    st.booleans(),
)
def test_records_are_cut_as_a_parser_would(
    records: list[Any], indent: int | None, ascii: bool, n_bytes: int, is_wrapped: bool
) -> None:
    records = [record | {"text": "x"} for record in records]
    whole: Any = {"n": [{}, "articles"], "articles": records, "m": 1} if is_wrapped else records
    raw = json.dumps(whole, indent=indent, ensure_ascii=ascii).encode(errors="replace")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dedup.readers.json._N_BYTES", n_bytes)
        cut = JsonCutter(Fields(), Decoder(), 1 << 20).cut(io.BytesIO(raw))
        found = [json.loads(one.raw) for one in cut]
    parsed = json.loads(raw)
    wrapped = parsed["articles"] or [parsed] if is_wrapped else None
    assert found == (wrapped if is_wrapped else parsed)


# Tables


@pytest.mark.parametrize(
    ("raw", "ids", "faults"),
    [
        (b"id,text\na,one\nb\nc,three,more\nd,four\n", ["a", "d"],
         [(3, "row has 1 cells, the first row has 2 (delimiter ',')"),
          (4, "row has 3 cells, the first row has 2 (delimiter ',')")]),
        (b'id,text\na,"o\nn\ne"\n\nb,"tw"o\nc,three\n', ["a", "c"],
         [(6, "invalid table: a quotation mark in a quoted cell is not doubled")]),
        (b'id,text\na,one\nb,"two\nc,three\n', ["a"],
          [(3, "invalid table: unclosed quotation mark at the start of a cell; "
               "the rest of the file is lost")]),
        (b"id,text\na,caf\xe9\nb,two\n", ["a", "b"], []),
        (b"id,text,text\na,one,two\n", ["a"], []),
        (b"a,b\n1,2\n", [],
         [(None, "no text field (present: a, b); name it with --text-field. The first row must "
                 "name the columns; the delimiter is ',', --delimiter names another")]),
        (b"id,text,date\na,one,yesterday\nb,two,1673308800\nc,three,\n", ["a", "b", "c"], []),
        ("id,text\na,one\n".encode("utf-16"), ["a"], []),
        (b"id,text\r\na,one\r\n", ["a"], []),
    ],
)  # fmt: skip
def test_bad_rows_are_named_and_the_rest_is_read(
    tmp_path: Path, raw: bytes, ids: list[str], faults: list[tuple[int | None, str]]
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(raw)
    articles, skipped = read(path)
    assert [article.id for article in articles] == ids
    assert skipped == [dedup.SkippedRecord(str(path), reason, line) for line, reason in faults]


def test_a_cell_may_be_long_and_seconds_are_a_date(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"text,date\n{'word ' * 100_000},1673308800\n")
    (article,), _ = read(tmp_path / "a.csv")
    assert len(article.text) == 500_000
    assert article.published == datetime(2023, 1, 10, tzinfo=UTC)
    assert article.id == f"{(tmp_path / 'a.csv').as_posix()}#2"


def test_a_quotation_mark_without_end_holds_no_whole_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('text\n"' + "word\n" * 1000)
    _, skipped = read(tmp_path / "a.csv", max_text=250)
    assert "more than the limit of 250 B (--max-text)" in skipped[0].reason


# Parquet


def test_types_of_parquet_become_those_of_json(tmp_path: Path) -> None:
    moment = pyarrow.array([1673345520123456789], pyarrow.timestamp("ns", "UTC"))
    columns = {"text": ["one"], "date": moment, "tags": [["x"]], "raw": [b"\xff"], "none": [None]}
    pyarrow.parquet.write_table(pyarrow.table(columns), tmp_path / "a.parquet")
    (article,), skipped = read(tmp_path / "a.parquet")
    assert skipped == []
    assert article.published == datetime(2023, 1, 10, 10, 12, 0, 123456, UTC)
    assert article.extra == {"tags": ["x"], "raw": "\ufffd", "none": None}
    json.dumps(article.to_dict())


def test_bad_rows_of_parquet_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(parquet([{"text": "a"}, {"text": None}, {"text": "c"}]))
    articles, skipped = read(path)
    assert [article.text for article in articles] == ["a", "c"]
    assert skipped == [dedup.SkippedRecord(str(path), "field 'text' has no text", 2)]


@pytest.mark.parametrize("kept", [0, 7, 100, -1])
def test_a_damaged_parquet_file_is_named(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(parquet(RECORDS)[:kept])
    articles, skipped = read(path)
    assert articles == []
    assert skipped[0].reason.startswith("invalid Parquet: ")


# Pages and archives


def test_a_page_gives_its_article_and_what_it_says_of_it(tmp_path: Path) -> None:
    pytest.importorskip("trafilatura")
    (tmp_path / "a.html").write_text(PAGE)
    (article,), skipped = read(tmp_path)
    assert skipped == []
    assert (article.id, article.title, article.outlet) == (
        "a.html",
        "Library closes",
        "The Gazette",
    )
    assert article.url == "https://gazette.example/library"
    assert article.published == datetime.fromisoformat("2023-01-10T10:12:00+02:00")
    assert "Elm Street library" in article.text
    assert "privacy" not in article.text
    assert "Sports" not in article.text


@pytest.mark.parametrize(
    ("raw", "charset", "text"),
    [
        ("Käse".encode(), "", "Käse"),
        ("Käse".encode("cp1252"), "", "Käse"),
        ("“Käse”".encode("cp1252"), "iso-8859-1", "“Käse”"),
        (b"<meta charset='windows-1251'>" + "Мир".encode("cp1251"), "", "Мир"),
        ("\ufeffМир".encode("utf-16-le"), "utf-8", "Мир"),
        ("Мир".encode("koi8-r"), "KOI8-R", "Мир"),
    ],
)
def test_pages_are_decoded_as_browsers_do(raw: bytes, charset: str, text: str) -> None:
    assert decode_page(raw, Decoder(), charset).endswith(text)


@pytest.mark.parametrize("charset", ["x-none", "rot13", "hex"])
def test_an_unknown_encoding_counts_as_none(charset: str) -> None:
    assert decode_page("Käse".encode(), Decoder(), charset) == "Käse"


def test_pages_without_an_article_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("trafilatura")
    monkeypatch.setattr("dedup.readers.html.MAX_PAGE", 1 << 20)
    (tmp_path / "a.html").write_text("<html><body></body></html>")
    (tmp_path / "b.html").write_text("<p>" * (1 << 20))
    _, skipped = read(tmp_path)
    assert [one.reason for one in skipped] == [
        "no article in the page",
        "page larger than 1 MiB",
    ]


@unclosed
def test_an_archive_gives_its_pages_and_no_more(tmp_path: Path) -> None:
    pytest.importorskip("trafilatura")
    undated = PAGE.replace("2023-01-10T10:12:00+02:00", "today").encode("utf-16")
    raw = warc(
        ("https://gazette.example/1", "200 OK", "text/html; charset=utf-8", PAGE.encode()),
        ("https://gazette.example/2", "200 OK", "text/html", undated),
        ("https://gazette.example/3", "404 Not Found", "text/html", PAGE.encode()),
        ("https://gazette.example/4", "200 OK", "image/png", b"\x89PNG"),
        ("https://gazette.example/5", "200 OK", "text/html", b"<html></html>"),
    )
    path = tmp_path / "a.warc"
    path.write_bytes(raw)
    articles, skipped = read(path)
    assert [article.id for article in articles] == [f"https://gazette.example/{n}" for n in (1, 2)]
    assert [article.url for article in articles] == [article.id for article in articles]
    assert [str(article.published) for article in articles] == [
        "2023-01-10 10:12:00+02:00", "2024-05-06 07:08:09+00:00",
    ]  # fmt: skip
    assert skipped == [
        dedup.SkippedRecord(str(path), "https://gazette.example/5: no article in the page", 6)
    ]


@unclosed
def test_a_damaged_page_of_an_archive_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    page = ("https://gazette.example/1", "200 OK", "text/html", b"\x1f\x8b\x08 no gzip at all")
    path.write_bytes(warc(page, **{"Content-Encoding": "gzip"}))
    articles, skipped = read(path)
    assert (articles, len(skipped)) == ([], 1)


@pytest.mark.parametrize(
    ("name", "module", "package", "extra"),
    [
        ("a.parquet", "pyarrow.parquet", "pyarrow", "parquet"),
        ("a.html", "trafilatura", "trafilatura", "html"),
    ],
)
def test_a_missing_library_is_named(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    module: str,
    package: str,
    extra: str,
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    (tmp_path / name).write_bytes(b"anything")
    with pytest.raises(dedup.MissingExtra, match=rf"{package} is not .*'dedup-news\[{extra}\]'"):
        list(dedup.read(tmp_path))
