"""A figure: a number that carries what it needs to be trusted."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, fields

PERCENT = "percent"
POINTS = "points"
STATEMENT = "statement"
DAYS = "days"
PERCENT_CHANGE = "percent change"
"""The unit of a change of a mean, in percent of the earlier mean."""
INCIDENT_CHANGE = "percent change of incidents"
"""The same of two numbers of incidents, which are no persons."""
COUNTED = {
    "person": "persons",
    "episode": "episodes",
    "linked_case": "linked cases",
    "child": "children",
    "answer": "answers",
    "hearing": "hearings",
    "treatment": "treatments",
    "incident": "incidents",
    "activity": "days of activity",
    "contract": "contracts",
    "hour": "hours",
    "month": "months",
    "session": "sessions",
    "area": "areas",
    "funder": "funders",
}
"""The unit of a count, by what is counted."""

_MONEY_OF_NOBODY = re.compile(r"[A-Z]{3}( per (?!person$).+)?|per (?!person$).+")

NOBODY = "Nobody is in the denominator, so there is no value."
"""The note of a figure that was asked about nobody."""

EMPTY = "Nothing lies in the period, so there is no number."
"""The note of a count over a period in which there is nothing to count."""

NOT_KNOWN = "It is known of nobody in the denominator, so there is no value."
"""The note of a share that everybody is silent about."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of a table. A field that does not apply is None, and is null in JSON.

    - ``numerator``, ``denominator``: whole numbers of what the card counts. For a mean or
      percent change, the pairs and the persons asked; for a cost, the money and the persons;
      for a quotient, the money and the number that divides it. In a released table a hidden
      cell is the text "0–7".
    - ``value``: in ``unit``: percent, persons, points of the scale, days, or money per person.
    - ``interval``: 95%, in the same unit. Wilson for a share, Student's t for a mean change,
      the delta method for a percent change, the binomial for a median.
    - ``missing``: persons of the denominator (for a scale, of those asked) without the fact.
    - ``response_rate``: percent of those asked who answered.
    - ``bounds``: the share if none, or all, of the missing had it; in percent.
    - ``source``: who said so. Client and partner reports never share a figure.
    - ``suppressed``: whether the figure has passed disclosure control.
    - ``printed``: what the paper printed, where there is a paper.
    """

    pack: str
    id: str
    label: str
    numerator: int | float | str | None
    denominator: int | float | str | None
    value: float | None
    unit: str
    interval: tuple[float, float] | None
    missing: int | str | None
    response_rate: float | None
    source: str
    bounds: tuple[float, float] | None
    suppressed: bool
    definition: str
    printed: float | str | None
    note: str | None


def is_arithmetic(figure: Figure) -> bool:
    """Whether no person is in the figure: the print's own numbers, or money not per person."""
    return figure.source == "print" or bool(_MONEY_OF_NOBODY.fullmatch(figure.unit))


KEYS = tuple(field.name for field in fields(Figure))
"""The keys of a figure in JSON, in their order."""


def as_dict(figure: Figure) -> dict[str, object]:
    """The figure with every key present; pairs become lists, as they do in JSON."""
    found = {key: getattr(figure, key) for key in KEYS}
    return {key: list(part) if isinstance(part, tuple) else part for key, part in found.items()}


def to_json(figures: Sequence[Figure]) -> str:
    """``{"figures": [...]}``. Refuses not-a-number and infinity with ValueError."""
    listed = {"figures": [as_dict(figure) for figure in figures]}
    return json.dumps(listed, ensure_ascii=False, allow_nan=False, indent=2)
