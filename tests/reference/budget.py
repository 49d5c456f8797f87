"""Which seeds of a query are read: the rarest of every window, others while a budget lasts."""

from __future__ import annotations

from collections.abc import Sequence

SKIPPED, READ, ALWAYS_READ = 0, 1, 2


def choose_seeds(
    positions: Sequence[int],
    counts: Sequence[int],
    window: int,
    n_rarest: int,
    max_bucket: int,
    max_entries: int,
) -> list[int]:
    """Look at every window that begins at a seed, up to one that holds the last, for its rarest."""
    carried = [seed for seed, count in enumerate(counts) if count > 0]
    rarity = sorted(carried, key=lambda seed: (counts[seed], seed))
    always = set()
    for number, first in enumerate(positions):
        if number and positions[-1] < positions[number - 1] + window:
            break
        inside = [seed for seed in rarity if first <= positions[seed] < first + window]
        always.update(inside[:n_rarest])
    left = max_entries - sum(min(counts[seed], max_bucket) for seed in always)
    readings = [READ if count <= 0 else SKIPPED for count in counts]
    for seed in always:
        readings[seed] = ALWAYS_READ
    for seed in rarity:
        if seed in always:
            continue
        left -= min(counts[seed], max_bucket)
        if left < 0:
            break
        readings[seed] = READ
    return readings
