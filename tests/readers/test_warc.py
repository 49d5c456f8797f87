"""Web archives whose records lie, are cut, or are compressed in any way."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

import dedup
from dedup.readers.http import decode_body
from tests.readers.test_formats import PAGE

brotli = pytest.importorskip("brotli", reason="web archives need the extra warc")
pytest.importorskip("trafilatura", reason="web pages need the extra html")
HTML = PAGE.encode()


def record(
    body: bytes = HTML, *, http: str = "", length: int | None = None, kind: str = "response",
    type: str = "application/http", url: str = "https://gazette.example/library",
) -> bytes:  # fmt: skip
    block = body
    if type == "application/http":
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{http}\r\n"
        block = head.encode() + body
    stated = len(block) if length is None else length
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nContent-Type: {type}\r\n"
        f"WARC-Date: 2024-05-06T07:08:09Z\r\nContent-Length: {stated}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def read(path: Path, raw: bytes) -> tuple[list[dedup.Article], list[str]]:
    path.write_bytes(raw)
    reading = dedup.read(path)
    return list(reading), [one.reason.partition(": ")[2] for one in reading.skipped]


@pytest.mark.parametrize(
    ("length", "reason"),
    [
        (2_000_000_000, "cut short: the record has"),
        (len(HTML) + 500, "cut short: the record has"),
        (500, "wrong Content-Length: 500 of"),
        (-1, "invalid WARC: Content-Length is '-1'"),
    ],
)
def test_a_length_that_lies_costs_one_record(tmp_path: Path, length: int, reason: str) -> None:
    raw = record(url="https://a.example") + record(length=length) + record(url="https://c.example")
    articles, reasons = read(tmp_path / "a.warc", raw)
    assert [one.url for one in articles] == ["https://a.example", "https://c.example"]
    assert len(reasons) == 1
    assert reasons[0].startswith(reason)


@pytest.mark.parametrize("kept", [0.5, 0.9])
def test_a_record_that_is_cut_off_is_named(tmp_path: Path, kept: float) -> None:
    raw = record()
    articles, reasons = read(
        tmp_path / "a.warc", record(url="https://a.example") + raw[: int(kept * len(raw))]
    )
    assert (len(articles), len(reasons)) == (1, 1)
    assert reasons[0].startswith("cut short: the record has")


CODINGS = {
    "gzip": gzip.compress,
    "br": brotli.compress,
    "deflate": zlib.compress,
    "zstd": zstandard.ZstdCompressor().compress,
}


def chunked(raw: bytes) -> bytes:
    parts = [raw[at : at + 100] for at in range(0, len(raw), 100)]
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("is_chunked", [False, True])
def test_bodies_are_decoded_as_servers_sent_them(
    tmp_path: Path, coding: str, is_chunked: bool
) -> None:
    body = CODINGS[coding](HTML)
    http = f"Content-Encoding: {coding}\r\n" + "Transfer-Encoding: chunked\r\n" * is_chunked
    raw = record(chunked(body) if is_chunked else body, http=http)
    raw += record(http=http, url="https://x.example")  # decoded before it was stored
    articles, reasons = read(tmp_path / "a.warc", raw)
    assert (len(articles), reasons) == (2, [])
    assert len({one.text for one in articles}) == 1


@pytest.mark.parametrize("coding", CODINGS)
def test_a_bomb_is_not_inflated(coding: str) -> None:
    bomb = CODINGS[coding](bytes(10_000_000))
    assert len(decode_body(bomb, {"content-encoding": coding}, 1000)) == 1000


def test_texts_and_pages_without_an_answer_are_read(tmp_path: Path) -> None:
    raw = record("Große Wörter.".encode(), kind="conversion", type="text/plain")
    raw += record(kind="resource", type="text/html") + record(kind="request")
    raw += record(kind="metadata", type="text/plain")
    articles, reasons = read(tmp_path / "a.wet", raw)
    assert (articles[0].text, len(articles), reasons) == ("Große Wörter.", 2, [])


@given(
    st.lists(st.sampled_from([record(), b"WARC/1.0\r\n", b"\r\n\r\n", b"x: y", HTML]), max_size=5)
)
def test_any_bytes_end_in_articles_or_reasons(
    tmp_path_factory: pytest.TempPathFactory, parts: list[bytes]
) -> None:
    path = tmp_path_factory.mktemp("law") / "a.warc"
    path.write_bytes(b"".join(parts))
    reading = dedup.read(path)
    assert list(reading) or reading.skipped
