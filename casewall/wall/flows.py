"""THE TABLE: every kind of information that may cross, from where, to where, on what ground.

Whatever is not in this table does not cross. The flow views and the bridge function of the
database, the page `docs/reference/flows.md` and the command `casewall wall table` are made from
it. A change here is a change of the promise; it needs the agreement of both sides of a service.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from casewall.wall.sides import Place


class Ground(StrEnum):
    """Why a fact may cross."""

    ALWAYS = "always"
    """For every case, at a fixed cadence, whether or not anybody on the other side reads it."""
    REFERRAL = "referral"
    """It is the client's own part of a referral."""
    DISCLOSURE = "disclosure"
    """A person on the safety side decided it, with a purpose, a ground and two approvers."""
    SUBMISSION = "submission"
    """Somebody typed it into a public form; it is sealed to the side that it is meant for."""
    CONTENT_FREE = "content-free"
    """It names nobody and leads to nobody: which questions, in which language, which page."""
    PSEUDONYMISED = "pseudonymised"
    """Identifiers become keyed hashes; names, contact details and free text stay behind."""
    RELEASED = "released"
    """A figure that has passed disclosure control."""


class Carrier(StrEnum):
    """What carries the fact."""

    FLOW_VIEW = "flow view"
    BRIDGE = "bridge_append"
    DOOR = "door_append"
    SLOT = "slot functions"
    EXTRACT = "extract"
    RELEASE = "release"


@dataclass(frozen=True, slots=True)
class View:
    """A generated view of the programme cluster that the safety side may read.

    `columns` are columns of `table`; nothing else of the table can be read through the view.
    """

    name: str
    table: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Flow:
    """One row of the table.

    `kind` is the stable name, `what` says it in the field's words.
    """

    kind: str
    what: str
    source: Place
    target: Place
    ground: Ground
    carrier: Carrier
    view: View | None = None


