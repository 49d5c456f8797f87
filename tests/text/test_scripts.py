"""Words that mix scripts."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.text.scripts import count_mixed_words
from tests.strategies import law


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the port of Norden", 0),
        ("thе pоrt оf Norden", 3),
        ("Мэр Анна Берг и мост", 0),
        ("мoст и мост", 1),
        ("αnnα, αnnα", 2),
        ("Das Bild der Brücke in Москва", 0),
        ("30 µm und β-Blocker", 0),
    ],
)
def test_mixed_words_are_counted(text, expected):
    assert count_mixed_words(text, 9) == expected
    assert count_mixed_words(text, 1) == min(expected, 1)


def _is_mixed(word: str) -> bool:
    scripts = ["L" if char.isascii() else "O" for char in word]
    return "LO" in "".join(scripts) or "OL" in "".join(scripts)


@law()
@given(st.text("aZжШλ 1-", max_size=30))
def test_words_are_counted_once_each(text):
    words = "".join(char if unicodedata.category(char)[0] == "L" else " " for char in text).split()
    assert count_mixed_words(text, 99) == sum(map(_is_mixed, words))
