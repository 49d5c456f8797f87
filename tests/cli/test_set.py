"""--set on every command that compares."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]

COMMANDS = [
    "report news",
    "compare news/a.txt news/b.txt",
    "explain news/a.txt news/b.txt",
    "filter news/in.jsonl",
    "index add x news",
    "index query x news",
]


@pytest.fixture(autouse=True)
def _in_news(run: Run, news: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(news.parent)
    assert run("index", "add", "x", "news", "--quiet", "--output", "/dev/null").exit_code == 0
    (news / "in.jsonl").write_text(json.dumps({"text": "Rain is expected in the north."}))


@pytest.mark.parametrize("line", COMMANDS)
def test_a_parameter_is_set(run: Run, line: str) -> None:
    result = run(*line.split(), "--set", "align.min_chars=60", "--set", "align.min_run = 9")
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("line", COMMANDS)
@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (["--set", "align.min_chars"], "--set align.min_chars: write BLOCK.NAME="),
        (["--set", "align.min_char=2"], "do you mean align.min_chars?"),
        (["--set", "align.min_chars=many"], "must be a whole number, not 'many'"),
        (["--set", "align.chance_rate=.7"], "must be 0.001 to 0.499, not 0.7"),
        (["--set", "align.min_score=9", "--sensitivity", "4"], "set the same parameter"),
    ],
)
def test_a_wrong_setting_is_wrong_usage(
    run: Run, line: str, settings: list[str], said: str
) -> None:
    result = run(*line.split(), *settings)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in " ".join(result.stderr.split())


def test_what_is_set_decides(run: Run) -> None:
    found = [
        len(json.loads(run("compare", "news/a.txt", "news/b.txt", "--format", "jsonl", "--set",
                           f"align.min_chars={n}").stdout)["passages"])
        for n in (40, 200)
    ]  # fmt: skip
    assert found == [1, 0]
