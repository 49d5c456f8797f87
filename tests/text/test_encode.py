"""Whatever holds the texts, the sketches are the same; whatever holds none is refused by name."""

import subprocess
import sys
from io import BytesIO
from itertools import pairwise

import numpy as np
import pyarrow as arrow
import pytest
from hypothesis import given
from hypothesis import strategies as st

import dedup
from dedup.errors import MissingExtra, ParameterError
from dedup.sketches.sketch import sketch, sketch_texts
from dedup.text import encode
from dedup.text.encode import PADDING, TextBuffer, split
from dedup.text.tokenize import tokenize
from tests.strategies import hostile_text, law, news_text

PARAMS = dedup.Params().sketch
AFFINE = dedup.SketchParams(n_perm=50, scheme="affine32")
# Valid, cut off, overlong, a surrogate, past the last code point.
PIECES = st.sampled_from(
    [
        *(
            b"wait",
            b" ",
            b"A\0",
            b"\xc3\xa9",
            b"\xe6\xbc\xa2",
            b"\xed\xa0\x80",
            b"\xf0\x9f\x98\x80",
        ),
        *(b"\xc3", b"\x80", b"\xff", b"\xc1\x81", b"\xe0\x81\xa1", b"\xf0\x81\x81\x81"),
        b"\xf4\x90\x80\x80",
    ]
)
any_texts = st.lists(hostile_text() | news_text(), max_size=5)


def _buffer(texts: list[str], before: bytes = b"") -> TextBuffer:
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    offsets = np.cumsum([len(before), *map(len, encoded)])
    return TextBuffer(np.frombuffer(before + b"".join(encoded), np.uint8), offsets)


def _rows(texts: object) -> list[list[int]]:
    return sketch_texts(split(texts), PARAMS).signatures.tolist()


@law(60)
@given(any_texts, st.sampled_from([PARAMS, AFFINE]))
def test_texts_are_sketched_as_their_tokens_are(texts, params):
    expected = sketch(tokenize(texts), params).signatures
    assert (sketch_texts(split(texts), params).signatures == expected).all()


@law(60)
@given(any_texts, st.binary(max_size=3))
def test_a_buffer_is_its_texts(texts, before):
    assert _rows(_buffer(texts, before)) == _rows(texts)


@pytest.mark.parametrize("kind", [arrow.string(), arrow.large_string(), arrow.string_view()])
def test_a_column_is_its_texts(kind):
    texts = ["Wait and see.", "", "Élan vital 漢字", "x" * 50]
    column = arrow.array([*texts, None], kind)
    assert _rows(column) == _rows([*texts, ""])
    assert _rows(column[1:3]) == _rows(texts[1:3])
    assert _rows(arrow.chunked_array([column[:2], column[2:2], column[2:]])) == _rows([*texts, ""])
    assert _rows(column[:0]) == []
    assert _rows(arrow.chunked_array([], kind)) == []


def test_a_null_is_an_empty_text_whatever_its_slot_holds():
    """Arrow lets a null have bytes, which are nobody's text."""
    offsets, data = arrow.py_buffer(np.array([0, 4, 9], np.int32)), arrow.py_buffer(b"bushharbor")
    valid = arrow.py_buffer(bytes([0b10]))
    column = arrow.Array.from_buffers(arrow.string(), 2, [valid, offsets, data])
    assert _rows(column) == _rows(["", "harbo"])


@pytest.mark.parametrize("jobs", [1, 3])
def test_batches_and_threads_change_nothing(monkeypatch, jobs):
    texts = [f"Article {n} on the harbor. " * (n % 5) + "漢字" * n for n in range(40)]
    expected = _rows(texts)
    monkeypatch.setattr(encode, "_BATCH_SIZE", 64)
    for given_as in (texts, tuple(texts), iter(texts), _buffer(texts), arrow.array(texts)):
        assert dedup.sketch(given_as, jobs=jobs).signatures.tolist() == expected


@law(60)
@given(st.lists(st.integers(0, 300), max_size=30))
def test_batches_are_all_texts_in_order(sizes):
    batches = split(["x" * 1000 * size for size in sizes])
    assert [batch.first for batch in batches[1:]] == [batch.last for batch in batches[:-1]]
    assert (batches[0].first, batches[-1].last) == (0, len(sizes))
    for before, batch in pairwise(batches):
        assert batch.last > batch.first
        assert before.last > before.first


def test_what_is_encoded_is_padded():
    for texts in ([], [""], ["a"], _buffer(["a", "b"])):
        for batch in split(texts):
            text, offsets = batch.encode(BytesIO())
            assert len(text) == offsets[-1] + PADDING
            assert not text[offsets[-1] :].any()


@law(300)
@given(st.binary(max_size=40) | st.lists(PIECES, max_size=8).map(b"".join))
def test_bytes_that_are_no_utf8_are_read_as_replacements(data):
    assert _rows(TextBuffer(data, [0, len(data)])) == _rows([_decode(data)])


