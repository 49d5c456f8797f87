"""Recognize text that names a speaker and says nothing: "Ann Reed, the harbor master, said".

Two reporters who quote one person name that person in the same words.
"""

from __future__ import annotations

from dedup.align.quote import DESCRIBED, NAME, SAYS
from dedup.pattern import lazy_pattern

# Code points on either side of a span that are read: quotation marks before, the next word behind.
_REACH = 24
# An office or a place, without commas. A clause tells something.
_OFFICE = r"(?!who\b|which\b|that\b|where\b|when\b|whose\b)[^,.:;!?\"“”«»()\n]{2,90}"
_SAID = rf"(?:also\s+|later\s+)?(?:{SAYS}|told\s+(?:the\s+)?{NAME}(?:\.com)?)"
_ATTRIBUTION = lazy_pattern(
    # "Ann Reed, the harbor master, said"; "the master of the harbor, Ann Reed, told the Gazette"
    rf"(?:{NAME},\s{_OFFICE}|{DESCRIBED}{_OFFICE}(?:,\s{NAME})?),\s{_SAID}[,.:]?"
    # "said Ann Reed, the harbor master"; not "said Ann Reed, and closed"
    rf"|(?:{SAYS})\s+{NAME}(?:,\s(?!and\b|but\b|as\b|after\b|adding\b){_OFFICE})?[,.]?"
)
# A name behind "said": what stands before it was said.
_SPEAKER = lazy_pattern(r"\s+(?:[A-ZÀ-Þ]|(?:the|an?|his|her|their|police|officials)\b)")
_MARKS = " \t\n\"”’'»,"


def is_attribution(text: str, start: int, end: int) -> bool:
    """Return whether a span names a speaker, in English, and nothing that was said."""
    said = text[start:end].strip(_MARKS)
    if not _ATTRIBUTION.fullmatch(said):
        return False
    return not (said[-1].isalpha() and _SPEAKER.match(text, end, end + _REACH))
