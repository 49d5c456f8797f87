"""Credits: what is one, what is none, and that no text makes looking for them slow."""

from pathlib import Path

import pytest
from hypothesis import given

from dedup.mask.credit import find_credits
from dedup.mask.mask import mask_credits
from dedup.mask.phrases import phrases
from dedup.model.article import Credit
from dedup.model.outlets import agencies, fold_name, split_names
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
LINES = [
    tuple(line.split("\t"))
    for line in Path(__file__).with_name("credit_lines.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
BODY = "The bridge over the harbor stays closed. Nobody was hurt, the police said.\n\nIt was late."
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
    # An agency is told, or has the photograph, or its name is something else.
    "He told Reuters on Monday that the bridge is closed.",
    "She said so, according to The Associated Press.",
    "According to AFP, the bridge is closed.",
    "Reuters reported that he resigned.",
    "In London, Reuters - the agency - said so.",
    "On May 3, Reuters: a company.",
    "The Associated Press is not naming the boys.",
    "The AP adds:",
    "Smith of The Associated Press was there.",
    "He sued AP, AFP and Reuters.",
    "Bloomberg contributed to the campaign.",
    "Trump meets with Reuters",
    "Hundreds of homes were damaged. (Nov. 29) AP",
    "Jo Smith, AP",
    "Jo Smith, AFP/Getty Images",
    "(AP Photo/Jo Smith)",
    "(사진=연합뉴스)",
    "Photo: Reuters",
    "Photo © AFP",
    "See https://apnews.com/ap/article for more.",
    "The largest group is Americans for Prosperity (AFP).",
    "The court in Pa. (pa) - ruled on Monday.",
    "CNN invited Jones last night to discuss this further:",
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


@pytest.mark.parametrize("line", [line for _, kind, _, line in LINES if kind == "none"])
def test_an_agency_that_is_told_something_is_no_credit_in_any_language(line):
    assert find_credits(f"{line}\n\n{BODY}") == find_credits(f"{BODY}\n\n{line}") == ()


@pytest.mark.parametrize(
    ("language", "kind", "name", "line"), [line for line in LINES if line[1] != "none"]
)
def test_credits_of_all_languages_are_found(language, kind, name, line):
    text = f"{line} {BODY}" if kind == "dateline" else f"{BODY}\n\n{line}"
    (credit,) = find_credits(text)
    assert (credit.kind, credit.name) == (kind, name)
    assert text[slice(*credit.span)] == line


def test_each_language_of_the_tables_has_a_line_for_and_one_against():
    folder = Path(__file__).parents[2] / "dedup" / "mask" / "credits"
    used = {path.stem for path in folder.iterdir()} | {one.language for one in agencies()}
    assert used == {line[0] for line in LINES if line[1] != "none"}
    assert used == {line[0] for line in LINES if line[1] == "none"}


AGENCY_NAMES = [(one.name, name) for one in agencies() for name in one.names]


@pytest.mark.parametrize(("agency", "name"), AGENCY_NAMES)
def test_each_name_of_an_agency_is_found(agency, name):
    for text in (f"{BODY}\n\n({name})", f"({name}) — {BODY}", f"{BODY}\n\nSource: {name}"):
        (credit,) = find_credits(text)
        assert credit.name is not None
        (written,) = split_names(credit.name)
        assert fold_name(written) == fold_name(agency)


@pytest.mark.parametrize("name", ["AP", "Reuters", "AFP", "The Associated Press", "dpa", "Xinhua"])
def test_small_letters_and_spaces_change_nothing_in_a_dateline(name):
    for written in (name, name.lower(), name.upper(), f" {name} ", f" {name.lower()} "):
        (credit,) = find_credits(f"OSLO ({written}) — {BODY}")
        assert (credit.kind, credit.span.start) == ("dateline", 0)
        assert fold_name(credit.name) == fold_name(name)


@pytest.mark.parametrize("text", NONE)
def test_what_looks_like_a_credit_is_none_at_the_end(text):
    assert find_credits(f"{BODY}\n\n{text}") == ()


def test_credits_within_a_line_leave_the_rest_of_it():
    for line, said in (
        ("Le Matin avec AFP", "avec AFP"),
        ("It was late. AP writer Jo Lee contributed to this report. More.",
         "AP writer Jo Lee contributed to this report."),
        ("© 2016 Gazette Inc. © 2016 The Associated Press.", "© 2016 The Associated Press"),
        ("Contributing: Jo Lee; AP. Follow Jo Lee.", "Contributing: Jo Lee; AP"),
    ):  # fmt: skip
        text = f"{BODY}\n\n{line}"
        (credit,) = find_credits(text)
        assert text[slice(*credit.span)].rstrip(".") == said.rstrip(".")


@law(100)
@given(hostile_text())
def test_phrases_end_where_the_text_does(text):
    found = phrases().before.search(text)
    assert found is None or found.end() == len(text)


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
    ["source: ", "read the original article on ", "(AP) ", "A. ", " ", "\n", "source:\t", "first ",
     "(AP", "AP ", "AP, ", "© 2016 AP ", "dpa/", "with AP ", "contributed AP ", "Source: AP\n",
     "（新华社", "新华社", "A. (AP) and "],
)  # fmt: skip
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
