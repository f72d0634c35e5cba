"""The rows of an extract, table by table: coded facts under pseudonyms, and nothing else.

No row holds a name, a contact detail or free text about a person. Keys are pseudonyms that mean
nothing outside one extract. A fact that is not known is None, or "unknown" where the column has
that word; it is never a zero.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Side = Literal["programme", "safety"]
Role = Literal["client", "partner"]
Party = Literal["client", "partner", "referrer"]
Sex = Literal["male", "female", "other", "unknown"]
Contact = Literal["not_tried", "not_reached", "unsafe", "declined", "engaged"]
Answerer = Literal["partner", "client", "referrer"]
Witness = Literal["partner", "client", "worker", "police", "referrer", "agency"]
Wave = Literal["first_contact", "before", "middle", "after", "follow_up", "months_6", "months_12"]
"""The time points: T0 first contact, T1 before, T2 middle, T3 after, T4 follow-up, and six and
twelve months after the end."""
Form = Literal["physical", "sexual", "psychological", "economic", "control", "threats", "stalking"]
"""Forms of violence, after chapter V of the Istanbul Convention, economic violence and coercive
control apart."""
Forum = Literal["marac", "matac", "case_meeting"]

AT_THE_CENTRE: Contact = "engaged"
"""A person is "at the Centre" (seen) when contact led to engagement with the service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One referral of one person.

    A partner exists on the safety side only. ``key`` is stable within the extract, so that a
    person who was referred twice has two rows with one key. ``children`` is how many were
    stated at the referral (None: nobody knows; 0: none). ``violence_months`` is how long the
    violence had lasted; ``needs`` are codes, comma-separated and sorted, or "none" (None:
    not assessed).
    """

    key: str
    side: Side
    role: Role
    sex: Sex
    service: str
    route: str
    referred_on: date
    contact: Contact
    stage: str | None = None
    assessed_on: date | None = None
    suitable_on: date | None = None
    agreed_on: date | None = None
    started_on: date | None = None
    completed_on: date | None = None
    exited_on: date | None = None
    exit_reason: str | None = None
    contacted_on: date | None = None
    age_band: str | None = None
    area: str | None = None
    language: str | None = None
    risk: str | None = None
    relationship: str | None = None
    employment: str | None = None
    children: int | None = None
    violence_months: int | None = None
    needs: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A partner and a client who belong to one case. Known on the safety side only."""

    partner_key: str
    client_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildLink:
    """One child beside one adult; ``child_key`` counts each child once, whoever its adults are.

    ``plan`` is the last known status of a child-protection plan.
    """

    child_key: str
    adult_role: Role
    adult_key: str
    plan: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleScore:
    """One person's score on one scale at one time point; None if there is none.

    ``source`` is who answered, ``side`` where the answer is held. ``scale`` is the name of a
    measure, or measure.subscale; its range and direction stand in the measure's definition.
    ``not_answered_reason`` says why a score is absent where that is known (for example "unsafe
    to ask").
    """

    key: str
    side: Side
    source: Answerer
    scale: str
    wave: Wave
    score: float | None
    answered: int
    items: int
    answered_on: date | None = None
    not_answered_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer to one question of a measure, by its code; None where it was asked in vain.

    ``key`` is the person who answered; a referrer answers once for each client, so that there
    it is a pseudonym of the two together and ``about_key`` is the client.
    """

    key: str
    side: Side
    source: Answerer
    measure: str
    item: str
    wave: Wave
    code: str | None
    about_key: str | None = None
    answered_on: date | None = None
    not_answered_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One incident that one source tells of: suffered by a partner, or used by a client.

    ``form`` is the gravest form in it: an incident of several forms is still one row.
    ``severity`` runs from 1 (least) to 4; None where nobody rated it.
    """

    key: str
    role: Role
    side: Side
    source: Witness
    form: Form
    happened_on: date
    severity: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A span of days about which a source was asked, or was watched. Outside such a span its
    silence says nothing."""

    key: str
    role: Role
    side: Side
    source: Witness
    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Custody:
    """Days on which a client was in custody and not at risk; no last day: still there."""

    client_key: str
    first_on: date
    last_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """One client's mark in one session's register; durations in minutes."""

    client_key: str
    session_on: date
    status: str
    minutes_planned: int
    minutes_attended: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """Another treatment beside the programme (``kind``, for example substance), and how it went."""

    client_key: str
    kind: str
    started_on: date
    ended_on: date | None = None
    outcome: Literal["completed", "left", "ongoing", "unknown"] = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """A person's case in a meeting of several agencies, by the day on which it was heard."""

    key: str
    role: Role
    forum: Forum
    heard_on: date
    route: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """Work of the service that is with no single person: a training, a helpline day."""

    kind: str
    held_on: date
    persons: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """Money that a funder gives for a period; ``amount`` in hundredths of ``currency``."""

    funder: str
    first_on: date
    last_on: date
    amount: int
    currency: str
    area: str | None = None
    persons: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """One line of the cost ledger: ``amount`` in hundredths of ``currency``, in prices of
    ``price_year``; ``included`` says whether the cost figures count it."""

    category: str
    amount: int
    currency: str
    price_year: int
    included: bool
    note: str | None = None


TABLES: dict[str, type] = {
    "persons": Person,
    "links": Link,
    "children": ChildLink,
    "scales": ScaleScore,
    "answers": Answer,
    "incidents": Incident,
    "followed": Followed,
    "custody": Custody,
    "attendance": Attendance,
    "treatments": Treatment,
    "hearings": Hearing,
    "activities": Activity,
    "contracts": Contract,
    "costs": Cost,
}
