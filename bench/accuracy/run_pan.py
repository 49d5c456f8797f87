"""Measure the detector on a PAN text alignment corpus: plagdet and time, by subset and entire.

Run as ``python bench/accuracy/run_pan.py --pan DIR``.
"""

import argparse
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from time import perf_counter

# Python adds the script's directory to the path, not the root, which contains `bench`.
sys.path.insert(0, str(Path(__file__).parents[2]))

import dedup
from bench.accuracy.pan13 import SUBSETS, PanPair, open_corpus, read_pairs
from bench.accuracy.plagdet import ReuseCase, score
from bench.table import Column, lay_out

_COLUMNS: tuple[Column, ...] = (
    ("subset", "subset", "<14"),
    ("plagdet", "plagdet", ">9.4f"),
    ("precision", "precision", ">11.4f"),
    ("recall", "recall", ">9.4f"),
    ("granularity", "granularity", ">13.4f"),
    ("cases", "cases", ">8"),
    ("detections", "detections", ">12"),
    ("pairs", "pairs", ">8"),
    ("milliseconds", "ms/pair", ">9.2f"),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Results of the detector on one or more pairs."""

    n_pairs: int
    cases: tuple[ReuseCase, ...]
    detections: tuple[ReuseCase, ...]
    seconds: float


def detect(pairs: Iterable[PanPair], params: dedup.Params) -> list[ReuseCase]:
    """Find the reused passages of each pair.

    Parameters
    ----------
    pairs : iterable of PanPair
        What to compare; the planted cases are not looked at.
    params : dedup.Params
        Parameters.

    Returns
    -------
    list of ReuseCase
        The detections of all pairs.
    """
    return [
        ReuseCase(pair.a_id, pair.b_id, (p.a.start, p.a.end), (p.b.start, p.b.end))
        for pair in pairs
        for p in dedup.compare(pair.text_a, pair.text_b, params).passages
    ]


def measure(pairs: Sequence[PanPair], params: dedup.Params, jobs: int) -> Outcome:
    """Detect in every pair and time it, apart from start-up and compilation.

    Parameters
    ----------
    pairs : sequence of PanPair
        The pairs of one subset.
    params : dedup.Params
        Parameters.
    jobs : int
        Number of processes.

    Returns
    -------
    Outcome
        Results of all pairs; seconds of the detector are summed over the processes.
    """
    one = partial(_measure_one, params=params)
    if jobs == 1:
        _warm_up(pairs[:1], params)
        return combine(map(one, pairs))
    with ProcessPoolExecutor(jobs, initializer=_warm_up, initargs=(pairs[:1], params)) as pool:
        return combine(pool.map(one, pairs, chunksize=16))


def combine(outcomes: Iterable[Outcome]) -> Outcome:
    """Combine outcomes.

    Parameters
    ----------
    outcomes : iterable of Outcome
        Outcomes of different pairs.

    Returns
    -------
    Outcome
        The combined outcome.
    """
    parts = list(outcomes)
    return Outcome(
        n_pairs=sum(part.n_pairs for part in parts),
        cases=tuple(case for part in parts for case in part.cases),
        detections=tuple(case for part in parts for case in part.detections),
        seconds=sum(part.seconds for part in parts),
    )


def _measure_one(pair: PanPair, params: dedup.Params) -> Outcome:
    began = perf_counter()
    detections = detect([pair], params)
    return Outcome(1, pair.cases, tuple(detections), perf_counter() - began)


def _warm_up(pairs: Sequence[PanPair], params: dedup.Params) -> None:
    # A text against itself passes every stage, for warm-up.
    for pair in pairs:
        dedup.compare(pair.text_a, pair.text_a, params)


def table(outcomes: Iterable[tuple[str, Outcome]]) -> Iterator[str]:
    """Format a heading and a line per named outcome."""
    return lay_out(_COLUMNS, (_figures(name, outcome) for name, outcome in outcomes))


def _figures(name: str, outcome: Outcome) -> dict[str, object]:
    return asdict(score(outcome.cases, outcome.detections)) | {
        "subset": name,
        "cases": len(outcome.cases),
        "detections": len(outcome.detections),
        "pairs": outcome.n_pairs,
        "milliseconds": 1000 * outcome.seconds / max(outcome.n_pairs, 1),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the script."""
    options = _parse(arguments)
    params = dedup.Params.preset(options.params)
    outcomes: dict[str, Outcome] = {}
    with open_corpus(options.pan) as root:
        for subset in options.subset:
            pairs = list(islice(read_pairs(root, subset), options.limit))
            outcomes[subset] = measure(pairs, params, options.jobs)
            print(f"{subset}: {len(pairs)} pairs", file=sys.stderr)
    outcomes["entire"] = combine(outcomes.values())
    print(*table(outcomes.items()), sep="\n")


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the detector on a PAN corpus.")
    default = os.environ.get("DEDUP_PAN13")
    parser.add_argument(
        "--pan",
        type=Path,
        default=default,
        required=not default,
        help="corpus directory or .tar.zst archive (default: $DEDUP_PAN13)",
    )
    parser.add_argument("--jobs", type=int, default=1, help="processes (default: 1)")
    parser.add_argument(
        "--subset", nargs="+", choices=SUBSETS, default=list(SUBSETS), help="only these subsets"
    )
    parser.add_argument("--limit", type=int, help="only the first pairs of each subset")
    parser.add_argument("--params", default="pan", help="preset of the detector (default: pan)")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
