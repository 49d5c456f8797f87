"""Remove near-duplicates of a collection: search, then keep one of each set of copies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dedup.errors import DedupError
from dedup.group.keep import DroppedArticle, Policy, Verdicts
from dedup.model.article import Article, SkippedRecord
from dedup.params import Params, check_params
from dedup.pipeline.ledger import KeptArticles, Ledger, LedgerReader
from dedup.pipeline.memory import find_limit
from dedup.pipeline.selection import (
    Choice,
    CopySelection,
    Group,
    Level,
    list_members,
    name_candidates,
)
from dedup.pipeline.sketched import SketchedArticles
from dedup.readers.objects import Articles
from dedup.runtime.progress import Clock, Progress
from dedup.runtime.spill import MemoryBudget
from dedup.runtime.workers import Workers

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
    choice = Choice.of_options(
        by,
        keep,
        prefer_outlets,
        contained=contained,
        min_similarity=min_similarity,
        level=level,
    )
    limit = find_limit(memory)
    ledger = Ledger(MemoryBudget(limit // _LEDGER_SHARE))
    old = LedgerReader(against, ledger, is_old=True)
    new = LedgerReader(articles, ledger)
    run = _CopySearch(ledger, choice, check_params(params))
    if level == "document":
        verdicts, n_short = run.by_sketches(old, new, jobs, limit, Clock(progress))
    else:
        verdicts, n_short = run.by_passages(old, new, jobs=jobs, memory=memory, progress=progress)
    if old.skipped and not ledger.n_old:
        raise DedupError(f"no readable article to filter against: {old.skipped[0]}")
    return _sum_up(ledger, verdicts, (*old.skipped, *new.skipped), n_short)


class _CopySearch:
    """One run of a filter: fills the ledger, and chooses which articles to keep."""

    def __init__(self, ledger: Ledger, choice: Choice, params: Params) -> None:
        self._ledger, self._choice, self._params = ledger, choice, params

    def by_passages(
        self, old: LedgerReader, new: LedgerReader, **search: object
    ) -> tuple[Verdicts, int]:
        """Compare passages; also return the number of articles that are too short for that."""
        # Loaded only here: importing the aligner takes a third of the time of a small filter.
        from dedup.pipeline.aligned import LinkCollector, PairComparer
        from dedup.pipeline.report import find_overlaps

        choice, params = self._choice, self._choice.widen(self._params)
        found = LinkCollector(choice.contained, choice.min_similarity or 0.0)
        report = find_overlaps(new, params, against=old, emit=found.add, **search)  # type: ignore[arg-type]
        n_short = len(report.skipped) - len(old.skipped) - len(new.skipped)
        if choice.by == "duplicate":
            compare = PairComparer(report, params, found).compare
            least = choice.find_similar_below(self._params)
            return self._select().drop_copies(found.links, compare, least), n_short
        return self._select().drop_retold(list_members(report.stories)), n_short

    def by_sketches(
        self, old: LedgerReader, new: LedgerReader, jobs: int | None, limit: int, clock: Clock
    ) -> tuple[Verdicts, int]:
        """Compare sketches; also return the number of articles that are too short for that."""
        least = self._choice.min_similarity or _DOCUMENT_SIMILARITY
        memory = MemoryBudget(limit)
        sketched = SketchedArticles(self._ledger, self._params, least, memory)
        with Workers(jobs) as pool:
            sketched.read((old, new), pool, clock)
            selection = self._select()
            texts = list(selection.texts())
            numbers = {one.id: at for at, one in enumerate(self._ledger.candidates)}
            best = [numbers[text[0].id] for text in texts]
            links = list(sketched.find_links(best, pool, clock))
        # The Jaccard similarity of two texts of one length that keep this share of their words.
        share = self._params.overlap.min_contained
        verdicts = selection.drop_copies(links, sketched.compare, share / (2 - share), texts)
        return verdicts, sketched.n_short

    def _select(self) -> CopySelection:
        """Return the articles to choose from."""
        ledger = self._ledger
        found = name_candidates(ledger.candidates, self._choice)
        return CopySelection(self._choice, found, ledger.n_old, ledger.texts)


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
