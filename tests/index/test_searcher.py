"""Matching in threads: whatever the parts, the same is found."""

import pytest

import dedup
from corpus.synthesize import synthesize
from dedup.index import live
from dedup.index import searcher as matching


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Have parts of a few articles, and segments too."""
    monkeypatch.setattr(live, "FRESH", 8)
    monkeypatch.setattr(matching, "_MIN_PART", 1)
    monkeypatch.setattr(matching, "_PARTS", 3)


def test_the_number_of_threads_changes_nothing(tmp_path, monkeypatch):
    fields = ("id", "text", "outlet", "published")
    records = synthesize(90, seed=8, plant_rate=0.6)[0]
    articles = [dedup.Article(**{name: record[name] for name in fields}) for record in records]
    found, n_parts = {}, []
    spread = matching.IndexSearcher._spread

    def count(self, function, n):
        n_parts.append(n)
        return spread(self, function, n)

    monkeypatch.setattr(matching.IndexSearcher, "_spread", count)
    for jobs in (1, 3):
        with dedup.Index(tmp_path / str(jobs), jobs=jobs) as index:
            found[jobs] = list(index.add_many(articles))
            found[jobs] += [index.query(articles[at]) for at in range(5)]
    assert max(n_parts) > 3
    assert sum(map(len, found[1])) > 20
    assert found[1] == found[3]


def test_a_number_of_threads_that_is_none_is_refused(tmp_path):
    with pytest.raises(dedup.ParameterError, match="jobs must be"):
        dedup.Index(tmp_path, jobs=0)
