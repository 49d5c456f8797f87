"""Copy the pages and pictures of the repository to the source folder of the site.

``make docs`` runs it as ``python -m tools.make_site`` before zensical. Copies keep their folders,
so that relative links work.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "build" / "pages"
# Build folders of make and pip.
_BUILT = {"build", "dist"}


def main() -> None:
    """Copy all pages and pictures into an empty folder."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    for path in find_sources():
        copy = FOLDER / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)


def find_sources() -> Iterator[Path]:
    """Yield the Markdown files of the repository and the pictures of ``docs/``."""
    yield from (ROOT / "docs").glob("*.png")
    for path in sorted(ROOT.rglob("*.md")):
        parts = path.relative_to(ROOT).parts
        if parts[0] not in _BUILT and not any(part.startswith(".") for part in parts):
            yield path


if __name__ == "__main__":
    main()
