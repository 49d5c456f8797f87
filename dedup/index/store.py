"""The SQLite part of an index: articles, unflushed postings, and the list of live segments.

One commit makes a change visible and durable. docs/index-format.md describes the tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import zstandard

from dedup.errors import CorruptFile
from dedup.index import FILE
from dedup.index.names import find_copy, find_name, find_url, find_versions
from dedup.index.rows import (
    ANY,
    Bodies,
    DocumentRow,
    Run,
    SegmentRow,
    Stored,
    StoredText,
    UnflushedPostings,
    digest,
    digest_row,
    from_body,
    pack_formulas,
    pack_postings,
    to_body,
    to_columns,
    unpack_formulas,
    unpack_postings,
)
from dedup.index.schema import PATIENCE, connect
from dedup.mask.boilerplate import Formulas
from dedup.model.article import Article
from dedup.params import Params

# Number of articles from which bodies use a dictionary, and number of articles in the dictionary.
_LEARNED_FROM, _MOST_LEARNED = 64, 256


class Store:
    """The SQLite file of an index.

    Raises
    ------
    IncompatibleFile, CorruptFile, StoreError
        As for :func:`dedup.index.schema.connect`.
    """

    def __init__(self, directory: Path, params: Params | None, *, can_write: bool) -> None:
        self.path = directory / FILE
        self._database, self.recipe = connect(self.path, params, can_write=can_write)
        self._bodies = Bodies(self._database)

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit everything inside, or nothing."""
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
        """Read everything inside from one snapshot."""
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
        """Return a number that changes with a commit of another connection."""
        return int(self._database.execute("PRAGMA data_version").fetchone()[0])

    # Articles

    def add(self, block: Sequence[Stored], revisions: Sequence[int], run: Run = map) -> int:
        """Store articles, and return the number of the first; the others follow.

        Parameters
        ----------
        run : callable
            Applies a function to many items in order, maybe in threads.
        """
        first = self.n_numbers()
        dictionary = self._bodies.newest()
        bodies = self._bodies.pack_all(block, dictionary, run)
        rows = [
            (
                number,
                *to_columns(one.article),
                revision,
                digest(one.article.text),
                dictionary,
                body,
            )
            for number, (one, revision, body) in enumerate(
                zip(block, revisions, bodies, strict=True), first
            )
        ]
        self._database.executemany(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows
        )
        last = first + len(rows)
        self._database.execute("UPDATE meta SET value = ? WHERE name = 'n_numbers'", (last,))
        return first

    def has(self, number: int, article: Article) -> bool:
        """Return whether an article is stored with exactly these fields."""
        (stored,) = self.load([number])
        return to_body(article, stored.credits) == to_body(*stored)

    def rename(self, number: int, article: Article) -> None:
        """Store the other fields of an article with unchanged text and outlet."""
        (before,) = self.load([number])
        row = *to_columns(article), *self._bodies.pack(to_body(article, before.credits)), number
        self._database.execute(
            "UPDATE documents SET id = ?, url = ?, outlet = ?, published = ?, n_chars = ?, "
            "dictionary = ?, body = ? WHERE number = ?",
            row,
        )

    def n_numbers(self) -> int:
        """Return how many article numbers were assigned; a number is never reused."""
        query = "SELECT value AS number FROM meta WHERE name = 'n_numbers'"
        return int(self._database.execute(query).fetchone()[0])

    def find(self, id: str) -> int | None:
        """Return the number of the article with an id."""
        row = self._database.execute(
            "SELECT number FROM documents WHERE id = ?", (id.encode(*ANY),)
        ).fetchone()
        return int(row[0]) if row else None

    def find_url(self, url: str) -> int | None:
        """Return the number of the latest article with a URL."""
        return find_url(self._database, url)

    def find_versions(self, article: Article) -> list[DocumentRow]:
        """Return the articles with the id or the URL of an article: none, one or two."""
        return find_versions(self._database, article)

    def name(self, article: Article) -> Article:
        """Return an article under the id of :func:`dedup.index.names.find_name`."""
        name = find_name(self._database, article)
        return article if name == article.id else Article(**{**article.to_dict(), "id": name})

    def find_copy(self, article: Article) -> int | None:
        """Return the first article with the same text, but another id and another URL."""
        return find_copy(self._database, article)

    def load(self, numbers: Sequence[int]) -> list[Stored]:
        """Load articles by number, in that order; all must exist."""
        return list(map(self.complete, self.load_texts(numbers)))

    def load_texts(self, numbers: Sequence[int]) -> list[StoredText]:
        """Load the texts of articles by number, in that order; all must exist."""
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
            raise CorruptFile(str(self.path), f"article number {lost[0]} is missing")
        return [found[number] for number in numbers]

    def _read(self, name: bytes, check: bytes, dictionary: int | None, body: bytes) -> StoredText:
        try:
            stored = from_body(self._bodies.unpack(dictionary, body))
        except (zstandard.ZstdError, ValueError, TypeError, KeyError, MemoryError) as error:
            raise self._damage(name, error) from error
        if stored.id.encode(*ANY) != name or digest(stored.text) != check:
            raise self._damage(name, "its id or checksum differs")
        return stored

    def complete(self, stored: StoredText) -> Stored:
        """Make an article of a stored text."""
        try:
            return Stored(Article(**stored.fields), stored.credits)
        except (ValueError, TypeError) as error:
            raise self._damage(stored.id.encode(*ANY), error) from error

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

    def outside(self, earliest: float, latest: float) -> list[int]:
        """Return the numbers of the articles published outside a range of seconds since 1970."""
        rows = self._database.execute(
            "SELECT number FROM documents WHERE published < ? OR published > ?", (earliest, latest)
        )
        return [number for (number,) in rows]

    def __len__(self) -> int:
        return int(self._database.execute("SELECT count(*) FROM documents").fetchone()[0])

    def n_chars(self) -> int:
        """Return the number of code points of all texts."""
        row = self._database.execute("SELECT coalesce(sum(n_chars), 0) FROM documents").fetchone()
        return int(row[0])

    def remove(self, numbers: Iterable[int]) -> None:
        """Remove articles, and mark their postings in segments as removed."""
        rows = [(number,) for number in numbers]
        self._database.executemany("DELETE FROM documents WHERE number = ?", rows)
        self._database.executemany(
            "INSERT INTO removed SELECT ?1 WHERE NOT EXISTS "
            "(SELECT 1 FROM fresh WHERE number = ?1)",
            rows,
        )
        self._database.executemany("DELETE FROM fresh WHERE number = ?", rows)

    def removed(self) -> list[int]:
        """Return the numbers of removed articles that segments still contain.

        Raises
        ------
        CorruptFile
            If a number was never assigned.
        """
        numbers = [row[0] for row in self._database.execute("SELECT number FROM removed")]
        n_numbers = self.n_numbers()
        for number in numbers:
            if not 0 <= number < n_numbers:
                reason = f"article number {number} is removed, and was never assigned"
                raise CorruptFile(str(self.path), reason)
        return numbers

    # Outlets

    def count_outlet(self, outlet: bytes) -> int:
        """Return the number of articles of an outlet."""
        row = self._database.execute(
            "SELECT count(*) FROM documents WHERE outlet = ?", (outlet,)
        ).fetchone()
        return int(row[0])

    def of_outlet(self, outlet: bytes, most: int) -> list[int]:
        """Return the numbers of the latest articles of an outlet, sorted by id."""
        rows = self._database.execute(
            "SELECT number FROM (SELECT number, id FROM documents WHERE outlet = ? "
            "ORDER BY number DESC LIMIT ?) ORDER BY id",
            (outlet, most),
        )
        return [row[0] for row in rows]

    def outlets(self) -> list[bytes]:
        """Return the keys of all outlets."""
        rows = self._database.execute("SELECT DISTINCT outlet FROM documents ORDER BY outlet")
        return [row[0] for row in rows]

    def forget_outlets(self) -> None:
        """Delete the formulas of outlets without articles."""
        self._database.execute(
            "DELETE FROM outlets WHERE name NOT IN (SELECT outlet FROM documents)"
        )

    def learned(self) -> dict[bytes, bytes]:
        """Return the digest of the formulas of each outlet, by key."""
        return dict(self._database.execute("SELECT name, digest FROM outlets"))

    def load_learned(self, name: bytes) -> tuple[int, Formulas]:
        """Return the number of articles that formulas were learned from, and the formulas."""
        rows = self._database.execute("SELECT * FROM outlets WHERE name = ?", (name,))
        return self._read_learned(*rows.fetchone())[1:]

    def _read_learned(
        self, name: bytes, n_learned: int, check: bytes, blob: bytes
    ) -> tuple[bytes, int, Formulas]:
        if digest_row(name, n_learned, blob) != check:
            raise CorruptFile(str(self.path), f"the row of the outlet {name!r} is damaged")
        return name, n_learned, unpack_formulas(blob)

    def keep_learned(self, name: bytes, n_learned: int, formulas: Formulas) -> None:
        """Store the formulas of an outlet."""
        blob = pack_formulas(formulas)
        row = name, n_learned, digest_row(name, n_learned, blob), blob
        self._database.execute("INSERT OR REPLACE INTO outlets VALUES (?, ?, ?, ?)", row)

    # Postings

    def add_fresh(self, fresh: UnflushedPostings) -> None:
        """Store the postings of articles."""
        blobs = zip(fresh.numbers, fresh.counts, pack_postings(fresh), strict=True)
        rows = ((number, n, digest_row(number, n, blob), blob) for number, n, blob in blobs)
        self._database.executemany("INSERT INTO fresh VALUES (?, ?, ?, ?)", rows)

    def fresh(self, first: int = 0) -> UnflushedPostings:
        """Return the unflushed postings of the articles from a number on."""
        query = "SELECT * FROM fresh WHERE number >= ? ORDER BY number"
        rows = self._database.execute(query, (first,)).fetchall()
        for row in rows:
            self._check_fresh(*row)
        numbers, counts, _, blobs = zip(*rows, strict=True) if rows else ((),) * 4
        return UnflushedPostings(numbers, counts, unpack_postings(blobs, numbers))

    def _check_fresh(self, number: int, n_tokens: int, check: bytes, blob: bytes) -> None:
        if digest_row(number, n_tokens, blob) != check:
            reason = f"the postings of article number {number} are damaged"
            raise CorruptFile(str(self.path), reason)

    def fresh_numbers(self) -> list[int]:
        """Return the numbers of the articles with unflushed postings."""
        return [row[0] for row in self._database.execute("SELECT number FROM fresh")]

    def clear_fresh(self) -> None:
        """Delete unflushed postings that a segment now contains."""
        self._database.execute("DELETE FROM fresh")

    def segments(self) -> list[SegmentRow]:
        """Return the live segments, in order of their articles."""
        rows = self._database.execute(
            "SELECT name AS file, first, n_articles FROM segments ORDER BY first"
        )
        return [SegmentRow(*row) for row in rows]

    def replace_segments(
        self, old: Iterable[str], new: SegmentRow | None, dropped: Iterable[int] = ()
    ) -> None:
        """Replace segments by a new one; dropped articles are in no segment."""
        self._database.executemany("DELETE FROM segments WHERE name = ?", [(name,) for name in old])
        if new:
            self._database.execute("INSERT INTO segments VALUES (?, ?, ?)", new)
        self._database.executemany(
            "DELETE FROM removed WHERE number = ?", [(number,) for number in dropped]
        )

    def shrink(self) -> None:
        """Return unused space to the file system."""
        self._database.execute("VACUUM")
        # Do not wait for readers of old pages; the next call frees these.
        self._database.execute("PRAGMA busy_timeout = 0")
        try:
            self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        finally:
            self._database.execute(f"PRAGMA busy_timeout = {1000 * PATIENCE}")

    def check(self) -> Iterator[CorruptFile]:
        """Yield the errors found by SQLite and by the checksums of all rows."""
        for (said,) in self._database.execute("PRAGMA integrity_check"):
            if said != "ok":
                yield CorruptFile(str(self.path), said)
        readers: dict[str, Callable[..., object]] = {
            "documents": self._check_document,
            "fresh": self._check_fresh,
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
        stored = self.complete(self._read(name, check, dictionary, body))
        if to_columns(stored.article) != (name, *columns):
            raise self._damage(name, f"row {number} of documents differs from its body")

    def learn_words(self) -> None:
        """Create a compression dictionary once there are enough articles."""
        if self._bodies.newest() is not None or len(self) < _LEARNED_FROM:
            return
        rows = self._database.execute(
            "SELECT number FROM documents ORDER BY number DESC LIMIT ?", (_MOST_LEARNED,)
        )
        self._bodies.learn(b"".join(to_body(*one) for one in self.load([row[0] for row in rows])))
