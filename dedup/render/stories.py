"""Stories for people: who carries each, who had it first and how sure that is, what each took."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dedup.model import Member, Origin, Share, Story
from dedup.model.article import Article
from dedup.model.dates import who_was_first
from dedup.render.columns import Piece
from dedup.render.naming import LABEL_STYLE, Look, count, date_of, percent, title_of

# What is shown at most; the line that says how much is left out names where it is.
_MAX_STORIES, _MAX_MEMBERS, _MAX_NAMES, _MAX_SHARES = 10, 8, 3, 2
_N_WORDS, _N_CHARS = 12, 120
_MIN_OWN = 0.005
_BASES = {
    "date": "it appeared first",
    "credit": "others credit it",
    "link": "others link to it",
    "containment": "it has what they have, and more",
    "wire": "they credit it",
    "unknown": "",
}


def stories_lines(
    stories: Sequence[Story], articles: Mapping[str, Article], look: Look
) -> Iterator[str]:
    """Render the stories, those of most articles first.

    Parameters
    ----------
    stories : sequence of Story
        What was found.
    articles : Mapping of str to Article
        All articles by id.
    look : Look
        How to set it.

    Yields
    ------
    str
        A line without its end.
    """
    if not stories:
        return
    yield ""
    are = "1 story is" if len(stories) == 1 else f"{len(stories):,} stories are"
    yield from look.wrap(f"{are} carried by 2 or more articles:")
    for number, story in enumerate(stories[:_MAX_STORIES], 1):
        yield ""
        yield from _story_lines(number, story, articles, look)
    if len(stories) > _MAX_STORIES:
        n = len(stories) - _MAX_STORIES
        more = "1 more story" if n == 1 else f"{n:,} more stories"
        yield ""
        yield from look.wrap(f"and {more}; --format jsonl has all.", "   ")


def _story_lines(
    number: int, story: Story, articles: Mapping[str, Article], look: Look
) -> Iterator[str]:
    first = story.origin.source or story.members[0].article
    yield from look.wrap([Piece(_headline(articles[first]), LABEL_STYLE)], f"{number:2} ")
    yield from look.wrap(_size(story, articles), "   ")
    yield from look.wrap(_first(story, articles), "   ")
    yield from look.wrap(say_origin(story.origin), "   ")
    for member in story.members[:_MAX_MEMBERS]:
        title = title_of(member.article, articles[member.article])
        yield from look.wrap([*title, Piece(f": {_say_member(member, articles)}")], "   - ")
    if len(story.members) > _MAX_MEMBERS:
        n = len(story.members) - _MAX_MEMBERS
        yield from look.wrap(f"and {count(n, 'more article')}; --format jsonl has all.", "   - ")


def _headline(article: Article) -> str:
    words = (article.title or article.text[:_N_CHARS]).split()
    text = " ".join(words[:_N_WORDS])[:_N_CHARS]
    return text + (" …" if len(words) > _N_WORDS else "")


def _size(story: Story, articles: Mapping[str, Article]) -> str:
    outlets = {articles[member.article].outlet for member in story.members} - {None}
    size = count(len(story.members), "article")
    size += f" of {count(len(outlets), 'outlet')}" if outlets else ""
    lags = [member.lag for member in story.members if member.lag is not None]
    n_dated = sum(articles[member.article].published is not None for member in story.members)
    missing = len(story.members) - n_dated
    if lags and max(lags) > 0:
        size += f", within {_duration(max(lags))}"
    if missing:
        size += f", {missing:,} without a date" if n_dated else ", none with a date"
    return f"{size}."


def _first(story: Story, articles: Mapping[str, Article]) -> str:
    if not story.earliest:
        return "Who had it first is not known: no date."
    names = [_name(one, articles) for one in story.earliest[:_MAX_NAMES]]
    if len(story.earliest) == 1:
        return f"Seen first in {names[0]}."
    more = len(story.earliest) - len(names)
    listed = ", ".join(names) + (f" and {more:,} more" if more else "")
    return f"Seen first, too close to tell apart, in {listed}."


def _name(name: str, articles: Mapping[str, Article]) -> str:
    published = articles[name].published
    return name if published is None else f"{name} ({date_of(published)})"


def say_origin(origin: Origin) -> str:
    """Say where a text comes from, how sure that is, and what else may be.

    Parameters
    ----------
    origin : Origin
        Where from.

    Returns
    -------
    str
        A sentence or two.
    """
    rivals = _or(origin.rivals)
    if origin.source is not None:
        why = f"{percent(origin.confidence)} sure: {_BASES[origin.basis]}"
        wire = f", by {origin.agency}" if origin.agency else ""
        return f"Source most likely {origin.source}{wire} ({why})." + (
            f" Else {rivals}." if rivals else ""
        )
    if origin.agency is not None:
        why = f"{percent(origin.confidence)} sure: {_BASES['wire']}"
        return f"Source most likely {origin.agency}, which is not among them ({why})." + (
            f" Else {rivals}." if rivals else ""
        )
    return f"Source not plain: {rivals}, or none of them." if rivals else "Source not plain."


def _or(names: Sequence[str]) -> str:
    return " or ".join(names[:_MAX_NAMES])


def _say_member(member: Member, articles: Mapping[str, Article]) -> str:
    own_date = articles[member.article].published

    def say(share: Share) -> str:
        is_earlier = who_was_first(articles[share.article].published, own_date) == 0
        # Of what appeared at about the same time nobody knows who had it from whom.
        whence = "from" if is_earlier else "also in"
        return f"{percent(share.coverage)} {whence} {share.article}{_edits(share.n_edits)}"

    parts = []
    if member.lag is not None and member.lag > 0:
        parts.append(f"{_duration(member.lag)} later")
    shown = member.taken[:_MAX_SHARES]
    taken = list(map(say, shown))
    if len(member.taken) > len(shown):
        rest = sum(one.coverage for one in member.taken[_MAX_SHARES:])
        taken.append(f"{percent(rest)} in {count(len(member.taken) - len(shown), 'other')}")
    own = max(0.0, 1 - sum(one.coverage for one in member.taken))
    parts += taken
    if not taken:
        parts.append("nothing taken from earlier ones")
    elif own >= _MIN_OWN:
        parts.append(f"{percent(own)} its own")
    if member.credit is not None:
        parts.append(f"credits {member.credit}")
    elif any(" from " in one for one in taken):
        parts.append("no credit")
    return ", ".join(parts)


def _edits(n: int) -> str:
    return f" ({count(n, 'word')} edited)" if n else ""


def _duration(seconds: float) -> str:
    """Write a time in its largest unit of which there are two or more."""
    for name, unit in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= 2 * unit:
            return count(round(seconds / unit), name)
    return count(round(seconds / 60), "minute") if seconds >= 60 else "a minute"
