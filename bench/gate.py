"""Check ratios and counts against floors, which only an explicit option lowers.

Run as ``python -m bench.gate`` for speed and ``python -m bench.gate --accuracy`` for accuracy. All
texts are ours or synthetic, so that the gate is the same everywhere, or in files that are known by
their digests.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bench.accuracy.figures import AccuracyRow
from bench.answers import N_PAIRS
from bench.cases import DEFINITIONS, list_cases
from bench.measure import Measurement
from bench.texts import SCRIPTS, digest, digest_file, load_articles, make_pairs, write

FLOORS = Path(__file__).parent / "floors.json"
N_ARTICLES = 2000
# Difference between two runs of the same code on an idle machine. Ratios use the fastest rounds,
# because noise only adds time. Counts have no noise.
EPSILON = 0.05
# A new floor is this share of the measured value, so that a busy machine does not fail it.
HEADROOM = 0.8
NOT_MEASURED = "(not measured)"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One floor and its measured value.

    Parameters
    ----------
    name : str
        Meaning of the ratio.
    measured : float or None
        Measured value; None if a case has no time.
    floor : float
        Least value.
    aim : float or None
        Target value.
    is_counted : bool
        Whether it is a count, compared exactly.
    reason : str
        Why a value is missing.
    """

    name: str
    measured: float | None
    floor: float
    aim: float | None
    is_counted: bool
    reason: str

    @property
    def holds(self) -> bool:
        """Whether the floor is reached."""
        slack = 0 if self.is_counted else EPSILON
        return self.measured is not None and self.measured >= self.floor * (1 - slack)

    def __str__(self) -> str:
        """Format a line of the report."""
        n_digits = 3 if self.is_counted else 2
        value = f"{self.measured:>8.{n_digits}f}" if self.measured is not None else f"{'-':>8}"
        aim = f"  aim {self.aim:g}" if self.aim else ""
        verdict = "" if self.holds else f"  BELOW {self.reason}".rstrip()
        return f"{self.name:<52}{value}  floor {self.floor:.4g}{aim}{verdict}"


def read_floors(path: Path) -> dict[str, Any]:
    """Read the file of floors."""
    floors: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return floors


def compare_all(found: Mapping[str, Measurement], pinned: Mapping[str, Any]) -> list[Comparison]:
    """Compare measurements with all floors.

    Parameters
    ----------
    found : mapping of str to Measurement
        Measurements by case.
    pinned : mapping
        Result of :func:`read_floors`.

    Returns
    -------
    list of Comparison
        In the order of the file.
    """
    compared = []
    for name, entry in pinned["floors"].items():
        is_counted = "count" in entry
        of = found.get(_resolve(entry["of"]))
        over = of if is_counted else found.get(_resolve(entry["over"]))
        if of is None or over is None:
            value, reason = None, NOT_MEASURED
        elif is_counted:
            value, reason = _count(of, entry["count"]), f"({of.fault})"
        else:
            value = of.best_rate / over.best_rate if of.best_rate and over.best_rate else None
            reason = f"({of.fault or over.fault})"
        reason = "" if value is not None else reason
        floor, aim = entry["floor"], entry.get("aim")
        compared.append(Comparison(name, value, floor, aim, is_counted, reason))
    return compared


def compare_rows(rows: Sequence[AccuracyRow], pinned: Mapping[str, Any]) -> list[Comparison]:
    """Compare accuracy with all floors.

    Parameters
    ----------
    rows : sequence of AccuracyRow
        Measured rows.
    pinned : mapping
        With ``floors``: by name, the title of a row (``of``), one of its figures (``count``), the
        ``floor``, and optionally an ``aim``.

    Returns
    -------
    list of Comparison
        In the order of the file; all are counts, compared exactly.
    """
    by_title = {row.title: row for row in rows}
    compared = []
    for name, entry in pinned["floors"].items():
        row = by_title.get(entry["of"])
        value: float | None = getattr(row, entry["count"]) if row else None
        reason = NOT_MEASURED if value is None else ""
        compared.append(Comparison(name, value, entry["floor"], entry.get("aim"), True, reason))
    return compared


def digest_input(articles: Sequence[str]) -> str:
    """Return a digest of all inputs of the measurement.

    These are definitions, engines, judges and generated texts.
    """
    here = Path(__file__).parent
    judges = [here / "answers.py", here / "shingles.py", here / "measure.py"]
    paths = [*sorted(DEFINITIONS.glob("*.toml")), *sorted(here.glob("engines/*.py")), *judges]
    pairs = [make_pairs(size, n_pairs) for size, n_pairs in N_PAIRS.items()]
    return digest(
        [
            *(path.read_text(encoding="utf-8") for path in paths),
            *(text for one in pairs for pair in one for text in pair[:2]),
            *(text for script in SCRIPTS for text in write(script, 10)),
            *articles,
        ]
    )


