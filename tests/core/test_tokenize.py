"""Runs and tokens of bytes: against their twins, and within their room to the last byte.

What the stage makes of them is held in ``tests/text/test_tokenize.py``.
"""

from itertools import chain
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup import _core
from dedup.text import tables
from dedup.text.tables.kinds import IS_STOP, LETTER, RUN, SPACELESS
from tests.reference import hash as hashing
from tests.reference import tokenize as reference
from tests.strategies import hostile_text, law, news_text

VARIANTS = (*_core.find_variants(), None)
CANARY = 0xA5
# What ends and begins runs at every distance from the edges of a block.
PIECES = [b"a", b"Z", b"7", b" ", b"-", b"\0", b"\xc3\xa9", b"\xe6\xbc\xa2", b"\xff", b"word"]
BYTES = st.lists(st.sampled_from(PIECES), max_size=90).map(b"".join)


def _edges(
    data: bytes, before: bytes = b"", after: bytes = b" ", variant: str | None = None
) -> list[tuple[int, int, bool]]:
    padded = before + data + after * _core.PADDING
    text = np.frombuffer(bytearray(padded), np.uint8)
    edges = np.zeros(len(data) + 2 + _core.BLOCK, np.int64)
    n = _core.find_edges(text, len(before), len(before) + len(data), edges, variant)
    starts, ends = edges[:n:2], edges[1:n:2]
    foreign = (starts & _core.FOREIGN) != 0
    starts = (starts & ~_core.FOREIGN) - len(before)
    ends = ends - len(before)
    return list(zip(starts.tolist(), ends.tolist(), foreign.tolist(), strict=True))


@law(300)
@given(BYTES | st.binary(max_size=200))
@example(b"")
def test_edges_are_the_twin(data):
    for variant in VARIANTS:
        assert _edges(data, variant=variant) == reference.runs(data)


@pytest.mark.parametrize("size", [1, 7, 8, 9, 63, 64, 65, 127, 128, 129])
@pytest.mark.parametrize("byte", [b"a", b"\xc3", b" "])
@pytest.mark.parametrize("variant", VARIANTS)
def test_runs_as_long_as_blocks(size, byte, variant):
    for data in (byte * size, b" " + byte * size, byte * size + b" a"):
        assert _edges(data, variant=variant) == reference.runs(data)


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_byte_in_every_place_of_a_block(variant):
    """More blocks than are classified at a time, and each byte on both sides of others."""
    for shift in range(65):
        data = b" " * shift + bytes(range(256)) * 6
        assert _edges(data, variant=variant) == reference.runs(data)


@law(100)
@given(BYTES, st.binary(max_size=9), st.sampled_from([b"\xff", b"a", b"\0"]))
def test_what_stands_around_an_article_is_not_read_into_it(data, before, after):
    for variant in VARIANTS:
        assert _edges(data, before, after, variant) == reference.runs(data)


@law(200)
@given(st.binary(max_size=15))
def test_a_short_hash_is_xxh64(data):
    head = int.from_bytes(data[:8].ljust(8, b"?"), "little")
    tail = int.from_bytes(data[8:].ljust(8, b"?"), "little")
    assert _core.hash_short(head, tail, len(data)) == hashing.hash_bytes(data)


@law(100)
@given(st.lists(st.binary(max_size=15) | st.none(), max_size=20))
def test_hashes_of_many_are_xxh64(words):
    """And those of long tokens are what stands for them already."""
    parts = [b"" if word is None else word for word in words]
    heads = np.array([int.from_bytes(part[:8].ljust(8, b"?"), "little") for part in parts], "u8")
    tails = np.array([int.from_bytes(part[8:].ljust(8, b"?"), "little") for part in parts], "u8")
    sizes = np.array([255 if word is None else len(word) for word in words], np.uint8)
    expected = [
        int(head) if word is None else hashing.hash_bytes(word)
        for word, head in zip(words, heads, strict=True)
    ]
    for variant in VARIANTS:
        hashes = np.empty(len(words), np.uint64)
        _core.hash_words(heads, tails, sizes, hashes, variant)
        assert hashes.tolist() == expected


class Words(NamedTuple):
    edges: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    heads: np.ndarray
    tails: np.ndarray
    sizes: np.ndarray
    points: np.ndarray
    flags: np.ndarray
    scratch: np.ndarray


TYPES = Words("i8", "i8", "i8", "u8", "u8", "u1", "u1", "u1", "u1")


def _room(n_bytes: int) -> tuple[Words, list[np.ndarray]]:
    """Room for so many bytes and no more, each array between canaries."""
    n = n_bytes // 2 + 1
    sizes = Words(n_bytes + 2 + _core.BLOCK, n, n, n, n, n, n, n, _core.SCRATCH)
    wide, parts = [], []
    for size, dtype in zip(sizes, TYPES, strict=True):
        n_taken = size * np.dtype(dtype).itemsize
        bytes_ = np.full(n_taken + 128, CANARY, np.uint8)
        wide.append(bytes_)
        parts.append(bytes_[64 : 64 + n_taken].view(dtype))
    return Words(*parts), wide


