"""Pages with absurdly many tags or levels: read entire, in linear time."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dedup
from dedup.readers import html
from dedup.readers.tags import cut_inline, flatten

pytest.importorskip("trafilatura")
WORDS = [
    f"The council voted on Tuesday {n} to close the old grain terminal by the end of next year, "
    "ending nearly a century of shipping from the harbor."
    for n in range(4)
]


def read(path: Path, body: str) -> str:
    path.write_text(f"<html><head><title>T</title></head><body>{body}</body></html>")
    reading = dedup.read(path)
    (article,) = reading
    assert reading.skipped == []
    return article.text


@pytest.mark.parametrize("n", [10, 90, 110, 260, 3000])
@pytest.mark.parametrize("is_closed", [True, False])
@pytest.mark.parametrize("tag", ["div", "span", "blockquote", "b", "center", "b><div"])
def test_a_deep_page_is_read_entire(tmp_path: Path, tag: str, n: int, is_closed: bool) -> None:
    ends = "".join(f"</{name}>" for name in reversed(tag.split("><"))) if is_closed else ""
    first, second, third, last = (f"<p>{one}</p>" for one in WORDS)
    body = f"<article>{first}{second}{f'<{tag}>' * n}{third}{ends * n}{last}</article>"
    text = read(tmp_path / "a.html", body)
    assert [one in text for one in WORDS] == [True] * 4


def test_ends_that_a_parser_ignores_hide_nothing(tmp_path: Path) -> None:
    body = "<article>" + "<b><div></b>" * 5000 + "".join(f"<p>{one}</p>" for one in WORDS)
    text = read(tmp_path / "a.html", body)
    assert [one in text for one in WORDS] == [True] * 4


def test_a_page_of_too_many_levels_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(html, "flatten", lambda page: page)
    (tmp_path / "a.html").write_text(f"<html><body>{'<div>' * 300}Words</body></html>")
    reading = dedup.read(tmp_path / "a.html")
    assert list(reading) == []
    assert reading.skipped[0].reason == "invalid HTML: more than 200 levels of elements"


@pytest.mark.parametrize("around", ["article", "main", "p"])
def test_of_a_page_of_many_tags_all_text_is_taken(tmp_path: Path, around: str) -> None:
    lines = [f"Line {n} <b>of</b> words.<br>" for n in range(21_000)]
    text = read(tmp_path / "a.html", f"<nav>Menu</nav><{around}>{''.join(lines)}</{around}>")
    assert text.split("\n")[-1] == "Line 20999 of words."
    assert text.count("Line ") == 21_000
    assert ("Menu" in text) == (around == "p")


def test_many_tags_inside_of_words_are_cut() -> None:
    few, many = "<b>wo</b>rd <I class='x'>y</I>" * 400, "<b>wo</b>rd <I class='x'>y</I>" * 600
    assert cut_inline(few) == few
    assert cut_inline(many) == "word y" * 600


class _Outline(HTMLParser):
    """Counts levels, and keeps the text outside of tags."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.depth = self.deepest = 0
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, _: object) -> None:
        self.depth += tag != "br"
        self.deepest = max(self.deepest, self.depth)

    def handle_endtag(self, tag: str) -> None:
        self.depth -= 1

    def handle_data(self, data: str) -> None:
        self.text += data


TAGS = st.sampled_from(["p", "div", "b", "li", "td", "ul"])
PIECES = st.one_of(
    TAGS.map(lambda tag: f"<{tag}>"),
    TAGS.map(lambda tag: f"</{tag}>"),
    TAGS.map(lambda tag: f"<{tag}>" * 130),
    st.sampled_from(["word ", "<br>", "<!-- <p> -->", "<b title='>'>", "</u>", "&amp; "]),
)


@settings(deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_flattening_bounds_levels_and_keeps_text(page: str) -> None:
    flat = _Outline(flatten(page))
    assert flat.deepest <= 100
    assert flat.text == _Outline(page).text
    assert flat.depth >= 0


@given(st.text(alphabet="<>/ab!- pscript\"'", max_size=80))
def test_any_text_is_flattened(text: str) -> None:
    assert flatten(flatten(text)) == flatten(text)
