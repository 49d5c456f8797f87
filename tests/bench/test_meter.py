"""The METER reader and its score, on a small made-up corpus in the layout of the real one."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.accuracy.meter import (
    DERIVED,
    MeterStory,
    main,
    measure,
    read_marked,
    read_stories,
    score_story,
    table,
)

WIRE = (
    "A retired gardener who hid 40 stolen clocks beneath a greenhouse was jailed for two years "
    "at Oxton Crown Court yesterday."
)
VERBATIM = "who hid 40 stolen clocks beneath a greenhouse was jailed for two years"
MARKED = f"""<!DOCTYPE meter SYSTEM "meter.dtd">
<!-- marked by hand -->
<meterdocument newspaper="times"><body>
<Rewrite PAsource="clocks1.txt">An elderly gardener</Rewrite>
<Verbatim PAsource="clocks1.txt">{VERBATIM}</Verbatim>
<New>&amp; wept as Judge Ann Pell told him that caf\xe9s tick louder than he did.</New>
</body></meterdocument>"""
APART = "Clock collectors met in Bristol last week to admire a rare Swiss repeater and eat cake."


@pytest.fixture
def root(tmp_path: Path) -> Path:
    where = "courts/01.02.00/clocks"
    files = {
        f"PA/rawtexts/{where}/clocks1.txt": WIRE,
        f"PA/rawtexts/{where}/clocks2.txt": "Further details are expected later today.",
        f"newspapers/rawtexts/{where}/clocks1_times.txt": f"An elderly gardener {VERBATIM}.",
        f"newspapers/annotated/{where}/clocks1_times.sgml": MARKED,
        f"newspapers/rawtexts/{where}/clocks2_sun.txt": APART,
        f"newspapers/rawtexts/{where}/clocks3_mail.txt": VERBATIM,
        "newspapers/rawtexts/courts/01.02.00/nowire/nowire1_sun.txt": APART,
    }
    paths = {
        "wholly_derived": ["clocks/clocks1_times.txt", "clocks/clocks3 _mail.txt"],
        "partially_derived": ["nowire/nowire1_sun.txt", "clocks/lost9_sun.txt"],
        "non_derived": ["clocks/clocks2_sun.txt"],
    }
    for category, lines in paths.items():
        files[f"file_index/courts/{category}.txt"] = "".join(
            f"meter_corpus/newspapers/rawtexts/courts/01.02.00/{line}\n" for line in lines
        )
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="latin-1")
    return tmp_path


def test_marks_are_taken_out_and_kept() -> None:
    text, marks = read_marked(MARKED)
    assert "<" not in text
    assert [name for name, _ in marks] == ["rewrite", "verbatim", "new"]
    rewrite, verbatim, new = (text[slice(*span)] for _, span in marks)
    assert (rewrite, verbatim) == ("An elderly gardener", VERBATIM)
    assert new.startswith("& wept")
    assert "marked by hand" not in text


@pytest.mark.parametrize(
    ("sgml", "expected"),
    [
        ("plain", []),
        ("<NEW>a</NEW>b<new x='1'>c</new>", [("new", "a"), ("new", "c")]),
        ("<verbatim>a<p>b</p></verbatim>", [("verbatim", "a"), ("verbatim", "b")]),
        ("<new>a<rewrite>b</rewrite>c</new>", [("new", "a"), ("rewrite", "b"), ("new", "c")]),
        ("<verbatim>never closed", [("verbatim", "never closed")]),
        ("</verbatim>a", []),
        ("1 < 2 <new>3</new>", [("new", "3")]),
    ],
)
def test_marks_of_odd_texts(sgml: str, expected: list[tuple[str, str]]) -> None:
    text, marks = read_marked(sgml)
    assert [(name, text[slice(*span)]) for name, span in marks] == expected


@given(
    st.lists(st.sampled_from(["<new>", "</new>", "<p>", "<Verbatim a='b'>", "</Verbatim>", "ab "]))
)
def test_marks_never_overlap_and_lose_no_text(pieces: list[str]) -> None:
    text, marks = read_marked("".join(pieces))
    assert text == "ab " * pieces.count("ab ")
    ends = [0, *(place for _, span in marks for place in span), len(text)]
    assert ends == sorted(ends)


def test_stories_come_with_the_wire_of_their_folder(root: Path) -> None:
    stories = list(read_stories(root))
    assert [(one.category, bool(one.marks)) for one in stories] == [
        ("wholly_derived", True),
        ("wholly_derived", False),
        ("non_derived", False),
    ]
    assert {one.wire for one in stories} == {f"{WIRE}\n\nFurther details are expected later today."}
    assert "café" in stories[0].text


def test_a_directory_that_is_no_corpus_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="file_index"):
        list(read_stories(tmp_path))


def test_a_score_by_hand() -> None:
    story = MeterStory(
        "x", "wholly_derived", "ab cd efgh", "", (("verbatim", (0, 5)), ("new", (6, 10)))
    )
    half = score_story(story, [(3, 8)])
    assert (half.marked, half.found) == ({"verbatim": 4, "new": 4}, {"verbatim": 2, "new": 2})
    assert (half.precision, half.recall(*DERIVED), half.f1) == (0.5, 0.5, 0.5)
    whole = score_story(story, [(0, 5)])
    assert (whole.precision, whole.recall(*DERIVED), whole.f1) == (1, 1, 1)
    both = half + whole
    assert (both.n_stories, both.recall("verbatim"), both.recall("new")) == (2, 0.75, 0.25)


def test_text_that_is_not_derived_counts_apart() -> None:
    one = score_story(MeterStory("x", "non_derived", "ab cd", ""), [(0, 2)])
    assert (one.recall("non_derived"), one.precision, one.f1) == (0.5, 0, 0)


def test_the_detector_finds_the_derived_part(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = measure(root)
    assert one.n_stories == 3
    assert one.recall("verbatim") == 1
    assert one.recall("new") < 0.2
    assert one.recall("non_derived") == 0
    main(["--meter", str(root)])
    assert capsys.readouterr().out.splitlines() == list(table(one))
