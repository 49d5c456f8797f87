"""The page in a real browser: what is shown, by keyboard, narrow, dark; what must not run."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest

from dedup import Report
from dedup.render.columns import visible_in_place as visible
from dedup.render.html.page import facts_of, folder_files, page_parts
from tests.render import html_samples, samples
from tests.render.spread import has_time, spread_of, sure_lag
from tests.required import skip_without

CHROMIUM = shutil.which("chromium")
if CHROMIUM is None:
    skip_without("browser", "there is no chromium on this machine")
try:
    from playwright import sync_api
except ImportError:
    skip_without("browser", "playwright is not installed")

Open = Callable[..., Any]
STORY = "story/" + "c" * 32
VIEWS = ["", STORY, "pair/blog-1/wire-1", "pair/paper-1/wire-1", "article/late-1", "articles"]
VIEWS += ["pairs", "search?find=the%20old%20lighthouse"]
# The least contrast of text and what is behind it (WCAG 2.2, level AA).
CONTRAST = 4.5


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a page for each report, and one in parts."""
    folder = tmp_path_factory.mktemp("pages")
    reports = {
        "story": html_samples.story_report(),
        "tied": html_samples.tied_report(),
        "versions": html_samples.versions_report(),
        "noise": html_samples.noise_report(),
        "hostile": html_samples.hostile_report(),
        "full": samples.FULL,
        "hidden": html_samples.hidden_report(),
        "long": html_samples.long_report(),
        "empty": samples.EMPTY,
        "quotes": html_samples.quotes_report(),
        "asked": replace(html_samples.quotes_report(), counts={"is_query": 1}),
    }
    for name, report in reports.items():
        lines = page_parts(facts_of(report, "1.2.3"))
        (folder / f"{name}.html").write_text("".join(f"{line}\n" for line in lines), "utf-8")
    write_folder(folder / "large", html_samples.large_report(1500))
    write_folder(folder / "story", html_samples.story_report())
    return folder


def write_folder(folder: Path, report: Report) -> None:
    for name, lines in folder_files(facts_of(report, "1.2.3")):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(f"{line}\n" for line in lines), "utf-8")


@pytest.fixture
def visit(browser: Any, built: Path) -> Iterator[Open]:
    """Open a view; at the end nothing may have been complained of, and nobody asked outside."""
    complaints: list[str] = []
    contexts = []

    def visit(page: str, view: str = "", width: int = 1280, scheme: str = "light") -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True
        )
        contexts.append(context)
        tab = context.new_page()
        tab.on("console", lambda message: complaints.append(message.text))
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        tab.on("dialog", lambda dialog: complaints.append(f"dialog {dialog.message}"))
        root = built.as_uri()
        tab.on(
            "request",
            lambda request: request.url.startswith(root) or complaints.append(request.url),
        )
        tab.goto(f"{root}/{page}#/{view}")
        shown(tab)
        return tab

    yield visit
    for context in contexts:
        context.close()
    assert complaints == []


def shown(tab: Any) -> None:
    tab.wait_for_selector("main:not([aria-busy]) h1")


def go(tab: Any, view: str) -> None:
    tab.evaluate("view => { location.hash = '#/' + view }", view)
    tab.wait_for_timeout(50)
    shown(tab)


def until(tab: Any, condition: str) -> None:
    """Wait until something holds; the page forbids the browser's own way to."""
    for _ in range(100):
        if tab.evaluate(condition):
            return
        tab.wait_for_timeout(50)
    pytest.fail(f"never: {condition}")


@pytest.mark.parametrize("page", ["story.html", "story/index.html"])
def test_it_answers_who_had_it_from_whom(visit: Open, page: str) -> None:
    tab = visit(page)
    main = tab.inner_text("main")
    assert "Shared text among 5 articles" in main
    numbers = [one.inner_text().split() for one in tab.query_selector_all(".numbers li")]
    assert [one[0] for one in numbers] == ["4", "3", "1"]
    assert "From 3 outlets. 1 article has no date." in main
    tab.click("#stories >> xpath=.. >> text=Lighthouse for sale")
    tab.wait_for_selector("text=Where it comes from")
    main = tab.inner_text("main")
    assert "very likely (80\u00a0%), because others credit it" in main
    assert (
        "60\u00a0% shared with Wire (5 words changed), which is earlier; "
        "15\u00a0% with Paper (1 word changed), which is earlier; 25\u00a0% in none of these."
    ) in main
    assert "First written, most likely, by Wire: very likely (80\u00a0%), because" in main
    assert "No credit found." in main
    assert "Credits: Wire." in main
    assert tab.evaluate("document.activeElement.tagName") == "H1"


def test_a_tie_is_told_as_one(visit: Open) -> None:
    tab = visit("tied.html")
    assert "the same day" in tab.inner_text("#stories >> xpath=..")
    go(tab, "story/" + "d" * 32)
    main = tab.inner_text("main")
    assert "Which of the 4 articles seen first was the first." in main
    assert "from 2 outlets, on one day." in tab.inner_text(".lede")
    assert "A tie: 3 of them have no time." in main
    assert "It may" not in main
    assert "86\u00a0% shared with Allen of 6 May 2004 (“In his own words”)" in main
    assert main.count(", order unknown;") == 2
    assert "one of several candidates (50\u00a0%)" in main
    assert "very likely (80\u00a0%)" in main
    assert "Baker: The reply, c\nBaker: The reply, d" in main
    main = main.replace("an earlier article outside of this collection", "")
    for word in ("later", "earlier", "No credit found", "instead of"):
        assert word not in main
    go(tab, "search?find=lighthouse")
    assert "is not known: 3 of them have no time." in tab.inner_text(".lede")


