"""The tokenizer against its twin, on text that breaks tokenizers and text that does not."""

import unicodedata
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import xxhash
from hypothesis import given
from hypothesis import strategies as st

from dedup.align.overlap import Pieces
from dedup.text import encode
from dedup.text.tables import kinds as kernel
from dedup.text.tokenize import join_tokens, tokenize
from tests.reference import tokenize as reference
from tests.strategies import HOSTILE, hostile_text, law, news_text, settled

COLUMNS = ("hashes", "stems", "starts", "ends", "flags")
any_text = hostile_text() | news_text()


def _words(text: str) -> list[str]:
    found = tokenize([text])
    return [text[start:end] for start, end in zip(found.starts, found.ends, strict=True)]


def _flagged(text: str, flag: np.uint8) -> list[str]:
    words = _words(text)
    return [word for word, has in zip(words, tokenize([text]).flags & flag, strict=True) if has]


def _assert_twin(text: str) -> None:
    found, (twin, expected, stems) = tokenize([text]), reference.mark(text)
    spans = list(zip(found.starts.tolist(), found.ends.tolist(), strict=True))
    assert spans == [(token.start, token.end) for token in twin]
    assert found.hashes.tolist() == reference.hashes(twin)
    # Whether an apostrophe is a quotation mark is tested by example.
    sure = [255 - 8 - 32 * any(map(reference.APOSTROPHES.count, token.gap)) for token in twin]
    flags = found.flags.tolist()
    assert [flag & mask for flag, mask in zip(flags, sure, strict=True)] == [
        flag & mask for flag, mask in zip(expected, sure, strict=True)
    ]
    assert found.stems.tolist() == stems


@law(300)
@given(hostile_text())
def test_hostile_text_is_the_twin(text):
    _assert_twin(text)


@law(100)
@given(news_text())
def test_news_is_the_twin(text):
    _assert_twin(text)


@pytest.mark.parametrize("char", HOSTILE, ids=ascii)
def test_each_hostile_code_point_is_the_twin(char):
    for text in (char, f"{char}{char}", f"a{char}b", f"{char} x", f"No. {char}X, 漢{char}字"):
        _assert_twin(text)


@law(100)
@given(any_text)
def test_spans_are_ordered_and_inside(text):
    found = tokenize([text])
    edges = np.stack([found.starts, found.ends], axis=1).reshape(-1).tolist()
    assert edges == sorted(edges)
    assert not edges or edges[-1] <= len(text)
    assert (found.starts < found.ends).all()


@law(100)
@given(any_text)
def test_a_span_holds_what_was_hashed(text):
    found = tokenize([text])
    for start, end, value in zip(found.starts, found.ends, found.hashes, strict=True):
        (again,) = tokenize([text[start:end]]).hashes
        assert again == value


@law(60)
@given(st.lists(any_text, max_size=5))
def test_a_batch_is_one_at_a_time(texts):
    together, alone = tokenize(texts), [tokenize([text]) for text in texts]
    assert together.counts.tolist() == [len(one.hashes) for one in alone]
    for column in COLUMNS:
        parts = [getattr(one, column) for one in alone]
        assert getattr(together, column).tolist() == [value for part in parts for value in part]


def test_threads_change_nothing(monkeypatch):
    """Small batches, so that there are more of them than threads."""
    texts = [f"Article {n} on the harbor. " * (n % 5) + "漢字" * n for n in range(40)]
    serial = tokenize(texts)
    monkeypatch.setattr(encode, "_BATCH_SIZE", 64)
    with ThreadPoolExecutor(3) as pool:
        threaded = tokenize(texts, pool)
    assert threaded.offsets.tolist() == serial.offsets.tolist()
    for column in COLUMNS:
        assert getattr(threaded, column).tolist() == getattr(serial, column).tolist()
        assert getattr(threaded, column).dtype == getattr(serial, column).dtype


def test_control_characters_part_words():
    assert _words("nul\0nul\x1fbell\x07") == ["nul", "nul", "bell"]


@pytest.mark.parametrize("texts", [[], [""], ["", ""], ["\0", " ", "\u200b"]])
def test_no_words(texts):
    found = tokenize(texts)
    assert found.offsets.tolist() == [0] * (len(texts) + 1)
    assert all(len(getattr(found, column)) == 0 for column in COLUMNS)


@pytest.mark.parametrize("text", ["a", "a b", "漢字", "a漢b", "x漢", "漢x漢x", "a b 漢 c d"])
def test_as_many_tokens_as_bytes_allow(text):
    """The output arrays are sized for one token in two bytes and one more an article."""
    assert tokenize([text] * 50).counts.tolist() == [len(reference.tokens(text))] * 50


