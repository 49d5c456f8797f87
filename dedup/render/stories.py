"""Stories as text: their articles, the likely source, and the text each article took."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dedup.model import Member, Origin, Story
from dedup.model.article import Article
from dedup.model.dates import find_days, who_was_first
from dedup.render.columns import Piece
from dedup.render.naming import LABEL_STYLE, Look, count, date_of, percent, title_of

# Limits of the output; a last line says how much is not shown.
_MAX_STORIES, _MAX_MEMBERS, _MAX_NAMES, _MAX_SHARES = 5, 6, 3, 2
_MIN_OWN = 0.005
# Near one half another answer is as good.
_MIN_LIKELY = 0.6
_BASES = {"credit": "others credit it", "link": "others link to it", "wire": "they credit it"}


def stories_lines(
    stories: Sequence[Story], articles: Mapping[str, Article], look: Look
) -> Iterator[str]:
    """Render stories in their order."""
    if not stories:
        return
    yield ""
    are = "1 story" if len(stories) == 1 else f"{len(stories):,} stories"
    yield from look.wrap(f"{are} in 2 or more articles:")
    for number, story in enumerate(stories[:_MAX_STORIES], 1):
        yield ""
        yield from _story_lines(number, story, articles, look)
    if len(stories) > _MAX_STORIES:
        n = len(stories) - _MAX_STORIES
        more = "1 more story" if n == 1 else f"{n:,} more stories"
        yield ""
        yield from look.wrap(f"and {more}; --format jsonl lists all.", "   ")


def _story_lines(
    number: int, story: Story, articles: Mapping[str, Article], look: Look
) -> Iterator[str]:
    yield from look.wrap([Piece(story.headline, LABEL_STYLE)], f"{number:2} ")
    yield from look.wrap(_size(story, articles), "   ")
    yield from look.wrap(_first(story, articles), "   ")
    yield from look.wrap(say_origin(story.origin), "   ")
    for member in story.members[:_MAX_MEMBERS]:
        title = title_of(member.article, articles[member.article])
        yield from look.wrap([*title, Piece(f": {_say_member(member, story, articles)}")], "   - ")
    if len(story.members) > _MAX_MEMBERS:
        n = len(story.members) - _MAX_MEMBERS
        yield from look.wrap(f"and {count(n, 'more article')}; --format jsonl lists all.", "   - ")


def _size(story: Story, articles: Mapping[str, Article]) -> str:
    outlets = {articles[member.article].outlet for member in story.members} - {None}
    size = count(len(story.members), "article")
    size += f" of {count(len(outlets), 'outlet')}" if outlets else ""
    n_dated = sum(articles[member.article].published is not None for member in story.members)
    missing = len(story.members) - n_dated
    size += _spread(story, articles)
    if missing:
        size += f", {missing:,} without a date" if n_dated else ", none with a date"
    return f"{size}."


def _spread(story: Story, articles: Mapping[str, Article]) -> str:
    """Say in what time the articles appeared."""
    found = (articles[member.article].published for member in story.members)
    dates = [date for date in found if date is not None]
    if len(dates) < 2:
        return ""
    first, last = min(dates), max(dates)
    days = find_days(first, last)
    if days is None:
        seconds = (last - first).total_seconds()
        return f", within {_duration(seconds)}" if seconds else ""
    return ", on one day" if days == 0 else f", from {date_of(first)} to {date_of(last)}"


def _first(story: Story, articles: Mapping[str, Article]) -> str:
    if not story.earliest:
        return "First article unknown: no dates."
    names = [_name(one, articles) for one in story.earliest[:_MAX_NAMES]]
    if len(story.earliest) == 1:
        return f"First of these: {names[0]}."
    more = len(story.earliest) - len(names)
    listed = ", ".join(names) + (f" and {more:,} more" if more else "")
    return f"First of these, in unknown order: {listed}."


def _name(name: str, articles: Mapping[str, Article]) -> str:
    published = articles[name].published
    return name if published is None else f"{name} ({date_of(published)})"


def say_origin(origin: Origin) -> str:
    """Describe the source of a text, its probability, and other candidates."""
    if origin.source is not None:
        name = origin.source
    elif origin.agency is not None:
        name = f"{origin.agency}, which has no article in this story"
    else:
        return "Source not known."
    how = "most likely" if origin.confidence > _MIN_LIKELY else "perhaps"
    why = f"{percent(origin.confidence)} sure: {_BASES[origin.basis[0]]}"
    rest = f" Otherwise {_or(origin.rivals)}." if origin.rivals else ""
    return f"Source {how} {name} ({why}).{rest}"


def _or(names: Sequence[str]) -> str:
    return " or ".join(names[:_MAX_NAMES])


def _say_member(member: Member, story: Story, articles: Mapping[str, Article]) -> str:
    parts = _lag(member, story, articles)
    shown = member.taken[:_MAX_SHARES]
    origin = member.origin
    source = origin.source if origin.confidence > _MIN_LIKELY else None
    taken = [
        f"{percent(share.coverage)} {'from' if share.article == source else 'shared with'} "
        f"{share.article}{_edits(share.n_edits)}"
        for share in shown
    ]
    if len(member.taken) > len(shown):
        rest = sum(one.coverage for one in member.taken[_MAX_SHARES:])
        taken.append(f"{percent(rest)} in {count(len(member.taken) - len(shown), 'other')}")
    own = max(0.0, 1 - sum(one.coverage for one in member.taken))
    parts += taken
    if not taken:
        shared = f"{percent(member.coverage)} shared with others"
        parts.append(shared if member.coverage else "no text of the others")
    elif own >= _MIN_OWN:
        parts.append(f"{percent(own)} in none of these")
    if member.credit is not None:
        parts.append(f"credits {member.credit}")
    elif any(_is_owed(articles[member.article], articles[one.article]) for one in shown):
        parts.append("no credit found")
    return ", ".join(parts)


def _is_owed(article: Article, other: Article) -> bool:
    """Return whether the other article is earlier and of another outlet."""
    is_own = article.outlet is not None and article.outlet == other.outlet
    return not is_own and who_was_first(other.published, article.published) == 0


def _lag(member: Member, story: Story, articles: Mapping[str, Article]) -> list[str]:
    """Say how long after the first date a member appeared, if it surely is later."""
    own = articles[member.article].published
    dates = (articles[one].published for one in story.earliest)
    first = next((date for date in dates if who_was_first(date, own) == 0), None)
    if not member.lag or own is None or first is None:
        return []
    days = find_days(first, own)
    if days is None:
        return [f"{_duration(member.lag)} later"]
    return ["the next day"] if days == 1 else [f"{count(days, 'day')} later"]


def _edits(n: int) -> str:
    return f" ({count(n, 'word')} edited)" if n else ""


def _duration(seconds: float) -> str:
    """Format a duration in the largest unit that gives two or more."""
    for name, unit in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= 2 * unit:
            return count(round(seconds / unit), name)
    return count(round(seconds / 60), "minute") if seconds >= 60 else "a minute"
