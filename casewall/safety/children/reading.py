"""What is shown of children outside their own pages: on a partner's file, on Today, as counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse

from casewall.safety.children.models import (
    Child,
    ChildAdult,
    ChildAttendance,
    ChildSafeguarding,
    ChildSession,
    ChildSupport,
    FileChildren,
    OfAChild,
    OfSupport,
    PlanStatus,
)
from casewall.safety.children.rules import (
    PROTECTED,
    Asked,
    ChildFact,
    Concern,
    Counted,
    FileFact,
    Plan,
    ReferralOutcome,
    Relationship,
    Threshold,
    children_known,
    count_children,
    holding_on,
)
from casewall.safety.children.words import words_of
from casewall.safety.coordination.material import texts_below
from casewall.safety.partners.models import FileLink, PartnerFile
from casewall.safety.partners.parts import Shown
from casewall.safety.pulled.models import PulledCase, PulledChild
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Role, Viewer

NAMELESS = "A child without a name yet"
MOST = 50


def named(child: Child) -> str:
    """What a child is called on a page."""
    return child.full_name or ("An unborn child" if child.due_on else NAMELESS)


def born_words(child: Child) -> str | None:
    """The day of birth, or the day on which a birth is expected, in words."""
    if child.born_on:
        return f"{date.fromisoformat(child.born_on):%-d %B %Y}"
    if child.due_on:
        return f"expected on {date.fromisoformat(child.due_on):%-d %B %Y}"
    return None


def written_by(row: Any, viewer: Viewer) -> UUID | str:
    """Who wrote something, for a timeline.

    A partner's worker sees the own name only: another's could tell of a file that is not theirs.
    """
    if viewer.role is Role.PARTNER_WORKER and row.worker != viewer.worker:
        return ""
    own: UUID = row.worker
    return own


def cases_of_own(viewer: Viewer) -> Any:
    """The cases of the clients in the lives of children with whom this worker works now."""
    own = ChildSupport.objects.visible_to(viewer).filter(worker=viewer.worker, ended_on=None)
    links = ChildAdult.objects.visible_to(viewer).filter(
        case_id__isnull=False, ended_on=None, child_id__in=own.values("child_id")
    )
    return links.values("case_id")


def plans_of(children: Iterable[UUID], viewer: Viewer) -> dict[UUID, list[PlanStatus]]:
    """Every plan of these children, in the order in which they were written. One query."""
    plans: dict[UUID, list[PlanStatus]] = {}
    rows = PlanStatus.objects.visible_to(viewer).filter(child_id__in=list(children))
    for row in rows.order_by("recorded_at", "id"):
        plans.setdefault(row.child_id, []).append(row)
    return plans


def plan_on(rows: Sequence[PlanStatus], day: date) -> Plan:
    """The plan that holds on a day; *unknown* where nobody has written one."""
    holds = holding_on(rows, day)
    return Plan(holds.plan) if holds else Plan.UNKNOWN


def plan_tag(plan: Plan) -> tuple[str, str]:
    """A plan as a word in its colour."""
    colour = "red" if plan in PROTECTED else "grey"
    if plan in (Plan.EARLY_HELP, Plan.CHILD_IN_NEED):
        colour = "blue"
    return words_of(Plan, plan), "yellow" if plan is Plan.UNKNOWN else colour


@dataclass(slots=True)
class OfFile:
    """What a viewer can see of the children of one file. Four queries."""

    links: list[ChildAdult]
    plans: dict[UUID, list[PlanStatus]]
    referrals: list[ChildSafeguarding]
    answers: list[FileChildren]
    cases: list[UUID] = field(default_factory=list)

    @classmethod
    def of(cls, file: PartnerFile, viewer: Viewer) -> OfFile:
        links = list(
            ChildAdult.objects.visible_to(viewer)
            .filter(file=file, ended_on=None)
            .select_related("child")
            .order_by("linked_on", "id")
        )
        children = [link.child_id for link in links]
        return cls(
            links=links,
            plans=plans_of(children, viewer),
            referrals=list(
                ChildSafeguarding.objects.visible_to(viewer)
                .filter(child_id__in=children)
                .select_related("child")
                .order_by("-made_on", "id")
            ),
            answers=list(
                FileChildren.objects.visible_to(viewer)
                .filter(file=file)
                .order_by("-asked_on", "-recorded_at")[:1]
            ),
        )

    @property
    def known(self) -> Any:
        """None, unknown or a number."""
        last = self.answers[0] if self.answers else None
        return children_known(
            len({link.child.same_as_id or link.child_id for link in self.links}),
            Asked(last.answer) if last else None,
            last.asked_on if last else None,
        )


def children_part(file: PartnerFile, viewer: Viewer, today: date) -> Shown:
    """The children of a partner's file, their plans and referrals. Four queries, four more for
    the section."""
    read = OfFile.of(file, viewer)
    flags = []
    for link in read.links:
        plan = plan_on(read.plans.get(link.child_id, []), today)
        if plan in PROTECTED:
            flags.append((f"A child: {words_of(Plan, plan).lower()}", "red"))
    return Shown(
        entries=[
            *(entry for rows in read.plans.values() for entry in plan_entries(rows, viewer)),
            *(entry for row in read.referrals for entry in referral_entries(row, viewer)),
        ],
        waits_for=[_asks(row) for row in read.referrals if row.ask_on],
        steps=file_steps(file, viewer),
        details=[("Children known", read.known.in_words)],
        flags=sorted(set(flags)),
        template="children/section.html",
        context=lambda: _section(file, viewer, today, read),
    )


def file_steps(file: PartnerFile, viewer: Viewer) -> list[tuple[str, str]]:
    """What can be done about children from a partner's file."""
    if not may_do(viewer.role, Duty.RECORD_CHILD):
        return []
    return [
        ("Record a child", reverse("child-new", args=[file.pk])),
        ("Link a child who is recorded", reverse("child-link", args=[file.pk])),
        ("Write down whether there are children", reverse("children-asked", args=[file.pk])),
    ]


