"""Roles of passages, in pairs of articles."""

import json
from pathlib import Path

import numpy as np
import pytest

import dedup
from dedup.align.role import Origins, find_roles
from dedup.align.table import AlignedTexts
from dedup.mask.furniture import mark_furniture
from dedup.model import ROLES
from dedup.text.tokenize import tokenize

CORPUS = Path(__file__).parents[2] / "corpus"
SAID = "Nobody in this chamber wanted to be the one to switch off the lights of the old terminal"
OWN = (
    "Heavy snow closed two mountain passes on Wednesday and left homes without power.",
    "A museum has recovered a painted chest that was stolen from its attic in 1974.",
)
LINK = "What the mayor may not know about the generals of the harbor guard"


def _roles(part_a, part_b, **fields):
    a, b = (
        dedup.Article(name, f"{own}\n\n{part}\n\n{own[::-1]}", **fields)
        for name, own, part in zip("ab", OWN, (part_a, part_b), strict=True)
    )
    found = {
        overlap.passages[0].role if overlap.passages else None
        for overlap in (dedup.compare(a, b), dedup.compare(b, a))
    }
    assert len(found) == 1
    return found.pop()


def test_a_quotation_is_quoted_on_both_sides():
    assert _roles(f"“{SAID},” she said.", f'He heard her: "{SAID}."') == "quotation"
    assert _roles(f"“{SAID},” she said.", f"{SAID}, it seems.") == "text"
    assert _roles(f"{SAID}.", f"{SAID}.") == "text"


def test_a_line_that_one_outlet_repeats_without_a_stop_is_a_link():
    assert _roles(LINK, f"[{LINK}]", outlet="Gazette") == "furniture"
    assert _roles(LINK, LINK) == "text"
    assert _roles(f"{LINK}.", f"{LINK}.", outlet="Gazette") == "text"
    assert _roles(f"{LINK} and more", f"{LINK} of the pier", outlet="Gazette") == "text"


def test_links_of_two_outlets_are_text():
    a, b = (
        dedup.Article(name, f"{own}\n\n{LINK}\n\n{own[::-1]}", outlet=name)
        for name, own in zip("ab", OWN, strict=True)
    )
    assert [one.role for one in dedup.compare(a, b).passages] == ["text"]


FIGURES = (
    "The blue-chip index rose {} percent to {} points, the broader one {} percent to {}, and the "
    "yield fell {} basis points to {} percent."
)
TOWN = "总面积{}平方公里，人口{}人，人口密度{}人/平方公里（2009年）。"


@pytest.mark.parametrize(
    ("part_a", "part_b", "role"),
    [
        (
            FIGURES.format("1.2", "5,021", "0.4", "38,900", 3, "4.21"),
            FIGURES.format("0.7", "4,870", "1.9", "37,100", 5, "4.38"),
            "formula",
        ),
        # The figures are those of the other article.
        (
            FIGURES.format("1.2", "5,021", "0.4", "38,900", 3, "4.21"),
            FIGURES.format("1.2", "5,021", "0.4", "38,900", 5, "4.38"),
            "text",
        ),
        (TOWN.format(14, 268, "19.1"), TOWN.format(55, 2388, "43.4"), "formula"),
        # Of the same thing.
        (
            "Norden: 12 dead, 34 wounded, 56 missing, 78 saved, 90 homeless in Norden.",
            "Norden: 13 dead, 35 wounded, 57 missing, 79 saved, 91 homeless in Norden.",
            "text",
        ),
        # More than figures.
        (
            "The budget adds 38.4 million crowns for the ferry and 12 jobs at the northern quay.",
            "The budget adds 41.2 million crowns for the ferry and 15 jobs at the northern quay.",
            "text",
        ),
        (
            "昨天下午北京朝阳区一座商场发生火灾，造成12人死亡，34人受伤，起火原因仍在调查之中。",
            "昨天下午北京朝阳区一座商场发生火灾，造成15人死亡，41人受伤，起火原因仍在调查之中。",
            "text",
        ),
    ],
)
def test_a_template_with_other_figures_is_a_formula(part_a, part_b, role):
    assert _roles(part_a, part_b) == role


