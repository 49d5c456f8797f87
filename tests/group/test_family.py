"""Laws of families, on articles that draw their sentences from one pool."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import dedup
from corpus.synthesize import synthesize
from dedup.group import family as grouping
from dedup.group.family import find_families
from dedup.group.places import SharedPassages, Texts
from dedup.text.tokenize import tokenize
from tests.strategies import law, sentence


@st.composite
def collections(draw):
    """Articles of sentences, some shared; some articles are copies with words replaced."""
    pool = draw(st.lists(sentence(8, 20), min_size=3, max_size=8, unique=True))
    texts = draw(st.lists(st.lists(st.sampled_from(pool), min_size=1, max_size=6), max_size=6))
    texts = [" ".join(text) for text in texts]
    for text in draw(st.lists(st.sampled_from(texts), max_size=4)) if texts else []:
        words = text.split()
        for at in draw(st.lists(st.integers(0, len(words) - 1), max_size=3)):
            words[at] = "replaced"
        texts.append(" ".join(words))
    dates = st.none() | st.sampled_from(["2023-01-10", "2023-01-11"])
    return [
        dedup.Article(f"{number:02}", text, published=draw(dates))
        for number, text in enumerate(texts)
    ]


def _shared(one, other):
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))


def _is_at(occurrence, article, span):
    """Tell whether an occurrence is where a span is: they share half of the shorter one."""
    shorter = min(span[1] - span[0], occurrence.span[1] - occurrence.span[0])
    return occurrence.article == article and 2 * _shared(occurrence.span, span) >= shorter


@law(60)
@given(collections(), st.randoms(use_true_random=False))
def test_order_and_threads_change_nothing(articles, rng):
    shuffled = rng.sample(articles, len(articles))
    families = dedup.find_overlaps(articles, jobs=1).families
    assert dedup.find_overlaps(shuffled, jobs=3).families == families


@law(60)
@given(collections())
def test_both_sides_of_a_passage_are_in_one_family(articles):
    report = dedup.find_overlaps(articles)
    for overlap in report.overlaps:
        for passage in overlap.passages:
            assert not passage.is_counted or any(
                any(_is_at(one, overlap.a, passage.a) for one in family.occurrences)
                and any(_is_at(one, overlap.b, passage.b) for one in family.occurrences)
                for family in report.families
            )


@law(60)
@given(collections())
def test_families_are_well_formed(articles):
    texts = {article.id: article.text for article in articles}
    families = dedup.find_overlaps(articles).families
    assert len({family.id for family in families}) == len(families)
    firsts = [(family.occurrences[0].article, family.occurrences[0].span) for family in families]
    assert firsts == sorted(firsts)
    for family in families:
        first, *others = family.occurrences
        assert any(one.identity == 1.0 for one in family.occurrences)
        assert (first.identity == 1.0) or first.article == family.earliest
        assert family.earliest in (None, first.article)
        assert len({one.article for one in family.occurrences}) > 1
        assert others == sorted(others, key=lambda one: (one.article, one.span))
        for one in family.occurrences:
            assert 0 <= one.span.start < one.span.end <= len(texts[one.article])
            assert 0 <= one.identity <= 1
        for at, one in enumerate(family.occurrences):
            assert not any(
                _is_at(other, one.article, one.span) for other in family.occurrences[:at]
            )


@law(40)
@given(collections())
def test_an_unrelated_article_changes_no_family(articles):
    other = dedup.Article(
        "00 other", "Quietly ripened plums fell on mossy roofs all through August."
    )
    families = dedup.find_overlaps(articles).families
    assert dedup.find_overlaps([*articles, other]).families == families


@pytest.fixture(scope="module")
def stories():
    """Return texts that share nothing: each the first of a corpus of its own."""
    return [synthesize(1, seed=seed)[0][0]["text"] for seed in range(21, 25)]


def _copies(text, n):
    """Copies with one word in fifteen replaced, the same for each number whatever `n` is."""
    for number in range(n):
        rng, words = random.Random(number), text.split()
        for _ in range(len(words) // 15):
            words[rng.randrange(len(words))] = f"edit{rng.randrange(10**6)}"
        yield dedup.Article(f"copy-{number:04}", " ".join(words))


@pytest.mark.parametrize("n", [5, 60, 200])
def test_copies_of_one_article_are_one_family(stories, n):
    report = dedup.find_overlaps(_copies(stories[0], n))
    # Where edits part a copy at one place more, the parts are families of their own.
    family = max(report.families, key=lambda one: one.n_words)
    assert sorted(one.article for one in family.occurrences) == [f"copy-{k:04}" for k in range(n)]
    texts = {one.article.id: one.article.text for one in report.articles}
    for one in family.occurrences:
        assert one.span.end - one.span.start >= 0.9 * len(texts[one.article])


def test_output_is_linear_in_the_number_of_copies(stories, monkeypatch):
    """With five sentences that others quote, each of which every copy carries."""
    monkeypatch.setattr(grouping, "_MAX_PROJECTED", 20)
    lines = []
    for n in (100, 200, 400):
        articles = list(_copies(stories[0], n))
        parts = articles[0].text.split("\n\n")[0].split(". ")
        articles += [
            dedup.Article(f"z{at}", f"{stories[1]} {part}.") for at, part in enumerate(parts)
        ]
        report = dedup.find_overlaps(articles)
        n_passages = sum(len(overlap.passages) for overlap in report.overlaps)
        n_occurrences = sum(len(family.occurrences) for family in report.families)
        assert n_occurrences <= 2 * n_passages * (1 + 20)
        lines.append(n_occurrences)
    assert lines[1] <= 2.5 * lines[0]
    assert lines[2] <= 2.5 * lines[1]


def _quoting(stories, n_copies):
    """Return copies of a story, two articles that quote a sentence of it, and the sentences."""
    parts = stories[0].replace("\n", " ").split(". ")
    quotes = [part + "." for part in parts if len(part.split()) > 15]
    quoting = [
        dedup.Article("x", stories[1] + "\n\n" + quotes[0]),
        dedup.Article("y", quotes[1] + "\n\n" + stories[2]),
    ]
    copies = [dedup.Article(f"copy-{n:04}", stories[0]) for n in range(n_copies)]
    return [*copies, *quoting], quotes[:2]


def _carriers(report, text):
    """Return by family how many articles it has, for families whose representative is `text`."""
    texts = {one.article.id: one.article.text for one in report.articles}
    return {
        family.id: sorted(one.article for one in family.occurrences)
        for family in report.families
        if (first := family.occurrences[0])
        and texts[first.article][slice(*first.span)].strip(".\"”“' ") in text
    }


@pytest.mark.parametrize("n_copies", [2, 10, 60])
def test_sentences_of_a_copied_article_are_families_of_their_own(stories, n_copies):
    """The whole text does not draw in who quotes of it, nor one quotation the other."""
    articles, quotes = _quoting(stories, n_copies)
    report = dedup.find_overlaps(articles)
    copies = [article.id for article in articles[:n_copies]]
    for name, quote in zip("xy", quotes, strict=True):
        (carriers,) = _carriers(report, quote).values()
        assert carriers == [*copies, name]
    whole = [family for family in report.families if family.n_words > 100]
    assert [sorted(one.article for one in family.occurrences) for family in whole] == [copies]


def test_what_there_is_no_room_for_is_counted(stories, monkeypatch):
    articles, _ = _quoting(stories, 60)
    assert dedup.find_overlaps(articles).counts["n_capped_occurrences"] == 0
    monkeypatch.setattr(grouping, "_MAX_PROJECTED", 1)
    found = dedup.find_overlaps(articles)
    assert found.counts["n_capped_occurrences"] > 0
    sizes = Counter(len(family.occurrences) for family in found.families)
    assert sizes[60] == 1
    assert max(size for size in sizes if size != 60) < 60


def _tokens_within(tokens, article, start, end):
    own = slice(tokens.offsets[article], tokens.offsets[article + 1])
    first = np.searchsorted(tokens.ends[own], start, "right")
    return int(first), int(np.searchsorted(tokens.starts[own], end, "left"))


def _families_of_pairs(articles, pairs):
    """Return the families that follow from some pairs alone, as a cap may leave them."""
    by_id = {article.id: article for article in articles}
    number_of = {article.id: number for number, article in enumerate(articles)}
    tokens = tokenize([article.text for article in articles])
    overlaps = [dedup.compare(by_id[a], by_id[b]) for a, b in sorted(pairs)]
    rows = [
        ((number_of[found.a], number_of[found.b]), (*one.a, *one.b), one.identity)
        for found in overlaps
        for one in found.passages
    ]
    owners = np.array([pair for pair, _, _ in rows], np.int64)
    chars = np.array([span for _, span, _ in rows], np.int64)
    sides = zip(owners.reshape(-1).tolist(), chars.reshape(-1, 2).tolist(), strict=True)
    spans = np.array([_tokens_within(tokens, article, *span) for article, span in sides])
    identities = np.array([identity for _, _, identity in rows])
    shared = SharedPassages(owners, spans.reshape(-1, 4), chars, identities)

    def load(numbers):
        return [articles[number].text for number in numbers.tolist()], tokens.select(numbers)

    nowhen = np.full(len(articles), np.nan)
    texts = Texts([article.id for article in articles], nowhen, tokens.counts, load, tokens.select)
    return find_families(shared, texts).families


def test_quotations_taken_from_different_copies_are_one_family(stories):
    """No passage joins them; what does is that they stand in one place of one story."""
    quote = stories[0].split(". ")[0] + "."
    edited = stories[0].replace(quote.split()[4], "replaced", 1)
    texts = {"a": stories[0], "b": stories[0], "c": edited}
    texts |= {"x": f"{stories[1]} {quote}", "z": f"{edited[: len(quote)]} {stories[2]}"}
    articles = [dedup.Article(*item) for item in texts.items()]
    families = _families_of_pairs(articles, [("a", "b"), ("a", "c"), ("b", "x"), ("c", "z")])
    carriers = [[one.article for one in family.occurrences] for family in families]
    assert sorted(map(len, carriers)) == [3, 5]


@pytest.mark.parametrize(
    ("dates", "earliest", "order"),
    [
        (["2023-01-01", "2023-01-04", "2023-01-02", None], "0", "0123"),
        (["2023-01-04", "2023-01-03", "2023-01-02", None], "2", "2013"),
        (["2023-01-01", "2023-01-01", "2023-01-02", None], None, "1023"),
        ([None] * 4, None, "1023"),
    ],
)
def test_the_earliest_comes_first_else_what_most_are_like(stories, dates, earliest, order):
    edited = stories[0].replace(" the ", " that ")
    texts = [edited, stories[0], stories[0], stories[0]]
    articles = [
        dedup.Article(str(number), text, published=date)
        for number, (text, date) in enumerate(zip(texts, dates, strict=True))
    ]
    (family,) = dedup.find_overlaps(articles).families
    assert family.earliest == earliest
    assert "".join(one.article for one in family.occurrences) == order
    assert all((one.identity == 1.0) == (one.article != "0") for one in family.occurrences)


def test_a_further_copy_keeps_the_id(stories):
    made = list(_copies(stories[0], 30))
    ids = [dedup.find_overlaps(articles).families[0].id for articles in (made[:-1], made)]
    assert ids[0] == ids[1]


def test_a_copy_that_represents_its_family_from_now_on_keeps_the_id(stories):
    twice = [dedup.Article("a", stories[0]), dedup.Article("b", stories[0])]
    earlier = dedup.Article("c", stories[0].replace(" ", "\n"), published="2001-01-01")
    (before,) = dedup.find_overlaps(twice).families
    (after,) = dedup.find_overlaps([*twice, earlier]).families
    assert [one.occurrences[0].article for one in (before, after)] == ["a", "c"]
    assert before.id == after.id
