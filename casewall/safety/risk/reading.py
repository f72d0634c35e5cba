"""What other pages show of joint risk: Today, lists, a partner's file, the agenda of a meeting."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from casewall.safety.children.models import Child, ChildAdult
from casewall.safety.children.reading import named
from casewall.safety.partners.danger import HeardBy, in_order, in_words
from casewall.safety.partners.models import PartnerFile
from casewall.safety.partners.parts import Shown
from casewall.safety.risk.models import (
    DangerSignal,
    JointRisk,
    RiskAction,
    RiskReview,
    RiskTrigger,
    VulnerabilityAssessment,
)
from casewall.safety.risk.rules import WORDS_OF_TRIGGER, late_words, level_order
from casewall.safety.risk.vulnerable.rules import Standing
from casewall.safety.risk.words import HEARD_BY, STANDINGS, day, level_tag, level_words
from casewall.safety.visibility import EVERYTHING
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Viewer

MOST = 50
OWN_WORDS = (HeardBy.ANSWER, HeardBy.DEVICE)
"""Of answers the words say what to do; of other records they say the signs again."""
NO_NAME = "No name given"


def who_of(file: PartnerFile) -> str:
    """Whose file it is, as lists show it."""
    return file.partner.full_name or NO_NAME


def picture_url(risk: JointRisk | Change | Overdue) -> str:
    """The address of the picture of one file and case."""
    url = reverse("joint-risk", args=[risk.file_id])
    return f"{url}?case={risk.case_id}" if risk.case_id else url


@dataclass(frozen=True, slots=True)
class Change:
    """Something that changed in the joint picture of one file and case, for an agenda.

    `level` is the joint level now; `what` is in our words, never in a person's.
    """

    file_id: UUID
    case_id: UUID | None
    who: str
    kind: str
    what: str
    when: date
    level: str

    @property
    def url(self) -> str:
        """Worked out where a page shows it: an agenda is built without addresses."""
        return picture_url(self)


@dataclass(frozen=True, slots=True)
class Overdue:
    """A picture whose review is due."""

    file_id: UUID
    case_id: UUID | None
    who: str
    level: str
    due_on: date
    why: str
    owner: UUID | None

    @property
    def url(self) -> str:
        """Worked out where a page shows it."""
        return picture_url(self)


def _open(viewer: Viewer) -> Any:
    return (
        JointRisk.objects.visible_to(viewer)
        .filter(file__closed_on=None, file__withdrawn_on=None)
        .select_related("file__partner")
    )


def changes_since(viewer: Viewer, since: date) -> list[Change]:
    """What changed on or after a day in the pictures that this viewer sees, the newest last.

    Judgements, triggers, and signs of danger. Four queries. Empty for whoever does not keep
    joint risk.
    """
    if not may_do(viewer.role, Duty.JOINT_RISK):
        return []
    risks = {risk.pk: risk for risk in _open(viewer)}
    of_file: dict[UUID, list[JointRisk]] = {}
    for risk in risks.values():
        of_file.setdefault(risk.file_id, []).append(risk)
    found = [
        *_judged(risks, viewer, since),
        *_triggered(risks, viewer, since),
        *_signalled(of_file, viewer, since),
    ]
    return sorted(found, key=lambda one: (one.when, one.who, one.what))


def _change(risk: JointRisk, kind: str, what: str, when: date) -> Change:
    return Change(
        risk.file_id, risk.case_id, who_of(risk.file), kind, what, when, risk.level
    )  # fmt: skip


def _judged(risks: dict[UUID, JointRisk], viewer: Viewer, since: date) -> Iterable[Change]:
    rows = RiskReview.objects.visible_to(viewer).filter(risk__in=list(risks))
    for row in rows.filter(reviewed_on__gte=since).defer("reasons", "plan", "changed"):
        before, after = level_order(row.before), level_order(row.level)
        kind, what = "reviewed", f"Reviewed, level stays: {level_words(row.level).lower()}"
        if not row.before:
            kind, what = "begun", f"Judged for the first time: {level_words(row.level).lower()}"
        elif before != after:
            kind = "level_raised" if after > before else "level_lowered"
            what = f"Level: {level_words(row.before).lower()} to {level_words(row.level).lower()}"
        yield _change(risks[row.risk_id], kind, what, row.reviewed_on)


def _triggered(risks: dict[UUID, JointRisk], viewer: Viewer, since: date) -> Iterable[Change]:
    begins = _midnight(since)
    rows = RiskTrigger.objects.visible_to(viewer).filter(risk__in=list(risks))
    for row in rows.filter(noted_at__gte=begins).defer("note"):
        what = WORDS_OF_TRIGGER[row.trigger]
        yield _change(risks[row.risk_id], "trigger", what, timezone.localdate(row.noted_at))


def _signalled(
    of_file: dict[UUID, list[JointRisk]], viewer: Viewer, since: date
) -> Iterable[Change]:
    rows = DangerSignal.objects.visible_to(viewer).filter(file__in=list(of_file))
    for row in rows.filter(raised_at__gte=_midnight(since)).defer("words", "done"):
        what = in_words(in_order(row.signs.split(",")))
        for risk in of_file[row.file_id]:
            yield _change(risk, "danger", what, timezone.localdate(row.raised_at))


def _midnight(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, time()))


def overdue_reviews(viewer: Viewer, today: date) -> list[Overdue]:
    """Pictures whose review is due by today, the most dangerous first. One query."""
    if not may_do(viewer.role, Duty.JOINT_RISK):
        return []
    rows = list(_open(viewer).filter(review_on__lte=today))
    rows.sort(key=lambda one: (-level_order(one.level), one.review_on, str(one.pk)))
    return [
        Overdue(
            one.file_id, one.case_id, who_of(one.file), one.level, one.review_on,
            why_due(one, today), one.owner,
        )
        for one in rows
    ]  # fmt: skip


def why_due(risk: JointRisk, today: date) -> str:
    """Why a review is due, in words."""
    if risk.due_because:
        return WORDS_OF_TRIGGER[risk.due_because]
    if not risk.level:
        return "Nobody has judged the risk yet"
    return capfirst(late_words(risk.review_on, today))


def signal_items(viewer: Viewer, today: date, last: date) -> list[dict[str, Any]]:
    """Signs of danger that nobody has acted on: before everything else on Today. One query."""
    if not may_do(viewer.role, Duty.RECORD_SUFFERED):
        return []
    rows = (
        DangerSignal.objects.visible_to(viewer)
        .filter(acknowledged_at=None)
        .select_related("file__partner", "child")
        .order_by("raised_at", "id")[:MOST]
    )
    return [
        {
            "due": min(row.raised_on, last),
            "what": f"{HEARD_BY[row.heard_by]}: {in_words(in_order(row.signs.split(','))).lower()}",
            "note": row.words if row.heard_by in OWN_WORDS else "",
            "who": about(row),
            "url": reverse("danger-signal", args=[row.pk]),
            "tag": ("Danger", "red"),
            "first": True,
            "task": row.task_id,
        }
        for row in rows
    ]


def about(row: DangerSignal) -> str:
    """Whom a sign of danger is about."""
    return who_of(row.file) if row.file is not None else named(row.child)


def texts_of_file(file: PartnerFile, viewer: Viewer) -> Iterable[str | None]:
    """What was done about signs of danger that stand in the picture of a file, as somebody who
    opened it may have read: the partner's own, and those of the partner's children."""
    children = ChildAdult.objects.visible_to(viewer).filter(file=file, ended_on=None)
    yield from _done(viewer, Q(file=file) | Q(child__in=children.values("child_id")))


def texts_of_child(child: Child, viewer: Viewer) -> Iterable[str | None]:
    """What was done about signs of danger of a child."""
    yield from _done(viewer, Q(child=child))


def _done(viewer: Viewer, which: Q) -> Iterable[str | None]:
    for row in DangerSignal.objects.visible_to(viewer).filter(which).only("id", "done"):
        yield row.done


def today_items(viewer: Viewer, today: date, last: date) -> list[dict[str, Any]]:
    """Reviews that are due, actions of the plan, and assessments to read: three queries.

    A worker sees what the worker sees; coordination sees what is its own or late.
    """
    items = signal_items(viewer, today, last)
    if may_do(viewer.role, Duty.JOINT_RISK):
        items += [*_review_items(viewer, today, last), *_action_items(viewer, today, last)]
    if may_do(viewer.role, Duty.CHECK_REPORT):
        items += _to_sign(viewer, last)
    return items


def _review_items(viewer: Viewer, today: date, last: date) -> Iterable[dict[str, Any]]:
    rows = _open(viewer).filter(review_on__lte=last)
    if viewer.role in EVERYTHING:
        rows = rows.filter(Q(owner=viewer.worker) | Q(review_on__lt=today) | ~Q(due_because=""))
    for row in rows.order_by("review_on", "id")[:MOST]:
        yield {
            "due": row.review_on,
            "what": "Look at the risk together:",
            "note": why_due(row, today),
            "who": who_of(row.file),
            "url": picture_url(row),
            "tag": level_tag(row.level),
        }


def _action_items(viewer: Viewer, today: date, last: date) -> Iterable[dict[str, Any]]:
    rows = RiskAction.objects.visible_to(viewer).filter(done_on=None, due_on__lte=last)
    if viewer.role in EVERYTHING:
        rows = rows.filter(Q(owner=viewer.worker) | Q(due_on__lt=today))
    for row in rows.select_related("file__partner").order_by("due_on", "id")[:MOST]:
        yield {
            "due": row.due_on,
            "what": f"{row.what}:",
            "note": f"For {row.agency}: ask whether it is done" if row.agency else "",
            "who": who_of(row.file),
            "url": reverse("risk-action", args=[row.pk]),
            "tag": ("Plan", "blue"),
        }


def _to_sign(viewer: Viewer, last: date) -> list[dict[str, Any]]:
    rows = (
        VulnerabilityAssessment.objects.visible_to(viewer)
        .filter(standing=Standing.WAITING)
        .exclude(worker=viewer.worker)
        .select_related("file__partner")
        .only("id", "due_on", "handed_in_at", "file")
        .order_by("due_on", "id")[:MOST]
    )
    return [
        {
            "due": row.due_on or timezone.localdate(row.handed_in_at),
            "what": "Read and sign an assessment of vulnerability:",
            "who": who_of(row.file),
            "url": reverse("vulnerability", args=[row.pk]),
            "tag": ("To sign", "orange"),
        }
        for row in rows
        if (row.due_on or timezone.localdate(row.handed_in_at)) <= last
    ]


def risk_part(file: PartnerFile, viewer: Viewer, today: date) -> Shown:
    """The joint picture on a partner's file: what waits, what happened, the way to it. Three
    queries, one more for the section."""
    risks = list(JointRisk.objects.visible_to(viewer).filter(file=file).order_by("begun_on", "id"))
    reviews = list(
        RiskReview.objects.visible_to(viewer)
        .filter(file=file)
        .defer("reasons", "plan")
        .order_by("reviewed_on", "recorded_at")
    )
    steps = _steps(file, viewer)
    return Shown(
        entries=[
            {
                "title": f"Risk judged together: {level_words(row.level).lower()}",
                "when": row.reviewed_on,
                "by": row.worker,
                "text": row.changed or "",
                "label": level_tag(row.level),
            }
            for row in reviews
        ],
        waits_for=[*_waits(file, risks, today), *_actions_wait(file, viewer)],
        steps=steps,
        template="joint/section.html",
        context=lambda: {**_section(file, risks, viewer, today), "risk_steps": steps},
    )


def _steps(file: PartnerFile, viewer: Viewer) -> list[tuple[str, str]]:
    keeps, says = Duty.JOINT_RISK, Duty.RECORD_SUFFERED
    every = (
        (keeps, "See the whole picture of risk", "joint-risk"),
        (keeps, "Judge the risk together", "risk-review"),
        (keeps, "Write down what raises the risk", "risk-trigger"),
        (says, "Raise a sign of danger", "danger-new"),
        (Duty.WRITE_REPORT, "Assess vulnerability", "vulnerability-new"),
    )
    return [
        (label, reverse(name, args=[file.pk]))
        for duty, label, name in every
        if may_do(viewer.role, duty)
    ]


def _waits(
    file: PartnerFile, risks: Iterable[JointRisk], today: date
) -> Iterable[dict[str, Any]]:
    for risk in risks:
        if file.is_open and risk.review_on <= today:
            yield {
                "what": f"Look at the risk together: {why_due(risk, today).lower()}",
                "due": risk.review_on,
                "url": picture_url(risk),
            }


def _actions_wait(file: PartnerFile, viewer: Viewer) -> Iterable[dict[str, Any]]:
    rows = RiskAction.objects.visible_to(viewer).filter(file=file, done_on=None)
    for row in rows.order_by("due_on", "id"):
        url = reverse("risk-action", args=[row.pk])
        yield {"what": row.what, "due": row.due_on, "url": url}


def _section(
    file: PartnerFile, risks: Iterable[JointRisk], viewer: Viewer, today: date
) -> dict[str, Any]:
    written = (
        VulnerabilityAssessment.objects.visible_to(viewer)
        .filter(file=file)
        .only("id", "number", "standing", "asked_on", "due_on")
        .order_by("-asked_on", "-number")
    )
    return {
        "risk_url": reverse("joint-risk", args=[file.pk]),
        "risks": [
            {
                "tag": level_tag(risk.level),
                "rows": [
                    ("Last review", day(risk.reviewed_on) if risk.reviewed_on else "never"),
                    ("Next review", capfirst(late_words(risk.review_on, today))),
                ],
                "url": picture_url(risk),
            }
            for risk in risks
        ],
        "vulnerability_columns": ["Asked for on", "Version", ("Standing", "tag")],
        "vulnerability_rows": [vulnerability_row(row) for row in written],
    }


def vulnerability_row(row: VulnerabilityAssessment) -> dict[str, Any]:
    """An assessment of vulnerability as a row of a table."""
    return {
        "url": reverse("vulnerability", args=[row.pk]),
        "cells": [day(row.asked_on), str(row.number), STANDINGS[Standing(row.standing)]],
    }
