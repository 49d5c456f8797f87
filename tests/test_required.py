from __future__ import annotations

import pytest

from tests.required import skip_without


def test_a_missing_browser_skips_unless_it_is_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DEDUP_REQUIRE", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no chromium"):
        skip_without("browser", "no chromium")
    monkeypatch.setenv("DEDUP_REQUIRE", "disk,browser")
    with pytest.raises(pytest.fail.Exception, match="DEDUP_REQUIRE names browser, but no chromium"):
        skip_without("browser", "no chromium")
