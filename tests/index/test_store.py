"""The SQLite file: articles come back as they were, rows are checked, and steps are whole."""

import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from math import inf

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import dedup
from dedup.errors import CorruptFile, IncompatibleFile, ParameterError, StoreError
from dedup.index import FILE
from dedup.index import store as module
from dedup.index.rows import SegmentRow, Stored, UnflushedPostings, digest, name_outlet
from dedup.index.schema import VERSION
from dedup.index.segments import KINDS, SegmentInput, join_sources
from dedup.index.store import Store
from dedup.mask.boilerplate import Formulas
from dedup.params import Params, SeedParams, SketchParams
from tests.strategies import hostile_text, law

PARAMS = Params()
DAY = datetime(2026, 3, 1, 12, tzinfo=UTC)
ZONES = st.sampled_from(
    [UTC, timezone(timedelta(hours=-7, minutes=-30)), timezone(timedelta(hours=14))]
)
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | hostile_text(5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(hostile_text(3), inner, max_size=3),
    max_leaves=6,
)
ARTICLES = st.builds(
    dedup.Article,
    hostile_text(6),
    hostile_text() | st.just(""),
    outlet=st.none() | hostile_text(3),
    published=st.none() | st.datetimes(timezones=ZONES),
    url=st.none() | hostile_text(4),
    title=st.none() | hostile_text(4),
    extra=st.dictionaries(hostile_text(3), ANY, max_size=3),
)
SHARED = settings(law(100), suppress_health_check=list(HealthCheck))


@pytest.fixture
def store(tmp_path):
    """Return an empty store."""
    store = Store(tmp_path, PARAMS, can_write=True)
    yield store
    store.close()


def _add(store, *articles):
    with store.transaction():
        return [store.add([Stored(article, ())], [0]) for article in articles]


def _fields(article):
    return {name: getattr(article, name) for name in dedup.Article.__dataclass_fields__}


@SHARED
@given(
    articles=st.lists(ARTICLES, max_size=4, unique_by=lambda one: one.id), is_learned=st.booleans()
)
def test_articles_come_back_as_they_were(tmp_path, monkeypatch, articles, is_learned):
    monkeypatch.setattr(module, "_LEARNED_FROM", 1)
    (tmp_path / FILE).unlink(missing_ok=True)
    store = Store(tmp_path, PARAMS, can_write=True)
    try:
        numbers = _add(store, *articles[:2])
        if is_learned:
            with store.transaction():
                store.learn_words()
        numbers += _add(store, *articles[2:])
        store.close()
        store = Store(tmp_path, PARAMS, can_write=False)
        assert list(map(_fields, (one.article for one in store.load(numbers[::-1])))) == list(
            map(_fields, articles[::-1])
        )
        assert list(store.check()) == []
        assert store.numbers() == numbers == list(range(len(articles)))
        for number, article in zip(numbers, articles, strict=True):
            assert store.find(article.id) == number
            known = next(one for one in store.find_versions(article) if one.number == number)
            assert known[1:3] == (name_outlet(article.outlet), digest(article.text))
        assert store.n_chars() == sum(len(article.text) for article in articles)
    finally:
        store.close()


def test_articles_that_are_alike_are_packed_with_one_another(store, monkeypatch):
    monkeypatch.setattr(module, "_LEARNED_FROM", 8)
    text = "".join(f"Sentence {n} of a text that many articles have in common. " for n in range(40))

    def size():
        return store._database.execute("SELECT sum(length(body)) FROM documents").fetchone()[0]

    def add(names):
        _add(store, *(dedup.Article(name, f"{text}{name}") for name in names))
        before = size()
        with store.transaction():
            store.learn_words()
        return before

    few, many = add("abcdefg"), 0
    assert store._bodies.newest() is None
    alone = add("h") - few
    assert store._bodies.newest() == 1
    many = size()
    assert (add("ijklmnop") - many) / 8 < alone / 2
    assert store._bodies.newest() == 1
    assert [one.article.id for one in store.load(store.numbers())] == list("abcdefghijklmnop")


@pytest.mark.parametrize(
    ("extra", "stored"),
    [
        ({"day": DAY}, {"day": "2026-03-01 12:00:00+00:00"}),
        ({"bytes": b"x"}, {"bytes": "b'x'"}),
        ({"n": np.float32(0.5)}, {"n": "0.5"}),
        ({3: (1, 2)}, {"3": [1, 2]}),
        ({"inf": float("inf"), "big": 10**400}, {"inf": float("inf"), "big": 10**400}),
    ],
)  # fmt: skip
def test_extras_that_json_has_not_are_stored_as_strings(store, extra, stored):
    (number,) = _add(store, dedup.Article("a", "A text.", extra=extra))
    assert store.load([number])[0].article.extra == stored


