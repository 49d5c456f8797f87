"""Bounds, interrupts and full disks, as a person meets them."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

import dedup
from corpus.synthesize import synthesize
from dedup.readers.sources import InputFile

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file of articles with planted passages, enough to be interrupted in."""
    path = tmp_path_factory.mktemp("records") / "news.jsonl"
    articles, _ = synthesize(700, seed=4, plant_rate=0.7)
    path.write_text("".join(f"{json.dumps(record)}\n" for record in articles), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("size", "n_bytes"),
    [("4GB", 4_000_000_000), ("800MB", 800_000_000), ("1.5gib", 3 << 29), ("600000000", 6 * 10**8)],
)
def test_sizes_are_read(run: Run, engine: Any, news: Path, size: str, n_bytes: int) -> None:
    assert run("report", news, "--memory", size).exit_code == 0
    assert engine.call["memory"] == n_bytes


@pytest.mark.parametrize("size", ["much", "-4GB", "4XB", "", "1e400GB"])
def test_what_is_no_size_is_wrong_usage(run: Run, news: Path, size: str) -> None:
    result = run("report", news, "--memory", size)
    assert result.exit_code == 2
    assert "is not a size, e.g. 800MB or 4GB" in result.stderr


def test_too_little_memory_is_wrong_usage(run: Run, news: Path) -> None:
    result = run("report", news, "--memory", "1MB")
    assert result.exit_code == 2
    assert "'1MB' is less than 512MiB, the minimum." in result.stderr


def test_old_articles_are_left_out(run: Run, news: Path) -> None:
    whole = run("report", news / "a.txt", news / "b.txt", "--format", "jsonl", "--quiet")
    assert '"type":"overlap"' in whole.stdout
    old = run("report", news / "c.txt", "--against", news / "a.txt", "--against", news / "b.txt",
              "--format", "jsonl", "--quiet")  # fmt: skip
    assert old.exit_code == 0
    assert '"type":"overlap"' not in old.stdout
    new = run("report", news / "b.txt", "--against", news / "a.txt", "--format", "jsonl", "--quiet")
    (overlap,) = [line for line in new.stdout.splitlines() if '"type":"overlap"' in line]
    assert overlap in whole.stdout.splitlines()


def _overlap() -> dedup.Overlap:
    text = "The council voted nine to four to close the Elm Street library branch."
    return dedup.compare(text, "It was late, and the hall was empty. " + text)


@pytest.mark.parametrize("format_", ["jsonl", "text"])
def test_an_interrupt_leaves_what_was_found(
    run: Run, news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format_: str
) -> None:
    found = _overlap()

    def find_overlaps(articles: Any, *_: Any, emit: Any, **__: Any) -> None:
        list(articles)
        emit(found)
        raise KeyboardInterrupt

    monkeypatch.setitem(vars(dedup), "find_overlaps", find_overlaps)
    result = run("report", news, "--format", format_)
    assert result.exit_code == 130
    assert (
        "1 overlap was found before the interrupt; standard output holds only these"
        in result.stderr
    )
    target = tmp_path / "out"
    target.write_text("old")
    assert run("report", news, "--format", format_, "--output", target).exit_code == 130
    assert target.read_text() == "old"
    part = (tmp_path / "out.partial").read_text(encoding="utf-8")
    assert part == result.stdout
    if format_ == "jsonl":
        run_line, overlap = map(json.loads, part.splitlines())
        assert run_line["interrupted"] is True
        assert overlap == found.to_dict()
    else:
        assert "Elm Street library branch" in part
    assert sorted(one.name for one in tmp_path.iterdir() if one.is_file()) == ["out", "out.partial"]


def _start(*arguments: str | Path, temporary: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "dedup", "report", *map(str, arguments)]
    environment = os.environ | {"TMPDIR": str(temporary)}
    return subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        # What is started in the background of a shell would be deaf to it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )


