"""Ids of an index: which stored article an arriving one belongs to."""

from __future__ import annotations

import sqlite3

from dedup.index.rows import ANY, DocumentRow, digest, name_outlet, to_columns
from dedup.model.article import Article, name_apart

# Hexadecimal digits that `name_apart` appends.
_N_DIGITS = 8


def find_name(database: sqlite3.Connection, article: Article) -> str:
    """Return the id under which an article belongs: its own, unless another article has it.

    With another text, another URL or, without one, another outlet is another article.
    """
    own = to_columns(article)
    mark = own[0] + b"#"
    rows = database.execute(
        "SELECT id, url, outlet, digest FROM documents "
        "WHERE id = ?1 OR (id > ?2 AND id < ?3 AND length(id) = ?4) ORDER BY id",
        (own[0], mark, mark + b"\xff", len(mark) + _N_DIGITS),
    ).fetchall()
    unknown, text = name_outlet(None), digest(article.text)
    for name, url, outlet, check in rows:
        is_url = None if url is None or own[1] is None else url == own[1]
        is_outlet = None if unknown in (outlet, own[2]) else outlet == own[2]
        same = is_outlet if is_url is None else is_url
        if same or (name == own[0] and (same is None or check == text)):
            return str(name.decode(*ANY))
    return article.id if all(name != own[0] for name, *_ in rows) else name_apart(article)


def find_url(database: sqlite3.Connection, url: str) -> int | None:
    """Return the number of the latest article with a URL."""
    query = "SELECT max(number) FROM documents WHERE url = ?"
    (number,) = database.execute(query, (url.encode(*ANY),)).fetchone()
    return number  # type: ignore[no-any-return]


def find_versions(database: sqlite3.Connection, article: Article) -> list[DocumentRow]:
    """Return the articles with the id or the URL of an article: none, one or two."""
    columns = article.id.encode(*ANY), article.url.encode(*ANY) if article.url else None
    rows = database.execute(
        "SELECT number, outlet, digest, revision FROM documents WHERE id = ?1 OR url = ?2 "
        "ORDER BY number",
        columns,
    )
    return [DocumentRow(*row) for row in rows]


def find_copy(database: sqlite3.Connection, article: Article) -> int | None:
    """Return the first article with the same text, but another id and another URL."""
    row = database.execute(
        "SELECT number FROM documents WHERE digest = ? AND id != ? AND url IS NOT ? "
        "ORDER BY number",
        (digest(article.text), article.id.encode(*ANY), (article.url or "").encode(*ANY)),
    ).fetchone()
    return int(row[0]) if row else None
