"""The judge of stories, the generator, and the fit, on cases small enough to do by hand."""

from __future__ import annotations

import numpy as np
import pytest

from bench.stories.choices import ChoiceSet, fit, weigh
from bench.stories.partitions import measure_agreement
from bench.stories.spreads import Habits, spread

TOLD = {"a": ["x"], "b": ["x"], "c": ["y"], "d": ["y"], "e": []}


def test_what_is_right_is_all_ones():
    found = measure_agreement(TOLD, [["a", "b"], ["c", "d"]])
    assert found == (1.0,) * 7 + (2, 2)


def test_one_story_of_all_has_no_precision():
    found = measure_agreement(TOLD, [list("abcde")])
    assert found.ari == pytest.approx(0.0)
    assert found.cubed_precision == pytest.approx((2 + 2 + 2 + 2 + 1) / 25)
    assert (found.cubed_recall, found.pair_recall, found.pair_precision) == (1, 1, 0.2)
    assert (found.n_largest, found.n_largest_true) == (5, 2)


def test_nothing_found_has_no_recall():
    found = measure_agreement(TOLD, [])
    assert (found.pair_recall, found.cubed_precision, found.pair_f) == (0, 1, 0)
    assert found.cubed_recall == pytest.approx(3 / 5)


def test_an_article_of_two_stories_counts_in_pairs_alone():
    told = {"a": ["x"], "b": ["x"], "r": ["x", "y"], "c": ["y"]}
    found = measure_agreement(told, [["a", "b"], ["c", "r"]])
    assert found.ari == 1
    assert (found.pair_precision, found.pair_recall) == (1, 0.5)


def test_spreads_are_the_same_each_time_and_true_of_themselves():
    one, again = spread(1, 0.1), spread(1, 0.1)
    assert (one.articles, one.parents) == (again.articles, again.parents)
    names = {article.id for article in one.articles}
    assert set(one.stories) == names
    assert {parent for parent in one.parents.values() if parent} <= names
    for story, (first, agency) in one.origins.items():
        assert (first in names) if first else agency
        copies = [name for name, told in one.stories.items() if story in told and name != first]
        assert first is None or all(one.is_ancestor(first, name, story) for name in copies)


def test_nobody_credits_where_none_is_given():
    silent = spread(3, 0.1, Habits(crediting=0.0))
    assert not any("https://" in article.text for article in silent.articles)


def test_the_fit_finds_the_weights_that_choices_were_drawn_by():
    rng = np.random.default_rng(0)
    true = np.array([1.5, -0.5])
    choices = []
    for _ in range(4000):
        rows = rng.normal(size=(3, 2))
        choices.append(ChoiceSet(rows, int(rng.choice(3, p=weigh(rows, true)))))
    assert fit(choices) == pytest.approx(true, abs=0.1)
