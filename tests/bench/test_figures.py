"""Rows of accuracy: the table, the record, the picture, and what the gate takes from them."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

import dedup
from bench import gate
from bench.accuracy import background, news_reuse, run
from bench.accuracy.figures import AccuracyRow, lay_out, read_tally
from bench.accuracy.plot import LABELS, draw
from bench.accuracy.spans import Tally
from bench.accuracy.sweep import GRADED, SHARES, list_settings
from bench.gate import FLOORS, compare_rows, read_floors, update
from bench.stories import floors as story_floors

ROWS = [
    read_tally("sweep", "substitute", Tally(4, 4, 3, 2.7, 1, 0), 0.3),
    read_tally("sweep", "swap", Tally(4, 4, 0, 0.0, 0, 0)),
    AccuracyRow("PAN", "none", n_pairs=7, recall=0.5, precision=0.25, f1=1 / 3),
]


def test_a_row_says_what_a_tally_counted() -> None:
    row = ROWS[0]
    assert (row.title, row.recall, row.iou, row.false_rate, row.clean) == (
        "substitute 30%",
        0.75,
        pytest.approx(0.9),
        0.25,
        0.75,
    )
    assert (ROWS[1].title, ROWS[1].iou, ROWS[2].clean) == ("swap", None, None)


def test_the_table_has_a_line_a_row_and_a_gap_between_parts() -> None:
    head, first, second, gap, third = lay_out(ROWS)
    assert max(map(len, (head, first, second, third))) <= 100
    assert first.split() == [
        "sweep", "substitute", "30%", "4", "4", "0.750", "0.900", "0.2500", "0.0000",
    ]  # fmt: skip
    assert second.split() == ["sweep", "swap", "4", "4", "0.000", "0.0000", "0.0000"]
    assert gap == ""
    assert third.split() == ["PAN", "none", "7", "0.500", "0.250", "0.333"]
    assert list(lay_out([])) == [head]


def test_the_picture_is_drawn(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="the extra bench is not installed")
    path = tmp_path / "picture.png"
    rows = [
        read_tally("sweep", kind, Tally(40, 40, 20, 18.0), share)
        for kind in GRADED
        for share in SHARES
    ]
    draw(rows, path)
    assert path.read_bytes().startswith(b"\x89PNG")
    assert LABELS.keys() == set(GRADED)


@pytest.fixture(autouse=True)
def _no_data(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide the data of this machine: a test that measures all there is would take minutes."""
    for name in [name for name in os.environ if name.startswith("DEDUP_")]:
        monkeypatch.delenv(name)


# ------------------------------------------------------------------ the gate

PINNED: dict[str, Any] = {
    "input": "0",
    "floors": {
        "recall": {"of": "substitute 30%", "count": "recall", "floor": 0.7, "aim": 0.9},
        "clean": {"of": "substitute 30%", "count": "clean", "floor": 0.8},
    },
}


def test_rows_hold_their_floors_or_not() -> None:
    recall, clean = compare_rows(ROWS, PINNED)
    assert (recall.measured, recall.holds, recall.aim) == (0.75, True, 0.9)
    assert (clean.measured, clean.holds) == (0.75, False)
    assert not any(one.holds for one in compare_rows([], PINNED))
    assert "not measured" in str(compare_rows([], PINNED)[0])


def test_an_update_raises_what_holds_and_refuses_what_does_not() -> None:
    recall, clean = compare_rows(ROWS, PINNED)
    with pytest.raises(ValueError, match="clean: measured"):
        update([recall, clean], PINNED, allow_regression=False)
    new = update([recall, clean], PINNED, allow_regression=True)
    assert [entry["floor"] for entry in new["floors"].values()] == [0.75, 0.75]


