"""News from templates: seeds repeat, slots are filled, and copies say what they copy."""

from __future__ import annotations

from corpus.templated_news import make_news


def test_news_differ_and_copies_hold_their_original():
    news = make_news(500, 3, copied=0.2)
    assert news == make_news(500, 3, copied=0.2)
    assert news != make_news(500, 4, copied=0.2)
    originals = [one.text for one in news if one.copy_of is None]
    assert len(set(originals)) == len(originals)
    assert len({one.template for one in news}) == 18
    copies = [one for one in news if one.copy_of is not None]
    assert 50 < len(copies) < 150
    for one in copies:
        original = news[one.copy_of]
        assert original.copy_of is None
        assert original.text in one.text
        assert "{" not in one.text