def test_versions_of_one_page_are_no_pairs_that_share_text(visit: Open) -> None:
    tab = visit("versions.html")
    n = len(html_samples.versions_report().overlaps) - 1
    assert "1 pair is two versions of one page" in tab.inner_text("main")
    assert f"{n} pairs of articles share text" in tab.inner_text("main").replace("\n", " ")
    go(tab, "pairs")
    assert tab.inner_text("h1") == f"{n} pairs of articles share text"
    assert "1 pair of versions of one page comes last." in tab.inner_text("main")


def test_the_axis_begins_with_the_earliest(visit: Open) -> None:
    tab = visit("story.html", STORY)
    labels = [one.text_content() for one in tab.query_selector_all(".figure text.quiet")]
    assert labels == ["1 Jan 2023, 01:00 UTC", "3 Jan 2023, 03:00 UTC"]


def test_two_articles_stand_side_by_side_the_earlier_one_on_the_left(visit: Open) -> None:
    tab = visit("story.html", "pair/blog-1/wire-1")
    assert "of its text with the Wire article" in tab.inner_text(".lede")
    left, right = tab.query_selector_all(".text")
    assert left.inner_text().startswith("Harbor news") or "[…]" in left.inner_text()
    assert left.query_selector("mark.edited") is not None
    assert right.query_selector(".fact") is not None
    assert html_samples.EDITED in re.sub(
        r" \(changed fact\) |^1", "", right.query_selector("mark").text_content()
    )
    assert "Changed facts" in tab.inner_text("#passages >> xpath=..")


def test_passages_are_gone_through_by_keys_and_can_be_linked_to(visit: Open) -> None:
    tab = visit("full.html", "pair/paper/wire")
    assert tab.inner_text(".where").startswith("1 of 4")
    assert "passage=" not in tab.url
    tab.keyboard.press("n")
    assert tab.url.endswith("passage=2")
    tab.keyboard.press("p")
    tab.keyboard.press("p")
    assert tab.inner_text(".where").startswith("4 of 4")
    assert len(tab.query_selector_all(".item.current")) == 1
    assert len(tab.query_selector_all("mark.current")) >= 1


def test_a_pair_opens_at_its_first_shown_passage_which_is_number_one(visit: Open) -> None:
    tab = visit("hidden.html", "pair/paper/wire")
    assert tab.inner_text(".where").startswith("1 of 3")
    assert tab.inner_text("#passage-1 h3").startswith("1 ·")
    assert tab.inner_text(".kicker").startswith("3 passages")
    assert "Passage not shown: 1 of furniture or formulas." in tab.inner_text("main")
    go(tab, "article/paper")
    links = "[...document.querySelectorAll('.whole a.number')].map((one) => one.hash)"
    asked = [link.rpartition("passage=")[2] for link in tab.evaluate(links)]
    assert set(asked) <= {"1", "2", "3"}
    go(tab, "pair/paper/wire?all=yes")
    assert tab.inner_text(".where").startswith("1 of 4")


def test_passages_are_gone_through_after_a_box_was_checked(visit: Open) -> None:
    tab = visit("full.html", "pair/paper/wire")
    tab.click("#together")
    tab.keyboard.press("n")
    assert tab.inner_text(".where").startswith("2 of 4")
    tab.focus("#query")
    tab.keyboard.press("n")
    assert tab.inner_text(".where").startswith("2 of 4")


def test_everything_is_offered_only_where_something_is_filtered(visit: Open) -> None:
    tab = visit("story.html")
    tab.click("#filter-summary")
    assert not tab.is_visible("#reset")
    go(tab, "?kind=edited")
    assert tab.is_visible("#reset")


def test_who_goes_back_stands_where_he_stood(visit: Open) -> None:
    tab = visit("large/index.html", "articles")
    tab.evaluate("window.scrollTo(0, 700)")
    go(tab, "article/a00005")
    assert tab.evaluate("window.scrollY") == 0
    tab.go_back()
    until(tab, "window.scrollY === 700")
    until(tab, "history.state.scrollY === 700")
    tab.reload()
    shown(tab)
    until(tab, "window.scrollY === 700")
    tab.go_forward()
    until(tab, "window.scrollY === 0")


def test_a_cell_opens_its_own_pairs(visit: Open) -> None:
    tab = visit("story.html")
    assert [one.inner_text() for one in tab.query_selector_all(".matrix td a")] == ["1", "1"]
    tab.click("[aria-label='Blog later than Wire: 1 pair']")
    tab.wait_for_selector("text=1 pair of articles: Blog later than Wire")
    assert [one.inner_text() for one in tab.query_selector_all(".card h3")] == [
        "Lighthouse for sale and later So: The old lighthouse will be auctioned in June, the "
        "harbor authority said on Monday."
    ]
    go(tab, "?kind=verbatim")
    assert [one.inner_text() for one in tab.query_selector_all(".matrix td a")] == ["1"]
    assert tab.query_selector_all("#matrix") != []
    tab = visit("tied.html")
    assert tab.query_selector_all(".matrix") == []


