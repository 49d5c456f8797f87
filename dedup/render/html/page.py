"""Render a report as one HTML page, or as a folder of a page and data files, in small parts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from dedup.model import ArticleSummary, Overlap, Report
from dedup.model.article import Article, Span
from dedup.model.dates import is_day, who_was_first
from dedup.model.passage import LEAST_COUNTED
from dedup.pattern import lazy_pattern
from dedup.render import figures
from dedup.render.columns import visible_in_place
from dedup.render.html import rows
from dedup.render.html.rows import ArticleRow, PairRow
from dedup.render.html.scripts import listed, safe_json, source_hash

_HERE = Path(__file__).parent
_SCRIPTS = ("rows.js", "dom.js", "words.js", "state.js", "export.js", "lists.js", "marks.js",
            "figures.js", "overview.js", "search.js", "story.js", "pair.js", "article.js",
            "main.js")  # fmt: skip
# Type comments are for `make check`; drop them from the page.
_TYPES = lazy_pattern(r"^ */\*\* @.*\*/\n", re.MULTILINE)
_MAX_SKIPPED = 50


@dataclass(frozen=True)
class Facts:
    """Contents of a page."""

    report: Report
    pairs: Sequence[PairRow]
    passages: Callable[[], Iterable[str]]
    version: str

    @cached_property
    def articles(self) -> list[ArticleRow]:
        """Rows of all articles."""
        return [rows.article_row(summary) for summary in self.report.articles]

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Positions of the articles, by id."""
        return {one.article.id: number for number, one in enumerate(self.report.articles)}

    @cached_property
    def chunk_of_text(self) -> dict[int, int]:
        """Text chunks of articles that share text."""
        named = {name for pair in self.pairs for name in pair[:2]}
        named |= {
            name
            for story in self.report.stories
            for one in story.members
            for name in (one.article, *one.versions)
        }
        shown = sorted(self.numbers[name] for name in named if name in self.numbers)
        sizes = (self.articles[number].n_chars for number in shown)
        return dict(zip(shown, rows.chunk_numbers(sizes), strict=True))

    @cached_property
    def masked(self) -> dict[str, list[Span]]:
        """Spans of boilerplate, by article."""
        found: defaultdict[str, list[Span]] = defaultdict(list)
        for boilerplate in self.report.boilerplate:
            for name, span in boilerplate.occurrences:
                found[name].append(span)
        return found

    @cached_property
    def outlets(self) -> list[str]:
        """Names of all outlets, sorted."""
        named = {article.outlet for article in self.articles}
        named |= {visible_in_place(one.outlet) for one in self.report.boilerplate if one.outlet}
        return sorted(name for name in named if name is not None)

    @cached_property
    def run(self) -> str:
        """Hexadecimal digest that identifies the page's rows."""
        digest = sha256()
        for part in _core(self):
            digest.update(part.encode())
        return digest.hexdigest()[:16]

    @property
    def figures(self) -> Iterator[figures.Figure]:
        """The figures that are not empty."""
        return figures.report_figures(self.articles, self.reuses())

    def reuses(self) -> Iterator[tuple[int, int, bool]]:
        """Articles that share text: later, earlier, and if that is known."""
        for pair in self.pairs:
            if not any(map(rows.is_counted, pair.codes)):
                continue
            a, b = self.numbers[pair.a], self.numbers[pair.b]
            first = self.first_of(pair)
            yield (b, a, True) if first == 0 else (a, b, first == 1)

    def first_of(self, pair: PairRow) -> int:
        """Return which article of a pair was first, as `who_was_first` does."""
        a, b = (self.articles[self.numbers[name]].published for name in pair[:2])
        return who_was_first(a, b)


def facts_of(report: Report, version: str) -> Facts:
    """Return the page contents for a report with its overlaps in memory."""
    passages = [passages_json(overlap) for overlap in report.overlaps]
    pairs = [
        rows.pair_row(overlap, len(text))
        for overlap, text in zip(report.overlaps, passages, strict=True)
    ]
    return Facts(report, pairs, lambda: passages, version)


