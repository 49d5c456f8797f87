"""Generated texts: the same every time, as alike as is said, in the script asked for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bench.shingles import shingle
from bench.texts import (
    SCRIPTS,
    TEXT_BYTES,
    digest,
    load_articles,
    make_pairs,
    sample,
    write,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n", []),
        ("One", ["one"]),
        ("One two", ["one two"]),
        ("One two  THREE", ["one two three"]),
        ("a b c d c", ["a b c", "b c d", "c d c"]),
    ],
)
def test_shingles_are_runs_of_three_words(text: str, expected: list[str]) -> None:
    assert shingle(text) == expected


@pytest.mark.parametrize("lead", [False, True])
@pytest.mark.parametrize("size", [10, 300])
def test_pairs_have_the_resemblance_that_is_said(size: int, lead: bool) -> None:
    for pair in make_pairs(size, 20, lead=lead):
        a, b = set(shingle(pair.a)), set(shingle(pair.b))
        assert len(shingle(pair.a)) == size
        assert pair.jaccard == len(a & b) / len(a | b)
        assert 0 < pair.jaccard < 1


def test_a_lead_shifts_all_that_is_shared() -> None:
    for pair in make_pairs(300, 20, lead=True):
        first, second = pair.a.split(), pair.b.split()
        n_new = len(second) - len(first)
        assert 5 <= n_new <= 60
        assert first[:2] == second[:2]
        assert first[2:] == second[2 + n_new :]


def test_pairs_of_shared_resemblance_lie_on_both_sides_of_the_bands() -> None:
    found = [pair.jaccard for pair in make_pairs(300, 200)]
    assert min(found) < 0.4
    assert max(found) > 0.9


@pytest.mark.parametrize(
    ("script", "pattern"),
    [
        ("english", r"[A-Z][a-z]+( [a-z]+)*(\. |\.$)"),
        ("caps", r"[A-Z][A-Z]+( [A-Z]+)*(\. |\.$)"),
        ("arabic", r"[\u0621-\u064a]+( [\u0621-\u064a]+)*(\. |\.$)"),
        ("chinese", r"[\u4e00-\u9fa5]{1,20}(\u3002|$)"),
        ("emoji", r"[a-z]+( [\U0001f300-\U0001f6ff\u2764\ufe0f\u200d]+)?( |$)"),
    ],
)
def test_a_script_is_what_it_says(script: str, pattern: str) -> None:
    for text in write(script, 3):
        assert abs(len(text.encode()) - TEXT_BYTES) < TEXT_BYTES / 5
        assert re.sub(pattern, "", text) == ""


def test_the_same_texts_come_every_time() -> None:
    texts = [text for script in SCRIPTS for text in write(script, 2)]
    texts += [text for pair in make_pairs(50, 5) for text in pair[:2]]
    assert digest(texts) == "2c9d655208b4ecec"
    assert digest(texts[1:]) != digest(texts)
    assert digest(["ab", "c"]) != digest(["a", "bc"])


def test_a_sample_is_even() -> None:
    assert sample(["a", "b", "c", "d"], 2) == ["a", "c"]
    assert sample(["a", "b"], 5) == ["a", "b"]


def test_articles_are_read_or_synthesized(tmp_path: Path) -> None:
    lines = tmp_path / "articles.jsonl"
    lines.write_text('{"id": "1", "text": "One."}\n{"id": "2", "text": "Two."}\n')
    assert load_articles(lines, 1) == ["One."]
    plain = tmp_path / "articles.json"
    plain.write_text('["One.", "Two."]')
    assert load_articles(plain, 5) == ["One.", "Two."]
    assert len(load_articles(None, 3)) == 3
