"""Who is quoted: told plainly, or nobody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.pipeline.report import compare
from tests.strategies import hostile_text, law, news_text

QUOTED = "The harbor will stay closed until the drought commission has reported to the embassy"
SPLIT = "The harbor will stay closed{} until the drought commission has reported to the embassy"
OTHER = f"Pensions fell again, and the strike went on. “{QUOTED}.” Nobody answered."


def _speaker(text: str) -> str | None:
    (passage,) = compare(text, OTHER).passages
    assert passage.quote
    assert passage.speaker_b is None
    return passage.speaker_a


@pytest.mark.parametrize(
    ("behind", "speaker"),
    [
        (",” Pashinyan said on Monday.", "Pashinyan"),
        (
            ",” said Prime Minister Nikol Pashinyan in a statement.",
            "Prime Minister Nikol Pashinyan",
        ),
        (",” said Sen. Jim Talent (R-Mo.), who wrote the bill.", "Sen. Jim Talent"),
        (",” the prime minister told reporters in Yerevan.", "the prime minister"),
        (",” said a spokesman for the ministry on Monday.", "a spokesman for the ministry"),
        (",” Maria Zakharova, the spokeswoman of the ministry, said.", "Maria Zakharova"),
        (",” Kremlin spokesman Dmitry Peskov said.", "Kremlin spokesman Dmitry Peskov"),
        (",” he added.", "he"),
        (",” according to Nikol Pashinyan.", "Nikol Pashinyan"),
        (",” said Tuesday.", None),
        (".” Pashinyan said on Monday that he was tired.", None),
        (",” and the strike went on.", None),
        (",” a line that Pashinyan said was wrong.", None),
        (",” it was said.", None),
        (",”\n\nPashinyan said he was tired.", None),
        (",” ran the headline.", None),
    ],
)
def test_behind_the_quotation(behind, speaker):
    assert _speaker(f"It rained. “{QUOTED}{behind}") == speaker
    straight = behind.replace("”", '"')
    assert _speaker(f'It rained. "{QUOTED}{straight}') == speaker


@pytest.mark.parametrize(
    ("before", "speaker"),
    [
        ("Pashinyan said: ", "Pashinyan"),
        ("On Monday, Nikol Pashinyan told reporters in Yerevan: ", "Nikol Pashinyan"),
        ("Pashinyan, the prime minister, said that ", "Pashinyan"),
        ("According to Pashinyan, ", "Pashinyan"),
        ("The talks went on.\n\nPashinyan: ", "Pashinyan"),
        ("The senator, who is from Texas, warned, ", "The senator"),
        ("Pashinyan was told: ", None),
        ("An aide of the man who said ", None),
        ("Pashinyan said nothing. ", None),
        ("Virginia added 8,300 jobs in the month of May: ", None),
        ("STORM OVER HARBOR\n  Sen. Jim Talent said: ", "Sen. Jim Talent"),
        ("He spoke of a deal called ", None),
    ],
)
def test_before_the_quotation(before, speaker):
    assert _speaker(f"It rained. {before}“{QUOTED}.”") == speaker


@pytest.mark.parametrize(
    ("inside", "speaker"),
    [
        (",” Pashinyan said, “", "Pashinyan"),
        (",” said Mr. Pashinyan. “", "Mr. Pashinyan"),
        (",” she went on, “", None),
    ],
)
def test_inside_a_split_quotation(inside, speaker):
    assert _speaker(f"It rained. “{SPLIT.format(inside)}.”") == speaker


def test_who_is_named_on_both_sides_must_agree():
    text = f"Aliyev said: “{QUOTED},” Pashinyan said."
    assert _speaker(f"It rained. {text}") is None
    assert _speaker(f"It rained. He said: “{QUOTED},” Pashinyan said.") == "Pashinyan"


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("said Nikol Pashinyan", "Mr. Pashinyan said", True),
        ("said Nikol Pashinyan", "said Ilham Aliyev", False),
        ("said Fire Chief Mike Goodman", "said Fire Chief Mark Skornia of Washington", False),
        ("said Nikol Pashinyan", "the prime minister said", None),
        ("said Nikol Pashinyan", "he said", None),
        ("said Nikol Pashinyan", "Armenian Prime Minister said", None),
        ("said Nikol Pashinyan", "as all know", None),
    ],
)
def test_speakers_are_compared_by_name(one, other, is_same):
    a, b = (f"{opening} “{QUOTED},” {who}." for opening, who in (("Rain.", one), ("Fog.", other)))
    (passage,) = compare(a, b).passages
    assert passage.same_speaker is is_same
    assert passage.to_dict()["same_speaker"] is is_same


def test_what_is_no_quotation_has_no_speaker():
    (passage,) = compare(f"{QUOTED}, Pashinyan said.", f"{QUOTED}, said Aliyev.").passages
    assert (passage.quote, passage.speaker_a, passage.speaker_b) == (False, None, None)
    assert "speaker_a" not in passage.to_dict()


@law(150)
@given(hostile_text() | news_text(2), hostile_text() | news_text(2))
def test_a_speaker_stands_in_the_text(before, behind):
    text = f"{before}“{QUOTED},”{behind}"
    for passage in compare(text, OTHER).passages:
        assert passage.speaker_a is None or passage.speaker_a in " ".join(text.split())


@law(20)
@given(st.sampled_from(["Aa ", "the a ", "A, b, ", "said ", "( ", " ", "A.", "” "]))
def test_a_long_window_takes_no_longer(filling):
    """Nothing beyond the window is read; what is in it must not make a pattern run wild."""
    text = filling * 20_000 + f"“{QUOTED},” " + filling * 20_000
    assert compare(text, OTHER).passages
