"""Passages of whole texts: what every reported passage keeps, and what is never missed."""

from dataclasses import replace
from itertools import combinations, pairwise, permutations
from random import Random

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.prose import ProseWriter, load_lexicon
from dedup.align.align import align_pairs
from dedup.align.scalars import find_min_score
from dedup.model import Edit, Overlap, Passage
from dedup.model.article import Span
from dedup.params import HALVING, AlignParams, Params
from dedup.pipeline.report import compare
from dedup.text.tokenize import tokenize
from tests.reference import tokenize as tokenizing
from tests.reference.overlap import iou
from tests.strategies import hostile_text, law, news_pair, news_text

PRESETS = {name: Params.preset(name) for name in ("news", "pan")}


def _align(**values: float) -> Params:
    return replace(Params(), align=replace(AlignParams(), **values))


# As it is by default; taking whatever it can find; and where many passages cover each word.
EAGER = _align(min_score=2.0, min_chars=1, slope=0.0, abridged_cosine=0.0)
GREEDY = _align(min_score=0.0, min_chars=0, slope=0.0, max_suppressed=1.0)
EVERY = {**PRESETS, "eager": EAGER, "greedy": GREEDY}
NAMES = st.sampled_from(sorted(EVERY))  # a name, so that a failing example reads well
PAIRS = news_pair() | st.tuples(news_text(), news_text()) | st.tuples(hostile_text(), news_text())


def _folded(text: str) -> list[str]:
    return [token.folded for token in tokenizing.tokens(text)]


MIRRORED = {"inserted": "deleted", "deleted": "inserted"}


def _mirror(passage: Passage) -> Passage:
    edits = (Edit(MIRRORED.get(op, op), b, a, fact) for op, a, b, fact in passage.edits)
    return replace(
        passage,
        a=passage.b,
        b=passage.a,
        text_a=passage.text_b,
        text_b=passage.text_a,
        edits=tuple(sorted(edits, key=lambda edit: (edit.a, edit.b))),
        speaker_a=passage.speaker_b,
        speaker_b=passage.speaker_a,
    )


def _assert_sound(a: str, b: str, passage: Passage) -> None:
    assert 0 <= passage.a.start < passage.a.end <= len(a)
    assert 0 <= passage.b.start < passage.b.end <= len(b)
    assert passage.text_a == a[slice(*passage.a)]
    assert passage.text_b == b[slice(*passage.b)]
    n_words = max(len(_folded(passage.text_a)), len(_folded(passage.text_b)))
    assert passage.n_words == n_words
    n_kept = sum(len(_folded(a[slice(*edit.a)])) for edit in passage.edits if edit.op == "kept")
    assert passage.identity == pytest.approx(n_kept / n_words, abs=1e-4)
    assert (passage.identity == 1) == (n_kept == n_words)
    has_fact = any(edit.is_fact for edit in passage.edits)
    is_verbatim = passage.identity >= 0.95 and not has_fact
    is_edited = passage.identity >= 0.5
    assert passage.kind == ("verbatim" if is_verbatim else "edited" if is_edited else "reworded")
    assert passage.score > 0


def _spans(edits: list[Edit], side: str) -> list[Span]:
    return [getattr(edit, side) for edit in edits]


def _assert_is_script(a: str, b: str, passage: Passage) -> None:
    """The edits make the words of b of those of a, and every word stands in one of them."""
    edits = list(passage.edits)
    assert edits == sorted(edits, key=lambda edit: (edit.a, edit.b))
    by_b = sorted(edits, key=lambda edit: edit.b)
    for spans, whole in ((_spans(edits, "a"), passage.a), (_spans(by_b, "b"), passage.b)):
        assert all(span.end <= later.start for span, later in pairwise(spans))
        assert whole.start <= spans[0].start
        assert spans[-1].end <= whole.end
    words_a = [word for edit in edits for word in _folded(a[slice(*edit.a)])]
    assert words_a == _folded(passage.text_a)
    made: list[str] = []
    for edit in by_b:
        left, right = _folded(a[slice(*edit.a)]), _folded(b[slice(*edit.b)])
        made += left if edit.op in ("kept", "moved") else right
        assert (not left, not right) == (edit.op == "inserted", edit.op == "deleted")
        assert edit.op != "inflected" or (len(left) == len(right) and left != right)
    assert made == _folded(passage.text_b)
    kept = [edit.b for edit in edits if edit.op in ("kept", "inflected")]
    assert kept == sorted(kept)


