"""Words of other languages: a line of ``wording_lines.tsv`` for each row of ``wording.tsv``."""

from importlib.resources import files
from pathlib import Path

import pytest

from dedup import compare
from dedup.align.wording import read_wording

LINES = [
    line.split("\t")
    for line in (Path(__file__).parent / "wording_lines.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
OPENING = "Nothing of this was known before, and no other town has decided anything like it. "


def _of(*kinds):
    return [line for line in LINES if line[1] in kinds]


def test_every_row_has_a_line():
    text = (files("dedup.align") / "wording.tsv").read_text("utf-8")
    rows = [line.split("\t")[:2] for line in text.splitlines() if not line.startswith("#")]
    assert sorted(rows) == sorted(line[:2] for line in LINES)


def test_words_are_read_once_each():
    for kind in ("denial", "date", "saying"):
        words = read_wording(kind)
        assert len(set(words)) == len(words) > 20
        assert all(word == word.casefold() for word in words)


@pytest.mark.parametrize(("language", "kind", "one", "other"), _of("denial", "date"))
def test_an_edit_of_such_a_word_changes_a_fact(language, kind, one, other):
    (passage,) = compare(f"{one}. {one}. {OPENING}", f"{other}. {other}. {OPENING}").passages
    assert any(edit.is_fact for edit in passage.edits)


@pytest.mark.parametrize(("language", "kind", "sentence", "speaker"), _of("saying"))
def test_a_speaker_is_found_after_a_quotation(language, kind, sentence, speaker):
    (passage,) = compare(f"Norden. {sentence}", sentence).passages
    assert (passage.quote, passage.speaker_a, passage.speaker_b) == (True, speaker, speaker)
