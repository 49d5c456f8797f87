"""Overlaps and reports as HTML for notebooks: tables with inline styles, and no scripts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from dedup.model.article import Span
from dedup.model.passage import Overlap, Passage
from dedup.model.report import Report
from dedup.render.columns import visible_in_place

# Rows of a report; a notebook keeps every output that it shows.
_N_ROWS = 20
_CELL = ' style="text-align:left;vertical-align:top;white-space:pre-wrap;width:50%"'
_FACT = ' style="background:#ffd7a8;color:#000"'
_CHANGED = ' style="background:#fff3b0;color:#000"'


def show_overlap(overlap: Overlap) -> str:
    """Return the passages of an overlap side by side; changed words are marked."""
    shown = [passage for passage in overlap.passages if passage.is_counted]
    relation = f"similarity {overlap.similarity:.2f}, {overlap.relation}"
    head = f"<p>{_text(overlap.a)} and {_text(overlap.b)}: {relation}</p>"
    rows = [_passage_rows(passage) for passage in shown]
    names = _row([_text(overlap.a), _text(overlap.b)], "th")
    hidden = len(overlap.passages) - len(shown)
    note = f"<p>{hidden} more that count for nothing: see <code>passages</code></p>"
    table = f'<table style="width:100%">{names}{"".join(rows)}</table>' if rows else ""
    return head + table + (note if hidden else "")


def show_report(report: Report) -> str:
    """Return the counts, stories and closest overlaps of a report."""
    pairs = [overlap for overlap in report.overlaps if overlap.is_counted]
    counts = [
        (len(report.articles), "articles"),
        (len(pairs), "pairs that share text"),
        (len(report.stories), "stories"),
        (len(report.skipped), "skipped records"),
    ]
    head = f"<p>{', '.join(f'{n:,} {what}' for n, what in counts)}</p>"
    closest = sorted(pairs, key=lambda overlap: -overlap.similarity)
    stories = _table(
        ["story", "articles", "source"],
        [[one.headline or one.id, len(one.members), _source(one.origin)] for one in report.stories],
        len(report.stories),
    )
    overlaps = _table(
        ["a", "b", "relation", "similarity", "passages"],
        [
            [one.a, one.b, one.relation, f"{one.similarity:.2f}", len(one.passages)]
            for one in closest[:_N_ROWS]
        ],
        len(pairs),
    )
    return head + stories + overlaps


def _source(origin: object) -> str:
    return getattr(origin, "agency", None) or getattr(origin, "source", None) or "not known"


def _table(names: Sequence[str], rows: Sequence[Sequence[object]], n: int) -> str:
    if not rows:
        return ""
    shown = "".join(_row([_text(cell) for cell in row]) for row in rows[:_N_ROWS])
    more = f"<p>{n - _N_ROWS:,} more</p>" if n > _N_ROWS else ""
    return f"<table>{_row(names, 'th')}{shown}</table>{more}"


def _row(cells: Iterable[str], tag: str = "td") -> str:
    style = ' style="text-align:left"'
    return f"<tr>{''.join(f'<{tag}{style}>{cell}</{tag}>' for cell in cells)}</tr>"


def _passage_rows(passage: Passage) -> str:
    words = "1 word" if passage.n_words == 1 else f"{passage.n_words:,} words"
    said = f"{passage.kind}, {words}, confidence {passage.confidence:.2f}"
    spans_a = [(edit.a, edit.op, edit.is_fact) for edit in passage.edits]
    spans_b = [(edit.b, edit.op, edit.is_fact) for edit in passage.edits]
    a = _marked(passage.text_a, passage.a, spans_a)
    b = _marked(passage.text_b, passage.b, spans_b)
    head = f'<tr><td colspan="2" style="text-align:left"><em>{said}</em></td></tr>'
    return f"{head}<tr><td{_CELL}>{a}</td><td{_CELL}>{b}</td></tr>"


def _marked(text: str, span: Span, edits: Sequence[tuple[Span, str, bool]]) -> str:
    """Return a text with its changed words marked; the spans count in the article."""
    parts, at = [], 0
    for place, op, is_fact in sorted(edits):
        start, end = place.start - span.start, place.end - span.start
        if op == "kept" or start < at or end <= start:
            continue
        style = _FACT if is_fact else _CHANGED
        parts += [_text(text[at:start]), f"<mark{style}>{_text(text[start:end])}</mark>"]
        at = end
    return "".join([*parts, _text(text[at:])])


def _text(value: object) -> str:
    return escape(visible_in_place(str(value)))
