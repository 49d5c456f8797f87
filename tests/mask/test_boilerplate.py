"""What outlets repeat: found, told from syndication and running stories, and never compared."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import dedup
from corpus.synthesize import synthesize
from dedup.mask import boilerplate as searching
from dedup.mask.boilerplate import (
    cover_formulas,
    find_boilerplate,
    group_outlets,
    join_parts,
    learn_formulas,
)
from dedup.params import BoilerplateParams, Params
from dedup.text.tokenize import tokenize
from tests.strategies import HOSTILE, law

NOTICE = (
    "We use cookies to give you the best experience on our site, and you can say no at any time."
)
PLUG = "Sign up for our newsletter"
DAY = datetime(2026, 3, 1, tzinfo=UTC)
PARAMS = BoilerplateParams()


@pytest.fixture(scope="module")
def stories():
    """Unrelated texts."""
    records, _ = synthesize(60, seed=3, plant_rate=0.0)
    return [record["text"] for record in records]


def _articles(texts, outlet="post", step=1, prefix=""):
    return [
        dedup.Article(
            f"{prefix}{number:03}",
            text,
            outlet=outlet,
            published=None if step is None else DAY + timedelta(days=step * number),
        )
        for number, text in enumerate(texts)
    ]


def _find(articles, params=PARAMS, pool=None):
    articles = sorted(articles, key=lambda article: article.id)
    tokens = tokenize([article.text for article in articles])
    masked = np.zeros(len(tokens.hashes), np.bool_)
    groups = group_outlets(
        [article.outlet for article in articles], [one.id for one in articles], tokens.counts
    )

    def run(own):
        return find_boilerplate([articles[at] for at in own], tokens.select(own), params)

    units = []
    for own, (found, covered) in zip(groups, (pool.map if pool else map)(run, groups), strict=True):
        masked[tokens.places(own)] = covered
        units += found
    return join_parts(units), tokens, masked


def _texts(found):
    return [(one.outlet, one.text, one.n_articles) for one in found]


@pytest.mark.parametrize("step", [1, 0, None], ids=["days", "one day", "no date"])
@pytest.mark.parametrize("joint", ["\n\n", " "], ids=["lines", "line breaks lost"])
def test_a_notice_under_unrelated_articles_is_boilerplate(stories, step, joint):
    texts = [text.strip() + joint + NOTICE for text in stories[:8]]
    found, _, _ = _find(_articles(texts, step=step))
    assert _texts(found) == [("post", NOTICE.rstrip("."), 8)]
    assert found[0].basis == "outlet"
    for (name, span), article in zip(found[0].occurrences, _articles(texts), strict=True):
        assert name == article.id
        assert article.text[slice(*span)] == NOTICE.rstrip(".")


def test_a_short_line_is_boilerplate_as_a_whole_and_a_phrase_is_not(stories):
    lines = [f"{text.strip()}\n{PLUG}\n{text[:200]}" for text in stories[:8]]
    inside = [
        f"{text.strip()} Room {n} {PLUG.lower()} at {n} today. {text[:99]}"
        for n, text in enumerate(stories[:8])
    ]
    assert (_texts(_find(_articles(lines))[0])) == [("post", PLUG, 8)]
    assert _find(_articles(inside))[0] == ()


@pytest.mark.parametrize("n_articles", [4, 5])
def test_five_articles_of_an_outlet_are_enough(stories, n_articles):
    texts = [text + "\n\n" + NOTICE for text in stories[:n_articles]]
    assert len(_find(_articles([*texts, *stories[20:40]]))[0]) == (n_articles >= 5)


def test_in_a_large_outlet_it_takes_a_share(stories):
    texts = [text + "\n\n" + NOTICE for text in stories[:5]]
    params = replace(PARAMS, min_share=0.1)
    assert _find(_articles([*texts, *stories[5:50]]), params)[0] != ()
    assert _find(_articles([*texts, *stories[5:60]]), params)[0] == ()


def test_syndication_is_kept_however_many_copies(stories):
    copies = [
        dedup.Article(f"{n:03}", stories[0] + "\n\n" + NOTICE, outlet=f"outlet {n}", published=DAY)
        for n in range(60)
    ]
    assert _find(copies)[0] == ()


def test_copies_in_other_outlets_change_nothing(stories):
    own = _articles([text + "\n\n" + NOTICE for text in stories[:8]])
    others = [
        dedup.Article(f"x{n:03}", text, outlet=f"outlet {n}") for n, text in enumerate(stories[:8])
    ]
    foreign = [replace_text(one, f"{one.text}\n\n{NOTICE}") for one in others]
    found = _find(own)[0]
    assert _find([*own, *others])[0] == found
    assert _find([*own, *foreign])[0] == found


def replace_text(article, text):
    return dedup.Article(article.id, text, outlet=article.outlet, published=article.published)


def test_versions_of_one_article_are_no_boilerplate(stories):
    random = Random(5)
    texts = []
    for _ in range(9):
        words = stories[0].split()
        for _ in range(4):
            words[random.randrange(len(words))] = f"edit{random.randrange(999)}"
        texts.append(" ".join(words))
    assert _find(_articles([*texts, *stories[20:40]]))[0] == ()


def test_background_of_a_running_story_is_no_boilerplate(stories):
    """Each day has its own text, on the same people and places."""
    random = Random(6)
    words = sorted({word for word in stories[0].split() if len(word) > 5})
    background = stories[1].split(". ")[0] + "."
    texts = [
        " ".join(random.choices(words, k=60)) + ".\n\n" + stories[10 + day][:250] + background
        for day in range(9)
    ]
    assert _find(_articles([*texts, *stories[30:50]]))[0] == ()


def test_variants_sent_out_on_one_day_are_no_boilerplate(stories):
    """Most of each is the same, and the rest is on as many subjects as there are."""
    texts = [stories[0] + "\n\n" + text[: len(stories[0]) // 2] for text in stories[1:9]]
    others = _articles(stories[20:40], prefix="x")
    assert _find([*_articles(texts, step=0), *others])[0] == ()
    assert _find([*_articles(texts, step=1), *others])[0] != ()


def test_without_outlets_it_takes_more_and_says_so(stories):
    texts = [text + "\n\n" + NOTICE for text in stories]
    (found,) = _find(_articles(texts[:20], outlet=None, step=None))[0]
    assert (found.outlet, found.basis, found.n_articles) == (None, "spread", 20)
    assert _find(_articles(texts[:19], outlet=None, step=None))[0] == ()


def test_what_always_stands_together_is_one(stories):
    texts = [f"{text}\n\n{PLUG}\n\n{NOTICE}" for text in stories[:8]]
    (found,) = _find(_articles(texts))[0]
    assert (found.text.split("\n\n")) == [PLUG, NOTICE.rstrip(".")]


def test_what_was_learned_is_told_again_article_by_article(stories):
    """Of articles in any order, of several outlets and of one of which nothing is known."""
    formulas, expected = {}, {}
    every = []
    for outlet, line in (("post", NOTICE), ("mail", PLUG), (None, NOTICE)):
        texts = [f"{text}\n\n{line}" for text in stories[:20]]
        own = _articles(texts, outlet=outlet, prefix=f"{outlet}-")
        tokens = tokenize(texts)
        _, covered = find_boilerplate(own, tokens, PARAMS)
        formulas[outlet] = learn_formulas(own, tokens, PARAMS)
        for number, article in enumerate(own):
            low, high = tokens.offsets[number : number + 2]
            expected[article.id] = covered[low:high].tolist()
        every += own
    other = dedup.Article("other", f"{stories[30]}\n\n{NOTICE}", outlet="Gazette")
    expected["other"] = None
    every.append(other)
    Random(1).shuffle(every)
    tokens = tokenize([article.text for article in every])
    places = {"post": 0, "mail": 1, None: 2}
    covered = cover_formulas(
        tokens,
        [places.get(article.outlet, -1) for article in every],
        list(formulas.values()),
    )
    assert covered.any()
    for number, article in enumerate(every):
        low, high = tokens.offsets[number : number + 2]
        own = expected[article.id] or [False] * int(high - low)
        assert covered[low:high].tolist() == own


def test_zero_articles_turn_it_off(stories):
    texts = [text + "\n\n" + NOTICE for text in stories[:8]]
    assert _find(_articles(texts), replace(PARAMS, min_articles=0))[0] == ()


def test_one_sentence_ten_thousand_times_is_no_boilerplate_by_itself(stories):
    articles = _articles([NOTICE * 10_000, *stories[:20]])
    assert _find(articles)[0] == ()
    (found,) = _find(_articles([NOTICE * 10_000, *(f"{text}\n{NOTICE}" for text in stories[:20])]))[
        0
    ]
    assert found.n_articles == 21
    assert len(found.occurrences) == 21


@law(40)
@given(
    st.lists(st.tuples(st.sampled_from(HOSTILE), st.booleans()), min_size=12, max_size=24),
    st.sampled_from(["post", None]),
)
def test_spans_are_exact_on_hostile_text_and_inside_their_article(stories, marks, outlet):
    texts = [
        mark + text[:400] + (mark + "\n" + NOTICE if has_notice else "") + mark
        for (mark, has_notice), text in zip(marks, stories, strict=False)
    ]
    articles = _articles(texts, outlet=outlet)
    by_id = {article.id: article.text for article in articles}
    with patch.object(searching, "_UNKNOWN_FACTOR", 1):
        found, tokens, masked = _find(articles)
    n_masked = 0
    for one in found:
        assert len({name for name, _ in one.occurrences}) == one.n_articles >= 5
        assert one.text in {by_id[name][slice(*span)] for name, span in one.occurrences}
        for name, (start, end) in one.occurrences:
            assert 0 <= start < end <= len(by_id[name])
            low, high = tokens.offsets[int(name) : int(name) + 2]
            inside = (tokens.starts[low:high] >= start) & (tokens.ends[low:high] <= end)
            assert masked[low:high][inside].all()
            n_masked += inside.sum()
    assert n_masked == masked.sum()


def test_order_and_threads_change_nothing(stories):
    articles = [
        one
        for outlet in ("post", "times", None)
        for one in _articles(
            [f"{text}\n\n{outlet} says: {NOTICE}" for text in stories[:30]],
            outlet,
            prefix=f"{outlet}-",
        )
    ]
    found = _find(articles)[0]
    assert [one.outlet for one in found] == ["post", "times", None]
    with ThreadPoolExecutor(3) as pool:
        assert _find(articles[::-1], pool=pool)[0] == found


@pytest.fixture(scope="module")
def report(stories):
    texts = [f"{text}\n\n{NOTICE}\n\n{text[-200:]}" for text in stories[:12]]
    return dedup.find_overlaps(_articles(texts))


def test_boilerplate_is_in_no_passage_and_no_coverage(report, stories):
    (notice,) = report.boilerplate
    assert notice.text == NOTICE.rstrip(".")
    spans = dict(notice.occurrences)
    for overlap in report.overlaps:
        for passage in overlap.passages:
            assert NOTICE[:-1] not in passage.text_a
            for name, span in ((overlap.a, passage.a), (overlap.b, passage.b)):
                assert span.end <= spans[name].start or span.start >= spans[name].end
    assert {summary.coverage for summary in report.articles} == {0.0}


def test_a_copy_around_boilerplate_is_covered_completely(stories):
    """The notice interrupts both, in different places: the copy is cut there, and all of it."""
    texts = [f"{text}\n\n{NOTICE}" for text in stories[:12]]
    parts = stories[20].split("\n\n")
    texts += ["\n\n".join([*parts[:at], NOTICE, *parts[at:]]) for at in (1, 2)]
    report = dedup.find_overlaps(_articles(texts))
    (overlap,) = report.overlaps
    assert overlap.relation == "duplicate"
    assert len(overlap.passages) == 3
    assert min(overlap.coverage_a, overlap.coverage_b) > 0.95
    assert all(NOTICE[:40] not in one.text_a + one.text_b for one in overlap.passages)


def test_articles_of_boilerplate_only_share_nothing(stories):
    texts = [f"{text}\n\n{NOTICE}" for text in stories[:12]]
    report = dedup.find_overlaps(
        _articles([*texts, NOTICE, NOTICE, f"{NOTICE} Twice.", "1 " + NOTICE])
    )
    assert report.overlaps == ()
    assert report.boilerplate[0].n_articles == 16
    assert [one.coverage for one in report.articles[12:]] == [0, 0, 0, 0]


def test_credits_are_reported_and_shared_by_no_passage():
    line = "Read the original article on Business Insider and on its many other pages"
    texts = [f"{text}\n\n{line}" for text in ("It was late in town.", "Rents rise in the north.")]
    report = dedup.find_overlaps(_articles(texts, outlet=None))
    assert report.overlaps == ()
    for summary in report.articles:
        (credit,) = summary.credits
        assert summary.article.text[slice(*credit.span)] == line
        assert summary.to_dict()["credits"] == [
            {"span": list(credit.span), "kind": "credit-line", "name": credit.name}
        ]
    plain = replace(Params(), boilerplate=BoilerplateParams(mask_credits=False))
    whole = dedup.compare(line + ".", line + "!", plain)
    assert whole.relation == "duplicate"
    assert dedup.compare(line + ".", line + "!").relation == "none"
