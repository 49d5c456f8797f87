"""Whether an engine does what it is timed for: estimates and bands against exact similarity."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bench.cases import Case, Engine
from bench.texts import Pair, make_pairs

N_BANDS, N_ROWS = 16, 8
# Pairs by shingles of a text.
N_PAIRS = {10: 400, 50: 400, 300: 400, 1000: 400}
# The size at which bands are judged: its pairs lie on both sides of the bands' threshold.
BAND_SIZE = 300


class Answer(NamedTuple):
    """What an engine says of pairs whose resemblance is known.

    Parameters
    ----------
    rmse : dict of int to float
        By shingles of a text, root mean square error of the estimates over the theory's.
    recall, shifted : float
        Share of the pairs that bands find, where words are strewn, and where all that is
        shared stands at other positions.
    formula, shifted_formula : float
        The same by the formula.
    fault : str
        In what the definition was missed; empty if in nothing.
    """

    rmse: dict[int, float]
    recall: float
    formula: float
    shifted: float
    shifted_formula: float
    fault: str


def judge(engine: Engine, case: Case) -> Answer:
    """Give an engine texts of which the answer is known.

    Parameters
    ----------
    engine : Engine
        Who answers.
    case : Case
        What is asked.

    Returns
    -------
    Answer
        With its fault.
    """
    script = "plain" if case.texts == "articles" else case.texts
    if case.definition.task == "pass":
        return _judge_pass(engine, case)
    strewn = {size: make_pairs(size, n, script) for size, n in N_PAIRS.items()}
    lead = make_pairs(BAND_SIZE, N_PAIRS[BAND_SIZE], script, lead=True)
    if case.definition.task == "index":
        return _judge_index(engine, case, strewn[BAND_SIZE], lead)
    rows = {size: _ask(engine, case, pairs) for size, pairs in strewn.items()}
    rmse = {
        size: compare_rmse(rows[size], pairs, case.definition.n_perm)
        for size, pairs in strewn.items()
    }
    found = [_share_found(rows[BAND_SIZE]), _share_found(_ask(engine, case, lead))]
    return _weigh(rmse, found, [strewn[BAND_SIZE], lead], case.definition.expected)


def compare_rmse(rows: NDArray[Any], pairs: Sequence[Pair], n_perm: int) -> float:
    """Return the root mean square error over that of independent slots.

    Parameters
    ----------
    rows : ndarray, shape (2 * n_pairs, n_perm)
        The first texts of all pairs, then the second ones.
    pairs : sequence of Pair
        The pairs.
    n_perm : int
        Slots.

    Returns
    -------
    float
        1 is what the theory says, sqrt(J(1-J)/n_perm).
    """
    if rows.shape != (2 * len(pairs), n_perm):
        return math.inf
    truth = np.array([pair.jaccard for pair in pairs])
    firsts, seconds = np.split(rows, 2)
    estimates = (firsts == seconds).mean(axis=1)
    theory = (truth * (1 - truth)).mean() / n_perm
    return float(np.sqrt(((estimates - truth) ** 2).mean() / theory))


def formula(pairs: Sequence[Pair]) -> float:
    """Return the mean probability that some band agrees, 1-(1-J^r)^b."""
    truth = np.array([pair.jaccard for pair in pairs])
    return float((1 - (1 - truth**N_ROWS) ** N_BANDS).mean())


def _ask(engine: Engine, case: Case, pairs: Sequence[Pair]) -> NDArray[Any]:
    task = case.definition.task
    texts = [pair.a for pair in pairs] + [pair.b for pair in pairs]
    prepared = engine.prepare(texts, case.definition.given)
    return np.asarray(engine.answer(engine.run(prepared, task, case.threads), task))


def _share_found(rows: NDArray[Any]) -> float:
    firsts, seconds = np.split(rows, 2)
    agree = (firsts == seconds)[:, : N_BANDS * N_ROWS].reshape(-1, N_BANDS, N_ROWS)
    return float(agree.all(axis=2).any(axis=1).mean())


def _judge_index(engine: Engine, case: Case, *sets: Sequence[Pair]) -> Answer:
    found = []
    for pairs in sets:
        texts = [text for pair in pairs for text in pair[:2]]
        prepared = engine.prepare(texts, case.definition.given)
        got = engine.answer(engine.run(prepared, "index", case.threads), "index")
        found.append(sum((at, at + 1) in got for at in range(0, len(texts), 2)) / len(pairs))
    return _weigh({}, found, sets, case.definition.expected)


def _judge_pass(engine: Engine, case: Case) -> Answer:
    texts = [text for pair in make_pairs(50, N_PAIRS[50]) for text in pair[:2]]
    got = engine.answer(engine.run(engine.prepare(texts, "raw"), "pass", 1), "pass")
    right = sum(byte % 16 for byte in "".join(texts).encode())
    nan = math.nan
    fault = "" if got == right else f"sum {got}, not {right}"
    return Answer({}, nan, nan, nan, nan, fault)


def _weigh(
    rmse: dict[int, float],
    found: Sequence[float],
    sets: Sequence[Sequence[Pair]],
    expected: Mapping[str, Any],
) -> Answer:
    recall, shifted = found
    by_formula, shifted_by_formula = (formula(pairs) for pairs in sets)
    bounds = expected.get("rmse_over_theory", {})
    faults = [
        f"RMSE {rmse[int(size)]:.2f} of theory at {size} shingles"
        for size, bound in bounds.items()
        if not rmse[int(size)] <= bound
    ]
    faults += [
        f"{name} {share:.2f}, not {right:.2f}"
        for name, share, right in (
            ("recall", recall, by_formula),
            ("shifted recall", shifted, shifted_by_formula),
        )
        if not abs(share - right) <= expected["recall_within"]
    ]
    return Answer(rmse, recall, by_formula, shifted, shifted_by_formula, "; ".join(faults))