def facts_of_pair(overlap: Overlap, articles: Sequence[Article], version: str) -> Facts:
    """Return the page contents for two articles; the page opens with both side by side."""
    named = (overlap.a, overlap.b)
    # Two files with one name are still two articles.
    names = named if named[0] != named[1] else (named[0], f"{named[1]} (B)")
    coverages = (overlap.coverage_a, overlap.coverage_b)
    summaries = tuple(
        ArticleSummary(_renamed(article, name), coverage)
        for article, name, coverage in zip(articles, names, coverages, strict=True)
    )
    overlaps = (replace(overlap, a=names[0], b=names[1]),) if overlap.passages else ()
    report = Report(summaries, overlaps, (), (), (), (), {}, {}, {"is_pair": 1})
    return facts_of(report, version)


def passages_json(overlap: Overlap) -> str:
    """Render the passages of an overlap as JSON for the page."""
    return safe_json(rows.passage_rows(overlap))


def page_parts(facts: Facts) -> Iterator[str]:
    """Render one self-contained page."""
    return _lines(_index(facts, is_folder=False))


def folder_files(facts: Facts) -> Iterator[tuple[str, Iterator[str]]]:
    """Render a page, with texts and passages in separate files."""
    for name, parts in _chunks(facts):
        yield f"data/{name}.js", _called(name, facts.run, parts)
    yield "index.html", _lines(_index(facts, is_folder=True))


def _renamed(article: Article, name: str) -> Article:
    return Article(**(article.to_dict() | {"id": name}))


def _lines(parts: Iterable[str]) -> Iterator[str]:
    # Line ends matter, because a script's hash covers every character.
    begun: list[str] = []
    for part in parts:
        *ended, rest = part.split("\n")
        for line in ended:
            yield "".join([*begun, line])
            begun = []
        begun.append(rest)
    yield "".join(begun)


def _called(name: str, run: str, parts: Iterator[str]) -> Iterator[str]:
    # The run guards against an open page that loads chunks of a later report.
    yield f'dedupChunk("{name}","{run}",'
    yield from parts
    yield ");"


