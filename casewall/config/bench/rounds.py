"""The protocol of a comparison: alternating rounds, and a canary that tells a disturbed one.

Every variant is timed once in each round, in an order that turns from round to round. A canary
is timed before and after. A round in which any canary took more than 1.5 times its own minimum
is thrown away and repeated. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

CALM = 1.5
"""Most that a canary may take in a round that counts, as a multiple of its own minimum."""

MOST_ATTEMPTS = 3
"""Rounds tried for each round that is wanted, before the comparison does with fewer."""

Canaries = Mapping[str, float]
Seconds = dict[str, float]


@dataclass(slots=True)
class Comparison:
    """Times of each variant in the rounds that counted. Seconds."""

    times: dict[str, list[float]]
    rounds: int
    discarded: int
    canaries: dict[str, float] = field(default_factory=dict)

    def median(self, variant: str) -> float:
        """The median of a variant over the rounds."""
        return median(self.times[variant])

    def minimum(self, variant: str) -> float:
        """The quickest round of a variant."""
        return min(self.times[variant])

    def ratio(self, one: str, other: str) -> tuple[float, float]:
        """One variant as a multiple of another: of the medians, and of the minima."""
        return (
            self.median(one) / self.median(other),
            self.minimum(one) / self.minimum(other),
        )


def is_calm(canaries: Canaries, least: Canaries) -> bool:
    """Whether no canary took more than `CALM` times its minimum."""
    return all(took <= CALM * least[name] for name, took in canaries.items())


def compare(
    variants: Mapping[str, Callable[[], float]],
    canary: Callable[[], Canaries],
    rounds: int,
    least: dict[str, float],
) -> Comparison:
    """Time every variant in so many calm rounds.

    `least` holds the minimum of each canary over the whole run so far and is kept up to date. On
    a machine that is never calm the calmest rounds are kept, and `discarded` says how many were
    not. Raises `ValueError` where less than one round is wanted.
    """
    if rounds < 1:
        raise ValueError("A comparison needs at least one round.")
    tried: list[tuple[Seconds, Seconds]] = []
    while len(tried) < rounds * MOST_ATTEMPTS:
        tried.append(_round(variants, canary, len(tried), least))
        if sum(is_calm(canaries, least) for canaries, _ in tried) >= rounds:
            break
    calm = [one for one in tried if is_calm(one[0], least)]
    kept = calm or sorted(tried, key=lambda one: _unrest(one[0], least))[:rounds]
    return Comparison(
        times={name: [times[name] for _, times in kept] for name in variants},
        rounds=len(kept),
        discarded=len(tried) - len(calm),
        canaries={name: median(canaries[name] for canaries, _ in kept) for name in kept[0][0]},
    )


def _unrest(canaries: Canaries, least: Canaries) -> float:
    return max(took / least[name] for name, took in canaries.items())


def _round(
    variants: Mapping[str, Callable[[], float]],
    canary: Callable[[], Canaries],
    number: int,
    least: dict[str, float],
) -> tuple[Seconds, Seconds]:
    before = dict(canary())
    times = {name: variants[name]() for name in turned(list(variants), number)}
    after = dict(canary())
    for name in before:
        least[name] = min(least.get(name, before[name]), before[name], after[name])
    return {name: max(before[name], after[name]) for name in before}, times


def turned(names: Sequence[str], number: int) -> list[str]:
    """The names in the order of a round: each begins in its turn, every other round backwards."""
    start = number % len(names)
    order = [*names[start:], *names[:start]]
    return order[::-1] if number % 2 else order
