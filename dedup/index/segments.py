"""Segments: postings of some thousand articles in an immutable file."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup import _core
from dedup.candidates.columns import NarrowedBuckets, sort_postings
from dedup.errors import CorruptFile, StoreError
from dedup.index.format import BLOCK, Header, Packed, Section, count_bits, end_of, read_header
from dedup.runtime.whole_file import sync_folder

# Kinds of postings, in file order.
KINDS = ("bands", "seeds")
# Most postings of a kind: the directory counts in 32 bits.
MAX_POSTINGS = (1 << 32) - 1
# Target number of postings per merge step.
_STEP = 1 << 16
# Bytes to read back at once for checksums.
_PART = BLOCK << 8


class SegmentInput(NamedTuple):
    """Postings of one kind, in the order of the articles.

    Columns as in ``MemoryPostings``: keys, article numbers and places.
    """

    keys: NDArray[np.uint64]
    articles: NDArray[np.uint32]
    places: NDArray[np.uint32]

    def take(self, chosen: slice | NDArray[np.bool_]) -> SegmentInput:
        """Return a slice of the postings."""
        return SegmentInput(self.keys[chosen], self.articles[chosen], self.places[chosen])


def join_sources(sources: Sequence[SegmentInput]) -> SegmentInput:
    """Concatenate postings of one kind, in order of the articles."""
    return SegmentInput(
        np.concatenate([np.empty(0, np.uint64), *(one.keys for one in sources)]),
        np.concatenate([np.empty(0, np.uint32), *(one.articles for one in sources)]),
        np.concatenate([np.empty(0, np.uint32), *(one.places for one in sources)]),
    )


_NO_POSTINGS = sort_postings(*join_sources([]))


class Articles(NamedTuple):
    """The articles of a segment: ascending numbers, and tokens of each."""

    numbers: NDArray[np.int64]
    lengths: NDArray[np.int64]


class Segment:
    """A segment, open for reading.

    Raises
    ------
    IncompatibleFile, CorruptFile
        As :func:`dedup.index.format.read_header`.
    OSError
        If it cannot be opened.
    """

    def __init__(self, path: Path, recipe: str) -> None:
        self.path = path
        # Not a memmap: each of its slices would hold a Python object of the whole file.
        is_empty = path.stat().st_size == 0  # cannot be mapped
        self._file = np.asarray([] if is_empty else np.memmap(path, np.uint8, "r"), np.uint8)
        header, self._sums = read_header(str(path), self._file, recipe)
        self._is_checked = np.zeros(len(self._sums), np.uint8)
        self._sections = header.sections
        self.first = header.first
        self.packed = {kind: self._pack(kind) for kind in KINDS}
        for name in ("numbers", "lengths"):
            section = header.sections[name]
            self._check(section.at, section.at + 4 * section.n)
        numbers, lengths = (self._view(name).astype(np.int64) for name in ("numbers", "lengths"))
        self.articles = Articles(numbers + header.first, lengths)

    def _view(self, name: str) -> NDArray[Any]:
        at, n = self._sections[name]
        return self._file[at : at + 4 * n].view("<u4")

    def _pack(self, kind: str) -> Packed:
        directory, entries = self._sections[f"{kind}/directory"], self._sections[f"{kind}/entries"]
        return Packed(
            self._file, self._sums, self._is_checked, *directory, *entries, first=self.first
        )

    def narrow(
        self, kind: str, keys: NDArray[np.uint64], max_bucket: int, live_docs: NDArray[np.bool_]
    ) -> NarrowedBuckets:
        """Copy the buckets of some keys.

        Parameters
        ----------
        keys : ndarray of uint64, shape (n_keys,)
            Ascending, unique.
        live_docs : ndarray of bool, shape (n_articles,)
            Whether the article of a number is live; the entries of others are neither copied
            nor counted.

        Raises
        ------
        CorruptFile
            If a block differs from its checksum.
        """
        asked = (), _NO_POSTINGS, keys, 0, 0, 0, max_bucket, live_docs
        with self._trusting():
            _, found, _, bad = _core.narrow_parts((self.packed[kind],), *asked)
        self._refuse(bad)
        return NarrowedBuckets(*found)

    def count(self, kind: str) -> int:
        """Return the number of postings of a kind."""
        return self._sections[f"{kind}/entries"].n

    def unpack(
        self, kind: str, low: int, high: int, n_bits: int, live_docs: NDArray[np.bool_]
    ) -> SegmentInput:
        """Copy the postings of a key range, given by the top `n_bits` of a key, at most 16."""
        packed = self.packed[kind]
        scale = (packed.n_bounds - 1) >> n_bits
        with self._trusting():
            found = _core.unpack_range(*packed, low * scale, high * scale, live_docs)
        keys, articles, places, bad = found
        self._refuse(bad)
        return SegmentInput(keys, articles, places)

    def verify(self) -> Iterator[CorruptFile]:
        """Verify the checksum of every block, and yield the errors."""
        for low in range(0, len(self._sums), _PART // BLOCK):
            part = self._file[low * BLOCK : min(low * BLOCK + _PART, len(self._sums) * BLOCK)]
            wrong = _core.sum_blocks(part) != self._sums[low : low + _PART // BLOCK]
            for block in (np.flatnonzero(wrong) + low).tolist():
                yield self.name_damage(block)

    def _check(self, low: int, high: int) -> None:
        with self._trusting():
            bad = _core.check_bytes(self._file, self._sums, self._is_checked, low, high)
        self._refuse(bad)

    @contextmanager
    def _trusting(self) -> Iterator[None]:
        # Matching checksums do not prove that the contents are valid.
        try:
            yield
        except ValueError as error:
            raise CorruptFile(str(self.path), str(error)) from error

    def _refuse(self, bad: int) -> None:
        if bad >= 0:
            raise self.name_damage(bad)

    def name_damage(self, block: int) -> CorruptFile:
        """Return the error for a damaged block."""
        low = block * BLOCK
        return CorruptFile(str(self.path), f"damaged between byte {low} and byte {low + BLOCK}")


class SegmentWriter:
    """Writes a segment, key range by key range.

    Raises
    ------
    StoreError
        If these exceed the limit of a segment; then no file is created.
    """

    def __init__(self, path: Path, recipe: str, most: dict[str, int]) -> None:
        if max(most.values()) > MAX_POSTINGS:
            reason = (
                f"{max(most.values()):,} postings, where a segment has {MAX_POSTINGS:,} at most"
            )
            raise StoreError(str(path), reason)
        self._path = path
        self._recipe = recipe
        self._first = 0
        self._sections: dict[str, Section] = {}
        self._counts: NDArray[np.uint32] = np.empty(0, np.uint32)
        self._most = most
        self._stream: BinaryIO = path.open("x+b")

    def __enter__(self) -> SegmentWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._stream.close()  # writes the buffer, and fails if the disk is full
        finally:
            if kind is not None:
                self._path.unlink(missing_ok=True)

    def write_articles(self, articles: Articles) -> None:
        """Write everything before the postings."""
        self._first = int(articles.numbers[0]) if len(articles.numbers) else 0
        self._stream.seek(BLOCK)
        self._write_section("numbers", (articles.numbers - self._first).astype("<u4"))
        self._write_section("lengths", articles.lengths.astype("<u4"))

    def begin(self, kind: str) -> None:
        """Start the postings of a kind; their key ranges follow in ascending order."""
        self._kind = kind
        self._n_bits = count_bits(self._most[kind])
        self._counts = np.zeros(1 << self._n_bits, np.uint32)
        self._entries_at, self._n = self._stream.tell(), 0

    def add(self, source: SegmentInput) -> None:
        """Write the postings of a key range."""
        columns = sort_postings(*source)[:3]
        entries = _core.pack_entries(*columns, self._first, self._n_bits, self._counts)
        self._stream.write(entries.astype("<u8", copy=False).data)
        self._n += len(entries)

    def end(self) -> None:
        """Finish the postings of a kind."""
        self._sections[f"{self._kind}/entries"] = Section(self._entries_at, self._n)
        self._pad()
        directory = np.zeros(len(self._counts) + 1, "<u4")
        np.cumsum(self._counts, out=directory[1:])
        self._write_section(f"{self._kind}/directory", directory)

    def finish(self) -> None:
        """Write the rest, and sync the file to disk."""
        header = Header(self._recipe, self._first, self._sections)
        self._stream.seek(0)
        self._stream.write(header.to_block())
        sums = []
        self._stream.seek(0)
        while part := self._stream.read(_PART):
            sums.append(_core.sum_blocks(np.frombuffer(part, np.uint8)))
        self._stream.write(end_of(np.concatenate(sums)))
        self._stream.flush()
        os.fsync(self._stream.fileno())
        sync_folder(self._path.parent)

    def _write_section(self, name: str, array: NDArray[Any]) -> None:
        self._sections[name] = Section(self._stream.tell(), len(array))
        self._stream.write(array.data)
        self._pad()

    def _pad(self) -> None:
        self._stream.write(b"\0" * (-self._stream.tell() % BLOCK))


def write_segment(
    path: Path, recipe: str, articles: Articles, sources: dict[str, SegmentInput]
) -> None:
    """Write a whole segment.

    Raises
    ------
    OSError
        If it cannot be written; then no file is left.
    """
    most = {kind: len(sources[kind].keys) for kind in KINDS}
    with SegmentWriter(path, recipe, most) as writer:
        writer.write_articles(articles)
        for kind in KINDS:
            writer.begin(kind)
            writer.add(sources[kind])
            writer.end()
        writer.finish()


class Merge:
    """Merges segments into one, in steps.

    Parameters
    ----------
    live_docs : ndarray of bool, shape (n_articles,)
        Whether the article of a number is live; the merge skips the postings of others.
    """

    def __init__(
        self, path: Path, recipe: str, segments: Sequence[Segment], live_docs: NDArray[np.bool_]
    ) -> None:
        self.path = path
        self.segments = tuple(segments)
        self._live_docs = live_docs.copy()
        numbers = np.concatenate([segment.articles.numbers for segment in segments])
        lengths = np.concatenate([segment.articles.lengths for segment in segments])
        is_left = self._live_docs[numbers]
        self.dropped = numbers[~is_left]
        self.articles = Articles(numbers[is_left], lengths[is_left])
        self._steps = self._run(recipe)

    def _run(self, recipe: str) -> Generator[None, None, None]:
        most = {kind: sum(segment.count(kind) for segment in self.segments) for kind in KINDS}
        with SegmentWriter(self.path, recipe, most) as writer:
            writer.write_articles(self.articles)
            for kind in KINDS:
                writer.begin(kind)
                n_bits = min(max((most[kind] // _STEP).bit_length(), 1), 16)
                for part in range(1 << n_bits):
                    sources = [
                        segment.unpack(kind, part, part + 1, n_bits, self._live_docs)
                        for segment in self.segments
                    ]
                    writer.add(join_sources(sources))
                    yield
                writer.end()
            writer.finish()

    def step(self) -> bool:
        """Do one step, and return whether the file is complete."""
        return next(self._steps, self) is self

    def abandon(self) -> None:
        """Delete the unfinished file."""
        self._steps.close()
        self.path.unlink(missing_ok=True)
