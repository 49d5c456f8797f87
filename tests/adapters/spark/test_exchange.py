"""The exchange of postings gives each query what a look-up of all postings gives it.

Stages run here as on executors, on partitions that are cut anywhere.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.required import skip_without

try:
    import pyarrow as pa
    import pyarrow.compute as pc

    from dedup.adapters.spark import postings, search, texts
    from dedup.adapters.spark.columns import pack, unpack
    from dedup.errors import DedupError
except ImportError as error:
    skip_without("spark", f"no {error.name}")

import dedup
from corpus.synthesize import synthesize
from dedup import _core
from dedup.candidates.window import are_near
from dedup.model.census import Census
from dedup.params import Params
from dedup.pipeline.collection import Rules, collect
from dedup.pipeline.indexed import index_collection
from dedup.pipeline.search import find_pairs
from dedup.runtime.spill import MemoryBudget
from dedup.runtime.workers import Workers


def _articles():
    records, _ = synthesize(20, seed=5, plant_rate=0.6)
    found = [dedup.Article(**record) for record in records]
    for at in range(12):  # keys with many entries
        found.append(
            dedup.Article(f"copy-{at:02}", f"{found[0].text}\n\n{found[at].text}", "Copier")
        )
    rng = np.random.default_rng(2)
    days = rng.integers(0, 20, len(found)).tolist()
    return [
        _replace_date(one, None if at % 7 == 3 else f"2024-03-{1 + day:02}")
        for at, (one, day) in enumerate(zip(found, days, strict=True))
    ]


def _replace_date(article, published):
    return dedup.Article(**(article.to_dict() | {"published": published}))


@cache
def _collect(n_old):
    memory, ignore = MemoryBudget(1 << 40), lambda _: None
    articles, params = _articles(), Params()
    with Workers(1) as pool:
        collection, _ = collect(
            articles[n_old:], pool, memory, Rules(True), ignore, articles[:n_old]
        )
        return collection, index_collection(collection, params, memory, pool, ignore)


def _look_up(n_old, params):
    collection, searchable = _collect(n_old)
    census, memory = Census(len(collection)), MemoryBudget(1 << 40)
    with Workers(1) as pool:
        return find_pairs(searchable, collection, census, params, memory, pool, lambda _: None)


def _indexed(n_old, params):
    """Articles in the order of dates, as the stage `indexed` gives them."""
    collection, searchable = _collect(n_old)
    order = searchable.order
    sketches, seeds = (
        searchable.load_sketches(order, params),
        searchable.load_seeds(np.arange(len(order))),
    )
    has_words = sketches.signatures[:, 0] != _core.EMPTY
    rows = np.empty(len(seeds.keys), texts.SEEDS)
    rows["key"], rows["seed"]["position"] = seeds.keys, seeds.positions
    rows["seed"]["words"], rows["seed"]["evidence"] = seeds.words, seeds.evidence
    bands = sketches.bands(params.band)[has_words].reshape(-1)
    return pa.RecordBatch.from_pydict(
        {
            "rank": np.arange(len(order)) * 7 + 3,  # any numbers in this order
            "length": collection.tokens.lengths[order],
            "bands": pack(bands, has_words * params.band.n_bands),
            "seeds": pack(rows, np.diff(seeds.offsets)),
            "seconds": collection.published[order],
            "is_new": np.arange(len(order)) >= n_old,
        }
    )


def _on(stage, table, most=9):
    """Run a stage on one partition."""
    return list(stage(iter(table.combine_chunks().to_batches(most))))


def _table(stage, table, most=9):
    return pa.Table.from_batches(_on(stage, table, most))


def _bounds(indexed, cuts):
    """Return bounds at any postings."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(postings, "STEP", 1)
        rows = pa.Table.from_batches(list(postings.sample_postings(iter([indexed])))).to_pylist()
    rows.sort(key=lambda row: (row["kind"], row["key"] % (1 << 64), row["rank"]))
    chosen = [rows[cut % len(rows)] for cut in sorted(cuts, key=lambda cut: cut % len(rows))]
    return postings.Bounds.choose([tuple(row.values()) for row in chosen], len(chosen) + 1)


