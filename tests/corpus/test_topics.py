"""The invented events: as many texts as promised, and none that copies from another."""

from __future__ import annotations

import itertools
import json
import os
import re
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.edits import reword
from corpus.topics import Event, Sentence, load_events, print_sentence
from dedup.text.tokenize import tokenize

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
RECORDS = json.loads((CORPUS / "topics.json").read_text("utf-8"))
THESAURUS = json.loads((CORPUS / "thesaurus.json").read_text("utf-8"))
EVENTS = load_events()
SENTENCES = [sentence for event in EVENTS for sentence in event.sentences]
each_event = pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.name)
# Words in a row that two reports of one event may have in common: "in the past two".
MAX_RUN = 4


def words_of(text: str) -> list[str]:
    return re.findall(r"[\w’'-]+", text)


def shared_run(a: str, b: str) -> list[str]:
    """Return the longest run of words of both texts, names and numbers not counted."""
    first, second = words_of(a), words_of(b)
    places: dict[str, list[int]] = {}
    for j, word in enumerate(second):
        places.setdefault(word.lower(), []).append(j)
    best: list[str] = []
    for i, word in enumerate(first):
        for j in places.get(word.lower(), ()):
            run = itertools.takewhile(
                lambda pair: pair[0].lower() == pair[1].lower(),
                zip(first[i:], second[j:], strict=False),
            )
            wording = [own for own, other in run if own.islower() or other.islower()]
            best = max(best, wording, key=len)
    return best


def runs_of(text: str, length: int = 8) -> set[tuple[str, ...]]:
    words = words_of(text.lower())
    return {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}


def test_the_longest_shared_run_is_found_without_names() -> None:
    a = "On Monday Tomas Ehrling of the valley said 30 men came"
    assert shared_run(a, "they met Tomas Ehrling of the town") == ["of", "the"]
    assert shared_run(a, a) == ["of", "the", "valley", "said", "men", "came"]


# ------------------------------------------------------------------ counts


def test_there_are_enough_events_and_texts() -> None:
    assert len(EVENTS) >= 10
    assert len({event.name for event in EVENTS}) == len(EVENTS)
    for event in EVENTS:
        assert len(event.texts) == 4
        assert [sentence.is_quote for sentence in event.sentences].count(True) == 2
        assert len(event.sentences) == 6


def test_every_report_of_an_event_has_an_outlet_and_a_manner_of_its_own() -> None:
    for record in RECORDS:
        for field in ("outlet", "style", "title"):
            assert len({article[field] for article in record["articles"]}) == 4
        assert {a["style"] for a in record["articles"]} >= {"wire", "analysis", "business"}


def test_articles_are_as_long_as_promised() -> None:
    lengths = [len(text.split()) for event in EVENTS for text in [*event.texts, event.retold]]
    assert min(lengths) >= 200
    assert max(lengths) <= 280
    assert 230 <= sum(lengths) / len(lengths) <= 250


def test_sentences_are_as_long_as_promised() -> None:
    lengths = [len(sentence.text.split()) for sentence in SENTENCES]
    assert min(lengths) >= 20
    assert max(lengths) <= 30
    assert 24 <= sum(lengths) / len(lengths) <= 27


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda sentence: sentence.text[:30])
def test_a_sentence_has_no_marks_at_its_ends(sentence: Sentence) -> None:
    assert sentence.text[0].isalnum()
    assert sentence.text[-1].isalnum()
    assert '"' not in sentence.text
    assert sentence.printed == (f'"{sentence.text}."' if sentence.is_quote else sentence.text + ".")
    assert sentence.printed == print_sentence(sentence.text, sentence.is_quote)


# ------------------------------------------------------------------ independence


@each_event
def test_no_two_reports_of_an_event_share_wording(event: Event) -> None:
    for a, b in itertools.combinations([*event.texts, event.retold], 2):
        run = shared_run(a, b)
        assert len(run) <= MAX_RUN, run


