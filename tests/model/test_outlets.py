"""Which names and hosts are one outlet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.model.outlets import (
    agencies,
    find_agencies,
    find_host,
    fold_name,
    merge_outlets,
    name_host,
    outlet_key,
    split_names,
    unwrap_archive,
)
from tests.strategies import law

SAME = [
    ("AP", "The Associated Press", "Associated Press", "apnews.com", "https://hosted.ap.org/x"),
    ("CBS News", "CBSNews", "CBSPolitics", "www.cbsnews.com", "m.cbsnews.com"),
    ("dpa", "DPA", "Deutsche Presse-Agentur", "dpa.de"),
    ("TASS", "ТАСС", "tass.com", "塔斯社"),
    ("Xinhua", "新华社", "新華社"),
    ("The Halden Courier", "halden courier", "HALDEN-COURIER"),
    ("gazette.example", "www.gazette.example", "http://amp.gazette.example/a", "m.gazette.example"),
    ("http://web.archive.org/web/20161201143805/http://gazette.example/a", "gazette.example"),
]
DIFFERENT = ["AP", "APA", "AFP", "AAP", "ANP", "PAP", "CBS News", "NBC News", "CNBC", "CNN", "dpa",
             "guardian.ng", "The Guardian", "one.senate.gov", "other.senate.gov", "a.wordpress.com",
             "b.wordpress.com", "Politico", "Politico Europe", "gazette.example"]  # fmt: skip


@pytest.mark.parametrize("names", SAME)
def test_names_of_one_outlet_have_one_key(names: tuple[str, ...]) -> None:
    assert len({outlet_key(name) for name in names}) == 1
    assert len(set(merge_outlets(names).values())) == 1


def test_names_of_different_outlets_have_different_keys() -> None:
    assert len({outlet_key(name) for name in DIFFERENT}) == len(DIFFERENT)
    assert merge_outlets(DIFFERENT) == {name: name for name in DIFFERENT}


def test_no_name_of_the_table_belongs_to_two_agencies() -> None:
    keys = [{fold_name(name) for name in one.names} for one in agencies()]
    assert [sorted(own) for own in keys if len(own) > 1] == []
    assert len(set.union(*keys)) == len(keys)


def test_names_are_folded_to_what_others_write() -> None:
    assert fold_name("The Halden Courier") == fold_name("haldencourier.com") == "haldencourier"
    assert fold_name("https://www.Halden-Courier.co.uk/x") == "haldencourier"
    assert fold_name("haldencourier.wordpress.com") == "haldencourier"
    assert fold_name("The") == "the"


@pytest.mark.parametrize(
    ("url", "original"),
    [
        ("http://web.archive.org/web/20161201143805/http://a.example/x", "http://a.example/x"),
        ("https://web.archive.org/web/2016id_/https://a.example/x", "https://a.example/x"),
        ("https://web.archive.org/web/2016/a.example/x", "http://a.example/x"),
        ("https://wayback.archive-it.org/1/20161201/http:/a.example/x", "http://a.example/x"),
        ("https://arquivo.pt/wayback/20161201143805/http://a.example/x", "http://a.example/x"),
        ("https://archive.is/o/AbC/https://a.example/x", "https://a.example/x"),
        ("http://a.example/2016/12/01/x.html", "http://a.example/2016/12/01/x.html"),
        ("http://a.example/2016/b.example", "http://a.example/2016/b.example"),
        ("no address", "no address"),
    ],
)
def test_an_archived_address_is_the_original(url: str, original: str) -> None:
    assert unwrap_archive(url) == original
    assert find_host(url) == ("a.example" if "a.example" in url else None)


def test_a_known_host_has_a_name_and_an_unknown_one_is_plain() -> None:
    assert name_host("edition.cnn.com") == "CNN"
    assert name_host("https://www.gazette.example/a") == "gazette.example"
    assert name_host("The Gazette") == "The Gazette"


def test_of_several_names_that_of_the_table_is_used_else_the_usual_one() -> None:
    merged = merge_outlets(["CBSNews", "CBSPolitics", "CBSNews", None])
    assert merged == {"CBSNews": "CBS News", "CBSPolitics": "CBS News"}
    assert merge_outlets(["CBSPolitics"]) == {"CBSPolitics": "CBSPolitics"}
    usual = merge_outlets(["The Gazette", "GAZETTE", "GAZETTE"])
    assert usual == {"The Gazette": "GAZETTE", "GAZETTE": "GAZETTE"}


def test_given_names_replace_table_and_rule() -> None:
    given = {"CBSPolitics": "CBSPolitics", "Evening Star": "The Star", "AP": "Wire"}
    merged = merge_outlets(["CBSNews", "CBSPolitics", "Evening Star", "AP", "apnews.com"], given)
    assert merged == {
        "CBSNews": "CBSNews", "CBSPolitics": "CBSPolitics", "Evening Star": "The Star",
        "AP": "Wire", "apnews.com": "apnews.com",
    }  # fmt: skip


def test_joined_names_are_split_if_one_is_known() -> None:
    assert split_names("CBS/AP") == ["CBS", "AP"]
    assert split_names("AP and Reuters") == ["AP", "Reuters"]
    assert split_names("RFE/RL") == ["RFE/RL"]
    assert split_names("Smith & Sons") == ["Smith & Sons"]


@pytest.mark.parametrize(
    ("byline", "found"),
    [
        ("CBS/AP", ["Associated Press"]),
        ("By JO SMITH, Associated Press", ["Associated Press"]),
        ("By jo smith, ap economics writer", ["Associated Press"]),
        ("By ASSOCIATED PRESS", ["Associated Press"]),
        ("THE ASSOCIATED PRESS", ["Associated Press"]),
        ("By The Associated Press and Reuters", ["Associated Press", "Reuters"]),
        ("(Reuters)", ["Reuters"]),
        ("Von Jo Smith, dpa", ["dpa"]),
        ("Jo Smith; Al Roe for AFP", ["Agence France-Presse"]),
        ("Jo Smith", []),
        ("Al Reuters", []),
        ("Jo Smith covers agencies like Reuters", []),
        ("", []),
    ],
)
def test_agencies_are_found_in_a_byline(byline: str, found: list[str]) -> None:
    assert find_agencies(byline) == found


@law()
@given(st.lists(st.text(max_size=30)), st.dictionaries(st.text(max_size=5), st.text(max_size=5)))
def test_any_names_are_merged_in_any_order(names: list[str], given: dict[str, str]) -> None:
    merged = merge_outlets(names, given)
    assert merged == merge_outlets(names[::-1], given)
    assert merged.keys() == set(names)
    assert all(merged[name] == given[name] for name in merged.keys() & given.keys())
