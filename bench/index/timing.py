"""Time one contender in a separate process, and print the figures as JSON."""

from __future__ import annotations

import gc
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.accuracy.spans import Spans
from bench.index.contenders import CONTENDERS, Contender, Found, MissingEngine
from bench.scale import launch
from bench.scale.reading import Gold, is_same, read_gold
from dedup.index.index import Index
from dedup.model.article import Article
from dedup.readers import read

_N_OPENED = 5
# An article without words.
_NOTHING = Article("nothing", "")


def time_contender(
    contender: Contender, articles: Iterator[Article], gold: Gold, n_articles: int, n_timed: int
) -> dict[str, Any]:
    """Load articles in bulk, add more singly, and look up more.

    Parameters
    ----------
    contender : Contender
        Empty.
    articles : iterator of Article
        `n_articles` to load, then twice `n_timed`.
    gold : mapping of (str, str) to sequence of Spans
        Planted passages; those between a timed article and a stored one count.
    n_articles, n_timed : int
        Number of articles to load; number to add singly, and then to look up.

    Returns
    -------
    dict of str to object
        Seconds of the load, milliseconds of each add and query, bytes of the index, its texts and
        the process's memory, and numbers of planted and found passages.
    """
    before, seen = _read_resident(), _Seen()
    start = time.perf_counter()
    contender.load(seen.watch(islice(articles, n_articles)))
    taken: dict[str, Any] = {"load_s": time.perf_counter() - start - seen.seconds}
    judge = _Judge(gold, seen.names)
    taken["add_ms"] = judge.time(contender.add, seen.watch(islice(articles, n_timed)))
    taken["text_bytes"] = seen.n_bytes
    gc.collect()
    taken["held_bytes"] = _read_resident() - before
    taken["n_bytes"] = contender.n_bytes()
    taken["query_ms"] = judge.time(contender.query, islice(articles, n_timed))
    return taken | {"n_planted": judge.n_planted, "n_found": judge.n_found}


def time_opening(path: Path) -> dict[str, Any]:
    """Time the opening of an index in a warm process.

    Parameters
    ----------
    path : Path
        Directory of a `dedup.Index`.

    Returns
    -------
    dict of str to object
        Milliseconds of each opening including a first look-up, and bytes of memory of the first
        one.
    """
    with TemporaryDirectory() as empty, Index(empty) as index:
        index.add(Article("a", "What is loaded and allocated once is not counted."))
    gc.collect()
    before, taken, held = _read_resident(), [], 0
    for number in range(_N_OPENED):
        start = time.perf_counter()
        with Index(path) as index:
            index.query(_NOTHING)  # loads everything
            taken.append(1e3 * (time.perf_counter() - start))
            if not number:
                held = _read_resident() - before
    return {"open_ms": taken, "held_bytes": held}


class _Seen:
    """Ids and text bytes of stored articles, and seconds spent reading."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.n_bytes, self.seconds = 0, 0.0

    def watch(self, articles: Iterable[Article]) -> Iterator[Article]:
        start = time.perf_counter()
        for article in articles:
            self.names.add(article.id)
            self.n_bytes += len(article.text.encode("utf-8", "surrogatepass"))
            self.seconds += time.perf_counter() - start
            yield article
            start = time.perf_counter()


class _Judge:
    """Times look-ups, and counts planted passages in the answers."""

    def __init__(self, gold: Gold, stored: set[str]) -> None:
        self._stored, self.n_planted, self.n_found = stored, 0, 0
        self._planted: dict[str, list[tuple[str, Sequence[Spans]]]] = {}
        for (earlier, later), spans in gold.items():
            self._planted.setdefault(later, []).append((earlier, spans))

    def time(self, ask: Callable[[Article], Found], articles: Iterable[Article]) -> list[float]:
        taken = []
        for article in articles:
            start = time.perf_counter()
            found = ask(article)
            taken.append(1e3 * (time.perf_counter() - start))
            self._count(article.id, found)
        return taken

    def _count(self, name: str, found: Found) -> None:
        for earlier, planted in self._planted.get(name, ()):
            if earlier in self._stored:
                self.n_planted += len(planted)
                self.n_found += sum(_is_found(one, earlier, found) for one in planted)


def _is_found(planted: Spans, earlier: str, found: Mapping[str, Sequence[Spans] | None]) -> bool:
    if earlier not in found:
        return False
    passages = found[earlier]
    return passages is None or any(is_same(planted, one) for one in passages)


def _read_resident() -> int:
    """Return resident bytes, or peak bytes if the system reports only that."""
    about = Path("/proc/self/statm")
    if about.exists():
        return int(about.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * launch.BYTES_OF_PEAK


def main(given: Mapping[str, Any]) -> dict[str, Any]:
    """Run the measurement that the argument describes.

    Parameters
    ----------
    given : mapping of str to object
        For a contender: its name, files of articles and gold, sizes, and a directory. For an
        opening: the directory.

    Returns
    -------
    dict of str to object
        Measurements, or the missing requirement.
    """
    if "opened" in given:
        return time_opening(Path(given["opened"]))
    gold: Gold = {}
    if given["gold"]:
        with Path(given["gold"]).open("rb") as lines:
            gold = read_gold(lines)
    try:
        contender = CONTENDERS[given["name"]](Path(given["directory"]))
    except MissingEngine as missing:
        return {"missing": str(missing)}
    try:
        articles = iter(read(given["articles"]))
        return time_contender(contender, articles, gold, given["n_articles"], given["n_timed"])
    finally:
        contender.close()


if __name__ == "__main__":
    json.dump(main(json.loads(sys.argv[1])), sys.stdout)
