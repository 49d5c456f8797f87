"""The plan of a run: which stage reads what, and what the driver knows of the whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import inf

import numpy as np
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from dedup.adapters.spark import blocks, postings, search, texts
from dedup.adapters.spark.columns import name_columns
from dedup.adapters.spark.components import Placed, find_components, place_components
from dedup.adapters.spark.found import Found, Stages, make_found
from dedup.adapters.spark.inputs import Source
from dedup.adapters.spark.store import StageStore
from dedup.mask.boilerplate import MAX_GROUP
from dedup.model.census import Census
from dedup.model.dates import DAY
from dedup.model.outlets import merge_outlets
from dedup.params import Params, check_params
from dedup.pipeline.indexed import ARTICLE_TOKENS

_NUMBERED = tuple(name_columns(texts.NUMBERED))
_OUTLETS = "outlet", "n_words", "is_new", "seconds"
# Up to this many edges and articles, the driver finds the components: one job instead of dozens.
MAX_COLLECTED = 1 << 20
# Tokens in a block of components, unless one has more.
_GATHERED = 1 << 21


def find_overlaps(
    df: DataFrame,
    params: Params | None = None,
    *,
    work: str,
    days: float | None = None,
    against: DataFrame | None = None,
    resume: bool = True,
) -> Found:
    """Find every passage that any two articles of a DataFrame share.

    Parameters
    ----------
    df : DataFrame
        A row an article. ``id`` and ``text`` are strings. ``outlet``, ``url`` and ``title``, if
        there, are strings; ``published`` is a string, a date or a timestamp. ``extra`` may be the
        other fields as JSON; other columns count as such fields too.
    params : Params or None
        Defaults to the preset ``news``.
    work : str
        Folder for the results of stages, on a file system that all executors know.
    days : float or None
        Compare only articles published at most this many days apart; 0 compares all, None is
        `candidate.days` of the parameters.
    against : DataFrame or None
        Articles that were compared with one another before.
    resume : bool
        Whether to continue the run that `work` has.

    Returns
    -------
    Found
        The tables of :func:`dedup.find_overlaps`, with the same values in the same order.

    Raises
    ------
    ParameterError
        If a column is missing or has a wrong type; before any job.
    DedupError
        If `work` has stages of another input, of other parameters or of another version.
    """
    params = check_params(params)
    if days is not None:
        params = replace(params, candidate=replace(params.candidate, days=days))
    source = Source.check(df, against)
    store = StageStore(df.sparkSession, work, source.name_run(params), resume=resume)
    plan = Plan(df.sparkSession, params, store, source)
    return make_found(plan.run(), plan.counts)


class Plan:
    """One run."""

    def __init__(
        self, spark: SparkSession, params: Params, store: StageStore, source: Source
    ) -> None:
        self.spark, self.params, self.keep, self.total = spark, params, store.keep, store.total
        self.source = source
        self.parts = int(spark.conf.get("spark.sql.shuffle.partitions") or 200)
        self.counts: dict[str, int] = {}

    def read(self) -> DataFrame:
        """Return the articles as they were read, and notes."""
        return self.keep("read", self._read)

    def run(self) -> Stages:
        """Run all stages."""
        read = self.read()
        masked, census, max_old = self._mask(read.where("reason IS NULL"))
        articles = masked.where("boilerplate IS NULL")
        census = self._learn(articles, census)
        indexed = self.keep(
            "indexed",
            lambda: articles.select(*_NUMBERED).mapInArrow(
                texts.index_articles(self.params, census), texts.INDEXED
            ),
            n_bytes="length(seeds)",
            n_band_bytes="length(bands)",
        )
        self.counts["n_seeds"] = self.total("indexed", "n_bytes") // texts.SEEDS.itemsize
        pairs = self._find_pairs(indexed, census, max_old)
        aligned = self.keep(
            "aligned", lambda: self._align(pairs, indexed, census), n_counted="n_counted"
        )
        return Stages(read, masked, indexed, aligned, self._gather(aligned, indexed, census))

    def _read(self) -> DataFrame:
        df, against = self.source
        both = df.mapInArrow(texts.read_articles(self.params, True), texts.READ)
        if against is not None:
            old = against.mapInArrow(texts.read_articles(self.params, False), texts.READ)
            both = both.union(old)
        return both.withColumn("row", F.monotonically_increasing_id())

    def _mask(self, read: DataFrame) -> tuple[DataFrame, Census, float]:
        """Give articles their places and outlets, and mask boilerplate."""
        ranks = self._rank(read)
        # Repeats have no rank, but count for the names of outlets.
        both = ranks.select(*_OUTLETS, "rank").unionByName(read.select(*_OUTLETS), True)
        is_ranked = F.col("rank").isNotNull()
        rows = both.groupBy("outlet").agg(
            F.count("*") - F.count("rank"),
            F.count("rank"),
            F.sum(F.when(is_ranked, F.col("n_words"))),
            # NaN, an unknown date, is greater than any.
            F.max(F.when(is_ranked & ~F.col("is_new"), F.col("seconds"))),
        ).collect()  # fmt: skip
        names = merge_outlets(Counter({row[0]: row[1] for row in rows}))
        n_words: Counter[str | None] = Counter()
        n_articles, max_old = 0, -inf
        for outlet, _, n, n_own, latest in rows:
            if n:
                n_words[names.get(outlet)] += n_own
            n_articles += n
            if latest is not None:
                max_old = inf if latest != latest else max(max_old, latest)
        census = Census.of_outlets(n_words, n_articles)
        self.counts["n_words"] = sum(n_words.values())
        bins = texts.pack_outlets(n_words, self.parts)
        masked = self.keep(
            "masked", lambda: self._mask_outlets(read, ranks, names, bins), n_left="length"
        )
        return masked, census, max_old

    def _rank(self, read: DataFrame) -> DataFrame:
        """Give each article a number by id and a rank by date, which are read, not made again."""
        narrow = read.select("row", "id", "is_new", "seconds", "outlet", "n_words")

        def rank() -> DataFrame:
            # The order within a partition is total, so a task that is run again gives the same.
            ordered = self._order(self.name_articles(read, narrow), "is_new", "name")
            numbers = ordered.withColumn("number", F.monotonically_increasing_id())
            ordered = self._order(numbers, "is_new", "seconds", "number")  # NaN comes last
            return ordered.withColumn("rank", F.monotonically_increasing_id())

        return self.keep("ranks", rank)

    def name_articles(self, read: DataFrame, narrow: DataFrame) -> DataFrame:
        """Add the names of articles to some of their columns; articles without one are dropped."""
        again = narrow.groupBy("id").count().where("count > 1").select("id")
        if again.head(1):
            return self._tell_apart(read, narrow, again)
        return narrow.withColumn("name", F.col("id"))

    def _tell_apart(self, read: DataFrame, narrow: DataFrame, again: DataFrame) -> DataFrame:
        """Name the articles of one id, and drop those that repeat another."""
        columns = "row", "id", "text", "outlet", "url", "is_new", "title", "seconds"
        shared = read.join(again, "id").select(*columns)
        schema = f"{texts.SHARED}, digest binary, head string"
        order = "id", "is_new", F.coalesce("outlet", F.lit("")), F.coalesce("url", F.lit(""))
        rest = "head", "digest", "seconds", "title", "row"
        shared = (
            shared.mapInArrow(texts.digest_rows, schema)
            .repartition(self.parts, "id")
            .sortWithinPartitions(*order, *rest)
            .mapInArrow(texts.tell_apart, texts.NAMED)
        )
        new = shared.where("is_other").join(
            narrow.select(F.col("id").alias("name")), "name", "semi"
        )
        kept = shared.where("name IS NOT NULL").join(new.select("row"), "row", "anti")
        once = narrow.join(again, "id", "anti").withColumn("name", F.col("id"))
        apart = narrow.join(kept.select("row", "name"), "row")
        return once.unionByName(apart)

    def _mask_outlets(
        self,
        read: DataFrame,
        ranks: DataFrame,
        names: Mapping[str, str],
        bins: Mapping[str | None, Sequence[int]],
    ) -> DataFrame:
        placed = read.drop("id").join(
            ranks.select("row", "number", "rank", F.col("name").alias("id")), "row"
        )
        named = placed.select(*name_columns(texts.NUMBERED)).mapInArrow(
            texts.name_outlets(names, bins), texts.PARTED
        )
        n_bins = 1 + max((number for own in bins.values() for number in own), default=0)
        packed = named.repartitionById(n_bins, F.col("bin").cast("int"))  # a hash mixes few bins
        return packed.mapInArrow(texts.mask_outlets(self.params), texts.MASKED)

    def _learn(self, articles: DataFrame, census: Census) -> Census:
        """Learn the formulas of the collection."""
        n_left = self.total("masked", "n_left")
        self.counts["n_words_masked"] = self.counts["n_words"] - n_left
        if not self.params.boilerplate.min_articles:
            return census
        n_parts = max(-(-n_left // MAX_GROUP), 1)
        schema = "number long, id string, text string, outlet string, marks binary"

        def learn() -> DataFrame:
            split = articles.select(*name_columns(schema)).mapInArrow(
                texts.split_articles(n_parts), f"{schema}, part long"
            )
            parts = split.repartitionById(n_parts, F.col("part").cast("int"))
            return parts.mapInArrow(texts.learn_parts(self.params), "key long").distinct()

        keys = [row[0] for row in self.keep("formulas", learn).collect()]
        return census.with_formulas([np.array(keys, np.int64).view(np.uint64)])

    def _find_pairs(self, indexed: DataFrame, census: Census, max_old: float) -> DataFrame:
        cached: list[DataFrame] = []

        def find() -> DataFrame:
            cached.append(self.post(indexed, self._count_parts()))
            return self.search(cached[0], indexed, census, max_old)

        found = self.keep("found", find, n_read_postings="n_read", n_capped_postings="n_capped")
        for posted in cached:
            posted.unpersist()

        def cut() -> DataFrame:
            named = found.where("a IS NOT NULL").select("a", "b", "capped")
            for side in "ab":
                columns = ("rank", side), ("number", f"n_{side}"), ("seconds", f"s_{side}")
                narrow = indexed.select(
                    *(F.col(one).alias(name) for one, name in columns),
                    F.col("length").alias(f"length_{side}"),
                )
                named = named.join(narrow, side)
            if self.params.candidate.days:
                apart = F.abs(F.col("s_a") - F.col("s_b"))
                is_far = ~F.isnan(apart) & (apart > self.params.candidate.days * DAY)
                named = named.where(~is_far)
            is_first = F.col("n_a") < F.col("n_b")
            pairs = named.select(
                F.least("n_a", "n_b").alias("a"),
                F.greatest("n_a", "n_b").alias("b"),
                F.when(is_first, F.col("length_a")).otherwise(F.col("length_b")).alias("length_a"),
                F.when(is_first, F.col("length_b")).otherwise(F.col("length_a")).alias("length_b"),
                "capped",
            )
            ordered = self._order(pairs, "a", "b")
            return ordered.mapInArrow(blocks.cut_pairs, blocks.PAIRS)

        pairs = self.keep("pairs", cut)
        self.counts["n_candidates"] = self.total("pairs")
        for name in ("n_read_postings", "n_capped_postings"):
            self.counts[name] = self.total("found", name)
        return pairs

    def _order(self, frame: DataFrame, *order: str) -> DataFrame:
        return frame.repartitionByRange(self.parts, *order).sortWithinPartitions(*order)

    def by_block(
        self, first: DataFrame, second: DataFrame, n_parts: int, run: blocks.BlockStage, schema: str
    ) -> DataFrame:
        """Call a function on an executor with the rows of two frames in each `block`.

        Cogroups of Spark would need two exchanges, and pandas in all workers.
        """
        both = first.withColumn("is_second", F.lit(False)).unionByName(
            second.withColumn("is_second", F.lit(True)), allowMissingColumns=True
        )
        # A hash would mix few blocks; numbers of blocks are dense in each of up to 2**31 ranges.
        number = F.shiftright("block", 32) + F.col("block").bitwiseAND((1 << 32) - 1)
        sent = both.repartitionById(n_parts, (number % n_parts).cast("int"))
        return sent.sortWithinPartitions("block").mapInArrow(blocks.on_blocks(run, schema), schema)

    def _count_parts(self) -> int:
        """Return the partitions of the postings."""
        n_bands = self.total("indexed", "n_band_bytes") // np.dtype("u8").itemsize
        return -(-(self.counts["n_seeds"] + n_bands) // postings.MAX_POSTINGS) or 1

    def post(self, indexed: DataFrame, n_parts: int) -> DataFrame:
        """Return postings by partition, cut anywhere: a hot key is in several partitions."""
        columns = "rank", "length", "bands", "seeds", "seconds", "is_new"
        keys, sampled = indexed.select(*columns), []
        if n_parts > 1:
            sampled = keys.mapInArrow(postings.sample_postings, postings.SAMPLE).collect()
        bounds = postings.Bounds.choose(sampled, n_parts)
        return (
            keys.mapInArrow(postings.post(self.params.candidate.days, bounds), postings.POSTINGS)
            .repartitionById(n_parts, F.col("part"))
            .persist()
        )

    def search(
        self, posted: DataFrame, indexed: DataFrame, census: Census, max_old: float
    ) -> DataFrame:
        """Exchange postings, and search with what comes back."""
        params = self.params
        window = postings.make_window(params, max_old)
        edges = posted.mapInArrow(postings.find_edges(window), postings.EDGES).collect()
        answers = posted.mapInArrow(
            postings.answer(postings.join_edges(edges, window), window), postings.ANSWERS
        )
        block = F.shiftright("rank", postings.BLOCK_BITS).alias("block")
        queries = (
            indexed.where("is_new")
            .select(block, "rank", "length", "seeds")
            .unionByName(answers, allowMissingColumns=True)
            .repartition(self.parts, "block")
            .sortWithinPartitions("block")
        )
        return queries.mapInArrow(search.search_queries(params, census), search.FOUND)

    def _align(self, pairs: DataFrame, indexed: DataFrame, census: Census) -> DataFrame:
        sides = [pairs.select("block", F.col(side).alias("number")) for side in "ab"]
        needed = sides[0].union(sides[1]).distinct()
        stage = blocks.align_block(self.params, census)
        sent = indexed.select(*_NUMBERED).join(needed, "number")
        return self.by_block(pairs, sent, self.parts, stage, blocks.ALIGNED)

    def _gather(self, aligned: DataFrame, indexed: DataFrame, census: Census) -> DataFrame:
        """Find families and stories, by blocks of whole components."""
        counted = aligned.where("n_counted > 0").select(*name_columns(blocks.COUNTED))

        def gather() -> DataFrame:
            placed, n_parts = self._place(counted, indexed, census)
            own = counted.join(placed.withColumnRenamed("number", "a_number"), "a_number")
            stage = blocks.gather_block(self.params, census)
            sent = indexed.select(*_NUMBERED).join(placed, "number")
            return self.by_block(own, sent, n_parts, stage, blocks.GATHERED)

        sums = "n_capped", "n_sharing", "n_naming"
        gathered = self.keep("gathered", gather, **{name: name for name in sums})
        n_capped, *naming = (self.total("gathered", name) for name in sums)
        self.counts["n_capped_occurrences"] = n_capped
        is_trusted = census.with_naming([(naming[0], naming[1])]).is_naming_trusted
        return gathered.where(F.col("is_trusted").isNull() | (F.col("is_trusted") == is_trusted))

    def _place(self, counted: DataFrame, indexed: DataFrame, census: Census) -> Placed:
        """Put the articles of each component into one block."""
        edges = counted.mapInArrow(blocks.link_articles, blocks.EDGES)
        sizes = indexed.select("number", (F.col("length") + ARTICLE_TOKENS).alias("size"))
        # Each passage links two articles with its words, at most.
        n_edges = self.total("aligned") + 2 * self.total("aligned", "n_counted")
        if n_edges > MAX_COLLECTED:
            # Most words are of one article, and link none.
            some = edges.join(edges.groupBy("a").count().where("a >= 0 OR count > 1"), "a", "semi")
            edges = self.keep("edges", lambda: some)
            n_edges = self.total("edges")
        most = max(census.n_articles, n_edges)
        return self.place(edges, sizes, "blocks", is_small=most <= MAX_COLLECTED)

    def place(self, edges: DataFrame, sizes: DataFrame, name: str, *, is_small: bool) -> Placed:
        """Put the vertices of each component of edges into one block; say for how many partitions.

        Parameters
        ----------
        sizes : DataFrame
            The tokens of each vertex that has a block; others only link.
        name : str
            Name of the stages, if executors find the components.
        is_small : bool
            Whether the driver may read all edges and sizes; then no stage is kept.
        """
        if is_small:
            table = place_components(edges.toArrow(), sizes.toArrow(), _GATHERED, self.parts)
            n_blocks = len(table.column("block").unique())
            return self.spark.createDataFrame(table, blocks.PLACED), min(n_blocks or 1, self.parts)

        def keep(round_name: str, make: Callable[[], DataFrame]) -> DataFrame:
            return self.keep(f"{name}-{round_name}", make)

        def place() -> DataFrame:
            component = find_components(edges, keep)
            sums = component.join(sizes, "number").groupBy("root").agg(F.sum("size").alias("size"))
            stage = blocks.cut_blocks("size", _GATHERED)
            cut = self._order(sums, "root").mapInArrow(stage, "root long, size long, block long")
            return component.join(cut.select("root", "block"), "root").select("number", "block")

        return self.keep(name, place), self.parts
