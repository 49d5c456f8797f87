"""Find credits: datelines at the head of an article, credit lines at both ends."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dedup.model.article import Credit, Span

# Code points at either end of an article that are searched for credits. Patterns run only there
# and have no unbounded repetition, so that no text makes them slow.
_WINDOW = 1500

# "(NAME) -" is a dateline only for these names: "(D-Maine) -" is not one.
_AGENCIES = (
    "AA|AAP|ADN|AFP|Agence France-Presse|Agência Brasil|Anadolu|Anadolu Agency|ANI|ANP|ANSA|ANTARA|"
    "AP|APA|Associated Press|The Associated Press|Armenpress|Azertac|BBC|Belga|Bernama|Bloomberg|"
    "BTA|Business Wire|Canadian Press|The Canadian Press|CNA|CNN|CNN Business|ČTK|DPA|EFE|"
    "Europa Press|GlobeNewswire|IANS|Interfax|IRNA|Kyodo|Kyodo News|KUNA|LUSA|MENA|MTI|Notimex|NTB|"
    "PA|PA Media|PAP|Petra|PRNewswire|PTI|Reuters|RFE/RL|RIA Novosti|Ritzau|Sputnik|STT|TASS|"
    "ТАСС|Интерфакс|РИА Новости|Télam|TT|Ukrinform|Укринформ|UNI|UPI|VOA|WAM|Xinhua|Yonhap"
)
_DATELINE = re.compile(
    rf"(?:\((?P<round>{_AGENCIES})\)[ \t]{{0,3}}(?:--?|[–—―])|/(?P<slash>{_AGENCIES})/[.,:]?)",
    re.IGNORECASE,
)
# First mark of a dateline: `re` searches a single character class much faster than _DATELINE.
_OPENING = re.compile(r"[(/]")
# Any name in brackets after a place in capitals, except as in "SEN. HARBOR (D-ME) --".
_PLACED = re.compile(
    r"^[ \t]{0,8}(?P<place>[^\W\d_a-z][^()\na-z]{1,60})\((?P<name>[^\W\d_][\w .&/'’]{1,30})\)"
    r"[ \t]{0,3}(?:--|[–—―])",
    re.MULTILINE,
)
_MAX_PLACE = 60
_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "sept",
]

# Every match of a lead contains one of these words. A search for them takes a hundredth of the
# time of the patterns below.
_TRIGGERS: tuple[str, ...] = (
    "original",
    "republished",
    "reprinted",
    "reproduced",
    "zuerst",
    "verscheen",
    "paru ",
)
_FIRST_TRIGGERS = (
    "first published", "first appeared", "first posted", "first ran", "first printed",
    "published first", "appeared first", "posted first", "ran first",
)  # fmt: skip
_FOREIGN_TRIGGERS = ("оригинал", "оригінал", "ursprünglich", "publié")
# More code points than any lead has on either side of its trigger.
_AROUND = 100

# Phrases before the name of a source, by language.
_LEADS = (
    # English
    r"(?:read|see|view) the original(?: article| story| post| report| version)? (?:on|at|in|from)",
    r"(?:article|story|post|piece|column|essay|report|content|commentary|op-?ed|interview)"
    r"(?: was| is| has been)? (?:first|originally)"
    r" (?:appeared|published|posted|printed|ran)(?: on| in| at| by)",
    r"(?:article|story|post|piece|column|essay|report|content|commentary|op-?ed|interview)"
    r"(?: was| is| has been)? (?:appeared|published|posted|ran)"
    r" (?:first|originally)(?: on| in| at| by)",
    r"(?:article|story|post|piece|column|essay|report|content)"
    r"(?: was| is| has been) (?:republished|reprinted|reproduced)"
    r"(?: here)?(?: with(?: the)? permission)?(?: from| of)",
    r"(?:originally|first) (?:published|posted|appeared) (?:on|in|at|by)",
    # German, Dutch
    r"(?:artikel|beitrag|text) (?:erschien|ist) (?:zuerst|ursprünglich)(?: erschienen)?"
    r" (?:auf|bei|im|in)",
    r"(?:artikel) verscheen (?:eerder|eerst|oorspronkelijk) (?:op|in|bij)",
    # French, Spanish, Italian, Portuguese
    r"article (?:a été|est)(?: initialement| d['’]abord)? (?:publié|paru)"
    r" (?:initialement|à l['’]origine|d['’]abord)? ?(?:sur|dans|par)",
    r"lire l['’]article original (?:sur|dans)",
    r"(?:artículo|texto|reportaje) (?:fue publicado originalmente|se publicó originalmente|"
    r"apareció originalmente) (?:en|por)",
    r"(?:lea|leer|lee) el artículo original en",
    r"articolo (?:è stato pubblicato|è apparso) (?:originariamente|originalmente) (?:su|da)",
    r"leggi l['’]articolo originale su",
    r"(?:artigo|texto|matéria) foi publicad[oa] originalmente (?:em|no|na|por)",
    # Russian, Ukrainian
    r"оригинал (?:статьи|материала|публикации) (?:на|в)",
    r"оригінал (?:статті|матеріалу) (?:на|в)",
)
_LABELS = (
    "source|sources|via|quelle|quellen|bron|fuente|fuentes|fonte|font|kilde|källa|lähde|źródło|"
    "zdroj|forrás|sursa|kaynak|источник|джерело|извор|източник|πηγή|sumber|nguồn|出典|来源|來源"
)
_NAME = r"(?P<name>[^\s|:;][^\n|]{0,59}?)"
_AFTER_LEAD = re.compile(
    rf"(?P<lead>(?:\bthis |\bthe )?\b(?:{'|'.join(_LEADS)}))[ \t]{{0,3}}:?[ \t]{{1,3}}{_NAME}"
    r"(?=[ \t]{0,3}(?:$|\||[.!?…](?:\s|$))|[ \t]{1,3}(?:on )?[a-z]{3,9}\.? \d)",
    re.IGNORECASE | re.MULTILINE,
)
_LINE = re.compile(
    r"[ \t]{0,8}(?:"
    rf"(?P<lead>(?:{_LABELS})[ \t\u00a0]?[:：])[ \t]{{0,3}}{_NAME}(?=[ \t.]{{0,3}}$)|"
    r"(?P<link>source link|link to source|original source|source article)(?=[ \t.:]{0,3}$))",
    re.IGNORECASE,
)
_SHORT_LINE = re.compile(r"^.{4,100}$", re.MULTILINE)


def find_credits(text: str) -> tuple[Credit, ...]:
    """Find the credits of an article."""
    lines = (credit for window in _windows(text) for credit in _credit_lines(text, window))
    found = sorted((*_datelines(text), *lines), key=lambda credit: credit.span)
    kept: list[Credit] = []
    for credit in found:
        if not kept or credit.span.start >= kept[-1].span.end:
            kept.append(credit)
    return tuple(kept)


def _windows(text: str) -> Iterator[Span]:
    if len(text) <= 2 * _WINDOW:
        yield Span(0, len(text))
    else:
        yield Span(0, _WINDOW)
        yield Span(len(text) - _WINDOW, len(text))


def _credit_lines(text: str, window: Span) -> Iterator[Credit]:
    matches: list[re.Match[str]] = []
    for low, high in _triggered(text[window.start : window.end].lower()):
        start, end = window.start + low, min(window.start + high, window.end)
        found = _AFTER_LEAD.finditer(text, start, end)
        # A match that ends with the part may be cut off, unless the text ends there too.
        matches += (match for match in found if match.end() < end or end == len(text))
    for line in _SHORT_LINE.finditer(text, *window):
        if match := _LINE.match(text, *line.span()):
            matches.append(match)
    for match in matches:
        groups = match.groupdict()
        if groups["name"] and not _is_name(groups["name"]):
            continue
        start = match.start("lead" if groups["lead"] else "link")
        yield Credit(Span(start, match.end()), "credit-line", groups["name"])


def _is_name(name: str) -> bool:
    """Return whether this is a name or a domain, not "the two-cent coin" or "February 14"."""
    words = [word for word in name.split() if word.casefold() != "the"]
    if not words or words[0][0].isdigit() or words[0].casefold() in _MONTHS:
        return False
    return not words[0][0].islower() or "." in words[0]


def _triggered(lowered: str) -> Iterator[tuple[int, int]]:
    """Yield spans that may contain a lead and a name."""
    triggers = _TRIGGERS
    if "first" in lowered:
        triggers += _FIRST_TRIGGERS
    if not lowered.isascii():
        triggers += _FOREIGN_TRIGGERS
    for trigger in triggers:
        at = lowered.find(trigger)
        while at >= 0:
            yield max(at - _AROUND, 0), at + 3 * _AROUND
            at = lowered.find(trigger, at + _AROUND)


def _datelines(text: str) -> Iterator[Credit]:
    for opening in _OPENING.finditer(text, 0, _WINDOW):
        match = _DATELINE.match(text, opening.start(), _WINDOW)
        if not match:
            continue
        before = text[max(match.start() - _MAX_PLACE, 0) : match.start()]
        start = match.start() - len(_place(before))
        yield Credit(Span(start, match.end()), "dateline", match["round"] or match["slash"])
    for match in _PLACED.finditer(text, 0, _WINDOW):
        if match["place"] == match["place"].upper() and _is_name(match["name"]):
            yield Credit(Span(match.start("place"), match.end()), "dateline", match["name"])


def _place(before: str) -> str:
    """Return the place and date at the end of the text before an agency."""
    line = before[before.rfind("\n") + 1 :]
    words = re.findall(r"\S+\s*", line)
    n = 0
    while n < len(words) and _is_place(words[-1 - n].strip(" \t,.;")):
        n += 1
    is_title = len(words) <= 5 and len(before) > len(line) - 1
    if n == 0 and is_title and not any(word[0].islower() for word in words):
        n = len(words)  # "London (CNN) -": all words are capitalized
    return "".join(words[len(words) - n :])


def _is_place(word: str) -> bool:
    is_month = word.casefold() in _MONTHS or (len(word) == 3 and word.istitle())
    return word == word.upper() or is_month
