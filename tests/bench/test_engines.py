"""Every engine answers to one protocol, and one that is wrong is given no time."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from bench import answers
from bench.answers import compare_rmse, formula, judge
from bench.cases import Case, Engine, find_version, list_cases, load_engine, read_definitions
from bench.engines import naive
from bench.measure import Measurement, measure, measure_peak
from bench.shingles import shingle
from bench.texts import make_pairs

CASES = [case for case in list_cases() if case.threads == 1]
NAMES = sorted(path.stem for path in Path(naive.__file__).parent.glob("*.py"))
SKETCH = next(case for case in CASES if case.definition.name == "sketch")


def installed(name: str) -> Engine:
    engine = load_engine(name)
    if find_version(engine) is None:
        pytest.skip(f"{engine.PACKAGE} is not installed")
    return engine


@pytest.mark.parametrize("name", NAMES)
def test_an_engine_loads_and_has_every_part_of_the_protocol(name: str) -> None:
    engine = load_engine(name)
    assert engine.PACKAGE
    assert engine.THREADS in ("", "argument", "RAYON_NUM_THREADS")
    assert engine.describe()
    for function in ("prepare", "run", "answer"):
        expected = list(inspect.signature(getattr(Engine, function)).parameters)[1:]
        assert list(inspect.signature(getattr(engine, function)).parameters) == expected


def test_definitions_name_every_engine_and_no_other() -> None:
    named = {engine for one in read_definitions() for engine in one.engines}
    assert sorted(named) == NAMES


@pytest.mark.parametrize("case", CASES, ids=str)
def test_an_engine_answers(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = installed(case.engine)
    if case.engine == "naive":  # which would take ten seconds
        monkeypatch.setattr(answers, "N_PAIRS", {10: 100, 50: 50, 300: 40, 1000: 4})
    answer = judge(engine, case)
    assert (answer.fault != "") == (case.engine in case.definition.apart), answer


@pytest.mark.parametrize("given", ["raw", "tokens"])
def test_the_naive_engine_estimates(given: str) -> None:
    pairs = make_pairs(50, 40)
    texts = [pair.a for pair in pairs] + [pair.b for pair in pairs]
    rows = naive.answer(naive.run(naive.prepare(texts, given), "sketch", 1), "sketch")
    assert compare_rmse(rows, pairs, 128) < 1.4


@pytest.mark.parametrize("name", ["datasketch", "rensa", "rensa_rho"])
def test_texts_and_tokens_give_one_answer(name: str) -> None:
    engine = installed(name)
    texts = [pair.a for pair in make_pairs(50, 4)]
    found = [
        engine.answer(engine.run(engine.prepare(texts, given), "sketch", 1), "sketch")
        for given in ("raw", "tokens")
    ]
    np.testing.assert_array_equal(found[0], found[1])


def test_agreement_of_rows_is_what_the_peers_estimate() -> None:
    texts = [make_pairs(50, 1)[0].a, make_pairs(50, 1)[0].b]
    engine = installed("datasketch")
    a, b = sketches = engine.run(texts, "sketch", 1)
    rows = engine.answer(sketches, "sketch")
    assert a.jaccard(b) == (rows[0] == rows[1]).mean()
    engine = installed("rensa")
    from rensa import RMinHash

    a, b = RMinHash.from_token_sets([shingle(text) for text in texts], 128, 42)
    rows = engine.answer(engine.run(texts, "sketch", 1), "sketch")
    assert a.jaccard(b) == pytest.approx((rows[0] == rows[1]).mean())


def test_the_formula_of_bands() -> None:
    pairs = [pair._replace(jaccard=jaccard) for pair in make_pairs(10, 1) for jaccard in (0.0, 1.0)]
    assert formula(pairs) == 0.5


def fake(answer: Callable[[list[str], str], Any], package: str = "numpy") -> Engine:
    parts: dict[str, Any] = {
        "PACKAGE": package,
        "THREADS": "",
        "describe": lambda: "a fake",
        "prepare": lambda texts, given: list(texts),
        "run": lambda prepared, task, threads: prepared,
        "answer": answer,
    }
    return cast(Engine, SimpleNamespace(**parts))


def measured(engine: Engine, case: Case = SKETCH) -> Measurement:
    def timed(call: Callable[[], Any], rounds: int) -> Sequence[float]:
        call()
        return [0.5] * rounds

    return measure(case, engine, lambda n: ["One text of five words."] * min(n, 3), timed)


def ones(texts: list[str], task: str) -> Any:
    return np.ones((len(texts), 128))


def noise(texts: list[str], task: str) -> Any:
    return np.random.default_rng(0).random((len(texts), 128))


def too_few_slots(texts: list[str], task: str) -> Any:
    return np.ones((len(texts), 64))


@pytest.mark.parametrize("answer", [ones, noise, too_few_slots])
def test_a_wrong_engine_is_given_no_time(answer: Callable[[list[str], str], Any]) -> None:
    found = measured(fake(answer))
    assert found.fault.startswith("wrong answer: RMSE")
    assert found.seconds == ()
    assert found.rate is found.best_rate is found.spread is None


def test_an_engine_apart_has_its_time_beside_its_fault() -> None:
    apart = replace(SKETCH, engine="rensa_rho")
    found = measured(fake(noise), apart)
    assert found.fault
    assert found.seconds


def test_an_index_that_finds_nothing_is_wrong() -> None:
    (case,) = (case for case in CASES if str(case) == "index-ours-1")
    found = measured(fake(lambda texts, task: set()), case)
    assert found.fault.startswith("wrong answer: recall 0.00")


def test_an_engine_that_is_not_installed_says_so() -> None:
    found = measured(fake(ones, package="no-such-package"))
    assert (found.version, found.fault) == ("", "no-such-package is not installed")


def test_ours_is_measured() -> None:
    found = measured(load_engine("ours"))
    assert found.fault == ""
    assert found.n_articles == 3
    assert found.megabytes == pytest.approx(3 * 23e-6)
    assert found.rate == found.best_rate == pytest.approx(found.megabytes / 0.5)
    assert found.spread == 0


def test_peak_memory_is_that_of_the_call() -> None:
    def call() -> None:
        np.ones(20_000_000, np.uint8)

    assert 15 < measure_peak(call) < 60
