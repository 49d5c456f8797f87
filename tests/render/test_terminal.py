from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import permutations

import pytest
import wcwidth
from hypothesis import given
from hypothesis import strategies as st

from dedup import Article, Member, Origin, Share, Story
from dedup.model.headline import find_headline
from dedup.render import terminal
from dedup.render.columns import n_columns
from dedup.render.naming import Look, tell_spread
from dedup.render.stories import say_origin, stories_lines
from tests.render import samples
from tests.render.spread import spread_of

ANSI = re.compile(r"\x1b\[[0-9;]*m")
# Any code point, and more of those that steer terminals, than chance would give.
HOSTILE = st.text(
    st.characters() | st.sampled_from("\x1b\x9b\r\n\t\u202e\u2066\u200d\ud800語한\u0301 []")
)
WORDS = st.lists(
    st.sampled_from(["the", "Minister", "said", "東京で会見", "não", "\x1b[2J", "…"]), max_size=200
)

PLAIN = Look()
LETTERS = "".join(chr(ord("a") + at // 10) + str(at % 10) + " " for at in range(200))


def columns(text: str) -> int:
    """Count columns as terminals do, each grapheme by itself."""
    return sum(wcwidth.wcswidth(one) for one in wcwidth.iter_graphemes(text))


def test_an_emoji_of_several_characters_has_two_columns() -> None:
    assert [n_columns(text) for text in ("👩‍🚀", "ca\u0301", "語", "abc", "")] == [2, 2, 2, 3, 0]


def rendered(text_a: str, text_b: str, look: Look, id_: str = "a") -> list[str]:
    article = Article(id_, text_a, outlet=id_)
    found = samples.overlap(id_, "b", samples.passage(text_a, text_b))
    return list(terminal.report_lines(samples.report(article, overlaps=(found,)), look))


def carried(
    *families: dict[str, tuple[int, int]], look: Look = PLAIN, text: str = LETTERS
) -> list[str]:
    """Return what is printed of families of articles that all have one text."""
    names = sorted({name for family in families for name in family})
    articles = [Article(name, text, f"{name[0]} {text[:9]}", title=name) for name in names]
    made = [
        samples.family(number, *((name, *span) for name, span in family.items()))
        for number, family in enumerate(families, 1)
    ]
    return list(terminal.report_lines(samples.report(*articles, families=tuple(made)), look))


@given(HOSTILE, HOSTILE, HOSTILE, st.booleans(), st.integers(20, 100))
def test_no_line_is_wider_than_asked(
    id_: str, text_a: str, text_b: str, color: bool, width: int
) -> None:
    for line in rendered(text_a, text_b, Look(width, color), id_):
        assert columns(ANSI.sub("", line)) <= width


@given(WORDS, WORDS)
def test_no_line_of_words_is_wider_than_80(words_a: list[str], words_b: list[str]) -> None:
    for line in rendered(" ".join(words_a), " ".join(words_b), Look()):
        assert columns(line) <= 80


@given(HOSTILE, HOSTILE, HOSTILE, st.booleans())
def test_nothing_in_a_text_steers_the_terminal(
    id_: str, text_a: str, text_b: str, color: bool
) -> None:
    for line in rendered(text_a, text_b, Look(color=color), id_):
        shown = ANSI.sub("", line) if color else line
        assert all(char.isprintable() or char in "\u200c\u200d" for char in shown)
        line.encode()


@given(HOSTILE, st.booleans(), st.integers(20, 100))
def test_families_keep_to_the_width_and_steer_nothing(text: str, color: bool, width: int) -> None:
    family = {f"{name}{text}": (0, len(text)) for name in "xyz"}
    for line in carried(family, look=Look(width, color), text=text):
        shown = ANSI.sub("", line) if color else line
        assert columns(shown) <= width
        assert all(char.isprintable() or char in "\u200c\u200d" for char in shown)


def test_the_most_carried_passages_come_first_with_their_text() -> None:
    three = {"w": (0, 30), "x": (0, 30), "y": (0, 30)}
    four = {"x2": (300, 330), "w": (300, 330), "y": (300, 330), "z": (300, 330)}
    text = carried(three, four)
    assert text[2].startswith("2 passages appear in 3 or more articles")
    assert text[4:7] == [
        " * 4 articles of 4 outlets, word for word; 2 words, as in x2, x a0 a1 a2",
        "   k0 k1 k2 k3 k4 k5 k6 k7 k8 k9",
        "",
    ]
    assert text[7].startswith(" * 3 articles of 3 outlets, word for word; 1 word, as in w,")
    assert len(text) == 9


def test_what_two_articles_carry_is_no_family_to_show() -> None:
    """Two occurrences in one article do not make it two articles."""
    assert len(carried({"x": (0, 30), "y": (0, 30)})) == 1
    family = samples.family(3, ("x", 0, 30), ("y", 0, 30), ("y", 90, 120))
    report = samples.report(Article("x", LETTERS), Article("y", LETTERS), families=(family,))
    assert len(list(terminal.report_lines(report, Look()))) == 1


def test_parts_of_what_is_shown_are_counted_only() -> None:
    whole = dict.fromkeys("wxyz", (0, 300))
    part, mostly_outside = dict.fromkeys("xyz", (60, 90)), dict.fromkeys("xyz", (280, 330))
    text = carried(part, mostly_outside, whole)
    assert sum(line.startswith(" * ") for line in text) == 3
    assert " * 3 articles of 3 outlets, word for word; 2 words, as in x, x a0 a1 a2" in text
    assert " * and 1 more." in text


def test_no_more_than_five_families_are_shown() -> None:
    families = [dict.fromkeys("xyz", (at * 30, at * 30 + 30)) for at in range(13)]
    text = carried(*families)
    assert sum(line.startswith(" * 3 articles") for line in text) == 5
    assert text[-1] == " * and 8 more."


@given(HOSTILE, HOSTILE)
def test_color_ends_with_its_line(text_a: str, text_b: str) -> None:
    for line in rendered(text_a, text_b, Look(color=True)):
        codes = ANSI.findall(line)
        assert not codes or codes[-1] == "\x1b[0m"


@given(st.lists(st.sampled_from(["one", "two", "three", "four", "five"]), min_size=1, max_size=30))
def test_brackets_taken_away_give_the_text_back(words: list[str]) -> None:
    text = " ".join(words)
    lines = rendered(text, "two four and others", Look())
    start = next(i for i, line in enumerate(lines) if line.startswith("   A    "))
    end = next(i for i, line in enumerate(lines) if line.startswith("   B "))
    shown = " ".join(line.removeprefix("   A").strip() for line in lines[start:end])
    assert re.sub(r"[][]", "", shown) == text


def test_differing_words_stand_in_brackets_and_no_others() -> None:
    lines = rendered("The cat, said he, sat here.", "The dog (said she) sat here.", Look())
    assert lines[-2:] == [
        "   A    The [cat], said [he], sat here.",
        "   B    The [dog] (said [she]) sat here.",
    ]


def test_a_combining_mark_stays_with_its_letter() -> None:
    assert rendered("one ca\u0301 two", "one xy two", Look())[-2] == "   A    one [ca\u0301] two"


def test_equal_sides_are_shown_once() -> None:
    assert rendered("word for\nword", "word  for word", Look())[-1] == "   A=B  word for word"


def test_long_shared_runs_show_their_ends_and_what_differs_shows_whole() -> None:
    same = " ".join(f"w{n}" for n in range(100))
    lines = "\n".join(rendered(f"{same} apples", f"{same} pears", Look(width=1000)))
    assert "w19 … 60 words … w80" in lines
    assert "[apples]" in lines
    assert "[pears]" in lines


def test_changed_facts_and_speakers_are_called_out() -> None:
    found = samples.overlap("a", "b", samples.FACTS, samples.OTHERS)
    lines = list(terminal.overlap_lines(found, Look()))
    at = lines.index("   changed: 1,200 → 1,300")
    rest = ["“not” only in A", "Yerevan → Baku", "Monday → Tuesday"]
    assert lines[at + 1 : at + 4] == [f"{'':12}{change}" for change in rest]
    assert "   speaker: Senator Oakley in A, but Mr. Trevanion in B" in lines


@pytest.mark.parametrize(
    ("role", "quote", "label", "has_speaker"),
    [
        ("quotation", True, "verbatim, quotation, 2 words", True),
        ("quotation", False, "verbatim, quotation, 2 words", True),
        ("text", True, "verbatim, contains a quotation, 2 words", False),
        ("text", False, "verbatim, 2 words", False),
        ("formula", True, "verbatim, formula, 2 words", False),
        ("furniture", True, "verbatim, furniture, 2 words", False),
    ],
)
def test_a_quotation_is_one_by_its_role(
    role: str, quote: bool, label: str, has_speaker: bool
) -> None:
    passage = samples.passage("on it", "on it", role=role, quote=quote, speaker_a="Ann Reed")
    lines = list(terminal.overlap_lines(samples.overlap("a", "b", passage), Look(shows_all=True)))
    assert any(line.startswith(f" 1 {label}, ") for line in lines)
    assert any("speaker: Ann Reed in A" in line for line in lines) == has_speaker


def test_no_more_than_a_few_changed_facts_are_called_out() -> None:
    texts = (" and ".join(f"x {n}" for n in range(low, low + 8)) for low in (10, 20))
    found = samples.overlap("a", "b", samples.passage(*texts, facts=("replace",)))
    lines = list(terminal.overlap_lines(found, Look()))
    at = lines.index("   changed: 10 → 20")
    rest = [f"{n} → {n + 10}" for n in range(11, 15)]
    assert lines[at + 1 : at + 6] == [f"{'':12}{change}" for change in [*rest, "3 more"]]


def test_the_strongest_pairs_come_first_then_by_id() -> None:
    passage = samples.passage("a b c", "a b c")
    hidden = replace(passage, role="furniture", n_words=300)
    overlaps = (
        samples.overlap("b", "c", passage, similarity=0.2),
        samples.overlap("a", "d", passage, similarity=0.2),
        samples.overlap("s", "t", replace(passage, confidence=0.76), similarity=0.22),
        samples.overlap("v", "w", replace(passage, n_words=30), similarity=0.15),
        samples.overlap("x", "y", passage, similarity=0.3),
        samples.overlap("y", "z", passage, hidden, similarity=0.2),
    )
    lines = terminal.report_lines(samples.report(overlaps=overlaps), Look())
    named = [line for line in lines if line.startswith("A ") and "share" not in line]
    assert named == ["A  v", "A  x", "A  a", "A  b", "A  y", "A  s"]


@pytest.mark.parametrize(("n", "n_shown", "n_passages"), [(50, 50, 4), (51, 10, 3), (90, 10, 3)])
def test_a_large_report_ends_after_ten_pairs(n: int, n_shown: int, n_passages: int) -> None:
    longest = samples.passage("a b c d", "a b c d")
    short = samples.passage("a b c", "a b c")
    overlaps = tuple(
        samples.overlap(f"a{number:02}", "b", short, short, short, longest) for number in range(n)
    )
    lines = list(terminal.report_lines(samples.report(overlaps=overlaps), Look()))
    assert sum(line.startswith("A  a") for line in lines) == n_shown
    assert sum(line.startswith(" 4 verbatim, 4 words") for line in lines) == n_shown
    assert sum(line[:3].strip().isdigit() for line in lines) == n_shown * n_passages
    assert (f"10 strongest pairs of {n}." in " ".join(lines)) == (n > n_shown)
    assert ("--format html" in " ".join(lines)) == (n > n_shown)


def test_an_article_is_named_by_id_and_title() -> None:
    article = Article("a", "text", outlet="Wire", title=" The\n lighthouse  is sold ")
    lines = list(terminal.overlap_lines(samples.overlap("a", "b"), Look(), article))
    assert lines[0] == "A  a, “The lighthouse is sold”, Wire"
    untitled = Article("a", "The council of Port Halden voted.\nMore.", "Wire")
    lines = list(terminal.overlap_lines(samples.overlap("a", "b"), Look(), untitled))
    assert lines[0] == f"A  a, “{find_headline(untitled)}”, Wire"
    article = Article("a", "text", title="word " * 30)
    assert f"“{'word ' * 12}…”" in " ".join(
        terminal.overlap_lines(samples.overlap("a", "b"), Look(), article)
    )


@pytest.mark.parametrize(
    ("published", "shown"),
    [
        ("2023-01-10", "2023-01-10"),
        ("2023-01-10T14:05", "2023-01-10 14:05 UTC"),
        ("2023-01-10T00:00+04:00", "2023-01-10 00:00 UTC+04:00"),
        (datetime(2023, 1, 10, tzinfo=UTC), "2023-01-10"),
    ],
)
def test_only_a_known_hour_is_shown(published: datetime | str, shown: str) -> None:
    article = Article("a", "text", published=published, title="a")
    lines = list(terminal.overlap_lines(samples.overlap("a", "b"), Look(), article))
    assert lines[0] == f"A  a, {shown}"


@pytest.mark.parametrize(
    ("coverage", "shown"),
    [(0, "0%"), (0.004, "<1%"), (0.126, "13%"), (0.99, "99%"), (0.996, ">99%"), (1, "100%")],
)
def test_percentages_claim_neither_nothing_nor_all_too_soon(coverage: float, shown: str) -> None:
    found = samples.overlap("a", "b", samples.QUOTE, coverage_a=coverage)
    assert f", {shown} of A" in "\n".join(terminal.overlap_lines(found, Look()))


@pytest.mark.parametrize(
    ("relation", "words"),
    [
        ("duplicate", "Nearly the same text"),
        ("contains", "A contains B"),
        ("contained", "B contains A"),
        ("shares", "A and B share text"),
    ],
)
def test_relation_is_told_in_words(relation: str, words: str) -> None:
    found = samples.overlap("a", "b", samples.QUOTE, relation=relation)
    assert f"   {words}: " in "\n".join(terminal.overlap_lines(found, Look()))


def test_only_what_is_wholly_the_same_is_called_so_and_printed_short() -> None:
    whole = {"relation": "duplicate", "coverage_a": 1.0, "coverage_b": 1.0}
    for passage, words in ((samples.QUOTE, "The same"), (samples.EDITED, "Nearly the same")):
        found = samples.overlap("a", "b", passage, **whole)
        lines = list(terminal.overlap_lines(found, Look()))
        assert lines[2].startswith(f"   {words} text: ")
        assert (len(lines) > 3) == (passage.identity < 1)


def test_finding_nothing_is_a_sentence() -> None:
    assert list(terminal.report_lines(samples.EMPTY, Look())) == [
        "No reused text found in 2 articles."
    ]


@pytest.mark.parametrize(
    ("confidence", "words"),
    [
        (0.9, "Source most likely a (90% sure: others credit it). Otherwise b."),
        (0.5, "Source perhaps a (50% sure: others credit it). Otherwise b."),
    ],
)
def test_one_of_two_equal_sources_is_not_most_likely(confidence: float, words: str) -> None:
    assert say_origin(Origin("a", None, ("credit",), confidence, ("b",))) == words


@pytest.mark.parametrize(("confidence", "word"), [(0.9, "from"), (0.5, "shared with")])
def test_text_is_from_the_likely_source_only(confidence: float, word: str) -> None:
    articles = {name: Article(name, "text") for name in "abc"}
    origin = Origin("a", None, ("credit",), confidence)
    taken = (Share("a", 0.5, 0), Share("b", 0.25, 0))
    members = (Member("a", Origin(), None, 1.0, (), None), Member("c", origin, None, 1, taken, "A"))
    text = "\n".join(stories_lines([Story("d" * 32, members, (), origin)], articles, Look()))
    assert f"50% {word} a, 25% shared with b" in text


@pytest.mark.parametrize(
    ("outlet", "earlier", "day", "is_said"),
    [
        ("Wire", "Paper", 2, True),
        (None, None, 2, True),
        ("Wire", "Wire", 2, False),
        ("Wire", "Paper", 1, False),
    ],
)
def test_only_a_later_other_outlet_owes_a_credit(
    outlet: str | None, earlier: str | None, day: int, is_said: bool
) -> None:
    first = Article("a", "text", outlet=earlier, published="2023-01-01")
    second = Article("b", "text", outlet=outlet, published=f"2023-01-0{day}")
    unknown = Origin()
    members = (
        Member("a", unknown, 0.0, 1.0, (), None),
        Member("b", unknown, None, 1.0, (Share("a", 1.0, 0),), None),
    )
    story = Story("c" * 32, members, ("a",), unknown)
    text = "\n".join(stories_lines([story], {"a": first, "b": second}, Look()))
    assert "100% shared with a" in text
    assert ("no credit found" in " ".join(text.split())) == is_said


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (("The pier, is shut", "the PIER is\nshut.", "the pier is shut"), "3 articles, word for"),
        (("the pier is shut", "the pier was shut", "the pier is"), "1 word for word and 2 with"),
        (("pier’s end", "pier's end", "piers end"), "2 word for word and 1 with changes"),
    ],
)
def test_a_passage_says_how_many_have_its_words(texts: tuple[str, ...], words: str) -> None:
    articles = [Article(name, text, title=name) for name, text in zip("abc", texts, strict=True)]
    family = samples.family(4, *((one.id, 0, len(one.text)) for one in articles))
    report = samples.report(*articles, families=(family,))
    text = " ".join(" ".join(terminal.report_lines(report, Look())).split())
    assert words in text
    assert f"as in a {texts[0]}" in text


