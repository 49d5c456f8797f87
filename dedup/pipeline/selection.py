"""Choose which articles a filter keeps, from their links or stories."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from dedup.errors import ParameterError
from dedup.group.keep import (
    Candidate,
    DroppedArticle,
    Link,
    Policy,
    Verdicts,
    drop_copies,
    drop_retold,
    rank,
)
from dedup.model import Story
from dedup.model.outlets import merge_outlets, outlet_key
from dedup.params import Params

_log = logging.getLogger("dedup")

Group = Literal["duplicate", "story"]
Level = Literal["passages", "document"]
Comparison = Callable[[str, list[str]], Iterable[Link]]
# Kept articles of one widely carried text that are compared with all others of it.
_MAX_ROUNDS = 8


@dataclass(frozen=True, slots=True)
class Choice:
    """Rules of a filter, checked."""

    by: Group
    keep: Policy
    outlets: tuple[str, ...]
    contained: bool
    min_similarity: float | None
    level: Level

    def __post_init__(self) -> None:
        for name, kinds in (("by", Group), ("keep", Policy), ("level", Level)):
            value, known = getattr(self, name), get_args(kinds)
            if value not in known:
                raise ParameterError(f"{name} must be one of {', '.join(known)}, not {value!r}")
        least = self.min_similarity
        is_number = isinstance(least, float | int) and not isinstance(least, bool)
        if least is not None and not (is_number and 0 < least <= 1):
            raise ParameterError(f"min_similarity must be above 0 and at most 1, not {least!r}")
        if self.outlets and self.keep != "outlet":
            raise ParameterError(f"prefer_outlets needs keep 'outlet', not {self.keep!r}")
        if self.keep == "outlet" and not self.outlets:
            raise ParameterError("keep 'outlet' needs prefer_outlets: name one")
        if self.by == "story" and (least is not None or self.level == "document"):
            what = "level 'document'" if self.level == "document" else "min_similarity"
            raise ParameterError(f"{what} is about pairs, and by='story' keeps one of each story")
        if self.by == "story" and self.contained:
            raise ParameterError("contained is about pairs, and by='story' keeps one of each story")
        if self.level == "document" and self.contained:
            raise ParameterError("contained needs level 'passages': sketches find whole texts only")

    @classmethod
    def of_options(
        cls,
        by: Group,
        keep: Policy | None,
        prefer_outlets: Sequence[str],
        *,
        contained: bool,
        min_similarity: float | None,
        level: Level = "passages",
    ) -> Choice:
        """Return the rules of the options of a filter."""
        keep = keep or ("outlet" if prefer_outlets else "earliest")
        return cls(by, keep, tuple(prefer_outlets), contained, min_similarity, level)

    def widen(self, params: Params) -> Params:
        """Return parameters of a search that finds all pairs of these rules."""
        least = self.min_similarity or 0.0
        if 0 < least < params.overlap.min_contained:
            return params.with_values({"overlap.min_contained": str(least)})
        return params

    def find_similar_below(self, params: Params) -> float:
        """Return the similarity below which a copy is only similar: 0 without a lower limit."""
        is_wider = self.widen(params) is not params
        return params.overlap.min_contained if is_wider else 0.0


class CopySelection:
    """Articles to choose from.

    Parameters
    ----------
    candidates : sequence of Candidate
        All articles, old ones first.
    n_old : int
        Number of old articles, which are kept whatever links them.
    texts : callable
        Returns the numbers of the articles of each text.
    """

    def __init__(
        self,
        choice: Choice,
        candidates: Sequence[Candidate],
        n_old: int,
        texts: Callable[[], Iterable[Sequence[int]]],
    ) -> None:
        self._choice, self._candidates, self._n_old = choice, candidates, n_old
        self._texts = texts

    def texts(self) -> Iterator[list[Candidate]]:
        """Yield the articles of each text, the one to keep first."""
        n_old, candidates = self._n_old, self._candidates
        for numbers in self._texts():
            old = [candidates[number] for number in numbers if number < n_old]
            new = [candidates[number] for number in numbers if number >= n_old]
            yield [*self._sort(old), *self._sort(new)]

    def drop_copies(
        self,
        links: Iterable[Link],
        compare: Comparison,
        least: float,
        texts: Iterable[list[Candidate]] | None = None,
    ) -> Verdicts:
        """Keep one of each set of copies.

        Parameters
        ----------
        links : iterable of Link
            In the order of a report.
        compare : callable
            Yields the links between an article and others that the search may have left out.
        least : float
            Copies below this similarity are called similar and not duplicates.
        texts : iterable of list of Candidate or None
            What :meth:`texts` gives, if it is at hand.
        """
        # All articles of one text get the verdict of the best of them.
        equal = [text for text in (self.texts() if texts is None else texts) if len(text) > 1]
        best = {one.id: text[0].id for text in equal for one in text}
        links = [
            link._replace(a=best.get(link.a, link.a), b=best.get(link.b, link.b)) for link in links
        ]
        links = [link for link in links if link.a != link.b]
        ranked = self._rank({id for link in links for id in link[:2]})
        old = {one.id for one in self._candidates[: self._n_old]}
        verdicts = drop_copies(ranked, links, compare, _MAX_ROUNDS, old)
        _drop_equal(verdicts.dropped, equal)
        return _name_similar(verdicts, least)

    def drop_retold(self, stories: Mapping[str, Sequence[str]]) -> Verdicts:
        """Keep one of each story, and of each text.

        Parameters
        ----------
        stories : mapping of str to sequence of str
            Ids of the members by id, in the order of a report.
        """
        told = {id for members in stories.values() for id in members}
        dropped = drop_retold(self._rank(told), stories)
        _drop_equal(dropped, self.texts())
        return Verdicts(dropped)

    def _rank(self, ids: Collection[str]) -> list[Candidate]:
        """Return some articles, old ones first, then by preference."""
        old, new = self._candidates[: self._n_old], self._candidates[self._n_old :]
        return [
            *self._sort([one for one in old if one.id in ids]),
            *self._sort([one for one in new if one.id in ids]),
        ]

    def _sort(self, some: list[Candidate]) -> list[Candidate]:
        return rank(some, self._choice.keep, self._choice.outlets) if len(some) > 1 else some


def list_members(stories: Iterable[Story]) -> dict[str, list[str]]:
    """Return the ids of the members of stories, with their versions, by the id of the story."""
    return {
        one.id: [id for member in one.members for id in (member.article, *member.versions)]
        for one in stories
    }


def name_candidates(candidates: Sequence[Candidate], choice: Choice) -> list[Candidate]:
    """Return articles with one name for all names of an outlet."""
    names = name_outlets([one.outlet for one in candidates], choice)
    return [
        one if one.outlet is None else one._replace(outlet=names[one.outlet]) for one in candidates
    ]


def name_outlets(outlets: Iterable[str | None], choice: Choice) -> dict[str, str]:
    """Return the one name of each outlet; warn of preferred ones without an article."""
    names = merge_outlets(outlets)
    present = {outlet_key(name) for name in names.values()}
    for name in choice.outlets:
        if outlet_key(name) not in present:
            _log.warning("no article is from the preferred outlet %r", name)
    return names


def _name_similar(verdicts: Verdicts, least: float) -> Verdicts:
    """Call articles similar that only a lower limit of the user makes duplicates."""
    dropped = {
        id: replace(one, reason="similar")
        if one.reason == "duplicate" and (one.similarity or 0) < least
        else one
        for id, one in verdicts.dropped.items()
    }
    return verdicts._replace(dropped=dropped)


def _drop_equal(dropped: dict[str, DroppedArticle], texts: Iterable[Sequence[Candidate]]) -> None:
    """Drop the other articles of each text: for the first, or for what the first is dropped for."""
    for best, *others in texts:
        why = dropped.get(best.id) or DroppedArticle("", best.id, "duplicate", 1.0, 1.0, 1.0)
        for one in others:
            dropped.setdefault(one.id, replace(why, id=one.id))
    # The article kept for a story may have been dropped above: follow the chain to a kept one.
    for id, why in dropped.items():
        while (better := dropped.get(why.duplicate_of)) is not None:
            why = replace(why, duplicate_of=better.duplicate_of)
        dropped[id] = why
