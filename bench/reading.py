"""Draw shown passages of a run for reading by people, and count what two readers said of each.

    python -m bench.reading draw RUN.jsonl [--n 100] [--seed 1] [--apart] > sample.jsonl
    python -m bench.reading tally sample.jsonl FIRST.jsonl SECOND.jsonl

A sample has one line a passage: ids, spans, confidence, and no text. ``--apart`` takes pairs of
different outlets only, one passage a pair. A reader writes one line a passage, ``{"n": 0,
"verdict": "reuse"}``, with one of the verdicts below, without seeing the other reader's.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dedup.model.passage import LEAST_COUNTED

# Reuse of wording; a quotation of one speaker; wording that many use; text around an article;
# two passages or own sentences in one; not reused.
VERDICTS = ("reuse", "quotation", "formula", "furniture", "wide", "wrong")
# Roles of passages that people see.
_SHOWN = ("text", "quotation")
# What an editor would sign.
_RIGHT = ("reuse", "quotation")


def _is_shown(passage: dict[str, Any]) -> bool:
    """Return whether people see a passage, as `dedup.Passage.is_counted` says."""
    return passage["role"] in _SHOWN and passage["confidence"] >= LEAST_COUNTED


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Read JSON Lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def draw(lines: list[dict[str, Any]], n: int, seed: int, is_apart: bool) -> list[dict[str, Any]]:
    """Return shown passages of a run in random order, without their texts.

    Parameters
    ----------
    lines : list of dict
        Lines of a report in JSON Lines.
    n : int
        Number of passages; fewer if the run has fewer.
    seed : int
        Seed of the choice.
    is_apart : bool
        Only pairs of articles of different outlets, and one passage a pair.
    """
    chooser = random.Random(seed)
    outlets = {line["id"]: line["outlet"] for line in lines if line["type"] == "article"}
    found: list[dict[str, Any]] = []
    for line in lines:
        if line["type"] != "overlap":
            continue
        a, b = line["a"], line["b"]
        if is_apart and outlets[a] == outlets[b]:
            continue
        passages = [one for one in line["passages"] if _is_shown(one)]
        chosen = [chooser.choice(passages)] if is_apart and passages else passages
        found += [
            {
                "a": a,
                "b": b,
                "spans": [one["a"], one["b"]],
                "kind": one["kind"],
                "role": one["role"],
                "confidence": one["confidence"],
            }
            for one in chosen
        ]
    return [{"n": k, **one} for k, one in enumerate(chooser.sample(found, min(n, len(found))))]


def tally(first: list[dict[str, Any]], second: list[dict[str, Any]]) -> Iterator[str]:
    """Format the verdicts of two readers and where they disagree.

    Raises
    ------
    ValueError
        If a verdict is unknown or the two read different passages.
    """
    verdicts = [{one["n"]: one["verdict"] for one in lines} for lines in (first, second)]
    if verdicts[0].keys() != verdicts[1].keys():
        raise ValueError("the two readers read different passages")
    unknown = {one for own in verdicts for one in own.values()} - set(VERDICTS)
    if unknown:
        raise ValueError(f"unknown verdicts: {', '.join(sorted(unknown))}")
    counts = [Counter(own.values()) for own in verdicts]
    yield f"{'verdict':<12}{'first':>8}{'second':>8}"
    for name in VERDICTS:
        yield f"{name:<12}{counts[0][name]:>8}{counts[1][name]:>8}"
    right = [sum(count[name] for name in _RIGHT) for count in counts]
    yield f"{'right':<12}{right[0]:>8}{right[1]:>8}   of {len(verdicts[0])}"
    agree = sum((verdicts[0][k] in _RIGHT) == (verdicts[1][k] in _RIGHT) for k in verdicts[0])
    yield f"both agree on right or not: {agree} of {len(verdicts[0])}"


def main() -> None:
    """Run a command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    drawing = commands.add_parser("draw")
    drawing.add_argument("run", type=Path)
    drawing.add_argument("--n", type=int, default=100)
    drawing.add_argument("--seed", type=int, default=1)
    drawing.add_argument("--apart", action="store_true")
    counting = commands.add_parser("tally")
    for name in ("sample", "first", "second"):
        counting.add_argument(name, type=Path)
    options = parser.parse_args()
    if options.command == "draw":
        for one in draw(read_lines(options.run), options.n, options.seed, options.apart):
            sys.stdout.write(json.dumps(one) + "\n")
        return
    for line in tally(read_lines(options.first), read_lines(options.second)):
        sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
