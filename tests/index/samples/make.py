"""Makes the sample of a format version: ``python -m tests.index.samples.make v2``.

A version that was once written stays readable as long as it is claimed: its sample is kept.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import mkdtemp

import zstandard

import dedup
from dedup.index import store

HERE = Path(__file__).parent
SHARED = "The harbor board voted nine to four to close the old ferry landing before the winter."
FERRY = dedup.Article(
    "ferry",
    f"Boats will stop for good. {SHARED} Nobody spoke against it.",
    outlet="Morning Tide",
    published="2026-03-01T08:00:00-05:00",
    url="https://example.org/ferry",
    title="Landing to close",
    extra={"section": "local", "odd": "\ud800\0"},
)
DRAFT = dedup.Article("market", "A text that was soon replaced by another one.", outlet="Gazette")
MARKET = dedup.Article("market", f"Fish got dearer. {SHARED}", outlet="Gazette")
LATER = dedup.Article("later", f"{SHARED} That is what remains of a long debate.")


def make(path: Path) -> None:
    """Write a segment with an article and one that is gone, and two articles in none yet."""
    store._LEARNED_FROM = 1  # so that a dictionary is in it, too
    with dedup.Index(path) as index:
        index.add(DRAFT)
        index.add(FERRY)
        index.compact()
        index.add(MARKET)
        index.add(LATER)


if __name__ == "__main__":
    made = Path(mkdtemp())
    make(made)
    target = HERE / sys.argv[1]
    target.mkdir()
    for file in (path for path in made.iterdir() if path.name != "lock"):
        packed = zstandard.ZstdCompressor(level=19).compress(file.read_bytes())
        (target / f"{file.name}.zst").write_bytes(packed)
