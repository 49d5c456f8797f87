"""Web pages: the text of the article, and its metadata."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from dedup.errors import MissingExtra
from dedup.model.article import Article
from dedup.pattern import lazy_pattern
from dedup.readers.encoding import FIRST_BLOCK, Decoder, guess_wide
from dedup.readers.markup import clean
from dedup.readers.notes import Unreadable
from dedup.readers.page_kind import name_page
from dedup.readers.records import Fields, LocatedRecord
from dedup.readers.sources import InputFile, read_whole
from dedup.readers.tags import MAX_DEPTH, cut_attributes, cut_inline, flatten

# Longer than any real page; its parse tree still fits in memory.
MAX_PAGE = 32 << 20
# Extraction takes the square of the number of elements; of 809 front pages of news sites none has
# more than 3,700. For a larger page, take all text.
_MAX_TAGS = 20_000
_TAG = lazy_pattern("<[a-zA-Z]")
_TEXT = lazy_pattern(r"<(article|main|body)(?=[\s>])", re.IGNORECASE)
# Bytes in which a page declares its encoding: more than the 1024 of the HTML standard (13.2.3.2),
# because archives write scripts before it.
_HEAD = 1 << 14
_CHARSET = lazy_pattern(
    rb"<(?:meta[^>]+charset|\?xml[^>]+encoding)\s*=\s*[\"']?\s*([\w:.-]+)", re.IGNORECASE
)
_MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


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
    raw = read_whole(stream, MAX_PAGE + 1)
    _check_size(raw)
    decoder = Decoder(source.how.encoding)
    page = decode_page(raw, decoder, source.how.encoding or "")
    article = make_article(page, source.name, {})
    yield LocatedRecord(article, source.path, None, None, decoder.notes())


def read_page(
    raw: bytes, name: str, known: dict[str, Any], decoder: Decoder, charset: str
) -> Article:
    """Decode a page of an archive and extract its article, see :func:`make_article`."""
    _check_size(raw)
    return make_article(decode_page(raw, decoder, charset), name, known)


def _check_size(raw: bytes) -> None:
    if len(raw) > MAX_PAGE:
        raise Unreadable(f"page larger than {MAX_PAGE >> 20} MiB")


def make_article(page: str, name: str, known: dict[str, Any]) -> Article:
    """Extract the article of a page.

    Raises
    ------
    Unreadable
        If the page cannot be read or has no article, as a sign-in or error page.
    MissingExtra
        If ``trafilatura`` is not installed.
    """
    from dedup.readers.metadata import read_metadata

    tree, text = _extract(page, known.get("url"))
    found = None if tree is None else read_metadata(tree, known.get("url"))
    if kind := name_page(found and found.title, text):
        raise Unreadable(f"{kind}, no article")
    if not text or found is None:
        raise Unreadable("no article in the page")
    own = {"byline": found.byline, "copyright": found.rights}
    return Article(
        name,
        text,
        outlet=found.outlet,
        published=found.published or known.get("published"),
        url=known.get("url") or found.url,
        title=found.title,
        extra=(known.get("extra") or {}) | {key: said for key, said in own.items() if said},
    )


def decode_page(raw: bytes, decoder: Decoder, charset: str = "") -> str:
    """Decode a page as browsers do: by its mark, its declared encoding, UTF-8 or a guess.

    An encoding that Python does not know counts as none.

    Parameters
    ----------
    decoder : Decoder
        Guesses the encoding of a page that declares none; Windows-1252 if it cannot.
    charset : str
        Encoding that the user or the server named; "" for none.
    """
    for mark, encoding in _MARKS.items():
        if raw.startswith(mark):
            return raw[len(mark) :].decode(encoding, "replace")
    for encoding in (charset, *(found.decode() for found in _CHARSET.findall(raw[:_HEAD])[:2])):
        if encoding.lower() in ("iso-8859-1", "latin-1", "us-ascii"):
            encoding = "cp1252"  # what these mean on the web (Encoding standard, 4.2)
        if _is_text_encoding(encoding):
            return raw.decode(encoding, "replace")
    if wide := guess_wide(raw[:FIRST_BLOCK]):
        return raw.decode(wide, "replace")
    try:
        return decoder.decode(raw, "page")
    except Unreadable:
        return raw.decode("cp1252", "replace")


def _is_text_encoding(name: str) -> bool:
    try:
        return bool(name) and "".encode(name) is not None
    except (LookupError, ValueError):
        return False


def _extract(page: str, url: str | None) -> tuple[Any, str]:
    """Return the parsed page, and the text of its article."""
    try:
        from trafilatura import bare_extraction
    except ImportError:
        raise MissingExtra("trafilatura", "html") from None
    page = cut_inline(cut_attributes(page))
    try:
        tree = _parse(page)
        if tree is not None and _is_large(page):
            return tree, _read_all(page)
        found: Any = tree is not None and bare_extraction(tree, url=url, include_comments=False)
    except Unreadable:
        raise
    except Exception as error:  # of lxml or any other parser
        raise Unreadable(f"invalid HTML: {error!r}") from None
    return tree, found.text or "" if found else ""


def _is_large(page: str) -> bool:
    return page.count("<") > _MAX_TAGS and len(_TAG.findall(page)) > _MAX_TAGS


def _parse(page: str) -> Any:
    """Return the tree of a page, with fewer levels if they are too many."""
    from trafilatura import load_html

    tree = load_html(page)
    if tree is None or not _is_deep(tree):
        return tree
    tree = load_html(flatten(page))
    if tree is not None and _is_deep(tree):
        raise Unreadable(f"invalid HTML: more than {MAX_DEPTH} levels of elements")
    return tree


def _is_deep(tree: Any) -> bool:
    return bool(tree.xpath(f"boolean({'/*' * (MAX_DEPTH + 1)})"))


def _read_all(page: str) -> str:
    """Return the text of the first article, the main part or the body of a page."""
    parts = {found[1].lower(): found for found in reversed([*_TEXT.finditer(page)])}
    for name in ("article", "main", "body"):
        if name in parts:
            ends = [one.start() for one in re.finditer(f"</{name}", page, re.IGNORECASE)]
            start, least = parts[name].span()
            page = page[start : max(ends[-1], least) if ends else len(page)]
            break
    return clean(page) or page
