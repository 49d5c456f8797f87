"""The stem of a folded word: English inflection, nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import _core
from tests.reference import tokenize as reference
from tests.strategies import law

# Endings in every order, around roots that the rules look at.
ROOTS = st.sampled_from(
    ["", "a", "vot", "stopp", "pass", "fall", "bus", "story", "élu", "漢", "12"]
)
ENDINGS = st.lists(st.sampled_from(["s", "es", "ies", "ed", "ing", "ly", "e", "y", "i", "n"]))
WORDS = st.builds(lambda root, ends: root + "".join(ends), ROOTS, ENDINGS)


def _stem(word: str) -> str:
    data = word.encode()
    ending = int.from_bytes(data.rjust(8, b"?")[-8:], "little")
    kept = _core.stem_length(ending, len(data)) if word.isascii() else len(data)
    return data[:kept].decode()


@law(300)
@given(WORDS | st.text(st.sampled_from("aeiysdlng"), max_size=9))
def test_stems_are_the_twin(word):
    assert _stem(word) == reference.stem(word)


@law(100)
@given(WORDS)
def test_a_stem_is_a_prefix_of_three_letters_at_least(word):
    assert word.startswith(_stem(word))
    assert len(_stem(word).encode()) >= min(3, len(word.encode()))


@pytest.mark.parametrize(
    "family",
    [
        "vote votes voted voting",
        "stop stops stopped stopping",
        "story stories",
        "close closed closing closely",
        "pass passed passing",
        "report reports reported reporting",
    ],
)
def test_families_share_a_stem(family):
    assert len(set(map(_stem, family.split()))) == 1


@pytest.mark.parametrize("word", ["bus", "status", "crisis", "thing", "red", "élected", "x"])
def test_words_that_stay(word):
    assert _stem(word) == word
