"""What a collection takes in memory: as it was measured, and by what it should be made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from bench.scale.figures import ScaleRow
from dedup.params import Params

# What the ledger is drawn up for.
N_ARTICLES = 10_000_000
Unit = Literal["article", "text byte", "field byte", "word", "seed", "passage"]
Place = Literal["memory", "disk"]


@dataclass(frozen=True, slots=True)
class LedgerPart:
    """Say what one part of the engine holds until it is done.

    Parameters
    ----------
    name : str
        What it is.
    n_bytes : float
        For each of `unit`.
    unit : str
        What it grows with.
    bounded : {"memory", "disk"}
        Where it is when memory is bounded.
    """

    name: str
    n_bytes: float
    unit: Unit
    bounded: Place


_PARAMS = Params()
_N_SLOTS, _N_BANDS = _PARAMS.sketch.n_perm, _PARAMS.band.n_bands
# A key of 8 bytes, an article and a place of 4 each; and the directory, 8 bytes for 2 to 4 keys.
_POSTING = 16 + 3

# The layout of the engine, to be kept in step with it. Arrays follow from their types. Python's
# objects were measured on these collections by `sys.getsizeof`; that of passages is mostly edits.
PARTS = (
    LedgerPart("texts, as Python has them", 1, "text byte", "disk"),
    LedgerPart("other fields", 1, "field byte", "disk"),
    LedgerPart("objects of articles", 300, "article", "disk"),
    LedgerPart("ids, dates, and where the records are", 250, "article", "memory"),
    LedgerPart("tokens: 2 hashes, 2 places, flags", 26, "word", "disk"),
    LedgerPart("signatures", 4 * _N_SLOTS, "article", "disk"),
    LedgerPart("band postings, sorted", _POSTING * _N_BANDS, "article", "disk"),
    LedgerPart("seeds", 18, "seed", "disk"),
    LedgerPart("seed postings, sorted", _POSTING, "seed", "disk"),
    LedgerPart("passages by column", 88, "passage", "memory"),
    LedgerPart("words of passages, and families", 1_500, "passage", "memory"),
)


def units_of(row: ScaleRow) -> dict[Unit, float]:
    """Count what an article has of each unit.

    Parameters
    ----------
    row : ScaleRow
        A size that was measured.

    Returns
    -------
    dict of str to float
        Mean number of an article.
    """
    return {
        "article": 1.0,
        "text byte": row.per_article(row.collection.text_bytes),
        "field byte": row.per_article(row.collection.field_bytes),
        "word": row.per_article(row.reading.counts["n_words"]),
        "seed": row.per_article(row.reading.counts["n_seeds"]),
        "passage": row.per_article(row.reading.n_passages),
    }


def lay_out_ledger(
    units: Mapping[Unit, float], measured: float, n_articles: int = N_ARTICLES
) -> Iterator[str]:
    """Lay out the parts, their sum, and what was measured, for a number of articles.

    Parameters
    ----------
    units : mapping of str to float
        What an article has of each unit.
    measured : float
        Bytes of peak memory that each further article took.
    n_articles : int
        What the gigabytes (10^9) are for.

    Yields
    ------
    str
        A line a part, then one for all parts, for those in memory when it is bounded, and for
        what was measured.
    """

    def line(name: str, n_bytes: float, *more: str) -> str:
        gigabytes = n_bytes * n_articles / 1e9
        return f"{name:<36}{n_bytes:>10.0f}{gigabytes:>9.1f}  {' '.join(more)}".rstrip()

    yield f"{f'for {n_articles:,} articles':<36}{'B/article':>10}{'GB':>9}  when bounded"
    held = {part.name: part.n_bytes * units[part.unit] for part in PARTS}
    for part in PARTS:
        yield line(part.name, held[part.name], part.bounded)
    yield line("all parts", sum(held.values()))
    kept = sum(held[part.name] for part in PARTS if part.bounded == "memory")
    yield line("in memory when bounded", kept, "besides the bound")
    yield line("measured", measured)