def test_the_other_carrier_of_two_is_named_with_its_order() -> None:
    articles = {
        "a": Article("a", "text", published="2023-01-01"),
        "b": Article("b", "text", published="2023-01-17T10:00Z"),
    }
    members = (
        Member("a", Origin(), 0.0, 0.28, (), None),
        Member("b", Origin(), 16.0, 0.6, (Share("a", 0.6, 3),), None),
    )
    story = Story("c" * 32, members, ("a",), Origin())
    text = " ".join(" ".join(stories_lines([story], articles, Look())).split())
    assert "2 articles, the last one 16 days later." in text
    assert "28% shared with b (later)" in text
    assert "16 days later, 60% shared with a (earlier, 3 words changed)" in text


ZONES = st.sampled_from([0, 0, 0, -5 * 60, 9 * 60, 14 * 60]).map(
    lambda minutes: timezone(timedelta(minutes=minutes))
)
DATES = st.datetimes(datetime(2024, 2, 28), datetime(2024, 3, 3), timezones=ZONES) | st.dates(
    date(2024, 2, 28), date(2024, 3, 3)
).map(lambda day: datetime(day.year, day.month, day.day, tzinfo=UTC))


@given(st.lists(DATES, max_size=7))
def test_a_spread_is_the_greatest_sure_lag(dates: list[datetime]) -> None:
    assert tell_spread(dates) == spread_of(dates)


