"""Codes of partner support in the words and colours that pages show."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from casewall.safety.partners.danger import DANGER
from casewall.safety.partners.rules import (
    AGAIN,
    CAVEAT,
    WAITS,
    Contact,
    Effort,
    Learned,
    Outcome,
    Relation,
    SafeFor,
    Told,
)

CONTACT_COLOURS = {
    Contact.NOT_TRIED: "grey",
    Contact.NOT_REACHED: "yellow",
    Contact.UNSAFE: "red",
    Contact.DECLINED: "purple",
    Contact.MAY_RETURN: "pink",
    Contact.ENGAGED: "green",
}

SAFE_FOR = {
    SafeFor.PARTNER_ONLY: "Only the partner",
    SafeFor.NOT_THE_CLIENT: "Others at home too, but not the client",
    SafeFor.ANYONE_AT_HOME: "Anyone at home",
}
"""Who may see or hear that somebody wrote or called."""

TASKS = {
    "tell_accepted": "Tell the partner: the client was accepted on the programme",
    "tell_started": "Tell the partner: the client has started the programme",
    "tell_completed": "Tell the partner: the client has completed the programme",
    "tell_left": "Tell the partner: the client has left the programme, which raises risk",
    "tell_withdrawn": "Tell the partner: the client's referral was withdrawn",
    "tell_refused": "Tell the partner: the client was found not suitable, which raises risk",
    "tell_passed_on": "Tell the partner: the client was passed on to another service",
    "tell_deferred": "Tell the partner: the decision about the client was put off",
    "tell_reopened": "Tell the partner: the client's case has been taken up again",
    "tell_safeguarding": "The programme made a safeguarding referral: look at the risk",
    "referrer_message": "A referrer wrote about the client of this file: read it",
    "tell_dropped_out": "Tell the partner: the client has dropped out or was removed, which raises "
    "risk",
    "tell_suspended": "Tell the partner: the client is suspended from the programme, which raises "
    "risk",
    "tell_returned": "Tell the partner: the client was sent back to whoever referred",
    "tell_midpoint": "Tell the partner: the client has passed the middle of the programme",
    "tell_level": "Tell the partner: the client was moved to another level of the programme",
    "tell_break": "Tell the partner: the client takes a break from the programme",
    "tell_back": "Tell the partner: the client has come back from a break",
    "tell_mark_corrected": "Tell the partner: an absence was corrected; the client was there or "
    "had an accepted reason",
    "tell_danger": "The programme was told of violence with a sign of danger: look at the risk "
    "and the safety plan today",
    "tell_incident": "The programme was told of new violence: look at the risk",
    "tell_risk": "The programme judges the client's risk higher than before: look at the risk",
    "contact_stated": "A partner was stated on the programme side: decide about first contact",
    "tell_absent": "Tell the partner: the client was absent without an accepted reason",
    "referral_withdrawn": "The referral was undone after work had begun: decide what follows",
    DANGER: "A sign of danger",
    "appointment_moved": "An appointment was moved: tell the partner before the old hour",
    "appointment_to_move": "An appointment must be moved: tell the partner not to come",
    "appointment_can_be_kept": "An appointment can be kept after all",
    "link_blocked": "A referral names one person on both sides: look at the records",
    "answers_came_twice": "Answers came twice for one time: look at both",
}

NEXT_ACTIONS = {
    "contact": "Try to make contact",
    AGAIN: "Ask again, as agreed",
    WAITS: "First contact waits until the client is found suitable",
}

CONTACTS = {
    Contact.UNSAFE: "Unsafe to contact",
    Contact.MAY_RETURN: "Declined, may return",
}

RELATIONS = {
    Relation.CURRENT: "Current partner",
    Relation.FORMER: "Former partner",
    Relation.NEW: "New partner since the referral",
    Relation.UNKNOWN: "Not known",
}

LEARNED = {
    Learned.OWN_CALL: "The partner called or came",
    Learned.OTHER_PARTNER: "Another partner told us",
    Learned.COLLEAGUE: "A colleague told us",
    Learned.OTHER_AGENCY: "Another agency told us",
    Learned.PROGRAMME_STATEMENT: "Stated on the programme side",
}

TOLD = {
    Told.THE_PROGRAMME: "What the programme is and what it is not",
    Told.MAY_NOT_WORK: "That the programme may not work",
    Told.NO_GUARANTEE: "That completion guarantees nothing",
    Told.NEED_DO_NOTHING: "That the partner need do nothing for the programme",
    Told.WHERE_THE_CLIENT_STANDS: "Whether the client was accepted, refused or has left",
    Told.ATTENDANCE: "How the client attends",
    Told.THREATS: "Threats or risks that we know of",
    Told.SUPPORT: "Support, protection orders and safety planning",
    Told.CONFIDENTIALITY: "What we keep to ourselves, and its limits",
    Told.LATER: "That no now can be yes later",
}
"""The list of things to tell, in the order in which they are said. Field guide, section 3.5."""


def in_words(code: str) -> str:
    """A code as a phrase: `absent_not_accepted` is “Absent not accepted”."""
    return code.replace("_", " ").capitalize()


def contact_in_words(contact: str) -> str:
    """A contact status in words; each is told apart from the others."""
    return CONTACTS.get(Contact(contact)) or in_words(contact)


def outcome_in_words(outcome: str) -> str:
    """What came of an attempt, in words."""
    return "Declined now, but may return" if outcome == Outcome.MAY_RETURN else in_words(outcome)


def contact_tag(contact: str) -> tuple[str, str]:
    """A contact status as a word in its colour."""
    return contact_in_words(contact), CONTACT_COLOURS[Contact(contact)]


def task_in_words(kind: str) -> str:
    """What a task asks for."""
    return TASKS.get(kind) or in_words(kind)


def day_in_words(day: date, today: date) -> str:
    """A day as people say it: “yesterday, 2 March 2026”."""
    said = {today: "today, ", today - timedelta(days=1): "yesterday, "}.get(day, "on ")
    return f"{said}{day:%-d %B %Y}"


def task_text(task: Any, today: date) -> str:
    """What a task asks for, with the day that it is about."""
    if task.kind == "tell_absent" and task.about_on:
        return (
            f"The client did not attend {day_in_words(task.about_on, today)}: tell the partner "
            "before anyone contacts the client"
        )
    words = task_in_words(task.kind)
    if task.about_on and task.kind.startswith("tell_"):
        return f"{words} ({task.about_on:%-d %B %Y})"
    return words


def task_note(task: Any) -> str:
    """What stands beside a task: by when, as of when, and the caveat that every notice carries."""
    said = []
    if task.due_at:
        said.append(f"By {timezone.localtime(task.due_at):%-d %B %Y, %H:%M}.")
    if task.note:
        said.append(task.note)
    if task.as_of:
        moment = timezone.localtime(task.as_of)
        said.append(f"As the programme side recorded it, {moment:%-d %B %Y, %H:%M}.")
    if task.kind.startswith("tell_"):
        said.append(CAVEAT)
    return " ".join(said)


def effort_in_words(effort: Effort) -> str:
    """The proof of effort as a few sentences."""
    if not effort.attempts:
        said = ["Nobody has tried to reach the partner yet."]
    else:
        ways = _listed(f"{in_words(way).lower()} {n}" for way, n in effort.by_channel)
        attempts = "1 attempt" if effort.attempts == 1 else f"{effort.attempts} attempts"
        when = f"on {effort.first_on:%-d %B %Y}"
        if effort.last_on != effort.first_on:
            when = f"from {effort.first_on:%-d %B %Y} to {effort.last_on:%-d %B %Y}"
        said = [f"{attempts} to reach the partner, {when}: {ways}."]
    said.append(_clock_in_words(effort))
    if effort.attempts:
        said.append(
            f"The partner answered first on {effort.reached_on:%-d %B %Y}."
            if effort.reached_on
            else "The partner has not been reached."
        )
    return " ".join(filter(None, said))


def _clock_in_words(effort: Effort) -> str:
    if effort.contact_by is None:
        return "The clock of the service has not begun."
    by = f"{effort.contact_by:%-d %B %Y}"
    if effort.first_on is not None:
        kept = "within" if effort.in_time else "after"
        return f"The first was {kept} the clock of the service, which ended on {by}."
    if effort.in_time is False:
        return f"The clock of the service ended on {by}."
    return f"The clock of the service ends on {by}."


def _listed(parts: Iterable[str]) -> str:
    return ", ".join(parts)
