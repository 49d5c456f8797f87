"""Memory of a collection: measured, and estimated by part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from bench.scale.figures import ScaleRow
from dedup.params import Params

# Number of articles for the ledger.
N_ARTICLES = 10_000_000
Unit = Literal["article", "text byte", "field byte", "word", "seed", "passage"]
Place = Literal["memory", "disk"]


@dataclass(frozen=True, slots=True)
class LedgerPart:
    """Memory of one part of the engine.

    Parameters
    ----------
    name : str
        What it is.
    n_bytes : float
        Bytes per `unit`.
    unit : str
        Unit of growth.
    bounded : {"memory", "disk"}
        Where it is with bounded memory.
    """

    name: str
    n_bytes: float
    unit: Unit
    bounded: Place


_PARAMS = Params()
_N_SLOTS, _N_BANDS = _PARAMS.sketch.n_perm, _PARAMS.band.n_bands
# 8 bytes for a key, 4 each for article and place, and a directory of 8 bytes per 2 to 4 keys.
_POSTING = 16 + 3

# Keep this in step with the engine. Sizes of arrays follow from their types; Python objects were
# measured by `sys.getsizeof` on these collections. Passages consist mostly of edits.
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
    """Return the mean number of each unit per article.

    Parameters
    ----------
    row : ScaleRow
        Figures of a measured size.

    Returns
    -------
    dict of str to float
        Mean number per article.
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
    """Format the parts, their sum and the measured value, for a number of articles.

    Parameters
    ----------
    units : mapping of str to float
        Mean number of each unit per article.
    measured : float
        Peak memory per additional article, in bytes.
    n_articles : int
        Number of articles for the column of gigabytes (10^9).

    Yields
    ------
    str
        A line per part, then lines for all parts, for parts in bounded memory, and for the measured
        value.
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
