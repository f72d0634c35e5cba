"""Every write about what a partner or child suffered, and about telling authorities."""

from casewall.safety.incidents.actions.courts import (
    change_proceeding,
    open_proceeding,
    set_court_day,
    settle_court_day,
)
from casewall.safety.incidents.actions.suffering import (
    begin_report,
    record_asked,
    record_child_incident,
    record_suffered,
    take_back,
)
from casewall.safety.incidents.actions.telling import (
    end_report,
    record_consent,
    record_ground,
    record_try,
    tell_authority,
)

__all__ = [
    "begin_report",
    "change_proceeding",
    "end_report",
    "open_proceeding",
    "record_asked",
    "record_child_incident",
    "record_consent",
    "record_ground",
    "record_suffered",
    "record_try",
    "set_court_day",
    "settle_court_day",
    "take_back",
    "tell_authority",
]
