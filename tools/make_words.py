"""Make ``listed.txt``: function words of many languages, and the words of Thai.

Run this only for a new version of the recipe::

    python -m tools.make_words STOPWORDS.json LANGUAGE_MODELS TNC_FREQ.txt

The first file is of stopwordsiso 0.7.1 (MIT), and the last, words and their counts in the Thai
National Corpus, of PyThaiNLP 5.4.0 (CC0). Stop lists differ in what they take in, so each is cut
to the words that are most frequent by the folder of language models, of lingua-language-detector
1.3.5 (Apache-2.0). They count up to five letters in a row: the rarest five of a word tell its
frequency.
A word that the table of English frequencies knows is left out: the lists name words of one
language, and English must not change.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from math import prod
from pathlib import Path
from textwrap import wrap

import brotli
import xxhash

from dedup import _core
from dedup.text import tables
from tools.make_fold import fold

# Languages without a list in stopwords.txt whose words stand between spaces.
LANGUAGES = (
    *("ar", "bg", "bn", "ca", "cs", "da", "el", "et", "fa", "fi", "gl", "he", "hi", "hr", "hu"),
    *("hy", "id", "ko", "lt", "lv", "mr", "ms", "nb", "pl", "ro", "sk", "sl", "sv", "tr", "uk"),
    "ur",
)
# English words below this information, in bits, are left out: one text in 5,793.
MIN_BITS = 12.5
# The most frequent words of Thai are function words; rarer words than this are names and mistakes.
N_STOPS, MIN_COUNT = 200, 2
MAX_LETTERS = 12
# Function words of a language.
N_FUNCTION = 90
_ORDERS = ("unigrams", "bigrams", "trigrams", "quadrigrams", "fivegrams")


def is_english(word: str) -> bool:
    """Return whether the table of English frequencies knows a folded word.

    Parameters
    ----------
    word : str
        Folded.

    Returns
    -------
    bool
        False if a letter is not ASCII.
    """
    if not word.isascii():
        return False
    data = word.encode()
    n = _core.stem_length(int.from_bytes(data[-8:].rjust(8, b"\0"), "little"), len(data))
    stem = xxhash.xxh64_intdigest(data[:n])
    return int(tables.idf()[stem >> 44]) < 8 * MIN_BITS


class Frequencies:
    """Frequencies of words of a language, from above.

    Parameters
    ----------
    folder : Path
        Compressed models of up to five letters; each share is of its first letters.
    """

    def __init__(self, folder: Path) -> None:
        self._shares: dict[str, float] = {}
        for order in _ORDERS:
            model = json.loads(brotli.decompress((folder / f"{order}.json.br").read_bytes()))
            for fraction, ngrams in model["ngrams"].items():
                upper, lower = map(int, fraction.split("/"))
                self._shares.update(dict.fromkeys(ngrams.split(), upper / lower))

    def of(self, word: str) -> float:
        """Return the share of the letters that begin with the rarest part of a word."""
        most = len(_ORDERS)
        parts = [word[at : at + most] for at in range(max(len(word) - most, 0) + 1)]
        return min(
            prod(self._shares.get(part[: n + 1], 0.0) for n in range(len(part))) for part in parts
        )


def _fold(word: str) -> str:
    return "".join(map(fold, word))


def _function_words(words: Iterable[str], folder: Path) -> list[str]:
    """Return the most frequent words of a list that are one token and not English, folded."""
    plain = [word for word in words if word.isalpha() or _is_marked(word)]
    if folder.exists() and (folder / "fivegrams.json.br").exists():
        frequencies = Frequencies(folder)
        plain.sort(key=lambda word: (-frequencies.of(word), word))
    found = dict.fromkeys(map(_fold, plain))
    kept = [word for word in found if len(word) > 2 and not is_english(word)]
    return sorted(kept[:N_FUNCTION])


def _is_marked(word: str) -> bool:
    return all(unicodedata.category(char)[0] in "LM" for char in word)


def _syllables(phrases: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the single syllables of Vietnamese function words, and the pairs in longer ones."""
    parts = [[*map(_fold, phrase.split())] for phrase in phrases]
    single = {one[0] for one in parts if len(one) == 1 < len(one[0])}
    pairs = {f"{left}+{right}" for one in parts for left, right in pairwise(one)}
    return sorted(single), sorted(pairs)


def _thai(lines: Iterable[str]) -> tuple[list[str], list[str]]:
    counts: Counter[str] = Counter()
    for line in lines:
        word, count = line.split("\t")[:2]
        if all("\u0e00" <= char <= "\u0e7f" for char in word):
            counts[_fold(word)] += int(count)
    kept = [word for word, count in counts.most_common() if word and count >= MIN_COUNT]
    stops = kept[:N_STOPS]
    return sorted(stops), sorted(word for word in kept if len(word) <= MAX_LETTERS)


def main() -> None:
    """Write the table."""
    iso = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    models = Path(sys.argv[2])
    with Path(sys.argv[3]).open(encoding="utf-8") as lines:
        thai_stops, thai = _thai(line.rstrip("\n") for line in lines)
    syllables, pairs = _syllables(iso["vi"])
    sections = [
        (f"stop {one}", _function_words(iso["no" if one == "nb" else one], models / one))
        for one in LANGUAGES
    ]
    sections += [("syllable vi", syllables), ("pair vi", pairs)]
    sections += [("stop th", thai_stops), ("word th", thai)]
    path = Path(__file__).parents[1] / "dedup" / "text" / "tables" / "listed.txt"
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.write("# Folded words, made by tools/make_words.py; README.md has their licenses.\n")
        for name, words in sections:
            out.write(f"# {name}\n")
            out.write("\n".join(wrap(" ".join(words), 100, break_long_words=False)) + "\n")
    print(f"{path.name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
