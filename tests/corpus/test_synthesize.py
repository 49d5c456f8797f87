"""The generator: exact spans, equal bytes for equal seeds, and no reuse that was not planted."""

import itertools
import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.edits import GRADED_KINDS
from corpus.prose import N_COINED, coin_name, load_lexicon
from corpus.synthesize import KINDS, edit, generate, main, synthesize, write

SCRIPT = Path(__file__).resolve().parents[2] / "corpus" / "synthesize.py"
STRAIGHT = str.maketrans("“”’", '""\'')
PASSAGE = (
    "The harbor council approved the costly plan on Monday, although residents of Marabach "
    "wanted 300 dollars for every home near the flooded quarry"
)
texts = st.text(st.sampled_from('aB3 ,."“\n’-é'), max_size=80)
kinds = pytest.mark.parametrize("kind", KINDS)
load_lexicon()  # else the first example of a law pays for it and misses its deadline


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _texts(articles: list[dict[str, Any]], line: dict[str, Any]) -> tuple[str, str]:
    by_id = {article["id"]: article["text"] for article in articles}
    return by_id[line["a"]][slice(*line["a_span"])], by_id[line["b"]][slice(*line["b_span"])]


def _run_script(directory: Path, hash_seed: str) -> tuple[bytes, bytes]:
    command = [sys.executable, str(SCRIPT), "--articles", "40", "--seed", "7"]
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    subprocess.run([*command, "--output", str(directory)], check=True, env=environment)
    return (directory / "articles.jsonl").read_bytes(), (directory / "gold.jsonl").read_bytes()


# ------------------------------------------------------------------ edit


@kinds
@given(text=texts, fraction=st.floats(0, 1), seed=st.integers(0, 9))
def test_edit_takes_any_text(kind: str, text: str, fraction: float, seed: int) -> None:
    edited = edit(text, kind, fraction, Random(seed))
    assert edited == edit(text, kind, fraction, Random(seed))


@kinds
def test_edit_changes_the_text_unless_verbatim(kind: str) -> None:
    assert (edit(PASSAGE, kind, 0.2, Random(1)) == PASSAGE) == (kind == "verbatim")


@pytest.mark.parametrize("kind", GRADED_KINDS)
def test_fraction_zero_changes_nothing(kind: str) -> None:
    assert edit(PASSAGE, kind, 0.0, Random(1)) == PASSAGE


@given(fraction=st.floats(0.01, 0.8), seed=st.integers(0, 99))
def test_edits_change_as_many_words_as_asked(fraction: float, seed: int) -> None:
    n_words = len(PASSAGE.split())
    n_edits = max(1, round(fraction * n_words))
    after = {kind: edit(PASSAGE, kind, fraction, Random(seed)).split() for kind in GRADED_KINDS}
    pairs = zip(PASSAGE.split(), after["substitute"], strict=True)
    assert sum(a.lower() != b.lower() for a, b in pairs) == n_edits
    assert len(after["insert"]) == n_words + n_edits
    assert len(after["delete"]) == n_words - n_edits
    assert len(after["truncate"]) == n_words - n_edits


@pytest.mark.parametrize("kind", ["substitute", "insert", "delete", "split-quote"])
def test_both_ends_of_a_passage_stay(kind: str) -> None:
    edited = edit(PASSAGE, kind, 0.9, Random(3)).split()
    assert (edited[0], edited[-1]) == (PASSAGE.split()[0], PASSAGE.split()[-1])


@given(text=texts, fraction=st.floats(0, 1), seed=st.integers(0, 9))
def test_truncate_keeps_one_end(text: str, fraction: float, seed: int) -> None:
    kept = edit(text, "truncate", fraction, Random(seed))
    assert text.strip().startswith(kept) or text.strip().endswith(kept)


@kinds
@given(seed=st.integers(0, 99))
def test_quote_marks_stay_balanced(kind: str, seed: int) -> None:
    edited = edit(f'"{PASSAGE}," said the mayor, "and that is all."', kind, 0.5, Random(seed))
    assert edited.count('"') % 2 == 0 or kind == "truncate"


def test_swap_turns_the_clauses_around() -> None:
    swapped = edit("The mayor left early, because the ferry sank.", "swap", 0.0, Random(0))
    assert swapped == "Because the ferry sank, the mayor left early."
    assert edit("One came. Two went.", "swap", 0.0, Random(0)) == "Two went. One came."


def test_split_quote_puts_an_attribution_inside() -> None:
    edited = edit("we came early, and nobody saw us", "split-quote", 0.0, Random(0))
    assert re.fullmatch(r'we came early," \w+ \w+, "and nobody saw us', edited)


