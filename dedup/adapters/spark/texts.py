"""Stages of articles and outlets on an executor: read, mask, learn formulas, index."""

from __future__ import annotations

import heapq
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice, pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import xxhash

from dedup import _core
from dedup.adapters.spark.columns import (
    ARTICLE,
    load_tokens,
    name_columns,
    pack,
    pack_marks,
    read_article,
    read_credits,
    rows_to_batch,
    struct_of,
    to_batch,
    write_article,
    write_credits,
)
from dedup.mask.boilerplate import MAX_GROUP, find_boilerplate, join_parts
from dedup.mask.credit import find_all_credits
from dedup.mask.formula import learn_formulas, mark_formulas
from dedup.mask.furniture import mark_furniture
from dedup.mask.marks import read_marks
from dedup.mask.mask import MIN_WORDS, mask, mask_credits
from dedup.mask.outlet import OutletNames
from dedup.model import ArticleSummary, Boilerplate
from dedup.model.article import Article, Span, digest_text, name_apart
from dedup.model.census import Census
from dedup.model.outlets import fold_name, name_source
from dedup.params import Params
from dedup.pipeline.naming import HEAD
from dedup.provenance.clues import find_credits_of
from dedup.readers.notes import Unreadable
from dedup.readers.parquet import find_text, in_microseconds, plain_record, read_rows
from dedup.readers.records import Fields, convert
from dedup.readers.sources import MAX_TEXT
from dedup.render.tables import ArrowTables
from dedup.sketches.seed import find_seeds
from dedup.sketches.sketch import sketch
from dedup.text.tokenize import tokenize

Batches = Iterator[Any]
Stage = Callable[[Batches], Batches]

# A row with a reason is a note; one with a text, too, is an article that is too short to compare.
READ = f"{ARTICLE}, reason string"
# An article in the collection: its number by id, and its rank by date.
PLACE = "row long, number long, rank long"
NUMBERED = f"{PLACE}, {ARTICLE}"
PARTED = f"{NUMBERED}, part long, bin long"
MASKED = f"{NUMBERED}, length long, boilerplate string"
INDEXED = f"{NUMBERED}, length long, bands binary, seeds binary, summary {struct_of('articles')}"

# A seed as its query sends it: position, words, evidence.
SEED = np.dtype([("position", "u4"), ("words", "u2", (2,)), ("evidence", "u1", (2,))])
SEEDS = np.dtype([("key", "u8"), ("seed", SEED)])


# Kinds of notes that report no loss.
_UNTOLD = ("mapping", "markup")


def read_articles(params: Params, is_new: bool) -> Stage:
    """Return the stage that reads records: articles with marks, and what was skipped."""

    def run(batches: Batches) -> Batches:
        for batch in batches:
            read: list[Article] = []
            faults: list[dict[str, Any]] = []
            text = find_text(batch.schema, Fields())
            for id, record in zip(batch.column("id").to_pylist(), _records(batch), strict=True):
                _read_record(id, record, text, read, faults)
            yield from _prepare(read, faults, params, is_new)

    return run


def _records(batch: Any) -> Iterator[Mapping[str, Any] | Unreadable]:
    columns = []
    for column in in_microseconds(batch).columns:
        # Executors give times in the zone of the session; an article has that of its date.
        if pa.types.is_timestamp(column.type) and column.type.tz:
            column = column.cast(pa.timestamp("us", "UTC"))
        columns.append(column)
    return read_rows(pa.RecordBatch.from_arrays(columns, batch.schema.names), MAX_TEXT)


def _read_record(
    id: str | None,
    record: Mapping[str, Any] | Unreadable,
    text: str,
    read: list[Article],
    faults: list[dict[str, Any]],
) -> None:
    if not id:
        faults.append({"id": id, "reason": "no id"})
        return
    try:
        plain, lost = plain_record(record, text)
        if isinstance(plain.get("extra"), str):
            plain["extra"] = _read_extra(plain["extra"])
        article, notes = convert(plain, Fields(), "")
    except Unreadable as error:
        faults.append({"id": id, "reason": str(error)})
        return
    faults += (
        # Options of the command line are no remedy here.
        {"id": id, "reason": one.message.partition(" (--")[0]}
        for one in (*lost, *notes)
        if one.kind not in _UNTOLD
    )
    read.append(article)


def _read_extra(text: str) -> Any:
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if isinstance(value, dict) else text


def _prepare(
    articles: list[Article], faults: list[dict[str, Any]], params: Params, is_new: bool
) -> Batches:
    """Tokenize articles and mark credits and furniture."""
    texts = [article.text for article in articles]
    whole = tokenize(texts)
    credits = find_all_credits(texts)
    tokens = mark_furniture(whole, texts)
    if params.boilerplate.mask_credits:
        tokens = mask_credits(tokens, credits)
    marks = pack_marks(read_marks(whole, tokens)).to_pylist()
    rows: list[dict[str, Any]] = []
    for at, article in enumerate(articles):
        n_words = int(whole.counts[at])
        if n_words < MIN_WORDS:
            what = f"text has {n_words} of the {MIN_WORDS} words that a comparison needs"
            rows.append(write_article(article) | {"reason": what})
            continue
        own = {"credits": write_credits(credits[at]), "n_words": n_words, "marks": marks[at]}
        rows.append(write_article(article) | own)
    yield rows_to_batch(READ, [row | {"is_new": is_new} for row in rows + faults])


