"""What the page of one child shows, read in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse

from casewall.safety.children.actions.keeping import day_of
from casewall.safety.children.forms import adult_words
from casewall.safety.children.models import (
    Arrangement,
    Child,
    ChildAdult,
    ChildAttendance,
    ChildConsent,
    ChildGoal,
    ChildSafeguarding,
    ChildSession,
    ChildSupport,
    GroupChild,
    PlanStatus,
)
from casewall.safety.children.reading import (
    born_words,
    named,
    plan_entries,
    plan_on,
    plan_tag,
    plans_of,
    referral_entries,
    written_by,
)
from casewall.safety.children.rules import (
    PROTECTED,
    Adult,
    Came,
    Consent,
    ConsentBy,
    EndReason,
    GoalState,
    Need,
    Of,
    Sex,
    Work,
    age_on,
    holding_on,
)
from casewall.safety.children.words import answer_words, words_of
from casewall.safety.pulled.models import PulledAttendance, PulledCase
from casewall.safety.reading import NOBODY, names_of
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Role, Viewer

SESSIONS_SHOWN = 50


def latest_attendances(child: Child, viewer: Viewer) -> list[ChildAttendance]:
    """The sessions to which a child came or did not come, the latest first, without their notes."""
    attended = ChildAttendance.objects.visible_to(viewer).filter(support__child=child)
    return list(
        attended.select_related("session__group")
        .defer("session__note")
        .order_by("-session__held_on", "id")[:SESSIONS_SHOWN]
    )


@dataclass(slots=True)
class ChildRecords:
    """Everything that a viewer can see of one child."""

    child: Child
    links: list[ChildAdult]
    arrangements: dict[UUID, list[Arrangement]]
    plans: list[PlanStatus]
    referrals: list[ChildSafeguarding]
    supports: list[ChildSupport]
    consents: list[ChildConsent]
    goals: list[ChildGoal]
    attendances: list[ChildAttendance]
    notes: dict[UUID, str]
    places: list[GroupChild]
    cases: dict[UUID, PulledCase]
    marks: dict[UUID, PulledAttendance] = field(default_factory=dict)
    names: dict[UUID, str] = field(default_factory=dict)

    @classmethod
    def of(cls, child: Child, viewer: Viewer) -> ChildRecords:
        """Read them. Names of workers come in one query for all."""

        def seen(model: Any, *order: str, **which: Any) -> list[Any]:
            rows = model.objects.visible_to(viewer).filter(**which)
            return list(rows.order_by(*order, "id"))

        links = seen(ChildAdult, "ended_on", "linked_on", child=child)
        arrangements: dict[UUID, list[Arrangement]] = {}
        for row in seen(Arrangement, "recorded_at", child=child):
            arrangements.setdefault(row.adult_id, []).append(row)
        attendances = latest_attendances(child, viewer)
        sessions = ChildSession.objects.visible_to(viewer).filter(
            id__in=[one.session_id for one in attendances]
        )
        cases = [link.case_id for link in links if link.case_id and not link.ended_on]
        marks = PulledAttendance.objects.visible_to(viewer).filter(case_id__in=cases)
        read = cls(
            child=child,
            links=links,
            arrangements=arrangements,
            plans=plans_of([child.pk], viewer).get(child.pk, []),
            referrals=list(
                ChildSafeguarding.objects.visible_to(viewer)
                .filter(child=child)
                .select_related("child")
                .order_by("-made_on", "id")
            ),
            supports=seen(ChildSupport, "-asked_on", child=child),
            consents=seen(ChildConsent, "-said_on", "-recorded_at", support__child=child),
            goals=seen(ChildGoal, "set_on", support__child=child),
            attendances=attendances,
            notes={one.pk: one.note or "" for one in sessions},
            places=list(
                GroupChild.objects.visible_to(viewer)
                .filter(support__child=child)
                .select_related("group")
                .order_by("joined_on", "id")
            ),
            cases={case.pk: case for case in seen(PulledCase, "referred_on", id__in=cases)},
            marks={
                mark.case_id: mark
                for mark in marks.order_by("case_id", "-held_on", "id").distinct("case_id")
            },
        )
        read.names = names_of([child.worker, *(one.worker for one in read.supports)])
        return read

    @property
    def support(self) -> ChildSupport | None:
        """The open support, or the latest one."""
        return next((s for s in self.supports if not s.ended_on), next(iter(self.supports), None))


def header(records: ChildRecords, today: date) -> dict[str, Any]:
    """The identity header: age, plan, whose child in the children's service."""
    child, support = records.child, records.support
    born = day_of(child.born_on)
    plan = plan_on(records.plans, today)
    flags = [(words_of(type(plan), plan), plan_tag(plan)[1])]
    if records.support and not records.support.ended_on and _consent_lost(records):
        flags.append(("Consent refused or withdrawn", "red"))
    if child.due_on:
        flags.append(("Not born yet", "purple"))
    in_service = "not asked for"
    if support is not None:
        worker = records.names.get(support.worker, NOBODY) if support.worker else NOBODY
        in_service = f"ended; worker {worker}" if support.ended_on else worker
    return {
        "name": named(child),
        "reference": str(child.pk)[:8],
        "flags": flags,
        "facts": [
            ("Born", born_words(child)),
            ("Age", str(age_on(born, today)) if born else None),
            ("Sex, as stated", words_of(Sex, child.sex)),
            ("Language", child.language or None),
            ("Children's worker", in_service),
        ],
        "dates": [
            ("Recorded", child.recorded_on),
            ("Work began", support.began_on if support else None),
        ],
        "protected": plan in PROTECTED,
    }


