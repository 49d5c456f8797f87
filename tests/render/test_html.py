"""A page as bytes: what is in it, that no text is markup, and that it is made in parts."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import Article, ArticleSummary, Report
from dedup.render.html import rows
from dedup.render.html.page import facts_of, facts_of_pair, folder_files, page_parts
from dedup.render.html.rows import chunk_numbers, visible
from dedup.render.html.scripts import listed, safe_json
from tests.render import html_samples, samples


def page_of(report: Report) -> str:
    return "".join(f"{line}\n" for line in page_parts(facts_of(report, "1.2.3")))


def data_of(page: str) -> dict[str, Any]:
    """Return what the script elements of a page hold, by their ids."""
    found = re.findall(r'<script type="application/json" id="([\w-]+)">(.*?)</script>', page, re.S)
    return {name: json.loads(text) for name, text in found}


REPORTS = {
    "story": html_samples.story_report,
    "hostile": html_samples.hostile_report,
    "full": lambda: samples.FULL,
    "empty": lambda: samples.EMPTY,
}


@pytest.mark.parametrize("name", REPORTS)
def test_data_are_whole(name: str) -> None:
    report = REPORTS[name]()
    data = data_of(page_of(report))
    assert len(data["core"]["articles"]) == len(report.articles)
    assert len(data["core"]["pairs"]) == len(report.overlaps)
    assert len(data["core"]["stories"]) == len(report.stories)
    rest = [row for key, some in data.items() if key != "core" for row in some]
    shared = {one for overlap in report.overlaps for one in (overlap.a, overlap.b)}
    assert len(rest) == len(report.overlaps) + len(report.stories) + len(shared)


@pytest.mark.parametrize("name", REPORTS)
def test_the_policy_names_what_is_run_and_nothing_else(name: str) -> None:
    page = page_of(REPORTS[name]())
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    scripts = re.findall(r"<script>(.*?)</script>", page, re.S)
    styles = re.findall(r"<style>(.*?)</style>", page, re.S)
    hashes = [b64encode(sha256(one.encode()).digest()).decode() for one in (*scripts, *styles)]
    assert policy[1] == (
        f"default-src 'none'; script-src 'sha256-{hashes[0]}'; style-src 'sha256-{hashes[1]}'; "
        "base-uri 'none'; form-action 'none'"
    )
    assert len(hashes) == 2


@pytest.mark.parametrize("name", ["hostile", "full"])
def test_no_text_is_markup(name: str) -> None:
    page = page_of(REPORTS[name]())
    assert page.encode()  # no lone surrogate
    assert "<img" not in page
    assert "<!--" not in page
    assert "\u2028" not in page
    assert "\0" not in page
    tags = set(re.findall(r"<([a-z0-9]+)", re.sub(r"<script.*?</script>", "", page, flags=re.S)))
    known = "a aside body footer form head header html input label link main meta nav noscript p"
    assert tags <= {*known.split(), "style", "svg", "template", "text", "title", "rect"}


@given(st.text(alphabet=st.characters(), max_size=60))
def test_json_survives_and_cannot_be_markup(text: str) -> None:
    rendered = safe_json([text])
    assert not re.search("[<>&\u2028\u2029\ud800-\udfff]", rendered)
    assert json.loads(rendered) == [text]


@given(st.text(alphabet=st.characters(), max_size=60))
def test_what_is_made_visible_keeps_its_places(text: str) -> None:
    shown = visible(text)
    assert len(shown) == len(text)
    shown.encode()  # has a form in UTF-8
    assert all(a == b for a, b in zip(shown, text, strict=True) if a.isalnum())


def test_what_cannot_be_shown_shows() -> None:
    assert visible("a\0b\ud800c\u202ed\x85") == "a␀b\ufffdc\ufffdd\ufffd"


def test_controls_of_direction_show() -> None:
    controls = "\u061c\u200e\u200f\u202a\u202e\u2066\u2067\u2068\u2069"
    assert visible(controls) == "\ufffd" * len(controls)


@pytest.mark.parametrize("title", [None, "", " ", "\u200b\u2060", "\t\n", " " * 600])
def test_a_headline_can_be_seen(title: str | None) -> None:
    text = "The lighthouse is sold."
    assert rows.article_row(ArticleSummary(Article("a", text, title=title), 0.0)).headline == text
    row = rows.article_row(ArticleSummary(Article("a", " \u200b", title=title), 0.0))
    assert row.headline == "a"
    row = rows.article_row(ArticleSummary(Article(" ", "", title=title), 0.0))
    assert row.headline == "(no name)"


@given(st.lists(st.integers(0, 3 * rows.CHUNK), max_size=30))
def test_chunks_are_in_order_and_not_far_too_large(sizes: list[int]) -> None:
    numbers = list(chunk_numbers(sizes))
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(len({*numbers})))
    for number in {*numbers}:
        held = [size for size, at in zip(sizes, numbers, strict=True) if at == number]
        assert sum(held) <= rows.CHUNK or sum(size > 0 for size in held) == 1


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://x.example/a?b=c", "https://x.example/a?b=c"),
        ("HTTP://x.example", "HTTP://x.example"),
        ("javascript:alert(1)", None),
        (" https://x.example", None),
        ("data:text/html,x", None),
        ("https://", None),
        ('https://x.example/"', None),
        ("https://x.example/\n", None),
        ("//x.example", None),
        (None, None),
    ],
)
def test_only_addresses_of_the_web_are_links(url: str | None, shown: str | None) -> None:
    row = rows.article_row(ArticleSummary(Article("a", "text", url=url), 0.0))
    assert row.url == shown


def test_a_folder_has_the_same_data_in_files() -> None:
    report = html_samples.large_report(300)
    whole = data_of(page_of(report))
    files = {name: "\n".join(lines) for name, lines in folder_files(facts_of(report, "1.2.3"))}
    page = files.pop("index.html")
    assert data_of(page) == {"core": whole.pop("core")}
    assert "script-src 'self' 'sha256-" in page
    assert len(files) > 5
    for name, text in files.items():
        called = re.fullmatch(r'dedupChunk\("([\w-]+)","([0-9a-f]{16})",(.*)\);', text, re.S)
        assert called is not None
        assert name == f"data/{called[1]}.js"
        assert f'<meta name="run" content="{called[2]}">' in page
        assert json.loads(called[3]) == whole.pop(called[1])
        assert len(text) < 2 * rows.CHUNK
    assert whole == {}


def test_a_run_is_named_by_what_its_page_holds() -> None:
    first, again = (facts_of(html_samples.large_report(3), "1.2.3").run for _ in range(2))
    assert first == again
    assert facts_of(html_samples.large_report(4), "1.2.3").run != first
    assert 'name="run"' not in page_of(html_samples.large_report(3))


def test_no_line_of_a_page_holds_it_all() -> None:
    lines = list(page_parts(facts_of(html_samples.large_report(300), "1.2.3")))
    assert max(map(len, lines)) < 20_000
    assert not any("\n" in line for line in lines)


def test_an_empty_list_is_a_list() -> None:
    assert "".join(listed([])) == "[]"


def test_two_files_of_one_name_are_two_articles() -> None:
    a, b = Article("x.txt", html_samples.SENTENCE), Article("x.txt", html_samples.EDITED)
    overlap = html_samples.shared(a, b, a.text, b.text)
    facts = facts_of_pair(overlap, (a, b), "1.2.3")
    assert [row.id for row in facts.articles] == ["x.txt", "x.txt (B)"]
    assert data_of("\n".join(page_parts(facts)))["core"]["pairs"][0][:2] == [0, 1]


def test_the_most_carried_passages_of_a_story_are_no_parts_of_one_another() -> None:
    report = html_samples.story_report()
    (story,) = report.stories
    numbers = {one.article.id: at for at, one in enumerate(report.articles)}
    wire, paper = numbers["wire-1"], numbers["paper-1"]
    whole = samples.family(9, ("wire-1", 0, 60), ("paper-1", 0, 60), ("blog-1", 4, 64))
    part = samples.family(7, ("paper-1", 0, 50), ("blog-1", 4, 54))
    rest = samples.family(5, ("paper-1", 50, 80), ("wire-1", 50, 80))
    alone = samples.family(4, ("paper-1", 80, 90), ("late-1", 0, 10))
    (carried,) = rows.most_carried([story], [rest, alone, part, whole])
    assert carried == [(3, whole), (2, rest)]
    assert rows.carried_rows(carried, story, numbers, report.articles) == [
        [wire, 0, 60, 3, 1, 9],
        [paper, 50, 80, 2, 1, 5],
    ]
    # A number of words that is not that of the text shown is left out.
    first, *others = whole.occurrences
    unlike = replace(whole, occurrences=(replace(first, identity=0.9), *others))
    found = rows.carried_rows([(3, unlike)], story, numbers, report.articles)
    assert found == [[wire, 0, 60, 3, 1, 0]]
