"""Outlets and agencies: which names and hosts are one, by the tables beside this file and a rule.

The rule: case, spaces, punctuation and a leading "The" do not distinguish names; ``www.``, ``m.``
and other variants do not distinguish hosts; the host of an archived page is that of the original.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from dedup.pattern import lazy_pattern

HOST = lazy_pattern(r"(?:https?://|\bwww\.)([\w-]+(?:\.[\w-]+)+)", re.IGNORECASE)
_BARE_HOST = lazy_pattern(r"[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}", re.IGNORECASE)
# A copy in a web archive: a time, perhaps with a flag as in "id_", and the original address; or the
# forms of archive.today.
_ARCHIVED = lazy_pattern(
    r"https?://(?:[\w.-]+(?:/[\w.-]+){0,3}/\d{4,14}(?:[a-z]{2}_)?/(?=https?:/)|"
    r"web\.archive\.org/web/\d{4,14}(?:[a-z]{2}_)?/(?=[\w-]+\.\w)|"
    r"archive\.(?:today|is|ph|vn|li|fo|md)/o/\w+/)(?P<scheme>https?:)?/{0,2}",
    re.IGNORECASE,
)
# What every form of "www." has, in capitals or not.
_WWW = ("ww.", "wW.", "Ww.", "WW.")
_VARIANTS = frozenset(["www", "www2", "m", "mobile", "amp", "edition", "touch", "wap", "beta"])
# Labels at the end of a host that do not name its owner.
_SUFFIXES = frozenset({"com", "net", "org", "co", "gov", "edu", "info", "ac"})
# Sites of many owners, named by the label before.
_SHARED = frozenset(
    {"wordpress", "blogspot", "substack", "medium", "tumblr", "typepad", "livejournal"}
)
_IN_BYLINE = lazy_pattern(
    r"[/,;|()\n]|\s[-–—]\s|\b(?:and|und|et|for|of|by|via|with|von|par|por|di)\b", re.IGNORECASE
)
_STAFF = lazy_pattern(r"staff|writers?|reporters?|correspondents?|editors?", re.IGNORECASE)
# Most words of a title after a name: "national political writer".
_MAX_TITLE = 3
# Shorter prefixes of a name match too many others.
_MIN_PREFIX = 5
_JOINED = lazy_pattern(r"\s*(?:/|,|&|;|\band\b|\bund\b|\bet\b|\by\b|=)\s*", re.IGNORECASE)


class Agency(NamedTuple):
    """An agency and all its names."""

    language: str
    name: str
    names: tuple[str, ...]


def agencies() -> tuple[Agency, ...]:
    """Return the agencies of the table."""
    return tuple(
        Agency(language, name, (name, *_split(others)))
        for language, name, others, _ in _rows("agencies.tsv")
    )


def outlet_names() -> frozenset[str]:
    """Return all names of the table of outlets."""
    rows = _rows("outlets.tsv")
    return frozenset(name for first, others, _ in rows for name in (first, *_split(others)))


def add_other_names(names: Iterable[str]) -> frozenset[str]:
    """Return names of outlets, and all others of the same ones in the table, but no agencies."""
    given = {name for name in names if _fold(name) not in _agency_names()}
    keys = {outlet_key(name) for name in given}
    rows = ((first, *_split(others)) for first, others, _ in _rows("outlets.tsv"))
    return frozenset(given).union(*(own for own in rows if _fold(own[0]) in keys))


def unwrap_archive(text: str) -> str:
    """Replace addresses of archived pages by the original addresses."""
    return _ARCHIVED.sub(lambda found: f"{found['scheme'] or 'http:'}//", text)


def find_hosts(text: str) -> set[str]:
    """Return the folded hosts of all addresses in a text."""
    # Most texts have no address, and the patterns are slow; no address has a space.
    if "://" not in text and not any(form in text for form in _WWW):
        return set()
    words = " ".join(word for word in text.split() if "://" in word or "www." in word.lower())
    return {fold_host(host) for host in HOST.findall(unwrap_archive(words))}


def find_host(url: str) -> str | None:
    """Return the host of an address without ``www.`` and the like; None if it has none."""
    match = HOST.match(unwrap_archive(url.strip()))
    return _plain_host(match[1]) if match else None


def name_host(name: str) -> str:
    """Return the name of an outlet that is known by its host; other names as they are."""
    host = find_host(name) or (_plain_host(name) if _BARE_HOST.fullmatch(name) else None)
    if host is None:
        return name
    key = _host_key(host)
    return _table().names.get(key, host) if key else host


# Cached, because articles name few outlets, and those often.
@lru_cache(maxsize=1 << 14)
def outlet_key(name: str) -> str:
    """Return a key that is equal for names and hosts of one outlet."""
    host = find_host(name)
    if host is None and _BARE_HOST.fullmatch(name.strip()):
        host = _plain_host(name.strip())
    if host is not None:
        return _host_key(host) or _table().keys.get(_fold(name), host)
    folded = _fold(name)
    return _table().keys.get(folded, folded)


@lru_cache(maxsize=1 << 14)
def fold_name(name: str) -> str:
    """Fold the name or address of an outlet to compare it with a credit.

    As `outlet_key`, but an unknown host becomes the label that names its owner.
    """
    key = outlet_key(name)
    return fold_host(key) if "." in key else key


def fold_host(host: str) -> str:
    """Return the key of a host, or the label that names its owner."""
    if key := _host_key(_plain_host(host)):
        return key
    labels = [label for label in host.casefold().split(".") if label != "www"][:-1]
    while len(labels) > 1 and labels[-1] in _SUFFIXES | _SHARED:
        labels.pop()
    return labels[-1].replace("-", "") if labels else ""


def is_known(name: str) -> bool:
    """Return whether a name or a host is in the tables."""
    return outlet_key(name) in _table().names


def is_among(name: str, names: Sequence[str]) -> bool:
    """Return whether a name, or a longer one that starts with it, is in a sorted list.

    So ``meridian`` matches ``meridianwire``; names of fewer than five letters must be equal.
    """
    at = bisect_left(names, name)
    if at == len(names):
        return False
    return names[at] == name or (len(name) >= _MIN_PREFIX and names[at].startswith(name))


def find_agencies(byline: str) -> list[str]:
    """Return the agencies in a byline: "By Jo Smith, CBS/AP" has "Associated Press"."""
    return find_sources(byline, lambda name: _agency_names().get(_fold(name)))


def find_sources(byline: str, find: Callable[[str], str | None]) -> list[str]:
    """Return the sources in a byline.

    Parameters
    ----------
    find : callable
        Returns the source that a name stands for, or None.
    """
    parts = (part.strip(" \t.()[]©*-–—") for part in _IN_BYLINE.split(byline))
    found = (next(filter(None, map(find, _without_title(part))), None) for part in parts if part)
    return [one for one in found if one is not None]


def _without_title(part: str) -> Iterator[str]:
    """Yield a part of a byline, then the same without the last one to three words of a title."""
    yield part
    words = part.split()
    if len(words) > 1 and _STAFF.fullmatch(words[-1]):
        for n in range(1, min(_MAX_TITLE, len(words) - 1) + 1):
            yield " ".join(words[:-n])


@cache
def _agency_names() -> dict[str, str]:
    """Return the one name of each agency by all its folded names."""
    return {_fold(name): one.name for one in agencies() for name in one.names}


def name_source(name: str, outlets: Mapping[str, str]) -> str:
    """Return the one name of each agency or outlet in a credit: "CBS/AP" has two.

    Parameters
    ----------
    outlets : mapping of str to str
        Outlets of the collection by `fold_name`; their names come before those of the tables.
    """
    if HOST.match(name):
        return name
    parts = split_names(name)
    named = [
        outlets.get(fold_name(part)) or _table().names.get(outlet_key(part), part) for part in parts
    ]
    return "/".join(named) if named != parts else name


def split_names(name: str) -> list[str]:
    """Split "CBS/AP" into its names if one of them is known; else return the name."""
    parts = [part for part in _JOINED.split(name) if part]
    is_joined = len(parts) > 1 and not is_known(name) and any(map(is_known, parts))
    return parts if is_joined else [name]


def merge_outlets(
    names: Iterable[str | None], given: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Choose one name for all names of each outlet.

    Parameters
    ----------
    names : iterable of (str or None), or Counter of them
        Outlets of all articles.
    given : mapping of str to str or None
        Names that replace others, before table and rule. A name mapped to itself stays as it is.

    Returns
    -------
    dict of str to str
        The one name of each. Of several, that of the table, else the most frequent that is no host.
    """
    given = given or {}
    counts = {name: n for name, n in Counter(names).items() if name is not None}
    alike: defaultdict[str, list[str]] = defaultdict(list)
    for name in counts:
        if name not in given:
            alike[outlet_key(name)].append(name)
    chosen = {name: given[name] for name in counts if name in given}
    for own in alike.values():
        best = min(own, key=lambda one: (bool(_BARE_HOST.fullmatch(one)), -counts[one], one))
        if len(own) > 1:
            best = _table().names.get(outlet_key(best), name_host(best))
        chosen |= dict.fromkeys(own, best)
    return chosen


