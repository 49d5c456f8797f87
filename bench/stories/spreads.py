"""Synthetic stories with known spread: which outlet copied from which.

Some stories are reports of `corpus/topics.json`, where four describe one event independently and
are hardest to separate. The others are synthesized. Even seeds (train) and odd seeds (test) use
different events. All names are invented.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from math import exp, log
from random import Random

import xxhash

from corpus.edits import edit, reword
from corpus.synthesize import generate
from corpus.topics import load_events
from dedup.model.article import Article

START = datetime(2024, 3, 1, tzinfo=UTC)
AGENCIES = ("Interpress", "Northern Wire", "Meridian Wire", "Landesdienst", "Agence Lémane")
PAPERS = ("Courier", "Ledger", "Gazette", "Tribune", "Post", "Chronicle", "Sentinel", "Echo")
PLACES = (
    "Halden", "Tarn", "Kelmar", "Orsk", "Valmara", "Brennick", "Upper Kessel", "Dunmore",
    "Lachlan", "Santerra", "Oakley", "Vesper", "Ilmen", "Corvo", "Pell", "Arden",
)  # fmt: skip

# How a story spreads. Cagé, Hervé and Viaud (2017) found that a quarter of the stories of French
# online news are picked up within four minutes, that copies seldom give credit, and that a third of
# the content is original. No finer figures are known to us: these are assumptions.
N_SYNTHESIZED = 60
MEAN_COPIES = 4.0  # geometric, so that a few stories are carried widely
FROM_COPY = 0.4  # copies made of a copy rather than of the first
IS_WIRE = 0.4  # stories that an agency wrote
IS_ABSENT = 0.3  # agency stories of which the agency's own article is not there
LAG_MINUTES, LAG_SPREAD = 25.0, 1.8  # median and deviation, log-normal
HAS_CREDIT, HAS_LINK, HAS_FALSE_CREDIT = 0.15, 0.05, 0.02
HAS_DATELINE = 0.25  # copies of an agency that name it, its own article among them
NO_DATE, DATE_ONLY = 0.12, 0.12  # of outlets
NOISY_CLOCK, CLOCK_MINUTES = 0.25, 20.0  # outlets whose clock is off, and by how much
IS_UPDATED, UPDATE_HOURS = 0.1, 12.0  # articles dated anew, at most so much later
KINDS = ("substitute", "insert", "delete", "swap")


@dataclass(frozen=True, slots=True)
class Habits:
    """How often outlets give credit, and how exact their dates are.

    `crediting` multiplies the assumed rate. All others are shares: `updated` of articles, the rest
    of outlets.
    """

    crediting: float = 1.0
    noisy: float = NOISY_CLOCK
    updated: float = IS_UPDATED
    undated: float = NO_DATE
    day_only: float = DATE_ONLY

    @classmethod
    def draw(cls, seed: int) -> Habits:
        """Draw habits for a seed: zero to three in five copies credit; clocks and dates vary.

        The real rates are unknown and vary, so a fit on one rate would be wrong for others.
        """
        rng = Random(f"habits {seed}")
        crediting = rng.choice((0.0, 3 * rng.random(), 3 * rng.random()))
        return cls(crediting, *(most * rng.random() for most in (0.6, 0.2, 0.6, 0.25)))


USUAL = Habits()


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet, its precision of dates and its clock error."""

    name: str
    host: str
    precision: str  # "minute", "day", "none"
    offset: float  # minutes


@dataclass(slots=True)
class Spreads:
    """Articles with their truth.

    `stories` lists the stories of each article; `parents` the source of each (article, story), None
    for the first; `origins` the id of each story's first article or, if absent, the agency.
    """

    articles: list[Article] = field(default_factory=list)
    stories: dict[str, set[str]] = field(default_factory=dict)
    parents: dict[tuple[str, str], str | None] = field(default_factory=dict)
    origins: dict[str, tuple[str | None, str | None]] = field(default_factory=dict)

    def is_ancestor(self, one: str, other: str, story: str) -> bool:
        """Return whether `other` has the story from `one`, directly or not."""
        at = self.parents.get((other, story))
        while at is not None:
            if at == one:
                return True
            at = self.parents.get((at, story))
        return False


@dataclass(slots=True)
class _StoryDraft:
    id: str
    paragraphs: list[str]
    outlet: Outlet
    when: datetime
    url: str


def spread(seed: int, scale: float = 1.0, habits: Habits = USUAL) -> Spreads:
    """Generate stories and how they spread.

    Parameters
    ----------
    seed : int
        Equal seeds give equal articles; even ones are for fitting, odd ones for measuring.
    scale : float
        Number of stories; 1 gives about 80 stories and 450 articles.
    habits : Habits
        Habits of the outlets.

    Returns
    -------
    Spreads
        Articles in the order drawn.
    """
    return _Press(seed, habits).run(scale)


