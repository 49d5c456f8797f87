"""Write ``docs/bad-inputs.md`` from the tests' table of bad inputs.

Run it after a change to that table or to a message::

    python -m tools.make_bad_inputs
"""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path

import dedup
from tests.readers.bad_inputs import BAD_INPUTS, MAX_TEXT, BadInput

PAGE = Path(__file__).parents[1] / "docs" / "bad-inputs.md"
_HEAD = f"""<!-- Made by tools/make_bad_inputs.py; do not edit. -->

# Bad inputs

Each file has a fault. dedup names it and reads the other records. Tests read these files with a
limit of {MAX_TEXT:,} bytes a text (`--max-text`). [SECURITY.md](../SECURITY.md) says what is
guaranteed.

| fault | file | articles read | message |
|---|---|--:|---|
"""


def make_page() -> str:
    """Return the page."""
    return _HEAD + "".join(map(_row, BAD_INPUTS))


def _row(one: BadInput) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, one.name)
        path.write_bytes(one.make())
        reading = dedup.read(path, max_text=MAX_TEXT)
        n_read = sum(1 for _ in reading)
        (fault,) = reading.skipped
    place = one.name if fault.line is None else f"{one.name}:{fault.line}"
    said = f"skipped {place}: {fault.reason}".replace("|", "\\|").replace(folder, "")
    return f"| {one.what} | `{one.name}` | {n_read} | `{said}` |\n"


def main() -> None:
    """Write the page."""
    logging.getLogger("dedup").addHandler(logging.NullHandler())
    PAGE.write_text(make_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
