"""An adapter without its library says which extra to install."""

from __future__ import annotations

import subprocess
import sys

import pytest

_TRY = """
import sys
sys.modules[{package!r}] = None
import dedup
try:
    import dedup.adapters.{adapter}
except dedup.MissingExtra as error:
    print(error)
"""


@pytest.mark.parametrize("adapter", ["scrapy", "spark"])
def test_adapter_names_its_extra(adapter: str) -> None:
    package = {"scrapy": "scrapy", "spark": "pyspark"}[adapter]
    code = _TRY.format(package=package, adapter=adapter)
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert f"{package} is not installed" in said.stdout
    assert f"dedup-news[{adapter}]" in said.stdout
