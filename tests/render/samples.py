"""Hand-made results: what printers are given, without an engine behind it."""

from __future__ import annotations

import difflib
import re
from dataclasses import replace
from typing import Any

from dedup import (
    Article,
    ArticleSummary,
    Boilerplate,
    Credit,
    Edit,
    Family,
    IndexStats,
    Match,
    Matches,
    Member,
    Occurrence,
    Origin,
    Overlap,
    Passage,
    Report,
    Share,
    SkippedRecord,
    Span,
    Story,
)
from dedup.model import Op, Status
from dedup.model.passage import kind_of

WORD = re.compile(r"\d+(?:[.,]\d+)*|\w+")
OPS: dict[str, Op] = {
    "equal": "kept",
    "replace": "substituted",
    "insert": "inserted",
    "delete": "deleted",
}


SPEAKERS = ("speaker_a", "speaker_b", "same_speaker")


def passage(text_a: str, text_b: str, at: tuple[int, int] = (0, 0), **fields: Any) -> Passage:
    """Return a passage whose edits are those that difflib finds."""
    a, b = ([match.span() for match in WORD.finditer(text)] for text in (text_a, text_b))
    folded_a, folded_b = ([m[0].casefold() for m in WORD.finditer(t)] for t in (text_a, text_b))
    codes = difflib.SequenceMatcher(None, folded_a, folded_b, autojunk=False).get_opcodes()
    edits = tuple(
        Edit(
            OPS[op],
            _span(a, i, i_end, at[0]),
            _span(b, j, j_end, at[1]),
            op in fields.get("facts", ()),
        )
        for op, i, i_end, j, j_end in codes
    )
    n_words = max(len(a), len(b))
    n_equal = sum(i_end - i for op, i, i_end, *_ in codes if op == "equal")
    identity = n_equal / n_words if n_words else 0.0
    return Passage(
        a=Span(at[0], at[0] + len(text_a)),
        b=Span(at[1], at[1] + len(text_b)),
        identity=identity,
        confidence=0.9,
        score=41.5,
        n_words=n_words,
        kind=kind_of(identity, edits),
        role=fields.get("role", "text"),
        quote=fields.get("quote", False),
        text_a=text_a,
        text_b=text_b,
        edits=edits,
        **{name: fields[name] for name in SPEAKERS if name in fields},
    )


def _span(words: list[tuple[int, int]], low: int, high: int, at: int) -> Span:
    if low < high:
        return Span(at + words[low][0], at + words[high - 1][1])
    place = at + (words[low - 1][1] if low else words[0][0] if words else 0)
    return Span(place, place)


def overlap(a: str, b: str, *passages: Passage, **fields: Any) -> Overlap:
    """Return an overlap with plausible figures."""
    figures: dict[str, Any] = {
        "jaccard": 0.04,
        "similarity": 0.11,
        "coverage_a": 0.2,
        "coverage_b": 0.1,
    }
    figures |= {"relation": "shares" if passages else "none"} | fields
    return Overlap(a, b, passages, **figures)


def family(n_words: int, *places: tuple[str, int, int]) -> Family:
    """Return a family whose occurrences are alike in nine of ten words."""
    first, *others = (Occurrence(name, Span(start, end), 0.9) for name, start, end in places)
    return Family(f"{n_words:032x}", n_words, (replace(first, identity=1.0), *others))


def report(*articles: Article, overlaps: tuple[Overlap, ...] = (), **fields: Any) -> Report:
    """Return a report on `articles`."""
    credits = {"paper": (Credit(Span(0, 16), "dateline", "Reuters"),)}
    summaries = tuple(
        ArticleSummary(article, 0.25, credits.get(article.id, ())) for article in articles
    )
    contents: dict[str, Any] = {
        "families": (),
        "stories": (),
        "boilerplate": (),
        "skipped": (),
        "params": {"sketch": {"k": 3}},
        "counts": {"pairs": 2},
    }
    return Report(summaries, overlaps, timings={"sketch": 0.5}, **(contents | fields))


EDITED = passage(
    "Armenia has complained that Russia took a wait-and-see attitude over the blockade of the "
    "Lachin corridor, which has angered Armenia.",
    "Moscow has a “wait-and-see” attitude toward the situation around the Lachin corridor,\n\n"
    "something which has angered Armenia and its people.",
    at=(120, 88),
)
QUOTE = passage(
    "“These exercises will not take place,”",
    "“These exercises will not take place,”",
    at=(20, 400),
    role="quotation",
    quote=True,
    speaker_a="Nikol Pashinyan",
    speaker_b="the prime minister",
)
FACTS = passage(
    "At least 1,200 people did not return to Yerevan on Monday, an official said.",
    "At least 1,300 people did return to Baku on Tuesday, an official said.",
    facts=("replace", "delete"),
)
OTHERS = passage(
    "“We will rebuild it,”",
    "“We will rebuild it,”",
    role="quotation",
    quote=True,
    speaker_a="Senator Oakley",
    speaker_b="Mr. Trevanion",
    same_speaker=False,
)
LONG = passage(*[" ".join(f"word{n}" for n in range(100))] * 2, at=(300, 500))
WIDE = passage(
    "東京で記者会見を開いた首相は 明言を 避けた。" * 4,
    "昨日 東京で記者会見を開いた首相は 明言を 避けた。" * 4,
)
HOSTILE = passage(
    "click \x1b[2Jhere \u202eevil\u202c now\x07 \ud800 na\u0303o \u2028 done",
    "click [2Jhere good now now na\u0303o done",
)

