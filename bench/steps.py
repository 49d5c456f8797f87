"""What each step from text to signature costs, and what compiling each kernel does.

Run as ``python -m bench.steps``, or with ``--compile`` and an empty ``NUMBA_CACHE_DIR``. The
figures are those of ``docs/performance.md``.
"""

from __future__ import annotations

import argparse
import os
from collections import defaultdict
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from numba import njit

import dedup
from bench.texts import load_articles
from dedup import detector, tables
from dedup.kernels import sketching, tokenizing
from dedup.stages.encode import split
from dedup.stages.tokenize import tokenize

_ROUNDS = 7


def measure_steps(texts: Sequence[str]) -> dict[str, float]:
    """Time the steps, each with those before it.

    Parameters
    ----------
    texts : sequence of str
        Articles.

    Returns
    -------
    dict of str to float
        Seconds of the fastest of several rounds, one thread.
    """
    batches = [batch.encode(BytesIO()) for batch in split(texts)]
    words = tokenizing.make_room(np.zeros(1, np.int64))
    for _, offsets in batches:
        words = tokenizing.make_room(offsets, words)
    folding, no_permutations = tables.folding(), np.empty((2, 0), np.uint32)
    rows = np.empty((max(len(offsets) for _, offsets in batches), 128), np.uint32)

    def run(kernel: Callable[..., Any], *more: Any) -> Callable[[], Any]:
        return lambda: [kernel(text, offsets, words, *more) for text, offsets in batches]

    def sign() -> None:
        for text, offsets in batches:
            room = rows[: len(offsets) - 1]
            sketching.sketch_texts(text, offsets, folding, words, 3, no_permutations, room)

    steps = {
        "runs by bit masks": run(_find_edges),
        "folded bytes": run(_find_words, folding),
        "token hashes": run(_hash_words, folding),
        "signatures": sign,
        "from strings": lambda: dedup.sketch(texts, jobs=1),
        "from strings, all threads": lambda: dedup.sketch(texts),
        "spans, stems and flags": lambda: tokenize(texts),
    }
    return {name: _time(step) for name, step in steps.items()}


def measure_compiling() -> dict[str, float]:
    """Return the seconds of compiling each function, with all that it calls."""
    from numba.core import event

    seconds: dict[str, float] = defaultdict(float)

    class Listener(event.Listener):
        def on_start(self, event: Any) -> None:
            open_.append(perf_counter())

        def on_end(self, event: Any) -> None:
            function = event.data["dispatcher"].py_func
            name = f"{function.__module__.rpartition('.')[2]}.{function.__name__}"
            seconds[name] += perf_counter() - open_.pop()

    open_: list[float] = []
    register: Any = event.register
    register("numba:compile", Listener())
    detector.compile_search()
    return dict(sorted(seconds.items(), key=lambda item: -item[1]))


def main() -> None:
    """Run the script."""
    parser = argparse.ArgumentParser(description="Measure the steps of sketching.")
    default = os.environ.get("DEDUP_ARTICLES")
    parser.add_argument("--articles", type=Path, default=Path(default) if default else None)
    parser.add_argument("--limit", type=int, default=20_000)
    parser.add_argument("--compile", action="store_true", help="what compiling costs instead")
    options = parser.parse_args()
    if options.compile:
        for name, seconds in measure_compiling().items():
            print(f"{name:<40}{seconds:8.2f} s")
        return
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


@njit(nogil=True)
def _find_edges(text: Any, offsets: Any, words: Any) -> int:
    n = 0
    for at in range(len(offsets) - 1):
        n += tokenizing.find_edges(text, offsets[at], offsets[at + 1], words.edges)
    return n


@njit(nogil=True)
def _find_words(text: Any, offsets: Any, words: Any, folding: Any) -> int:
    n = 0
    for at in range(len(offsets) - 1):
        first, end = offsets[at], offsets[at + 1]
        n += tokenizing.find_words(text, first, end, folding, words, tokenizing.BARE)[0]
    return n


@njit(nogil=True)
def _hash_words(text: Any, offsets: Any, words: Any, folding: Any) -> int:
    total = 0
    for at in range(len(offsets) - 1):
        first, end = offsets[at], offsets[at + 1]
        n, _ = tokenizing.find_words(text, first, end, folding, words, tokenizing.BARE)
        tokenizing.hash_words(words.heads, words.tails, words.sizes, words.hashes[:n])
        total += n
    return total


if __name__ == "__main__":
    main()
