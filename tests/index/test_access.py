"""Who may use an index: the process that opened it, and no child that it forks."""

import errno
import os
import re
import shutil
import sqlite3

import pytest

import dedup
from dedup.errors import StoreError

ARTICLE = dedup.Article("a", "The council voted nine to four to close the library branch.")


def _in_child(work):
    """Return what a child of a fork says."""
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            said = work()
        except BaseException as error:
            said = f"{type(error).__name__}: {error}"
        os.write(writes, said.encode())
        os._exit(0)
    os.close(writes)
    with os.fdopen(reads) as stream:
        said = stream.read()
    os.waitpid(child, 0)
    return said


USES = {
    "len": len,
    "in": lambda index: "a" in index,
    "list": list,
    "get": lambda index: index.get("a"),
    "query": lambda index: index.query(ARTICLE),
    "add": lambda index: index.add(ARTICLE),
    "add_many": lambda index: list(index.add_many([ARTICLE])),
    "remove": lambda index: index.remove("a"),
    "compact": lambda index: index.compact(),
    "snapshot": lambda index: index.snapshot(),
    "stats": lambda index: index.stats(),
    "verify": lambda index: index.verify(),
}


@pytest.mark.parametrize("mode", ["a", "r"])
@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_a_child_is_told_to_open_it_anew(tmp_path, use, mode):
    dedup.Index(tmp_path).close()
    with dedup.Index(tmp_path, mode=mode) as index:
        # Even if another thread used it at that moment.
        index._access._turn.acquire()
        said = _in_child(lambda: str(use(index)))
        index._access._turn.release()
        reason = f"opened by process {os.getpid()}: after a fork, open it anew"
        assert said == f"StoreError: {tmp_path}: {reason}"


def test_a_child_may_open_it_anew(tmp_path):
    with dedup.Index(tmp_path) as index:
        index.add(ARTICLE)

        def read():
            with dedup.Index(tmp_path, mode="r") as own:
                return own.get("a").text

        assert _in_child(read) == ARTICLE.text


def test_what_a_child_closes_stays_open(tmp_path):
    with dedup.Index(tmp_path) as index:
        index.add(ARTICLE)
        assert _in_child(lambda: str(index.close())) == "None"
        assert list(index) == [ARTICLE]
        with pytest.raises(dedup.LockedIndex):
            dedup.Index(tmp_path, timeout=0)


def test_a_child_does_not_hold_the_lock(tmp_path):
    """Which outlives its parent, as the worker of a pool may."""
    reads, writes = os.pipe()
    index = dedup.Index(tmp_path)
    child = os.fork()
    if child == 0:
        os.close(writes)
        os.read(reads, 1)
        os._exit(0)
    os.close(reads)
    index.close()
    try:
        with dedup.Index(tmp_path, timeout=30) as again:
            assert len(again) == 0
    finally:
        os.close(writes)
        os.waitpid(child, 0)