@pytest.mark.parametrize(
    ("dates", "words"),
    [
        ("2024-03-01 2024-03-02 2024-03-01T23:30-05:00", "the last one the next day"),
        ("2024-03-02 2024-03-01T23:30-05:00 2024-03-02", ""),
        ("2024-03-02 2024-03-01T23:30-05:00", ""),
        ("2024-03-01 2024-03-01T23:30-05:00 2024-03-01T23:35-05:00", "on one day"),
        ("2024-03-01 2024-03-01T10:00Z 2024-03-01T18:00Z", "the last one 8 hours later"),
        ("2024-03-01T23:56Z 2024-03-02T00:01Z 2024-03-02T09:03+09:00", "within 10 minutes"),
        ("2024-03-01 2024-03-03T10:00Z 2024-03-04T04:00Z", "the last one 3 days later"),
        ("2024-03-01T10:00Z 2024-03-01T10:05Z 2024-03-01", "on one day"),
        ("2024-03-01", ""),
    ],
)
def test_a_spread_says_only_what_is_known(dates: str, words: str) -> None:
    for some in permutations(map(datetime.fromisoformat, dates.split())):
        aware = [one if one.tzinfo else one.replace(tzinfo=UTC) for one in some]
        assert tell_spread(aware) == spread_of(aware) == words


