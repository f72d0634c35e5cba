"""The words that indicator cards are written in: units, sources, dates and conditions."""

from typing import get_args

from casewall.outcomes.tables import Contact, Forum, Role, Sex, Side

UNITS = (
    "person",
    "episode",
    "linked_case",
    "child",
    "answer",
    "hearing",
    "treatment",
    "incident",
    "activity",
    "contract",
)
SOURCES = ("client", "partner", "worker", "police", "referrer", "accounts", "print")
DATES = (
    "referred_on",
    "contacted_on",
    "assessed_on",
    "suitable_on",
    "agreed_on",
    "started_on",
    "completed_on",
    "exited_on",
)
RECORD_DATES = ("heard_on", "held_on", "contract")
"""Counting dates that are not a person's: a hearing's, an activity's, and the time of a
contract, which counts where it overlaps the period. Persons are then not cut to the period."""
COUNTING_DATES = (*DATES, *RECORD_DATES)
BREAKDOWNS = (
    "role",
    "sex",
    "route",
    "contact",
    "service",
    "stage",
    "exit_reason",
    "age_band",
    "area",
    "language",
    "risk",
    "relationship",
    "employment",
    "need",
    "has_children",
)
PRINTED_NUMBERS = ("exact", "rounded", "truncated", "denominator unstated")
PRINTED_WORDS = ("no denominator",)
LINKED = ("at_the_centre", "not_at_the_centre")
UNKNOWN = "unknown"
"""The value by which a condition asks for those of whom a fact is not known."""

CONDITIONS: dict[str, tuple[str, ...] | None] = {
    "side": get_args(Side),
    "role": get_args(Role),
    "sex": get_args(Sex),
    "contact": get_args(Contact),
    "service": None,
    "route": None,
    "stage": None,
    "exit_reason": None,
    "age_band": None,
    "area": None,
    "language": None,
    "risk": None,
    "relationship": None,
    "employment": None,
    "need": None,
    "child_plan": None,
    "has_children": ("yes", "no", UNKNOWN),
    "has": DATES,
    "lacks": DATES,
    "linked": LINKED,
    "linked_has": DATES,
    "heard": get_args(Forum),
    "hours_at_least": None,
    "hours_more_than": None,
    "dose": None,
}
"""What a card may ask of a person, with the values it may name (None: any text).

- ``has``, ``lacks``: all of the dates are known; none of them is.
- ``linked``: whether anyone of the other role who is at the Centre is linked to the person.
- ``linked_has``: somebody of the other role is linked of whom all the dates are known.
- ``need``, ``child_plan``: one of the person's needs, or of its children's plans, is named.
- ``heard``: the person was heard in the period by one of these meetings of agencies.
- ``hours_at_least``, ``hours_more_than``: hours attended in all registers, one number.
- ``dose``: hours attended, in bands written "10-30" (10 and more, under 30) or "30-".
- "unknown" asks for those of whom it is not known.
"""

OWN_COLUMNS = (
    "side",
    "role",
    "sex",
    "contact",
    "service",
    "route",
    "stage",
    "exit_reason",
    "age_band",
    "area",
    "language",
    "risk",
    "relationship",
    "employment",
)
"""The conditions that are a column of the person's row by the same name."""