SHARED = (
    "row long, id string, text string, outlet string, url string, is_new boolean, title string, "
    "seconds double"
)
NAMED = "row long, name string, is_other boolean"


def tell_apart(batches: Batches) -> Batches:
    """Name articles of one id, see :func:`dedup.pipeline.naming.tell_apart`.

    Rows of one id come together, in the order of precedence. A null name is a repeat.
    """
    id: str | None = None
    seen: set[bytes] = set()
    for batch in batches:
        rows = []
        for row in batch.to_pylist():
            if row["id"] != id:
                id, seen = row["id"], set()
            digest = digest_text(row["text"])
            name = None
            if digest not in seen:
                article = Article(row["id"], row["text"], row["outlet"], None, row["url"])
                name = name_apart(article) if seen else row["id"]
            seen.add(digest)
            rows.append({"row": row["row"], "name": name, "is_other": name not in (None, id)})
        yield rows_to_batch(NAMED, rows)


def digest_rows(batches: Batches) -> Batches:
    """Add the digest and the head of texts, by which articles of one id are ordered."""
    for batch in batches:
        texts = batch.column("text").to_pylist()
        digests = pa.array([digest_text(text) for text in texts], pa.binary())
        heads = pa.array([text[:HEAD] for text in texts], pa.string())
        yield batch.append_column("digest", digests).append_column("head", heads)


