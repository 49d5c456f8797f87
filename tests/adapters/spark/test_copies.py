"""A choice by blocks of whole components is that of the whole, and names are those of a ledger.

Stages run here as on executors.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.required import skip_without

try:
    import pyarrow as pa

    from dedup.adapters.spark import copies
except ImportError as error:
    skip_without("spark", f"no {error.name}")

from dedup import Article, Params
from dedup.group.keep import Candidate, Link
from dedup.group.story import find_components
from dedup.pipeline.ledger import Ledger
from dedup.pipeline.selection import Choice, CopySelection
from dedup.runtime.spill import MemoryBudget

IDS = st.sampled_from(["x", "x (2)", "x (2) (2)", "x (3)", "y", "y (2)"])
TEXTS = st.sampled_from(["one text", "another text", "a third text"])
OUTLETS = st.sampled_from([None, "A", "B"])


@given(st.lists(st.tuples(IDS, TEXTS, OUTLETS), max_size=14), st.integers(0, 14), st.data())
def test_names_are_those_of_a_ledger(records, n_old, data):
    ledger = Ledger(MemoryBudget(1 << 30))
    articles = [Article(*record) for record in records]
    rows = []
    for row, one in enumerate(articles):
        ledger.add(one, is_old=row < n_old)
        rows.append({"row": row, "id": one.id, "text": one.text, "outlet": one.outlet, "url": None,
                     "is_new": row >= n_old, "seconds": math.nan, "reason": None})  # fmt: skip
    shuffled = data.draw(st.permutations(rows))
    (entered,) = copies.enter_articles(iter([pa.RecordBatch.from_pylist(shuffled, SCHEMA)]))
    order = [(name, "ascending") for name in ("family", "is_new", "row")]
    batches = pa.Table.from_batches([entered]).sort_by(order).to_batches(3)
    named = [row for batch in copies.name_entries(iter(batches)) for row in batch.to_pylist()]
    named.sort(key=lambda row: row["row"])
    assert [row["name"] for row in named] == [one.id for one in ledger.candidates]
    names = ledger.find_names()
    assert [row["told"] for row in named] == [
        names.get(one.id, one.id) for one in ledger.candidates
    ]


SCHEMA = pa.schema(
    {"row": pa.int64(), "id": pa.string(), "text": pa.string(), "outlet": pa.string(),
     "url": pa.string(), "is_new": pa.bool_(), "seconds": pa.float64(), "reason": pa.string()}
)  # fmt: skip
N = 12
PAIRS = st.lists(st.tuples(st.integers(0, N - 1), st.integers(0, N - 1)), max_size=14)
RELATIONS = st.sampled_from(["duplicate", "contains", "contained"])


def _members(texts, dates, n_old):
    return [
        {"row": at, "name": f"{at:02}", "is_new": at >= n_old, "seconds": dates[at], "n_chars": 9,
         "outlet": None, "digest": bytes([texts[at]]), "article": None, "spans": None}
        for at in range(N)
    ]  # fmt: skip


def _blocks(edges, texts, cut):
    """Return the block of each article: some components each."""
    firsts = [(texts.index(text), at) for at, text in enumerate(texts)]
    roots = find_components(np.array([*edges, *firsts], np.int64), N)
    return [int(root) % cut for root in roots]


def _run(stage, members, groups, blocks, schema):
    """Run a stage block by block."""
    found, n_unsure = {}, 0
    for block in sorted(set(blocks)):
        own = [one for one in members if blocks[one["row"]] == block]
        linked = [one for at, one in groups if blocks[at] == block]
        tables = pa.Table.from_pylist(own, MEMBER), pa.Table.from_pylist(linked, schema)
        for row in stage(*tables).to_pylist():
            if row["name"] is not None:
                found[row.pop("name")] = row
            else:
                n_unsure += row["n_unsure"]
    return found, n_unsure


MEMBER = pa.schema(
    {"row": pa.int64(), "name": pa.string(), "is_new": pa.bool_(), "seconds": pa.float64(),
     "n_chars": pa.int64(), "outlet": pa.string(), "digest": pa.binary(), "article": pa.null(),
     "spans": pa.null()}
)  # fmt: skip
TEXT_OF = st.lists(st.integers(0, 7), min_size=N, max_size=N)
DATES = st.lists(st.sampled_from([math.nan, 1.0, 2.0]), min_size=N, max_size=N)


def _select(choice, members, n_old):
    candidates = [
        Candidate(one["name"], math.inf if math.isnan(one["seconds"]) else one["seconds"], 9, None)
        for one in members
    ]
    texts = {}
    for one in members:
        texts.setdefault(one["digest"], []).append(one["row"])
    return CopySelection(choice, candidates, n_old, texts.values)


def _check(verdicts, found):
    told = {id: one.to_dict() for id, one in verdicts.dropped.items()}
    assert found.keys() == told.keys()
    for id, row in found.items():
        assert row == {name: told[id].get(name) for name in row}


@settings(max_examples=60)
@given(PAIRS, st.data(), TEXT_OF, DATES, st.integers(0, 3), st.integers(1, 5))
def test_copies_are_chosen_by_components(pairs, data, texts, dates, n_old, cut):
    least = data.draw(st.sampled_from([None, 0.4]))
    choice = Choice.of_options("duplicate", None, (), contained=True, min_similarity=least)
    pairs = sorted({(a, b) for a, b in pairs if a < b})
    links = [
        Link(f"{a:02}", f"{b:02}", data.draw(RELATIONS), 0.5 + a / 100, 0.4, 0.3, b / 100)
        for a, b in pairs
    ]
    members = _members(texts, dates, n_old)
    params = Params()
    params = replace(params, overlap=replace(params.overlap, min_contained=0.6))
    similar_below = choice.find_similar_below(params)
    whole = _select(choice, members, n_old).drop_copies(links, lambda *_: (), similar_below)
    numbered = [
        (a, link._asdict() | {"a_number": a, "b_number": b})
        for (a, b), link in zip(pairs, links, strict=True)
    ]
    stage = copies.choose_copies(choice, params, {}, N)
    numbers = {"a_number": pa.int64(), "b_number": pa.int64()}
    kinds = {"a": pa.string(), "b": pa.string(), "relation": pa.string(), "capped": pa.bool_()}
    figures = ("similarity", "jaccard", "coverage_a", "coverage_b")
    schema = pa.schema(kinds | dict.fromkeys(figures, pa.float64()) | numbers)
    found, n_unsure = _run(stage, members, numbered, _blocks(pairs, texts, cut), schema)
    assert n_unsure == whole.n_unsure
    _check(
        whole, {id: {k: v for k, v in row.items() if k != "n_unsure"} for id, row in found.items()}
    )


@settings(max_examples=60)
@given(
    st.lists(st.lists(st.integers(0, N - 1), min_size=2, max_size=4, unique=True), max_size=5),
    TEXT_OF, DATES, st.integers(0, 3), st.integers(1, 5),
)  # fmt: skip
def test_stories_are_chosen_by_components(told, texts, dates, n_old, cut):
    choice = Choice.of_options("story", None, (), contained=False, min_similarity=None)
    members = _members(texts, dates, n_old)
    stories = [
        {"id": f"s{at}", "articles": [f"{one:02}" for one in own], "n_outlets": 1,
         "n_members": len(own), "place": at,
         "dates": [{"is_unknown": False, "seconds": 1.0, "id": f"{one:02}"} for one in own]}
        for at, own in enumerate(told)
    ]  # fmt: skip
    ordered = sorted(
        stories, key=lambda one: (-len(one["articles"]), one["articles"], one["place"])
    )
    whole = _select(choice, members, n_old).drop_retold(
        {one["id"]: one["articles"] for one in ordered}
    )
    edges = [(own[0], one) for own in told for one in own]
    date = pa.struct({"is_unknown": pa.bool_(), "seconds": pa.float64(), "id": pa.string()})
    schema = pa.schema(
        {"id": pa.string(), "articles": pa.list_(pa.string()), "n_outlets": pa.int64(),
         "n_members": pa.int64(), "dates": pa.list_(date), "place": pa.int64()}
    )  # fmt: skip
    groups = [(own[0], one) for own, one in zip(told, stories, strict=True)]
    found, _ = _run(
        copies.choose_retold(choice, {}), members, groups, _blocks(edges, texts, cut), schema
    )
    _check(
        whole, {id: {k: v for k, v in row.items() if k != "n_unsure"} for id, row in found.items()}
    )


@pytest.mark.parametrize(
    "options", [{"by": "topic"}, {"keep": "outlet"}, {"min_similarity": 0}, {"keep": "best"}]
)
def test_a_wrong_option_is_refused(options):
    from dedup import ParameterError

    defaults = {"by": "duplicate", "keep": None, "contained": False, "min_similarity": None}
    with pytest.raises(ParameterError, match=next(iter(options))):
        Choice.of_options(**(defaults | options), prefer_outlets=())
