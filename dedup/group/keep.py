"""Choose which articles to keep: the best of each set of copies, by a policy.

An article is dropped only if it is itself a copy of a kept article, never for a copy of a copy:
small differences would add up to another text.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from dedup.model.figures import round_fields
from dedup.model.outlets import outlet_key

Policy = Literal["earliest", "longest", "outlet"]
Reason = Literal["duplicate", "similar", "contained", "story"]


class Candidate(NamedTuple):
    """An article to keep or drop."""

    id: str
    published: float
    n_chars: int
    outlet: str | None


class Link(NamedTuple):
    """A pair of articles; one can replace the other. Fields as in an overlap.

    Coverages are None if the articles are not aligned.
    """

    a: str
    b: str
    relation: str
    similarity: float
    jaccard: float
    coverage_a: float | None
    coverage_b: float | None
    capped: bool = False


@dataclass(frozen=True, slots=True)
class DroppedArticle:
    """An article that a filter drops, and why.

    Parameters
    ----------
    id : str
        Id of the article.
    duplicate_of : str
        Id of the kept article.
    reason : {"duplicate", "similar", "contained", "story"}
        Duplicate of the kept article; similar enough for a lower limit that you set; contained in
        it; or of the same story.
    similarity : float or None
        Similarity of the two articles, in [0, 1]: that of :class:`dedup.Overlap`, or the estimated
        Jaccard similarity if only sketches are compared.
    jaccard : float or None
        Estimated Jaccard similarity of their word shingles.
    coverage : float or None
        Coverage of the dropped article.
    story : str or None
        Id of the story.
    number : int
        Position of the article in the input, from 0.
    """

    id: str
    duplicate_of: str
    reason: Reason
    similarity: float | None = None
    jaccard: float | None = None
    coverage: float | None = None
    story: str | None = None
    number: int = -1

    def __post_init__(self) -> None:
        round_fields(self, "similarity", "jaccard", "coverage")

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of the list of dropped articles."""
        return {
            "type": "dropped",
            "id": self.id,
            "duplicate_of": self.duplicate_of,
            "reason": self.reason,
            "story": self.story,
            "similarity": self.similarity,
            "jaccard": self.jaccard,
            "coverage": self.coverage,
        }


class Verdicts(NamedTuple):
    """Result of the choice."""

    dropped: dict[str, DroppedArticle]
    n_unsure: int = 0


def rank(
    articles: Iterable[Candidate], policy: Policy, outlets: Sequence[str] = ()
) -> list[Candidate]:
    """Sort articles by preference, best first."""
    places = {outlet_key(name): at for at, name in reversed(list(enumerate(outlets)))}

    def key(one: Candidate) -> tuple[float, float, int, str]:
        first: float = 0
        if policy == "longest":
            first = -one.n_chars
        elif policy == "outlet":
            first = places.get(outlet_key(one.outlet or ""), len(outlets))
        return first, one.published, -one.n_chars, one.id

    return sorted(articles, key=key)


def drop_copies(
    ranked: Sequence[Candidate],
    links: Iterable[Link],
    compare: Callable[[str, list[str]], Iterable[Link]],
    max_rounds: int,
    old: Collection[str] = (),
) -> Verdicts:
    """Keep one of each set of copies; old articles are kept whatever links them."""
    near = _Neighbors(links)
    inner = {id for id in near.by_id if id not in old and near.is_contained(id)}
    ranked = sorted(ranked, key=lambda one: one.id not in old)
    # Decide a containing article before the contained one.
    order = [one.id for one in ranked if one.id in near.by_id and one.id not in inner]
    order += [one.id for one in sorted(ranked, key=lambda one: -one.n_chars) if one.id in inner]
    verdicts, n_unsure = _Selection(old), 0
    for group in near.group(order):
        n_rounds, late = 0, []
        for at, id in enumerate(group):
            if id in verdicts.dropped:
                continue
            verdicts.keep(id, near.by_id[id])
            if n_rounds == max_rounds:
                late.append(id)
                continue
            rest = [other for other in group[at + 1 :] if other not in verdicts.dropped]
            # The search may have left out a pair if either article is capped.
            is_sure = id not in near.capped
            unknown = [other for other in rest if not is_sure or other in near.capped]
            if unknown:
                n_rounds += 1
                verdicts.keep(id, compare(id, unknown))
        n_unsure += near.count_unsure(late)
    return Verdicts(verdicts.dropped, n_unsure)


class _Selection:
    """Articles kept and dropped so far."""

    def __init__(self, old: Collection[str]) -> None:
        self.kept: set[str] = set(old)
        self.dropped: dict[str, DroppedArticle] = {}

    def keep(self, id: str, links: Iterable[Link]) -> None:
        """Keep an article, and drop undecided articles that it can replace."""
        self.kept.add(id)
        for link in links:
            is_first = link.a == id
            other = link.b if is_first else link.a
            covers = "contains" if is_first else "contained"
            if link.relation in ("duplicate", covers) and not self._is_decided(other):
                reason: Reason = "duplicate" if link.relation == "duplicate" else "contained"
                coverage = link.coverage_b if is_first else link.coverage_a
                figures = link.similarity, link.jaccard
                self.dropped[other] = DroppedArticle(other, id, reason, *figures, coverage)

    def _is_decided(self, id: str) -> bool:
        return id in self.kept or id in self.dropped


class _Neighbors:
    """Links by article."""

    def __init__(self, links: Iterable[Link]) -> None:
        self.by_id: dict[str, list[Link]] = {}
        self.capped: set[str] = set()
        for link in links:
            self.by_id.setdefault(link.a, []).append(link)
            self.by_id.setdefault(link.b, []).append(link)
            if link.capped:
                self.capped |= {link.a, link.b}

    def is_contained(self, id: str) -> bool:
        inner = {"contains": 1, "contained": 0}
        return any(
            link.relation in inner and link[inner[link.relation]] == id for link in self.by_id[id]
        )

    def count_unsure(self, kept: Sequence[str]) -> int:
        """Count the articles if the search may have left out pairs of them, else 0."""
        n_capped = sum(id in self.capped for id in kept)
        return len(kept) if n_capped and len(kept) > 1 else 0

    def group(self, order: Sequence[str]) -> list[list[str]]:
        """Return connected groups of articles, in the order given."""
        group_of: dict[str, int] = {}
        for id in order:
            if id in group_of:
                continue
            number, waiting = len(group_of), [id]
            while waiting:
                one = waiting.pop()
                if one not in group_of:
                    group_of[one] = number
                    waiting += [end for link in self.by_id[one] for end in link[:2]]
        groups: dict[int, list[str]] = {}
        for id in order:
            groups.setdefault(group_of[id], []).append(id)
        return list(groups.values())


def drop_retold(
    ranked: Sequence[Candidate], stories: Mapping[str, Sequence[str]]
) -> dict[str, DroppedArticle]:
    """Keep one article of each story."""
    of_article: dict[str, list[str]] = {}
    for story, members in stories.items():
        for id in members:
            of_article.setdefault(id, []).append(story)
    kept: dict[str, str] = {}
    dropped: dict[str, DroppedArticle] = {}
    for one in ranked:
        told = of_article.get(one.id, [])
        if told and all(story in kept for story in told):
            dropped[one.id] = DroppedArticle(one.id, kept[told[0]], "story", story=told[0])
        else:
            kept |= {story: one.id for story in told if story not in kept}
    return dropped
