from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import tests.strategies  # noqa: F401 - loads the profile of every law
from tests.chosen_core import choose_core

choose_core()
# In the background of a shell, or under nohup, all processes of the tests would ignore these.
for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
    if signal.getsignal(number) is signal.SIG_IGN:
        is_interrupt = number == signal.SIGINT
        signal.signal(number, signal.default_int_handler if is_interrupt else signal.SIG_DFL)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write golden files anew; read the diff"
    )


@pytest.fixture(scope="session", autouse=True)
def _record_seeds() -> Iterator[None]:
    """Keep what tests ask of the doors of the core, as seeds of the fuzzer, if that is wanted."""
    path = os.environ.get("DEDUP_FUZZ_SEEDS")
    if not path:
        yield
        return
    from tests.fuzz.seeds import record

    with record(Path(path)):
        yield


@pytest.fixture
def check_golden(request: pytest.FixtureRequest) -> Callable[[str, bytes], None]:
    """Compare bytes with a file of the folder `golden` beside the test."""

    def check(name: str, got: bytes) -> None:
        path = Path(request.path).parent / "golden" / name
        if request.config.getoption("--update-golden"):
            path.write_bytes(got)
        assert got == path.read_bytes(), f"{path.name} differs; --update-golden accepts it"

    return check
