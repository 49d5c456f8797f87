"""Estimate the source of a text that several articles share, and its probability.

The source is one of the articles, or absent from the collection. An article is the likely source
if it copied from no other, if others name it, and if it appeared first. It is named only if others
credit it or link to it: without that, it is right less often than the earliest article (decision
17), which is named as the earliest and not as the source.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from heapq import nsmallest
from itertools import islice
from math import floor, inf, log, log1p
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.model import Ground, Origin
from dedup.model.dates import DAY, MARGIN, TIE
from dedup.model.outlets import is_among
from dedup.provenance.clues import SourceClues
from dedup.provenance.direction import GROUNDS, Directions

# Log-odds, fitted like those in direction.py. Features of an article: it copied from no other,
# others name it, it is among the earliest, it has no date. Features of an absent source: a
# constant, others credit it, at least two do.
MEMBER_WEIGHTS = np.array([0.86, 4.08, 1.22, 0.8])
ABSENT_WEIGHTS = np.array([1.71, 2.83, 4.26])

# Probability for unknown pairs; also a bound, so that one pair does not outweigh all else.
_LEAST_CHANCE = 0.02
# Least probability of a rival, and most rivals reported.
_MIN_RIVAL, _MAX_RIVALS = 0.05, 5
# A source is named only if it is likelier than all others together.
_MIN_CONFIDENCE = 0.5
# Least share of its text that an article has in common with a story, to be its source or to have
# one: less says where a passage comes from, not where the article does.
_MIN_SHARE = 1 / 3
# Least number of articles that credit an absent agency for it to be the source.
_MIN_CREDITED = 2
NO_ORIGIN = Origin()


class Decision(NamedTuple):
    """Provenance of a text that several articles have."""

    origin: Origin
    earliest: tuple[int, ...]
    parents: dict[int, Origin]


class Evidence(NamedTuple):
    """Features of each article as the source, and of an absent source.

    Parameters
    ----------
    members : ndarray of float64, shape (n_articles, 4)
        A column for each of `MEMBER_WEIGHTS`.
    absent : ndarray of float64, shape (3,)
        A value for each of `ABSENT_WEIGHTS`.
    """

    members: NDArray[np.float64]
    absent: NDArray[np.float64]
    agency: str | None


class SourceModel:
    """Model of the sources of texts, from directions, dates and clues.

    Parameters
    ----------
    dates : ndarray of float64, shape (n_articles, 4)
        Result of :func:`dedup.provenance.clues.find_dates`.
    """

    def __init__(
        self,
        ids: Sequence[str],
        dates: NDArray[np.float64],
        clues: Sequence[SourceClues | None],
        directions: Directions,
    ) -> None:
        self._ids, self._dates, self._clues = ids, dates, clues
        known = np.flatnonzero(~np.isnan(dates[:, 0]))
        # The dates of articles that have one.
        self._rows = dict(zip(known.tolist(), dates[known].tolist(), strict=True))
        self._grounds = directions.grounds
        # Possible sources of each article: probability, row of the pair, and 1 if the source is
        # `a` of that row, -1 if it is `b`.
        self._sources: dict[int, dict[int, tuple[float, int, int]]] = defaultdict(dict)
        rows = zip(directions.articles.tolist(), directions.chances.tolist(), strict=True)
        for row, ((a, b), (forth, back)) in enumerate(rows):
            self._sources[b][a] = forth, row, 1
            self._sources[a][b] = back, row, -1
        # The same, likeliest first, so that the best of a subset is soon found.
        self._ranked = {
            article: sorted((-chance, one) for one, (chance, _, _) in sources.items())
            for article, sources in self._sources.items()
        }

    def with_directions(self, directions: Directions) -> SourceModel:
        """Return a model of the same articles with other directions."""
        return SourceModel(self._ids, self._dates, self._clues, directions)

    def decide(self, articles: Sequence[int], coverages: Sequence[float]) -> Decision:
        """Estimate the origin of a story.

        Parameters
        ----------
        coverages : sequence of float
            Share of each article that it has in common with the others, in [0, 1].
        """
        chances, evidence = self._gather(articles, _MAX_RIVALS + 1)
        whole = [one for one, share in zip(articles, coverages, strict=True) if share >= _MIN_SHARE]
        among = frozenset(whole if len(whole) > 1 else ())
        origin = self._decide(articles, find_likely(evidence), evidence, among)
        parents = {
            one: self._find_parent(one, chances[one], origin, among) if one in among else NO_ORIGIN
            for one in articles
        }
        return Decision(origin, self.find_earliest(articles), parents)

    def weigh(self, articles: Sequence[int]) -> Evidence:
        """Return only the evidence of :meth:`decide`."""
        return self._gather(articles, 1)[1]

    def _gather(
        self, articles: Sequence[int], n: int
    ) -> tuple[dict[int, list[tuple[float, int]]], Evidence]:
        """Return the `n` likeliest sources of each article, and the evidence."""
        among = frozenset(articles)
        chances = {one: self._rank(one, among, n) for one in articles}
        return chances, self._weigh(articles, chances, self.find_earliest(articles))

    def find_earliest(self, articles: Iterable[int]) -> tuple[int, ...]:
        """Return the earliest articles: several in a tie, none if no date is known."""
        known = [(one, self._rows[one]) for one in articles if one in self._rows]
        leads = _find_leads([dates for _, dates in known])
        return tuple(one for (one, _), lead in zip(known, leads, strict=True) if lead <= TIE)

    def find_lags(self, articles: Sequence[int]) -> list[float | None]:
        """Return seconds after the earliest, 0 for ties; whole days if a date has no time."""
        # Without arrays: most stories are small.
        rows = [self._rows.get(one) for one in articles]
        known = [row for row in rows if row is not None]
        if len(known) < 2:
            return [None] * len(rows)
        first = min(known, key=lambda row: row[0] - MARGIN if _is_day(row) else row[0])
        first_day = floor(first[3] / DAY)
        first_time = min((row[0] for row in known if not _is_day(row)), default=inf)
        leads = iter(_find_leads(known))
        lags: list[float | None] = []
        for row in rows:
            if row is None or next(leads) <= TIE:
                lags.append(None if row is None else 0.0)
                continue
            days = max(floor(row[2] / DAY) - first_day, 0) * DAY
            time = max(row[0] - first_time, days if _is_day(first) else 0.0)
            lags.append(days if _is_day(row) else time)
        return lags

    def _rank(self, article: int, among: frozenset[int], n: int) -> list[tuple[float, int]]:
        """Return the `n` likeliest sources of an article among some articles.

        Loops over the sources of the article or over `among`, whichever is shorter.
        """
        ranked = self._ranked.get(article, [])
        if len(ranked) <= len(among):
            return list(islice((pair for pair in ranked if pair[1] in among), n))
        sources = self._sources[article]
        return nsmallest(n, ((-sources[one][0], one) for one in among if one in sources))

    def _weigh(
        self,
        articles: Sequence[int],
        chances: dict[int, list[tuple[float, int]]],
        earliest: tuple[int, ...],
    ) -> Evidence:
        clues = [self._clues[one] for one in articles]
        named = Counter(
            name for one in clues if one is not None for name in one.credits | one.hosts
        )
        credited = Counter(name for one in clues if one is not None for name in one.credits)
        rows = np.zeros((len(articles), len(MEMBER_WEIGHTS)))
        first = frozenset(earliest)
        there = set[str]()
        for row, one, own_clues in zip(rows, articles, clues, strict=True):
            names = own_clues.names if own_clues is not None else frozenset()
            there |= names
            chance = -chances[one][0][0] if chances[one] else 0.0
            chance = min(max(chance, _LEAST_CHANCE), 1 - _LEAST_CHANCE)
            n_named = sum(named[name] for name in names)
            row[:] = (
                log((1 - chance) / chance),
                log1p(n_named),
                one in first,
                np.isnan(self._dates[one, 0]),
            )
        known = sorted(there)
        absent = [(-n, name) for name, n in credited.items() if not is_among(name, known)]
        n, name = min(absent, default=(0, ""))
        agency = name if -n >= _MIN_CREDITED else None
        return Evidence(rows, np.array([1.0, log1p(-n), agency is not None]), agency)

    def _decide(
        self,
        articles: Sequence[int],
        likely: NDArray[np.float64],
        evidence: Evidence,
        among: frozenset[int],
    ) -> Origin:
        """Name a source that others credit or link to and that is likelier than not."""
        order = np.argsort(-likely[:-1], kind="stable").tolist()
        best = articles[order[0]]
        basis = self._find_basis(best, among)
        if basis and best in among and likely[order[0]] >= _MIN_CONFIDENCE:
            rivals = self._find_rivals(articles, likely, order[1:])
            return Origin(self._ids[best], None, basis, float(likely[order[0]]), rivals)
        if evidence.agency is not None and among and likely[-1] >= _MIN_CONFIDENCE:
            agency = self._name_agency(evidence.agency, articles)
            rivals = self._find_rivals(articles, likely, order)
            return Origin(None, agency, ("wire",), float(likely[-1]), rivals)
        return NO_ORIGIN

    def _find_rivals(
        self, articles: Sequence[int], likely: NDArray[np.float64], order: list[int]
    ) -> tuple[str, ...]:
        rivals = [at for at in order[:_MAX_RIVALS] if likely[at] >= _MIN_RIVAL]
        return tuple(self._ids[articles[at]] for at in rivals)

    def _find_basis(self, article: int, among: frozenset[int]) -> tuple[Ground, ...]:
        """Return the grounds for an article as the source of others, strongest first."""
        sources = self._sources.get(article, {})
        met = (
            (one for one in sources if one in among)
            if len(sources) < len(among)
            else (one for one in among if one in sources)
        )
        total = np.zeros(len(GROUNDS))
        for one in sorted(met):
            _, row, sign = sources[one]
            total -= sign * self._grounds[row]  # as the sign is 1 if the article is the copy
        return _rank_grounds(total)

    def _find_parent(
        self, article: int, ranked: list[tuple[float, int]], origin: Origin, among: frozenset[int]
    ) -> Origin:
        """Return the article that this one names, else the origin of the story."""
        if origin.source == self._ids[article]:
            return NO_ORIGIN
        named = [(-chance, one) for chance, one in ranked if one in among]
        chance, source = named[0] if named else (0.0, article)
        basis = self._find_direct(source, article) if named else ()
        # The origin of the text is the source of all other articles.
        if not basis or chance < max(_MIN_CONFIDENCE, origin.confidence):
            return origin
        rivals = tuple(self._ids[one] for c, one in named[1 : 1 + _MAX_RIVALS] if c > chance / 2)
        return Origin(self._ids[source], None, basis, chance, rivals)

    def _find_direct(self, source: int, article: int) -> tuple[Ground, ...]:
        """Return the grounds for an article as the source of another."""
        _, row, sign = self._sources[article][source]
        return _rank_grounds(sign * self._grounds[row])

    def _name_agency(self, agency: str | None, articles: Sequence[int]) -> str | None:
        """Return the most frequent spelling of an agency's name."""
        if agency is None:
            return None
        printed = Counter(
            own_clues.printed[agency]
            for own_clues in (self._clues[one] for one in articles)
            if own_clues is not None and agency in own_clues.printed
        )
        return min(printed, key=lambda name: (-printed[name], name))


