"""Pages without an article are named; articles about walls are read."""

import io

import pytest
from hypothesis import given

import dedup
from dedup.readers.page_kind import name_page
from tests.strategies import hostile_text, law

WALLS = [
    ("a sign-in page", "Log In", "Log In\nDon't have an account?\nRemember Me\nForgot password?"),
    ("a sign-in page", "Subscribe to read | Gazette", "Already a subscriber? Sign in"),
    ("a sign-in page", None, "Bereits Abonnent? Anmelden\nPasswort vergessen?\nJetzt abonnieren"),
    ("a sign-in page", None, "Déjà abonné ? Connectez-vous\nMot de passe oublié ?"),
    ("an error page", "Access Denied", "You don't have permission to access this page."),
    ("an error page", "404", "Sorry, the page you are looking for does not exist. Try searching."),
    ("an error page", None, "Страница не найдена"),
    ("an error page", None, "ページが見つかりません"),
    ("a check for robots", "Just a moment...", "Please enable JavaScript to continue."),
    ("a cookie notice", None, "We use cookies on this page. Accept all Manage preferences"),
]  # fmt: skip
ARTICLES = [
    ("Publishers put more news behind paywalls", "Papers ask more readers to log in or subscribe "
     "before they read, a survey of 400 papers found on Tuesday. Readers who forgot their password "
     "often gave up, said its author, Jo Smith, who teaches at the school of the harbor town."),
    ("Google fined again", "Google must pay 40 million crowns, the court said. Facebook, which was "
     "fined in May, did not comment. Google said that it would go to the higher court."),
    ("Access denied: the museum closes its attic", "The museum closed its attic on Monday. A beam "
     "had cracked in the storm, the curator said, and nobody may go up before it is mended."),
    ("Storm", "A storm closed the bridge."),
    (None, ""),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "title", "text"), WALLS)
def test_walls_are_named(kind, title, text):
    assert name_page(title, text) == kind


@pytest.mark.parametrize(("title", "text"), ARTICLES)
def test_articles_are_none(title, text):
    assert name_page(title, text) is None


@pytest.mark.parametrize("wall", [wall for *_, wall in WALLS])
def test_an_article_with_a_wall_below_is_read(wall):
    body = " ".join(text for _, text in ARTICLES)
    assert name_page("Harbor news", f"{body}\n{wall}") is None


@law(100)
@given(hostile_text(), hostile_text())
def test_any_text_has_a_name_or_none(title, text):
    assert name_page(title, text) in {None, *(kind for kind, *_ in WALLS)}


def _page(title, *paragraphs):
    body = "".join(f"<p>{one}</p>" for one in paragraphs)
    return f"<html><head><title>{title}</title></head><body><article>{body}</article></body></html>"


def test_a_wall_is_skipped_with_its_name(tmp_path):
    pytest.importorskip("trafilatura")
    wall = _page("Log In", "Log in to continue. Forgot your password? Create an account.")
    (tmp_path / "wall.html").write_text(wall)
    (tmp_path / "article.html").write_text(_page(*ARTICLES[0]))
    found = dedup.read(tmp_path)
    assert [article.title for article in found] == [ARTICLES[0][0]]
    assert [one.reason for one in found.skipped] == ["a sign-in page, no article"]


def test_a_wall_of_a_web_archive_is_skipped_with_its_name(tmp_path):
    pytest.importorskip("trafilatura")
    page = _page("Page not found", "The page you requested could not be found.").encode()
    head = "WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: http://gazette.example/1\r\n"
    record = io.BytesIO()
    record.write(f"{head}Content-Type: text/html\r\nContent-Length: {len(page)}\r\n\r\n".encode())
    record.write(page + b"\r\n\r\n")
    (tmp_path / "a.warc").write_bytes(record.getvalue())
    found = dedup.read(tmp_path / "a.warc")
    assert list(found) == []
    assert [one.reason for one in found.skipped] == [
        "http://gazette.example/1: an error page, no article"
    ]
