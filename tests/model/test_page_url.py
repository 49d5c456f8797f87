"""Captures of one page have one key, and other pages other ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import Article
from dedup.model.page_url import find_page, fold_url, is_one_page

PAGE = "https://example.org/news/2023/a"
SAME = [
    "http://example.org/news/2023/a",
    "https://www.example.org/news/2023/a/",
    "HTTPS://WWW.Example.ORG:443/news/2023/a",
    "https://m.example.org/news/2023/a#comments",
    "https://example.org/news/2023/a?utm_source=x&fbclid=2",
    "https://example.org/news/2023/a/index.html?ref=home",
    "https://example.org/news/2023/a/amp/",
    "https://web.archive.org/web/20230101000000/http://www.example.org/news/2023/a",
]
OTHER = [
    "https://example.org/news/2023/b",
    "https://example.org/news/2023/a?id=5",
    "https://example.com/news/2023/a",
    "https://example.org:8443/news/2023/a",
    "https://live.example.org/news/2023/a",
]
NONE = ["https://example.org", "http://www.example.org/?utm_source=x", "ftp://example.org/a",
        "example.org/a", "http://[::1", "http://x:99999/a", "", "mailto:a@example.org"]  # fmt: skip


@pytest.mark.parametrize("url", SAME)
def test_captures_of_one_page_have_one_key(url: str) -> None:
    assert fold_url(url) == fold_url(PAGE)


@pytest.mark.parametrize("url", OTHER)
def test_other_pages_have_other_keys(url: str) -> None:
    assert fold_url(url) not in (None, fold_url(PAGE))


@pytest.mark.parametrize("url", NONE)
def test_what_names_no_page_has_no_key(url: str) -> None:
    assert fold_url(url) is None


def test_known_outlets_must_agree() -> None:
    one, same, other, unknown = (
        find_page(Article("x", "words", outlet, url=PAGE))
        for outlet in ("The Times", "the times", "Herald", None)
    )
    assert is_one_page(one, same)
    assert is_one_page(one, unknown)
    assert not is_one_page(one, other)
    assert not is_one_page(one, None)


@given(st.text(max_size=40) | st.from_regex(r"https?://[a-z.]{1,9}/[ -~]{0,20}", fullmatch=True))
def test_every_string_has_one_key_or_none(url: str) -> None:
    assert fold_url(url) == fold_url(f" {url}\n")
