"""Results of an index as text: matches of articles, and statistics."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from dedup.model import IndexStats, Match, Matches
from dedup.model.article import Article
from dedup.render.columns import Piece
from dedup.render.naming import Look, count, title_of
from dedup.render.terminal import legend_lines, overlap_lines, verdict_of

# Matches shown with passages; in a large story these repeat.
_MAX_SHOWN = 5
# Width of the labels; the longest is "unchanged".
_LABEL = 11


def matches_parts(found: Iterable[tuple[Article, Matches]], look: Look) -> Iterator[list[str]]:
    """Render the status of articles and their matches with text in common."""
    is_explained = False
    had_matches = False
    for n_before, (article, every) in enumerate(found):
        shown = tuple(one for one in every if look.shows_all or one.overlap.is_counted)
        matches = replace(every, matches=shown)
        lines = []
        if matches or had_matches:
            lines += ["", "-" * look.width] if n_before else ["-" * look.width]
        lines += _title_lines(article, matches, look)
        if matches and not is_explained:
            lines += legend_lines(look, " " * _LABEL)
            is_explained = True
        had_matches = len(matches) > 0
        yield [*lines, *_match_lines(article, matches, look)]


def _title_lines(article: Article, matches: Matches, look: Look) -> Iterator[str]:
    title = title_of(article.id, article)
    if matches:
        title += [Piece(f": shares text with {count(len(matches), 'article')}")]
    yield from look.wrap(title, f"{matches.status:<{_LABEL}}")


def _match_lines(article: Article, matches: Matches, look: Look) -> Iterator[str]:
    for match in matches[:_MAX_SHOWN]:
        yield ""
        yield from overlap_lines(match.overlap, look, article, match)
    rest = matches[_MAX_SHOWN:]
    if rest:
        yield ""
        yield from look.wrap(f"and {len(rest):,} more (passages not shown):")
    for match in rest:
        yield from _rest_lines(match, look)


def _rest_lines(match: Match, look: Look) -> Iterator[str]:
    yield from look.wrap(title_of(match.id, match), "B  ")
    yield from look.wrap(verdict_of(match.overlap), "   ")


def stats_lines(stats: IndexStats, look: Look) -> Iterator[str]:
    """Render the statistics of an index."""
    facts = {
        "articles": f"{stats.n_articles:,}",
        "texts": count(stats.n_chars, "character"),
        "on disk": count(stats.n_bytes, "byte"),
        "postings": f"{stats.n_postings:,} in {count(stats.n_segments, 'segment')}; "
        f"{count(stats.n_fresh, 'article')} not in a segment yet",
        "removed": f"{stats.n_removed:,} still in a segment",
        "recipe": stats.recipe,
    }
    for label, text in facts.items():
        yield from look.wrap(text, f"{label:<{_LABEL}}")
