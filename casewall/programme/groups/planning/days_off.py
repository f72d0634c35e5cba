"""Days on which nobody meets: public holidays, and what the planner says besides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import holidays

REGIONS = {"GB": "ENG"}
"""Where holidays differ within a country, the part whose holidays are taken. The British
services of the shipped definitions work in England."""


def days_off(country: str, closed: Mapping[date, str] | None = None) -> Callable[[date], str]:
    """A question: why does nobody meet on this day? Empty where somebody does.

    `country` is a code such as DK; one whose holidays are not known has none.
    """
    region = REGIONS.get(country)
    try:
        known = holidays.country_holidays(country, subdiv=region, language="en_US")
    except NotImplementedError:
        known = holidays.HolidayBase()

    def reason(day: date) -> str:
        return (closed or {}).get(day, "") or known.get(day, "")

    return reason
