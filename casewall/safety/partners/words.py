"""Codes of partner support in the words and colours that pages show."""

from __future__ import annotations

from casewall.safety.partners.rules import Contact

CONTACT_COLOURS = {
    Contact.NOT_TRIED: "grey",
    Contact.NOT_REACHED: "yellow",
    Contact.UNSAFE: "red",
    Contact.DECLINED: "purple",
    Contact.ENGAGED: "green",
}

DANGER = "answer_signals_danger"

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
    "tell_absent": "Tell the partner: the client was absent without an accepted reason",
    "referral_withdrawn": "The referral was undone after work had begun: decide what follows",
    DANGER: "An answer signals danger",
}

NEXT_ACTIONS = {"contact": "Try to make contact"}


def in_words(code: str) -> str:
    """A code as a phrase: `absent_not_accepted` is “Absent not accepted”."""
    return code.replace("_", " ").capitalize()


def contact_tag(contact: str) -> tuple[str, str]:
    """A contact status as a word in its colour."""
    return in_words(contact), CONTACT_COLOURS[Contact(contact)]


def task_in_words(kind: str) -> str:
    """What a task asks for."""
    return TASKS.get(kind) or in_words(kind)
