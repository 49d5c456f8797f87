"""Formulas of a collection: short wording of unrelated articles, and no copied text."""

import random

import numpy as np

import dedup
from dedup.mask.formula import learn_formulas, mark_formulas, split_collection
from dedup.model.passage import FORMULA
from dedup.text.tokenize import tokenize

WORDS = [
    f"{a}{b}{c}" for a in "bdfgklmnprst" for b in "aeiou" for c in ("rim", "lok", "tan", "ves")
]
STOCK = "Residents of the upper valley may collect sandbags from the depot behind the station."
STORY = " ".join(
    f"The {a} of the {b} was moved to the {c} before the storm."
    for a, b, c in zip(WORDS[::7], WORDS[1::7], WORDS[2::7], strict=False)
)


def _article(number, *parts):
    chooser = random.Random(number)
    own = [" ".join(chooser.choices(WORDS, k=12)).capitalize() + "." for _ in range(12)]
    return "\n\n".join([*own[:6], *parts, *own[6:]])


def _collection(n, *parts):
    """Return unrelated articles of different outlets that share some parts."""
    return [dedup.Article(f"a{k}", _article(k, *parts), outlet=f"o{k}") for k in range(n)]


def _roles(articles):
    report = dedup.find_overlaps(articles, jobs=1)
    return {passage.role for overlap in report.overlaps for passage in overlap.passages}, report


def test_a_sentence_of_many_unrelated_articles_is_a_formula():
    roles, report = _roles(_collection(8, STOCK))
    assert roles == {"formula"}
    assert {one.relation for one in report.overlaps} == {"none"}
    assert not report.families
    assert not report.stories


def test_a_sentence_of_few_articles_is_text():
    assert _roles(_collection(3, STOCK))[0] == {"text"}


def test_a_sentence_of_few_outlets_is_no_formula():
    articles = [
        dedup.Article(one.id, one.text, outlet=f"o{k % 2}")
        for k, one in enumerate(_collection(8, STOCK))
    ]
    assert "formula" not in _roles(articles)[0]


def test_a_long_text_of_many_articles_is_copied_text():
    assert _roles(_collection(8, STORY))[0] == {"text"}


def test_a_sentence_of_one_story_is_text():
    told = [_article(1).split("\n\n")[k] for k in range(8)]
    articles = [
        dedup.Article(f"a{k}", _article(20 + k, *told[:6], STOCK), outlet=f"o{k}") for k in range(8)
    ]
    assert _roles(articles)[0] == {"text"}


def test_order_does_not_matter():
    articles = _collection(8, STOCK)
    texts = [one.text for one in articles]
    keys = [
        learn_formulas(tokenize(own), outlets, 0.02).tolist()
        for own, outlets in (
            (texts, [one.outlet for one in articles]),
            (texts[::-1], [one.outlet for one in articles[::-1]]),
        )
    ]
    assert keys[0] == keys[1] != []


def test_marks_are_those_of_learned_words():
    articles = _collection(6, STOCK)
    tokens = tokenize([one.text for one in articles])
    known = learn_formulas(tokens, [one.outlet for one in articles], 0.02)
    marked = mark_formulas(tokens, known)
    words = [
        articles[0].text[start:end]
        for start, end, role in zip(marked.starts, marked.ends, marked.roles, strict=True)
        if role == FORMULA
    ]
    assert words[: len(STOCK.split())] == STOCK.rstrip(".").split()


def test_parts_hold_each_article_once():
    ids = [f"a{k}" for k in range(100)]
    parts = split_collection(ids, np.full(100, 1 << 17))
    assert len(parts) > 1
    assert sorted(np.concatenate(parts).tolist()) == list(range(100))
