"""The index as its users see it: what it finds, keeps, forgets, and refuses."""

import fcntl
import gc
import logging
import os
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from math import inf
from pathlib import Path
from random import Random

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import dedup
from corpus.synthesize import synthesize
from dedup.errors import CorruptFile, DedupError, LockedIndex, ParameterError, StoreError
from dedup.index import FILE, formulas, live, reader, segments
from dedup.index import writer as adding
from dedup.index.schema import PAGE
from dedup.index.store import Store
from tests.index.samples.make import DRAFT, FERRY, LATER, MARKET, SHARED
from tests.strategies import law, sentence

DAY = datetime(2026, 3, 1, tzinfo=UTC)
SAMPLES = Path(__file__).parent / "samples"
SHARING = settings(law(30), suppress_health_check=list(HealthCheck))
FIELDS = ("id", "text", "outlet", "published", "url", "title")


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Have segments of a few articles, and merges of a few segments."""
    monkeypatch.setattr(live, "FRESH", 8)
    monkeypatch.setattr(live, "FANOUT", 3)
    monkeypatch.setattr(segments, "_STEP", 1 << 12)


@pytest.fixture(scope="module")
def generated():
    """Articles with planted passages, of some outlets."""
    return [
        dedup.Article(**{name: record[name] for name in FIELDS})
        for record in synthesize(90, seed=8, plant_rate=0.6)[0]
    ]


@pytest.fixture
def index(tmp_path):
    """Return an empty index, open for writing."""
    with dedup.Index(tmp_path / "index") as index:
        yield index


def _shared(overlaps):
    """Return what overlaps say of each pair, whichever is called a."""
    found = {}
    for overlap in overlaps:
        is_swapped = overlap.b < overlap.a
        passages = sorted(
            ((one.b, one.a) if is_swapped else (one.a, one.b)) + (one.identity, one.score)
            for one in overlap.passages
        )
        coverages = (overlap.coverage_a, overlap.coverage_b)[:: -1 if is_swapped else 1]
        ids = tuple(sorted((overlap.a, overlap.b)))
        found[ids] = passages, coverages, overlap.jaccard
    return found


def _overlaps(found):
    return [match.overlap for matches in found for match in matches]


# What is found


@pytest.mark.parametrize("seed", [0, 1])
def test_the_index_finds_what_find_overlaps_does(index, generated, seed):
    """In blocks and one by one, in any order, over segments that merge meanwhile."""
    articles = Random(seed).sample(generated, len(generated))
    expected = _shared(dedup.find_overlaps(articles).overlaps)
    assert len(expected) > 20
    list(index.add_many(articles[:50]))
    for article in articles[50:]:
        index.add(article)
    assert index.stats().n_segments > 1
    index.compact()
    assert index.stats().n_segments == 1
    found = [index.query(article) for article in articles]
    assert _shared(_overlaps(found)) == expected
    assert index.verify() == []


POOL = [
    "The council voted nine to four on Monday to close the Elm Street library branch.",
    "Storms flooded the harbor railway and the museum quarter, and a convoy was stuck overnight.",
    "“We will not accept a tariff on the pipeline,” the embassy in Ukraine said quickly.",
    "Drought has cut the harvest by a third, and the theater auction was put off to help.",
]
SMALL = st.lists(
    st.lists(st.sampled_from(POOL) | sentence(), max_size=5).map(" ".join), min_size=1, max_size=6
)


@SHARING
@given(texts=SMALL, random=st.randoms(use_true_random=False), n_block=st.integers(1, 6))
def test_each_pair_is_found_once_whatever_the_order(tmp_path_factory, texts, random, n_block):
    articles = [dedup.Article(str(n), text, "post") for n, text in enumerate(texts)]
    random.shuffle(articles)
    expected = _shared(dedup.find_overlaps(articles).overlaps)
    with dedup.Index(tmp_path_factory.mktemp("index")) as index:
        found = list(index.add_many(articles[:n_block]))
        for article in articles[n_block:]:
            found += index.add_many([article])
        assert [(one.id, one.status) for one in found] == [(one.id, "new") for one in articles]
        overlaps = _overlaps(found)
        assert len(overlaps) == len(expected)
        assert _shared(overlaps) == expected
        index.compact()
        assert _shared(_overlaps(index.query(article) for article in articles)) == expected


def test_in_the_order_of_ids_even_what_is_left_aside_is_the_same(index):
    """A text that many carry is compared with few of them, the same over several segments."""
    articles = [
        dedup.Article(f"{n:03}", f"{POOL[n % 2]} {POOL[2]} {POOL[3] if n % 3 else ''}")
        for n in range(120)
    ]
    expected = dedup.find_overlaps(articles).overlaps
    assert sum(overlap.capped for overlap in expected) > 50
    found = _overlaps(index.add_many(articles[:30]))
    index.compact()
    for article in articles[30:]:
        found += _overlaps([index.add(article)])
    assert _shared(found) == _shared(expected)
    assert {(one.b, one.a): one.capped for one in found} == {
        (one.a, one.b): one.capped for one in expected
    }


def test_what_is_learned_is_the_same_in_any_order(index, generated):
    """Of many articles that have a text only some are looked at: those that a report looks at."""
    notice = "Read more about this and other subjects in the section on our site every day."
    story = generated[0].text
    texts = [generated[n // 10].text if n % 10 == 3 else f"{story} {n}" for n in range(110)]
    articles = [
        dedup.Article(f"{n:03}", f"{text}\n\n{notice}", "post", DAY) for n, text in enumerate(texts)
    ]
    (expected,) = dedup.find_overlaps(articles).boilerplate
    assert (expected.text, expected.n_articles) == (notice.rstrip("."), 110)
    learned = []
    for seed in range(4):
        with dedup.Index(index.path / str(seed)) as other:
            list(other.add_many(Random(seed).sample(articles, len(articles))))
            other.compact()
            learned.append(
                [column.tolist() for column in other._access.formulas._formulas[b"=post"]]
            )
    assert [len(units) for *_, units in learned] == [1, 1, 1, 1]
    assert all(one == learned[0] for one in learned)


def test_a_match_says_what_was_stored(index):
    index.add(FERRY)
    (match,) = index.query(LATER)
    for name in ("id", "outlet", "published", "url", "title"):
        assert getattr(match, name) == getattr(FERRY, name)
    assert (match.overlap.a, match.overlap.b) == ("later", "ferry")
    (passage,) = match.overlap.passages
    assert passage.text_a == LATER.text[slice(*passage.a)]
    assert passage.text_b == FERRY.text[slice(*passage.b)]
    assert SHARED[:-1] in passage.text_a
    said = match.to_dict()
    assert (said["type"], said["published"]) == ("match", "2026-03-01T08:00:00-05:00")
    assert len(index) == 1


def test_matches_are_a_sequence_those_first_that_cover_most(index):
    text = f"{POOL[0]} {POOL[1]}"
    list(index.add_many([dedup.Article("half", POOL[0]), dedup.Article("all", text)]))
    found = index.query(dedup.Article("new", text))
    assert [match.id for match in found] == ["all", "half"]
    assert (len(found), found[0].id, found[1:][0].id) == (2, "all", "half")
    assert (found.status, found.to_dict()["matches"][1]["id"]) == ("queried", "half")


def test_a_widely_carried_text_is_matched_by_its_next_version(index):
    """Its own old version, which is most like it, stands in nobody's place."""
    copies = [dedup.Article(f"{n:02}", f"{POOL[0]} {POOL[1]}", f"outlet {n}") for n in range(40)]
    list(index.add_many(copies))
    for article in (copies[39], copies[3]):
        found = index.add(dedup.Article(article.id, f"{article.text} {POOL[2]}", article.outlet))
        assert found.status == "revised"
        assert 1 <= len(found) < 40
        assert article.id not in {match.id for match in found}
        assert all(match.overlap.capped for match in found)


