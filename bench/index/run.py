"""Measure the time to add and look up articles as an index grows.

Run as ``python -m bench.index``.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from bench.index.contenders import CONTENDERS
from bench.index.figures import COLUMNS, IndexRow, lay_out, record
from bench.records import RECORDS, describe_machine, write_record
from bench.scale.collection import write_collection
from bench.table import lay_out_head

ROOT = Path(__file__).parents[2]
SIZES = (10_000, 70_000, 200_000)
# With this number, ten are slower than the p99.
N_TIMED = 1000
# Each sentence is an entry; those of 100,000 articles do not fit in memory.
_MAX_IN_SENTENCES = 10_000
# Enough to trigger lazy loading, too few to take time.
_N_WARM = 20


class Texts(NamedTuple):
    """Articles in a file, in order of arrival, and their planted passages, if known.

    Synthetic articles are those of `bench.scale`.
    """

    articles: Path
    gold: Path | None = None

    @classmethod
    def write(cls, n_articles: int, directory: Path) -> Texts:
        """Write synthetic articles, replacing existing files."""
        texts = cls(directory / "articles.jsonl", directory / "gold.jsonl")
        write_collection(n_articles, *texts)  # type: ignore[arg-type]  # both are paths
        return texts


def measure(name: str, n_articles: int, n_timed: int, texts: Texts, directory: Path) -> IndexRow:
    """Measure one contender at one size, in separate processes.

    Parameters
    ----------
    name : str
        One of `CONTENDERS`.
    n_articles, n_timed : int
        Number of articles to load; number to add singly, and then to look up.
    texts : Texts
        At least ``n_articles + 2 * n_timed`` articles.
    directory : Path
        Directory for contenders; deleted afterwards.

    Returns
    -------
    IndexRow
        Measured rows.

    Raises
    ------
    ValueError
        If there are too few articles.
    """
    if name == "datasketch, sentences" and n_articles > _MAX_IN_SENTENCES:
        return IndexRow(name, n_articles, f"it is for {_MAX_IN_SENTENCES} articles at most")
    with TemporaryDirectory(dir=directory) as own:
        given = {"name": name, "articles": str(texts.articles), "directory": own}
        sizes = {"n_articles": n_articles, "n_timed": n_timed}
        found = _run(given | sizes | {"gold": str(texts.gold) if texts.gold else None})
        if "missing" in found:
            return IndexRow(name, n_articles, found["missing"])
        if len(found["query_ms"]) < n_timed:
            raise ValueError(f"{texts.articles} has less than {n_articles + 2 * n_timed} articles")
        if name == "dedup.Index":
            found |= _run({"opened": own})
        elif found["n_bytes"] is None:
            found["n_bytes"] = found["held_bytes"]
        else:  # a server keeps it in memory
            found["held_bytes"] = found["n_bytes"]
    return IndexRow(name, n_articles, n_stored=n_articles + n_timed, **found)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the script."""
    given = _parse(arguments)
    rows: list[IndexRow] = []
    about = {"texts": "given" if given.articles else "synthetic"} | describe_machine()
    with TemporaryDirectory(dir=given.directory) as name:
        directory = Path(name)
        measure("dedup.Index", _N_WARM, 1, Texts.write(_N_WARM + 2, directory), directory)
        print(lay_out_head(COLUMNS))
        for size in sorted(set(given.sizes)):
            texts = Texts(given.articles)
            if not given.articles:
                texts = Texts.write(size + 2 * given.timed, directory)
            for contender in given.only or CONTENDERS:
                rows.append(measure(contender, size, given.timed, texts, directory))
                print(lay_out(rows[-1]), flush=True)
                if not given.no_record:  # immediately, because a larger size may fail
                    write_record(RECORDS / "index", record(rows), about)


def _run(given: Mapping[str, Any]) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.index.timing", json.dumps(given)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure single adds and look-ups.")
    parser.add_argument(
        "--sizes",
        type=int,
        nargs="+",
        default=SIZES,
        metavar="N",
        help=f"articles loaded before (default: {' '.join(map(str, SIZES))})",
    )
    parser.add_argument(
        "--timed",
        type=int,
        default=N_TIMED,
        metavar="N",
        help=f"articles to add singly, and to look up (default: {N_TIMED})",
    )
    parser.add_argument("--articles", type=Path, metavar="FILE", help="instead of synthetic ones")
    parser.add_argument("--only", nargs="+", choices=CONTENDERS, help="by default all")
    parser.add_argument(
        "--directory", type=Path, help="directory for indexes; its disk counts (default: temporary)"
    )
    parser.add_argument("--no-record", action="store_true", help="write no record")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
