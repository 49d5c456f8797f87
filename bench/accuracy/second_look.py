"""Fit the weights of the second look: of words on labeled news, of passages on news and PAN train.

Both are logistic regressions. The weights of words are fitted on the pairs of ``news-reuse``; a
word is reused if it lies in a unit. Those of passages are fitted on the passages that result, news
and PAN together; the target is the share of a passage that lies in units or cases. Everything is
measured on folds by story that the weights have not seen.

    python -m bench.accuracy.second_look NEWS PAN [--write]
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

import dedup
from bench.accuracy.news_reuse import (
    LabeledPair,
    Scored,
    make_folds,
    read_labeled,
    score_pair,
    score_pairs,
)
from bench.accuracy.pan13 import SUBSETS, PanPair, open_corpus, read_pairs
from bench.accuracy.spans import Span, Spans
from dedup import _core
from dedup.align.align import find_swapped, make_table
from dedup.align.scalars import make_scalars
from dedup.align.table import AlignedTexts, PassageRows
from dedup.mask.credit import find_credits
from dedup.mask.mask import mask_credits
from dedup.text import tables
from dedup.text.tokenize import Tokens, tokenize

WORDS = tuple(
    ["aligned_4", "aligned_15", "log_nearest", "log_farther", "log_jump", "clause_share", "log_clause", "log_run", "present_10", "present_25", "aligned_share", "aligned_cosine", "stop_share", "log_bits", "window_bits", "share_before", "share_after", "log_own", "log_other", "log_longest"]
)
PASSAGES = tuple(
    ["evidence_mean", "evidence_least", "identity_share", "log_passage", "log_score", "is_added", "log_share", "added_share"]
)
# Probability from which a word counts as reused: the best F1 on the folds.
_REUSED = 0.33
_RIDGE = 5.0
# PAN's passages are ten times those of news, and their cases are machine-made.
_PAN_WEIGHT, _PAN_STEP = 0.3, 25
_N_NEWTON = 50


class Fitted(NamedTuple):
    """Weights of a logistic regression; the last one is the constant."""

    weights: NDArray[np.float64]

    def odds(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the log-odds of each row."""
        return features @ self.weights[:-1] + self.weights[-1]


class Candidates(NamedTuple):
    """Passages of a pair: features (n, 8), and the share of each that is reused, or -1."""

    features: NDArray[np.float64]
    targets: NDArray[np.float64]


def fit(
    features: NDArray[np.float64],
    targets: NDArray[np.float64],
    weights: NDArray[np.float64] | None = None,
) -> Fitted:
    """Fit a logistic regression with a ridge on standardized features, by Newton's method.

    Parameters
    ----------
    features : ndarray of float64, shape (n, n_features)
        Features.
    targets : ndarray of float64, shape (n,)
        Probabilities, or 0 and 1.
    weights : ndarray of float64, shape (n,), optional
        Weights of the rows.
    """
    center, scale = features.mean(0), features.std(0) + 1e-9
    rows = np.column_stack([(features - center) / scale, np.ones(len(features))])
    counts = np.ones(len(rows)) if weights is None else weights
    ridge = _RIDGE * np.eye(rows.shape[1])
    ridge[-1, -1] = 1e-6
    found = np.zeros(rows.shape[1])
    for _ in range(_N_NEWTON):
        chance = 1 / (1 + np.exp(-rows @ found))
        slope = rows.T @ (counts * (targets - chance)) - ridge @ found
        bend = (rows.T * (counts * chance * (1 - chance))) @ rows + ridge
        step = np.linalg.solve(bend, slope)
        found += step
        if np.abs(step).max() < 1e-8:
            break
    plain = found[:-1] / scale
    return Fitted(np.append(plain, found[-1] - plain @ center))


def _prepare(text_a: str, text_b: str, has_credits: bool) -> tuple[AlignedTexts, bool]:
    """Tokenize a pair; returns also whether both texts have words."""
    texts = [text_a, text_b]
    tokens = tokenize(texts)
    if has_credits:
        tokens = mask_credits(tokens, [find_credits(text) for text in texts])
    return AlignedTexts(texts, tokens), bool(tokens.counts.all())


def _stream(tokens: Tokens, article: int) -> tuple[NDArray[np.generic], ...]:
    low, high = tokens.offsets[article : article + 2]
    return tuple(np.ascontiguousarray(column[low:high]) for column in tokens.columns)