@law(300)
@given(BYTES | st.binary(max_size=120), st.booleans(), st.sampled_from(VARIANTS))
@example(b"a a a a a", True, None)
@example("a漢a漢a".encode(), True, None)
@example("\ufdfa".encode() * 130, True, None)
@example(b"x" * 400, True, None)
def test_tokens_fit_their_room_whatever_the_bytes(data, is_described, variant):
    text = np.frombuffer(bytearray(data + bytes(_core.PADDING)), np.uint8)
    words, wide = _room(len(data))
    folding = tables.checked_folding()
    n, is_ascii = _core.find_words(text, 0, len(data), folding, *words, is_described, variant)
    assert n <= len(data) // 2 + 1
    assert is_ascii == data.isascii()
    for bytes_ in wide:
        assert (bytes_[:64] == CANARY).all()
        assert (bytes_[-64:] == CANARY).all()
    if is_described:
        edges = np.stack([words.starts[:n], words.ends[:n]], axis=1).ravel()
        assert (np.diff(edges) >= 0).all()


# Marks beside words, numbers and blanks, which tell what they do.
QUOTED = st.lists(
    st.sampled_from([*"'’‘`\"“”«» \n.,-%\u00ad", "ab", "c", "12", "漢", "๙", "\U0001f642"]),
    max_size=25,
).map("".join)
# Words of many scripts, broken lines, and what language is told by.
FOREIGN = st.lists(
    st.sampled_from(
        [
            *("the", "and", "yang", "dalam", "pemerintah", "covid19", "über", "wszystkich"),
            *("việt", "nam", "đường", "thành", "phố", "của", "12", "một", "không"),
            *("и", "правительство", "кoсмoс", "pаypal", "κaλo", "الوزراء", "والمدينة", "העיריות"),
            *(
                "ประเทศไทย",
                "รฐบาล",
                "ซฺฃฃ",
                "กก",
                "ກຳລັງ",
                "မြန်မာ",
                "한국에서",
                "가",
                "한국",
                "東京で",
            ),
            *("bro-\nken", "bro\u00ad\nken", "bro\n\u00ad\nken", "bro¬\nken", "bro\u2010\r\n ken"),
            *(
                "Bro-\nKen",
                "12-\nken",
                "١٢",
                "”Ja”",
                "»Ja«",
                "„Ja“",
                "Հա՞յ։",
                "\n",
                "straßenbahnhalte",
            ),
        ]
    ),
    max_size=12,
).map(" ".join)
TEXTS = hostile_text() | news_text(3) | QUOTED


@law(200)
@given(TEXTS, st.sampled_from(VARIANTS))
@example("é" * 200 + " straßenbahnhaltestellen 漢字", None)
def test_words_are_the_twin(article, variant):
    """Of a long word there is the hash in place of its bytes."""
    article = reference.join_lines(article)
    data = article.encode("utf-8", "surrogatepass")
    text = np.frombuffer(bytearray(data + bytes(_core.PADDING)), np.uint8)
    words, _ = _room(len(data))
    folding = tables.checked_folding()
    n, _ = _core.find_words(text, 0, len(data), folding, *words, True, variant)
    twins = reference.tokens(article)
    flags = reference.flags(article, twins)
    rows = [reference.describe(article, *pair) for pair in zip(twins, flags, strict=True)]
    columns = (words.starts, words.ends, words.sizes, words.points, words.flags)
    assert list(zip(*(column[:n].tolist() for column in columns), strict=True)) == [
        (start, end, len(folded) if len(folded) < 16 else 255, n_points, own)
        for start, end, folded, n_points, own in rows
    ]
    for at, (*_, folded, _, _) in enumerate(rows):
        if len(folded) < 16:
            kept = words.heads[at : at + 1].tobytes() + words.tails[at : at + 1].tobytes()
            assert kept[: len(folded)] == folded
        else:
            assert (words.heads[at], words.tails[at]) == (hashing.hash_bytes(folded), 0)


@law(400)
@given(st.lists(TEXTS | FOREIGN, max_size=3), st.sampled_from(VARIANTS))
def test_marked_articles_are_the_twin(articles, variant):
    parts = [article.encode("utf-8", "surrogatepass") for article in articles]
    text = np.frombuffer(b"".join(parts) + bytes(_core.PADDING), np.uint8)
    offsets = np.cumsum([0, *map(len, parts)])
    hashes, stems, starts, ends, flags, counts = _core.mark_articles(
        text, offsets, tables.checked_folding(), variant
    )
    twins = list(map(reference.mark, articles))
    every = [token for own, _, _ in twins for token in own]
    assert counts.tolist() == [len(own) for own, _, _ in twins]
    assert hashes.tolist() == reference.hashes(every)
    assert stems.tolist() == [stem for _, _, own in twins for stem in own]
    spans = list(zip(starts.tolist(), ends.tolist(), strict=True))
    assert spans == [(token.start, token.end) for token in every]
    expected = chain.from_iterable(own for _, own, _ in twins)
    quoted = chain.from_iterable(
        reference.quotations(reference.join_lines(article), own)
        for article, (own, _, _) in zip(articles, twins, strict=True)
    )
    assert flags.tolist() == [flag | quote for flag, quote in zip(expected, quoted, strict=True)]


