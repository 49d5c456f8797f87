"""Furniture and formulas of the table: what is one, and what stays text."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import dedup
from dedup.mask import furniture
from dedup.mask.caption import find_marks
from dedup.mask.furniture import mark_furniture, mark_masked, read_cues
from dedup.mask.lines import _MAX_BESIDE, LineReader, is_menu_line
from dedup.model import ROLES
from dedup.text.tables.kinds import STARTS_SENTENCE
from dedup.text.tokenize import join_tokens, tokenize
from tests.strategies import hostile_text, law

HERE = Path(__file__)
LINES = [
    tuple(line.split("\t"))
    for line in HERE.with_name("furniture_lines.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
CUES = Path(furniture.__file__).with_name("cues")
BODY = (
    "The bridge over the harbor stays closed until June, the council said on Tuesday after a vote "
    "that lasted until midnight.\n\nNobody was hurt when a barge struck the second pier."
)
MENU = "News\nWeather\nHarbor cams\nSports\nLog in\nPrivacy policy"


def _roles(text):
    tokens = tokenize([text])
    return tokens, mark_furniture(tokens, [text]).roles


def _role_of(line):
    """Return the role of most words of a line inside of an article."""
    text = f"{BODY}\n\n{line}"
    tokens, roles = _roles(text)
    own = roles[tokens.starts >= len(BODY)]
    assert not roles[tokens.starts < len(BODY)].any()
    return ROLES[int(np.bincount(own, minlength=len(ROLES)).argmax())], own


@pytest.mark.parametrize(("language", "role", "line"), LINES)
def test_lines(language, role, line):
    found, own = _role_of(line)
    if role == "formula":
        assert ROLES.index("formula") in own
        assert ROLES.index("furniture") not in own
    else:
        assert found == role
        assert role == "furniture" or not own.any()


def test_each_language_has_lines():
    assert {line[0] for line in LINES} == {path.stem for path in CUES.iterdir()}


def test_a_menu_is_furniture_with_the_lines_between():
    tokens, roles = _roles(f"{BODY}\n\n{MENU}")
    assert (roles[tokens.starts > len(BODY)] == ROLES.index("furniture")).all()


def test_a_list_of_names_is_no_menu():
    names = "Ann Reed\nJo Smith\nKim Hale\nPer Aune\nMo Vance"
    assert not _roles(f"{BODY}\n\n{names}")[1].any()


PICTURES = [
    f"The keeper of Halden ({n}) drops the ball in the second half of the game against Brevik."
    for n in range(3)
]


def _gallery(pictures, owners):
    names = ("Ann Reed", "Jo B. Smith", "Per Aune")
    return "\n".join(
        f"{text}\n{name}, {owner}"
        for text, name, owner in zip(pictures, names, owners, strict=True)
    )


GALLERY = _gallery(PICTURES, ["HARBOR GAZETTE Sports"] * 3)
PARTS = (BODY, MENU, GALLERY)


def test_a_gallery_is_furniture():
    tokens, roles = _roles(f"{BODY}\n\n{GALLERY}")
    assert (roles[tokens.starts > len(BODY)] == ROLES.index("furniture")).all()
    assert not roles[tokens.starts < len(BODY)].any()


def test_names_below_statements_and_letters_are_text():
    owners = ("Harbor Union", "Ferry Board", "Town Museum")
    assert not _roles(_gallery(PICTURES, owners))[1].any()
    signed = "\n".join(f"{name}, Harbor Union" for name in ("Ann Reed", "Jo Smith", "Per Aune"))
    assert not _roles(f"{BODY}\n{signed}")[1].any()


def test_what_somebody_says_is_text():
    said = "“Sign up for our newsletter,” the page told her, and she did what it asked of her."
    assert not _role_of(said)[1].any()


def test_long_paragraphs_are_text():
    long = "Sign up for the race at the pier. " + BODY.replace("\n\n", " ") * 3
    assert not _role_of(long)[1].any()


def test_each_cue_is_found_by_its_key():
    for key, cues in read_cues().by_key.items():
        assert any(np.isin(np.uint64(key), known) for known in read_cues().keys)
        assert all(cue.kind in furniture.KINDS for cue in cues)


@law(60)
@given(
    st.lists(hostile_text() | st.sampled_from([BODY, MENU, GALLERY, *(one[2] for one in LINES)]))
)
def test_marks_do_not_depend_on_the_batch(texts):
    whole = mark_furniture(tokenize(texts), texts) if texts else None
    alone = [mark_furniture(tokenize([text]), [text]) for text in texts]
    if whole is not None:
        assert whole.roles.tolist() == join_tokens(alone).roles.tolist()


@law(60)
@given(
    st.lists(hostile_text() | st.sampled_from([BODY, MENU, GALLERY]), min_size=1, max_size=5),
    st.randoms(use_true_random=False),
)
def test_marks_do_not_depend_on_masks(texts, random):
    tokens = tokenize(texts)
    masked = np.array([random.random() < 0.3 for _ in tokens.hashes], np.bool_)
    whole = mark_furniture(tokens, texts).mask(masked)
    later = mark_masked(tokens.mask(masked), texts)
    assert later.roles.tolist() == whole.roles.tolist()


@law(30)
@given(st.integers(0, 3), st.integers(0, 3))
def test_furniture_counts_for_nothing(n_before, n_after):
    line = "Thank you for reading the Gazette. Sign up for our free newsletter today."
    other = "The marsh silverwing was declared extinct in 1962, and a student found one in June."
    a = "\n\n".join([*[line] * n_before, BODY, line, *[line] * n_after])
    found = dedup.compare(a, f"{other}\n\n{line}")
    assert {one.role for one in found.passages} == {"furniture"}
    assert (found.relation, found.similarity) == ("none", 0)
    assert (found.coverage_a, found.coverage_b) == (0, 0)
    assert dedup.compare(a, BODY).coverage_a == 1


@law(200)
@given(
    st.lists(st.sampled_from(["News", "Log in", "the", "\n", " \n", ". "]), max_size=40), st.data()
)
def test_a_line_that_goes_on_too_far_is_no_menu_line(parts, data):
    text = " ".join(["News", *parts])
    tokens = tokenize([text])
    token = data.draw(st.integers(0, len(tokens.starts) - 1))
    n_known = data.draw(st.integers(1, 4))
    lines = LineReader(tokens, 0, text)
    line = lines.find(token)
    if lines.is_longer(token, n_known):
        assert not is_menu_line(line, n_known)
    elif token == line.first:
        assert line.n_words <= n_known + min(n_known, _MAX_BESIDE)


@law(200)
@given(st.lists(hostile_text(8), max_size=5).map("\n".join), st.sampled_from([1, -1]))
def test_lines_and_sentences_do_not_depend_on_those_found_before(text, step):
    tokens = tokenize([text])
    starts = tokens.starts.tolist()
    lines = LineReader(tokens, 0, text)
    for place in range(len(text) + 1)[::step]:
        line = lines.find_at(place)
        begin = text.rfind("\n", 0, place) + 1
        stop = text.find("\n", place) % (len(text) + 1)
        own = [at for at, start in enumerate(starts) if begin <= start < stop]
        assert (line.start, [*range(line.first, line.last)]) == (begin, own)
        heads = [at for at in own if tokens.flags[at] & STARTS_SENTENCE]
        for token in own:
            first = max([at for at in heads if at <= token], default=line.first)
            last = min([at for at in heads if at > token], default=line.last)
            assert lines.find_sentence(token, line) == (first, last)


@pytest.mark.parametrize("ending", ["", "\n", f"\n{BODY}"])
def test_a_bare_credit_is_one_on_the_first_line_too(ending):
    credit = "Jo Smith/Gazette"
    tokens, roles = _roles(credit + ending)
    assert ((roles == ROLES.index("furniture")) == (tokens.starts < len(credit))).all()
    assert [*find_marks(credit + ending)] == [(len(credit) - 1, 25)]