def _consent_lost(records: ChildRecords) -> bool:
    """Whether somebody's last word, of those newest first, is a refusal."""
    last: dict[Any, str] = {}
    for row in records.consents:
        last.setdefault(row.adult_id or row.by, row.said)
    return any(said != Consent.GIVEN for said in last.values())


def about(records: ChildRecords) -> list[tuple[str, Any]]:
    """What the child needs, and the school."""
    needs = [words_of(Need, code) for code in records.child.needs.split(",") if code]
    holds = records.plans and max(records.plans, key=lambda row: (row.since, row.recorded_at))
    return [
        ("Needs", ", ".join(needs) or None),
        ("School or day care", records.child.school),
        ("Authority", holds.agency if holds else None),
        ("Social worker", holds.social_worker if holds else None),
    ]


def adults(records: ChildRecords, viewer: Viewer, today: date) -> list[dict[str, Any]]:
    """The adults in the child's life, what holds now and what held before."""
    may = bool(may_do(viewer.role, Duty.RECORD_CHILD))
    shown = []
    for link in records.links:
        rows = records.arrangements.get(link.pk, [])
        shown.append(
            {
                "name": adult_words(link),
                "kind": words_of(Adult, link.kind),
                "ended_on": link.ended_on,
                "rows": [(words_of(Of, of), _holds(rows, of, today)) for of in Of],
                "earlier": _earlier(rows),
                "programme": _programme(records, link),
                "file": (
                    reverse("partner", args=[link.file_id])
                    if link.file_id and viewer.role is not Role.CHILDRENS_WORKER
                    else ""
                ),
                "write": reverse("child-arrangement", args=[link.pk]) if may else "",
                "end": reverse("child-adult-end", args=[link.pk]) if may else "",
            }
        )
    return shown


def _holds(rows: list[Arrangement], of: Of, today: date) -> str | None:
    row = holding_on([one for one in rows if one.of == of], today)
    return f"{answer_words(row.answer)}, since {row.since:%-d %B %Y}" if row else None


def _earlier(rows: list[Arrangement]) -> list[str]:
    """Every answer with its day, the newest first; nothing is ever written over."""
    by_day = sorted(rows, key=lambda row: (row.since, row.recorded_at), reverse=True)
    return [
        f"{row.since:%-d %B %Y}: {words_of(Of, row.of).lower()} – {answer_words(row.answer)}"
        for row in by_day
    ]


def _programme(records: ChildRecords, link: ChildAdult) -> dict[str, Any] | None:
    """Where the client stands on the programme, as pulled."""
    case = records.cases.get(link.case_id) if link.case_id else None
    if case is None:
        return None
    mark = records.marks.get(case.pk)
    stage = case.stage.replace("_", " ").capitalize()
    rows = [("Stage", f"{stage}, since {case.stage_on:%-d %B %Y}")]
    if mark:
        came = mark.outcome.replace("_", " ").capitalize()
        rows.append(("Last session", f"{came}, {mark.held_on:%-d %B %Y}"))
    return {"rows": rows, "as_of": max(filter(None, [case.as_of, mark.as_of if mark else None]))}


def timeline(records: ChildRecords, viewer: Viewer) -> list[dict[str, Any]]:
    """What happened, in any order; the page shows the newest first."""
    return [
        *plan_entries(records.plans, viewer),
        *(entry for row in records.referrals for entry in referral_entries(row, viewer)),
        *(entry for row in records.supports for entry in _support_entries(row, viewer)),
        *_consent_entries(records, viewer),
        *_session_entries(records, viewer),
    ]


