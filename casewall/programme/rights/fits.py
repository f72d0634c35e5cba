"""What is checked against the clock before it is written: without models, for both sides."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from casewall.programme.rights.rules import About, Outcome
from casewall.wall.decide import Refused
from casewall.wall.sides import Role, Viewer

MANAGERS = (Role.PROGRAMME_MANAGER, Role.SAFETY_MANAGER)


def breach_fits(what: str, found_at: datetime, happened_on: date | None) -> None:
    """Raise `Refused` where what is told of a breach cannot be so."""
    if not what.strip():
        raise Refused("Write down what happened, as far as you know it now.")
    if found_at > timezone.now():
        raise Refused("The moment at which it was found has not come yet.")
    if happened_on is not None and happened_on > timezone.localdate(found_at):
        raise Refused("It cannot have happened after it was found.")


def complaint_fits(what: str, received_on: date) -> None:
    """Raise `Refused` where a complaint is empty or has not come yet."""
    if not what.strip():
        raise Refused("Write down what the complaint is, in the words of whoever complains.")
    if received_on > timezone.localdate():
        raise Refused(f"{received_on:%-d %B %Y} has not come yet.")


def answer_fits(outcome: Outcome, answer: str, learning: str) -> None:
    """Raise `Refused` where an answer says nothing, or an upheld complaint teaches nothing."""
    if not answer.strip():
        raise Refused("Write what was answered.")
    if outcome in (Outcome.UPHELD, Outcome.PARTLY) and not learning.strip():
        raise Refused("A complaint that is upheld teaches something: say what is done differently.")


def acknowledge(row: Any, by: Viewer) -> None:
    """Put down that whoever complains was told that it arrived. Raises `Refused` the second time.

    `row` is a complaint of either side, held by the transaction; it is not saved here.
    """
    if row.acknowledged_on is not None:
        raise Refused("This complaint was acknowledged already.")
    row.acknowledged_on, row.acknowledged_by = timezone.localdate(), by.worker


def put_answer(row: Any, outcome: Outcome, answer: str, learning: str, by: Viewer) -> None:
    """Put an answer into a complaint of either side; acknowledges it where nobody did.

    Raises `Refused` the second time, and where a complaint about a worker would be answered by
    somebody else than a manager.
    """
    if row.answered_on is not None:
        raise Refused("This complaint was answered already.")
    if row.about == About.WORKER and by.role not in MANAGERS:
        raise Refused("A complaint about a worker is answered by a manager.")
    row.outcome, row.answer, row.learning = outcome, answer.strip(), learning.strip() or None
    row.answered_on, row.answered_by = timezone.localdate(), by.worker
    if row.acknowledged_on is None:
        acknowledge(row, by)
