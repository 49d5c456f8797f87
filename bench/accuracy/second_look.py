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
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

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
from dedup.model.passage import KINDS, kind_of
from dedup.text import tables
from dedup.text.tokenize import Tokens, tokenize

WORDS = (
    *("aligned_4", "aligned_15", "log_nearest", "log_farther", "log_jump", "clause_share"),
    *("log_clause", "log_run", "present_10", "present_25"),
    *("aligned_share", "aligned_cosine", "stop_share", "log_bits", "window_bits"),
    *("share_before", "share_after", "log_own", "log_other", "log_longest"),
)
PASSAGES = (
    *("evidence_mean", "evidence_least", "identity_share"),
    *("log_passage", "log_score", "is_added", "fact_share", "plain_share", "log_ratio"),
)
_IDENTITY = PASSAGES.index("identity_share")
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
        odds: NDArray[np.float64] = features @ self.weights[:-1] + self.weights[-1]
        return odds


class Candidates(NamedTuple):
    """Passages of a pair: features (n, 6), and the share of each that is reused, or -1."""

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


def _stream(tokens: Tokens, article: int) -> Any:
    """Return the columns of one article, as the core takes them."""
    low, high = tokens.offsets[article : article + 2]
    return tuple(np.ascontiguousarray(column[low:high]) for column in tokens.columns)


def _look(source: AlignedTexts) -> list[NDArray[np.float64]]:
    """Return the features of the words of both sides."""
    tokens = source.tokens
    a, b = (_stream(tokens, article) for article in (0, 1))
    cuts_a, cuts_b = (
        tokens.cuts[(tokens.cuts > low) & (tokens.cuts < high)] - low
        for low, high in zip(tokens.offsets[:-1], tokens.offsets[1:], strict=True)
    )
    side_a, side_b, _ = _core.number_pair(a, b, tables.idf())
    pair = (a, b, side_a, side_b, cuts_a, cuts_b, np.zeros(0, np.int64))
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


def fit_words(
    features: Sequence[NDArray[np.float64]], labels: Sequence[NDArray[np.int64]]
) -> Fitted:
    """Fit words of some sides of pairs, with the threshold inside the constant."""
    rows, targets = np.concatenate(features), np.concatenate(labels)
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


def show_calibration(
    name: str, odds: NDArray[np.float64], targets: NDArray[np.float64]
) -> Iterator[str]:
    """Format the reliability table: by confidence, the share that is reused."""
    chance, known = 1 / (1 + np.exp(-odds)), targets >= 0
    yield f"{name:<13} passages    said    reused"
    for low in np.arange(0, 10) / 10:
        rows = known & (chance >= low) & (chance < low + 0.1 + 1e-9 * (low > 0.85))
        if rows.any():
            said, reused = chance[rows].mean(), targets[rows].mean()
            yield f"{low:.1f} to {low + 0.1:.1f} {rows.sum():11d} {said:7.2f} {reused:9.2f}"


class News(NamedTuple):
    """Labeled pairs whose texts both have words, with the features and labels of their words."""

    pairs: list[LabeledPair]
    sources: list[AlignedTexts]
    features: list[list[NDArray[np.float64]]]
    labels: list[list[NDArray[np.int64]]]
    folds: list[set[int]]

    @classmethod
    def read(cls, path: Path) -> News:
        """Read and tokenize the pairs."""
        every = read_labeled(path)
        prepared = [_prepare(pair.text_a, pair.text_b, True) for pair in every]
        usable = [k for k, (_, has_words) in enumerate(prepared) if has_words]
        numbers = {k: at for at, k in enumerate(usable)}
        pairs, sources = [every[k] for k in usable], [prepared[k][0] for k in usable]
        features = [_look(source) for source in sources]
        labels = [_label(*one) for one in zip(sources, pairs, strict=True)]
        folds = [{numbers[k] for k in fold if k in numbers} for fold in make_folds(every)]
        return cls(pairs, sources, features, labels, folds)

    def fit_words(self, left_out: Collection[int] = ()) -> Fitted:
        """Fit words on all pairs but some."""
        kept = [k for k in range(len(self.pairs)) if k not in left_out]
        return fit_words(
            [side for k in kept for side in self.features[k]],
            [side for k in kept for side in self.labels[k]],
        )

    def by_fold(self, fit_one: Callable[[Collection[int]], Fitted]) -> list[Fitted]:
        """Return a fit for each pair that leaves out the fold of the pair."""
        found = {k: fitted for fold in self.folds for fitted in [fit_one(fold)] for k in fold}
        return [found[k] for k in range(len(self.pairs))]


