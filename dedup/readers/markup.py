"""HTML in the fields of records, as feeds and content systems export it."""

from __future__ import annotations

import html
import re

from dedup.pattern import lazy_pattern

# No attribute may hold "<": each attempt then ends at the next one, and time is linear.
_TAG = lazy_pattern(r"<(?P<slash>/?)(?P<name>[a-zA-Z][a-zA-Z0-9:]*)(?P<rest>[^<>]*)>")
_KNOWN = frozenset({
    "a", "abbr", "article", "aside", "b", "blockquote", "body", "br", "center", "cite", "code",
    "dd", "div", "dl", "dt", "em", "figcaption", "figure", "font", "footer", "h1", "h2", "h3",
    "h4", "h5", "h6", "head", "header", "hr", "html", "i", "iframe", "img", "li", "main", "nav",
    "ol", "p", "picture", "pre", "q", "s", "script", "section", "small", "source", "span",
    "strike", "strong", "style", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead",
    "title", "tr", "u", "ul", "video",
})  # fmt: skip
_INLINE = frozenset({
    "a", "abbr", "b", "cite", "code", "em", "font", "i", "q", "s", "small", "span", "strike",
    "strong", "sub", "sup", "u",
})  # fmt: skip
_HIDDEN = frozenset({"script", "style", "iframe", "head", "title"})
_VOID = frozenset({"p", "br", "img", "hr"})
_ENTITY = lazy_pattern(r"&(?:#\d{2,6}|#[xX][0-9a-fA-F]{2,5}|[a-zA-Z][a-zA-Z0-9]{1,24});")
_CDATA = lazy_pattern(r"<!\[CDATA\[|\]\]>|<!doctype[^<>]*>|<\?xml[^<>]*>", re.IGNORECASE)


def clean(text: str) -> str | None:
    """Return the text without tags and entities; None if it has none.

    A block begins a paragraph. Scripts, styles and comments are left out.
    """
    if "<" in text and _has_tags(text):
        return _strip(text)
    if "&" in text and _ENTITY.search(text):
        plain = html.unescape(text)
        # Feeds escape HTML once more.
        plain = _strip(plain) if "<" in plain and _has_tags(plain) else plain
        return plain if plain != text else None
    return None


def _has_tags(text: str) -> bool:
    """Return whether a text is HTML: a known tag is closed, or stands alone by its nature."""
    opened: set[str] = set()
    for tag in _TAG.finditer(text):
        name = tag["name"].lower()
        if name not in _KNOWN:
            continue
        if name in _VOID or (tag["slash"] and name in opened):
            return True
        opened.add(name)
    return False


def _strip(text: str) -> str:
    text = _CDATA.sub("", text)
    parts: list[str] = []
    at, hidden = 0, ""
    for tag in _TAG.finditer(_without_comments(text)):
        name = tag["name"].lower()
        if name not in _KNOWN:
            continue
        if not hidden:
            parts.append(tag.string[at : tag.start()])
            parts.append("" if name in _INLINE else "\n" if name == "br" else "\n\n")
        if hidden == name and tag["slash"]:
            hidden = ""
        elif name in _HIDDEN and not hidden and not tag["slash"] and not tag["rest"].endswith("/"):
            hidden = name
        at = tag.end()
    if not hidden:
        parts.append(_without_comments(text)[at:])
    return _tidy(html.unescape("".join(parts)))


def _without_comments(text: str) -> str:
    """Remove comments; one without an end is kept."""
    if "<!--" not in text:
        return text
    parts: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start)) >= 0:
        parts.append(text[at:start])
        at = end + 3
    return "".join([*parts, text[at:]])


def _tidy(text: str) -> str:
    """Join the white space of HTML, and keep paragraphs."""
    lines = [" ".join(line.split()) for line in text.split("\n")]
    paragraphs: list[str] = []
    is_apart = True
    for line in lines:
        if not line:
            is_apart = True
        elif is_apart or not paragraphs:
            paragraphs.append(line)
            is_apart = False
        else:
            paragraphs[-1] += f"\n{line}"
    return "\n\n".join(paragraphs)
