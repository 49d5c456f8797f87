from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tests.cli.conftest import TEXT

Run = Callable[..., Result]


def test_two_files_are_explained(run: Run, news: Path) -> None:
    result = run("explain", news / "a.txt", news / "b.txt", "--quiet")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "A and B share 1 passage; the best scores" in result.stdout
    assert "candidate.min_hits" in result.stdout
    assert "The minister said on Monday" in result.stdout


def test_nothing_reported_is_no_failure(run: Run, news: Path) -> None:
    result = run("explain", news / "a.txt", news / "c.txt")
    assert result.exit_code == 0
    assert "Nothing is reported: " in result.stdout


def test_ids_among_a_collection(run: Run, news: Path) -> None:
    result = run("explain", "a.txt", "c.txt", "--among", news)
    assert result.exit_code == 0
    assert result.stdout.startswith("A  a.txt, “A first paragraph")
    assert "\nB  c.txt, “Rain is expected" in result.stdout
    assert "3 articles" in result.stdout


def test_jsonl_is_one_explanation(run: Run, news: Path) -> None:
    a, b = news / "a.txt", news / "b.txt"
    result = run("explain", a, b, "--among", a, "--among", b, "--format", "jsonl")
    (line,) = result.stdout.splitlines()
    explanation = json.loads(line)
    assert explanation["type"] == "explanation"
    assert explanation["is_reported"]
    assert explanation["n_articles"] == 2


def test_more_sensitive_is_told_to_need_less(run: Run, news: Path) -> None:
    needed = []
    for sensitivity in ("3", "30"):
        arguments = ("--format", "jsonl", "--sensitivity", sensitivity)
        result = run("explain", news / "a.txt", news / "b.txt", *arguments)
        needed.append(json.loads(result.stdout)["stretches"][0]["needed"])
    assert needed[0] > needed[1]


def test_one_side_may_be_standard_input(run: Run, news: Path) -> None:
    record = json.dumps({"id": "in", "story": TEXT}).encode()
    arguments = ("--text-field", "story", "--quiet")
    result = run("explain", "-", news / "a.txt", *arguments, stdin=record)
    assert result.stdout.startswith("A  in, “The minister said")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("x", "a.txt", "--among", "."), 1, "no article of the id 'x' among the 3"),
        (("a.txt", "a.txt", "--among", "."), 1, "a and b are both 'a.txt'"),
        (("a.txt", "."), 1, "has more than one article; explain takes files with one"),
        (("a.txt", "x"), 1, "x: No such file or directory"),
        (("-", "-"), 2, "cannot both be standard input"),
        (("a.txt",), 2, "Missing argument 'B'"),
    ],
)
def test_failures_are_one_line(
    run: Run,
    news: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    code: int,
    message: str,
) -> None:
    monkeypatch.chdir(news)
    result = run("explain", *arguments)
    assert (result.exit_code, result.stdout) == (code, "")
    assert message in result.stderr
