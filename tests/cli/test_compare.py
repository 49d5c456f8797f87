from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tests.cli.conftest import TEXT

Run = Callable[..., Result]


def test_two_files_are_compared(run: Run, news: Path) -> None:
    result = run("compare", news / "a.txt", news / "b.txt", "--quiet")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "The minister said on Monday" in result.stdout
    assert "A and B share text: 1 passage" in result.stdout


def test_nothing_shared_is_said(run: Run, news: Path) -> None:
    result = run("compare", news / "a.txt", news / "c.txt")
    assert result.exit_code == 0
    assert "A and B share no passage." in result.stdout


def test_jsonl_is_one_overlap(run: Run, news: Path) -> None:
    result = run("compare", news / "a.txt", news / "b.txt", "--format", "jsonl", "--preset", "news")
    (line,) = result.stdout.splitlines()
    overlap = json.loads(line)
    assert overlap["type"] == "overlap"
    (passage,) = overlap["passages"]
    start, end = passage["a"]
    assert (news / "a.txt").read_text()[start:end] == passage["text_a"]


def test_one_side_may_be_standard_input(run: Run, news: Path) -> None:
    record = json.dumps({"id": "in", "story": TEXT}).encode()
    arguments = ("--text-field", "story", "--format", "jsonl")
    result = run("compare", "-", news / "a.txt", *arguments, stdin=record)
    assert json.loads(result.stdout)["a"] == "in"


@pytest.mark.usefixtures("news")
def test_both_sides_cannot_be_standard_input(run: Run) -> None:
    result = run("compare", "-", "-")
    assert result.exit_code == 2
    assert "cannot both be standard input" in result.stderr


def test_each_side_holds_one_article(run: Run, news: Path) -> None:
    result = run("compare", news / "a.txt", news)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        f"dedup: error: {news}: has more than one article; compare takes files with one\n"
    )


def test_a_side_that_cannot_be_read_is_a_failure(run: Run, news: Path) -> None:
    (news / "empty.jsonl").touch()
    for name, reason in (
        ("none.txt", "No such file or directory"),
        ("empty.jsonl", "contains no article"),
    ):
        result = run("compare", news / "a.txt", news / name)
        assert result.exit_code == 1
        assert result.stderr == f"dedup: error: {news}/{name}: {reason}\n"


def test_a_bad_record_beside_the_article_stops_only_if_strict(
    run: Callable[..., Result], news: Path
) -> None:
    (news / "one.jsonl").write_text(f"no json\n{json.dumps({'text': TEXT})}\n")
    result = run("compare", news / "a.txt", news / "one.jsonl")
    assert result.exit_code == 0
    assert f"skipped {news}/one.jsonl:1: invalid JSON" in result.stderr
    result = run("compare", news / "a.txt", news / "one.jsonl", "--strict")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"dedup: error: {news}/one.jsonl:1: invalid JSON")


@pytest.mark.parametrize(
    ("name", "given"),
    [("r.html", "text"), ("r.JSONL", "text"), ("r.jsonl", "html"), ("r.jsonl.gz", "jsonl")],
)
def test_a_name_does_not_promise_another_format(
    run: Run, news: Path, tmp_path: Path, name: str, given: str
) -> None:
    target = tmp_path / name
    result = run("compare", news / "a.txt", news / "b.txt", "--format", given, "--output", target)
    assert result.exit_code == 2
    assert f"--output {target}" in result.stderr
    assert not target.exists()


def test_brackets_are_explained(run: Run, news: Path) -> None:
    assert "[Brackets]" in run("compare", news / "a.txt", news / "b.txt").stdout
    assert "[Brackets]" not in run("compare", news / "a.txt", news / "c.txt").stdout
