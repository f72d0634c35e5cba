"""Why a case leaves, waits, is taken up again, or is not suitable: closed lists, with their words.

Pure. Sources: field guide, sections 3.2 and 3.3; `national.py` says which reason of a national
programme is which of ours.
"""

from __future__ import annotations

from enum import StrEnum


class ExitReason(StrEnum):
    """Why a case left before completion. *Declined* and *not reached* are never one thing."""

    DECLINED = "declined"
    NOT_REACHED = "not_reached"
    UNSUITABLE = "unsuitable"
    INELIGIBLE = "ineligible"
    MISTAKEN = "mistaken"
    WITHDREW = "withdrew"
    NOT_TAKING_PART = "not_taking_part"
    WORK_OR_CARE = "work_or_care"
    HEALTH = "health"
    REMOVED_ATTENDANCE = "removed_attendance"
    REMOVED_CONDUCT = "removed_conduct"
    NEW_VIOLENCE = "new_violence"
    CUSTODY = "custody"
    MOVED = "moved"
    DECEASED = "deceased"
    TRANSFERRED = "transferred"
    NEEDS_MET_ELSEWHERE = "needs_met_elsewhere"
    ALREADY_COMPLETED = "already_completed"
    REFERRAL_TAKEN_BACK = "referral_taken_back"
    ACQUITTED = "acquitted"
    ORDER_REVOKED = "order_revoked"
    ORDER_EXPIRED = "order_expired"
    NO_PLACE = "no_place"
    OTHER = "other"


class PauseReason(StrEnum):
    """Why a case waits."""

    NOT_READY = "not_ready"
    NOT_A_PRIORITY = "not_a_priority"
    SUBSTANCE_USE = "substance_use"
    HEALTH = "health"
    PROCEEDINGS = "proceedings"
    WORK_OR_CARE = "work_or_care"
    NO_PLACE = "no_place"
    CUSTODY = "custody"
    NOT_ATTENDING = "not_attending"
    CONDUCT = "conduct"
    NEW_ALLEGATION = "new_allegation"
    RECALL = "recall"
    INCOMPLETE_REFERRAL = "incomplete_referral"
    NOT_SUITABLE_HERE = "not_suitable_here"
    CANNOT_CONTINUE = "cannot_continue"
    OTHER = "other"


class ReopenReason(StrEnum):
    """Why a case that had ended is taken up again."""

    CAME_BACK = "came_back"
    RELEASED = "released"
    CHANGED = "changed"
    ON_APPEAL = "on_appeal"
    RETURNED_BY_SERVICE = "returned_by_service"
    ENDED_IN_ERROR = "ended_in_error"


class UnsuitableReason(StrEnum):
    """Why a client was found not suitable, or was not accepted yet."""

    UNDER_AGE = "under_age"
    NO_RELATIONSHIP_ABUSE = "no_relationship_abuse"
    OUT_OF_AREA = "out_of_area"
    LIVE_PROCEEDINGS = "live_proceedings"
    RECENT_PROGRAMME = "recent_programme"
    DENIES = "denies"
    FINDINGS_NOT_ACCEPTED = "findings_not_accepted"
    NO_CONSENT = "no_consent"
    MENTAL_ILLNESS = "mental_illness"
    SUBSTANCE_USE = "substance_use"
    NOT_IN_TREATMENT = "not_in_treatment"
    FIREARMS_OR_SEXUAL = "firearms_or_sexual"
    EXTENSIVE_VIOLENCE = "extensive_violence"
    RISK_TOO_HIGH = "risk_too_high"
    ORDER_TOO_SHORT = "order_too_short"
    LANGUAGE = "language"
    OTHER = "other"


Reason = ExitReason | PauseReason

