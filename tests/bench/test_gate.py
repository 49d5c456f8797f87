"""The gate: what it compares, and that it lowers nothing by itself."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from bench import gate, run
from bench.accuracy import run as accuracy
from bench.accuracy.figures import AccuracyRow
from bench.cases import Case, list_cases
from bench.gate import FLOORS, compare_all, digest_input, read_floors, update
from bench.measure import Measurement
from bench.stories import floors as stories
from bench.texts import digest_file

PINNED: dict[str, Any] = {
    "input": "0",
    "floors": {
        "speed": {"of": "a", "over": "b", "floor": 4.0, "aim": 8},
        "recall": {"of": "a", "count": "shifted", "floor": 0.9},
    },
}


def found(ratio: float, recall: float = 0.95) -> dict[str, Measurement]:
    return {
        "a": Measurement("a", megabytes=ratio, seconds=(1.0, 2.0), shifted=recall),
        "b": Measurement("b", megabytes=1.0, seconds=(1.0, 9.0)),
    }


@pytest.mark.parametrize(
    ("ratio", "recall", "expected"),
    [
        (5.0, 0.9, [True, True]),
        (3.85, 0.8999, [True, False]),  # a ratio has an epsilon, a count has none
        (3.7, 0.95, [False, True]),
    ],
)
def test_floors_hold_or_not(ratio: float, recall: float, expected: list[bool]) -> None:
    compared = compare_all(found(ratio, recall), PINNED)
    assert [one.holds for one in compared] == expected
    assert ["BELOW" in str(one) for one in compared] == [not one for one in expected]


def test_a_case_without_time_does_not_hold_and_says_why() -> None:
    measured = found(5.0) | {"b": Measurement("b", fault="b is not installed")}
    speed, recall = compare_all(measured, PINNED)
    assert not speed.holds
    assert "b is not installed" in str(speed)
    assert recall.holds
    assert "not measured" in str(compare_all({}, PINNED)[0])


def test_an_update_raises_floors_and_leaves_headroom() -> None:
    new = update(compare_all(found(10.0), PINNED), PINNED, allow_regression=False)
    assert new["floors"]["speed"] == {"of": "a", "over": "b", "floor": 8.0, "aim": 8}
    assert new["floors"]["recall"]["floor"] == 0.95


def test_an_update_keeps_a_floor_that_holds_without_headroom() -> None:
    new = update(compare_all(found(4.1), PINNED), PINNED, allow_regression=False)
    assert new["floors"]["speed"]["floor"] == 4.0


def test_an_update_refuses_to_lower_a_floor() -> None:
    compared = compare_all(found(2.0), PINNED)
    with pytest.raises(ValueError, match="speed: measured 2, floor 4; --allow-regression"):
        update(compared, PINNED, allow_regression=False)
    lowered = update(compared, PINNED, allow_regression=True)
    assert lowered["floors"]["speed"]["floor"] == 1.6
    assert PINNED["floors"]["speed"]["floor"] == 4.0


def test_an_update_refuses_what_was_not_measured() -> None:
    with pytest.raises(ValueError, match="nothing to pin"):
        update(compare_all({}, PINNED), PINNED, allow_regression=True)


def test_every_floor_names_cases_that_there_are() -> None:
    known = {str(case) for case in list_cases()}
    if os.cpu_count() == 1:
        pytest.skip("two threads need two processors")
    for entry in read_floors(FLOORS)["floors"].values():
        for key in {"of", "over"} & set(entry):
            assert entry[key].replace("-all", f"-{os.cpu_count()}") in known


def test_the_digest_changes_with_the_articles() -> None:
    assert digest_input(["a"]) != digest_input(["b"])


def test_a_file_that_changed_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file, floors = tmp_path / "languages.jsonl", tmp_path / "floors.json"
    file.write_text("{}")
    entry = {"languages: xx": {"of": "language xx", "count": "recall", "floor": 0.5}}
    pinned = {"input": "same", "floors": entry, "languages": digest_file(file)}
    floors.write_text(json.dumps(PINNED | {"accuracy": pinned}))
    row = AccuracyRow("languages", "language xx", recall=0.9)
    monkeypatch.setattr(gate, "FLOORS", floors)
    monkeypatch.setattr(accuracy, "measure_ours", lambda params: [])
    monkeypatch.setattr(stories, "measure_stories", list)
    monkeypatch.setattr(accuracy, "digest_corpus", lambda: "same")
    monkeypatch.setattr(accuracy, "measure_languages", lambda path, params, steps: [row])
    monkeypatch.delenv("DEDUP_NEWS_REUSE", raising=False)
    monkeypatch.setenv("DEDUP_LANGUAGES", str(file))
    assert gate.main(["--accuracy"]) == 0
    file.write_text("{} ")
    assert gate.main(["--accuracy"]) == 1
    assert "languages changed" in capsys.readouterr().out
    assert gate.main(["--accuracy", "--update"]) == 1
    assert gate.main(["--accuracy", "--update", "--allow-regression"]) == 0
    assert json.loads(floors.read_text())["accuracy"]["languages"] == digest_file(file)


@pytest.mark.parametrize(
    ("ratio", "pinned_input", "arguments", "code"),
    [
        (5.0, "same", [], 0),
        (3.0, "same", [], 1),
        (5.0, "other", [], 1),
        (5.0, "other", ["--update"], 1),
        (5.0, "other", ["--update", "--allow-regression"], 0),
        (3.0, "same", ["--update"], 1),
        (3.0, "same", ["--update", "--allow-regression"], 0),
    ],
)
def test_the_exit_code(
    ratio: float,
    pinned_input: str,
    arguments: list[str],
    code: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    floors = tmp_path / "floors.json"
    floors.write_text(json.dumps(PINNED | {"input": pinned_input}))
    cases = [case for case in list_cases() if case.engine == "ours"][:2]
    ours = dict(zip(map(str, cases), found(ratio).values(), strict=True))
    text = floors.read_text().replace('"a"', f'"{cases[0]}"').replace('"b"', f'"{cases[1]}"')
    floors.write_text(text)

    def run_cases(asked: list[Case], articles: list[str]) -> list[tuple[Case, Measurement]]:
        return [(case, ours[str(case)]) for case in asked]

    monkeypatch.setattr(gate, "FLOORS", floors)
    monkeypatch.setattr(gate, "load_articles", lambda path, n: ["an article"])
    monkeypatch.setattr(gate, "digest_input", lambda articles: "same")
    monkeypatch.setattr(run, "run_cases", run_cases)
    before = floors.read_text()
    assert gate.main(arguments) == code
    if code or not arguments:
        assert floors.read_text() == before
    else:
        assert json.loads(floors.read_text())["input"] == "same"
