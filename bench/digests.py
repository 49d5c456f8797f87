"""Record SHA-256 digests of results, to prove that a change affects no result.

Each part of a result has its own digest: after an intended change of one part, all others must stay
equal. Digests cover values in order, not field names. Run as ``python -m bench.digests``.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, fields
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

import dedup
from bench.accuracy import gold, run_pan
from bench.accuracy.detecting import detect, judge
from bench.accuracy.pan13 import SUBSETS, open_corpus, read_pairs
from bench.accuracy.spans import Tally
from dedup.params import PRESETS, Params
from dedup.pipeline import report as detector
from dedup.pipeline import search

RECORD = Path(__file__).parent / "record" / "digests.json"
N_RELEASES = 5000
# Results do not depend on it.
JOBS = 2

# Digests by part, and parts by preset.
Parts = dict[str, str]
Presets = dict[str, Parts]


class AbsentError(Exception):
    """A data set is missing on this machine."""


def digest(values: Iterable[Any]) -> str:
    """Return the digest of plain values, in order; floats count to the last bit."""
    state = sha256()
    for value in values:
        state.update(json.dumps(value).encode() + b"\n")
    return state.hexdigest()


def digest_report(articles: Iterable[dedup.Article], params: Params) -> Parts:
    """Search articles, and digest the parts of the report.

    Parameters
    ----------
    articles : iterable of Article
        The collection.
    params : Params
        Settings of the detector.

    Returns
    -------
    dict of str to str
        Digest of each part.
    """
    collection, watched = list(articles), []
    find_pairs = search.find_pairs

    def watch(*given: Any) -> Any:
        watched.append((given[0], find_pairs(*given)))
        return watched[-1][1]

    with patch.object(detector, "find_pairs", watch):
        report = dedup.find_overlaps(collection, params, jobs=JOBS)
    ((searchable, candidates),) = watched
    (signatures,), _ = searchable.signatures.take(np.arange(len(report.articles)))
    passages = [passage for overlap in report.overlaps for passage in overlap.passages]
    return {
        "input": digest([one.id, one.outlet, str(one.published), one.text] for one in collection),
        "signatures": digest(signatures.tolist()),
        "candidates": digest([candidates.pairs.tolist(), candidates.capped.tolist()]),
        "articles": digest(
            [one.article.id, one.coverage, *map(astuple, one.credits)] for one in report.articles
        ),
        "boilerplate": digest(map(astuple, report.boilerplate)),
        "overlaps": digest(
            [*_flatten(one, "passages"), len(one.passages)] for one in report.overlaps
        ),
        "passages": digest(_flatten(one, "edits") for one in passages),
        "edits": digest(one.edits for one in passages),
        "families": digest(
            [one.id, one.n_words, *map(astuple, one.occurrences)] for one in report.families
        ),
        "stories": digest(
            [one.id, *(member.article for member in one.members)] for one in report.stories
        ),
        "sources": digest(
            [
                *([one.id, one.earliest] for one in report.families),
                *(astuple(one) for one in report.stories),
            ]
        ),
    }


def _flatten(one: Any, without: str) -> list[Any]:
    """Return the values of all fields but one."""
    return [getattr(one, field.name) for field in fields(one) if field.name != without]


def digest_gold(params: Params) -> Parts:
    """Digest the passages and figures of the marked corpus."""
    tasks = gold.read_tasks()
    found = detect(tasks, params)
    tally = sum(map(judge, tasks, found), Tally())
    passages = ([at, astuple(one)] for at, pair in enumerate(found) for one in pair)
    return {"detections": digest(passages), "figures": digest(astuple(tally))}


def digest_pan(params: Params) -> Parts:
    """Digest detections and figures of a PAN corpus, without times."""
    with open_corpus(_find("DEDUP_PAN13")) as root:
        outcomes = {
            subset: run_pan.measure(list(read_pairs(root, subset)), params, JOBS)
            for subset in SUBSETS
        }
    outcomes["entire"] = run_pan.combine(outcomes.values())
    table = [line.split()[:-1] for line in run_pan.table(outcomes.items())]
    detections = map(astuple, outcomes["entire"].detections)
    return {"detections": digest(detections), "figures": digest(table)}


def _find(variable: str) -> Path:
    path = Path(os.environ.get(variable, ""))
    if variable not in os.environ or not path.exists():
        raise AbsentError(f"{variable} names no file or directory")
    return path


SETS: Mapping[str, Callable[[Params], Parts]] = {
    "corpus": lambda params: digest_report(dedup.read(gold.CORPUS / "articles.jsonl"), params),
    "gold": digest_gold,
    "seeds": lambda params: digest_report(dedup.read(_find("DEDUP_SEEDS")), params),
    "releases": lambda params: digest_report(
        islice(dedup.read(_find("DEDUP_ARTICLES")), N_RELEASES), params
    ),
    "pan": digest_pan,
}


def compare(found: Mapping[str, Presets], record: Mapping[str, Presets]) -> Iterator[str]:
    """Yield each part that differs from the record, as ``set preset part``."""
    for name, presets in found.items():
        recorded = record.get(name, {})
        for preset in sorted({*presets, *recorded}):
            new, old = presets.get(preset, {}), recorded.get(preset, {})
            parts = sorted({*new, *old})
            yield from (f"{name} {preset} {one}" for one in parts if new.get(one) != old.get(one))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return 1 if a result differs from the record."""
    parser = argparse.ArgumentParser(description="Compare results with their recorded digests.")
    parser.add_argument("--only", choices=SETS, help="run only this set")
    parser.add_argument("--update", action="store_true", help="write the results to the record")
    options = parser.parse_args(arguments)
    found: dict[str, Presets] = {}
    for name in [options.only] if options.only else SETS:
        try:
            found[name] = {preset: SETS[name](params) for preset, params in PRESETS.items()}
        except AbsentError as reason:
            print(f"{name}: skipped, {reason}")
    record = json.loads(RECORD.read_text("utf-8")) if RECORD.exists() else {}
    differing = list(compare(found, record))
    for one in differing:
        print(f"differs: {one}")
    print(f"{', '.join(found) or 'nothing'}: {len(differing)} parts differ")
    if options.update:
        RECORD.write_text(json.dumps(record | found, indent=1, sort_keys=True) + "\n", "utf-8")
    return bool(differing) and not options.update


if __name__ == "__main__":
    sys.exit(main())