@pytest.mark.parametrize("n", [127, 128, 129, 256, 257, 5000])
def test_a_long_word_is_cut(n):
    assert [len(word) for word in _words("x" * n)] == [128] * (n // 128) + [n % 128] * (n % 128 > 0)


def test_a_long_word_of_long_folds():
    """U+FDFA folds to 18 code points, the most there is: 128 of them fill the buffer."""
    text = "\ufdfa" * 300
    _assert_twin(text)
    assert [len(word) for word in _words(text)] == [128, 128, 44]


def test_nothing_but_space():
    assert _words(" " * 1_000_000) == []
    assert _words(" " * 1_000_000 + "end") == ["end"]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Café", "CAFE\u0301"),
        ("straße", "STRASSE"),
        ("ﬁnance", "finance"),
        ("co\u00adoperate", "cooperate"),
        ("zero\u200bwidth", "zerowidth"),
        ("\u200fשלום", "שלום"),
        ("ὈΔΥΣΣΕΎΣ", "οδυσσευς"),
        ("１２３", "123"),
    ],
)
def test_spellings_that_are_one_word(left, right):
    assert tokenize([left]).hashes.tolist() == tokenize([right]).hashes.tolist()
    assert _words(left) == [left.removeprefix("\u200f")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("won't co-operate", ["won", "t", "co", "operate"]),
        ("4.5 and 1,000", ["4", "5", "and", "1", "000"]),
        ("北京abc", ["北", "京", "abc"]),
        ("a\u2028b\ud800c", ["a", "b", "c"]),
        ("🙂grin👩\u200d🚀", ["grin"]),
    ],
)
def test_where_words_end(text, words):
    assert _words(text) == words


def test_hashes_are_xxh64_of_the_folded_word():
    (value,) = tokenize(["ANGRÉ"]).hashes
    assert int(value) == xxhash.xxh64_intdigest(b"angre")


def test_stop_words_are_not_content():
    assert _flagged("The mayor of it said 12 libraries", kernel.IS_CONTENT) == [
        "mayor",
        "12",
        "libraries",
    ]
    assert "The" in _flagged("The mayor of it said 12 libraries", kernel.IS_STOP)


def test_stop_words_have_no_stem():
    found = tokenize(["those during having"])
    assert (found.flags & kernel.IS_STOP).all()
    assert found.stems.tolist() == found.hashes.tolist()


@pytest.mark.parametrize(
    ("text", "capitals"),
    [("Élan ÉLAN élan", 2), ("ǅ 1A a1", 1), ("漢 א A", 1)],
)
def test_capitals(text, capitals):
    assert len(_flagged(text, kernel.IS_CAPITAL)) == capitals


def test_digits():
    assert _flagged("B2B 2024 ٣ ten ½", kernel.IS_DIGIT) == ["B2B", "2024", "٣", "½"]


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("One two. Three four", ["One", "Three"]),
        ("one two. three", ["one"]),
        ("Mr. Smith met Dr. Jones. Then", ["Mr", "Then"]),
        ("Gov. Hale left. She", ["Gov", "She"]),
        ("War. Then Acts. Then", ["War", "Then"]),
        ("J. R. Smith of the U.S. Senate", ["J"]),
        ("Really? yes! And", ["Really", "yes", "And"]),
        ("at example.Com", ["at"]),
        ("a line\nthat goes on", ["a"]),
        ("A title\nThe text", ["A", "The"]),
        ("a title\n\nthe text", ["a", "the"]),
        ("a title\u2029\u2029the text", ["a", "the"]),
        ("It cost 5. 20 came", ["It", "20"]),
        ("他来了。她走了", ["他", "她"]),
    ],
)
def test_sentences(text, starts):
    assert _flagged(text, kernel.STARTS_SENTENCE) == starts


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("one, two; three: four", ["one", "two", "three", "four"]),
        ("one (two) three – four - five", ["one", "two", "three", "four"]),
        ("one “two” three", ["one", "two", "three"]),
        ('one "two" three', ["one", "two", "three"]),
        ("one 'two' three", ["one", "two", "three"]),
        ("the dogs' tails, it's", ["the", "it"]),
    ],
)
def test_clauses(text, starts):
    assert _flagged(text, kernel.STARTS_CLAUSE) == starts


_inside = st.lists(st.sampled_from(("won't", "vote", "Dogs", "at 12", "o'clock")), min_size=1).map(
    " ".join
)
_last = st.sampled_from(("", ",", ".", "?", " –"))
_outside = st.sampled_from((" said the mayor ", ", he added, ", " (again) ", " it's "))
_pairs = st.sampled_from(("“”", '""', "«»", "‘’", "''", "‹›"))


@law(100)
@given(st.lists(st.tuples(_outside, _pairs, _inside, _last), max_size=5))
def test_what_is_quoted(parts):
    """Marks in pairs around words, apostrophes inside words, a clause mark before the end."""
    text, expected = "", []
    for outside, (opening, closing), inside, last in parts:
        text += f"{outside}{opening}{inside}{last}{closing}"
        expected += _words(inside)
    assert _flagged(text + " and so on", kernel.IS_QUOTED) == expected


def test_a_quotation_ends_with_its_paragraph():
    assert _flagged("“One two\nthree", kernel.IS_QUOTED) == ["One", "two"]
    assert _flagged("'One two\nthree", kernel.IS_QUOTED) == ["One", "two"]


