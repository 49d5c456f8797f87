"""Who may use an index: the process that opened it, and no child that it forks."""

import os

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
