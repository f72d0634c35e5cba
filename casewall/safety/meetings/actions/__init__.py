"""Every write to case meetings."""

from casewall.safety.meetings.actions.after import (
    add_action,
    cases_of_item,
    finish_action,
    names_of_item,
    owner_known,
    settled,
    write_extract,
)
from casewall.safety.meetings.actions.planning import (
    add_item,
    begin,
    build_agenda,
    change_presence,
    close,
    keep_item,
    keep_minutes,
    place_for,
    plan_meeting,
    put_back,
    record_attendance,
    take_off,
)

__all__ = [
    "add_action",
    "add_item",
    "begin",
    "build_agenda",
    "cases_of_item",
    "change_presence",
    "close",
    "finish_action",
    "keep_item",
    "keep_minutes",
    "names_of_item",
    "owner_known",
    "place_for",
    "plan_meeting",
    "put_back",
    "record_attendance",
    "settled",
    "take_off",
    "write_extract",
]
