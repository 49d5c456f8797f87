"""The article among the JSON-LD nodes of a page (https://www.w3.org/TR/json-ld11/)."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from dedup.model.outlets import unwrap_archive
from dedup.pattern import lazy_pattern

# Types of schema.org whose date is that of the text, by preference.
_ARTICLE = lazy_pattern(r"(?:^|[/:#])(?:\w*Article|BlogPosting|LiveBlogPosting|Report)$")
_PAGE = lazy_pattern(r"(?:^|[/:#])(?:WebPage|ItemPage|MediaObject|SocialMediaPosting)$")
# Fields that hold the node of the page itself; others hold comments, lists and related articles.
_INNER = ("@graph", "mainEntity", "mainEntityOfPage")
_MAX_DEPTH = 6
_MAX_NODES = 500
# Comment marks that old pages put around scripts.
_AROUND = lazy_pattern(r"\A(?:\s|<!--|//|/\*|\*/|<!\[CDATA\[)+|(?:\s|-->|//|/\*|\*/|\]\]>|;)+\Z")
# Headings and headlines of one article differ by a few words.
_MIN_SAME = 0.6


def find_article(tree: Any, url: str | None, titles: Sequence[str]) -> Mapping[str, Any]:
    """Return the node of the page's article, or an empty one.

    Parameters
    ----------
    tree : lxml.html.HtmlElement
        The parsed page.
    url : str or None
        Address of the page. A node with another address is of another article.
    titles : sequence of str
        Titles and headings of the page, to choose among several articles.
    """
    best: Mapping[str, Any] = {}
    highest = 0
    for node in _nodes(tree):
        score = _score(node, url, titles)
        if score > highest:
            best, highest = node, score
    return best


def read_text(value: object) -> str:
    """Return a value as text: a string, a typed value, or the first of a list."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, Mapping):
        value = value.get("@value") or value.get("name")
    return " ".join(html.unescape(value).split()) if isinstance(value, str) else ""


def read_publisher(node: Mapping[str, Any]) -> str:
    """Return the name of an article's publisher."""
    for field in ("publisher", "sourceOrganization", "provider"):
        if name := read_text(node.get(field)):
            return name
    return ""


def _nodes(tree: Any) -> Iterator[Mapping[str, Any]]:
    n = 0
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        stack = [(_parse(script.text or ""), 0)]
        while stack and n < _MAX_NODES:
            value, depth = stack.pop()
            if isinstance(value, list):
                stack += [(one, depth) for one in reversed(value)]
            elif isinstance(value, dict):
                n += 1
                yield value
                if depth < _MAX_DEPTH:
                    stack += [(value.get(name), depth + 1) for name in reversed(_INNER)]


def _parse(text: str) -> object:
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        pass
    try:
        return json.loads(_AROUND.sub("", text), strict=False)
    except (ValueError, RecursionError):
        return None


def _score(node: Mapping[str, Any], url: str | None, titles: Sequence[str]) -> int:
    """Return how surely a node is the page's article, 0 if it is not."""
    kinds = node.get("@type")
    kinds = [one for one in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(one, str)]
    rank = 2 * any(map(_ARTICLE.search, kinds)) or int(any(map(_PAGE.search, kinds)))
    if not rank:
        return 0
    headline = read_text(node.get("headline")) or read_text(node.get("name"))
    is_titled = any(_is_same(headline, title) for title in titles)
    paths = {path for one in _addresses(node) if (path := _path(one))}
    own = _path(url or "")
    if paths and own and own not in paths:
        return rank if is_titled else 0
    if headline and titles and not is_titled and own not in paths:
        return 0  # of another article, as far as one can tell
    return rank + 2 * is_titled + 4 * bool(own and own in paths)


def _addresses(node: Mapping[str, Any]) -> Iterator[str]:
    for field in ("url", "mainEntityOfPage", "@id"):
        value = node.get(field)
        if isinstance(value, Mapping):
            value = value.get("@id") or value.get("url")
        if isinstance(value, str):
            yield value


def _path(url: str) -> str:
    """Return what identifies an address on its site: the path without marks of a variant."""
    path = re.sub(r"^https?://[^/?#]*", "", unwrap_archive(url.strip()), flags=re.IGNORECASE)
    path = re.split(r"[?#]", path)[0].strip("/").lower()
    return re.sub(r"^amp/|/amp$|\.amp(?=\.html?$|$)", "", path)


def _is_same(one: str, other: str) -> bool:
    a, b = (re.findall(r"\w+", text.casefold())[:40] for text in (one, other))
    if not a or not b:
        return False
    return a == b or SequenceMatcher(None, a, b).ratio() >= _MIN_SAME
