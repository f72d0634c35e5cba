"""Doing is seeing plus a duty: which role may do which act.

An action first takes a record that its worker can see, and then asks `require(by, duty)`.
"""

from __future__ import annotations

from enum import StrEnum

from casewall.wall.decide import Decision, Refused
from casewall.wall.sides import Role, Viewer


class Duty(StrEnum):
    """Acts that change something."""

    RECORD_CONTACT = "record contact with a client"
    ASSESS = "assess a client"
    MOVE_CASE = "move a case to another stage"
    SIGN_AGREEMENT = "record a signed agreement"
    RUN_GROUP = "plan a group and place clients in it"
    RECORD_ATTENDANCE = "mark a register"
    WRITE_NOTE = "write a case note"
    APPROVE_NOTE = "approve and lock a case note"
    HOLD_SESSION = "hold a one-to-one session"
    KEEP_APART = "say who cannot be placed together"
    ACT_ON_ABSENCE = "act on an absence"
    REVIEW_COURSE = "review a course"
    REOPEN = "reopen a case that has ended"
    NAME_REFERRER = "say whose referral a case is"
    SIGN_OFF = "sign off a completion, an extension, a break or a level"
    REFER_ON = "refer a client to other help"
    RELEASE = "record a release of information"
    WRITE_DOCUMENT = "write a letter or a report"
    ISSUE_DOCUMENT = "check and issue a letter or a report"
    EDIT_TEXTS = "keep the texts and templates of documents"
    RECORD_MEASURE = "record a client's answers"
    RECORD_INCIDENT = "record an incident or a proceeding"
    APPLY_ARRIVALS = "take in what arrived"
    INTAKE = "take in referrals"
    UNDO_INTAKE = "undo a referral file"
    SUPPORT_PARTNER = "work with a partner"
    SET_SAFE_CONTACT = "set how a partner can be reached safely"
    RECORD_SCALES = "record a partner's answers"
    LINK_FILES = "link a partner's file to a case"
    REQUEST_DISCLOSURE = "ask for a disclosure"
    APPROVE_DISCLOSURE = "approve or refuse a disclosure"
    EMERGENCY = "release a disclosure in an emergency"
    REVIEW_EMERGENCY = "review an emergency disclosure"
    SEND_MESSAGE = "write to a partner"
    READ_OVERRIDES = "read why a stopped message was sent"
    SEND_DUE = "send the messages whose time has come"
    CHANGE_DETAILS = "change how a partner can be found"
    RECORD_CHILD = "record a child"
    SUPPORT_CHILD = "work with a child"
    REFER_CHILD = "make a safeguarding referral about a child"
    BOOK = "book an appointment"
    KEEP_PLACES = "keep the buildings and rooms of this side"
    ASSESS_ROLES = "assess who does what to whom"
    RECORD_SUFFERED = "record what a partner or child suffered"
    TELL_AUTHORITIES = "tell an authority of an incident"
    KEEP_COSTS = "keep the cost ledger and the contracts"
    RELEASE_FIGURES = "release figures"
    SIGN_ASSESSMENT = "sign off a risk assessment"
    JOINT_RISK = "keep the picture of risk of a linked case"
    HOLD_MEETING = "hold a case meeting"
    REFER_CONFERENCE = "refer to a MARAC or a MATAC"
    KEEP_CONFERENCE = "keep the list and the actions of a MARAC or a MATAC"
    SHARE = "share information with another agency"
    KEEP_AGENCIES = "keep the directory of agencies"
    WRITE_REPORT = "write a report of this side"
    CHECK_REPORT = "check and release a report of this side"
    PUBLISH = "prepare a case study for publication"
    TAKE_REQUEST = "take in what a person asks about the own record"
    HANDLE_REQUEST = "decide what a person is told of the own record"
    COMPLAINTS = "record and answer a complaint"
    REPORT_BREACH = "report a breach or a near miss"
    HANDLE_BREACH = "decide what is done about a breach"
    HOLD_RECORDS = "hold a file back from deletion"
    ERASE = "approve that a file is deleted"
    EXCLUDE = "keep a colleague away from a file"
    OPEN_OUT_OF_TURN = "open a file that is not one's own work"
    REVIEW_ACCESS = "review who opened which file"
    PULL = "pull programme facts"
    CONFIGURE = "set up services and accounts"


_PROGRAMME_WORK = (
    Duty.RECORD_CONTACT,
    Duty.MOVE_CASE,
    Duty.WRITE_NOTE,
    Duty.HOLD_SESSION,
    Duty.REFER_ON,
    Duty.RELEASE,
    Duty.WRITE_DOCUMENT,
    Duty.RECORD_MEASURE,
    Duty.RECORD_INCIDENT,
    Duty.TAKE_REQUEST,
    Duty.COMPLAINTS,
    Duty.REPORT_BREACH,
    Duty.OPEN_OUT_OF_TURN,
)

_SAFETY_WORK = (
    Duty.REFER_CONFERENCE,
    Duty.SHARE,
    Duty.WRITE_REPORT,
    Duty.TAKE_REQUEST,
    Duty.COMPLAINTS,
    Duty.REPORT_BREACH,
    Duty.OPEN_OUT_OF_TURN,
)

_COORDINATION = (
    Duty.JOINT_RISK,
    Duty.HOLD_MEETING,
    Duty.KEEP_CONFERENCE,
    Duty.KEEP_AGENCIES,
    Duty.CHECK_REPORT,
    Duty.PUBLISH,
)

