"""Rounding of figures, when a value is made: a run that is read back is then the same value."""

from __future__ import annotations

N_DIGITS = 4


def round_fields(value: object, *names: str, n_digits: int = N_DIGITS) -> None:
    """Round fields of a frozen value that is being made, but None; below 1 stays below 1."""
    for name in names:
        figure = getattr(value, name)
        if figure is None:
            continue
        rounded = round(figure, n_digits)
        if figure < 1 <= rounded:
            rounded = round(1 - 10**-n_digits, n_digits)
        object.__setattr__(value, name, rounded)