def test_the_axis_of_time_follows_the_filters(visit: Open) -> None:
    tab = visit("story.html")
    bars = "[...document.querySelectorAll('.figure g title')].map((one) => one.textContent)"
    assert tab.evaluate(bars) == [
        *(f"{day} Jan 2023: 1 of 1 share text" for day in (1, 2, 3)),
        "4 Jan 2023: 0 of 1 share text",
    ]
    assert "4 articles with a date" in tab.inner_text("#timeline + p")
    go(tab, "?from=2023-01-02")
    assert "3 articles with a date" in tab.inner_text("#timeline + p")


def test_noise_is_hidden_until_it_is_wanted(visit: Open) -> None:
    tab = visit("noise.html")
    assert (
        "Passage not shown: 1 of furniture or formulas. The filters can show all."
        in tab.inner_text(".lede")
    )
    assert [one.inner_text().split()[0] for one in tab.query_selector_all(".numbers li")][1] == "2"
    go(tab, "pair/late-1/paper-1")
    assert "Passage not shown: 1 of furniture or formulas." in tab.inner_text("main")
    go(tab, "article/late-1")
    assert "Passage not shown: 1 of furniture or formulas." in tab.inner_text(".lede")
    go(tab, "search?find=lighthouse")
    assert (
        "Searched: the texts of 4 articles that share passages, 1 of them only passages that are "
        "not shown by default. Not searched: 1 article without any"
    ) in tab.inner_text("main")
    go(tab, "pair/late-1/paper-1")
    tab.click("#filter-summary")
    tab.check("text=Show furniture and formulas (1) and uncertain passages (0)")
    tab.wait_for_selector("#passages")
    assert "furniture" in tab.inner_text(".kicker")
    tab = visit("story.html")
    assert tab.query_selector_all("#filter-all") == []


def test_a_quotation_is_one_by_its_role(visit: Open) -> None:
    tab = visit("quotes.html", "pair/paper/wire?all=yes")
    headings = [one.inner_text() for one in tab.query_selector_all(".passages h3")]
    assert [one.partition(" · ")[2].partition(" words")[0] for one in headings] == [
        "verbatim, contains a quotation, 12",
        "verbatim, quotation, 4",
        "verbatim, quotation, 3",
        "verbatim, formula, 5",
        "verbatim, 2",
    ]
    speakers = [one.inner_text() for one in tab.query_selector_all(".passages p.byline")]
    assert len(speakers) == 2
    assert all("Quotation. Speaker: Ann Reed in the first text" in one for one in speakers)
    for asked, n_words in (("no", [12, 5, 2]), ("only", [4, 3])):
        go(tab, f"pair/paper/wire?all=yes&quotes={asked}")
        headings = [one.inner_text() for one in tab.query_selector_all(".passages h3")]
        assert [int(re.search(r"(\d+) words", one)[1]) for one in headings] == n_words
    go(tab, "article/paper?all=yes&quotes=no")
    assert len(tab.query_selector_all(".whole mark")) == 3


@pytest.mark.parametrize(
    ("n", "pairs", "capped", "is_said"),
    [
        (2, [(0, 1)], [0], False),
        (3, [(0, 1), (0, 2), (1, 2)], [0, 1, 2], False),
        (3, [(0, 1), (0, 2)], [1], True),
        (3, [(0, 1), (0, 2)], [], False),
        (4, [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3)], [0], True),
    ],
)
def test_a_pair_of_a_story_that_is_here_was_compared(
    visit: Open, built: Path, n: int, pairs: list[tuple[int, int]], capped: list[int], is_said: bool
) -> None:
    articles = [html_samples.dated(str(at), f"2023-01-0{at + 1}") for at in range(n)]
    outside = html_samples.dated("x", "2023-01-09")
    overlaps = [html_samples.shared(articles[a], articles[b]) for a, b in pairs]
    overlaps = [replace(one, capped=at in capped) for at, one in enumerate(overlaps)]
    overlaps.append(replace(html_samples.shared(articles[0], outside), capped=True))
    report = html_samples.stories_of([articles])
    report = replace(
        report,
        articles=(*report.articles, *samples.report(outside).articles),
        overlaps=tuple(overlaps),
    )
    lines = page_parts(facts_of(report, "1.2.3"))
    (built / "capped.html").write_text("\n".join(lines), "utf-8")
    tab = visit("capped.html", "story/" + "0" * 32)
    assert ("not have been compared" in tab.inner_text("#origin + dl")) == is_said
    go(tab, "pair/0/x")
    assert "Some other pairs with the same text are not compared." in tab.inner_text("main")


def test_addresses_are_made_of_ids(visit: Open) -> None:
    tab = visit("story.html", "pair/wire-1/blog-1")
    assert "Lighthouse for sale" in tab.inner_text("h1")
    tab = visit("hostile.html")
    tab.click(".card h3 a >> nth=0")
    tab.wait_for_selector("#passages")
    address = tab.evaluate("location.hash")
    assert html_samples.EVIL.replace("\0", "␀")[:8] in unquote(address)
    tab.reload()
    shown(tab)
    assert tab.query_selector_all("#passages") != []


def test_a_phrase_is_searched_in_all_texts(visit: Open) -> None:
    tab = visit("story/index.html")
    tab.fill("#query", "the OLD\u2014lighthouse, will be")
    tab.keyboard.press("Enter")
    tab.wait_for_selector("text=4 articles carry this")
    assert (
        "Searched: the texts of 4 articles that share passages. Not searched: 1 article"
        in tab.inner_text("main")
    )
    assert "The earliest with a date is Wire, 1 Jan 2023, 01:00 UTC. 1 article has no date." in (
        tab.inner_text(".lede")
    )
    marks = [one.inner_text() for one in tab.query_selector_all("li mark")]
    assert marks == ["The old lighthouse will be"] * 4
    go(tab, "search?find=house")
    assert "No text carries this" in tab.inner_text("h1")
    go(tab, "search?find=lighthouse%20wire")
    assert "By headline, outlet or name" in tab.inner_text("main")
    go(tab, "search?find=(.*%5B")
    assert "Type a phrase" in tab.inner_text("h1")