@each_event
def test_what_is_planted_stands_in_no_report(event: Event) -> None:
    texts = [*event.texts, event.retold, *(sentence.text for sentence in event.sentences)]
    for sentence in event.sentences:
        for text in texts:
            if text != sentence.text:
                run = shared_run(sentence.text, text)
                assert len(run) <= MAX_RUN, run


@each_event
def test_reports_of_an_event_share_their_facts(event: Event) -> None:
    names = [
        {word for word in words_of(text) if word[0].isupper() or word[0].isdecimal()}
        for text in event.texts
    ]
    for a, b in itertools.combinations(names, 2):
        assert len(a & b) >= 4


@each_event
def test_quotation_marks_are_straight_and_closed(event: Event) -> None:
    for text in [*event.texts, event.retold]:
        assert not set(text) & set("“”‘’")
        assert all(paragraph.count('"') % 2 == 0 for paragraph in text.split("\n\n"))


def test_no_run_of_eight_words_comes_from_the_seeds() -> None:
    folder = os.environ.get("DEDUP_SEEDS")
    if not folder:
        pytest.skip("DEDUP_SEEDS names no directory of real articles to compare with")
    real = set().union(
        *(runs_of(path.read_text("utf-8")) for path in sorted(Path(folder).glob("*.txt")))
    )
    assert real
    for event in EVENTS:
        for text in [*event.texts, event.retold, *(sentence.text for sentence in event.sentences)]:
            assert not real & runs_of(text)


# ------------------------------------------------------------------ thesaurus


def test_every_word_that_is_no_name_has_others() -> None:
    known = THESAURUS["function"].keys() | THESAURUS["content"].keys()
    for sentence in SENTENCES:
        first, *others = words_of(sentence.text)
        assert first.lower() in known
        assert {word for word in others if word.islower()} <= known


def test_no_word_is_of_both_kinds() -> None:
    assert not THESAURUS["function"].keys() & THESAURUS["content"].keys()


def test_a_word_is_replaced_by_one_of_another_stem() -> None:
    for kind in THESAURUS.values():
        for word, others in kind.items():
            assert others
            tokens = tokenize([word, *others])
            assert tokens.counts[1:].tolist() == [1] * len(others), word
            own = set(tokens.stems[: tokens.counts[0]].tolist())
            assert not own & set(tokens.stems[tokens.counts[0] :].tolist()), word


@given(
    sentence=st.sampled_from(SENTENCES),
    fraction=st.floats(0, 1),
    seed=st.integers(0, 99),
    content_first=st.booleans(),
)
def test_as_many_words_are_replaced_as_asked(
    sentence: Sentence, fraction: float, seed: int, content_first: bool
) -> None:
    before = sentence.text.split()
    after = reword(sentence.text, fraction, Random(seed), content_first=content_first).split()
    changed = [a.lower() for a, b in zip(before, after, strict=True) if a.lower() != b.lower()]
    assert len(changed) == round(fraction * len(before))
    assert sentence.text == reword(sentence.text, 0.0, Random(seed))
    content = THESAURUS["content"].keys()
    n_content = sum(word.strip(",").lower() in content for word in before)
    if content_first:
        n_expected = min(len(changed), n_content)
        assert sum(word.strip(",") in content for word in changed) == n_expected


def test_every_word_is_as_likely_to_be_replaced() -> None:
    text = SENTENCES[0].text
    words = text.split()
    counts: Counter[int] = Counter()
    for seed in range(400):
        after = reword(text, 0.3, Random(seed)).split()
        counts.update(i for i, word in enumerate(after) if word != words[i])
    expected = 400 * round(0.3 * len(words)) / len(words)
    assert all(abs(counts[i] - expected) < 4.5 * expected**0.5 for i in range(len(words)))


def test_reword_refuses_what_is_no_share() -> None:
    with pytest.raises(ValueError, match=re.escape("1.5")):
        reword("A sentence", 1.5, Random(0))