def _look(source: AlignedTexts) -> list[NDArray[np.float64]]:
    """Return the features of the words of both sides."""
    tokens = source.tokens
    streams = [_stream(tokens, article) for article in (0, 1)]
    cuts = [
        tokens.cuts[(tokens.cuts > low) & (tokens.cuts < high)] - low
        for low, high in zip(tokens.offsets[:-1], tokens.offsets[1:], strict=True)
    ]
    side_a, side_b, _ = _core.number_pair(*streams, tables.idf())
    pair = (*streams, side_a, side_b, *cuts, np.zeros(0, np.int64))
    *sides, _ = _core.look_again(pair, np.zeros(len(WORDS) + len(PASSAGES) + 2))
    return [side[0].reshape(-1, len(WORDS)) for side in sides]


def _label(source: AlignedTexts, pair: LabeledPair) -> list[NDArray[np.int64]]:
    """Return 1 for reused words of both sides, 0 for others, -1 where that is doubtful."""
    labels = []
    for article, name in enumerate(("span_a", "span_b")):
        low, high = source.tokens.offsets[article : article + 2]
        starts, ends = source.tokens.starts[low:high], source.tokens.ends[low:high]
        found = np.zeros(high - low, np.int64)
        for is_sure in (False, True):
            for unit in pair.units:
                if is_sure == (unit["kind"] != "boilerplate" and unit.get("sure", 3) >= 2):
                    first, last = unit[name]
                    found[(starts >= first) & (ends <= last)] = 1 if is_sure else -1
        labels.append(found)
    return labels


def find_passages(
    source: AlignedTexts, params: dedup.Params, weights: NDArray[np.float64]
) -> tuple[list[Spans], NDArray[np.float64]]:
    """Return the passages of a pair with other weights: spans in code points, and confidences."""
    pairs = np.array([[0, 1]])
    swapped = find_swapped(*source, pairs)
    first, second = (1, 0) if swapped[0] else (0, 1)
    tokens = source.tokens
    found = _core.align_pairs(
        np.array([first]),
        np.array([second]),
        tokens.offsets,
        tokens.cuts,
        *tokens.columns,
        tables.idf(),
        make_scalars(params.align)._replace(weights=weights),
    )
    table, order = make_table(source, pairs, swapped, PassageRows.from_core(*found))
    spans = [((row[0], row[1]), (row[2], row[3])) for row in table.chars.tolist()]
    return spans, found[2][order, 3]


def _find_candidates(
    source: AlignedTexts, words: Fitted, params: dedup.Params, judge: Callable[[Spans], float]
) -> Candidates:
    """Return the passages of a pair; a weight of 1 shows one feature of each."""
    spans: list[Spans] = []
    columns = []
    for feature in np.eye(len(PASSAGES) + 1)[: len(PASSAGES)]:
        spans, shown = find_passages(source, params, np.append(words.weights, feature))
        columns.append(shown)
    return Candidates(np.column_stack(columns), np.array([judge(one) for one in spans]))


def _judge_news(pair: LabeledPair) -> Callable[[Spans], float]:
    def judge(spans: Spans) -> float:
        score = score_pair(pair, [spans])
        return score.right / score.reported if score.reported > 10 else -1.0

    return judge


def _judge_pan(pair: PanPair) -> Callable[[Spans], float]:
    def judge(spans: Spans) -> float:
        total, right = 0, 0
        for own, side in zip(spans, ("a", "b"), strict=True):
            cases: list[Span] = [getattr(case, side) for case in pair.cases]
            total += own[1] - own[0]
            right += max((min(own[1], e) - max(own[0], s) for s, e in cases), default=0)
        return max(right, 0) / total

    return judge


def _read_pan(path: Path) -> Iterator[PanPair]:
    with open_corpus(path) as root:
        for subset in SUBSETS:
            yield from list(read_pairs(root, subset))[::_PAN_STEP]


def fit_words(features: list[list[NDArray[np.float64]]], labels: list[list[NDArray[np.int64]]],
              numbers: Sequence[int]) -> Fitted:  # fmt: skip
    """Fit words on the pairs of these numbers, with the threshold inside the constant."""
    rows = np.concatenate([side for k in numbers for side in features[k]])
    targets = np.concatenate([side for k in numbers for side in labels[k]])
    found = fit(rows[targets >= 0], targets[targets >= 0].astype(float))
    shifted = found.weights.copy()
    shifted[-1] -= np.log(_REUSED / (1 - _REUSED))
    return Fitted(shifted)


