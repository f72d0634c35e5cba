"""What somebody can work out who knows every released number and the rule that made it.

The attacker writes down one unknown whole number for each cell, the range that its shown form
allows, and the range of every sum that was released, and asks for the least and the most that a
number can be (integer programming, SciPy's HiGHS). A number for which both are the same is
recovered exactly. Nothing here knows the true counts: it is the test that a release must pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csc_array, eye_array, hstack, vstack

from casewall.outcomes.suppress import ReleaseError

Range = tuple[int, int]
Expression = tuple[tuple[int, int], ...]
"""A weighted sum of unknowns: pairs of an unknown and its whole weight."""

CONTRADICTION = "The released numbers contradict each other."
_CLOSE_ENOUGH = 0.005
"""How far from the roomiest a filling may be; it need only fit."""
_HAIR = 1e-6


def plain_sum(unknowns: Iterable[int]) -> Expression:
    """The sum of these unknowns, each once."""
    return tuple((unknown, 1) for unknown in unknowns)


@dataclass(slots=True)
class Known:
    """Everything released: the range of each unknown, and of sums of them."""

    ranges: list[Range] = field(default_factory=list)
    sums: list[tuple[Expression, Range]] = field(default_factory=list)

    def unknown(self, allowed: Range) -> int:
        """One more unknown number; returns its place."""
        self.ranges.append(allowed)
        return len(self.ranges) - 1

    def extent(self, wanted: Expression) -> Range:
        """The least and the most that a sum of unknowns can be.

        Raises ReleaseError where the released numbers contradict each other.
        """
        return _Attack(self).extent(wanted)

    def determined(self, wanted: Iterable[Expression]) -> dict[Expression, int]:
        """Those of the wanted sums that can be one number only, with that number.

        Two fillings that both fit everything released and differ in a number prove that it is not
        determined. So a few fillings, and every single step of one up or down from each, settle
        most numbers at once; each of the others is then attacked by itself.
        """
        attack = _Attack(self)
        still_open = set(wanted)
        fillings: list[Any] = []
        before = 0
        while len(fillings) < 2 or len(still_open) < before:
            if not still_open:
                return {}
            before = len(still_open)
            among = sorted({at for one in still_open for at, _ in one})
            filling = attack.roomy(among, upwards=len(fillings) % 2 == 0)
            loose = attack.loose(filling)
            still_open = {one for one in still_open if not any(loose[at] for at, _ in one)}
            fillings.append(filling)
        return attack.one_by_one(still_open, fillings)


class _Attack:
    """The matrix of everything known, made once."""

    def __init__(self, known: Known) -> None:
        count = len(known.ranges)
        self.low, self.high = np.array(known.ranges, dtype=float).reshape(-1, 2).T
        entries = [
            (row, at, weight)
            for row, (expression, _) in enumerate(known.sums)
            for at, weight in expression
        ]
        rows, columns, weights = zip(*entries, strict=True) if entries else ((), (), ())
        self.matrix = csc_array(
            (np.array(weights, dtype=float), (np.array(rows, int), np.array(columns, int))),
            shape=(len(known.sums), count),
        )
        allowed = np.array([allowed for _, allowed in known.sums], dtype=float).reshape(-1, 2)
        self.least, self.most = allowed.T

    def solve(self, weights: np.ndarray) -> np.ndarray:
        """A filling that fits everything and has the least weighted sum."""
        answer = milp(
            weights,
            integrality=np.ones(len(self.low)),
            bounds=Bounds(self.low, self.high),
            constraints=LinearConstraint(self.matrix, self.least, self.most),
        )
        if answer.x is None:
            raise ReleaseError(CONTRADICTION)
        found: np.ndarray = np.round(answer.x)
        return found

    def roomy(self, among: Sequence[int], *, upwards: bool) -> np.ndarray:
        """A filling in which most of these unknowns have room for one more (or one less) in every
        sum that holds them; sums of many of them count for more."""
        count, sums = len(self.low), len(self.least)
        chosen = np.zeros(count)
        chosen[among] = 1
        held = np.abs(self.matrix) @ chosen
        room = eye_array(sums)
        towards = [self.matrix, room] if upwards else [self.matrix, -room]
        bare = csc_array((sums, sums))
        whole = vstack([hstack([self.matrix, bare]), hstack(towards)], format="csc")
        answer = milp(
            np.concatenate([np.zeros(count), -held]),
            integrality=np.concatenate([np.ones(count), np.zeros(sums)]),
            bounds=Bounds(
                np.concatenate([self.low, np.zeros(sums)]),
                np.concatenate([self.high, np.ones(sums)]),
            ),
            constraints=LinearConstraint(whole, np.tile(self.least, 2), np.tile(self.most, 2)),
            options={"mip_rel_gap": _CLOSE_ENOUGH},
        )
        if answer.x is None:
            raise ReleaseError(CONTRADICTION)
        found: np.ndarray = np.round(answer.x[:count])
        return found

    def extent(self, wanted: Expression) -> Range:
        weights = np.zeros(len(self.low))
        for at, weight in wanted:
            weights[at] += weight
        least, most = (int(weights @ self.solve(sign * weights)) for sign in (1, -1))
        return least, most

    def loose(self, filling: np.ndarray) -> np.ndarray:
        """Which unknowns can be one more, or one less, with everything else as it is."""
        sums = self.matrix @ filling
        found = np.zeros(len(filling), dtype=bool)
        for step in (1, -1):
            moved = filling + step
            fits = (moved >= self.low) & (moved <= self.high)
            after = sums[self.matrix.indices] + step * self.matrix.data
            rows = self.matrix.indices
            bad = (after < self.least[rows] - _HAIR) | (after > self.most[rows] + _HAIR)
            broken = np.add.reduceat(
                np.append(bad, False), np.minimum(self.matrix.indptr[:-1], len(bad))
            )
            broken[np.diff(self.matrix.indptr) == 0] = 0
            found |= fits & (broken == 0)
        return found

    def one_by_one(
        self, wanted: Iterable[Expression], fillings: list[np.ndarray]
    ) -> dict[Expression, int]:
        found = {}
        for one in sorted(wanted):
            if len({_value(one, filling) for filling in fillings}) > 1:
                continue
            least, most = self.extent(one)
            if least == most:
                found[one] = least
        return found


def _value(wanted: Expression, filling: np.ndarray) -> int:
    return int(sum(weight * Fraction(int(filling[at])) for at, weight in wanted))
