"""Fuzz everything that reads files: ``python -m tests.fuzz.files --seconds 60``.

Files that the package reads well are made, damaged at random, and read. A case is known by its
target and number: ``--target parquet --case 17`` runs it alone.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from random import Random

from dedup.model.date_forms import find_date
from tests.fuzz import samples
from tests.fuzz.session import Session, run_sessions
from tests.fuzz.targets import TARGETS, WHOLE

# Bytes that a case may take beside what the process has: above what 10 MB of text may cost.
_MEMORY = 4 << 30
# Bytes that mean something to a format.
_TOKENS = [
    b"\0", b"\xff" * 4, b"\x7f\xff\xff\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"\n", b"\r\n", b'"',
    b"{", b"[" * 200, b"}", b"\\ud800", b"\\", b"</script>", b"<!--", b"<div>" * 300, b"&#0;",
    b"1e999", b"-1", b"NaN", b"Content-Length: 99999999999\r\n", b"WARC/1.0\r\n", b"\r\n\r\n",
    b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"PAR1", b"\xf0\x9f\x98\x80", b"\xed\xa0\x80", b"\x1b[2J",
]  # fmt: skip


def damage(raw: bytes, others: list[bytes], rng: Random) -> bytes:
    """Return bytes that differ from `raw` in a few places."""
    changed = bytearray(raw)
    for _ in range(rng.choice((1, 1, 2, 4, 16))):
        at = rng.randrange(len(changed) + 1)
        end = min(len(changed), at + rng.choice((1, 2, 8, 100, 5000)))
        kind = rng.randrange(8)
        if kind < 2 and at < len(changed):
            changed[at] ^= 1 << rng.randrange(8)
        elif kind == 2:
            changed[at:end] = rng.randbytes(end - at)
        elif kind == 3:
            changed[at:at] = rng.choice(_TOKENS) * rng.choice((1, 1, 50))
        elif kind == 4:
            del changed[at:end]
        elif kind == 5:
            changed[at:at] = changed[at:end] * rng.choice((1, 30))
        elif kind == 6:
            del changed[at:]
        else:
            other = rng.choice(others)
            start = rng.randrange(len(other) + 1)
            changed[at:end] = other[start : start + rng.choice((10, 1000))]
    return bytes(changed)


def run_case(target: str, files: dict[str, bytes], case: int) -> bool:
    """Run a case in a new directory; return whether nothing was found wrong with the file."""
    rng = Random(f"{target} {case}")
    name = rng.choice(sorted(files))
    changed = damage(files[name], list(files.values()), rng) if case else files[name]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(changed)
        if target in ("index", "tables"):  # the other files of a folder
            for other, raw in files.items():
                if other != name:
                    Path(folder, other).write_bytes(raw)
        return TARGETS[target](Path(folder), path)


def _limit_memory(run: Callable[[int], bool], case: int) -> bool:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + _MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (most, resource.RLIM_INFINITY))
    return run(case)


def main() -> int:
    """Fuzz, print a row for each target, and return whether any failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--logs", type=Path, default=Path("build/fuzz"))
    parser.add_argument("--target", choices=sorted(TARGETS))
    parser.add_argument("--case", type=int)
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    given = parser.parse_args()
    corpus = samples.make()
    WHOLE.update(corpus["index"])
    with suppress(ValueError):
        find_date("5 brumaire 2021")  # the library of dates takes seconds to load
    if given.case is not None:
        print("taken" if run_case(given.target, corpus[given.target], given.case) else "refused")
        return 0
    given.logs.mkdir(parents=True, exist_ok=True)
    names = [given.target] if given.target else sorted(TARGETS)
    share = given.seconds * min(os.cpu_count() or 1, len(names)) / len(names)

    def start(name: str) -> Session:
        run = partial(_limit_memory, partial(run_case, name, corpus[name]))
        return Session(name, run, share, given.first, given.logs / f"{name}.txt")

    failures: list[str] = []
    for session in run_sessions([partial(start, name) for name in names]):
        n_cases, n_taken, _ = session.notes.read()
        print(f"{session.name:10} {n_cases - given.first:7} cases, {n_taken:7} taken", flush=True)
        failures += session.failures
    print("\n".join(failures) or "nothing failed")
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
