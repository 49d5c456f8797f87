"""The pages of docs/reference/ are those that the code makes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.make_reference import FOLDER, make_pages


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return make_pages()


def test_every_page_is_made(pages: dict[str, str]) -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(pages)


@pytest.mark.parametrize("path", sorted(FOLDER.iterdir()), ids=lambda path: path.name)
def test_a_page_equals_what_the_code_makes(path: Path, pages: dict[str, str]) -> None:
    assert path.read_text(encoding="utf-8") == pages[path.name], (
        "run python -m tools.make_reference"
    )