def test_what_an_outlet_repeats_is_no_match(index, generated):
    notice = "We use cookies to give you the best experience, and you can say no at any time."
    texts = [article.text for article in generated]
    own = [
        dedup.Article(str(n), f"{texts[n]}\n\n{notice}", "post", DAY + timedelta(days=n))
        for n in range(40)
    ]
    for article in own:
        found = index.add(article)
    assert all("cookies" not in one.text_a for match in found for one in match.overlap.passages)
    with_notice = dedup.Article("x", f"Another text, which nobody has.\n\n{notice}", "post")
    assert index.query(with_notice).matches == ()
    elsewhere = dedup.Article("y", with_notice.text, "times")
    index.compact()
    assert index.query(with_notice).matches == ()
    assert len(index.query(elsewhere)) == 0  # of the old ones it is masked


def test_what_is_gone_makes_no_passage_dearer(tmp_path):
    """The floor grows with the articles that are searched, not with all that ever were."""
    pair = [dedup.Article("a", POOL[0]), dedup.Article("b", f"It was late. {POOL[0]}")]
    with dedup.Index(tmp_path / "index") as index:
        many = (dedup.Article("x", f"Version {n}, of no more words.") for n in range(1500))
        list(index.add_many(many))
        assert len(index) == 1
        index.add(pair[0])
        (match,) = index.query(pair[1])
        assert index._searcher._search.census.n_articles == 3
    assert match.overlap.passages == dedup.compare(pair[1], pair[0]).passages