def _decode(data: bytes) -> str:
    """Decode the shortest forms that there are; each other byte is U+FFFD."""
    text, at = "", 0
    while at < len(data):
        for width in (1, 2, 3, 4):
            try:
                char = data[at : at + width].decode("utf-8", "surrogatepass")
            except UnicodeDecodeError:
                continue
            break
        else:
            char, width = "\ufffd", 1
        text += char
        at += width
    return text


@pytest.mark.parametrize(
    ("data", "texts"),
    [
        (b"wait\xc3 and see", "wait and see"),
        (b"wait \xff\xfe and see", "wait and see"),
        (b"wait and see\xe2\x80", "wait and see"),
        (b"wait\x80and see", "wait and see"),
        (b"wait\xf0\x9fand see", "wait and see"),
        (b"w\xe0\x81\xa1t and see", "w t and see"),
    ],
)
def test_a_broken_byte_ends_a_word(data, texts):
    buffer = TextBuffer(np.frombuffer(data, np.uint8), np.array([0, len(data)]))
    assert _rows(buffer) == _rows([texts])


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ("one text", "texts must be many texts, not one str"),
        (b"one text", "texts must be many texts, not one bytes"),
        (["a", None], r"texts\[1\] must be str, not NoneType"),
        (["a", "b", float("nan")], r"texts\[2\] must be str, not float"),
        ([b"a"], r"texts\[0\] must be str, not bytes"),
        (arrow.array([1, 2]), "texts must be a column of strings, not of int64"),
        (arrow.table({"text": ["a"]}), "texts must be one column of strings, not a table"),
        (
            arrow.array([1, 2]).dictionary_encode(),
            "texts must be a column of strings, not of int64",
        ),
        (5, "texts must be many texts, not one int"),
        (None, "texts must be many texts, not one NoneType"),
    ],
)
def test_what_is_no_text_is_named(texts, message):
    with pytest.raises(ParameterError, match=message):
        dedup.sketch(texts)


@pytest.mark.parametrize(
    ("data", "offsets", "message"),
    [
        (b"abc", np.array([0, 4]), "offsets must lie in 0 to 3, the size of data, not in 0 to 4"),
        (b"abc", np.array([-1, 2]), "not in -1 to 2"),
        (b"abc", np.array([0, 2, 1]), r"offsets\[1\] is 2 and offsets\[2\] is 1"),
        (b"abc", np.zeros(0, np.int64), "got none"),
        (b"abc", np.array([0.0, 1.0]), "of integers, not an array of float64 with 1 dimensions"),
        (b"abc", "01", "offsets must be a flat array of integers, not an array of <U2"),
        (b"abc", np.zeros((2, 2), np.int64), "array of int64 with 2 dimensions"),
        ("abc", [0, 1], "data must be bytes or a flat array of uint8, not str"),
        (np.zeros(3, np.int8), [0, 1], "not an array of int8 with 1 dimensions"),
    ],
)
def test_a_wrong_buffer_is_named(data, offsets, message):
    with pytest.raises(ParameterError, match=message):
        TextBuffer(data, offsets)


def test_offsets_that_change_later_change_nothing():
    offsets = np.array([0, 3, 3])
    buffer = TextBuffer(b"abc", offsets)
    offsets[1] = 200_000
    assert _rows(buffer) == _rows(["abc", ""])
    with pytest.raises(ValueError, match="read-only"):
        buffer.offsets[1] = 200_000


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_data_is_anything_of_bytes(kind):
    assert _rows(TextBuffer(kind(b"Wait and see"), [0, 4, 12])) == _rows(["Wait", " and see"])


def test_a_dictionary_of_strings_is_a_column_and_so_is_nothing_at_all():
    texts = ["Wait and see.", None, "Wait and see.", "Nothing else."]
    expected = _rows(["" if text is None else text for text in texts])
    assert _rows(arrow.array(texts).dictionary_encode()) == expected
    assert _rows(arrow.array([None, None])) == _rows(["", ""])


def test_a_block_of_parameters_may_stand_alone():
    alone = dedup.sketch(["Wait and see."], dedup.SketchParams(n_perm=16))
    assert alone.signatures.shape == (1, 16)


@pytest.mark.parametrize("jobs", [0, -1, "2", 2.5, True])
def test_jobs_are_a_number(jobs):
    with pytest.raises(ParameterError, match="jobs must be an integer of at least 1"):
        dedup.sketch(["a"], jobs=jobs)


def test_an_error_in_one_thread_is_the_callers(monkeypatch):
    monkeypatch.setattr(encode, "_BATCH_SIZE", 8)
    texts = ["Wait and see."] * 50 + [None] + ["Wait and see."] * 50
    with pytest.raises(ParameterError, match=r"texts\[50\] must be str, not NoneType"):
        dedup.sketch(texts, jobs=3)


def test_a_column_without_pyarrow_names_the_extra(monkeypatch):
    class Column:
        def __arrow_c_stream__(self, requested_schema=None):
            raise AssertionError("never asked")

    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtra, match=r"pyarrow is not installed.*dedup-news\[arrow\]"):
        split(Column())


def test_texts_need_no_pyarrow():
    code = "import sys, dedup; dedup.sketch(['a b']); assert 'pyarrow' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
