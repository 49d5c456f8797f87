"""The examples of README.md and of docs/ do what the pages show."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.session import check_usage, find_blocks, run_page

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
RUN = [
    page
    for page in PAGES
    if {"console", "python"} & {block.kind for block in find_blocks(page.read_text("utf-8"))}
]


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", RUN, ids=name_of)
def test_examples_print_what_the_page_shows(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "corpus").symlink_to(ROOT / "corpus")
    text = page.read_text("utf-8")
    wrong = [one for one in run_page(text, tmp_path) if not one.is_as_shown]
    if request.config.getoption("--update-golden"):
        for one in reversed(wrong):
            text = text[: one.start] + one.renew() + text[one.end :]
        page.write_text(text, "utf-8")
        wrong = [one for one in wrong if not one._replace(shown=one.renew()).is_as_shown]
    for one in wrong:
        assert one.shown == one.printed, f"{one.typed}: --update-golden accepts it"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_command_line_is_valid(page: Path) -> None:
    if page.parent.name == "reference":  # usage with placeholders
        return
    for block in find_blocks(page.read_text("utf-8")):
        if block.kind == "sh":
            for line in block.text.replace("\\\n", "").splitlines():
                for part in re.split(r" \| | > ", line):
                    if part.startswith("dedup "):
                        check_usage(part.removeprefix("dedup "))
