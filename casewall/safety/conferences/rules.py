"""MARAC: which case meets the local rule, what a referral needs, when it comes back.

Sources: field guide, section 3.9 and requirements 47, 48 and 50; the numbers are those of the
service's definition, each with its authority. Nothing here weighs or sums ticks: the count is the
checklist's own, and professional judgement is a criterion by itself. Pure.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from casewall.services.schema import Escalation, Marac
from casewall.wall.decide import Decision


class Criterion(StrEnum):
    """Why a case goes to the conference."""

    THRESHOLD = "threshold"
    JUDGEMENT = "judgement"
    ESCALATION = "escalation"
    REPEAT = "repeat"
    HONOUR = "honour"


class State(StrEnum):
    """Where a referral stands. What was sent is never changed."""

    DRAFT = "draft"
    SENT = "sent"
    WITHDRAWN = "withdrawn"


class Consent(StrEnum):
    """What the partner said to being referred. *Not asked yet* is never *no*."""

    NOT_ASKED = "not_asked"
    YES = "yes"
    NO = "no"
    NOT_SAFE_TO_ASK = "not_safe_to_ask"


class Ground(StrEnum):
    """On what lawful ground information is shared without consent."""

    VITAL_INTERESTS = "vital_interests"
    SAFEGUARDING = "safeguarding"
    CRIME = "crime"
    PUBLIC_TASK = "public_task"
    COURT_ORDER = "court_order"


class Answer(StrEnum):
    """What an agency answered that was asked what it knows."""

    ASKED = "asked"
    CAME = "came"
    NONE = "none"


class Heard(StrEnum):
    """What came of a hearing. *Listed* and *put off* are no hearing."""

    LISTED = "listed"
    ACTIONS = "actions"
    NO_ACTIONS = "no_actions"
    PUT_OFF = "put_off"
    TAKEN_OFF = "taken_off"


HEARD = frozenset({Heard.ACTIONS, Heard.NO_ACTIONS})
"""Outcomes for which the case was heard: it counts, and it is flagged."""


class FlagEnd(StrEnum):
    """Why a flag was taken off, or left to end."""

    EXPIRED = "expired"
    HEARD_AGAIN = "heard_again"
    MOVED = "moved"
    DIED = "died"


class YesNo(StrEnum):
    """A fact about a person that is recorded only where the person said it."""

    YES = "yes"
    NO = "no"
    PREFERS_NOT = "prefers_not"


DEFAULT = Marac(
    authority="Printed national definitions; the definition of this service names no local rule",
    threshold=14,
)
"""The rule of a service that names none."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the records hold when a case is looked at for the conference.

    `ticks` is the checklist's own count of answers of yes; None where it was not asked, or not
    answered as a whole. `incidents` and `crimes` are days; `heard_on` is the last hearing.
    `honour` is None where nobody has said.
    """

    ticks: int | None = None
    judgement: str = ""
    incidents: Sequence[date] = ()
    crimes: Sequence[date] = ()
    honour: bool | None = None
    heard_on: date | None = None


@dataclass(frozen=True, slots=True)
class Met:
    """A criterion that is met, with the sentence that says how."""

    criterion: Criterion
    sentence: str


def months_after(day: date, months: int) -> date:
    """The same day of the month so many months later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def months_before(day: date, months: int) -> date:
    """The same day of the month so many months earlier."""
    return months_after(day, -months)


def is_repeat(heard_on: date | None, incidents: Iterable[date], months: int, today: date) -> bool:
    """Whether new violence between the same parties brings a heard case back.

    An incident after the hearing, within so many months of it. The day on which the hearing's
    months end still counts.
    """
    if heard_on is None:
        return False
    until = min(months_after(heard_on, months), today)
    return any(heard_on < day <= until for day in incidents)


def criteria_met(facts: Facts, local: Marac, today: date) -> tuple[Met, ...]:
    """The criteria of the local rule that a case meets, each with how it meets it."""
    found: list[Met] = []
    if local.threshold is not None and (facts.ticks or 0) >= local.threshold:
        found.append(
            Met(
                Criterion.THRESHOLD,
                f"{facts.ticks} answers of yes; the local threshold is {local.threshold}.",
            )
        )
    if facts.judgement.strip():
        found.append(Met(Criterion.JUDGEMENT, "A worker judges the risk to be high, and says why."))
    found += [
        Met(Criterion.ESCALATION, said)
        for rule in local.escalation
        if (said := _escalated(rule, facts, today))
    ]
    heard = facts.heard_on
    if heard and is_repeat(heard, facts.incidents, local.repeat_months, today):
        found.append(
            Met(
                Criterion.REPEAT,
                f"New violence within {local.repeat_months} months of the hearing on "
                f"{_day(heard)}.",
            )
        )
    if local.honour_automatic and facts.honour:
        found.append(
            Met(Criterion.HONOUR, "Honour-based abuse is suspected: here that is enough.")
        )
    return tuple(found)


def _escalated(rule: Escalation, facts: Facts, today: date) -> str:
    since = months_before(today, rule.months)
    days = facts.incidents if rule.of == "incidents" else facts.crimes
    count = sum(since < day <= today for day in days)
    if count < rule.at_least:
        return ""
    return (
        f"{count} {rule.of} in the last {rule.months} months; the local rule asks for "
        f"{rule.at_least}."
    )