@pytest.mark.skipif(os.name == "nt", reason="signals are those of POSIX")
def test_ctrl_c_ends_the_process_and_leaves_no_files(tmp_path: Path) -> None:
    # So many that even a machine that has much else to do is not through before the signal comes.
    articles, _ = synthesize(3000, seed=4, plant_rate=0.7)
    records = tmp_path.parent / "many.jsonl"
    records.write_text("".join(f"{json.dumps(one)}\n" for one in articles), encoding="utf-8")
    started = _start(records, "--format", "jsonl", "--progress", temporary=tmp_path)
    assert started.stderr is not None
    said = ""
    while "Searching for pairs" not in said:  # alignment might be over before the signal comes
        said = said[-100:] + started.stderr.read(1)
        assert started.poll() is None
    started.send_signal(signal.SIGINT)
    output, said = started.communicate(timeout=60)
    assert started.returncode == 130
    assert said.rstrip().endswith("dedup: interrupted")
    lines = list(map(json.loads, output.splitlines()))
    assert all(line["type"] == "overlap" for line in lines[1:])
    assert f"{len(lines) - 1:,} overlaps were found" in said or not lines
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="signals are those of POSIX")
@pytest.mark.parametrize(("kind", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_leaves_no_temporary_file(tmp_path: Path, kind: int, code: int) -> None:
    articles, _ = synthesize(3000, seed=4, plant_rate=0.7)
    (tmp_path / "many.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in articles))
    started = _start(tmp_path / "many.jsonl", "--format", "csv", "--output", tmp_path / "out",
                     "--progress", temporary=tmp_path)  # fmt: skip
    assert started.stderr is not None
    said = ""
    while "Searching for pairs" not in said:
        said = said[-100:] + started.stderr.read(1)
        assert started.poll() is None
    started.send_signal(kind)
    _, said = started.communicate(timeout=60)
    assert started.returncode == code
    assert said.rstrip().endswith("dedup: interrupted")
    assert {one.name for one in tmp_path.iterdir()} <= {"many.jsonl", "out.partial"}


def test_nothing_is_left_of_a_report_either(records: Path, tmp_path: Path) -> None:
    started = _start(records, "--format", "jsonl", "--quiet", "--memory", "512MiB",
                     temporary=tmp_path)  # fmt: skip
    output, said = started.communicate(timeout=300)
    assert (started.returncode, said) == (0, "")
    assert output.startswith('{"type":"run"')
    assert list(tmp_path.iterdir()) == []


def test_a_full_directory_for_temporary_files_is_named(records: Path, tmp_path: Path) -> None:
    """On a file system of its own with next to no room."""
    small = tmp_path / "small"
    small.mkdir()
    if shutil.which("unshare") is None:
        pytest.skip("unshare is not installed")
    command = (
        f"mount -t tmpfs -o size=64k small {small} || exit 77; "
        f"TMPDIR={small} {sys.executable} -m dedup report {records} --format jsonl --quiet; "
        f"code=$?; ls -A {small} >&2; exit $code"
    )
    done = subprocess.run(
        ["unshare", "--mount", "--map-root-user", "sh", "-c", command],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode == 77 or "unshare" in done.stderr:
        pytest.skip(f"no file system can be mounted here: {done.stderr.strip()}")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (f"dedup: error: {small} (temporary files): No space left on device\n")


def test_a_file_that_vanishes_midway_is_named(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.txt").write_text(f"A text of its own that nobody else has, {name}.")
    open_source = InputFile.open

    def open_late(source: InputFile) -> Any:
        if source.name == "b.txt":
            Path(source.path).unlink(missing_ok=True)
        return open_source(source)

    monkeypatch.setattr(InputFile, "open", open_late)
    strict = run("report", tmp_path, "--format", "jsonl", "--strict", "--output", tmp_path / "out")
    assert strict.exit_code == 1
    assert strict.stderr.endswith("b.txt: No such file or directory\n")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.txt", "c.txt"]
    (tmp_path / "b.txt").write_text("Written once more.")
    result = run("report", tmp_path, "--format", "jsonl")
    assert result.exit_code == 0
    assert "b.txt: No such file or directory" in result.stderr
