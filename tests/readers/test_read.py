"""What is read, and as what."""

from __future__ import annotations

import gzip
import io
import itertools
import json
import re
from datetime import timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dedup
from dedup.model.date_forms import is_missing
from dedup.readers.jsonl import read_jsonl
from dedup.readers.markup import clean
from dedup.readers.records import Fields, LocatedRecord, to_article
from dedup.readers.sources import InputFile
from dedup.render.json import line as render
from tests.readers.compression import COMPRESS
from tests.strategies import hostile_text, law


def write_lines(path: Path, *records: Any) -> Path:
    path.write_bytes(b"".join(json.dumps(record).encode() + b"\n" for record in records))
    return path


def read_all(*paths: str | Path, **fields: Any) -> list[dedup.Article]:
    reading = dedup.read(*paths, **fields)
    articles = list(reading)
    assert reading.skipped == []
    return articles


def test_a_directory_is_walked_in_the_order_of_names(tmp_path: Path) -> None:
    for name in (
        "b.txt",
        "a/z.txt",
        "a/b/c.TXT",
        "c.ndjson",
        "notes.pdf",
        ".hidden.txt",
        ".git/x.txt",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text('{"text": "one"}')
    ids = [article.id for article in read_all(tmp_path)]
    assert ids == ["a/b/c.TXT", "a/z.txt", "b.txt", "c.ndjson#1"]


def test_a_file_is_named_as_it_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text("one")
    write_lines(tmp_path / "in/b.jsonl", {"text": "two"})
    assert [a.id for a in read_all("in/a.txt", "./in/b.jsonl")] == ["in/a.txt", "in/b.jsonl#1"]


@pytest.mark.parametrize("suffix", ["", *COMPRESS])
def test_compressed_files_read_as_their_content(tmp_path: Path, suffix: str) -> None:
    compress = COMPRESS.get(suffix, bytes)
    raw = "".join(json.dumps({"id": n, "text": f"text {n} " * 200}) + "\n" for n in range(300))
    (tmp_path / f"a.jsonl{suffix}").write_bytes(compress(raw.encode()))
    (tmp_path / f"b.txt{suffix}").write_bytes(compress(b"words"))
    *records, text = read_all(tmp_path)
    assert [article.id for article in records] == [str(n) for n in range(300)]
    assert (text.id, text.text) == (f"b.txt{suffix}", "words")


@pytest.mark.parametrize("suffix", COMPRESS)
def test_a_compressed_file_may_have_several_frames(tmp_path: Path, suffix: str) -> None:
    frames = COMPRESS[suffix](b'{"text": "one"}\n{"te'), COMPRESS[suffix](b'xt": "two"}\n')
    (tmp_path / f"a.jsonl{suffix}").write_bytes(b"".join(frames))
    assert [article.text for article in read_all(tmp_path)] == ["one", "two"]


def test_zeros_may_pad_gzip(tmp_path: Path) -> None:
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(b"one") + bytes(10_000))
    assert read_all(tmp_path)[0].text == "one"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\u2028", "\x0c", "\x85"])
def test_newlines_of_a_text_stay_as_they_are(tmp_path: Path, newline: str) -> None:
    text = f"one{newline}two{newline}{newline}"
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbf" + text.encode())
    article = read_all(tmp_path)[0]
    assert article.text == text, "spans index the file as decoded, without its mark"


def test_only_a_line_feed_ends_a_record(tmp_path: Path) -> None:
    raw = '\ufeff{"text": "a\u2028b\u0085c"}\r\n\n  \n{"text": "d"}'
    (tmp_path / "a.jsonl").write_bytes(raw.encode())
    first, second = read_all(tmp_path)
    assert (first.text, second.text) == ("a\u2028b\u0085c", "d")
    assert (first.id, second.id) == ("a.jsonl#1", "a.jsonl#4")


