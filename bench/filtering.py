"""What a filter drops and what it costs: news from templates, and a collection beside its peers.

Different news that is dropped is *wrong*; a copy whose news is kept twice is *missed*. Beside the
peers the last row is what spans cost: all overlaps of a report. It counts the articles that share
text with an earlier one.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from statistics import median
from typing import Any, NamedTuple

import dedup
from bench import table
from bench.shingles import shingle_plainly
from corpus.templated_news import TemplatedArticle, make_news
from dedup.pipeline.selection import Level

LEVELS: tuple[Level, ...] = ("document", "passages")
_COLUMNS: tuple[table.Column, ...] = (
    ("what", "filter", "<20"),
    ("n", "n", ">7"),
    ("n_dropped", "dropped", ">8"),
    ("n_wrong", "wrong", ">6"),
    ("n_missed", "missed", ">7"),
    ("seconds", "CPU s", ">7.2f"),
)
# As rensa's page has it.
_THRESHOLD, _N_PERM, _N_BANDS = 0.8, 128, 16


class FilterRow(NamedTuple):
    """Result of one filter; counts are None if it is not known which articles are copies."""

    what: str
    n: int
    n_dropped: int
    n_wrong: int | None
    n_missed: int | None
    seconds: float


def judge(news: Sequence[TemplatedArticle], level: Level, jobs: int = 1) -> FilterRow:
    """Filter news from templates, and count what is wrong."""
    articles = [dedup.Article(str(at), one.text) for at, one in enumerate(news)]
    found, seconds = _time(lambda: dedup.filter(articles, level=level, jobs=jobs))
    told = [at if one.copy_of is None else one.copy_of for at, one in enumerate(news)]
    n_wrong = sum(told[one.number] != told[int(one.duplicate_of)] for one in found.dropped)
    n_kept = Counter(told[int(article.id)] for article in found.kept)
    n_missed = sum(n_kept.values()) - len(n_kept)
    return FilterRow(level, len(news), len(found.dropped), n_wrong, n_missed, seconds)


def measure(texts: Sequence[str], turns: int) -> Iterator[FilterRow]:
    """Time both levels, a report and the peers, in turns, on one thread; yield the medians."""
    articles = [dedup.Article(str(at), text) for at, text in enumerate(texts)]
    runs: dict[str, Callable[[], int]] = {
        "datasketch": lambda: _drop_with_datasketch(texts),
        "rensa": lambda: _drop_with_rensa(texts),
        "document": lambda: len(dedup.filter(articles, level="document", jobs=1).dropped),
        "passages": lambda: len(dedup.filter(articles, level="passages", jobs=1).dropped),
        "spans": lambda: _count_reusing(articles),
    }
    results = [{name: _time(run) for name, run in runs.items()} for _ in range(turns)]
    for name in runs:
        n_dropped = results[0][name][0]
        seconds = median(result[name][1] for result in results)
        yield FilterRow(name, len(texts), n_dropped, None, None, seconds)


def _count_reusing(articles: Sequence[dedup.Article]) -> int:
    """Find all overlaps, and count the articles that share text with an earlier one."""
    overlaps = dedup.find_overlaps(articles, jobs=1).overlaps
    return len({max(int(one.a), int(one.b)) for one in overlaps})


def _drop_with_datasketch(texts: Sequence[str]) -> int:
    """Drop what is similar to an earlier text, as the package is usually used."""
    from datasketch import MinHash, MinHashLSH

    lookup = MinHashLSH(threshold=_THRESHOLD, num_perm=_N_PERM)
    n_kept = 0
    for number, text in enumerate(texts):
        minhash = MinHash(num_perm=_N_PERM, seed=42)
        minhash.update_batch([one.encode() for one in shingle_plainly(text)])
        if not lookup.query(minhash):
            lookup.insert(number, minhash, check_duplication=False)
            n_kept += 1
    return len(texts) - n_kept


def _drop_with_rensa(texts: Sequence[str]) -> int:
    """Drop what is similar to an earlier text, as the package is usually used."""
    from rensa import RMinHash, RMinHashLSH

    lookup = RMinHashLSH(threshold=_THRESHOLD, num_perm=_N_PERM, num_bands=_N_BANDS)
    kept: dict[int, Any] = {}
    for number, text in enumerate(texts):
        minhash = RMinHash(num_perm=_N_PERM, seed=42)
        minhash.update(shingle_plainly(text))
        near = lookup.query(minhash)
        if not any(kept[other].jaccard(minhash) >= _THRESHOLD for other in near):
            lookup.insert(number, minhash)
            kept[number] = minhash
    return len(texts) - len(kept)


def _time(run: Callable[[], Any]) -> tuple[Any, float]:
    start = time.process_time()
    return run(), time.process_time() - start


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Measure what a filter drops.")
    parser.add_argument("paths", nargs="*", help="collection to time beside the peers")
    parser.add_argument("--limit", type=int, default=5000, help="articles of it (5000)")
    parser.add_argument("--turns", type=int, default=5, help="runs of each (5)")
    parser.add_argument("--news", type=int, default=5000, help="articles from templates (5000)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the templates (1)")
    options = parser.parse_args(arguments)
    if options.paths:
        texts = [one.text for one in islice(dedup.read(*options.paths), options.limit)]
        rows = measure(texts, options.turns)
    else:
        news = make_news(options.news, options.seed)
        rows = (judge(news, level) for level in LEVELS)
    for line in table.lay_out(_COLUMNS, (row._asdict() for row in rows)):
        print(line)


if __name__ == "__main__":
    main()
