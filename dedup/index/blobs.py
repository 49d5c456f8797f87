"""Arrays as row bytes, and the digest that checks a row."""

from __future__ import annotations

import numpy as np
import xxhash
from numpy.typing import NDArray

from dedup.index.segments import KINDS, SegmentInput

# The columns of dedup.mask.boilerplate.Formulas.
Columns = tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.uint64]]
_POSTING = np.dtype([("key", "<u8"), ("place", "<u4")])


def digest_row(*columns: int | bytes) -> bytes:
    """Return the 128-bit XXH3 of the columns of a row, each number as eight bytes."""
    return xxhash.xxh3_128_digest(
        b"".join(
            one if isinstance(one, bytes) else one.to_bytes(8, "little", signed=True)
            for one in columns
        )
    )


def of_postings(sources: dict[str, SegmentInput]) -> bytes:
    """Pack the postings of one article."""
    return b"".join(_of_source(sources[kind]) for kind in KINDS)


def to_postings(blob: bytes, number: int) -> dict[str, SegmentInput]:
    """Unpack the postings of an article, by kind, with its number."""
    sources, at = {}, 0
    for kind in KINDS:
        n = int.from_bytes(blob[at : at + 4], "little")
        rows = np.frombuffer(blob, _POSTING, n, at + 4)
        at += 4 + n * _POSTING.itemsize
        keys: NDArray[np.uint64] = np.ascontiguousarray(rows["key"])
        places: NDArray[np.uint32] = np.ascontiguousarray(rows["place"])
        sources[kind] = SegmentInput(keys, np.full(n, number, np.uint32), places)
    return sources


def _of_source(source: SegmentInput) -> bytes:
    rows = np.empty(len(source.keys), _POSTING)
    rows["key"], rows["place"] = source.keys, source.places
    return len(rows).to_bytes(4, "little") + rows.tobytes()


def of_formulas(formulas: Columns) -> bytes:
    """Pack the formulas of an outlet."""
    arrays = (np.ascontiguousarray(one, "<u8").tobytes() for one in formulas)
    return len(formulas[0]).to_bytes(8, "little") + b"".join(arrays)


def to_formulas(blob: bytes) -> Columns:
    """Unpack the formulas of an outlet."""
    n_keys = int.from_bytes(blob[:8], "little")
    values = np.frombuffer(blob, "<u8", -1, 8)
    counts = values[n_keys : 2 * n_keys].astype(np.int64)
    return values[:n_keys].copy(), counts, values[2 * n_keys :].copy()
