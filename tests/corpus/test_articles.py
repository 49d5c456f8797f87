"""The hand-written articles: their gold spans, their variety, and that they copy no real text."""

import itertools
import json
import os
import re
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
STRAIGHT = str.maketrans("“”‘’", "\"\"''")
ARTICLE_FIELDS = {"id", "outlet", "published", "url", "title", "text"}
GOLD_FIELDS = {"a", "b", "a_span", "b_span", "kind", "quote", "what"}
WHATS = {
    "verbatim", "substitution", "swap", "translation", "split-quote", "insertion", "deletion",
    "truncation", "boilerplate", "credit line", "list", "short quote",
}  # fmt: skip


def _read(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (CORPUS / name).read_text("utf-8").splitlines()]


ARTICLES = _read("articles.jsonl")
GOLD = _read("gold.jsonl")
TEXTS = {article["id"]: article["text"] for article in ARTICLES}
REQUIRED = [line for line in GOLD if "optional" not in line]
PAIRS = list(itertools.combinations(sorted(TEXTS), 2))
each_line = pytest.mark.parametrize("line", GOLD, ids=lambda line: f"{line['a']}:{line['b']}")


def _texts(line: dict[str, Any]) -> tuple[str, str]:
    return TEXTS[line["a"]][slice(*line["a_span"])], TEXTS[line["b"]][slice(*line["b_span"])]


def _plain(text: str) -> str:
    return " ".join(text.translate(STRAIGHT).split())


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _runs(text: str, length: int) -> set[tuple[str, ...]]:
    words = _words(text)
    return {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}


def _line_with(word: str, a: str, b: str) -> dict[str, Any]:
    (found,) = (
        line for line in GOLD if (line["a"], line["b"]) == (a, b) and word in _texts(line)[0]
    )
    return found


def _is_inside_quotes(article_id: str, span: list[int]) -> bool:
    text = TEXTS[article_id]
    start = text.rfind("\n\n", 0, span[0]) + 1
    depth, inside = False, 0
    for position in range(start, span[1]):
        if text[position] in '"“”':
            depth = text[position] == "“" or (text[position] == '"' and not depth)
        elif text.startswith("\n\n", position):
            depth = False
        elif position >= span[0]:
            inside += depth
    return inside * 2 > span[1] - span[0]


# ------------------------------------------------------------------ articles


def test_there_are_enough_articles_outlets_and_stories() -> None:
    assert len(ARTICLES) >= 16
    assert len({article["outlet"] for article in ARTICLES}) >= 8
    assert len({article["id"].split("-")[0] for article in ARTICLES}) >= 4
    assert len(TEXTS) == len(ARTICLES)


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article["id"])
def test_an_article_is_complete(article: dict[str, Any]) -> None:
    assert set(article) == ARTICLE_FIELDS
    assert datetime.fromisoformat(article["published"]).tzinfo is not None
    assert article["url"].startswith(f"https://{article['outlet']}.example/")
    assert 150 <= len(article["text"].split()) <= 450
    assert "\n\n" in article["text"]
    assert article["text"] == article["text"].strip()


def test_every_outlet_keeps_to_one_kind_of_quotes() -> None:
    styles: dict[str, set[bool]] = {}
    for article in ARTICLES:
        for mark in re.findall('["“”]', article["text"]):
            styles.setdefault(article["outlet"], set()).add(mark == '"')
    assert all(len(style) == 1 for style in styles.values())
    assert {next(iter(style)) for style in styles.values()} == {True, False}


def test_curly_quotes_open_and_close() -> None:
    for text in TEXTS.values():
        for paragraph in text.split("\n\n"):
            assert re.fullmatch("[^“”]*(“[^“”]*”[^“”]*)*", paragraph), paragraph


def test_no_run_of_eight_words_comes_from_the_seeds() -> None:
    folder = os.environ.get("DEDUP_SEEDS")
    if not folder:
        pytest.skip("DEDUP_SEEDS names no directory of real articles to compare with")
    seeds = [path.read_text("utf-8") for path in sorted(Path(folder).glob("*.txt"))]
    assert seeds
    real = set().union(*(_runs(seed, 8) for seed in seeds))
    for article_id, text in TEXTS.items():
        assert not real & _runs(text, 8), article_id


# ------------------------------------------------------------------ gold


