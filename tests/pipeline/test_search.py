"""Whole searches: whatever is held in memory, on however many threads, and in linear work."""

import json
import random
from datetime import UTC, datetime, timedelta

import pytest

import dedup
from corpus.synthesize import synthesize
from dedup.params import Params
from dedup.pipeline import report as detector
from dedup.render.json import report_lines


@pytest.fixture(scope="module")
def articles():
    """Articles with planted passages, a notice that one outlet repeats, and copies of one story."""
    records, _ = synthesize(90, seed=11, plant_rate=0.6)
    found = [dedup.Article(**record) for record in records]
    story = found[0].text
    found += [
        dedup.Article(f"copy-{at:02}", f"{story}\n\n{found[at].text}", f"outlet {at}")
        for at in range(40)
    ]
    notice = "Readers who wish to write to the editor may do so at the address on our front page."
    found += [
        dedup.Article(f"note-{at:02}", f"{found[at].text[::-1]}\n\n{notice}", "The Post")
        for at in range(8)
    ]
    return found


def _lines(articles, limit, jobs):
    job = detector._Job(Params(), jobs, detector.Clock(None), False, limit, {})
    return list(report_lines(job.run(articles), "x"))


def test_memory_and_threads_change_nothing(articles):
    whole = _lines(articles, 1 << 30, 1)
    types = {json.loads(line)["type"] for line in whole}
    assert types == {"run", "article", "overlap", "family", "story", "boilerplate"}
    for limit, jobs in ((0, 1), (0, 2), (200_000, 3), (1_000_000, 2)):
        assert _lines(articles[::-1], limit, jobs) == whole


def test_a_small_block_is_as_good_as_a_large_one(articles, monkeypatch):
    few = articles[::3]
    whole = _lines(few, 1 << 30, 2)
    for name, value in (
        ("indexed._INDEXED", 300),
        ("search.ALIGNED_TOKENS", 3),
        ("search._QUERY_SEEDS", 2000),
        ("search._MIN_QUERY_SEEDS", 2000),
    ):
        monkeypatch.setattr(f"dedup.pipeline.{name}", value)
    monkeypatch.setattr("dedup.group.places._BLOCK", 5)
    assert _lines(few, 1 << 30, 2) == whole
    assert _lines(few, 0, 2) == whole


def test_old_articles_are_not_compared_with_one_another(articles):
    few = articles[:70]
    everything = {frozenset((one.a, one.b)): one for one in dedup.find_overlaps(few).overlaps}
    old = {article.id for article in few[1::2]}
    found = dedup.find_overlaps(few[::2], against=few[1::2]).overlaps
    assert {frozenset((one.a, one.b)) for one in found} == {
        pair for pair in everything if not pair <= old
    }
    for one in found:
        whole = everything[frozenset((one.a, one.b))]
        turned = (one.a, one.b) != (whole.a, whole.b)
        spans = [(p.b, p.a) if turned else (p.a, p.b) for p in one.passages]
        assert sorted(spans) == [(p.a, p.b) for p in whole.passages]
        assert one.b not in old


def test_an_article_that_is_old_and_new_counts_once(articles):
    report = dedup.find_overlaps(articles[:3], against=articles[2:5])
    assert [one.article.id for one in report.articles] == [
        *sorted(one.id for one in articles[2:5]),
        *sorted(one.id for one in articles[:2]),
    ]
    assert report.skipped == ()


def test_overlaps_are_emitted_in_order(articles):
    emitted = []
    report = dedup.find_overlaps(articles, emit=emitted.append)
    whole = dedup.find_overlaps(articles)
    assert report.overlaps == ()
    assert tuple(emitted) == whole.overlaps
    assert tuple(report.articles) == whole.articles
    assert report.articles[3] == whole.articles[3]
    assert report.articles[2:5] == list(whole.articles[2:5])
    assert len(report.articles) == len(whole.articles)


@pytest.mark.parametrize("memory", [0, 1 << 20, "4GB", 1e10, True])
def test_too_little_memory_is_refused(memory):
    with pytest.raises(dedup.ParameterError, match="memory must be at least"):
        dedup.find_overlaps([], memory=memory)


def _spread(n, step, ending):
    """Articles of words of their own, of which every so many carry the same ending.

    Each is of an outlet of its own, so that nothing is boilerplate.
    """
    return [
        dedup.Article(
            f"{at:05}",
            " ".join(f"q{at}z{place}" for place in range(12))
            + (f".\n\n{ending(at)}" if at % step == 0 else "."),
            f"outlet {at}",
        )
        for at in range(n)
    ]


