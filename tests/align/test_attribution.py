"""Spans that name a speaker and say nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.align.attribution import is_attribution
from tests.strategies import hostile_text, law


def _is(marked):
    before, span, after = marked.split("|")
    return is_attribution(before + span + after, len(before), len(before) + len(span))


@pytest.mark.parametrize(
    "marked",
    [
        "“It holds.” |Ann Reed, the harbor master of Halden, said| in June.",
        "Jo Hale, |the harbor master’s assistant for bridges, said| after a walk on the pier.",
        "|The master of the harbor of Halden, Ann Reed, said| in June.",
        "|Ann Reed, a professor of tides at Halden College, told Gazette.com.| It holds.",
        "“It holds,” |said Ann Reed, a harbor master with the town of Halden.| It rained.",
        "“It holds,” |says Ann Reed.| It rained.",
    ],
)
def test_an_attribution(marked):
    assert _is(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "|The bridge to the island stays closed until June, said| Ann Reed.",
        "|The bridge to the island stays closed until June, said| the harbor master.",
        "|The bridge stays closed, Ann Reed said.| It rained.",
        "|The bridge stays closed, Ann Reed, the harbor master, said.| It rained.",
        "|Ann Reed, who closed the bridge on Monday, said| on Tuesday that it holds.",
        "|Ann Reed, the harbor master, said the bridge holds.| It rained.",
        "|said Ann Reed, and closed the bridge.| It rained.",
        "|Ann Reed, the harbor master, closed the bridge.| It rained.",
        "|said the bridge stays closed until June.| It rained.",
        "||",
    ],
)
def test_what_was_said_is_none(marked):
    assert not _is(marked)


@law(60)
@given(hostile_text(), st.sampled_from(["Ann Reed, the harbor master, said", "It holds."]))
def test_text_around_a_sentence_changes_nothing_before_it(before, span):
    alone = is_attribution(span + ".", 0, len(span) + 1)
    assert is_attribution(f"{before}{span}.", len(before), len(before) + len(span) + 1) == alone
