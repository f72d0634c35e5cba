"""Commissions of an assessment: what they must say, when they are late, how useful the report was.

Sources: field guide, sections 3.15 and 5.3 (expert assessments as commissions of their own, with
a contract; 89% of social workers found the report very useful, n not printed). Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from casewall.wall.decide import Decision


class By(StrEnum):
    """Who commissions an assessment."""

    COURT = "court"
    SOCIAL_WORKER = "social_worker"
    OTHER = "other"


class CommissionState(StrEnum):
    """How far a commission has come."""

    OPEN = "open"
    DELIVERED = "delivered"
    WITHDRAWN = "withdrawn"


class Usefulness(StrEnum):
    """How useful a report was to whoever got it, in their own judgement."""

    VERY_USEFUL = "very_useful"
    USEFUL = "useful"
    A_LITTLE = "a_little"
    NOT = "not"


class Told(StrEnum):
    """How the answer came."""

    OWN_VIEW = "own_view"
    PAPER = "paper"


BY_WORDS = {
    By.COURT: "A court",
    By.SOCIAL_WORKER: "A social worker",
    By.OTHER: "Somebody else",
}
STATE_TAGS = {
    CommissionState.OPEN: ("Open", "yellow"),
    CommissionState.DELIVERED: ("Delivered", "green"),
    CommissionState.WITHDRAWN: ("Withdrawn", "grey"),
}
USEFULNESS_WORDS = {
    Usefulness.VERY_USEFUL: "Very useful",
    Usefulness.USEFUL: "Useful",
    Usefulness.A_LITTLE: "A little useful",
    Usefulness.NOT: "Not useful",
}

ASK_AFTER_DAYS = 14
"""Calendar days after the issue of a report, when its reader is asked. Default of ours."""

MOST = 10**10
"""Minor units of money; more is a slip of the keyboard."""

_AMOUNT = re.compile(r"\d+(\.\d{1,2})?")
_CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class Terms:
    """What a commission says; `price` in minor units of `currency`, None where there is none."""

    commissioner: By
    commissioned_by: str
    contract: str
    price: int | None
    currency: str
    asked_on: date
    due_on: date


def minor_units(text: str) -> int | None:
    """An amount as it was typed, in hundredths; None where it is no amount.

    Thousands may be apart by spaces or commas, and the decimals come after a point.
    """
    bare = re.sub(r"(?<=\d)[ ,\u00a0](?=\d{3}(\D|$))", "", text.strip())
    return int(Fraction(bare) * 100) if _AMOUNT.fullmatch(bare) else None


def in_words(price: int | None, currency: str) -> str:
    """A price as people read it."""
    if price is None:
        return "no price agreed"
    return f"{currency} {price // 100:,}.{price % 100:02}"


def terms_fit(terms: Terms, today: date) -> Decision:
    """Whether a commission can be kept as it stands."""
    if not terms.commissioned_by.strip():
        return Decision(False, "Say who commissions it, by name: the court, the authority.")
    if terms.asked_on > today:
        return Decision(False, f"{terms.asked_on:%-d %B %Y} has not come yet.")
    if terms.due_on < terms.asked_on:
        return Decision(False, "It cannot be due before it was asked for.")
    if terms.price is None:
        return Decision(True, "No price is agreed.")
    if terms.price > MOST:
        return Decision(False, "The price is too high: look at it again.")
    if not _CURRENCY.fullmatch(terms.currency):
        return Decision(False, "A price needs its currency in three capitals, such as EUR.")
    return Decision(True, "The commission is whole.")


def may_change(state: CommissionState) -> Decision:
    """Whether a commission can still be changed, withdrawn or delivered."""
    if state is CommissionState.OPEN:
        return Decision(True, "It is open.")
    if state is CommissionState.DELIVERED:
        return Decision(False, "The report of this commission has been delivered.")
    return Decision(False, "This commission has been withdrawn.")


def ask_on(issued_on: date) -> date:
    """When the reader of a report is asked how useful it was."""
    return issued_on + timedelta(days=ASK_AFTER_DAYS)


def days_late(due_on: date, delivered_on: date | None, today: date) -> int:
    """By how many days a report is or was late; none where it is in time."""
    return max(0, ((delivered_on or today) - due_on).days)


@dataclass(frozen=True, slots=True)
class Response:
    """How many readers were asked, how many answered, and how many found it very useful."""

    asked: int
    answered: int
    very_useful: int

    def words(self) -> str:
        """With both denominators: silence is not counted as an answer."""
        if not self.asked:
            return "Nobody has been asked yet."
        said = (
            f"{self.answered} of {self.asked} readers have answered "
            f"({self.answered * 100 / self.asked:.0f}%)"
        )
        if not self.answered:
            return f"{said}."
        return (
            f"{said}; {self.very_useful} of these {self.answered} found the report very useful "
            f"({self.very_useful * 100 / self.answered:.0f}%)."
        )