def consent_fits(
    consent: Consent, consent_on: date | None, ground: Ground | None, reason: str, today: date
) -> Decision:
    """Whether a referral may be shared: with consent, or on a lawful ground with its reason."""
    if consent is Consent.YES:
        if consent_on is None:
            return Decision(False, "Write the day on which the partner consented.")
        if consent_on > today:
            return Decision(False, f"{_day(consent_on)} has not come yet.")
        return Decision(True, "The partner consents.")
    if ground is None:
        return Decision(
            False,
            "The partner has not consented. Ask where it is safe to; without consent, choose the "
            "lawful ground for sharing.",
        )
    if not reason.strip():
        return Decision(False, "Say in words why it is shared without consent.")
    return Decision(True, "There is a lawful ground, with its reason.")


def may_send(
    state: State, met: Sequence[Criterion], shared: Decision, sent_to: str
) -> Decision:
    """Whether a draft can be sent: a criterion, consent or a ground, and somebody to send it to."""
    if state is not State.DRAFT:
        return Decision(False, "This referral has been sent already, or was withdrawn.")
    if not met:
        return Decision(
            False,
            "No criterion of the local rule is met. If you judge the risk to be high, write down "
            "why: professional judgement is a criterion.",
        )
    if not shared:
        return shared
    if not sent_to.strip():
        return Decision(False, "Write to whom it goes.")
    return Decision(True, "The referral can be sent.")


def may_list(state: State, listed: bool) -> Decision:
    """Whether a referral can be put on the list of a conference."""
    if state is not State.SENT:
        return Decision(False, "Only a referral that was sent is put on a list.")
    if listed:
        return Decision(False, "This referral is on the list of a conference already.")
    return Decision(True, "It can be put on the list.")


def may_hear(heard: Heard, outcome: Heard, held_on: date, today: date) -> Decision:
    """Whether this can be what came of a hearing."""
    if heard is not Heard.LISTED:
        return Decision(False, "What came of this hearing has been written down already.")
    if outcome is Heard.LISTED:
        return Decision(False, "Choose what came of the hearing.")
    if outcome in HEARD and held_on > today:
        return Decision(False, f"The conference is on {_day(held_on)}, which has not come yet.")
    return Decision(True, "The outcome fits.")


def flag_until(heard_on: date, months: int) -> date:
    """The last day of the flag of a case heard on this day."""
    return months_after(heard_on, months)


def may_end_flag(until: date | None, because: FlagEnd, today: date) -> Decision:
    """Whether a flag can be ended. That it expired is said only once it has."""
    if until is None:
        return Decision(False, "This case carries no flag.")
    if because is FlagEnd.EXPIRED and today <= until:
        return Decision(False, f"The flag holds until {_day(until)}.")
    return Decision(True, "The flag can be ended.")


def missing(labels: Mapping[str, str], answers: Mapping[str, str]) -> tuple[str, ...]:
    """What the form asks for and nobody has answered, in the form's order.

    It is shown as “not known”; no answer is ever taken for a “no”.
    """
    return tuple(label for key, label in labels.items() if not answers.get(key, "").strip())


@dataclass(frozen=True, slots=True)
class HearingFact:
    """One hearing as the figures count it. What is not recorded is None, never *no*."""

    person: str
    heard_on: date
    repeat: bool
    referred_by: str
    children: int | None = None
    high_risk: bool | None = None
    sex: str | None = None
    lgbt: bool | None = None
    minority: bool | None = None
    disabled: bool | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """A line of the national-style figures: n of N, and of how many nothing is recorded.

    `n` is None where nothing is recorded of anybody: it is then not zero, it is not known.
    """

    what: str
    n: int | None
    of: int | None = None
    among: str = ""
    not_recorded: int = 0


def marac_figures(
    hearings: Sequence[HearingFact], agency_words: Mapping[str, str]
) -> list[Counted]:
    """The figures of a period, from the hearings in it."""
    cases = len(hearings)
    rows = [
        Counted("Cases heard", cases),
        Counted("Partners heard", len({one.person for one in hearings})),
        Counted("Repeats within the local months", sum(one.repeat for one in hearings), cases,
                "cases heard"),
        _children(hearings),
    ]  # fmt: skip
    agencies: dict[str, int] = {}
    for one in hearings:
        agencies[one.referred_by] = agencies.get(one.referred_by, 0) + 1
    rows += [
        Counted(f"Referred by: {agency_words.get(agency, agency)}", count, cases, "cases heard")
        for agency, count in sorted(agencies.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
    rows += [
        _share("At high risk on referral", [one.high_risk for one in hearings]),
        _share("Men who suffered violence", [
            None if one.sex in (None, "", "unknown") else one.sex == "male" for one in hearings
        ]),
        _share("Lesbian, gay, bisexual or trans", [one.lgbt for one in hearings]),
        _share("Of a minority ethnic group", [one.minority for one in hearings]),
        _share("With a disability", [one.disabled for one in hearings]),
    ]  # fmt: skip
    return rows


def _children(hearings: Sequence[HearingFact]) -> Counted:
    known = [one.children for one in hearings if one.children is not None]
    return Counted(
        "Children in the households", sum(known) if known else None, None, "",
        len(hearings) - len(known),
    )  # fmt: skip


def _share(what: str, answers: Sequence[bool | None]) -> Counted:
    known = [one for one in answers if one is not None]
    return Counted(
        what, sum(known) if known else None, len(known) if known else None, "cases where recorded",
        len(answers) - len(known),
    )  # fmt: skip


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"
