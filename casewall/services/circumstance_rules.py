"""Circumstances of a client or a partner that figures are broken down by, in closed lists.

Each side keeps its own statements with the day as of which they hold; neither knows the other's.
Source: the comparison of the Danish Intervention Centre on work and history of violence (field
guide, section 5.1), and the breakdowns that indicator cards name.

Pure: takes a :class:`~casewall.services.schema.Service`, asks no clock and no database.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Protocol

from casewall.services.schema import Service
from casewall.wall.decide import Decision

OUTSIDE = "outside"
"""The code for an area from which the service takes nobody."""

MOST_MONTHS = 12 * 80
"""More months of violence than this is taken for a slip of the pen."""


class Employment(StrEnum):
    """What somebody does for a living. *Not known* was asked, and nobody knows or would say."""

    EMPLOYED = "employed"
    SELF_EMPLOYED = "self_employed"
    EDUCATION = "education"
    LOOKING = "looking"
    SICK = "sick"
    PENSION = "pension"
    AT_HOME = "at_home"
    NOT_KNOWN = "not_known"


EMPLOYMENT_WORDS = {
    Employment.EMPLOYED: "Employed",
    Employment.SELF_EMPLOYED: "Self-employed",
    Employment.EDUCATION: "In education or training",
    Employment.LOOKING: "Without work, looking for it",
    Employment.SICK: "Off work through illness",
    Employment.PENSION: "On a pension",
    Employment.AT_HOME: "At home, for example with children",
    Employment.NOT_KNOWN: "Asked, not known",
}


class AgeBand(StrEnum):
    """Ten years of age at the referral: enough for a table, too little to find anybody by."""

    UNDER_18 = "under-18"
    FROM_18 = "18-24"
    FROM_25 = "25-34"
    FROM_35 = "35-44"
    FROM_45 = "45-54"
    FROM_55 = "55-64"
    FROM_65 = "65-over"


AGE_WORDS = {
    **{band: band.value.replace("-", " to ") for band in AgeBand},
    AgeBand.UNDER_18: "Under 18",
    AgeBand.FROM_65: "65 and over",
}

_FIRST_YEAR = {
    AgeBand.FROM_65: 65,
    AgeBand.FROM_55: 55,
    AgeBand.FROM_45: 45,
    AgeBand.FROM_35: 35,
    AgeBand.FROM_25: 25,
    AgeBand.FROM_18: 18,
}


def age_band(born_on: date, on: date) -> AgeBand:
    """The band of somebody's age in whole years on a day."""
    years = on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))
    return next((band for band, first in _FIRST_YEAR.items() if years >= first), AgeBand.UNDER_18)


def areas_of(service: Service | None) -> dict[str, str]:
    """The areas of a service by code, with their names, and last that it is none of them."""
    places = service.areas.places if service else ()
    return {**{place.id: place.name for place in places}, OUTSIDE: "Outside these areas"}


class Stated(Protocol):
    """What a side keeps of circumstances; "" and None were not spoken of."""

    area: str
    employment: str
    age_band: str
    stated_on: date


def may_state(
    *, area: str, employment: str, months: int | None, areas: Iterable[str], on: date, today: date
) -> Decision:
    """Whether a statement can be kept: something is said, of this service, and not ahead."""
    if on > today:
        return Decision(False, f"{on:%-d %B %Y} has not come yet.")
    if not area and not employment and months is None:
        return Decision(False, "Nothing is answered yet, so there is nothing to save.")
    if area and area not in areas:
        return Decision(False, "This service has no such area. Load the page again.")
    if months is not None and not 0 <= months <= MOST_MONTHS:
        return Decision(False, f"{months} months is not from 0 to {MOST_MONTHS}: look at it again.")
    return Decision(True, "The statement can be kept.")


def in_words(stated: Stated, areas: dict[str, str]) -> tuple[str, str, str]:
    """Area, employment and age band as people read them; what was not said is a dash.

    An area that the service has given up since keeps its code.
    """
    return (
        areas.get(stated.area, stated.area) or "–",
        EMPLOYMENT_WORDS[Employment(stated.employment)] if stated.employment else "–",
        AGE_WORDS[AgeBand(stated.age_band)] if stated.age_band else "–",
    )


def months_in_words(months: int | None) -> str:
    """How long violence had lasted, in years and months; a dash where it was not said."""
    if months is None:
        return "–"
    years, rest = divmod(months, 12)
    said = [f"{n} {word}{'' if n == 1 else 's'}" for n, word in ((years, "year"), (rest, "month"))
            if n]
    return " and ".join(said) or "under a month"
