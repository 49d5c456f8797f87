"""The examples of README.md do what it says they do."""

from __future__ import annotations

import contextlib
import io
import json
import re
import shlex
from pathlib import Path

import click
from click.testing import CliRunner

from dedup.cli import main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_python_examples_print_what_stands_below_them(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```(\w*)\n(.*?)```", README, re.DOTALL)
    names: dict[str, object] = {}
    n_run = 0
    for at, (language, code) in enumerate(blocks):
        if language != "python":
            continue
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(code, names)
        expected = next(text for kind, text in blocks[at + 1 :] if kind == "")
        assert printed.getvalue() == expected
        n_run += 1
    assert n_run == 6


def test_the_report_prints_the_lines_that_are_shown(monkeypatch):
    monkeypatch.chdir(ROOT)
    block = re.search(r"\$ dedup report corpus/articles.jsonl\n(.*?)```", README, re.DOTALL)
    result = CliRunner().invoke(main, ["report", "corpus/articles.jsonl"])
    assert result.exit_code == 0
    assert block
    shown = block.group(1)
    assert shown in result.stdout


def test_the_explanation_prints_the_lines_that_are_shown(monkeypatch):
    monkeypatch.chdir(ROOT)
    command = r"explain ([^\n]*) --among corpus/articles.jsonl"
    block = re.search(rf"\$ dedup {command}\n(.*?)```", README, re.DOTALL)
    assert block
    pair, shown = block.groups()
    arguments = ["explain", *pair.split(), "--among", "corpus/articles.jsonl"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0
    assert shown in result.stdout


def test_an_index_is_kept_as_it_is_shown(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "corpus").symlink_to(ROOT / "corpus")
    section = README.split("## Keep an index\n", 1)[1].split("\n## ", 1)[0]
    shown = "".join(re.findall(r"```console\n(.*?)```", section, re.DOTALL))
    for typed, told in re.findall(r"^\$ ((?:.*\\\n)*.*)\n((?:(?!\$ ).*\n)*)", shown, re.MULTILINE):
        program, *arguments = shlex.split(typed)
        if program == "echo":
            *words, arrow, name = arguments
            assert arrow == ">"
            (tmp_path / name).write_text(" ".join(words) + "\n")
            continue
        assert program == "dedup"
        result = CliRunner().invoke(main, arguments)
        assert (result.exit_code, typed) == (0, typed)
        assert told in result.output
    assert (tmp_path / "all.jsonl").read_text().count("\n") == 24


def test_a_collection_is_filtered_as_it_is_shown(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "corpus").symlink_to(ROOT / "corpus")
    shown = re.search(r"\$ dedup (filter corpus/.*)\n(dedup: .*\n)", README)
    assert shown
    result = CliRunner().invoke(main, shown[1].split())
    assert result.exit_code == 0
    assert shown[2] in result.stderr
    told = re.search(r'```json\n(\{"type": "dropped".*?)```', README, re.DOTALL)
    assert told
    lines = (tmp_path / "dropped.jsonl").read_text().splitlines()
    assert json.loads(told[1]) in [json.loads(line) for line in lines]


def test_every_command_line_shown_is_valid():
    lines = re.findall(r"^\$ (?:.*\| )?dedup (.*)$", README, re.MULTILINE)
    assert len(lines) >= 4
    for line in lines:
        name, command, arguments = "dedup", main, shlex.split(line)
        while isinstance(command, click.Group):
            name, *arguments = arguments
            command = command.get_command(None, name)  # type: ignore[arg-type]
        with command.make_context(name, list(arguments)) as context:
            assert context.params


def test_the_make_words_exist():
    words = re.findall(r"`?make (\w+)`?", README)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert {"demo", "test", "check", "bench"} <= set(words)
    for word in set(words) - {"no"}:
        assert re.search(rf"^{word}:", makefile, re.MULTILINE)
