"""One case in this process: peak memory, the answer, and if that is right the time."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from bench import texts
from bench.answers import judge
from bench.cases import Case, Engine, find_version

# Runs a call so many times and returns the seconds of each.
Timer = Callable[[Callable[[], Any], int], Sequence[float]]
_MEGABYTE = 1_000_000
_N_WARM_UP = 8
# A fast case goes on for some seconds, at most so many rounds: whatever else the machine does
# comes in bursts, and the median should not be one of them.
_SECONDS, _MAX_ROUNDS = 3, 30


@dataclass(frozen=True, slots=True)
class Measurement:
    """What one case came to.

    Parameters
    ----------
    case : str
        Its name.
    version : str
        Of the engine's package; empty if that is not installed.
    fault : str
        Why there is no time, or for an engine that is listed apart, what its answers lack.
    rmse, recall, shifted : float or None
        As :class:`bench.answers.Answer` has them; of the RMSE the worst.
    formula, shifted_formula : float or None
        What the recalls should be.
    n_articles : int
        Texts given.
    megabytes, peak_megabytes : float
        UTF-8 of the texts; memory above what was resident before the call.
    seconds : tuple of float
        One a round; none if there is no time.
    """

    case: str
    version: str = ""
    fault: str = ""
    rmse: float | None = None
    recall: float | None = None
    formula: float | None = None
    shifted: float | None = None
    shifted_formula: float | None = None
    n_articles: int = 0
    megabytes: float = 0.0
    peak_megabytes: float = 0.0
    seconds: tuple[float, ...] = field(default=())

    @property
    def rate(self) -> float | None:
        """Megabytes a second in the median round."""
        return self.megabytes / median(self.seconds) if self.seconds else None

    @property
    def best_rate(self) -> float | None:
        """Megabytes a second in the fastest round."""
        return self.megabytes / min(self.seconds) if self.seconds else None

    @property
    def spread(self) -> float | None:
        """Slowest round less fastest, as a fraction of the median."""
        if not self.seconds:
            return None
        return (max(self.seconds) - min(self.seconds)) / median(self.seconds)


def measure(
    case: Case, engine: Engine, articles: Callable[[int], list[str]], timed: Timer
) -> Measurement:
    """Judge an engine, and time it if it is right.

    Parameters
    ----------
    case : Case
        What is done.
    engine : Engine
        Who does it.
    articles : callable
        Returns so many articles at most.
    timed : Timer
        The clock.

    Returns
    -------
    Measurement
        Without seconds if the engine is not installed or wrong.
    """
    version = find_version(engine)
    if version is None:
        return Measurement(str(case), fault=f"{engine.PACKAGE} is not installed")
    chosen = _choose(case, articles)
    prepared = engine.prepare(chosen, case.definition.given)

    def call() -> Any:
        return engine.run(prepared, case.definition.task, case.threads)

    # What is loaded at the first call is neither the memory nor the time of it.
    engine.run(prepared[:_N_WARM_UP], case.definition.task, case.threads)
    start = perf_counter()
    peak = measure_peak(call)
    rounds = max(case.definition.rounds, min(_MAX_ROUNDS, int(_SECONDS / (perf_counter() - start))))
    answer = judge(engine, case)
    worst = max(answer.rmse.values(), default=None)
    known = (worst, answer.recall, answer.formula, answer.shifted, answer.shifted_formula)
    if answer.fault and case.engine not in case.definition.apart:
        return Measurement(str(case), version, f"wrong answer: {answer.fault}", *known)
    size = sum(len(text.encode("utf-8", "surrogatepass")) for text in chosen) / _MEGABYTE
    seconds = tuple(timed(call, rounds))
    counted = (len(chosen), size, peak, seconds)
    return Measurement(str(case), version, answer.fault, *known, *counted)


def measure_peak(call: Callable[[], Any]) -> float:
    """Call once and return the peak of resident memory above what was there before, in MB.

    Linux forgets an earlier peak when asked to. Elsewhere the peak of the whole life of the
    process counts, and what the call takes shows only as far as it rises above that.
    """
    gc.collect()
    _return_free_memory()
    status = Path("/proc/self/status")
    if status.exists():
        Path("/proc/self/clear_refs").write_text("5")
        before = _read_status(status, "VmRSS")
        call()
        return _read_status(status, "VmHWM") - before
    before = _read_peak()
    call()
    return _read_peak() - before


def _choose(case: Case, articles: Callable[[int], list[str]]) -> list[str]:
    sizes = case.definition.articles
    if case.texts != "articles":
        return texts.write(case.texts, sizes["default"])
    return texts.sample(articles(sizes["default"]), case.n_articles)


def _read_status(status: Path, key: str) -> float:
    (line,) = (line for line in status.read_text().splitlines() if line.startswith(key))
    return int(line.split()[1]) * 1024 / _MEGABYTE


def _return_free_memory() -> None:
    """Give free pages of the heap back: a call that reuses them would seem to take nothing."""
    with contextlib.suppress(AttributeError):  # glibc only
        ctypes.CDLL(None).malloc_trim(0)


def _read_peak() -> float:
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / _MEGABYTE