def _asks(row: ChildSafeguarding) -> dict[str, Any]:
    return {
        "what": f"Ask {row.made_to} what came of the referral of {named(row.child)}",
        "due": row.ask_on,
        "url": reverse("child-referral-outcome", args=[row.pk]),
    }


def plan_entries(rows: Iterable[PlanStatus], viewer: Viewer) -> list[dict[str, Any]]:
    """Plans as entries of a timeline."""
    return [
        {
            "title": f"Child: {words_of(Plan, row.plan).lower()}",
            "when": row.since,
            "by": written_by(row, viewer),
            "text": "",
            "label": plan_tag(Plan(row.plan)),
        }
        for row in rows
    ]


def referral_entries(row: ChildSafeguarding, viewer: Viewer) -> list[dict[str, Any]]:
    """A safeguarding referral, and its outcome, as entries of a timeline."""
    label = ("Safeguarding", "red")
    entries = [
        {
            "title": f"Child referred to {row.made_to}: {words_of(Concern, row.concern).lower()}",
            "when": row.made_on,
            "by": written_by(row, viewer),
            "text": row.reason,
            "label": label,
        }
    ]
    if row.outcome_on:
        said = words_of(ReferralOutcome, row.outcome).lower()
        entries.append(
            {
                "title": f"{row.made_to}: {said}",
                "when": row.outcome_on,
                "by": "",
                "text": "",
                "label": label,
            }
        )
    return entries


def _section(file: PartnerFile, viewer: Viewer, today: date, read: OfFile) -> dict[str, Any]:
    children = [link.child_id for link in read.links]
    open_support = set(
        ChildSupport.objects.visible_to(viewer)
        .filter(child_id__in=children, ended_on=None)
        .values_list("child_id", flat=True)
    )
    return {
        "known": read.known,
        "child_columns": ["Child", "Born", "Relationship", ("Plan", "tag"), "Children's service"],
        "child_rows": [
            {
                "url": reverse("child", args=[link.child_id]),
                "cells": [
                    named(link.child),
                    born_words(link.child),
                    words_of(Relationship, link.relationship),
                    plan_tag(plan_on(read.plans.get(link.child_id, []), today)),
                    "yes" if link.child_id in open_support else "no",
                ],
            }
            for link in read.links
        ],
        "referral_columns": [
            "Child",
            "To",
            "About",
            "Threshold",
            ("Referred on", "date"),
            "Outcome",
        ],
        "referral_rows": [referral_row(row) for row in read.referrals],
        "stated": suggestions(file, viewer),
        "child_steps": file_steps(file, viewer),
    }


def referral_row(row: ChildSafeguarding, *, on_own_page: bool = False) -> dict[str, Any]:
    """A safeguarding referral as a row of a table; the child's own page need not name the child."""
    return {
        "url": reverse("child-referral-outcome", args=[row.pk]),
        "cells": [
            *([] if on_own_page else [named(row.child)]),
            row.made_to,
            words_of(Concern, row.concern),
            words_of(Threshold, row.threshold),
            row.made_on,
            words_of(ReferralOutcome, row.outcome),
        ],
    }


def linked_cases_of(file: PartnerFile, viewer: Viewer) -> list[PulledCase]:
    """The clients' cases that a file belongs to."""
    links = FileLink.objects.visible_to(viewer).filter(file=file, ended_on=None)
    rows = PulledCase.objects.visible_to(viewer).filter(id__in=links.values("case_id"))
    return list(rows.order_by("-referred_on", "id"))