FLOWS: tuple[Flow, ...] = (
    # Up: what he does. Her worker must know it; he signs for it in the agreement.
    Flow(
        "status",
        "Where his case stands: referral, stage, exit, and how to recognise him",
        Place.PROGRAMME,
        Place.SAFETY,
        Ground.ALWAYS,
        Carrier.FLOW_VIEW,
        View(
            "flow_case",
            "programme_cases_case",
            (
                "id", "client_id", "referral_id", "service", "route", "referred_on", "stage",
                "stage_on", "contact", "exit_reason", "version",
            ),
        ),
    ),
    Flow(
        "identity",
        "His name and date of birth, so that the right file is linked",
        Place.PROGRAMME,
        Place.SAFETY,
        Ground.ALWAYS,
        Carrier.FLOW_VIEW,
        View(
            "flow_client",
            "programme_cases_client",
            ("id", "given_name", "family_name", "born_on", "sex", "version"),
        ),
    ),
    Flow(
        "attendance",
        "Whether he came to each session",
        Place.PROGRAMME,
        Place.SAFETY,
        Ground.ALWAYS,
        Carrier.FLOW_VIEW,
        View(
            "flow_attendance",
            "programme_groups_attendance",
            ("id", "session_id", "case_id", "outcome", "minutes_attended", "version"),
        ),
    ),
    Flow(
        "session",
        "When and where a group or a client meets: an absence has a date, no hour holds both",
        Place.PROGRAMME,
        Place.SAFETY,
        Ground.ALWAYS,
        Carrier.FLOW_VIEW,
        View(
            "flow_session",
            "programme_groups_session",
            (
                "id", "group_id", "case_id", "kind", "number", "held_on", "begins_at",
                "minutes", "room_id", "state", "version",
            ),
        ),
    ),
    Flow(
        "place",
        "In which group he has a place, and since when",
        Place.PROGRAMME,
        Place.SAFETY,
        Ground.ALWAYS,
        Carrier.FLOW_VIEW,
        View(
            "flow_place",
            "programme_groups_groupmember",
            ("id", "group_id", "case_id", "joined_on", "left_on"),
        ),
    ),
    Flow(
        "room",
        "In which building a room of the programme is",
        Place.PROGRAMME,
        Place.SAFETY,
        Ground.ALWAYS,
        Carrier.FLOW_VIEW,
        View("flow_room", "programme_groups_room", ("id", "building", "version")),
    ),
    Flow(
        "course",
        "How far his course is: level, break, planned end, so that she is told at the midpoint",
        Place.PROGRAMME,
        Place.SAFETY,
        Ground.ALWAYS,
        Carrier.FLOW_VIEW,
        View(
            "flow_course",
            "programme_courses_course",
            ("id", "case_id", "level", "state", "began_on", "ends_by", "ended_on", "version"),
        ),
    ),
    Flow(
        "declared_partner",
        "The partners whom he, or his referrer, named as his statement",
        Place.PROGRAMME,
        Place.SAFETY,
        Ground.ALWAYS,
        Carrier.FLOW_VIEW,
        View(
            "flow_declared_partner",
            "programme_cases_declaredpartner",
            (
                "id", "case_id", "name", "relation", "contact_details", "stated_by",
                "stated_on", "version",
            ),
        ),
    ),
    Flow(
        "suitability",
        "What an assessment decided: a refusal or a delay is a safety event",
        Place.PROGRAMME,
        Place.SAFETY,
        Ground.ALWAYS,
        Carrier.FLOW_VIEW,
        View(
            "flow_suitability",
            "programme_cases_assessment",
            ("id", "case_id", "booked_for", "decision", "decided_on", "review_on", "version"),
        ),
    ),
    Flow(
        "family_statement",
        "How many partners and children were stated; none and not said stay apart",
        Place.PROGRAMME,
        Place.SAFETY,
        Ground.ALWAYS,
        Carrier.FLOW_VIEW,
        View(
            "flow_family_statement",
            "programme_needs_familystatement",
            ("id", "case_id", "of", "answer", "number", "stated_by", "stated_on", "version"),
        ),
    ),
    Flow(
        "declared_child",
        "The children whom the client, or the referrer, named as a statement",
        Place.PROGRAMME,
        Place.SAFETY,
        Ground.ALWAYS,
        Carrier.FLOW_VIEW,
        View(
            "flow_declared_child",
            "programme_needs_declaredchild",
            (
                "id", "case_id", "name", "born_on", "lives", "sees_client", "stated_by",
                "stated_on", "version",
            ),
        ),
    ),
    Flow(
        "safeguarding",
        "That the programme made a safeguarding referral, and what the authority decided",
        Place.PROGRAMME,
        Place.SAFETY,
        Ground.ALWAYS,
        Carrier.FLOW_VIEW,
        View(
            "flow_safeguarding",
            "programme_needs_safeguardingreferral",
            ("id", "case_id", "concern", "made_on", "outcome", "outcome_on", "version"),
        ),
    ),
    Flow(
        "access_request",
        "That a client asks about the own record: the review and the reply are made above",
        Place.PROGRAMME,
        Place.SAFETY,
        Ground.ALWAYS,
        Carrier.FLOW_VIEW,
        View(
            "flow_access_request",
            "programme_rights_accessrequest",
            (
                "id", "case_id", "asked_for", "received_on", "how", "identity", "identity_on",
                "asks", "language", "state", "items", "version",
            ),
        ),
    ),
    Flow(
        "access_item",
        "The records of the client's file, as they were collected for such a request",
        Place.PROGRAMME,
        Place.SAFETY,
        Ground.ALWAYS,
        Carrier.FLOW_VIEW,
        View(
            "flow_access_item",
            "programme_rights_accessitem",
            (
                "id", "case_id", "request_id", "kind", "record_id", "source", "about_others",
                "written_on", "content", "version",
            ),
        ),
    ),
    Flow(
        "breach_report",
        "That something went wrong with somebody's data on the programme side",
        Place.PROGRAMME,
        Place.SAFETY,
        Ground.ALWAYS,
        Carrier.FLOW_VIEW,
        View(
            "flow_breach_report",
            "programme_rights_breachreport",
            (
                "id", "service", "mishap", "near_miss", "what", "happened_on", "found_at",
                "clients", "partners", "children", "workers", "reported_at", "version",
            ),
        ),
    ),
    Flow(
        "risk",
        "How high the programme judges the client's risk, once it is signed; never why",
        Place.PROGRAMME,
        Place.SAFETY,
        Ground.ALWAYS,
        Carrier.FLOW_VIEW,
        View(
            "flow_risk",
            "programme_risk_riskassessment",
            ("id", "case_id", "level", "state", "signed_on", "review_on", "version"),
        ),
    ),
    Flow(
        "incident",
        "Violence that the programme knows of, in codes: a danger to her must be known at once",
        Place.PROGRAMME,
        Place.SAFETY,
        Ground.ALWAYS,
        Carrier.FLOW_VIEW,
        View(
            "flow_incident",
            "programme_incidents_incident",
            (
                "id", "case_id", "forms", "signs", "severity", "source", "happened_on", "exact",
                "told_on", "corrects_id", "taken_back",
            ),
        ),
    ),
    Flow(
        "proceeding",
        "Orders, bail and court cases that the programme knows of: from when, until when",
        Place.PROGRAMME,
        Place.SAFETY,
        Ground.ALWAYS,
        Carrier.FLOW_VIEW,
        View(
            "flow_proceeding",
            "programme_incidents_proceeding",
            (
                "id", "case_id", "kind", "began_on", "until_on", "ended_on", "ended_how",
                "source", "version",
            ),
        ),
    ),
    Flow(
        "deletion",
        "That a case was deleted, as a keyed hash: this side's copies of it go too",
        Place.PROGRAMME,
        Place.SAFETY,
        Ground.ALWAYS,
        Carrier.FLOW_VIEW,
        View(
            "flow_deletion",
            "programme_retention_deletion",
            ("id", "kind", "file_hash", "done_at"),
        ),
    ),
    # Down: the client's own part of a referral, and what people decided to tell.
    Flow(
        "referral_part",
        "The client's own part of a referral, in the same fixed slots for every file",
        Place.SAFETY,
        Place.PROGRAMME,
        Ground.REFERRAL,
        Carrier.BRIDGE,
    ),
    Flow(
        "withdrawal",
        "A referral was withdrawn; a task if work has begun",
        Place.SAFETY,
        Place.PROGRAMME,
        Ground.REFERRAL,
        Carrier.BRIDGE,
    ),
    Flow(
        "disclosure",
        "An approved disclosure: the minimum text for one purpose of a closed list",
        Place.SAFETY,
        Place.PROGRAMME,
        Ground.DISCLOSURE,
        Carrier.BRIDGE,
    ),
    Flow(
        "recall",
        "A disclosure is recalled",
        Place.SAFETY,
        Place.PROGRAMME,
        Ground.DISCLOSURE,
        Carrier.BRIDGE,
    ),
    # In: the front door seals everything; all that it reads is a content-free slot.
    Flow(
        "self_referral",
        "A self-referral, sealed to the programme side",
        Place.FRONT_DOOR,
        Place.PROGRAMME,
        Ground.SUBMISSION,
        Carrier.DOOR,
    ),
    Flow(
        "referral",
        "A referral by somebody else, sealed to the safety side and split there",
        Place.FRONT_DOOR,
        Place.SAFETY,
        Ground.SUBMISSION,
        Carrier.DOOR,
    ),
    Flow(
        "referrer_message",
        "A referrer's message about a referral, sealed to the safety side",
        Place.FRONT_DOOR,
        Place.SAFETY,
        Ground.SUBMISSION,
        Carrier.DOOR,
    ),
    Flow(
        "partner_answer",
        "A partner's answers to one page of questions on a device, sealed to the safety side",
        Place.FRONT_DOOR,
        Place.SAFETY,
        Ground.SUBMISSION,
        Carrier.DOOR,
    ),
    Flow(
        "slot",
        "For the fingerprint of a code: which form, which language, which page comes next",
        Place.SAFETY,
        Place.FRONT_DOOR,
        Ground.CONTENT_FREE,
        Carrier.SLOT,
    ),
    # Out: figures.
    Flow(
        "programme_extract",
        "Coded facts of the programme side, identifiers hashed",
        Place.PROGRAMME,
        Place.REPORTING,
        Ground.PSEUDONYMISED,
        Carrier.EXTRACT,
    ),
    Flow(
        "safety_extract",
        "Coded facts of the safety side, identifiers hashed",
        Place.SAFETY,
        Place.REPORTING,
        Ground.PSEUDONYMISED,
        Carrier.EXTRACT,
    ),
    Flow(
        "figures",
        "Figures with their denominators, after disclosure control",
        Place.REPORTING,
        Place.OUTSIDE,
        Ground.RELEASED,
        Carrier.RELEASE,
    ),
)


