"""Words of languages: lines of ``wording_lines.tsv`` for and against rows of ``wording.tsv``."""

from importlib.resources import files
from pathlib import Path

import pytest

from dedup import compare
from dedup.align.fact import is_fact
from dedup.align.wording import read_wording
from dedup.model.article import Span

LINES = [
    line.split("\t")
    for line in (Path(__file__).parent / "wording_lines.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
OPENING = "\n\nNothing of this was known before, and no other town has decided anything like it. "
ENGLISH = "It was the band of {}the year in the town, and it is on tour with its hit."


def _of(*kinds):
    return [line for line in LINES if line[1] in kinds]


def test_every_row_has_a_line_for_and_one_against():
    text = (files("dedup.align") / "wording.tsv").read_text("utf-8")
    rows = [line.split("\t")[:2] for line in text.splitlines() if not line.startswith("#")]
    tested = {"denial": "+-", "date": "+-", "saying": "+-", "kept": "-", "common": ""}
    wanted = {(*row, sign) for row in rows for sign in tested[row[1]]}
    assert wanted == {tuple(line[:3]) for line in LINES}
    # A language that has frequent words denies.
    assert {language for language, kind in rows if kind == "common"} <= {
        language for language, kind in rows if kind == "denial"
    }


def test_words_are_folded_and_know_their_languages():
    for kind in ("denial", "date", "saying", "common"):
        words = read_wording(kind)
        assert len(words) > 20
        assert all(word == word.casefold() for word in words)
    assert read_wording("denial")["no"] == {"en", "es"}


@pytest.mark.parametrize(
    ("language", "kind", "sign", "one", "other"), _of("denial", "date", "kept")
)
def test_an_edit_of_such_a_word_changes_a_fact(language, kind, sign, one, other):
    (passage,) = compare(f"{one}. {one}. {OPENING}", f"{other}. {other}. {OPENING}").passages
    edits = [edit for edit in passage.edits if edit.op != "kept"]
    assert edits
    assert any(edit.is_fact for edit in edits) == (sign == "+")


@pytest.mark.parametrize(
    "word",
    [
        word
        for word, languages in read_wording("denial").items()
        if word[0] < "\u0370" and "en" not in languages
    ],
)
def test_no_word_denies_in_a_sentence_of_english(word):
    one, other = ENGLISH.format(""), ENGLISH.format(f"{word} ")
    at = other.index(f"{word} the")
    gap, inserted = Span(at, at), Span(at, at + len(word))
    assert not is_fact("inserted", one, gap, other, inserted)
    # Without frequent words nothing tells the language, so that it does.
    if word not in read_wording("common"):
        assert is_fact("inserted", "", Span(0, 0), word, Span(0, len(word)))


@pytest.mark.parametrize(
    ("language", "kind", "sign", "sentence", "speaker"),
    [line if line[2] == "+" else [*line, None] for line in _of("saying")],
)
def test_a_speaker_is_found_after_a_quotation(language, kind, sign, sentence, speaker):
    (passage,) = compare(f"Norden. {sentence}", sentence).passages
    assert (passage.quote, passage.speaker_a, passage.speaker_b) == (True, speaker, speaker)
