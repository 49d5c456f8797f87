"""A run on Spark gives the tables of a report, value by value and in the same order."""

from __future__ import annotations

import json
import random
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from click.testing import CliRunner

from tests.required import skip_without

try:
    import pyarrow as pa

    from dedup.adapters.spark import components, find_overlaps, plan, postings
    from dedup.adapters.spark.output import write_tables
    from dedup.adapters.spark.store import StageStore
except ImportError as error:
    skip_without("spark", f"no {error.name}")

import dedup
from dedup.cli import main
from dedup.group.story import find_components
from dedup.params import Params
from dedup.render.json import report_lines
from dedup.render.tables import TABLES as COLUMNS

CORPUS = Path(__file__).parents[3] / "corpus" / "articles.jsonl"
TABLES = ("articles", "overlaps", "passages", "families", "stories", "boilerplate")
NOTICE = "Readers who wish to write to the editor may do so at the address on our front page."
# The formats of JSON Lines and of Spark agree but for times.
pytestmark = pytest.mark.filterwarnings("ignore")


def _notice(record, at):
    text = f"{at} {record['text'][::-1]}\n\n{NOTICE}"
    return record | {"id": f"note-{at}", "outlet": "The Post", "text": text}


def _records():
    records = [json.loads(line) for line in CORPUS.read_text().splitlines()]
    kept = [{key: one.get(key) for key in ("id", "text", "outlet", "published", "title", "url")}
            | {"byline": "Associated Press" if at % 5 == 0 else None}
            for at, one in enumerate(records)]  # fmt: skip
    first = kept[0]
    kept += [
        # One outlet, many notices; an outlet of two names; one id, two texts and a repeat.
        *(_notice(kept[at], at) for at in range(8)),
        first | {"id": "copy", "outlet": "www.cbsnews.com"},
        first | {"id": "copy-2", "outlet": "CBSNews"},
        kept[1] | {"text": kept[1]["text"] + " And so it went on for days."},
        dict(kept[2]),
        kept[3] | {"id": "undated", "published": "the day after"},
        kept[3] | {"id": "short", "text": "Two words"},
        kept[3] | {"id": "empty", "text": None},
    ]  # fmt: skip
    random.Random(4).shuffle(kept)
    return kept


@pytest.fixture(scope="module")
def table():
    return pa.Table.from_pylist(_records())


def _list_stages(work):
    return {path.name: path.stat().st_mtime_ns for path in Path(work, "stages").iterdir()}


def _end_before(stage, keep):
    def run(self, name, make, **sums):
        if name == stage:
            raise InterruptedError
        return keep(self, name, make, **sums)

    return run


@pytest.fixture(scope="module")
def run(spark, table, tmp_path_factory):
    """A run, with a row without an id, in three partitions."""
    work = str(tmp_path_factory.mktemp("work"))
    nameless = pa.Table.from_pylist([table.to_pylist()[0] | {"id": None}], table.schema)
    df = spark.createDataFrame(pa.concat_tables([table, nameless])).repartition(3)
    df.write.parquet(f"{work}/input")
    df = spark.read.parquet(f"{work}/input")
    # The driver ends between two stages, with the second half written.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StageStore, "keep", _end_before("found", StageStore.keep))
        with pytest.raises(InterruptedError):
            find_overlaps(df, work=f"{work}/stages")
    half = Path(work, "stages", "found")
    half.mkdir()
    (half / "part-00000.parquet").write_text("half")
    whole = _list_stages(work)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(postings, "MAX_POSTINGS", 2000)  # several partitions
        found = find_overlaps(df, work=f"{work}/stages")
    now = _list_stages(work)
    assert {name for name in whole if now[name] != whole[name]} == {"found", "manifest"}
    return SimpleNamespace(found=found, df=df, work=work)


@pytest.fixture(scope="module")
def report(table):
    return dedup.find_overlaps(table)


def test_all_tables_are_those_of_a_report(run, report):
    expected = report.to_arrow()
    for name in TABLES:
        got = getattr(run.found, name).toArrow()
        assert got.schema.names == expected[name].schema.names
        assert got.to_pylist() == expected[name].to_pylist(), name
    assert expected["boilerplate"].num_rows
    assert expected["stories"].num_rows
    counts = {row["name"]: row["value"] for row in run.found.counts.collect()}
    assert counts == report.counts


def test_components_found_on_executors_give_the_same(run, report, monkeypatch, tmp_path):
    monkeypatch.setattr(plan, "MAX_COLLECTED", 0)
    found = find_overlaps(run.df, work=str(tmp_path))
    assert (tmp_path / "blocks").is_dir()
    expected = report.to_arrow()
    for name in ("families", "stories"):
        assert getattr(found, name).toArrow().to_pylist() == expected[name].to_pylist(), name