def update(
    compared: Sequence[Comparison], pinned: dict[str, Any], allow_regression: bool
) -> dict[str, Any]:
    """Return floors raised to the measured values, minus the headroom.

    Parameters
    ----------
    compared : sequence of Comparison
        Measured rows.
    pinned : dict
        Contents of the file; not changed.
    allow_regression : bool
        Whether a floor may be lowered.

    Returns
    -------
    dict
        New contents of the file.

    Raises
    ------
    ValueError
        If a value is missing, or a floor would be lowered without permission.
    """
    floors = dict(pinned["floors"])
    for one in compared:
        if one.measured is None:
            raise ValueError(f"{one.name}: nothing to pin {one.reason}")
        if not one.holds and not allow_regression:
            raise ValueError(
                f"{one.name}: measured {one.measured:.3g}, floor {one.floor:.4g}; "
                "--allow-regression lowers it"
            )
        worth = one.measured if one.is_counted else one.measured * HEADROOM
        # Round down, or a count would miss its own floor.
        new = math.floor(worth * 1000) / 1000
        floor = max(new, one.floor) if one.holds else new
        floors[one.name] = pinned["floors"][one.name] | {"floor": floor}
    return pinned | {"floors": floors}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the script and return its exit code.

    Parameters
    ----------
    arguments : sequence of str, optional
        The command line, by default the process's own.
    """
    options = _parse(arguments)
    pinned = read_floors(FLOORS)
    if options.accuracy:
        part = pinned["accuracy"]
        compared, inputs = _measure_accuracy(part)
    else:
        part = pinned
        compared, inputs = _measure_speed(part)
    changed = [name for name, now in inputs.items() if now != part.get(name)]
    print(*map(str, compared), sep="\n")
    if options.update:
        if changed and not options.allow_regression:
            print(
                f"refused: inputs changed ({', '.join(changed)}); --allow-regression accepts them",
                file=sys.stderr,
            )
            return 1
        try:
            new = update(compared, part, options.allow_regression) | inputs
        except ValueError as refused:
            print(f"refused: {refused}", file=sys.stderr)
            return 1
        new = pinned | {"accuracy": new} if options.accuracy else new
        FLOORS.write_text(json.dumps(new, indent=2) + "\n", encoding="utf-8")
        return 0
    for name in changed:
        print(f"{name} changed: {inputs[name]}, not {part.get(name)}; see --update")
    if changed:
        return 1
    return 0 if all(one.holds for one in compared) else 1


def _measure_speed(pinned: Mapping[str, Any]) -> tuple[list[Comparison], dict[str, str]]:
    from bench.run import run_cases

    articles = load_articles(None, N_ARTICLES)
    floors = {name: one for name, one in pinned["floors"].items() if _is_possible(one["of"])}
    entries = floors.values()
    needed = {_resolve(entry[key]) for entry in entries for key in ("of", "over") if key in entry}
    cases = [case for case in list_cases() if str(case) in needed]
    found = {str(case): measured for case, measured in run_cases(cases, articles)}
    return compare_all(found, {**pinned, "floors": floors}), {"input": digest_input(articles)}


def _measure_accuracy(
    pinned: Mapping[str, Any],
) -> tuple[list[Comparison], dict[str, str]]:
    import dedup
    from bench.accuracy.languages import GATE_STEPS
    from bench.accuracy.run import (
        digest_corpus,
        measure_languages,
        measure_news_reuse,
        measure_ours,
    )
    from bench.stories.floors import measure_stories

    rows = [*measure_ours(dedup.Params()), *measure_stories()]
    inputs = {"input": digest_corpus()}
    floors = pinned["floors"]
    for part, variable, measure in (
        ("news-reuse", "DEDUP_NEWS_REUSE", measure_news_reuse),
        ("languages", "DEDUP_LANGUAGES", partial(measure_languages, steps=GATE_STEPS)),
    ):
        if path := os.environ.get(variable):
            rows.extend(measure(Path(path), dedup.Params()))
            inputs[part] = digest_file(Path(path))
        else:
            print(f"{part}: not measured, {variable} names no file")
            floors = {name: one for name, one in floors.items() if not name.startswith(part)}
    return compare_rows(rows, {**pinned, "floors": floors}), inputs


def _resolve(case: str) -> str:
    return case.replace("-all", f"-{os.cpu_count() or 1}")


def _is_possible(case: str) -> bool:
    """Return whether this machine has enough processors for a case."""
    return int(_resolve(case).rpartition("-")[2]) <= (os.cpu_count() or 1)


def _count(found: Measurement, name: str) -> float | None:
    if name == "theory_over_rmse":
        return 1 / found.rmse if found.rmse else None
    value: float | None = getattr(found, name)
    return value


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Check speed or accuracy against its floors.")
    parser.add_argument("--accuracy", action="store_true", help="check accuracy instead of speed")
    parser.add_argument("--update", action="store_true", help="raise the floors to this run")
    parser.add_argument(
        "--allow-regression", action="store_true", help="let --update lower a floor"
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