# Too long for a formula, which would count for no family.
FOOTER = (
    "The harbor company runs nine ferries between the islands and the mainland, and keeps four "
    "more in reserve for the summer, when twice as many people cross. Its oldest ship was built "
    "in a yard on the northern shore and still carries the mail to the lighthouse every Friday."
)


def test_a_footer_that_all_carry_makes_no_more_than_linear_work():
    """Compared pairs, passages and occurrences are counted."""
    counts = []
    for n in (2_500, 10_000):
        report = dedup.find_overlaps(_spread(n, 1, lambda _: FOOTER))
        (family,) = report.families
        passages = sum(len(one.passages) for one in report.overlaps)
        assert len(family.occurrences) == n
        assert n - 1 <= passages <= report.counts["n_candidates"]
        counts.append(report.counts["n_candidates"])
    assert counts[1] <= 4 * counts[0]


def test_a_story_that_a_tenth_carry_is_one_family():
    """Each copy has one word in twenty replaced."""
    story = synthesize(1, seed=77, plant_rate=0.0)[0][0]["text"].split()

    def copy(at):
        return " ".join(
            f"word{at}" if (place * 7 + at) % 20 == 0 else word for place, word in enumerate(story)
        )

    work = []
    for n in (4_000, 8_000, 16_000):
        articles = _spread(n, 10, copy)
        report = dedup.find_overlaps(articles)
        carriers = {article.id for article in articles[::10]}
        largest = max(
            report.families,
            key=lambda one: (len({place.article for place in one.occurrences}), one.n_words),
        )
        assert {place.article for place in largest.occurrences} == carriers
        assert largest.n_words >= len(story) // 2
        occurrences = sum(len(one.occurrences) for one in report.families)
        work.append((report.counts["n_candidates"], len(report.overlaps), occurrences))
    for few, more, most in zip(*work, strict=True):
        assert most - more <= 2.2 * (more - few)


def _dated(articles, dates):
    return [
        dedup.Article(one.id, one.text, one.outlet, published=date)
        for one, date in zip(articles, dates, strict=True)
    ]


def _pairs(report):
    return {frozenset((one.a, one.b)) for one in report.overlaps}


@pytest.mark.parametrize("days", [1, 5, 40])
@pytest.mark.parametrize("n_old", [0, 30])
def test_a_window_leaves_out_the_pairs_that_are_far_apart(articles, days, n_old):
    """Those without a date are compared with all; spilled postings change nothing."""
    few = articles[:80]
    moments = [
        None if at % 9 == 0 else datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=at * 7 % 50)
        for at in range(len(few))
    ]
    dated = _dated(few, moments)
    when = {one.id: one.published for one in dated}
    # Without a limit, so that the pairs of a window are some of all.
    params = Params.preset("news").with_values({"candidate.max_pairs_per_family": "100000"})
    old, new = dated[:n_old], dated[n_old:]

    def is_near(pair):
        one, other = (when[id] for id in pair)
        return not (one and other) or abs(one - other) <= timedelta(days=days)

    expected = {pair for pair in _pairs(dedup.find_overlaps(new, params, against=old))
                if is_near(pair)}  # fmt: skip
    report = dedup.find_overlaps(new, params, against=old, days=days)
    # What is rare in the window may be common elsewhere: more may be found.
    assert expected <= _pairs(report)
    assert all(map(is_near, _pairs(report)))
    assert report.params["candidate"]["days"] == days
    spilled = params.with_values({"candidate.days": str(days)})
    job = detector._Job(spilled, 2, detector.Clock(None), False, 0, {})
    assert job.run(new[::-1], old).overlaps == report.overlaps


def test_of_a_hot_bucket_the_first_and_the_latest_carriers_are_seen():
    """Whatever their ids are: dates decide, then ids."""
    story = synthesize(1, seed=78, plant_rate=0.0)[0][0]["text"]
    n, days = 40, random.Random(3).sample(range(40), 40)
    copies = [
        dedup.Article(f"{at:02}", f"{story}\n\nend{at} of{at}", f"outlet {at}",
                      published=datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=day))
        for at, day in enumerate(days)
    ]  # fmt: skip
    params = Params.preset("news").with_values(
        {"candidate.max_bucket": "4", "candidate.max_pairs_per_family": "1000000"}
    )
    found = _pairs(dedup.find_overlaps(copies, params))
    by_date = [copies[days.index(day)].id for day in range(n)]
    assert {pair for pair in found if by_date[-1] in pair} == {
        frozenset((by_date[-1], by_date[at])) for at in (0, 1, n - 3, n - 2)
    }
