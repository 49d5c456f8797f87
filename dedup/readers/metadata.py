"""What a web page says of its article: title, outlet, date and address.

Sources are the parsed page and its JSON-LD by type, so that neither the order of attributes nor the
date of a comment or of a related article matters.
"""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from dedup.model.date_forms import WrittenDate
from dedup.model.outlets import find_host, fold_name, is_known, name_host, unwrap_archive
from dedup.pattern import lazy_pattern
from dedup.readers.json_ld import find_article, read_publisher, read_text
from dedup.readers.page_dates import choose_date, read_address_date, read_page_date, read_shown_date

# Names of `meta` elements, in order of preference.
_PUBLISHED = (
    "article:published_time", "og:article:published_time", "og:published_time", "og:pubdate",
    "datepublished", "article:published", "article.published", "rnews:datepublished",
    "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "published-date",
    "publication_date", "publication-date", "publish-date", "publish_date", "publishdate",
    "pubdate", "pub_date", "originalpublicationdate", "dcterms.issued", "dc.date.issued",
    "dcterms.created", "dc.date.created", "dcterms.date", "dc.date", "displaydate", "date",
)  # fmt: skip
_TITLES = ("og:title", "twitter:title", "parsely-title", "dc.title", "sailthru.title")
_OUTLETS = ("og:site_name", "dc.publisher", "dcterms.publisher", "application-name", "publisher")
# Dates that are not of publication, but may tell the zone of the page.
_OTHER_DATES = lazy_pattern(r"modif|updat|time|date", re.IGNORECASE)
# Parts of a page beside its article, by tag and by word of a class or id.
_BESIDE_TAGS = frozenset({"aside", "nav", "footer"})
_BESIDE = lazy_pattern(
    r"(?:^|[\s_-])(?:comments?|repl(?:y|ies)|related|recommend\w*|sidebar|trending|popular|promos?|"
    r"teasers?|more-?(?:news|stories)|most-?(?:read|viewed))(?:$|[\s_-])",
    re.IGNORECASE,
)
_ARTICLE_TYPE = lazy_pattern(r"(?:Article|Posting|Report)$")
_UPDATE = lazy_pattern(r"modif|updat", re.IGNORECASE)
_AUTHORS = ("author", "byl", "dc.creator", "parsely-author", "sailthru.author", "creator")
_BYLINE = lazy_pattern(r"(?:^|[\s_-])(?:author|byline|source)(?:$|[\s_-])", re.IGNORECASE)
_PICTURE = lazy_pattern(
    r"(?:^|[\s_-])(?:caption|photos?|images?|pictures?|videos?|gallery|slideshow|embed)(?:$|[\s_-])",
    re.IGNORECASE,
)
_RIGHTS = (
    "copyright", "dcterms.rightsholder", "dc.rights.rightsholder", "dc.rights", "dcterms.rights",
    "rights",
)  # fmt: skip
# Longer texts are no names.
_MAX_BYLINE, _MAX_RIGHTS = 100, 200
_SITE = lazy_pattern(r"\s+(?:[|–—:»·]|-|::)\s+")


class PageMetadata(NamedTuple):
    """What a page says of its article; None if it says nothing."""

    title: str | None
    outlet: str | None
    published: datetime | None
    url: str | None
    byline: str | None = None
    rights: str | None = None


def read_metadata(tree: Any, url: str | None = None) -> PageMetadata:
    """Read the metadata of a page.

    Parameters
    ----------
    tree : lxml.html.HtmlElement
        The parsed page; not changed.
    url : str or None
        Its address, if known.
    """
    metas = _read_metas(tree)
    own = url or _read_url(tree, metas)
    address = unwrap_archive(own) if own else None
    headings = [_text_of(one) for one in tree.iter("h1")]
    titles = [*(said for name in _TITLES for said in metas[name]), *headings, *_title_parts(tree)]
    node = find_article(tree, address, titles)
    outlet = _find_outlet(metas, node, address) or _find_known(tree)
    return PageMetadata(
        _find_title(metas, node, headings, tree, outlet),
        outlet,
        choose_date(_dates(tree, metas, node, address, titles), _other_dates(tree, metas, node)),
        address,
        _find_byline(tree, metas, node),
        _find_rights(metas, node),
    )


