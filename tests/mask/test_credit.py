"""Credits: what is one, what is none, and that no text makes looking for them slow."""

import pytest
from hypothesis import given

from dedup.mask.credit import find_credits
from dedup.mask.mask import mask_credits
from dedup.model.article import Credit
from dedup.text.tokenize import tokenize
from tests.strategies import hostile_text, law

CREDITS = {
    "LONDON (AP) --": ("dateline", "AP"),
    "WASHINGTON, Jan. 5 (Reuters) -": ("dateline", "Reuters"),
    "London (CNN) —": ("dateline", "CNN"),
    "PORT HARBOR (The Daily Wire) —": ("dateline", "The Daily Wire"),
    "(Reuters) —": ("dateline", "Reuters"),
    "MOSCOW, January 10. /TASS/.": ("dateline", "TASS"),
    "Read the original article on Business Insider": ("credit-line", "Business Insider"),
    "This article originally appeared on The Conversation": ("credit-line", "The Conversation"),
    "This story was first published by The Daily Harbor": ("credit-line", "The Daily Harbor"),
    "Source: TASS": ("credit-line", "TASS"),
    "Source link": ("credit-line", None),
    "Quelle: Hafenbote": ("credit-line", "Hafenbote"),
    "Source : Le Courrier": ("credit-line", "Le Courrier"),
    "Источник: РИА Новости": ("credit-line", "РИА Новости"),
    "來源:中央社": ("credit-line", "中央社"),
}
NONE = [
    "He was the source: a man of few words who had told the council long before anyone else.",
    "Sen. Harbor (D-Maine) - who voted against it - had left.",
    "SEN. HARBOR (D-ME) -- The bridge is closed.",
    "The original article was long.",
    "The agency (AP) reported it.",
    "The essay first appeared in February 1930.",
    "The report was originally published in the two-cent pamphlet.",
    "It first appeared that nobody was hurt.",
    "WASHINGTON, D.C. - The Senate voted.",
    "The bridge was first published",
]


@pytest.mark.parametrize("line", CREDITS)
def test_credits_are_found_with_whom_they_name(line):
    kind, name = CREDITS[line]
    ending = " The bridge is closed." if kind == "dateline" else "\n\nThe bridge is closed."
    text = "A title of it\n\n" + line + ending
    (credit,) = find_credits(text)
    assert (credit.kind, credit.name) == (kind, name)
    assert text[slice(*credit.span)] == line


@pytest.mark.parametrize("text", NONE)
def test_what_looks_like_a_credit_is_none(text):
    assert find_credits(text) == ()


def test_a_name_ends_before_a_date():
    (credit,) = find_credits("This column first appeared in The Harbor Journal on March 1, 2006.")
    assert credit.name == "The Harbor Journal"


def test_credits_stand_at_the_ends_of_an_article():
    line = "Source: TASS\n"
    filler = "Nothing is credited in this line.\n" * 200
    assert len(find_credits(line + filler + line)) == 2
    assert find_credits(filler + line + filler) == ()


def test_what_stands_before_an_agency_is_a_place_or_is_left():
    text = "The mayor said on Monday (Reuters) — it was late."
    (credit,) = find_credits(text)
    assert text[slice(*credit.span)] == "(Reuters) —"


@law(300)
@given(hostile_text(), hostile_text())
def test_credits_lie_in_the_text_in_order_and_apart(before, after):
    text = f"{before}\nSource: TASS\n{after} LONDON (AP) - {before}"
    found = find_credits(text)
    ends = [0, *(end for credit in found for end in credit.span)]
    assert ends == sorted(ends)
    assert ends[-1] <= len(text)
    for credit in found:
        assert credit.name is None or credit.name in text[slice(*credit.span)]


@pytest.mark.parametrize(
    "piece",
    ["source: ", "read the original article on ", "(AP) ", "A. ", " ", "\n", "source:\t", "first "],
)
def test_hostile_repetition_is_read(piece):
    text = piece * 100_000
    assert len(find_credits(text)) < 3000


@law()
@given(hostile_text(), hostile_text())
def test_masking_credits_takes_their_words_and_no_others(before, after):
    text = f"{before} four words of it. x {after}"
    tokens = tokenize([text, text])
    start = text.index("four words of it")
    credit = Credit((start, start + len("four words of it")), "credit-line", None)
    masked = mask_credits(tokens, [(), (credit,)])
    assert masked.counts[0] == tokens.counts[0]
    first = masked.offsets[1]
    left = masked.starts[first:].tolist()
    own = tokens.starts[tokens.offsets[1] :].tolist()
    expected = [at for at in own if not credit.span[0] <= at < credit.span[1]]
    assert left == (expected if len(expected) >= 3 else [])