@each_line
def test_a_line_is_well_formed(line: dict[str, Any]) -> None:
    assert set(line) - {"optional"} == GOLD_FIELDS
    assert line["a"] < line["b"]
    assert {line["a"], line["b"]} <= set(TEXTS)
    assert set(line["what"].split("+")) <= WHATS
    assert line.get("optional", True) is True


@each_line
def test_spans_lie_on_word_boundaries(line: dict[str, Any]) -> None:
    for side in "ab":
        text, (start, end) = TEXTS[line[side]], line[f"{side}_span"]
        assert 0 <= start < end <= len(text)
        assert text[start].isalnum()
        assert text[end - 1].isalnum()
        assert start == 0 or not text[start - 1].isalnum()
        assert end == len(text) or not text[end].isalnum()


@each_line
def test_kind_says_whether_the_texts_are_equal(line: dict[str, Any]) -> None:
    a, b = map(_plain, _texts(line))
    assert line["kind"] == ("verbatim" if a == b else "edited")


@each_line
def test_edited_texts_share_words(line: dict[str, Any]) -> None:
    a, b = (Counter(_words(text)) for text in _texts(line))
    shared = (a & b).total()
    assert shared >= 0.35 * min(a.total(), b.total())


@each_line
def test_quote_says_whether_a_side_is_quoted(line: dict[str, Any]) -> None:
    quoted = [_is_inside_quotes(line[side], line[f"{side}_span"]) for side in "ab"]
    assert line["quote"] is any(quoted)


def test_required_lines_are_a_sentence_or_more() -> None:
    for line in REQUIRED:
        assert min(len(text.split()) for text in _texts(line)) >= 8


def test_lines_are_sorted_and_distinct() -> None:
    keys = [(line["a"], line["b"], line["a_span"], line["b_span"]) for line in GOLD]
    assert keys == sorted(keys)
    assert len({json.dumps(key) for key in keys}) == len(keys)


def test_every_kind_of_reuse_is_there() -> None:
    found = {part for line in GOLD for part in line["what"].split("+")}
    assert found == WHATS


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_every_shared_run_is_marked(a: str, b: str) -> None:
    spans = [line["a_span"] for line in GOLD if (line["a"], line["b"]) == (a, b)]
    marked = [_runs(TEXTS[a][slice(*span)], 6) for span in spans]
    shared = _runs(TEXTS[a], 6) & _runs(TEXTS[b], 6)
    # A run may hang over the end of its passage by accident, but not by two words.
    inner = {run[1:-1] for run in shared}
    known = set().union(*marked, *(_runs(TEXTS[a][slice(*span)], 4) for span in spans))
    assert inner <= known


# ------------------------------------------------------------------ the stories


def test_the_reworded_sentence_shares_its_words_but_no_run_of_five() -> None:
    a, b = _texts(_line_with("wait-and-see", "armenia-2", "armenia-4"))
    assert not _runs(a, 5) & _runs(b, 5)
    wanted = {"wait", "see", "attitude", "lachin", "corridor", "blockade", "ukraine", "focus"}
    assert wanted | {"angered", "armenia"} <= set(_words(a)) & set(_words(b))


def test_the_twice_translated_quote_is_split_on_one_side() -> None:
    line = _line_with("ally", "armenia-2", "armenia-4")
    a, b = _texts(line)
    assert line["quote"]
    assert "Peskov said" in b
    assert "Peskov" not in a


@pytest.mark.parametrize("article_id", ["armenia-5", "moth-1", "tram-1"])
def test_an_article_that_reuses_nothing_has_no_required_line(article_id: str) -> None:
    assert not [line for line in REQUIRED if article_id in (line["a"], line["b"])]


@pytest.mark.parametrize(("a", "b"), list(itertools.combinations(range(1, 6), 2)))
def test_the_wire_story_has_a_line_for_every_pair(a: int, b: int) -> None:
    assert [line for line in REQUIRED if (line["a"], line["b"]) == (f"ferry-{a}", f"ferry-{b}")]


def test_copies_of_the_wire_story_appear_after_it() -> None:
    published = {a["id"]: datetime.fromisoformat(a["published"]) for a in ARTICLES}
    assert all(published["ferry-1"] < published[f"ferry-{copy}"] for copy in range(2, 6))