def _find_pan(path: Path, words: Fitted, params: dedup.Params) -> list[Candidates]:
    found = []
    for pair in _read_pan(path):
        source, has_words = _prepare(pair.text_a, pair.text_b, False)
        if has_words:
            found.append(_find_candidates(source, words, params, _judge_pan(pair)))
    return found


def _score(news: News, weights: Sequence[NDArray[np.float64]], params: dedup.Params) -> str:
    """Score the passages of all pairs, each with its own weights."""
    numbers = {(pair.text_a, pair.text_b): k for k, pair in enumerate(news.pairs)}

    def find(text_a: str, text_b: str) -> list[Scored]:
        k = numbers[text_a, text_b]
        found = find_passages(news.sources[k], params, weights[k])
        return [Scored(*one) for one in zip(*found, strict=True)]

    scores = score_pairs(news.pairs, find)
    total = sum(scores[1:], scores[0])
    labels = ("all", "verbatim", "edited", "reworded")
    return " ".join(
        [
            f"precision {total.precision:.3f} recall {total.recall():.3f} F1 {total.f1:.3f} units",
            *(f"{total.found_share(label):.3f}" for label in labels),
            f"quiet {total.n_silent} of {total.n_without}",
        ]
    )


def write_weights(weights: NDArray[np.float64], path: Path) -> None:
    """Write the table of the package."""
    n = len(WORDS) + 1
    names, values = ((*WORDS, "constant"), (*PASSAGES, "constant")), np.split(weights.round(6), [n])
    words, passages = (
        dict(zip(own, each.tolist(), strict=True)) for own, each in zip(names, values, strict=True)
    )
    text = json.dumps({"words": words, "passages": passages}, indent=2)
    path.write_text(text + "\n", encoding="utf-8")


def fit_all(news: News, pan_path: Path) -> NDArray[np.float64]:
    """Fit on all pairs; print what fits on the folds do for the pairs that they have not seen."""
    params = _with_confidence(0.0)
    words, all_words = news.by_fold(news.fit_words), news.fit_words()
    found = [
        _find_candidates(source, fitted, params, _judge_news(pair))
        for source, fitted, pair in zip(news.sources, words, news.pairs, strict=True)
    ]
    pan = _find_pan(pan_path, all_words, params)

    def fit_rest(left_out: Collection[int]) -> Fitted:
        return fit_passages([one for k, one in enumerate(found) if k not in left_out], pan)

    passages = news.by_fold(fit_rest)
    odds = [fitted.odds(one.features) for fitted, one in zip(passages, found, strict=True)]
    _show_kinds(np.concatenate(odds), found)
    weights = [
        np.append(*(each.weights for each in one)) for one in zip(words, passages, strict=True)
    ]
    for least in (0.0, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8):
        print(f"least confidence {least}:", _score(news, weights, _with_confidence(least)))
    return np.append(all_words.weights, fit_rest(()).weights)


def _show_kinds(odds: NDArray[np.float64], found: Sequence[Candidates]) -> None:
    """Print the reliability tables of all passages and of each kind, by identity alone."""
    targets = np.concatenate([one.targets for one in found])
    identities = np.concatenate([one.features for one in found])[:, _IDENTITY]
    kinds = np.array([kind_of(identity, ()) for identity in identities.tolist()])
    for name in ("all", *KINDS):
        rows = (kinds == name) | (name == "all")
        print(*show_calibration(name, odds[rows], targets[rows]), sep="\n")


def _with_confidence(least: float) -> dedup.Params:
    params = dedup.Params()
    return replace(params, align=replace(params.align, min_confidence=least))


def main() -> None:
    """Fit, measure on folds, and write the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("news", type=Path)
    parser.add_argument("pan", type=Path)
    parser.add_argument("--write", action="store_true", help="replace the table of the package")
    options = parser.parse_args()
    weights = fit_all(News.read(options.news), options.pan)
    if options.write:
        write_weights(weights, Path(str(files("dedup.text.tables") / "second_look.json")))


if __name__ == "__main__":
    main()