# What is kept and forgotten


def test_articles_come_back(index, generated):
    list(index.add_many(generated))
    assert list(index) == generated
    assert len(index) == len(generated)
    for article in generated[::9]:
        assert article.id in index
        assert index.get(article.id) == article
    assert "nobody" not in index
    assert 3 not in index
    with pytest.raises(KeyError, match="nobody"):
        index.get("nobody")


@pytest.mark.parametrize("is_reopened", [False, True])
def test_a_new_version_takes_the_place_of_the_old(tmp_path, is_reopened):
    index = dedup.Index(tmp_path)
    versions = [dedup.Article("a", f"{POOL[0]} {POOL[1]}", url="u"), dedup.Article("a", POOL[2])]
    renamed = dedup.Article("a2", f"{POOL[3]} More.", url="u")
    assert index.add(versions[0]).status == "new"
    assert index.add(dedup.Article("b", POOL[0])).status == "new"
    index.compact()
    assert index.add(versions[0]).status == "unchanged"
    found = index.add(dedup.Article("a", f"{versions[0].text} {POOL[2]}", url="u"))
    assert (found.status, [match.id for match in found]) == ("revised", ["b"])
    found = index.add(renamed)
    assert (found.status, found.matches) == ("revised", ())
    if is_reopened:
        index.close()
        index = dedup.Index(tmp_path)
    assert [article.id for article in index] == ["b", "a2"]
    assert "a" not in index
    assert index.query(dedup.Article("c", POOL[1])).matches == ()
    assert index.query(dedup.Article("c", POOL[2])).matches == ()
    assert [match.id for match in index.query(dedup.Article("c", POOL[3]))] == ["a2"]
    assert index.query(dedup.Article("c", POOL[3], url="u")).matches == ()
    assert index.add(dedup.Article("a3", renamed.text, url="u")).status == "unchanged"
    assert ("a2" in index, "a3" in index) == (False, True)
    assert index.verify() == []
    index.close()


def test_what_is_unchanged_is_not_even_tokenized(index, monkeypatch):
    index.add(FERRY)
    monkeypatch.setattr(formulas, "tokenize", None)
    assert index.add(FERRY).status == "unchanged"


def test_two_versions_may_come_in_one_call(index):
    a, b = dedup.Article("a", POOL[0], url="u"), dedup.Article("a", POOL[1], url="u")
    found = list(index.add_many([a, dedup.Article("x", POOL[2]), b, b, a]))
    assert [one.status for one in found] == ["new", "new", "revised", "unchanged", "revised"]
    assert _overlaps(found) == []
    assert [article.id for article in index] == ["x", "a"]
    assert index.get("a") == a