def _find_byline(tree: Any, metas: Mapping[str, list[str]], node: Mapping[str, Any]) -> str | None:
    """Return the authors and sources that a page names beside the text, or None."""
    authors = node.get("author")
    said = [read_text(one) for one in (authors if isinstance(authors, list) else [authors])]
    said += [one for name in _AUTHORS for one in metas.get(name, ())]
    for element in tree.xpath("//*[@class or @rel or @itemprop]"):
        label = " ".join(element.get(name) or "" for name in ("class", "rel", "itemprop"))
        if _BYLINE.search(label) and not _is_beside(element) and not _is_of_picture(element):
            said.append(_text_of(element))
    kept = [one for one in said if one and len(one) <= _MAX_BYLINE and "://" not in one]
    return "; ".join(dict.fromkeys(kept)) or None


def _find_rights(metas: Mapping[str, list[str]], node: Mapping[str, Any]) -> str | None:
    """Return who holds the rights in the article, or None."""
    said = [read_text(node.get("copyrightHolder"))]
    said += [one for name in _RIGHTS for one in metas.get(name, ())]
    return next((one for one in said if one and len(one) <= _MAX_RIGHTS), None)


def _is_of_picture(element: Any) -> bool:
    around = (element, *element.iterancestors())
    return any(one.tag == "figure" or _PICTURE.search(_label(one)) for one in around)


def _read_metas(tree: Any) -> defaultdict[str, list[str]]:
    """Return the contents of `meta` elements by name in lower case, whatever attribute has it."""
    metas: defaultdict[str, list[str]] = defaultdict(list)
    for element in tree.iter("meta"):
        content = _clean(element.get("content") or "")
        scope = _scope_of(element)
        if not content or (scope is not None and scope.tag not in ("html", "head", "body")):
            continue
        for attribute in ("property", "name", "itemprop"):
            for name in (element.get(attribute) or "").lower().split():
                metas[name].append(content)
    return metas


def _read_url(tree: Any, metas: Mapping[str, list[str]]) -> str | None:
    links = [
        element.get("href") or ""
        for element in tree.iter("link")
        if "canonical" in (element.get("rel") or "").lower().split()
    ]
    found = [one.strip() for one in (*links, *metas.get("og:url", ()))]
    return next((one for one in found if re.match(r"https?://", one, re.IGNORECASE)), None)


def _find_title(
    metas: Mapping[str, list[str]],
    node: Mapping[str, Any],
    headings: list[str],
    tree: Any,
    outlet: str | None,
) -> str | None:
    site = fold_name(outlet or "")
    said = [said for name in _TITLES for said in metas.get(name, ())][:1]
    said += [read_text(node.get("headline")), *headings[:1]]
    said += [_text_of(one) for one in tree.iter("title")][:1]
    for title in said:
        kept = _without_site(title, site)
        if kept and fold_name(kept) != site:
            return kept
    return None


def _without_site(title: str, site: str) -> str:
    """Remove the name of the site from either end of a title."""
    parts = list(_SITE.finditer(title))
    if parts and site:
        first, last = parts[0], parts[-1]
        if fold_name(title[last.end() :]) == site:
            return title[: last.start()]
        if fold_name(title[: first.start()]) == site:
            return title[first.end() :]
    return title


def _title_parts(tree: Any) -> list[str]:
    return [part for one in tree.iter("title") for part in _SITE.split(_text_of(one))]


def _find_outlet(
    metas: Mapping[str, list[str]], node: Mapping[str, Any], address: str | None
) -> str | None:
    host = find_host(address or "")
    said = [*metas.get("og:site_name", ()), read_publisher(node)]
    said += [one for name in _OUTLETS[1:] for one in metas.get(name, ())]
    for name in said:
        name = name.strip().lstrip("@")
        # A page of an account, or the name of a content system in a host.
        if name and not re.match(r"https?:", name, re.IGNORECASE):
            return name_host(name)
    return name_host(host) if host else None


def _find_known(tree: Any) -> str | None:
    """Return the known outlet in the title of a page that does not name its own."""
    parts = _title_parts(tree)
    return next((part for part in parts[1:][::-1] if is_known(part)), None)


