"""Figures of stories and sources for the floors: one seed, a few seconds."""

from __future__ import annotations

from bench.accuracy.figures import AccuracyRow
from bench.stories.partitions import measure_agreement
from bench.stories.run import measure_sources, read_claims
from bench.stories.seen import see

SEED = 1


def measure_stories() -> list[AccuracyRow]:
    """Measure pairs and B-cubed of stories, and the accuracy of sources.

    Returns
    -------
    list of AccuracyRow
        The same on every machine.
    """
    seen = see(SEED)
    members = [[member.article for member in one.members] for one in seen.report.stories]
    found = measure_agreement(seen.spreads.stories, members)
    named = measure_sources("usual", list(read_claims(seen))).values
    return [
        AccuracyRow(
            "stories",
            "pairs of one story",
            precision=found.pair_precision,
            recall=found.pair_recall,
            f1=found.pair_f,
        ),
        AccuracyRow(
            "stories",
            "stories, B-cubed",
            precision=found.cubed_precision,
            recall=found.cubed_recall,
            f1=found.cubed_f,
        ),
        AccuracyRow("stories", "named sources", precision=named["right"], recall=named["claimed"]),
        AccuracyRow(
            "stories", "named sources, else the earliest", recall=named["right or earliest"]
        ),
    ]