def test_a_passage_is_copied_with_its_citation(visit: Open) -> None:
    tab = visit("story.html", "pair/blog-1/wire-1")
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.click(".tools >> text=Copy")
    until(tab, "document.querySelector('.tools').innerText.includes('Copied')")
    copied = tab.evaluate("navigator.clipboard.readText()")
    assert copied == (
        f"“{html_samples.SENTENCE}”\n— Lighthouse for sale, Wire, 1 Jan 2023, 01:00 UTC "
        f"(wire-1, characters 13–90)\n\n“{html_samples.EDITED}”\n— So: {html_samples.EDITED}, "
        "Blog, 3 Jan 2023, 03:00 UTC, https://blog.example/1 (blog-1, characters 4–86)"
    )


@pytest.mark.parametrize(
    ("page", "view", "n"),
    [
        ("story", "pairs", 3),
        ("story", "articles", 5),
        ("story", "pair/blog-1/wire-1", 1),
        ("story", "pairs?kind=edited", 1),
        ("hostile", "articles", 3),
        ("hostile", "pairs", 2),
    ],
)
def test_what_is_shown_is_saved_as_csv(visit: Open, page: str, view: str, n: int) -> None:
    tab = visit(f"{page}.html", view)
    with tab.expect_download() as saved:
        tab.click("text=Save as CSV")
    text = Path(saved.value.path()).read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == n
    assert all(len(row) == len(rows[0]) and None not in row for row in rows)
    assert not any(value.startswith(("=", "+", "-", "@")) for row in rows for value in row.values())


def test_filters_are_in_the_address(visit: Open) -> None:
    tab = visit("story.html")
    tab.click("#filter-summary")
    tab.select_option("#filter-kind", "edited")
    tab.wait_for_selector("text=Filters (1 on)")
    assert "kind=edited" in tab.url
    go(tab, "?min=50")
    assert "No story fits the filters." in tab.inner_text("main")
    go(tab, "?boilerplate=yes")
    assert "Harbor news." in tab.inner_text("main")
    go(tab, "?from=2023-01-03")
    assert tab.input_value("#filter-from") == "2023-01-03"
    assert "Lighthouse for sale" in tab.inner_text("main")
    go(tab, "?from=2024-01-01")
    assert "No story fits the filters." in tab.inner_text("main")
    go(tab, "articles?outlet=Paper")
    assert "1 article found" in tab.inner_text("main")
    go(tab, "pair/late-1/paper-1?quotes=only")
    assert "Passage not shown: 1 outside of the filters." in tab.inner_text("main")


def test_filters_go_along_and_are_owned_up_to(visit: Open) -> None:
    tab = visit("story.html", "?outlet=Blog&kind=edited")
    assert "Filters are on" in tab.inner_text(".lede")
    assert tab.inner_text(".numbers li >> nth=1").startswith("1")
    tab.click("nav >> text=Articles")
    tab.wait_for_selector("text=1 article found.")
    assert "outlet=Blog" in tab.url
    tab.click(".brand")
    tab.wait_for_selector("text=Filters are on")
    assert "kind=edited" in tab.url
    assert tab.get_attribute("nav a >> nth=0", "aria-current") == "page"


@pytest.mark.parametrize(
    ("asked", "n"),
    [("", 5), ("kind=edited", 2), ("kind=verbatim", 3), ("min=50", 0), ("quotes=only", 0)],
)
def test_the_list_of_articles_obeys_filters_of_passages(visit: Open, asked: str, n: int) -> None:
    tab = visit("story.html", f"articles?{asked}")
    assert tab.inner_text(".lede") == f"{n} articles found."


def test_the_members_of_a_story_obey_filters_of_articles(visit: Open) -> None:
    tab = visit("story.html", f"{STORY}?from=2023-01-02&outlet=Blog")
    assert len(tab.query_selector_all(".member")) == 1
    assert "2 articles hidden by the filters." in tab.inner_text("main")


def test_the_search_box_follows_the_view(visit: Open) -> None:
    tab = visit("story.html", "articles?find=wire")
    assert tab.input_value("#query") == "wire"
    go(tab, "")
    assert tab.input_value("#query") == ""


def test_articles_are_found_by_name(visit: Open) -> None:
    tab = visit("story.html", "articles?find=lighthouse%20WIRE")
    assert "1 article found." in tab.inner_text("main")
    assert tab.inner_text("#status") == "1 article found."
    go(tab, "articles?sort=title-up")
    assert tab.get_attribute("th[aria-sort]", "aria-sort") == "ascending"


def test_a_keyboard_gets_everywhere(visit: Open) -> None:
    tab = visit("story.html")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "main"
    reached = set()
    for _ in range(80):
        tab.keyboard.press("Tab")
        reached.add(tab.evaluate("document.activeElement.outerHTML"))
        outline = tab.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        on_body = tab.evaluate("document.activeElement === document.body")
        assert on_body or outline != "none"
    links = tab.evaluate(
        "[...document.querySelectorAll('main a')].filter(a => a.checkVisibility())"
        ".map(a => a.outerHTML)"
    )
    assert set(links) <= reached


