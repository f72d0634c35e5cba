"""Codes of sending in the words and colours that pages show."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from casewall.safety.partners.rules import SafeFor
from casewall.safety.sending.models import Message
from casewall.safety.sending.rules import NAMES, Act, Alternative, State, Stop

STATES: dict[State, tuple[str, str]] = {
    State.QUEUED: ("Waits", "blue"),
    State.CLAIMED: ("On its way", "blue"),
    State.SENT: ("Sent", "green"),
    State.STOPPED: ("Stopped", "red"),
    State.DOUBTFUL: ("Nobody knows whether it went", "orange"),
    State.RECALLED: ("Taken back", "grey"),
}

WHY: dict[Stop, str] = {
    Stop.WITHDRAWN: "the referral was withdrawn",
    Stop.UNSAFE: "contact is unsafe",
    Stop.DECLINED: "the partner declined contact for now",
    Stop.CLOSED: "the file is closed",
    Stop.RESTRICTED: "the file is restricted",
    Stop.NO_ADDRESS: "no number or address is known",
    Stop.NOT_CONFIRMED: "the channel is not confirmed safe",
    Stop.STALE: "its safety was confirmed too long ago",
    Stop.WRONG_HOUR: "this was outside the safe hours",
    Stop.NO_VOICEMAIL: "no message may be left",
    Stop.NO_CALENDAR: "no calendar entry may be made",
    Stop.POST_KEEPS_NO_HOURS: "the post keeps no hours",
    Stop.ADDRESS_CHANGED: "the number or address was changed",
    Stop.WORDS_CHANGED: "the name to use or the code word was changed",
    Stop.TOO_LATE: "its time passed",
}

HEARS: dict[SafeFor, str] = {
    SafeFor.PARTNER_ONLY: "Only the partner may see or hear it. If anybody else answers, give the "
    "name to use, say nothing more and end the call.",
    SafeFor.NOT_THE_CLIENT: "Others at home may know that you call, but not the client.",
    SafeFor.ANYONE_AT_HOME: "Anyone at home may know that you call.",
}


def why(stops: str) -> str:
    """Stored stops in words: “the file is closed; its time passed”."""
    return "; ".join(WHY[Stop(code)] for code in stops.split(",") if code)


def state_tag(message: Message) -> tuple[str, str]:
    """A message's state in its colour. A letter that is printed waits to be posted."""
    if message.act == Act.LETTER and message.state == State.CLAIMED:
        return "Printed, not posted yet", "yellow"
    return STATES[State(message.state)]


def alternative(one: Alternative, today: date) -> str:
    """What would be safe instead: “Call, now” or “E-mail, from Monday 17 March, 09:00”."""
    if one.opens_at is None:
        return f"{NAMES[one.act]}, now"
    return f"{NAMES[one.act]}, from {moment(one.opens_at, today)}"


def moment(at: datetime, today: date) -> str:
    """A moment in words: “18:00 today”, “09:00 on Monday 17 March”."""
    local = timezone.localtime(at)
    if local.date() == today:
        return f"{local:%H:%M} today"
    return f"{local:%H:%M} on {local:%A %-d %B}"