def test_substitution_keeps_case_and_punctuation() -> None:
    edited = edit("One Mayor, twice (the third) fell", "substitute", 1.0, Random(5))
    assert re.fullmatch(r"One [A-Z]\w+, \w+ \(\w+ \w+\) fell", edited)


@pytest.mark.parametrize(
    ("kind", "fraction", "message"),
    [("shuffle", 0.1, "'shuffle'"), ("swap", 1.5, "1.5"), ("delete", -0.1, "-0.1")],
)
def test_edit_refuses_what_does_not_exist(kind: str, fraction: float, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        edit(PASSAGE, kind, fraction, Random(0))


# ------------------------------------------------------------------ synthesize


@pytest.mark.parametrize("n_articles", [0, 1, 2, 150])
def test_it_writes_as_many_articles_as_asked(n_articles: int) -> None:
    articles, gold = synthesize(n_articles, seed=2)
    assert len(articles) == len({article["id"] for article in articles}) == n_articles
    assert bool(gold) == (n_articles == 150) or n_articles == 2


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_articles_are_records_in_order_of_time(seed: int) -> None:
    articles, _ = synthesize(50, seed)
    times = [datetime.fromisoformat(article["published"]) for article in articles]
    assert times == sorted(times)
    for article in articles:
        assert set(article) == {"id", "outlet", "published", "url", "title", "text"}
        assert article["url"].startswith(f"https://{article['outlet']}.example/")
        assert article["text"].count("“") == article["text"].count("”")
        assert article["text"].count('"') % 2 == 0
        assert len(article["text"].split()) > 60


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_gold_spans_are_exact(seed: int) -> None:
    articles, gold = synthesize(300, seed)
    for line in gold:
        a, b = (text.translate(STRAIGHT) for text in _texts(articles, line))
        assert line["a"] < line["b"]
        assert a[0].isalnum()
        assert a[-1].isalnum()
        assert b[0].isalnum()
        assert b[-1].isalnum()
        assert line["kind"] == ("verbatim" if a == b else "edited")
        assert min(len(a.split()), len(b.split())) >= 8
        assert (line["what"] in ("verbatim", "truncation")) == (line["kind"] == "verbatim")


def test_edited_passages_share_most_of_their_words() -> None:
    articles, gold = synthesize(300, seed=4)
    for line in gold:
        a, b = (Counter(_words(text)) for text in _texts(articles, line))
        assert (a & b).total() >= 0.5 * min(a.total(), b.total())


@kinds
def test_one_kind_gives_lines_of_that_kind_only(kind: str) -> None:
    _, gold = synthesize(60, seed=3, kinds=[kind])
    assert gold
    assert len({line["what"] for line in gold}) == 1
    assert all(line["quote"] for line in gold) or kind != "split-quote"


def test_all_kinds_appear() -> None:
    _, gold = synthesize(300, seed=5)
    assert len({line["what"] for line in gold}) == len(KINDS)


@pytest.mark.parametrize(
    ("plant_rate", "low", "high"), [(0.0, 0, 0), (0.3, 40, 130), (1.0, 500, 597)]
)
def test_plant_rate_sets_the_number_of_passages(plant_rate: float, low: int, high: int) -> None:
    _, gold = synthesize(200, seed=6, plant_rate=plant_rate)
    assert low <= len(gold) <= high


def test_a_fixed_fraction_is_used_for_every_passage() -> None:
    _, gold = synthesize(60, seed=8, kinds=["substitute"], fraction=0.25)
    assert {line["fraction"] for line in gold} == {0.25}


def test_fragments_are_optional() -> None:
    articles, gold = synthesize(60, seed=8, kinds=["truncate"], fraction=0.9)
    for line in gold:
        shortest = min(len(text.split()) for text in _texts(articles, line))
        assert line.get("optional", False) == (shortest < 8)


def test_no_passage_is_planted_twice() -> None:
    _, gold = synthesize(300, seed=9, plant_rate=0.9)
    taken: dict[str, list[list[int]]] = defaultdict(list)
    for line in gold:
        taken[line["a"]].append(line["a_span"])
        taken[line["b"]].append(line["b_span"])
    for spans in taken.values():
        for (_, end), (start, _) in itertools.pairwise(sorted(spans)):
            assert end < start


@pytest.mark.parametrize("seed", [0, 1])
def test_unrelated_articles_share_no_long_run(seed: int) -> None:
    articles, gold = synthesize(400, seed)
    related = {(line["a"], line["b"]) for line in gold}
    holders: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for article in articles:
        words = _words(article["text"])
        for run in {tuple(words[i : i + 8]) for i in range(len(words) - 7)}:
            holders[run].append(article["id"])
    accidents = {
        pair
        for ids in holders.values()
        for pair in itertools.combinations(ids, 2)
        if pair not in related
    }
    # By chance about four pairs in a million; a leak of sentences would give thousands.
    assert len(accidents) <= 3


def test_the_vocabulary_is_large_and_skewed() -> None:
    articles, _ = synthesize(400, seed=1)
    counts = Counter(word for article in articles for word in _words(article["text"]))
    assert len(counts) > 3000
    assert counts.most_common(1)[0][0] == "the"
    assert sum(count == 1 for count in counts.values()) > 200


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n_articles": -1}, "-1"),
        ({"n_articles": 1, "plant_rate": 1.2}, "1.2"),
        ({"n_articles": 1, "fraction": 2.0}, "2.0"),
        ({"n_articles": 1, "kinds": ["swop"]}, "'swop'"),
        ({"n_articles": 1, "kinds": []}, "no kind"),
    ],
)
def test_it_refuses_what_it_cannot_do(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        synthesize(**arguments)


# ------------------------------------------------------------------ generate


def test_generate_writes_what_synthesize_does() -> None:
    written = list(itertools.islice(generate(3, plant_rate=0.8), 40))
    articles, gold = synthesize(40, seed=3, plant_rate=0.8)
    assert [article for article, _ in written] == articles
    assert [line for _, lines in written for line in lines] == gold


def _generate(n_articles: int, reach: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    written = list(itertools.islice(generate(5, plant_rate=0.8, reach=reach), n_articles))
    return [article for article, _ in written], [line for _, lines in written for line in lines]


@pytest.mark.parametrize("reach", [1, 2, 30])
def test_passages_come_from_within_reach(reach: int) -> None:
    articles, gold = _generate(150, reach)
    distances = [int(line["b"][3:]) - int(line["a"][3:]) for line in gold]
    assert len(gold) > 50
    assert 1 <= min(distances) <= max(distances) <= reach
    for line in gold:
        a, b = (text.translate(STRAIGHT) for text in _texts(articles, line))
        assert a[0].isalnum()
        assert b[-1].isalnum()
        assert line["kind"] == ("verbatim" if a == b else "edited")


def test_names_are_in_the_news_for_as_long_as_the_reach() -> None:
    articles, _ = _generate(120, 20)
    news = {coin_name(number): number for number in range(140)}
    for number, article in enumerate(articles):
        named = {news[name] for name in re.findall(r"\w+", article["title"]) if name in news}
        assert all(number <= name < number + 20 for name in named)
    assert sum(any(name in article["text"] for name in news) for article in articles) == 120


def test_an_open_vocabulary_begins_with_the_inventory() -> None:
    usual, wide = load_lexicon(), load_lexicon(is_open=True)
    for group, urn in usual.urns.items():
        n_more = len(set(wide.urns[group])) - len(set(urn))
        assert set(urn) <= set(wide.urns[group])
        assert 0.9 * N_COINED.get(group, 0) <= n_more <= N_COINED.get(group, 0)
    assert (usual.names, usual.outlets) == (wide.names, wide.outlets)


def test_coined_names_are_different_and_new() -> None:
    names = {coin_name(number) for number in range(20_000)}
    assert len(names) == 20_000
    assert names.isdisjoint(load_lexicon().names)


def test_generate_refuses_at_once_what_it_cannot_do() -> None:
    with pytest.raises(ValueError, match="reach is 0"):
        generate(reach=0)
    with pytest.raises(ValueError, match="plant_rate is 2"):
        generate(plant_rate=2)


# ------------------------------------------------------------------ determinism


def test_equal_seeds_give_equal_articles_and_others_do_not() -> None:
    assert synthesize(50, seed=1) == synthesize(50, seed=1)
    assert synthesize(50, seed=1)[0][0]["text"] != synthesize(50, seed=2)[0][0]["text"]


def test_a_smaller_corpus_is_the_start_of_a_larger_one() -> None:
    small, large = synthesize(30, seed=1), synthesize(60, seed=1)
    assert large[0][:30] == small[0]
    assert large[1][: len(small[1])] == small[1]


def test_other_processes_write_the_same_bytes(tmp_path: Path) -> None:
    write(tmp_path / "here", *synthesize(40, seed=7))
    here = [(tmp_path / "here" / f"{name}.jsonl").read_bytes() for name in ("articles", "gold")]
    for hash_seed in ("0", "12345"):
        assert list(_run_script(tmp_path / hash_seed, hash_seed)) == here


def test_the_command_line_names_a_bad_number(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["--articles", "5", "--plant-rate", "7", "--output", str(tmp_path)])
    assert "plant_rate is 7.0" in capsys.readouterr().err