EVIL = [html_samples.EVIL, f"{html_samples.EVIL} 2", "__proto__"]
EVIL = [quote(visible(name), safe="") for name in EVIL]


@pytest.mark.parametrize(
    "view",
    [
        f"story/{EVIL[0]}",
        f"pair/{EVIL[0]}/{EVIL[1]}",
        f"pair/{EVIL[1]}/__proto__",
        f"article/{EVIL[0]}",
        "",
        "articles",
        "pairs",
        "search?find=alert(1)",
    ],
)
def test_hostile_text_stays_text(visit: Open, view: str) -> None:
    tab = visit("hostile.html", view)
    tab.wait_for_timeout(50)
    assert "View not found" not in tab.inner_text("main")
    assert tab.query_selector_all("img, b, iframe, object, main script") == []
    links = tab.evaluate("[...document.querySelectorAll('a')].map(a => a.getAttribute('href'))")
    assert all(link.startswith("#") for link in links)
    assert "alert(1)" in tab.inner_text("main")
    assert tab.evaluate("Object.prototype.polluted") is None


def test_addresses_of_the_web_are_links_that_tell_nobody(visit: Open) -> None:
    tab = visit("story.html", "article/blog-1")
    link = tab.query_selector("main a[href^='https:']")
    assert link.get_attribute("rel") == "noopener noreferrer"


def test_a_large_report_holds_what_is_looked_at(visit: Open) -> None:
    tab = visit("large/index.html")
    assert tab.evaluate("document.querySelectorAll('main *').length") < 3000
    go(tab, "articles?page=40")
    assert tab.evaluate("document.querySelectorAll('main *').length") < 1500
    assert "Page 40 of 60" in tab.inner_text("main")
    go(tab, "pair/a01499/b01499")
    tab.wait_for_selector("mark")
    marks = [mark.inner_text() for mark in tab.query_selector_all("mark")]
    assert all(
        one.endswith("Number 1499 of 😀 many sentences that two articles have in common.")
        for one in marks
    )
    assert tab.evaluate("document.querySelectorAll('script[src]').length") == 0


def test_both_sides_scroll_together(visit: Open) -> None:
    tab = visit("large/index.html", "pair/a00003/b00003", 1280)
    tab.wait_for_timeout(500)  # it has scrolled to the first passage by itself
    tab.evaluate("document.querySelector('.text').scrollTop = 0")
    tab.wait_for_timeout(300)
    tab.evaluate("document.querySelector('.text').scrollTop = 100000")
    tab.wait_for_timeout(300)
    first, second = tab.evaluate(
        "[...document.querySelectorAll('.text')].map((one) => one.scrollTop)"
    )
    assert first == second > 0
    tab.keyboard.press("n")
    for box in tab.query_selector_all(".text"):
        mark = box.query_selector("mark.current")
        within = mark.bounding_box()["y"] - box.bounding_box()["y"]
        assert 0 <= within < box.bounding_box()["height"] - 30
    tab.uncheck("#together")
    assert not tab.is_checked("#together")


def test_a_folder_that_is_torn_apart_says_so(browser: Any, built: Path, tmp_path: Path) -> None:
    shutil.copy(built / "large" / "index.html", tmp_path / "index.html")
    tab = browser.new_page()
    tab.goto(f"{(tmp_path / 'index.html').as_uri()}#/pair/a00001/b00001")
    shown(tab)
    assert "Keep the files of the folder together." in tab.inner_text("main")
    tab.close()


def test_a_report_made_anew_is_not_taken_for_the_one_that_is_open(
    browser: Any, tmp_path: Path
) -> None:
    write_folder(tmp_path, html_samples.large_report(30))
    tab = browser.new_page()
    tab.goto(f"{(tmp_path / 'index.html').as_uri()}#/articles")
    shown(tab)
    write_folder(tmp_path, html_samples.large_report(40))
    go(tab, "pair/a00001/b00001")
    assert "Reload it." in tab.inner_text("main")
    assert tab.query_selector_all("mark") == []
    tab.reload()
    shown(tab)
    assert tab.query_selector_all("mark") != []
    tab.close()


def test_a_file_that_was_cut_off_says_so(browser: Any, tmp_path: Path) -> None:
    write_folder(tmp_path, html_samples.large_report(30))
    chunk = tmp_path / "data" / "texts-0.js"
    chunk.write_text(chunk.read_text("utf-8")[:500], "utf-8")
    tab = browser.new_page()
    tab.goto(f"{(tmp_path / 'index.html').as_uri()}#/pair/a00001/b00001")
    shown(tab)
    assert "data/texts-0.js is incomplete" in tab.inner_text("main")
    tab.close()


@pytest.mark.parametrize(
    ("view", "words"),
    [
        ("pair/wire-1/nobody", "This report has no article “nobody”."),
        ("pair/x/y", "This report has no article “x”.\n\nThis report has no article “y”."),
        ("pair/wire-1/own-1", "These two articles share no passage."),
        ("pair/wire-1/wire-1", "These two articles share no passage."),
        ("pair/own-1/own-1", "These two articles share no passage."),
        ("pair/wire-1", "The address names too few articles."),
        ("article/%3Cb%3E", "This report has no article “<b>”."),
        ("article/%E0%A4%A", "This report has no article “%E0%A4%A”."),
        ("story/wire-1", "This report has no story “wire-1”."),
        ("story/__proto__", "This report has no story “__proto__”."),
        ("elsewhere?kind=edited", "This report has no view “elsewhere”."),
    ],
)
def test_an_unknown_address_says_what_is_unknown(visit: Open, view: str, words: str) -> None:
    tab = visit("story.html", view)
    assert "View not found" in tab.inner_text("h1")
    assert words in tab.inner_text("main")
    tab.click("text=Go to the overview")
    tab.wait_for_selector("#strongest")