def test_every_floor_names_a_row_and_a_figure_of_it() -> None:
    titles = {
        AccuracyRow("", one.kind, one.share if one.kind in GRADED else None).title
        for one in list_settings()
    }
    titles |= {"all settings", "corpus/gold.jsonl", "same event", "other events"}
    titles |= {"pairs of one story", "stories, B-cubed"}
    titles |= {"named sources", "named sources, else the earliest"}
    titles |= {"chars all", "found all", "found quiet pairs"}
    titles |= {f"found {label}" for label in news_reuse.LABELS}
    floors = read_floors(FLOORS)["accuracy"]["floors"]
    named = {name: entry for name, entry in floors.items() if name.startswith("languages: ")}
    for name, entry in named.items():
        # Rows of languages and of kinds of planted sentences.
        language = re.fullmatch(r"languages: (\w\w) (recall|clean)", name)
        of, count = (f"language {language[1]}", language[2]) if language else (name[11:], "recall")
        assert (entry["of"], entry["count"]) == (of, count)
    entries = [entry for name, entry in floors.items() if name not in named]
    assert {entry["of"] for entry in entries} <= titles
    assert {entry["count"] for entry in entries} <= {"recall", "iou", "clean", "precision", "f1"}


@pytest.mark.parametrize(
    ("floor", "pinned_input", "arguments", "code"),
    [
        (0.7, "same", [], 0),
        (0.8, "same", [], 1),
        (0.7, "other", [], 1),
        (0.7, "same", ["--update"], 0),
        (0.8, "same", ["--update"], 1),
        (0.7, "other", ["--update"], 1),
        (0.8, "other", ["--update", "--allow-regression"], 0),
    ],
)
def test_the_exit_code(
    floor: float,
    pinned_input: str,
    arguments: list[str],
    code: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entry = {"of": "substitute 30%", "count": "recall", "floor": floor}
    part = {"input": pinned_input, "floors": {"recall": entry}}
    floors = tmp_path / "floors.json"
    floors.write_text(json.dumps({"input": "speed", "floors": {}, "accuracy": part}))
    monkeypatch.setattr(gate, "FLOORS", floors)
    monkeypatch.setattr(run, "measure_ours", lambda params: ROWS)
    monkeypatch.setattr(story_floors, "measure_stories", list)
    monkeypatch.setattr(run, "digest_corpus", lambda: "same")
    before = floors.read_text()
    assert gate.main(["--accuracy", *arguments]) == code
    if code or not arguments:
        assert floors.read_text() == before
    else:
        after = json.loads(floors.read_text())
        assert after["input"] == "speed"
        assert after["accuracy"]["input"] == "same"
        assert after["accuracy"]["floors"]["recall"]["floor"] == 0.75


# ------------------------------------------------------------------ the whole


def test_one_command_measures_what_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run.sweep, "sweep", lambda params: {})
    monkeypatch.setattr(run.gold, "measure", lambda params: Tally(3, 2, 1, 0.5))
    monkeypatch.setattr(run, "RECORDS", tmp_path)
    monkeypatch.setattr(run, "draw", lambda rows, path: None)
    run.main([])
    printed = capsys.readouterr().out
    assert "corpus/gold.jsonl" in printed
    assert "same event" in printed
    assert "PAN" not in printed
    assert "METER" not in printed
    (record,) = tmp_path.rglob("*.csv")
    assert "same event" in record.read_text()


def test_the_digest_is_of_all_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    before = run.digest_corpus()
    assert before == run.digest_corpus()
    monkeypatch.setattr(run, "_TEXTS", run._TEXTS[1:])
    assert run.digest_corpus() != before


def test_press_releases_are_a_row_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.jsonl"
    lines = [
        {"id": str(n), "outlet": str(n), "published": f"{2000 + 2 * n}-01-01", "text": f"Fog {n}"}
        for n in range(4)
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    monkeypatch.setattr(background, "pair_releases", lambda path: pairs(path, 5))
    row = run.measure_releases(path, dedup.Params())
    assert (row.name, row.n_pairs, row.false_rate) == ("press releases", 5, 0)


pairs = background.pair_releases
