"""Hold ratios and counted quantities to floors, and lower a floor only when told to.

Run as ``python -m bench.gate`` for speed and ``python -m bench.gate --accuracy`` for accuracy. All
texts are our own or synthesized, so that the gate is the same everywhere.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.accuracy.figures import AccuracyRow
from bench.answers import N_PAIRS
from bench.cases import DEFINITIONS, list_cases
from bench.measure import Measurement
from bench.texts import SCRIPTS, digest, load_articles, make_pairs, write

FLOORS = Path(__file__).parent / "floors.json"
N_ARTICLES = 2000
# Two runs of the same code differ by as much as this on a machine that does little else; a
# ratio is of the fastest rounds, since noise only ever adds time. Counted quantities have none.
EPSILON = 0.05
# A new floor leaves this share of what was measured, or the next busy minute would trip it.
HEADROOM = 0.8
NOT_MEASURED = "(not measured)"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One floor and what was measured.

    Parameters
    ----------
    name : str
        What the ratio says.
    measured : float or None
        None if a case of it has no time.
    floor : float
        Least value.
    aim : float or None
        Where it should get to.
    is_counted : bool
        Whether it holds to the last digit.
    reason : str
        Why there is no value.
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
        """Lay out a line of the report."""
        n_digits = 3 if self.is_counted else 2
        value = f"{self.measured:>8.{n_digits}f}" if self.measured is not None else f"{'-':>8}"
        aim = f"  aim {self.aim:g}" if self.aim else ""
        verdict = "" if self.holds else f"  BELOW {self.reason}".rstrip()
        return f"{self.name:<52}{value}  floor {self.floor:.4g}{aim}{verdict}"


def read_floors(path: Path) -> dict[str, Any]:
    """Return what the file of floors holds."""
    floors: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return floors


def compare_all(found: Mapping[str, Measurement], pinned: Mapping[str, Any]) -> list[Comparison]:
    """Compare what was measured with every floor.

    Parameters
    ----------
    found : mapping of str to Measurement
        By case.
    pinned : mapping
        What :func:`read_floors` returned.

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
    """Compare what was measured of accuracy with every floor.

    Parameters
    ----------
    rows : sequence of AccuracyRow
        What was measured.
    pinned : mapping
        With ``floors``: for each name the title of a row (``of``), one of its figures (``count``),
        the ``floor``, and perhaps an ``aim``.

    Returns
    -------
    list of Comparison
        In the order of the file; all are counted, so none has any slack.
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
    """Return a digest of all that decides what is measured and what is right.

    These are the definitions, the engines, the judge, and the generated texts.
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
    """Return floors raised to what was measured, less the headroom.

    Parameters
    ----------
    compared : sequence of Comparison
        What was measured.
    pinned : dict
        What the file holds; left as it is.
    allow_regression : bool
        Whether a floor may be lowered.

    Returns
    -------
    dict
        To be written.

    Raises
    ------
    ValueError
        If a value is missing, or if a floor would be lowered and may not be.
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
        # Rounded down, else a counted quantity would miss the floor that it set.
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
        compared, now = _measure_accuracy(part)
    else:
        part = pinned
        compared, now = _measure_speed(part)
    print(*map(str, compared), sep="\n")
    if options.update:
        if now != part["input"] and not options.allow_regression:
            print(
                "refused: what is measured has changed; --allow-regression takes it",
                file=sys.stderr,
            )
            return 1
        try:
            new = update(compared, part, options.allow_regression) | {"input": now}
        except ValueError as refused:
            print(f"refused: {refused}", file=sys.stderr)
            return 1
        new = pinned | {"accuracy": new} if options.accuracy else new
        FLOORS.write_text(json.dumps(new, indent=2) + "\n", encoding="utf-8")
        return 0
    if now != part["input"]:
        print(f"definitions or texts changed: {now}, not {part['input']}; see --update")
        return 1
    return 0 if all(one.holds for one in compared) else 1


def _measure_speed(pinned: Mapping[str, Any]) -> tuple[list[Comparison], str]:
    from bench.run import run_cases

    articles = load_articles(None, N_ARTICLES)
    floors = {name: one for name, one in pinned["floors"].items() if _is_possible(one["of"])}
    entries = floors.values()
    needed = {_resolve(entry[key]) for entry in entries for key in ("of", "over") if key in entry}
    cases = [case for case in list_cases() if str(case) in needed]
    found = {str(case): measured for case, measured in run_cases(cases, articles)}
    return compare_all(found, {**pinned, "floors": floors}), digest_input(articles)


def _measure_accuracy(pinned: Mapping[str, Any]) -> tuple[list[Comparison], str]:
    import dedup
    from bench.accuracy.run import digest_corpus, measure_ours
    from bench.stories.floors import measure_stories

    rows = [*measure_ours(dedup.Params()), *measure_stories()]
    return compare_rows(rows, pinned), digest_corpus()


def _resolve(case: str) -> str:
    return case.replace("-all", f"-{os.cpu_count() or 1}")


def _is_possible(case: str) -> bool:
    """Tell whether this machine has the processors that a case takes."""
    return int(_resolve(case).rpartition("-")[2]) <= (os.cpu_count() or 1)


def _count(found: Measurement, name: str) -> float | None:
    if name == "theory_over_rmse":
        return 1 / found.rmse if found.rmse else None
    value: float | None = getattr(found, name)
    return value


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Hold speed or accuracy to its floors.")
    parser.add_argument("--accuracy", action="store_true", help="accuracy, and not speed")
    parser.add_argument("--update", action="store_true", help="raise the floors to this run")
    parser.add_argument(
        "--allow-regression", action="store_true", help="let --update lower a floor"
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