def test_surrogates_and_nul_in_json_strings_are_text(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(rb'{"text": "\ud800 \u0000 \ud83d\ude00"}')
    assert read_all(tmp_path)[0].text == "\ud800 \x00 😀"


def test_a_huge_line_is_one_record(tmp_path: Path) -> None:
    write_lines(tmp_path / "a.jsonl", {"text": "word " * 4_000_000}, {"text": "next"})
    articles = read_all(tmp_path, max_text=20_000_000)
    assert [len(article.text) for article in articles] == [20_000_000, 4]


def test_records_come_as_they_are_read() -> None:
    class Endless(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
            line = b'{"text": "again"}\n'
            buffer[: len(line)] = line
            return len(line)

    from dedup.readers.jsonl import read_jsonl
    from dedup.readers.sources import InputFile

    stream = io.BufferedReader(Endless())
    records = read_jsonl(stream, InputFile("-", "-", ".jsonl"), Fields())
    assert len(list(itertools.islice(records, 5))) == 5


def test_standard_input_is_json_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    stdin = io.TextIOWrapper(io.BytesIO(b'{"text": "one"}\n{"id": "x", "text": "two"}\n'))
    monkeypatch.setattr("sys.stdin", stdin)
    assert [article.id for article in read_all("-")] == ["-#1", "x"]
    assert not stdin.buffer.closed


@pytest.mark.parametrize("key", ["text", "content", "body", "article", "Content"])
def test_the_text_field_is_guessed(key: str) -> None:
    assert to_article({key: "words", "n": 1}, Fields(), "x").text == "words"


def test_the_other_fields_are_guessed_and_the_rest_is_extra() -> None:
    record = {
        "url": "https://x.example/1",
        "Source": "The Paper",
        "published_at": "2023-01-10T12:00:00+04:00",
        "headline": "Title",
        "body": "words",
        "tags": ["a", {"b": None}],
        "title": None,
    }
    article = to_article(record, Fields(), "x")
    assert (article.id, article.url) == ("https://x.example/1", "https://x.example/1")
    assert (article.outlet, article.title) == ("The Paper", "Title")
    assert article.published is not None
    assert article.published.isoformat() == "2023-01-10T12:00:00+04:00"
    assert article.extra == {"tags": ["a", {"b": None}], "title": None}


def test_named_fields_win_over_guesses(tmp_path: Path) -> None:
    record = {"id": 1, "key": "k", "text": "no", "story": "yes", "paper": "P", "source": "S"}
    record |= {"day": "2023-01-10", "date": "no date", "head": "H", "link": "L"}
    path = write_lines(tmp_path / "a.jsonl", record)
    names = {"id": "key", "text": "story", "outlet": "paper", "published": "day"}
    names |= {"title": "head", "url": "link"}
    article = read_all(path, **{f"{field}_field": name for field, name in names.items()})[0]
    assert (article.id, article.text, article.outlet) == ("k", "yes", "P")
    assert (article.title, article.url) == ("H", "L")
    assert article.extra == {"id": 1, "text": "no", "source": "S", "date": "no date"}


@pytest.mark.parametrize(
    ("value", "id_"), [(7, "7"), (0, "0"), (1.5, "1.5"), ("", "x"), (None, "x"), ("7", "7")]
)
def test_an_id_may_be_a_number_and_may_be_missing(value: object, id_: str) -> None:
    assert to_article({"id": value, "text": "words"}, Fields(), "x").id == id_


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("2023-01-10", "2023-01-10T00:00:00+00:00"),
        ("2023-01-10T12:00:00Z", "2023-01-10T12:00:00+00:00"),
        (1673308800, "2023-01-10T00:00:00+00:00"),
        (1673308800.5, "2023-01-10T00:00:00.500000+00:00"),
        (-(10**9), "1938-04-24T22:13:20+00:00"),
    ],
)
def test_a_date_is_iso_8601_or_seconds(value: object, shown: str) -> None:
    published = to_article({"text": "words", "date": value}, Fields(), "x").published
    assert published is not None
    assert published.isoformat() == shown


