"""Fits a conditional logistic model (McFadden 1974): one of several alternatives is chosen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# Ridge that bounds the weights of separable evidence.
_RIDGE = 0.5
_N_STEPS, _SMALL = 60, 1e-8


class ChoiceSet(NamedTuple):
    """One choice: evidence per alternative, index of the chosen one, weight."""

    rows: NDArray[np.float64]
    chosen: int
    weight: float = 1.0


def fit(choices: Sequence[ChoiceSet]) -> NDArray[np.float64]:
    """Fit weights by Newton's method, maximizing log-likelihood minus a small ridge.

    Parameters
    ----------
    choices : sequence of ChoiceSet
        With equally many columns.

    Returns
    -------
    ndarray of float64, shape (n_columns,)
        Weights.
    """
    groups = _stack(choices)
    weights = np.zeros(choices[0].rows.shape[1])
    for _ in range(_N_STEPS):
        gradient, curvature = -_RIDGE * weights, _RIDGE * np.eye(len(weights))
        for rows, chosen, weight in groups:
            chances = weigh(rows, weights)
            mean = np.einsum("ma,mac->mc", chances, rows)
            gradient += weight @ (chosen - mean)
            curvature += np.einsum("m,ma,mac,mad->cd", weight, chances, rows, rows, optimize=True)
            curvature -= (mean.T * weight) @ mean
        step = np.linalg.solve(curvature, gradient)
        weights += step / max(1.0, float(np.abs(step).max()))
        if np.abs(step).max() < _SMALL:
            break
    return weights


def _stack(
    choices: Sequence[ChoiceSet],
) -> list[tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]]:
    """Stack choices of equally many alternatives: all rows, chosen rows, weights."""
    alike: dict[int, list[ChoiceSet]] = defaultdict(list)
    for choice in choices:
        alike[len(choice.rows)].append(choice)
    return [
        (
            np.stack([one.rows for one in some]),
            np.stack([one.rows[one.chosen] for one in some]),
            np.array([one.weight for one in some]),
        )
        for some in alike.values()
    ]


def weigh(rows: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the probability of each alternative, on the last but one axis of `rows`."""
    logits = rows @ weights
    odds = np.exp(logits - logits.max(axis=-1, keepdims=True))
    chances: NDArray[np.float64] = odds / odds.sum(axis=-1, keepdims=True)
    return chances
