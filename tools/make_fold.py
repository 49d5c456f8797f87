"""Make ``fold.npz``: the kind and the fold of each code point.

The table is frozen because versions of Python differ in Unicode, and hashes must not. Run this only
for a new version of the recipe::

    python -m tools.make_fold

Unicode data is used under the Unicode License V3; the table holds no text.

Folding of a code point: NFKD, case fold, NFKD; then marks that enclose, that select a
variant, or whose combining class is neither 0 nor 9 (virama) are dropped, and of the rest
only letters, digits and marks are kept.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from dedup.text.tables import kinds as kind
from dedup.text.tables.kinds import FoldTables

SPACELESS = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x3005, 0x3007),  # ideographic iteration mark, closing mark, zero
    (0x3021, 0x3029),
    (0x3040, 0x30FF),  # Hiragana, Katakana
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),  # Han
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0xFF66, 0xFF9F),  # half-width Katakana
    (0x20000, 0x3FFFF),
)
# Marks that affect only how a character is drawn.
VARIATION_SELECTORS = (
    (0x034F, 0x034F),
    (0x180B, 0x180F),
    (0xFE00, 0xFE0F),
    (0xE0100, 0xE01EF),
)
PUNCTUATION = {
    kind.NEWLINE: "\n\v\f\x1c\x1d\x1e\x85\u2028\u2029",
    kind.FULL_STOP: ".",
    kind.TERMINATOR: "!?…‽。！？؟۔।｡‼⁇⁈⁉",
    kind.CLAUSE: ",;:–—―()[]{}/،؛、，；：（）•·|",
    kind.OPEN_QUOTE: "“„‟«‹「『〝",
    kind.CLOSE_QUOTE: "”»›」』〞〟",
    kind.STRAIGHT_QUOTE: '"＂',
    kind.APOSTROPHE: "'’‘`´＇ʼ",
}


def classify(char: str) -> int:
    """Return the kind of one code point.

    Parameters
    ----------
    char : str
        One code point.

    Returns
    -------
    int
        One of the kinds that :mod:`dedup.text.tables.kinds` names.
    """
    for value, chars in PUNCTUATION.items():
        if char in chars:
            return value
    category = unicodedata.category(char)
    if category in ("Cf", "Cc") and not char.isspace():
        return kind.IGNORABLE if category == "Cf" else kind.SPACE
    is_spaceless = _is_in(char, SPACELESS)
    if category.startswith("M"):
        return kind.LETTER if fold(char) and not is_spaceless else kind.IGNORABLE
    if is_spaceless and category[0] in "LN":
        return kind.SPACELESS if fold(char) else kind.IGNORABLE
    if category[0] in "LN" and fold(char):
        if category[0] == "N":
            return kind.DIGIT
        return {"Ll": kind.LOWER, "Lu": kind.UPPER, "Lt": kind.UPPER}.get(category, kind.LETTER)
    return kind.SPACE if char.isspace() else kind.OTHER


def fold(char: str) -> str:
    """Return the fold of one code point, which may be empty.

    Parameters
    ----------
    char : str
        One code point.

    Returns
    -------
    str
        Its folded form.
    """
    decomposed = unicodedata.normalize("NFKD", char)
    decomposed = unicodedata.normalize("NFKD", decomposed.casefold())
    return "".join(
        part
        for part in decomposed
        if unicodedata.combining(part) in (0, 9)
        and unicodedata.category(part)[0] in "LNM"
        and unicodedata.category(part) != "Me"
        and not _is_in(part, VARIATION_SELECTORS)
    )


def _is_in(char: str, ranges: Iterable[tuple[int, int]]) -> bool:
    return any(low <= ord(char) <= high for low, high in ranges)


def make() -> FoldTables:
    """Return the arrays of ``fold.npz``.

    Returns
    -------
    FoldTables
        ``pages`` uint16 (4352,), the block of each 256 code points; ``kinds`` uint8 and
        ``folds`` uint32, (256 * n_blocks,), where a fold is a code point's UTF-8, its first
        byte lowest, or ``SAME`` for itself from U+0800 on, or 0 for nothing, or
        ``RUN + (start << 5) + length`` into ``runs``; ``runs`` uint32, packed likewise.
    """
    blocks: dict[bytes, int] = {}
    pages = np.zeros(0x110000 >> 8, np.uint16)
    kinds, folds = [], []
    runs: list[int] = []
    for page in range(len(pages)):
        chars = [chr((page << 8) + low) for low in range(256)]
        page_kinds = np.array([classify(char) for char in chars], np.uint8)
        page_folds = np.array([_encode(char, runs) for char in chars], np.uint32)
        is_word = (page_kinds >= kind.LETTER) & (page_kinds <= kind.SPACELESS)
        page_folds[~is_word] = 0
        block = page_kinds.tobytes() + page_folds.tobytes()
        if block not in blocks:
            blocks[block] = len(blocks)
            kinds.append(page_kinds)
            folds.append(page_folds)
        pages[page] = blocks[block]
    return FoldTables(
        pages, np.concatenate(kinds), np.concatenate(folds), np.array(runs, np.uint32)
    )


def _encode(char: str, runs: list[int]) -> int:
    folded = fold(char)
    if folded == char and char >= "\u0800":
        return int(kind.SAME)
    if len(folded) <= 1:
        return _pack(folded)
    runs.extend(map(_pack, folded))
    return int(kind.RUN) + ((len(runs) - len(folded)) << 5) + len(folded)


def _pack(char: str) -> int:
    return int.from_bytes(char.encode(), "little")


def main() -> None:
    """Write the table."""
    path = Path(__file__).parents[1] / "dedup" / "text" / "tables" / "fold.npz"
    folding = make()
    np.savez_compressed(
        path, pages=folding.pages, kinds=folding.kinds, folds=folding.folds, runs=folding.runs
    )
    print(f"{path.name}: Unicode {unicodedata.unidata_version}, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
