"""Fit the weights of provenance on spreads of even seeds, and print them as code.

Spreads mix habits of outlets: how often they credit, and how exact their dates are. The fit is
first for directions of pairs, then, with these weights, for origins of stories. Run ``python -m
bench.stories.fit``.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bench.stories.choices import ChoiceSet, fit
from bench.stories.run import SLICES
from bench.stories.seen import SearchedSpreads, see
from bench.stories.spreads import Habits
from dedup.provenance import direction
from dedup.provenance import source as provenance
from dedup.provenance.source import SourceModel

TRAIN = tuple(range(0, 48, 2))
# Collections with extreme habits, so that the weights hold there too.
EXTREMES = tuple(habits for name, habits in SLICES.items() if name != "usual")
OF_EACH = 3


def fit_directions(seen: Sequence[SearchedSpreads]) -> NDArray[np.float64]:
    """Fit weights of pairs: of `FEATURES`, the bias, and of a common credit."""
    choices = []
    for one in seen:
        pairs = list(one.pairs())
        n_of = np.bincount(one.traces.articles[[row for row, _ in pairs]].reshape(-1))
        for row, chosen in pairs:
            features = one.traces.features[row]
            ends = one.traces.articles[row]
            # An article of a large story is in many pairs, so pairs are weighted.
            weight = 2 / float(n_of[ends].sum())
            forth = np.concatenate([features[:-1], [1.0], features[-1:]])
            back = np.concatenate([-features[:-1], [1.0], features[-1:]])
            choices.append(ChoiceSet(np.stack([forth, back, 0 * forth]), chosen, weight))
    return fit(choices)


def fit_origins(seen: Sequence[SearchedSpreads]) -> NDArray[np.float64]:
    """Fit weights of stories: of members, then of an absent source."""
    choices = []
    for one in seen:
        number_of = {name: at for at, name in enumerate(one.ids)}
        model = _make_model(one)
        for found in one.report.stories:
            members = sorted(member.article for member in found.members)
            story = one.find_story(members)
            if story is None:
                continue
            evidence = model.weigh([number_of[name] for name in members])
            first = one.spreads.origins[story][0]
            rows = np.zeros((len(members) + 1, len(evidence.members[0]) + len(evidence.absent)))
            rows[:-1, : len(evidence.members[0])] = evidence.members
            rows[-1, len(evidence.members[0]) :] = evidence.absent
            choices.append(ChoiceSet(rows, members.index(first) if first in members else -1))
    return fit(choices)


def _make_model(one: SearchedSpreads) -> SourceModel:
    traces = one.traces
    directions = direction.weigh_directions(traces.articles, traces.features, one.census)
    return one.model.with_directions(directions)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=fit.__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=TRAIN)
    options = parser.parse_args(arguments)
    seen = [see(seed, Habits.draw(seed)) for seed in options.seeds]
    seen += [see(seed, habits) for habits in EXTREMES for seed in options.seeds[:OF_EACH]]
    weights = fit_directions(seen)
    n = len(direction.FEATURES)
    direction.WEIGHTS = weights[:n]
    direction.BIAS, direction.BOTH_CREDIT = weights[n:].tolist()
    of_stories = fit_origins(seen)
    k = len(provenance.MEMBER_WEIGHTS)
    print(f"WEIGHTS = np.array({weights[:n].round(2).tolist()})")
    print(f"BIAS, BOTH_CREDIT = {weights[n:].round(2).tolist()}")
    print(f"MEMBER_WEIGHTS = np.array({of_stories[:k].round(2).tolist()})")
    print(f"ABSENT_WEIGHTS = np.array({of_stories[k:].round(2).tolist()})")


if __name__ == "__main__":
    main()
