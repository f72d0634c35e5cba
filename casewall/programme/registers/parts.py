"""What registers and one-to-one sessions add to the page of a case and to the first page."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.urls import reverse

from casewall.programme.cases.history import mark_colour
from casewall.programme.cases.lists import said
from casewall.programme.cases.models import Case
from casewall.programme.cases.parts import Shown
from casewall.programme.groups.lists import registers_due, sessions_between
from casewall.programme.groups.rules import SessionState
from casewall.programme.registers.lists import (
    missed_sessions,
    own_sessions,
    session_name,
    sessions_alone,
)
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Viewer

_STATES = {
    SessionState.PLANNED: ("Planned", "blue"),
    SessionState.HELD: ("Held", "green"),
    SessionState.CANCELLED: ("Cancelled", "grey"),
}


def of_a_case(case: Case, viewer: Viewer, today: date) -> Shown:
    """One-to-one sessions and catch-ups of one case, and what was missed."""
    found = sessions_alone(case, viewer)
    missed = missed_sessions(case, viewer, today)
    holds = bool(may_do(viewer.role, Duty.HOLD_SESSION)) and case.is_open
    places = bool(may_do(viewer.role, Duty.RUN_GROUP)) and case.is_open
    planned = [one for one in found if one.state == SessionState.PLANNED]
    steps = [("Plan a one-to-one session", reverse("case_session", args=[case.pk]))]
    if missed and places:
        steps.append(("Catch up in another group", reverse("case_sit_in", args=[case.pk])))
    return Shown(
        entries=[_entry(one) for one in found if one.state == SessionState.HELD],
        waits_for=[
            {
                "what": f"{_title(one)}, {one.begins_at:%H:%M}",
                "due": one.held_on,
                "url": reverse("register", args=[one.pk]),
            }
            for one in planned
        ],
        steps=steps if holds else [],
        template="programme/part_sessions.html",
        context={
            "session_columns": [
                "Session",
                ("Day", "date"),
                "Time",
                ("State", "tag"),
                ("Minutes attended", "number"),
            ],
            "session_rows": [_row(one) for one in found],
            "session_moves": [
                (
                    f"{_title(one)}, {one.held_on:%-d %B %Y}",
                    reverse("one_to_one_time", args=[one.pk]),
                    reverse("session_cancel", args=[one.pk]),
                )
                for one in planned
                if holds
            ],
            "missed_rows": [_missed(mark, case, holds, places) for mark in missed],
        },
    )


def _title(session: Any) -> str:
    name = f"{said(session.kind)} {session.number}".replace("One to one", "One-to-one session")
    name = name.replace("Catch up", "Catch-up")
    return f"{name}: {session.title}" if session.title else name


def _entry(session: Any) -> dict[str, Any]:
    made_up = session.makes_up_for
    return {
        "title": _title(session),
        "when": session.held_on,
        "text": f"Makes up for {session_name(made_up)}." if made_up else "",
        "label": (said(session.outcome or "held"), mark_colour(session.outcome or "")),
        "url": reverse("register", args=[session.pk]),
    }


def _row(session: Any) -> dict[str, Any]:
    state = _STATES[SessionState(session.state)]
    if session.outcome:
        state = (said(session.outcome), mark_colour(session.outcome))
    return {
        "cells": [
            _title(session),
            session.held_on,
            f"{session.begins_at:%H:%M}",
            state,
            "–" if session.attended_minutes is None else session.attended_minutes,
        ],
        "url": reverse("register", args=[session.pk]),
    }


def _missed(mark: Any, case: Case, holds: bool, places: bool) -> dict[str, Any]:
    query = f"?missed={mark.session_id}"
    name = session_name(mark.session)
    return {
        "words": f"{name[:1].upper()}{name[1:]}, {mark.session.held_on:%-d %B %Y}",
        "mark": said(mark.outcome),
        "is_planned": mark.is_planned,
        "alone": reverse("case_session", args=[case.pk]) + query if holds else "",
        "group": reverse("case_sit_in", args=[case.pk]) + query if places else "",
    }


def of_today(viewer: Viewer, today: date, last: date) -> list[dict[str, Any]]:
    """Registers that wait, sessions of groups to come, and the viewer's one-to-one sessions."""
    found: list[dict[str, Any]] = []
    if may_do(viewer.role, Duty.RECORD_ATTENDANCE):
        due = [one for one in registers_due(viewer, today) if one.group_id is not None]
        coming = sessions_between(viewer, today + timedelta(days=1), last)
        found += [_register_item(one) for one in due]
        found += [_group_item(one) for one in coming if one.group_id is not None]
    if may_do(viewer.role, Duty.HOLD_SESSION):
        found += [_alone_item(one) for one in own_sessions(viewer, last)]
    return found


def _register_item(session: Any) -> dict[str, Any]:
    return {
        **_group_item(session),
        "what": f"Mark the register of {session.group.name}",
        "note": f"Session {session.number}; {session.marked} of {session.expected} marked",
    }


def _group_item(session: Any) -> dict[str, Any]:
    return {
        "due": session.held_on,
        "what": f"Session of {session.group.name}",
        "url": reverse("register", args=[session.pk]),
        "tag": ("Group", "purple"),
        "note": f"Session {session.number}, {session.begins_at:%H:%M}",
    }


def _alone_item(session: Any) -> dict[str, Any]:
    return {
        "due": session.held_on,
        "what": f"{_title(session)}:",
        "who": session.case.client.full_name,
        "url": reverse("register", args=[session.pk]),
        "tag": ("One-to-one", "teal"),
        "note": f"{session.begins_at:%H:%M}, {session.minutes} minutes",
    }
