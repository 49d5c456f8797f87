"""Overlaps as JSON Lines against their twin, and what is no overlap."""

import json
import sys

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup import _core
from dedup.model import OPS, RELATIONS, ROLES
from dedup.model.passage import KINDS
from tests.arguments import make
from tests.reference import json_lines as reference
from tests.reference.json_lines import Edit, Overlap, Passage
from tests.strategies import law

HOSTILE = st.sampled_from(
    "a~\x7f\x80\x9f\xa0é\u07ff\u0800\u2027\u2028\u2029\u202a\ud7ff\ud800\udfff\ue000\uffff"
    '\U00010000🙂\U0010ffff"\\/\0\b\t\n\v\f\r\x1f '
)
TEXTS = st.text(HOSTILE | st.characters(exclude_categories=()), max_size=12)
# Halves between two rounded figures, and their neighbors.
TIES = st.builds(
    lambda n, unit, way: (
        np.nextafter((2 * n + 1) / 2 / unit, [-1, np.inf][way])
        if way < 2
        else (2 * n + 1) / 2 / unit
    ),
    st.integers(-9, 30_000),
    st.sampled_from([16, 100, 10_000]),
    st.integers(0, 2),
).map(float)
FIGURES = st.one_of(
    st.sampled_from([0.0, -0.0, 1.0, 0.5, 1e-5, 5e-5, 0.99995, 0.995, 0.9999499, 1e8, 5e-324]),
    TIES,
    st.floats(0, 1),
    st.floats(-1e9, 1e9, exclude_min=True, exclude_max=True),
)
NUMBERS = st.integers(-(2**63), 2**63 - 1)
NAMES = st.none() | TEXTS


def _figures(n):
    return st.lists(FIGURES, min_size=n, max_size=n)


def _places(most):
    return st.integers(0, len(most) - 1)


@st.composite
def _spans(draw, text):
    return sorted(draw(st.tuples(*2 * [st.integers(0, len(text))])))


EDITS = st.builds(Edit, _places(OPS), st.lists(NUMBERS, min_size=4, max_size=4), st.booleans())
SPEAKERS = st.just({}) | st.fixed_dictionaries(
    {"speaker_a": NAMES, "speaker_b": NAMES, "same_speaker": st.none() | st.booleans()}
)


@st.composite
def _overlaps(draw):
    texts = draw(st.lists(TEXTS, min_size=1, max_size=3))
    ids = [draw(TEXTS) for _ in texts]
    overlaps = []
    for _ in range(draw(st.integers(0, 3))):
        a, b = draw(st.tuples(*2 * [_places(texts)]))
        passage = st.builds(
            Passage,
            st.builds(list.__add__, _spans(texts[a]), _spans(texts[b])),
            *(_places(KINDS), _places(ROLES), SPEAKERS, _figures(3), NUMBERS),
            st.lists(EDITS, max_size=3),
        )
        marks = _figures(4), st.booleans(), st.booleans(), st.lists(passage, max_size=3)
        overlap = st.builds(Overlap, st.just([a, b]), _places(RELATIONS), *marks)
        overlaps.append(draw(overlap))
    return ids, texts, overlaps


def _bounds(rows):
    return np.cumsum([0, *map(len, rows)], dtype=np.int64)


def _join(parts):
    return np.frombuffer(b"".join(parts), np.uint8), _bounds(parts)


def _dump(value):
    return reference.escape(json.dumps(value, ensure_ascii=False, separators=(",", ":"))).encode()


def _column(rows, field, dtype, width=None):
    values = np.array([getattr(row, field) for row in rows], dtype)
    return values if width is None else values.reshape(-1, width)


