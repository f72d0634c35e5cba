"""What every statistic carries: how many it is of, how many are missing, its interval, its method.

All intervals are 95% intervals. ``asked`` is the N that a print leaves out: everybody about whom
the question was put; ``n`` of them have an answer, ``missing`` have none.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from numbers import Real

from casewall.outcomes.intervals import Interval, silent_bounds, wilson

Parameter = str | int | float | bool | None

NOT_A_CAUSE = "Tests and intervals speak of chance alone; they do not say what caused a difference."


class NoFigure(ValueError):
    """The question cannot be answered from what is there; the message says why, in a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The part that all results share.

    - ``n``: persons (pairs, treatments) that the value is computed from.
    - ``asked``: everybody whom the question is about (N). ``missing`` is ``asked - n``.
    - ``value`` and its 95% ``interval``: what the subclass says; None where there is none.
    - ``method``: how, in words. ``parameters``: every number that was chosen.
    - ``warnings``: sentences that must stand beside the value wherever it is shown.
    """

    n: int
    asked: int
    value: float | None
    interval: Interval | None
    method: str
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    @property
    def missing(self) -> int:
        """How many of those asked have no answer."""
        return self.asked - self.n


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """One number with its interval; where one of them cannot be given, ``note`` says why."""

    name: str
    value: float | None
    interval: Interval | None
    method: str
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """A test: its statistic, degrees of freedom (None if it has none) and two-sided p value.

    p is how often chance alone would give a difference at least as large as the one seen.
    """

    __test__ = False  # not a class of tests, whatever pytest thinks of the name

    name: str
    statistic: float | None
    degrees: float | None
    p: float | None
    method: str
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Share(Result):
    """A share: ``value`` is between 0 and 1, of those who answered, with Wilson's interval.

    ``bounds`` is the share among all who were asked if none, or all, of the silent had it.
    """

    events: int
    bounds: Interval


def share_of(events: int, answered: int, asked: int, method: str) -> Share:
    """The share of those who answered, and its bounds over all who were asked.

    Where nobody answered there is no value, and the bounds are as wide as they can be. Raises
    NoFigure unless 0 <= events <= answered <= asked and somebody was asked.
    """
    whole(events=events, answered=answered, asked=asked)
    if asked == 0:
        raise NoFigure("Nobody was asked, so there is no share.")
    if not events <= answered <= asked:
        raise NoFigure(f"{events} of {answered} answered of {asked} asked cannot be.")
    low, high = silent_bounds(events, answered, asked) or (0.0, 1.0)
    return Share(
        n=answered, asked=asked, value=events / answered if answered else None,
        interval=wilson(events, answered), method=method, events=events, bounds=(low, high),
    )


def whole(**counts: object) -> None:
    """Refuse a count that is not a whole number of 0 or more, by its name."""
    for name, count in counts.items():
        if not isinstance(count, int) or isinstance(count, bool) or count < 0:
            raise NoFigure(f"“{name}” must be a whole number of 0 or more, not {count!r}.")


def numbers(values: Iterable[float | None], what: str) -> list[float | None]:
    """The values as floats, None kept. Refuses what is not a finite number, with its place."""
    found: list[float | None] = []
    for place, value in enumerate(values, 1):
        if value is None:
            found.append(None)
        elif isinstance(value, bool) or not isinstance(value, Real):
            raise NoFigure(f"Value {place} of {what} is {value!r}, which is not a number.")
        elif not math.isfinite(value):
            raise NoFigure(
                f"Value {place} of {what} is {value}; leave a missing value out, as None."
            )
        else:
            found.append(float(value))
    return found


def known(values: Iterable[float | None], what: str) -> list[float]:
    """The finite numbers among the values, without the missing ones."""
    return [value for value in numbers(values, what) if value is not None]


def same_length(first: Sequence[object], second: Sequence[object], what: str) -> None:
    """Refuse two columns of different lengths: they are not of the same persons."""
    if len(first) != len(second):
        raise NoFigure(
            f"{what}: {len(first)} values beside {len(second)}. "
            "Both must hold one value a person, in one order, None where it is missing."
        )


def all_asked(given: int | None, listed: int) -> int:
    """How many were asked: as given, or the persons listed. Refuses fewer than are listed."""
    if given is None:
        return listed
    whole(asked=given)
    if given < listed:
        raise NoFigure(f"{listed} persons are listed, more than the {given} who were asked.")
    return given


def as_dict(result: object) -> object:
    """A result as plain lists, dicts and numbers (``missing`` included), ready for JSON."""
    if is_dataclass(result) and not isinstance(result, type):
        plain = {part.name: as_dict(getattr(result, part.name)) for part in fields(result)}
        if isinstance(result, Result):
            plain["missing"] = result.missing
        return plain
    if isinstance(result, Mapping):
        return {str(key): as_dict(value) for key, value in result.items()}
    if isinstance(result, (list, tuple)):
        return [as_dict(value) for value in result]
    return result