EXIT_WORDS: dict[ExitReason, str] = {
    ExitReason.DECLINED: "Declined",
    ExitReason.NOT_REACHED: "Not reached",
    ExitReason.UNSUITABLE: "Not suitable",
    ExitReason.INELIGIBLE: "Outside what the service takes",
    ExitReason.MISTAKEN: "Referred by mistake or twice",
    ExitReason.WITHDREW: "Withdrew",
    ExitReason.NOT_TAKING_PART: "Came but took no part",
    ExitReason.WORK_OR_CARE: "Work, or caring for others",
    ExitReason.HEALTH: "Health",
    ExitReason.REMOVED_ATTENDANCE: "Removed for attendance",
    ExitReason.REMOVED_CONDUCT: "Removed for conduct",
    ExitReason.NEW_VIOLENCE: "New violence",
    ExitReason.CUSTODY: "In custody",
    ExitReason.MOVED: "Moved away",
    ExitReason.DECEASED: "Died",
    ExitReason.TRANSFERRED: "Transferred to another service",
    ExitReason.NEEDS_MET_ELSEWHERE: "Needs met in another way",
    ExitReason.ALREADY_COMPLETED: "Had completed it already",
    ExitReason.REFERRAL_TAKEN_BACK: "Referral taken back",
    ExitReason.ACQUITTED: "Acquitted on appeal",
    ExitReason.ORDER_REVOKED: "Order revoked",
    ExitReason.ORDER_EXPIRED: "Order expired",
    ExitReason.NO_PLACE: "No place to offer",
    ExitReason.OTHER: "Another reason",
}

PAUSE_WORDS: dict[PauseReason, str] = {
    PauseReason.NOT_READY: "Suitable, but not ready",
    PauseReason.NOT_A_PRIORITY: "Others come first for now",
    PauseReason.SUBSTANCE_USE: "Substance use until stabilised",
    PauseReason.HEALTH: "Health",
    PauseReason.PROCEEDINGS: "Court proceedings",
    PauseReason.WORK_OR_CARE: "Work, or caring for others",
    PauseReason.NO_PLACE: "No place to offer",
    PauseReason.CUSTODY: "In custody",
    PauseReason.NOT_ATTENDING: "Does not attend: being looked into",
    PauseReason.CONDUCT: "Conduct: being looked into",
    PauseReason.NEW_ALLEGATION: "New allegation: being looked into",
    PauseReason.RECALL: "Recalled to prison",
    PauseReason.INCOMPLETE_REFERRAL: "The referral is not complete",
    PauseReason.NOT_SUITABLE_HERE: "Not suitable for what was ordered",
    PauseReason.CANNOT_CONTINUE: "Cannot go on with what was ordered",
    PauseReason.OTHER: "Another reason",
}

REOPEN_WORDS: dict[ReopenReason, str] = {
    ReopenReason.CAME_BACK: "The client came back",
    ReopenReason.RELEASED: "Released from custody",
    ReopenReason.CHANGED: "What stood in the way has changed",
    ReopenReason.ON_APPEAL: "The decision was appealed",
    ReopenReason.RETURNED_BY_SERVICE: "Sent back by the other service",
    ReopenReason.ENDED_IN_ERROR: "The case had been ended in error",
}

UNSUITABLE_WORDS: dict[UnsuitableReason, str] = {
    UnsuitableReason.UNDER_AGE: "Under the age of the programme",
    UnsuitableReason.NO_RELATIONSHIP_ABUSE: "No abuse in an intimate relationship",
    UnsuitableReason.OUT_OF_AREA: "Outside the area of the service",
    UnsuitableReason.LIVE_PROCEEDINGS: "A live case before a court",
    UnsuitableReason.RECENT_PROGRAMME: "Completed a similar programme recently",
    UnsuitableReason.DENIES: "Denies, or cannot discuss, what happened",
    UnsuitableReason.FINDINGS_NOT_ACCEPTED: "Does not accept what the court found",
    UnsuitableReason.NO_CONSENT: "Does not consent",
    UnsuitableReason.MENTAL_ILLNESS: "Severe mental illness",
    UnsuitableReason.SUBSTANCE_USE: "Substance use that is not stable",
    UnsuitableReason.NOT_IN_TREATMENT: "Not in substance treatment",
    UnsuitableReason.FIREARMS_OR_SEXUAL: "Recent firearms or sexual conviction",
    UnsuitableReason.EXTENSIVE_VIOLENCE: "Extensive record of violence",
    UnsuitableReason.RISK_TOO_HIGH: "Risk higher than the programme can hold",
    UnsuitableReason.ORDER_TOO_SHORT: "Order too short for the programme",
    UnsuitableReason.LANGUAGE: "No work in a language that the client speaks",
    UnsuitableReason.OTHER: "Another reason",
}

REASON_WORDS: dict[str, str] = {**EXIT_WORDS, **PAUSE_WORDS, **REOPEN_WORDS}
"""The reason of a move in words. A code that two lists share says the same in both."""

NEEDS_A_NOTE = frozenset({ExitReason.OTHER, PauseReason.OTHER})
"""Reasons that say nothing by themselves."""