def test_extras_that_cannot_be_stored_are_named_and_nothing_is(store):
    loop = {}
    loop["loop"] = loop
    for extra in ({("a", 1): 2}, loop):
        with pytest.raises(ParameterError, match=r"^extra of article 'b' cannot be stored: "):
            _add(store, dedup.Article("a", "A text."), dedup.Article("b", "Text.", extra=extra))
    assert store.numbers() == []


def test_an_article_is_found_by_its_id_and_by_its_url(store):
    _add(
        store,
        dedup.Article("a", "One.", url="u"),
        dedup.Article("b", "Two.", url="v"),
        dedup.Article("c", "Three.", url=""),
        dedup.Article("d", "Four."),
    )

    def find(*names):
        return [
            one.number for one in store.find_versions(dedup.Article(names[0], "", url=names[1]))
        ]

    assert find("a", "u") == find("a", None) == find("x", "u") == [0]
    assert find("a", "v") == find("b", "u") == [0, 1]
    assert find("x", None) == find("x", "") == find("x", "w") == []
    assert find("d", "") == [3]
    assert (store.find("a"), store.find("u")) == (0, None)


def test_a_copy_is_what_has_the_same_text_under_another_name(store):
    articles = [("a", "One.", "u"), ("b", "One.", None), ("c", "Two.", ""), ("d", "One.", "v")]
    _add(store, *(dedup.Article(name, text, url=url) for name, text, url in articles))

    def find(id, text, url=None):
        return store.find_copy(dedup.Article(id, text, url=url))

    assert find("x", "One.") == find("b", "One.") == find("b", "One.", "v") == 0
    assert find("a", "One.") == find("x", "One.", "u") == 1
    assert find("b", "One.", "u") == 3
    assert find("x", "Two.", "") == 2
    assert find("c", "Two.") is find("x", "Three.") is None


def test_look_ups_by_name_and_by_text_scan_nothing(store):
    asked = []
    store._database.set_trace_callback(asked.append)
    article = dedup.Article("a", "One.", url="u")
    store.find("a"), store.find_versions(article), store.find_copy(article)
    store._database.set_trace_callback(None)
    store._database.row_factory = None  # a plan has columns of other types
    assert len(asked) == 3
    for statement in asked:
        plan = [row[3] for row in store._database.execute(f"EXPLAIN QUERY PLAN {statement}")]
        assert not any(step.startswith("SCAN") for step in plan), (statement, plan)


