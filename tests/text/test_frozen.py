"""The frozen tables hold what their sources say."""

import unicodedata
from importlib.resources import files

import numpy as np
import pytest

from dedup.text import tables
from dedup.text.tables import kinds as kernel
from tests.reference import tokenize as reference
from tests.reference.hash import hash_text
from tests.strategies import settled
from tools import freeze_words, make_fold


def test_listed_words_are_those_of_the_files():
    for frozen, made in zip(tables.listed_words(), freeze_words.freeze(), strict=True):
        assert frozen.dtype == made.dtype
        assert (frozen == made).all()
    pairs = zip(*(column.tolist() for column in tables.listed_words()), strict=True)
    assert dict(pairs) == reference.classes()


def test_listed_words_are_folded():
    every = {part for _, word in freeze_words.read_words() for part in word.split("+")}
    assert [word for word in sorted(every) if reference.fold(word) != word] == []


def test_function_words_of_english_are_told_from_others():
    both = kernel.STOP | kernel.ENGLISH
    assert reference.classes()[hash_text("about")] & both == both
    assert reference.classes()[hash_text("karena")] == kernel.FOREIGN | kernel.MALAY
    assert reference.classes()[hash_text("ktery")] == kernel.FOREIGN


def test_no_other_language_takes_a_word_of_english_news():
    """A word that the table of English frequencies knows is content in English."""
    english = {word for one, word in freeze_words.read_words() if one & kernel.ENGLISH}
    listed = (files("dedup.text.tables") / "listed.txt").read_text(encoding="utf-8")
    added = {word for line in listed.splitlines() if line[0] != "#" for word in line.split()}
    taken = {"budget", "congress", "company", "market", "minister", "police", "report"}
    assert not (taken - english) & added


def test_idf():
    bits = tables.idf()
    assert bits.shape == (2**21,)
    assert bits.dtype == np.uint8
    # From the floor of .3 bits to one text in 72,632: log2(72633) is 16.1.
    assert bits.min() >= round(8 * 0.3)
    assert bits.max() == round(8 * np.log2(72_633))


def test_idf_knows_common_words():
    def information(word: str) -> float:
        return tables.idf()[hash_text(reference.stem(word)) >> 44] / 8

    assert information("senator") < information("budget") < information("lachin")


def test_folding_is_what_the_script_makes():
    if unicodedata.unidata_version != "14.0.0":
        pytest.skip(f"the table holds Unicode 14.0.0, not {unicodedata.unidata_version}")
    for frozen, made in zip(tables.folding(), make_fold.make(), strict=True):
        assert frozen.dtype == made.dtype
        assert (frozen == made).all()


def test_kinds_of_settled_code_points():
    """Says of the table what the tokenizer's twin says of text, under any Python."""
    folding = tables.folding()
    chars = settled()
    codes = np.array([ord(char) for char in chars])
    at = folding.pages[codes >> 8].astype(np.int64) * 256 + (codes & 255)
    kinds, folds = folding.kinds[at], folding.folds[at]
    is_word = np.array([reference.is_word(char) for char in chars])
    assert ((kinds >= kernel.LETTER) == is_word).all()
    is_ignorable = np.array([reference.is_ignorable(char) for char in chars])
    assert ((kinds == kernel.IGNORABLE) == is_ignorable).all()
    is_alone = np.array([reference.is_spaceless(char) for char in chars])
    assert (np.isin(kinds, [kernel.SPACELESS, kernel.ABUGIDA]) == is_alone).all()
    is_segmented = np.array([reference.is_segmented(char) for char in chars])
    assert ((kinds == kernel.SEGMENTED) == is_segmented).all()
    for char, fold in zip(chars, folds.tolist(), strict=True):
        if reference.is_word(char):
            assert _unfold(char, fold, folding.runs) == reference.fold(char)


def _unfold(char: str, fold: int, runs: np.ndarray) -> str:
    if fold == kernel.SAME:
        return char
    if fold < kernel.RUN:
        return _unpack(fold)
    start, length = fold - int(kernel.RUN) >> 5, fold & 31
    return "".join(_unpack(int(packed)) for packed in runs[start : start + length])


def _unpack(packed: int) -> str:
    return packed.to_bytes(4, "little").rstrip(b"\0").decode()


def test_longest_fold_fits():
    """The tokenizer's buffer counts on at most 18 code points for one."""
    folds = tables.folding().folds
    assert (folds[(folds >= kernel.RUN) & (folds != kernel.SAME)] & 31).max() <= 18
