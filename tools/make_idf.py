"""Make ``idf.npz``: the information of content words, by stem.

Run this only for a new version of the recipe::

    python -m tools.make_idf ARTICLES.jsonl.zst

The shipped table counts 72,632 press releases of the United States Senate, 2004 to 2008,
which are works of the US government and in the public domain. The table holds numbers by
hash, no text.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import zstandard
from numpy.typing import NDArray

from dedup.text.tables.kinds import IS_CONTENT, IS_SPACELESS
from dedup.text.tokenize import tokenize

_BATCH = 2000


def document_frequencies(texts: Iterator[str]) -> tuple[NDArray[np.int64], int]:
    """Count the texts with a stem of each cell of the table.

    Parameters
    ----------
    texts : iterator of str
        The texts.

    Returns
    -------
    tuple of (ndarray of int64, shape (2**20,), int)
        Counts, and the number of texts. Stems that share a cell are counted as one.
    """
    counts = np.zeros(1 << 20, np.int64)
    n_texts = 0
    while batch := list(islice(texts, _BATCH)):
        tokens = tokenize(batch)
        kept = (tokens.flags & (IS_CONTENT | IS_SPACELESS)) == IS_CONTENT
        texts_of = np.repeat(np.arange(len(batch)), tokens.counts)[kept]
        cells = (tokens.stems[kept] >> np.uint64(44)).astype(np.int64)
        distinct = np.unique(texts_of << 20 | cells)
        counts += np.bincount(distinct & 0xFFFFF, minlength=1 << 20)
        n_texts += len(batch)
    return counts, n_texts


def main() -> None:
    """Count the articles of the command line, and write the table."""
    with (
        Path(sys.argv[1]).open("rb") as raw,
        zstandard.ZstdDecompressor().stream_reader(raw) as plain,
    ):
        lines = io.TextIOWrapper(plain, encoding="utf-8", newline="\n")
        counts, n_texts = document_frequencies(json.loads(line)["text"] for line in lines)
    bits = np.log2((n_texts + 1) / (counts + 1))
    path = Path(__file__).parents[1] / "dedup" / "text" / "tables" / "idf.npz"
    np.savez_compressed(path, bits=np.round(8 * np.maximum(bits, 0.3)).astype(np.uint8))
    print(f"{path.name}: {n_texts} texts, {(counts > 0).sum()} cells, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