@law(250)
@given(PAIRS, NAMES)
def test_every_passage_is_sound(pair, name):
    found = compare(*pair, EVERY[name])
    assert list(found.passages) == sorted(found.passages, key=lambda one: (one.a, one.b))
    for passage in found.passages:
        _assert_sound(*pair, passage)
        _assert_is_script(*pair, passage)


@law(150)
@given(PAIRS, NAMES)
@example(
    ("The, Council Mayor. The, the the the.", "The, Council Mayor. The, the the the the the."),
    "eager",
)
def test_no_passage_is_found_twice(pair, name):
    """Two passages may meet on one side, where a text says a thing twice; not on both."""
    for one, other in combinations(compare(*pair, EVERY[name]).passages, 2):
        meet_a = one.a.start < other.a.end and other.a.start < one.a.end
        meet_b = one.b.start < other.b.end and other.b.start < one.b.end
        assert not (meet_a and meet_b)


@law(150)
@given(PAIRS, NAMES)
def test_comparing_is_symmetric(pair, name):
    forwards, backwards = compare(*pair, EVERY[name]), compare(*pair[::-1], EVERY[name])
    mirrored = sorted(map(_mirror, backwards.passages), key=lambda one: (one.a, one.b))
    assert list(forwards.passages) == mirrored
    assert forwards.jaccard == backwards.jaccard
    assert forwards.coverage_a == backwards.coverage_b
    assert forwards.coverage_b == backwards.coverage_a
    swapped = {"contains": "contained", "contained": "contains"}
    assert forwards.relation == swapped.get(backwards.relation, backwards.relation)


MOVED = (
    "The Mayor Council voted twice on the harbor bridge.",
    "The Council Mayor voted twice on the harbor bridge.",
)


def test_what_moved_is_told_from_what_changed():
    """Whichever of both texts the search took first."""
    for pair in (MOVED, MOVED[::-1]):
        (passage,) = compare(*pair).passages
        _assert_is_script(*pair, passage)
        assert {edit.op for edit in passage.edits} == {"kept", "moved"}


@law(100)
@given(news_text() | hostile_text(), NAMES)
@example("word", "news")
@example("“A,” «B»", "pan")
def test_an_article_duplicates_itself(text, name):
    found = compare(text, text, EVERY[name])
    if not _folded(text):
        assert (found.relation, found.passages) == ("none", ())
        return
    assert (found.relation, found.coverage_a, found.coverage_b) == ("duplicate", 1.0, 1.0)
    (passage,) = found.passages
    assert (passage.identity, passage.kind) == (1.0, "verbatim")


@law(30)
@given(st.lists(news_text(3), min_size=2, max_size=5), st.sampled_from(sorted(PRESETS)))
def test_many_pairs_are_one_at_a_time(texts, preset):
    pairs = np.array(list(combinations(range(len(texts)), 2)), np.int64)
    found = align_pairs(texts, tokenize(texts), pairs, PRESETS[preset]).read(texts)
    for (a, b), passages in zip(pairs.tolist(), found, strict=True):
        assert passages == compare(texts[a], texts[b], PRESETS[preset]).passages


