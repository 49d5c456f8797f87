"""Pairs from templates: every slot is filled, and only what a kind says differs."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from corpus.templates import load_templates, make_pairs

TEMPLATES = load_templates()


def words_of(text: str) -> Counter[str]:
    return Counter(text.casefold().split())


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: one.name)
def test_the_wording_uses_every_slot(template):
    wording = "\n".join(template.paragraphs)
    assert set(re.findall(r"\{(\w+)\}", wording)) == set(template.slots)


def test_templates_are_short_and_long():
    lengths = [sum(len(one.split()) for one in template.paragraphs) for template in TEMPLATES]
    assert len(TEMPLATES) == 20
    assert min(lengths) < 40
    assert max(lengths) > 600


@pytest.mark.parametrize("seed", range(4))
def test_pairs_are_what_their_kind_says(seed):
    pairs = list(make_pairs(seed))
    assert pairs == list(make_pairs(seed))
    assert not any("{" in pair.a + pair.b for pair in pairs)
    slots = {template.name: len(template.slots) for template in TEMPLATES}
    for pair in pairs:
        a, b = words_of(pair.a), words_of(pair.b)
        changed = min((a - b).total(), (b - a).total())
        assert pair.a != pair.b
        if pair.kind in ("other", "following"):
            assert changed >= slots[pair.template] / 2
        elif pair.relation == "contained":
            assert not a - b
        elif pair.relation == "contains":
            assert not b - a
        elif pair.kind in ("capitals", "reordered"):
            assert a == b
        elif pair.relation == "duplicate":
            assert changed <= 1 + a.total() / 50
