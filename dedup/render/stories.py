"""Stories as text: their articles, the likely source, and the text each article took."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dedup.model import Member, Origin, Share, Story
from dedup.model.article import Article
from dedup.model.dates import who_was_first
from dedup.render.columns import Piece
from dedup.render.naming import (
    LABEL_STYLE,
    Look,
    count,
    date_of,
    percent,
    tell_lag,
    tell_spread,
    title_of,
)

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
    found = [articles[member.article].published for member in story.members]
    dates = [date for date in found if date is not None]
    missing = len(found) - len(dates)
    spread = tell_spread(dates)
    size += f", {spread}" if spread else ""
    if missing:
        size += f", {missing:,} without a date" if dates else ", none with a date"
    return f"{size}."


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


def _list(names: Sequence[str]) -> str:
    more = len(names) - _MAX_NAMES
    return ", ".join(names[:_MAX_NAMES]) + (f" and {more:,} more" if more > 0 else "")


def _or(names: Sequence[str]) -> str:
    return " or ".join(names[:_MAX_NAMES])


def _say_member(member: Member, story: Story, articles: Mapping[str, Article]) -> str:
    parts = _lag(member, story, articles)
    if member.versions:
        parts.append(f"in {len(member.versions) + 1:,} versions, with {_list(member.versions)}")
    shown = member.taken[:_MAX_SHARES]
    taken = [_share(share, member, story, articles) for share in shown]
    if len(member.taken) > len(shown):
        rest = sum(one.coverage for one in member.taken[_MAX_SHARES:])
        taken.append(f"{percent(rest)} in {count(len(member.taken) - len(shown), 'other')}")
    own = max(0.0, 1 - sum(one.coverage for one in member.taken))
    parts += taken
    if not taken:
        parts.append(_elsewhere(member, story, articles))
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
    return [tell_lag(first, own)] if first and own else []


def _share(share: Share, member: Member, story: Story, articles: Mapping[str, Article]) -> str:
    origin = member.origin
    is_source = share.article == origin.source and origin.confidence > _MIN_LIKELY
    how = "from" if is_source else "shared with"
    # Without dates no order is known, which the story says once.
    known = [_order(articles[member.article], articles[share.article])] if story.earliest else []
    known += [f"{count(share.n_edits, 'word')} changed"] if share.n_edits else []
    what = f"{percent(share.coverage)} {how} {share.article}"
    return f"{what} ({', '.join(known)})" if known else what


def _order(article: Article, other: Article) -> str:
    """Say when another article appeared."""
    first = who_was_first(other.published, article.published)
    return "order unknown" if first < 0 else ("later" if first else "earlier")


def _elsewhere(member: Member, story: Story, articles: Mapping[str, Article]) -> str:
    """Say who shares the text of a member that has none of an earlier one."""
    if not member.coverage:
        return "no text of the others"
    others = [one.article for one in story.members if one.article != member.article]
    orders = {_order(articles[member.article], articles[one]) for one in others}
    if len(others) == 1:
        who = f"{others[0]} ({orders.pop()})" if story.earliest else others[0]
    else:
        who = "later articles" if orders == {"later"} else "other articles"
    return f"{percent(member.coverage)} shared with {who}"
