"""Rounding of figures, when a value is made: a run that is read back is then the same value."""

from __future__ import annotations

N_DIGITS = 4


def round_fields(value: object, *names: str, n_digits: int = N_DIGITS) -> None:
    """Round fields of a frozen value that is being made."""
    for name in names:
        object.__setattr__(value, name, round(getattr(value, name), n_digits))