_OVERSIGHT = (
    Duty.HOLD_RECORDS,
    Duty.ERASE,
    Duty.EXCLUDE,
    Duty.REVIEW_ACCESS,
)

_PARTNER_WORK = (
    Duty.SUPPORT_PARTNER,
    Duty.SET_SAFE_CONTACT,
    Duty.RECORD_SCALES,
    Duty.SEND_MESSAGE,
    Duty.CHANGE_DETAILS,
    Duty.RECORD_CHILD,
    Duty.REFER_CHILD,
    Duty.BOOK,
    Duty.ASSESS_ROLES,
    Duty.RECORD_SUFFERED,
    Duty.TELL_AUTHORITIES,
    Duty.JOINT_RISK,
    *_SAFETY_WORK,
)

DUTIES: dict[Role, frozenset[Duty]] = {
    Role.FACILITATOR: frozenset(
        {
            *_PROGRAMME_WORK,
            Duty.RECORD_ATTENDANCE,
            Duty.ACT_ON_ABSENCE,
            Duty.REVIEW_COURSE,
        }
    ),
    Role.ASSESSOR: frozenset({*_PROGRAMME_WORK, Duty.ASSESS, Duty.SIGN_AGREEMENT}),
    Role.PROGRAMME_MANAGER: frozenset(
        {
            *_PROGRAMME_WORK,
            Duty.ASSESS,
            Duty.SIGN_AGREEMENT,
            Duty.RUN_GROUP,
            Duty.RECORD_ATTENDANCE,
            Duty.APPROVE_NOTE,
            Duty.KEEP_APART,
            Duty.ACT_ON_ABSENCE,
            Duty.REVIEW_COURSE,
            Duty.REOPEN,
            Duty.NAME_REFERRER,
            Duty.SIGN_OFF,
            Duty.ISSUE_DOCUMENT,
            Duty.EDIT_TEXTS,
            Duty.SIGN_ASSESSMENT,
            *_OVERSIGHT,
        }
    ),
    Role.REFERRER: frozenset(),
    Role.PROGRAMME_ADMINISTRATOR: frozenset({Duty.CONFIGURE}),
    Role.PROGRAMME_SYSTEM: frozenset({Duty.APPLY_ARRIVALS, Duty.CONFIGURE}),
    Role.PARTNER_WORKER: frozenset(
        {*_PARTNER_WORK, Duty.REQUEST_DISCLOSURE, Duty.APPROVE_DISCLOSURE}
    ),
    Role.CHILDRENS_WORKER: frozenset(
        {
            Duty.RECORD_CHILD,
            Duty.SUPPORT_CHILD,
            Duty.REFER_CHILD,
            Duty.BOOK,
            Duty.RECORD_SUFFERED,
            Duty.REQUEST_DISCLOSURE,
            *_SAFETY_WORK,
        }
    ),
    Role.COORDINATOR: frozenset(
        {
            *_SAFETY_WORK,
            *_COORDINATION,
            Duty.READ_OVERRIDES,
            Duty.INTAKE,
            Duty.UNDO_INTAKE,
            Duty.LINK_FILES,
            Duty.RECORD_CHILD,
            Duty.REFER_CHILD,
            Duty.ASSESS_ROLES,
            Duty.RECORD_SUFFERED,
            Duty.TELL_AUTHORITIES,
            Duty.REQUEST_DISCLOSURE,
            Duty.APPROVE_DISCLOSURE,
            Duty.EMERGENCY,
            Duty.REVIEW_EMERGENCY,
        }
    ),
    Role.SAFETY_MANAGER: frozenset(
        {
            *_PARTNER_WORK,
            *_COORDINATION,
            *_OVERSIGHT,
            Duty.HANDLE_REQUEST,
            Duty.INTAKE,
            Duty.UNDO_INTAKE,
            Duty.LINK_FILES,
            Duty.SUPPORT_CHILD,
            Duty.READ_OVERRIDES,
            Duty.KEEP_PLACES,
            Duty.KEEP_COSTS,
            Duty.RELEASE_FIGURES,
            Duty.REQUEST_DISCLOSURE,
            Duty.APPROVE_DISCLOSURE,
            Duty.EMERGENCY,
            Duty.REVIEW_EMERGENCY,
        }
    ),
    Role.DATA_PROTECTION_OFFICER: frozenset(
        {
            Duty.TAKE_REQUEST,
            Duty.HANDLE_REQUEST,
            Duty.REPORT_BREACH,
            Duty.HANDLE_BREACH,
            Duty.HOLD_RECORDS,
            Duty.ERASE,
            Duty.REVIEW_ACCESS,
        }
    ),
    Role.EVALUATOR: frozenset(),
    Role.SAFETY_ADMINISTRATOR: frozenset({Duty.CONFIGURE}),
    Role.SAFETY_SYSTEM: frozenset(
        {
            Duty.INTAKE,
            Duty.UNDO_INTAKE,
            Duty.PULL,
            Duty.LINK_FILES,
            Duty.SEND_DUE,
            Duty.CONFIGURE,
        }
    ),
}


def may_do(role: Role, duty: Duty) -> Decision:
    """Whether a worker in this role has this duty, with the reason in words."""
    words = role.value.replace("_", " ")
    who = f"An {words}" if words[0] in "aeiou" else f"A {words}"
    if duty in DUTIES[role]:
        return Decision(True, f"{who} may {duty}.")
    return Decision(False, f"{who} may not {duty}.")


def require(by: Viewer, duty: Duty) -> None:
    """Raise `Refused` with a sentence unless the viewer has this duty."""
    decision = may_do(by.role, duty)
    if not decision:
        raise Refused(decision.reason)
