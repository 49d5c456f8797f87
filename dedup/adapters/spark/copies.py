"""Stages of a filter on an executor: name all articles, then choose among blocks of copies."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any

import pyarrow as pa

from dedup.adapters.spark.columns import read_article, rows_to_batch
from dedup.group.keep import Candidate, Link, Verdicts
from dedup.model import ArticleSummary, Boilerplate, Report
from dedup.model.article import Article, Span
from dedup.params import Params
from dedup.pattern import lazy_pattern
from dedup.pipeline.aligned import LinkCollector, PairComparer
from dedup.pipeline.ledger import TextPlace, UniqueIds, find_place, name_repeats
from dedup.pipeline.selection import Choice, CopySelection

_COUNTED = "row long, id string, is_new boolean, is_short boolean, seconds double, n_chars long"
# An article as it was read; `family` is its id without the numbers that tell repeated ids apart.
ENTRIES = (
    f"{_COUNTED}, outlet string, digest binary, family string, url string, head string, "
    "apart string"
)
# `name` is its id in the search, `told` its name in the result.
NAMED = f"{_COUNTED}, outlet string, digest binary, name string, told string"
# `article` has the columns of an article of the search, where pairs were left out.
MEMBERS = (
    "row long, name string, is_new boolean, seconds double, n_chars long, outlet string, "
    "digest binary, article struct, spans array"
)
LINKS = (
    "a string, b string, relation string, similarity double, jaccard double, coverage_a double, "
    "coverage_b double, capped boolean, a_number long, b_number long"
)
STORIES = "id string, articles array, n_outlets long, n_members long, dates array, place long"
# A row of an article that is dropped, or of a count.
VERDICTS = (
    "name string, duplicate_of string, reason string, story string, similarity double, "
    "jaccard double, coverage double, n_unsure long"
)
# The numbers that `UniqueIds` adds.
_NUMBERS = lazy_pattern(r"(?: \(\d+\))+\Z")
# Rows of a batch.
_ROWS = 1 << 14


def enter_articles(batches: Iterator[Any]) -> Iterator[Any]:
    """Yield the entries of articles as they were read, short ones included."""
    for batch in batches:
        rows = []
        for row in batch.to_pylist():
            article = Article(row["id"], row["text"], row["outlet"], None, row["url"])
            place = find_place(article, "", is_new=row["is_new"])
            own = {
                "is_short": row["reason"] is not None,
                "n_chars": len(article.text),
                "family": _NUMBERS.sub("", article.id),
            }
            rows.append(row | place._asdict() | {"outlet": row["outlet"]} | own)
        yield rows_to_batch(ENTRIES, rows)


def name_entries(batches: Iterator[Any]) -> Iterator[Any]:
    """Name all articles, see :class:`dedup.pipeline.ledger.Ledger`.

    Rows of one family come together, in the order of arrival with old articles first.
    """
    rows = (row for batch in batches for row in batch.to_pylist())
    waiting: list[dict[str, Any]] = []
    for _, family in groupby(rows, itemgetter("family")):
        waiting += _name_family(list(family))
        if len(waiting) >= _ROWS:
            yield rows_to_batch(NAMED, waiting)
            waiting = []
    yield rows_to_batch(NAMED, waiting)


def _name_family(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    ids = UniqueIds()
    names = [ids.make(row["id"]) for row in rows]
    groups: dict[str, list[TextPlace]] = {}
    for row, name in zip(rows, names, strict=True):
        if row["id"] in ids.repeated:
            of_text = row["outlet"] or "", row["url"] or "", row["head"], row["digest"]
            place = TextPlace(row["is_new"], *of_text, name, row["apart"])
            groups.setdefault(row["id"], []).append(place)
    told = name_repeats(groups)
    for row, name in zip(rows, names, strict=True):
        yield row | {"name": name, "told": told.get(name, name)}


def choose_copies(
    choice: Choice, params: Params, outlets: Mapping[str, str], n_articles: int
) -> Callable[[Any, Any], Any]:
    """Return the stage that keeps one of each set of copies in a block of whole components.

    Parameters
    ----------
    params : Params
        Those of the filter, before they were widened for the search.
    outlets : mapping of str to str
        The one name of each outlet.
    """
    search, least = choice.widen(params), choice.find_similar_below(params)

    def run(members: Any, links: Any) -> Any:
        rows = members.sort_by([("is_new", "ascending"), ("row", "ascending")]).to_pylist()
        links = links.sort_by([("a_number", "ascending"), ("b_number", "ascending")])
        found = LinkCollector(choice.contained, choice.min_similarity or 0.0)
        comparer = PairComparer(_make_report(rows), search, found, n_articles)
        own = [Link(**row) for row in links.select(Link._fields).to_pylist()]
        return _tell(_select(choice, rows, outlets).drop_copies(own, comparer.compare, least))

    return run


def choose_retold(choice: Choice, outlets: Mapping[str, str]) -> Callable[[Any, Any], Any]:
    """Return the stage that keeps one of each story in a block of whole components."""

    def run(members: Any, stories: Any) -> Any:
        rows = members.sort_by([("is_new", "ascending"), ("row", "ascending")]).to_pylist()
        own = {one["id"]: one["articles"] for one in sorted(stories.to_pylist(), key=_order)}
        return _tell(_select(choice, rows, outlets).drop_retold(own))

    return run


def _order(story: dict[str, Any]) -> tuple[Any, ...]:
    """Return the place of a story in a report."""
    dates = [tuple(date.values()) for date in story["dates"]]
    return -story["n_outlets"], -story["n_members"], dates, story["place"]


def _select(
    choice: Choice, rows: list[dict[str, Any]], outlets: Mapping[str, str]
) -> CopySelection:
    candidates: list[Candidate] = []
    texts: dict[bytes, list[int]] = {}
    for number, row in enumerate(rows):
        published = math.inf if math.isnan(row["seconds"]) else row["seconds"]
        outlet = None if row["outlet"] is None else outlets[row["outlet"]]
        candidates.append(Candidate(row["name"], published, row["n_chars"], outlet))
        texts.setdefault(row["digest"], []).append(number)
    n_old = sum(not row["is_new"] for row in rows)
    return CopySelection(choice, candidates, n_old, texts.values)


def _make_report(rows: Iterable[dict[str, Any]]) -> Report:
    """Return what a comparison reads of a report: articles and their boilerplate."""
    known = [row for row in rows if row["article"] is not None]
    articles = tuple(ArticleSummary(read_article(row["article"]), 0.0) for row in known)
    places = tuple((row["name"], Span(*span)) for row in known for span in row["spans"] or ())
    repeated = Boilerplate(None, "", len(places), places, "outlet")
    return Report(articles, (), (), (), (repeated,), (), {}, {}, {})


def _tell(verdicts: Verdicts) -> Any:
    rows = [{"name": id, **one.to_dict()} for id, one in verdicts.dropped.items()]
    rows.append({"n_unsure": verdicts.n_unsure})
    return pa.Table.from_batches([rows_to_batch(VERDICTS, rows)])
