"""A release: one version everywhere, and a CI file that calls what is there."""

import re
import subprocess
import sys
from pathlib import Path

import dedup

ROOT = Path(__file__).parents[1]


def test_the_version_is_the_same_everywhere() -> None:
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"version: {dedup.__version__}\n" in citation
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## \[([\d.]+)\]", changes, re.MULTILINE)[0] == dedup.__version__


def test_the_steps_of_ci_call_what_is_there() -> None:
    workflow = (ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    commands = re.findall(r"^ +- run: (.+)$", workflow, re.MULTILINE)
    assert len(commands) > 5
    for command in commands:
        program, *rest = command.split()
        if program == "make":
            assert re.search(rf"^{rest[0]}:", makefile, re.MULTILINE), command
        elif "/" in program and not program.startswith(".venv"):
            assert (ROOT / program).stat().st_mode & 0o111, command


def test_commands_load_with_the_oldest_click() -> None:
    """Whose classes of parameters are not generic."""
    code = (
        "import click; click.ParamType.__class_getitem__ = None\n"
        "from dedup.cli import COMMANDS, main\n"
        "assert all(main.get_command(None, name) for name in COMMANDS)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