def test_the_pragma_of_waiting_comes_back_even_after_an_error(store, monkeypatch):
    run = store._database.execute

    class Failing:
        def execute(self, statement, *rest):
            if "wal_checkpoint" in statement:
                raise sqlite3.OperationalError("disk I/O error")
            return run(statement, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(store, "_database", Failing())
        with pytest.raises(sqlite3.OperationalError):
            store.shrink()
    assert run("PRAGMA busy_timeout").fetchone() == (60_000,)


def test_outlets_are_told_from_none(store):
    outlets = [None, "", "=", "None", "\ud800", "\0"]
    assert len({name_outlet(outlet) for outlet in outlets}) == len(outlets)
    _add(store, *(dedup.Article(str(n), "Text.", outlet=outlets[n % 6]) for n in range(15)))
    for n, outlet in enumerate(outlets):
        own = [k for k in range(15) if k % 6 == n]
        assert store.of_outlet(name_outlet(outlet), 99) == sorted(own, key=str)
        assert store.of_outlet(name_outlet(outlet), 1) == own[-1:]
        assert store.count_outlet(name_outlet(outlet)) == len(own)
    assert set(store.outlets()) == {name_outlet(outlet) for outlet in outlets}


def test_age_is_that_of_the_moment_not_of_its_clock(store):
    east = timezone(timedelta(hours=9))
    _add(
        store,
        dedup.Article("a", "Text.", published=DAY - timedelta(microseconds=1)),
        dedup.Article("b", "Text.", published=DAY),
        dedup.Article("c", "Text.", published=(DAY - timedelta(hours=1)).astimezone(east)),
        dedup.Article("d", "Text."),
    )
    assert sorted(store.outside(DAY.astimezone(east).timestamp(), inf)) == [0, 2]


def _postings(number, n):
    keys = np.arange(n, dtype=np.uint64) << np.uint64(50)
    own = SegmentInput(keys, np.full(n, number, np.uint32), np.arange(n, dtype=np.uint32) * 70_000)
    return UnflushedPostings([number], [n], {KINDS[0]: own.take(slice(1, None)), KINDS[1]: own})


def _plain(fresh):
    columns = {kind: [one.tolist() for one in fresh.sources[kind]] for kind in KINDS}
    return list(fresh.numbers), list(fresh.counts), columns


def test_fresh_postings_come_back_and_what_goes_is_marked_if_a_segment_has_it(store):
    posted = [_postings(number, n) for number, n in enumerate((3, 0, 5))]
    with store.transaction():
        store.add_fresh(posted[0])
        joined = {kind: join_sources([one.sources[kind] for one in posted[1:]]) for kind in KINDS}
        store.add_fresh(UnflushedPostings([1, 2], [0, 5], joined))
        store._database.execute("UPDATE meta SET value = 8 WHERE name = 'n_numbers'")
    whole = UnflushedPostings([0, 1, 2], [3, 0, 5],
                              {kind: join_sources([one.sources[kind] for one in posted])
                               for kind in KINDS})  # fmt: skip
    assert _plain(store.fresh()) == _plain(whole)
    assert _plain(store.fresh(2)) == _plain(posted[2])
    with store.transaction():
        store.remove([1, 7])  # that one is in no row: a segment has it
    assert store.fresh_numbers() == [0, 2]
    assert store.removed() == [7]
    with store.transaction():
        store.replace_segments((), SegmentRow("b", 4, 9))
        store.replace_segments((), SegmentRow("a", 0, 3))
        store.clear_fresh()
    assert store.segments() == [SegmentRow("a", 0, 3), SegmentRow("b", 4, 9)]
    assert not store.fresh().numbers
    with store.transaction():
        store.replace_segments("ab", None, [7])
    assert (store.segments(), store.removed()) == ([], [])


FORMULAS = Formulas(
    np.array([1, 5, 2**64 - 1], np.uint64), np.array([4, 5, 6]), np.array([5, 9], np.uint64),
)  # fmt: skip


def test_what_was_learned_comes_back(store):
    nothing = Formulas(*(column[:0] for column in FORMULAS))
    with store.transaction():
        store.keep_learned(b"=a", 20, nothing)
        store.keep_learned(b"", 20, nothing)
        store.keep_learned(b"=a", 40, FORMULAS)
    found = {}
    for name in store.learned():
        n, own = store.load_learned(name)
        found[name] = n, [column.tolist() for column in own]
    assert found == {b"": (20, [[], [], []]), b"=a": (40, [one.tolist() for one in FORMULAS])}


def test_a_step_that_fails_leaves_nothing(store):
    def fail():
        with store.transaction():
            store.add([Stored(dedup.Article("b", "Text."), ())], [0])
            store.add_fresh(_postings(1, 3))
            raise RuntimeError

    _add(store, dedup.Article("a", "Text."))
    with pytest.raises(RuntimeError):
        fail()
    assert (store.numbers(), store.fresh_numbers(), store.n_numbers()) == ([0], [], 1)


def test_no_number_is_given_twice(store):
    _add(store, dedup.Article("a", "Text."), dedup.Article("b", "Text."))
    with store.transaction():
        store.remove([1])
    assert _add(store, dedup.Article("b", "Text.")) == [2]


def test_what_is_read_is_of_one_moment(store, tmp_path):
    other = Store(tmp_path, PARAMS, can_write=False)
    with other.reading():
        version = other.version()
        assert other.numbers() == []
        _add(store, dedup.Article("a", "Text."))
        with other.reading():
            assert (other.numbers(), other.version()) == ([], version)
    assert other.numbers() == [0]
    assert other.version() != version
    other.close()


# What is wrong with a file


def _open(path, params=PARAMS, can_write=True):
    return Store(path, params, can_write=can_write)


OTHER = Params(sketch=SketchParams(k=5), seed=SeedParams(window=6))


@pytest.mark.parametrize("can_write", [False, True])
def test_another_recipe_or_version_is_refused_with_both(store, tmp_path, can_write):
    with pytest.raises(IncompatibleFile) as refused:
        _open(tmp_path, OTHER, can_write)
    said = f"{tmp_path / FILE}: made with sketch.k = 3, not 5; seed.window = 4, not 6: "
    assert str(refused.value).startswith(said)
    own = _open(tmp_path, None, False)
    assert own.recipe == (PARAMS.digest(), PARAMS)
    own.close()
    store._database.execute("UPDATE meta SET value = 'x' WHERE name = 'recipe'")
    with pytest.raises(IncompatibleFile, match="recipe x of another version of dedup"):
        _open(tmp_path, OTHER, can_write)
    own = _open(tmp_path, None, False)
    assert own.recipe == ("x", None)
    own.close()
    store._database.execute("UPDATE meta SET value = ? WHERE name = 'version'", (VERSION + 1,))
    with pytest.raises(IncompatibleFile) as refused:
        _open(tmp_path, OTHER, can_write)
    said = f"an index of version {VERSION + 1}, where version {VERSION} is read"
    assert str(refused.value) == f"{tmp_path / FILE}: {said}"


def test_where_there_is_none_there_is_nothing_to_read(tmp_path):
    for _ in range(2):
        with pytest.raises(StoreError, match=f"^{tmp_path}: not an index$"):
            _open(tmp_path, can_write=False)
        assert [path.name for path in tmp_path.iterdir()] in ([], [FILE])
        (tmp_path / FILE).touch()  # as if it had been killed when it began


def test_one_that_was_begun_is_begun_anew(tmp_path):
    (tmp_path / FILE).touch()
    store = _open(tmp_path)
    assert store._database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    store.close()


def test_other_files_are_refused(tmp_path):
    (tmp_path / FILE).write_bytes(b"no database, though long enough to be one" * 99)
    for can_write in (False, True):
        with pytest.raises(CorruptFile, match=f"^{tmp_path / FILE}: file is not a database"):
            _open(tmp_path, can_write=can_write)
    (tmp_path / FILE).unlink()
    with sqlite3.connect(tmp_path / FILE) as database:
        database.execute("CREATE TABLE other (x)")
    database.close()
    for can_write in (False, True):
        with pytest.raises(IncompatibleFile, match=r"a database that is no index"):
            _open(tmp_path, can_write=can_write)
    (tmp_path / FILE).unlink()
    (tmp_path / FILE).mkdir()
    with pytest.raises(StoreError, match=f"^{tmp_path / FILE}: unable to open"):
        _open(tmp_path)


ARTICLE = dedup.Article("a", "A text. " * 9, "post", DAY, "u", "Title", {"more": "fields"})


@pytest.fixture
def filled(store):
    """Return a store with one row in each table that is checked."""
    with store.transaction():
        store.add_fresh(_postings(store.add([Stored(ARTICLE, ())], [0]), 3))
        store.keep_learned(b"=post", 40, FORMULAS)
    return store


@SHARED
@given(data=st.data(), flip=st.integers(1, 255))
def test_a_flipped_byte_of_a_row_is_named(filled, data, flip):
    table, column, said = data.draw(
        st.sampled_from(
            [
                ("documents", "body", r"article 'a' is damaged: "),
                ("documents", "digest", r"article 'a' is damaged: "),
                ("documents", "url", r"article 'a' is damaged: row 0 of documents"),
                ("documents", "outlet", r"article 'a' is damaged: row 0 of documents"),
                ("fresh", "postings", "the postings of article number 0 are damaged"),
                ("fresh", "digest", "the postings of article number 0 are damaged"),
                ("fresh", "n_tokens", "the postings of article number 0 are damaged"),
                ("outlets", "n_learned", r"the row of the outlet b'=post' is damaged"),
                ("outlets", "formulas", r"the row of the outlet b'=post' is damaged"),
            ]
        )
    )
    key = "name" if table == "outlets" else "number"
    ((row, value),) = filled._database.execute(f"SELECT {key}, {column} FROM {table}").fetchall()
    if isinstance(value, int):
        changed = value ^ flip
    else:
        at = data.draw(st.integers(0, len(value) - 1))
        changed = value[:at] + bytes([value[at] ^ flip]) + value[at + 1 :]
    run = filled._database.execute
    run("SAVEPOINT intact")
    run(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", (changed, row))
    errors = list(filled.check())
    if errors:
        assert [str(error).startswith(f"{filled.path}: {said}") for error in errors] == [True]
        reads = {
            "documents": lambda: filled.load([0]),
            "fresh": lambda: filled.fresh(),
            "outlets": lambda: filled.load_learned(b"=post"),
        }
        if column in ("body", "postings", "formulas"):
            with pytest.raises(CorruptFile) as refused:
                reads[table]()
            assert str(refused.value) == str(errors[0])
    else:  # a bit that means nothing to the compressor
        assert (table, column) == ("documents", "body")
        assert filled.load([0]) == [Stored(ARTICLE, ())]
    run("ROLLBACK TO intact")
    run("RELEASE intact")


def test_what_is_not_there_is_named(store):
    _add(store, dedup.Article("a", "Text."))
    with pytest.raises(CorruptFile, match=r"article number 3 is missing"):
        store.load([0, 3])
