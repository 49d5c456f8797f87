"""Web archives: fetched pages, and the text of WET files; other records are ignored.

Records are cut here and not by a library, since a length may lie: one that runs past the next
record costs the others nothing (ISO 28500, 4).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, NamedTuple

from dedup.errors import ParameterError
from dedup.model.article import Article, SkippedRecord
from dedup.pattern import lazy_pattern
from dedup.readers.encoding import Decoder
from dedup.readers.html import MAX_PAGE, read_page
from dedup.readers.http import decode_body, looks_decoded, split_head
from dedup.readers.notes import Note, Unreadable
from dedup.readers.records import Fields, LocatedRecord
from dedup.readers.sources import InputFile

_PAGES = ("text/html", "application/xhtml+xml")
_CHARSET = lazy_pattern(r"charset\s*=\s*[\"']?([\w:.-]+)", re.IGNORECASE)
_START = lazy_pattern(rb"WARC/\d+\.\d+\r?\n")
_NEXT = lazy_pattern(rb"\r?\n\r?\n(?=WARC/\d+\.\d+\r?\n)")
_MAX_HEAD = 1 << 16
_N_BYTES = 1 << 20


class _WarcRecord(NamedTuple):
    """A record: its header and body, or why it cannot be used."""

    head: Mapping[str, str]
    body: bytes
    fault: str = ""


def read_warc(
    stream: BinaryIO, source: InputFile, fields: Fields
) -> Iterator[LocatedRecord | SkippedRecord]:
    """Read the pages of a WARC file, one record in memory at a time.

    Raises
    ------
    Unreadable
        If the file is not a web archive.
    MissingExtra
        If ``trafilatura`` is not installed and there are pages.
    """
    for number, record in enumerate(_WarcCutter(stream).cut(), 1):
        head = record.head
        url = _url(head) or f"{source.name}#{number}"
        try:
            # A record of its own encoding: the guess of one page says nothing of the next.
            decoder = Decoder()
            found = _article(record, url, decoder)
            if found is not None:
                notes = (*_notes(head), *decoder.notes())
                yield LocatedRecord(found, source.path, number, None, notes)
        except (Unreadable, ParameterError) as error:
            yield SkippedRecord(source.path, f"{url}: {error}", number)


class _WarcCutter:
    """Cuts a stream into records; `_ahead` is what was read of it and not used."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._ahead = b""
        self._fault: OSError | None = None

    def cut(self) -> Iterator[_WarcRecord]:
        """Yield the records.

        Raises
        ------
        Unreadable
            If the file does not begin with a record.
        OSError
            After the records, if the file is damaged.
        """
        is_first = True
        while self._skip_blanks():
            if not _START.match(self._ahead):
                if is_first:
                    raise Unreadable("invalid WARC: it does not begin with WARC/1.0 or WARC/1.1")
                yield _WarcRecord({}, b"", "invalid WARC: no record where one should begin")
                if not self._seek_start():
                    return
            yield self._record()
            is_first = False
        if self._fault:
            raise self._fault

    def _record(self) -> _WarcRecord:
        head = self._head()
        try:
            length = int(head.get("content-length", ""))
            if length < 0:
                raise ValueError
        except ValueError:
            said = head.get("content-length", "none")
            self._seek_start()
            return _WarcRecord(head, b"", f"invalid WARC: Content-Length is {said!r}")
        self._fill(min(length, MAX_PAGE + 1))
        body, n_bytes = self._ahead[:length], min(length, len(self._ahead))
        self._ahead = self._ahead[len(body) :]
        n_bytes += self._drop(length - n_bytes)
        if n_bytes == length and self._is_at_end():
            return _WarcRecord(head, body)
        # The length is wrong: the next record may be in this one.
        self._ahead = (body if n_bytes == len(body) else b"") + self._ahead
        if found := _NEXT.search(self._ahead):
            n_bytes, self._ahead = found.start(), self._ahead[found.end() :]
        elif n_bytes < length:
            self._ahead = b""
        else:
            return _WarcRecord(
                head, body, f"wrong Content-Length: more than {length:,} bytes follow"
            )
        if n_bytes > length:
            reason = f"wrong Content-Length: {length:,} of {n_bytes:,} bytes"
            return _WarcRecord(head, b"", reason)
        return _WarcRecord(head, b"", f"cut short: the record has {n_bytes:,} of {length:,} bytes")

    def _head(self) -> dict[str, str]:
        self._fill(_MAX_HEAD)
        raw, _, self._ahead = _split_once(self._ahead)
        return split_head(raw)[1]

    def _is_at_end(self) -> bool:
        """Return whether a record or the end of the file follows."""
        return not self._skip_blanks() or bool(_START.match(self._ahead))

    def _skip_blanks(self) -> bool:
        """Skip blank lines; return whether something follows."""
        while True:
            self._ahead = self._ahead.lstrip(b"\r\n")
            if self._ahead or not self._read():
                self._fill(16)
                return bool(self._ahead)

    def _seek_start(self) -> bool:
        """Skip to the next record; return whether there is one."""
        while True:
            if found := _NEXT.search(self._ahead):
                self._ahead = self._ahead[found.end() :]
                return True
            self._ahead = self._ahead[-64:]
            if not self._read():
                self._ahead = b""
                return False

    def _fill(self, n_bytes: int) -> None:
        parts, n = [self._ahead], len(self._ahead)
        while n < n_bytes and (more := self._next(min(n_bytes - n, _N_BYTES))):
            parts.append(more)
            n += len(more)
        self._ahead = b"".join(parts)

    def _drop(self, n_bytes: int) -> int:
        n = 0
        while n < n_bytes and (more := self._next(min(n_bytes - n, _N_BYTES))):
            n += len(more)
        return n

    def _read(self) -> bool:
        more = self._next(_N_BYTES)
        self._ahead += more
        return bool(more)

    def _next(self, n_bytes: int) -> bytes:
        """Return the next bytes; a fault of the stream is its end, and raised after the records."""
        try:
            return b"" if self._fault else self._stream.read(n_bytes)
        except OSError as error:
            self._fault = error
            return b""


