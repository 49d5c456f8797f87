"""The relation of a pair: kept words and agreeing facts, on both sides of each limit."""

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.accuracy.templates import judge
from corpus.templates import load_templates, make_pairs
from dedup import Article, Params, compare, filter
from dedup.align.overlap import Pieces, sum_up
from dedup.align.table import AlignedTexts, EditTable, PassageTable, Speakers
from dedup.model import OPS, RELATIONS
from dedup.params import OverlapParams
from dedup.text.tokenize import tokenize
from tests.reference import overlap as reference
from tests.strategies import law, news_pair, news_text

JOINING = ("duplicate", "contains", "contained")
# Spans of words of two texts of 40 words, with an operation.
RUNS = st.lists(
    st.tuples(st.integers(0, 32), st.integers(0, 32), st.integers(1, 8), st.sampled_from(OPS)),
    min_size=1,
    max_size=6,
)
BASE = """The harbor board of Port Kessel voted on Tuesday to dredge the northern channel, which has
been closed to larger ships since the storm of 2019. The work will cost 38 million crowns and take
14 months, according to chief engineer Ilse Varga. Two firms from Rotterdam have offered to do it.
Fishermen had asked the board to wait for the herring season to end, since the noise drives the
shoals away from the coast. Varga said that the dredgers would stop at night. The mayor, Tomas
Ehrling, called the vote a first step and promised to repair the old quay next."""


def _relate(n_a, n_b, runs, params=None):
    """Relate texts of words that are all different, with one passage of one edit for each run."""
    texts = [" ".join(f"{letter}{k}x" for k in range(n)) for letter, n in (("a", n_a), ("b", n_b))]
    n = len(runs)
    spans = (
        np.array([[p, p + size, q, q + size] for p, q, size, _ in runs])
        .reshape(-1, 4)
        .astype(np.int64)
    )
    ops = np.array([OPS.index(op) for *_, op in runs], np.int64)
    edits = EditTable(np.arange(n + 1), ops, spans, spans, np.zeros(n, np.bool_))
    words = np.full(n, 8)
    table = PassageTable(
        np.array([[0, 1]]), np.array([0, n]), spans, spans, np.full(n, 20.0), np.full(n, 0.9),
        words, words, np.zeros(n, np.bool_), np.zeros(n, np.uint8), [Speakers()] * n,
        edits,
    )  # fmt: skip
    source = AlignedTexts(texts, tokenize(texts))
    pieces = Pieces.from_tokens(source.tokens)
    found = sum_up(table, source, pieces, np.array([0.5]), params or OverlapParams()).relations
    return found.shared[0].tolist(), RELATIONS[found.named[0]]


@law(200)
@given(RUNS)
def test_shared_words_are_the_twin(runs):
    assert _relate(40, 40, runs)[0] == [
        reference.shared(40, [(one[side], one[side] + one[2], one[3]) for one in runs])
        for side in (0, 1)
    ]


@pytest.mark.parametrize(
    ("n_a", "n_b", "n_shared", "relation"),
    [
        (100, 100, 80, "duplicate"),
        (100, 101, 80, "contained"),
        (101, 100, 80, "contains"),
        (101, 101, 80, "shares"),
        (100, 500, 100, "contained"),
        (100, 100, 1, "shares"),
    ],
)
def test_an_article_is_contained_from_a_share_of_its_words(n_a, n_b, n_shared, relation):
    # The rest has no sentence of its own: it is one sentence with the shared words.
    assert _relate(n_a, n_b, [(0, 0, n_shared, "kept")])[1] == relation
    strict = OverlapParams(min_contained=1.0)
    assert (_relate(n_a, n_b, [(0, 0, n_shared, "kept")], strict)[1] in JOINING) == (
        n_shared in (n_a, n_b)
    )


def test_no_passages_are_no_relation():
    assert _relate(9, 9, [], OverlapParams(min_contained=0.0)) == ([0.0, 0.0], "none")


@pytest.mark.parametrize("seed", [101, 102])
def test_templates_join_no_other_news_and_keep_revisions(seed):
    wrong = [
        (one.pair.template, one.pair.kind, one.overlap.relation)
        for one in judge(make_pairs(seed))
        if not one.is_right
    ]
    assert wrong == []


@pytest.mark.parametrize("seed", [101])
def test_without_facts_templates_are_duplicates(seed):
    """So the law above is not empty."""
    params = Params().with_values({"overlap.max_changed": 1.0})
    judged = judge(make_pairs(seed), lambda a, b: compare(a, b, params))
    other = [one for one in judged if one.pair.kind in ("other", "following")]
    assert sum(not one.is_right for one in other) > len(other) / 2