def test_small_tasks_sample_bands_and_seeds(monkeypatch):
    """The first posting of an article is a band: it is not the one that stands for a task."""
    monkeypatch.setattr(postings, "STEP", 499)
    indexed = _indexed(0, Params())
    kinds = [
        kind
        for at in range(indexed.num_rows)
        for batch in postings.sample_postings(iter([indexed.slice(at, 1)]))
        for kind in batch["kind"].to_pylist()
    ]
    assert set(kinds) == set(postings.KINDS)
    assert len(kinds) < indexed.num_rows


def _post(indexed, bounds, window):
    """Return the postings of each partition."""
    posted = _table(postings.post(window.days, bounds), pa.Table.from_batches([indexed]))
    parts = posted["part"]
    return [posted.filter(pc.equal(parts, at)) for at in sorted(pc.unique(parts).to_pylist())]


def _answer(parts, window):
    edges = [
        tuple(row.values())
        for part in parts
        for row in _table(postings.find_edges(window), part).to_pylist()
    ]
    stage = postings.answer(postings.join_edges(edges, window), window)
    batches = [batch for part in parts for batch in _on(stage, part)]
    return pa.Table.from_batches(batches)


def _exchange(indexed, cuts, window, params):
    parts = _post(indexed, _bounds(indexed, cuts), window)
    return _search(indexed, _answer(parts, window), params)


def _search(indexed, answers, params):
    new = pa.Table.from_batches([indexed]).filter(indexed.column("is_new"))
    block = pc.shift_right(new["rank"], postings.BLOCK_BITS)
    heads = new.select(["rank", "length", "seeds"]).append_column("block", block)
    queries = pa.concat_tables([answers, heads], promote_options="default").sort_by("block")
    return _table(search.search_queries(params, Census(indexed.num_rows)), queries, most=3)


@pytest.mark.parametrize("n_old", [0, 11])
@settings(max_examples=12)
@given(
    st.lists(st.integers(0, 1 << 20), max_size=12), st.integers(2, 12), st.sampled_from([0, 2, 9])
)
def test_a_query_gets_what_a_look_up_gives(n_old, cuts, max_bucket, days):
    params = Params()
    candidate = replace(params.candidate, max_bucket=max_bucket, days=float(days))
    params = replace(params, candidate=candidate)
    expected, indexed = _look_up(n_old, params), _indexed(n_old, params)
    old = indexed.column("seconds").to_numpy()[:n_old]
    max_old = -np.inf if not n_old else np.inf if np.isnan(old).any() else old.max()
    found = _exchange(indexed, cuts, postings.make_window(params, max_old), params)
    assert pc.sum(found["n_capped"]).as_py() == expected.n_capped
    assert pc.sum(found["n_read"]).as_py() == expected.n_read
    found = found.filter(pc.is_valid(found["a"]))
    pairs = (np.stack([found["a"], found["b"]], axis=1).astype(np.int64) - 3) // 7
    collection, searchable = _collect(n_old)
    dates = collection.published[searchable.order]
    near = are_near(dates[pairs[:, 0]], dates[pairs[:, 1]], days)
    rows = np.column_stack([np.sort(searchable.order[pairs], axis=1), found["capped"]])[near]
    assert sorted(rows.tolist()) == np.column_stack([expected.pairs, expected.capped]).tolist()


@given(st.lists(st.integers(0, 1 << 20), max_size=12))
@settings(max_examples=20)
def test_partitions_follow_one_another(cuts):
    indexed = _indexed(0, Params())
    window = postings.make_window(Params(), -np.inf)
    found = []
    for part in _post(indexed, _bounds(indexed, cuts), window):
        rows, counts = unpack(part["postings"], postings.POSTING)
        kinds = np.repeat(part["kind"].to_numpy(), counts).tolist()
        found += sorted(zip(kinds, rows["key"].tolist(), rows["rank"].tolist(), strict=True))
    assert found == sorted(found)
    bands, seeds = unpack(indexed["bands"], "u8"), unpack(indexed["seeds"], texts.SEEDS)
    keys = np.sort(bands.rows).tolist() + np.sort(seeds.rows["key"]).tolist()
    assert [key for _, key, _ in found] == keys


def test_a_partition_that_changed_is_an_error():
    window = postings.make_window(Params(), -np.inf)
    indexed = _indexed(0, Params())
    parts = _post(indexed, _bounds(indexed, [500]), window)
    rows = _table(postings.find_edges(window), parts[0]).to_pylist()
    edges = postings.join_edges([tuple(row.values()) for row in rows], window)
    with pytest.raises(DedupError, match="not what it was"):
        _on(postings.answer(edges, window), parts[1])
