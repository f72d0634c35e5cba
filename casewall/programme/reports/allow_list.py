"""What a document may say, and nothing else: the allow-list. Pure.

A field here is a reviewed decision. What an approved disclosure brought, addresses, and names of
anybody but the client and workers are no fields, and so can stand in no document.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow:
    """One session in an attendance report."""

    date: str = ""
    module: str = ""
    mark: str = ""
    minutes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedRow:
    """One module delivered, one stage reached or one act of the ladder, with its day."""

    name: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskSourceRow:
    """One source of a risk assessment: whether it was had, since when, or why not."""

    name: str = ""
    state: str = ""
    since: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskRatingRow:
    """The rating of one factor of a risk assessment, and what it rests on."""

    part: str = ""
    name: str = ""
    rating: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskToolRow:
    """A tool that was filled in, and what it came to by its own rule."""

    name: str = ""
    date: str = ""
    result: str = ""


Row = SessionRow | NamedRow | RiskSourceRow | RiskRatingRow | RiskToolRow
"""A row of one of the lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFacts:
    """Everything that a document may say, as it will be printed, in the document's language.

    A field without a fact is empty. This class is the allow-list; `FIELD_WORDS` explains it.
    """

    client_name: str = ""
    reference: str = ""
    service: str = ""
    agency: str = ""
    letterhead: str = ""
    recipient: str = ""
    today: str = ""
    worker: str = ""
    purpose: str = ""
    basis: str = ""
    own_words: str = ""
    meeting_date: str = ""
    meeting_time: str = ""
    meeting_place: str = ""
    stage: str = ""
    referred_on: str = ""
    assessed_on: str = ""
    agreed_on: str = ""
    started_on: str = ""
    completed_on: str = ""
    exited_on: str = ""
    decision: str = ""
    decided_on: str = ""
    programme: str = ""
    course_state: str = ""
    group_starts_on: str = ""
    group_time: str = ""
    missed_on: str = ""
    next_session_on: str = ""
    period_from: str = ""
    period_to: str = ""
    sessions_offered: str = ""
    sessions_attended: str = ""
    hours_attended: str = ""
    absences_accepted: str = ""
    absences_not_accepted: str = ""
    sessions: tuple[SessionRow, ...] = ()
    modules: tuple[NamedRow, ...] = ()
    stages: tuple[NamedRow, ...] = ()
    acts: tuple[NamedRow, ...] = ()
    risk_level: str = ""
    risk_signed_on: str = ""
    risk_version: str = ""
    risk_review_on: str = ""
    risk_assessor: str = ""
    risk_signer: str = ""
    risk_reasoning: str = ""
    risk_recommendations: str = ""
    risk_limits: str = ""
    risk_violence: str = ""
    risk_substances: str = ""
    risk_attitudes: str = ""
    risk_children: str = ""
    risk_strengths: str = ""
    risk_sources: tuple[RiskSourceRow, ...] = ()
    risk_missing: tuple[RiskSourceRow, ...] = ()
    risk_ratings: tuple[RiskRatingRow, ...] = ()
    risk_tools: tuple[RiskToolRow, ...] = ()
    commissioned_by: str = ""
    commissioned_on: str = ""


LISTS: dict[str, type[Row]] = {
    "sessions": SessionRow,
    "modules": NamedRow,
    "stages": NamedRow,
    "acts": NamedRow,
    "risk_sources": RiskSourceRow,
    "risk_missing": RiskSourceRow,
    "risk_ratings": RiskRatingRow,
    "risk_tools": RiskToolRow,
}
"""Fields that are lists, with what each row holds."""

FIELD_WORDS: dict[str, str] = {
    "client_name": "the client's name",
    "reference": "the reference of the case",
    "service": "the name of the service",
    "agency": "the name of the agency",
    "letterhead": "the agency's letterhead",
    "recipient": "to whom the document goes",
    "today": "the day of the document",
    "worker": "the worker who wrote it",
    "purpose": "what the document is for",
    "basis": "the release or the legal basis",
    "own_words": "what the worker added for this document",
    "meeting_date": "the day of the meeting",
    "meeting_time": "the time of the meeting",
    "meeting_place": "where the meeting is",
    "stage": "where the case stands",
    "referred_on": "the day of the referral",
    "assessed_on": "the day of the assessment",
    "agreed_on": "the day on which the agreement was signed",
    "started_on": "the day of the start",
    "completed_on": "the day of completion",
    "exited_on": "the day on which the case ended before completion",
    "decision": "the decision on suitability",
    "decided_on": "the day of that decision",
    "programme": "the name of the programme",
    "course_state": "where the course stands",
    "group_starts_on": "the day of the first session with the group",
    "group_time": "the time at which the group meets",
    "missed_on": "the day of the last session missed without an accepted reason",
    "next_session_on": "the day of the next session",
    "period_from": "the first day that a report covers",
    "period_to": "the last day that a report covers",
    "sessions_offered": "the number of sessions held for the client",
    "sessions_attended": "the number of sessions attended",
    "hours_attended": "the hours attended",
    "absences_accepted": "absences with an accepted reason",
    "absences_not_accepted": "absences without an accepted reason",
    "sessions": "the sessions: date, module, mark, minutes",
    "modules": "the modules delivered: name, date",
    "stages": "the stages reached: name, date",
    "acts": "what followed absences: name, date",
    "risk_level": "the level of risk that was judged and signed",
    "risk_signed_on": "the day on which the risk assessment was signed",
    "risk_version": "the version of the risk assessment",
    "risk_review_on": "the day by which the risk is reviewed",
    "risk_assessor": "who wrote the risk assessment",
    "risk_signer": "who signed the risk assessment",
    "risk_reasoning": "why the risk is judged so",
    "risk_recommendations": "what is recommended to manage the risk",
    "risk_limits": "the limits of the risk assessment",
    "risk_violence": "findings on the history of violence",
    "risk_substances": "findings on substances, health and strain",
    "risk_attitudes": "findings on attitudes and denial",
    "risk_children": "findings on children",
    "risk_strengths": "findings on strengths",
    "risk_sources": "the sources that were had: name, state, since",
    "risk_missing": "the sources that are missing: name, state, since",
    "risk_ratings": "the ratings: part, name, rating, reason",
    "risk_tools": "the tools that were filled in: name, date, result",
    "commissioned_by": "who commissioned the assessment",
    "commissioned_on": "the day on which it was commissioned",
}
"""What each field holds, for whoever writes a template."""
