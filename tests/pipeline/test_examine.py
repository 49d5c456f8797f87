"""Why two articles are reported, or not: the same as they are, and with a way out that works."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dedup
from corpus.synthesize import synthesize
from dedup import Params
from dedup.align.scalars import find_min_score
from dedup.params import AlignParams, CandidateParams
from dedup.render import json
from tests.strategies import hostile_text, law, news_pair

ROOT = Path(__file__).parents[2]
SENTENCE = "The council voted nine to four to close the Elm Street library branch."


@cache
def corpus():
    return tuple(dedup.read(ROOT / "corpus" / "articles.jsonl"))


def long_texts():
    """Two of a thousand words that have nothing to do with one another."""
    return tuple(" ".join(one.text for one in part) for part in (corpus()[:4], corpus()[-4:]))


@cache
def planted():
    """Pairs of articles into which something was planted."""
    records, gold = synthesize(400, seed=11)
    by_id = {record["id"]: dedup.Article(**record) for record in records}
    return tuple((by_id[a], by_id[b]) for a, b in sorted({(one["a"], one["b"]) for one in gold}))


@cache
def explained(params=None):
    pairs = [*combinations(corpus(), 2), *planted()]
    return tuple((a, b, dedup.explain(a, b, params)) for a, b in pairs)


def steps_of(explanation):
    return {step.stage: step for step in explanation.steps}


def kept_of(explanation):
    return tuple(one.passage for one in explanation.stretches if one.verdict == "kept")


def assert_sound(found, params):
    """Hold an explanation against the rules that it names; every name is that of a parameter."""
    rules = params.align
    known = {f"{block}.{name}" for block, own in params.to_dict().items() for name in own}
    told = [found.verdict, *(one.reason for one in (*found.steps, *found.stretches))]
    named = re.findall(rf"\b(?:{'|'.join(params.to_dict())})\.[a-z_]+", " ".join(told))
    assert set(named) <= known
    # What is enough is not why nothing is reported.
    enough = (one.reason for one in found.steps if one.stage == "clusters" and one.is_enough)
    assert not any(reason in found.verdict for reason in enough)
    kept = kept_of(found)
    assert kept == found.overlap.passages
    rest = found.stretches[len(kept) :]
    assert all(one.verdict != "kept" for one in rest)
    assert [one.passage.score for one in rest] == sorted(
        (one.passage.score for one in rest), reverse=True
    )
    for one in found.stretches:
        assert (one.needed == 0) == (one.found == "copy")
        is_enough = one.passage.score >= one.needed
        if one.verdict == "weak":
            assert not is_enough or one.found == "abridged"
        elif one.verdict == "kept" and one.found == "second look":
            assert f"{one.passage.confidence:.2f}" in one.reason
        elif one.verdict == "kept" and not is_enough:
            assert f"{rules.min_run} are enough" in one.reason
        elif one.verdict == "short":
            assert f"of the {rules.min_chars} characters" in one.reason
        assert bool(one.changes) == bool(one.advice)
        assert not (one.verdict in ("kept", "dominated") and one.changes)


@law(60)
@given(news_pair())
def test_what_is_kept_is_what_compare_finds(pair):
    found = dedup.explain(*pair)
    assert found.overlap == dedup.compare(*pair)
    assert_sound(found, Params())


@law(40)
@given(news_pair() | st.tuples(hostile_text(), hostile_text()))
def test_sides_can_be_exchanged(pair):
    """All but what seeds say, which the later article tells: it asks, and its words are counted."""
    a, b = pair
    found, other = dedup.explain(a, b), dedup.explain(b, a)
    assert steps_of(found)["seeds"].needed == steps_of(other)["seeds"].needed
    for stage in ("sketch", "bands"):
        value = steps_of(other)[stage].value
        assert steps_of(found)[stage].value == pytest.approx(value, rel=1e-6)
    verdicts = Counter((one.passage.b, one.passage.a, one.verdict) for one in other.stretches)
    assert (
        Counter((one.passage.a, one.passage.b, one.verdict) for one in found.stretches) == verdicts
    )


# It has every kind of stretch and of verdict.
EVERY_KIND = Params(align=replace(Params.preset("pan").align, min_chars=90))


def test_planted_pairs_are_explained_as_they_are_compared():
    seen = Counter()
    for a, b, found in explained(EVERY_KIND):
        assert found.overlap == dedup.compare(a, b, EVERY_KIND)
        assert_sound(found, EVERY_KIND)
        seen.update((one.found, one.verdict) for one in found.stretches)
        seen.update(one.verdict for one in found.stretches)
    for verdict in ("kept", "short", "weak", "dominated"):
        assert seen[verdict], verdict
    for how in ("chain", "unordered", "abridged"):
        assert seen[how, "kept"], how


def test_what_is_suppressed_tells_how_much_better_passages_cover():
    """That is more than may be."""
    whole = f"{SENTENCE[:-1]} and to sell the brick building to a developer from Springfield."
    other = whole.replace("close", "shut").replace("brick", "old").replace("a developer", "some")
    found = dedup.explain(
        f"It rained. {whole} Pensions fell.",
        f"{whole} Weather was mild in the whole of the north of the country last week. {other}",
    )
    reasons = [one.reason for one in found.stretches if one.verdict == "suppressed"]
    assert reasons
    for reason in reasons:
        assert int(reason.split("%")[0]) / 100 >= AlignParams().max_suppressed


def changed(changes, params):
    names = {name.removeprefix("align."): value for name, value in changes.items()}
    return replace(params, align=replace(params.align, **names))


def new_passages(a, b, found, params):
    return set(dedup.compare(a, b, params).passages) - set(found.overlap.passages)


def test_the_changes_that_are_named_do_what_they_say():
    kinds = Counter()
    for a, b, found in explained(EVERY_KIND):
        for one in found.stretches:
            if not one.changes:
                continue
            kinds[one.verdict] += 1
            passages = new_passages(a, b, found, changed(one.changes, EVERY_KIND))
            assert any(
                passage.a.start < one.passage.a.end
                and one.passage.a.start < passage.a.end
                and passage.b.start < one.passage.b.end
                and one.passage.b.start < passage.b.end
                for passage in passages
            ), one
    assert kinds["weak"] > 2
    assert kinds["short"] > 1


def test_the_sensitivity_that_is_named_does_what_it_says():
    n_tried = 0
    for a, b, found in explained():
        for one in found.stretches:
            if set(one.changes) == {"align.min_score"}:
                told = one.advice.split("--sensitivity ")[1].split(")")[0]
                params = Params().at_sensitivity(float(told))
                assert params.align.min_score <= one.changes["align.min_score"]
                n_tried += bool(new_passages(a, b, found, params))
    assert n_tried > 2


def test_among_a_collection_it_is_what_a_report_has():
    articles = corpus()
    report = {(one.a, one.b): one for one in dedup.find_overlaps(articles).overlaps}
    pairs = [("armenia-2", "armenia-4"), ("armenia-1", "armenia-3"), ("births-3", "rates-1")]
    for a, b in pairs:
        found = dedup.explain(a, b, among=articles)
        assert found.is_reported == ((a, b) in report)
        assert found.n_articles == len(articles)
        if found.is_reported:
            assert found.overlap == report[a, b]
    assert {dedup.explain(a, b, among=articles).is_reported for a, b in pairs} == {True, False}


def test_candidates_are_those_of_a_report():
    articles = corpus()
    n_candidates = sum(dedup.explain(a, b).is_candidate for a, b in combinations(articles, 2))
    # Among 24 articles no seed is frequent, and no bucket full.
    assert n_candidates == dedup.find_overlaps(articles).counts["n_candidates"]


@pytest.mark.parametrize("is_long", [False, True])
def test_a_pair_that_no_report_compares_says_what_would(is_long):
    """One sentence of brief words has seeds of few bits, but is a passage."""
    rests = long_texts() if is_long else ("", "")
    a, b = f"{rests[0]} {SENTENCE} It rained all day.", f"Pensions fell. {SENTENCE} {rests[1]}"
    strict = replace(Params(), candidate=CandidateParams(min_hits=64, min_bits=10_000))
    found = dedup.explain(a, b, strict)
    assert found.overlap.passages
    assert not found.is_reported
    assert "but a report does not compare them" in found.verdict
    seeds, bands = (steps_of(found)[stage] for stage in ("seeds", "bands"))
    assert not seeds.is_enough
    assert not bands.is_enough
    assert ("align.slope" in seeds.reason) == is_long
    told = dict(re.findall(r"candidate\.(\w+) = ([\d.]+\d|\d)", found.verdict))
    assert told.keys() == {"min_bits"} | ({"min_hits"} if bands.value else set())
    for name, value in told.items():
        least = replace(strict.candidate, **{name: type(getattr(CandidateParams(), name))(value)})
        assert dedup.explain(a, b, replace(strict, candidate=least)).is_reported


def test_no_sum_is_advised_where_the_length_alone_asks_for_more():
    """Long articles need more than one sentence has, whatever the least sum of brief ones."""
    steep = replace(
        Params(), candidate=CandidateParams(min_hits=64), align=AlignParams(slope=20.0, min_run=9)
    )
    a, b = (f"{text} {SENTENCE}" for text in long_texts())
    found = dedup.explain(a, b, steep)
    assert not found.is_reported
    assert found.overlap.passages
    assert "candidate.min_bits = " not in found.verdict


def test_seeds_are_enough_exactly_where_a_search_finds_them_so():
    """In a narrow window, too, outside of which two articles share much more."""
    for candidate in (CandidateParams(min_hits=64), CandidateParams(min_hits=64, window=3)):
        params = replace(Params(), candidate=candidate)
        found = [dedup.explain(a, b, params) for a, b in combinations(corpus(), 2)]
        assert all(one.is_candidate == steps_of(one)["seeds"].is_enough for one in found)


def test_copies_that_are_too_many_are_said_to_be_left_aside():
    text = corpus()[0].text
    words = text.split()
    articles = []
    for number in range(60):
        edited = words.copy()
        edited[number % len(words)] = f"edit{number}"
        articles.append(dedup.Article(f"{number:02}", " ".join(edited)))
    report = {(one.a, one.b) for one in dedup.find_overlaps(articles).overlaps}
    left = next(
        pair for pair in combinations((f"{n:02}" for n in range(60)), 2) if pair not in report
    )
    found = dedup.explain(*left, among=articles)
    assert found.overlap.passages
    assert not found.is_reported
    assert "candidate.max_pairs_per_family" in found.verdict


def test_the_least_score_is_told_as_a_sum_that_comes_out():
    for a, b in (("armenia-2", "armenia-4"), ("ferry-1", "rates-2")):
        step = steps_of(dedup.explain(a, b, among=corpus()))["score"]
        total, *parts = map(float, re.findall(r"\d+\.\d", step.reason))
        assert sum(parts) == pytest.approx(total)
        assert len(parts) == 1 + ("align.slope" in step.reason)
    many = [dedup.Article(f"x{n}", f"{SENTENCE} Note {n}.") for n in range(1100)]
    step = steps_of(dedup.explain("x1", "x2", among=many))["score"]
    assert "the collection has 1,100 articles" in step.reason
    assert step.needed == pytest.approx(find_min_score(AlignParams(), 1100))


def test_boilerplate_that_both_have_is_named():
    notice = "Subscribe to our morning letter and never miss what matters in the valley."
    articles = [
        dedup.Article(
            article.id, f"{article.text}\n\n{notice}", "gazette", f"2023-01-{number + 1:02}"
        )
        for number, article in enumerate(corpus())
    ]
    found = dedup.explain("armenia-1", "rates-1", among=articles)
    assert not found.is_reported
    assert "common boilerplate is masked" in found.verdict
    assert "Subscribe to our morning letter" in steps_of(found)["boilerplate"].reason
    assert "masked" in steps_of(found)["words"].reason
    alone = dedup.explain(*(one for one in articles if one.id in ("armenia-1", "rates-1")))
    assert alone.overlap.passages
    assert "boilerplate" not in steps_of(alone)


@pytest.mark.parametrize(
    ("a", "b", "verdict"),
    [
        ("", "", "Nothing is reported: A has no words."),
        (SENTENCE, " \n", "Nothing is reported: B has no words."),
        ("One", "Two", "Nothing is reported: A and B share no two"),
        ("One", "one!", "A and B share 1 passage, but a report does not compare them."),
        (SENTENCE, SENTENCE, "A and B share 1 passage: both articles have the same words."),
        ("LONDON (Reuters) -", SENTENCE, "Nothing is reported: all of A is masked"),
        ("Rents rise in the north.", SENTENCE, "Nothing is reported: A and B share no two"),
    ],
)
def test_brief_articles(a, b, verdict):
    found = dedup.explain(a, b)
    assert found.verdict.startswith(verdict)
    assert found.overlap == dedup.compare(a, b)
    assert found.is_reported == (a == b == SENTENCE)
    if a == b == SENTENCE:
        assert [one.found for one in found.stretches] == ["copy"]


def test_surrogates_and_nuls_are_explained():
    text = f"\ud800 {SENTENCE} \0 \udfff"
    found = dedup.explain(text, "It was late. " + text)
    assert found.overlap.passages
    assert json.line(found.to_dict()).encode()


def test_its_line_says_all():
    found = dedup.explain("armenia-2", "armenia-4", among=corpus())
    line = found.to_dict()
    assert next(iter(line)) == "type"
    assert (line["type"], line["a"], line["b"]) == ("explanation", "armenia-2", "armenia-4")
    assert line["verdict"] == found.verdict
    assert [step["stage"] for step in line["steps"]] == [step.stage for step in found.steps]
    for step in line["steps"]:
        block, _, name = (step["parameter"] or "align.min_score").partition(".")
        assert name in Params().to_dict()[block]
    assert len(line["stretches"]) == len(found.stretches)
    assert line["stretches"][0]["verdict"] == "kept"


def test_bad_arguments_are_named():
    for a, b, message in (
        ("nobody", "armenia-1", "no article of the id 'nobody' among the 24"),
        ("armenia-1", corpus()[0], "a and b are both 'armenia-1'"),
    ):
        with pytest.raises(dedup.ParameterError, match=message):
            dedup.explain(a, b, among=corpus())
    with pytest.raises(dedup.ParameterError, match="jobs must be"):
        dedup.explain("a", "b", jobs=0)


@pytest.mark.parametrize(("days", "is_far"), [("1", True), ("3", False), ("0", False)])
def test_dates_that_are_too_far_apart_are_the_reason(days, is_far):
    among = [
        dedup.Article("a", SENTENCE, published="2024-03-01"),
        dedup.Article("b", f"It was late. {SENTENCE}", published="2024-03-03"),
    ]
    params = Params().with_values({"candidate.days": days})
    found = dedup.explain("a", "b", params, among=among)
    assert found.is_reported != is_far
    (reason,) = (step.reason for step in found.steps if step.stage == "candidates")
    assert ("candidate.days" in reason) == is_far
    assert ("candidate.days" in found.verdict) == is_far
    assert len(dedup.find_overlaps(among, params).overlaps) == (not is_far)
