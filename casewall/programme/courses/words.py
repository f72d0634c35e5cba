"""Courses in words, for pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from casewall.pages.templatetags.casewall import due_in_words
from casewall.programme.courses.absence.rules import (
    ACT_STATE_WORDS,
    ACT_WORDS,
    CONTACTS_CLIENT,
)
from casewall.programme.courses.models import Act
from casewall.programme.courses.rules import ActKind, ActState, Attended, Least, plain
from casewall.programme.curriculum.words import step_words
from casewall.services.programmes import Template


def given_words(attended: Attended) -> str:
    """What was attended: “3 sessions, 7.5 hours”."""
    noun = "session" if attended.sessions == 1 else "sessions"
    return f"{attended.sessions} {noun}, {plain(attended.hours)} hours"


def dose_words(least: Least) -> str:
    """A least dose: “24 sessions and 60 hours”."""
    parts = [f"{least.sessions} sessions"] if least.sessions is not None else []
    parts += [f"{plain(least.hours)} hours"] if least.hours is not None else []
    return " and ".join(parts) or "not set"


def course_section_url(case: UUID) -> str:
    """The address of the section on courses of a case."""
    return reverse("case", args=[case]) + "?show=course"


def act_rows(
    acts: Iterable[Act], templates: Mapping[UUID, Template], today: date
) -> list[dict[str, Any]]:
    """Acts for a list: what, why, since which session, when due, and what can be done.

    `templates` by the identifier of the version; the acts carry session and course.
    """
    rows = []
    for act in acts:
        template = templates.get(act.course.template_id)
        steps = {step.id: step for step in template.programme.ladder} if template else {}
        due = timezone.localdate(act.due_at)
        rows.append(
            {
                "what": ACT_WORDS[ActKind(act.kind)],
                "why": step_words(steps[act.step]) if act.step in steps else act.step,
                "session": act.session.held_on,
                "due": act.due_at,
                "due_words": due_in_words(due, today),
                "late": due < today,
                "state": ACT_STATE_WORDS[ActState(act.state)],
                "is_open": act.state in (ActState.PROPOSED, ActState.ACCEPTED),
                "may_be_done": act.kind not in CONTACTS_CLIENT or act.due_at <= timezone.now(),
                "note": act.note,
                "done": reverse("act_done", args=[act.pk]),
                "dismiss": reverse("act_dismiss", args=[act.pk]),
            }
        )
    return rows
