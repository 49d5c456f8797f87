"""Marks give back what masking made of the tokens of texts."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.mask.marks import apply_marks, read_marks
from dedup.mask.mask import mask
from dedup.text.tokenize import Tokens, tokenize

TEXTS = st.lists(
    st.lists(
        st.sampled_from(["The", "mayor", "spoke", "of", "rain.", "“Yes”", "東京"]), max_size=9
    ).map(" ".join),
    min_size=1,
    max_size=4,
)


@st.composite
def masked(draw):
    texts = draw(TEXTS)
    whole = tokenize(texts)
    n = len(whole.hashes)
    roles = draw(st.lists(st.integers(0, 3), min_size=n, max_size=n))
    tokens = Tokens(whole.offsets, *whole.columns, whole.cuts, np.array(roles, np.uint8))
    for _ in range(2):  # credits, then boilerplate
        n = len(tokens.hashes)
        chosen = draw(st.lists(st.booleans(), min_size=n, max_size=n))
        tokens = mask(tokens, np.array(chosen, np.bool_))
    return texts, tokens


@given(masked())
def test_texts_and_marks_give_the_tokens_of_a_search(case):
    texts, tokens = case
    whole = tokenize(texts)
    marks = read_marks(whole, tokens)
    assert (np.diff(marks.bounds) >= 0).all()
    assert marks.bounds[-1] == len(marks.runs)
    found = apply_marks(whole, marks)
    for name in ("offsets", "hashes", "stems", "starts", "ends", "flags", "roles"):
        assert np.array_equal(getattr(found, name), getattr(tokens, name)), name
    # A cut before the first token of an article separates nothing.
    cuts = [np.setdiff1d(one.cuts, one.offsets) for one in (found, tokens)]
    assert np.array_equal(*cuts)
