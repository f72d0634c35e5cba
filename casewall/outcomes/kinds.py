"""The kinds of indicator card: what each one works out, and which keys it needs.

A kind is a rule of arithmetic; a card fills it with a subject. ``KINDS`` is read by the loader,
which refuses a card with a key too few or too many, and is printed in the reference pages.
"""

from dataclasses import dataclass
from typing import get_args

from casewall.outcomes.extract import Role, Wave
from casewall.outcomes.tables import Form, Forum

WAVES = get_args(Wave)
ROLES = get_args(Role)
FORMS = get_args(Form)
FORUMS = get_args(Forum)

WINDOW_DAYS = {6: 183, 12: 365, 24: 730}
"""Days in a window of so many months: 365 twelfths each, half up. A window is given in days so
that the one before and the one after are of equal length, whatever the calendar says."""

BETTER = ("higher", "lower")

NO_ANSWER = ("prefer-not-to-say", "not-asked")
"""Codes that are never an answer, whatever the question."""

TOTALS = {
    "children": "children",
    "violence_months": "months",
    "hours": "hours",
    "sessions": "sessions",
    "contract": "money",
    "cost": "money",
}
"""What a total may add up, and the unit of the sum."""

TOTALS_OF = {"activity": "persons", "activity_days": "days of activity", "hearings": "hearings"}
"""Totals that name a sort after a point, for example ``activity.training``."""

DISTINCT = {
    "person": "persons",
    "child": "children",
    "anybody": "persons and children",
    "area": "areas",
    "contract_area": "areas",
    "funder": "funders",
}
"""What may be counted once however often it stands, and the unit of the count."""

OF_NOBODY = ("activity", "activity_days", "contract", "contract_area", "funder", "cost")
"""What may be added up or counted without any person behind it."""

WEEKS = "weeks"
"""Stands for the weeks of the period, its days ÷ 7, where a quotient divides by them."""

AMOUNTS = ("contract", "cost")
"""Where the amount of a quotient may come from, unless the card gives it."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: what it works out, the keys it needs and may have, and whether there is a
    denominator to state."""

    means: str
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    divided: bool = True


_PAIRED = "Of those of the denominator with a score on `scale` by the card's source at both `waves`"

