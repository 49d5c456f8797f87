"""Runs the examples of a page as one session, in an empty folder that has `corpus/` in it.

A block that is marked

* ``console`` is run: each line after ``$`` is a command, and what follows is all that it
  prints; a line ``...`` stands for any number of lines;
* ``python`` is run, all blocks of a page in one namespace; a block ``text`` right below is
  all that it prints;
* anything else is not run. ``sh`` is for commands that need files which are not here: their
  usage alone is checked.
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click
from click.testing import CliRunner

from dedup.cli import main

ANY = "..."
PROGRAMS = {"cat", "echo", "head", "ls", "printf", "tail", "wc"}


class Block(NamedTuple):
    """A fenced block: its mark, its text, and where that begins and ends in the page."""

    kind: str
    text: str
    start: int
    end: int


class Example(NamedTuple):
    """What was run, what it printed, and where the page shows that."""

    typed: str
    printed: str
    shown: str
    start: int
    end: int

    @property
    def is_as_shown(self) -> bool:
        lines = self.shown.splitlines(keepends=True)
        pattern = "".join(
            r"(?:.*\n)*?" if line.strip() == ANY else re.escape(line) for line in lines
        )
        return re.fullmatch(pattern, self.printed) is not None

    def renew(self) -> str:
        """Return what the page should show: as many lines as now after each ``...``.

        They are found by the first of them; where that is not printed any more, nothing changes.
        """
        shown, printed = self.shown.splitlines(), self.printed.splitlines()
        if ANY not in shown:
            return self.printed
        lines: list[str] = []
        at = 0
        for before, line in zip([ANY, *shown], shown, strict=False):
            if line != ANY:
                if before == ANY and lines and line in printed[at:]:
                    at = printed.index(line, at)
                lines.append(printed[at] if at < len(printed) else line)
                at += 1
            else:
                lines.append(ANY)
        return "".join(f"{line}\n" for line in lines)


def find_blocks(page: str) -> list[Block]:
    found = re.finditer(r"^```(\w*)\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    return [Block(one[1], one[2], one.start(2), one.end(2)) for one in found]


def run_page(page: str, folder: Path) -> Iterator[Example]:
    """Run all examples of a page; the current directory is `folder`."""
    blocks = find_blocks(page)
    names: dict[str, object] = {"__name__": "example"}
    for at, block in enumerate(blocks):
        if block.kind == "console":
            yield from _run_console(block, folder)
        elif block.kind == "python":
            below = blocks[at + 1] if at + 1 < len(blocks) else None
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                exec(compile(block.text, "example", "exec"), names)
            if below and below.kind == "text" and not page[block.end + 3 : below.start - 8].strip():
                yield Example(block.text, printed.getvalue(), *below[1:])
            else:
                yield Example(block.text, printed.getvalue(), "", block.end, block.end)


def find_commands(text: str) -> Iterator[re.Match[str]]:
    """Find each command of a console block, continued lines with it, and what it prints."""
    return re.finditer(r"^\$ ((?:.*\\\n)*.*\n)((?:(?!\$ ).*\n)*)", text, re.MULTILINE)


def _run_console(block: Block, folder: Path) -> Iterator[Example]:
    for found in find_commands(block.text):
        typed = found[1].replace("\\\n", "").strip()
        *firsts, last = typed.split(" | ")
        printed = b""
        for part in firsts:
            printed = _run(part, printed, folder).stdout
        done = _run(last, printed, folder, fails="error:" in found[2])
        printed = (done.stderr + done.stdout).replace(b"\r\n", b"\n")
        start, end = block.start + found.start(2), block.start + found.end(2)
        yield Example(typed, printed.decode(), found[2], start, end)


class Done(NamedTuple):
    """What a command wrote."""

    stdout: bytes
    stderr: bytes


def _run(part: str, given: bytes, folder: Path, fails: bool = False) -> Done:
    program, *arguments = shlex.split(part)
    if program == "dedup":
        result = CliRunner().invoke(main, arguments, input=given)
        assert result.exit_code == int(fails), f"{part}: {result.output}"
        return Done(result.stdout_bytes, result.stderr_bytes)
    assert program in PROGRAMS, f"{part}: examples run dedup, or one of {sorted(PROGRAMS)}"
    done = subprocess.run(part, shell=True, cwd=folder, input=given, capture_output=True)
    assert done.returncode == 0, f"{part}: {done.stderr.decode()}"
    return Done(done.stdout, done.stderr)


def check_usage(line: str) -> None:
    """Parse a command line of dedup, without running it."""
    name, command, arguments = "dedup", main, shlex.split(line, comments=True)
    while isinstance(command, click.Group):
        name, *arguments = arguments
        found = command.get_command(click.Context(command), name)
        assert found is not None, f"dedup has no command {name}"
        command = found  # type: ignore[assignment]
    with command.make_context(name, list(arguments)) as context:
        assert context.params
