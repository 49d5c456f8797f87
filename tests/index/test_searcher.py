"""Matching in threads: whatever the parts, the same is found."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import numpy as np
import pytest

import dedup
from corpus.synthesize import synthesize
from dedup.index import live
from dedup.index import searcher as matching
from dedup.index.rows import name_outlet
from dedup.mask.boilerplate import Formulas

START = datetime(2024, 1, 1, tzinfo=UTC)


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


def test_formulas_that_change_meanwhile_make_tokens_out_of_date(tmp_path, monkeypatch):
    """A writer may learn between the masking of stored tokens and their way into the cache."""
    records = synthesize(40, seed=8, plant_rate=0.6)[0]
    with dedup.Index(tmp_path, jobs=1) as index:
        index.load(dedup.Article(one["id"], one["text"], "Post") for one in records[1:])
        searcher, formulas = index._searcher, index._searcher._formulas
        tokenize = formulas.tokenize

        def change(stored):
            tokens = tokenize(stored)
            if stored and stored[0].outlet == "Post":
                learned = Formulas(np.empty(0, np.uint64), np.empty(0, int), np.empty(0, np.uint64))
                monkeypatch.setitem(formulas._formulas, name_outlet("Post"), learned)
            return tokens

        monkeypatch.setattr(formulas, "tokenize", change)
        searcher._cache.drop(range(len(records)))
        assert index.query(dedup.Article("new", records[1]["text"], "Other"))
        assert len(searcher._cache)
        assert not searcher._find_cached(range(len(records)))


def test_a_number_of_threads_that_is_none_is_refused(tmp_path):
    with pytest.raises(dedup.ParameterError, match="jobs must be"):
        dedup.Index(tmp_path, jobs=0)


def _collection(n):
    """Articles that share passages, a story of many copies, and dates that do not follow ids."""
    records = synthesize(n, seed=21, plant_rate=0.6)[0]
    moments = random.Random(5).sample(range(10 * n), len(records))
    articles = [
        dedup.Article(f"{at:03}", one["text"], f"outlet {at}",
                      published=None if at % 17 == 0 else START + timedelta(hours=moment))
        for at, (one, moment) in enumerate(zip(records, moments, strict=True))
    ]  # fmt: skip
    articles += [
        dedup.Article(f"copy {at}", f"{records[0]['text']}\n\n{articles[at].text}", f"daily {at}",
                      published=START + timedelta(hours=37 * at))
        for at in range(12)
    ]  # fmt: skip
    undated = datetime.max.replace(tzinfo=UTC)
    return sorted(articles, key=lambda one: (one.published or undated, one.id))


def _by_pair(overlaps):
    return {frozenset((one.a, one.b)): one for one in overlaps}


@pytest.mark.parametrize("settings", [{}, {"candidate.max_bucket": "3"},
                                      {"candidate.max_entries": "40"}])  # fmt: skip
@pytest.mark.parametrize("block", [1, 30])
def test_in_the_order_of_dates_an_index_agrees_with_a_report(tmp_path, settings, block):
    """On every pair: each article sees what came before it, and how rare it was by then."""
    articles = _collection(90)
    params = dedup.Params.preset("news").with_values(settings)
    with dedup.Index(tmp_path, params) as index:
        found = []
        for low in range(0, len(articles), block):
            some = articles[low : low + block]
            matches = index.add_many(some) if block > 1 else [index.add(some[0])]
            found += [match.overlap for own in matches for match in own]
    report = _by_pair(dedup.find_overlaps(articles, params).overlaps)
    indexed = _by_pair(found)
    assert len(report) > 60
    is_short = "candidate.max_entries" in settings
    assert any(one.capped for one in report.values()) != is_short
    assert report.keys() == indexed.keys()
    for pair, one in report.items():
        other = indexed[pair]
        assert one.capped == other.capped
        assert len(one.passages) == len(other.passages)
        assert one.similarity == other.similarity


def test_a_window_of_days_filters_what_an_index_finds(tmp_path):
    articles = _collection(60)
    # Without a limit of sources, so that the matches of a window are some of all.
    everyone = dedup.Params().with_values({"candidate.max_pairs_per_family": "1000000"})
    params = everyone.with_values({"candidate.days": "4"})

    def is_near(one, other):
        return not (one and other) or abs(one - other) <= timedelta(days=4)

    opened = dedup.Index(tmp_path / "all", everyone), dedup.Index(tmp_path / "near", params)
    with opened[0] as whole, opened[1] as near:
        list(whole.add_many(articles))
        for own in (near.add_many(articles[:30]), map(near.add, articles[30:])):
            list(own)
        n_far = 0
        for query in articles[::5]:
            everything = {match.id: match.published for match in whole.query(query)}
            expected = {
                id for id, published in everything.items() if is_near(query.published, published)
            }  # fmt: skip
            n_far += len(everything) - len(expected)
            found = {match.id: match.published for match in near.query(query)}
            # What is rare in the window may be common elsewhere: more may be found.
            assert expected <= found.keys()
            assert all(is_near(query.published, published) for published in found.values())
        assert n_far > 5


def test_an_undated_article_of_a_block_widens_no_window(tmp_path):
    """What is near is read although more far articles have the text than are read."""
    text = "The old lighthouse on the harbor will be sold at auction in May, the council said."
    few = {"candidate.days": "4", "candidate.max_bucket": "4", "boilerplate.min_articles": "0"}
    far, near = datetime(2020, 1, 1, tzinfo=UTC), datetime(2023, 1, 1, tzinfo=UTC)
    dates = [far] * 12 + [near] + [far] * 12
    stored = [dedup.Article(str(at), text, None, date) for at, date in enumerate(dates)]
    block = [dedup.Article("dated", text, None, near), dedup.Article("undated", "Some other news.")]
    for name, own in (("a", block), ("b", block[::-1]), ("c", block[:1])):
        with dedup.Index(tmp_path / name, dedup.Params().with_values(few)) as index:
            index.load(stored)
            found = {one.id: [match.id for match in one] for one in index.add_many(own)}
        assert found["dated"] == ["12"]


def _stored_twice(path):
    text = "The old lighthouse on the harbor will be sold at auction in May, the council said."
    index = dedup.Index(path)
    index.load([dedup.Article("a", text), dedup.Article("b", text)])
    return index, dedup.Article("c", text)


def test_two_threads_align_at_once(tmp_path, monkeypatch):
    index, query = _stored_twice(tmp_path / "index")
    both, align = Barrier(2, timeout=60), index._searcher.align

    def meet(*given):
        both.wait()  # breaks if one query waits for the other
        return align(*given)

    monkeypatch.setattr(index._searcher, "align", meet)
    with index, ThreadPoolExecutor(2) as pool:
        found = list(pool.map(index.query, [query, query]))
    assert [[match.id for match in one] for one in found] == [["a", "b"]] * 2


def test_a_query_is_asked_again_if_an_article_is_removed_meanwhile(tmp_path, monkeypatch):
    index, query = _stored_twice(tmp_path / "index")
    align = index._searcher.align

    def remove(*given):
        monkeypatch.undo()
        index.remove("a")
        return align(*given)

    with index:
        monkeypatch.setattr(index._searcher, "align", remove)
        assert [match.id for match in index.query(query)] == ["b"]
        assert "a" not in index


def test_what_is_in_memory_is_marked_as_what_is_read(tmp_path):
    """Furniture of a stored article is marked once, while its tokens are in memory."""
    menu = "Sign up for our newsletter to get the latest news every morning.\n"
    records = synthesize(12, seed=3, plant_rate=0.6)[0]
    articles = [dedup.Article(f"{at}", menu + one["text"] + "\n" + menu, f"outlet {at}")
                for at, one in enumerate(records)]  # fmt: skip
    with dedup.Index(tmp_path) as index:
        index.load(articles)
        looked_up = [dedup.Article(f"copy {one.id}", one.text) for one in articles]
        first, again = (list(map(index.query, looked_up)) for _ in range(2))
        index._searcher._cache.drop(range(len(articles)))
        assert first == again == list(map(index.query, looked_up))
    passages = [one for found in first for match in found for one in match.overlap.passages]
    assert any(one.role == "furniture" for one in passages)
