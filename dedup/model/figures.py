"""Rounding of figures, when a value is made: a run that is read back is then the same value."""

from __future__ import annotations

N_DIGITS = 4


def round_fields(value: object, *names: str, n_digits: int = N_DIGITS) -> None:
    """Round fields of a frozen value that is being made, but None; below 1 stays below 1."""
    for name in names:
        figure = getattr(value, name)
        if figure is not None:
            object.__setattr__(value, name, round_figure(figure, n_digits))


def round_figure(figure: float, n_digits: int = N_DIGITS) -> float:
    """Round a figure; below 1 stays below 1."""
    rounded = round(figure, n_digits)
    return round(1 - 10**-n_digits, n_digits) if figure < 1 <= rounded else rounded
