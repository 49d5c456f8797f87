"""Measure the cost of each step from text to signature.

Run as ``python -m bench.steps``. ``docs/performance.md`` shows the figures.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

import dedup
from bench.texts import load_articles
from dedup import _core
from dedup.text import tables
from dedup.text.encode import split
from dedup.text.tokenize import tokenize

_ROUNDS = 7


def measure_steps(texts: Sequence[str]) -> dict[str, float]:
    """Time each step, including earlier ones.

    Parameters
    ----------
    texts : sequence of str
        Articles.

    Returns
    -------
    dict of str to float
        Seconds of the fastest round, on one thread.
    """
    batches = [batch.encode(BytesIO()) for batch in split(texts)]
    folding, no_permutations = tables.checked_folding(), np.empty((2, 0), np.uint32)
    rows = np.empty((max(len(offsets) for _, offsets in batches), 128), np.uint32)

    def run(step: Callable[[_Room, Any, int, int], Any]) -> Callable[[], Any]:
        def run_all() -> None:
            for text, offsets in batches:
                room = _make_room(offsets)
                for first, end in pairwise(offsets.tolist()):
                    step(room, text, first, end)

        return run_all

    def cut(room: _Room, text: Any, first: int, end: int) -> None:
        _core.find_edges(text, first, end, room.edges)

    def fold(room: _Room, text: Any, first: int, end: int) -> int:
        return _core.find_words(text, first, end, folding, *room, False)[0]

    def hash_(room: _Room, text: Any, first: int, end: int) -> None:
        hashes = np.empty(fold(room, text, first, end), np.uint64)
        _core.hash_words(room.heads, room.tails, room.sizes, hashes)

    def sign() -> None:
        for text, offsets in batches:
            room = rows[: len(offsets) - 1]
            _core.sketch_texts(text, offsets, folding, 3, no_permutations, room)

    steps = {
        "runs by bit masks": run(cut),
        "folded bytes": run(fold),
        "token hashes": run(hash_),
        "signatures": sign,
        "from strings": lambda: dedup.sketch(texts, jobs=1),
        "from strings, all threads": lambda: dedup.sketch(texts),
        "spans, stems and flags": lambda: tokenize(texts),
    }
    return {name: _time(step) for name, step in steps.items()}


def main() -> None:
    """Run the script."""
    parser = argparse.ArgumentParser(description="Measure the steps of sketching.")
    default = os.environ.get("DEDUP_ARTICLES")
    parser.add_argument("--articles", type=Path, default=Path(default) if default else None)
    parser.add_argument("--limit", type=int, default=20_000)
    options = parser.parse_args()
    texts = load_articles(options.articles, options.limit)
    n_bytes = sum(len(text.encode("utf-8", "surrogatepass")) for text in texts)
    n_tokens = len(tokenize(texts).hashes)
    for name, seconds in measure_steps(texts).items():
        rates = f"{1e9 * seconds / n_tokens:8.2f} ns a token {n_bytes / seconds / 1e6:8.0f} MB/s"
        print(f"{name:<26}{rates}")


def _time(step: Callable[[], Any]) -> float:
    step()
    seconds = []
    for _ in range(_ROUNDS):
        start = perf_counter()
        step()
        seconds.append(perf_counter() - start)
    return min(seconds)


class _Room(NamedTuple):
    """Buffers for one article, in the core's order."""

    edges: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    heads: NDArray[np.uint64]
    tails: NDArray[np.uint64]
    sizes: NDArray[np.uint8]
    points: NDArray[np.uint8]
    flags: NDArray[np.uint8]
    scratch: NDArray[np.uint8]


def _make_room(offsets: NDArray[np.int64]) -> _Room:
    most = int(np.diff(offsets).max(initial=0))
    n = most // 2 + 1
    return _Room(
        edges=np.empty(most + 2 + _core.BLOCK, np.int64),
        starts=np.empty(n, np.int64),
        ends=np.empty(n, np.int64),
        heads=np.empty(n, np.uint64),
        tails=np.empty(n, np.uint64),
        sizes=np.empty(n, np.uint8),
        points=np.empty(n, np.uint8),
        flags=np.empty(n, np.uint8),
        scratch=np.empty(_core.SCRATCH, np.uint8),
    )


if __name__ == "__main__":
    main()
