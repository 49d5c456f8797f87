"""Captures of one page are versions of one article: they reuse nothing of one another."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest

import dedup
from dedup import Article

FIRST = (
    "The council of Port Halden voted nine to four on Tuesday to close the old grain terminal by "
    "the end of next year, ending a century of shipping from the harbor."
)
LATER = (
    "The mayor of Kettle Junction promised a second bridge over the Elbow river before the winter "
    "of next year, whatever the county may decide."
)
OWN = (
    "A flock of pelicans delayed trains for three hours while rangers coaxed them from the rails "
    "with buckets of herring, witnesses said on Sunday."
)
URL = "https://gazette.example/a"
OLD = Article("old", f"{FIRST}", "Gazette", "2023-01-01T10:00:00Z", f"{URL}?utm_source=x")
NEW = Article("new", f"{FIRST} {LATER}", "Gazette", "2023-01-01T12:00:00Z", f"{URL}/#top")
COPY = Article(
    "copy", f"{OWN} {LATER}", "Herald", "2023-01-02T10:00:00Z", "https://herald.example/b"
)


def test_versions_are_named_and_no_reuse() -> None:
    assert dedup.compare(OLD, NEW).version
    report = dedup.find_overlaps([OLD, NEW])
    (overlap,) = report.overlaps
    assert (overlap.relation, overlap.version) == ("contains", True)
    assert overlap.to_dict()["version"] is True
    assert (report.stories, report.families) == ((), ())
    assert [one.coverage for one in report.articles] == [0.0, 0.0]


@pytest.mark.parametrize("change", [{"url": None}, {"url": f"{URL}/2"}, {"outlet": "Herald"}])
def test_other_pages_are_no_versions(change: dict[str, str | None]) -> None:
    overlap = dedup.compare(OLD, replace(NEW, **change))
    assert (overlap.relation, overlap.version) == ("contained", False)


def test_a_story_counts_versions_once_and_takes_that_with_its_text() -> None:
    both = replace(COPY, text=f"{OWN} {FIRST} {LATER}")
    for order in permutations([OLD, NEW, both]):
        report = dedup.find_overlaps(order)
        found = {(one.a, one.b): one.version for one in report.overlaps}
        assert found == {("copy", "new"): False, ("copy", "old"): False, ("new", "old"): True}
        (story,) = report.stories
        assert [(one.article, one.versions) for one in story.members] == [
            ("old", ("new",)), ("copy", ()),
        ]  # fmt: skip
        assert story.earliest == ("old",)
    partly = dedup.find_overlaps([replace(OLD, text=f"{OLD.text} {OWN[:60]}"), NEW, COPY])
    assert [one.versions for story in partly.stories for one in story.members] in ([], [(), ()])


def test_filter_drops_a_version_that_repeats() -> None:
    same = replace(NEW, text=f"{NEW.text} Updated.")
    kept = dedup.filter([NEW, replace(same, id="same"), OLD]).kept
    assert len(kept) == 2
    assert kept[-1].id == "old"
