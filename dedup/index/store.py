"""What an index keeps in SQLite: articles, postings in no segment yet, and which segments live.

Everything becomes visible, and lasts, with one commit. The tables are told in
docs/index-format.md.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import xxhash
import zstandard
from numpy.typing import NDArray

from dedup.article import Article, Credit, Span
from dedup.errors import CorruptFile, IncompatibleFile, ParameterError, StoreError
from dedup.index.segments import KINDS, Source

VERSION = 1
FILE = "index.sqlite"

_SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE documents (
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    url BLOB,
    outlet BLOB,
    published REAL,
    n_chars INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    digest BLOB NOT NULL,
    dictionary INTEGER,
    body BLOB NOT NULL
);
CREATE INDEX documents_url ON documents (url) WHERE url IS NOT NULL;
CREATE INDEX documents_outlet ON documents (outlet);
CREATE INDEX documents_published ON documents (published) WHERE published IS NOT NULL;
CREATE TABLE outlets (
    name BLOB PRIMARY KEY, n_learned INTEGER NOT NULL, digest BLOB NOT NULL, formulas BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE dictionaries (number INTEGER PRIMARY KEY, content BLOB NOT NULL);
CREATE TABLE fresh (
    number INTEGER PRIMARY KEY, n_tokens INTEGER NOT NULL, digest BLOB NOT NULL,
    postings BLOB NOT NULL
);
CREATE TABLE segments (
    name TEXT PRIMARY KEY, first INTEGER NOT NULL, n_articles INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE removed (number INTEGER PRIMARY KEY);
"""

# Bytes that the write-ahead log keeps on the disk when all of it is in the database.
_LOG = 4 << 20
# Seconds that a statement waits for that of another process.
_PATIENCE = 60
# Few bytes of a page are wasted by bodies of this size.
_PAGE = 8192
# Any string has these bytes, one with lone surrogates too.
_ANY = ("utf-8", "surrogatepass")
_LEVEL = 3
# Bytes of earlier articles that later ones are packed with, and how many articles that takes.
_DICTIONARY, _LEARNED_FROM = 112 << 10, 64
# Columns of dedup.stages.boilerplate.Formulas.
Columns = tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.uint64]]
_Packer = tuple[zstandard.ZstdCompressor, zstandard.ZstdDecompressor]
_POSTING = np.dtype([("key", "<u8"), ("place", "<u4")])


class Stored(NamedTuple):
    """An article, and where it says whose text it carries."""

    article: Article
    credits: tuple[Credit, ...]


class Known(NamedTuple):
    """What is kept of an article beside its body."""

    number: int
    id: str
    digest: bytes
    revision: int


class Fresh(NamedTuple):
    """Postings of an article that is in no segment yet."""

    number: int
    n_tokens: int
    sources: dict[str, Source]


class Listed(NamedTuple):
    """A live segment: the name of its file, its first number, its articles."""

    name: str
    first: int
    n_articles: int


