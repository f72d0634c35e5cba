"""The part “Course” of a case page, and what courses add to the first page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import CharField, Count, DateField, F, Q, Value
from django.db.models.functions import Cast, TruncDate
from django.urls import reverse
from django.utils import timezone

from casewall.programme.cases.models import Case
from casewall.programme.cases.once import once
from casewall.programme.cases.parts import Shown
from casewall.programme.courses.absence.rules import ACT_STATE_WORDS, ACT_WORDS
from casewall.programme.courses.lists import (
    breaks_running,
    follow_ups_open,
    open_acts,
    reviews_to_sign,
)
from casewall.programme.courses.models import (
    Act,
    CompletionReview,
    Course,
    CourseChange,
    FollowUp,
)
from casewall.programme.courses.reading import acts_of
from casewall.programme.courses.rules import (
    CHANGE_WORDS,
    DECISION_WORDS,
    FOLLOW_UP_WORDS,
    ActKind,
    ActState,
    ChangeKind,
    CourseState,
    FollowUpOutcome,
    ReviewDecision,
)
from casewall.programme.courses.section import Section
from casewall.programme.courses.words import course_section_url
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Viewer

MOST_SHOWN = 50
"""Items of one kind on the first page; the lists hold the rest."""


def course_part(case: Case, viewer: Viewer, today: date) -> Shown:
    """Courses, acts, reviews and follow-ups of a case: three queries, more in its own section."""
    courses = list(
        Course.objects.visible_to(viewer)
        .filter(case=case)
        .select_related("template")
        .order_by("-enrolled_on", "id")
    )
    acts = once(acts_of, case, viewer)
    happened = _happened(case, viewer)
    return Shown(
        entries=[*_act_entries(acts), *_entries(courses, happened)],
        waits_for=_waits(case, acts, happened, viewer),
        steps=_steps(case, courses, viewer),
        head=_head([course.state for course in courses],
                   sum(act.state == ActState.PROPOSED for act in acts)),
        template="programme/course.html",
        context={"course_section": Section(case, courses, acts, viewer, today)},
    )


def course_head(case: Case, viewer: Viewer, today: date) -> list[tuple[str, str]]:
    """Acts that are proposed and breaks: what every page of a case says. One query."""
    rows = Course.objects.visible_to(viewer).filter(case=case).order_by("-enrolled_on", "id")
    found = list(
        rows.annotate(
            proposed=Count("acts", filter=Q(acts__state=ActState.PROPOSED))
        ).values_list("state", "proposed")
    )
    return _head([state for state, _ in found], sum(number for _, number in found))


def _head(states: Iterable[str], proposed: int) -> list[tuple[str, str]]:
    flags = [("On a break", "yellow") for state in states if state == CourseState.ON_BREAK]
    if proposed == 1:
        flags.insert(0, ("An act on absence is proposed", "orange"))
    elif proposed:
        flags.insert(0, (f"{proposed} acts on absence proposed", "orange"))
    return flags


def _happened(case: Case, viewer: Viewer) -> list[dict[str, Any]]:
    """Changes, reviews and follow-ups in one query: source, record, code, two days."""
    names = ("source", "record", "of", "code", "on_day", "other_day")

    def columns(rows: Any, source: str, code: str, on_day: Any, other_day: Any) -> Any:
        return (
            rows.filter(case=case)
            .order_by()
            .values_list(
                Value(source, CharField()),
                "id",
                "course_id",
                Cast(code, CharField()),
                on_day,
                other_day,
            )
        )

    changes = columns(
        CourseChange.objects.visible_to(viewer), "change", "kind", F("from_on"), F("until_on")
    )
    reviews = columns(
        CompletionReview.objects.visible_to(viewer),
        "review",
        "decision",
        F("held_on"),
        TruncDate("signed_at"),
    ).filter(returned_at=None)
    follow_ups = columns(
        FollowUp.objects.visible_to(viewer),
        "follow_up",
        "outcome",
        Cast("due_on", DateField()),
        Cast("held_on", DateField()),
    )
    return [
        dict(zip(names, row, strict=True)) for row in changes.union(reviews, follow_ups, all=True)
    ]


def _act_entries(acts: Iterable[Act]) -> list[dict[str, Any]]:
    return [
        {
            "title": f"{ACT_WORDS[ActKind(act.kind)]}: "
            f"{ACT_STATE_WORDS[ActState(act.state)][0].lower()}",
            "when": act.done_at or act.decided_at,
            "by": "",
            "text": act.note or "",
            "label": ("Absence", "orange"),
        }
        for act in acts
        if act.state in (ActState.DONE, ActState.DISMISSED)
    ]


def _entries(courses: Iterable[Course], happened: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for course in courses:
        name = course.template.name
        days = [(f"Enrolled: {name}", course.enrolled_on), (f"Began: {name}", course.began_on)]
        if course.ended_on:
            done = course.state == CourseState.COMPLETED
            days.append((f"{'Completed' if done else 'Ended'}: {name}", course.ended_on))
        found += [_entry(title, day) for title, day in days if day]
    for row in happened:
        if row["source"] == "change":
            until = f" until {row['other_day']:%-d %B %Y}" if row["other_day"] else ""
            found.append(_entry(CHANGE_WORDS[ChangeKind(row["code"])] + until, row["on_day"]))
        elif row["source"] == "review" and row["other_day"]:
            words = DECISION_WORDS[ReviewDecision(row["code"])]
            found.append(_entry(f"Review signed off: {words.lower()}", row["other_day"]))
        elif row["source"] == "follow_up" and row["other_day"]:
            words = FOLLOW_UP_WORDS[FollowUpOutcome(row["code"])]
            found.append(_entry(f"Follow-up: {words.lower()}", row["other_day"]))
    return found


def _entry(title: str, day: date) -> dict[str, Any]:
    return {"title": title, "when": day, "by": "", "text": "", "label": ("Course", "green")}


def _waits(
    case: Case, acts: Iterable[Act], happened: Iterable[dict[str, Any]], viewer: Viewer
) -> list[dict[str, Any]]:
    signs = bool(may_do(viewer.role, Duty.SIGN_OFF))
    follows_up = bool(may_do(viewer.role, Duty.REVIEW_COURSE))
    section = course_section_url(case.pk)
    rows = [
        {
            "what": f"{ACT_WORDS[ActKind(act.kind)]} ({state[0].lower()})",
            "url": section,
            "due": timezone.localdate(act.due_at),
        }
        for act in acts
        for state in [ACT_STATE_WORDS[ActState(act.state)]]
        if act.state in (ActState.PROPOSED, ActState.ACCEPTED)
    ]
    for row in happened:
        if row["other_day"]:
            continue
        if row["source"] == "review":
            rows.append(
                {
                    "what": "Sign off the review of the course",
                    "due": row["on_day"],
                    "url": reverse("review_sign", args=[row["record"]]) if signs else "",
                }
            )
        elif row["source"] == "follow_up":
            rows.append(
                {
                    "what": "Follow-up talk",
                    "due": row["on_day"],
                    "url": reverse("follow_up", args=[row["record"]]) if follows_up else "",
                }
            )
    return rows


def _steps(case: Case, courses: Iterable[Course], viewer: Viewer) -> list[tuple[str, str]]:
    steps = []
    if may_do(viewer.role, Duty.REVIEW_COURSE):
        steps += [
            (f"Review “{course.template.name}”", reverse("course_review", args=[course.pk]))
            for course in courses
            if course.ended_on is None and course.began_on
        ]
    if case.is_open and may_do(viewer.role, Duty.RUN_GROUP):
        steps.append(("Enrol in a programme", reverse("case_enrol", args=[case.pk])))
    return steps


# --- the first page ----------------------------------------------------------------------


def today_courses(viewer: Viewer, today: date, last: date) -> list[dict[str, Any]]:
    """Acts on absence, reviews to sign, follow-ups and breaks that end, until `last`."""
    items: list[dict[str, Any]] = []
    if may_do(viewer.role, Duty.ACT_ON_ABSENCE):
        items += _act_items(open_acts(viewer)[:MOST_SHOWN], last)
    if may_do(viewer.role, Duty.SIGN_OFF):
        items += [
            {
                "due": row.held_on,
                "what": "Sign off a review:",
                "tag": ("Course", "green"),
                "who": row.case.client.full_name,
                "url": reverse("review_sign", args=[row.pk]),
                "note": DECISION_WORDS[ReviewDecision(row.decision)],
            }
            for row in reviews_to_sign(viewer)[:MOST_SHOWN]
        ]
    if may_do(viewer.role, Duty.REVIEW_COURSE):
        items += [
            {
                "due": row.due_on,
                "what": f"Follow-up after {row.months} months:",
                "who": row.case.client.full_name,
                "tag": ("Course", "green"),
                "url": reverse("follow_up", args=[row.pk]),
            }
            for row in follow_ups_open(viewer).filter(due_on__lte=last)[:MOST_SHOWN]
        ]
        items += [
            {
                "due": row.until_on,
                "what": "A break ends:",
                "who": row.case.client.full_name,
                "tag": ("Course", "green"),
                "url": course_section_url(row.case_id),
            }
            for row in breaks_running(viewer).filter(until_on__lte=last)[:MOST_SHOWN]
        ]
    return items


def _act_items(acts: Iterable[Act], last: date) -> list[dict[str, Any]]:
    """One item for all that is proposed for a client, and one for each accepted act."""
    items: list[dict[str, Any]] = []
    proposed: dict[UUID, dict[str, Any]] = {}
    for act in acts:
        due = timezone.localdate(act.due_at)
        if due > last:
            continue
        who, url = act.case.client.full_name, course_section_url(act.case_id)
        if act.state == ActState.ACCEPTED:
            items.append(
                {
                    "due": due,
                    "what": f"{ACT_WORDS[ActKind(act.kind)]}:",
                    "who": who,
                    "url": url,
                    "tag": ("Absence", "orange"),
                }
            )
        elif act.case_id in proposed:
            proposed[act.case_id]["note"] += f", {ACT_WORDS[ActKind(act.kind)].lower()}"
        else:
            proposed[act.case_id] = {
                "due": due,
                "what": "Decide on an absence:",
                "who": who,
                "url": url,
                "tag": ("Absence", "orange"),
                "note": ACT_WORDS[ActKind(act.kind)],
            }
    return [*items, *proposed.values()]