def flow_named(kind: str) -> Flow | None:
    """The row of the table with this kind, or None: then it does not cross."""
    return next((flow for flow in FLOWS if flow.kind == kind), None)


def bridge_kinds() -> tuple[str, ...]:
    """The kinds that the bridge carries down, in the order of the table."""
    return tuple(flow.kind for flow in FLOWS if flow.carrier is Carrier.BRIDGE)


def flow_views() -> tuple[View, ...]:
    """The views that are generated in the programme cluster."""
    return tuple(flow.view for flow in FLOWS if flow.view is not None)


def as_table() -> str:
    """The table as Markdown, for people and for the reference page."""
    lines = [
        "| kind | what crosses | from | to | on what ground | carried by |",
        "|---|---|---|---|---|---|",
    ]
    for flow in FLOWS:
        carrier = flow.carrier.value
        if flow.view is not None:
            carrier = f"{carrier} `{flow.view.name}`: {', '.join(flow.view.columns)}"
        lines.append(
            f"| {flow.kind} | {flow.what} | {flow.source.value.replace('_', ' ')} | "
            f"{flow.target.value.replace('_', ' ')} | {flow.ground.value} | {carrier} |"
        )
    lines.append("")
    lines.append("Whatever is not in this table does not cross.")
    return "\n".join(lines) + "\n"
