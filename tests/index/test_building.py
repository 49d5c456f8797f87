"""A new index that appears complete or not at all."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest

import dedup
from dedup.errors import StoreError
from dedup.index.building import whole_index
from tests.index.work import make_article

ROOT = Path(__file__).parents[2]
ARTICLES = [make_article(str(n), 1) for n in range(40)]
N_KILLS = int(os.environ.get("DEDUP_KILLS", "40")) // 8
PROGRAM = """
import sys
from dedup.cli import main
from dedup.index import index, live
index._BLOCK = live.FRESH = 8
print("begins", flush=True)
sys.argv[1:1] = ["index", "rebuild"]
main()
"""


def test_what_fails_leaves_nothing(tmp_path):
    with pytest.raises(ZeroDivisionError), whole_index(tmp_path / "new", dedup.Params()) as index:
        index.load(article for article in ARTICLES if 1 / (39 - int(article.id)))
    assert list(tmp_path.iterdir()) == []


def test_an_error_names_the_directory_that_was_asked_for(tmp_path):
    with (
        pytest.raises(StoreError, match="full") as refused,
        whole_index(tmp_path / "new", dedup.Params()) as index,
    ):
        raise StoreError(str(index.path / "index.sqlite"), "the disk is full")
    assert refused.value.path == str(tmp_path / "new" / "index.sqlite")


def test_what_appears_meanwhile_stays(tmp_path):
    new = tmp_path / "new"

    def come():
        yield from ARTICLES
        new.mkdir()
        (new / "notes").write_text("of another")

    with pytest.raises(StoreError, match="exists"), whole_index(new, dedup.Params()) as index:
        index.load(come())
    assert [path.name for path in tmp_path.rglob("*")] == ["new", "notes"]


def test_killed_at_any_moment_it_is_there_or_not(tmp_path):
    old, new, random = tmp_path / "old", tmp_path / "new", Random(N_KILLS)
    with dedup.Index(old) as index:
        assert index.load(ARTICLES) == len(ARTICLES)
    n_whole = 0
    for turn in range(N_KILLS + 1):
        worker = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, old, new], cwd=ROOT, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        with worker:
            assert worker.stdout is not None
            assert worker.stdout.readline() == "begins\n"
            if turn < N_KILLS:  # the last one may end
                time.sleep(random.uniform(0, 1))
                worker.send_signal(signal.SIGKILL)
        if new.exists():
            with dedup.Index(new) as index:
                assert (list(index), index.verify()) == (ARTICLES, [])
            new.rename(tmp_path / f"whole{turn}")
            n_whole += 1
    assert n_whole > 0
    with dedup.Index(old) as index:
        assert (list(index), index.verify()) == (ARTICLES, [])