class _Press:
    """Writes all articles of one seed."""

    def __init__(self, seed: int, habits: Habits) -> None:
        self.rng = Random(f"spreads {seed}")
        self.seed, self.habits = seed, habits
        self.out = Spreads()
        self.outlets = [self._outlet(f"{place} {paper}") for place in PLACES for paper in PAPERS]
        self.agencies = [self._outlet(name) for name in AGENCIES]
        self.firsts: list[tuple[str, _StoryDraft]] = []
        # Sentences that outlets add; each is used once.
        self.own = self._own_paragraphs()

    def run(self, scale: float) -> Spreads:
        events = [event for n, event in enumerate(load_events()) if n % 2 == self.seed % 2]
        for event in events:
            added = [[one.printed] for one in event.sentences]
            for n, text in enumerate(event.texts):
                paragraphs = text.split("\n\n")
                if self._is(0.6):  # a quote shared by several is no story
                    paragraphs.append(added[int(self._draw() * len(added))][0])
                self._tell(f"{event.name}-{n}", paragraphs)
        synthesized = generate(1000 + self.seed, plant_rate=0.4)
        for record, _ in islice(synthesized, int(N_SYNTHESIZED * scale)):
            self._tell(record["id"], record["text"].split("\n\n"))
        for n in range(int(12 * scale)):
            self._round_up(n)
        for n in range(int(40 * scale)):
            self._lift(n)
        return self.out

    def _own_paragraphs(self) -> list[str]:
        """Return paragraphs of articles outside all collections."""
        records = islice(generate(5000 + self.seed, plant_rate=0.0), 400)
        return [p for record, _ in records for p in record["text"].split("\n\n")]

    def _draw(self) -> float:
        return self.rng.random()

    def _is(self, probability: float) -> bool:
        return self.rng.random() < probability

    def _outlet(self, name: str) -> Outlet:
        chance = self._draw()
        undated, day_only = self.habits.undated, self.habits.day_only
        precision = "none" if chance < undated else "minute"
        precision = "day" if undated <= chance < undated + day_only else precision
        offset = self.rng.gauss(0, CLOCK_MINUTES) if self._is(self.habits.noisy) else 0.0
        host = name.lower().replace(" ", "").replace("é", "e") + ".example"
        return Outlet(name, host, precision, offset)

    def _tell(self, story: str, paragraphs: list[str]) -> None:
        """Write a story and its copies."""
        is_wire = self._is(IS_WIRE)
        house = self.agencies if is_wire else self.outlets
        outlet = house[int(self._draw() * len(house))]
        when = START + timedelta(days=20 * self._draw())
        first = self._draft(f"{story}.0", list(paragraphs), outlet, when)
        is_absent = is_wire and self._is(IS_ABSENT)
        n_copies = int(log(1 - self._draw()) / log(1 - 1 / (MEAN_COPIES + 1)))
        n_copies = max(n_copies, 2) if is_absent else n_copies
        tellers, agency = [first], outlet.name if is_wire else None
        self.out.origins[story] = (None if is_absent else first.id, agency)
        for n in range(n_copies):
            parent = tellers[int(self._draw() * len(tellers))] if self._is(FROM_COPY) else first
            tellers.append(self._copy(f"{story}.{n + 1}", parent))
            is_first = parent is first and is_absent
            self.out.parents[tellers[-1].id, story] = None if is_first else parent.id
            self._publish(tellers[-1], story, parent, agency)
        if not is_absent:
            self.out.parents[first.id, story] = None
            self._publish(first, story, None, agency)
            self.firsts.append((story, first))

    def _draft(self, id: str, paragraphs: list[str], outlet: Outlet, when: datetime) -> _StoryDraft:
        url = f"https://{outlet.host}/{when:%Y/%m/%d}/{abs(hash_of(id)) % 10**6}"
        # A random id, because ids order articles with tied dates.
        name = xxhash.xxh3_64_hexdigest(f"{self.seed}-{id}".encode())
        return _StoryDraft(name, paragraphs, outlet, when, url)

    def _copy(self, id: str, parent: _StoryDraft) -> _StoryDraft:
        """Edit as an outlet does: cut the end, change words, add sentences."""
        kept = list(parent.paragraphs)
        if self._is(0.4):
            n = max(2, round(len(kept) * (0.35 + 0.6 * self._draw())))
            kept = kept[:n]
        if self._is(0.2) and len(kept) > 3:
            kept.pop(1 + int(self._draw() * (len(kept) - 1)))
        chance, fraction = self._draw(), 0.0
        if chance > 0.35:
            fraction = 0.03 + 0.09 * self._draw() if chance < 0.8 else 0.12 + 0.33 * self._draw()
        if fraction:
            kept = [self._edit(paragraph, fraction) for paragraph in kept]
        n_own = int(self._draw() * 0.9 * len(kept)) if self._is(0.45) else 0
        for _ in range(n_own):
            kept.insert(1 + int(self._draw() * len(kept)), self.own.pop())
        lag = LAG_MINUTES * exp(LAG_SPREAD * self.rng.gauss(0, 1))
        when = parent.when + timedelta(minutes=min(lag, 3 * 24 * 60))
        return self._draft(id, kept, self.outlets[int(self._draw() * len(self.outlets))], when)

    def _edit(self, paragraph: str, fraction: float) -> str:
        if self._is(0.3):
            return reword(paragraph, fraction, self.rng)
        return edit(paragraph, KINDS[int(self._draw() * len(KINDS))], fraction, self.rng)

    def _publish(
        self, draft: _StoryDraft, story: str | None, parent: _StoryDraft | None, agency: str | None
    ) -> None:
        text = "\n\n".join(self._with_credits(draft, parent, agency))
        outlet = draft.outlet
        article = Article(
            draft.id, text, outlet.name, self._date(draft), draft.url, draft.paragraphs[0][:50]
        )
        self.out.articles.append(article)
        self.out.stories.setdefault(draft.id, set())
        if story is not None:
            self.out.stories[draft.id].add(story)

    def _date(self, draft: _StoryDraft) -> str | None:
        when = draft.when + timedelta(minutes=draft.outlet.offset)
        if self._is(self.habits.updated):
            when += timedelta(hours=UPDATE_HOURS * self._draw())
        precision = draft.outlet.precision
        if precision == "none":
            return None
        return f"{when:%Y-%m-%d}" if precision == "day" else when.isoformat(timespec="seconds")

    def _with_credits(
        self, draft: _StoryDraft, parent: _StoryDraft | None, agency: str | None
    ) -> list[str]:
        paragraphs = list(draft.paragraphs)
        if agency and self._is(HAS_DATELINE * self.habits.crediting):
            place = PLACES[int(self._draw() * len(PLACES))].upper()
            paragraphs[0] = f"{place} ({agency}) — {paragraphs[0]}"
        if parent and self._is(HAS_LINK * self.habits.crediting):
            paragraphs.append(f"{self._lead()} {parent.url}")
        elif parent and self._is(HAS_CREDIT * self.habits.crediting):
            paragraphs.append(f"{self._lead()} {parent.outlet.name}")
        elif self._is(HAS_FALSE_CREDIT):
            other = self.outlets[int(self._draw() * len(self.outlets))]
            paragraphs.append(f"{self._lead()} {other.name}")
        return paragraphs

    def _lead(self) -> str:
        leads = ("Source:", "Read the original article on", "This article first appeared on")
        return leads[int(self._draw() * len(leads))]

    def _round_up(self, number: int) -> None:
        """Write a roundup that contains two or three stories nearly whole."""
        chosen = self.rng.sample(self.firsts, 2 + self._is(0.3))
        paragraphs: list[str] = []
        for _, first in chosen:
            n = max(2, round(len(first.paragraphs) * (0.7 + 0.3 * self._draw())))
            paragraphs += first.paragraphs[:n]
        when = max(first.when for _, first in chosen) + timedelta(hours=1 + 20 * self._draw())
        outlet = self.outlets[int(self._draw() * len(self.outlets))]
        draft = self._draft(f"roundup.{number}", paragraphs, outlet, when)
        for story, first in chosen:
            self.out.parents[draft.id, story] = first.id
            self.out.stories.setdefault(draft.id, set()).add(story)
        self._publish(draft, None, None, None)

    def _lift(self, number: int) -> None:
        """Write an independent article with up to three paragraphs of a story."""
        _, first = self.firsts[int(self._draw() * len(self.firsts))]
        n_own = 3 + int(6 * self._draw())
        paragraphs = [self.own.pop() for _ in range(n_own)]
        for _ in range(1 + int(3 * self._draw())):
            at = int(self._draw() * len(first.paragraphs))
            paragraphs.insert(1, self._edit(first.paragraphs[at], 0.1 * self._draw()))
        outlet = self.outlets[int(self._draw() * len(self.outlets))]
        when = first.when + timedelta(hours=30 * self._draw())
        self._publish(self._draft(f"lift.{number}", paragraphs, outlet, when), None, None, None)


def hash_of(name: str) -> int:
    """Return a number that is the same in every process."""
    return sum((place + 1) * ord(char) for place, char in enumerate(name))
