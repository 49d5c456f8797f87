"""Articles of one component, linked by pairs or by words, are in one block."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.required import skip_without

try:
    import pyarrow as pa

    from dedup.adapters.spark.components import place_components
except ImportError as error:
    skip_without("spark", f"no {error.name}")

ARTICLES = st.integers(0, 30)
WORDS = st.integers(-8, -1)


def _join(edges):
    """Return the component of each vertex: sets are merged until none share a vertex."""
    components = []
    for edge in edges:
        joined = set(edge)
        apart = [one for one in components if not one & joined]
        for one in components:
            joined |= one if one & joined else set()
        components = [*apart, joined]
    return [frozenset(one) for one in components]


@given(st.lists(st.tuples(st.one_of(ARTICLES, WORDS), ARTICLES), max_size=30), st.integers(1, 5))
def test_components_are_whole_and_spread_over_blocks(edges, n_parts):
    ends = np.array(edges, np.int64).reshape(-1, 2)
    table = pa.table({"a": ends[:, 0], "b": ends[:, 1]})
    sizes = pa.table({"number": np.arange(30, -1, -1), "size": np.full(31, 10)})
    placed = place_components(table, sizes, 1 << 20, n_parts).to_pylist()
    block = {row["number"]: row["block"] for row in placed}
    assert len(block) == len(placed)
    assert block.keys() == {int(one) for one in ends.reshape(-1) if one >= 0}
    components = [{v for v in one if v >= 0} for one in _join(edges)]
    assert all(len({block[v] for v in one}) == 1 for one in components)
    largest = max(map(len, components), default=0)
    per_block = [list(block.values()).count(one) for one in set(block.values())]
    assert max(per_block, default=0) <= len(block) / n_parts + 1 + largest
