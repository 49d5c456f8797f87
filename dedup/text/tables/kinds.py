"""Kinds of code points, flags of tokens and the folding table; same as in core/tokenize.hpp."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# Kinds of code points, as in fold.npz. LETTER and higher kinds are parts of words.
OTHER, SPACE, NEWLINE, FULL_STOP, TERMINATOR, CLAUSE = 0, 1, 2, 3, 4, 5
OPEN_QUOTE, CLOSE_QUOTE, STRAIGHT_QUOTE, APOSTROPHE, IGNORABLE = 6, 7, 8, 9, 10
LETTER, LOWER, UPPER, DIGIT = 11, 12, 13, 14
# Hangul; Han and kana; Lao, Khmer and Myanmar; Thai, whose words are found by a list.
HANGUL, SPACELESS, ABUGIDA, SEGMENTED = 15, 16, 17, 18

# Entries of the folding table. SAME: the code point folds to itself (from U+0800 on, where whole
# pages do). RUN and above: a slice of `runs`. Neither collides with UTF-8, which has no byte FF.
SAME = np.uint32(0xFFFFFFFF)
RUN = np.uint32(0xFF000000)

IS_STOP = np.uint8(1)
IS_CAPITAL = np.uint8(2)
IS_DIGIT = np.uint8(4)
IS_QUOTED = np.uint8(8)
STARTS_SENTENCE = np.uint8(16)
STARTS_CLAUSE = np.uint8(32)
IS_SPACELESS = np.uint8(64)
IS_CONTENT = np.uint8(128)
# Both flags of a content word: its characters count for more in a length.
IS_DENSE = IS_STOP | IS_CONTENT

# Classes of listed words: function words, those of English, words that are cut from a script
# without spaces, function syllables of Vietnamese, function words in text that is not English,
# those of Malay and Indonesian.
STOP, ENGLISH, WORD, SYLLABLE, FOREIGN, MALAY = map(np.uint8, (1, 2, 4, 8, 16, 32))


class FoldTables(NamedTuple):
    """Kind and folded form of each code point; layout in ``tools.make_fold``."""

    pages: NDArray[np.uint16]
    kinds: NDArray[np.uint8]
    folds: NDArray[np.uint32]
    runs: NDArray[np.uint32]
