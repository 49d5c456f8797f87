"""Outlets of a collection: several names of one are one, in every result."""

from __future__ import annotations

import pytest

import dedup
from dedup.model.outlets import Agency, agencies, fold_name, name_source

TEXT = (
    "The harbor authority said on Monday that the old lighthouse would be sold to a buyer from "
    "abroad, and that the money would pay for the new pier beside it before the winter."
)


def report(*outlets: str | None, names: dict[str, str] | None = None, **texts: str) -> dedup.Report:
    articles = [
        dedup.Article(
            f"a{n}", texts.get(f"a{n}", TEXT), outlet=outlet, published=f"2023-01-1{n}T09:00Z"
        )
        for n, outlet in enumerate(outlets)
    ]
    return dedup.find_overlaps(articles, outlets=names)


def outlets_of(found: dedup.Report) -> list[str | None]:
    return [one.article.outlet for one in found.articles]


def test_one_outlet_has_one_name_in_a_report() -> None:
    found = report("CBSNews", "CBSPolitics", "www.cbsnews.com", "gazette.example", None)
    assert outlets_of(found) == ["CBS News"] * 3 + ["gazette.example", None]


def test_given_names_come_first() -> None:
    names = {"CBSPolitics": "CBSPolitics", "Evening Star": "The Star"}
    found = report("CBSNews", "CBSPolitics", "Evening Star", names=names)
    assert outlets_of(found) == ["CBSNews", "CBSPolitics", "The Star"]


def test_an_agency_of_the_collection_is_the_source_under_its_outlets_name() -> None:
    for outlet in ("apnews.com", "AP", "The Associated Press", "AP News"):
        credited = f"OSLO ( ap ) — {TEXT}"
        (story,) = report(outlet, "The Gazette", a1=credited).stories
        member = next(one for one in story.members if one.article == "a1")
        assert (story.origin.source, story.origin.basis) == ("a0", ("credit",))
        assert (story.origin.agency, member.credit) == (None, outlet)


def test_an_agency_without_articles_is_one_agency_whatever_its_name() -> None:
    found = report(
        "One", "Two", "Three",
        a0=f"OSLO (AP) — {TEXT}", a1=f"{TEXT}\n\nThe Associated Press contributed to this report.",
        a2=f"{TEXT}\n\n© 2023 The Associated Press. All rights reserved.",
    )  # fmt: skip
    (story,) = found.stories
    assert (story.origin.source, story.origin.basis) == (None, ("wire",))
    assert story.origin.agency == "Associated Press"
    assert [one.credit for one in story.members] == ["Associated Press"] * 3
    credits = [credit.name for one in found.articles for credit in one.credits]
    assert credits == ["Associated Press"] * 3


@pytest.mark.parametrize("agency", agencies(), ids=lambda one: one.name)
def test_a_credit_has_the_name_of_the_outlet_here_else_that_of_the_table(agency: Agency) -> None:
    for name in agency.names:
        assert name_source(name, {}) == agency.name
        assert name_source(name, {fold_name(agency.name): "Our Wire"}) == "Our Wire"
    assert name_source(f"{agency.name}/AP", {}) == f"{agency.name}/Associated Press"
    assert name_source(f"{agency.name.upper()} Gazette Herald", {}) not in agency.names


def test_a_page_of_an_archive_is_no_article_of_the_archive() -> None:
    articles = [
        dedup.Article(f"a{n}", TEXT, url=f"http://web.archive.org/web/2016/{url}")
        for n, url in enumerate(("http://gazette.example/a", "http://star.example/b"))
    ]
    linked = dedup.Article(
        "b", f"{TEXT}\n\nhttps://web.archive.org/web/2016/http://gazette.example/a"
    )
    (story,) = dedup.find_overlaps([*articles, linked]).stories
    assert (story.origin.source, story.origin.basis) == ("a0", ("link",))


@pytest.mark.parametrize(
    "extra",
    [{"byline": "CBS/AP"}, {"author": "By Jo Lee, Associated Press"}, {"authors": ["Jo", "AP"]}],
)
def test_a_byline_is_a_credit(extra: dict[str, object]) -> None:
    wire = dedup.Article("a", TEXT, outlet="AP News", published="2023-01-10T09:00Z")
    copy = dedup.Article("b", TEXT, "CBS News", "2023-01-10T08:00Z", extra=extra)
    (story,) = dedup.find_overlaps([wire, copy]).stories
    assert (story.origin.source, story.origin.basis) == ("a", ("credit",))
    assert {one.article: one.credit for one in story.members} == {"a": None, "b": "AP News"}


@pytest.mark.parametrize(
    ("end", "extra"),
    [
        ("\n\nThe Harbor Gazette's Jo Lee contributed to this article.", {}),
        ("\n\nCopyright (c) 2023 Harbor Gazette", {}),
        ("", {"byline": "By Jo Lee, Harbor Gazette"}),
        ("", {"copyright": "Copyright (c) 2023 Harbor Gazette"}),
    ],
)
def test_an_outlet_of_the_collection_is_credited(end: str, extra: dict[str, str]) -> None:
    own = dedup.Article("a", TEXT + end, outlet="Harbor Gazette", published="2023-01-10T09:00Z")
    copy = dedup.Article(
        "b", TEXT + end, outlet="Morning Sun", published="2023-01-11T09:00Z", extra=extra
    )
    found = dedup.find_overlaps([own, copy])
    (story,) = found.stories
    assert [member.credit for member in story.members] == [None, "Harbor Gazette"]
    credits = [[one.name for one in summary.credits] for summary in found.articles]
    assert credits == [[], ["Harbor Gazette"] if end else []]
    (alone,) = dedup.find_overlaps([copy, own], outlets={"Harbor Gazette": "Morning Sun"}).stories
    assert [member.credit for member in alone.members] == [None, None]