@pytest.mark.parametrize(
    "odd",
    ["all=no", "min=abc", "min=-9", "min=0", "min=1e9", "kind=new", "quotes=yes", "outlet=Nobody",
     "from=2023-02-31", "to=soon", "sort=constructor", "page=-1", "cards=x", "passage=0",
     "later=Nobody", "boilerplate=1", "unknown=1", "__proto__=1"],
)  # fmt: skip
def test_an_odd_address_is_told_and_made_normal(visit: Open, odd: str) -> None:
    tab = visit("story.html", f"?{odd}&kind=edited")
    assert tab.inner_text("#ignored") == f"Ignored in the address: {odd}."
    assert tab.evaluate("location.hash") == "#/?kind=edited"
    assert tab.inner_text("#filter-summary") == "Filters (1 on)"
    go(tab, "?kind=verbatim")
    assert tab.query_selector_all("#ignored") == []


@pytest.mark.parametrize(
    ("view", "kept", "ignored"),
    [
        ("articles?page=999", "articles", "page=999"),
        ("articles?page=2&kind=edited", "articles?kind=edited", "page=2"),
        ("?page=2&page=3", "", "page=3, page=2"),
        ("pairs?cards=2", "pairs", "cards=2"),
        (f"{STORY}?page=2&cards=9", STORY, "page=2, cards=9"),
        ("article/wire-1?cards=2", "article/wire-1", "cards=2"),
        ("search?find=lighthouse&page=2", "search?find=lighthouse", "page=2"),
        ("search?find=sold&find=old", "search?find=sold", "find=old"),
        ("pair/blog-1/wire-1?passage=2", "pair/blog-1/wire-1", "passage=2"),
        ("pair/blog-1/wire-1?list=2&passage=7", "pair/blog-1/wire-1", "passage=7, list=2"),
        ("?outlet=Wire&outlet=Paper", "?outlet=Wire", "outlet=Paper"),
        ("?outlet=Nobody&outlet=Wire", "?outlet=Wire", "outlet=Nobody"),
        ("?min=5&min=5", "?min=5", "min=5"),
        ("?boilerplate=yes&repeats=2", "?boilerplate=yes", "repeats=2"),
        ("pairs?from=2023-01-03&to=2023-01-02", "pairs?from=2023-01-03", "to=2023-01-02"),
        ("?to=2023-01-02&from=2023-12-31", "?from=2023-12-31", "to=2023-01-02"),
    ],
)
def test_what_an_address_asks_in_vain_is_named(
    visit: Open, view: str, kept: str, ignored: str
) -> None:
    tab = visit("story.html", view)
    assert tab.inner_text("#ignored") == f"Ignored in the address: {ignored}."
    assert tab.evaluate("location.hash") == f"#/{kept}"
    go(tab, "" if kept else "articles")
    assert tab.query_selector_all("#ignored") == []


def test_the_last_page_is_a_page(visit: Open) -> None:
    tab = visit("large/index.html", "articles?page=60")
    assert "Page 60 of 60" in tab.inner_text("main")
    assert tab.query_selector_all("#ignored") == []
    go(tab, "articles?page=61")
    assert "Page 1 of 60" in tab.inner_text("main")
    assert "page=61" in tab.inner_text("#ignored")


@pytest.mark.parametrize("valid", ["min=9", "min=1", "all=yes", "from=2024-02-29", "outlet=Wire"])
def test_a_usual_address_stays_as_it_is(visit: Open, valid: str) -> None:
    tab = visit("story.html", f"?{valid}")
    assert tab.query_selector_all("#ignored") == []
    assert tab.evaluate("location.hash") == f"#/?{valid}"


def test_an_empty_report_says_so(visit: Open) -> None:
    assert "No shared text was found" in visit("empty.html").inner_text("main")


DATES = ["2023-01-05", "2023-01-05T23:50Z", "2023-01-05T23:30-05:00", "2023-01-05T00:20+09:00",
         "2023-01-06T00:00:30Z", "2023-01-07T09:31:29Z", "2024-12-31", None]  # fmt: skip


def write_stories(built: Path, groups: list[tuple[str | None, ...]]) -> list[list[Any]]:
    """Write a page with a story for each group of dates; return the dates that are known."""
    stories = [
        [html_samples.dated(f"{n}-{at}", date) for at, date in enumerate(group)]
        for n, group in enumerate(groups)
    ]
    lines = page_parts(facts_of(html_samples.stories_of(stories), "1.2.3"))
    (built / "dates.html").write_text("\n".join(lines), "utf-8")
    return [[one.published for one in story if one.published] for story in stories]


def test_a_story_says_how_much_later_its_last_article_surely_is(visit: Open, built: Path) -> None:
    groups = [*combinations(DATES, 2), *combinations(DATES, 3), tuple(DATES)]
    stories = write_stories(built, groups)
    tab = visit("dates.html")
    for n, (group, known) in enumerate(zip(groups, stories, strict=True)):
        go(tab, f"story/{n:032x}")
        words = [f"Carried by {len(group)} articles", spread_of(known)]
        words += ["1 without a date"] if len(known) < len(group) else []
        assert tab.inner_text(".lede") == f"{', '.join(filter(None, words))}.", group