def _rank_grounds(weights: NDArray[np.float64]) -> tuple[Ground, ...]:
    """Return the grounds with a positive weight, strongest first."""
    order = np.argsort(-weights, kind="stable").tolist()
    return tuple(GROUNDS[at] for at in order if weights[at] > 0)


def _is_day(row: Sequence[float]) -> bool:
    """Return whether a date has no time."""
    return row[1] > row[0]


def _find_leads(dates: Sequence[Sequence[float]]) -> list[float]:
    """Return the seconds by which the date of each article is surely later than another's.

    Without arrays: there is a call for each family, and most are small.

    Parameters
    ----------
    dates : sequence of (float, float, float, float)
        Rows of :func:`dedup.provenance.clues.find_dates`, all known.
    """
    # Times are compared with times, and days with everything.
    of_times = min((high for low, high, *_ in dates if high <= low), default=inf)
    of_days = min((last for low, high, _, last in dates if high > low), default=inf)
    of_all = min((last for *_, last in dates), default=inf)
    return [
        first - of_all if high > low else max(low - of_times, first - of_days)
        for low, high, first, _ in dates
    ]


def find_likely(evidence: Evidence) -> NDArray[np.float64]:
    """Return the probability of each article as the source; the last is that of an absent source.

    Returns
    -------
    ndarray of float64, shape (n_articles + 1,)
        Probabilities; they add up to 1.
    """
    logits = np.append(evidence.members @ MEMBER_WEIGHTS, evidence.absent @ ABSENT_WEIGHTS)
    odds = np.exp(logits - logits.max())
    likely: NDArray[np.float64] = odds / odds.sum()
    return likely
