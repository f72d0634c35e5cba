"""Requests of the persons recorded: their clocks, their words, and what an answer waits for.

Sources: GDPR, articles 12 and 15 to 21 (one month, two further months where it is needed and said
within the first); the field guide, section 3.17 (a fixed day, standing wording).
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from casewall.wall.decide import Decision


class Right(StrEnum):
    """What a person may ask about the own record."""

    ACCESS = "access"
    RECTIFICATION = "rectification"
    RESTRICTION = "restriction"
    OBJECTION = "objection"
    ERASURE = "erasure"


class How(StrEnum):
    """How a request came."""

    IN_PERSON = "in_person"
    PHONE = "phone"
    LETTER = "letter"
    EMAIL = "email"
    REPRESENTATIVE = "representative"


class Identity(StrEnum):
    """How somebody made sure that the person who asks is the person recorded."""

    NOT_YET = "not_yet"
    KNOWN = "known"
    DOCUMENT = "document"
    QUESTIONS = "questions"
    AUTHORITY = "authority"


class State(StrEnum):
    """Where a request stands on the side that took it in."""

    TAKEN = "taken"
    COLLECTED = "collected"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


class Decided(StrEnum):
    """What was decided on a request that is not one for access."""

    GRANTED = "granted"
    PARTLY = "partly"
    REFUSED = "refused"


class Because(StrEnum):
    """Why a file is restricted (GDPR, article 18)."""

    ACCURACY = "accuracy"
    UNLAWFUL = "unlawful"
    CLAIM = "claim"
    OBJECTION = "objection"


class Extension(StrEnum):
    """Why an answer takes longer. A partner's file is no reason: it must not show in the time."""

    SIZE = "size"
    SEVERAL_REQUESTS = "several_requests"
    OLD_SYSTEMS = "old_systems"


RIGHT_WORDS = {
    Right.ACCESS: "A copy of what is recorded",
    Right.RECTIFICATION: "A correction",
    Right.RESTRICTION: "That the record is not used for now",
    Right.OBJECTION: "An objection to the use of the record",
    Right.ERASURE: "That the record is deleted",
}
HOW_WORDS = {
    How.IN_PERSON: "In person",
    How.PHONE: "By phone",
    How.LETTER: "By letter",
    How.EMAIL: "By e-mail",
    How.REPRESENTATIVE: "Through somebody who speaks for the person",
}
IDENTITY_WORDS = {
    Identity.NOT_YET: "Not yet",
    Identity.KNOWN: "The worker knows the person",
    Identity.DOCUMENT: "An identity document was seen",
    Identity.QUESTIONS: "Questions that only the person can answer",
    Identity.AUTHORITY: "The authority to speak for the person was seen",
}
STATE_WORDS = {
    State.TAKEN: "Taken in",
    State.COLLECTED: "With the data protection officer",
    State.DECIDED: "Decided",
    State.WITHDRAWN: "Withdrawn",
}
DECIDED_WORDS = {
    Decided.GRANTED: "Granted",
    Decided.PARTLY: "Granted in part",
    Decided.REFUSED: "Refused",
}
BECAUSE_WORDS = {
    Because.ACCURACY: "The person says that it is wrong, and this is being looked into",
    Because.UNLAWFUL: "It may not be used, and the person does not want it deleted",
    Because.CLAIM: "The person needs it for a legal claim",
    Because.OBJECTION: "The person objected, and this is being decided",
}
EXTENSION_WORDS = {
    Extension.SIZE: "The person's own record is large",
    Extension.SEVERAL_REQUESTS: "The person has made several requests",
    Extension.OLD_SYSTEMS: "Part of it must be fetched from papers or old systems",
}

LEAST_DAYS = 24
RELEASE_WEEKDAYS = (calendar.TUESDAY, calendar.FRIDAY)
"""Replies leave on the first such weekday that is at least so many days after the receipt: within
28 days, so within every month. When a reply leaves tells nothing of what was found."""
MONTHS = 1
EXTENDED_MONTHS = 3


def starts_on(received_on: date, identity_on: date | None) -> date | None:
    """The day from which the clock runs: the receipt, or the later proof of identity."""
    return None if identity_on is None else max(received_on, identity_on)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month where it has none such."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def answer_due(start: date, *, extended: bool = False) -> date:
    """The last day for an answer: one month after the start, or three where it was extended."""
    return months_after(start, EXTENDED_MONTHS if extended else MONTHS)


def release_day(start: date, *, extended: bool = False) -> date:
    """The one day on which the reply leaves: never earlier or later, whatever the review found."""
    first = months_after(start, EXTENDED_MONTHS - MONTHS) if extended else start
    day = first + timedelta(days=LEAST_DAYS)
    while day.weekday() not in RELEASE_WEEKDAYS:
        day += timedelta(days=1)
    return day


def may_extend(start: date, today: date) -> Decision:
    """Whether an answer may still be extended: the person is told within the first month."""
    last = answer_due(start)
    if today <= last:
        return Decision(True, "The person must be told of the longer time, and why.")
    return Decision(
        False,
        f"The first month ended on {last:%-d %B %Y}. After that the time cannot be extended.",
    )


