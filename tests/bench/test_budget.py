"""What a search reads and finds by its budget."""

import numpy as np
import pytest

from bench.scale import budget
from bench.scale.collection import write_collection
from dedup.params import Params


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    directory = tmp_path_factory.mktemp("budget")
    articles, gold = directory / "articles.jsonl", directory / "gold"
    write_collection(120, articles, gold)
    return budget.prepare(articles, 120, Params()), gold


def test_a_smaller_budget_reads_less(prepared):
    own, gold = prepared
    planted = budget.read_planted(gold, own)
    assert len(planted) > 5
    whole, small = budget.measure(own, (budget.EVERYTHING, 10), planted)
    assert whole["recall"] == 1.0
    assert small["n_read"] < whole["n_read"]
    assert small["n_candidates"] <= whole["n_candidates"]


def test_overlaps_are_compared_with_those_of_a_search_without_limit(prepared):
    own, _ = prepared
    whole, small = budget.measure(own, (budget.EVERYTHING, 10), None)
    assert (whole["n_lost"], whole["n_won"]) == (0, 0)
    assert small["n_overlaps"] == whole["n_overlaps"] - small["n_lost"] + small["n_won"]


def test_queries_are_runs_of_neighbors(prepared, monkeypatch):
    monkeypatch.setattr(budget, "_RUN", 10)
    monkeypatch.setattr(budget, "_N_RUNS", 3)
    own, _ = prepared
    runs = budget.choose_runs(120)
    assert [run.tolist() for run in runs] == [[*range(low, low + 10)] for low in (0, 50, 110)]
    assert np.array_equal(np.concatenate(budget.choose_runs(25)), np.arange(25))
    assert sum(map(len, own.runs)) == 120
