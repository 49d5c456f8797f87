"""Stages of blocks on an executor: align pairs; find families and stories of whole components."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import xxhash
from numpy.typing import NDArray

from dedup.adapters.spark.columns import (
    load_tokens,
    name_columns,
    nest,
    numbers,
    pack,
    read_article,
    read_credits,
    read_runs,
    schema_of,
    struct_of,
    to_batch,
    unpack,
)
from dedup.adapters.spark.texts import Stage
from dedup.align.overlap import Pieces, cover
from dedup.group.family import find_families
from dedup.group.places import SharedPassages, Texts
from dedup.group.story import Pairs
from dedup.model import ArticleSummary, Family, Story
from dedup.model.article import Article
from dedup.model.census import Census
from dedup.params import Params
from dedup.pipeline.clues import ClueReader
from dedup.pipeline.collection import Collection
from dedup.pipeline.indexed import ARTICLE_TOKENS
from dedup.pipeline.search import (
    ALIGNED_TOKENS,
    AlignedBlock,
    find_sharing,
    overlap_rows,
    read_block,
)
from dedup.pipeline.stories import build_stories, date_families, trace, weigh_sources
from dedup.provenance.clues import find_dates
from dedup.render.tables import ArrowTables
from dedup.runtime.spill import MemoryBudget, SpillObjects
from dedup.runtime.workers import Workers
from dedup.sketches.sketch import sketch
from dedup.text.stored import TokenStore
from dedup.text.tokenize import Tokens

BlockStage = Callable[[Any, Any], Any]
# A block of a component has its articles in memory, whatever they need.
_MEMORY = 1 << 62
# A passage in the exchange: tokens, code points and identity.
PASSAGE = np.dtype([("tokens", "i8", (4,)), ("chars", "i8", (4,)), ("identity", "f8")])
COUNTED = (
    "a_number long, b_number long, n_counted long, coverages binary, shared binary, digests binary"
)
ALIGNED = f"{schema_of('overlaps')}, passages array<{struct_of('passages')}>, {COUNTED}"


PAIRS = "a long, b long, capped boolean, block long"
# Tokens of the texts of all pairs of a block. Many pairs share a text, which is sent once: a block
# of more pairs has fewer texts for each, and `ALIGNED_TOKENS` of them at most.
_MOST_ALIGNED = 1 << 23


def cut_blocks(column: str, most: int) -> Stage:
    """Return the stage that adds the number of a block to rows in their order, by a running sum."""
    from pyspark import TaskContext

    def run(batches: Iterator[Any]) -> Iterator[Any]:
        first, total = TaskContext.get().partitionId() << 32, 0
        for batch in batches:
            own = numbers(batch, column)
            before = total + np.cumsum(own) - own
            total += int(own.sum())
            yield batch.append_column("block", pa.array(first + before // most))

    return run


def cut_pairs(batches: Iterator[Any]) -> Iterator[Any]:
    """Cut pairs into blocks, by the tokens of their texts and of the texts that they share."""
    from pyspark import TaskContext

    block = TaskContext.get().partitionId() << 32
    seen: set[int] = set()
    n_tokens = n_aligned = 0
    for batch in batches:
        found = []
        columns = (batch.column(name).to_pylist() for name in ("a", "b", "length_a", "length_b"))
        for a, b, n_a, n_b in zip(*columns, strict=True):
            sizes = {a: n_a + ARTICLE_TOKENS, b: n_b + ARTICLE_TOKENS}
            more = sum(size for one, size in sizes.items() if one not in seen)
            n_aligned += sum(sizes.values())
            if seen and (n_tokens + more > ALIGNED_TOKENS or n_aligned > _MOST_ALIGNED):
                block += 1
                seen.clear()
                n_tokens, n_aligned = 0, sum(sizes.values())
                more = n_aligned
            n_tokens += more
            seen.update(sizes)
            found.append(block)
        yield to_batch(PAIRS, [*batch.select(["a", "b", "capped"]).columns, pa.array(found)])


def on_blocks(run: BlockStage, schema: str) -> Stage:
    """Return the stage that gives a function the two tables of each block.

    Rows of a block come together; those of the second table have `is_second`.
    """

    def stage(batches: Iterator[Any]) -> Iterator[Any]:
        for table in read_runs(batches, "block"):
            is_second = table.column("is_second")
            made = run(table.filter(pc.invert(is_second)), table.filter(is_second))
            yield from made.select(name_columns(schema)).to_batches()

    return stage


class _Loaded(NamedTuple):
    """The articles of a block, by number."""

    numbers: NDArray[np.int64]
    rows: list[dict[str, Any]]
    articles: list[Article]
    tokens: Tokens

    @classmethod
    def read(cls, table: Any) -> _Loaded:
        table = table.sort_by("number")
        rows = table.to_pylist()
        articles = [read_article(row) for row in rows]
        tokens = load_tokens([one.text for one in articles], table.column("marks"))
        return cls(numbers(table, "number"), rows, articles, tokens)


def _place(own: NDArray[np.int64], table: Any, *names: str) -> NDArray[np.int64]:
    """Return the places in a block of the articles of a table, shape (n_rows, n_names)."""
    columns = [np.searchsorted(own, numbers(table, name)) for name in names]
    return np.stack(columns, axis=1)


def align_block(params: Params, census: Census) -> BlockStage:
    """Return the stage that aligns a block of pairs, with each of its texts once."""

    def run(pairs: Any, texts: Any) -> Any:
        pairs = pairs.sort_by([("a", "ascending"), ("b", "ascending")])
        texts = texts.sort_by("number")
        tokens = load_tokens(texts.column("text").to_pylist(), texts.column("marks"))
        own = numbers(texts, "number")
        places = _place(own, pairs, "a", "b")

        def load(some: NDArray[np.int64]) -> list[Article]:
            return list(map(read_article, texts.take(some).to_pylist()))

        sharing = find_sharing(tokens, places, load, census, params)
        some, reported = sharing.loaded, places[sharing.kept]
        sketches = sketch(some.tokens, params.sketch)
        table = overlap_rows(sharing, Pieces.from_tokens(some.tokens), sketches, params)
        found = read_block(table, some.articles, reported, numbers(pairs, "capped")[sharing.kept])
        rows = ArrowTables()
        for overlap in found.overlaps:
            rows.add_overlap(overlap)
        overlaps = rows.table("overlaps")
        nested = nest(rows.table("passages"), numbers(overlaps, "n_passages"))
        exchanged = _exchange(found, reported, own, tokens)
        for name, column in {"passages": nested, **exchanged}.items():
            overlaps = overlaps.append_column(name, column)
        return overlaps

    return run


def _exchange(
    found: AlignedBlock, reported: NDArray[np.int64], own: NDArray[np.int64], tokens: Tokens
) -> dict[str, pa.Array]:
    """Return what families and stories need of the passages that count."""
    n, width = len(reported), len(own)
    at = np.searchsorted(reported @ [width, 1], found.pairs.articles @ [width, 1])
    counts, coverages = np.zeros(n, np.int64), np.zeros((n, 2))
    counts[at], coverages[at] = found.pairs.counts, found.pairs.coverages
    shared = found.shared
    rows = np.empty(len(shared.tokens), PASSAGE)
    rows["tokens"], rows["chars"], rows["identity"] = shared[1:]
    return {
        "a_number": pa.array(own[reported[:, 0]]),
        "b_number": pa.array(own[reported[:, 1]]),
        "n_counted": pa.array(counts),
        "coverages": pack(coverages, np.ones(n, np.int64)),
        "shared": pack(rows, counts),
        "digests": pack(_digest(shared, tokens), counts),
    }


def _digest(shared: SharedPassages, tokens: Tokens) -> NDArray[np.uint64]:
    """Return digests of the words of both sides of passages, shape (n, 2)."""
    before = tokens.offsets[shared.articles]
    bounds = shared.tokens.reshape(-1, 2, 2) + before[:, :, None]
    digests = [
        xxhash.xxh3_64_intdigest(tokens.hashes[low:high].data)
        for low, high in bounds.reshape(-1, 2).tolist()
    ]
    return np.array(digests, np.uint64).reshape(-1, 2)


EDGES = "a long, b long"
PLACED = "number long, block long"


def link_articles(batches: Iterator[Any]) -> Iterator[Any]:
    """Yield the articles of pairs, and each article with the words of its passages.

    Words are negative, as digests: two that are equal by chance only put more into one block.
    """
    for batch in batches:
        digests, counts = unpack(batch.column("digests"), "u8", (2,))
        pairs = np.stack([numbers(batch, "a_number"), numbers(batch, "b_number")], axis=1)
        owners = np.repeat(pairs, counts, axis=0)
        words = (digests.reshape(-1) | np.uint64(1 << 63)).view(np.int64)
        rows = np.unique(np.stack([words, owners.reshape(-1)], axis=1), axis=0)
        a, b = np.concatenate([pairs, rows]).T
        yield to_batch(EDGES, [pa.array(np.ascontiguousarray(one)) for one in (a, b)])


# A row has the occurrences of a family, the members of a story, the coverage of an article, or the
# counts of a block.
GATHERED = (
    f"families array<{struct_of('families')}>, stories array<{struct_of('stories')}>, "
    "place long, is_trusted boolean, n_outlets long, n_members long, "
    "dates array<struct<is_unknown: boolean, seconds: double, id: string>>, "
    "number long, coverage double, n_capped long, n_sharing long, n_naming long"
)
_PLAIN = (
    "place", "is_trusted", "n_outlets", "n_members", "dates", "number", "coverage", "n_capped",
    "n_sharing", "n_naming",
)  # fmt: skip


def gather_block(params: Params, census: Census) -> BlockStage:
    """Return the stage that finds the families and stories of whole components.

    Whether credits and links are grounds depends on sums over all components. A block where that
    matters has its stories for both cases.
    """

    def run(overlaps: Any, texts: Any) -> Any:
        overlaps = overlaps.sort_by([("a_number", "ascending"), ("b_number", "ascending")])
        loaded = _Loaded.read(texts)
        pairs, shared = _read_shared(overlaps, loaded)
        collection = make_collection(loaded)
        pieces = Pieces.from_tokens(loaded.tokens)

        def load_pieces(own: NDArray[np.int64]) -> Pieces:
            return Pieces.from_tokens(loaded.tokens.select(own))

        families, n_capped = find_families(shared, _texts(loaded, collection))
        with Workers(1) as pool:
            reader = ClueReader(collection, census)
            traces = trace(collection, (pairs, shared), reader, params, pool)
        n_sharing, n_naming = traces.naming
        gathered = _Gathered(loaded)
        for is_trusted in (False, True) if n_naming else (None,):
            own = census.with_naming([(1, 1 if is_trusted else 0)])
            model = weigh_sources(collection, traces, own)
            if not is_trusted:
                gathered.add_families(date_families(families, collection, model))
            stories = build_stories(collection, load_pieces, shared, traces, model, own)
            gathered.add_stories(stories, is_trusted)
        gathered.add_coverages(
            cover(shared.chars.reshape(-1, 2), shared.articles.reshape(-1), pieces)
        )
        counts = {"n_capped": n_capped, "n_sharing": n_sharing, "n_naming": n_naming}
        return gathered.table(counts)

    return run


def _read_shared(overlaps: Any, loaded: _Loaded) -> tuple[Pairs, SharedPassages]:
    articles = _place(loaded.numbers, overlaps, "a_number", "b_number")
    rows, counts = unpack(overlaps.column("shared"), PASSAGE)
    coverages = unpack(overlaps.column("coverages"), "f8", (2,)).rows
    tokens, chars, identities = (np.ascontiguousarray(rows[name]) for name in PASSAGE.names or ())
    shared = SharedPassages(np.repeat(articles, counts, axis=0), tokens, chars, identities)
    return Pairs(articles, counts, coverages), shared


def make_collection(loaded: _Loaded) -> Collection:
    """Return the articles of a block as a collection in memory."""
    rows, memory = loaded.rows, MemoryBudget(_MEMORY)
    articles: SpillObjects[Article] = SpillObjects(memory)
    tokens = TokenStore(memory)
    articles.append(loaded.articles, 0)
    tokens.append(tokens.pack(loaded.tokens))
    tokens.close_off()
    return Collection(
        [one.id for one in loaded.articles],
        [one.outlet for one in loaded.articles],
        np.array([row["seconds"] for row in rows], np.float64),
        np.array([row["zone"] for row in rows], np.float64),
        [read_credits(row["credits"]) for row in rows],
        np.array([row["n_words"] for row in rows], np.int64),
        0,
        articles,
        tokens,
    )


def _texts(loaded: _Loaded, collection: Collection) -> Texts:
    def load(own: NDArray[np.int64]) -> tuple[list[str], Tokens]:
        return [loaded.articles[at].text for at in own.tolist()], loaded.tokens.select(own)

    lengths = loaded.tokens.counts
    return Texts(collection.ids, collection.published, lengths, load, loaded.tokens.select)


class _Gathered:
    """Rows of a block, see `GATHERED`."""

    def __init__(self, loaded: _Loaded) -> None:
        published = np.array([row["seconds"] for row in loaded.rows], np.float64)
        lows = find_dates(published)[:, 0].tolist()
        self._loaded = loaded
        self._dates = {
            one.id: {"is_unknown": low != low, "seconds": 0.0 if low != low else low, "id": one.id}
            for one, low in zip(loaded.articles, lows, strict=True)
        }
        self._outlets = {one.id: one.outlet for one in loaded.articles}
        self._rows: list[dict[str, Any]] = []
        self._tables = ArrowTables()
        self._counts: dict[str, list[int]] = {"families": [], "stories": []}

    def add_families(self, families: tuple[Family, ...]) -> None:
        for place, family in enumerate(families):
            self._tables.add_family(family)
            self._add({"place": place}, len(family.occurrences), 0)

    def add_stories(self, stories: tuple[Story, ...], is_trusted: bool | None) -> None:
        for place, story in enumerate(stories):
            self._tables.add_story(story)
            own = [member.article for member in story.members]
            row = {
                "place": place,
                "is_trusted": is_trusted,
                "n_outlets": len({self._outlets[one] for one in own} - {None}),
                "n_members": len(own),
                "dates": [self._dates[one] for one in own],
            }
            self._add(row, 0, len(own))

    def add_coverages(self, coverages: NDArray[np.float64]) -> None:
        articles = self._loaded.articles, self._loaded.numbers.tolist(), coverages.tolist()
        for article, number, coverage in zip(*articles, strict=True):
            rounded = ArticleSummary(article, coverage).coverage
            self._add({"number": number, "coverage": rounded}, 0, 0)

    def _add(self, row: dict[str, Any], n_occurrences: int, n_members: int) -> None:
        self._rows.append(row)
        self._counts["families"].append(n_occurrences)
        self._counts["stories"].append(n_members)

    def table(self, counts: dict[str, int]) -> Any:
        """Return all rows, and one with the counts."""
        self._add(counts, 0, 0)
        columns = {
            name: nest(self._tables.table(name), np.array(own, np.int64))
            for name, own in self._counts.items()
        }
        date = pa.struct({"is_unknown": pa.bool_(), "seconds": pa.float64(), "id": pa.string()})
        kinds = {"is_trusted": pa.bool_(), "coverage": pa.float64(), "dates": pa.list_(date)}
        for name in _PLAIN:
            values = [row.get(name) for row in self._rows]
            columns[name] = pa.array(values, kinds.get(name, pa.int64()))
        return pa.table(columns)
