"""The fit of the second look: planted weights are recovered, and the table has the core's names."""

import json
import re
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from bench.accuracy import second_look
from bench.accuracy.second_look import PASSAGES, WORDS, fit, show_calibration, write_weights
from dedup.text import tables
from tests.reference import second_look as reference

CORE = Path(__file__).parents[2] / "dedup" / "core"
PLANTED = np.array([1.5, -2.0, 0.5, -0.25])


def _rows(n):
    rng = np.random.default_rng(1)
    features = rng.normal(3.0, [1.0, 2.0, 0.5], (n, 3))
    chance = 1 / (1 + np.exp(-features @ PLANTED[:-1] - PLANTED[-1]))
    return features, chance, (rng.random(n) < chance).astype(float)


@pytest.mark.parametrize("column", [1, 2])
def test_planted_weights_are_recovered(column):
    """From probabilities, or from 0 and 1 drawn with them."""
    features, *targets = _rows(40_000)
    found = fit(features, targets[column - 1])
    assert found.weights == pytest.approx(PLANTED, abs=0.15)


def test_a_weight_of_a_row_is_as_often_the_row():
    """But for the ridge, which knows the spread of the rows."""
    features, _, targets = _rows(500)
    counts = np.arange(500) % 3
    often = fit(np.repeat(features, counts, 0), np.repeat(targets, counts))
    rows = counts > 0
    odds = fit(features[rows], targets[rows], counts[rows].astype(float)).odds(features)
    assert odds == pytest.approx(often.odds(features), rel=0.05, abs=0.1)


def test_calibration_compares_what_is_said_with_what_is():
    """Passages without a target do not count."""
    odds = np.log(np.array([0.25, 0.25, 0.85, 0.85, 0.85]) / [0.75, 0.75, 0.15, 0.15, 0.15])
    _, *rows = show_calibration("all", odds, np.array([0.0, 1.0, 1.0, 0.5, -1.0]))
    assert [row.split()[2:] for row in rows] == [
        ["0.3", "2", "0.25", "0.50"],
        ["0.9", "2", "0.85", "0.75"],
    ]


def _enum(file, name):
    found = re.search(rf"enum {name} : std::size_t {{(.*?)}};", (CORE / file).read_text(), re.S)
    return tuple(re.findall(r"^    (\w+),", found[1], re.M))[:-1]


def test_the_table_has_the_names_of_the_core_in_its_order():
    words = _enum("second_look.hpp", "WordFeature")
    sentences = _enum("sentences.hpp", "SentenceFeature")
    passages = _enum("second_look.hpp", "PassageFeature")
    assert words == reference.WordFeatures._fields
    assert sentences == reference.SentenceFeatures._fields
    assert passages == reference.PassageFeatures._fields
    assert words + sentences == second_look.WORDS
    assert passages == second_look.PASSAGES
    table = json.loads((files("dedup.text.tables") / "second_look.json").read_text("utf-8"))
    assert list(table) == ["words", "passages"]
    assert tuple(table["words"]) == (*WORDS, "constant")
    assert tuple(table["passages"]) == (*PASSAGES, "constant")


def test_weights_are_read_as_they_are_written(tmp_path):
    path = tmp_path / "second_look.json"
    write_weights(tables.second_look(), path)
    expected = (files("dedup.text.tables") / "second_look.json").read_bytes()
    assert path.read_bytes() == expected
