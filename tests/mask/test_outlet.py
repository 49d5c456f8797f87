"""Credits to outlets of a collection: what is one, what is none, and never the article's own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.mask.credit import credit_windows, find_credits
from dedup.mask.outlet import OutletNames, add_credits
from dedup.mask.scan import WindowScan
from dedup.model.article import Article, Credit, Span
from dedup.provenance.clues import find_credits_of, read_clues
from tests.strategies import hostile_text, law

OUTLETS = ["Harbor Gazette", "Washington Post", "The Port Herald", "Times", "Hafenbote", "Reed"]
NAMES = OutletNames(OUTLETS)
OWN = frozenset({"morningsun"})
BODY = (
    "The bridge over the harbor stays closed.\n\nNobody was hurt, the police said.\n\nIt was late."
)
FOOT = {
    "The Washington Post's Jo Lee contributed to this article.": "Washington Post",
    "WaPo's Jo Lee contributed to this article.": "Washington Post",
    "Washington Post staff writer Jo Lee contributed to this report.": "Washington Post",
    "Times staff writers Jo Lee and Bo Day contributed to this story.": "Times",
    "Jo Lee of the Harbor Gazette contributed to this report.": "Harbor Gazette",
    "Harbor Gazette reporter Jo Lee in Oslo also contributed to this report.": "Harbor Gazette",
    "Harbor Gazette and Port Herald staff contributed to this report.":
        "Harbor Gazette/The Port Herald",
    "Contributing: Jo Lee, Harbor Gazette": "Harbor Gazette",
    "Jo Lee vom Hafenbote hat zu diesem Bericht beigetragen.": "Hafenbote",
    "Copyright (c) 2016 Washington Post": "Washington Post",
    "Copyright © 2016, The Port Herald. All rights reserved.": "The Port Herald",
    "© 2016 Harbor Gazette": "Harbor Gazette",
}  # fmt: skip
HEAD = {
    "By Jo Lee, Harbor Gazette": "Harbor Gazette",
    "By JO LEE and BO DAY, The Washington Post": "Washington Post",
    "By Jo Lee | The Port Herald": "The Port Herald",
    "By Jo Lee, Washington Post Staff Writer": "Washington Post",
    "By Jo Lee of The Harbor Gazette": "Harbor Gazette",
    "By Jo Lee\nHarbor Gazette": "Harbor Gazette",
    "Jo Lee / Washington Post": "Washington Post",
    "Von Jo Lee, Hafenbote": "Hafenbote",
}
NONE = [
    "Jo Lee, a former Washington Post reporter, contributed to this report.",
    "Jo Lee, who left the Washington Post, contributed to this report.",
    "The Washington Post reported the fire first; Jo Lee contributed to this report.",
    "The Washington Post contributed to the campaign.",
    "Los Angeles Times writer Jo Lee contributed to this report.",
    "Times Herald reporter Jo Lee contributed to this report.",
    "Harbor Gazette Monthly's Jo Lee contributed to this report.",
    "He told the Washington Post that the bridge is closed.",
    "She said so, according to The Port Herald.",
    "Jo Lee, Harbor Gazette",
    "By Jack Reed",
    "By the time of the vote, Reed",
    "Photo by Jo Lee, who shot for the Harbor Gazette",
    "Copyright 2016 Harbor Gazette Media Group",
    "The picture, copyright 2016 Harbor Gazette, hangs there.",
    "Photo: Jo Lee / Harbor Gazette",
    "(Jo Lee / Harbor Gazette)",
    "By jo lee, harbor gazette and others who came",
    "Follow the Harbor Gazette on Twitter.",
]


def names_in(text: str, outlet: str | None = "Morning Sun", **extra: object) -> list[str]:
    article = Article("a", text, outlet=outlet, extra=extra)
    (credits,) = find_credits_of([article], [()], NAMES)
    return sorted(read_clues(article, credits, NAMES).printed.values())


def find(text: str) -> list[Credit]:
    (credits,) = NAMES.find_credits([text], [OWN])
    return credits


@pytest.mark.parametrize("line", FOOT)
def test_credits_at_the_end_are_found(line: str) -> None:
    text = f"{BODY}\n\n{line}"
    (credit,) = find(text)
    assert credit.name == FOOT[line]
    assert text[slice(*credit.span)].rstrip(".") == line.rstrip(".")
    assert names_in(text) == sorted(FOOT[line].split("/"))


@pytest.mark.parametrize("line", HEAD)
def test_bylines_are_found(line: str) -> None:
    text = f"Bridge stays closed\n\n{line}\n\n{BODY}"
    (credit,) = find(text)
    assert credit.name == HEAD[line]
    assert text[slice(*credit.span)] in (line, line.split("\n")[-1])


@pytest.mark.parametrize("line", [*FOOT, *HEAD])
def test_no_article_credits_its_own_outlet(line: str) -> None:
    for own in (FOOT | HEAD)[line].split("/"):
        assert own not in names_in(f"Bridge stays closed\n\n{line}\n\n{BODY}\n\n{line}", own)


@pytest.mark.parametrize("line", [*FOOT, *HEAD])
def test_an_article_of_an_unknown_outlet_may_name_its_own(line: str) -> None:
    text = f"Bridge stays closed\n\n{line}\n\n{BODY}\n\n{line}"
    assert names_in(text, None, byline="Jo Lee, Harbor Gazette", copyright="Times") == []


@pytest.mark.parametrize("line", NONE)
def test_what_looks_like_a_credit_is_none(line: str) -> None:
    for text in (f"{BODY}\n\n{line}", f"{line}\n\n{BODY}", f"A title\n\n{line}\n\n{BODY}"):
        assert not [*find(text)]


def test_below_a_caption_a_name_is_a_photographer() -> None:
    text = f"A ferry lies in the harbor.\nJo Lee / Harbor Gazette\n{BODY}"
    assert not [*find(text)]


def test_bylines_stand_at_the_head() -> None:
    assert names_in(f"{BODY}\n\n{BODY}\n\nBy Jo Lee, Harbor Gazette\n\n{BODY}") == []


@pytest.mark.parametrize(
    ("byline", "named"),
    [
        ("By Jo Lee, Washington Post", ["Washington Post"]),
        ("Jo Lee / The Washington Post", ["Washington Post"]),
        ("Jo Lee, Washington Post staff writer", ["Washington Post"]),
        ("By jo lee, harbor gazette", ["Harbor Gazette"]),
        ("By Jo Lee; Bo Day of the Port Herald", ["The Port Herald"]),
        ("By Jo Lee for The Washington Post", ["Washington Post"]),
        ("Jo Lee, Associated Press national writer", ["Associated Press"]),
        ("Jo Lee, AP; Washington Post", ["Associated Press", "Washington Post"]),
        ("By Jo Lee; Jo Lee is a reporter for The Washington Post.", []),
        ("By Jack Reed", []),
        ("Morning Sun", []),
    ],
)
def test_outlets_in_a_byline_are_read(byline: str, named: list[str]) -> None:
    assert names_in(BODY, byline=byline) == named


@pytest.mark.parametrize(
    ("rights", "named"),
    [
        ("Copyright (c) 2016 Washington Post", ["Washington Post"]),
        ("© 2016, The Port Herald. All rights reserved.", ["The Port Herald"]),
        ("Harbor Gazette", ["Harbor Gazette"]),
        ("Copyright 2016 Associated Press", ["Associated Press"]),
        ("Copyright (c) 2016 Morning Sun", []),
        ("Copyright (c) 2016 Harbor Gazette Ventures", []),
        ("", []),
    ],
)
def test_holders_of_rights_are_read(rights: str, named: list[str]) -> None:
    assert names_in(BODY, copyright=rights) == named


def test_a_credit_within_another_adds_its_name() -> None:
    line = "Harbor Gazette's Jo Lee and The Associated Press contributed to this report."
    article = Article("a", f"{BODY}\n\n{line}", outlet="Morning Sun")
    ((credit,),) = find_credits_of([article], [find_credits(article.text)], NAMES)
    assert credit.name == "The Associated Press/Harbor Gazette"
    assert set(read_clues(article, [credit], NAMES).credits) == {"associatedpress", "harborgazette"}


SPANS = st.lists(st.integers(0, 60), min_size=2, max_size=12, unique=True).map(
    lambda ends: [Span(*pair) for pair in zip(*[iter(sorted(ends))] * 2, strict=False)]
)


@law(100)
@given(SPANS, SPANS)
def test_added_credits_lie_apart_and_keep_those_before(own: list[Span], more: list[Span]) -> None:
    before = tuple(Credit(span, "credit-line", "AP") for span in own)
    found = add_credits(before, [Credit(span, "credit-line", "Post") for span in more])
    spans = [one.span for one in found]
    ends = [end for span in spans for end in span]
    assert ends == sorted(ends)
    assert set(own) <= set(spans)
    assert all(any(a.start < b.end and b.start < a.end for a in spans) for b in more)


PIECES = st.one_of(st.sampled_from([*FOOT, *HEAD, *NONE, BODY, "\n"]), hostile_text())


@law(200)
@given(st.lists(st.lists(PIECES, max_size=6).map("\n".join), max_size=4))
def test_credits_are_those_without_a_scan(texts: list[str]) -> None:
    own = [OWN if at % 3 else frozenset() for at, _ in enumerate(texts, 1)]
    slow = [
        [
            credit
            for window in (credit_windows(text) if names else ())
            for credit in NAMES.find_in(text, window, names, WindowScan())
        ]
        for text, names in zip(texts, own, strict=True)
    ]
    assert list(NAMES.find_credits(texts, own)) == slow


@law(200)
@given(hostile_text(), hostile_text())
def test_credits_of_hostile_texts_lie_in_them(before: str, after: str) -> None:
    text = f"{before}\nBy Jo, Harbor Gazette\n{after} © 2016 Washington Post\n{before}"
    for credit in find(text):
        assert 0 <= credit.span.start < credit.span.end <= len(text)


@pytest.mark.parametrize(
    "piece", ["Harbor Gazette ", "By ", "By Jo, Times\n", "© 2016 Times", "Jo / Times\n", "Reed, "]
)
def test_hostile_repetition_is_read(piece: str) -> None:
    assert len([*find(piece * 100_000)]) < 3000
