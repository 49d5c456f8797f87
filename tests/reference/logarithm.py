"""Logarithms to forty digits."""

from __future__ import annotations

from decimal import Decimal, localcontext


def natural_log(x: float) -> Decimal:
    with localcontext(prec=40):
        return Decimal(x).ln()


def binary_log(x: float) -> Decimal:
    with localcontext(prec=40):
        return Decimal(x).ln() / Decimal(2).ln()
