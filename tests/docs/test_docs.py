"""What the pages name exists: paths, links, terms, words of the Makefile, figures."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import dedup
from dedup.blocks import SeedParams
from dedup.params import Params
from dedup.sketches.seed import find_seeds
from dedup.text.tokenize import tokenize
from tools import make_parameters

ROOT = Path(__file__).parents[2]
DESIGN = (ROOT / "docs" / "DESIGN.md").read_text(encoding="utf-8")


def find_pages() -> list[Path]:
    """Return the pages of the project: those of the tree, without hidden folders."""
    pages = [
        path
        for path in ROOT.rglob("*.md")
        if not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
    ]
    return sorted(pages)


PAGES = find_pages()


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
    lines = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").split("\n## ", 1)[1]
    terms = re.findall(r"`([^`]+)`", lines)
    assert len(terms) > 50
    unknown = [term for term in terms if not set(re.findall(r"[A-Za-z_]\w*", term)) <= known]
    assert unknown == []


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


def test_parameters_in_the_design_have_their_values() -> None:
    blocks = Params().to_dict().values()
    values = {name: value for block in blocks for name, value in block.items()}
    told = dict(re.findall(r"`(\w+)` = (\d+)", DESIGN))
    assert told
    assert {name: values[name] for name in told} == {name: int(n) for name, n in told.items()}


@pytest.fixture(scope="module")
def articles() -> dict[str, dedup.Article]:
    lines = (ROOT / "corpus" / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    return {record["id"]: dedup.Article(record["id"], record["text"]) for record in records}


def test_the_example_is_found_as_the_design_says(articles: dict[str, dedup.Article]) -> None:
    span_a, span_b = re.findall(r"`\[(\d+), (\d+)\]`", DESIGN)
    overlap = dedup.compare(articles["armenia-2"], articles["armenia-4"])
    (passage,) = (one for one in overlap.passages if one.b == tuple(map(int, span_b)))
    assert passage.a == tuple(map(int, span_a))
    assert f"The example scores {passage.score:.0f} bits" in DESIGN


def test_the_example_has_the_figures_that_the_design_says(
    articles: dict[str, dedup.Article],
) -> None:
    lines = (ROOT / "corpus" / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    gold = (json.loads(line) for line in lines)
    pair = ("armenia-2", "armenia-4")
    (spans,) = (
        (line["a_span"], line["b_span"])
        for line in gold
        if (line["a"], line["b"]) == pair and line["a_span"][0] == 1144
    )
    texts = [articles[name].text[start:end] for name, (start, end) in zip(pair, spans, strict=True)]
    for text in texts:
        quoted = re.sub(r"\n> ", " ", DESIGN)
        assert text.replace("’", "'") in quoted
    tokens = tokenize(texts)
    assert "Of their {} and {} words".format(*tokens.counts) in DESIGN
    every, sampled = SeedParams(min_bits=0, sample=1), SeedParams()
    first, second = keys_of(tokens, every)
    told = f"have {len(first)} and {len(second)} pair-shingles and share {len(first & second)}"
    assert told in DESIGN
    first, second = keys_of(tokens, sampled)
    told = f"keeps {len(first)} and {len(second)} seeds and shares {len(first & second)} of them"
    assert told in re.sub(r"\s+", " ", DESIGN)
    said = dedup.explain(*texts)
    (bits,) = (step.value for step in said.steps if step.stage == "seeds")
    assert f"their words {bits:.0f} bits of evidence" in DESIGN


def keys_of(tokens: object, params: SeedParams) -> tuple[set[int], set[int]]:
    seeds = find_seeds(tokens, params)
    keys, at = seeds.keys.tolist(), int(seeds.offsets[1])
    return set(keys[:at]), set(keys[at:])


def test_the_corpus_has_as_many_candidates_as_the_design_says(
    articles: dict[str, dedup.Article],
) -> None:
    n_pairs = len(articles) * (len(articles) - 1) // 2
    n_candidates = dedup.find_overlaps(articles.values()).counts["n_candidates"]
    told = f"Of the {n_pairs} pairs of `corpus/articles.jsonl`, {n_candidates} are candidates."
    assert told in DESIGN


def test_copies_make_as_many_overlaps_as_the_design_says(
    articles: dict[str, dedup.Article],
) -> None:
    told = re.findall(r"(\d+)\s+give\s+(\d+)", DESIGN)
    assert len(told) == 4
    text = articles["armenia-1"].text
    for n_copies, n_overlaps in told[:2]:
        copies = [dedup.Article(f"{number:03}", text) for number in range(int(n_copies))]
        assert len(dedup.find_overlaps(copies).overlaps) == int(n_overlaps)


def test_the_page_of_parameters_is_made_of_the_blocks() -> None:
    assert make_parameters.PAGE.read_text(encoding="utf-8") == make_parameters.render()