def fit_passages(news: Sequence[Candidates], pan: Sequence[Candidates]) -> Fitted:
    """Fit passages of news and PAN; a target is a share."""
    rows = np.concatenate([one.features for one in (*news, *pan)])
    targets = np.concatenate([one.targets for one in (*news, *pan)])
    counts = np.concatenate(
        [np.ones(len(one.targets)) for one in news]
        + [np.full(len(one.targets), _PAN_WEIGHT) for one in pan]
    )
    known = targets >= 0
    return fit(rows[known], targets[known], counts[known])


def show_calibration(odds: NDArray[np.float64], targets: NDArray[np.float64]) -> Iterator[str]:
    """Format the reliability table: by confidence, the share that is reused."""
    chance, known = 1 / (1 + np.exp(-odds)), targets >= 0
    yield "confidence    passages    said    reused"
    for low in np.arange(0, 10) / 10:
        rows = known & (chance >= low) & (chance < low + 0.1 + 1e-9 * (low > 0.85))
        if rows.any():
            said, reused = chance[rows].mean(), targets[rows].mean()
            yield f"{low:.1f} to {low + 0.1:.1f} {rows.sum():11d} {said:7.2f} {reused:9.2f}"


def main() -> None:
    """Fit, measure on folds, and write the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("news", type=Path)
    parser.add_argument("pan", type=Path)
    parser.add_argument("--write", action="store_true", help="replace the table of the package")
    options = parser.parse_args()
    params = dedup.Params()
    params = replace(params, align=replace(params.align, min_confidence=0.0))
    pairs = read_labeled(options.news)
    folds = make_folds(pairs)
    sources = [_prepare(pair.text_a, pair.text_b, True) for pair in pairs]
    usable = [k for k, (_, has_words) in enumerate(sources) if has_words]
    features = [_look(source) if good else [] for source, good in sources]
    labels = [
        _label(source, pair) if good else []
        for (source, good), pair in zip(sources, pairs, strict=True)
    ]
    words: dict[int, Fitted] = {}
    for fold in map(set, folds):
        words |= dict.fromkeys(
            fold, fit_words(features, labels, [k for k in usable if k not in fold])
        )
    news = {
        k: _find_candidates(sources[k][0], words[k], params, _judge_news(pairs[k])) for k in usable
    }
    all_words = fit_words(features, labels, usable)
    pan = []
    for one in _read_pan(options.pan):
        source, good = _prepare(one.text_a, one.text_b, False)
        if good:
            pan.append(_find_candidates(source, all_words, params, _judge_pan(one)))
    passages: dict[int, Fitted] = {}
    for fold in map(set, folds):
        passages |= dict.fromkeys(
            fold, fit_passages([news[k] for k in usable if k not in fold], pan)
        )
    odds = np.concatenate([passages[k].odds(news[k].features) for k in usable])
    print(*show_calibration(odds, np.concatenate([news[k].targets for k in usable])), sep="\n")
    numbers = {pair[1:3]: k for k, pair in enumerate(pairs)}

    for least in (0.0, 0.2, 0.3, 0.4, 0.5):
        changed = replace(params, align=replace(params.align, min_confidence=least))

        def find(text_a: str, text_b: str) -> list[Scored]:
            k = numbers[text_a, text_b]
            if k not in news:
                return []
            weights = np.append(words[k].weights, passages[k].weights)
            return [
                Scored(*one)
                for one in zip(*find_passages(sources[k][0], changed, weights), strict=True)
            ]

        scores = score_pairs(pairs, find)
        total = sum(scores[1:], scores[0])
        by_label = [
            f"{total.found_share(name):.3f}" for name in ("all", "verbatim", "edited", "reworded")
        ]
        print(
            f"least confidence {least}: precision {total.precision:.3f} recall {total.recall():.3f} F1 {total.f1:.3f} units",
            *by_label,
            f"quiet {total.n_silent} of {total.n_without}",
        )
    final = np.append(all_words.weights, fit_passages(list(news.values()), pan).weights)
    if options.write:
        n = len(WORDS) + 1
        table = {
            "words": dict(zip((*WORDS, "constant"), final[:n].round(6).tolist(), strict=True)),
            "passages": dict(
                zip((*PASSAGES, "constant"), final[n:].round(6).tolist(), strict=True)
            ),
        }
        path = files("dedup.text.tables") / "second_look.json"
        Path(str(path)).write_text(json.dumps(table, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
