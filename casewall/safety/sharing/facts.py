"""The facts of the records that a report may hold, section by section. Never words of a note.

No address, number, school, place, court or condition of an order is read here, and of incidents
neither the words nor who else was there.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

from casewall.programme.incidents.rules import Form, Kind, Source
from casewall.programme.incidents.shown import newest, severity_words, when_words
from casewall.programme.incidents.words import listed
from casewall.programme.incidents.words import words_of as said
from casewall.safety.children.models import (
    Child,
    ChildAdult,
    ChildAttendance,
    ChildSafeguarding,
    ChildSupport,
    PlanStatus,
)
from casewall.safety.children.rules import Came as ChildCame
from casewall.safety.children.rules import (
    Concern,
    Plan,
    ReferralOutcome,
    Threshold,
    age_on,
    holding_on,
)
from casewall.safety.children.words import words_of as child_words
from casewall.safety.incidents.models import FileProceeding, SufferedIncident
from casewall.safety.partners.models import PartnerFile
from casewall.safety.sharing.content import ReportPart
from casewall.safety.sharing.rules import Section
from casewall.safety.support.models import SupportPeriod, SupportSession
from casewall.safety.support.rules import Came
from casewall.wall.sides import Viewer

Row = tuple[str, ...]
Facts = tuple[Row, list[Row]]
"""Columns, and rows of the same length."""

NOTHING: Facts = ((), [])
TOLD_BY = frozenset({Source.PARTNER})
"""Sources whose word was given to this side in confidence."""


def day_words(day: date | None) -> str:
    """A day as a report prints it."""
    return f"{day:%-d %B %Y}" if day else "–"


def part_of(
    section: Section, file: PartnerFile | None, child: Child | None, words: str, viewer: Viewer,
    today: date,
) -> ReportPart:  # fmt: skip
    """One section with its facts of today."""
    columns, rows = NOTHING
    if file is not None and section in _OF_FILE:
        columns, rows = _OF_FILE[section](file, viewer, today)
    elif child is not None and section in _OF_CHILD:
        columns, rows = _OF_CHILD[section](child, viewer, today)
    return ReportPart(key=section, columns=columns if rows else (), rows=tuple(rows),
                      words=words.strip())  # fmt: skip


def _support(file: PartnerFile, viewer: Viewer, today: date) -> Facts:
    periods = SupportPeriod.objects.visible_to(viewer).filter(file=file).order_by("began_on")
    sessions = SupportSession.objects.visible_to(viewer).filter(file=file)
    held = sessions.filter(corrected_by__isnull=True, came=Came.HELD).count()
    rows = [
        ("Support", f"{day_words(one.began_on)} to {day_words(one.ended_on)}"
         if one.ended_on else f"since {day_words(one.began_on)}")
        for one in periods
    ]  # fmt: skip
    return ("What", "When or how many"), [*rows, ("Meetings held", str(held))] if rows else []


def _incidents(file: PartnerFile, viewer: Viewer, *, told: bool) -> Facts:
    rows = newest(SufferedIncident.objects.visible_to(viewer).filter(file=file).defer("what"))
    found = [
        (when_words(row), listed(Form, row.forms), severity_words(row), said(Source, row.source))
        for row in rows
        if not row.taken_back and (row.source in TOLD_BY) is told
    ]
    return ("When", "What", "How grave", "Who says so"), found


def _authorities(file: PartnerFile, viewer: Viewer, today: date) -> Facts:
    return _incidents(file, viewer, told=False)


def _told(file: PartnerFile, viewer: Viewer, today: date) -> Facts:
    return _incidents(file, viewer, told=True)


def _orders(file: PartnerFile, viewer: Viewer, today: date) -> Facts:
    rows = FileProceeding.objects.visible_to(viewer).filter(file=file).order_by("began_on", "id")
    return ("What", "Since", "Until", "Who says so"), [
        (said(Kind, row.kind), day_words(row.began_on), day_words(row.ended_on or row.until_on),
         said(Source, row.source))
        for row in rows.defer("court", "conditions")
    ]  # fmt: skip


def _children(file: PartnerFile, viewer: Viewer, today: date) -> Facts:
    links = (
        ChildAdult.objects.visible_to(viewer)
        .filter(file=file, ended_on=None)
        .select_related("child")
        .order_by("linked_on", "id")
    )
    children = [link.child for link in links]
    plans: dict[UUID, list[PlanStatus]] = {}
    written = PlanStatus.objects.visible_to(viewer).filter(child__in=children)
    for row in written.order_by("recorded_at", "id"):
        plans.setdefault(row.child_id, []).append(row)
    return ("Child", "Age", "Plan of the authorities"), [
        (f"Child {number}", _age(child, today),
         child_words(Plan, _plan(plans.get(child.pk, []), today)))
        for number, child in enumerate(children, 1)
    ]  # fmt: skip


def _plan(rows: list[PlanStatus], today: date) -> str:
    holds = holding_on(rows, today)
    return holds.plan if holds else Plan.UNKNOWN


def _age(child: Child, today: date) -> str:
    if child.born_on:
        return str(age_on(date.fromisoformat(child.born_on), today))
    return "not born yet" if child.due_on else "not known"


def _child_work(child: Child, viewer: Viewer, today: date) -> Facts:
    supports = ChildSupport.objects.visible_to(viewer).filter(child=child).exclude(began_on=None)
    rows = [
        ("Work", f"{day_words(one.began_on)} to {day_words(one.ended_on)}"
         if one.ended_on else f"since {day_words(one.began_on)}")
        for one in supports.order_by("began_on", "id")
    ]  # fmt: skip
    came = ChildAttendance.objects.visible_to(viewer).filter(support__child=child)
    counted = [
        (f"Sessions: {child_words(ChildCame, mark).lower()}", str(came.filter(came=mark).count()))
        for mark in ChildCame
    ]
    return ("What", "When or how many"), [*rows, *counted] if rows else []


def _child_plan(child: Child, viewer: Viewer, today: date) -> Facts:
    rows = PlanStatus.objects.visible_to(viewer).filter(child=child)
    return ("Plan", "Since"), [
        (child_words(Plan, row.plan), day_words(row.since))
        for row in rows.defer("agency", "social_worker").order_by("since", "recorded_at")
    ]


def _referrals(child: Child, viewer: Viewer, today: date) -> Facts:
    rows = ChildSafeguarding.objects.visible_to(viewer).filter(child=child)
    return ("Referred on", "About", "Threshold", "Outcome"), [
        (day_words(row.made_on), child_words(Concern, row.concern),
         child_words(Threshold, row.threshold), child_words(ReferralOutcome, row.outcome))
        for row in rows.defer("reason", "made_to", "without_because").order_by("made_on", "id")
    ]  # fmt: skip


_OF_FILE: dict[Section, Callable[[PartnerFile, Viewer, date], Facts]] = {
    Section.SUPPORT: _support,
    Section.AUTHORITIES: _authorities,
    Section.TOLD: _told,
    Section.ORDERS: _orders,
    Section.CHILDREN: _children,
}
_OF_CHILD: dict[Section, Callable[[Child, Viewer, date], Facts]] = {
    Section.CHILD_WORK: _child_work,
    Section.CHILD_PLAN: _child_plan,
    Section.REFERRALS: _referrals,
}