def pack_outlets(n_words: Mapping[str | None, int], n_bins: int) -> dict[str | None, list[int]]:
    """Return the bin of each part of each outlet, so that bins have about as many words.

    There are at most `n_bins`, see :func:`fill_bins`. An outlet has the parts of
    :func:`dedup.mask.boilerplate.group_outlets`.
    """
    n_parts = {name: -(-n // MAX_GROUP) for name, n in n_words.items()}
    names = sorted(n_words, key=lambda name: (-n_words[name] / n_parts[name], name or ""))
    sizes = [n_words[name] // n_parts[name] for name in names for _ in range(n_parts[name])]
    packed = iter(fill_bins(sizes, MAX_GROUP, n_bins))
    return {name: list(islice(packed, n_parts[name])) for name in names}


def fill_bins(sizes: Sequence[int], most: int, n_bins: int) -> list[int]:
    """Return the bin of each thing, so that bins are about as full; bins are numbered from 0.

    Parameters
    ----------
    sizes : sequence of int
        Sizes above 0, the largest first.
    most : int
        Size of a bin on average, at most.
    n_bins : int
        Bins at most, unless `most` needs more. No bin is opened while a thing fits into another
        with no more than the largest thing, for which the others wait anyway.
    """
    n_bins, largest = max(-(-sum(sizes) // most), n_bins), max(sizes, default=0)
    bins: list[tuple[int, int]] = []
    packed = []
    # Each to the bin that has the least.
    for size in sizes:
        filled, number = bins[0] if bins else (largest, 0)
        if filled + size > largest and len(bins) < n_bins:
            number = len(bins)
            heapq.heappush(bins, (size, number))
        else:
            heapq.heapreplace(bins, (filled + size, number))
        packed.append(number)
    return packed


def name_outlets(names: Mapping[str, str], bins: Mapping[str | None, Sequence[int]]) -> Stage:
    """Return the stage that gives outlets, and the sources in credits, their one name.

    Parameters
    ----------
    bins : mapping
        The bin of each part in which the articles of an outlet are masked.
    """
    folded = {fold_name(name): name for name in sorted(set(names.values()))}

    def run(batches: Batches) -> Batches:
        for batch in batches:
            rows = batch.to_pylist()
            for row in rows:
                row["outlet"] = None if row["outlet"] is None else names[row["outlet"]]
                own = bins[row["outlet"]]
                row["part"] = _find_part(row["id"], len(own))
                row["bin"] = own[row["part"]]
                credits = read_credits(row["credits"])
                row["credits"] = write_credits(
                    replace(one, name=name_source(one.name, folded)) if one.name else one
                    for one in credits
                )
            yield rows_to_batch(PARTED, rows)

    return run


def _find_part(id: str, n_parts: int) -> int:
    return xxhash.xxh3_64_intdigest(id.encode()) % n_parts if n_parts > 1 else 0


def split_articles(n_parts: int) -> Stage:
    """Return the stage that adds the part in which an article is searched for formulas."""

    def run(batches: Batches) -> Batches:
        for batch in batches:
            parts = [_find_part(id, n_parts) for id in batch.column("id").to_pylist()]
            yield batch.append_column("part", pa.array(parts, pa.int64()))

    return run


def _read_groups(batches: Batches, *names: str) -> Batches:
    """Yield the rows of each value of some columns, in the order of numbers."""
    held = list(batches)
    if not sum(batch.num_rows for batch in held):
        return
    order = [(name, "ascending") for name in (*names, "number")]
    table = pa.Table.from_batches(held).sort_by(order)
    keys = list(zip(*(table.column(name).to_pylist() for name in names), strict=True))
    changes = [at for at in range(1, len(keys)) if keys[at] != keys[at - 1]]
    for low, high in pairwise([0, *changes, len(keys)]):
        yield table.slice(low, high - low)


def mask_outlets(params: Params) -> Stage:
    """Return the stage that masks the boilerplate of outlets, or of whole parts of them."""

    def mask_part(table: Any) -> Any:
        rows = table.select(name_columns(NUMBERED)).to_pylist()
        articles = [read_article(row) for row in rows]
        texts = [article.text for article in articles]
        tokens = load_tokens(texts, table.column("marks"))
        found, covered = find_boilerplate(articles, tokens, params.boilerplate)
        if covered.any():
            tokens = mask(tokens, covered)
            marks = pack_marks(read_marks(tokenize(texts), tokens)).to_pylist()
            rows = [row | {"marks": own} for row, own in zip(rows, marks, strict=True)]
        lengths = tokens.counts.tolist()
        rows = [row | {"length": own} for row, own in zip(rows, lengths, strict=True)]
        told = [
            {"outlet": one.outlet, "text": one.text, "boilerplate": json.dumps(one.to_dict())}
            for one in found
        ]
        return rows_to_batch(MASKED, rows + told)

    return lambda batches: map(mask_part, _read_groups(batches, "outlet", "part"))


def join_boilerplate(batches: Batches) -> Batches:
    """Join what parts of outlets found of the same text; all of a text come together."""
    found = (text for batch in batches for text in batch.column("boilerplate").to_pylist())
    tables = ArrowTables()
    for one in join_parts(_read_boilerplate(json.loads(text)) for text in found):
        tables.add_boilerplate(one)
    yield from tables.table("boilerplate").to_batches()


def _read_boilerplate(value: dict[str, Any]) -> Boilerplate:
    places = tuple((one["article"], Span(*one["span"])) for one in value["occurrences"])
    counted = value["n_articles"], places, value["basis"]
    return Boilerplate(value["outlet"], value["text"], *counted)


def learn_parts(params: Params) -> Stage:
    """Return the stage that learns the formulas of whole parts of the collection."""

    def learn(table: Any) -> Any:
        tokens = load_tokens(table.column("text").to_pylist(), table.column("marks"))
        outlets = table.column("outlet").to_pylist()
        keys = learn_formulas(tokens, outlets, params.boilerplate.max_resemblance)
        return to_batch("key long", [pa.array(keys.view(np.int64))])

    return lambda batches: map(learn, _read_groups(batches, "part"))


def index_articles(params: Params, census: Census) -> Stage:
    """Return the stage that marks formulas and finds bands, seeds and summaries."""

    def run(batches: Batches) -> Batches:
        outlets = OutletNames(census.outlets)
        for batch in batches:
            texts = batch.column("text").to_pylist()
            tokens = load_tokens(texts, batch.column("marks"))
            marks = batch.column("marks")
            if len(census.formulas):
                tokens = mark_formulas(tokens, census.formulas)
                marks = pack_marks(read_marks(tokenize(texts), tokens))
            sketches, seeds = sketch(tokens, params.sketch), find_seeds(tokens, params.seed)
            # Articles without words all have the same bands, but share no text.
            has_words = sketches.signatures[:, 0] != _core.EMPTY
            bands = sketches.bands(params.band)[has_words]
            rows = np.empty(len(seeds.keys), SEEDS)
            rows["key"], rows["seed"]["position"] = seeds.keys, seeds.positions
            rows["seed"]["words"], rows["seed"]["evidence"] = seeds.words, seeds.evidence
            columns = dict(zip(batch.schema.names, batch.columns, strict=True))
            columns |= {
                "marks": marks,
                "length": pa.array(tokens.counts),
                "bands": pack(bands.reshape(-1), has_words * params.band.n_bands),
                "seeds": pack(rows, np.diff(seeds.offsets)),
                "summary": _sum_up(batch.to_pylist(), outlets),
            }
            yield to_batch(INDEXED, [columns[name] for name in name_columns(INDEXED)])

    return run


def _sum_up(rows: list[dict[str, Any]], outlets: OutletNames) -> pa.Array:
    """Return the rows of articles in their table, but coverages and texts."""
    tables = ArrowTables()
    articles = [read_article(row) for row in rows]
    of_agencies = [read_credits(row["credits"]) for row in rows]
    credits = find_credits_of(articles, of_agencies, outlets)
    for article, own in zip(articles, credits, strict=True):
        tables.add_article(ArticleSummary(article, 0.0, own))
    table = tables.table("articles").combine_chunks()
    columns = [column.chunk(0) if column.num_chunks else [] for column in table.columns]
    return pa.StructArray.from_arrays(columns, names=table.schema.names)