def _write(ids, texts, overlaps):
    passages = [one for own in overlaps for one in own.passages]
    edits = [one for own in passages for one in own.edits]
    encoded = "".join(texts).encode(f"utf-32-{sys.byteorder[0]}e", "surrogatepass")
    speakers = [b"," + _dump(one.speakers)[1:-1] if one.speakers else b"" for one in passages]
    return _core.write_lines(
        (*_join([_dump(one) for one in ids]), np.frombuffer(encoded, np.uint32), _bounds(texts)),
        (
            _column(overlaps, "pair", np.int64, 2),
            _bounds([one.passages for one in overlaps]),
            _column(overlaps, "relation", np.int64),
            _column(overlaps, "figures", np.float64, 4),
            _column(overlaps, "is_capped", np.bool_),
            _column(overlaps, "is_version", np.bool_),
        ),
        (
            _column(passages, "chars", np.int64, 4),
            _column(passages, "kind", np.uint8),
            _column(passages, "role", np.uint8),
            *_join(speakers),
            _column(passages, "figures", np.float64, 3),
            _column(passages, "n_words", np.int64),
        ),
        (
            _bounds([one.edits for one in passages]),
            _column(edits, "op", np.int64),
            _column(edits, "chars", np.int64, 4),
            _column(edits, "is_fact", np.bool_),
        ),
    )


@law(200)
@given(_overlaps())
@example((["a"], [""], []))
def test_lines_are_those_of_the_twin(drawn):
    lines = "".join(f"{line}\n" for line in reference.write(*drawn))
    assert _write(*drawn).tobytes() == lines.encode()


@law(300)
@given(st.lists(FIGURES, min_size=7, max_size=7))
def test_figures_are_rounded_as_python_rounds(figures):
    passage = Passage([0, 0, 0, 0], 0, 0, {}, figures[4:], 1, [])
    overlap = Overlap([0, 0], 0, figures[:4], False, False, [passage])
    found = json.loads(_write(["a"], [""], [overlap]).tobytes(), parse_float=str)
    (inner,) = found["passages"]
    names = "similarity", "jaccard", "coverage_a", "coverage_b"
    shares = [found[name] for name in names] + [inner["identity"], inner["confidence"]]
    assert shares == [repr(reference.round_to(one, 4)) for one in figures[:6]]
    assert inner["score"] == repr(reference.round_to(figures[6], 2))


VALID = make()["write_lines"]


def _with(group, place, value):
    changed = [list(one) for one in VALID]
    changed[group][place] = value
    return [tuple(one) for one in changed]


@pytest.mark.parametrize("figure", [np.nan, np.inf, -np.inf, 1e9, -1e9])
@pytest.mark.parametrize(("group", "place"), [(1, 3), (2, 5)])
def test_figures_out_of_range_are_refused(figure, group, place):
    figures = VALID[group][place].copy()
    figures[-1, -1] = figure
    with pytest.raises(ValueError, match="figures out of range"):
        _core.write_lines(*_with(group, place, figures))


def test_a_span_ends_inside_of_its_own_text():
    """The last passage reads all of both texts; one code point more is in another article."""
    for column in (1, 3):
        chars = VALID[2][0].copy()
        chars[0, column] = VALID[0][3][-1]
        with pytest.raises(ValueError, match="outside of its text"):
            _core.write_lines(*_with(2, 0, chars))
    backwards = VALID[2][0].copy()
    backwards[0, 0] = 3
    with pytest.raises(ValueError, match="outside of its text"):
        _core.write_lines(*_with(2, 0, backwards))


def test_what_is_no_code_point_is_refused():
    points = VALID[0][2].copy()
    points[-1] = 0x110000
    with pytest.raises(ValueError, match="no code point"):
        _core.write_lines(*_with(0, 2, points))


@pytest.mark.parametrize(("place", "names"), [(1, KINDS), (2, ROLES)])
def test_what_has_no_name_is_refused(place, names):
    with pytest.raises(ValueError, match="out of range"):
        _core.write_lines(*_with(2, place, np.full(2, len(names), np.uint8)))


@pytest.mark.parametrize(("group", "place", "names"), [(1, 2, RELATIONS), (3, 1, OPS)])
def test_what_has_no_name_in_long_columns_is_refused(group, place, names):
    with pytest.raises(ValueError, match="out of range"):
        _core.write_lines(*_with(group, place, np.full(2, len(names), np.int64)))


@pytest.mark.parametrize(("group", "place"), [(1, 4), (1, 5), (3, 3)])
def test_marks_are_true_or_false(group, place):
    with pytest.raises(ValueError, match="neither true nor false"):
        _core.write_lines(*_with(group, place, np.full(2, 2, np.uint8).view(np.bool_)))