def test_furniture_is_hidden_with_a_count() -> None:
    text = samples.passage("the bridge is closed", "the bridge is closed")
    menu = samples.passage("log in here", "log in here", role="furniture")
    only, both = (
        samples.overlap("x", "y", menu, relation="none"),
        samples.overlap("x", "z", text, menu),
    )
    articles = (Article(name, LETTERS) for name in "xyz")
    report = samples.report(*articles, overlaps=(only, both))
    hidden = "\n".join(terminal.report_lines(report, Look()))
    shown = "\n".join(terminal.report_lines(report, Look(shows_all=True)))
    assert "1 pair shares text" in hidden
    assert "2 pairs share text" in shown
    assert "Passages not shown: 2 of furniture or formulas. See all with --show-all." in hidden
    assert ("log in here" in hidden, "log in here" in shown) == (False, True)
    assert "--show-all" not in shown
    assert "the bridge is closed" in hidden


def test_a_pair_says_how_much_is_hidden() -> None:
    menu = samples.passage("log in here", "log in here", role="furniture")
    guess = replace(samples.passage("it is late now", "it is late now"), confidence=0.74)
    pair = samples.overlap("x", "y", menu, relation="none")
    lines = list(terminal.overlap_lines(pair, Look()))
    assert lines[-2:] == [
        "   A and B share no passage that counts.",
        "   Passage not shown: 1 of furniture or formulas. See all with --show-all.",
    ]
    lines = list(terminal.overlap_lines(replace(pair, passages=(menu, guess)), Look()))
    text = "Passages not shown: 1 of furniture or formulas and 1 uncertain."
    assert text in " ".join(line.strip() for line in lines)
    assert not any("it is late" in line for line in lines)
