"""The table of bad inputs: files with a fault and a good article, and what is said of them.

``tools/make_bad_inputs.py`` writes it as ``docs/bad-inputs.md``.
"""

from __future__ import annotations

import gzip
import io
import json
import lzma
from collections.abc import Callable
from dataclasses import dataclass

WORDS = "The council voted nine to four on Monday to close the Elm Street library branch by June."
GOOD = json.dumps({"id": "good", "text": WORDS}).encode() + b"\n"
MAX_TEXT = 1000


@dataclass(frozen=True)
class BadInput:
    """A file, what is said of its fault, and the number of articles that are read all the same."""

    what: str
    name: str
    make: Callable[[], bytes]
    said: str
    n_read: int = 1


def _line(raw: bytes) -> Callable[[], bytes]:
    return lambda: GOOD.replace(b"good", b"first") + raw + b"\n" + GOOD


def _table(row: str) -> Callable[[], bytes]:
    return lambda: f"id,text\n{row}\ngood,{WORDS}\n".encode()


def _archive(*records: tuple[str, bytes, int]) -> Callable[[], bytes]:
    def make() -> bytes:
        return b"".join(
            f"WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: {url}\r\n"
            f"Content-Type: text/plain\r\nContent-Length: {length}\r\n\r\n".encode()
            + body + b"\r\n\r\n"
            for url, body, length in records
        )  # fmt: skip

    return make


def _page(body: str) -> Callable[[], bytes]:
    return lambda: f"<html><head><title>T</title></head><body>{body}</body></html>".encode()


def _parquet(texts: list[str | bytes]) -> bytes:
    import pyarrow.parquet

    raw = [one if isinstance(one, bytes) else one.encode() for one in texts]
    column = pyarrow.array(raw, pyarrow.binary()).view(pyarrow.string())
    out = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table({"text": column}), out)
    return out.getvalue()


_TEXT = WORDS.encode()
_LONG = "word " * 2000
BAD_INPUTS = [
    BadInput("a line that is cut off", "a.jsonl", _line(b'{"id": "x", "text": "cut'),
             "invalid JSON: Unterminated string starting at column 21", 2),
    BadInput("a line that is no object", "a.jsonl", _line(b"[1, 2]"),
             "must be a JSON object, not a list", 2),
    BadInput("100,000 levels of lists", "a.jsonl", _line(b"[" * 100_000),
             "record of 100 kB, more than the limit", 2),
    BadInput("a record without a text", "a.jsonl", _line(b'{"id": "x"}'),
             "no text field (present: id); name it with --text-field", 2),
    BadInput("a text that is NaN", "a.jsonl", _line(b'{"text": NaN}'),
             "field 'text' has no text", 2),
    BadInput("a text that is a number", "a.jsonl", _line(b'{"text": 5}'),
             "field 'text' must be a string, not a number", 2),
    BadInput("a record of any size", "a.jsonl", _line(b'{"text": "' + b"a" * 50_000 + b'"}'),
             "record of 50 kB, more than the limit", 2),
    BadInput("a text of any size", "a.jsonl", _line(f'{{"text": "{_LONG[:3000]}"}}'.encode()),
             "text of 3 kB, more than the limit", 2),
    BadInput("a list without an end", "a.json", lambda: b"[" + GOOD,
             "cut off: the list has no end"),
    BadInput("a form feed between values", "a.json", lambda: b"[" + GOOD + b"\x0c]",
             "record 2: invalid JSON"),
    BadInput("a row with too many cells", "a.csv", _table("x,one,two"),
             "row has 3 cells, the first row has 2"),
    BadInput("a table without a text column", "a.csv", lambda: b"a,b\n1,2\n",
             "no text field (present: a, b)", 0),
    BadInput("a binary file", "a.txt", lambda: b"abc\0def",
             "binary file, or text in a wide encoding", 0),
    BadInput("a cut gzip stream", "a.jsonl.gz", lambda: gzip.compress(GOOD * 2)[:-4],
             "cut off: the compressed stream has no end", 2),
    BadInput("a file that was never compressed", "a.jsonl.xz", lambda: GOOD,
             "damaged compressed stream", 0),
    BadInput("a bomb of 100 MB in 15 kB", "a.jsonl.xz",
             lambda: lzma.compress(GOOD + b'{"text": "' + b"a" * 10**8 + b'"}\n', preset=0),
             "record of 100 MB, more than the limit"),
    BadInput("a sign-in page", "a.html", _page("<h1>Sign in</h1><p>Please log in to continue.</p>"),
             "no article", 0),
    BadInput("an empty page", "a.html", _page(""), "no article in the page", 0),
    BadInput("a length that runs past the next record", "a.wet",
             _archive(("http://x/1", _TEXT, 10**9), ("http://x/2", _TEXT, len(_TEXT))),
             "cut short: the record has"),
    BadInput("a length that is too short", "a.wet",
             _archive(("http://x/1", _TEXT, 5), ("http://x/2", _TEXT, len(_TEXT))),
             "wrong Content-Length: 5 of"),
    BadInput("a length that is no number", "a.wet",
             lambda: _archive(("http://x/1", _TEXT, 5), ("http://x/2", _TEXT, len(_TEXT)))()
             .replace(b"Length: 5\r", b"Length: ?\r"),
             "invalid WARC: Content-Length is '?'"),
    BadInput("no web archive", "a.warc", lambda: GOOD, "invalid WARC: it does not begin with", 0),
    BadInput("a large value", "a.parquet", lambda: _parquet([WORDS, _LONG, WORDS]),
             "record of 10 kB, more than the limit", 2),
    BadInput("a page that does not fit in memory", "a.parquet",
             lambda: _parquet([WORDS, _LONG * 3]),
             "rows 1 to 2: page of 30.1 kB, more than the limit", 0),
    BadInput("a value that is not UTF-8", "a.parquet", lambda: _parquet([WORDS, b"\xff\xfe"]),
             "unreadable value"),
    BadInput("a cut file", "a.parquet", lambda: _parquet([WORDS])[:-10], "invalid Parquet", 0),
]  # fmt: skip