FORM = (
    "Paste the address of a bridge here, or install the tool for your browser.\n"
    "Save what you find to your box, and send the box to any of your friends.\n"
    "The box holds forty bridges; for more of them, pay once a year."
)
TITLES = ("Nine Easy Soups for Winter", "A Curry That Everybody Likes")


def _page_role(text, titles, outlets=("Gazette", "Gazette")):
    a, b = (
        dedup.Article(name, f"{text}\n{own}", title=title, outlet=outlet)
        for name, own, title, outlet in zip("ab", OWN, titles, outlets, strict=True)
    )
    (passage,) = dedup.compare(a, b).passages
    return passage.role


def test_a_form_under_two_titles_is_furniture():
    assert _page_role(FORM, TITLES) == "furniture"


@pytest.mark.parametrize(
    ("titles", "outlets"),
    [
        (TITLES, ("Gazette", "Courier")),
        (TITLES, (None, None)),
        ((TITLES[0], None), ("Gazette", "Gazette")),
        ((TITLES[0], TITLES[0]), ("Gazette", "Gazette")),
        ((TITLES[0], "Soups of the South"), ("Gazette", "Gazette")),
        ((TITLES[0], "Your Browser Saves Bridges"), ("Gazette", "Gazette")),
    ],
    ids=["outlets", "no outlets", "no title", "one title", "retitled", "about it"],
)
def test_a_page_on_its_subject_is_text(titles, outlets):
    assert _page_role(FORM, titles, outlets) == "text"


def test_a_form_in_longer_articles_is_text():
    long = " ".join(
        f"Ship {n} of fleet {n * 7} left pier {n % 9} for island {n * 3}." for n in range(9)
    )
    a, b = (
        dedup.Article(name, f"{FORM}\n{own} {own[::-1]} {part}", title=title, outlet="Gazette")
        for name, own, title, part in zip("ab", OWN, TITLES, (long, long[::-1]), strict=True)
    )
    assert {one.role for one in dedup.compare(a, b).passages} == {"text"}


def test_a_passage_that_only_names_a_speaker_is_a_formula():
    speaker = "Ann Reed, the assistant harbor master for bridges and ferries in Halden, said"
    sides = (f"“It holds.” {speaker} in June.", f"It was cold. {speaker} after a walk to the pier.")
    assert _roles(*sides) == "formula"
    assert _roles(*(side.replace(", said", ", said the bridge holds") for side in sides)) == "text"


@pytest.mark.parametrize(
    ("part", "role"),
    [
        ("All defendants are presumed innocent until proven guilty in a court of law.", "formula"),
        ("Sign up for our free newsletter and follow us on Facebook today.", "furniture"),
    ],
)
def test_marked_words_decide(part, role):
    assert _roles(part, part) == role


def test_no_reuse_of_the_corpus_is_lost():
    lines = [json.loads(line) for line in (CORPUS / "gold.jsonl").read_text().splitlines()]
    articles = [json.loads(line) for line in (CORPUS / "articles.jsonl").read_text().splitlines()]
    number = {one["id"]: at for at, one in enumerate(articles)}
    texts = [one["text"] for one in articles]
    tokens = mark_furniture(tokenize(texts), texts)
    wanted = [one for one in lines if not one.get("optional")]
    pairs = np.array([[number[one["a"]], number[one["b"]]] for one in wanted])
    chars = np.array([[*one["a_span"], *one["b_span"]] for one in wanted])
    spans = np.array(
        [
            [
                place
                for side in (0, 2)
                for place in _words(tokens, pair[side // 2], row[side : side + 2])
            ]
            for pair, row in zip(pairs, chars, strict=True)
        ]
    )
    origins = Origins([one["outlet"] for one in articles], [one.get("title") for one in articles])
    nothing = np.zeros(len(pairs), np.bool_)
    roles = find_roles(AlignedTexts(texts, tokens), origins, pairs, spans, chars, nothing)
    lost = [one for one, role in zip(wanted, roles, strict=True) if role >= ROLES.index("formula")]
    assert lost == []


def _words(tokens, number, span):
    low, high = tokens.offsets[number : number + 2]
    return np.searchsorted(tokens.starts[low:high], span).tolist()