def _split_once(raw: bytes) -> tuple[bytes, bytes, bytes]:
    found = re.search(rb"\r?\n\r?\n", raw)
    return (raw[: found.start()], found[0], raw[found.end() :]) if found else (raw, b"", b"")


def _article(record: _WarcRecord, url: str, decoder: Decoder) -> Article | None:
    head = record.head
    kind = head.get("content-type", "").split(";")[0].strip().lower()
    type_ = head.get("warc-type", "").lower()
    if record.fault and (not head or type_ in ("response", "resource", "conversion")):
        raise Unreadable(record.fault)
    fetched = head.get("warc-date")
    known: dict[str, Any] = {"url": _url(head), "published": fetched, "extra": {"fetched": fetched}}
    if type_ == "conversion" and kind in ("text/plain", ""):
        text = decoder.decode(record.body, "record")
        return Article(url, text, **known)
    charset = head.get("content-type", "")
    if type_ == "response" and kind in ("application/http", ""):
        raw_head, _, body = _split_once(record.body)
        status, headers = split_head(raw_head)
        charset = headers.get("content-type", "")
        kind = charset.split(";")[0].strip().lower()
        if not re.match(r"HTTP/\S+\s+2", status) or (kind and kind not in _PAGES):
            return None
        body = decode_body(body, headers, MAX_PAGE + 1)
        if not kind and not looks_decoded(body):
            return None
    elif type_ in ("resource", "response") and kind in _PAGES:
        body = record.body
    else:
        return None
    told = _CHARSET.search(charset)
    return read_page(body, url, known, decoder, told[1] if told else "")


def _url(head: Mapping[str, str]) -> str | None:
    return head.get("warc-target-uri", "").strip("<>") or None


def _notes(head: Mapping[str, str]) -> tuple[Note, ...]:
    if "warc-truncated" not in head:
        return ()
    return (Note("truncated", f"the crawler cut the page short ({head['warc-truncated']})"),)
