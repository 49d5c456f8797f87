"""What becomes of an article that comes: new, a version of one or of two, or only renamed."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import dedup
from dedup.errors import ParameterError
from dedup.index import formulas, live
from dedup.index import index as indexing
from dedup.index.writer import cut_blocks
from dedup.model.article import name_apart
from tests.strategies import law

DAY = datetime(2026, 3, 1, tzinfo=UTC)
TEXTS = [
    "The council voted nine to four on Monday to close the Elm Street library branch.",
    "Storms flooded the harbor railway and the museum quarter, and a convoy was stuck overnight.",
    "Drought has cut the harvest by a third, and the theater auction was put off to help.",
]
SHARING = settings(law(40), suppress_health_check=list(HealthCheck))


@pytest.fixture
def index(tmp_path):
    """Return an empty index, open for writing."""
    with dedup.Index(tmp_path / "index") as index:
        yield index


def _revisions(index):
    return dict(index._store._database.execute("SELECT CAST(id AS TEXT), revision FROM documents"))


# Versions


@pytest.mark.parametrize("is_compact", [False, True])
def test_an_article_with_the_names_of_two_takes_the_place_of_both(index, is_compact):
    index.add(dedup.Article("a", TEXTS[0]))
    index.add(dedup.Article("a", f"{TEXTS[0]} More."))
    index.add(dedup.Article("b", TEXTS[1], url="v"))
    index.add(dedup.Article("c", TEXTS[0]))
    if is_compact:
        index.compact()
    merged = dedup.Article("a", f"{TEXTS[0]} {TEXTS[1]}", url="v")
    assert [match.id for match in index.query(merged)] == ["c"]
    found = index.add(merged)
    assert (found.status, [match.id for match in found]) == ("revised", ["c"])
    assert sorted(article.id for article in index) == ["a", "c"]
    assert _revisions(index) == {"a": 2, "c": 0}
    assert index.add(merged).status == "unchanged"
    assert index.verify() == []


IDS, URLS = st.sampled_from("abc"), st.sampled_from([None, "", "u", "v", "a"])
COMING = st.lists(
    st.builds(
        dedup.Article,
        IDS,
        st.sampled_from(TEXTS),
        st.sampled_from([None, "post"]),
        url=URLS,
        title=st.sampled_from([None, "One", "Two"]),
    ),
    max_size=9,
)


def _find_name(article, stored):
    """Return the id under which an article belongs, by looking at all."""
    own = sorted(one.id for one in stored if one.id.split("#")[0] == article.id)
    by_id = {one.id: one for one in stored}
    for id in own:
        one = by_id[id]
        same = None
        if one.url and article.url:
            same = one.url == article.url
        elif one.outlet is not None and article.outlet is not None:
            same = one.outlet == article.outlet
        if same or (id == article.id and (same is None or one.text == article.text)):
            return id
    return name_apart(article) if article.id in own else article.id


@SHARING
@given(coming=COMING, n_block=st.integers(1, 9))
def test_what_is_there_is_the_latest_of_every_id_and_every_url(tmp_path_factory, coming, n_block):
    """In blocks or one by one."""
    expected = []
    for came in coming:
        article = replace(came, id=_find_name(came, expected))
        expected = [
            one
            for one in expected
            if one.id != article.id and (not article.url or one.url != article.url)
        ]
        expected.append(article)
    for size in (1, n_block):
        with dedup.Index(tmp_path_factory.mktemp("index")) as index:
            for low in range(0, len(coming), size):
                list(index.add_many(coming[low : low + size]))
            there = {article.id: article for article in index}
            assert there == {article.id: article for article in expected}
            assert len(index) == len(expected)
            assert index.verify() == []


@SHARING
@given(coming=COMING, n_block=st.integers(2, 9))
def test_adding_many_is_adding_one_by_one(tmp_path_factory, coming, n_block):
    with dedup.Index(tmp_path_factory.mktemp("one")) as index:
        expected = [index.add(article) for article in coming]
    with dedup.Index(tmp_path_factory.mktemp("many")) as index:
        found = []
        for low in range(0, len(coming), n_block):
            found += index.add_many(coming[low : low + n_block])
    assert found == expected


def test_a_new_id_of_the_same_page_is_its_id(index, monkeypatch):
    """Nothing is tokenized, and postings and number are as before."""
    index.add(dedup.Article("old", TEXTS[0], url="u"))
    index.add(dedup.Article("other", TEXTS[1]))
    before = list(index._store._database.execute("SELECT * FROM fresh"))
    with monkeypatch.context() as patch:
        patch.setattr(formulas, "tokenize", None)
        found = index.add(dedup.Article("new", TEXTS[0], url="u"))
    assert (found.id, found.status) == ("new", "unchanged")
    assert ("old" in index, "new" in index) == (False, True)
    assert [article.id for article in index] == ["new", "other"]
    assert list(index._store._database.execute("SELECT * FROM fresh")) == before
    assert [match.id for match in index.query(dedup.Article("x", TEXTS[0]))] == ["new"]
    assert index.verify() == []


@pytest.mark.parametrize(
    "changed",
    [{"title": "New"}, {"published": DAY}, {"url": "v"}, {"url": None}, {"extra": {"n": 3}}],
)  # fmt: skip
def test_other_fields_are_stored_though_the_text_is_the_same(tmp_path, changed, monkeypatch):
    article = dedup.Article("a", TEXTS[0], "post", "2020-01-01", "u", "Old", {"n": 2})
    with dedup.Index(tmp_path) as index:
        index.add(article)
        index.compact()
        with monkeypatch.context() as patch:
            patch.setattr(formulas, "tokenize", None)
            assert index.add(replace(article, **changed)).status == "unchanged"
        assert index.stats().n_fresh == index.stats().n_removed == 0
    with dedup.Index(tmp_path) as index:
        assert index.get("a") == replace(article, **changed)
        assert index.verify() == []
        assert index.expire(datetime(2021, 1, 1, tzinfo=UTC)) == (changed.get("published") is None)


def test_what_is_the_same_in_all_is_not_written(index):
    article = dedup.Article("a", TEXTS[0], "post", DAY, "u", "Title", {"n": (1, 2)})
    index.add(article)
    n_changes = index._store._database.total_changes
    assert [one.status for one in index.add_many([article])] == ["unchanged"]
    assert index._store._database.total_changes == n_changes


def test_another_outlet_of_one_text_is_another_version(index):
    index.add(dedup.Article("a", TEXTS[0], "post"))
    assert index.add(dedup.Article("a", TEXTS[0], "times")).status == "revised"
    assert index.get("a").outlet == "times"


@pytest.mark.parametrize("other", [{"outlet": "times"}, {"url": "v"}])
def test_another_text_of_another_outlet_is_another_article(index, other):
    index.add(dedup.Article("a", TEXTS[0], "post", url="u" if "url" in other else None))
    second = dedup.Article("a", TEXTS[1], **{"outlet": "post", **other})
    name = name_apart(second)
    assert (index.add(second).id, index.add(second).status) == (name, "unchanged")
    revised = replace(second, text=f"{TEXTS[1]} More.")
    assert (index.add(revised).id, index.add(revised).status) == (name, "unchanged")
    assert {one.id: one.text for one in index} == {"a": TEXTS[0], name: revised.text}
    assert index.verify() == []


def test_a_copy_has_the_same_text_and_another_name(index):
    index.add(dedup.Article("a", TEXTS[0], url="u"))
    assert index.find_copy(dedup.Article("b", TEXTS[0])).id == "a"
    for other in (("a", TEXTS[0]), ("b", TEXTS[0], None, None, "u"), ("b", f"{TEXTS[0]} ")):
        assert index.find_copy(dedup.Article(*other)) is None


# Many


@pytest.mark.parametrize("error", [ValueError("bad line"), KeyboardInterrupt()])
def test_what_came_before_an_error_of_the_source_is_stored_and_told(index, error):
    def read():
        for n in range(3):
            yield dedup.Article(str(n), TEXTS[n])
        raise error

    coming = index.add_many(read())
    assert [next(coming).id for _ in range(3)] == ["0", "1", "2"]
    with pytest.raises(type(error)):
        next(coming)
    assert [article.id for article in index] == ["0", "1", "2"]


def test_articles_are_read_as_what_is_found_is_asked_for(index, monkeypatch):
    """What is closed early has lost nothing that was read."""
    monkeypatch.setattr(indexing, "_BLOCK", 3)
    read = []

    def source():
        for n in range(9):
            read.append(str(n))
            yield dedup.Article(str(n), f"{TEXTS[n % 3]} {n}")

    coming = index.add_many(source())
    assert (read, len(index)) == ([], 0)
    assert [next(coming).id for _ in range(4)] == ["0", "1", "2", "3"]
    coming.close()
    assert [article.id for article in index] == read == ["0", "1", "2", "3", "4", "5"]


def test_extras_that_cannot_be_stored_are_refused_before_anything_is_changed(index, monkeypatch):
    loop = {}
    loop["loop"] = loop
    index.add(dedup.Article("a", TEXTS[0]))
    monkeypatch.setattr(live.SegmentSet, "_load", None)  # what is in memory stays
    for extra in ({("a", 1): 2}, loop):
        bad = dedup.Article("c", TEXTS[2], extra=extra)
        with pytest.raises(ParameterError, match=r"^extra of article 'c' cannot be stored: "):
            index.add(bad)
        assert not index._live.is_stale
        coming = index.add_many([dedup.Article("b", TEXTS[1]), bad])
        assert next(coming).id == "b"
        with pytest.raises(ParameterError):
            next(coming)
    assert [article.id for article in index] == ["a", "b"]


@law(100)
@given(names=st.lists(st.tuples(IDS, URLS), max_size=12), most=st.integers(1, 5))
def test_blocks_hold_no_name_twice_and_are_all_there_is(names, most):
    articles = [dedup.Article(name, "Text.", url=url) for name, url in names]
    blocks = list(cut_blocks(articles, most))
    assert [article for block in blocks for article in block] == articles
    for block in blocks:
        assert 1 <= len(block) <= most
        own = [{article.id, article.url} - {None, ""} for article in block]
        assert len(set().union(*own)) == sum(map(len, own))
