"""No command writes onto what it reads, whatever the option and however the path is spelled."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

import dedup

Run = Callable[..., Result]

TEXT = "The minister said on Monday that the bridge over the river will open next spring."

# Files: in.jsonl, a.txt, b.txt; links to in.jsonl: soft.jsonl, hard.jsonl; directories: news,
# with in.jsonl, link.txt (to far/c.txt) and sub/d.txt, and tables, with articles.csv; x: an index.
REFUSED = [
    *(
        f"report in.jsonl --format {kind} --output {to}"
        for kind in ("text", "jsonl", "html")
        for to in ("in.jsonl", "./news/../in.jsonl", "soft.jsonl", "hard.jsonl", "$PWD/in.jsonl")
    ),
    "report soft.jsonl --output in.jsonl",
    "report in.jsonl soft.jsonl --output hard.jsonl",
    "report a.txt --against in.jsonl --format jsonl --output in.jsonl",
    "report a.txt --against news --output news/in.jsonl",
    "report x --format jsonl --output x/index.sqlite",
    "report a.txt --against x --output x/new.txt",
    "report news --output news/in.jsonl",
    "report news --output news/sub/d.txt",
    "report news --output news/new.txt",
    "report news --output far/c.txt",
    "report news --output hard-d.txt",
    *(
        f"report {what} --format {kind} --output {to}"
        for kind in ("csv", "parquet", "png")
        for what, to in [
            ("tables/articles.csv", "tables"),
            ("tables", "tables"),
            ("tables", "tables/new"),
            ("tables", "."),
            ("news", "far"),
            ("tables.partial", "tables"),
            ("x", "x"),
        ]
    ),
    "report news --format html --output news/page",
    "compare a.txt b.txt --output a.txt",
    "compare a.txt b.txt --format jsonl --output ./b.txt",
    "compare b.txt a.txt --format html --output a.txt",
    "explain a.txt b.txt --output a.txt",
    "explain a b --among in.jsonl --format jsonl --output soft.jsonl",
    "explain a b --among x --output x/index.sqlite",
    "filter in.jsonl --output in.jsonl",
    "filter in.jsonl --output hard.jsonl",
    "filter in.jsonl --dropped in.jsonl",
    "filter in.jsonl --output new.jsonl --dropped soft.jsonl",
    "filter news --output news/new/",
    "filter news --output news/",
    "filter news --output new/ --dropped news/in.jsonl",
    "filter news --output .",
    "index add x in.jsonl --output in.jsonl",
    "index add x in.jsonl --output x",
    "index add x in.jsonl --output x/index.sqlite",
    "index add new in.jsonl --output new",
    "index query x in.jsonl --format jsonl --output hard.jsonl",
    "index query x in.jsonl --output x/index.sqlite",
    "index stats x --output x/index.sqlite",
    "index verify x --output x/index.sqlite",
    "index export x --output x/index.sqlite",
    "index export x --output x/new.jsonl",
]


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PWD", str(tmp_path))
    line = json.dumps({"id": "a", "text": TEXT}) + "\n" + json.dumps({"id": "b", "text": TEXT})
    for name in ("news/sub", "far", "tables", "tables.partial"):
        Path(name).mkdir(parents=True)
    for name in ("in.jsonl", "news/in.jsonl"):
        Path(name).write_text(line)
    for name in ("a.txt", "b.txt", "far/c.txt", "news/sub/d.txt"):
        Path(name).write_text(TEXT)
    for name in ("tables/articles.csv", "tables.partial/a.csv"):
        Path(name).write_text(f"id,text\na,{TEXT}\nb,{TEXT}\n")
    Path("soft.jsonl").symlink_to("in.jsonl")
    os.link("in.jsonl", "hard.jsonl")
    os.link("news/sub/d.txt", "hard-d.txt")
    Path("news/link.txt").symlink_to(tmp_path / "far/c.txt")
    with dedup.Index(tmp_path / "x") as index:
        index.add(dedup.Article("a", TEXT))
    return tmp_path


def _contents(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(path): (path.lstat().st_ino, path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in ("lock", "index.sqlite-shm", "index.sqlite-wal")
    }


@pytest.mark.parametrize("line", REFUSED)
def test_no_command_writes_onto_an_input(run: Run, files: Path, line: str) -> None:
    before = _contents(files)
    result = run(*line.replace("$PWD", str(files)).split())
    said = " ".join(result.stderr.split())
    assert (result.exit_code, result.stdout) == (2, ""), said
    assert "dedup does not overwrite inputs; name " in said
    option = "--dropped" if "--dropped" in line else "--output"
    assert f"{option} {line.replace('$PWD', str(files)).split()[-1].rstrip('/')}" in said
    assert _contents(files) == before


@pytest.mark.parametrize(
    "line",
    [
        "report in.jsonl --output news/new.txt",
        "report news --output news/.hidden.txt",
        "report news --output news/new.log",
        "report news --format csv --output new",
        "report news --output new.txt",
        "report news --output /dev/null",
        "filter news --output new/",
        "index query x in.jsonl --output new.txt",
        "index export x --output new.jsonl",
    ],
)
def test_beside_an_input_is_written(run: Run, files: Path, line: str) -> None:
    before = _contents(files)
    result = run(*line.split())
    assert result.exit_code == 0, result.output
    after = _contents(files)
    read = [name for name in before if "tables" not in name]
    assert {name: after[name] for name in read} == {name: before[name] for name in read}
    assert not list(files.rglob(".dedup-*"))


def test_redirected_streams_are_inputs_and_outputs(files: Path) -> None:
    before = _contents(files)
    for line, said in [
        ("report in.jsonl >> in.jsonl", "standard output is the input in.jsonl"),
        ("report - --output hard.jsonl < in.jsonl", "--output hard.jsonl is the input /dev/stdin"),
    ]:
        command = f"{sys.executable} -m dedup {line}"
        done = subprocess.run(command, shell=True, capture_output=True, text=True)
        assert done.returncode == 2
        assert said in " ".join(done.stderr.split())
    assert _contents(files) == before


NAMES = ("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1")


@pytest.mark.parametrize("name", NAMES)
def test_standard_output_has_many_names(files: Path, name: str) -> None:
    """Opened by name, it would be truncated while the shell appends to it."""
    (files / "log").write_text("before\n")
    command = f"{sys.executable} -m dedup report in.jsonl --format jsonl --output {name} >> log"
    assert subprocess.run(command, shell=True, capture_output=True).returncode == 0
    lines = (files / "log").read_text().splitlines()
    assert lines[0] == "before"
    assert json.loads(lines[1])["type"] == "run"


@pytest.mark.parametrize(
    ("output", "dropped"),
    [("-", name) for name in (*NAMES, "log")] + [(name, "-") for name in (*NAMES, "log")],
)
def test_two_outputs_are_never_one_file(files: Path, output: str, dropped: str) -> None:
    command = f"{sys.executable} -m dedup filter in.jsonl --output {output} --dropped {dropped}"
    done = subprocess.run(f"{command} > log", shell=True, capture_output=True, text=True)
    assert done.returncode == 2
    assert "--dropped and --output cannot be the same" in done.stderr
