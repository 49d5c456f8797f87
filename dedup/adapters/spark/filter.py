"""Remove near-duplicates of a DataFrame: the search of a report, then the choice of a filter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from dedup.adapters.spark import copies
from dedup.adapters.spark.columns import ARTICLE, name_columns
from dedup.adapters.spark.found import Stages, make_boilerplate, make_counts
from dedup.adapters.spark.inputs import Source
from dedup.adapters.spark.plan import MAX_COLLECTED, Plan
from dedup.adapters.spark.store import StageStore
from dedup.errors import DedupError
from dedup.group.keep import Policy
from dedup.params import Params, check_params
from dedup.pipeline.aligned import LinkCollector
from dedup.pipeline.indexed import ARTICLE_TOKENS
from dedup.pipeline.selection import Choice, Group, name_outlets

_KEPT = ("id", "text", "outlet", "published", "url", "title", "extra")
_DROPPED = ("reason", "story", "similarity", "jaccard", "coverage")
# Characters of a token, about: sizes of blocks need no more.
_CHARS = 6
_WITHOUT_TEXT = "NULL AS article", "NULL AS spans"


class FilteredFrames(NamedTuple):
    """Result of a filter as DataFrames below the folder of the run.

    Kept and dropped articles add up to those that were read. `kept` has the columns that a filter
    reads, with other fields as JSON in ``extra``. `dropped` has ``id``, ``duplicate_of``,
    ``reason``, ``story``, ``similarity``, ``jaccard`` and ``coverage``, see
    :class:`dedup.DroppedArticle`. Both have the order of the DataFrame. `skipped` has ``id`` and
    ``reason``. `counts` has ``name`` and ``value``: ``n_kept``, ``n_dropped``, ``n_short``,
    ``n_unsure`` and ``n_renamed``, see :class:`dedup.Filtered`.
    """

    kept: DataFrame
    dropped: DataFrame
    skipped: DataFrame
    counts: DataFrame


def filter(  # noqa: PLR0913 - the options of `dedup.filter`, by name
    df: DataFrame,
    params: Params | None = None,
    *,
    work: str,
    by: Group = "duplicate",
    keep: Policy | None = None,
    prefer_outlets: Sequence[str] = (),
    contained: bool = False,
    against: DataFrame | None = None,
    min_similarity: float | None = None,
    resume: bool = True,
) -> FilteredFrames:
    """Remove near-duplicate articles of a DataFrame.

    Parameters
    ----------
    df : DataFrame
        As of :func:`dedup.adapters.spark.find_overlaps`. Ids may repeat.
    params : Params or None
        Defaults to the preset ``news``.
    work : str
        Folder for the results of stages, on a file system that all executors know.
    by, keep, prefer_outlets, contained, min_similarity
        As of :func:`dedup.filter`.
    against : DataFrame or None
        Old articles: new ones that repeat them are dropped. They are neither kept nor dropped.
    resume : bool
        Whether to continue the run that `work` has.

    Returns
    -------
    FilteredFrames
        The articles that :func:`dedup.filter` keeps and drops.

    Raises
    ------
    ParameterError
        If an option has a wrong value, two contradict each other, or a column is missing or has a
        wrong type; before any job.
    DedupError
        If `work` has stages of another input, of other options or of another version, or if
        `against` has rows, and none can be read.
    """
    params = check_params(params)
    choice = Choice.of_options(
        by, keep, prefer_outlets, contained=contained, min_similarity=min_similarity
    )
    source = Source.check(df, against)
    options = {"by": by, "keep": choice.keep, "prefer_outlets": list(choice.outlets),
               "contained": contained, "min_similarity": min_similarity}  # fmt: skip
    run = source.name_run(params) | {"filter": options}
    store = StageStore(df.sparkSession, work, run, resume=resume)
    return _FilterPlan(choice, params, store, source).filter()


class _FilterPlan(Plan):
    """One run: the plan of a report, whose articles all have names of their own."""

    def __init__(self, choice: Choice, params: Params, store: StageStore, source: Source) -> None:
        super().__init__(source.df.sparkSession, choice.widen(params), store, source)
        self._choice, self._given = choice, params

    def filter(self) -> FilteredFrames:
        """Run all stages."""
        read = self.read()
        entries = self._enter(read)
        if self.source.against is not None and entries.where("NOT is_new").isEmpty():
            fault = read.where("NOT is_new AND text IS NULL").first()
            if fault is not None:
                what = f"{fault['id']}: {fault['reason']}"
                raise DedupError(f"no readable article to filter against: {what}")
        stages = self.run()
        verdicts = self.keep("verdicts", lambda: self._choose(stages, entries))
        return _make_filtered(read, entries, verdicts)

    def name_articles(self, read: DataFrame, narrow: DataFrame) -> DataFrame:
        """Give each article the id that it has in the search."""
        return narrow.join(self._enter(read).select("row", "name"), "row")

    def _enter(self, read: DataFrame) -> DataFrame:
        def enter() -> DataFrame:
            entered = (
                read.where("text IS NOT NULL")
                .select("row", "id", "text", "outlet", "url", "is_new", "seconds", "reason")
                .mapInArrow(copies.enter_articles, copies.ENTRIES)
            )
            order = "family", "is_new", "row"
            ordered = entered.repartition(self.parts, "family").sortWithinPartitions(*order)
            return ordered.mapInArrow(copies.name_entries, copies.NAMED)

        return self.keep("entries", enter)

    def _choose(self, stages: Stages, entries: DataFrame) -> DataFrame:
        n_articles, choice = self.total("indexed"), self._choice
        told = entries.groupBy("outlet").count().collect()
        outlets = name_outlets(Counter({row[0]: row[1] for row in told}), choice)
        groups = self._link(stages) if choice.by == "duplicate" else self._retell(stages, entries)
        placed, n_parts = self._place_copies(groups, entries)
        own = groups.join(placed.select(F.col("row").alias("a_row"), "block"), "a_row")
        own = own.drop("a_row", "rows")
        members = entries.join(placed, "row")
        if choice.by == "duplicate":
            members = self._add_texts(members, own, stages)
            columns = copies.LINKS
            stage = copies.choose_copies(choice, self._given, outlets, n_articles)
        else:
            columns = copies.STORIES
            stage = copies.choose_retold(choice, outlets)
            members = members.selectExpr("*", *_WITHOUT_TEXT)
        members = members.select(*name_columns(copies.MEMBERS), "block")
        own = own.select(*name_columns(columns), "block")
        return self.by_block(members, own, n_parts, stage, copies.VERDICTS)

    def _link(self, stages: Stages) -> DataFrame:
        """Return the links of copies; `rows` are linked with `a_row`."""
        found = LinkCollector(self._choice.contained, self._choice.min_similarity or 0.0)
        columns = name_columns(copies.LINKS)
        links = stages.aligned.where(F.col("relation").isin(*found.relations))
        links = links.where(F.col("similarity") >= (self._choice.min_similarity or 0.0))
        links = links.select(*columns)
        for side in "ab":
            place = F.col("number").alias(f"{side}_number"), F.col("row").alias(f"{side}_row")
            links = links.join(stages.indexed.select(*place), f"{side}_number")
        return links.select(*columns, "a_row", F.array("b_row").alias("rows"))

    def _retell(self, stages: Stages, entries: DataFrame) -> DataFrame:
        """Return the stories, with their members and versions; `rows` are linked with `a_row`."""
        ids = F.expr(
            "flatten(transform(stories, one -> concat(array(one.article), "
            "coalesce(from_json(one.versions, 'array<string>'), array()))))"
        )
        columns = "n_outlets", "n_members", "dates", "place"
        stories = stages.gathered.where("size(stories) > 0").select(
            F.col("stories")[0]["id"].alias("id"), ids.alias("articles"), *columns
        )
        members = stories.select("id", F.explode("articles").alias("name"))
        rows = members.join(entries.select("name", "row"), "name").groupBy("id")
        placed = rows.agg(F.min("row").alias("a_row"), F.collect_list("row").alias("rows"))
        return stories.join(placed, "id")

    def _place_copies(self, groups: DataFrame, entries: DataFrame) -> tuple[DataFrame, int]:
        """Put articles that are linked, or have one text, into one block."""

        def link() -> DataFrame:
            linked = groups.select(F.col("a_row").alias("a"), F.explode("rows").alias("b"))
            first = entries.groupBy("digest").agg(F.min("row").alias("a"))
            equal = entries.join(first, "digest").select("a", F.col("row").alias("b"))
            return linked.union(equal).where("a != b")

        edges = self.keep("copies", link)
        tokens = (F.col("n_chars") / _CHARS).cast("long") + ARTICLE_TOKENS
        sizes = entries.select(F.col("row").alias("number"), tokens.alias("size"))
        is_small = max(self.total("entries"), self.total("copies")) <= MAX_COLLECTED
        placed, n_parts = self.place(edges, sizes, "copy_blocks", is_small=is_small)
        return placed.withColumnRenamed("number", "row"), n_parts

    def _add_texts(self, members: DataFrame, links: DataFrame, stages: Stages) -> DataFrame:
        """Add articles and their boilerplate where the search left out pairs."""
        capped = links.where("capped").select("block").distinct()
        if capped.isEmpty():
            return members.selectExpr("*", *_WITHOUT_TEXT)
        needed = members.join(capped, "block", "semi").select("row", "name")
        schema = "array<struct<article: string, span: array<long>>>"
        places = F.explode(F.from_json("occurrences", schema)).alias("one")
        spans = make_boilerplate(stages.masked).select(places).groupBy("one.article")
        spans = spans.agg(F.collect_list("one.span").alias("spans"))
        article = F.struct(*name_columns(ARTICLE)).alias("article")
        texts = needed.join(stages.indexed.select("row", article), "row")
        texts = texts.join(spans.withColumnRenamed("article", "name"), "name", "left")
        return members.join(texts.drop("name"), "row", "left")


def _make_filtered(read: DataFrame, entries: DataFrame, verdicts: DataFrame) -> FilteredFrames:
    names = entries.select(F.col("name").alias("duplicate_of"), F.col("told").alias("other"))
    new = entries.where("is_new").select("name", "row", F.col("told").alias("id"))
    dropped = verdicts.join(new, "name").join(names, "duplicate_of")
    articles = read.where("is_new AND text IS NOT NULL")
    kept = articles.join(dropped.select("row"), "row", "anti")
    is_short, is_renamed = F.col("is_short").cast("long"), (F.col("told") != F.col("id"))
    sums = entries.agg(
        F.sum(F.col("is_new").cast("long")), F.sum(is_short), F.sum(is_renamed.cast("long"))
    ).first()
    n_new, n_short, n_renamed = (n or 0 for n in sums or (0, 0, 0))
    n_unsure = (verdicts.agg(F.sum("n_unsure")).first() or (0,))[0] or 0
    n_dropped = dropped.count()
    counts = {"n_kept": n_new - n_dropped, "n_dropped": n_dropped, "n_short": n_short,
              "n_unsure": n_unsure, "n_renamed": n_renamed}  # fmt: skip
    return FilteredFrames(
        kept.orderBy("row").select(*_KEPT),
        dropped.orderBy("row").select("id", F.col("other").alias("duplicate_of"), *_DROPPED),
        read.where("reason IS NOT NULL AND text IS NULL").select("id", "reason"),
        make_counts(read.sparkSession, counts),
    )
