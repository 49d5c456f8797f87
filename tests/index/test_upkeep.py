"""How an index is tended: nothing that is gone counts, takes room for long, or is too much."""

import sqlite3
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import dedup
from dedup.candidates.columns import Readers
from dedup.errors import CorruptFile, StoreError
from dedup.index import live, segments
from dedup.index import writer as adding
from dedup.index.segments import KINDS, Articles, SegmentInput, write_segment
from dedup.index.store import Store
from dedup.params import CandidateParams
from tests.strategies import law

DAY = datetime(2026, 3, 1, tzinfo=UTC)
SENTENCES = [
    "The council voted nine to four on Monday to close the Elm Street library branch.",
    "Storms flooded the harbor railway and the museum quarter, and a convoy was stuck overnight.",
    "“We will not accept a tariff on the pipeline,” the embassy in Ukraine said quickly.",
    "Drought has cut the harvest by a third, and the theater auction was put off to help.",
]
SHARING = settings(law(40), suppress_health_check=list(HealthCheck))


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Have segments of a few articles, and merges of a few segments."""
    monkeypatch.setattr(live, "FRESH", 4)
    monkeypatch.setattr(live, "FANOUT", 2)
    monkeypatch.setattr(segments, "_STEP", 1 << 12)


def _article(n, text=None, day=0):
    return dedup.Article(str(n), text or f"{SENTENCES[n % 4]} {n}", published=DAY + timedelta(day))


def _files(index):
    return sorted(file.name for file in index.path.glob("*.seg"))


STEPS = st.lists(
    st.tuples(st.just("add"), st.integers(0, 9), st.integers(0, 15))
    | st.tuples(st.just("remove"), st.integers(0, 9))
    | st.tuples(st.just("expire"), st.integers(0, 9))
    | st.just(("flush",)),
    max_size=30,
)


def _text(bits):
    return " ".join(sentence for k, sentence in enumerate(SENTENCES) if bits >> k & 1)


def _take(index, step):
    kind, *rest = step
    if kind == "add":
        n, bits = rest
        index.add(_article(n, _text(bits) or "Nothing.", n))
    elif kind == "remove" and str(rest[0]) in index:
        index.remove(str(rest[0]))
    elif kind == "expire":
        index.expire(DAY + timedelta(days=rest[0]))
    elif kind == "flush":
        with index._access.writing():
            index._live.flush()


def _answers(index, asked):
    """Return what is found, and how rare the keys are that it is found by."""
    found = [index.query(article) for article in asked]
    with index._access.reading():
        own = index._searcher.prepare(index._searcher.find_keys(asked)).sources
        first = index._live.n_numbers
        lookups = index._live.look_up(own, index._live.live_docs)
        for kind, postings in zip(KINDS, lookups, strict=True):
            keys = np.unique(own[kind].keys)
            readers = Readers(0, first, first + len(asked))
            buckets = postings.narrow(keys, readers, 4).look_up(keys)
            n_here = buckets.ranges[:, 1] - buckets.ranges[:, 0]
            found.append((n_here + buckets.n_absent).tolist())
    return found


@SHARING
@given(steps=STEPS, max_bucket=st.integers(2, 6))
def test_an_index_that_is_opened_again_answers_as_before(tmp_path_factory, steps, max_bucket):
    """And as one in which what is gone never was, whatever it was merged with."""
    asked = [dedup.Article("x", _text(bits)) for bits in range(16)]
    params = dedup.Params(candidate=CandidateParams(max_bucket=max_bucket))
    with dedup.Index(tmp_path_factory.mktemp("index"), params) as index:
        for step in steps:
            _take(index, step)
        expected = _answers(index, asked)
        with dedup.Index(index.path, params, mode="r") as reader:
            assert _answers(reader, asked) == expected
        assert index.verify() == []
        with dedup.Index(tmp_path_factory.mktemp("other"), params) as other:
            list(other.add_many(index))
            assert _answers(other, asked) == expected
        index.close()
        with dedup.Index(index.path, params) as again:
            assert _answers(again, asked) == expected
            again.compact()
            assert _answers(again, asked) == expected


@SHARING
@given(parts=st.lists(STEPS, max_size=4))
def test_a_reader_answers_as_one_that_opens_now(tmp_path_factory, parts):
    asked = [dedup.Article("x", _text(bits)) for bits in range(16)]
    with (
        dedup.Index(tmp_path_factory.mktemp("index")) as index,
        dedup.Index(index.path, mode="r") as reader,
    ):
        for steps in parts:
            for step in steps:
                _take(index, step)
            with dedup.Index(index.path, mode="r") as other:
                assert _answers(reader, asked) == _answers(other, asked)


def test_a_reader_reads_only_what_is_new(tmp_path, monkeypatch):
    n_read = []
    fresh = Store.fresh

    def count(self, first=0):
        found = fresh(self, first)
        n_read.append(len(found.numbers))
        return found

    monkeypatch.setattr(live, "FRESH", 100)
    with dedup.Index(tmp_path) as index, dedup.Index(tmp_path, mode="r") as reader:
        monkeypatch.setattr(Store, "fresh", count)
        for n in range(9):
            index.add(_article(n))
            assert len(reader.query(_article(9, SENTENCES[0]))) == n // 4 + 1
    assert n_read == [0] + [1] * 9


def test_segments_of_which_nothing_is_left_go_at_once(tmp_path):
    """As days go by, what is on the disk is of the latest only."""
    most = 0
    with dedup.Index(tmp_path) as index:
        for day in range(60):
            for n in range(4):
                index.add(_article(4 * day + n, day=day))
            index.expire(DAY + timedelta(days=day - 6))
            most = max(most, index.stats().n_removed)
            assert len(_files(index)) <= index.stats().n_segments + 1  # a merge writes another
        assert len(index) == 4 * 7
        assert most < 40
        assert index.verify() == []
        index._live.flush()
        index.expire(datetime(2999, 1, 1, tzinfo=UTC))
        stats = index.stats()
        assert (stats.n_segments, stats.n_removed, stats.n_postings) == (0, 0, 0)
        assert _files(index) == []


def test_segments_whose_articles_were_all_replaced_go_too(tmp_path):
    with dedup.Index(tmp_path) as index:
        for version in range(8):
            list(index.add_many(_article(n, f"{SENTENCES[n]} {version}") for n in range(4)))
            index.add(_article(5, f"Version {version}."))
        assert index.stats().n_removed <= 8
        assert index.verify() == []


# Too much for one


@pytest.mark.parametrize("is_one_by_one", [False, True])
def test_what_is_too_much_for_one_segment_is_merged_in_parts(tmp_path, monkeypatch, is_one_by_one):
    monkeypatch.setattr(live, "MAX_ARTICLES", 16)
    articles = [_article(n) for n in range(50)]
    with dedup.Index(tmp_path) as index:
        for article in articles:
            index.add(article)
        sizes = [len(segment.articles.numbers) for segment in index._live.segments]
        assert len(sizes) < 9  # of 12 that were written
        expected = [index.query(article) for article in articles]
        for n in range(0, 50, 9):
            index.remove(str(n))
        index.compact()
        stats = index.stats()
        assert (stats.n_segments, stats.n_removed) == (4, 0)
        for segment in index._live.segments:
            assert segment.articles.numbers[-1] - segment.first < 16
        assert index.verify() == []
        left = {article.id for article in index}
        for article, before in zip(articles, expected, strict=True):
            found = {match.id for match in index.query(article)}
            assert found == {match.id for match in before} & left


def test_fresh_articles_that_are_too_far_apart_are_segments_of_their_own(tmp_path, monkeypatch):
    monkeypatch.setattr(live, "MAX_ARTICLES", 16)
    monkeypatch.setattr(live, "FRESH", 1000)
    with dedup.Index(tmp_path) as index:
        for n in (0, *[7] * 40, 8):
            index.add(_article(n, f"{SENTENCES[n % 4]} {len(index)} {index._store.n_numbers()}"))
        index.compact()
        assert index.stats().n_segments == 2
        assert index.verify() == []
        assert {match.id for match in index.query(dedup.Article("x", SENTENCES[0]))} == {"0", "8"}


def test_postings_that_no_directory_can_count_are_refused_or_left_apart(tmp_path, monkeypatch):
    monkeypatch.setattr(segments, "MAX_POSTINGS", 100)
    own = SegmentInput(
        np.arange(101, dtype=np.uint64), np.zeros(101, np.uint32), np.zeros(101, np.uint32)
    )
    articles = Articles(np.array([0]), np.array([1]))
    with pytest.raises(StoreError, match="101 postings, where a segment has 100 at most"):
        write_segment(tmp_path / "x.seg", "recipe", articles, dict.fromkeys(KINDS, own))
    assert list(tmp_path.iterdir()) == []
    monkeypatch.undo()
    monkeypatch.setattr(live, "FRESH", 4)
    with dedup.Index(tmp_path) as index:
        list(index.add_many(_article(n) for n in range(8)))
        index._live.flush()
        n = index._live.segments[0].count("bands")
        list(index.add_many(_article(n) for n in range(8, 16)))
        monkeypatch.setattr(live, "MAX_POSTINGS", n)
        index.compact()
        assert index.stats().n_segments == 2
        assert index.verify() == []


def test_compacting_learns_from_the_latest_of_an_outlet_only(tmp_path, monkeypatch):
    monkeypatch.setattr(adding, "_MOST_LEARNED", 5)
    loaded = []
    with dedup.Index(tmp_path) as index:
        list(index.add_many(_article(n) for n in range(12)))
        load = index._store.load
        monkeypatch.setattr(index._store, "load", lambda some: loaded.append(some) or load(some))
        index.compact()
    assert [sorted(some) for some in loaded if len(some) > 1] == [[7, 8, 9, 10, 11]]


# What verify compares


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE segments SET first = first + 1", "differs from its database entry"),
        ("UPDATE segments SET n_articles = n_articles + 64", "differs from its database entry"),
        ("UPDATE removed SET number = 4", "is marked as removed but not in a segment"),
        ("UPDATE removed SET number = 4", "has postings and is not stored"),
        ("UPDATE removed SET number = number + 64", "is removed, and was never assigned"),
        ("DELETE FROM removed", "has postings and is not stored"),
        ("UPDATE fresh SET n_tokens = n_tokens + 1", "are damaged"),
        ("UPDATE fresh SET number = number + 64", "are damaged"),
        ("UPDATE documents SET number = number + 64", "is stored without postings"),
        ("UPDATE meta SET value = 2 WHERE name = 'n_numbers'", "was never assigned"),
        ("UPDATE documents SET outlet = X'3d'", "differs from its body"),
    ],
)
def test_rows_that_say_something_else_are_told(tmp_path, change, said):
    with dedup.Index(tmp_path) as index:
        list(index.add_many(_article(n) for n in range(4)))
        index._live.flush()
        index.add(_article(9))
        index.remove("1")
        assert index.verify() == []
    connection = sqlite3.connect(tmp_path / "index.sqlite")
    with connection:
        connection.execute(change)
    connection.close()
    try:
        with dedup.Index(tmp_path, mode="r") as index:
            faults = list(map(str, index.verify()))
    except CorruptFile as error:
        faults = [str(error)]
    assert any(said in fault for fault in faults), faults


def test_a_merge_that_is_interrupted_is_taken_back(tmp_path, monkeypatch, caplog):
    def interrupt(*_):
        raise KeyboardInterrupt

    with dedup.Index(tmp_path) as index:
        for n in range(9):
            index.add(_article(n))
        with monkeypatch.context() as patch:
            patch.setattr(segments.Segment, "unpack", interrupt)
            with pytest.raises(KeyboardInterrupt):
                index.compact()
        assert index.verify() == []
        listed = {one.name for one in index._store.segments()}
        assert set(_files(index)) == listed
    assert not caplog.records
    with dedup.Index(tmp_path) as index:
        assert len(index) == 9


def test_what_is_intact_can_be_saved_from_an_index_that_is_not(tmp_path, monkeypatch):
    """All articles, though nothing can be looked up; and every fault is told."""
    monkeypatch.setattr(live, "FANOUT", 9)
    with dedup.Index(tmp_path) as index:
        for n in range(9):
            index.add(_article(n))
    first, *others = [file.name for file in tmp_path.glob("*.seg")]
    (tmp_path / first).write_bytes(b"nothing" * 99)
    (tmp_path / others[0]).unlink()
    with sqlite3.connect(tmp_path / "index.sqlite") as database:
        database.execute("UPDATE fresh SET n_tokens = n_tokens + 1")
    database.close()
    with dedup.Index(tmp_path, mode="r") as index:
        assert [article.id for article in index] == [str(n) for n in range(9)]
        assert index.get("3").text == _article(3).text
        with pytest.raises(StoreError):
            index.query(_article(10))
        faults = [str(fault) for fault in index.verify()]
    for name in (first, others[0], "index.sqlite"):
        assert sum(name in fault for fault in faults) == 1


def test_what_was_learned_of_an_outlet_goes_with_its_articles(tmp_path):
    with dedup.Index(tmp_path) as index:
        for n in range(40):
            index.add(dedup.Article(str(n), f"{SENTENCES[n % 4]} {n}", "post"))
        index.compact()
        assert b"=post" in index._store.learned()
        for n in range(40):
            index.remove(str(n))
        index.compact()
        assert not index._store.learned()
        assert not index._access.formulas._formulas
