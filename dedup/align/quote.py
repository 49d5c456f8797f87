"""Find the speakers of quotes, from the attribution beside the quotation marks.

The attribution follows the closing mark ("…," said X), precedes the opening mark (X said: "…") or
splits the quotation. A short list of verbs identifies it, of English and, after the quotation, of
other languages (``wording.tsv``). Unclear ones are ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.align.table import AlignedTexts, Speakers
from dedup.align.wording import read_wording
from dedup.pattern import lazy_pattern
from dedup.runtime.bounds import add_up
from dedup.text.tables.kinds import IS_QUOTED
from dedup.text.tokenize import Tokens

# Code points read on either side of a quotation, and tokens that it may extend beyond a passage.
_WINDOW, _REACH = 240, 200
# Quotations with a smaller share of the quoted words are ignored: they are incidental.
_MIN_PART = 0.3

# Verbs of speech; those in _NAMING may also say what a thing is called.
_SAYING = (
    "said says added adds stated states warned warns explained explains noted notes announced "
    "declared declares insisted insists argued argues asked asks continued concluded concludes "
    "remarked replied recalled observed commented stressed emphasized acknowledged admitted "
    "claimed claims wrote writes tweeted posted vowed promised predicted testified"
)
_NAMING = "told tells called calls described describes branded dubbed denounced deemed labeled"
# Verbs that may be far from the quotation, because a place, a listener or a topic may follow.
_OPEN_ENDED = frozenset({"said", "says", "told", "tells", "called", "calls", "wrote", "writes"})
# Maximum words between any other verb and the quotation; more are a statement, not speech.
_MAX_LED = 4
SAYS = rf"(?:{_SAYING.replace(' ', '|')})"
# The same and those of other languages, beside the name of a speaker.
_SPOKE = rf"(?:{'|'.join((*_SAYING.split(), *read_wording('saying')))})"
_VERB = lazy_pattern(rf"\b(?:{_SAYING.replace(' ', '|')}|{_NAMING.replace(' ', '|')})\b")
_ADVERBS = r"(?:(?:also|later|then|has|had|recently|further|previously|publicly|today)\s+){0,2}"

_CAPITAL = "A-ZÀ-ÖØ-ÞĀĆČĎĐĘĞİŁŃŌŐŘŚŞŠȘŤȚŪŮŰŹŻŽΆΈ-ΏΑ-ΩА-ЯЀ-ЏҐ"
_TITLE = r"(?:Sens?|Reps?|Gov|Mr|Mrs|Ms|Dr|Gen|Lt|Col|Maj|Sgt|Capt|Rev|Hon|Prof|St|Jr|Sr)\."
_WORD = rf"(?:{_TITLE}|(?:[{_CAPITAL}]\.)+|[{_CAPITAL}][\w’'\-]*)"
_OFFICE = (
    r"(?:spokesman|spokeswoman|spokesperson|leader|minister|president|chief|director|chair|"
    r"chairman|chairwoman|secretary|governor|mayor|senator|commander|ambassador|official|"
    r"officials|police|adviser|analyst|and|of|for|the|de|da|del|di|dos|van|von|der|den|bin|al|el)"
)
# A name does not cross lines: the line above may be a headline.
_GAP = r"[^\S\n]+"
NAME = (
    rf"{_WORD}(?:{_GAP}(?:{_OFFICE}{_GAP}){{0,3}}{_WORD}){{0,8}}"
    rf"(?:{_GAP}(?:official|officials|police))?"
)
DESCRIBED = r"(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Tt]heir|[Ii]ts|[Oo]ne|[Aa]nother)\s+[^\W\d_]"
_NOUN = rf"{DESCRIBED}[\w’'\-]*(?:{_GAP}[\w’'\-]+){{0,7}}?"
_PRONOUN = r"(?:[Hh]e|[Ss]he|[Tt]hey)"
_SUBJECT = rf"(?P<who>{_PRONOUN}|{NAME}|{_NOUN})"
# Optional text between a subject and its verb: a party or an apposition.
_ASIDE = r"(?:\s*\([^()]{1,20}\))?(?:\s*,[^,.:;\"“”«»]{2,90},)?"

_CLOSED = lazy_pattern(
    r"(?P<mark>[.,!?…;:—–-]*)[ \u00a0\u202f]?[\"”»’'」)“«‘›‹》﹂』״]+,?[ \t]*\n?[ \t]*"
    r"(?:[—–-][ \t]+)?"
)
_STOP = r"(?=\s*(?:[,.;:!?()\"“”«»—–]|$|\s(?:in|on|at|during|after|before|to|as|who|while|when)\b))"
_AFTER = (
    lazy_pattern(rf"{_SUBJECT}{_ASIDE}\s+{_ADVERBS}(?:{_SPOKE}|told)\b"),
    lazy_pattern(rf"{_SPOKE}\s+(?P<who>{_PRONOUN}\b|{NAME}|{_NOUN}{_STOP})"),
    lazy_pattern(rf"according\s+to\s+(?P<who>{NAME}|{_NOUN}{_STOP})"),
)
_CLAUSE = r"(?:^|[.,;:!?\n—–(\"”»]\s*|\b(?:but|as|that|while|because|when|where)\s+)"
_BEFORE = lazy_pattern(rf"{_CLAUSE}{_SUBJECT}{_ASIDE}\s+{_ADVERBS}$")
_ACCORDING = lazy_pattern(rf"[Aa]ccording\s+to\s+(?P<who>{NAME}|{_NOUN})\s*,\s*$")
_COLON = lazy_pattern(rf"(?:\n|[.!?]\s+)(?P<who>{NAME})\s*:\s*$")
_OPENING = frozenset("\"“„«‘'「(”»’›‹《﹁『״")
_ENDED = lazy_pattern(r"[.!?;\"“”«»]|\n\s*\n")


def _words(row: str) -> frozenset[str]:
    return frozenset(row.split())


# Capitalized words that are not names: first words of a sentence, days, months.
_NO_NAMES = _words(
    "on in at but and as when while after before however then later yesterday today for since "
    "if so monday tuesday wednesday thursday friday saturday sunday january february march april "
    "may june july august september october november december this that these those there what "
    "it i we you am im"
) | frozenset(read_wording("date"))
# First words of a speaker without a name.
_NAMELESS = _words("he she they the a an his her their its one another")
_HONORS = _words(
    "mr mrs ms dr sen sens senator senators rep reps gov governor president prime minister "
    "chairman chairwoman secretary spokesman spokeswoman"
)
_ADDRESS = lazy_pattern(r"\s(?:of|for|at)\s")
# Words of a clause, never of a speaker.
_CLAUSE_WORDS = _words(
    "that which who is was were are be been has have had will would could should said"
)


def attribute(
    source: AlignedTexts,
    pairs: NDArray[np.int64],
    spans: NDArray[np.int64],
    is_quote: NDArray[np.bool_],
) -> list[Speakers]:
    """Find the speakers of passages that are quotes.

    Parameters
    ----------
    pairs : ndarray of int64, shape (n, 2)
        Articles ``a`` and ``b`` of each passage.
    spans : ndarray of int64, shape (n, 4)
        Half-open spans of tokens, in ``a`` then in ``b``, from the start of the article.
    is_quote : ndarray of bool, shape (n,)
        Which passages are quotes.
    """
    speakers = [Speakers()] * len(pairs)
    quotes = np.flatnonzero(is_quote)
    if len(quotes):
        rows = np.column_stack([pairs[quotes].reshape(-1), spans[quotes].reshape(-1, 2)])
        sides = list(map(tuple, rows.tolist()))
        # An article in several pairs is often quoted in the same words.
        different = list(dict.fromkeys(sides))
        found = dict(zip(different, _find_speakers(source, np.array(different)), strict=True))
        for at, one, other in zip(quotes.tolist(), sides[::2], sides[1::2], strict=True):
            a, b = found[one], found[other]
            speakers[at] = Speakers(a, b, _is_same(a, b))
    return speakers


def _is_same(a: str | None, b: str | None) -> bool | None:
    return _is_compatible(a, b) if a and b and _names(a) and _names(b) else None


def _find_speakers(source: AlignedTexts, sides: NDArray[np.int64]) -> list[str | None]:
    """Return the speaker of each span if all attributions of its main quotations agree.

    `sides` has an article and a half-open span of its tokens in each row.
    """
    spoken: list[list[str]] = [[] for _ in sides]
    for side, before, behind in _surroundings(source, sides):
        if speaker := _speaker_of(before, behind):
            spoken[side].append(speaker)
    return [_agree(speakers) for speakers in spoken]


def _agree(speakers: list[str]) -> str | None:
    """Return the first name of one speaker; none for several speakers."""
    named = [speaker for speaker in speakers if _names(speaker)]
    if not all(_is_compatible(named[0], other) for other in named[1:]):
        return None
    return next(iter(named or speakers), None)


class _Quotations(NamedTuple):
    """Quotations in the windows of tokens around spans, span by span.

    Parameters
    ----------
    owners : ndarray of int64, shape (n,)
        Number of the span.
    parts : ndarray of int64, shape (n, 2)
        Half-open spans of tokens, within all tokens.
    are_cut : ndarray of bool, shape (n, 2)
        Whether the window, not the quotation, ends there, at the start and at the end.
    """

    owners: NDArray[np.int64]
    parts: NDArray[np.int64]
    are_cut: NDArray[np.bool_]


def _find_quotations(
    tokens: Tokens, articles: NDArray[np.int64], lows: NDArray[np.int64], highs: NDArray[np.int64]
) -> _Quotations:
    begins, stops = tokens.offsets[articles], tokens.offsets[articles + 1]
    firsts, lasts = np.maximum(lows - _REACH, begins), np.minimum(highs + _REACH, stops)
    # The windows, concatenated; no quotation continues from one into the next.
    lengths = lasts - firsts
    bounds = add_up(lengths)
    shifts = firsts - bounds[:-1]
    read = np.repeat(shifts, lengths) + np.arange(bounds[-1])
    is_quoted = tokens.flags[read] & IS_QUOTED != 0
    is_edge = np.concatenate([[True], is_quoted[1:] != is_quoted[:-1], [True]])
    is_edge[bounds] = True
    edges = np.flatnonzero(is_edge)
    begins_quoted = is_quoted[edges[:-1]]
    parts = np.stack([edges[:-1], edges[1:]], axis=1)[begins_quoted]
    owners = np.searchsorted(bounds, parts[:, 0], side="right") - 1
    parts += shifts[owners][:, None]
    ends = np.stack([firsts, lasts], axis=1)[owners]
    goes_on = np.stack([firsts > begins, lasts < stops], axis=1)[owners]
    return _Quotations(owners, parts, (parts == ends) & goes_on)


def _surroundings(source: AlignedTexts, sides: NDArray[np.int64]) -> Iterator[tuple[int, str, str]]:
    """Yield the span, and the texts before and after, of each main quotation."""
    texts, tokens = source
    articles = sides[:, 0]
    lows, highs = tokens.offsets[articles] + sides[:, 1:].T
    owners, parts, are_cut = _find_quotations(tokens, articles, lows, highs)
    sizes = np.minimum(parts[:, 1], highs[owners]) - np.maximum(parts[:, 0], lows[owners])
    sizes = np.maximum(sizes, 0)
    least = np.maximum(_MIN_PART * np.bincount(owners, sizes, len(sides)), 1)
    is_next = np.append(False, owners[1:] == owners[:-1])
    opens = tokens.starts[parts[:, 0]].astype(np.int64)
    closes = tokens.ends[parts[:, 1] - 1].astype(np.int64)
    limits = np.where(is_next, np.roll(closes, 1), 0)
    nexts = np.where(np.roll(is_next, -1), np.roll(opens, -1), closes + _WINDOW)
    columns = (
        owners,
        articles[owners],
        np.maximum(limits, opens - _WINDOW),
        opens,
        closes,
        np.minimum(nexts, closes + _WINDOW),
        (opens <= _WINDOW) & ~is_next,  # a text starts a line
        *are_cut.T,
    )
    main = np.flatnonzero(sizes >= least[owners])
    for side, article, first, low, high, last, starts_text, is_begun, goes_on in zip(
        *(column[main].tolist() for column in columns), strict=True
    ):
        text = texts[article]
        opening = "\n" if starts_text else ""
        yield (
            side,
            "" if is_begun else opening + text[first:low],
            "" if goes_on else text[high:last],
        )


# Cached, because every copy of a quotation asks again.
@lru_cache(maxsize=4096)
def _speaker_of(before: str, behind: str) -> str | None:
    after, ahead = _read_behind(behind), _read_before(before)
    if after and ahead:
        if not _is_compatible(after, ahead):
            return None
        return ahead if _names(ahead) and not _names(after) else after
    # In `"…," said X. "…"` X speaks the second part too.
    is_near = "\n\n" not in before and len(before) < _WINDOW // 2
    return after or ahead or (_read_behind(before) if is_near else None)


def _read_behind(behind: str) -> str | None:
    closed = _CLOSED.match(behind)
    if not closed:
        return None
    rest = behind[closed.end() :]
    if closed["mark"].endswith(".") and not rest[:1].islower():
        return None
    if re.search(r":[\s\"“„«‘]*$", rest):
        return None  # it introduces the next quotation
    for pattern in _AFTER:
        if found := pattern.match(rest):
            return _clean(found["who"])
    return None


def _read_before(before: str) -> str | None:
    end = len(before)
    while end and (before[end - 1] in _OPENING or before[end - 1].isspace()):
        end -= 1
    body = before[:end]
    # The last character settles most searches.
    for mark, pattern in ((":", _COLON), (",", _ACCORDING)):
        if body.endswith(mark) and (found := pattern.search(body + " ")):
            return _clean(found["who"])
    verbs = list(_VERB.finditer(body))
    if not verbs or not _is_lead(verbs[-1][0], body[verbs[-1].end() :]):
        return None
    found = _BEFORE.search(body[: verbs[-1].start()])
    return _clean(found["who"]) if found else None


def _is_lead(verb: str, rest: str) -> bool:
    """Return whether a verb introduces speech, unlike "added 300 jobs in May"."""
    if _ENDED.search(rest):
        return False
    return verb in _OPEN_ENDED or (len(rest.split()) <= _MAX_LED and not re.search("[0-9]", rest))


def _clean(who: str) -> str | None:
    words = who.split()
    while words and words[0].casefold() in _NO_NAMES:
        words = words[1:]
    is_clause = not _CLAUSE_WORDS.isdisjoint(words)
    # A degree such as "M.D." alone is not a name.
    is_degree = all(re.fullmatch(r"(?:\w\.)+", word) for word in words)
    return None if is_clause or is_degree else " ".join(words)


def _is_compatible(one: str, other: str) -> bool:
    """Return whether one name ends with a word of the other, or one of them is no name."""
    names, others = _names(one), _names(other)
    return not names or not others or names[-1] in others or others[-1] in names


@lru_cache(maxsize=4096)
def _names(speaker: str) -> tuple[str, ...]:
    """Return the folded words of a name up to the surname; none for an office or a pronoun."""
    words = _ADDRESS.split(speaker, maxsplit=1)[0].split()
    if not words or words[0].casefold() in _NAMELESS:
        return ()
    folded = [word.strip(".").casefold() for word in words if word[0].isupper()]
    # "Armenian Prime Minister" is an office too.
    is_office = not folded or folded[-1] in _HONORS
    names = tuple(re.sub(r"['’]s?$", "", word) for word in folded if word not in _HONORS)
    return () if is_office else names
