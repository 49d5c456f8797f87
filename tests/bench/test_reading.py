"""Samples for readers, and what they said."""

import pytest

from bench.reading import draw, tally

PASSAGE = {
    "a": [0, 5], "b": [2, 7], "kind": "edited", "role": "text", "confidence": 0.75,
    "text_a": "secret",
}  # fmt: skip
HIDDEN = PASSAGE | {"role": "furniture"}
UNCERTAIN = PASSAGE | {"confidence": 0.74}
RUN = [
    {"type": "run"},
    *({"type": "article", "id": name, "outlet": name[0]} for name in ("x1", "x2", "y1", "y2")),
    {"type": "overlap", "a": "x1", "b": "x2", "passages": [PASSAGE] * 3},
    {"type": "overlap", "a": "x1", "b": "y1", "passages": [HIDDEN, PASSAGE, UNCERTAIN, PASSAGE]},
    {"type": "overlap", "a": "x2", "b": "y2", "passages": [HIDDEN]},
]


def test_a_sample_is_the_same_for_a_seed_and_has_no_text():
    sample = draw(RUN, 4, 1, False)
    assert sample == draw(RUN, 4, 1, False) != draw(RUN, 4, 2, False)
    assert [one["n"] for one in sample] == [0, 1, 2, 3]
    assert not any("secret" in str(one) for one in sample)
    assert len(draw(RUN, 100, 1, False)) == 5


def test_apart_takes_one_passage_of_pairs_of_two_outlets():
    assert [(one["a"], one["b"]) for one in draw(RUN, 100, 1, True)] == [("x1", "y1")]


def test_a_tally_counts_both_readers():
    first = [{"n": k, "verdict": one} for k, one in enumerate(("reuse", "wrong", "quotation"))]
    second = [{"n": k, "verdict": one} for k, one in enumerate(("quotation", "wide", "wrong"))]
    lines = list(tally(first, second))
    assert lines[-2].split() == ["right", "2", "1", "of", "3"]
    assert lines[-1] == "both agree on right or not: 2 of 3"
    with pytest.raises(ValueError, match="different passages"):
        list(tally(first, second[1:]))
    with pytest.raises(ValueError, match="unknown verdicts: good"):
        list(tally([{"n": 0, "verdict": "good"}], [{"n": 0, "verdict": "wide"}]))
