"""No passage of the default has a whole sentence that only one side has."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dedup
from dedup.text.tables.kinds import STARTS_SENTENCE
from dedup.text.tokenize import tokenize
from tests.strategies import law

# Sentences, each in two wordings.
WORDINGS = (
    (
        "Engineers will drain the lower reservoir before autumn to inspect its cracked dam.",
        "Before autumn, engineers are going to drain the lower reservoir and inspect the dam.",
    ),
    (
        "The harbor board approved a ferry terminal at the north pier on Tuesday night.",
        "A ferry terminal at the north pier was approved by the harbor board late on Tuesday.",
    ),
    (
        "Officials blamed a faulty valve for the flood that closed two subway stations.",
        "The flood that closed two subway stations was blamed by officials on a faulty valve.",
    ),
)
OWN = (
    "Volunteers painted murals of herons along the schoolyard fence during spring break.",
    "Bakers complained that butter prices doubled while customers bought fewer pastries.",
    "Astronomers photographed a comet whose tail pointed away from the rising sun.",
    "Surgeons at the children's clinic performed eleven transplants without complications.",
)
TEXT = st.lists(st.one_of(st.integers(0, 2), st.sampled_from(OWN)), min_size=1, max_size=6)
MIN_CONTENT = 5
# A bridge may cost anything: only the share keeps a passage from one.
WIDE = dedup.Params().with_values({"align.max_bridge": "100"})


def _write(sentences, wording):
    return " ".join(WORDINGS[one][wording] if isinstance(one, int) else one for one in sentences)


def _find_lonely(texts, passage):
    """Whole sentences of a passage that have no content word of its other side."""
    tokens = tokenize(texts)
    inside = []
    for side, span in enumerate((passage.a, passage.b)):
        low, high = tokens.offsets[side : side + 2].tolist()
        inside.append(
            [at for at in range(low, high)
             if span.start <= tokens.starts[at] and tokens.ends[at] <= span.end]
        )  # fmt: skip
    stems = [{int(tokens.stems[at]) for at in own if tokens.flags[at] >= 128} for own in inside]
    lonely = []
    for side, own in enumerate(inside):
        end = int(tokens.offsets[side + 1])
        starts = [at for at in own if tokens.flags[at] & STARTS_SENTENCE]
        for start, behind in pairwise([*starts, own[-1] + 1]):
            is_whole = behind == end or tokens.flags[behind] & STARTS_SENTENCE
            content = {int(tokens.stems[at]) for at in range(start, behind)
                       if tokens.flags[at] >= 128}  # fmt: skip
            if is_whole and len(content) >= MIN_CONTENT and not content & stems[1 - side]:
                lonely.append((side, texts[side][tokens.starts[start] : tokens.ends[behind - 1]]))
    return lonely


@law(150)
@given(TEXT, TEXT)
def test_every_whole_sentence_of_a_passage_has_a_counterpart(first, second):
    texts = _write(first, 0), _write(second, 1)
    for passage in dedup.compare(*texts, WIDE).passages:
        assert not _find_lonely(texts, passage)


@pytest.mark.parametrize("own", OWN)
@pytest.mark.parametrize("is_in_a", [True, False])
def test_two_reworded_sentences_are_not_joined_over_one_of_one_side(own, is_in_a):
    whole, alone = (0, own, 1), (0, 1)
    a, b = (whole, alone) if is_in_a else (alone, whole)
    passages = dedup.compare(_write(a, 0), _write(b, 1), WIDE).passages
    assert len(passages) == 2
    texts = [one.text_a if is_in_a else one.text_b for one in passages]
    assert not any(own[:20] in text for text in texts)


def test_without_the_share_a_passage_bridges():
    """The law is of the parameter: without it, an own sentence is bridged."""
    params = WIDE.with_values({"align.min_shared": "0", "align.related_share": "1"})
    (passage,) = dedup.compare(_write((0, OWN[0], 1), 0), _write((0, 1), 1), params).passages
    assert OWN[0][:20] in passage.text_a
