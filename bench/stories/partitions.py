"""Agreement of found stories with true stories.

The adjusted Rand index and B-cubed compare partitions: they omit an article of several stories, and
one found in several counts in the largest. Pairs use all articles.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from math import comb
from typing import NamedTuple


class Agreement(NamedTuple):
    """Measures of found stories; all but the last are in [0, 1].

    The adjusted Rand index; precision, recall and F of B-cubed (Bagga and Baldwin 1998) and of
    pairs of one story; the size of the largest found story, and its true size.
    """

    ari: float
    cubed_precision: float
    cubed_recall: float
    cubed_f: float
    pair_precision: float
    pair_recall: float
    pair_f: float
    n_largest: int
    n_largest_true: int


def measure_agreement(
    stories: Mapping[str, Iterable[str]], found: Sequence[Sequence[str]]
) -> Agreement:
    """Measure.

    Parameters
    ----------
    stories : Mapping of str to iterable of str
        Stories of each article; one without any is a story of its own.
    found : sequence of sequence of str
        Articles of each story found, larger ones first.

    Returns
    -------
    Agreement
        Articles in no story found are alone.
    """
    number_of: dict[str, int] = {}
    for number, members in enumerate(found):
        for one in members:
            number_of.setdefault(one, number)
    own = {one: tuple(told) for one, told in stories.items()}
    single = sorted(one for one, told in own.items() if len(told) <= 1)
    truth = [own[one][0] if own[one] else f"alone {one}" for one in single]
    labels = [str(number_of.get(one, f"alone {one}")) for one in single]
    cubed = _cubed(truth, labels)
    pairs = _pairs(_invert(own), found)
    sizes = [len(members) for members in _invert(own).values()]
    largest = max((len(members) for members in found), default=1)
    return Agreement(_adjusted_rand(truth, labels), *cubed, *pairs, largest, max(sizes, default=1))


def _invert(stories: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    members: dict[str, list[str]] = {}
    for one, told in stories.items():
        for story in told:
            members.setdefault(story, []).append(one)
    return members


def _adjusted_rand(truth: Sequence[str], found: Sequence[str]) -> float:
    both, n = Counter(zip(truth, found, strict=True)), comb(len(truth), 2)
    index = sum(comb(k, 2) for k in both.values())
    in_truth = sum(comb(k, 2) for k in Counter(truth).values())
    in_found = sum(comb(k, 2) for k in Counter(found).values())
    expected, most = in_truth * in_found / n if n else 0.0, (in_truth + in_found) / 2
    return 1.0 if most == expected else (index - expected) / (most - expected)


def _cubed(truth: Sequence[str], found: Sequence[str]) -> tuple[float, float, float]:
    both = Counter(zip(truth, found, strict=True))
    n_true, n_found = Counter(truth), Counter(found)
    n = len(truth) or 1
    precision = sum(k * k / n_found[f] for (_, f), k in both.items()) / n
    recall = sum(k * k / n_true[t] for (t, _), k in both.items()) / n
    return precision, recall, _f(precision, recall)


def _pairs(
    stories: Mapping[str, Sequence[str]], found: Sequence[Sequence[str]]
) -> tuple[float, float, float]:
    true = {pair for one in stories.values() for pair in combinations(sorted(one), 2)}
    in_found = {pair for one in found for pair in combinations(sorted(one), 2)}
    precision = len(true & in_found) / len(in_found) if in_found else 1.0
    recall = len(true & in_found) / len(true) if true else 1.0
    return precision, recall, _f(precision, recall)


def _f(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
