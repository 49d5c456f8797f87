"""Reports that a page is made of in tests: stories, and what would break out of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dedup import Article, Member, Origin, Overlap, Report, Share, Story
from dedup.model.dates import find_first
from tests.render import samples

SENTENCE = "The old lighthouse will be sold at auction in May, the harbor authority said."
EDITED = "The old lighthouse will be auctioned in June, the harbor authority said on Monday."
EVIL = "</script><img src=x onerror=alert(1)><!-- <b>\u2028\u2029\0\ud800 & 'x' \"y\""


def article(name: str, body: str, day: int | None = 1, **fields: str) -> Article:
    """Return an article on the hour of its day."""
    published = None if day is None else f"2023-01-{day:02}T{day:02}:00"
    return Article(name, body, published=published, **fields)


def shared(a: Article, b: Article, text_a: str = SENTENCE, text_b: str = SENTENCE) -> Overlap:
    """Return an overlap of two articles that hold the texts."""
    places = (a.text.index(text_a), b.text.index(text_b))
    passage = samples.passage(text_a, text_b, places, facts=("replace",))
    return samples.overlap(a.id, b.id, passage, coverage_a=0.84, coverage_b=0.5)


def member(name: str, *taken: Share, **fields: object) -> Member:
    """Return a member that has the story from the first share."""
    source = taken[0].article if taken else None
    origin = Origin(source, None, ("credit",), 0.8) if taken else Origin()
    plain = Member(name, origin, 3600.0 if taken else 0.0, 0.84, taken, None)
    return replace(plain, **fields)  # type: ignore[arg-type]


def story_report() -> Report:
    """Return a story of three articles, and a pair that is in none."""
    wire = article("wire-1", f"Harbor news. {SENTENCE}", outlet="Wire", title="Lighthouse for sale")
    paper = article("paper-1", f"{SENTENCE} It is old.", 2, outlet="Paper", title="To be sold")
    blog = article("blog-1", f"So: {EDITED}", 3, outlet="Blog", url="https://blog.example/1")
    late = article("late-1", f"Much later: {SENTENCE}", None, title="Without a date")
    own = article("own-1", "Nothing of this is anywhere else.", 4, outlet="Wire")
    story = Story(
        "c" * 32,
        (
            member("wire-1"),
            member("paper-1", Share("wire-1", 0.84, 0), credit="Wire"),
            member("blog-1", Share("wire-1", 0.6, 5), Share("paper-1", 0.15, 1)),
        ),
        ("wire-1",),
        Origin("wire-1", None, ("credit",), 0.8, ("paper-1",)),
        "Lighthouse for sale",
    )
    return samples.report(
        *sorted((wire, paper, blog, late, own), key=lambda one: one.id),
        overlaps=(
            shared(blog, wire, EDITED, SENTENCE),
            shared(late, paper),
            shared(paper, wire),
        ),
        stories=(story,),
        boilerplate=(samples.boilerplate("Wire", "Harbor news.", "wire-1"),),
    )


def versions_report() -> Report:
    """Make a report in which one pair is two versions of one page."""
    report = story_report()
    first, *rest = report.overlaps
    return replace(report, overlaps=(replace(first, version=True), *rest))


def noise_report() -> Report:
    """Return the story; the passage of the pair outside of it is furniture."""
    report = story_report()
    furniture = replace(report.overlaps[1].passages[0], role="furniture")
    overlap = replace(report.overlaps[1], passages=(furniture,))
    return replace(report, overlaps=(report.overlaps[0], overlap, report.overlaps[2]))


def hidden_report() -> Report:
    """Return a report whose pair begins with a passage that is furniture."""
    one, two, three = samples.FULL.overlaps
    noise = min(two.passages, key=lambda one: one.b)
    passages = tuple(
        replace(one, role="furniture") if one is noise else one for one in two.passages
    )
    return replace(samples.FULL, overlaps=(one, replace(two, passages=passages), three))


def quotes_report() -> Report:
    """Return a pair with passages of all roles that may hold a quotation."""
    kinds = (("text", True, 12), ("quotation", True, 4), ("quotation", False, 3))
    kinds += (("formula", True, 5), ("text", False, 2))
    parts = [f"part{n} " + "word " * (n_words - 1) for n, (*_, n_words) in enumerate(kinds)]
    text = ". ".join(parts)
    passages = [
        samples.passage(
            part, part, (text.index(part),) * 2, role=role, quote=quote,
            speaker_a="Ann Reed", speaker_b="Ann Reed",
        )
        for part, (role, quote, _) in zip(parts, kinds, strict=True)
    ]  # fmt: skip
    a, b = Article("paper", text), Article("wire", text)
    return samples.report(a, b, overlaps=(samples.overlap("paper", "wire", *passages),))


def long_report() -> Report:
    """Return two articles with a long passage."""
    text = SENTENCE * 60
    a, b = Article("a", text), Article("b", text)
    return samples.report(a, b, overlaps=(shared(a, b, text, text),))


def dated(name: str, published: str | None) -> Article:
    """Return an article of no outlet."""
    return Article(name, SENTENCE, published=published)


def stories_of(groups: Sequence[Sequence[Article]]) -> Report:
    """Return a story for each group of articles, and an overlap of its first two."""
    stories = tuple(
        Story(
            f"{n:032x}",
            tuple(Member(one.id, Origin(), None, 1.0, (), None) for one in group),
            tuple(group[at].id for at in find_first([one.published for one in group])),
            Origin(),
            "A story",
        )
        for n, group in enumerate(groups)
    )
    articles = sorted((one for group in groups for one in group), key=lambda one: one.id)
    overlaps = tuple(sorted((shared(*group[:2]) for group in groups), key=lambda one: one.a))
    return samples.report(*articles, overlaps=overlaps, stories=stories)


def tied_report() -> Report:
    """Return a story of one day: which was first is not known, and two have the same name."""
    fields = [
        ("a", "2004-05-06", "Allen", "In his own words"),
        ("b", "2004-05-06", "Allen", "The statement"),
        ("c", "2004-05-06T14:00", "Baker", "The reply"),
        ("d", "2004-05-06", "Baker", "The reply"),
    ]
    articles = [
        Article(name, SENTENCE, published=day, outlet=outlet, title=title)
        for name, day, outlet, title in fields
    ]
    unknown = Origin()
    either = Origin("a", None, ("link",), 0.5, ("b",))
    members = (
        Member("a", unknown, 0.0, 1.0, (), None),
        Member("b", Origin(), 0.0, 1.0, (), None),
        Member("d", either, 0.0, 1.0, (Share("a", 0.86, 0),), None),
        Member("c", replace(either, confidence=0.7996), 50400.0, 1.0, (Share("b", 0.5, 2),), None),
    )
    story = Story("d" * 32, members, ("a", "b", "c", "d"), unknown, "In his own words")
    overlaps = tuple(
        shared(articles[one], articles[other]) for one in range(4) for other in range(one + 1, 4)
    )
    return samples.report(*articles, overlaps=overlaps, stories=(story,))


def hostile_report() -> Report:
    """Return articles all of whose fields try to become markup or a script."""
    one = article(EVIL, f"{EVIL}\n{SENTENCE}", outlet=EVIL, title=EVIL, url="javascript:alert(1)")
    two = article(f"{EVIL} 2", f"{SENTENCE}{EVIL}", 2, url="https://x.example/\"onload='alert(1)'")
    text = f"{EVIL}\n{SENTENCE}"
    overlap = shared(one, two, text, f"{SENTENCE}{EVIL}")
    passage = replace(overlap.passages[0], quote=True, speaker_a=EVIL, speaker_b=EVIL)
    three = article("__proto__", SENTENCE, 3, outlet="constructor", url="data:text/html,<b>")
    origin = Origin(None, EVIL, ("wire",), 0.9)
    story = Story(EVIL, (member(EVIL), member(f"{EVIL} 2", origin=origin)), (), origin, EVIL)
    return samples.report(
        one,
        two,
        three,
        overlaps=(replace(overlap, passages=(passage,)), shared(two, three)),
        stories=(story,),
        boilerplate=(samples.boilerplate(EVIL, EVIL, EVIL),),
    )


def large_report(n: int) -> Report:
    """Return pairs of articles, each with a sentence of its own, some with a wide character."""
    articles = []
    overlaps = []
    for number in range(n):
        text = f"Number {number} of 😀 many sentences that two articles have in common."
        filler = "Something else is told here, at length. " * 40
        a = article(f"a{number:05}", f"😀 {filler}{text}", outlet=f"Outlet {number % 40}")
        b = article(f"b{number:05}", f"{text} {filler}", 2, outlet=f"Outlet {number % 7}")
        articles += [a, b]
        overlaps.append(shared(a, b, text, text))
    return samples.report(*sorted(articles, key=lambda one: one.id), overlaps=tuple(overlaps))
