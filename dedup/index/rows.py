"""The bytes of rows. This implements docs/index-format.md.

An article is a JSON object, compressed with a dictionary of earlier ones. Postings and formulas are
arrays in rows with a digest.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import xxhash
import zstandard
from numpy.typing import NDArray

from dedup.errors import ParameterError
from dedup.index.segments import KINDS, SegmentInput
from dedup.mask.boilerplate import Formulas
from dedup.model.article import Article, Credit, Span

# This encodes any string, also one with lone surrogates.
ANY = ("utf-8", "surrogatepass")
_LEVEL = 3
# Bytes of earlier articles in a compression dictionary.
_DICTIONARY = 112 << 10
_POSTING = np.dtype([("key", "<u8"), ("place", "<u4")])
# Bodies to compress at once.
_PART = 32
# Applies a function to items, like `map`.
Run = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]
_Packer = tuple[zstandard.ZstdCompressor, zstandard.ZstdDecompressor]


class Stored(NamedTuple):
    """An article and its credit line."""

    article: Article
    credits: tuple[Credit, ...]

    @property
    def text(self) -> str:
        """Text of the article."""
        return self.article.text

    @property
    def outlet(self) -> str | None:
        """Outlet of the article."""
        return self.article.outlet


class StoredText(NamedTuple):
    """What is compared of a stored article, and the fields that make the article."""

    id: str
    text: str
    outlet: str | None
    credits: tuple[Credit, ...]
    fields: dict[str, Any]


class DocumentRow(NamedTuple):
    """The columns of an article beside its body."""

    number: int
    outlet: bytes
    digest: bytes
    revision: int


class UnflushedPostings(NamedTuple):
    """Unflushed postings of some articles, whose numbers ascend, and the tokens of each."""

    numbers: Sequence[int]
    counts: Sequence[int]
    sources: dict[str, SegmentInput]


class SegmentRow(NamedTuple):
    """A live segment: its file name, first number and articles."""

    name: str
    first: int
    n_articles: int


class Bodies:
    """Compresses bodies with the latest dictionary, and decompresses each with its own."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._packers: dict[int | None, _Packer] = {}
        self._words: dict[int, zstandard.ZstdCompressionDict] = {}

    def newest(self) -> int | None:
        """Return the number of the latest dictionary, or None."""
        row = self._database.execute("SELECT max(number) FROM dictionaries").fetchone()
        return int(row[0]) if row[0] is not None else None

    def learn(self, content: bytes) -> None:
        """Compress later bodies with a dictionary from the end of some earlier bodies."""
        row = (content[-_DICTIONARY:],)
        self._database.execute("INSERT INTO dictionaries (content) VALUES (?)", row)

    def pack(self, body: bytes) -> tuple[int | None, bytes]:
        """Return the number of the dictionary used, and the compressed body."""
        dictionary = self.newest()
        return dictionary, self._packer(dictionary)[0].compress(body)

    def pack_all(
        self, block: Sequence[Stored], dictionary: int | None, run: Run
    ) -> Iterator[bytes]:
        """Yield the bodies of articles, compressed with a dictionary; `run` may use threads."""
        words = self._load_words(dictionary)

        def pack(part: Sequence[Stored]) -> list[bytes]:
            # A compressor serves one thread at a time.
            packer = _make_compressor(words)
            return [packer.compress(to_body(*one)) for one in part]

        parts = [block[at : at + _PART] for at in range(0, len(block), _PART)]
        for packed in run(pack, parts) if len(parts) > 1 else map(pack, parts):
            yield from packed

    def unpack(self, dictionary: int | None, packed: bytes) -> bytes:
        """Decompress a body; raise a zstandard error on failure."""
        return self._packer(dictionary)[1].decompress(packed)

    def _packer(self, dictionary: int | None) -> _Packer:
        if dictionary not in self._packers:
            words = self._load_words(dictionary)
            self._packers[dictionary] = (
                _make_compressor(words),
                zstandard.ZstdDecompressor(dict_data=words),
            )
        return self._packers[dictionary]

    def _load_words(self, dictionary: int | None) -> zstandard.ZstdCompressionDict | None:
        if dictionary is None:
            return None
        if dictionary not in self._words:
            content = self._database.execute(
                "SELECT content FROM dictionaries WHERE number = ?", (dictionary,)
            ).fetchone()[0]
            words = zstandard.ZstdCompressionDict(content, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
            words.precompute_compress(level=_LEVEL)
            self._words[dictionary] = words
        return self._words[dictionary]


def _make_compressor(words: zstandard.ZstdCompressionDict | None) -> zstandard.ZstdCompressor:
    return zstandard.ZstdCompressor(level=_LEVEL, dict_data=words, write_checksum=True)


def digest(text: str) -> bytes:
    """Return the digest of a text: 128-bit XXH3 of its UTF-8, 16 bytes."""
    return xxhash.xxh3_128_digest(text.encode(*ANY))


def check_extra(article: Article) -> None:
    """Raise ParameterError if `extra` of an article cannot be stored."""
    if article.extra:
        _dump(article, dict(article.extra))


def to_body(article: Article, credits: tuple[Credit, ...]) -> bytes:
    """Return an article and its credit line as JSON."""
    fields = {
        "id": article.id,
        "outlet": article.outlet,
        "published": article.published.isoformat() if article.published else None,
        "url": article.url,
        "title": article.title,
        "extra": dict(article.extra),
        "text": article.text,
        "credits": [[*credit.span, credit.kind, credit.name] for credit in credits],
    }
    return _dump(article, fields).encode(*ANY)


def from_body(body: bytes) -> StoredText:
    """Parse a body.

    Raises
    ------
    ValueError, TypeError, KeyError
        If it is damaged. Making an article of its fields may raise the same.
    """
    fields = json.loads(body.decode(*ANY))
    credits = tuple(
        Credit(Span(start, end), kind, name) for start, end, kind, name in fields.pop("credits")
    )
    id, text, outlet = fields["id"], fields["text"], fields["outlet"]
    if not (isinstance(id, str) and isinstance(text, str) and isinstance(outlet, str | None)):
        raise TypeError("its id, text or outlet is no string")
    return StoredText(id, text, outlet, credits, fields)


def _dump(article: Article, value: dict[Any, Any]) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    except (TypeError, ValueError, RecursionError) as error:
        raise ParameterError(f"extra of article {article.id!r} cannot be stored: {error}") from None


def name_outlet(outlet: str | None) -> bytes:
    """Return the key of an outlet; a missing outlet has its own key."""
    return b"" if outlet is None else b"=" + outlet.encode(*ANY)


def to_columns(article: Article) -> tuple[bytes, bytes | None, bytes, float | None, int]:
    """Return id, URL, key of the outlet, seconds since 1970 and length of an article."""
    return (
        article.id.encode(*ANY),
        article.url.encode(*ANY) if article.url else None,
        name_outlet(article.outlet),
        article.published.timestamp() if article.published else None,
        len(article.text),
    )


def digest_row(*columns: int | bytes) -> bytes:
    """Return the 128-bit XXH3 of the columns of a row, each number as eight bytes."""
    return xxhash.xxh3_128_digest(
        b"".join(
            [
                one if isinstance(one, bytes) else one.to_bytes(8, "little", signed=True)
                for one in columns
            ]
        )
    )


def pack_postings(fresh: UnflushedPostings) -> Iterator[bytes]:
    """Yield the packed postings of each article."""
    kinds = (_pack_source(fresh.sources[kind], fresh.numbers) for kind in KINDS)
    return map(b"".join, zip(*kinds, strict=True))


def unpack_postings(blobs: Sequence[bytes], numbers: Sequence[int]) -> dict[str, SegmentInput]:
    """Unpack the postings of articles, by kind, with their numbers."""
    sources, starts = {}, [0] * len(blobs)
    for kind in KINDS:
        counts = [
            int.from_bytes(blob[at : at + 4], "little")
            for blob, at in zip(blobs, starts, strict=True)
        ]
        firsts = [at + 4 for at in starts]
        starts = [at + n * _POSTING.itemsize for at, n in zip(firsts, counts, strict=True)]
        parts = [blob[at:end] for blob, at, end in zip(blobs, firsts, starts, strict=True)]
        rows = np.frombuffer(b"".join(parts), _POSTING)
        keys: NDArray[np.uint64] = np.ascontiguousarray(rows["key"])
        places: NDArray[np.uint32] = np.ascontiguousarray(rows["place"])
        sources[kind] = SegmentInput(keys, np.array(numbers, np.uint32).repeat(counts), places)
    return sources


def _pack_source(source: SegmentInput, numbers: Sequence[int]) -> Iterator[bytes]:
    rows = np.empty(len(source.keys), _POSTING)
    rows["key"], rows["place"] = source.keys, source.places
    packed, size, own = rows.tobytes(), _POSTING.itemsize, np.array(numbers, np.uint32)
    ends = (np.searchsorted(source.articles, own, side).tolist() for side in ("left", "right"))
    for low, high in zip(*ends, strict=True):
        yield (high - low).to_bytes(4, "little") + packed[size * low : size * high]


def pack_formulas(formulas: Formulas) -> bytes:
    """Pack the formulas of an outlet."""
    arrays = (np.ascontiguousarray(one, "<u8").tobytes() for one in formulas)
    return len(formulas.keys).to_bytes(8, "little") + b"".join(arrays)


def unpack_formulas(blob: bytes) -> Formulas:
    """Unpack the formulas of an outlet."""
    n_keys = int.from_bytes(blob[:8], "little")
    values = np.frombuffer(blob, "<u8", -1, 8)
    counts = values[n_keys : 2 * n_keys].astype(np.int64)
    return Formulas(values[:n_keys].copy(), counts, values[2 * n_keys :].copy())