def test_a_pair_says_why_its_order_is_unknown(visit: Open, built: Path) -> None:
    groups = [pair for pair in combinations(DATES, 2) if None not in pair]
    stories = write_stories(built, groups)
    tab = visit("dates.html")
    for n, (one, other) in enumerate(stories):
        go(tab, f"pair/{n}-0/{n}-1")
        if sure_lag(one, other) or sure_lag(other, one):
            words = f"came {spread_of([one, other]).removeprefix('the last one ')}."
        else:
            reasons = ["neither of them has a time", "one of them has no time"]
            reasons += ["their dates are too close to tell"]
            n_times = has_time(one) + has_time(other)
            words = f"Which was first is unknown: {reasons[n_times]}."
        assert words in tab.inner_text(".lede"), groups[n]


SHOWN = {
    "2016-12-01T20:33-05:00": "1 Dec 2016, 20:33 UTC-05:00",
    "2016-12-01T20:33:10.5+05:45": "1 Dec 2016, 20:33 UTC+05:45",
    "2016-12-02T01:33Z": "2 Dec 2016, 01:33 UTC",
    "2016-12-02T00:00-00:30": "2 Dec 2016, 00:00 UTC-00:30",
    "2016-12-01": "1 Dec 2016",
}


def test_a_date_is_in_the_zone_of_its_article_everywhere(visit: Open, built: Path) -> None:
    write_stories(built, [tuple(SHOWN)])
    tab = visit("dates.html", "story/" + "0" * 32)
    bylines = "[...document.querySelectorAll('.member h3 + .byline')].map((one) => one.innerText)"
    shown = [re.split(" · ", one)[1] for one in tab.evaluate(bylines)]
    assert shown == list(SHOWN.values())
    for day, n in (("2016-12-01", 3), ("2016-12-02", 2)):
        go(tab, f"articles?from={day}&to={day}")
        assert tab.inner_text(".lede") == f"{n} articles found."
    go(tab, "")
    assert "1 Dec 2016" in tab.inner_text("#stories >> xpath=..")
    go(tab, "articles")
    assert {one.inner_text() for one in tab.query_selector_all("td:nth-of-type(2)")} == set(
        SHOWN.values()
    )


@pytest.mark.parametrize("hours", [20, 21, 22, 24, 26, 31, 37])
def test_labels_of_bars_do_not_cover_one_another(visit: Open, built: Path, hours: int) -> None:
    last = datetime(2023, 1, 10, 10, tzinfo=UTC) + timedelta(hours=hours)
    write_stories(built, [("2023-01-10T10:00Z", last.isoformat())])
    tab = visit("dates.html")
    ends = tab.evaluate(
        "[...document.querySelectorAll('.figure text.quiet')].map((one) => one.getBBox())"
        ".filter((box) => box.y > 180).map((box) => [box.x, box.x + box.width])"
    )
    assert len(ends) > 2
    assert all(end < start for (_, end), (start, _) in pairwise(ends))
    assert ends[-1][1] <= 900


def test_bars_of_days_have_the_days_that_are_shown(visit: Open, built: Path) -> None:
    groups = [("2016-12-01T20:33-05:00", "2016-12-03T23:59-08:00", "2016-12-02")]
    write_stories(built, groups)
    tab = visit("dates.html")
    bars = "[...document.querySelectorAll('.figure g title')].map((one) => one.textContent)"
    counts = ["1 of 1", "0 of 1", "1 of 1"]
    expected = [f"{n} Dec 2016: {some} share text" for n, some in enumerate(counts, 1)]
    assert tab.evaluate(bars) == expected


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_every_view_is_readable(visit: Open, width: int, scheme: str) -> None:
    tab = visit("story.html", VIEWS[0], width, scheme)
    for view in VIEWS:
        go(tab, view)
        tab.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        assert tab.evaluate("document.documentElement.scrollWidth") <= width, view
        assert tab.evaluate(FAULTS) == [], view
        poor = tab.evaluate(POOR_CONTRAST, CONTRAST)
        assert poor == [], view


@pytest.mark.parametrize("page", ["hostile.html", "full.html"])
def test_long_and_strange_words_do_not_widen_the_page(visit: Open, page: str) -> None:
    tab = visit(page, "", 390)
    for view in VIEWS:
        go(tab, view)
        assert tab.evaluate("document.documentElement.scrollWidth") <= 390, view


def test_a_narrow_table_hides_no_column(visit: Open) -> None:
    tab = visit("story.html", "", 390)
    cells = tab.query_selector_all("tbody tr >> nth=0 >> td")
    assert len(cells) == 5
    for cell in cells:
        box = cell.bounding_box()
        assert box["width"] > 0
        assert box["x"] + box["width"] <= 390
    labels = "[...document.querySelectorAll('tbody td')].map(one => one.dataset.label).slice(0, 5)"
    expected = ["Articles", "Outlets", "First seen", "Last one", "Most likely source"]
    assert tab.evaluate(labels) == expected


def test_words_are_struck_out_only_where_the_order_is_known(visit: Open) -> None:
    tab = visit("tied.html", "pair/a/c")  # a day, and a moment of that day
    assert "Which was first is unknown: one of them has no time." in tab.inner_text(".lede")
    assert tab.query_selector_all("main del, main ins") == []
    tab = visit("story.html", "pair/blog-1/wire-1")
    assert tab.query_selector_all("main ins") != []
    legend = tab.inner_text(".legend")
    assert "only in the later" in legend
    assert "only here" not in legend


