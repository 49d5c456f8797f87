"""Shared Hypothesis strategies, and the profile of every law: derandomized, so that a failure
in one place is a failure everywhere."""

from __future__ import annotations

import os
import unicodedata
from functools import cache

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

# A busy machine is no failure, hence no deadline.
settings.register_profile(
    "dedup", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("dedup")


def law(max_examples: int = 60) -> settings:
    """Return the settings of a law; ``DEDUP_EXAMPLES`` lowers its examples, in percent, in CI and
    under the sanitizers."""
    return settings(
        max_examples=max(1, max_examples * int(os.environ.get("DEDUP_EXAMPLES", "100")) // 100)
    )


# What breaks tokenizers, by name, so that a failing example reads well.
HOSTILE = (
    "\ud800", "\udfff", "\0", "\u2028", "\u2029", "\x85", "\x1c", "\x01", "\v",
    "\u00ad", "\u200b", "\u200d", "\u200e", "\u200f", "\u202e", "\ufeff", "\ufffd", "\uffff",
    "\u0301", "\u0327", "\u094d", "\u20dd", "\U000e0041", "\U0010ffff",
    "漢", "字", "〇", "か", "が", "ｶ", "ﾞ", "゛", "ー", "ก", "ั", "ำ", "๙", "ກ", "က", "្", "ក",
    "한", "ᄒ", "ᅡ", "א", "ש", "ع", "ﷺ", "ﬁ", "ß", "ẞ", "İ", "ı", "ς", "Σ", "ǅ", "Å", "é", "e\u0301",
    "①", "²", "Ⅷ", "½", "٣", "𝟘", "𝔘", "🙂", "👩\u200d🚀", "🇫🇷", "नी", "क्ष", "ª", "ʼ",
)  # fmt: skip
MARKS = tuple(" \t\n.,;:!?…–—-/()'’\"“”«»‹›„‟「」·|_@#%&\u00a0\u3000。؟")
WORDS = (
    "the", "of", "and", "in", "said", "a", "to", "was", "it", "Council", "Mayor", "library",
    "budget", "harbor", "voted", "votes", "voting", "closed", "closing", "bridge", "flooded",
    "reported", "hospital", "strike", "Minister", "Lachin", "corridor", "blockade", "Armenia",
    "12", "2024", "4.5", "Mr.", "U.S.", "pipeline", "reactor", "tariff", "museum", "storms",
    "embassy", "quickly", "drought", "Ukraine", "factory", "railway", "élection", "co-operate",
    "won't", "harvest", "convoy", "theater", "auction",
)  # fmt: skip


@cache
def settled() -> str:
    """Every code point that Unicode 3.2 assigned and that is still of the same category.

    The frozen table holds Unicode 14; what changes after it is what is not yet assigned, so
    these mean the same to the table and to whatever Unicode this Python has.
    """
    old = unicodedata.ucd_3_2_0
    return "".join(
        char
        for char in map(chr, range(0x110000))
        if (category := unicodedata.category(char)) != "Cn" and old.category(char) == category
    )


@cache
def _settled_chars() -> st.SearchStrategy[str]:
    # Uniform over all of Han would be all that is drawn: half of the time, stay below it.
    chars = settled()
    low = "".join(char for char in chars if char < "\u3000")
    return st.sampled_from(low) | st.sampled_from(chars)


def hostile_text(max_size: int = 40) -> st.SearchStrategy[str]:
    """Text of marks, words, odd code points and any settled code point."""
    pieces = st.one_of(
        st.sampled_from(HOSTILE),
        st.sampled_from(MARKS),
        st.sampled_from(WORDS),
        st.deferred(lambda: _settled_chars()),
        st.sampled_from("abcABC019 "),
    )
    return st.lists(pieces, max_size=max_size).map("".join)


def sentence(min_words: int = 3, max_words: int = 20) -> st.SearchStrategy[str]:
    """A sentence of the small vocabulary, with a comma or a quotation now and then."""
    words = st.lists(st.sampled_from(WORDS), min_size=min_words, max_size=max_words)
    shapes = st.sampled_from(("{}.", "{}.", "{}?", "“{}.”", '"{}"', "({}.)", "{}\n"))
    commas = st.integers(0, max_words)

    def build(words: list[str], shape: str, comma: int) -> str:
        parts = [word + "," if at == comma else word for at, word in enumerate(words)]
        text = " ".join(parts)
        return shape.format(text[0].upper() + text[1:])

    return st.builds(build, words, shapes, commas)


def news_text(max_sentences: int = 8) -> st.SearchStrategy[str]:
    """Sentences in paragraphs."""
    joints = st.sampled_from((" ", " ", "\n\n"))
    rows = st.lists(st.tuples(sentence(), joints), max_size=max_sentences)
    return rows.map(lambda row: "".join(text + joint for text, joint in row))


@st.composite
def news_pair(draw: st.DrawFn) -> tuple[str, str]:
    """Two texts that draw their sentences from one pool, so that some are shared or moved."""
    pool = draw(st.lists(sentence(), min_size=2, max_size=8))
    picks = st.lists(st.sampled_from(pool) | sentence(), max_size=7)
    joint = draw(st.sampled_from((" ", "\n\n")))
    return joint.join(draw(picks)), joint.join(draw(picks))


def bits() -> st.SearchStrategy[float]:
    """Information in eighths of a bit, which float32 adds without rounding."""
    return st.integers(1, 128).map(lambda eighths: eighths / 8)


# Token flags by name are in dedup/text/tables/kinds.py; here they are drawn, so that few are rare.
FLAGS = (128, 128, 128, 0, 1, 130, 132, 134, 136, 8, 48 | 128, 48, 32 | 128, 64 | 128, 50 | 128)


@st.composite
def token_pair(
    draw: st.DrawFn, max_size: int = 30
) -> tuple[list[tuple[int, int, int]], list[tuple[int, int, int]]]:
    """Two articles of (hash, stem, flags), of a few words; runs of them stand in both.

    A word has two forms with one stem.
    """
    words = st.tuples(st.integers(0, 29), st.sampled_from(FLAGS)).map(
        lambda drawn: (drawn[0], drawn[0] // 2, drawn[1])
    )
    runs = st.lists(words, min_size=1, max_size=8)
    pool = draw(st.lists(runs, min_size=1, max_size=4))
    texts = st.lists(st.sampled_from(pool) | runs, max_size=8)
    first, second = ([word for run in draw(texts) for word in run][:max_size] for _ in range(2))
    return first, second