def request_fits(
    received_on: date, identity: Identity, identity_on: date | None, today: date
) -> Decision:
    """Whether what is written of a request can be so."""
    if received_on > today:
        return Decision(False, f"The request cannot have come on {received_on:%-d %B %Y}, a day "
                               "that has not come yet.")  # fmt: skip
    if identity_on is not None and identity_on > today:
        return Decision(False, "The day on which the identity was checked has not come yet.")
    if (identity is Identity.NOT_YET) != (identity_on is None):
        return Decision(
            False, "Say both how the identity was checked and on which day, or neither of them."
        )
    return Decision(True, "The request is whole.")


def may_collect(right: Right, state: State, identity_on: date | None) -> Decision:
    """Whether the file may be collected for the review."""
    if right is not Right.ACCESS:
        return Decision(False, "The file is collected for a request for a copy only.")
    if state is not State.TAKEN:
        return Decision(False, "The file was collected already, or the request has ended.")
    if identity_on is None:
        return Decision(
            False, "Check first that the person who asks is the person recorded, and say how."
        )
    return Decision(True, "The file may be collected.")


def may_decide(right: Right, state: State) -> Decision:
    """Whether a manager of this side decides on the request."""
    if right is Right.ACCESS:
        return Decision(False, "A request for a copy is decided by the data protection officer.")
    if state is not State.TAKEN:
        return Decision(False, "The request has been decided, or it has ended.")
    return Decision(True, "The request can be decided.")


class About(StrEnum):
    """What a complaint is about."""

    SERVICE = "service"
    WORKER = "worker"
    DECISION = "decision"
    WAITING = "waiting"
    RECORDS = "records"
    SAFETY = "safety"
    DISCRIMINATION = "discrimination"
    OTHER = "other"


class From(StrEnum):
    """Who complains."""

    CLIENT = "client"
    PARTNER = "partner"
    RELATIVE = "relative"
    AGENCY = "agency"
    OTHER = "other"


class Outcome(StrEnum):
    """What came of a complaint."""

    UPHELD = "upheld"
    PARTLY = "partly"
    NOT_UPHELD = "not_upheld"
    WITHDRAWN = "withdrawn"


ABOUT_WORDS = {
    About.SERVICE: "What the service does or does not do",
    About.WORKER: "How a worker behaved",
    About.DECISION: "A decision",
    About.WAITING: "Waiting",
    About.RECORDS: "What is recorded, or who was told",
    About.SAFETY: "Somebody's safety",
    About.DISCRIMINATION: "Being treated worse than others",
    About.OTHER: "Something else",
}
FROM_WORDS = {
    From.CLIENT: "A client",
    From.PARTNER: "A partner",
    From.RELATIVE: "A relative or friend",
    From.AGENCY: "Another agency",
    From.OTHER: "Somebody else",
}
OUTCOME_WORDS = {
    Outcome.UPHELD: "Upheld",
    Outcome.PARTLY: "Upheld in part",
    Outcome.NOT_UPHELD: "Not upheld",
    Outcome.WITHDRAWN: "Withdrawn",
}
ACKNOWLEDGE_DAYS = 3
ANSWER_DAYS = 28
"""Calendar days from the receipt of a complaint to the acknowledgement and to the answer."""


def complaint_due(received_on: date, acknowledged: bool, answered: bool) -> date | None:
    """The day by which the next step of a complaint is due; None once it was answered."""
    if answered:
        return None
    return received_on + timedelta(days=ANSWER_DAYS if acknowledged else ACKNOWLEDGE_DAYS)


class Mishap(StrEnum):
    """What went wrong with somebody's data."""

    WRONG_RECIPIENT = "wrong_recipient"
    UNSAFE_CONTACT = "unsafe_contact"
    CROSSED_WALL = "crossed_wall"
    LOOKED_UP = "looked_up"
    LOST = "lost"
    STOLEN = "stolen"
    ATTACK = "attack"
    UNAVAILABLE = "unavailable"
    OTHER = "other"


MISHAP_WORDS = {
    Mishap.WRONG_RECIPIENT: "Sent or told to the wrong person",
    Mishap.UNSAFE_CONTACT: "A message by an unsafe way or at an unsafe time",
    Mishap.CROSSED_WALL: "Something of one side became known on the other",
    Mishap.LOOKED_UP: "Looked up without need",
    Mishap.LOST: "Lost",
    Mishap.STOLEN: "Stolen",
    Mishap.ATTACK: "An attack on a system",
    Mishap.UNAVAILABLE: "Records could not be reached when they were needed",
    Mishap.OTHER: "Something else",
}


@dataclass(frozen=True, slots=True)
class Affected:
    """How many people's data a breach concerns; None is not known yet."""

    clients: int | None = None
    partners: int | None = None
    children: int | None = None
    workers: int | None = None

    def in_words(self) -> str:
        """The numbers in one line."""
        given = [
            f"{number} {word}"
            for word, number in (
                ("clients", self.clients),
                ("partners", self.partners),
                ("children", self.children),
                ("workers", self.workers),
            )
            if number is not None
        ]
        return ", ".join(given) or "not known yet"
