"""The section on courses of a case page. It reads only when the page shows it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from django.urls import reverse

from casewall.programme.cases.lists import names_of
from casewall.programme.cases.models import Case
from casewall.programme.courses.lists import ratings_in_words
from casewall.programme.courses.models import (
    Act,
    CompletionReview,
    Course,
    CourseChange,
    CriterionRating,
    FollowUp,
)
from casewall.programme.courses.reading import Progress, marks_of, progress_in
from casewall.programme.courses.rules import (
    CHANGE_WORDS,
    DECISION_WORDS,
    FOLLOW_UP_WORDS,
    STATE_WORDS,
    ActState,
    Attended,
    ChangeKind,
    CourseState,
    Covered,
    FollowUpOutcome,
    ReviewDecision,
    coverage,
    plain,
)
from casewall.programme.courses.words import act_rows, dose_words, given_words
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Viewer


@dataclass
class Section:
    """What the section shows: each course with its progress, acts, changes, reviews, talks."""

    case: Case
    found: Sequence[Course]
    acts: Sequence[Act]
    viewer: Viewer
    today: date
    templates: dict[UUID, Any] = field(init=False)

    columns = (
        "Module",
        ("Sessions", "text"),
        ("Hours", "number"),
        ("First attended", "date"),
        ("Coverage", "tag"),
    )

    def __post_init__(self) -> None:
        self.templates = {}

    @cached_property
    def courses(self) -> list[dict[str, Any]]:
        """Everything of each course, the one enrolled last first."""
        self.templates = {course.pk: course.template.template for course in self.found}
        marks = marks_of(self.found, self.templates, self.viewer)
        changes = self._by_course(CourseChange, "-from_on")
        reviews = self._by_course(CompletionReview, "-held_on")
        talks = self._by_course(FollowUp, "due_on")
        ratings: dict[UUID, list[CriterionRating]] = defaultdict(list)
        for row in CriterionRating.objects.visible_to(self.viewer).filter(case=self.case):
            ratings[row.review_id].append(row)
        names = names_of(
            [
                self.viewer.worker,  # one query, whether anybody else did anything or not
                *(
                    row.worker
                    for rows in (*changes.values(), *reviews.values(), *talks.values())
                    for row in rows
                ),
                *(row.signed_by for rows in reviews.values() for row in rows),
            ]
        )
        return [
            self._course(
                course,
                progress_in(course, self.templates[course.pk], marks[course.pk]),
                changes[course.pk],
                reviews[course.pk],
                talks[course.pk],
                ratings,
                names,
            )
            for course in self.found
        ]

    def _by_course(self, model: Any, order: str) -> dict[UUID, list[Any]]:
        found: dict[UUID, list[Any]] = defaultdict(list)
        for row in (
            model.objects.visible_to(self.viewer).filter(case=self.case).order_by(order, "id")
        ):
            found[row.course_id].append(row)
        return found

    def _course(
        self,
        course: Course,
        progress: Progress,
        changes: list[Any],
        reviews: list[Any],
        talks: list[Any],
        ratings: dict[UUID, list[Any]],
        names: dict[Any, str],
    ) -> dict[str, Any]:
        template = progress.template
        level = template.level(course.level).name if course.level else None
        return {
            "name": course.template.name,
            "version": course.template.version,
            "state": STATE_WORDS[CourseState(course.state)],
            "rows": [
                *([("Level", level or "not decided yet")] if template.programme.levels else []),
                ("Began", course.began_on or "not yet"),
                ("Due to end", course.ends_by or "–")
                if course.ended_on is None
                else ("Ended", course.ended_on),
                ("Attended", given_words(progress.attended)),
                (
                    "Minimum dose",
                    dose_words(progress.least) + (" (reached)" if progress.dose_met else ""),
                ),
            ],
            "bars": bars(progress),
            "phases": phases(coverage(template, progress.marks)),
            "missing": ", ".join(module.name for module in progress.missing),
            "changes": [self._change(row, course, names) for row in changes],
            "reviews": [self._review(row, progress, ratings[row.pk], names) for row in reviews],
            "talks": [self._talk(row, names) for row in talks],
            "steps": self._steps(course, bool(template.programme.levels)),
            "acts": [act for act in self.acts if act.course_id == course.pk],
        }

    def _steps(self, course: Course, has_levels: bool) -> list[tuple[str, str]]:
        if course.ended_on is not None:
            return []
        on_break = course.state == CourseState.ON_BREAK
        wanted = [
            (bool(course.began_on), "Review the course", "course_review", Duty.REVIEW_COURSE),
            (on_break, "Back from the break", "course_resume", Duty.REVIEW_COURSE),
            (
                bool(course.began_on) and not on_break,
                "Approve a break",
                "course_break",
                Duty.SIGN_OFF,
            ),
            (bool(course.began_on), "Extend", "course_extend", Duty.SIGN_OFF),
            (has_levels, "Change the level", "course_level", Duty.SIGN_OFF),
        ]
        return [
            (words, reverse(name, args=[course.pk]))
            for fits, words, name, duty in wanted
            if fits and may_do(self.viewer.role, duty)
        ]

    @cached_property
    def act_groups(self) -> list[dict[str, Any]]:
        """Open acts, then closed ones, as rows of a list."""
        by_version = {course.template_id: course.template.template for course in self.found}
        by_course = {course.pk: course for course in self.found}
        for act in self.acts:
            if act.course_id in by_course:
                act.course = by_course[act.course_id]
        shown = [act for act in self.acts if act.course_id in by_course]
        return act_rows(shown, by_version, self.today)

    @property
    def open_acts(self) -> list[dict[str, Any]]:
        """Acts that are proposed or accepted."""
        return [row for row in self.act_groups if row["is_open"]]

    @property
    def closed_acts(self) -> list[dict[str, Any]]:
        """Acts that were done, dismissed or taken back."""
        return [row for row in self.act_groups if not row["is_open"]]

    @property
    def proposed(self) -> int:
        """How many acts one click accepts."""
        return sum(act.state == ActState.PROPOSED for act in self.acts)

    @property
    def may_act(self) -> bool:
        """Whether this viewer decides on acts."""
        return bool(may_do(self.viewer.role, Duty.ACT_ON_ABSENCE))

    @property
    def accept_url(self) -> str:
        """Where the one click is posted."""
        return reverse("acts_accept", args=[self.case.pk])

    def _change(self, row: CourseChange, course: Course, names: dict[Any, str]) -> dict[str, Any]:
        template = self.templates[course.pk]
        text = CHANGE_WORDS[ChangeKind(row.kind)]
        if row.kind == ChangeKind.EXTENSION:
            text += f" of {row.weeks} weeks"
        elif row.kind == ChangeKind.BREAK:
            text += f" until {row.until_on:%-d %B %Y}"
        elif row.kind == ChangeKind.LEVEL:
            text += f": {template.level(row.went_to).name}"
        return {
            "title": text,
            "when": row.from_on,
            "by": names.get(row.worker, ""),
            "text": row.reason,
        }

    def _review(
        self, row: CompletionReview, progress: Progress, ratings: list[Any], names: dict[Any, str]
    ) -> dict[str, Any]:
        if row.signed_at:
            state = (f"Signed off by {names.get(row.signed_by, 'a colleague')}", "green")
        elif row.returned_at:
            state = ("Returned", "grey")
        else:
            state = ("Waits for sign-off", "orange")
        waits = not (row.signed_at or row.returned_at)
        signs = waits and may_do(self.viewer.role, Duty.SIGN_OFF)
        return {
            "title": DECISION_WORDS[ReviewDecision(row.decision)]
            + (f" by {row.weeks} weeks" if row.weeks else ""),
            "when": row.held_on,
            "by": names.get(row.worker, ""),
            "state": state,
            "evidence": row.evidence,
            "exception": row.exception,
            "returned": row.returned_because,
            "attended": given_words(Attended(row.sessions_attended, row.minutes_attended)),
            "ratings": ratings_in_words(progress.template, ratings),
            "url": reverse("review_sign", args=[row.pk]) if signs else "",
        }

    def _talk(self, row: FollowUp, names: dict[Any, str]) -> dict[str, Any]:
        held = row.outcome and FOLLOW_UP_WORDS[FollowUpOutcome(row.outcome)]
        may = may_do(self.viewer.role, Duty.REVIEW_COURSE)
        return {
            "months": row.months,
            "due": row.due_on,
            "held": row.held_on,
            "outcome": held or "not yet",
            "by": names.get(row.worker, ""),
            "note": row.note,
            "url": reverse("follow_up", args=[row.pk]) if may else "",
        }


def bars(progress: Progress) -> list[dict[str, Any]]:
    """Hours and sessions attended against those planned, for a bar with its numbers."""
    hours, planned = progress.attended.hours, progress.planned_hours
    return [
        {
            "label": "Hours",
            "now": plain(hours),
            "most": plain(planned),
            "share": share(float(hours), float(planned)),
        },
        {
            "label": "Sessions",
            "now": str(progress.attended.sessions),
            "most": str(progress.planned_sessions),
            "share": share(progress.attended.sessions, progress.planned_sessions),
        },
    ]


def share(part: float, whole: float) -> int:
    """Hundredths of the whole, between 0 and 100."""
    return max(0, min(100, round(100 * part / whole))) if whole else 0


def phases(rows: Sequence[Covered]) -> list[dict[str, Any]]:
    """Coverage by phase, in the order of the template; one block where it has no phases."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        name = row.phase.name if row.phase else ""
        block = found.setdefault(name, {"name": name, "rows": []})
        block["rows"].append(
            {
                "cells": [
                    row.module.name,
                    f"{row.attended} of {row.planned}",
                    plain(row_hours(row)),
                    row.first_on or "not yet",
                    _coverage_tag(row),
                ]
            }
        )
    return list(found.values())


def row_hours(row: Covered) -> Decimal:
    """Hours of a module that were attended."""
    return Decimal(row.minutes) / 60


def _coverage_tag(row: Covered) -> tuple[str, str]:
    if row.attended >= row.planned:
        return "Covered", "green"
    if row.attended:
        return "In part", "blue"
    return ("Missing", "orange") if row.module.required else ("Not needed", "grey")
