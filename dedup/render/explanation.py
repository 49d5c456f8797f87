"""An explanation as text: the verdict, the stages, and the stretches of the pair."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from dedup.model import Passage
from dedup.model.article import Article, Span
from dedup.model.explanation import Explanation, Step, Stretch
from dedup.pattern import lazy_pattern
from dedup.render.columns import Piece
from dedup.render.naming import Look, count, percent, title_of
from dedup.render.terminal import text_lines

# Rejected stretches shown; a long pair has hundreds.
_MAX_SHOWN = 3
# Code points shown of each side of a stretch; `dedup compare` shows all.
_MAX_CHARS = 300
_LAST_WORD = lazy_pattern(r"(?<=\S)\s+\S*$")
_LABEL_STYLE = "1"
# Stages that can reject a pair.
_DECIDING = frozenset({"words", "bands", "seeds", "clusters", "score"})
_FOUND = {
    "chain": "the same words in order",
    "unordered": "the same words in any order",
    "abridged": "one side abridges the other",
    "copy": "the same words from end to end",
    "run": "a run of equal words",
    "second look": "reused words of related articles",
}


def explanation_lines(
    found: Explanation, look: Look, articles: Iterable[Article] = ()
) -> Iterator[str]:
    """Render why two articles are reported, or why not."""
    known = {article.id: article for article in articles}
    for label, name in (("A", found.overlap.a), ("B", found.overlap.b)):
        yield from look.wrap(title_of(name, known.get(name)), f"{label}  ")
    yield ""
    yield from look.wrap([Piece(found.verdict, _LABEL_STYLE)])
    yield ""
    for step in found.steps:
        yield from look.wrap(step.reason, f"{step.stage:<12}{_mark(step):<4}")
    kept = [one for one in found.stretches if one.verdict == "kept"]
    yield from _stretches_lines(f"{count(len(kept), 'passage')}:", kept, look)
    rest = _find_rest(found)
    n_more = len(rest) - _MAX_SHOWN
    more = f" ({n_more:,} more not shown)" if n_more > 0 else ""
    yield from _stretches_lines(f"Rejected stretches{more}:", rest[:_MAX_SHOWN], look)


def _mark(step: Step) -> str:
    if step.is_enough is None or step.stage not in _DECIDING:
        return ""
    return "ok" if step.is_enough else "no"


def _find_rest(found: Explanation) -> list[Stretch]:
    """Return the rejected stretches, each once, best first."""
    kept = [one.passage for one in found.stretches if one.verdict == "kept"]
    rest = {
        (one.passage.a, one.passage.b): one
        for one in reversed(found.stretches)
        # A stretch inside a passage is reported already.
        if not any(_is_enclosing(other, one.passage) for other in kept)
    }
    return list(reversed(rest.values()))


def _is_enclosing(passage: Passage, other: Passage) -> bool:
    return all(
        own.start <= span.start and span.end <= own.end
        for own, span in ((passage.a, other.a), (passage.b, other.b))
    )


def _stretches_lines(title: str, stretches: list[Stretch], look: Look) -> Iterator[str]:
    if stretches:
        yield ""
        yield from look.wrap(title)
    for number, one in enumerate(stretches, 1):
        yield ""
        yield from _stretch_lines(number, one, look)


def _stretch_lines(number: int, one: Stretch, look: Look) -> Iterator[str]:
    (a, a_end), (b, b_end) = one.passage.a, one.passage.b
    where = f"characters {a}–{a_end} of A, {b}–{b_end} of B"
    role = f"{one.passage.role}, " if one.passage.is_noise else ""
    is_kept = one.verdict == "kept"
    sure = f"{percent(one.passage.confidence)} sure, " if is_kept else ""
    told = f"{one.verdict}, {role}{sure}{_FOUND[one.found]}; {where}"
    yield from look.wrap(told, f"{number:2} ")
    hidden = is_kept and not one.passage.is_counted
    only = " A report shows it only with --show-all." if hidden else ""
    yield from look.wrap(f"{one.reason}.{only}", "   ")
    if one.advice:
        yield from look.wrap(one.advice, "   ")
    yield from text_lines(_shorten(one.passage), look)


def _shorten(passage: Passage) -> Passage:
    """Cut both sides of a passage to the shown length."""
    text_a, text_b = _begin(passage.text_a), _begin(passage.text_b)
    end_a, end_b = passage.a.start + len(text_a), passage.b.start + len(text_b)
    edits = tuple(
        edit._replace(a=_clip(edit.a, end_a), b=_clip(edit.b, end_b)) for edit in passage.edits
    )
    return replace(
        passage,
        text_a=text_a + " …" if len(text_a) < len(passage.text_a) else text_a,
        text_b=text_b + " …" if len(text_b) < len(passage.text_b) else text_b,
        edits=edits,
    )


def _begin(text: str) -> str:
    if len(text) <= _MAX_CHARS:
        return text
    # Drop the cut word, unless it is the only one.
    return _LAST_WORD.sub("", text[:_MAX_CHARS])


def _clip(span: Span, end: int) -> Span:
    return Span(min(span.start, end), min(span.end, end))
