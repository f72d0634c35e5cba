"""What is checked against the clock before it is written: without models, for both sides."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from casewall.wall.decide import Refused


def breach_fits(what: str, found_at: datetime, happened_on: date | None) -> None:
    """Raise `Refused` where what is told of a breach cannot be so."""
    if not what.strip():
        raise Refused("Write down what happened, as far as you know it now.")
    if found_at > timezone.now():
        raise Refused("The moment at which it was found has not come yet.")
    if happened_on is not None and happened_on > timezone.localdate(found_at):
        raise Refused("It cannot have happened after it was found.")
