"""Codes of appointments in the words and colours that pages show."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from casewall.safety.bookings.rules import Channel, Kind, State, Where

KINDS = {
    Kind.FIRST_TALK: "First talk",
    Kind.SUPPORT: "Support talk",
    Kind.SAFETY_PLANNING: "Safety planning",
    Kind.QUESTIONNAIRE: "Questionnaire",
    Kind.GOING_ALONG: "Going along to court, police or an office",
    Kind.CHILD: "With a child",
    Kind.GROUP: "Group of partners",
    Kind.CHILD_GROUP: "Group of children",
}
CHANNELS = {
    Channel.IN_PERSON: "In person",
    Channel.PHONE: "By phone",
    Channel.VIDEO: "By video",
}
PLACES = {Where.HOME: "At the partner's home", Where.ELSEWHERE: "Somewhere else"}
STATES = {
    State.PLANNED: ("Planned", "blue"),
    State.TO_MOVE: ("Must be moved", "red"),
    State.MOVED: ("Moved: tell the partner", "orange"),
    State.HELD: ("Held", "green"),
    State.MISSED: ("Partner did not come", "yellow"),
    State.CANCELLED: ("Called off", "grey"),
}


def state_tag(state: str) -> tuple[str, str]:
    """The state of an appointment as a word in its colour."""
    return STATES[State(state)]


def hour_in_words(moment: datetime, zone: ZoneInfo) -> str:
    """A moment on the clock on the wall: “Tuesday 11 March 2036, 10:30”."""
    return f"{moment.astimezone(zone):%A %-d %B %Y, %H:%M}"
