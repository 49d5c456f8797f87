"""Formulas that are learned some articles at a time, while others are added."""

from copy import copy
from functools import partial
from threading import Event

import pytest

import dedup
from dedup.index import formulas
from dedup.index import writer as adding
from dedup.index.rows import Stored, name_outlet

NOTICE = "Read more about this and other subjects in the section on our site every day."
OUTLET = name_outlet("post")


def _article(n: int) -> dedup.Article:
    words = " ".join(f"w{n}x{k}" for k in range(30))
    return dedup.Article(f"{n:03}", f"{words}.\n\n{NOTICE}", "post")


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Learn from the first 24 articles, three with each later one."""
    monkeypatch.setattr(adding, "_MIN_LEARNED", 24)
    monkeypatch.setattr(adding, "_READ", 2)


@pytest.fixture
def index(tmp_path):
    """Return an index with articles that are enough to learn from."""
    with dedup.Index(tmp_path / "index") as index:
        for n in range(24):
            index.add(_article(n))
        yield index


def _columns(index):
    return [column.tolist() for column in index._access.formulas._formulas[OUTLET]]


def test_no_addition_reads_more_than_a_few(index, monkeypatch):
    read = []
    step = formulas.OutletFormulas.step
    monkeypatch.setattr(
        formulas.OutletFormulas, "step", lambda *given: read.append(step(*given)) or read[-1]
    )
    n_additions = 0
    while OUTLET not in index._store.learned():
        before = len(read)
        index.add(dedup.Article(f"x{n_additions}", f"{n_additions}: a word.", "other"))
        assert sum(read[before:]) <= 3
        n_additions += 1
    assert n_additions > 5
    assert sum(read) > 12
    assert len(_columns(index)[2]) == 1


def test_an_addition_does_not_wait_for_the_thread_that_learns(index, monkeypatch):
    learn, is_free = formulas.learn_formulas, Event()
    monkeypatch.setattr(
        formulas, "learn_formulas", lambda *given: is_free.wait(60) and learn(*given)
    )
    while index._access.formulas._learning.find is None:
        index.add(dedup.Article(f"x{len(index)}", f"{len(index)}: a word.", "other"))
    index.add(dedup.Article("y", "Another word.", "other"))
    assert "y" in index
    assert OUTLET not in index._store.learned()
    is_free.set()
    index.close()
    with dedup.Index(index.path) as again:
        assert OUTLET in again._store.learned()


@pytest.mark.parametrize("jobs", [1, 2, None])
def test_what_is_learned_takes_effect_at_one_article(tmp_path, monkeypatch, jobs):
    if jobs is None:  # done before the next article
        monkeypatch.setattr(adding.IndexWriter, "_start", lambda _, find: partial(copy, find()))
    with dedup.Index(tmp_path / "other", jobs=jobs) as index:
        for n in range(24):
            index.add(_article(n))
        n_additions = 0
        while OUTLET not in index._store.learned():
            index.add(dedup.Article(f"x{n_additions}", f"{n_additions}: a word.", "other"))
            n_additions += 1
    # Three articles a call: 24 to read, what learning counts for, and its start and end.
    assert n_additions == 19


def test_what_is_learned_in_steps_is_what_is_learned_at_once(index):
    while index._access.formulas.is_learning:
        index.add(dedup.Article(f"x{len(index)}", f"{len(index)}: nothing in common.", "other"))
    in_steps = _columns(index)
    index._access.formulas.learn(OUTLET, 256)
    assert _columns(index) == in_steps


def test_closing_ends_what_has_begun(index):
    assert index._access.formulas.is_learning
    index.close()
    with dedup.Index(index.path) as again:
        assert len(again._store.load_learned(OUTLET)[1].units) == 1


def test_a_failure_on_closing_closes_all_files(index, monkeypatch):
    monkeypatch.setattr(formulas, "learn_formulas", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        index.close()
    with dedup.Index(index.path, timeout=0) as again:
        assert "000" in again


def test_what_is_given_up_is_begun_again(index):
    index._access.formulas.load()
    assert not index._access.formulas.is_learning
    assert index._access.formulas.is_due(OUTLET, 16, 1)


def test_articles_that_go_meanwhile_are_not_learned_from(index):
    for n in range(10, 24):
        index.remove(f"{n:03}")
    index.add(dedup.Article("009", "Another text of the last one that is left.", "post"))
    for n in range(30):
        index.add(dedup.Article(f"x{n}", f"{n}: nothing in common.", f"other {n}"))
    assert not index._access.formulas.is_learning
    assert OUTLET in index._store.learned(), "a lost article would have ended the learning"
    assert index.verify() == []


def test_what_fails_is_given_up_until_there_are_twice_as_many(index, monkeypatch):
    monkeypatch.setattr(formulas, "learn_formulas", lambda *_: 1 / 0)
    monkeypatch.setattr(adding.IndexWriter, "_tend", lambda *_: None)
    index._access.formulas.step(256)
    with pytest.raises(ZeroDivisionError):
        index._access.formulas.step(256)
    assert not index._access.formulas.is_learning
    assert not index._access.formulas.is_due(OUTLET, 16, 1)
    assert index._access.formulas.is_due(OUTLET, 16, 24)


def test_articles_without_masked_words_are_whole(index):
    known = index._access.formulas
    known.learn(OUTLET, 24)
    texts = [_article(30).text, _article(31).text.partition("\n")[0], "Two words", ""]
    tokens, is_whole = known.tokenize(
        [Stored(dedup.Article(f"{at}", text, "post"), ()) for at, text in enumerate(texts)]
    )
    assert is_whole.tolist() == [False, True, False, True]
    assert tokens.counts.tolist() == [30, 30, 0, 0]
