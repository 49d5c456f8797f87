"""The bytes of a segment: the specification in docs/index-format.md, in code.

A file is blocks of 4,096 bytes. The first holds the line ``dedup segment 1`` and one line of
JSON; each section begins a block; behind the last block stand the XXH64 of each, and the XXH64
of these.
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
# Bytes that are checked at once, as the core checks them.
BLOCK = 4096
_KIND = b"dedup segment "
_FIRST_LINE = _KIND + f"{VERSION}\n".encode()
_SUM = 8
# The first line is much shorter. Of a foreign file no more than this is looked at.
_MAX_LINE = 64


class Section(NamedTuple):
    """Where an array stands: first byte and number of values."""

    at: int
    n: int


class Header(NamedTuple):
    """What a segment says of itself.

    Parameters
    ----------
    recipe : str
        Digest of what its postings were made with.
    first : int
        Number that its articles are counted from.
    sections : Mapping[str, Section]
        By name, in the order of the file.
    """

    recipe: str
    first: int
    sections: Mapping[str, Section]

    def to_block(self) -> bytes:
        """Return the first block."""
        sections = {name: list(section) for name, section in self.sections.items()}
        said = {"recipe": self.recipe, "first": self.first, "sections": sections}
        return (_FIRST_LINE + json.dumps(said).encode() + b"\n").ljust(BLOCK, b"\0")


def read_header(name: str, file: NDArray[np.uint8], recipe: str) -> tuple[Header, NDArray[Any]]:
    """Check the first block of a segment and the sums at its end.

    Parameters
    ----------
    name : str
        Of the file, for errors.
    file : ndarray of uint8, shape (n_bytes,)
        All of it.
    recipe : str
        What it has to be made with.

    Returns
    -------
    tuple of (Header, ndarray of uint64)
        The header, and the sum of each block.

    Raises
    ------
    IncompatibleFile
        If it is no segment, of another version, or made with another recipe.
    CorruptFile
        If it is cut off or its first block or its sums are damaged.
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
    """Return what stands behind the last block."""
    table = sums.astype("<u8").tobytes()
    return table + xxhash.xxh64_digest(table)[::-1]