def test_two_that_replace_the_same_one_do_so_one_after_the_other(index, tmp_path):
    old = dedup.Article("a", POOL[0], url="u")
    both = [dedup.Article("a", POOL[1], url="v"), dedup.Article("b", POOL[2], url="u")]
    for order in (both, both[::-1]):
        with dedup.Index(tmp_path / order[0].id) as one, dedup.Index(tmp_path / "x") as many:
            one.add(old)
            many.add(old)
            found = [one.add(article) for article in order]
            assert list(many.add_many(order)) == found
            assert list(one) == list(many)
            assert many.verify() == []
            for article in list(many):
                many.remove(article.id)


def test_what_is_removed_is_gone(index, generated):
    list(index.add_many(generated))
    expected = _shared(dedup.find_overlaps(generated[1::2]).overlaps)
    for article in generated[::2]:
        index.remove(article.id)
        with pytest.raises(KeyError):
            index.remove(article.id)
    for _ in range(2):
        assert list(index) == generated[1::2]
        assert _shared(_overlaps(map(index.query, generated[1::2]))) == expected
        assert index.verify() == []
        assert index.stats().n_articles == len(generated[1::2])
        index.compact()
    assert index.stats().n_removed == 0
    assert index.add(generated[0]).status == "new"


def test_what_is_old_expires(index):
    for n in range(30):
        published = None if n % 10 == 0 else DAY + timedelta(days=n)
        index.add(dedup.Article(str(n), f"{POOL[n % 4]} {n}", published=published))
    for other in ("2023-01-10", DAY.date()):
        with pytest.raises(dedup.ParameterError, match="before must be a datetime"):
            index.expire(other)
    assert index.expire(DAY) == 0
    assert index.expire((DAY + timedelta(days=15)).replace(tzinfo=None)) == 13
    left = [0, 10, *range(15, 30)]
    assert [article.id for article in index] == list(map(str, left))
    assert len(index) == len(left)
    found = index.query(dedup.Article("x", POOL[1]))
    assert {match.id for match in found} == {str(n) for n in left if n % 4 == 1}
    index.compact()
    assert index.expire(DAY + timedelta(days=99)) == 14
    assert index.verify() == []


def test_when_all_are_gone_it_is_empty(index, generated):
    list(index.add_many(generated[:20]))
    for article in generated[:20]:
        index.remove(article.id)
    index.compact()
    assert (len(index), list(index), index.query(generated[0]).matches) == (0, [], ())
    stats = index.stats()
    assert (stats.n_segments, stats.n_fresh, stats.n_removed, stats.n_postings) == (0, 0, 0, 0)
    index.compact()
    assert index.verify() == []
    assert index.add(generated[0]).status == "new"


def test_articles_without_words_are_kept_and_match_nothing(index):
    texts = ["", " ", "\0", "...", "\ud800", "a"]
    articles = [dedup.Article(str(n), text) for n, text in enumerate(texts)]
    found = list(index.add_many(articles)) + [
        index.query(dedup.Article("x", text)) for text in texts
    ]
    assert _overlaps(found) == []
    index.compact()
    assert list(index) == articles
    assert index.verify() == []


def test_what_goes_during_an_iteration_is_left_out(index, monkeypatch):
    monkeypatch.setattr(reader, "_BLOCK", 2)
    list(index.add_many(dedup.Article(str(n), f"{POOL[0]} {n}") for n in range(9)))
    seen = []
    for article in index:
        seen.append(article.id)
        if article.id == "1":
            for name in "2367":
                index.remove(name)
        index.add(dedup.Article(f"x{article.id}", f"{POOL[1]} {article.id}"))
    assert seen == ["0", "1", "4", "5", "8"]


def test_stats_count_what_is_there(index, generated):
    list(index.add_many(generated[:20]))
    index.remove(generated[0].id)
    stats = index.stats()
    assert stats.n_articles == len(index) == 19
    assert stats.n_chars == sum(len(article.text) for article in generated[1:20])
    assert stats.n_fresh + 19 >= 19
    assert stats.n_bytes == sum(file.stat().st_size for file in index.path.iterdir())
    assert stats.recipe == index.params.digest()
    assert stats.to_dict()["type"] == "stats"
    index.compact()
    after = index.stats()
    assert (after.n_segments, after.n_fresh, after.n_removed) == (1, 0, 0)
    assert 0 < after.n_postings < stats.n_postings