WIRE = Article("wire", "w" * 1000, outlet="Reuters", published="2023-01-10")
PAPER = Article("paper", "p" * 900, outlet="The Paper", published="2023-01-11T14:05+04:00")
COPY = Article("zz copy", "c" * 1000, title="A \u2028 title \ud800", url="https://x.example/\u0085")
BLOG = Article("blog/\x1b[31m" + "long-name-" * 12, "b" * 500)


def boilerplate(outlet: str | None, text: str, *names: str) -> Boilerplate:
    """Return boilerplate at the start of the named articles."""
    occurrences = tuple((name, Span(0, len(text))) for name in names)
    return Boilerplate(outlet, text, len(names), occurrences, "outlet" if outlet else "spread")


MASKED = (
    boilerplate("The \x1b[2JPaper", "Read also:\n our “letter” " + "word " * 30, *"abcdefghijkl"),
    *(boilerplate("wire", f"For release {n}", *map(str, range(9 - n))) for n in range(5)),
    boilerplate(None, "Leave a Reply \ud800", *"abcdefghij"),
)

NOT_KNOWN = Origin()


def member(name: str, lag: float | None, *taken: Share, credit: str | None = None) -> Member:
    """Return a member that has it from the wire, if it has it from anybody."""
    origin = Origin("wire", None, ("credit",), 0.8) if taken else Origin()
    return Member(name, origin, lag, sum(one.coverage for one in taken), taken, credit)


STORIES = (
    Story(
        "1" * 32,
        (
            member("wire", 0.0),
            member("paper", 95_000.0, Share("wire", 0.6, 12), Share(BLOG.id, 0.155, 1)),
            member("zz copy", None, Share("wire", 1.0, 0), credit="The \x1b[2JWire"),
            member(BLOG.id, None, *(Share(name, 0.2, 0) for name in ("wire", "paper", "zz copy"))),
        ),
        ("wire",),
        Origin("wire", None, ("credit", "link"), 0.996, ("paper", "zz copy")),
        "Ferry \x1b[2Jruns aground",
    ),
    Story(
        "2" * 32,
        (member("paper", 0.0), member("wire", 59.0, credit="Reuters")),
        ("paper", "wire"),
        Origin(None, "Reuters", ("wire",), 0.81, ("paper",)),
        "Council votes",
    ),
    Story("3" * 32, (member("zz copy", None), member(BLOG.id, None)), (), NOT_KNOWN, "Copies"),
    *(
        Story(
            f"{n:032}",
            tuple(member("wire", None) for _ in range(12 - n)),
            (),
            NOT_KNOWN,
            f"Story {n}",
        )
        for n in range(9)
    ),
)

FULL = report(
    WIRE,
    PAPER,
    COPY,
    BLOG,
    overlaps=(
        overlap("blog/\x1b[31m" + "long-name-" * 12, "paper", HOSTILE, WIDE, coverage_a=0.995),
        overlap(
            "paper", "wire", QUOTE, OTHERS, EDITED, LONG, relation="contained", coverage_b=0.004
        ),
        overlap("wire", "zz copy", LONG, FACTS, relation="duplicate", coverage_a=1.0, capped=True),
    ),
    families=(
        family(4, ("paper", 0, 20), ("wire", 0, 20)),
        family(100, ("wire", 100, 600), ("paper", 40, 540), ("zz copy", 100, 600)),
        family(12, ("zz copy", 150, 210), ("paper", 90, 150), ("wire", 150, 210)),
        family(6, (BLOG.id, 0, 40), ("paper", 600, 640), ("wire", 700, 740), ("wire", 800, 840)),
    ),
    skipped=(SkippedRecord("news.jsonl", "no text field", 12),),
    boilerplate=MASKED,
    stories=STORIES,
)
EMPTY = report(WIRE, PAPER)


def renamed(article: Article, name: str) -> Article:
    """Return an article under another id."""
    return Article(name, article.text, article.outlet, article.published)


def known(
    article: Article, status: Status, *earlier: tuple[Article, Overlap]
) -> tuple[Article, Matches]:
    """Return an article with what an index knows of it."""
    found = (
        Match(one.id, one.outlet, one.published, one.url, one.title, shared)
        for one, shared in earlier
    )
    return article, Matches(article.id, status, tuple(found))


SAME = overlap(
    "wire-2", "zz copy", QUOTE, relation="duplicate", coverage_a=1.0, coverage_b=1.0, capped=True
)
LATER = Article("wire-2", "v" * 400, outlet="Reuters \x1b[2J")
KNOWN = (
    known(WIRE, "new"),
    known(COPY, "unchanged"),
    known(PAPER, "revised", (WIRE, overlap("paper", "wire", QUOTE, EDITED))),
    known(BLOG, "new"),
    known(
        LATER,
        "queried",
        (COPY, SAME),
        *(
            (renamed(WIRE, f"wire-{n}"), overlap("wire-2", f"wire-{n}", FACTS))
            for n in range(3, 10)
        ),
    ),
    known(BLOG, "unchanged"),
)
STATS = IndexStats(
    n_articles=12_345,
    n_chars=38_000_001,
    n_segments=3,
    n_fresh=1,
    n_removed=57,
    n_postings=2_469_000,
    n_bytes=41_000_960,
    recipe="0123456789abcdef" * 2,
)
