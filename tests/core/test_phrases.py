"""Phrases: the core finds them where the twin does, and no letter is lost."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import _core
from dedup.mask import scan
from dedup.mask.names import known_names
from dedup.mask.phrases import phrases
from tests.reference.phrases import find, is_foreign, pieces
from tests.strategies import hostile_text, law

WORDS = ("the", "The", "TIMES", "times", "new", "York", "a1_", "süß", "é", "Ł", "\u0130", "ſ")
GAPS = (" ", ", ", "\n", "’", "-", "—", "\u212a", "漢", "\u0301", "™", "●", "\ufeff", "")


def encode(texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    data = np.frombuffer(b"".join(encoded), np.uint8)
    return data, np.cumsum([0, *map(len, encoded)], dtype=np.int64)


def joined() -> st.SearchStrategy[str]:
    part = st.tuples(st.sampled_from(WORDS), st.sampled_from(GAPS)).map("".join)
    return st.lists(part, max_size=12).map("".join)


def search(texts: list[str], listed: list[str]) -> list[list[tuple[int, int]]]:
    hits, _ = _core.find_phrases(*encode(texts), *_core.hash_phrases(*encode(listed)))
    return [sorted(map(tuple, hits[hits[:, 0] == at, 1:].tolist())) for at in range(len(texts))]


@given(st.lists(joined() | hostile_text(), max_size=4), st.lists(joined().filter(pieces)))
@law()
def test_the_core_is_its_twin(texts: list[str], listed: list[str]) -> None:
    assert search(texts, listed) == [find(text, listed) for text in texts]


@given(st.lists(joined() | hostile_text(), max_size=4))
@law()
def test_foreign_text_is_what_the_twin_says(texts: list[str]) -> None:
    none = np.empty(0, np.uint64)
    _, foreign = _core.find_phrases(*encode(texts), none, none)
    assert foreign.astype(bool).tolist() == [is_foreign(text) for text in texts]


def test_a_phrase_has_a_piece() -> None:
    with pytest.raises(ValueError, match="ASCII"):
        _core.hash_phrases(*encode(["the times", "—é"]))


def test_listed_phrases_without_a_piece_are_foreign() -> None:
    names = [name for own in known_names()._by_word.values() for name in own]
    leads = [trigger for trigger, _ in phrases().leads]
    for listed in (*names, *leads, *phrases().label_words):
        assert pieces(listed) or is_foreign(listed)


def test_letters_that_match_ascii_are_foreign() -> None:
    letters = re.compile("[a-z]", re.IGNORECASE)
    for code in range(0x80, 0x110000):
        if letters.fullmatch(chr(code)):
            assert is_foreign(chr(code)), hex(code)


def test_every_listed_phrase_is_scanned() -> None:
    for key in known_names().list_keys():
        (found,) = scan.scan_windows([f"x {key.name} y"])
        assert found.names is None or (2, key.word) in found.names
    for trigger, _ in phrases().leads:
        (found,) = scan.scan_windows([f"x {trigger} y"])
        assert found.has_lead
