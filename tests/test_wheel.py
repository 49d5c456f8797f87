"""What `make wheel` has built: what it holds, and that it runs where there is no compiler."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DIST = ROOT / "dist"
NEEDED = {
    "dedup/_core.pyi",
    "dedup/py.typed",
    "dedup/render/html/page.html.j2",
    "dedup/render/html/page.css",
    "dedup/render/html/main.js",
    "dedup/text/tables/fold.npz",
    "dedup/text/tables/idf.npz",
    "dedup/text/tables/words.npz",
}
COMPILERS = ("c++", "cc", "g++", "gcc", "clang++", "clang")


def find_wheel() -> Path:
    named = os.environ.get("DEDUP_WHEEL")
    found = [Path(named)] if named else sorted(DIST.glob("*.whl"))
    if not found:
        pytest.skip("no wheel: neither DEDUP_WHEEL nor dist/, which make wheel fills")
    return found[-1].resolve()


@pytest.fixture(scope="module")
def wheel() -> Path:
    return find_wheel()


def test_the_wheel_holds_what_runs(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert names >= NEEDED
    assert [name for name in names if re.fullmatch(r"dedup/_core\.[\w.-]*so", name)]
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "dedup").rglob("*.py")}
    assert modules - names == set()


def test_the_wheel_holds_no_source_of_the_core(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    foreign = [name for name in names if name.endswith((".cpp", ".hpp", ".txt.in", ".a", ".o"))]
    assert foreign == []
    assert [name for name in names if not name.startswith(("dedup/", "dedup_news-"))] == []


def test_the_sdist_holds_what_builds() -> None:
    found = sorted(DIST.glob("*.tar.gz"))
    if not found:
        pytest.skip("no source distribution in dist/, which make wheel fills")
    with tarfile.open(found[-1]) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    core = {path.relative_to(ROOT).as_posix() for path in (ROOT / "dedup" / "core").iterdir()}
    assert names >= NEEDED | core | {"CMakeLists.txt", "pyproject.toml", "LICENSE", "README.md"}


def can_install(wheel: Path) -> bool:
    """Tell whether the running Python is one that the wheel is for, judged by its name."""
    python, abi, platform = wheel.stem.split("-")[-3:]
    here = sysconfig.get_platform().rsplit("-", 1)[1]
    least = int(python.removeprefix("cp3"))
    minor = sys.version_info.minor
    return here in platform and (minor >= least if abi == "abi3" else minor == least)


def test_the_wheel_runs_without_a_compiler(wheel: Path, tmp_path: Path) -> None:
    if not can_install(wheel):
        pytest.skip(f"{wheel.name} is for another Python or system")
    environment = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    programs = environment / "bin"
    variables = {
        name: value for name, value in os.environ.items() if name not in ("CC", "CXX", "PYTHONPATH")
    }
    variables["PATH"] = str(programs)
    assert not any((programs / name).exists() for name in COMPILERS)
    install = [programs / "python", "-m", "pip", "install", "--quiet", wheel]
    subprocess.run(install, check=True, env=variables, cwd=tmp_path)
    said = subprocess.run(
        [programs / "dedup", "report", ROOT / "corpus" / "articles.jsonl", "--format", "jsonl"],
        check=True,
        capture_output=True,
        cwd=tmp_path,
        env=variables,
    )
    here = subprocess.run(
        [sys.executable, "-m", "dedup", "report", "corpus/articles.jsonl", "--format", "jsonl"],
        check=True,
        capture_output=True,
        cwd=ROOT,
    )
    # The first line tells of the run: when and on what.
    assert said.stdout.count(b"\n") > 10
    assert said.stdout.splitlines()[1:] == here.stdout.splitlines()[1:]
