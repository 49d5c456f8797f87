"""The table fits a screen and the record says what it must."""

from __future__ import annotations

import csv
import json
import math
import subprocess
import sys
from pathlib import Path

import pytest

from bench import run
from bench.cases import list_cases
from bench.figures import lay_out, record
from bench.measure import Measurement
from bench.records import describe_machine, name_machine, write_record
from bench.table import lay_out_head, lay_out_line

ROOT = Path(__file__).parents[2]
CASES = {str(case): case for case in list_cases() if case.threads == 1}


def row(name: str, seconds: float, fault: str = "", megabytes: float = 3.0) -> run.Row:
    timed = (seconds, seconds, 2 * seconds) if seconds else ()
    known = (1.04, 0.41, 0.43, 0.99, 1.0)
    return CASES[name], Measurement(
        name, "1.0", fault, *known, n_articles=1000, megabytes=megabytes, seconds=timed
    )


ROWS = [
    row("sketch-ours-1", 0.01),
    row("sketch-rensa-1", 0.1),
    row("sketch-rensa_rho-1", 0.05, "RMSE 6"),
    row("sketch-datasketch-1", 0.0, "wrong answer: " + 20 * "RMSE 3.00 of theory"),
    row("tokens-rensa-1", 0.005),
    (CASES["index-gaoya-1"], Measurement("index-gaoya-1", fault="gaoya is not installed")),
    row("scripts.chinese-ours-1", 0.02),
]


def test_the_table_is_at_most_100_columns_wide() -> None:
    assert max(map(len, "\n".join(lay_out(ROWS)).splitlines())) <= 100


def test_the_table_has_no_time_where_there_is_none() -> None:
    lines = "\n".join(lay_out(ROWS)).splitlines()
    (absent,) = (line for line in lines if line.startswith("index"))
    assert absent.endswith("1  gaoya is not installed")
    (wrong,) = (line for line in lines if "datasketch" in line)
    assert "wrong answer" in wrong


def test_what_is_apart_comes_after_all_others() -> None:
    lines = "\n".join(lay_out(ROWS)).splitlines()
    (heading,) = (at for at, line in enumerate(lines) if line.startswith("Separate"))
    (rho,) = (at for at, line in enumerate(lines) if "rensa_rho" in line)
    assert rho == heading + 1


def test_what_is_not_known_is_blank_in_a_table() -> None:
    columns = (("name", "what", "<8"), ("share", "share", ">7.2f"), ("n", "n", ">4"))
    assert lay_out_head(columns) == "what      share   n"
    assert lay_out_line(columns, {"name": "one", "share": 0.5, "n": 3}) == "one        0.50   3"
    assert lay_out_line(columns, {"name": "none", "share": math.nan}) == "none" + 15 * " "


def test_the_record_has_every_figure() -> None:
    lines = list(record(ROWS))
    assert len({tuple(line) for line in lines}) == 1
    ratios = [line["ours_over_it"] or 0 for line in lines]
    assert ratios == pytest.approx([1, 10, 5, 0, 0.5, 0, 1])
    assert lines[1]["megabytes_per_s"] == pytest.approx(30)
    assert lines[1]["texts_per_s"] == pytest.approx(10_000)
    assert lines[5]["fault"] == "gaoya is not installed"
    assert lines[3]["median_s"] is None


def test_a_record_is_written_with_the_machine(tmp_path: Path) -> None:
    lines = [{"name": "a", "recall": 2 / 3}, {"name": "b", "recall": math.nan, "n": 7}]
    path = write_record(tmp_path / "new", lines, {"commit": "abc"}, "-4GB")
    assert path.name.endswith("-4GB.csv")
    assert path.read_text() == "name,recall,commit,n\na,0.666667,abc,\nb,,abc,7\n"


def test_a_machine_has_a_name_for_a_folder() -> None:
    assert name_machine({"cpu": "AMD EPYC (Milan)", "cpus": "2"}) == "amd-epyc-milan-2"
    machine = describe_machine()
    assert machine["python"] == sys.version.split()[0]
    assert machine["numpy"]


def test_a_run_prints_a_table_and_writes_a_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "RECORDS", tmp_path)
    # pytest-benchmark measures nothing where it sees a worker of pytest-xdist.
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    articles = tmp_path / "articles.json"
    articles.write_text(json.dumps(["One text of five words."] * 40))
    run.main(["--articles", str(articles), "--only", "floor-"])
    printed = capsys.readouterr().out
    assert printed.startswith("articles.json, 40 articles")
    assert "table_pass" in printed
    (written,) = tmp_path.glob("*/*.csv")
    with written.open(newline="") as stream:
        lines = list(csv.DictReader(stream))
    assert [line["engine"] for line in lines] == ["table_pass", "plain_copy"]
    assert all(float(line["min_s"]) > 0 for line in lines)


def test_the_suite_runs_alone() -> None:
    command = [sys.executable, "-m", "pytest", "bench/test_speed.py", "-q", "-k", "floor"]
    done = subprocess.run(
        [*command, "-p", "no:cacheprovider", "--limit", "20"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "2 passed" in done.stdout
