"""How a run ends: signals, closed streams, pipes, and the guards of output."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
TEXT = "The council voted nine to four to close the Elm Street library branch by June."


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "in.jsonl").write_text(
        f'{{"id": "a", "text": "{TEXT}"}}\n{{"id": "b", "text": "{TEXT} More."}}\n'
    )
    return tmp_path


def shell(line: str, place: Path) -> subprocess.CompletedProcess[str]:
    line = line.replace("dedup ", f"{sys.executable} -m dedup ")
    return subprocess.run(
        ["bash", "-c", line], cwd=place, env=ENVIRONMENT, capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
@pytest.mark.parametrize("output", ["out", "out.jsonl"])
def test_every_signal_cleans_up(place: Path, number: int, code: int, output: str) -> None:
    os.mkfifo(place / "pipe")  # a report that waits for its input
    form = "jsonl" if "." in output else "csv"
    arguments = ["report", "pipe", "--input-format", "jsonl", "--format", form, "--output", output]
    with subprocess.Popen(
        [sys.executable, "-m", "dedup", *arguments], cwd=place, env=ENVIRONMENT,
        stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        stream = (place / "pipe").open("w")  # waits until it reads
        time.sleep(0.2)
        assert [path for path in place.iterdir() if path.name.startswith(".dedup-")]
        process.send_signal(number)
        try:
            _, said = process.communicate(timeout=60)
        finally:
            process.kill()
            stream.close()
    assert (process.returncode, said) == (code, "dedup: interrupted\n")
    assert {path.name for path in place.iterdir()} == {"in.jsonl", "pipe"}


def test_an_interrupt_while_modules_load_shows_no_traceback() -> None:
    script = "import os, signal, dedup.__main__; os.kill(os.getpid(), signal.SIGINT)"
    done = subprocess.run(
        [sys.executable, "-c", script], env=ENVIRONMENT, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (-signal.SIGINT, b"")


@pytest.mark.parametrize("command", ["report", "index add x"])
def test_a_background_job_ignores_an_interrupt(place: Path, command: str) -> None:
    os.mkfifo(place / "pipe")
    arguments = [*command.split(), "pipe", "--input-format", "jsonl", "--quiet", "--output", "out"]
    with subprocess.Popen(
        [sys.executable, "-m", "dedup", *arguments], cwd=place, env=ENVIRONMENT,
        stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    ) as process:  # fmt: skip
        with (place / "pipe").open("w") as stream:  # waits until it reads
            process.send_signal(signal.SIGINT)
            stream.write((place / "in.jsonl").read_text())
        try:
            _, said = process.communicate(timeout=60)
        finally:
            process.kill()
    assert (process.returncode, said) == (0, "")
    assert (place / "out").read_text()


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("dedup report in.jsonl >&-", 1, "standard output is closed: give --output FILE"),
        ("dedup report in.jsonl --output new.txt 2>&-", 0, ""),
        ("dedup report - <&-", 1, "standard input is closed"),
        ("dedup report <(cat in.jsonl) --input-format jsonl", 0, ""),
        ("dedup filter <(cat in.jsonl) --input-format jsonl --output k", 0, "2 read: 1 kept"),
        ("dedup rport in.jsonl", 2, "No such command 'rport'. Did you mean 'report'?"),
        ("dedup index stat x", 2, "No such command 'stat'. Did you mean 'stats'?"),
        ("dedup index zzz x", 2, "No such command 'zzz'. Commands: add, "),
        ("dedup report in.jsonl --output new/", 2, "--output new/ is a directory"),
        ("dedup report ''", 2, "a path is empty"),
        ("dedup report in.jsonl --output ''", 2, "the path of an output is empty"),
        ("dedup index stats ''", 2, "the path of the index is empty"),
        ("dedup report in.jsonl none.jsonl", 1, "none.jsonl: No such file or directory"),
        ("dedup report in.jsonl --sensitivity inf", 2, "sensitivity must be a number above 0"),
        ("dedup report in.jsonl --set align.foo=1", 2, "align has window, chance_rate"),
        ("dedup report in.jsonl --text-field foo", 1, "present: id, text"),
        ("dedup report in.jsonl --encoding foo", 2, "unknown encoding 'foo'"),
        ("dedup report in.jsonl --delimiter ab", 2, "one character or 'tab'"),
        ("dedup report in.jsonl --input-format foo", 2, "must be one of txt, md,"),
    ],
)  # fmt: skip
def test_streams_and_wrong_usage_are_told(place: Path, line: str, code: int, said: str) -> None:
    done = shell(line, place)
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert "bug in dedup" not in done.stderr


@pytest.mark.parametrize(
    "line",
    [
        "dedup index export x >> x/index.sqlite",
        "dedup index export x > x/new",
        "dedup index export x >> hard",
        "dedup index export x --output hard",
        "dedup index export x --output soft",
        "dedup index stats x >> x/index.sqlite",
        "dedup index query x in.jsonl >> in.jsonl",
        "dedup index add x in.jsonl >> hard",
        "dedup report in.jsonl --against x >> hard",
        "dedup report in.jsonl --format csv --output x",
        "dedup explain a b --among in.jsonl >> in.jsonl",
    ],
)
def test_no_output_is_ever_an_input(place: Path, line: str) -> None:
    assert shell("dedup index add x in.jsonl --quiet --output /dev/null", place).returncode == 0
    (place / "hard").hardlink_to(place / "x" / "index.sqlite")
    (place / "soft").symlink_to("x/index.sqlite")
    before = [(place / name).read_bytes() for name in ("in.jsonl", "hard", "soft")]
    assert shell(line, place).returncode == 2
    assert [(place / name).read_bytes() for name in ("in.jsonl", "hard", "soft")] == before
    assert shell("dedup index verify x", place).returncode == 0
