"""Edits of whole passages: which words, which numbers, and what they change."""

import pytest
from hypothesis import given

from dedup.align.fact import is_fact
from dedup.model import Edit
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
