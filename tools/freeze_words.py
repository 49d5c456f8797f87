"""Freeze ``words.npz``: the hashes and classes of the listed words, so that they load at once.

Run this after every change of ``stopwords.txt`` or ``listed.txt``::

    python -m tools.freeze_words
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import xxhash
from numpy.typing import NDArray

from dedup import _core
from dedup.text.tables.kinds import ENGLISH, FOREIGN, MALAY, STOP, SYLLABLE, WORD

TABLES = Path(__file__).parents[1] / "dedup" / "text" / "tables"
_CLASSES = {"English": STOP | ENGLISH, "stop": FOREIGN, "word": WORD, "syllable": SYLLABLE}


def read_words() -> list[tuple[int, str]]:
    """Read the listed words.

    Returns
    -------
    list of (int, str)
        Class of :mod:`dedup.text.tables.kinds` and folded word; ``left+right`` is a pair of
        syllables. A word may come twice.
    """
    found: list[tuple[int, str]] = []
    current = STOP
    for name in ("stopwords.txt", "listed.txt"):
        for line in (TABLES / name).read_text(encoding="utf-8").splitlines():
            if line.startswith("#"):
                kind, *language = line.split()[1:]
                current = _CLASSES.get(kind, STOP)
                if kind == "stop" and language[0] in ("id", "ms"):
                    current |= MALAY
            else:
                found += [(int(current), word) for word in line.split()]
    return found


def freeze() -> tuple[NDArray[np.uint64], NDArray[np.uint8]]:
    """Hash the listed words.

    Returns
    -------
    tuple of (ndarray of uint64, ndarray of uint8), shape (n_words,)
        Hashes, ascending, each once, and classes of :mod:`dedup.text.tables.kinds`.
    """
    classes: dict[int, int] = {}
    for one, word in read_words():
        value = _hash(word)
        classes[value] = classes.get(value, 0) | one
    hashes = sorted(classes)
    return np.array(hashes, np.uint64), np.array([classes[one] for one in hashes], np.uint8)


def _hash(word: str) -> int:
    left, plus, right = word.partition("+")
    value = xxhash.xxh64_intdigest(left.encode())
    if not plus:
        return value
    return _core.avalanche(_core.combine(value, xxhash.xxh64_intdigest(right.encode())))


def main() -> None:
    """Write the table."""
    hashes, classes = freeze()
    path = TABLES / "words.npz"
    np.savez(path, hashes=hashes, classes=classes)
    print(f"{path.name}: {len(hashes)} words, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
