"""The tables of an index and their files. This implements docs/index-format.md."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import tempfile
from pathlib import Path
from types import NoneType
from typing import Any, NamedTuple

from dedup.errors import CorruptFile, IncompatibleFile, StoreError
from dedup.params import Params, check_params, list_recipe, restore_recipe

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
# What to do with an index of another recipe.
REBUILD = "make a new index of its articles: dedup index rebuild OLD NEW"
# Bodies waste few bytes of a page of this size, see docs/decisions/0016-index.md.
PAGE = 16384


# Types of the columns, by the name in the result: a query chooses one with AS. A damaged row may
# hold others. Tuples, because a union takes longer to check.
_TYPES: dict[str, type | tuple[type, ...]] = {
    **dict.fromkeys(("number", "n_chars", "revision", "n_learned", "n_tokens", "first"), int),
    **dict.fromkeys(("id", "digest", "body", "formulas", "content", "postings"), bytes),
    **dict.fromkeys(("url", "outlet"), (bytes, NoneType)),
    "n_articles": int, "published": (float, NoneType), "dictionary": (int, NoneType),
    "name": (bytes, str), "file": str,
}  # fmt: skip


def _check_types(cursor: sqlite3.Cursor, row: tuple[Any, ...]) -> tuple[Any, ...]:
    for (name, *_), value in zip(cursor.description, row, strict=True):
        if not isinstance(value, _TYPES.get(name, object)):
            kind = type(value).__name__
            raise sqlite3.DatabaseError(f"damaged: a value of column {name} has type {kind}")
    return row


class Recipe(NamedTuple):
    """The recipe of an index: its digest, and the parameters of this version that make it.

    `params` is None if this version of dedup cannot make postings of that recipe.
    """

    digest: str
    params: Params | None


def connect(
    path: Path, params: Params | None, *, can_write: bool
) -> tuple[sqlite3.Connection, Recipe]:
    """Open the SQLite file of an index.

    Parameters
    ----------
    params : Params or None
        Parameters whose recipe the index must have; None for its own, ``news`` for a new one.

    Raises
    ------
    IncompatibleFile
        If it has another version, or another recipe than `params`.
    CorruptFile
        If it is not a database.
    StoreError
        If the file is missing and `can_write` is false.
    """
    if not can_write and not path.exists():
        raise StoreError(str(path.parent), "not an index")
    try:
        try:
            return _open(path, params, can_write=can_write)
        except sqlite3.OperationalError:
            # SQLite makes a file beside the log, which a read-only directory forbids.
            if can_write or not _is_fixed(path):
                raise
            if _has_log(path):
                return _open_copy(path, params)
            return _open(path, params, can_write=False, is_fixed=True)
    except sqlite3.OperationalError as error:
        raise StoreError(str(path), str(error)) from error
    except sqlite3.DatabaseError as error:
        raise CorruptFile(str(path), str(error)) from error
    except OSError as error:  # of a copy
        raise StoreError(str(path), f"cannot be copied: {error.strerror or error}") from error
    except UnicodeDecodeError as error:  # of the message of SQLite
        raise CorruptFile(str(path), f"damaged: {error.object.decode(errors='replace')}") from error


def _has_log(path: Path) -> bool:
    log = path.with_name(f"{path.name}-wal")
    return log.exists() and log.stat().st_size > 0


def _open_copy(path: Path, params: Params | None) -> tuple[sqlite3.Connection, Recipe]:
    """Open a copy of a database with the changes of its log; the copy has no name."""
    with tempfile.TemporaryDirectory(prefix="dedup-") as folder:
        copy, names = Path(folder, path.name), (path.name, f"{path.name}-wal")
        before = _read_times(path, names)
        for name in names:
            shutil.copyfile(path.with_name(name), copy.with_name(name))
        if _read_times(path, names) != before:
            raise StoreError(str(path), "was changed while it was copied: try again")
        database, _ = _open(copy, params, can_write=True, copy_of=path)
        try:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        finally:
            database.close()
        return _open(copy, params, can_write=False, is_fixed=True, copy_of=path)


def _read_times(path: Path, names: tuple[str, ...]) -> list[tuple[int, int]]:
    """Return size and time of change of the files of a database."""
    found = [path.with_name(name).stat() for name in names]
    return [(one.st_size, one.st_mtime_ns) for one in found]


def _is_fixed(path: Path) -> bool:
    """Return whether the directory is read-only, or its file system."""
    is_mounted = os.statvfs(path).f_flag & os.ST_RDONLY
    return bool(is_mounted) or not os.access(path.parent, os.W_OK)


def _open(
    path: Path,
    params: Params | None,
    *,
    can_write: bool,
    is_fixed: bool = False,
    copy_of: Path | None = None,
) -> tuple[sqlite3.Connection, Recipe]:
    mode = "rwc" if can_write else "ro"
    uri = f"{path.absolute().as_uri()}?mode={mode}{'&immutable=1' if is_fixed else ''}"
    database = sqlite3.connect(
        uri, uri=True, isolation_level=None, check_same_thread=False, timeout=PATIENCE
    )
    database.row_factory = _check_types
    try:
        return database, _begin(database, copy_of or path, params, can_write)
    except BaseException:
        database.close()
        raise


def _begin(
    database: sqlite3.Connection, path: Path, params: Params | None, can_write: bool
) -> Recipe:
    run = database.execute
    tables = {row[0] for row in run("SELECT name FROM sqlite_master")}
    if not tables and can_write:
        _create(database, check_params(params))
    elif not tables:
        raise StoreError(str(path.parent), "not an index")
    elif "meta" not in tables:
        raise IncompatibleFile(str(path), "a database that is no index")
    run("PRAGMA synchronous = FULL")
    run(f"PRAGMA journal_size_limit = {_LOG}")
    run(f"PRAGMA wal_autocheckpoint = {_LOG // PAGE}")
    found = dict(run("SELECT name, value FROM meta"))
    if found.get("version") != VERSION:
        raise IncompatibleFile(
            str(path),
            f"an index of version {found.get('version')}, where version {VERSION} is read",
        )
    return _check_recipe(path, found, params)


def _check_recipe(path: Path, found: dict[str, Any], params: Params | None) -> Recipe:
    """Return the recipe of an index, if it is the one that is asked for."""
    recipe = found["recipe"]
    try:
        own = restore_recipe(json.loads(found.get("params") or "{}"))
    except (ValueError, TypeError) as error:
        raise CorruptFile(str(path), f"damaged: its parameters are unreadable ({error})") from None
    if params is None:
        return Recipe(recipe, own if own.digest() == recipe else None)
    if params.digest() == recipe:
        return Recipe(recipe, params)
    if own.digest() != recipe:
        raise IncompatibleFile(
            str(path),
            f"made with the recipe {recipe} of another version of dedup, not {params.digest()}: "
            + REBUILD,
        )
    asked = list_recipe(params)
    differ = [
        f"{name} = {value}, not {asked[name]}"
        for name, value in list_recipe(own).items()
        if value != asked[name]
    ]
    raise IncompatibleFile(
        str(path),
        f"made with {'; '.join(differ)}: use the preset and the --set options that made it, or "
        + REBUILD,
    )


def _create(database: sqlite3.Connection, params: Params) -> None:
    run = database.execute
    run(f"PRAGMA page_size = {PAGE}")
    run("PRAGMA journal_mode = WAL")
    run("PRAGMA synchronous = FULL")
    run("BEGIN IMMEDIATE")
    for statement in _SCHEMA.split(";"):
        run(statement)
    own = json.dumps(list_recipe(params))
    values = (
        ("version", VERSION), ("recipe", params.digest()), ("params", own), ("n_numbers", 0),
    )  # fmt: skip
    database.executemany("INSERT INTO meta VALUES (?, ?)", values)
    run("COMMIT")
