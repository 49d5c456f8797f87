"""Names of the headers of the core."""

import re
from collections import Counter
from pathlib import Path

from dedup import _core

CORE = Path(__file__).parents[2] / "dedup" / "core"


def test_no_two_headers_define_one_name():
    """All headers share a namespace, and the linker keeps one of two constants of one name: blocks
    of text of 64 bytes were once blocks of a file of 4096, if the compiler did not fold them.
    """
    names: Counter[str] = Counter()
    for path in CORE.glob("*.hpp"):
        code = re.sub(r"//.*", "", path.read_text(encoding="utf-8"))
        names.update(set(re.findall(r"^(?:struct|class|enum class) (\w+)\b(?! *[;<])", code, re.M)))
        for constants in re.findall(r"^(?:inline )?constexpr [\w:]+ (\w[^;]*);", code, re.M):
            names.update(re.findall(r"(?:^|,)\s*(\w+) = ", constants))
    assert names["block_size"] == names["Range"] == 1
    assert [name for name, n in names.items() if n > 1] == []


def test_a_block_of_text_is_no_block_of_a_file():
    assert _core.BLOCK == 64
