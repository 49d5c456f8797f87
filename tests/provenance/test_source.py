"""Laws of provenance: what is told of stories whose spread is known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import dedup
from corpus.topics import load_events
from dedup.mask.outlet import OutletNames
from dedup.model import Origin
from dedup.model.article import Article, Credit, Span
from dedup.model.census import Census
from dedup.model.dates import MARGIN, find_first, find_range, is_day, who_was_first
from dedup.model.outlets import is_among
from dedup.provenance.borrowed import is_no_later
from dedup.provenance.clues import find_dates, find_lags, read_clues
from dedup.provenance.direction import FEATURES, Directions, count_naming, weigh_directions
from dedup.provenance.source import Evidence, SourceModel, find_likely
from tests.strategies import law

TEXTS = [text for event in load_events()[:3] for text in event.texts[:2]]
START = datetime(2024, 5, 1, 8, 30, tzinfo=UTC)


def carry(name, text, minutes=None, outlet=None, **fields):
    published = None if minutes is None else START + timedelta(minutes=minutes)
    return Article(name, text, outlet or f"The {name} Courier", published, **fields)


def only(articles):
    (story,) = dedup.find_overlaps(articles, jobs=1).stories
    return story


def test_who_was_hours_earlier_is_the_earliest_and_not_the_source():
    found = only([carry("b", TEXTS[0], 0), carry("a", TEXTS[0], 300)])
    assert [one.article for one in found.members] == ["b", "a"]
    assert (found.earliest, found.origin) == (("b",), Origin())
    first, other = found.members
    assert (first.origin, first.lag, first.taken) == (Origin(), 0.0, ())
    assert (other.origin, other.lag) == (Origin(), 18_000.0)
    assert [(one.article, one.coverage, one.n_edits) for one in other.taken] == [("b", 1.0, 0)]
    record = found.to_dict()
    assert (record["earliest"], record["tied"], record["source"]) == ("b", [], None)
    assert (record["basis"], record["confidence"]) == ([], 0.0)


def test_a_tie_of_dates_is_a_tie():
    found = only([carry("b", TEXTS[0], 0), carry("a", TEXTS[0], 9)])
    assert (found.earliest, found.origin) == (("a", "b"), Origin())
    record = found.to_dict()
    assert (record["earliest"], record["tied"]) == (None, ["a", "b"])


def test_a_pair_with_little_in_common_names_no_source():
    long = "\n\n".join([TEXTS[0], *TEXTS[2:]])
    articles = [carry("x", long, 0, "Halden Courier")]
    articles += [carry("a", TEXTS[0] + "\n\nSource: Halden Courier", 60)]
    found = only(articles)
    assert min(one.coverage for one in found.members) < 1 / 3
    assert found.origin == Origin()
    assert {one.origin for one in found.members} == {Origin()}


def test_a_story_has_the_headline_of_its_source_else_of_its_first_member():
    source = carry("x", TEXTS[0], 90, "Halden Courier", title="What the source says")
    other = carry("b", TEXTS[0], 0, title="What was first")
    assert only([source, other]).headline == "What was first"
    copies = [carry(name, TEXTS[0] + "\n\nSource: Halden Courier", 95) for name in "ac"]
    assert only([source, other, *copies]).headline == "What the source says"


def test_a_date_without_a_time_is_a_whole_day():
    day = Article("a", TEXTS[0], published="2024-05-01")
    assert set(only([day, carry("b", TEXTS[0], 0)]).earliest) == {"a", "b"}
    later = carry("c", TEXTS[0], 24 * 60)
    found = only([day, later])
    assert found.earliest == ("a",)
    assert found.members[1].lag == 24 * 3600


def test_without_dates_nothing_is_first():
    found = only([carry("b", TEXTS[0]), carry("a", TEXTS[0])])
    assert (found.earliest, found.origin) == ((), Origin())
    assert [one.lag for one in found.members] == [None, None]


@pytest.mark.parametrize("minutes", [None, 0, -120])
def test_a_credit_outweighs_dates(minutes):
    source = carry("x", TEXTS[0], None if minutes is None else 0, "Halden Courier")
    copy = carry("a", TEXTS[0] + "\n\nSource: Halden Courier", minutes)
    found = only([source, copy])
    assert (found.origin.source, found.origin.basis) == ("x", ("credit",))
    member = next(one for one in found.members if one.article == "a")
    assert (member.credit, member.origin.source) == ("Halden Courier", "x")


def test_a_link_is_as_good():
    source = carry("x", TEXTS[0], 0, url="https://www.halden-post.co.uk/a/1")
    copy = carry("a", TEXTS[0] + "\n\nMore at https://halden-post.co.uk/a/1 today.", 1)
    found = only([source, copy])
    assert (found.origin.source, found.origin.basis) == ("x", ("link",))


def test_an_agency_that_is_not_there_is_the_source():
    texts = [f"{place} (Interpress) — {TEXTS[0]}" for place in ("HALDEN", "TARN", "ORSK")]
    found = only(
        [carry(name, text, 60 * n) for n, (name, text) in enumerate(zip("abc", texts, strict=True))]
    )
    assert (found.origin.source, found.origin.agency) == (None, "Interpress")
    assert found.origin.basis == ("wire",)
    assert {one.credit for one in found.members} == {"Interpress"}


def test_an_agency_that_is_there_is_named_as_an_article():
    own = carry("w", f"HALDEN (Interpress) — {TEXTS[0]}", 0, "Interpress")
    copies = [carry(name, f"TARN (Interpress) — {TEXTS[0]}", 90) for name in "ab"]
    found = only([own, *copies])
    assert (found.origin.source, found.origin.agency) == ("w", None)


def test_what_is_taken_counts_no_character_twice_and_comes_from_no_later_article():
    # Its own comes first: an article that begins with another may be whom that was cut from.
    joined = f"{TEXTS[4]}\n\n{TEXTS[0]}\n\n{TEXTS[2]}"
    articles = [
        carry("a", TEXTS[0], 0),
        carry("b", TEXTS[2], 60),
        carry("r", joined, 600),
        carry("s", TEXTS[0], 2000),
    ]
    report = dedup.find_overlaps(articles, jobs=1)
    assert sorted(sorted(m.article for m in one.members) for one in report.stories) == [
        ["a", "r", "s"], ["b", "r"],
    ]  # fmt: skip
    for story in report.stories:
        member = next(one for one in story.members if one.article == "r")
        (other,) = {one.article for one in story.members} & {"a", "b"}
        assert [share.article for share in member.taken] == [other]
        text = TEXTS[0] if other == "a" else TEXTS[2]
        assert member.taken[0].coverage == pytest.approx(len(text) / len(joined), abs=0.01)
    by_name = {m.article: m for one in report.stories for m in one.members}
    assert {share.article for share in by_name["s"].taken} == {"a"}


def test_a_family_begins_with_its_earliest_carrier():
    articles = [carry(name, TEXTS[0], minutes) for name, minutes in (("a", 300), ("b", 0))]
    (family,) = dedup.find_overlaps(articles).families
    assert (family.earliest, family.occurrences[0].article) == ("b", "b")
    (family,) = dedup.find_overlaps([carry("a", TEXTS[0], 5), carry("b", TEXTS[0], 0)]).families
    assert family.earliest is None


collections = st.lists(
    st.tuples(st.sampled_from(TEXTS), st.none() | st.integers(0, 3000), st.booleans()), max_size=9
).map(
    lambda rows: [
        carry(f"{n}", text + ("\n\nSource: The 0 Courier" if credits else ""), minutes)
        for n, (text, minutes, credits) in enumerate(rows)
    ]
)


@law(40)
@given(collections, st.randoms(use_true_random=False))
def test_order_threads_and_emitting_change_nothing(articles, rng):
    expected = dedup.find_overlaps(articles, jobs=1)
    shuffled = rng.sample(articles, len(articles))
    found = dedup.find_overlaps(shuffled, jobs=3, emit=lambda _: None, memory=1 << 29)
    assert (found.stories, found.families) == (expected.stories, expected.families)


@law(40)
@given(collections)
def test_shared_text_is_with_members_that_are_not_later_and_hides_none(articles):
    report = dedup.find_overlaps(articles, jobs=1)
    published = {one.article.id: one.article.published for one in report.articles}
    pairs = {frozenset((one.a, one.b)) for one in report.overlaps if one.is_counted}
    for story in report.stories:
        names = {one.article for one in story.members}
        for member in story.members:
            taken = {share.article for share in member.taken}
            partners = {one for one in names if {one, member.article} in pairs}
            not_later = {
                one
                for one in partners
                if who_was_first(published[member.article], published[one]) != 0
            }
            assert taken <= not_later
            assert bool(taken) == bool(not_later)


@law(40)
@given(collections)
def test_what_is_told_is_well_formed(articles):
    stories = dedup.find_overlaps(articles, jobs=1).stories
    assert len({one.id for one in stories}) == len(stories)
    for story in stories:
        names = [one.article for one in story.members]
        assert len(set(names)) == len(names) >= 2
        assert set(story.earliest) <= set(names)
        check_claim(story.origin)
        assert story.headline
        assert story.origin.source in {None, *names}
        for member in story.members:
            assert 0 <= member.coverage <= 1
            assert member.article not in {share.article for share in member.taken}
            assert sum(share.coverage for share in member.taken) <= 1 + 1e-9
            assert list(member.taken) == sorted(member.taken, key=lambda one: -one.coverage)
            assert member.origin.source != member.article
            check_claim(member.origin)


def check_claim(origin):
    """Check that a claim has grounds and is likelier than not, and that no claim has neither."""
    named = origin.source is not None or origin.agency is not None
    assert bool(origin.basis) == named
    assert 0.5 <= origin.confidence <= 1 if named else origin == Origin()


@law(25)
@given(collections)
def test_later_copies_do_not_rename_a_story(articles):
    dated = [one for one in articles if one.published]
    before = {one.members[0].article: one.id for one in dedup.find_overlaps(dated).stories}
    late = [replace_text(one, n) for n, one in enumerate(dated[:3])]
    after = {one.members[0].article: one.id for one in dedup.find_overlaps(dated + late).stories}
    assert before.items() <= after.items()


def replace_text(article, n):
    return carry(f"late-{n}", article.text, 9000 + n)


def test_a_longer_name_that_starts_with_a_name_is_found():
    assert is_among("meridian", ["meridianwire"])
    assert not is_among("mer", ["meridianwire"])
    assert not is_among("zebra", ["meridianwire"])


def test_nobody_credits_himself():
    article = Article("a", "Some text.", outlet="meridianwire")
    own_clues = read_clues(
        article, [Credit(Span(0, 4), "dateline", "Meridian")], OutletNames(["Meridian"])
    )
    assert not own_clues.credits


def test_lags_are_what_surely_lies_between():
    dates = find_dates(np.array([0.0, 3600.0, 86_400.0 + 60, np.nan]))
    assert dates[0].tolist() == [MARGIN, 86_400 - MARGIN] * 2
    assert find_lags(dates[[0, 1, 1, 1]], dates[[1, 2, 0, 3]]).tolist() == [0, 82_860, 0, 0]


ZONES = st.integers(-14, 14).map(lambda hours: timedelta(hours=hours))
MOMENTS = st.integers(0, 4).map(lambda n: n * 86_400) | st.integers(0, 400_000)


@law(100)
@given(st.lists(st.tuples(MOMENTS, ZONES), min_size=2, max_size=6))
def test_stages_and_reports_order_dates_alike(moments):
    published = [datetime.fromtimestamp(moment, timezone(zone)) for moment, zone in moments]
    offsets = np.array([one.utcoffset().total_seconds() for one in published])
    dates = find_dates(np.array([moment for moment, _ in moments], np.float64), offsets)
    assert [find_range(one) for one in published] == list(map(tuple, dates[:, :2].tolist()))
    for a, b in combinations(range(len(dates)), 2):
        (lag,) = find_lags(dates[[a]], dates[[b]]).tolist()
        first = who_was_first(published[a], published[b])
        assert first == (-2 if lag == 0 else int(lag < 0))
        assert is_no_later(dates[[a]], dates[b]).tolist() == [first != 1]
    firsts = [
        one for one in range(len(dates))
        if all(who_was_first(other, published[one]) != 0 for other in published)
    ]  # fmt: skip
    nobody = Directions(np.zeros((0, 2), np.int64), np.zeros((0, 2)), np.zeros((0, 2)))
    model = SourceModel(list("abcdef"), dates, [None] * len(dates), nobody)
    assert model.find_earliest(range(len(dates))) == tuple(firsts)
    lags = model.find_lags(range(len(dates)))
    assert [one for one, lag in enumerate(lags) if lag == 0] == firsts
    has_days = any(map(is_day, published))
    assert find_first(published) == firsts
    assert find_first([None, *published, None]) == [one + 1 for one in firsts]
    assert has_days or lags == pytest.approx(
        [max(0, (one - min(published)).total_seconds()) if lag else 0
         for one, lag in zip(published, lags, strict=True)]
    )  # fmt: skip


@law(50)
@given(st.lists(st.floats(-3, 3), min_size=1, max_size=5), st.floats(0, 3))
def test_what_is_likely_adds_up_and_grows_with_being_named(chances, named):
    rows = np.array([(chance, 0.0, 0.0, 0.0) for chance in chances])
    likely = find_likely(Evidence(rows, np.array([1.0, 0.0, 0.0]), None))
    assert likely.sum() == pytest.approx(1)
    rows[0, 1] = named
    assert find_likely(Evidence(rows, np.array([1.0, 0.0, 0.0]), None))[0] >= likely[0] - 1e-12


class Counted(list):
    """A list that counts what is taken of it."""

    n_taken = 0

    def __iter__(self):
        for one in super().__iter__():
            Counted.n_taken += 1
            yield one


@pytest.mark.parametrize("n", [100, 400])
def test_what_is_looked_at_grows_with_members_and_not_with_pairs(n):
    pairs = np.array([(a, b) for a in range(n) for b in range(a + 1, n)])
    chances = np.tile([0.5, 0.1], (len(pairs), 1))
    directions = Directions(pairs, chances, np.zeros((len(pairs), 2)))
    model = SourceModel([f"{one:03}" for one in range(n)], np.zeros((n, 4)), [None] * n, directions)
    model._ranked = {one: Counted(ranked) for one, ranked in model._ranked.items()}
    Counted.n_taken = 0
    model.decide(range(n), [1.0] * n)
    assert 0 < Counted.n_taken <= 10 * n


def test_a_lone_credit_among_very_many_articles_names_no_source():
    n = 150
    pairs = np.array([(2 * at, 2 * at + 1) for at in range(n)])
    features = np.zeros((n, len(FEATURES) + 1))
    features[0, FEATURES.index("credit")] = 1
    census = Census(2 * n).with_naming([count_naming(pairs, features)])
    assert (census.n_sharing, census.n_naming) == (2 * n, 1)
    assert not weigh_directions(pairs, features, census).grounds.any()
    halves = [count_naming(pairs[part], features[part]) for part in (slice(50), slice(50, None))]
    parts = Census(2 * n).with_naming(halves)
    assert (parts.n_sharing, parts.n_naming) == (2 * n, 1)
    census = Census(100).with_naming(halves[:1])
    few = weigh_directions(pairs[:50], features[:50], census)
    assert (few.grounds[0] > 0).tolist() == [True, False]
