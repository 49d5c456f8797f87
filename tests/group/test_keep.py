"""What is dropped, and for what: laws on any links."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from dedup.group.keep import Candidate, DroppedArticle, Link, drop_copies, drop_retold, rank
from tests.strategies import law

IDS = [f"{number:02}" for number in range(12)]
candidates = st.builds(
    Candidate,
    st.just(""),
    st.sampled_from([1.0, 2.0, 3.0, math.inf]),
    st.integers(1, 4),
    st.sampled_from(["Wire", "gazette", None]),
).flatmap(st.just)
collections = st.lists(candidates, min_size=12, max_size=12).map(
    lambda found: [one._replace(id=id) for one, id in zip(found, IDS, strict=True)]
)
links = st.dictionaries(
    st.sampled_from(list(itertools.combinations(IDS, 2))),
    st.sampled_from(["duplicate", "contains", "contained"]),
    max_size=25,
).map(lambda found: [Link(a, b, of, 0.7, 0.5, 0.9, 0.8) for (a, b), of in found.items()])


def none(kept: str, others: list[str]) -> list[Link]:
    return []


def drop(ranked: list[Candidate], found: list[Link]) -> dict[str, DroppedArticle]:
    return drop_copies(ranked, found, none, 8).dropped


def stands_for(link: Link, kept: str, other: str) -> bool:
    if {link.a, link.b} != {kept, other}:
        return False
    return link.relation in ("duplicate", "contains" if link.a == kept else "contained")


@law(300)
@given(collections, links, st.sampled_from(["earliest", "longest"]))
def test_dropped_ones_are_copies_of_kept_ones(
    articles: list[Candidate], found: list[Link], policy: str
) -> None:
    dropped = drop(rank(articles, policy), found)
    for id, why in dropped.items():
        assert why.duplicate_of not in dropped
        assert any(stands_for(link, why.duplicate_of, id) for link in found)
    lengths = {one.id: one.n_chars for one in articles}
    is_inner = {link.b if link.relation == "contains" else link.a: True
                for link in found if link.relation != "duplicate"}  # fmt: skip
    for link in found:
        if link.a in dropped or link.b in dropped:
            continue
        assert link.relation != "duplicate"
        outer, inner = (link.a, link.b) if link.relation == "contains" else (link.b, link.a)
        assert outer in is_inner
        assert lengths[outer] <= lengths[inner]


@law()
@given(collections, links, st.permutations(IDS), st.randoms())
def test_the_order_of_the_input_changes_nothing(
    articles: list[Candidate], found: list[Link], order: list[str], random: object
) -> None:
    by_id = {one.id: one for one in articles}
    mixed = [link for _, link in sorted(zip(order * 3, found, strict=False))]
    first = drop(rank(articles, "earliest"), sorted(mixed))
    second = drop(rank([by_id[id] for id in order], "earliest"), sorted(mixed))
    assert first == second


def test_the_best_of_duplicates_stays() -> None:
    articles = [
        Candidate("a", math.inf, 90, "Wire"),
        Candidate("b", 2.0, 50, "Gazette"),
        Candidate("c", 1.0, 70, None),
    ]
    found = [Link(a, b, "duplicate", 1, 1, 1, 1) for a, b in itertools.combinations("abc", 2)]

    def kept(policy: str, *outlets: str) -> set[str]:
        return set("abc") - set(drop(rank(articles, policy, outlets), found))

    assert kept("earliest") == {"c"}
    assert kept("longest") == {"a"}
    assert kept("outlet", "GAZETTE", "wire") == {"b"}
    assert kept("outlet", "Other", "wire") == {"a"}
    assert kept("outlet", "Other") == {"c"}


def test_a_chain_of_copies_is_not_one_article() -> None:
    articles = [Candidate(id, at, 9, None) for at, id in enumerate("abcd")]
    found = [Link(a, b, "duplicate", 1, 1, 1, 1) for a, b in itertools.pairwise("abcd")]
    dropped = drop(articles, found)
    assert {id: why.duplicate_of for id, why in dropped.items()} == {"b": "a", "d": "c"}


def test_pairs_that_were_left_out_are_compared() -> None:
    # All are copies; the search told of each with `hub` only, which is the latest of them.
    ids = [f"{number:03}" for number in range(50)]
    articles = [Candidate(id, 0, 9, None) for id in ids] + [Candidate("hub", 1, 9, None)]
    found = [Link(id, "hub", "duplicate", 1, 1, 1, 1, capped=True) for id in ids]
    asked: list[tuple[str, int]] = []

    def compare(kept: str, others: list[str]) -> list[Link]:
        asked.append((kept, len(others)))
        return [Link(kept, other, "duplicate", 1, 1, 1, 1) for other in others]

    dropped, n_unsure = drop_copies(rank(articles, "earliest"), found, compare, 8)
    assert n_unsure == 0
    assert {why.duplicate_of for why in dropped.values()} == {"000"}
    assert (len(dropped), asked) == (50, [("000", 49)])


def test_what_is_not_compared_is_counted() -> None:
    # None is a copy of another but for the hub, and who could tell without looking?
    ids = [f"{number:03}" for number in range(30)]
    articles = [Candidate(id, 0, 9, None) for id in ids] + [Candidate("hub", 1, 9, None)]
    found = [Link(id, "hub", "duplicate", 1, 1, 1, 1, capped=True) for id in ids]
    asked: list[str] = []

    def compare(kept: str, others: list[str]) -> list[Link]:
        asked.append(kept)
        return []

    for max_rounds, n_unsure in ((0, 30), (3, 27), (28, 2), (29, 0), (99, 0)):
        asked.clear()
        verdicts = drop_copies(rank(articles, "earliest"), found, compare, max_rounds)
        assert verdicts.dropped.keys() == {"hub"}
        assert (len(asked), verdicts.n_unsure) == (min(max_rounds, 29), n_unsure)


stories = st.dictionaries(
    st.sampled_from("xyz"), st.lists(st.sampled_from(IDS), min_size=1, unique=True)
)


@law()
@given(collections, stories)
def test_every_story_keeps_an_article(
    articles: list[Candidate], told: dict[str, list[str]]
) -> None:
    ranked = rank(articles, "earliest")
    dropped = drop_retold(ranked, told)
    place: Callable[[str], int] = [one.id for one in ranked].index
    for story, members in told.items():
        kept = [id for id in members if id not in dropped]
        assert kept, story
        assert min(members, key=place) in kept
    for id, why in dropped.items():
        assert why.duplicate_of not in dropped
        assert {id, why.duplicate_of} <= set(told[why.story or ""])
