"""What the pages name exists: paths, links, terms, words of the Makefile, figures."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from dedup.params import Params
from dedup.readers import FORMATS
from tools.make_site import find_sources

ROOT = Path(__file__).parents[2]
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
DESIGN = (ROOT / "docs" / "DESIGN.md").read_text(encoding="utf-8")


PAGES = [path for path in find_sources() if path.suffix == ".md"]


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def without_code(text: str) -> str:
    return re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)


def tree_of(text: str) -> list[str]:
    """Return the paths of the indented tree; a line is a path and what it is for."""
    block = re.search(r"^## Tree\n+```\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    assert block is not None
    paths: list[str] = []
    parents: list[str] = []
    for line in block[1].splitlines():
        depth = (len(line) - len(line.lstrip())) // 2
        name, purpose = line.split(maxsplit=1)
        assert purpose, f"{name} has no purpose"
        parents[depth:] = [name]
        paths.append("".join(parents))
    return paths


def test_the_tree_names_what_is_there() -> None:
    missing = [path for path in tree_of(DESIGN) if not (ROOT / path).exists()]
    assert missing == []


def test_the_tree_names_every_folder() -> None:
    folders = {path.parent.relative_to(ROOT).as_posix() for path in (ROOT / "dedup").rglob("*.py")}
    top = {f"{folder}/" for folder in folders if folder.count("/") == 1}
    assert top - set(tree_of(DESIGN)) == set()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_paths_in_code_type_exist(page: Path) -> None:
    named = re.findall(
        r"`((?:dedup|docs|tests|bench|corpus)/[\w./-]*)`", page.read_text(encoding="utf-8")
    )
    missing = [path for path in named if not (ROOT / path).exists()]
    # CONTRIBUTING says NAME where a name is to be chosen.
    assert [path for path in missing if "NAME" not in path] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_resolve(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", without_code(page.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, fragment = target.partition("#")
        found = (page.parent / path).resolve() if path else page
        assert found.exists(), f"{name_of(page)} links to {target}"
        if fragment:
            assert fragment in anchors_of(found), f"{name_of(page)} links to {target}"


def anchors_of(page: Path) -> set[str]:
    """Return the anchors of headings, as GitHub makes them."""
    heads = re.findall(r"^#+ (.+)$", without_code(page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def test_terms_of_the_glossary_exist_in_the_code() -> None:
    files = [path for kind in ("py", "cpp", "hpp") for path in (ROOT / "dedup").rglob(f"*.{kind}")]
    sources = [path.read_text(encoding="utf-8") for path in files]
    known = set(re.findall(r"\w+", "\n".join(sources)))
    text = GLOSSARY.split("\n## ", 1)[1]
    unknown = [
        term
        for term in re.findall(r"`([^`]+)`", text)
        if not set(re.findall(r"[A-Za-z_]\w*", term)) <= known
    ]
    assert unknown == []


def test_the_glossary_has_few_terms_and_each_once() -> None:
    terms = re.findall(r"\*\*([^*]+)\*\*", GLOSSARY)
    assert len(terms) == len(set(terms)) <= 60


def test_the_site_lists_every_page_of_the_documentation() -> None:
    site = tomllib.loads((ROOT / "zensical.toml").read_text(encoding="utf-8"))["project"]
    listed = set(_leaves(site["nav"]))
    pages = {name_of(page) for page in PAGES}
    assert listed <= pages
    assert {name for name in pages if re.match(r"docs/(?!decisions/\d)", name)} <= listed


def _leaves(nav: object) -> Iterator[str]:
    if isinstance(nav, str):
        yield nav
    for part in nav.values() if isinstance(nav, dict) else nav if isinstance(nav, list) else ():
        yield from _leaves(part)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_words_of_the_makefile_exist(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    text = page.read_text(encoding="utf-8")
    assert set(re.findall(r"(?:`|\$ )make ([a-z]+)", text)) <= targets


def test_contributing_tells_every_word_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    told = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert targets == set(re.findall(r"^\| `make ([a-z]+)`", told, re.MULTILINE))


def test_the_page_on_input_has_every_format() -> None:
    page = (ROOT / "docs" / "input.md").read_text(encoding="utf-8")
    assert [suffix for suffix in FORMATS if f"`{suffix}`" not in page] == []


def test_parameters_in_the_design_have_their_values() -> None:
    blocks = Params().to_dict().values()
    values = {name: value for block in blocks for name, value in block.items()}
    told = dict(re.findall(r"`(\w+)` = (\d+(?:\.\d+)?)", DESIGN))
    assert told
    assert {name: values[name] for name in told} == {name: float(n) for name, n in told.items()}