def _support_entries(row: ChildSupport, viewer: Viewer) -> Iterable[dict[str, Any]]:
    label = ("Children's service", "blue")
    yield {"title": "Support asked for", "when": row.asked_on, "by": "", "label": label}
    by = written_by(row, viewer) if row.worker else ""
    if row.began_on:
        yield {"title": "Work began", "when": row.began_on, "by": by, "label": label}
    if row.ended_on:
        why = words_of(EndReason, row.end_reason)
        yield {
            "title": f"Work ended: {why.lower()}",
            "when": row.ended_on,
            "by": by,
            "label": label,
        }


def _consent_entries(records: ChildRecords, viewer: Viewer) -> Iterable[dict[str, Any]]:
    names = {link.pk: adult_words(link) for link in records.links}
    for row in records.consents:
        who = names.get(row.adult_id, "") if row.adult_id else row.authority or ""
        yield {
            "title": f"Consent {row.said}",
            "when": row.said_on,
            "by": written_by(row, viewer),
            "text": who or words_of(ConsentBy, row.by),
            "label": ("Consent", "green" if row.said == Consent.GIVEN else "red"),
        }


def _session_entries(records: ChildRecords, viewer: Viewer) -> Iterable[dict[str, Any]]:
    for row in records.attendances:
        session = row.session
        kind = f"Group {session.group.name}" if session.group else words_of(Work, session.kind)
        yield {
            "title": f"{kind}, {session.minutes} minutes: {words_of(Came, row.came).lower()}",
            "when": session.held_on,
            "by": written_by(session, viewer),
            "text": records.notes.get(session.pk, "") if session.group is None else "",
        }


def goals(records: ChildRecords) -> list[dict[str, Any]]:
    """What the child wants, and where it stands."""
    return [
        {
            "text": row.goal,
            "tag": (words_of(GoalState, row.state), "green" if row.state == "reached" else "grey"),
            "set_on": row.set_on,
            "url": reverse("child-goal-state", args=[row.pk]),
        }
        for row in records.goals
    ]


def steps(records: ChildRecords, viewer: Viewer) -> dict[str, list[tuple[str, str]]]:
    """What this viewer can do, by group; each a link (label, address)."""
    child, support = records.child, records.support

    def links(pk: UUID, *named_: tuple[str, str]) -> list[tuple[str, str]]:
        return [(label, reverse(name, args=[pk])) for label, name in named_]

    shown: dict[str, list[tuple[str, str]]] = {}
    if may_do(viewer.role, Duty.RECORD_CHILD):
        shown["The child"] = links(
            child.pk,
            ("Correct what is written", "child-edit"),
            ("Link another adult", "child-adult-new"),
            ("Write down the plan", "child-plan"),
        )
        if viewer.role in (Role.COORDINATOR, Role.SAFETY_MANAGER):
            shown["The child"] += links(child.pk, ("Two records, one child", "child-same"))
    if may_do(viewer.role, Duty.SUPPORT_CHILD) and support and not support.ended_on:
        shown["Children's service"] = links(support.pk, *_work_steps(support, viewer))
    if may_do(viewer.role, Duty.RECORD_SUFFERED):
        shown.setdefault("The child", []).extend(
            links(child.pk, ("What the child suffered", "child-incidents"))
        )
    if may_do(viewer.role, Duty.REQUEST_DISCLOSURE):
        shown["Safeguarding"] = links(
            child.pk, ("Ask that the programme be told of danger to the child", "child-disclose")
        )
    if may_do(viewer.role, Duty.EMERGENCY):
        shown["Safeguarding"] += links(
            child.pk, ("The child is in danger now: tell the programme at once", "child-emergency")
        )
    if may_do(viewer.role, Duty.BOOK):
        shown.setdefault("Children's service", []).extend(
            links(child.pk, ("Book an appointment", "book-child"))
        )
    return shown


def _work_steps(support: ChildSupport, viewer: Viewer) -> list[tuple[str, str]]:
    found = [("Write down a consent", "child-consent")]
    if support.began_on:
        found += [("Record a session", "child-session"), ("Write down a goal", "child-goal")]
    elif support.worker:
        found += [("Begin the work", "child-begin")]
    if viewer.role is Role.SAFETY_MANAGER:
        found += [("Give to a worker", "child-allocate")]
    return [*found, ("End the work", "child-end")]
