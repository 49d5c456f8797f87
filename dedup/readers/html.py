"""Web pages: the text of the article, and its metadata."""

from __future__ import annotations

import codecs
import logging
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, BinaryIO

from dedup.errors import MissingExtra
from dedup.model.article import Article
from dedup.readers.records import Fields, LocatedRecord, Unreadable
from dedup.readers.sources import InputFile

# Longer than any real page; its parse tree still fits in memory.
MAX_PAGE = 32 << 20
# Bytes in which a page must declare its encoding (HTML standard, 13.2.3.2).
_HEAD = 1024
_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w:.-]+)", re.IGNORECASE)
_MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
# trafilatura omits the time of day, which decides who was first.
_PUBLISHED = (
    re.compile(r'"datePublished"\s*:\s*"([^"]{10,40})"'),
    re.compile(
        r'<meta[^>]+(?:property|itemprop|name)\s*=\s*["\'](?:article:published_time|datePublished)'
        r'["\'][^>]*?content\s*=\s*["\']([^"\']{10,40})["\']',
        re.IGNORECASE,
    ),
)


# Keep their warnings off standard error: `Unreadable` gives the reason.
for _name in ("courlan", "htmldate", "justext", "trafilatura"):
    logging.getLogger(_name).addHandler(logging.NullHandler())


def read_html(stream: BinaryIO, source: InputFile, fields: Fields) -> Iterator[LocatedRecord]:
    """Read the one article of a saved page.

    Raises
    ------
    Unreadable
        If the page is too long, has no article or an unknown encoding.
    MissingExtra
        If ``trafilatura`` is not installed.
    """
    raw = stream.read(MAX_PAGE + 1)
    yield LocatedRecord(make_article(raw, source.name, {}), source.path, None)


def make_article(raw: bytes, name: str, known: dict[str, Any], charset: str = "") -> Article:
    """Extract the article of a page.

    Raises
    ------
    Unreadable
        If the page cannot be read or has no article.
    MissingExtra
        If ``trafilatura`` is not installed.
    """
    if len(raw) > MAX_PAGE:
        raise Unreadable(f"page larger than {MAX_PAGE >> 20} MiB")
    page = decode_page(raw, charset)
    found = _extract(page, known.get("url"))
    if found is None or not found.text:
        raise Unreadable("no article in the page")
    return Article(
        name,
        found.text,
        outlet=found.sitename or found.hostname,
        published=_published(page, found.date) or known.get("published"),
        url=known.get("url") or found.url,
        title=found.title,
        extra=known.get("extra"),
    )


def decode_page(raw: bytes, charset: str = "") -> str:
    """Decode a page as browsers do: by its declared encoding, else UTF-8 or Windows-1252.

    Raises
    ------
    Unreadable
        If Python does not know the encoding.
    """
    for mark, encoding in _MARKS.items():
        if raw.startswith(mark):
            return raw[len(mark) :].decode(encoding, "replace")
    declared = _CHARSET.search(raw[:_HEAD])
    encoding = charset or (declared[1].decode() if declared else "")
    if not encoding:
        try:
            return raw.decode()
        except UnicodeDecodeError:
            encoding = "cp1252"
    if encoding.lower() in ("iso-8859-1", "latin-1", "us-ascii"):
        encoding = "cp1252"  # what these mean on the web (Encoding standard, 4.2)
    try:
        codecs.lookup(encoding)
        return raw.decode(encoding, "replace")
    except (LookupError, ValueError):
        raise Unreadable(f"unknown encoding {encoding!r}") from None


def _extract(page: str, url: str | None) -> Any:
    try:
        from trafilatura import bare_extraction
    except ImportError:
        raise MissingExtra("trafilatura", "html") from None
    try:
        return bare_extraction(
            page,
            url=url,
            include_comments=False,
            with_metadata=True,
            # No date is better than a date from somewhere in the text.
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
    except Exception as error:  # of lxml or any other parser
        raise Unreadable(f"invalid HTML: {error!r}") from None


def _published(page: str, day: str | None) -> datetime | None:
    for said in [*(found[1] for pattern in _PUBLISHED if (found := pattern.search(page))), day]:
        try:
            return datetime.fromisoformat(said or "")
        except ValueError:
            continue
    return None
