"""Remove near-duplicates of a collection: search, then keep one of each set of copies."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, get_args

from dedup.errors import DedupError, ParameterError
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
from dedup.model.article import Article, SkippedRecord
from dedup.model.outlets import merge_outlets, outlet_key
from dedup.params import Params
from dedup.pipeline.ledger import KeptArticles, Ledger, LedgerReader
from dedup.pipeline.memory import find_limit
from dedup.pipeline.sketched import SketchedArticles
from dedup.readers.objects import Articles
from dedup.runtime.progress import Clock, Progress
from dedup.runtime.spill import MemoryBudget
from dedup.runtime.workers import Workers

_log = logging.getLogger("dedup")

Group = Literal["duplicate", "story"]
Level = Literal["passages", "document"]
Comparison = Callable[[str, list[str]], Iterable[Link]]
# Kept articles of one widely carried text that are compared with all others of it.
_MAX_ROUNDS = 8
# Usual limit of tools that compare sketches.
_DOCUMENT_SIMILARITY = 0.8
# Part of the limit for the articles of the ledger, beside that of the search.
_LEDGER_SHARE = 4


@dataclass(frozen=True, slots=True)
class Filtered:
    """Result of a filter. Kept and dropped articles add up to the input.

    Parameters
    ----------
    kept : sequence of Article
        The kept articles, unchanged, in the order of the input; loaded on access.
    dropped : tuple of DroppedArticle
        The dropped articles, in the order of the input.
    skipped : tuple of SkippedRecord
        Inputs that could not be read.
    n_short : int
        Articles that are too short to compare: only exact copies of them are dropped.
    n_unsure : int
        Kept articles that may be copies of one another: too many share a text to compare all.
    n_renamed : int
        Articles with an id that another text has; they are named ``id#`` and a digest.
    """

    kept: Sequence[Article]
    dropped: tuple[DroppedArticle, ...]
    skipped: tuple[SkippedRecord, ...] = ()
    n_short: int = 0
    n_unsure: int = 0
    n_renamed: int = 0


@dataclass(frozen=True, slots=True)
class _Choice:
    """Selection rules, checked."""

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


def filter(  # noqa: PLR0913 - named by the contract; the options of the command line
    articles: Articles,
    params: Params | None = None,
    *,
    by: Group = "duplicate",
    keep: Policy | None = None,
    prefer_outlets: Sequence[str] = (),
    contained: bool = False,
    against: Articles = (),
    min_similarity: float | None = None,
    level: Level = "passages",
    jobs: int | None = None,
    memory: int | None = None,
    progress: Progress | None = None,
) -> Filtered:
    """Remove near-duplicate articles.

    Parameters
    ----------
    articles : iterable of Article or Mapping, or data frame
        The collection, as of :func:`dedup.find_overlaps`. Ids may repeat.
    params : Params or None
        Defaults to the preset ``news``.
    by : {"duplicate", "story"}
        Keep one article of each group of near-duplicates, or of each story.
    keep : {"earliest", "longest", "outlet"} or None
        The article to keep; None for ``outlet`` if there are `prefer_outlets`, else ``earliest``.
    prefer_outlets : sequence of str
        Outlets whose articles to keep, most preferred first.
    contained : bool
        Whether articles contained in a longer one are dropped too.
    against : iterable of Article or Mapping, or data frame
        Old articles: new ones that repeat them are dropped. They are neither kept nor dropped.
    min_similarity : float or None
        Least similarity of a dropped article, in (0, 1]. Facts must agree at any value. None for
        all pairs with the relation ``duplicate``, or .8 at level ``document``.
    level : {"passages", "document"}
        ``passages`` aligns the articles. ``document`` only compares their sketches, and their
        facts and sentences as sets of words, and is much faster: `similarity` is the estimated
        Jaccard similarity of word shingles.
    jobs : int or None
        Threads; None for all processors. Results do not depend on it.
    memory : int or None
        Memory budget in bytes, as of :func:`dedup.find_overlaps`.
    progress : callable or None
        As of :func:`dedup.find_overlaps`.

    Returns
    -------
    Filtered
        The kept and the dropped articles.

    Raises
    ------
    ParameterError
        If an option has a wrong value, two contradict each other, or an item is no article and no
        record.
    DedupError
        If `against` has records, and none can be read.
    OSError
        If temporary files run out of space.

    Examples
    --------
    >>> text = "The council voted nine to four to close the Elm Street library branch."
    >>> found = filter([Article("a", text), Article("b", text), Article("c", "Rain.")])
    >>> [article.id for article in found.kept]
    ['a', 'c']
    >>> [(one.id, one.duplicate_of, one.reason, one.similarity) for one in found.dropped]
    [('b', 'a', 'duplicate', 1.0)]
    """
    keep = keep or ("outlet" if prefer_outlets else "earliest")
    choice = _Choice(by, keep, tuple(prefer_outlets), contained, min_similarity, level)
    limit = find_limit(memory)
    ledger = Ledger(MemoryBudget(limit // _LEDGER_SHARE))
    old = LedgerReader(against, ledger, is_old=True)
    new = LedgerReader(articles, ledger)
    run = _CopySearch(ledger, choice, params or Params())
    if level == "document":
        verdicts, n_short = run.by_sketches(old, new, jobs, limit, Clock(progress))
    else:
        verdicts, n_short = run.by_passages(old, new, jobs=jobs, memory=memory, progress=progress)
    if old.skipped and not ledger.n_old:
        raise DedupError(f"no readable article to filter against: {old.skipped[0]}")
    return _sum_up(ledger, verdicts, (*old.skipped, *new.skipped), n_short)


class _CopySearch:
    """One run of a filter: fills the ledger, and chooses which articles to keep."""

    def __init__(self, ledger: Ledger, choice: _Choice, params: Params) -> None:
        self._ledger, self._choice, self._params = ledger, choice, params

    def by_passages(
        self, old: LedgerReader, new: LedgerReader, **search: object
    ) -> tuple[Verdicts, int]:
        """Compare passages; also return the number of articles that are too short for that."""
        # Loaded only here: importing the aligner takes a third of the time of a small filter.
        from dedup.pipeline.aligned import LinkCollector, PairComparer
        from dedup.pipeline.report import find_overlaps

        choice, params = self._choice, self._params
        least = choice.min_similarity or 0.0
        if 0 < least < params.overlap.min_contained:
            params = params.with_values({"overlap.min_contained": str(least)})
        found = LinkCollector(choice.contained, least)
        report = find_overlaps(new, params, against=old, emit=found.add, **search)  # type: ignore[arg-type]
        n_short = len(report.skipped) - len(old.skipped) - len(new.skipped)
        if choice.by == "duplicate":
            comparer = PairComparer(report, params, found)
            verdicts = self._drop(found.links, self._texts(), comparer.compare)
            return _name_similar(verdicts, self._params.overlap.min_contained), n_short
        stories = {
            one.id: [id for member in one.members for id in (member.article, *member.versions)]
            for one in report.stories
        }
        told = {id for members in stories.values() for id in members}
        dropped = drop_retold(self._rank(told), stories)
        _drop_equal(dropped, self._texts())
        return Verdicts(dropped), n_short

    def by_sketches(
        self, old: LedgerReader, new: LedgerReader, jobs: int | None, limit: int, clock: Clock
    ) -> tuple[Verdicts, int]:
        """Compare sketches; also return the number of articles that are too short for that."""
        least = self._choice.min_similarity or _DOCUMENT_SIMILARITY
        memory = MemoryBudget(limit)
        sketched = SketchedArticles(self._ledger, self._params, least, memory)
        with Workers(jobs) as pool:
            sketched.read((old, new), pool, clock)
            texts = list(self._texts())
            numbers = {one.id: at for at, one in enumerate(self._ledger.candidates)}
            best = [numbers[text[0].id] for text in texts]
            links = list(sketched.find_links(best, pool, clock))
        # The Jaccard similarity of two texts of one length that keep this share of their words.
        share = self._params.overlap.min_contained
        verdicts = self._drop(links, texts, sketched.compare)
        return _name_similar(verdicts, share / (2 - share)), sketched.n_short

    def _drop(
        self, links: list[Link], texts: Iterable[list[Candidate]], compare: Comparison
    ) -> Verdicts:
        # All articles of one text get the verdict of the best of them.
        equal = [text for text in texts if len(text) > 1]
        best = {one.id: text[0].id for text in equal for one in text}
        links = [
            link._replace(a=best.get(link.a, link.a), b=best.get(link.b, link.b)) for link in links
        ]
        links = [link for link in links if link.a != link.b]
        ranked = self._rank({id for link in links for id in link[:2]})
        verdicts = drop_copies(ranked, links, compare, _MAX_ROUNDS, self._ledger.old)
        _drop_equal(verdicts.dropped, equal)
        return verdicts

    def _texts(self) -> Iterator[list[Candidate]]:
        """Yield the articles of each text, the one to keep first."""
        n_old, candidates = self._ledger.n_old, self._candidates
        for numbers in self._ledger.texts():
            old = [candidates[number] for number in numbers if number < n_old]
            new = [candidates[number] for number in numbers if number >= n_old]
            yield [*self._sort(old), *self._sort(new)]

    def _rank(self, ids: Collection[str]) -> list[Candidate]:
        """Return some articles, old ones first, then by preference."""
        n_old = self._ledger.n_old
        old, new = self._candidates[:n_old], self._candidates[n_old:]
        return [
            *self._sort([one for one in old if one.id in ids]),
            *self._sort([one for one in new if one.id in ids]),
        ]

    def _sort(self, some: list[Candidate]) -> list[Candidate]:
        return rank(some, self._choice.keep, self._choice.outlets) if len(some) > 1 else some

    @cached_property
    def _candidates(self) -> list[Candidate]:
        """All articles, with one name for all names of an outlet."""
        found = self._ledger.candidates
        names = merge_outlets([one.outlet for one in found], {})
        present = {outlet_key(name) for name in names.values()}
        for name in self._choice.outlets:
            if outlet_key(name) not in present:
                _log.warning("no article is from the preferred outlet %r", name)
        return [
            one if one.outlet is None else one._replace(outlet=names[one.outlet]) for one in found
        ]


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


def _sum_up(
    ledger: Ledger, verdicts: Verdicts, skipped: tuple[SkippedRecord, ...], n_short: int
) -> Filtered:
    names = ledger.find_names()
    kept: list[int] = []
    dropped: list[DroppedArticle] = []
    for number in range(ledger.n_old, len(ledger)):
        id = ledger.candidates[number].id
        if why := verdicts.dropped.get(id):
            name, other = (names.get(one, one) for one in (id, why.duplicate_of))
            at = number - ledger.n_old
            dropped.append(replace(why, id=name, duplicate_of=other, number=at))
        else:
            kept.append(number)
    n_renamed = ledger.count_renamed(names)
    articles = KeptArticles(ledger, kept)
    return Filtered(articles, tuple(dropped), skipped, n_short, verdicts.n_unsure, n_renamed)
