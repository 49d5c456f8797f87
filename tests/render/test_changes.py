"""Which fact took the place of which."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dedup.model import Edit
from dedup.model.article import Span
from dedup.render.changes import list_changes
from tests.render import samples


def _list(*pairs: tuple[str, str], before: str = "", after: str = "") -> list[str]:
    """Return the changes of a passage with shared words around each pair."""
    texts, edits = ["", ""], []
    for pair in pairs:
        spans = []
        for side, words in enumerate(pair):
            start = len(texts[side] + before)
            spans.append(Span(start, start + len(words)))
            texts[side] += f"{before}{words}{after}, "
        edits.append(Edit("substituted", *spans, is_fact=True))
    return list_changes(replace(samples.passage(*texts), edits=tuple(edits)))


@pytest.mark.parametrize(
    ("a", "b", "changes"),
    [
        ("the Hampton Roads area", "Central Virginia", ["Hampton Roads → Central Virginia"]),
        ("March 24", "January 28", ["March 24 → January 28"]),
        (
            "24 to Acme Services, Inc in Danville",
            "25 to Oak House in Danville",
            ["24 → 25", "Acme Services, Inc → Oak House"],
        ),
        ("24", "25 as a", ["24 → 25"]),
        ("J. M. Reed", "Ann Oak", ["J. M. Reed → Ann Oak"]),
    ],
)
def test_a_fact_is_paired_with_one_of_its_kind(a: str, b: str, changes: list[str]) -> None:
    assert _list((a, b)) == changes


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("America’s", "May"),
        ("people who", "who do not"),
        ("M113", "In addition Senator Bayh said Friday"),
        ("37", "his amendment to provide 610"),
        ("the Program. Unfortunately", "The"),
    ],
)
def test_words_of_other_kinds_are_not_paired(a: str, b: str) -> None:
    assert _list((a, b)) == [f"“{a}” in A, “{b}” in B"]


def test_a_number_has_its_currency_and_its_unit() -> None:
    assert _list(("24", "25"), before="$", after=" million") == ["$24 million → $25 million"]
    assert _list(("6.1", "6.3"), after=" percent") == ["6.1 percent → 6.3 percent"]


def test_a_change_is_listed_once() -> None:
    assert _list(("OAK", "ELM"), ("24", "25"), ("Oak", "Elm")) == ["OAK → ELM", "24 → 25"]