class Store:
    """The SQLite file of an index.

    Parameters
    ----------
    directory : Path
        The index.
    recipe : str
        What its postings are made with.
    can_write : bool
        Whether it is made where there is none, and may be changed.

    Raises
    ------
    IncompatibleFile
        If it is of another version or recipe.
    CorruptFile
        If it is no database.
    StoreError
        If there is none and none may be made.
    """

    def __init__(self, directory: Path, recipe: str, *, can_write: bool) -> None:
        self.path = directory / FILE
        self._recipe = recipe
        if not can_write and not self.path.exists():
            raise StoreError(str(directory), "no index")
        uri = f"{self.path.absolute().as_uri()}?mode={'rwc' if can_write else 'ro'}"
        self._dictionaries: dict[int | None, _Packer] = {}
        try:
            self._database = sqlite3.connect(
                uri, uri=True, isolation_level=None, check_same_thread=False, timeout=_PATIENCE
            )
            try:
                self._begin(can_write)
            except BaseException:
                self._database.close()
                raise
        except sqlite3.OperationalError as error:
            raise StoreError(str(self.path), str(error)) from error
        except sqlite3.DatabaseError as error:
            raise CorruptFile(str(self.path), str(error)) from error

    def _begin(self, can_write: bool) -> None:
        run = self._database.execute
        tables = {row[0] for row in run("SELECT name FROM sqlite_master")}
        if not tables and can_write:
            self._create()
        elif not tables:
            raise StoreError(str(self.path.parent), "no index")
        elif "meta" not in tables:
            raise IncompatibleFile(str(self.path), "a database that is no index")
        run("PRAGMA synchronous = FULL")
        run(f"PRAGMA journal_size_limit = {_LOG}")
        found = dict(run("SELECT name, value FROM meta"))
        if found.get("version") != VERSION:
            raise IncompatibleFile(
                str(self.path),
                f"an index of version {found.get('version')}, where version {VERSION} is read",
            )
        if found["recipe"] != self._recipe:
            raise IncompatibleFile(
                str(self.path),
                f"made with the recipe {found['recipe']}, where {self._recipe} is asked for",
            )

    def _create(self) -> None:
        run = self._database.execute
        run(f"PRAGMA page_size = {_PAGE}")
        run("PRAGMA journal_mode = WAL")
        run("PRAGMA synchronous = FULL")
        with self.transaction():
            for statement in _SCHEMA.split(";"):
                run(statement)
            values = ("version", VERSION), ("recipe", self._recipe), ("n_numbers", 0)
            self._database.executemany("INSERT INTO meta VALUES (?, ?)", values)

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Have what is done inside happen as a whole or not at all."""
        try:
            self._database.execute("BEGIN IMMEDIATE")
            yield
            self._database.execute("COMMIT")
        except BaseException:
            if self._database.in_transaction:
                self._database.execute("ROLLBACK")
            raise

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Have all that is read inside be of one moment."""
        if self._database.in_transaction:
            yield
            return
        try:
            self._database.execute("BEGIN")
            yield
        finally:
            if self._database.in_transaction:
                self._database.execute("COMMIT")

    def version(self) -> int:
        """Return a number that another one's commit changes."""
        return int(self._database.execute("PRAGMA data_version").fetchone()[0])

    # Articles

    def add(self, stored: Stored, revision: int) -> int:
        """Store an article, and return its number."""
        dictionary = self._newest_dictionary()
        article = stored.article
        body = self._packer(dictionary)[0].compress(_to_body(stored))
        number = self.n_numbers()
        row = number, *_columns(article), revision, digest(article.text), dictionary, body
        self._database.execute("INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        self._database.execute("UPDATE meta SET value = ? WHERE name = 'n_numbers'", (number + 1,))
        return number

    def n_numbers(self) -> int:
        """Return how many numbers were given to articles; none is given twice."""
        row = self._database.execute("SELECT value FROM meta WHERE name = 'n_numbers'").fetchone()
        return int(row[0])

    def find(self, id: str, url: str | None = None) -> Known | None:
        """Return the article of an id, or else that of a URL."""
        columns = "SELECT number, id, digest, revision FROM documents"
        row = self._database.execute(f"{columns} WHERE id = ?", (id.encode(*_ANY),)).fetchone()
        if row is None and url:
            row = self._database.execute(
                f"{columns} WHERE url = ? ORDER BY number DESC", (url.encode(*_ANY),)
            ).fetchone()
        return Known(row[0], row[1].decode(*_ANY), row[2], row[3]) if row else None

    def load(self, numbers: Sequence[int]) -> list[Stored]:
        """Load articles by their numbers, all of which there are, in that order."""
        found = {}
        for low in range(0, len(numbers), 500):
            part = numbers[low : low + 500]
            marks = ",".join("?" * len(part))
            for number, *row in self._database.execute(
                f"SELECT number, id, digest, dictionary, body FROM documents "
                f"WHERE number IN ({marks})",
                part,
            ):
                found[number] = self._read(*row)
        if lost := [number for number in numbers if number not in found]:
            raise CorruptFile(str(self.path), f"article number {lost[0]} is not there")
        return [found[number] for number in numbers]

    def _read(self, name: bytes, check: bytes, dictionary: int | None, body: bytes) -> Stored:
        try:
            stored = _of_body(self._packer(dictionary)[1].decompress(body))
        except (zstandard.ZstdError, ValueError, TypeError, KeyError, MemoryError) as error:
            raise self._damage(name, error) from error
        if stored.article.id.encode(*_ANY) != name or digest(stored.article.text) != check:
            raise self._damage(name, "it is not what was stored")
        return stored

    def _damage(self, name: bytes, reason: object) -> CorruptFile:
        return CorruptFile(
            str(self.path), f"article {name.decode('utf-8', 'replace')!r} is damaged: {reason}"
        )

    def numbers(self, first: int = 0, most: int = -1) -> list[int]:
        """Return the numbers of the articles from a number on, ascending."""
        rows = self._database.execute(
            "SELECT number FROM documents WHERE number >= ? ORDER BY number LIMIT ?", (first, most)
        )
        return [row[0] for row in rows]

    def older_than(self, moment: datetime) -> list[int]:
        """Return the numbers of the articles that were published before a moment."""
        return [
            row[0]
            for row in self._database.execute(
                "SELECT number FROM documents WHERE published < ?", (moment.timestamp(),)
            )
        ]

    def __len__(self) -> int:
        return int(self._database.execute("SELECT count(*) FROM documents").fetchone()[0])

    def n_chars(self) -> int:
        """Return the code points of all texts."""
        row = self._database.execute("SELECT coalesce(sum(n_chars), 0) FROM documents").fetchone()
        return int(row[0])

    def remove(self, numbers: Iterable[int]) -> None:
        """Take articles out; what segments have of them is marked."""
        rows = [(number,) for number in numbers]
        self._database.executemany("DELETE FROM documents WHERE number = ?", rows)
        self._database.executemany(
            "INSERT INTO removed SELECT ?1 WHERE NOT EXISTS "
            "(SELECT 1 FROM fresh WHERE number = ?1)",
            rows,
        )
        self._database.executemany("DELETE FROM fresh WHERE number = ?", rows)

    def removed(self) -> list[int]:
        """Return the numbers of articles that are gone, though a segment has them."""
        return [row[0] for row in self._database.execute("SELECT number FROM removed")]

    # Outlets

    def count_outlet(self, outlet: bytes) -> int:
        """Return how many articles of an outlet there are."""
        row = self._database.execute(
            "SELECT count(*) FROM documents WHERE outlet = ?", (outlet,)
        ).fetchone()
        return int(row[0])

    def of_outlet(self, outlet: bytes, most: int | None = None) -> list[int]:
        """Return the numbers of the articles of an outlet, or of its latest, ascending."""
        rows = self._database.execute(
            "SELECT number FROM documents WHERE outlet = ? ORDER BY number DESC LIMIT ?",
            (outlet, -1 if most is None else most),
        )
        return sorted(row[0] for row in rows)

    def outlets(self) -> list[bytes]:
        """Return the names of all outlets."""
        rows = self._database.execute("SELECT DISTINCT outlet FROM documents ORDER BY outlet")
        return [row[0] for row in rows]

    def learned(self) -> Iterator[tuple[bytes, int, Columns]]:
        """Yield the name of each outlet, of how many articles was learned, and what."""
        for row in self._database.execute("SELECT * FROM outlets"):
            yield self._read_learned(*row)

    def _read_learned(
        self, name: bytes, n_learned: int, check: bytes, blob: bytes
    ) -> tuple[bytes, int, Columns]:
        if xxhash.xxh3_128_digest(blob) != check:
            raise CorruptFile(str(self.path), f"the row of the outlet {name!r} is damaged")
        n_keys = int.from_bytes(blob[:8], "little")
        values = np.frombuffer(blob, "<u8", -1, 8)
        counts = values[n_keys : 2 * n_keys].astype(np.int64)
        return name, n_learned, (values[:n_keys].copy(), counts, values[2 * n_keys :].copy())

    def keep_learned(self, name: bytes, n_learned: int, formulas: Columns) -> None:
        """Store what was learned of an outlet."""
        arrays = (np.ascontiguousarray(one, "<u8").tobytes() for one in formulas)
        blob = len(formulas[0]).to_bytes(8, "little") + b"".join(arrays)
        row = name, n_learned, xxhash.xxh3_128_digest(blob), blob
        self._database.execute("INSERT OR REPLACE INTO outlets VALUES (?, ?, ?, ?)", row)

    # Postings

    def add_fresh(self, fresh: Fresh) -> None:
        """Store the postings of an article."""
        blob = b"".join(_to_blob(fresh.sources[kind]) for kind in KINDS)
        row = fresh.number, fresh.n_tokens, xxhash.xxh3_128_digest(blob), blob
        self._database.execute("INSERT INTO fresh VALUES (?, ?, ?, ?)", row)

    def fresh(self) -> Iterator[Fresh]:
        """Yield the postings of the articles that are in no segment, by their numbers."""
        for row in self._database.execute("SELECT * FROM fresh ORDER BY number"):
            yield self._read_fresh(*row)

    def _read_fresh(self, number: int, n_tokens: int, check: bytes, blob: bytes) -> Fresh:
        if xxhash.xxh3_128_digest(blob) != check:
            reason = f"the postings of article number {number} are damaged"
            raise CorruptFile(str(self.path), reason)
        return Fresh(number, n_tokens, _of_blob(blob, number))

    def fresh_numbers(self) -> list[int]:
        """Return the numbers of the articles that are in no segment."""
        return [row[0] for row in self._database.execute("SELECT number FROM fresh")]

    def clear_fresh(self) -> None:
        """Forget the postings that now are in a segment."""
        self._database.execute("DELETE FROM fresh")

    def segments(self) -> list[Listed]:
        """Return the live segments, by their articles."""
        return [
            Listed(*row)
            for row in self._database.execute(
                "SELECT name, first, n_articles FROM segments ORDER BY first"
            )
        ]

    def replace_segments(
        self, old: Iterable[str], new: Listed | None, dropped: Iterable[int] = ()
    ) -> None:
        """Put a segment in the place of others; articles that were dropped are in none."""
        self._database.executemany("DELETE FROM segments WHERE name = ?", [(name,) for name in old])
        if new:
            self._database.execute("INSERT INTO segments VALUES (?, ?, ?)", new)
        self._database.executemany(
            "DELETE FROM removed WHERE number = ?", [(number,) for number in dropped]
        )

    def shrink(self) -> None:
        """Give back the room of what is gone."""
        self._database.execute("VACUUM")
        # Whoever reads what was there before is not waited for: the next one gives it back.
        self._database.execute("PRAGMA busy_timeout = 0")
        self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        self._database.execute(f"PRAGMA busy_timeout = {1000 * _PATIENCE}")

    def check(self) -> Iterator[CorruptFile]:
        """Yield what SQLite itself, and the sums of all rows, find wrong."""
        for (said,) in self._database.execute("PRAGMA integrity_check"):
            if said != "ok":
                yield CorruptFile(str(self.path), said)
        readers: dict[str, Callable[..., object]] = {
            "documents": self._check_document,
            "fresh": self._read_fresh,
            "outlets": self._read_learned,
        }
        for table, read in readers.items():
            for row in self._database.execute(f"SELECT * FROM {table}"):
                try:
                    read(*row)
                except CorruptFile as error:
                    yield error

    def _check_document(self, number: int, name: bytes, *row: Any) -> None:
        *columns, _, check, dictionary, body = row
        if _columns(self._read(name, check, dictionary, body).article) != (name, *columns):
            raise self._damage(name, f"row {number} of documents is not what its body says")

    # How bodies are packed

    def learn_words(self) -> None:
        """Have later articles packed with the words of earlier ones, from when there are some."""
        if self._newest_dictionary() is not None or len(self) < _LEARNED_FROM:
            return
        last = self._database.execute("SELECT max(number) FROM documents").fetchone()[0]
        rows = self._database.execute(
            "SELECT number FROM documents WHERE number <= ? ORDER BY number DESC LIMIT 256", (last,)
        )
        bodies = (_to_body(one) for one in self.load([row[0] for row in rows]))
        content = b"".join(bodies)[-_DICTIONARY:]
        self._database.execute("INSERT INTO dictionaries (content) VALUES (?)", (content,))

    def _newest_dictionary(self) -> int | None:
        row = self._database.execute("SELECT max(number) FROM dictionaries").fetchone()
        return int(row[0]) if row[0] is not None else None

    def _packer(self, dictionary: int | None) -> _Packer:
        if dictionary not in self._dictionaries:
            words = None
            if dictionary is not None:
                content = self._database.execute(
                    "SELECT content FROM dictionaries WHERE number = ?", (dictionary,)
                ).fetchone()[0]
                words = zstandard.ZstdCompressionDict(
                    content, dict_type=zstandard.DICT_TYPE_RAWCONTENT
                )
                words.precompute_compress(level=_LEVEL)
            self._dictionaries[dictionary] = (
                zstandard.ZstdCompressor(level=_LEVEL, dict_data=words, write_checksum=True),
                zstandard.ZstdDecompressor(dict_data=words),
            )
        return self._dictionaries[dictionary]


def name_outlet(outlet: str | None) -> bytes:
    """Return the bytes that stand for an outlet; those of none are of no other."""
    return b"" if outlet is None else b"=" + outlet.encode(*_ANY)


def digest(text: str) -> bytes:
    """Return 16 bytes that tell a text from any other: XXH3 of its UTF-8, 128 bits."""
    return xxhash.xxh3_128_digest(text.encode(*_ANY))


def _columns(article: Article) -> tuple[bytes, bytes | None, bytes, float | None, int]:
    return (
        article.id.encode(*_ANY),
        article.url.encode(*_ANY) if article.url else None,
        name_outlet(article.outlet),
        article.published.timestamp() if article.published else None,
        len(article.text),
    )


def _to_body(stored: Stored) -> bytes:
    article = stored.article
    fields = {
        "id": article.id,
        "outlet": article.outlet,
        "published": article.published.isoformat() if article.published else None,
        "url": article.url,
        "title": article.title,
        "extra": dict(article.extra),
        "text": article.text,
        "credits": [[*credit.span, credit.kind, credit.name] for credit in stored.credits],
    }
    try:
        body = json.dumps(fields, ensure_ascii=False, separators=(",", ":"), default=str)
    except (TypeError, ValueError, RecursionError) as error:
        raise ParameterError(f"extra of article {article.id!r} cannot be stored: {error}") from None
    return body.encode(*_ANY)


def _of_body(body: bytes) -> Stored:
    fields = json.loads(body.decode(*_ANY))
    credits = fields.pop("credits")
    return Stored(
        Article(**fields),
        tuple(Credit(Span(start, end), kind, name) for start, end, kind, name in credits),
    )


def _to_blob(source: Source) -> bytes:
    rows = np.empty(len(source.keys), _POSTING)
    rows["key"], rows["place"] = source.keys, source.places
    return len(rows).to_bytes(4, "little") + rows.tobytes()


def _of_blob(blob: bytes, number: int) -> dict[str, Source]:
    sources, at = {}, 0
    for kind in KINDS:
        n = int.from_bytes(blob[at : at + 4], "little")
        rows = np.frombuffer(blob, _POSTING, n, at + 4)
        at += 4 + n * _POSTING.itemsize
        keys: NDArray[np.uint64] = np.ascontiguousarray(rows["key"])
        places: NDArray[np.uint32] = np.ascontiguousarray(rows["place"])
        sources[kind] = Source(keys, np.full(n, number, np.uint32), places)
    return sources
