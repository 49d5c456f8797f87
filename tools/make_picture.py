"""Make ``docs/report.png``: two articles of ``corpus/`` side by side in the HTML page.

Run it as ``python -m tools.make_picture``, with playwright and chromium, after changes of the page.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

import dedup
from dedup.render.html.page import facts_of, page_parts

ROOT = Path(__file__).parents[1]
PAIR = "births-1/births-2"
SIZE = {"width": 1120, "height": 900}


def main() -> None:
    """Write the picture."""
    report = dedup.find_overlaps(dedup.read(ROOT / "corpus" / "articles.jsonl"))
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        page = Path(folder, "report.html")
        page.write_text("\n".join(page_parts(facts_of(report, dedup.__version__))), "utf-8")
        chromium = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        tab = browser.new_page(viewport=SIZE)  # type: ignore[arg-type]
        tab.goto(f"{page.as_uri()}#/pair/{PAIR}")
        tab.wait_for_selector("mark.current")
        tab.screenshot(path=ROOT / "docs" / "report.png")
        browser.close()


if __name__ == "__main__":
    main()
