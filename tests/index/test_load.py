"""Articles that are stored without being compared: the index is the same afterwards."""

from itertools import chain

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import dedup
from corpus.synthesize import synthesize
from dedup.errors import ParameterError, StoreError
from dedup.index import index as indexing
from dedup.index import live, segments, store
from dedup.index import writer as adding
from tests.index.test_writer import COMING
from tests.strategies import law

SHARING = settings(law(30), suppress_health_check=list(HealthCheck))
FIELDS = ("id", "text", "outlet", "published", "url", "title")
TABLES = ("meta", "documents", "outlets", "dictionaries", "fresh", "removed")


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Have segments, merges, dictionaries and formulas with few articles."""
    monkeypatch.setattr(live, "FRESH", 8)
    monkeypatch.setattr(live, "FANOUT", 3)
    monkeypatch.setattr(segments, "_STEP", 1 << 12)
    monkeypatch.setattr(store, "_LEARNED_FROM", 8)
    monkeypatch.setattr(adding, "_MIN_LEARNED", 8)


@pytest.fixture(scope="module")
def generated():
    """Articles with planted passages, of some outlets."""
    records = synthesize(90, seed=8, plant_rate=0.6)[0]
    return [dedup.Article(**{name: record[name] for name in FIELDS}) for record in records]


def _contents(index):
    """Return all rows of an index, and the bytes of its segments in order."""
    run = index._store._database.execute
    rows = {table: run(f"SELECT * FROM {table} ORDER BY 1").fetchall() for table in TABLES}
    return rows, [(index.path / one.name).read_bytes() for one in index._store.segments()]


@SHARING
@given(coming=COMING, n_block=st.integers(1, 9))
def test_what_is_loaded_is_what_is_added(tmp_path_factory, coming, n_block):
    """Ids, versions, removed numbers and all: byte for byte."""
    with (
        dedup.Index(tmp_path_factory.mktemp("added")) as added,
        dedup.Index(tmp_path_factory.mktemp("loaded")) as loaded,
    ):
        for low in range(0, len(coming), n_block):
            part = coming[low : low + n_block]
            found = list(added.add_many(part))
            n_changed = sum(one.status != "unchanged" for one in found)
            assert loaded.load(part) == n_changed
        assert _contents(loaded) == _contents(added)
        assert loaded.verify() == []


@pytest.mark.parametrize(("n_block", "jobs"), [(1, 1), (7, 2), (256, 2)])
def test_a_loaded_index_answers_as_one_that_was_added_to(
    tmp_path, generated, monkeypatch, n_block, jobs
):
    """Over flushes, merges and formulas that were learned meanwhile."""
    monkeypatch.setattr(indexing, "_BLOCK", n_block)
    *stored, last = generated
    with (
        dedup.Index(tmp_path / "added") as added,
        dedup.Index(tmp_path / "loaded", jobs=jobs) as loaded,
    ):
        list(added.add_many(stored))
        assert loaded.load(iter(stored)) == len(stored)
        assert len(loaded._store.segments()) > 1 or n_block == 256
        assert _contents(loaded) == _contents(added)
        answers = [added.query(article) for article in generated]
        assert sum(map(len, answers)) > 20
        assert [loaded.query(article) for article in generated] == answers
        assert loaded.add(last) == added.add(last)
        assert loaded.load(generated) == 0


def test_what_comes_before_an_error_is_loaded(tmp_path, generated):
    def fail():
        raise OSError("the disk is gone")
        yield

    with dedup.Index(tmp_path / "index") as index:
        with pytest.raises(OSError, match="the disk is gone"):
            index.load(chain(generated[:5], fail()))
        assert [one.id for one in index] == [one.id for one in generated[:5]]
        bad = dedup.Article("bad", "The text.", extra={(1, 2): "no JSON"})
        with pytest.raises(ParameterError, match="extra of article 'bad' cannot be stored"):
            index.load([generated[5], bad, generated[6]])
        assert [one.id for one in index] == [one.id for one in generated[:6]]
        assert index.verify() == []


def test_blocks_before_a_failed_one_stay(tmp_path, generated, monkeypatch):
    monkeypatch.setattr(indexing, "_BLOCK", 10)
    with dedup.Index(tmp_path / "index") as index:
        keep = index._store.add_fresh

        def fail_later(fresh):
            if 25 in fresh.numbers:
                raise StoreError("disk", "full")
            keep(fresh)

        monkeypatch.setattr(index._store, "add_fresh", fail_later)
        with pytest.raises(StoreError, match="full"):
            index.load(generated)
        assert len(index) == 20
        monkeypatch.setattr(index._store, "add_fresh", keep)
        assert index.load(generated) == len(generated) - 20
        assert index.verify() == []


def test_an_index_that_is_open_for_reading_loads_nothing(tmp_path, generated):
    with dedup.Index(tmp_path / "index") as index:
        index.load(generated[:3])
    with dedup.Index(tmp_path / "index", mode="r") as index:
        with pytest.raises(StoreError, match="not open for writing"):
            index.load(generated)
        assert len(index) == 3
