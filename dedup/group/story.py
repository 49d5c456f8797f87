"""Group articles into stories.

Strong pairs connect the parts of articles that they share, not whole articles: a round-up of two
stories belongs to both without joining them. docs/decisions/0017-stories.md has the reasons and
measurements.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.group.places import SharedPassages
from dedup.params import StoryParams

# Two parts of one article are the same if they have this share of the smaller in common. Values
# from .3 to .9 give the same stories on spreads (decision 17).
_MIN_SAME = 0.5
# Tokens of a tile, by which the groups near a region are found.
_TILE = 1 << 10

# Half-open spans of tokens that one pair shares, in one of its articles.
_Region = Sequence[Sequence[int]]


class Pairs(NamedTuple):
    """Pairs of articles that share passages, by column.

    Parameters
    ----------
    articles : ndarray of int64, shape (n_pairs, 2)
        Articles ``a`` and ``b`` of each pair.
    counts : ndarray of int64, shape (n_pairs,)
        Number of passages of each pair; passages are in the order of the pairs.
    coverages : ndarray of float64, shape (n_pairs, 2)
        Share of each article inside passages of the pair.
    """

    articles: NDArray[np.int64]
    counts: NDArray[np.int64]
    coverages: NDArray[np.float64]


def join_pairs(parts: list[Pairs]) -> Pairs:
    """Concatenate tables of pairs."""
    nothing = Pairs(
        np.empty((0, 2), np.int64),
        np.empty(0, np.int64),
        np.empty((0, 2), np.float64),
    )
    return Pairs(*(np.concatenate(columns) for columns in zip(nothing, *parts, strict=True)))


class StoryTable(NamedTuple):
    """Members of stories.

    Parameters
    ----------
    articles : ndarray of int64, shape (n_members,)
        Numbers of the articles, story by story, ascending in each.
    bounds : ndarray of int64, shape (n_stories + 1,)
        Number of members before each story.
    """

    articles: NDArray[np.int64]
    bounds: NDArray[np.int64]


def find_stories(
    pairs: Pairs, shared: SharedPassages, lengths: NDArray[np.int64], params: StoryParams
) -> StoryTable:
    """Group articles into stories.

    Parameters
    ----------
    lengths : ndarray of int64, shape (n_articles,)
        Tokens of each article.
    """
    strong = np.flatnonzero(is_strong(pairs, lengths, params))
    if not len(strong):
        return StoryTable(np.empty(0, np.int64), np.zeros(1, np.int64))
    ends, owners = _find_nodes(pairs, shared, strong)
    return _read_stories(find_components(ends, len(owners)), owners)


def is_strong(pairs: Pairs, lengths: NDArray[np.int64], params: StoryParams) -> NDArray[np.bool_]:
    """Return which pairs are strong.

    Parameters
    ----------
    lengths : ndarray of int64, shape (n_articles,)
        Tokens of each article.

    Returns
    -------
    ndarray of bool, shape (n_pairs,)
        True for pairs that share enough of both or of the smaller.
    """
    sizes = lengths[pairs.articles]
    is_smaller = sizes == sizes.min(axis=1, keepdims=True, initial=2**62)
    of_smaller = np.where(is_smaller, pairs.coverages, 0.0).max(axis=1, initial=0.0)
    is_version = pairs.coverages.min(axis=1, initial=1.0) >= params.min_both
    found: NDArray[np.bool_] = is_version | (of_smaller >= params.min_contained)
    return found


def find_components(ends: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    """Find the connected components of a graph.

    Parameters
    ----------
    ends : ndarray of int64, shape (n_edges, 2)
        Two nodes of each edge.

    Returns
    -------
    ndarray of int64, shape (n,)
        Smallest node of the component of each node.
    """
    parents = list(range(n))
    for one, other in ends.tolist():
        a, b = find_root(parents, one), find_root(parents, other)
        parents[max(a, b)] = min(a, b)
    for node in range(n):  # a parent has a lower number, so its root is final
        parents[node] = parents[parents[node]]
    return np.array(parents, np.int64)


def find_root(parents: list[int], node: int) -> int:
    """Return the root of a node, and shorten its path."""
    while parents[node] != node:
        parents[node] = parents[parents[node]]
        node = parents[node]
    return node


def _find_nodes(
    pairs: Pairs, shared: SharedPassages, strong: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the two nodes of each strong pair, and the article of each node.

    A node is a group of overlapping regions of one article; a region is what one pair shares.
    """
    ends = np.cumsum(pairs.counts)[strong]
    # Of each side: its first passage, the end of its passages, and its first column.
    rows = np.stack([ends - pairs.counts[strong], ends, np.zeros_like(ends)], axis=1)
    rows = np.repeat(rows, 2, axis=0)
    rows[1::2, 2] = 2
    sides = pairs.articles[strong].reshape(-1)
    order = np.argsort(sides, kind="stable")
    bounds = np.flatnonzero(np.diff(sides[order], prepend=-1, append=-1))
    ordered, articles = rows[order].tolist(), sides[order[bounds[:-1]]].tolist()
    numbered: list[int] = []
    owners: list[int] = []
    for article, low, high in zip(articles, bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        numbers = [0]
        if high - low > 1:
            numbers = group_regions(
                [
                    shared.tokens[first:last, column : column + 2].tolist()
                    for first, last, column in ordered[low:high]
                ]
            )
        numbered += [number + len(owners) for number in numbers]
        owners += [article] * (max(numbers) + 1)
    nodes = np.empty(len(sides), np.int64)
    nodes[order] = numbered
    return nodes.reshape(-1, 2), np.array(owners, np.int64)


def group_regions(regions: Sequence[_Region]) -> list[int]:
    """Group the regions of one article that are the same part of it.

    From small to large, a region joins the group that it overlaps. Regions that overlap several
    groups merge them if they are at least as many as the regions of the second largest of these
    groups: then the article is one story, and others took parts of it. Otherwise the article has
    several stories, and these regions form a group of their own.

    Parameters
    ----------
    regions : sequence of list of pairs
        Half-open spans of each region, in tokens.

    Returns
    -------
    list of int
        Group of each region, numbered from 0.
    """
    groups = _Groups()
    sizes = [sum(high - low for low, high in region) for region in regions]
    numbers = [0] * len(regions)
    bridging: dict[frozenset[int], list[int]] = defaultdict(list)
    for at in sorted(range(len(regions)), key=lambda at: (sizes[at], regions[at])):
        met = groups.meet(regions[at], sizes[at])
        if len(met) > 1:
            bridging[frozenset(met)].append(at)
        else:
            numbers[at] = groups.put(regions[at], met)
    for key, own in sorted(bridging.items(), key=lambda item: (-len(item[1]), sorted(item[0]))):
        among = {groups.find(one) for one in key}
        supports = sorted((groups.supports[one] for one in among), reverse=True)
        if len(among) > 1 and len(own) < supports[1]:
            group = groups.open(len(own))
        else:
            group = groups.join(among, len(own))
        for at in own:
            numbers[at] = group
    roots = [groups.find(one) for one in numbers]
    places = {root: at for at, root in enumerate(sorted(set(roots)))}
    return [places[root] for root in roots]


def _cut(bits: int, low: int, high: int) -> int:
    return bits >> low & ((1 << (high - low)) - 1)


class _Groups:
    """Groups of regions, painted on the tokens of their article.

    Sets of tokens are the bits of whole numbers: articles have few regions, so the fixed cost of a
    step on arrays would be most of it.
    """

    def __init__(self) -> None:
        self.supports: list[int] = []
        self._painted = 0
        # A long article may have many groups: those in each tile, and their tokens from the first.
        self._tiles: dict[int, set[int]] = defaultdict(set)
        self._firsts: list[int] = []
        self._tokens: list[int] = []
        self._sizes: list[int] = []
        self._parents: list[int] = []

    def find(self, group: int) -> int:
        return find_root(self._parents, group)

    def meet(self, region: _Region, size: int) -> list[int]:
        """Return the groups that a region overlaps enough, as long as none are merged."""
        near = {
            group
            for low, high in region
            for tile in range(low // _TILE, high // _TILE + 1)
            for group in self._tiles[tile]
        }
        met = []
        for group in sorted(near):
            n = sum(self._count(group, low, high) for low, high in region)
            if n and n >= _MIN_SAME * min(size, self._sizes[group]):
                met.append(group)
        return met

    def _count(self, group: int, low: int, high: int) -> int:
        first, tokens = self._firsts[group], self._tokens[group]
        return _cut(tokens, max(low - first, 0), max(high - first, 0)).bit_count()

    def open(self, support: int, first: int = 0) -> int:
        """Add an empty group."""
        self._parents.append(len(self._parents))
        self._firsts.append(first)
        self._tokens.append(0)
        self._sizes.append(0)
        self.supports.append(support)
        return self._parents[-1]

    def put(self, region: _Region, met: list[int]) -> int:
        """Add a region to the group it overlaps, or to a new one."""
        first = min(low for low, _ in region)
        group = met[0] if met else self.open(0, first)
        self.supports[group] += 1
        if (n_before := self._firsts[group] - first) > 0:
            self._firsts[group] = first
            self._tokens[group] <<= n_before
        for low, high in region:
            free = ((1 << (high - low)) - 1) & ~(self._painted >> low)
            self._painted |= free << low
            self._tokens[group] |= free << (low - self._firsts[group])
            self._sizes[group] += free.bit_count()
            for tile in range(low // _TILE, high // _TILE + 1) if free else ():
                self._tiles[tile].add(group)
        return group

    def join(self, groups: set[int], support: int) -> int:
        """Merge groups."""
        first, *others = sorted(groups)
        for other in others:
            self._parents[other] = first
            self._sizes[first] += self._sizes[other]
            self.supports[first] += self.supports[other]
        self.supports[first] += support
        return first


def _read_stories(roots: NDArray[np.int64], owners: NDArray[np.int64]) -> StoryTable:
    """Make stories of components; drop subsets of other stories."""
    rows = np.unique(np.stack([roots, owners], axis=1), axis=0)
    bounds = np.flatnonzero(np.diff(rows[:, 0], prepend=-1, append=-1))
    members = [
        frozenset(rows[low:high, 1].tolist())
        for low, high in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True)
        if high - low > 1
    ]
    stories_of: dict[int, list[int]] = defaultdict(list)
    kept: list[frozenset[int]] = []
    for own in sorted(members, key=lambda one: (-len(one), sorted(one))):
        among = min((stories_of[one] for one in own), key=len)
        if any(own <= kept[at] for at in among):
            continue
        for one in own:
            stories_of[one].append(len(kept))
        kept.append(own)
    articles = [one for own in kept for one in sorted(own)]
    counts = [len(own) for own in kept]
    return StoryTable(
        np.array(articles, np.int64), np.append(0, np.cumsum(np.array(counts, np.int64)))
    )
