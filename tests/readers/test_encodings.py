"""Text that is not UTF-8, tables of other programs, and HTML in fields."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dedup
from dedup.readers.markup import clean
from dedup.readers.tags import cut_attributes

TEXT = "Die Bürgermeisterin erklärte, daß die Straße für größere Fahrzeuge gesperrt bleibe — “nie”."
RUSSIAN = "Городской совет во вторник решил закрыть старый зерновой терминал до конца года."


def read(path: Path, raw: bytes, **options: Any) -> tuple[list[dedup.Article], list[str]]:
    path.write_bytes(raw)
    reading = dedup.read(path, **options)
    return list(reading), [one.reason for one in reading.skipped]


def content(suffix: str, text: str) -> str:
    rows = {
        "txt": text,
        "jsonl": json.dumps({"id": 1, "text": text}, ensure_ascii=False) + "\r\n",
        "json": json.dumps([{"id": 1, "text": text}], ensure_ascii=False),
        "csv": f'id;text\r\n1;"{text}"\r\n',
        "tsv": f"id\ttext\n1\t{text}\n",
        "html": f"<html><title>T</title><body><p>{text}</p></body></html>",
    }
    return rows[suffix]


ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le",
             "utf-32-be", "cp1252"]  # fmt: skip


@pytest.mark.parametrize("suffix", ["txt", "jsonl", "json", "csv", "tsv", "html"])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_format_in_every_encoding(tmp_path: Path, suffix: str, encoding: str) -> None:
    if suffix == "html":
        pytest.importorskip("trafilatura")
    raw = content(suffix, TEXT).encode(encoding)
    (article,), skipped = read(tmp_path / f"a.{suffix}", raw)
    assert (article.text, skipped) == (TEXT, [])
    (article,), _ = read(tmp_path / f"a.{suffix}", raw, encoding=encoding)
    assert article.text == TEXT


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r"])
@pytest.mark.parametrize("declared", ["", '<?xml version="1.0" encoding="{}"?>', "named"])
def test_a_page_is_read_in_its_encoding(tmp_path: Path, encoding: str, declared: str) -> None:
    pytest.importorskip("trafilatura")
    page = f"{declared.format(encoding)}<html><title>T</title><body><p>{RUSSIAN}</p></body></html>"
    options = {"encoding": encoding} if declared == "named" else {}
    (article,), _ = read(tmp_path / "a.html", page.encode(encoding), **options)
    assert article.text.endswith(RUSSIAN)


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r"])
def test_a_guess_is_named_once(
    tmp_path: Path, encoding: str, caplog: pytest.LogCaptureFixture
) -> None:
    raw = b"".join(
        json.dumps({"text": RUSSIAN}, ensure_ascii=False).encode(encoding) + b"\n" for _ in range(3)
    )
    articles, _ = read(tmp_path / "a.jsonl", raw)
    assert {one.text for one in articles} == {RUSSIAN}
    assert caplog.text.count("a guess of charset-normalizer; --encoding names another") == 1


def test_lines_of_two_encodings_are_read_each_in_its_own(tmp_path: Path) -> None:
    lines = [
        json.dumps({"text": TEXT}, ensure_ascii=False).encode(one) for one in ("utf-8", "cp1252")
    ]
    articles, _ = read(tmp_path / "a.jsonl", b"\n".join(lines))
    assert [one.text for one in articles] == [TEXT, TEXT]


def test_what_an_encoding_cannot_decode_costs_its_record(tmp_path: Path) -> None:
    raw = b'{"text": "one"}\n{"text": "\xff"}\n'
    articles, (reason,) = read(tmp_path / "a.jsonl", raw, encoding="utf-8")
    assert [one.text for one in articles] == ["one"]
    assert reason.startswith("not utf-8: byte 0xff at offset 10 of the line; name the encoding")


@pytest.mark.parametrize("name", ["foo", "hex", "rot13"])
def test_an_encoding_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(dedup.ParameterError, match=f"unknown encoding '{name}'"):
        dedup.read("a.txt", encoding=name)


@pytest.mark.parametrize(
    ("raw", "texts"),
    [
        ('id|text\n1|"a, b; c"\n', ["a, b; c"]),
        ("id\ttext\n1\ta, b\n", ["a, b"]),
        ('id;"date, local; more";text\n1;x;a\n', ["a"]),
        ("sep=;\r\nid;text\r\n1;a\r\n", ["a"]),
        ('\ufeff"sep=|"\nid|text\n1|a\n', ["a"]),
        ('text\none, two\n"three, four"\n', ["one, two", "three, four"]),
        (",Unnamed: 0,id,text\n0,0,1,a\n", ["a"]),
        ("id,text,\n1,a,,,\n", ["a"]),
        ("id,text\n1,a\0b\n" + "2,long\n" * 100, ["a\0b", *["long"] * 100]),
    ],
)
def test_tables_of_other_programs(tmp_path: Path, raw: str, texts: list[str]) -> None:
    articles, skipped = read(tmp_path / "a.csv", raw.encode())
    assert ([one.text for one in articles], skipped) == (texts, [])


def test_a_delimiter_that_is_not_found_can_be_named(tmp_path: Path) -> None:
    raw = b"id*text\n1*a, b\n"
    _, (reason,) = read(tmp_path / "a.csv", raw)
    assert "no delimiter was found, --delimiter names another" in reason
    (article,), _ = read(tmp_path / "a.csv", raw, delimiter="*")
    assert article.text == "a, b"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("<p>One &amp; two.</p><p>Three<br/>four.</p>", "One & two.\n\nThree\nfour."),
        ("<div>A<b>B</b>C</div><script>var a = '<p>';</script>D", "ABC\n\nD"),
        ("&lt;p&gt;One.&lt;/p&gt;", "One."),
        ("AT&amp;T said &#8220;yes&#8221;.", "AT&T said “yes”."),
        ("<!-- no <p> --><em>One</em>", "One"),
        ("a < b and c > d, <foo> & bar; R&D; &c", None),
        ("One <3 two, and <b without an end", None),
    ],
)
def test_markup_in_a_field_is_removed_where_it_is(text: str, plain: str | None) -> None:
    assert clean(text) == plain


@given(st.text(alphabet="<>/ab\"'&;!- p", max_size=60))
def test_any_text_is_cleaned_and_pages_keep_their_words(text: str) -> None:
    assert isinstance(clean(text), str | None)
    assert cut_attributes(text) == text


@pytest.mark.parametrize("attribute", ['a{}="x"', "a{}", "a{}='<>'"])
def test_a_tag_of_many_attributes_loses_them(attribute: str) -> None:
    many = " ".join(attribute.format(n) for n in range(5000))
    data = f"<i data-x='{'x' * 50_000}'>"
    page = f"<html>{data}<p {many}>One</p><b c='d'>Two</b></html>"
    assert cut_attributes(page) == f"<html>{data}<p>One</p><b c='d'>Two</b></html>"


ROWS = [["1", 'He said "no", and left', "x"], ["2", "A; b", "y"], ["3", "It | was | late", ""]]


def quote(cell: str, mark: str, escape: str) -> str:
    return mark + cell.replace(mark, escape + mark) + mark if mark else cell


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "~", ":", "\x1f"])
@pytest.mark.parametrize(
    ("mark", "escape", "before"),
    [('"', '"', ""), ("'", "'", ""), ('"', "\\", ""), ('"', '"', " ")],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("head", ["", "\r\n\n", "# Exported, today; by us\n"])
def test_tables_are_read_in_every_syntax(
    tmp_path: Path, delimiter: str, mark: str, escape: str, before: str, end: str, head: str
) -> None:
    rows = [["id", "text", "outlet"], *ROWS]
    lines = [f"{delimiter}{before}".join(quote(one, mark, escape) for one in row) for row in rows]
    raw = (head.replace("\n", end) + end.join([*lines, ""])).encode()
    articles, skipped = read(tmp_path / "a.csv", raw)
    assert [[one.id, one.text, one.outlet or ""] for one in articles] == ROWS
    assert skipped == []


def test_a_tab_separated_line_needs_no_quotes(tmp_path: Path) -> None:
    said = ['"We will," he said', 'The "end', '"Open at the start', "last"]
    raw = "id\ttext\n" + "".join(f"{at}\t{one}\n" for at, one in enumerate(said))
    articles, skipped = read(tmp_path / "a.tsv", raw.encode())
    assert [one.text for one in articles] == said
    assert skipped == []


def test_the_delimiter_is_that_which_names_a_text_column(tmp_path: Path) -> None:
    raw = b'id;title, subtitle, kicker;text\n1;a;"One, two, three"\n'
    (article,), _ = read(tmp_path / "a.csv", raw)
    assert article.text == "One, two, three"


def test_columns_are_named_in_other_languages(tmp_path: Path) -> None:
    raw = b"id;Titel;Text;Datum;Quelle\n1;Neu;Der Rat tagt.;14.02.2021;Bote\n"
    (article,), _ = read(tmp_path / "a.csv", raw)
    assert (article.title, article.outlet, str(article.published)[:10]) == (
        "Neu", "Bote", "2021-02-14",
    )  # fmt: skip
