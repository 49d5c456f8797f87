"""A report as text: stories, passages in many articles, and pairs with their passages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence

from dedup.model import Boilerplate, Family, Match, Overlap, Passage, Report
from dedup.model.article import Article, Span
from dedup.model.page_url import page_of
from dedup.pattern import lazy_pattern
from dedup.render.changes import list_changes
from dedup.render.columns import Piece
from dedup.render.naming import Look, count, count_same_words, percent, title_of
from dedup.render.stories import stories_lines

# Without color, brackets mark the words that differ, since most words of a passage are
# shared. The text can still be copied and searched, and needs no fixed-width font.
_DIFFERING = "[{}]"
_BRACKETS = f"{_DIFFERING.format('Brackets')} mark words without a match. "
_SURE = "“Sure” is the chance that an editor would call the passage reuse."
_SHARED_STYLE = "1;32"

_SHARED = ("kept", "moved")
# Changed facts in the list; all are in the text.
_MAX_FACTS = 5

# Longer runs of shared words show only their ends.
_MAX_RUN = 60
_N_END_WORDS = 20
# Boilerplate texts shown; an outlet may have hundreds.
_MAX_BOILERPLATE = 5

# A passage of two articles is shown with its pair.
_MIN_CARRIERS = 3
_N_FAMILIES = 5
# Most pairs of a report that is shown whole; else its strongest pairs, and passages of each.
_N_SMALL, _N_PAIRS, _N_PASSAGES = 50, 10, 3

_WORD = lazy_pattern(r"\w(?:.*\w)?", re.DOTALL)


def report_lines(report: Report, look: Look) -> Iterator[str]:
    """Render a report: stories, passages in many articles, the most similar pairs."""
    shown = [one for one in report.overlaps if look.shows_all or one.is_counted]
    n_versions = sum(one.version for one in shown)
    yield from look.wrap(_summary(report, len(shown) - n_versions, n_versions))
    yield from _hidden_lines(report.overlaps, look)
    articles = {summary.article.id: summary.article for summary in report.articles}
    yield from stories_lines(report.stories, articles, look)
    yield from _families_lines(report.families, articles, look)
    if report.boilerplate:
        yield ""
        yield from _boilerplate_lines(report.boilerplate, look)
    if shown:
        yield ""
        yield from legend_lines(look)
    yield from _pairs_lines(shown, articles, look)


def pair_lines(overlap: Overlap, look: Look, a: Article, b: Article) -> Iterator[str]:
    """Render what two articles share, with the legend."""
    yield from overlap_lines(overlap, look, a, b)
    if any(look.shows_all or one.is_counted for one in overlap.passages):
        yield ""
        yield from legend_lines(look)


def legend_lines(look: Look, label: str = "") -> Iterator[str]:
    """Explain the marks and figures of passages."""
    yield from look.wrap(_SURE if look.color else _BRACKETS + _SURE, label)


def _pairs_lines(
    overlaps: Sequence[Overlap], articles: Mapping[str, Article], look: Look
) -> Iterator[str]:
    ordered = sorted(overlaps, key=lambda o: (o.version, -_strength(o, look), o.a, o.b))
    is_large = len(ordered) > _N_SMALL
    n_passages = _N_PASSAGES if is_large else None
    for overlap in ordered[: _N_PAIRS if is_large else None]:
        sides = articles.get(overlap.a), articles.get(overlap.b)
        yield ""
        yield "-" * look.width
        yield from overlap_lines(overlap, look, *sides, n_passages=n_passages)
    if is_large:
        yield ""
        yield "-" * look.width
        yield from look.wrap(
            f"These are the {_N_PAIRS} strongest pairs of {len(ordered):,}. To see all: --format "
            "html --output report.html for a page to browse, or --format jsonl."
        )


def _strength(overlap: Overlap, look: Look) -> float:
    """Return the words expected to be reused in shown passages, weighed by similarity."""
    shown = (one for one in overlap.passages if look.shows_all or one.is_counted)
    return overlap.similarity * sum(one.confidence * one.n_words for one in shown)


def overlap_lines(
    overlap: Overlap,
    look: Look,
    a: Article | None = None,
    b: Article | Match | None = None,
    *,
    n_passages: int | None = None,
) -> Iterator[str]:
    """Render what two articles share: all passages, or the strongest.

    Furniture, formulas and uncertain passages are shown only if the look asks for them.
    """
    for label, id_, article in (("A", overlap.a, a), ("B", overlap.b, b)):
        yield from look.wrap(title_of(id_, article), f"{label}  ")
    yield from look.wrap(verdict_of(overlap), "   ")
    if overlap.capped:
        yield from look.wrap("Some other pairs with the same text are not compared.", "   ")
    if overlap.relation == "duplicate" and _is_same(overlap):
        return
    wanted = [one for one in overlap.passages if look.shows_all or one.is_counted]
    ranked = sorted(
        enumerate(wanted, 1),
        key=lambda one: -one[1].confidence * one[1].identity * one[1].n_words,
    )
    shown = sorted(ranked[:n_passages], key=lambda one: one[0])
    for number, passage in shown:
        yield ""
        yield from _passage_lines(number, passage, look)
    if len(shown) < len(ranked):
        yield ""
        yield from look.wrap(f"and {count(len(ranked) - len(shown), 'weaker passage')}.", "   ")
    yield from _hidden_lines([overlap], look, "   ")


def _hidden_lines(overlaps: Iterable[Overlap], look: Look, label: str = "") -> Iterator[str]:
    """Say how many passages are not shown."""
    hidden = [one for overlap in overlaps for one in overlap.passages if not one.is_counted]
    if hidden and not look.shows_all:
        n_noise = sum(one.is_noise for one in hidden)
        kinds = (n_noise, "of furniture or formulas"), (len(hidden) - n_noise, "uncertain")
        parts = " and ".join(f"{n:,} {kind}" for n, kind in kinds if n)
        passages = "Passage" if len(hidden) == 1 else "Passages"
        yield from look.wrap(f"{passages} not shown: {parts}. See all with --show-all.", label)


def _boilerplate_lines(found: tuple[Boilerplate, ...], look: Look) -> Iterator[str]:
    yield from look.wrap(
        f"Ignored boilerplate: {count(len(found), 'text')} that an outlet repeats in its own "
        "articles."
    )
    ordered = sorted(found, key=lambda one: -one.n_articles)
    for one in ordered[:_MAX_BOILERPLATE]:
        words = one.text.split()
        text = " ".join(words[:_N_END_WORDS]) + (" …" if len(words) > _N_END_WORDS else "")
        outlet = "unknown outlet" if one.basis == "spread" else one.outlet
        yield from look.wrap(f"{outlet}, {count(one.n_articles, 'article')}: {text}", "   ")
    if len(ordered) > _MAX_BOILERPLATE:
        yield from look.wrap(f"and {len(ordered) - _MAX_BOILERPLATE:,} more", "   ")


def _summary(report: Report, n_pairs: int, n_versions: int) -> str:
    n_articles = len(report.articles)
    skipped = f", {count(len(report.skipped), 'input')} skipped" if report.skipped else ""
    if n_versions:
        are = "pair is two" if n_versions == 1 else "pairs are"
        skipped = f", {n_versions:,} {are} versions of one page{skipped}"
    if not n_pairs:
        found = "No sure reuse" if report.overlaps else "No reused text"
        return f"{found} found in {count(n_articles, 'article')}{skipped}."
    verb = "shares" if n_pairs == 1 else "share"
    return f"{count(n_articles, 'article')}, {count(n_pairs, 'pair')} {verb} text{skipped}."


def _families_lines(
    families: Iterable[Family], articles: Mapping[str, Article], look: Look
) -> Iterator[str]:
    carried = [family for family in families if _n_carriers(family, articles) >= _MIN_CARRIERS]
    if not carried:
        return
    yield ""
    have = "1 passage appears" if len(carried) == 1 else f"{len(carried):,} passages appear"
    how = "word for word or with changes"
    yield from look.wrap(f"{have} in {_MIN_CARRIERS} or more articles, {how}:")
    shown = _most_carried(carried, articles)
    for family in shown:
        first = family.occurrences[0]
        article = articles[first.article]
        said = article.text[slice(*first.span)]
        # The number is that of the representative, which may have other words.
        n_words = f"; {count(family.n_words, 'word')}" if first.identity == 1 else ""
        size = f"{_carriers(family, articles, said)}{n_words}, as in "
        yield ""
        yield from look.wrap([Piece(size), *title_of(first.article, article)], " * ")
        yield from look.wrap("".join(piece.text for piece in _run(said)), "   ")
    if len(shown) < len(carried):
        yield ""
        yield from look.wrap(f"and {len(carried) - len(shown):,} more.", " * ")


def _most_carried(families: list[Family], articles: Mapping[str, Article]) -> list[Family]:
    """Choose the families to show, without parts of those already chosen."""
    chosen: list[Family] = []
    shown: dict[str, list[Span]] = {}
    for family in sorted(families, key=lambda one: (-_n_carriers(one, articles), -one.n_words)):
        name, span = family.occurrences[0].article, family.occurrences[0].span
        seen = sum(
            max(0, min(span.end, s.end) - max(span.start, s.start)) for s in shown.get(name, ())
        )
        if 2 * seen < span.end - span.start:
            chosen.append(family)
            for one in family.occurrences:
                shown.setdefault(one.article, []).append(one.span)
        if len(chosen) == _N_FAMILIES:
            break
    return chosen


def _n_carriers(family: Family, articles: Mapping[str, Article]) -> int:
    return len({page_of(articles[one.article]) for one in family.occurrences})


def _carriers(family: Family, articles: Mapping[str, Article], said: str) -> str:
    """Say how many carry a passage, and how many word for word."""
    texts: dict[str, list[str]] = {}
    for one in family.occurrences:
        text = articles[one.article].text[slice(*one.span)]
        texts.setdefault(page_of(articles[one.article]), []).append(text)
    outlets = {articles[one.article].outlet for one in family.occurrences} - {None}
    carriers = count(len(texts), "article")
    carriers += f" of {count(len(outlets), 'outlet')}" if outlets else ""
    n_same = count_same_words(said, texts.values())
    if n_same == len(texts):
        return f"{carriers}, word for word"
    return f"{carriers}, {n_same:,} word for word and {len(texts) - n_same:,} with changes"


def verdict_of(overlap: Overlap) -> str:
    """Summarize how much two articles share."""
    if overlap.relation == "none":
        only = "that counts" if overlap.passages else ""
        return f"A and B share no passage {only}".rstrip() + "."
    relation = {
        "duplicate": "The same text" if _is_same(overlap) else "Nearly the same text",
        "contains": "A contains B",
        "contained": "B contains A",
        "shares": "A and B share text",
    }[overlap.relation]
    text = [passage for passage in overlap.passages if passage.is_counted]
    n_words = sum(passage.n_words for passage in text)
    size = f"{count(len(text), 'passage')}, {count(n_words, 'word')}"
    share = f"{percent(overlap.coverage_a)} of A, {percent(overlap.coverage_b)} of B"
    relation = f"A and B are versions of one page. {relation}" if overlap.version else relation
    return f"{relation}: {size}, {share}, similarity {overlap.similarity:.2f}."


def _is_same(overlap: Overlap) -> bool:
    is_kept = all(one.identity == 1 for one in overlap.passages if one.is_counted)
    return is_kept and overlap.coverage_a == overlap.coverage_b == 1


def _passage_lines(number: int, passage: Passage, look: Look) -> Iterator[str]:
    facts = (
        f"{_kind(passage)}, {count(passage.n_words, 'word')}, {percent(passage.identity)} the same"
    )
    facts += f", {percent(passage.confidence)} sure"
    (a, b), (c, d) = passage.a, passage.b
    yield from look.wrap(f"{facts}; characters {a}–{b} of A, {c}–{d} of B", f"{number:2} ")
    # Longer text quotes several speakers, and none of them says all of it.
    if passage.role == "quotation" and (passage.speaker_a or passage.speaker_b):
        yield from look.wrap(_speakers(passage), "   ")
    yield from _fact_lines(passage, look)
    yield from text_lines(passage, look)


def _kind(passage: Passage) -> str:
    """Return kind and role; `tellKind` of the page agrees."""
    if passage.role != "text":
        return f"{passage.kind}, {passage.role}"
    return f"{passage.kind}, contains a quotation" if passage.quote else passage.kind


def text_lines(passage: Passage, look: Look) -> Iterator[str]:
    """Render the text of a passage, side A above side B."""
    shared = [edit for edit in passage.edits if edit.op in _SHARED]
    sides = [
        ("A", passage.text_a, passage.a, [edit.a for edit in shared]),
        ("B", passage.text_b, passage.b, [edit.b for edit in shared]),
    ]
    if passage.text_a.split() == passage.text_b.split():
        sides = [("A=B", *sides[0][1:])]
    for label, text, span, spans in sides:
        # Moved runs are out of order on one side.
        runs = [Span(start - span.start, end - span.start) for start, end in sorted(spans)]
        yield from look.wrap(_marked(text, runs, look.color), f"   {label:<5}")


def _speakers(passage: Passage) -> str:
    a, b = passage.speaker_a, passage.speaker_b
    if a == b:
        return f"speaker: {a}"
    joint = ", but " if passage.same_speaker is False else ", "
    named = [f"{speaker} in {side}" for speaker, side in ((a, "A"), (b, "B")) if speaker]
    return f"speaker: {joint.join(named)}"


def _fact_lines(passage: Passage, look: Look) -> Iterator[str]:
    changes = list_changes(passage)
    label = "   changed: "
    for change in changes[:_MAX_FACTS]:
        yield from look.wrap(change, label)
        label = " " * len(label)
    if len(changes) > _MAX_FACTS:
        yield from look.wrap(f"{len(changes) - _MAX_FACTS} more", label)


def _marked(text: str, shared: list[Span], color: bool) -> list[Piece]:
    """Mark the shared runs of words, or the words between them."""
    if not shared:
        return [Piece(text)]
    pieces = []
    at = 0
    for start, end in shared:
        pieces += _between(text[at:start], color)
        pieces += _run(text[start:end])
        at = end
    return pieces + _between(text[at:], color)


def _between(text: str, color: bool) -> list[Piece]:
    words = _WORD.search(text)
    if color or not words:
        return [Piece(text)]
    start, end = words.span()
    while end < len(text) and unicodedata.category(text[end]).startswith("M"):
        end += 1  # combining marks belong to the letter before
    return [Piece(text[:start]), Piece(_DIFFERING.format(text[start:end])), Piece(text[end:])]


def _run(text: str) -> list[Piece]:
    words = text.split()
    if len(words) <= _MAX_RUN:
        return [Piece(text, _SHARED_STYLE)]
    n_hidden = len(words) - 2 * _N_END_WORDS
    return [
        Piece(" ".join(words[:_N_END_WORDS]), _SHARED_STYLE),
        Piece(f" … {n_hidden} words … "),
        Piece(" ".join(words[-_N_END_WORDS:]), _SHARED_STYLE),
    ]
