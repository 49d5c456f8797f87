"""Stories and provenance of a whole collection."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import xxhash
from numpy.typing import NDArray

from dedup.align.overlap import Pieces
from dedup.group.places import SharedPassages
from dedup.group.story import Pairs, StoryTable, find_stories
from dedup.model import Family, Member, Origin, Share, Story
from dedup.model.census import Census
from dedup.model.headline import find_headline
from dedup.model.outlets import fold_name
from dedup.params import Params
from dedup.pipeline.clues import ClueReader
from dedup.pipeline.collection import Collection
from dedup.pipeline.versions import group_versions
from dedup.provenance.borrowed import PassageSide, Sides, find_coverage, find_shares, is_no_later
from dedup.provenance.clues import SourceClues, find_dates
from dedup.provenance.direction import count_naming, find_features, weigh_directions
from dedup.provenance.source import SourceModel
from dedup.runtime.workers import Workers

# Stories whose headlines are read together.
_BLOCK = 1 << 11


class Traces(NamedTuple):
    """Stories of whole components, and what tells the direction of copying in their pairs.

    Parameters
    ----------
    articles : ndarray of int64, shape (n, 2)
        Pairs that share text, and pairs within a story in which one article names the other.
    features : ndarray of float64, shape (n, n_features + 1)
        Result of :func:`dedup.provenance.direction.find_features`.
    """

    stories: StoryTable
    clues: list[SourceClues | None]
    articles: NDArray[np.int64]
    features: NDArray[np.float64]

    @property
    def naming(self) -> tuple[int, int]:
        """`n_sharing` and `n_naming` of these components, see `Census`."""
        return count_naming(self.articles, self.features)


def trace(
    collection: Collection,
    found: tuple[Pairs, SharedPassages],
    reader: ClueReader,
    params: Params,
    pool: Workers,
) -> Traces:
    """Find articles with one story, and what tells the direction of copying.

    Parameters
    ----------
    found : tuple of (Pairs, SharedPassages)
        All of some components.
    """
    pairs, shared = found
    reader.read_all(np.unique(pairs.articles), pool)
    clues = reader.clues
    stories = find_stories(pairs, shared, collection.tokens.lengths, params.story)
    dates = find_dates(collection.published, collection.offsets)
    pairs = _add_named(pairs, stories, clues)
    features = find_features(pairs, shared, dates, clues)
    return Traces(stories, clues, pairs.articles, features)


def weigh_sources(collection: Collection, traces: Traces, census: Census) -> SourceModel:
    """Return the model of the sources of some components.

    Parameters
    ----------
    census : Census
        With `n_sharing` and `n_naming`.
    """
    dates = find_dates(collection.published, collection.offsets)
    directions = weigh_directions(traces.articles, traces.features, census)
    return SourceModel(collection.ids, dates, traces.clues, directions)


def build_stories(
    collection: Collection,
    load_pieces: Callable[[NDArray[np.int64]], Pieces],
    shared: SharedPassages,
    traces: Traces,
    model: SourceModel,
    census: Census,
) -> tuple[Story, ...]:
    """Find the origins of stories.

    Parameters
    ----------
    load_pieces : callable
        Takes article numbers; returns their unmasked ranges.
    census : Census
        With `outlets`.
    """
    return _StoryBuilder(collection, load_pieces, shared, traces, model, census).build()


def date_families(
    families: Sequence[Family], collection: Collection, model: SourceModel
) -> tuple[Family, ...]:
    """Find the first carrier of each passage, and sort families by their first occurrence."""
    number_of = {name: at for at, name in enumerate(collection.ids)}
    dated = [_date_family(one, model, number_of, collection.ids) for one in families]
    dated.sort(key=lambda one: (one.occurrences[0].article, one.occurrences[0].span))
    return tuple(dated)


def _add_named(pairs: Pairs, stories: StoryTable, clues: Sequence[SourceClues | None]) -> Pairs:
    """Add uncompared pairs of one story if one article names the other."""
    named: set[tuple[int, int]] = set()
    for low, high in zip(stories.bounds[:-1].tolist(), stories.bounds[1:].tolist(), strict=True):
        members = stories.articles[low:high].tolist()
        first_of: dict[str, int] = {}
        for one in members:
            for name in _names(clues[one]):
                first_of.setdefault(name, one)
        for one in members:
            others = {first_of.get(name, one) for name in _named(clues[one])} - {one}
            named |= {(min(one, other), max(one, other)) for other in others}
    added = np.array(sorted(named), np.int64).reshape(-1, 2)
    # Few articles name a source: keep the existing pairs as arrays.
    width = len(clues)
    is_known = np.isin(added @ [width, 1], pairs.articles @ [width, 1])
    added = added[~is_known]
    n = len(added)
    return Pairs(
        np.concatenate([pairs.articles, added]),
        np.append(pairs.counts, np.zeros(n, np.int64)),
        np.concatenate([pairs.coverages, np.zeros((n, 2))]),
    )


def _names(own_clues: SourceClues | None) -> frozenset[str]:
    return own_clues.names if own_clues is not None else frozenset()


def _named(own_clues: SourceClues | None) -> frozenset[str]:
    return own_clues.credits | own_clues.hosts if own_clues is not None else frozenset()


def _date_family(
    family: Family, model: SourceModel, number_of: dict[str, int], ids: Sequence[str]
) -> Family:
    """Add the earliest article of a family, and put its occurrence first."""
    earliest = model.find_earliest({number_of[one.article] for one in family.occurrences})
    if len(earliest) != 1:
        return family
    name = ids[earliest[0]]
    ordered = sorted(family.occurrences, key=lambda one: (one.article, one.span))
    first = next(one for one in ordered if one.article == name)
    ordered.remove(first)
    return replace(family, earliest=name, occurrences=(first, *ordered))


class _StoryBuilder:
    """Builds the stories of a report from their columns."""

    def __init__(
        self,
        collection: Collection,
        load_pieces: Callable[[NDArray[np.int64]], Pieces],
        shared: SharedPassages,
        traces: Traces,
        model: SourceModel,
        census: Census,
    ) -> None:
        self._ids, self._clues, self._stories = collection.ids, traces.clues, traces.stories
        self._model = model
        self._load = collection.load_articles
        self._dates = find_dates(collection.published, collection.offsets)
        self._outlet_of = collection.outlets
        # An agency that is an outlet here has its name.
        self._outlets = {fold_name(name): name for name in census.outlets}
        carriers = np.unique(self._stories.articles)
        self._place_of = {one: at for at, one in enumerate(carriers.tolist())}
        self._pieces = load_pieces(carriers)
        self._sides = Sides(shared, carriers, len(collection))
        # Other captures of the page of each member, by the members of a story.
        self._versions: dict[tuple[int, ...], dict[int, list[int]]] = {}

    def build(self) -> tuple[Story, ...]:
        """Return all stories: those of most outlets first, then of most articles."""
        stories = self._stories
        bounds = stories.bounds.tolist()
        members = [
            self._choose(self._sort(stories.articles[low:high].tolist()))
            for low, high in pairwise(bounds)
        ]
        members = [own for own in members if len(own) > 1]
        members.sort(
            key=lambda own: (-self._count_outlets(own), -len(own), [self._key(one) for one in own])
        )
        made = [
            self._make(name, own) for name, own in zip(self._name(members), members, strict=True)
        ]
        return tuple(self._add_headlines(made, members))

    def _choose(self, members: list[int]) -> list[int]:
        """Return one article of each page: that with most of the story's text, then the first."""
        known = {one: self._clues[one] for one in members}
        groups = group_versions({one: own and own.page for one, own in known.items()})
        if len(groups) == len(members):
            return members
        others: dict[int, list[int]] = {}
        for group in groups:
            rest = frozenset(members) - {*group}
            best = max(
                group,
                key=lambda one: round(self._find_coverage(one, self._find_sides(one, rest)), 2),
            )
            others[best] = [one for one in group if one != best]
        chosen = self._sort([*others])
        self._versions[*chosen,] = others
        return chosen

    def _count_outlets(self, members: list[int]) -> int:
        return len({self._outlet_of[one] for one in members} - {None})

    def _add_headlines(self, stories: list[Story], members: list[list[int]]) -> Iterator[Story]:
        """Add the headlines, reading some articles at once."""
        for low in range(0, len(stories), _BLOCK):
            some, own = stories[low : low + _BLOCK], members[low : low + _BLOCK]
            leads = [
                next(
                    (one for one in carriers if self._ids[one] == story.origin.source), carriers[0]
                )
                for story, carriers in zip(some, own, strict=True)
            ]
            numbers = np.unique(leads)
            loaded = dict(zip(numbers.tolist(), self._load(numbers), strict=True))
            for story, lead in zip(some, leads, strict=True):
                yield replace(story, headline=find_headline(loaded[lead]))

    def _key(self, article: int) -> tuple[bool, float, str]:
        low = float(self._dates[article, 0])
        return bool(np.isnan(low)), 0.0 if np.isnan(low) else low, self._ids[article]

    def _sort(self, articles: list[int]) -> list[int]:
        return sorted(articles, key=self._key)

    def _name(self, members: list[list[int]]) -> list[str]:
        """Name each story by a digest of its first member's id; a repeated name gets a counter."""
        n_seen: Counter[int] = Counter()
        names = [""] * len(members)
        order = sorted(range(len(members)), key=lambda at: list(map(self._key, members[at])))
        for at in order:
            first = members[at][0]
            n_seen[first] += 1
            digest = xxhash.xxh3_128_hexdigest(self._ids[first].encode("utf-8", "surrogatepass"))
            names[at] = digest if n_seen[first] == 1 else f"{digest}-{n_seen[first]}"
        return names

    def _make(self, name: str, own: list[int]) -> Story:
        model = self._model
        among = frozenset(own)
        sides = {one: self._find_sides(one, among) for one in own}
        coverages = {one: self._find_coverage(one, sides[one]) for one in own}
        ordered = sorted(own, key=lambda one: self._ids[one])
        decision = model.decide(ordered, [coverages[one] for one in ordered])
        members = []
        versions = self._versions.get((*own,), {})
        for one, lag in zip(own, model.find_lags(own), strict=True):
            own_clues = self._clues[one]
            printed = own_clues.printed if own_clues is not None else {}
            credit = next((self._outlets.get(key, name) for key, name in printed.items()), None)
            members.append(
                Member(
                    self._ids[one],
                    self._name_agency(decision.parents[one]),
                    lag,
                    coverages[one],
                    self._take(one, sides[one]),
                    credit,
                    tuple(self._ids[other] for other in versions.get(one, ())),
                )
            )
        earliest = tuple(self._ids[one] for one in decision.earliest)
        return Story(name, tuple(members), earliest, self._name_agency(decision.origin))

    def _find_sides(self, article: int, among: frozenset[int]) -> list[PassageSide]:
        return [side for side in self._sides.get(article) if side.other in among]

    def _find_coverage(self, article: int, sides: list[PassageSide]) -> float:
        return find_coverage(sides, self._pieces, self._place_of[article])

    def _name_agency(self, origin: Origin) -> Origin:
        """Name the agency as the outlet that it is in this collection."""
        if origin.agency is None:
            return origin
        name = self._outlets.get(fold_name(origin.agency), origin.agency)
        return replace(origin, agency=name)

    def _take(self, article: int, sides: list[PassageSide]) -> tuple[Share, ...]:
        """Return the text that an article has in common with members that are not later."""
        others = np.array([side.other for side in sides], np.int64)
        may_give = is_no_later(self._dates[others], self._dates[article])
        taken = find_shares(sides, self._pieces, self._place_of[article], may_give)
        return tuple(Share(self._ids[one.article], one.coverage, one.n_edits) for one in taken)
