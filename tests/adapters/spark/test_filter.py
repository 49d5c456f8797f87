"""A filter on Spark keeps and drops what a filter on one machine does, in the same order."""

from __future__ import annotations

import pytest

from tests.required import skip_without

try:
    import pyarrow as pa

    from dedup.adapters.spark import filter as filter_on_spark
    from tests.adapters.spark.test_parity import _records
except ImportError as error:
    skip_without("spark", f"no {error.name}")

import dedup

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def table():
    """Articles; ids repeat, texts are too short to compare, and an id is as a filter makes it."""
    rows = _records()
    short = {"id": "short", "text": "Two words", "outlet": "B"}
    rows += [
        rows[3] | {"title": "Again"},
        rows[5] | {"id": rows[6]["id"]},
        rows[6] | {"id": f"{rows[6]['id']} (2)", "published": None},
        dict.fromkeys(rows[0]) | short,
    ]
    return pa.Table.from_pylist(rows)


@pytest.mark.parametrize("is_by_story", [True, False])
def test_articles_are_those_that_a_filter_keeps(spark, table, tmp_path, is_by_story):
    old, options = None, {"by": "story"}
    if not is_by_story:
        rows = [row for row in table.to_pylist() if row["text"]]
        old = pa.Table.from_pylist(rows[:8], table.schema)
        options = {"contained": True, "min_similarity": 0.5, "keep": "longest"}
        # Most pairs of copies are left out of the search, and compared by the filter.
        values = {"candidate.max_pairs_per_family": "1"}
        options["params"] = dedup.Params().with_values(values)
    frames = [one and spark.createDataFrame(one) for one in (table, old)]
    found = filter_on_spark(frames[0], against=frames[1], work=str(tmp_path), **options)
    expected = dedup.filter(table, against=old or (), **options)
    columns = ("id", "text", "outlet", "published", "url", "title")
    kept = [tuple(row[name] for name in columns) for row in found.kept.collect()]
    articles = [one.to_dict() for one in expected.kept]
    assert kept == [tuple(one[name] for name in columns) for one in articles]
    dropped = [row.asDict() | {"type": "dropped"} for row in found.dropped.collect()]
    assert dropped == [one.to_dict() for one in expected.dropped]
    assert dropped
    counts = {row["name"]: row["value"] for row in found.counts.collect()}
    assert counts == {
        "n_kept": len(expected.kept),
        "n_dropped": len(expected.dropped),
        "n_short": expected.n_short,
        "n_unsure": expected.n_unsure,
        "n_renamed": expected.n_renamed,
    }


def test_wrong_options_fail_before_any_job(spark, tmp_path):
    df = spark.sql("SELECT 'a' AS id, 'b' AS text")
    with pytest.raises(dedup.ParameterError, match="prefer_outlets"):
        filter_on_spark(df, keep="outlet", work=str(tmp_path))
    assert not list(tmp_path.iterdir())
