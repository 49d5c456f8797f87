from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain

import pytest

from dedup.render import json, matches, terminal
from dedup.render.naming import Look
from tests.render import samples

PRINTED = {
    "full.txt": lambda: terminal.report_lines(samples.FULL, Look()),
    "full-color.txt": lambda: terminal.report_lines(samples.FULL, Look(color=True)),
    "full-narrow.txt": lambda: terminal.report_lines(samples.FULL, Look(width=40)),
    "full.jsonl": lambda: json.report_lines(samples.FULL, "1.2.3"),
    "empty.txt": lambda: terminal.report_lines(samples.EMPTY, Look()),
    "empty-timings.jsonl": lambda: json.report_lines(samples.EMPTY, "1.2.3", timings=True),
    "pair.txt": lambda: terminal.overlap_lines(
        samples.overlap("paper", "wire", samples.EDITED), Look(), samples.PAPER, samples.WIRE
    ),
    "matches.txt": lambda: chain.from_iterable(matches.matches_parts(samples.KNOWN, Look())),
    "matches-color.txt": lambda: chain.from_iterable(
        matches.matches_parts(samples.KNOWN, Look(color=True))
    ),
    "matches.jsonl": lambda: (json.line(known.to_dict()) for _, known in samples.KNOWN),
    "stats.txt": lambda: matches.stats_lines(samples.STATS, Look(width=40)),
    "stats.jsonl": lambda: [json.line(samples.STATS.to_dict())],
    "pair-none.txt": lambda: terminal.overlap_lines(samples.overlap("a", "b"), Look()),
}


@pytest.mark.parametrize("name", PRINTED)
def test_output_is_golden(name: str, check_golden: Callable[[str, bytes], None]) -> None:
    lines: Iterable[str] = PRINTED[name]()
    check_golden(name, "".join(f"{line}\n" for line in lines).encode())
