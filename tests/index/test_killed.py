"""Killed at any moment, and out of room: what was acknowledged is there, and nothing half done."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random

import pytest

import dedup
from tests.index.work import check, cut, make_article, make_small, replay

ROOT = Path(__file__).parents[2]
# How often the process is killed; 200 take some minutes.
N_KILLS = int(os.environ.get("DEDUP_KILLS", "40"))


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the same sizes here as there, until the test ends."""
    from dedup.index import live, segments, store
    from dedup.index import writer as adding

    for module, names in (
        (live, ("FRESH", "FANOUT")),
        (adding, ("_MIN_LEARNED",)),
        (segments, ("_STEP",)),
        (store, ("_LEARNED_FROM",)),
    ):
        for name in names:
            monkeypatch.setattr(module, name, getattr(module, name))
    make_small()


def _wait(worker: subprocess.Popen[str], path: Path, random: Random) -> None:
    """Let it work for a while, now and then under the eyes of a reader."""
    end = time.monotonic() + random.uniform(0, 0.6)
    if random.random() < 0.3 and (path / "index.sqlite").exists():
        with dedup.Index(path, mode="r") as reader:
            while time.monotonic() < end:
                ids = [article.id for article in reader]
                assert len(ids) == len(set(ids))
                assert reader.query(make_article("1", 1)).status == "queried"
            assert reader.verify() == []
    time.sleep(max(end - time.monotonic(), 0))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_killed_at_any_moment_it_has_what_it_acknowledged(tmp_path: Path) -> None:
    path, journal = tmp_path / "index", tmp_path / "journal"
    journal.touch()
    random, killed, n_done = Random(N_KILLS), Counter[str](), 0
    worker = subprocess.Popen(
        [sys.executable, "-m", "tests.index.work", path, journal],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert worker.stdin is not None
    assert worker.stdout is not None
    with worker:
        for turn in range(N_KILLS):
            worker.stdin.write(f"{turn}\n")
            worker.stdin.flush()
            child = int(worker.stdout.readline())
            _wait(worker, path, random)
            os.kill(child, signal.SIGKILL)
            assert worker.stdout.readline() == "ended\n"
            state, step, inside = replay(journal)
            killed[f"{step[0] if step else 'between'} {inside}".strip()] += 1
            with dedup.Index(path, timeout=0) as index:
                stored = {article.id: article.text for article in index}
                # The step that was begun has been taken as a whole, or not at all, or up to an
                # article that changes another.
                afters = [after for after in cut(state, step) if _texts(after) == stored]
                state = afters[0] if afters else state
                assert check(index, state) == {
                    "is_right": True, "faults": [], "astray": [], "n_articles": len(state)
                }  # fmt: skip
                for name in random.sample(sorted(state), min(len(state), 3)):
                    probe = dedup.Article("probe", make_article(name, state[name]).text[:-83])
                    assert [match.id for match in index.query(probe)] == [name]
            n_done = journal.read_text().count('["done"')
            _settle(journal, state)
        worker.stdin.close()
    where = ", ".join(f"{name}: {n}" for name, n in killed.most_common())
    sys.stdout.write(f"{N_KILLS} kills, {n_done} steps acknowledged; killed in {where}\n")
    assert sum(killed.values()) == N_KILLS
    # How many more moments are met depends on the speed of the machine.
    assert len(killed) > 2


def _texts(state: dict[str, int]) -> dict[str, str]:
    return {name: make_article(name, version).text for name, version in state.items()}


def _settle(journal: Path, state: dict[str, int]) -> None:
    """Note what came of the step that was begun."""
    with journal.open("a") as stream:
        for step in (["expire", 99], ["add", *state.items()]):
            stream.write(f'["begin", {json.dumps(step)}]\n["done", null]\n')


def test_without_room_it_refuses_and_goes_on_when_there_is_some(tmp_path: Path) -> None:
    """On a file system of its own."""
    if shutil.which("unshare") is None:
        pytest.skip("unshare is not installed")
    command = (
        f"mount -t tmpfs -o size=12m small {tmp_path} || exit 77; "
        f"{sys.executable} -m tests.index.work --full {tmp_path}"
    )
    done = subprocess.run(
        ["unshare", "--mount", "--map-root-user", "sh", "-c", command],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    if done.returncode == 77 or "unshare" in done.stderr:
        pytest.skip(f"no file system can be mounted here: {done.stderr.strip()}")
    assert done.returncode == 0, done.stderr
    outcomes = list(map(json.loads, done.stdout.splitlines()))
    assert len(outcomes) == 24
    for outcome in outcomes:
        assert (outcome["is_right"], outcome["faults"]) == (True, [])
    assert all(outcome["astray"] == [] for outcome in outcomes[1::2])
    refused = [outcome["refused"] for outcome in outcomes[::2]]
    for said in refused:
        assert said is not None
        assert "disk is full" in said or "No space left on device" in said
