"""Make ``pairs.npz``: the information of pairs of characters and of syllables, by stem.

Run this only for a new version of the recipe::

    python -m tools.make_pairs JA_UNIGRAMS.json.br ZH_UNIGRAMS.json.br

Both files are of lingua-language-detector 1.3.5 (Apache-2.0): the frequencies of single characters
in news. The information of a pair is that of a text of 400 characters having it, if characters
follow one another by chance; real pairs are ``LIFT`` times as frequent. The table holds numbers by
hash, no text.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import brotli
import numpy as np
import xxhash
from numpy.typing import NDArray

from dedup import _core
from dedup.text.tables.kinds import ABUGIDA, SPACELESS
from tools.make_fold import ABUGIDAS, classify, fold

# Bits of a pair that nothing is known of. Pairs overlap, so that a word of two characters has two.
MOST = 5.0
# Bits of a pair of letters of Lao, Khmer or Myanmar: a word of four letters has four pairs.
ALPHABETIC = 2.0
LEAST = 0.5
N_CHARS, LIFT = 400, 8


def pair_stem(left: str, right: str) -> int:
    """Return the stem of two characters that follow one another.

    Parameters
    ----------
    left, right : str
        Folded.

    Returns
    -------
    int
        As the core hashes it.
    """
    one, other = (xxhash.xxh64_intdigest(char.encode()) for char in (left, right))
    return _core.avalanche(_core.combine(one, other))


def read_frequencies(path: Path) -> dict[str, float]:
    """Read the frequencies of characters of a script without spaces.

    Parameters
    ----------
    path : Path
        A compressed JSON file of lingua, with the characters of each fraction.

    Returns
    -------
    dict of str to float
        By folded character, in [0, 1].
    """
    model = json.loads(brotli.decompress(path.read_bytes()))
    frequencies: dict[str, float] = {}
    for fraction, chars in model["ngrams"].items():
        for char in chars.split():
            if classify(char) == SPACELESS:
                folded = fold(char)
                found = frequencies.get(folded, 0.0)
                frequencies[folded] = found + float(Fraction(fraction))
    return frequencies


def fill(bits: NDArray[np.float64], frequencies: dict[str, float]) -> None:
    """Lower the information of the frequent pairs of a language, in place."""
    ranked = sorted(frequencies.items(), key=lambda item: (-item[1], item[0]))
    for left, p in ranked:
        for right, q in ranked:
            share = min(LIFT * p * q, 1.0)
            information = -np.log2(-np.expm1(-N_CHARS * share))
            if information >= MOST:
                break
            cell = pair_stem(left, right) >> 44
            bits[cell] = min(bits[cell], max(information, LEAST))


def _letters(ranges: Iterable[tuple[int, int]]) -> list[str]:
    return sorted(
        {
            fold(chr(code))
            for low, high in ranges
            for code in range(low, high + 1)
            if classify(chr(code)) == ABUGIDA
        }
    )


def main() -> None:
    """Write the table."""
    bits = np.full(1 << 20, MOST)
    for name in sys.argv[1:]:
        fill(bits, read_frequencies(Path(name)))
    for ranges in ABUGIDAS:
        letters = _letters([ranges])
        for left in letters:
            for right in letters:
                cell = pair_stem(left, right) >> 44
                bits[cell] = min(bits[cell], ALPHABETIC)
    path = Path(__file__).parents[1] / "dedup" / "text" / "tables" / "pairs.npz"
    np.savez_compressed(path, bits=np.round(8 * bits).astype(np.uint8))
    print(f"{path.name}: {(bits < MOST).sum()} cells, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