def suggestions(file: PartnerFile, viewer: Viewer) -> list[dict[str, Any]]:
    """Children whom somebody stated on the programme side, and whom nobody has taken up here.

    They suggest; a person makes the record.
    """
    cases = {case.pk: case for case in linked_cases_of(file, viewer)}
    stated = list(
        PulledChild.objects.visible_to(viewer)
        .filter(case_id__in=list(cases))
        .order_by("stated_on", "id")
    )
    taken = set(
        ChildAdult.objects.visible_to(viewer)
        .filter(statement_id__in=[row.pk for row in stated])
        .values_list("statement_id", flat=True)
    )
    return [
        {
            "row": row,
            "client": cases[row.case_id].name,
            "born": date.fromisoformat(row.born_on) if row.born_on else None,
            "url": f"{reverse('child-new', args=[file.pk])}?statement={row.pk}",
            "link": f"{reverse('child-link', args=[file.pk])}?statement={row.pk}",
        }
        for row in stated
        if row.pk not in taken
    ]


def today_items(viewer: Viewer, today: date, last: date) -> list[dict[str, Any]]:
    """Outcomes of referrals to ask for, and children who wait for work to begin, until `last`."""
    items: list[dict[str, Any]] = []
    if may_do(viewer.role, Duty.REFER_CHILD):
        rows = (
            ChildSafeguarding.objects.visible_to(viewer)
            .filter(ask_on__lte=last)
            .select_related("child")
            .order_by("ask_on", "id")[:MOST]
        )
        items += [
            {
                "due": row.ask_on,
                "what": "Ask what came of a safeguarding referral:",
                "who": named(row.child),
                "url": reverse("child-referral-outcome", args=[row.pk]),
                "tag": ("Safeguarding", "red"),
            }
            for row in rows
        ]
    if may_do(viewer.role, Duty.SUPPORT_CHILD):
        items += _waiting(viewer, last)
    return items


def _waiting(viewer: Viewer, last: date) -> list[dict[str, Any]]:
    rows = (
        ChildSupport.objects.visible_to(viewer)
        .filter(began_on=None, ended_on=None, asked_on__lte=last)
        .select_related("child")
        .order_by("asked_on", "id")[:MOST]
    )
    return [
        {
            "due": row.asked_on,
            "what": "Begin the work with" if row.worker else "Waits for a children's worker:",
            "who": named(row.child),
            "url": reverse("child", args=[row.child_id]),
            "tag": ("Child", "blue") if row.worker else ("Nobody's yet", "orange"),
        }
        for row in rows
        if row.worker in (None, viewer.worker)
    ]


def counts(viewer: Viewer, today: date) -> dict[str | None, Counted]:
    """Unique children and what is known per file, of all that the viewer sees. Five queries."""
    links: dict[UUID, set[UUID]] = {}
    services: dict[UUID, set[str]] = {}
    rows = ChildAdult.objects.visible_to(viewer).filter(file__isnull=False, ended_on=None)
    for child, file, service in rows.values_list("child_id", "file_id", "file__service"):
        links.setdefault(file, set()).add(child)
        services.setdefault(child, set()).add(service)
    plans: dict[UUID, Plan] = {}
    written = PlanStatus.objects.visible_to(viewer).filter(since__lte=today)
    for child, plan in written.order_by("since", "recorded_at", "id").values_list(
        "child_id", "plan"
    ):
        plans[child] = Plan(plan)
    answers: dict[UUID, Asked] = {}
    asked = FileChildren.objects.visible_to(viewer).order_by("asked_on", "recorded_at")
    for file, answer in asked.values_list("file_id", "answer"):
        answers[file] = Asked(answer)
    children = [
        ChildFact(pk, same, plans.get(pk, Plan.UNKNOWN), frozenset({own, *services.get(pk, ())}))
        for pk, same, own in Child.objects.visible_to(viewer).values_list(
            "id", "same_as_id", "service"
        )
    ]
    files = [
        FileFact(service, frozenset(links.get(pk, ())), answers.get(pk))
        for pk, service in PartnerFile.objects.visible_to(viewer)
        .filter(withdrawn_on=None)
        .values_list("id", "service")
    ]
    return count_children(children, files)


def texts_of(child: Child, viewer: Viewer) -> Iterator[str | None]:
    """The prose about a child that this viewer sees: no part of it may go down unnoticed."""
    yield child.school
    yield from texts_below(OfAChild, "child", child, viewer)
    yield from texts_below(OfSupport, "support__child", child, viewer)
    came = ChildAttendance.objects.visible_to(viewer).filter(support__child=child)
    sessions = ChildSession.objects.visible_to(viewer).filter(id__in=came.values("session_id"))
    yield from (one.note for one in sessions.only("id", "note"))
