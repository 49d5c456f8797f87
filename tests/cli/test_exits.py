"""Exit codes, and what a shell sees: some of it only a process of its own can show."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

import dedup
from dedup.cli import COMMANDS

Run = Callable[..., Result]


def dedup_process(*arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "dedup", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False, timeout=300, **options)


@pytest.mark.parametrize(
    ("failure", "code", "line"),
    [
        (dedup.ReadError("a.jsonl", "no text field", 3), 1, "error: a.jsonl:3: no text field"),
        (dedup.ParameterError("k must be at least 1"), 1, "error: k must be at least 1"),
        (OSError(28, "No space left on device", "/tmp/x"), 1,
         "error: /tmp/x: No space left on device"),
        (OSError("odd"), 1, "error: odd"),
        (MemoryError(), 1, "error: out of memory"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (KeyError("x"), 1,
         "error: bug in dedup: KeyError('x') (python -X dev -m dedup shows the traceback)"),
    ],
)  # fmt: skip
def test_every_failure_is_one_line(
    run: Run, engine: Any, news: Path, failure: BaseException, code: int, line: str
) -> None:
    engine.failure = failure
    result = run("report", news, "--quiet")
    assert (result.exit_code, result.stdout) == (code, "")
    assert result.stderr == f"dedup: {line}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["report"],
        ["report", "x", "--nonsense"],
        ["report", "x", "--jobs", "0"],
        ["report", "x", "--format", "pdf"],
        ["report", "x", "--preset", "nonsense"],
        ["compare", "x"],
    ],
)
def test_wrong_usage_exits_with_2(run: Run, arguments: list[str]) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Usage: " in result.stderr


def test_version(run: Run) -> None:
    assert run("--version").stdout == f"dedup {dedup.__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [["--version"], ["--help"], ["index", "add", "--help"], *([c, "--help"] for c in COMMANDS)],
)
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    script = (
        "import sys\n"
        "from dedup.cli import main\n"
        f"main({arguments!r}, standalone_mode=False)\n"
        "heavy = {'numpy', 'tqdm', 'wcwidth', 'zstandard', 'datasketch', 'xxhash'}\n"
        "assert not heavy & sys.modules.keys()\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_results_are_utf_8_whatever_the_locale(news: Path) -> None:
    (news / "ä.jsonl").write_text('{"id": "日本", "text": "one two three four"}', encoding="utf-8")
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0"}
    done = dedup_process("report", news, "--format", "jsonl", env=environment)
    assert done.returncode == 0
    assert "日本" in done.stdout.decode()


def test_a_reader_that_leaves_is_no_error(news: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "dedup", "report", str(news), "--quiet"]
    with os.fdopen(writing, "wb") as pipe:
        done = subprocess.run(command, stdout=pipe, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (1, b"")


def test_a_report_of_two_articles_that_share_a_sentence(news: Path) -> None:
    done = dedup_process("report", news, "--quiet")
    assert (done.returncode, done.stderr) == (0, b"")
    text = done.stdout.decode()
    assert text.startswith("3 articles, 1 pair shares text.\n")
    assert re.search(r"^A  a\.txt, “.*\n(?:.*\n)?B  b\.txt, “", text, re.MULTILINE)
    assert "The minister said on Monday" in text


def test_standard_input_is_read(news: Path) -> None:
    record = b'{"id": "in", "text": "' + (news / "c.txt").read_bytes().strip() + b'"}\n'
    done = dedup_process("report", "-", news, "--quiet", input=record)
    assert re.search(r"^A  c\.txt, “.*\n(?:.*\n)?B  in, “", done.stdout.decode(), re.MULTILINE)


def test_output_is_the_same_in_any_order_and_with_any_jobs(news: Path) -> None:
    paths = [news / name for name in ("a.txt", "b.txt", "c.txt")]
    one = dedup_process("report", *paths, "--format", "jsonl", "--jobs", "1")
    two = dedup_process("report", *reversed(paths), "--format", "jsonl", "--jobs", "2")
    assert one.stdout == two.stdout != b""
