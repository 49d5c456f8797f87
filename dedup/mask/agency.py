"""Find credits to known agencies: datelines, bylines, contributions, copyright lines.

Agencies are found first, by dictionary; then the text around each is matched with short patterns,
so that no text makes the search slow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dedup.mask.names import FoundName, known_names
from dedup.mask.phrases import ARTICLE, phrases
from dedup.model.article import Credit, CreditKind, Span
from dedup.pattern import lazy_pattern

# Code points on either side of a name that its context may take.
_AROUND = 240
# Lines from the start and from the end of a text in which a name alone is a byline.
_N_HEAD, _N_FOOT = 4, 3
MAX_LINE = 130
# Longest phrase before a name, in code points.
_MAX_PHRASE = 80
# Longest rest of a line after a phrase and a name, in code points.
_MAX_REST = 100
# Longest place and date of a dateline, in code points and words.
_MAX_PLACE, _MAX_PLACE_WORDS = 60, 8
_PARTICLES = frozenset(
    {"of", "the", "de", "del", "la", "las", "los", "el", "da", "do", "di", "du", "des", "den", "am",
     "an", "der", "von", "van", "le", "al"}
)  # fmt: skip

# Brackets before a name, and more code points than stand between.
_OPENING, _BEFORE_SMALL = frozenset("(（[［【〔/"), 60

# A desk of the agency or a partner without spaces: "dpa/lno", "ros/AFP".
_PARTNER_AFTER = lazy_pattern(r"[/-][A-Za-z]{2,8}(?![\w/])")
_PARTNER_BEFORE = lazy_pattern(r"(?<![\w/])[A-Za-z]{2,8}/\Z")

_OPEN = lazy_pattern(
    r"(?:(?P<open>[(（\[［【〔])|(?:(?<=\s)|\A)(?P<slash>/))(?P<inner>[^\W\d_]?[^()（）\[\]［］【】/]{0,30})\Z"
)
_CLOSE = lazy_pattern(r"(?P<inner>[^()（）\[\]［］【】/]{0,24})[)）\]］】〕/]")
_DASH = lazy_pattern(r"[ \t\u00a0]{0,3}(?:[.:]?[ ]?[-–—―_=‑]{1,3}|[:：।]|\.(?=\s|\Z))")
_NO_DASH = lazy_pattern(r"\s{0,3}(?=[\"“'‘]?[A-ZÀ-Þ])|\s*\Z")
END_OF_LINE = lazy_pattern(r"[\s.。।*)\]）】]*\Z")
_PLACE_INSIDE = lazy_pattern(
    r"(?:[^\s=＝]{1,12}(?:\s\d{1,2}[日일])?\s?[=＝、\s\u3000]\s?|[^\s=＝]{2,8})\Z"
)
_DATELINE = lazy_pattern(
    r"\A[ \t]{0,8}(?:"
    # "МОСКВА, 3 мая —", "LONDON, May 3,", "Москва. 3 мая."
    r"[^\W\d_][^\d\n]{1,40}[,.]\s{0,2}(?:\d{1,2}\.?\s[^\W\d_]{2,12}|[^\W\d_]{2,12}\.?\s\d{1,2})\.?"
    r"(?:,?\s\d{4})?(?:\s?г)?[,.]?\s{0,2}[—–-]?|"
    # "تهران - "
    r"[\u0600-\u06ff\u200c ]{2,25}\s?[-–—ـ])\s{0,2}\Z"
)
_AFTER_DATELINE = lazy_pattern(r"[ \t]?[.:։—–-](?=\s|\Z)")
_CHINESE = lazy_pattern(
    r"[\u4e00-\u9fff·]{0,12}(?:(?:\d{1,2}|[一二三四五六七八九十]{1,3})月)?"
    r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})日(?:专|專)?[电電讯訊](?:[（(][^）)\n]{1,30}[）)])?[）)】]?"
)
_CHINESE_REPORT = lazy_pattern(r"(?:\d{1,2}日)?(?:报道|報道|報導|消息|电|電|讯)")
_COPYRIGHT = lazy_pattern(
    r"(?:\A|(?<=[.!?\s]))(?:©|\(c\)|copyright)\s*(?:©|\(c\))?\s*"
    rf"(?P<year>(?:19|20)\d\d(?:\s?[-–]\s?\d{{2,4}})?,?)?\s*(?:by\s+)?{ARTICLE}\Z",
    re.IGNORECASE,
)
_RIGHTS = lazy_pattern(
    r"(?:[.,]?\s*all rights reserved\.?)?(?:\s*this material may not be [^.\n]{0,90}\.?)?",
    re.IGNORECASE,
)
STAFF = lazy_pattern(
    r"(?:['’]s?)?(?:\s+(?:[A-Z][\w-]+\s+){0,2}(?:staff|writers?|reporters?|correspondents?|news))?"
    r"\W*\Z",
    re.IGNORECASE,
)
# A photographer is "Jo Smith, AP"; a reporter is "JO SMITH, Associated Press".
_PERSON = lazy_pattern(rf"\W{{0,3}}[A-Z][A-Z .'’-]{{4,40}},\s*{ARTICLE}\Z")
_SENTENCE = lazy_pattern(r"(?<=[^\W\d_A-Z][.!?…])[\"”’]?\s+|(?<=[)\]])\s+(?=[A-Z])")
_STOP = lazy_pattern(r"[.!?]?\s*(?:[.!?]\s|\Z)")
SENTENCE_END = lazy_pattern(r"[.!?…]\s*\Z")
_BREAK = lazy_pattern(r"[^\W\d_A-Z][.!?]\s+[\"“]?[A-Z]")


class NamedLine(NamedTuple):
    """A name and its line: the parts before and after it."""

    name: FoundName
    before: str
    after: str
    is_head: bool
    is_foot: bool

    def credit(self, text: str, kind: CreditKind, start: int, end: int) -> Credit:
        """Return a credit from `start` in `before` to `end` in `after`."""
        low = self.name.start - len(self.before) + start
        name = text[self.name.start : self.name.end]
        return Credit(Span(low, self.name.end + end), kind, name)


def find_agency_credits(
    text: str, window: Span, places: Sequence[tuple[int, str]] | None
) -> Iterator[Credit]:
    """Yield the credits to known agencies in a window of a text.

    Parameters
    ----------
    places : sequence of (int, str) or None
        Where names may begin, from the start of the window: see `WindowScan`.
    """
    if places is not None:
        if not places:
            return
        places = [(window.start + at, word) for at, word in places]
    names = [one for one in known_names().find(text, window, places) if _may_be_credit(text, one)]
    if not names:
        return
    lines = number_lines(text, window)
    for name in names:
        place = locate(text, name, window, lines)
        credit = next((one for rule in _RULES if (one := rule(text, place))), None)
        if credit is not None:
            yield credit


def _may_be_credit(text: str, name: FoundName) -> bool:
    """Return whether a rule may take a name: one in small letters, "time", needs a bracket."""
    if not name.is_small:
        return True
    before = text[max(name.start - _BEFORE_SMALL, 0) : name.start]
    return not _OPENING.isdisjoint(before) or not text[name.end : name.end + _AROUND].isascii()


def number_lines(text: str, window: Span) -> tuple[int, int]:
    """Return the end of the head's lines and the start of the foot's lines."""
    head, foot = len(text), 0
    if window.start == 0:
        ends = [match.end() for match in re.finditer(r"\S[^\n]*(?:\n|\Z)", text[: window.end])]
        head = ends[min(_N_HEAD, len(ends)) - 1] if ends else 0
    else:
        head = 0
    if window.end == len(text):
        starts = [match.start() for match in re.finditer(r"\S[^\n]*", text[window.start :])]
        foot = window.start + starts[-min(_N_FOOT, len(starts))] if starts else len(text)
    else:
        foot = len(text)
    return head, foot


def locate(text: str, name: FoundName, window: Span, lines: tuple[int, int]) -> NamedLine:
    """Return the parts of a line around a name; `lines` is of :func:`number_lines`."""
    low = max(text.rfind("\n", window.start, name.start) + 1, window.start, name.start - _AROUND)
    high = text.find("\n", name.end, window.end)
    high = min(high if high >= 0 else window.end, name.end + _AROUND)
    head, foot = lines
    before, after = text[low : name.start], text[name.end : high]
    return NamedLine(name, before, after, name.start < head, name.start >= foot)


def _find_bracket(text: str, place: NamedLine) -> Credit | None:
    """Match "LONDON (AP) —", "/TASS/", "(서울=연합뉴스)", and "(avec AFP)" at the end of a line."""
    before = _PARTNER_BEFORE.sub("", place.before)
    partner = _PARTNER_AFTER.match(place.after)
    at = partner.end() if partner else 0
    opening, closing = _OPEN.search(before), _CLOSE.match(place.after, at)
    if not opening or not closing or not _is_credit_inside(opening, closing):
        return None
    lead, tail = before[: opening.start()], place.after[closing.end() :]
    city = find_place(lead)
    # "(pa) -" within a sentence is no dateline.
    is_read = not place.name.is_small or bool(city) or len(lead.split()) < 2
    if is_read and (end := _end_dateline(lead, opening, city, tail)) is not None:
        return place.credit(text, "dateline", len(lead) - len(city), closing.end() + end)
    is_sure = place.name.is_agency and not place.name.is_small
    is_own = place.is_foot or bool(opening["inner"].strip()) or not lead.strip()
    if is_sure and is_own and END_OF_LINE.match(tail) and not _is_acronym(lead, text, place.name):
        return place.credit(text, "credit-line", opening.start(), closing.end())
    return None


def _is_credit_inside(opening: re.Match[str], closing: re.Match[str]) -> bool:
    """Return whether brackets hold a name alone, or with a place or words that lead to it."""
    if bool(opening["slash"]) != (closing[0][-1] == "/"):
        return False
    first, last = opening["inner"].strip(), closing["inner"].strip()
    if last and not re.search("[电電讯訊道導]$", last):
        return False
    if not first:
        return True
    leading = phrases().before.search(opening["inner"])
    if leading and not opening["inner"][: leading.start()].strip():
        return True
    # Not "(사진=연합뉴스)": a photograph.
    return not re.search("[A-Za-z]|사진|写真", first) and bool(
        _PLACE_INSIDE.match(opening["inner"])
    )


def _end_dateline(lead: str, opening: re.Match[str], city: str, tail: str) -> int | None:
    """Return where in `tail` a dateline ends, or None if this is none."""
    if opening["slash"]:
        if not tail.strip():
            return None
        stop = re.match(r"[.,:]?(?=\s|\Z)|\s?[-–—]", tail)
        return stop.end() if stop else None
    dash = _DASH.match(tail)
    if dash and (city or not re.match(r"\s*[.:।]", tail) or "-" in dash[0]):
        return dash.end()
    is_first = not lead.strip()
    if is_first and (opening["open"] in "【［[" or opening["inner"].strip()):
        byline = re.match(r"\s?[가-힣]{2,4}\s(?:기자|특파원|통신원)\s?=", tail)
        return byline.end() if byline else 0 if tail.strip() else None
    is_line = city.strip() == lead.strip() != ""
    is_city = is_line and (city == city.upper() or (len(city.split()) <= 3 and bool(tail.strip())))
    return 0 if is_city and _NO_DASH.match(tail) else None


def find_place(before: str) -> str:
    """Return the place and date at the end of the text before an agency."""
    line = before[before.rfind("\n") + 1 :][-_MAX_PLACE:]
    words = re.findall(r"\S+\s*", line)
    stems = [word.strip(" \t,.;") for word in words]
    n = 0
    while n < len(words) and _is_place(stems[-1 - n]):
        n += 1
    is_whole = len(line) == len(before) or "\n" in before[-len(line) - 1 :]
    if n < len(words) <= _MAX_PLACE_WORDS and is_whole and all(map(_may_be_place, stems, words)):
        return line
    return "".join(words[len(words) - n :])


def _is_place(word: str) -> bool:
    return word == word.upper() or (len(word) == 3 and word.istitle())


def _may_be_place(word: str, written: str) -> bool:
    """Return whether a word may stand in a dateline: a name, a number, a particle, a month."""
    is_month = len(word) <= 4 and written.rstrip() != written
    return not word or not word[0].islower() or word in _PARTICLES or is_month


def _is_acronym(lead: str, text: str, name: FoundName) -> bool:
    """Return whether the words before spell the name: "Americans for Prosperity (AFP)"."""
    said = text[name.start : name.end]
    words = re.findall(r"\w+", lead)[-len(said) :]
    return "".join(word[0] for word in words).upper() == said


def _find_chinese(text: str, place: NamedLine) -> Credit | None:
    """Match "新华社北京5月3日电" and "据新华社报道"."""
    if dateline := _CHINESE.match(place.after):
        start = len(place.before.rstrip("（(【\u3000 "))
        return place.credit(text, "dateline", start, dateline.end())
    report = _CHINESE_REPORT.match(place.after)
    if report and place.before.endswith(("据", "據")):
        return place.credit(text, "credit-line", len(place.before) - 1, report.end())
    return None


def _find_dateline(text: str, place: NamedLine) -> Credit | None:
    """Match "МОСКВА, 3 мая — РИА Новости."."""
    after = _AFTER_DATELINE.match(place.after)
    is_sure = place.name.is_agency and not place.name.is_small
    if is_sure and after and _DATELINE.match(place.before):
        start = len(place.before) - len(place.before.lstrip())
        return place.credit(text, "dateline", start, after.end())
    return None


def find_contribution(text: str, place: NamedLine) -> Credit | None:
    """Match "Associated Press writers X and Y contributed to this report", and lists of sources."""
    if not place.name.is_agency or place.name.is_small:
        return None
    listing = phrases().lists.match(place.before) if len(place.before) < _AROUND else None
    if listing:
        stop = _STOP.search(place.after)
        end = stop.start() if stop else len(place.after.rstrip())
        return place.credit(text, "credit-line", listing.start(1), end)
    lowered = place.after.lower()
    if not any(trigger in lowered for trigger in phrases().triggers):
        return None
    ending = phrases().ends.search(place.after)
    if not ending or _BREAK.search(place.after[: ending.start()]):
        return None
    start = max((match.end() for match in _SENTENCE.finditer(place.before)), default=0)
    start += len(place.before[start:]) - len(place.before[start:].lstrip())
    end = ending.end()
    return place.credit(text, "credit-line", start, end + place.after.startswith(".", end))


def find_copyright(text: str, place: NamedLine) -> Credit | None:
    """Match "© 2016 The Associated Press. All rights reserved."."""
    mark = _COPYRIGHT.search(place.before)
    if not mark or not place.name.is_agency:
        return None
    if not mark["year"] and not (place.is_foot and not place.before[: mark.start()].strip()):
        return None
    rights = _RIGHTS.match(place.after)
    return place.credit(text, "credit-line", mark.start(), rights.end() if rights else 0)


def find_phrase(text: str, place: NamedLine) -> Credit | None:
    """Match "With reporting by Reuters", "Mit Material von dpa", "Le Monde avec AFP"."""
    after = place.after
    is_short = len(after) <= _MAX_REST or after[:1] in "،,:;."
    if not is_short or not place.name.is_agency or place.name.is_small:
        return None
    leading = phrases().before.search(place.before, max(0, len(place.before) - _MAX_PHRASE))
    if not leading:
        return None
    lead = place.before[: leading.start()]
    is_first = not lead.strip(" \t*-–—([（>«\"'|")
    if leading["strong"]:
        fits = is_first or bool(SENTENCE_END.search(lead))
    else:
        words = lead.split()
        is_title = len(words) <= 3 and not any(word[0].islower() for word in words)
        fits = bool(END_OF_LINE.match(after)) and (is_first or (place.is_foot and is_title))
        fits = fits and (place.is_head or place.is_foot)
    start, end = leading.start(), len(after) if END_OF_LINE.match(after) else 0
    return place.credit(text, "credit-line", start, end) if fits else None


def _find_byline(text: str, place: NamedLine) -> Credit | None:
    """Match a line "By JULIE PACE, Associated Press", "CBS/AP", or a last line "Reuters"."""
    is_end = place.is_head or place.is_foot
    length = len(place.before) + len(place.after)
    if not is_end or not place.name.is_agency or place.name.is_small or length > MAX_LINE:
        return None
    if not STAFF.match(place.after):
        return None
    said = text[place.name.start : place.name.end]
    is_alone = not place.before.strip(" \t*-–—|") or place.before.strip().lower() == "the"
    is_last = place.is_foot and not text[place.name.end + len(place.after) :].strip()
    is_byline = phrases().byline.match(place.before) or _PERSON.match(place.before)
    if is_byline or (is_alone and ("/" in said or is_last)):
        start = len(place.before) - len(place.before.lstrip())
        return place.credit(text, "credit-line", start, len(place.after.rstrip()))
    return None


_RULES = (
    _find_bracket, _find_chinese, _find_dateline, find_contribution, find_copyright,
    find_phrase, _find_byline,
)  # fmt: skip