@contextmanager
def printed(tab: Any) -> Iterator[None]:
    tab.emulate_media(media="print", color_scheme="dark")
    yield
    tab.emulate_media(media="screen")


# What is seen on paper and is neither a passage nor names one; and what is cut off.
UNPRINTED = "#search, .top nav, #filters, .tools, .items, .text, .whole, .button, .actions, "
UNPRINTED += ".figure, .matrix, .member, table, section .facts"
CUT = """[...document.querySelectorAll('.prose')]
  .filter(one => one.checkVisibility() && one.scrollHeight > one.clientHeight + 1).length"""
COLUMNS = "getComputedStyle(document.querySelector('.both')).gridTemplateColumns.split(' ').length"


@pytest.mark.parametrize("width", [560, 680, 1040])  # A5, A4, A4 in landscape
@pytest.mark.parametrize("view", ["", "pairs", STORY, "pair/blog-1/wire-1", "article/blog-1"])
def test_print_has_passages_only_on_any_paper(visit: Open, view: str, width: int) -> None:
    tab = visit("story.html", view)
    tab.wait_for_selector(".said")
    with printed(tab):
        tab.set_viewport_size({"width": width, "height": 1000})
        assert not any(one.is_visible() for one in tab.query_selector_all(UNPRINTED))
        assert tab.is_visible(".said")
        assert tab.evaluate(COLUMNS) == 2
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        assert tab.evaluate(CUT) == 0


def test_lists_print_the_beginnings_of_passages_and_pairs_the_whole(visit: Open) -> None:
    for view, is_cut in (("pairs", True), ("pair/a/b", False)):
        tab = visit("long.html", view)
        tab.wait_for_selector(".said")
        with printed(tab):
            tab.set_viewport_size({"width": 1040, "height": 1000})
            assert (tab.evaluate(CUT) > 0) == is_cut


# What a checker of accessibility asks for first.
FAULTS = """() => {
  const faults = [];
  const name = (one) => (one.getAttribute('aria-label') || one.textContent || '').trim();
  const ids = [...document.querySelectorAll('[id]')].map((one) => one.id);
  if (new Set(ids).size !== ids.length) faults.push('ids are not unique');
  for (const tag of ['main', 'header', 'footer', 'nav', 'aside'])
    if (!document.querySelector(tag)) faults.push(`no ${tag}`);
  if (document.querySelectorAll('main').length !== 1) faults.push('not one main');
  if (document.querySelectorAll('h1').length !== 1) faults.push('not one h1');
  let level = 1;
  for (const one of document.querySelectorAll('main h1, main h2, main h3, main h4')) {
    const here = Number(one.tagName[1]);
    if (here > level + 1) faults.push(`h${here} after h${level}`);
    level = here;
  }
  for (const one of document.querySelectorAll('input, select'))
    if (!document.querySelector(`label[for="${one.id}"]`)) faults.push(`no label: ${one.id}`);
  for (const one of document.querySelectorAll('a, button, summary, [role=region], [role=img]'))
    if (!name(one)) faults.push(`no name: ${one.outerHTML.slice(0, 90)}`);
  for (const one of document.querySelectorAll('[aria-labelledby]'))
    if (!document.getElementById(one.getAttribute('aria-labelledby'))) faults.push('label missing');
  for (const one of document.querySelectorAll('main th'))
    if (!one.scope) faults.push('th without scope');
  for (const list of document.querySelectorAll('ul, ol'))
    if ([...list.children].some((one) => one.tagName !== 'LI')) faults.push('list of no items');
  if (document.documentElement.lang !== 'en') faults.push('no language');
  if (!document.title) faults.push('no title');
  return faults;
}"""

# Texts whose color is too near to what is behind them: [text, contrast].
POOR_CONTRAST = """(least) => {
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((one) => one / 255)
    .map((one) => (one <= 0.03928 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4))
    .reduce((sum, one, n) => sum + one * [0.2126, 0.7152, 0.0722][n], 0);
  const contrast = (a, b) => {
    const [low, high] = [light(a), light(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };
  const behind = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const [r, g, b, alpha = 1] = parse(getComputedStyle(at).backgroundColor);
      if (alpha > 0) return [r, g, b];
    }
    return [255, 255, 255];
  };
  const poor = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const one = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim()) continue;
    if (one.closest('template, script, style, title, .off, :disabled')) continue;
    if (!one.getClientRects().length || one.closest('option')) continue;
    const style = getComputedStyle(one);
    let [front, back] = [style.color, behind(one)];
    if (one.closest('svg')) {
      front = style.fill;
      const rect = one.previousElementSibling;
      if (one.classList.contains('small')) back = parse(getComputedStyle(rect).fill);
    }
    const found = contrast(parse(front), back);
    if (found < least) poor.push([one.textContent.slice(0, 40), String(one.outerHTML), found]);
  }
  return poor;
}"""


def test_what_was_looked_up_is_shown_against_what_is_stored(visit: Open) -> None:
    tab = visit("asked.html")
    assert tab.locator(".kicker").first.inner_text() == "Looked up in an index"
    main = tab.locator("#main").inner_text()
    assert "Stored articles are not compared with one another" in main
    assert "stories" not in main
    assert "A text and stored articles, compared" in tab.locator("footer").inner_text()
    assert "Looked up" not in visit("quotes.html").locator("#main").inner_text()
