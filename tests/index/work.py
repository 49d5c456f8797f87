"""Work on an index in a process of its own, which may be killed or run out of room.

``python -m tests.index.work INDEX JOURNAL`` forks for each line of standard input, a seed, and
prints the process that then changes the index until it is killed. What it is about to do, and what
it has done, it writes down beforehand and afterwards.

``python -m tests.index.work --full DIRECTORY`` works where there is little room, and says what
came of it.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

import dedup
from dedup.index import formulas, live, segments, store
from dedup.index import index as indexing
from dedup.index import writer as adding
from tests.strategies import WORDS

DAY = datetime(2026, 3, 1, tzinfo=UTC)
SHARED = "The council voted nine to four on Monday to close the Elm Street library branch."
# Articles in each block of a load.
_LOADED = 8
State = dict[str, int]  # version by number of the article, as a string
# Calls inside a change, so that it is known in which of them the process was killed.
INSIDE = [
    (live.SegmentSet, "flush"), (live.SegmentSet, "_go_on"), (formulas.OutletFormulas, "step"),
    (store.Store, "shrink"), (store.Store, "add_fresh"),
]  # fmt: skip


def make_small() -> None:
    """Have segments of few articles, merged in small steps, all the time."""
    live.FRESH, live.FANOUT, segments._STEP = 6, 2, 1 << 8
    adding._MIN_LEARNED = store._LEARNED_FROM = 8


def make_article(name: str, version: int) -> dedup.Article:
    """Return a version of an article: words of its own, and a sentence that all have."""
    random = Random(f"{name} {version}")
    words = " ".join(f"{random.choice(WORDS)} {random.randrange(10**6)}" for _ in range(12))
    day = DAY + timedelta(days=int(name) % 50)
    return dedup.Article(name, f"{words}. {SHARED}", f"outlet {int(name) % 3}", day)


def change(state: State, step: list[Any]) -> State:
    """Return what there is after a step."""
    kind, *rest = step
    if kind in ("add", "load"):
        return state | dict(rest)
    if kind == "remove":
        return {name: version for name, version in state.items() if name != rest[0]}
    if kind == "expire":
        return {name: version for name, version in state.items() if int(name) % 50 >= rest[0]}
    return state


def cut(state: State, step: list[Any]) -> list[State]:
    """Return what there may be after a step that was begun."""
    if not step:
        return [state]
    kind, *rest = step
    if kind == "load":  # in blocks, of which each is stored or not
        return [change(state, [kind, *rest[:n]]) for n in range(len(rest) + 1)]
    at = [n for n, (name, _) in enumerate(rest) if name in state] if kind == "add" else []
    return [change(state, [kind, *rest[:n]]) for n in at] + [change(state, step)]


def plan(state: State, random: Random) -> list[Any]:
    """Return the next step."""
    kind = random.choices(("one", "many", "load", "revise", "remove", "expire", "compact"),
                          (50, 8, 6, 12, 10, 2, 3))[0]  # fmt: skip
    if kind in ("one", "many"):
        names = random.sample(range(10**4), 1 if kind == "one" else random.randrange(2, 20))
        return ["add", *([str(name), state.get(str(name), 0) + 1] for name in names)]
    if kind == "load":
        names = random.sample(range(10**4), random.randrange(_LOADED, 4 * _LOADED))
        return ["load", *([str(name), state.get(str(name), 0) + 1] for name in names)]
    if kind in ("revise", "remove") and state:
        name = random.choice(sorted(state))
        return ["remove", name] if kind == "remove" else ["add", [name, state[name] + 1]]
    return ["expire", random.randrange(30)] if kind == "expire" else ["compact"]


def do(index: dedup.Index, step: list[Any]) -> None:
    """Take a step."""
    kind, *rest = step
    if kind == "add":
        articles = [make_article(name, version) for name, version in rest]
        found = [index.add(articles[0])] if len(articles) == 1 else list(index.add_many(articles))
        assert [one.id for one in found] == [one.id for one in articles]
    elif kind == "load":
        articles = [make_article(name, version) for name, version in rest]
        n_new = sum(not is_stored(index, article) for article in articles)
        indexing._BLOCK, before = _LOADED, indexing._BLOCK
        try:
            assert index.load(articles) == n_new
        finally:
            indexing._BLOCK = before
    elif kind == "remove":
        index.remove(rest[0])
    elif kind == "expire":
        index.expire(DAY + timedelta(days=rest[0]))
    else:
        index.compact()


def is_stored(index: dedup.Index, article: dedup.Article) -> bool:
    """Return whether an index has exactly this version of an article."""
    return article.id in index and index.get(article.id).text == article.text


def replay(journal: Path) -> tuple[State, list[Any], str]:
    """Return what there is after all that was done, the step that was begun, and where in it."""
    state: State = {}
    step: list[Any] = []
    inside = ""
    for line in journal.read_text().splitlines():
        said, what = json.loads(line)
        if said == "begin":
            step, inside = what, ""
        elif said == "done":
            state, step = change(state, step), []
        else:
            inside = what if said == "in" else ""
    return state, step, inside


def work(path: Path, journal: Path, seed: int) -> None:
    """Change an index without end."""
    state, random = replay(journal)[0], Random(seed)
    stream = os.open(journal, os.O_WRONLY | os.O_APPEND)

    def write(said: str, what: Any = None) -> None:
        os.write(stream, f"{json.dumps([said, what])}\n".encode())

    def tell(owner: Any, name: str) -> None:
        function = getattr(owner, name)

        def told(*arguments: Any) -> Any:
            write("in", name)
            result = function(*arguments)
            write("out", name)
            return result

        setattr(owner, name, told)

    for owner, name in INSIDE:
        tell(owner, name)
    with dedup.Index(path) as index:
        while True:
            step = plan(state, random)
            write("begin", step)
            do(index, step)
            write("done")
            state = change(state, step)


def serve(path: Path, journal: Path) -> None:
    """Fork for each line of standard input."""
    make_small()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            work(path, journal, int(line))
        say(child)
        os.waitpid(child, 0)
        say("ended")


def say(line: object) -> None:
    """Write a line to standard output at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def fill(directory: Path) -> Iterator[dict[str, Any]]:
    """Work on a file system until it is full, make room, go on; several times over."""
    make_small()
    random = Random(9)
    ballast, path = directory / "ballast", directory / "index"
    state: State = {}
    index = dedup.Index(path)
    for turn in range(12):
        refused = None
        room = os.statvfs(directory)
        left = room.f_bavail * room.f_frsize - (turn + 1) * 150_000
        ballast.write_bytes(b"x" * max(left, 0))
        for _ in range(400):
            step = plan(state, random)
            try:
                do(index, step)
            except dedup.StoreError as error:
                refused = f"{type(error).__name__}: {error}"
                if step[0] == "load":  # the blocks before the one that was refused are stored
                    done = (is_stored(index, make_article(*one)) for one in step[1:])
                    state = change(state, step[: 1 + sum(done)])
                break
            state = change(state, step)
        yield check(index, state) | {"refused": refused, "step": step[0]}
        ballast.unlink()
        if turn % 2:
            index.close()
            index = dedup.Index(path)
        # Again what was refused.
        do(index, step)
        state = change(state, step)
        if len(state) > 40:
            for name in sorted(state)[20:]:
                index.remove(name)
                del state[name]
        index.compact()
        yield check(index, state)
    index.close()


def check(index: dedup.Index, state: State) -> dict[str, Any]:
    """Compare an index with what should be in it."""
    expected = {name: make_article(name, version).text for name, version in state.items()}
    listed = {one.name for one in index._store.segments()}
    return {
        "is_right": {article.id: article.text for article in index} == expected,
        "faults": list(map(str, index.verify())),
        "astray": sorted({file.name for file in index.path.glob("*.seg")} - listed),
        "n_articles": len(index),
    }


def same_tokens(one, other):
    """Return whether all columns of two batches of tokens are equal."""
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in one.__slots__)


if __name__ == "__main__":
    if sys.argv[1] == "--full":
        for outcome in fill(Path(sys.argv[2])):
            say(json.dumps(outcome))
    else:
        serve(Path(sys.argv[1]), Path(sys.argv[2]))