KINDS: dict[str, Kind] = {
    "count": Kind("How many there are.", divided=False),
    "share": Kind(
        "Those of the denominator who also meet the numerator's conditions, in percent, with "
        "Wilson's 95% interval. Where `missing` says who lacks the fact, with the bounds that "
        "hold if none or all of these had it.",
        may=("missing",),
    ),
    "mean_change": Kind(
        f"{_PAIRED}: the mean of later minus earlier, in points, with Student's 95% interval. "
        "n is the pairs, N those asked.",
        needs=("scale", "waves"),
    ),
    "share_improved": Kind(
        f"{_PAIRED}: the share whose score rose (or fell, where `better` is lower), with the "
        "bounds over everybody asked.",
        needs=("scale", "waves"),
        may=("better",),
    ),
    "percent_change": Kind(
        f"{_PAIRED}: the change of the mean in percent of the earlier mean. The 95% interval is "
        "that of a ratio of two means of the same people (delta method: the ratio is treated as "
        "a straight line near its value, which is rough for few pairs). No number where the "
        "earlier mean is 0.",
        needs=("scale", "waves"),
    ),
    "cost_per": Kind(
        "Included costs divided by the persons of the denominator. No number where the costs "
        "are in several currencies or price years."
    ),
    "total": Kind(
        "A number added up over the rows of the part: `of` says which. Whoever's number is not "
        "known is counted as missing and adds nothing, so that the sum is a least.",
        needs=("of",),
        may=("funder", "category"),
        divided=False,
    ),
    "distinct": Kind(
        "How many different ones there are, each counted once however often it stands: `of` "
        "says of what.",
        needs=("of",),
        divided=False,
    ),
    "ratio": Kind(
        "A total (as `total`, or the distinct children) divided by the persons of the "
        "denominator whose number is known.",
        needs=("of",),
    ),
    "share_answering": Kind(
        "Of the persons of the denominator whose answer to `item` of `measure` at `wave` by the "
        "card's source is known: the share with one of `codes`. “Prefer not to say” and “not "
        "asked” are no answers, nor is a code in `silent_codes`. The bounds are over everybody "
        "eligible. A referrer answers about a client; of several the latest answer speaks.",
        needs=("measure", "item", "wave", "codes"),
        may=("silent_codes",),
    ),
    "share_with_hours": Kind(
        "The share of the denominator who attended at least `hours` hours (more than, where "
        "`more_than` is true). No number where the extract holds no register at all.",
        needs=("hours",),
        may=("more_than",),
    ),
    "repeat": Kind(
        "The share with an incident within `months` after `time_zero`, told by the card's "
        "source, of those whom this source followed through the whole window. All others are "
        "missing, whatever is known of them, and widen the bounds. With `before`, the equal "
        "window before. The day of time zero itself is in neither window. Days in custody (of "
        "a partner: of any linked client) are not at risk: nobody need be followed on them, who "
        "had no other day is missing, and the note says how many they were, or that none is "
        "recorded. An incident on such a day is an incident.",
        needs=("months", "time_zero"),
        may=("before", "forms"),
    ),
    "incident_change": Kind(
        "Incidents in the window of `months` after `time_zero` against the equal window before, "
        "in percent, over those whom the card's source followed through both. n is the "
        "incidents after, N those before. Days in custody are not at risk, as for `repeat`; the "
        "note counts them in each window. The 95% interval takes each person's two numbers "
        "together (delta method).",
        needs=("months", "time_zero"),
        may=("forms",),
    ),
    "share_retained": Kind(
        "Of the treatments of the kind `treatment` of the denominator's clients whose outcome "
        "is known: the share completed or still going on. The bounds are over all of them.",
        needs=("treatment",),
    ),
    "median_days": Kind(
        "The median number of days between two `dates` of a person, with a 95% interval that "
        "assumes nothing of their distribution (from the binomial; none with fewer than 6). n "
        "is those with both dates in this order, N the denominator.",
        needs=("dates",),
    ),
    "share_heard_again": Kind(
        "Of the hearings by `forum` in the period that are of a person of the denominator: the "
        "share whose person had been heard there in the 365 days before. Hearings before the "
        "records begin cannot be seen.",
        needs=("forum",),
    ),
    "quotient": Kind(
        "A sum of money divided by a number that the card gives, `by`, or by the weeks of the "
        "period (`by = \"weeks\"`: its days ÷ 7). The sum is `amount`, where the print gives it, "
        "or the contracts or included costs of the records (`of`). "
        "`gives` is the unit of the result.",
        needs=("by", "gives"),
        may=("amount", "of", "funder", "category"),
        divided=False,
    ),
    "printed_only": Kind(
        "A published claim without the numbers that would let anyone compute it. It needs "
        "`printed`, and gives no value.",
        divided=False,
    ),
}

_ROWS_OF = {
    "contract": "contracts",
    "contract_area": "contracts",
    "funder": "contracts",
    "cost": "costs",
    "activity": "activities",
    "activity_days": "activities",
    "hearings": "hearings",
}
_ROWS_BY = {"heard_on": "hearings", "held_on": "activities", "contract": "contracts"}


def rows_counted(of: str | None, counting_date: str) -> str:
    """The table whose rows must lie in the period, or the period is empty for the card."""
    by_subject = _ROWS_OF.get((of or "").partition(".")[0])
    return by_subject or _ROWS_BY.get(counting_date, "persons")


OWN_KEYS = frozenset(key for kind in KINDS.values() for key in (*kind.needs, *kind.may))
"""Every key that belongs to some kinds and not to all."""


def unit_of_total(of: str) -> str:
    """The unit of a total or of a distinct count; "money" where it is the currency's."""
    if of in DISTINCT and of not in TOTALS:
        return DISTINCT[of]
    return TOTALS.get(of) or TOTALS_OF[of.partition(".")[0]]