def _dates(
    tree: Any,
    metas: Mapping[str, list[str]],
    node: Mapping[str, Any],
    address: str | None,
    titles: list[str],
) -> Iterator[WrittenDate]:
    """Yield the dates of publication, the most reliable one first."""
    said = [(read_text(node.get("datePublished")), "")]
    said += [(one, "") for name in _PUBLISHED[:7] for one in metas.get(name, ())]
    said += _microdata_dates(tree, titles)
    said += [(one, "") for name in _PUBLISHED[7:] for one in metas.get(name, ())]
    said += _time_dates(tree)
    yield from (found for one, shown in said if (found := read_shown_date(one, shown)))
    if found := read_address_date(address or ""):
        yield found


def _other_dates(
    tree: Any, metas: Mapping[str, list[str]], node: Mapping[str, Any]
) -> Iterator[WrittenDate]:
    said = [one for name, all_ in metas.items() if _OTHER_DATES.search(name) for one in all_]
    said += [read_text(node.get(name)) for name in ("dateModified", "dateCreated")]
    said += [one.get("datetime") or "" for one in tree.iter("time")]
    yield from (found for one in said if (found := read_page_date(one)))


def _microdata_dates(tree: Any, titles: list[str]) -> list[tuple[str, str]]:
    """Return dates of article scopes, and of no scope, with the texts that their elements show.

    Those where the headline is the title's come first.
    """
    found: list[tuple[bool, tuple[str, str]]] = []
    folded = {fold_name(title) for title in titles}
    for element in tree.xpath("//*[@itemprop]"):
        if "datepublished" not in element.get("itemprop").lower().split():
            continue
        scope = _scope_of(element)
        if scope is not None and not _is_article_scope(scope):
            continue
        if _is_beside(element):
            continue
        heads = _headlines(scope) if scope is not None else []
        is_own = any(fold_name(head) in folded for head in heads)
        shown = _text_of(element)
        said = element.get("content") or element.get("datetime") or shown
        found.append((bool(heads) and not is_own, (said, shown)))
    return [said for _, said in sorted(found, key=lambda one: one[0])]


def _headlines(scope: Any) -> list[str]:
    found = scope.xpath(".//*[@itemprop='headline' or @itemprop='name']")
    return [
        one.get("content") or _text_of(one)
        for one in found
        if (nearest := _scope_of(one)) is None or nearest is scope
    ]


def _scope_of(element: Any) -> Any:
    """Return the nearest ancestor that is a microdata item, or None."""
    if element.get("itemscope") is not None and element.get("itemprop") is None:
        return element
    return next((one for one in element.iterancestors() if one.get("itemscope") is not None), None)


def _is_article_scope(scope: Any) -> bool:
    kinds = (scope.get("itemtype") or "").split()
    is_page = scope.tag in ("html", "body") or any(kind.endswith("WebPage") for kind in kinds)
    return is_page or any(_ARTICLE_TYPE.search(kind.rstrip("/")) for kind in kinds)


def _time_dates(tree: Any) -> list[tuple[str, str]]:
    """Return dates and texts of `time` elements, marked ones first, else next to the heading."""
    times = [one for one in tree.iter("time") if not _is_beside(one)]
    times = [one for one in times if not _UPDATE.search(_label(one))]
    marked = [one for one in times if one.get("pubdate") is not None]
    near = []
    for heading in tree.iter("h1"):
        box = next((one for one in heading.iterancestors() if one.tag in _BOXES), None)
        near = [one for one in times if box is not None and box in one.iterancestors()]
        break
    shown = [(one, _text_of(one)) for one in (*marked, *near[:1])]
    return [(one.get("datetime") or text, text) for one, text in shown]


_BOXES = frozenset({"article", "main", "body"})


def _is_beside(element: Any) -> bool:
    """Return whether an element is in a part of the page beside its article."""
    for one in (element, *element.iterancestors()):
        if one.tag in ("html", "body", "main"):
            return False
        if one.tag in _BESIDE_TAGS or _BESIDE.search(_label(one)):
            return True
    return False


def _label(element: Any) -> str:
    return " ".join(element.get(name) or "" for name in ("class", "id", "itemprop"))


def _text_of(element: Any) -> str:
    return _clean("".join(element.itertext()))


def _clean(text: str) -> str:
    # Some pages escape entities twice.
    return " ".join(html.unescape(text).split())
