"""Passages by column, and their places: merged spans of one article that are nearly the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf
from typing import NamedTuple

import numpy as np
import xxhash
from numpy.typing import NDArray

from dedup import _core
from dedup.text.tokenize import Tokens

# Spans loaded at once.
_BLOCK = 1 << 11
# Least intersection over union of spans that are one place. A change by .1 changes the number of
# families by 7 % at most (decision 11).
MIN_SAME = 0.8


class Words(NamedTuple):
    """Tokens by column: hashes, stems and flags."""

    hashes: NDArray[np.uint64]
    stems: NDArray[np.uint64]
    flags: NDArray[np.uint8]


class SharedPassages(NamedTuple):
    """Passages of a collection, by column.

    Parameters
    ----------
    articles : ndarray of int64, shape (n, 2)
        Articles ``a`` and ``b`` of each passage.
    tokens : ndarray of int64, shape (n, 4)
        Half-open spans of tokens, in ``a`` then in ``b``, from the start of the article.
    chars : ndarray of int64, shape (n, 4)
        The same spans in code points.
    identities : ndarray of float64, shape (n,)
        Identity of each passage.
    """

    articles: NDArray[np.int64]
    tokens: NDArray[np.int64]
    chars: NDArray[np.int64]
    identities: NDArray[np.float64]


def join_shared(parts: list[SharedPassages]) -> SharedPassages:
    """Concatenate tables of passages."""
    nothing = SharedPassages(
        np.empty((0, 2), np.int64),
        np.empty((0, 4), np.int64),
        np.empty((0, 4), np.int64),
        np.empty(0, np.float64),
    )
    return SharedPassages(
        *(np.concatenate(columns) for columns in zip(nothing, *parts, strict=True))
    )


class Texts(NamedTuple):
    """Articles of a collection, loaded on demand.

    Parameters
    ----------
    published : ndarray of float64, shape (n_articles,)
        Seconds since 1970, NaN if unknown.
    lengths : ndarray of int64, shape (n_articles,)
        Tokens of each article.
    load : callable
        Takes article numbers, ndarray of int64; returns their texts and tokens.
    """

    ids: Sequence[str]
    published: NDArray[np.float64]
    lengths: NDArray[np.int64]
    load: Callable[[NDArray[np.int64]], tuple[Sequence[str], Tokens]]
    load_tokens: Callable[[NDArray[np.int64]], Tokens]


class Places(NamedTuple):
    """Places: merged spans of passages that are nearly the same.

    Spans in tokens of the shelf and in code points, digests of the words, order of preference as
    a representative, and the two places of each passage.
    """

    spans: NDArray[np.int64]
    chars: NDArray[np.int64]
    digests: list[str]
    order: NDArray[np.int64]
    links: NDArray[np.int64]


def find_places(shared: SharedPassages, texts: Texts) -> tuple[Places, Words, Shelf]:
    """Return the places of all passages, their words, and the shelf with these words."""
    before = np.cumsum(texts.lengths) - texts.lengths
    owners = shared.articles.reshape(-1)
    spans = shared.tokens.reshape(-1, 2) + before[owners][:, None]
    place_of, chosen = _merge_spans(spans)
    shelf = Shelf.from_spans(spans[chosen], before, texts)
    shelved = shelf.place(spans[chosen])
    words = shelf.load()
    weights = np.bincount(place_of, np.repeat(shared.identities, 2))
    published = np.nan_to_num(texts.published[owners[chosen]], nan=inf)
    # Prefer the place with the greatest sum of identities, which most others resemble. Rounded, so
    # that floating-point errors do not break ties.
    order = np.lexsort((np.arange(len(chosen)), published, -weights.round(6)))
    digests = [
        xxhash.xxh3_128_hexdigest(words.hashes[low:high].data) for low, high in shelved.tolist()
    ]
    chars = shared.chars.reshape(-1, 2)[chosen]
    return Places(shelved, chars, digests, order, place_of.reshape(-1, 2)), words, shelf


class Shelf(NamedTuple):
    """Tokens of all articles that are inside places, concatenated.

    Start of each span on the shelf, its bounds among all tokens, tokens before each article, and
    the articles.
    """

    firsts: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    before: NDArray[np.int64]
    texts: Texts

    @classmethod
    def from_spans(cls, spans: NDArray[np.int64], before: NDArray[np.int64], texts: Texts) -> Shelf:
        """Make a shelf of sorted spans; merge those that overlap."""
        reach = np.maximum.accumulate(spans[:, 1])
        is_apart = np.append(True, spans[1:, 0] >= reach[:-1])
        starts, ends = spans[is_apart, 0], reach[np.append(is_apart[1:], True)]
        lengths = ends - starts
        return cls(np.cumsum(lengths) - lengths, starts, ends, before, texts)

    def place(self, spans: NDArray[np.int64]) -> NDArray[np.int64]:
        """Convert spans among all tokens to spans on the shelf."""
        at = np.searchsorted(self.starts, spans[:, 0], "right") - 1
        return spans + (self.firsts - self.starts)[at][:, None]

    def find(self, spans: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Convert spans on the shelf to articles and spans of their tokens."""
        at = np.searchsorted(self.firsts, spans[:, 0], "right") - 1
        among_all = spans + (self.starts - self.firsts)[at][:, None]
        articles = np.searchsorted(self.before, among_all[:, 0], "right") - 1
        return articles, among_all - self.before[articles][:, None]

    def load(self) -> Words:
        """Load the tokens, block by block."""
        n = int((self.ends - self.starts).sum())
        hashes, stems = np.empty(n, np.uint64), np.empty(n, np.uint64)
        flags = np.empty(n, np.uint8)
        articles = np.searchsorted(self.before, self.starts, "right") - 1
        for own in np.array_split(np.arange(len(articles)), -(-len(articles) // _BLOCK)):
            numbers, at = np.unique(articles[own], return_inverse=True)
            tokens = self.texts.load_tokens(numbers)
            lengths = self.ends[own] - self.starts[own]
            lows = tokens.offsets[at] + self.starts[own] - self.before[articles[own]]
            ends = np.cumsum(lengths)
            taken = np.repeat(lows - ends + lengths, lengths) + np.arange(ends[-1])
            to = slice(int(self.firsts[own[0]]), int(self.firsts[own[0]] + ends[-1]))
            hashes[to], stems[to] = tokens.hashes[taken], tokens.stems[taken]
            flags[to] = tokens.flags[taken]
        return Words(hashes, stems, flags)


def _merge_spans(spans: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the place of each span, and the index of the most frequent span of each place."""
    different, firsts, numbers, counts = np.unique(
        spans, axis=0, return_index=True, return_inverse=True, return_counts=True
    )
    groups = _core.group_spans(different, MIN_SAME)
    lengths = different[:, 1] - different[:, 0]
    order = np.lexsort((-lengths, -counts, groups))
    is_best = np.diff(groups[order], prepend=-1) != 0
    best = order[is_best]
    place_of_group = np.empty(len(different), np.int64)
    place_of_group[groups[np.sort(best)]] = np.arange(len(best))
    return place_of_group[groups[numbers.reshape(-1)]], firsts[np.sort(best)]


def find_chars(
    rows: NDArray[np.int64], spans: NDArray[np.int64], known: NDArray[np.int64], shelf: Shelf
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return articles and code points of occurrences; `known` has those of the first rows."""
    articles, tokens = shelf.find(spans[rows])
    chars = np.empty((len(rows), 2), np.int64)
    is_known = rows < len(known)
    chars[is_known] = known[rows[is_known]]
    missing = np.flatnonzero(~is_known)
    missing = missing[np.argsort(articles[missing], kind="stable")]
    for own in np.array_split(missing, -(-len(missing) // _BLOCK) or 1):
        numbers, at = np.unique(articles[own], return_inverse=True)
        texts, loaded = shelf.texts.load(numbers)
        for row, k, (low, high) in zip(own, at.tolist(), tokens[own].tolist(), strict=True):
            before = int(loaded.offsets[k])
            chars[row] = loaded.span(texts[k], before + low, before + high)
    return articles, chars