def _mark(data: bytes, variant: str | None = None) -> tuple[np.ndarray, ...]:
    text = np.frombuffer(data + bytes(_core.PADDING), np.uint8)
    offsets = np.array([0, len(data) // 3, len(data)])
    return _core.mark_articles(text, offsets, tables.checked_folding(), variant)


@law(200)
@given(BYTES | st.binary(max_size=200))
def test_variants_agree_whatever_the_bytes(data):
    first = _mark(data)
    for variant in VARIANTS:
        for one, other in zip(first, _mark(data, variant), strict=True):
            assert (one == other).all()


@pytest.mark.parametrize(("first", "end"), [(-1, 3), (4, 3), (0, 11), (0, 2**62)])
def test_an_article_outside_of_the_text_is_refused(first, end):
    text = np.zeros(10 + _core.PADDING, np.uint8)
    with pytest.raises(ValueError, match=r"text|first"):
        _core.find_edges(text, first, end, np.empty(999, np.int64))


@pytest.mark.parametrize("name", Words._fields)
def test_too_little_room_is_refused(name):
    text = np.zeros(10 + _core.PADDING, np.uint8)
    words, _ = _room(10)
    _core.find_words(text, 0, 10, tables.checked_folding(), *words, True)
    less = words._replace(**{name: getattr(words, name)[1:]})
    with pytest.raises(ValueError, match="too short"):
        _core.find_words(text, 0, 10, tables.checked_folding(), *less, True)
    if name == "edges":
        with pytest.raises(ValueError, match="too short"):
            _core.find_edges(text, 0, 10, less.edges)


@pytest.mark.parametrize("offsets", [[0, 11], [0, -1], [5, 4], [-1, 3], []])
def test_lying_offsets_are_refused(offsets):
    text = np.zeros(10 + _core.PADDING, np.uint8)
    with pytest.raises(ValueError, match="offset"):
        _core.mark_articles(text, np.array(offsets, np.int64), tables.checked_folding())


def test_words_without_a_class_are_refused():
    with pytest.raises(ValueError, match="classes"):
        _core.Folding(*tables.folding(), np.ones(4, np.uint64), np.ones(3, np.uint8))


@pytest.mark.parametrize("words", [np.zeros(0), np.zeros(9), np.ones(9), np.arange(9)])
def test_any_hashes_make_a_table_that_every_search_ends_in(words):
    listed = words.astype(np.uint64), np.ones(len(words), np.uint8)
    folding = _core.Folding(*tables.folding(), *listed)
    text = np.frombuffer(b"wait and see" + bytes(_core.PADDING), np.uint8)
    flags = _core.mark_articles(text, np.array([0, 12]), folding)[4]
    assert (flags & IS_STOP == 0).all()


def _fold(**changes: np.ndarray) -> None:
    _core.Folding(*tables.folding()._replace(**changes), *tables.listed_words())


def _changed(name: str, at: int, value: int) -> dict[str, np.ndarray]:
    array = getattr(tables.folding(), name).copy()
    array[at] = value
    return {name: array}


def _entry(code: int) -> int:
    return int(tables.folding().pages[code >> 8]) * 256 + (code & 255)


@pytest.mark.parametrize(
    "changes",
    [
        {"pages": np.zeros(9, np.uint16)},
        {"kinds": np.zeros(9, np.uint8)},
        {"runs": np.zeros(0, np.uint32)},
        _changed("pages", 9, 2**16 - 1),
        _changed("folds", 9, int(RUN) | 31),
        _changed("folds", 9, int(RUN) | (2**19 - 1) << 5 | 1),
        _changed("runs", 0, int(RUN)),
        _changed("kinds", _entry(0x61), SPACELESS),
        _changed("kinds", _entry(0), LETTER),
        _changed("kinds", _entry(0xFFFD), SPACELESS),
        _changed("folds", _entry(0xE01), int(RUN) | 1),
    ],
)
def test_a_folding_that_points_outside_is_refused(changes):
    with pytest.raises(ValueError, match=r"pages|kinds|folds|runs"):
        _fold(**changes)


def test_other_types_are_refused():
    text, offsets = np.zeros(10 + _core.PADDING, np.uint8), np.array([0, 3])
    folding = tables.checked_folding()
    for bad in (
        (text.view(np.int8), offsets, folding),
        (text, offsets.astype(np.int32), folding),
        (text, offsets, tables.folding()),
    ):
        with pytest.raises(TypeError):
            _core.mark_articles(*bad)


def test_a_text_without_padding_is_refused():
    text = np.zeros(_core.PADDING - 1, np.uint8)
    with pytest.raises(ValueError, match="padding"):
        _core.mark_articles(text, np.array([0]), tables.checked_folding())
