"""Regular expressions that are compiled when they are first used.

A run needs few of the patterns of the package, and compiling all of them takes longer than looking
up an article.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any, AnyStr, Generic, cast


class _LazyPattern(Generic[AnyStr]):
    """Stands for a compiled pattern, and has all its methods and attributes."""

    def __init__(self, source: AnyStr, flags: int) -> None:
        self._source: AnyStr = source
        self._flags = flags

    @cached_property
    def _compiled(self) -> re.Pattern[AnyStr]:
        return re.compile(self._source, self._flags)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        found = getattr(self._compiled, name)
        self.__dict__[name] = found  # the next time Python finds it without this method
        return found


def lazy_pattern(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return a pattern that is compiled when it is first used.

    Raises
    ------
    re.error
        When it is first used, if the source is no regular expression.

    Examples
    --------
    >>> lazy_pattern("[0-9]+").findall("9 to 4")
    ['9', '4']
    """
    return cast("re.Pattern[AnyStr]", _LazyPattern(source, flags))
