"""Texts for benchmarks: articles of a file, synthetic articles, and pairs of known similarity.

Generated texts depend only on a seed and ``random.Random.random``, and are the same on every
machine.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from random import Random
from typing import NamedTuple

from bench.shingles import K
from corpus.synthesize import synthesize

# Bytes of a generated text, about the mean of press releases.
TEXT_BYTES = 3000
_CONSONANTS, _VOWELS = "bcdfghklmnprstvw", "aeiou"
_ARABIC = "".join(map(chr, [*range(0x0627, 0x063B), *range(0x0641, 0x064B)]))
_EMOJI = ("\U0001f600", "\U0001f44d\U0001f3fd", "\u2764\ufe0f", "\U0001f468\u200d\U0001f4bb")
# The original unified ideographs, letters in every version of Unicode.
_IDEOGRAPHS = range(0x4E00, 0x9FA6)
_VOCABULARY = 20_000


class Pair(NamedTuple):
    """Two texts and the exact Jaccard similarity of their word 3-shingles."""

    a: str
    b: str
    jaccard: float


class Script(NamedTuple):
    """How to draw and join words."""

    draw: Callable[[Random], str]
    render: Callable[[Sequence[str]], str]


def load_articles(path: Path | None, n_articles: int) -> list[str]:
    """Read or synthesize texts.

    Parameters
    ----------
    path : Path or None
        Input of ``dedup.read``, or a ``.json`` list of texts; None synthesizes texts.
    n_articles : int
        Maximum number; the first ones count.

    Returns
    -------
    list of str
        The texts.
    """
    if path is None:
        return [str(record["text"]) for record in synthesize(n_articles, seed=1)[0]]
    if path.suffix == ".json":
        texts: list[str] = json.loads(path.read_text(encoding="utf-8"))
        return texts[:n_articles]
    import dedup

    return [article.text for article in islice(dedup.read(path), n_articles)]


def sample(texts: Sequence[str], size: int) -> list[str]:
    """Return `size` texts at even distances, or all if there are no more."""
    if size >= len(texts):
        return list(texts)
    return [texts[number * len(texts) // size] for number in range(size)]


def write(script: str, n_texts: int, seed: int = 0) -> list[str]:
    """Generate texts of one script, each of about ``TEXT_BYTES`` bytes.

    Parameters
    ----------
    script : str
        A key of ``SCRIPTS``.
    n_texts : int
        How many.
    seed : int
        Equal seeds give equal texts.

    Returns
    -------
    list of str
        The texts.
    """
    vocabulary, rng = _vocabulary(script), Random(seed)
    length = len(SCRIPTS[script].render(vocabulary[:1000]).encode()) / 1000
    n_words = round(TEXT_BYTES / length)
    return [
        SCRIPTS[script].render(
            [vocabulary[int(rng.random() * _VOCABULARY)] for _ in range(n_words)]
        )
        for _ in range(n_texts)
    ]


@cache
def make_pairs(size: int, n_pairs: int, script: str = "plain", lead: bool = False) -> list[Pair]:
    """Generate pairs of texts; the second has additional words.

    Parameters
    ----------
    size : int
        Shingles of the first text.
    n_pairs : int
        How many pairs.
    script : str
        A key of ``SCRIPTS``.
    lead : bool
        Whether 5 to 60 new words are together near the beginning, which shifts all shared words;
        otherwise up to a quarter as many new words as old ones are scattered over the text.

    Returns
    -------
    list of Pair
        With the exact similarity, from sets of shingles.
    """
    rng = Random(size * 2 + lead)
    vocabulary = _vocabulary(script)
    pairs = []
    for _ in range(n_pairs):
        words = [vocabulary[int(rng.random() * _VOCABULARY)] for _ in range(size + K - 1)]
        n_new = 5 + int(rng.random() * 56) if lead else 1 + int(rng.random() * max(size / 4, 2))
        new = [vocabulary[int(rng.random() * _VOCABULARY)] for _ in range(n_new)]
        if lead:
            longer = [*words[:2], *new, *words[2:]]
        else:
            longer = list(words)
            for word in new:
                longer.insert(int(rng.random() * (len(longer) + 1)), word)
        render = SCRIPTS[script].render
        pairs.append(Pair(render(words), render(longer), _jaccard(words, longer)))
    return pairs


def digest(texts: Iterable[str]) -> str:
    """Return 16 hexadecimal digits that change with any of the texts."""
    found = hashlib.sha256()
    for text in texts:
        found.update(text.encode("utf-8", "surrogatepass") + b"\0")
    return found.hexdigest()[:16]


def digest_file(path: Path) -> str:
    """Return 16 hexadecimal digits that change with the bytes of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()[:16]


def _jaccard(a: Sequence[str], b: Sequence[str]) -> float:
    """Return the exact Jaccard similarity of word shingles."""
    sets = [{tuple(words[at : at + K]) for at in range(len(words) - K + 1)} for words in (a, b)]
    return len(sets[0] & sets[1]) / len(sets[0] | sets[1])


@cache
def _vocabulary(script: str) -> list[str]:
    rng, draw = Random(sum(script.encode())), SCRIPTS[script].draw
    return [draw(rng) for _ in range(_VOCABULARY)]


def _draw_latin(rng: Random) -> str:
    n_syllables = 1 + int(4 * rng.random() ** 1.5)
    return "".join(_pick(_CONSONANTS, rng) + _pick(_VOWELS, rng) for _ in range(n_syllables))


def _draw_arabic(rng: Random) -> str:
    return "".join(_pick(_ARABIC, rng) for _ in range(2 + int(rng.random() * 6)))


def _draw_ideograph(rng: Random) -> str:
    return chr(_IDEOGRAPHS[int(rng.random() * len(_IDEOGRAPHS))])


def _pick(letters: Sequence[str], rng: Random) -> str:
    return letters[int(rng.random() * len(letters))]


def _render_sentences(words: Sequence[str]) -> str:
    rows = [" ".join(words[at : at + 14]).capitalize() for at in range(0, len(words), 14)]
    return ". ".join(rows) + "."


def _render_caps(words: Sequence[str]) -> str:
    return _render_sentences(words).upper()


def _render_emoji(words: Sequence[str]) -> str:
    set_words = [
        f"{word} {_EMOJI[at // 3 % len(_EMOJI)]}" if at % 3 == 2 else word
        for at, word in enumerate(words)
    ]
    return " ".join(set_words)


def _render_spaceless(words: Sequence[str]) -> str:
    return "\u3002".join("".join(words[at : at + 20]) for at in range(0, len(words), 20))


SCRIPTS = {
    "plain": Script(_draw_latin, " ".join),
    "english": Script(_draw_latin, _render_sentences),
    "caps": Script(_draw_latin, _render_caps),
    "emoji": Script(_draw_latin, _render_emoji),
    "arabic": Script(_draw_arabic, _render_sentences),
    "chinese": Script(_draw_ideograph, _render_spaceless),
}