def test_a_manifest_of_another_version_is_an_error_that_names_it(spark, run, tmp_path):
    spark.sql("SELECT 'run' AS stage").write.parquet(f"{tmp_path}/manifest")
    with pytest.raises(dedup.DedupError, match=r"manifest cannot be read.*--fresh"):
        find_overlaps(run.df, work=str(tmp_path))


def test_what_is_skipped_is_listed(run):
    rows = {row["id"]: row["reason"] for row in run.found.skipped.collect()}
    assert rows.keys() == {None, "undated", "short", "empty"}
    assert rows[None] == "no id"
    assert "words" in rows["short"]
    assert "undated" in rows["undated"]


def test_a_finished_run_is_read_and_not_made_again(run, report):
    stages = _list_stages(run.work)
    again = find_overlaps(run.df, work=f"{run.work}/stages")
    assert again.overlaps.count() == len(report.overlaps)
    assert _list_stages(run.work) == stages
    with pytest.raises(dedup.DedupError, match=r"params.candidate.days was 0.0 and is 3"):
        find_overlaps(run.df, work=f"{run.work}/stages", days=3)
    with pytest.raises(dedup.DedupError, match=r"input.n_rows was 40 and is 5"):
        find_overlaps(run.df.limit(5), work=f"{run.work}/stages")


def test_the_output_is_a_run_that_render_reads(spark, run, report, tmp_path):
    write_tables(spark, run.found, f"{tmp_path}/out", Params())
    result = CliRunner().invoke(main, ["render", f"{tmp_path}/out", "--format", "jsonl"])
    assert result.exit_code == 0, result.output
    expected = [json.loads(line) for line in report_lines(report, dedup.__version__)]
    got = [json.loads(line) for line in result.stdout.splitlines()]
    # A report of a data frame counts its own faults, not notes and rows without an id.
    expected[0]["n_skipped"] = 4
    assert got == expected


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ("'a' AS id, 'b' AS body", "no column 'text'"),
        ("1 AS id, 'b' AS text", "'id' must be string, not int"),
        ("'a' AS id, 'b' AS text, true AS published", "'published' must be string or date"),
    ],
)
def test_a_wrong_column_fails_before_any_job(spark, tmp_path, columns, message):
    df = spark.sql(f"SELECT {columns}")
    with pytest.raises(dedup.ParameterError, match=message):
        find_overlaps(df, work=str(tmp_path))
    assert not list(tmp_path.iterdir())


def test_components_are_those_of_a_union(spark, tmp_path):
    rng = np.random.default_rng(3)
    path = np.stack([np.arange(20), np.arange(1, 21)], axis=1)  # the worst case of a star
    ends = np.concatenate([rng.permutation(21)[path], 21 + rng.integers(0, 60, (40, 2))])
    edges = spark.createDataFrame(ends.tolist(), "a long, b long")

    def keep(name, make):
        make().write.parquet(f"{tmp_path}/{name}")
        return spark.read.parquet(f"{tmp_path}/{name}")

    rows = components.find_components(edges, keep).collect()
    apart = ends[ends[:, 0] != ends[:, 1]]
    roots = find_components(apart, 81)
    expected = {int(one): int(roots[one]) for one in np.unique(apart)}
    assert {row["number"]: row["root"] for row in rows} == expected


def test_old_articles_and_days(spark, table, tmp_path):
    """Pairs of two old articles are left out, and those that lie far apart."""
    rows = [row for row in table.to_pylist() if row["text"]]
    old, new = (pa.Table.from_pylist(part, table.schema) for part in (rows[:14], rows[14:]))
    frames = [spark.createDataFrame(part) for part in (new, old)]
    found = find_overlaps(frames[0], against=frames[1], days=20, work=str(tmp_path))
    report = dedup.find_overlaps(new, against=old, days=20)
    expected = report.to_arrow()
    assert expected["overlaps"].num_rows
    for name in ("overlaps", "passages", "families", "stories", "boilerplate"):
        assert getattr(found, name).toArrow().to_pylist() == expected[name].to_pylist(), name


def test_no_articles_give_empty_tables(spark, tmp_path):
    df = spark.sql("SELECT 'a' AS id, 'b' AS text").where("id = 'b'")
    found = find_overlaps(df, work=str(tmp_path))
    for name in TABLES:
        frame = getattr(found, name)
        assert frame.columns == [column.name for column in COLUMNS[name]]
        assert not frame.count()
