"""Kill the driver of a run on Spark in or between stages, and resume it."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

from bench.spark.processes import list_processes
from bench.spark.session import Setting, open_session
from bench.spark.tables import TABLES, digest_tables

_PARTS = 4
_POLL = 0.002


class Kill(NamedTuple):
    """Where a driver is killed: a stage, and how much of it is there."""

    stage: str
    # "half": its folder is being written; "unlisted": its folder is whole, and the manifest does
    # not have it yet; "whole": the manifest has it.
    state: str


KILLS = (
    Kill("ranks", "whole"),
    Kill("masked", "half"),
    Kill("indexed", "whole"),
    Kill("found", "half"),
    Kill("pairs", "whole"),
    Kill("aligned", "unlisted"),
    Kill("gathered", "half"),
)


def lose_drivers(folder: Path, expected: dict[str, str]) -> bool:
    """Run, with a driver killed and the run resumed time after time; return whether all is well.

    Parameters
    ----------
    folder : Path
        Has the articles in ``input``.
    expected : dict
        Digests of the tables of a report.
    """
    codes = [_start(folder, number, kill) for number, kill in enumerate(KILLS)]
    codes.append(_start(folder, len(KILLS), None))
    made = Counter((folder / "made").read_text().split())
    again = Counter(kill.stage for kill in KILLS if kill.state != "whole")
    told = json.loads((folder / "drivers.json").read_text())
    different = [name for name in TABLES if told[name] != expected[name]]
    wrong = {name: n for name, n in made.items() if n != 1 + again[name]}
    print(
        f"drivers lost in {[f'{kill.stage} ({kill.state})' for kill in KILLS]}: differs in "
        f"{different or 'nothing'}; {len(made)} stages, made {made.total()} times, "
        f"{again.total()} of them after a kill; other times than due: {wrong or 'none'}"
    )
    return not different and not wrong and codes == [-signal.SIGKILL] * len(KILLS) + [0]


def _start(folder: Path, number: int, kill: Kill | None) -> int | None:
    process = get_context("spawn").Process(target=_run, args=(folder, number, kill))
    process.start()
    process.join()
    return process.exitcode


def _run(folder: Path, number: int, kill: Kill | None) -> None:
    from dedup.adapters.spark import find_overlaps

    own = folder / f"driver-{number}"
    own.mkdir()
    with open_session(Setting(_PARTS, True), str(own)) as spark:
        df = spark.read.parquet(str(folder / "input"))
        with _watched(folder / "drivers", folder / "made", kill):
            found = find_overlaps(df, work=str(folder / "drivers"), resume=True)
        digests = digest_tables({one: getattr(found, one).toArrow() for one in TABLES})
    (folder / "drivers.json").write_text(json.dumps(digests))


@contextmanager
def _watched(folder: Path, log: Path, kill: Kill | None) -> Iterator[None]:
    """Log the stages that are made, and end this process where it should be killed."""
    from dedup.adapters.spark.store import StageStore

    keep, write = StageStore.keep, StageStore._write

    def watched(self: StageStore, name: str, make: Callable[[], Any], **sums: str) -> Any:
        def logged() -> Any:
            with log.open("a") as file:
                file.write(f"{name}\n")
            if kill == (name, "half"):
                own = folder / name
                threading.Thread(target=_kill_writer, args=(own,), daemon=True).start()
            return make()

        found = keep(self, name, logged, **sums)
        if kill == (name, "whole"):
            kill_driver()
        return found

    def listed(self: StageStore, stage: str, content: Any, mode: str) -> None:
        if kill == (stage, "unlisted"):
            kill_driver()
        write(self, stage, content, mode)

    StageStore.keep, StageStore._write = watched, listed  # type: ignore[method-assign]
    try:
        yield
    finally:
        StageStore.keep, StageStore._write = keep, write  # type: ignore[method-assign]


def _kill_writer(path: Path) -> None:
    """Kill the driver once a task writes to a folder that is not whole."""
    while not list(path.glob("_temporary/**/part-*")):
        threading.Event().wait(_POLL)
    kill_driver()


def kill_driver() -> None:
    """Kill this process and the JVM and workers below it."""
    for process in reversed(list_processes()):
        os.kill(process.id, signal.SIGKILL)
