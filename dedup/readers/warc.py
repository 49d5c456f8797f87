"""Web archives: each fetched page is an article; other records are ignored."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from dedup.errors import MissingExtra, ParameterError
from dedup.model.article import SkippedRecord
from dedup.readers.html import MAX_PAGE, make_article
from dedup.readers.records import Fields, LocatedRecord, Unreadable
from dedup.readers.sources import InputFile

_TYPES = ("text/html", "application/xhtml+xml")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w:.-]+)", re.IGNORECASE)


def read_warc(
    stream: BinaryIO, source: InputFile, fields: Fields
) -> Iterator[LocatedRecord | SkippedRecord]:
    """Read the pages of a WARC file, one record in memory at a time.

    Raises
    ------
    Unreadable
        If the file is damaged.
    MissingExtra
        If ``warcio`` or ``trafilatura`` is not installed.
    """
    try:
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed
    except ImportError:
        raise MissingExtra("warcio", "warc") from None
    try:
        for number, record in enumerate(ArchiveIterator(stream), 1):
            if not _is_page(record):
                continue
            url = record.rec_headers.get_header("WARC-Target-URI") or f"{source.name}#{number}"
            try:
                yield LocatedRecord(_article(record, url), source.path, number)
            except Unreadable as error:
                yield SkippedRecord(source.path, f"{url}: {error}", number)
    except ArchiveLoadFailed as error:
        first = (str(error).strip().splitlines() or [repr(error)])[0]
        raise Unreadable(f"invalid WARC: {first}") from None


def _is_page(record: Any) -> bool:
    if record.rec_type != "response" or record.http_headers is None:
        return False
    kind = record.http_headers.get_header("Content-Type") or ""
    status = record.http_headers.get_statuscode() or ""
    return status.startswith("2") and kind.split(";")[0].strip().lower() in _TYPES


def _article(record: Any, url: str) -> Any:
    told = _CHARSET.search(record.http_headers.get_header("Content-Type") or "")
    fetched = record.rec_headers.get_header("WARC-Date")
    try:
        raw = record.content_stream().read(MAX_PAGE + 1)
    except Exception as error:  # each decompressor has its own type
        raise Unreadable(f"damaged content ({error})") from None
    known = {"url": url, "published": fetched, "extra": {"fetched": fetched}}
    try:
        return make_article(raw, url, known, told[1] if told else "")
    except ParameterError as error:
        raise Unreadable(str(error)) from None
