"""Measure stories and provenance on spreads of odd seeds; print tables and write a record.

Run ``python -m bench.stories``, or ``make stories``. Agreement is averaged over seeds; sources are
counted over all seeds.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bench.records import RECORDS, describe_machine, write_record
from bench.stories.partitions import Agreement, measure_agreement
from bench.stories.seen import BACK, COMMON, FORTH, SearchedSpreads, see
from bench.stories.spreads import USUAL, Habits
from bench.table import lay_out
from dedup import find_overlaps, read
from dedup.group.story import find_components, find_stories
from dedup.params import StoryParams

TEST = tuple(range(1, 21, 2))
ROOT = Path(__file__).parents[2]
# Tenths of confidence; fewer cases say little of how often one is right.
N_BINS, MIN_CASES = 10, 50
# Habits of outlets: in each, a source has to be named more rightly than by the first date.
SLICES = {
    "usual": USUAL,
    "no credit given": Habits(crediting=0.0),
    "much credit given": Habits(crediting=3.0),
    "dates exact": Habits(noisy=0.0, updated=0.0, undated=0.0, day_only=0.0),
    "clocks noisy": Habits(noisy=0.6, updated=0.2),
    "dates missing": Habits(undated=0.6, day_only=0.2),
    "dates by day": Habits(undated=0.0, day_only=1.0),
    "no dates": Habits(undated=1.0, day_only=0.0),
    "no credit, dates exact": Habits(0.0, noisy=0.0, updated=0.0, undated=0.0, day_only=0.0),
    "no credit, clocks noisy": Habits(0.0, noisy=0.6, updated=0.2),
}
# Swept thresholds of story pairs: coverage of both, and coverage of the smaller.
SWEPT = tuple(
    (both, contained) for both in (0.25, 0.33, 0.4, 0.5, 0.6) for contained in (0.5, 0.6, 0.7)
)


class StoryRow(NamedTuple):
    """A line of a table: measure, data and values."""

    table: str
    case: str
    values: dict[str, float]


def measure_stories(seen: Sequence[SearchedSpreads]) -> Iterable[StoryRow]:
    """Measure agreement with true stories, also when joining whole articles."""
    found = [measure_agreement(one.spreads.stories, _members(one)) for one in seen]
    yield StoryRow("stories", "parts of articles", _average(found))
    joined = [measure_agreement(one.spreads.stories, _join_articles(one)) for one in seen]
    yield StoryRow("stories", "whole articles", _average(joined))


def measure_gold() -> StoryRow:
    """Measure agreement on the marked corpus, where ids name the stories."""
    path = ROOT / "corpus" / "articles.jsonl"
    report = find_overlaps(read(str(path)))
    ids = [summary.article.id for summary in report.articles]
    # A report by one article, or in independent words, is a story of its own.
    carried = {f"ferry-{n}": ["ferry"] for n in range(1, 6)}
    carried |= {name: [name[:-2]] for name in ("births-1", "births-2", "rates-1", "rates-2")}
    found = [[member.article for member in one.members] for one in report.stories]
    agreement = measure_agreement({name: carried.get(name, []) for name in ids}, found)
    return StoryRow("stories", "marked corpus", _average([agreement]))


def _members(one: SearchedSpreads) -> list[list[str]]:
    return [[member.article for member in story.members] for story in one.report.stories]


def _join_articles(one: SearchedSpreads) -> list[list[str]]:
    """Join stories with a common article."""
    number_of = {name: at for at, name in enumerate(one.ids)}
    edges = [(number_of[own[0]], number_of[name]) for own in _members(one) for name in own[1:]]
    roots = find_components(np.array(edges, np.int64).reshape(-1, 2), len(one.ids))
    members: dict[int, list[str]] = defaultdict(list)
    for name, root in zip(one.ids, roots.tolist(), strict=True):
        members[root].append(name)
    return sorted((own for own in members.values() if len(own) > 1), key=len, reverse=True)


def _average(found: Sequence[Agreement]) -> dict[str, float]:
    return dict(zip(Agreement._fields, np.array(found).mean(axis=0).tolist(), strict=True))


def measure_directions(seen: Sequence[SearchedSpreads], table: str = "pairs") -> Iterable[StoryRow]:
    """Measure directions of pairs: the most likely of three cases counts."""
    chances, truth, lags = [], [], []
    for one in seen:
        for row, case in one.pairs():
            forth, back = one.directions.chances[row].tolist()
            chances.append((forth, back, 1 - forth - back))
            truth.append(case)
            lags.append(one.traces.features[row, 0])
    matrix, cases, lag = np.array(chances), np.array(truth), np.array(lags)
    by_date = np.where(lag > 0, FORTH, np.where(lag < 0, BACK, COMMON))
    for name, said in (("model", matrix.argmax(axis=1)), ("date alone", by_date)):
        is_right = said == cases
        is_told = (said != COMMON) & (cases != COMMON)
        yield StoryRow(
            table,
            name,
            {
                "n": len(cases),
                "accuracy": is_right.mean(),
                "of_derived": is_right[cases != COMMON].mean(),
                "of_common": is_right[cases == COMMON].mean(),
                "reversed": (is_told & ~is_right).sum() / max(is_told.sum(), 1),
                "brier": ((matrix - np.eye(3)[cases]) ** 2).sum(axis=1).mean()
                if name == "model"
                else (2.0 * ~is_right).mean(),
            },
        )


class Claim(NamedTuple):
    """What a story says of its source: confidence, 0 without a claim; what is right."""

    confidence: float
    is_right: bool
    is_earliest_right: bool


def read_claims(one: SearchedSpreads) -> Iterator[Claim]:
    """Yield what each story that is found says of its source."""
    for found in one.report.stories:
        story = one.find_story([member.article for member in found.members])
        if story is None:
            continue
        first, agency = one.spreads.origins[story]
        said = found.origin
        is_right = said.source == first
        if said.source is None:
            is_right &= said.agency is not None and said.agency == agency
        yield Claim(said.confidence, is_right, found.members[0].article == first)


def measure_sources(name: str, claims: Sequence[Claim]) -> StoryRow:
    """Measure how often a source is named and right, and how often the earliest is the source."""
    said, right, earliest = np.array(claims, float).T
    named = said > 0
    answered = np.where(named, right, earliest)
    return StoryRow(
        "sources",
        name,
        {
            "n": len(claims),
            "claimed": _mean(named),
            "said": _mean(said[named]),
            "right": _mean(right[named]),
            "earliest there": _mean(earliest[named]),
            "right or earliest": _mean(answered),
            "earliest": _mean(earliest),
        },
    )


def measure_calibration(name: str, claims: Sequence[Claim]) -> Iterator[StoryRow]:
    """Measure the claims of each tenth of confidence that has enough of them."""
    tenths: dict[int, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.confidence > 0:
            tenths[min(int(claim.confidence * N_BINS), N_BINS - 1)].append(claim)
    for at, some in sorted(tenths.items()):
        said, right, earliest = np.array(some, float).T
        if len(some) >= MIN_CASES:
            yield StoryRow(
                "calibration",
                f"{name}, {at / N_BINS:.1f} to {(at + 1) / N_BINS:.1f}",
                {
                    "n": len(some),
                    "said": said.mean(),
                    "right": right.mean(),
                    "off": said.mean() - right.mean(),
                    "earliest there": earliest.mean(),
                },
            )


def _mean(values: NDArray[np.float64]) -> float:
    return float(values.mean()) if len(values) else 0.0


def sweep(seeds: Sequence[int]) -> Iterable[StoryRow]:
    """Measure agreement by threshold on even seeds, used to choose the defaults."""
    seen = [see(seed) for seed in seeds]
    for both, contained in SWEPT if seen else ():
        params = StoryParams(min_both=both, min_contained=contained)
        found = []
        for one in seen:
            stories = find_stories(*one.found, one.lengths, params)
            numbers = np.split(stories.articles, stories.bounds[1:-1])
            members = [[one.ids[number] for number in own.tolist()] for own in numbers]
            found.append(measure_agreement(one.spreads.stories, members))
        yield StoryRow("thresholds", f"both {both}, smaller {contained}", _average(found))


def show(rows: Sequence[StoryRow]) -> None:
    """Print tables."""
    for (table, names), group in groupby(rows, key=lambda row: (row.table, tuple(row.values))):
        figures = ((name, name, ">17.0f" if name == "n" else ">17.3f") for name in names)
        columns = (("case", table, "<40"), *figures)
        print("", *lay_out(columns, ({"case": row.case, **row.values} for row in group)), sep="\n")


def _record(rows: Sequence[StoryRow]) -> Iterator[dict[str, object]]:
    for row in rows:
        for name, value in row.values.items():
            yield {"table": row.table, "case": row.case, "measure": name, "value": float(value)}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=TEST)
    parser.add_argument(
        "--sweep", type=int, nargs="*", default=tuple(range(0, 12, 2)), metavar="SEED"
    )
    parser.add_argument("--no-record", action="store_true")
    options = parser.parse_args(arguments)
    seen = [see(seed) for seed in options.seeds]
    rows = [*measure_stories(seen), measure_gold(), *sweep(options.sweep)]
    claims: dict[str, list[Claim]] = {}
    for name, habits in SLICES.items():
        others = [see(seed, habits) for seed in options.seeds] if name != "usual" else seen
        rows += measure_directions(others, f"pairs, {name}")
        claims[name] = [claim for one in others for claim in read_claims(one)]
    rows += (measure_sources(name, own) for name, own in claims.items())
    every = {"all": [claim for own in claims.values() for claim in own]}
    for name, own in (every | claims).items():
        rows += measure_calibration(name, own)
    show(rows)
    if not options.no_record:
        path = write_record(RECORDS / "stories", _record(rows), describe_machine())
        print(f"\n{path.relative_to(ROOT)}")
