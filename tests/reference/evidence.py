"""Evidence as it is defined: odds of two models, reuse and chance, for each bit."""

from __future__ import annotations

from math import log2

MIN_ODDS, MAX_RATE = 1.5, 0.98


def penalty(rate: float, chance_rate: float) -> float:
    """What an unshared bit says against reuse, over what a shared bit says for it."""
    rate = min(max(rate, MIN_ODDS * chance_rate), MAX_RATE)
    speaks_for = log2(rate / chance_rate)
    speaks_against = log2((1 - chance_rate) / (1 - rate))
    return speaks_against / speaks_for


def evidence(shared: float, masses: tuple[float, float], chance_rate: float) -> float:
    """The mean over both sides of what speaks for reuse less what speaks against it."""
    sides = [
        shared - penalty(shared / mass, chance_rate) * max(mass - shared, 0.0) if mass > 0 else 0.0
        for mass in masses
    ]
    return sum(sides) / 2


def divergence(rate: float, chance_rate: float) -> float:
    """Kullback-Leibler divergence of two coins, in bits."""
    alike, other = rate * log2(rate / chance_rate), 0.0
    if rate < 1:
        other = (1 - rate) * log2((1 - rate) / (1 - chance_rate))
    return alike + other


def floor(n_a: int, n_b: int, min_score: float, slope: float) -> float:
    """Some bits more each time that the places double beyond those of 256 times 256 words."""
    return min_score + slope * max(log2(max(n_a * n_b, 1)) - log2(256 * 256), 0)
