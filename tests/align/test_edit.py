"""Edits of whole passages: which words, which numbers, and what they change."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.align.fact import is_fact
from dedup.model import OPS, Edit
from dedup.model.article import Span
from dedup.pipeline.report import compare
from tests.strategies import law, news_pair, news_text

OPENING = "The harbor authority reported late in the evening that the old ferry"
ENDING = "and that nobody at the lighthouse had heard the siren before the storm reached it."


def _edits(left: str, right: str) -> list[tuple[str, str, str, bool]]:
    a, b = f"{OPENING} {left} {ENDING}", f"{OPENING} {right} {ENDING}"
    (passage,) = compare(a, b).passages
    return [
        (edit.op, a[slice(*edit.a)], b[slice(*edit.b)], edit.is_fact)
        for edit in passage.edits
        if edit.op != "kept"
    ]


@pytest.mark.parametrize(
    ("left", "right", "op", "said", "says"),
    [
        ("carried 1,200 people", "carried 1,300 people", "substituted", "1,200", "1,300"),
        ("carried 1,200 people", "carried 3,200 people", "substituted", "1,200", "3,200"),
        ("rose 1.5 meters", "rose 2.5 meters", "substituted", "1.5", "2.5"),
        ("rose 5 meters", "rose 5.5 meters", "substituted", "5", "5.5"),
        ("cost 1,234,567 euros", "cost 1,234,568 euros", "substituted", "1,234,567", "1,234,568"),
        ("won 3-2 at home", "won 2-3 at home", "substituted", "3-2", "2-3"),
        ("sailed at 10:30 today", "sailed at 10:45 today", "substituted", "10:30", "10:45"),
        ("on 2019-04-03 then", "on 2019-04-08 then", "substituted", "2019-04-03", "2019-04-08"),
        ("cost 1.234,56 euros", "cost 1.234,57 euros", "substituted", "1.234,56", "1.234,57"),
        ("cost 4 million euros", "cost 4 billion euros", "substituted", "million", "billion"),
        ("lost nine sailors", "lost eight sailors", "substituted", "nine", "eight"),
        ("left Yerevan", "left Baku", "substituted", "Yerevan", "Baku"),
        ("left on Monday", "left on Tuesday", "substituted", "Monday", "Tuesday"),
        ("had not left port", "had left port", "deleted", "not", ""),
        ("had left port", "had never left port", "inserted", "", "never"),
        ("could sail", "couldn’t sail", "substituted", "could", "couldn’t"),
    ],
)
def test_changed_facts_are_called_out(left, right, op, said, says):
    found = _edits(left, right)
    assert found == [(op, said, says, True)]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("carried people", "carried 1,300 people"),
        ("carried five people", "carried 5 people"),
        ("cost 1.5 million euros", "cost 1,500,000 euros"),
        ("cost 1,000 euros", "cost 1000 euros"),
        ("cost 1.000 euros", "cost 1000 euros"),
        ("cost 1\u202f000 euros", "cost 1000 euros"),
        ("cost 1,234.50 euros", "cost 1234.5 euros"),
        ("took 10-12 men", "took 10 to 12 men"),
        ("sailed on 01.02.2023", "sailed on 1/2/2023"),
        ("did not leave", "didn’t leave"),
        ("left with Mr. Orlov", "left with Orlov"),
        ("left with Gov. Orlov", "left with Governor Orlov"),
        ("left the United Nations", "left the UN"),
        ("left the Armenian port", "left a port in Armenia"),
        ("left port", "left port on Tuesday"),
        ("left port", "departed"),
        ("sank. Divers found it", "sank. Fishermen found it"),
    ],
)
def test_other_wording_is_no_changed_fact(left, right):
    found = _edits(left, right)
    assert found
    assert not any(edit[3] for edit in found)


def test_numbers_that_moved_are_changed_whole():
    a, b = (
        "sailed at 10:30 on 10.01.2023 with 1.5 tons",
        "sailed at 10:45 on 11.01.2023 with 5.1 tons",
    )
    assert _edits(a, b) == [
        ("substituted", "10:30", "10:45", True),
        ("substituted", "10.01.2023", "11.01.2023", True),
        ("substituted", "1.5", "5.1", True),
    ]


NUMBERS = st.lists(st.integers(1, 12), min_size=1, max_size=3).flatmap(
    lambda parts: st.sampled_from(".:-,/").map(lambda mark: mark.join(map(str, parts)))
)
LISTS = st.lists(
    NUMBERS | st.sampled_from(["to", "sailors", "on", "Monday"]), min_size=1, max_size=9
)


@law(200)
@given(LISTS, LISTS)
def test_no_number_is_in_two_edits_and_every_word_is_in_one(left, right):
    a, b = (f"{OPENING} {' '.join(middle)} {ENDING}" for middle in (left, right))
    for passage in compare(a, b).passages:
        assert {edit.op for edit in passage.edits} <= set(OPS)
        for text, side in ((a, "a"), (b, "b")):
            spans = [getattr(edit, side) for edit in passage.edits]
            whole = text[slice(*getattr(passage, side))]
            words = [word for span in spans for word in re.findall(r"\w+", text[slice(*span)])]
            assert sorted(words) == sorted(re.findall(r"\w+", whole))
            for span in spans:
                for at in span if span.start < span.end else ():
                    assert not re.fullmatch(r"[0-9][.:,/-][0-9]", text[at - 1 : at + 2])
                    assert not re.fullmatch(r"[0-9][.:,/-][0-9]", text[at - 2 : at + 1])
        for edit in passage.edits:
            if edit.op in ("kept", "moved"):
                said, says = (re.findall(r"\w+", text[slice(*span)].casefold())
                              for text, span in ((a, edit.a), (b, edit.b)))  # fmt: skip
                assert said == says


def test_forms_of_a_word_are_told_from_other_words():
    assert _edits("repairs nets", "repaired nets") == [("inflected", "repairs", "repaired", False)]
    assert _edits("repairs nets", "sells nets") == [("substituted", "repairs", "sells", False)]


def test_case_and_quotation_marks_change_no_word():
    assert _edits("the “Elbe” left", "The 'ELBE' left") == []


@law(150)
@given(news_pair())
def test_every_changed_fact_is_called_out_on_both_sides(pair):
    """The kernel that marks what is worth reading passes over none."""
    a, b = pair
    for passage in compare(a, b).passages:
        for edit in passage.edits:
            assert edit.is_fact == is_fact(edit.op, a, edit.a, b, edit.b)
            assert is_fact(edit.op, a, edit.a, b, edit.b) == is_fact(edit.op, b, edit.b, a, edit.a)


@law(60)
@given(news_text())
def test_an_article_keeps_all_of_itself(text):
    for passage in compare(text, text).passages:
        ((op, a, b, fact),) = passage.edits
        assert (op, fact) == ("kept", False)
        assert a == b


def test_an_edit_is_short_json():
    assert Edit("deleted", (3, 6), (9, 9), is_fact=True).to_list() == [
        "deleted", [3, 6], [9, 9], "fact",
    ]  # fmt: skip


def test_a_part_of_a_number_is_no_fact():
    """A passage may be cut inside one."""
    a, b = "$482,643 for schools", "$405,925 for schools"
    whole, rear, front = Span(1, 8), Span(5, 8), Span(1, 4)
    assert is_fact("substituted", a, whole, b, whole)
    assert not is_fact("substituted", a, rear, b, rear)
    assert not is_fact("substituted", a, front, b, front)
    assert is_fact("substituted", "in 2004, 5 men", Span(9, 10), "in 2004, 6 men", Span(9, 10))