@law(30)
@given(st.lists(news_text(3), min_size=2, max_size=4), st.sampled_from(sorted(PRESETS)))
def test_tokens_and_code_points_of_a_passage_are_the_same_stretch(texts, preset):
    pairs = np.array(list(permutations(range(len(texts)), 2)), np.int64)
    tokens = tokenize(texts)
    table = align_pairs(texts, tokens, pairs, PRESETS[preset])
    found = list(table.read(texts))
    owners = [pair for pair, own in zip(pairs, found, strict=True) for _ in own]
    every = [passage for own in found for passage in own]
    assert len(every) == len(table.tokens)
    for pair, passage, span in zip(owners, every, table.tokens.tolist(), strict=True):
        for article, chars, (low, high) in zip(
            pair, (passage.a, passage.b), (span[:2], span[2:]), strict=True
        ):
            before = int(tokens.offsets[article])
            assert tokens.span(texts[article], before + low, before + high) == chars


@law()
@given(st.integers(1, 10_000_000))
def test_among_more_articles_a_passage_needs_more(n_articles):
    """Two bits for each doubling, from a thousand on."""
    least = find_min_score(AlignParams(), n_articles)
    assert least >= AlignParams().min_score == find_min_score(AlignParams(), 1000)
    if n_articles >= 1000:
        assert find_min_score(AlignParams(), 2 * n_articles) == pytest.approx(least + HALVING)


def test_no_pairs():
    table = align_pairs(["a"], tokenize(["a"]), np.zeros((0, 2), np.int64), Params())
    assert list(table.read(["a"])) == []


def _paragraphs(seed: int) -> list[str]:
    """Prose of a cast and a subject of its own."""
    return [" ".join(block) for block in ProseWriter(load_lexicon(), Random(seed)).blocks()]


def _sentences(seed: int) -> list[str]:
    blocks = ProseWriter(load_lexicon(), Random(seed)).blocks()
    return [one for block in blocks for one in block if one[0] != '"' and len(one.split()) >= 14]


def _plant(text: str, paragraphs: list[str], place: int) -> tuple[str, tuple[int, int]]:
    rows = [*paragraphs[:place], text, *paragraphs[place:]]
    start = len("\n\n".join([*paragraphs[:place], ""]))
    joined = "\n\n".join(rows)
    assert joined[start : start + len(text)] == text
    return joined, (start, start + len(text))


def _best_iou(found: Overlap, span_a: tuple[int, int], span_b: tuple[int, int]) -> float:
    fits = [min(iou(one.a, span_a), iou(one.b, span_b)) for one in found.passages]
    return max(fits, default=0.0)


def test_planted_sentences_are_found():
    """Whole, and hardly more: chance may give the sentences beside it a word in common."""
    fits = []
    for seed in range(40):
        text = _sentences(1000 + seed)[0]
        a, span_a = _plant(text, _paragraphs(2000 + seed), 2)
        b, span_b = _plant(text, _paragraphs(3000 + seed), 5)
        found = compare(a, b)
        assert any(one.a.start <= span_a[0] and span_a[1] <= one.a.end for one in found.passages), (
            f"seed {seed}"
        )
        fits.append(_best_iou(found, span_a, span_b))
    assert sum(fit >= 0.85 for fit in fits) >= 38


