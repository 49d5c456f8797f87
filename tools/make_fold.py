"""Make ``fold.npz``: the kind and the fold of each code point.

The table is frozen because versions of Python differ in Unicode, and hashes must not. Run this only
for a new version of the recipe::

    python -m tools.make_fold

Unicode data is used under the Unicode License V3; the table holds no text.

Folding of a code point: a decimal digit of any script is the ASCII digit, a traditional Han
character its simplified form. Then NFKD, case fold, NFKD; marks that enclose, that select a
variant, or whose combining class is neither 0 nor 9 (virama) are dropped, and of the rest
only letters, digits and marks are kept, in Thai, Lao, Khmer and Myanmar no marks. Last, letters
that are written for one another become one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import numpy as np

from dedup.text.tables import kinds as kind
from dedup.text.tables.kinds import FoldTables

SPACELESS = (
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
ABUGIDAS = (
    (0x0E80, 0x0EFF),  # Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
)
SEGMENTED = ((0x0E00, 0x0E7F),)  # Thai
UNSPACED = SPACELESS + ABUGIDAS + SEGMENTED
HANGUL = (
    (0x1100, 0x11FF),
    (0x3131, 0x318E),
    (0xA960, 0xA97C),
    (0xAC00, 0xD7FB),
    (0xFFA0, 0xFFDC),
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
    kind.TERMINATOR: "!?…‽。！？؟۔।॥｡‼⁇⁈⁉։።፧፨။៕៖᙮᠃᠉",
    kind.CLAUSE: ",;:–—―()[]{}/،؛、，；：（）•·|¿¡՝፣፤፥၊",
    kind.OPEN_QUOTE: "“„‟«‹「『〝《〈﹁﹃｢",
    kind.CLOSE_QUOTE: "”»›」』〞〟》〉﹂﹄｣",
    kind.STRAIGHT_QUOTE: '"＂״',
    kind.APOSTROPHE: "'’‘`´＇ʼ",
}
# Marks inside or after an Armenian word that say how it is spoken; the Arabic tatweel, which only
# stretches a word.
MUTE = "՛՜՞ـ"
# Letters that are written for one another: Persian and Urdu for Arabic, the Turkish dotless i, both
# spellings of the Armenian ligature yev, the Vietnamese d without its bar.
SAME_LETTERS = str.maketrans("ىیکەہھةıւđ", "ييكههههiվd")


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
    if char in MUTE:
        return kind.IGNORABLE
    if category in ("Cf", "Cc") and not char.isspace():
        return kind.IGNORABLE if category == "Cf" else kind.SPACE
    if category[0] == "M":
        return kind.LETTER if fold(char) and not _is_in(char, UNSPACED) else kind.IGNORABLE
    if category[0] in "LN":
        return _classify_word(char, category)
    return kind.SPACE if char.isspace() else kind.OTHER


def _classify_word(char: str, category: str) -> int:
    if not fold(char):
        return kind.IGNORABLE if _is_in(char, UNSPACED) else kind.OTHER
    if category == "Nd":
        return kind.DIGIT
    for ranges, value in (
        (SPACELESS, kind.SPACELESS),
        (ABUGIDAS, kind.ABUGIDA),
        (SEGMENTED, kind.SEGMENTED),
        (HANGUL, kind.HANGUL),
    ):
        if _is_in(char, ranges):
            return value
    if category[0] == "N":
        return kind.DIGIT
    return {"Ll": kind.LOWER, "Lu": kind.UPPER, "Lt": kind.UPPER}.get(category, kind.LETTER)


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
    if unicodedata.category(char) == "Nd":
        return str(unicodedata.decimal(char))
    char = simplified().get(char, char)
    decomposed = unicodedata.normalize("NFKD", char)
    decomposed = unicodedata.normalize("NFKD", decomposed.casefold())
    kept = "LN" if _is_in(char, ABUGIDAS + SEGMENTED) else "LNM"
    folded = "".join(
        part
        for part in decomposed
        if unicodedata.combining(part) in (0, 9)
        and unicodedata.category(part)[0] in kept
        and unicodedata.category(part) != "Me"
        and part not in MUTE
        and not _is_in(part, VARIATION_SELECTORS)
    )
    return folded.translate(SAME_LETTERS)


@cache
def simplified() -> dict[str, str]:
    """Return the simplified form of each traditional Han character.

    Returns
    -------
    dict of str to str
        One character each, from ``han.txt``.
    """
    text = (Path(__file__).parents[1] / "dedup" / "text" / "tables" / "han.txt").read_text(
        encoding="utf-8"
    )
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return {pair[0]: pair[1] for line in lines for pair in line.split()}


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
        is_word = (page_kinds >= kind.LETTER) & (page_kinds <= kind.SEGMENTED)
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
