"""Fuzz every door of the core: ``python -m tests.fuzz.run --seconds 60``.

Each door runs in a process of its own, so that one that dies hides no other. A case is known by
its door and number: ``--door find_edges --case 17`` runs it alone.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from tests.chosen_core import choose_core

choose_core()

import numpy as np  # noqa: E402

from dedup import _core  # noqa: E402
from dedup.text import tables  # noqa: E402
from tests.fuzz import changes, draws  # noqa: E402
from tests.fuzz.doors import Door, read_doors  # noqa: E402
from tests.fuzz.seeds import FOLDING, Seeds, load  # noqa: E402
from tests.fuzz.session import Session, run_sessions  # noqa: E402

# What a door may answer to arguments that are wrong.
REFUSALS = (TypeError, ValueError, OverflowError, MemoryError)


def draw(door: Door, case: int, seeds: Seeds) -> list[Any]:
    """Return the arguments of a case."""
    rng = random.Random(f"{door.name} {case}")
    own = seeds.get(door.name)
    # A group of arrays that fit together is not made of nothing.
    is_grouped = any(argument.kind.startswith("_") for argument in door.arguments)
    if own and (case % 4 or is_grouped):
        return changes.change(door, own, rng)
    return draws.make(door, rng)


def _probe(folding: _core.Folding, case: int) -> None:
    # What a folding was not checked for shows where words are looked up in it.
    text = draws.draw_text(random.Random(case), 60)
    text = np.append(text, np.zeros(_core.PADDING, np.uint8))
    offsets = np.array([0, len(text) - _core.PADDING])
    for variant in _core.find_variants():
        _core.mark_articles(text, offsets, folding, variant)


def run_case(door: Door, case: int, seeds: Seeds) -> bool:
    """Run a case and tell whether the door took the arguments."""
    values = [
        tables.checked_folding() if isinstance(value, str) and value == FOLDING else value
        for value in draw(door, case, seeds)
    ]
    try:
        found = door(*values)
    except REFUSALS:
        return False
    if isinstance(found, _core.Folding):
        _probe(found, case)
    return True


def _sessions(seeds: Seeds, seconds: float, first: int, logs: Path) -> Iterator[Session]:
    doors = list(read_doors().values())
    # What takes numbers alone has few ways to go wrong.
    weights = {
        door.name: 1.0 if any(one.kind == "array" for one in door.arguments) else 0.1
        for door in doors
    }
    share = seconds * (os.cpu_count() or 1) / sum(weights.values())

    def start(door: Door) -> Session:
        run = partial(run_case, door, seeds=seeds)
        return Session(door.name, run, share * weights[door.name], first, logs / f"{door.name}.txt")

    return run_sessions([partial(start, door) for door in doors])


def main() -> int:
    """Fuzz, print a row for each door, and return whether any failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seeds", type=Path, help="what the tests asked, see tests/fuzz/seeds.py")
    parser.add_argument("--logs", type=Path, default=Path("build/sanitize/fuzz"))
    parser.add_argument("--door")
    parser.add_argument("--case", type=int)
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    given = parser.parse_args()
    seeds = load(given.seeds) if given.seeds else {}
    seeds["Folding"] = [(*tables.folding(), *tables.listed_words())]
    if given.case is not None:
        door = read_doors()[given.door]
        print(draw(door, given.case, seeds))
        print("taken" if run_case(door, given.case, seeds) else "refused")
        return 0
    given.logs.mkdir(parents=True, exist_ok=True)
    failures: list[str] = []
    for session in _sessions(seeds, given.seconds, given.first, given.logs):
        n_cases, n_taken, _ = session.notes.read()
        n_cases -= given.first
        n_seeds = len(seeds.get(session.name, []))
        print(f"{session.name:22} {n_cases:7} cases, {n_taken:7} taken, {n_seeds:3} seeds")
        failures += session.failures
    print("\n".join(failures) or "nothing failed")
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