def test_no_other_error_of_the_lock_is_hidden(tmp_path):
    (tmp_path / "lock").mkdir()
    with pytest.raises(StoreError, match="Is a directory"):
        dedup.Index(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_index_is_read(tmp_path):
    with dedup.Index(tmp_path / "index") as index:
        index.add(ARTICLE)
    (tmp_path / "index").chmod(0o500)
    _read_all(tmp_path / "index")
    (tmp_path / "index").chmod(0o700)


def test_a_file_system_that_is_mounted_read_only_is_read(tmp_path, monkeypatch):
    """As SQLite behaves there: it cannot make the file beside the log."""
    with dedup.Index(tmp_path / "index") as index:
        index.add(ARTICLE)
    connect = sqlite3.connect

    def refuse(path, **options):
        if "immutable" not in path:
            raise sqlite3.OperationalError("unable to open database file")
        return connect(path, **options)

    monkeypatch.setattr(sqlite3, "connect", refuse)
    with pytest.raises(StoreError, match="unable to open"):
        dedup.Index(tmp_path / "index", mode="r")
    monkeypatch.setattr("dedup.index.schema._is_fixed", lambda path: True)
    _read_all(tmp_path / "index")


def _read_all(path):
    with dedup.Index(path, mode="r") as index:
        assert list(index) == [ARTICLE]
        assert [one.id for one in index.query(dedup.Article("b", ARTICLE.text))] == ["a"]
        assert (index.verify(), index.stats().n_articles) == ([], 1)


def test_a_damaged_schema_is_named_though_its_message_is_no_text(tmp_path):
    dedup.Index(tmp_path).close()
    path = tmp_path / "index.sqlite"
    raw = path.read_bytes()
    at = raw.index(b"sqlite_autoindex_documents_1") + 2
    path.write_bytes(raw[:at] + bytes([raw[at] ^ 238]) + raw[at + 1 :])
    with pytest.raises(
        dedup.CorruptFile, match=r"index\.sqlite: damaged: malformed database schema"
    ):
        dedup.Index(tmp_path, mode="r")


@pytest.fixture
def snapshot(tmp_path, monkeypatch):
    """Return a copy of an open index, with its log, in a directory that cannot be written."""
    with dedup.Index(tmp_path / "index") as index:
        index.add(ARTICLE)
        (tmp_path / "copy").mkdir()
        for name in ("index.sqlite", "index.sqlite-wal", "lock"):
            shutil.copyfile(tmp_path / "index" / name, tmp_path / "copy" / name)
    connect = sqlite3.connect

    def refuse(path, **options):
        if "immutable" not in path and str(tmp_path) in path:
            raise sqlite3.OperationalError("unable to open database file")
        return connect(path, **options)

    monkeypatch.setattr(sqlite3, "connect", refuse)
    monkeypatch.setattr("dedup.index.schema._is_fixed", lambda path: True)
    return tmp_path / "copy"


def test_a_snapshot_with_a_log_is_read_where_nothing_can_be_written(snapshot):
    before = {path.name: path.read_bytes() for path in snapshot.iterdir()}
    assert before["index.sqlite-wal"]
    _read_all(snapshot)
    assert {path.name: path.read_bytes() for path in snapshot.iterdir()} == before


def test_a_snapshot_that_cannot_be_copied_whole_is_named(snapshot, monkeypatch):
    copy = shutil.copyfile

    def change(source, target):
        copy(source, target)
        with open(source, "ab") as file:  # noqa: PTH123
            file.write(b"more")

    def fail(source, target):
        raise OSError(errno.ENOSPC, "No space left on device", str(target))

    for replaced, said in ((change, "was changed while it was copied"), (fail, "No space left")):
        monkeypatch.setattr(shutil, "copyfile", replaced)
        with pytest.raises(StoreError, match=rf"index\.sqlite: .*{said}"):
            dedup.Index(snapshot, mode="r")


@pytest.mark.parametrize("statement", [
    "UPDATE documents SET id = 5", "UPDATE documents SET body = 'text'",
    "UPDATE documents SET published = 'x'", "UPDATE meta SET value = 'x' WHERE name = 'n_numbers'",
    "UPDATE fresh SET postings = 1.5", "INSERT INTO segments VALUES (x'00', 0, 1)",
])  # fmt: skip
def test_a_value_of_another_type_is_damage(tmp_path, statement):
    with dedup.Index(tmp_path) as index:
        index.add(ARTICLE)
    with sqlite3.connect(tmp_path / "index.sqlite") as database:
        database.execute(statement)
    database.close()
    with pytest.raises(dedup.DedupError, match=re.escape(str(tmp_path))):
        _use(tmp_path)


def _use(path):
    with dedup.Index(path, mode="r") as index:
        list(index)
        index.query(dedup.Article("b", ARTICLE.text))
        raise next(iter(index.verify()))