@pytest.mark.parametrize("seed", range(12))
def test_a_planted_sentence_among_sentences_is_found(seed):
    """On the same line as its neighbors, so that only full stops tell where it ends."""
    text = _sentences(1000 + seed)[0]
    left, right = _paragraphs(4000 + seed), _paragraphs(5000 + seed)
    a = f"{' '.join(left[2:4])} {text} {' '.join(left[4:6])}"
    b = f"{' '.join(right[2:5])} {text} {' '.join(right[5:6])}"
    spans = [(one.index(text), one.index(text) + len(text)) for one in (a, b)]
    assert _best_iou(compare(a, b), *spans) >= 0.85


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("preset", ["news"])
def test_more_text_does_not_lose_a_paragraph(seed, preset):
    """However much of it: what a paragraph is worth hardly hangs on what surrounds it."""
    paragraph = " ".join(_sentences(1000 + seed)[:4])
    for n in (1, 4, 16):
        left = [row for at in range(n) for row in _paragraphs(6000 + 100 * seed + at)]
        right = [row for at in range(n) for row in _paragraphs(8000 + 100 * seed + at)]
        a, span_a = _plant(paragraph, left, len(left) // 2)
        b, span_b = _plant(paragraph, right, len(right) // 3)
        assert _best_iou(compare(a, b, PRESETS[preset]), span_a, span_b) >= 0.85


@pytest.mark.parametrize("seed", range(10))
def test_unrelated_articles_share_nothing(seed):
    a, b = ("\n\n".join(_paragraphs(base + seed)) for base in (2000, 3000))
    found = compare(a, b)
    assert (found.relation, found.passages) == ("none", ())
    assert (found.coverage_a, found.coverage_b) == (0.0, 0.0)


def test_the_pair_of_the_handbook():
    """Two translations of one sentence that share no five words in a row."""
    a = (
        "Due to the focus on the direct war in Ukraine, Moscow's lax, wait-and-see attitude "
        "regarding the Lachin corridor blockade angers Armenia."
    )
    b = (
        "With the focus of attention on the war in Ukraine, Russia has taken a wait-and-see "
        "attitude toward the blockade of the Lachin corridor, which has angered Armenia."
    )
    left, span_a = _plant(a, _paragraphs(1), 3)
    right, span_b = _plant(b, _paragraphs(2), 4)
    found = compare(left, right)
    assert _best_iou(found, span_a, span_b) >= 0.85
    (passage,) = found.passages
    assert passage.kind == "edited"


@pytest.mark.parametrize(("opening", "closing"), ["“”", "«»", '""'])
def test_a_shared_quotation_is_a_quote(opening, closing):
    quoted = "The harbor bridge will stay closed until the drought commission has reported"
    a = f"On Monday it rained. {opening}{quoted}{closing} said Norvik. Nobody asked why."
    b = f"Pensions fell again, and the strike went on. {opening}{quoted}{closing} the mayor wrote."
    (passage,) = compare(a, b).passages
    assert passage.quote
    assert passage.text_a.startswith(opening + "The harbor")
    assert not compare(quoted + ". So it was.", quoted + ". Why not?").passages[0].quote


def _apart(seed: int, n: int) -> list[str]:
    """Long paragraphs of different casts."""
    return [" ".join(_sentences(10 * seed + at)[:4]) for at in range(n)]


@pytest.mark.parametrize("seed", range(6))
def test_paragraphs_in_another_order_are_passages_of_their_own(seed):
    """With text between them; side by side they are one passage in which something moved."""
    moved = _apart(300 + seed, 3)
    texts, spans = [], []
    for rows, first in ((moved, 7000), (moved[::-1], 8000)):
        parts = [" ".join(_paragraphs(first + 10 * seed + at)[:6]) for at in range(4)]
        texts.append(
            "\n\n".join(one for two in zip(parts, [*rows, ""], strict=True) for one in two)
        )
        spans.append([(texts[-1].index(one), texts[-1].index(one) + len(one)) for one in moved])
    found = compare(*texts)
    for span_a, span_b in zip(*spans, strict=True):
        assert _best_iou(found, span_a, span_b) >= 0.85
    assert len(found.passages) == 3


def _summarized(seed: int) -> tuple[str, str, str]:
    """A long text, some words of every second of its sentences, and what stands beside them."""
    writer = [ProseWriter(load_lexicon(), Random(10 * seed + at)) for at in range(3)]
    source = [one for each in writer for block in each.blocks() for one in block]
    summary = " ".join(" ".join(one.rstrip(".").split()[2:8]) for one in source[5:35:2]) + "."
    return "\n\n".join(source), summary, _paragraphs(900 + seed)[0]


@pytest.mark.parametrize("seed", range(6))
def test_an_abridgement_wins_over_its_parts(seed):
    """What it is made of stands far apart in the source, so that no part tells of more than one."""
    source, summary, beside = _summarized(seed)
    b = f"{beside}\n\n{summary}"
    found = compare(source, b, Params(align=replace(Params.preset("pan").align, min_chars=40)))
    span = (b.index(summary), len(b))
    best = max(found.passages, key=lambda one: iou(one.b, span))
    assert iou(best.b, span) >= 0.6
    assert best.a.end - best.a.start >= 3.5 * (best.b.end - best.b.start)


@pytest.mark.parametrize("seed", range(6))
def test_two_copies_at_both_ends_are_no_abridgement(seed):
    """A brief article that takes its beginning and its end from far apart in a long one."""
    first, last = _apart(400 + seed, 2)
    long = [row for at in range(4) for row in _paragraphs(2000 + 10 * seed + at)]
    a = "\n\n".join([long[0], first, *long[1:-1], last, long[-1]])
    b = "\n\n".join([first, _paragraphs(700 + seed)[1], last])
    found = compare(a, b)
    for text in (first, last):
        spans = [(one.index(text), one.index(text) + len(text)) for one in (a, b)]
        assert _best_iou(found, *spans) >= 0.85
    assert len(found.passages) == 2


# ------------------------------------------------------------------ bad texts

SENTENCE = "The harbor commission closed the northern bridge again on Tuesday. "
BAD = {
    "nothing": "",
    "marks": ".,;:!?“”«»—… \n" * 500,
    "digits": "12 4.5 2024 007 " * 500,
    "quotes": "“We will not close the bridge,” “said nobody,” «and never did.» " * 300,
    "open quotes": "“" * 3000 + SENTENCE + "«" * 3000,
    "surrogates": "\ud800 \udfff word\ud800word " * 400 + SENTENCE * 3,
    "nulls": "\0harbor\0bridge\0closed\0" * 500,
    "one word": "bridge " * 5000,
    "function words": "the of and in to was it " * 1000,
    "one line": "x" * 50_000,
    "combining": "e\u0301" * 5000 + " harbor",
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("preset", PRESETS)
def test_bad_texts_are_aligned(name, preset):
    """With an end of their own, since what is equal is not searched at all."""
    text, params = BAD[name], PRESETS[preset]
    other = text + " Nobody knew why, and the ferry never left its berth."
    found = compare(text, other, params)
    for passage in found.passages:
        _assert_sound(text, other, passage)
    assert len(found.passages) <= 2
    assert compare(text, text, params).relation in ("duplicate", "none")


def test_one_sentence_ten_thousand_times_and_one_change():
    """The work stays in proportion: what is said again is anchored in turn."""
    a = SENTENCE * 10_000
    b = SENTENCE * 5_000 + "The ferry waited at its berth for weeks. " + SENTENCE * 5_000
    found = compare(a, b)
    assert len(found.passages) <= 2
    assert found.relation == "duplicate"
    assert found.coverage_a >= 0.99


def test_a_sentence_said_all_the_time_tells_nothing_of_where_it_is_from():
    """Its words are as frequent in the article as words can be."""
    others = [f"A ferry waits. {SENTENCE}Nobody knew.", f"{SENTENCE * 20} The ferry waits."]
    for other in others:
        assert len(compare(SENTENCE * 10_000, other).passages) <= 1


def _invented(seed: int, n_words: int) -> str:
    """Text of any length in the words of one language that nobody speaks."""
    rng = Random(0)
    words = ["".join(rng.choices("abcdefghijklmnoprstu", k=4 + at % 7)) for at in range(20_000)]
    drawn = Random(seed).choices(words, k=n_words)
    return " ".join(word + "." if at % 15 == 14 else word for at, word in enumerate(drawn))


def test_a_passage_is_found_in_five_million_characters():
    """To the word and nothing beside it, though chance makes them meet everywhere."""
    shared = _invented(0, 2000)
    places = ((1, 350_000, 350_000), (3, 500_000, 200_000))
    texts = [
        f"{_invented(n, before)} {shared} {_invented(n + 1, after)}" for n, before, after in places
    ]
    assert min(map(len, texts)) > 5_000_000
    spans = [(text.index(shared), text.index(shared) + len(shared)) for text in texts]
    found = compare(*texts)
    assert _best_iou(found, *spans) >= 0.99
    assert len(found.passages) == 1