def _index(facts: Facts, *, is_folder: bool) -> Iterator[str]:
    style = (_HERE / "page.css").read_text(encoding="utf-8")
    script = "\n".join((_HERE / name).read_text(encoding="utf-8") for name in _SCRIPTS)
    script = _TYPES.sub("", script)
    script = f'"use strict";\n(() => {{\n{script}\n}})();\n'
    others = "'self' " if is_folder else ""
    template = _environment().get_template("page.html.j2")
    yield from template.generate(
        version=facts.version,
        style=Markup(style),
        script=Markup(script),
        style_source=Markup(source_hash(style)),
        script_source=Markup(others + source_hash(script)),
        core=map(Markup, _core(facts)),  # safe_json made it
        chunks=() if is_folder else ((name, map(Markup, parts)) for name, parts in _chunks(facts)),
        n_articles=len(facts.articles),
        is_query="is_query" in facts.report.counts,
        run=facts.run if is_folder else "",
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip


def _core(facts: Facts) -> Iterator[str]:
    report, is_query = facts.report, "is_query" in facts.report.counts
    run = {
        "version": facts.version,
        "skipped": [visible_in_place(str(one)) for one in report.skipped[:_MAX_SKIPPED]],
        "nSkipped": len(report.skipped),
        "leastSure": round(100 * LEAST_COUNTED),
        "isPair": "is_pair" in report.counts,
        "asked": facts.numbers[report.articles[0].article.id] if is_query else -1,
    }
    yield f'{{"run":{safe_json(run)},"outlets":{safe_json(facts.outlets)}'
    for name, some in (
        ("articles", _article_rows(facts)),
        ("pairs", _pair_rows(facts)),
        ("stories", _story_rows(facts)),
        ("boilerplate", _boilerplate_rows(facts)),
    ):
        yield f',"{name}":'
        yield from listed(map(safe_json, some))
    yield "}"


def _article_rows(facts: Facts) -> Iterator[list[Any]]:
    outlets = {name: number for number, name in enumerate(facts.outlets)}
    for number, row in enumerate(facts.articles):
        when = row.published
        yield [
            row.id,
            row.headline,
            -1 if row.outlet is None else outlets[row.outlet],
            when.isoformat() if when else 0,
            when.timestamp() if when else None,
            int(when is not None and is_day(when)),
            row.url or 0,
            row.n_chars,
            row.coverage,
            facts.chunk_of_text.get(number, -1),
        ]


def _pair_rows(facts: Facts) -> Iterator[list[Any]]:
    stories = rows.stories_of(facts.report.stories)
    none: frozenset[int] = frozenset()
    chunks = rows.chunk_numbers(pair.size for pair in facts.pairs)
    for pair, chunk in zip(facts.pairs, chunks, strict=True):
        yield [
            facts.numbers[pair.a],
            facts.numbers[pair.b],
            *pair[2:6],
            int(pair.is_capped),
            facts.first_of(pair),
            sorted(stories.get(pair.a, none) & stories.get(pair.b, none)),
            pair.codes,
            pair.snippet,
            chunk,
        ]


def _story_rows(facts: Facts) -> Iterator[list[Any]]:
    stories = facts.report.stories
    chunks = rows.chunk_numbers(len(story.members) * 200 for story in stories)
    for story, chunk in zip(stories, chunks, strict=True):
        yield [
            visible_in_place(story.id),
            [facts.numbers[one.article] for one in story.members if one.article in facts.numbers],
            [facts.numbers[name] for name in story.earliest if name in facts.numbers],
            rows.origin_row(story.origin, facts.numbers),
            visible_in_place(story.headline),
            chunk,
        ]


def _boilerplate_rows(facts: Facts) -> Iterator[list[Any]]:
    outlets = {name: number for number, name in enumerate(facts.outlets)}
    for one in facts.report.boilerplate:
        outlet = outlets[visible_in_place(one.outlet)] if one.outlet else -1
        yield [outlet, visible_in_place(one.text[:2000]), one.n_articles]


def _chunks(facts: Facts) -> Iterator[tuple[str, Iterator[str]]]:
    stories = facts.report.stories
    sizes = rows.chunk_numbers(len(story.members) * 200 for story in stories)
    yield from _grouped("members", enumerate(_story_contents(facts)), sizes)
    sizes = rows.chunk_numbers(pair.size for pair in facts.pairs)
    yield from _grouped("passages", enumerate(facts.passages()), sizes)
    yield from _grouped("texts", _texts(facts), iter(facts.chunk_of_text.values()))


def _story_contents(facts: Facts) -> Iterator[str]:
    report = facts.report
    carried = rows.most_carried(report.stories, report.families)
    for story, families in zip(report.stories, carried, strict=True):
        members = rows.member_rows(story, facts.numbers)
        yield safe_json(
            [members, rows.carried_rows(families, story, facts.numbers, report.articles)]
        )


def _texts(facts: Facts) -> Iterator[tuple[int, str]]:
    for number, summary in enumerate(facts.report.articles):
        if number in facts.chunk_of_text:
            masked = facts.masked.get(summary.article.id, ())
            yield number, safe_json(rows.text_row(summary, masked))


def _grouped(
    kind: str, items: Iterable[tuple[int, str]], chunks: Iterator[int]
) -> Iterator[tuple[str, Iterator[str]]]:
    placed = zip(chunks, items, strict=True)
    for chunk, group in groupby(placed, key=lambda one: one[0]):
        pairs = (f"[{number},{text}]" for _, (number, text) in group)
        yield f"{kind}-{chunk}", listed(pairs)