class _NameTable(NamedTuple):
    """Keys by folded name and by host, and names by key."""

    keys: dict[str, str]
    hosts: dict[str, str]
    names: dict[str, str]


@cache
def _table() -> _NameTable:
    table = _NameTable({}, {}, {})
    rows = [row[1:] for row in _rows("agencies.tsv")] + _rows("outlets.tsv")
    for name, others, hosts in rows:
        key = _fold(name)
        table.names[key] = name
        table.keys.update(dict.fromkeys(map(_fold, (name, *_split(others))), key))
        table.hosts.update(dict.fromkeys(_split(hosts), key))
    return table


def _rows(name: str) -> list[list[str]]:
    text = (files("dedup.model") / name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]


def _split(names: str) -> list[str]:
    return [name for name in names.split("|") if name]


def _fold(name: str) -> str:
    words = re.findall(r"\w+", name.casefold())
    return "".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


def _plain_host(host: str) -> str:
    labels = host.casefold().strip(".").split(".")
    while len(labels) > 2 and labels[0] in _VARIANTS:
        labels = labels[1:]
    return ".".join(labels)


def _host_key(host: str) -> str | None:
    """Return the key of the table's host that is this one or its parent."""
    hosts, labels = _table().hosts, host.split(".")
    return next(
        (hosts[one] for at in range(len(labels)) if (one := ".".join(labels[at:])) in hosts), None
    )