@pytest.mark.parametrize("value", [{"id": None}, ["CNN", "BBC"], True])
def test_a_wrong_guess_costs_no_article(value: object) -> None:
    article = to_article({"text": "words", "source": value, "domain": "cnn"}, Fields(), "x")
    assert (article.outlet, article.extra) == ("cnn", {"source": value})


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda children: (
        st.lists(children, max_size=3) | st.dictionaries(st.text(), children, max_size=3)
    ),
    max_leaves=8,
)
# Capitals, so that no key is a guess at a field.
EXTRA_KEYS = st.text(st.characters(categories=["Lu", "Nd", "Sm"], codec="utf-8")).map("X".__add__)
WORDS = st.text().filter(lambda text: not is_missing(text) and clean(text) is None)
NAMES = st.none() | WORDS


@given(
    id_=WORDS,
    text=WORDS,
    outlet=NAMES,
    published=st.none() | st.datetimes(timezones=st.timezones()).map(lambda d: d.isoformat()),
    title=NAMES,
    url=NAMES,
    extra=st.dictionaries(EXTRA_KEYS, JSON_VALUES, max_size=4),
)
def test_any_record_comes_back(tmp_path_factory: pytest.TempPathFactory, **given: Any) -> None:
    extra = given.pop("extra")
    record = {key.rstrip("_"): value for key, value in given.items()}
    path = write_lines(tmp_path_factory.mktemp("law") / "a.jsonl", record | extra)
    article = read_all(path)[0]
    named = dedup.Article(**record)
    absent = {key: None for key in ("outlet", "published", "title", "url") if record[key] is None}
    assert article == dedup.Article(**record, extra=absent | extra)
    assert article.published == named.published


def test_files_of_one_name_in_two_directories_are_two_articles(tmp_path):
    for folder in ("first", "second"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.txt").write_text("Words of an article.", encoding="utf-8")
    articles = list(dedup.read(tmp_path / "first", tmp_path / "second"))
    assert [article.id for article in articles] == ["a.txt", str(tmp_path / "second" / "a.txt")]


# Escaped in JSON, these two are one character.
PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


def any_text() -> st.SearchStrategy[str]:
    return hostile_text().filter(lambda text: not PAIR.search(text))


def scalars() -> st.SearchStrategy[Any]:
    return st.none() | st.booleans() | st.integers() | any_text()


@st.composite
def any_article(draw: st.DrawFn) -> dedup.Article:
    """Draw an article with any strings, dates with zones, and extras with names of fields."""
    maybe = st.none() | any_text()
    offsets = st.integers(-23 * 60, 23 * 60).map(lambda n: timezone(timedelta(minutes=n)))
    names = st.sampled_from(["text", "outlet", "Source", "date", "id", "extra"]) | any_text()
    return dedup.Article(
        draw(any_text()),
        draw(any_text()),
        draw(maybe),
        draw(st.none() | st.datetimes(timezones=offsets)),
        draw(maybe),
        draw(maybe),
        draw(st.dictionaries(names, scalars() | st.lists(scalars()), max_size=4)),
    )


@law()
@given(any_article())
def test_a_whole_article_is_read_as_it_was_written(article: dedup.Article) -> None:
    line = render(article.to_dict())
    read = list(read_jsonl(io.BytesIO(line.encode()), InputFile("x", "x", ".jsonl"), Fields()))
    (located,) = read
    assert isinstance(located, LocatedRecord)
    assert located.article == article
    assert located.article.published == article.published
    if article.published:
        assert located.article.published.utcoffset() == article.published.utcoffset()


def test_what_only_looks_whole_is_read_as_any_other_record() -> None:
    whole = dedup.Article("a", "words", extra={"k": 1}).to_dict()
    assert to_article(whole, Fields(), "x").extra == {"k": 1}
    other = to_article(whole | {"id": 7, "outlet": ["x", "y"]}, Fields(), "x")
    assert (other.id, other.outlet) == ("7", None)
    assert other.extra["extra"] == {"k": 1}
    assert to_article(whole | {"extra": "k"}, Fields(), "x").extra["extra"] == "k"
    named = to_article(whole, Fields(id="text"), "x")
    assert (named.id, named.extra["extra"]) == ("words", {"k": 1})
