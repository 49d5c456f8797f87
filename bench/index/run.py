"""Measure how fast articles are added to what is kept, and looked up there, as it grows.

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
# Ten of them are slower than the p99.
N_TIMED = 1000
# A sentence is an entry: what 100,000 articles have of them is more than memory has room for.
_MAX_IN_SENTENCES = 10_000
# Enough to load all that is loaded when it is first called, and too few to take time.
_N_WARM = 20


class Texts(NamedTuple):
    """Articles in a file, in the order in which they came, and what is planted in them, if known.

    The synthetic ones are those of `bench.scale`.
    """

    articles: Path
    gold: Path | None = None

    @classmethod
    def write(cls, n_articles: int, directory: Path) -> Texts:
        """Write synthetic ones, in the place of those that are there."""
        texts = cls(directory / "articles.jsonl", directory / "gold.jsonl")
        write_collection(n_articles, *texts)  # type: ignore[arg-type]  # both are paths
        return texts


def measure(name: str, n_articles: int, n_timed: int, texts: Texts, directory: Path) -> IndexRow:
    """Measure one contender at one size, in processes of its own.

    Parameters
    ----------
    name : str
        One of `CONTENDERS`.
    n_articles, n_timed : int
        How many are loaded; how many are added one by one, and as many looked up.
    texts : Texts
        At least ``n_articles + 2 * n_timed`` articles.
    directory : Path
        Where contenders keep what they keep; it is deleted.

    Returns
    -------
    IndexRow
        What was measured.

    Raises
    ------
    ValueError
        If there are fewer articles.
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
        else:  # a server has it in memory
            found["held_bytes"] = found["n_bytes"]
    return IndexRow(name, n_articles, n_stored=n_articles + n_timed, **found)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the script; by default with the arguments of the process."""
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
                if not given.no_record:  # at once, for a larger size may fail
                    write_record(RECORDS / "index", record(rows), about)


def _run(given: Mapping[str, Any]) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.index.timing", json.dumps(given)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure adding and looking up, one by one.")
    parser.add_argument(
        "--sizes",
        type=int,
        nargs="+",
        default=SIZES,
        metavar="N",
        help=f"articles that are there before (default: {' '.join(map(str, SIZES))})",
    )
    parser.add_argument(
        "--timed",
        type=int,
        default=N_TIMED,
        metavar="N",
        help=f"articles that are added one by one, and as many looked up (default: {N_TIMED})",
    )
    parser.add_argument("--articles", type=Path, metavar="FILE", help="instead of synthetic ones")
    parser.add_argument("--only", nargs="+", choices=CONTENDERS, help="by default all")
    parser.add_argument(
        "--directory", type=Path, help="where all is kept; its disk counts (default: temporary)"
    )
    parser.add_argument("--no-record", action="store_true", help="write no record")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
