"""News from templates: thousands of articles that differ in their facts, and copies of some.

Each article of `news_templates.json` is filled on its own, as an agency's machine writes them: all
tell different news. A copy changes what a desk changes: a headline or a last line is added.
"""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from corpus.templates import Template, load_templates

_HEADLINES = ("In brief", "From the region", "Just in", "Local news")


class TemplatedArticle(NamedTuple):
    """A text, its template, and the number of the article that it copies, or None."""

    template: str
    text: str
    copy_of: int | None


def make_news(n: int, seed: int, copied: float = 0.05) -> list[TemplatedArticle]:
    """Make articles, of which a share are copies.

    Parameters
    ----------
    n : int
        Number of articles.
    seed : int
        Equal seeds give equal articles.
    copied : float
        Share of copies, in [0, 1).
    """
    rng = Random(seed)
    templates = load_templates("news_templates.json")
    articles: list[TemplatedArticle] = []
    seen: set[str] = set()
    while len(articles) < n:
        if articles and rng.random() < copied:
            number = int(rng.random() * len(articles))
            original = articles[number]
            at = number if original.copy_of is None else original.copy_of
            text = _copy(articles[at].text, rng)
            articles.append(TemplatedArticle(original.template, text, at))
            continue
        template: Template = templates[int(rng.random() * len(templates))]
        text = "\n\n".join(template.fill(template.draw(rng)))
        if text not in seen:
            seen.add(text)
            articles.append(TemplatedArticle(template.name, text, None))
    return articles


def _copy(text: str, rng: Random) -> str:
    kind = int(rng.random() * 3)
    if kind == 0:
        return text
    headline = _HEADLINES[int(rng.random() * len(_HEADLINES))]
    return f"{headline}\n\n{text}" if kind == 1 else f"{text}\n\n{headline}"