# Who may do what at once


def test_a_second_writer_waits_and_is_refused(index):
    index.close()
    # Another open file, as in another process.
    with (index.path / "lock").open("ab") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        for timeout in (0, 0.2):
            with pytest.raises(LockedIndex) as refused:
                dedup.Index(index.path, timeout=timeout)
            said = f"another process writes to it; gave up after {timeout:g} s"
            assert str(refused.value) == f"{index.path}: {said}"
    with dedup.Index(index.path, timeout=0) as again:
        assert len(again) == 0


def test_a_second_writer_of_one_process_would_wait_for_itself(index, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(index.path)
    for path in (index.path, link):
        with pytest.raises(LockedIndex, match="this process has it open for writing"):
            dedup.Index(path, timeout=inf)
    index.close()
    dedup.Index(index.path, timeout=0).close()


def test_a_forgotten_writer_lets_go(tmp_path):
    dedup.Index(tmp_path / "new").add(FERRY)
    gc.collect()
    with dedup.Index(tmp_path / "new", timeout=0) as again:
        assert len(again) == 1


def test_an_index_has_its_own_directory(tmp_path):
    other = tmp_path / "other"
    with pytest.raises(StoreError, match="no such directory"):
        dedup.Index(other, mode="r")
    other.mkdir()
    (other / "notes.txt").write_text("mine")
    for path, reason in ((other, "needs its own directory"), (other / "notes.txt", "is a file")):
        with pytest.raises(StoreError, match=reason):
            dedup.Index(path)
    assert [one.name for one in other.iterdir()] == ["notes.txt"]


def test_a_second_writer_comes_in_when_the_first_is_done(index):
    index.add(FERRY)
    index.close()
    with ThreadPoolExecutor(1) as pool:
        with (index.path / "lock").open("ab") as other:  # as in another process
            fcntl.flock(other, fcntl.LOCK_EX)
            waiting = pool.submit(dedup.Index, index.path, timeout=60)
            time.sleep(0.2)
            assert not waiting.done()
        with waiting.result() as second:
            assert list(second) == [FERRY]
            second.add(LATER)


def test_readers_see_what_is_added(index, generated):
    with dedup.Index(index.path, mode="r") as reader:
        for n, article in enumerate(generated[:40]):
            assert article.id not in reader
            index.add(article)
            assert article.id in reader
            assert len(reader) == n + 1
            if n % 7 == 6:
                index.compact()
            if n % 3 == 0:
                assert reader.query(article) == index.query(article)
        index.remove(generated[3].id)
        assert list(reader) == list(index)
        assert reader.verify() == []
        assert reader.stats() == index.stats()


def test_who_reads_cannot_write(index):
    index.add(FERRY)
    with dedup.Index(index.path, mode="r") as reader, index.snapshot() as snapshot:
        for other in (reader, snapshot):
            for change in (
                lambda other=other: other.add(LATER),
                lambda other=other: list(other.add_many([LATER])),
                lambda other=other: other.remove("ferry"),
                lambda other=other: other.expire(DAY),
                lambda other=other: other.compact(),
            ):
                with pytest.raises(StoreError, match=f"^{index.path}: not open for writing$"):
                    change()
            assert list(other) == [FERRY]


@pytest.mark.parametrize("is_of_reader", [False, True])
def test_a_snapshot_is_what_was_there(index, generated, is_of_reader):
    list(index.add_many(generated[:20]))
    index.add(FERRY)
    with dedup.Index(index.path, mode="r") as reader:
        snapshot = (reader if is_of_reader else index).snapshot()
    expected = [index.query(article) for article in (*generated[:20], LATER)]
    list(index.add_many(generated[20:50]))
    index.add(LATER)
    index.remove("ferry")
    index.expire(datetime(2999, 1, 1, tzinfo=UTC))
    index.compact()
    assert list(index) == [LATER]
    with snapshot.snapshot() as now:
        assert list(now) == [LATER]
    assert list(snapshot) == [*generated[:20], FERRY]
    assert [snapshot.query(article) for article in (*generated[:20], LATER)] == expected
    assert (len(snapshot), "later" in snapshot, snapshot.get("ferry")) == (21, False, FERRY)
    assert snapshot.verify() == []
    snapshot.close()
    index.compact()
    assert [file.suffix for file in index.path.iterdir()].count(".seg") == 1


def test_threads_share_an_index(index, generated):
    """One adds, others ask; whatever the turns, what is found at the end is the same."""
    expected = _shared(dedup.find_overlaps(generated).overlaps)

    def ask(article):
        return index.query(article), article.id in index, len(index)

    with ThreadPoolExecutor(4) as pool:
        asked = pool.map(ask, generated * 2)
        added = list(pool.map(index.add, generated))
        assert max(n for *_, n in asked) <= len(generated)
    assert _shared(_overlaps(added)) == expected
    assert sorted(article.id for article in index) == sorted(one.id for one in generated)
    assert index.verify() == []


# When something is wrong


def test_wrong_modes_and_places_are_refused(tmp_path):
    with pytest.raises(ParameterError, match=r"mode must be 'a' or 'r', not 'w'"):
        dedup.Index(tmp_path / "index", mode="w")
    with pytest.raises(StoreError, match="not an index"):
        dedup.Index(tmp_path / "index", mode="r")
    assert not (tmp_path / "index").exists()


def test_another_recipe_is_refused_with_both(index):
    index.add(FERRY)
    index.close()
    other = dedup.Params(sketch=dedup.SketchParams(k=5))
    for mode in ("a", "r"):
        with pytest.raises(dedup.IncompatibleFile) as refused:
            dedup.Index(index.path, other, mode=mode)
        assert "made with sketch.k = 3, not 5:" in str(refused.value)
    with dedup.Index(index.path, timeout=0) as again:  # the lock was let go
        assert list(again) == [FERRY]


def test_what_is_closed_says_so(index):
    index.close()
    index.close()
    for use in (lambda: len(index), lambda: index.query(FERRY), lambda: index.add(FERRY)):
        with pytest.raises(StoreError, match=f"^{index.path}: closed: open it again"):
            use()


@pytest.mark.parametrize("failure", [sqlite3.OperationalError("database or disk is full"),
                                     OSError(28, "No space left on device"),
                                     KeyboardInterrupt()])  # fmt: skip
def test_an_add_that_fails_stores_nothing(index, monkeypatch, failure):
    index.add(FERRY)

    def fail(*_):
        raise failure

    for name in ("add", "add_fresh"):
        with monkeypatch.context() as patch:
            patch.setattr(Store, name, fail)
            expected = KeyboardInterrupt if isinstance(failure, KeyboardInterrupt) else StoreError
            with pytest.raises(expected):
                index.add(LATER)
    assert list(index) == [FERRY]
    assert [match.id for match in index.add(LATER)] == ["ferry"]
    assert index.verify() == []


def test_an_interrupt_between_disk_and_memory_is_made_good(index, monkeypatch):
    index.add(FERRY)
    with monkeypatch.context() as patch:
        patch.setattr(live.SegmentSet, "take", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            index.add(LATER)
    assert list(index) == [FERRY, LATER]
    assert sorted(match.id for match in index.add(MARKET)) == ["ferry", "later"]
    assert index.verify() == []


def test_upkeep_that_fails_fails_no_add(index, generated, monkeypatch, caplog):
    """A segment cannot be written, later a merge: what was added is there, and all goes on."""

    def fail(_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        with caplog.at_level(logging.WARNING, "dedup"):
            for article in generated[:12]:
                assert index.add(article).status == "new"
        assert "put off: [Errno 28] No space left on device" in caplog.text
        with pytest.raises(StoreError, match=f"^{index.path}: No space left on device$"):
            index.compact()
        assert index.stats().n_segments == 0
        assert list(index.path.glob("*.seg")) == []
        assert list(index) == generated[:12]
    n_failed = 0
    for article in generated[12:60]:
        index.add(article)
        if index._live._merge:
            with monkeypatch.context() as patch:
                patch.setattr(os, "fsync", fail)
                caplog.clear()
                assert index.add(dedup.Article("x", f"Something new of {article.id}.")).id == "x"
                n_failed += "put off" in caplog.text
    assert n_failed > 0
    assert index.verify() == []
    index.remove("x")
    assert list(index) == generated[:60]
    expected = _shared(dedup.find_overlaps(generated[:60]).overlaps)
    index.compact()
    assert _shared(_overlaps(map(index.query, generated[:60]))) == expected


def test_merges_end_in_processes_that_are_short(tmp_path, generated):
    """Each opens the index for a few articles only."""
    for low in range(0, 90, 3):
        with dedup.Index(tmp_path / "index") as index:
            for article in generated[low : low + 3]:
                index.add(article)
    with dedup.Index(tmp_path / "index", mode="r") as index:
        assert len(index) == 90
        assert 1 <= index.stats().n_segments <= 6
        assert index.verify() == []


def test_what_cannot_be_loaded_is_no_less_damaged_the_next_time(index, generated):
    for article in generated[:40]:
        index.add(article)
    index.compact()
    with dedup.Index(index.path, mode="r") as reader:
        index._store._database.execute("UPDATE outlets SET digest = x'00'")
        for _ in range(2):
            with pytest.raises(CorruptFile, match="outlet"):
                reader.query(generated[50])


def test_an_outlet_that_cannot_be_learned_holds_nothing_up(index, generated, monkeypatch, caplog):
    """It is tried again when there is twice as much, and what is in memory stays."""
    loads = []
    assert not index.query(FERRY)
    with monkeypatch.context() as patch:
        patch.setattr(adding, "_MIN_LEARNED", 4)
        patch.setattr(formulas, "_N_OWED", 1)
        patch.setattr(live.SegmentSet, "_load", lambda *_: loads.append(1))
        patch.setattr(
            formulas, "learn_formulas", lambda *_: (_ for _ in ()).throw(CorruptFile("a", "b"))
        )
        with caplog.at_level(logging.WARNING, "dedup"):
            for n in range(7):
                index.add(dedup.Article(f"{n}", generated[n].text, "post"))
    assert caplog.text.count("put off") == 1
    assert loads == []


def test_articles_without_a_url_come_in_one_block(index):
    """An empty URL is none: it is no other version of one another."""
    articles = [dedup.Article(f"{n}", f"{POOL[n]} {n}", url="") for n in range(4)]
    version = index._store.n_numbers()
    assert [one.status for one in index.add_many(articles)] == ["new"] * 4
    assert index._store.n_numbers() == version + 4


def test_files_of_one_that_died_are_swept(index):
    index.add(FERRY)
    index.compact()
    (index.path / "0123456789abcdef.seg").write_bytes(b"half of a segment")
    with dedup.Index(index.path, mode="r") as reader:
        assert len(reader) == 1
    assert (index.path / "0123456789abcdef.seg").exists()
    index.close()
    with dedup.Index(index.path) as again:
        again.query(DRAFT)
        assert not (index.path / "0123456789abcdef.seg").exists()
        assert list(again) == [FERRY]


def test_a_merge_that_ends_while_a_reader_opens_is_read_anew(index, monkeypatch):
    index.add(FERRY)
    index.compact()
    index.add(LATER)
    listed = Store.segments

    def list_and_merge(store):
        found = listed(store)
        if store is not index._store and index.stats().n_fresh:
            index.compact()
        return found

    monkeypatch.setattr(Store, "segments", list_and_merge)
    with dedup.Index(index.path, mode="r") as reader:
        assert list(reader) == [FERRY, LATER]
        assert reader.stats().n_segments == 1
        assert len(reader.query(MARKET)) == 2


@pytest.mark.parametrize("mode", ["a", "r"])
def test_a_file_that_is_missing_is_named(index, mode):
    index.add(FERRY)
    index.compact()
    index.close()
    (file,) = index.path.glob("*.seg")
    file.unlink()
    with (
        dedup.Index(index.path, mode=mode) as again,
        pytest.raises(CorruptFile, match=f"^{file}: no such file, though the index lists it$"),
    ):
        again.query(DRAFT)


def test_a_flipped_byte_of_a_segment_is_named(index, generated):
    list(index.add_many(generated[:30]))
    index.compact()
    (file,) = index.path.glob("*.seg")
    whole = file.read_bytes()
    expected = [index.query(article) for article in generated[:30]]
    random, n_refused = Random(3), 0
    for _ in range(12):
        at = random.choice(
            [random.randrange(len(whole) // 2), len(whole) - random.randrange(1 << 18)]
        )
        at = min(at, len(whole) // 4104 * 4096 - 1)
        with file.open("r+b") as stream:
            stream.seek(at)
            stream.write(bytes([whole[at] ^ 0x10]))
        reader, refused = _try(lambda: dedup.Index(index.path, mode="r"))
        if reader is None:
            assert str(refused).startswith(f"{file}: damaged between byte ")
        else:
            low = at // 4096 * 4096
            (error,) = reader.verify()
            assert str(error) == f"{file}: damaged between byte {low} and byte {low + 4096}"
            for article, intact in zip(generated[:30], expected, strict=True):
                found, refused = _try(partial(reader.query, article))
                assert found == intact or str(refused) == str(error)
                n_refused += found is None
            reader.close()
        with file.open("r+b") as stream:
            stream.seek(at)
            stream.write(whole[at : at + 1])
    assert n_refused > 0


def _try(function):
    try:
        return function(), None
    except DedupError as error:
        return None, error


def test_whatever_is_damaged_errors_are_of_our_tree(index, generated):
    list(index.add_many(generated[:20]))
    index.close()
    path = index.path / FILE
    assert not (index.path / f"{FILE}-wal").exists()
    whole, random, n_refused = path.read_bytes(), Random(4), 0
    for k in range(60):
        damaged = bytearray(whole)
        at = k * PAGE % len(whole) if k % 2 else random.randrange(len(whole))
        damaged[at] ^= 1 << random.randrange(8)
        path.write_bytes(damaged)
        for mode in ("r", "a"):
            try:
                with dedup.Index(index.path, mode=mode) as one:
                    n_refused += len(one.verify()) > 0
                    assert len([one.query(article) for article in generated[:3]]) == 3
                    assert {article.id for article in one}
            except DedupError:
                n_refused += 1
        for file in index.path.glob(f"{FILE}-*"):
            file.unlink()
    assert n_refused > 30


# What earlier versions wrote


@pytest.fixture(params=sorted(path.name for path in SAMPLES.glob("v*")))
def sample(request, tmp_path):
    """Return the path of an index as a version of the format wrote it."""
    for packed in (SAMPLES / request.param).iterdir():
        if packed.suffix == ".zst":
            content = zstandard.ZstdDecompressor().decompress(packed.read_bytes())
            (tmp_path / packed.stem).write_bytes(content)
    return tmp_path


@pytest.mark.parametrize("mode", ["r", "a"])
def test_samples_of_every_version_open_and_answer(sample, mode):
    with dedup.Index(sample, mode=mode) as index:
        assert index.verify() == []
        assert list(index) == [FERRY, MARKET, LATER]
        stats = index.stats()
        assert (stats.n_segments, stats.n_fresh, stats.n_removed) == (1, 2, 1)
        found = index.query(dedup.Article("x", SHARED))
        assert [match.id for match in found] == ["market", "later", "ferry"]
        for match in found:
            assert {SHARED.rstrip(".")} == {
                one.text_b.rstrip(".") for one in match.overlap.passages
            }
        assert index.query(dedup.Article("x", DRAFT.text)).matches == ()


def test_samples_go_on(sample):
    with dedup.Index(sample) as index:
        assert index.add(FERRY).status == "unchanged"
        assert len(index.add(dedup.Article("x", SHARED))) == 3
        index.compact()
        assert [match.id for match in index.query(MARKET)] == ["x", "later", "ferry"]
        assert index.verify() == []
