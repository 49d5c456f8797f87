"""The tables of an index and their files. This implements docs/index-format.md."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from dedup.errors import CorruptFile, IncompatibleFile, StoreError

VERSION = 1

_SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE documents (
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    url BLOB,
    outlet BLOB,
    published REAL,
    n_chars INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    digest BLOB NOT NULL,
    dictionary INTEGER,
    body BLOB NOT NULL
);
CREATE INDEX documents_url ON documents (url) WHERE url IS NOT NULL;
CREATE INDEX documents_outlet ON documents (outlet);
CREATE INDEX documents_published ON documents (published) WHERE published IS NOT NULL;
CREATE INDEX documents_digest ON documents (digest);
CREATE TABLE outlets (
    name BLOB PRIMARY KEY, n_learned INTEGER NOT NULL, digest BLOB NOT NULL, formulas BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE dictionaries (number INTEGER PRIMARY KEY, content BLOB NOT NULL);
CREATE TABLE fresh (
    number INTEGER PRIMARY KEY, n_tokens INTEGER NOT NULL, digest BLOB NOT NULL,
    postings BLOB NOT NULL
);
CREATE TABLE segments (
    name TEXT PRIMARY KEY, first INTEGER NOT NULL, n_articles INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE removed (number INTEGER PRIMARY KEY);
"""

# Size limit in bytes of the write-ahead log after a full checkpoint.
_LOG = 4 << 20
# Seconds that a statement waits for another process.
PATIENCE = 60
# Bodies of this size waste few bytes of a page.
_PAGE = 8192


def connect(path: Path, recipe: str, *, can_write: bool) -> sqlite3.Connection:
    """Open the SQLite file of an index.

    Raises
    ------
    IncompatibleFile
        If it has another version or recipe.
    CorruptFile
        If it is not a database.
    StoreError
        If the file is missing and `can_write` is false.
    """
    if not can_write and not path.exists():
        raise StoreError(str(path.parent), "not an index")
    uri = f"{path.absolute().as_uri()}?mode={'rwc' if can_write else 'ro'}"
    try:
        database = sqlite3.connect(
            uri, uri=True, isolation_level=None, check_same_thread=False, timeout=PATIENCE
        )
        try:
            _begin(database, path, recipe, can_write)
        except BaseException:
            database.close()
            raise
    except sqlite3.OperationalError as error:
        raise StoreError(str(path), str(error)) from error
    except sqlite3.DatabaseError as error:
        raise CorruptFile(str(path), str(error)) from error
    return database


def _begin(database: sqlite3.Connection, path: Path, recipe: str, can_write: bool) -> None:
    run = database.execute
    tables = {row[0] for row in run("SELECT name FROM sqlite_master")}
    if not tables and can_write:
        _create(database, recipe)
    elif not tables:
        raise StoreError(str(path.parent), "not an index")
    elif "meta" not in tables:
        raise IncompatibleFile(str(path), "a database that is no index")
    run("PRAGMA synchronous = FULL")
    run(f"PRAGMA journal_size_limit = {_LOG}")
    found = dict(run("SELECT name, value FROM meta"))
    if found.get("version") != VERSION:
        raise IncompatibleFile(
            str(path),
            f"an index of version {found.get('version')}, where version {VERSION} is read",
        )
    if found["recipe"] != recipe:
        raise IncompatibleFile(
            str(path),
            f"made with the recipe {found['recipe']}, where {recipe} is asked for: "
            "that of another preset, of other parameters, or of another version",
        )


def _create(database: sqlite3.Connection, recipe: str) -> None:
    run = database.execute
    run(f"PRAGMA page_size = {_PAGE}")
    run("PRAGMA journal_mode = WAL")
    run("PRAGMA synchronous = FULL")
    run("BEGIN IMMEDIATE")
    for statement in _SCHEMA.split(";"):
        run(statement)
    values = ("version", VERSION), ("recipe", recipe), ("n_numbers", 0)
    database.executemany("INSERT INTO meta VALUES (?, ?)", values)
    run("COMMIT")
