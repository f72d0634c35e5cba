"""Rules of documents: what one may say, to whom it may go, and what must happen before. Pure.

`DocumentFacts` (see `allow_list`) is all that a template is given, so what is not a field there
cannot stand in a document: no address, nobody whom a client or a referrer named, no note, no
statement that an approved disclosure brought. Sources: field guide, sections 3.14 (a certificate
promises nothing about safety) and 3.15 (reports, the second-person check).
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from casewall.programme.reports.allow_list import (
    FIELD_WORDS,
    LISTS,
    DocumentFacts,
    NamedRow,
    RiskRatingRow,
    RiskSourceRow,
    RiskToolRow,
    Row,
    SessionRow,
)
from casewall.wall.decide import Decision

__all__ = [
    "FIELD_WORDS",
    "LISTS",
    "DocumentFacts",
    "NamedRow",
    "RiskRatingRow",
    "RiskSourceRow",
    "RiskToolRow",
    "SessionRow",
]


class Kind(StrEnum):
    """What a document is."""

    MISSED_SESSION = "missed_session"
    INVITATION = "invitation"
    PLACE_OFFERED = "place_offered"
    ATTENDANCE_REPORT = "attendance_report"
    ABSENCE_NOTICE = "absence_notice"
    EXIT_NOTICE = "exit_notice"
    COMPLETION_NOTICE = "completion_notice"
    DECISION_REPORT = "decision_report"
    RISK_REPORT = "risk_report"
    CERTIFICATE = "certificate"


KIND_WORDS: dict[Kind, str] = {
    Kind.MISSED_SESSION: "Letter: missed session",
    Kind.INVITATION: "Letter: invitation to a meeting",
    Kind.PLACE_OFFERED: "Letter: place offered",
    Kind.ATTENDANCE_REPORT: "Attendance report to the referrer",
    Kind.ABSENCE_NOTICE: "Notice of absence to the referrer",
    Kind.EXIT_NOTICE: "Notice of exit to the referrer",
    Kind.COMPLETION_NOTICE: "Notice of completion to the referrer",
    Kind.DECISION_REPORT: "Report of the decision on suitability",
    Kind.RISK_REPORT: "Risk assessment report",
    Kind.CERTIFICATE: "Certificate of completion",
}

SHOWN_TO_REFERRER = (Kind.ATTENDANCE_REPORT, Kind.RISK_REPORT)
"""Kinds that the agency which referred reads in its own view, once they were issued to it."""

TO_THE_CLIENT = frozenset(
    {Kind.MISSED_SESSION, Kind.INVITATION, Kind.PLACE_OFFERED, Kind.CERTIFICATE}
)
"""Kinds that are handed to the client; every other one goes to somebody outside."""

FOR_ACT: dict[str, Kind] = {
    "letter": Kind.MISSED_SESSION,
    "referrer_notice": Kind.ABSENCE_NOTICE,
}
"""The kind of document that an accepted act of the absence ladder asks for."""


class State(StrEnum):
    """How far a document has come. Only a checked one can be issued."""

    DRAFT = "draft"
    CHECKED = "checked"
    ISSUED = "issued"
    WITHDRAWN = "withdrawn"


FOLLOWS: dict[State, tuple[State, ...]] = {
    State.DRAFT: (State.CHECKED, State.WITHDRAWN),
    State.CHECKED: (State.DRAFT, State.ISSUED, State.WITHDRAWN),
    State.ISSUED: (State.WITHDRAWN,),
    State.WITHDRAWN: (),
}
"""Allowed changes. An issued document never changes: a new edition takes its place."""


class Basis(StrEnum):
    """On what ground something about a client goes to somebody outside."""

    RELEASE = "release"
    COURT = "court"
    DUTY_BY_LAW = "duty_by_law"
    SAFEGUARDING = "safeguarding"


BASIS_WORDS: dict[Basis, str] = {
    Basis.RELEASE: "A release that the client signed",
    Basis.COURT: "An order of a court",
    Basis.DUTY_BY_LAW: "A duty by law to report to the referrer",
    Basis.SAFEGUARDING: "Safeguarding of a child or of an adult at risk",
}


RELEASED_AS: dict[Kind, str] = {
    Kind.ATTENDANCE_REPORT: "attendance",
    Kind.ABSENCE_NOTICE: "attendance",
    Kind.EXIT_NOTICE: "completion",
    Kind.COMPLETION_NOTICE: "completion",
    Kind.DECISION_REPORT: "assessment",
    Kind.RISK_REPORT: "assessment",
}
"""What a release must cover for each kind that goes to somebody outside."""

SCOPE_WORDS: dict[str, str] = {
    "attendance": "attendance",
    "completion": "completion, or how the work ended",
    "assessment": "the assessment of suitability",
}


class Purpose(StrEnum):
    """What a document is for."""

    CONTACT = "contact"
    REPORTING = "reporting"
    COURT = "court"
    FUNDING = "funding"
    OWN_RECORDS = "own_records"


PURPOSE_OF: dict[Kind, Purpose] = {
    kind: Purpose.REPORTING if kind in RELEASED_AS else Purpose.CONTACT for kind in Kind
} | {Kind.CERTIFICATE: Purpose.OWN_RECORDS}
"""What a kind is for unless the worker says otherwise."""

PURPOSE_WORDS: dict[Purpose, str] = {
    Purpose.CONTACT: "To reach the client",
    Purpose.REPORTING: "To report to the referrer",
    Purpose.COURT: "For a court",
    Purpose.FUNDING: "For whoever pays for the place",
    Purpose.OWN_RECORDS: "For the client's own papers",
}


NEEDS: dict[Kind, tuple[tuple[str, str], ...]] = {
    Kind.MISSED_SESSION: (
        ("missed_on", "No session is marked as missed without an accepted reason."),
    ),
    Kind.INVITATION: (
        ("meeting_date", "Say on which day the meeting is."),
        ("meeting_time", "Say at which time the meeting is."),
        ("meeting_place", "Say where the meeting is."),
    ),
    Kind.PLACE_OFFERED: (
        ("group_starts_on", "The client has no place in a group that still has a session to come."),
    ),
    Kind.ATTENDANCE_REPORT: (("period_from", "Say which days the report covers."),),
    Kind.ABSENCE_NOTICE: (
        ("missed_on", "No session is marked as missed without an accepted reason."),
    ),
    Kind.EXIT_NOTICE: (("exited_on", "The case has not ended before completion."),),
    Kind.COMPLETION_NOTICE: (("completed_on", "The course has not been completed."),),
    Kind.DECISION_REPORT: (("decision", "No decision on suitability is on file."),),
    Kind.RISK_REPORT: (("risk_level", "No risk assessment of this case has been signed."),),
    Kind.CERTIFICATE: (("completed_on", "The course has not been completed."),),
}
"""Without which fact a kind says nothing true, and the sentence for the worker."""

_CONTROL = re.compile(r"[\u202a-\u202e\u2066-\u2069\ufeff]")


def clean(text: str) -> str:
    """Text that a document can hold: line breaks stay, other control characters go.

    Marks that turn the direction of the text go as well: they could make a reader see a name
    or a number other than the one that is written.
    """
    shown = "".join(
        one
        for one in text.replace("\r\n", "\n").replace("\r", "\n")
        if one == "\n" or unicodedata.category(one) not in ("Cc", "Cs", "Cn")
    )
    return _CONTROL.sub("", shown).strip()


def facts_of(given: Mapping[str, Any]) -> DocumentFacts:
    """Facts from plain values. Raises `ValueError` naming any field that is not on the list."""
    outside = sorted(set(given) - {field.name for field in fields(DocumentFacts)})
    if outside:
        raise ValueError(f"A document may not hold “{outside[0]}”.")
    made: dict[str, Any] = {}
    for name, value in given.items():
        if name in LISTS:
            made[name] = tuple(_row(name, row) for row in value)
        elif isinstance(value, str):
            made[name] = clean(value)
        else:
            raise ValueError(f"“{name}” of a document must be text.")
    return DocumentFacts(**made)


def _row(name: str, row: Mapping[str, str]) -> Row:
    of = LISTS[name]
    outside = sorted(set(row) - parts_of(name))
    if outside:
        raise ValueError(f"“{name}” of a document may not hold “{outside[0]}”.")
    return of(**{part: clean(text) for part, text in row.items()})


def parts_of(name: str) -> frozenset[str]:
    """What a row of this list holds; nothing for a field that is no list."""
    return frozenset(field.name for field in fields(LISTS[name])) if name in LISTS else frozenset()


def plain(facts: DocumentFacts) -> dict[str, Any]:
    """Facts as text, and lists of text by name: what a template is given."""
    found: dict[str, Any] = {}
    for field in fields(DocumentFacts):
        value = getattr(facts, field.name)
        if field.name in LISTS:
            found[field.name] = [
                {part.name: getattr(row, part.name) for part in fields(row)} for row in value
            ]
        else:
            found[field.name] = value
    return found


def frozen(facts: DocumentFacts) -> str:
    """Facts as JSON, to be kept with the document."""
    return json.dumps(plain(facts), ensure_ascii=False, sort_keys=True)


def thawed(text: str) -> DocumentFacts:
    """The facts that `frozen` wrote. Raises `ValueError` where they hold anything else."""
    return facts_of(json.loads(text))


def missing(kind: Kind, facts: DocumentFacts) -> list[str]:
    """What a document of this kind lacks, as sentences; none where it can be written."""
    return [sentence for name, sentence in NEEDS[kind] if not getattr(facts, name)]


def may_become(now: State, to: State) -> Decision:
    """Whether a document may go from one state to another."""
    if to in FOLLOWS[now]:
        return Decision(True, f"A document that is {now} may become {to}.")
    if now is State.ISSUED:
        return Decision(
            False,
            "This document has been issued and cannot be changed. Withdraw it, "
            "or write a new edition.",
        )
    if now is State.WITHDRAWN:
        return Decision(False, "This document has been withdrawn. Write a new edition.")
    if to is State.ISSUED:
        return Decision(False, "Somebody else must check this document before it is issued.")
    return Decision(False, f"A document that is {now} cannot become {to}.")


def may_go_out(kind: Kind, basis: Basis | None, scope: frozenset[str] | None) -> Decision:
    """Whether there is a ground to give a document of this kind to its recipient.

    The client needs none. Anybody outside needs a release that still holds and covers what the
    document tells, or a legal basis. `scope`: what the named release covers; None where there is
    no release that holds.
    """
    if kind in TO_THE_CLIENT:
        return Decision(True, "It goes to the client.")
    if basis is None:
        return Decision(
            False,
            "This goes to somebody outside: name the release that the client "
            "signed, or the legal basis.",
        )
    if basis is Basis.RELEASE and scope is None:
        return Decision(
            False,
            "There is no release that holds today for this document: it has "
            "run out, was withdrawn, or was never signed. Choose another, or "
            "name the legal basis.",
        )
    if basis is Basis.RELEASE and scope is not None and RELEASED_AS[kind] not in scope:
        return Decision(
            False,
            f"The release does not cover “{SCOPE_WORDS[RELEASED_AS[kind]]}”. "
            "Choose another, or name the legal basis.",
        )
    return Decision(True, f"{BASIS_WORDS[basis]}.")


RUN = 6
"""So many words in a row that stand in a statement too are taken for its words."""

_WORD = re.compile(r"[^\W_]+")


def repeated(text: str, statements: Iterable[str]) -> str:
    """The first words of a text that stand in a statement in the same order; empty: none.

    What an approved disclosure told is for knowledge only and goes into no document. A short
    statement counts where the text holds all of it, from four words on.
    """
    words = _WORD.findall(text)
    plain_words = [one.casefold() for one in words]
    for statement in statements:
        told = [one.casefold() for one in _WORD.findall(statement)]
        length = min(RUN, max(len(told), 4))
        runs = {tuple(told[at : at + length]) for at in range(len(told) - length + 1)}
        for at in range(len(words) - length + 1):
            if tuple(plain_words[at : at + length]) in runs:
                return " ".join(words[at : at + length])
    return ""


def may_check(is_writer: bool, nothing_from_others: bool | None) -> Decision:
    """Whether a second person's check is complete.

    `nothing_from_others`: the answer to whether everything in the document comes from the
    client, the referrer or the programme's own sessions; None where it was not answered.
    """
    if is_writer:
        return Decision(False, "You wrote this document, so somebody else must check it.")
    if nothing_from_others is None:
        return Decision(
            False,
            "Say whether anything in it comes from somebody other than the client or the referrer.",
        )
    if not nothing_from_others:
        return Decision(
            False,
            "What comes from somebody else may not go out. Return the document "
            "with a word on what must be taken out.",
        )
    return Decision(True, "Checked by a second person.")


AFTER_AN_ABSENCE = frozenset({Kind.MISSED_SESSION, Kind.ABSENCE_NOTICE})
"""Kinds that follow an absence. They go a fixed time after the register, for everybody alike."""


def may_go_now(
    kind: Kind, registered_at: datetime | None, delay: timedelta, now: datetime
) -> Decision:
    """Whether a document may go at this moment.

    What follows an absence waits for the same interval after every register, so that its day
    tells nothing. `registered_at`: when the register of the absence was saved.
    """
    if kind not in AFTER_AN_ABSENCE or registered_at is None or now >= registered_at + delay:
        return Decision(True, "It may go now.")
    due = (registered_at + delay).astimezone(now.tzinfo)
    return Decision(
        False,
        f"What follows an absence goes out {delay // timedelta(hours=1)} hours "
        f"after the register, for everybody alike: this one from "
        f"{due:%-d %B %Y, %H:%M}.",
    )


def file_stem(kind: Kind, reference: str, edition: int) -> str:
    """The name of a downloaded file, without a person's name in it."""
    return f"{kind.replace('_', '-')}-{reference}-{edition}"


def trial_facts() -> DocumentFacts:
    """Facts that name themselves, for whoever tries a template out."""
    given: dict[str, Any] = {
        name: f"[{text}]" for name, text in FIELD_WORDS.items() if name not in LISTS
    }
    for name in LISTS:
        given[name] = [{part: f"[{part} {number}]" for part in parts_of(name)} for number in (1, 2)]
    return facts_of(given)


def default_language(client: str, service: tuple[str, ...], offered: tuple[str, ...]) -> str:
    """The language of a letter: the client's, else the first of the service that has a text."""
    return next((one for one in (client, *service, "en") if one in offered), offered[0])
