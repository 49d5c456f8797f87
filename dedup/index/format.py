"""The bytes of a segment. This implements the specification in docs/index-format.md.

A file consists of blocks of 4,096 bytes. The first block holds the line ``dedup segment 1`` and one
line of JSON. Each section starts at a block. After the last block come the XXH64 of each block, and
the XXH64 of these checksums.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import xxhash
from numpy.typing import NDArray

from dedup.errors import CorruptFile, IncompatibleFile

VERSION = 1
# Bytes that are checked together; the core uses the same size.
BLOCK = 4096
_KIND = b"dedup segment "
_FIRST_LINE = _KIND + f"{VERSION}\n".encode()
_SUM = 8
# The first line is much shorter. We read no more than this of a foreign file.
_MAX_LINE = 64
# Bits of a directory: no fewer, as an entry stores only 24 of the 40 kept bits of a key.
_MIN_BITS, _MAX_BITS = 16, 30
# Target number of entries per cell of a directory.
_PER_CELL = 8
# Size of the number range of a segment, from its first article to its last.
MAX_ARTICLES = 1 << 24


class Section(NamedTuple):
    """Position of an array: first byte and number of values."""

    at: int
    n: int


class Header(NamedTuple):
    """Header of a segment."""

    recipe: str
    first: int
    sections: Mapping[str, Section]

    def to_block(self) -> bytes:
        """Return the first block."""
        sections = {name: list(section) for name, section in self.sections.items()}
        said = {"recipe": self.recipe, "first": self.first, "sections": sections}
        return (_FIRST_LINE + json.dumps(said).encode() + b"\n").ljust(BLOCK, b"\0")


class Packed(NamedTuple):
    """Arguments of the core for postings in a file: see dedup/core/packed.hpp.

    Parameters
    ----------
    file : ndarray of uint8, shape (n_bytes,)
        The whole file.
    sums : ndarray of uint64, shape (n_blocks,)
        XXH64 of each block.
    is_checked : ndarray of uint8, shape (n_blocks,)
        Blocks already verified; changed in place.
    """

    file: NDArray[np.uint8]
    sums: NDArray[np.uint64]
    is_checked: NDArray[np.uint8]
    directory_at: int
    n_bounds: int
    entries_at: int
    n_entries: int
    first: int


def count_bits(n: int) -> int:
    """Return the bits of a directory for a number of entries."""
    return min(max((n // _PER_CELL).bit_length() - 1, _MIN_BITS), _MAX_BITS)


def read_header(name: str, file: NDArray[np.uint8], recipe: str) -> tuple[Header, NDArray[Any]]:
    """Check the first block of a segment and the checksums at its end.

    Parameters
    ----------
    file : ndarray of uint8, shape (n_bytes,)
        The whole file.

    Returns
    -------
    tuple of (Header, ndarray of uint64)
        The header, and the checksum of each block.

    Raises
    ------
    IncompatibleFile
        If it is not a segment, or has another version or recipe.
    CorruptFile
        If it is truncated, or its first block or its checksums are damaged.
    """
    line = file[: len(_FIRST_LINE)].tobytes()
    if line != _FIRST_LINE:
        raise _refuse(name, file[:_MAX_LINE].tobytes())
    n_blocks, rest = divmod(len(file) - _SUM, BLOCK + _SUM)
    if n_blocks < 1 or rest:
        raise CorruptFile(name, f"cut off: it has {len(file)} bytes")
    table = file[n_blocks * BLOCK : -_SUM].tobytes()
    if xxhash.xxh64_digest(table)[::-1] != file[-_SUM:].tobytes():
        raise CorruptFile(name, f"damaged between byte {n_blocks * BLOCK} and the end")
    sums = np.frombuffer(table, "<u8")
    block = file[:BLOCK].tobytes()
    if xxhash.xxh64_intdigest(block) != sums[0]:
        raise CorruptFile(name, f"damaged between byte 0 and byte {BLOCK}")
    said = json.loads(block.split(b"\n")[1])
    if said["recipe"] != recipe:
        raise IncompatibleFile(
            name, f"made with the recipe {said['recipe']}, where that of the index is {recipe}"
        )
    sections = {key: Section(*section) for key, section in said["sections"].items()}
    return Header(said["recipe"], said["first"], sections), sums


def _refuse(name: str, start: bytes) -> Exception:
    if _FIRST_LINE.startswith(start):
        return CorruptFile(name, f"cut off: it has {len(start)} bytes")
    found = re.match(_KIND + rb"(\d+)\n", start)
    if found is None:
        return IncompatibleFile(name, "no segment of an index, or its first line is damaged")
    version = found[1].decode()
    return IncompatibleFile(name, f"of version {version}, where version {VERSION} is read")


def end_of(sums: NDArray[np.uint64]) -> bytes:
    """Return the bytes after the last block."""
    table = sums.astype("<u8").tobytes()
    return table + xxhash.xxh64_digest(table)[::-1]
