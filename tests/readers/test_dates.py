"""Dates in the forms that exports write, and no guesses at others."""

from __future__ import annotations

import pytest

from dedup.readers.records import Fields, Unreadable, to_article


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2026-11-23", "2026-11-23T00:00:00+00:00"),
        ("2026-11-23 10:00", "2026-11-23T10:00:00+00:00"),
        (" 2026-11-23T10:00:00Z\n", "2026-11-23T10:00:00+00:00"),
        ("2026-11-23 10:00:00 UTC", "2026-11-23T10:00:00+00:00"),
        ("2026-11-23 10:00:00.5 +0100", "2026-11-23T10:00:00.500000+01:00"),
        ("Mon, 23 Nov 2026 10:00:00 GMT", "2026-11-23T10:00:00+00:00"),
        ("mon, 3 nov 2026 10:00 -0500", "2026-11-03T10:00:00-05:00"),
        ("23 Nov 2026 10:00:00 EST", "2026-11-23T10:00:00-05:00"),
        (1763892000, "2025-11-23T10:00:00+00:00"),
        (1763892000.5, "2025-11-23T10:00:00.500000+00:00"),
        ("1763892000", "2025-11-23T10:00:00+00:00"),
        (1763892000500, "2025-11-23T10:00:00.500000+00:00"),
        ("1763892000500", "2025-11-23T10:00:00.500000+00:00"),
    ],
)
def test_what_is_clear_is_understood(said: object, meant: str) -> None:
    published = to_article({"text": "a", "date": said}, Fields(), "x").published
    assert published is not None
    assert published.isoformat() == meant


@pytest.mark.parametrize(
    "said",
    [
        "23/11/2026",
        "11/23/2026",
        "Mon, 23 Nov 2026 10:00:00 CST8",
        # Whose zone? Read as UTC it would change who was first.
        "Mon, 23 Nov 2026 10:00:00 CET",
        "Mon, 99 Nov 2026 10:00:00 GMT",
        "2026-13-23 10:00:00 UTC",
        "23 Nov 26 10:00 GMT",
        float("inf"),
        10**400,
    ],
)
def test_what_is_not_is_told_with_its_field(said: object) -> None:
    with pytest.raises(Unreadable, match="field 'date': "):
        to_article({"text": "a", "date": said}, Fields(), "x")


def test_white_space_is_no_date() -> None:
    assert to_article({"text": "a", "date": " "}, Fields(), "x").published is None
