"""What people were assigned to, what they were given, and comparing them as assigned."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from casewall.outcomes.intervals import Interval
from casewall.outcomes.statistics.results import (
    NoFigure,
    Result,
    Share,
    same_length,
    share_of,
)
from casewall.outcomes.statistics.two_by_two import Arm, TwoByTwo, compare

AS_GIVEN = (
    "BIASED: who was given what depended on the person and the moment, not on chance. Read the "
    "comparison as assigned."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Adherence(Result):
    """Assigned against delivered. ``value`` is the share given what they were assigned to.

    ``table[assigned][delivered]`` counts; ``arms`` has the share for each arm. ``missing`` are
    those of whom it is not known what they were given.
    """

    table: Mapping[str, Mapping[str, int]]
    arms: Mapping[str, Share]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial(Result):
    """Two arms compared as assigned. ``value`` is the risk difference, first less second.

    ``bounds`` is the risk difference over everybody assigned, if the silent of the two arms had
    fared as differently as can be. ``as_given`` is the biased comparison, None if not asked for.
    """

    as_assigned: TwoByTwo
    bounds: Interval
    as_given: TwoByTwo | None


def adherence(assigned: Sequence[str], delivered: Sequence[str | None]) -> Adherence:
    """Cross what was assigned with what was delivered.

    Raises NoFigure for nobody, or columns of different lengths.
    """
    _checked(assigned, delivered, "Assigned and delivered")
    pairs = list(zip(assigned, delivered, strict=True))
    counts = Counter(pairs)
    arms = sorted(set(assigned))
    given = sorted({one for one in delivered if one is not None})
    whole = _kept(pairs)
    return Adherence(
        n=whole.n, asked=whole.asked, value=whole.value, interval=whole.interval,
        method="share given what they were assigned to, of those of whom it is known; Wilson's "
               "interval", parameters={"arms": len(arms)},
        table={arm: {one: counts[arm, one] for one in given} for arm in arms},
        arms={arm: _kept([pair for pair in pairs if pair[0] == arm]) for arm in arms},
    )


def _checked(first: Sequence[object], second: Sequence[object], what: str) -> None:
    if not first:
        raise NoFigure("Nobody was assigned to anything.")
    same_length(first, second, what)


def _kept(pairs: Sequence[tuple[str, str | None]]) -> Share:
    seen = [(one, two) for one, two in pairs if two is not None]
    return share_of(sum(one == two for one, two in seen), len(seen), len(pairs),
                    "share given as assigned")


def by_assignment(
    assigned: Sequence[str],
    outcome: Sequence[bool | None],
    *,
    first: str,
    second: str,
    delivered: Sequence[str | None] | None = None,
) -> Trial:
    """Intention to treat: everybody in the arm assigned, whatever they were given.

    ``outcome`` None: not known. With ``delivered``, the comparison as given is made too, and
    carries its warning. Raises NoFigure for an arm with nobody whose outcome is known.
    """
    _checked(assigned, outcome, "Assigned and outcomes")
    arms = [_arm(name, assigned, outcome) for name in (first, second)]
    compared = compare(*arms)
    given = None
    if delivered is not None:
        _checked(delivered, outcome, "Delivered and outcomes")
        found = compare(*[_arm(name, delivered, outcome) for name in (first, second)])
        given = replace(found, warnings=(AS_GIVEN, *found.warnings))
    least, most = _bounds(arms[0]), _bounds(arms[1])
    return Trial(
        n=compared.n, asked=compared.asked, value=compared.value, interval=compared.interval,
        method=f"as assigned; {compared.method}", parameters=compared.parameters,
        warnings=compared.warnings, as_assigned=compared,
        bounds=(least[0] - most[1], least[1] - most[0]), as_given=given,
    )


def _arm(name: str, groups: Sequence[str | None], outcome: Sequence[bool | None]) -> Arm:
    listed = [result for group, result in zip(groups, outcome, strict=True) if group == name]
    known = [result for result in listed if result is not None]
    return Arm(name, sum(map(bool, known)), len(known), len(listed))


def _bounds(arm: Arm) -> Interval:
    events, answered, asked = arm.checked()
    return share_of(events, answered, asked, "").bounds
