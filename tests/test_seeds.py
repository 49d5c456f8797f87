"""The five articles that the project began from; their texts are not part of it."""

from __future__ import annotations

import os
from itertools import combinations

import pytest

import dedup

SEEDS = os.environ.get("DEDUP_SEEDS")

pytestmark = pytest.mark.skipif(not SEEDS, reason="DEDUP_SEEDS names no directory")

# File prefixes, and the spans of a sentence that one took from the other.
REUSED = {
    "a reworded sentence": ("000", "002", (2305, 2463), (3120, 3281)),
    "a quotation with other words": ("000", "002", (542, 673), (641, 788)),
    "two translations of a quotation": ("000", "002", (2763, 2871), (1613, 1754)),
    "a reworded clause": ("000", "002", (2065, 2155), (3031, 3118)),
    "words that both quote": ("001", "002", (592, 630), (600, 638)),
    "a near-verbatim quotation": ("000", "001", (1836, 1959), (1285, 1402)),
}


@pytest.fixture(scope="module")
def articles():
    return {article.id[:3]: article for article in dedup.read(SEEDS)}


@pytest.fixture(scope="module")
def overlaps(articles):
    report = dedup.find_overlaps(articles.values())
    return {(one.a[:3], one.b[:3]): one for one in report.overlaps}


def _cover(span, sentence):
    shared = min(span[1], sentence[1]) - max(span[0], sentence[0])
    return max(0, shared) / (sentence[1] - sentence[0])


@pytest.mark.parametrize("name", REUSED)
def test_reuse_is_reported_with_its_sentence(articles, overlaps, name):
    a, b, in_a, in_b = REUSED[name]
    passages = overlaps[a, b].passages
    passage = max(
        passages, key=lambda passage: min(_cover(passage.a, in_a), _cover(passage.b, in_b))
    )
    for side, span, sentence in ((2, passage.a, in_a), (3, passage.b, in_b)):
        assert _cover(span, sentence) >= 0.85
        # A passage may hold several of them, and another sentence that was reworded.
        held = [one[side] for one in REUSED.values() if one[:2] == (a, b)]
        n_held = sum(end - start for start, end in held if _cover(span, (start, end)) >= 0.85)
        assert span.end - span.start <= 2.5 * n_held


def test_the_same_facts_in_other_words_are_no_reuse(overlaps):
    assert not [pair for pair in overlaps if "003" in pair]


def test_a_search_misses_no_pair(articles, overlaps):
    every = {
        (a, b)
        for a, b in combinations(sorted(articles), 2)
        if dedup.compare(articles[a], articles[b]).passages
    }
    assert set(overlaps) == every


def test_a_credit_line_is_evidence_and_no_passage(articles):
    report = dedup.find_overlaps(articles.values())
    credits = {
        one.article.id[:3]: [credit.name for credit in one.credits] for one in report.articles
    }
    original = ["Business Insider"]
    assert credits == {"000": [], "001": original, "002": [], "003": [None], "004": original}
    texts = [one.text_a + one.text_b for pair in report.overlaps for one in pair.passages]
    assert not any("original article" in text for text in texts)


def test_two_articles_of_no_known_outlet_are_too_few_for_boilerplate(articles):
    """The line that 001 and 003 end with stays, and is too short for a passage."""
    report = dedup.find_overlaps(articles.values())
    assert report.boilerplate == ()
    texts = [one.text_a + one.text_b for pair in report.overlaps for one in pair.passages]
    assert not any("Leave a Reply" in text for text in texts)
