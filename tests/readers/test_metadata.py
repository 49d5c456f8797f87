"""Metadata of web pages: the article's own, in whatever form a page states it."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.readers.metadata import PageMetadata, read_metadata
from dedup.readers.page_dates import choose_date, read_address_date, read_page_date
from tests.strategies import law

lxml_html = pytest.importorskip("lxml.html", reason="web pages need the extra html")

OWN, OTHER = "2023-01-10T10:12:00+02:00", "2022-05-05T05:05:00+00:00"
URL = "https://gazette.example/2023/library-closes"
HEAD = f'<link rel="canonical" href="{URL}"><meta property="og:title" content="Library closes">'


def read(head: str = "", body: str = "<h1>Library closes</h1>") -> PageMetadata:
    return read_metadata(
        lxml_html.document_fromstring(f"<html><head>{head}</head><body>{body}</body></html>")
    )


def ld(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


def node(kind: object = "NewsArticle", date: str = OWN, **more: object) -> dict[str, object]:
    return {"@type": kind, "datePublished": date, **more}


RELATED = node(date=OTHER, headline="Bridge opens", url="https://gazette.example/bridge-opens")
COMMENT = {"@type": "Comment", "datePublished": OTHER, "text": "Shame."}
PAGES = {
    "content before property": f'<meta content="{OWN}" property="article:published_time">',
    "property before content": f'<meta property="article:published_time" content="{OWN}">',
    "another attribute between": f'<meta content="{OWN}" data-x="1" name="article:published_time">',
    "capitals": f'<META CONTENT="{OWN}" PROPERTY="Article:Published_Time">',
    "single quotes": f"<meta content='{OWN}' itemprop='datePublished'>",
    "a tool's name": f'<meta name="parsely-pub-date" content="{OWN}">',
    "Dublin Core": f'<meta name="DC.date.issued" content="{OWN}">',
    "modified before": f'<meta property="article:modified_time" content="{OTHER}">'
    f'<meta property="article:published_time" content="{OWN}">',
    "JSON-LD": ld(node()),
    "a list": ld([{"@type": "WebSite", "name": "Gazette"}, node()]),
    "a graph": ld({"@graph": [{"@type": "Organization"}, node("ReportageNewsArticle")]}),
    "the main entity": ld({"@type": "WebPage", "mainEntity": node("Article")}),
    "several types": ld(node(["Thing", "OpinionNewsArticle"])),
    "a type by address": ld(node("http://schema.org/NewsArticle")),
    "a typed value": ld(node(date={"@type": "Date", "@value": OWN})),  # type: ignore[arg-type]
    "a blog": ld(node("BlogPosting")),
    "in a comment": f'<script type="application/ld+json"><!-- {json.dumps(node())} --></script>',
    "with a newline in a string": '<script type="application/ld+json">{"@type":"NewsArticle",'
    f'"description":"a\nb","datePublished":"{OWN}"}}</script>',
    "a broken script before": '<script type="application/ld+json">{"@type":</script>' + ld(node()),
    "a comment before": ld(COMMENT) + ld(node()),
    "a comment inside": ld({"comment": [COMMENT], **node()}),
    "a comment in the graph": ld({"@graph": [COMMENT, node()]}),
    "a related article before": ld(RELATED) + ld(node(headline="Library closes")),
    "a related article in the graph": ld({"@graph": [RELATED, node(url=URL)]}),
    "related articles in a list": ld({"@type": "ItemList", "itemListElement": [RELATED]})
    + ld(node()),
    "only related articles as nodes": ld([RELATED, RELATED])
    + f'<meta content="{OWN}" name="date">',
    "a video": ld({"@type": "VideoObject", "datePublished": OTHER}) + ld(node()),
    "an archived address": ld(node(url=f"http://web.archive.org/web/20230110/{URL}")) + ld(RELATED),
}
BODIES = {
    "microdata": f'<article itemscope itemtype="http://schema.org/NewsArticle">'
    f'<h1 itemprop="headline">Library closes</h1><time itemprop="datePublished" datetime="{OWN}">'
    "</time></article>",
    "microdata without a scope": f'<h1>Library closes</h1><span itemprop="datePublished" '
    f'content="{OWN}">today</span>',
    "a comment's microdata before": '<div itemscope itemtype="http://schema.org/Comment">'
    f'<time itemprop="datePublished" datetime="{OTHER}"></time></div><h1>Library closes</h1>'
    f'<time itemprop="datePublished" datetime="{OWN}"></time>',
    "a related article's microdata before": '<div itemscope itemtype="http://schema.org/Article">'
    f'<h3 itemprop="headline">Bridge opens</h3><meta itemprop="datePublished" content="{OTHER}">'
    '</div><div itemscope itemtype="http://schema.org/Article"><h1 itemprop="headline">Library '
    f'closes</h1><meta itemprop="datePublished" content="{OWN}"></div>',
    "pubdate": f'<aside><time datetime="{OTHER}"></time></aside><h1>Library closes</h1>'
    f'<p><time pubdate datetime="{OWN}">today</time></p>',
    "a time beside the heading": f'<nav><time datetime="{OTHER}"></time></nav><article>'
    f'<h1>Library closes</h1><time datetime="{OWN}">today</time><section class="comments">'
    f'<time datetime="{OTHER}"></time></section></article>',
    "an update before": f'<article><h1>Library closes</h1><time class="updated" '
    f'datetime="{OTHER}"></time><time class="published" datetime="{OWN}"></time></article>',
    "comments before": f'<div id="comments"><time datetime="{OTHER}"></time></div>'
    f'<div><h1>Library closes</h1><time datetime="{OWN}"></time></div>',
}


@pytest.mark.parametrize("kind", PAGES)
def test_the_date_of_the_article_is_found_in_the_head(kind: str) -> None:
    assert read(HEAD + PAGES[kind]).published == datetime.fromisoformat(OWN)


@pytest.mark.parametrize("kind", BODIES)
def test_the_date_of_the_article_is_found_in_the_body(kind: str) -> None:
    assert read(HEAD.replace("/2023", ""), BODIES[kind]).published == datetime.fromisoformat(OWN)


@pytest.mark.parametrize(
    "head",
    [
        ld(COMMENT),
        ld({"@graph": [COMMENT, {"@type": "WebSite"}]}),
        ld(RELATED),
        ld({"@type": "NewsArticle", "headline": "Library closes", "comment": [COMMENT]}),
        ld({"@type": "WebPage", "hasPart": [RELATED], "relatedLink": RELATED}),
        f'<meta property="article:modified_time" content="{OTHER}">',
        f'<meta property="article:published_time" content="yesterday">{ld(COMMENT)}',
        '<meta property="article:published_time" content="0001-01-01T00:00:00Z">',
        '<meta property="article:published_time" content="1970-01-01T00:00:00Z">',
        f"<script>var x = {json.dumps(node())}</script>",
    ],
)
def test_a_page_without_a_date_has_none(head: str) -> None:
    assert read(HEAD.replace("/2023", "") + head).published is None


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2016-12-01", "2016-12-01"),
        ("20161201", "2016-12-01"),
        ("2016/12/01", "2016-12-01"),
        ("December 1, 2016", "2016-12-01"),
        ("1 Dec. 2016", "2016-12-01"),
        ("2016-12-01T15:32:00Z", "2016-12-01T15:32:00+00:00"),
        ("2016-12-01 15:32:00 Z", "2016-12-01T15:32:00+00:00"),
        ("2016-12-01T15:32:00.000-05:00", "2016-12-01T15:32:00-05:00"),
        ("2016-12-01T15:32-500", "2016-12-01T15:32:00-05:00"),
        ("2016-12-01T00:32-500", "2016-12-01T00:32:00-05:00"),
        ("2016-12-01 3:32:00 -0500", "2016-12-01T03:32:00-05:00"),
        # Badly formed, with an hour of 1 to 12: the clock may have 12 hours.
        ("2016-12-01T03:32-500", "2016-12-01"),
        ("2016-12-01T12:32-5", "2016-12-01"),
        ("2016-12-01 3:32:00 +5:30", "2016-12-01"),
        ("Thu, 01 Dec 2016 11:32:00 -800", "2016-12-01"),
        ("2016-12-01T3:32:00-05:00", "2016-12-01"),
        ("2016-12-01T3:32 PM-500", "2016-12-01T15:32:00-05:00"),
        ("2016-12-01T15:32:00PST", "2016-12-01T15:32:00-08:00"),
        ("20161201T153200+0100", "2016-12-01T15:32:00+01:00"),
        ("Thu, 01 Dec 2016 15:32:00 GMT", "2016-12-01T15:32:00+00:00"),
        ("Thu Dec 01 2016 15:32:00 GMT-0500 (EST)", "2016-12-01T15:32:00-05:00"),
        ("December 1, 2016, 3:32 PM EST", "2016-12-01T15:32:00-05:00"),
        ("Dec. 1, 2016 at 12:05 a.m.", "2016-12-01T00:05:00"),
        ("1480606320", "2016-12-01T15:32:00+00:00"),
        ("1480606320000", "2016-12-01T15:32:00+00:00"),
        # Content systems write a day as midnight.
        ("2016-12-01T00:00:00-05:00", "2016-12-01"),
        ("2016-12-01T00:00:00Z", "2016-12-01"),
    ],
)
def test_dates_of_pages_are_understood(said: str, meant: str) -> None:
    found = read_page_date(said)
    assert found is not None
    assert found.is_day == ("T" not in meant)
    shown = found.when.date() if found.is_day else found.when
    assert shown.isoformat() == meant


@pytest.mark.parametrize(
    ("said", "shown", "meant"),
    [
        ("2016-12-02T05:38-500", "December 2 at 5:38 PM", "2016-12-02T17:38:00-05:00"),
        ("2016-12-02T05:38-500", "December 2 at 5:38 AM", "2016-12-02T05:38:00-05:00"),
        ("2016-12-02T12:38-500", "December 2 at 12:38 PM", "2016-12-02T12:38:00-05:00"),
        ("2016-12-02T12:38-500", "Dec. 2, 12:38 a.m.", "2016-12-02T00:38:00-05:00"),
        ("2016-12-02T05:38+530", "2 December, 17:38", "2016-12-02T17:38:00+05:30"),
        ("2016-12-02T5:38:10+01:00", "2. Dezember, 17.38 Uhr", "2016-12-02T17:38:10+01:00"),
        ("2016-12-02T05:38-500", "2 de diciembre, 5:38 p. m.", "2016-12-02T17:38:00-05:00"),
        ("2016-12-02T5:38+08:00", "12月2日 下午5:38", "2016-12-02T17:38:00+08:00"),
        ("2016-12-02T5:38+09:00", "12월 2일 오전 5:38", "2016-12-02T05:38:00+09:00"),
        # Nothing else settles it.
        ("2016-12-02T05:38-500", "", "2016-12-02"),
        ("2016-12-02T05:38-500", "December 2", "2016-12-02"),
        ("2016-12-02T05:38-500", "December 2 at 5:38", "2016-12-02"),
        ("2016-12-02T05:38-500", "December 2 at 5:39 PM", "2016-12-02"),
        ("2016-12-02T05:38-500", "5:38 AM, updated 5:38 PM", "2016-12-02"),
        ("2016-12-02T05:38-500", "at 5:38 after midnight", "2016-12-02"),
        # What is well formed is not doubted.
        ("2016-12-02T05:38-05:00", "December 2 at 5:38 PM", "2016-12-02T05:38:00-05:00"),
        ("2016-12-02T22:38:00Z", "Dec 2 2016, 5:38 pm ET", "2016-12-02T22:38:00+00:00"),
    ],
)
@pytest.mark.parametrize(
    "form",
    [
        '<span itemprop="datePublished" content="{}">{}</span>',
        '<time itemprop="datePublished" datetime="{}"><b>{}</b></time>',
        '<article><h1>Library closes</h1><time datetime="{}">{}</time></article>',
    ],
)
def test_the_text_of_an_element_settles_a_clock_of_12_hours(
    form: str, said: str, shown: str, meant: str
) -> None:
    found = read(body=form.format(said, shown)).published
    assert found is not None
    assert found.isoformat() == (meant if "T" in meant else f"{meant}T00:00:00+00:00")


@pytest.mark.parametrize("hour", range(24))
def test_a_kept_form_with_a_clock_of_12_hours_is_read(hour: int) -> None:
    """A template that writes its hours as `hh` instead of `HH`."""
    written = datetime(2016, 12, 2, hour, 38)
    said = f"{written:%Y-%m-%dT%I:%M}-500"
    shown = f"{written:%B} {written.day} at {written:%I:%M %p}".replace(" 0", " ")
    page = (
        '<div class="pb-sig-line"><span class="pb-byline" itemprop="author">By <a>Jo Lee</a></span>'
        f'<span class="pb-timestamp" itemprop="datePublished" content="{said}">{shown}</span></div>'
    )
    own = read(body=page).published
    assert own is not None
    assert own.isoformat() == written.strftime("%Y-%m-%dT%H:%M:00-05:00")


@pytest.mark.parametrize(
    "said",
    ["", "12/01/2016", "2 hours ago", "2016-13-01", "2016-02-30", "2016-12-01T25:00", "13:00 PM",
     "December 2016", "2016", "0000-00-00", "2016-12-01T15:32+99:00", "x" * 1000],
)  # fmt: skip
def test_what_is_no_clear_date_is_none(said: str) -> None:
    assert read_page_date(said) is None


@law()
@given(st.text(max_size=70))
def test_any_text_may_stand_for_a_date(said: str) -> None:
    read_page_date(said)
    read_address_date(said)
    read(f'<meta name="date" content="{said.replace(chr(34), "").replace(chr(0), "")}">')


def choose(*said: str, others: tuple[str, ...] = ()) -> str:
    dates, more = ([read_page_date(one) for one in own] for own in (said, others))
    chosen = choose_date([one for one in dates if one], [one for one in more if one])
    assert chosen is not None
    return chosen.isoformat()


def test_a_later_date_adds_the_time_of_the_same_day_only() -> None:
    assert choose("2016-12-01", "2016-12-01T15:32:00-05:00") == "2016-12-01T15:32:00-05:00"
    assert choose("2016-12-01", "2016-12-02T15:32:00-05:00") == "2016-12-01T00:00:00+00:00"
    assert (
        choose("2016-12-01T15:32:00-05:00", "2016-12-01T10:00:00Z") == "2016-12-01T15:32:00-05:00"
    )


def test_a_time_without_a_zone_has_that_of_the_page_else_utc() -> None:
    assert choose("2016-12-01T15:32:01") == "2016-12-01T15:32:01+00:00"
    modified = ("2016-12-01T20:12:38.6", "2016-12-01T20:12:38-05:00")
    assert choose("2016-12-01T15:32:01", others=modified) == "2016-12-01T15:32:01-05:00"
    assert choose("2016-12-01T15:32:01", others=modified[1:]) == "2016-12-01T15:32:01+00:00"


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("http://a.example/2016/12/01/title", "2016-12-01"),
        ("http://a.example/news/2016/12/1/title", "2016-12-01"),
        ("http://a.example/world/2016/dec/01/title", "2016-12-01"),
        ("http://a.example/2016-12-01-title", "2016-12-01"),
        ("http://a.example/la-fi-title-20161201-story.html", "2016-12-01"),
        ("http://a.example/201612011/title", None),
        ("http://a.example/2016/99/01/title", None),
    ],
)
def test_the_day_in_an_address_is_read(url: str, day: str | None) -> None:
    found = read_address_date(url)
    assert (found and found.when.date().isoformat()) == day
    page = read(f'<link href="{url}" rel="canonical">')
    assert (page.published and page.published.date().isoformat()) == day


@pytest.mark.parametrize(
    ("head", "outlet"),
    [
        ('<meta content="The Gazette" property="og:site_name">', "The Gazette"),
        (ld(node(publisher={"@type": "Organization", "name": "The Gazette"})), "The Gazette"),
        (ld(node(publisher=[{"name": "The Gazette"}])), "The Gazette"),
        ('<meta name="dc.publisher" content="The Gazette">', "The Gazette"),
        ('<meta property="article:publisher" content="https://www.facebook.com/x">'
         '<link rel="canonical" href="https://www.gazette.example/a">', "gazette.example"),
        ('<meta name="twitter:site" content="@CBSPolitics"><link rel="canonical" '
         'href="http://www.cbsnews.com/news/a/">', "CBS News"),
        ('<link rel="canonical" href="http://web.archive.org/web/20161201143805/'
         'http://www.gazette.example/a">', "gazette.example"),
        ('<meta property="og:url" content="https://m.gazette.example/a">', "gazette.example"),
        ('<meta property="og:url" content="https://amp.cnn.com/a">', "CNN"),
        ('<meta property="og:site_name" content="latimes.com">', "Los Angeles Times"),
        ("<title>Log In - New York Times</title>", "New York Times"),
        ("<title>Library closes - by our reporter</title>", None),
        ("", None),
    ],
)  # fmt: skip
def test_the_outlet_is_found(head: str, outlet: str | None) -> None:
    assert read(head).outlet == outlet


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ('<meta content="Library closes" property="og:title">', "", "Library closes"),
        ("<title>Library closes | Gazette</title>", "<h1>Library closes</h1>", "Library closes"),
        ('<title>Library closes - The Gazette</title><meta property="og:site_name" '
         'content="The Gazette">', "", "Library closes"),
        ('<meta property="og:title" content="The Gazette: Library closes"><meta '
         'property="og:site_name" content="The Gazette">', "", "The Gazette: Library closes"),
        ('<meta property="og:title" content="The Gazette"><meta property="og:site_name" '
         'content="The Gazette">', "<h1>Library closes</h1>", "Library closes"),
        (ld(node(headline="Library &amp; school close")), "", "Library & school close"),
        ("", "", None),
    ],
)  # fmt: skip
def test_the_title_is_found_without_the_site(head: str, body: str, title: str | None) -> None:
    assert read(head, body or "<p>x</p>").title == title


def test_the_address_of_an_archived_page_is_the_original() -> None:
    head = f'<link rel="canonical" href="http://web.archive.org/web/20230110000000/{URL}">'
    assert read(head).url == URL


@pytest.mark.parametrize(
    ("head", "body", "byline"),
    [
        (ld(node(author={"@type": "Person", "name": "Jo Smith"})), "", "Jo Smith"),
        (ld(node(author=[{"name": "Jo Smith"}, {"name": "AP"}])), "", "Jo Smith; AP"),
        ('<meta content="Associated Press" name="author">', "", "Associated Press"),
        ('<meta property="author" content="https://social.example/jo">', "", None),
        ("", '<p><span class="source">CBS/AP</span> now</p>', "CBS/AP"),
        ("", '<p class="article-byline">By Jo Smith, AP</p>', "By Jo Smith, AP"),
        ("", '<a rel="author" href="/jo">Jo Smith</a>', "Jo Smith"),
        ("", '<figure><span class="source">AP</span></figure>', None),
        ("", '<div class="photo-box"><span class="source">AP</span></div>', None),
        ("", '<div class="related"><span class="byline">AP</span></div>', None),
        ("", f'<div class="source">{"long " * 40}</div>', None),
        ("", "<p>By Jo Smith</p>", None),
    ],
)
def test_the_byline_is_found(head: str, body: str, byline: str | None) -> None:
    assert read(head, f"<h1>Library closes</h1>{body}").byline == byline


@pytest.mark.parametrize(
    ("head", "rights"),
    [
        ('<meta name="copyright" content="Copyright (c) 2016 The Gazette">',
         "Copyright (c) 2016 The Gazette"),
        ('<meta name="DC.rights" content="The Gazette">', "The Gazette"),
        (ld(node(headline="Library closes", copyrightHolder={"name": "The Gazette"})),
         "The Gazette"),
        (f'<meta name="copyright" content="{"All rights. " * 30}">', None),
        ("", None),
    ],
)  # fmt: skip
def test_the_holder_of_rights_is_found(head: str, rights: str | None) -> None:
    assert read(HEAD + head).rights == rights


def test_a_picture_has_its_own_rights() -> None:
    picture = '<meta itemprop="copyrightHolder" content="Jo Lee, AP">'
    body = f'<h1>Library closes</h1><div itemscope itemtype="Image">{picture}</div>'
    assert read(HEAD, body).rights is None