def test_the_whole_basic_plane_is_the_twin():
    """Every settled code point between two letters, which no sample of them would cover."""
    chars = [char for char in settled() if not "\u4e00" < char < "\u9ff0"]
    for at in range(0, len(chars), 4096):
        text = " ".join(f"a{char}B" for char in chars[at : at + 4096])
        found, twin = tokenize([text]), reference.tokens(text)
        assert found.starts.tolist() == [token.start for token in twin]
        assert found.ends.tolist() == [token.end for token in twin]
        assert found.hashes.tolist() == reference.hashes(twin)
    assert unicodedata.category(chars[-1]) != "Cn"


@pytest.mark.parametrize("mark", [",", ":", ")", "–"])
def test_a_straight_quotation_ends_after_a_clause_mark(mark):
    text = f'"we won{mark}" the coach said'
    assert _flagged(text, kernel.IS_QUOTED) == ["we", "won"]


def test_a_carriage_return_is_part_of_its_line_break():
    assert _flagged("a line\r\nthat goes on", kernel.STARTS_SENTENCE) == ["a"]


def test_a_full_stop_before_a_name_ends_nothing():
    assert _flagged("built on .NET now", kernel.STARTS_SENTENCE) == ["built"]


def test_a_blank_line_may_hold_spaces():
    assert _flagged("a title\n \nthe text", kernel.STARTS_SENTENCE) == ["a", "the"]


def test_a_comma_after_an_abbreviation_starts_a_clause():
    assert _flagged("Acme Inc., said one", kernel.STARTS_CLAUSE) == ["Acme", "said"]


def test_an_apostrophe_before_a_number_is_no_quotation():
    assert _flagged("back in the '90s we ran", kernel.IS_QUOTED) == []


@pytest.mark.parametrize("kept", [[], [0], [1, 3], [0, 1, 2, 3]])
def test_selecting_articles_is_tokenizing_them_alone(kept):
    texts = ["Two words", "", "A longer one, with marks.", "東京で"]
    found = tokenize(texts).select(np.array(kept, np.int64))
    alone = tokenize([texts[at] for at in kept])
    for column in (*COLUMNS, "offsets", "cuts"):
        assert getattr(found, column).tolist() == getattr(alone, column).tolist()


MASKS = st.lists(st.lists(st.booleans(), max_size=9), min_size=1, max_size=4)


def _tokens_of(mask):
    return tokenize([" ".join(f"w{at}" for at in range(len(own))) for own in mask])


@law(100)
@given(MASKS)
def test_masking_leaves_the_other_tokens_and_cuts(mask):
    tokens = _tokens_of(mask)
    found = tokens.mask(np.array([one for own in mask for one in own], np.bool_))
    for number, own in enumerate(mask):
        low, high = found.offsets[number : number + 2]
        starts = tokens.starts[tokens.offsets[number] : tokens.offsets[number + 1]]
        left = [at for at, is_masked in enumerate(own) if not is_masked]
        assert found.starts[low:high].tolist() == starts[left].tolist()
        cuts = [at for at, token in enumerate(left) if token and own[token - 1]]
        assert [cut - low for cut in found.cuts.tolist() if low <= cut < high] == cuts
        boundary = kernel.STARTS_SENTENCE | kernel.STARTS_CLAUSE
        assert all(found.flags[low + cut] & boundary == boundary for cut in cuts)


@law(100)
@given(st.lists(MASKS, min_size=1, max_size=3))
def test_joining_batches_is_one_batch(masks):
    def masked(mask):
        return _tokens_of(mask).mask(np.array([one for own in mask for one in own], np.bool_))

    found = join_tokens([masked(mask) for mask in masks])
    whole = masked([own for mask in masks for own in mask])
    for column in (*COLUMNS, "offsets", "cuts"):
        assert getattr(found, column).tolist() == getattr(whole, column).tolist()


def _pieces(tokens, article):
    spans, bounds = Pieces.from_tokens(tokens)
    return list(map(tuple, spans[bounds[article] : bounds[article + 1]].tolist()))


@law(100)
@given(MASKS)
def test_pieces_hold_what_is_left_and_nothing_that_is_masked(mask):
    tokens = _tokens_of(mask)
    found = tokens.mask(np.array([one for own in mask for one in own], np.bool_))
    for number, own in enumerate(mask):
        pieces = _pieces(found, number)
        starts = tokens.starts[tokens.offsets[number] : tokens.offsets[number + 1]].tolist()
        for start, is_masked in zip(starts, own, strict=True):
            assert any(low <= start < high for low, high in pieces) != is_masked
        assert pieces == sorted(pieces)


@law(100)
@given(MASKS, st.data())
def test_masking_twice_is_masking_at_once(mask, data):
    tokens = _tokens_of(mask)
    flat = np.array([one for own in mask for one in own], np.bool_)
    first = np.array(data.draw(st.lists(st.booleans(), min_size=len(flat), max_size=len(flat))))
    first = flat & first.astype(np.bool_)
    found, twice = tokens.mask(flat), tokens.mask(first)
    twice = twice.mask(flat[~first])
    for number in range(len(mask)):
        assert _pieces(found, number) == _pieces(twice, number)
    assert found.starts.tolist() == twice.starts.tolist()