@pytest.mark.parametrize(
    ("old", "new", "relation"),
    [
        ("38 million", "41 million", "duplicate"),
        ("14 months", "16 months", "duplicate"),
        ("2019", "2018", "duplicate"),
        ("northern channel", "northern chanel", "duplicate"),
        ("14 months", "fourteen months", "duplicate"),
        ("The mayor, Tomas", "Mayor Tomas", "duplicate"),
        (
            "38 million crowns and take\n14 months",
            "41 million crowns and take\n16 months",
            "shares",
        ),
        ("Two firms from Rotterdam", "Two firms from Antwerp", "duplicate"),
        ("Two firms from Rotterdam", "Six firms from Antwerp", "shares"),
    ],
)
def test_a_correction_is_told_from_other_news(old, new, relation):
    """In about a hundred words one changed fact is a correction, and two are not."""
    assert old in BASE
    found = compare(BASE, BASE.replace(old, new))
    assert found.relation == relation
    assert compare(BASE, BASE.upper().replace(old.upper(), new.upper())).relation == relation


def test_two_corrected_figures_in_six_hundred_words_are_a_revision():
    (guide,) = (one for one in load_templates() if one.name == "festival guide")
    values = guide.draw(Random(1))
    a, b = ("\n\n".join(guide.fill(values | more)) for more in ({}, {"price": "18", "camp": "99"}))
    assert compare(a, b).relation == "duplicate"
    other = guide.draw(Random(2), values)
    renamed = {name: (values if name in guide.figures else other)[name] for name in values}
    assert compare("\n\n".join(guide.fill(renamed)), a).relation == "shares"


def test_a_repeated_name_is_what_an_article_is_about():
    """However long the text: the edits alone would pass."""
    rest = BASE.replace("Port Kessel", "the port")
    local = [f"{rest}\n\nAs {town} votes, {town} is proud, and people in {town} are not alone.\n\n"
             + "The board keeps minutes of what it decides, and lends them to anybody. " * 20
             for town in ("Brennick", "Sandusky")]  # fmt: skip
    assert compare(*local).relation == "shares"


@pytest.mark.parametrize(
    ("named", "other", "relation"),
    [
        ("H.R. 1630", "S. 784", "shares"),
        ("H. R. 1630", "H.R. 1631", "shares"),
        ("S. Con. Res. 12", "H.J. Res. 41", "shares"),
        ("P.L. 107-1", "P.L. 108-4", "shares"),
        ("H.R. 1630", "H. R. 1630", "duplicate"),
        ("H.R. 1630", "a bill", "duplicate"),
        ("plan 1630", "plan 784", "duplicate"),
        ("U.S. 1630", "U.S. 784", "duplicate"),
    ],
)
def test_another_bill_is_no_correction(named, other, relation):
    """One changed number is a correction, unless each article names a bill by it."""
    a, b = (f"{BASE}\n\nIts work follows {name}, it said." for name in (named, other))
    assert compare(a, b).relation == relation
    kept = filter([Article("a", a), Article("b", b)]).kept
    assert len(kept) == (1 if relation == "duplicate" else 2)
    sketched = filter([Article("a", a), Article("b", b)], level="document", min_similarity=0.5)
    assert len(sketched.kept) == len(kept)


def test_sentences_of_its_own_make_another_article():
    footer = (
        "The harbor office lists the tides of the week on its board. Boats that draw more than "
        "two meters wait for the flood at the outer pier. The pilot cutter leaves at six in the "
        "morning and again at noon. Fishermen land their catch at the old quay."
    )
    openings = "Fire guts a bakery at the mill.", "Voters rejected the planned tunnel."
    a, b = (f"{opening}\n\n{footer}" for opening in openings)
    assert compare(a, b).relation == "shares"
    assert compare(a, footer).relation in JOINING


def test_a_text_that_is_there_twice_is_a_duplicate():
    found = compare(BASE, f"{BASE}\n\n{BASE}")
    assert found.relation == "duplicate"
    assert found.similarity > 0.9


@law(60)
@given(news_pair())
def test_similarity_is_a_symmetric_fraction(pair):
    found, mirrored = compare(*pair), compare(*reversed(pair))
    assert 0 <= found.similarity <= 1
    assert found.similarity == mirrored.similarity


@law(60)
@given(news_text())
def test_equal_texts_are_alike(text):
    found = compare(text, text)
    assert found.similarity == (1.0 if found.passages else found.jaccard / 2)


def test_similarity_ranks_by_shared_words():
    half, tenth = (BASE[: BASE.index(end)] for end in ("Fishermen", "The work"))
    texts = BASE, BASE.replace("38", "41"), half, tenth
    found = [compare(BASE, text).similarity for text in texts]
    assert found == sorted(found, reverse=True)
    assert len(set(found)) == len(found)
