"""What a partner's file shows of support, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from casewall.safety.partners.models import PartnerFile
from casewall.safety.partners.parts import Shown
from casewall.safety.partners.rules import CAVEAT
from casewall.safety.partners.words import in_words
from casewall.safety.support.actions import kinds_of_help
from casewall.safety.support.circumstances.part import circumstances
from casewall.safety.support.models import (
    Expectation,
    GroupAttendance,
    GroupPlace,
    InterpreterUse,
    OnwardReferral,
    PartnerNeed,
    PeriodExtension,
    Permission,
    PlanStep,
    SupportPeriod,
    SupportPlan,
    SupportSession,
)
from casewall.safety.support.rules import (
    END_NEAR_DAYS,
    Area,
    Came,
    Doer,
    EndReason,
    HelpOutcome,
    Hope,
    Level,
    Marked,
    SessionKind,
    Topic,
    minutes_in_words,
)
from casewall.safety.support.versions import (
    Entry,
    Rows,
    all_of,
    file_steps,
    plan_entries,
    plan_waits,
    works_with,
)
from casewall.safety.support.words import LEVEL_COLOURS, link_words, words_of
from casewall.wall.sides import Viewer

SESSIONS_SHOWN = 10
SESSION_COLUMNS = ["When", "Kind", "What became of it", ("Length", "number"), "About"]
ONWARD_COLUMNS = ["To", "Kind of help", ("Referred on", "date"), "Outcome", ("Since", "date")]
INTERPRETER_COLUMNS = [("Day", "date"), "Language", "Agency", ("Length", "number")]
GROUP_COLUMNS = ["Group", ("Joined", "date"), ("Left", "date"), ("Came to", "number")]


def session_rows(row: SupportSession) -> Rows:
    """One session as it is stored."""
    return [
        ("When", row.began_at),
        ("Kind", words_of(SessionKind, row.kind)),
        ("What became of it", words_of(Came, row.came)),
        ("Length", minutes_in_words(row.minutes) if row.minutes else "–"),
        ("How", in_words(row.channel)),
        ("Who else was there", in_words(row.present)),
        ("About", _topics(row) or "not said"),
        ("Note", row.note),
    ]


def _topics(row: SupportSession) -> str:
    return ", ".join(words_of(Topic, one) for one in row.topics.split(",") if one)


def support_part(file: PartnerFile, viewer: Viewer, today: date) -> Shown:
    """Period, plan, sessions, help elsewhere: eight queries, five more for the section."""
    works = works_with(file, viewer)
    periods = all_of(SupportPeriod, file, viewer, "-began_on")
    extensions = all_of(PeriodExtension, file, viewer, "decided_on")
    plans = all_of(SupportPlan, file, viewer, "-number")
    steps = all_of(PlanStep, file, viewer, "due_on")
    sessions = all_of(SupportSession, file, viewer, "-began_at", "-recorded_at")
    onward = all_of(OnwardReferral, file, viewer, "-made_on")
    permissions = all_of(Permission, file, viewer, "-given_on")
    needs = _newest_needs(file, viewer)
    period = next(iter(periods), None)
    return Shown(
        entries=[
            *_period_entries(periods, extensions),
            *_session_entries(sessions),
            *plan_entries(plans, "Support plan"),
            *_onward_entries(onward),
            *_permission_entries(permissions),
        ],
        waits_for=[
            *_period_waits(file, period, sessions, works, today),
            *plan_waits(plans, "support plan", "support-plan", works),
            *_step_waits(steps, works),
            *_onward_waits(onward, works),
        ],
        steps=file_steps(file, works, FIRST_STEPS),
        flags=_flags(period, needs, today),
        details=_period_rows(period),
        template="support/section.html",
        context=lambda: {
            "works": works,
            "period": period,
            "period_rows": _period_rows(period),
            "needs": [_need_row(area, needs.get(area)) for area in Area],
            **circumstances(file, viewer),
            "plan": next(iter(plans), None),
            "plan_steps": [_plan_step(row) for row in steps],
            **_sessions(sessions, works),
            "expectations": _expectations(file, viewer),
            "caveat": CAVEAT,
            "onward_columns": ONWARD_COLUMNS,
            "onward": [_onward_row(row, works) for row in onward],
            "can_refer": bool(kinds_of_help(file.service)),
            "permissions": [_permission(row, works) for row in permissions],
            "interpreter_columns": INTERPRETER_COLUMNS,
            "interpreters": _interpreters(file, viewer),
            **_groups(file, viewer),
        },
    )


FIRST_STEPS = (
    ("Record a session", "support-session"),
    ("Write down needs", "support-needs"),
    ("Write down where the partner lives and works", "support-circumstances"),
    ("Write the support plan", "support-plan"),
    ("Support groups", "support-groups"),
)


def _newest_needs(file: PartnerFile, viewer: Viewer) -> dict[Area, PartnerNeed]:
    rows = all_of(PartnerNeed, file, viewer, "stated_on", "recorded_at")
    return {Area(row.area): row for row in rows}


def _need_row(area: Area, need: PartnerNeed | None) -> tuple[str, tuple[str, str], str]:
    if need is None:
        return words_of(Area, area), ("Not asked yet", "grey"), ""
    colour = LEVEL_COLOURS[Level(need.level)]
    said = "\n".join(filter(None, [f"{need.stated_on:%-d %B %Y}", need.note]))
    return words_of(Area, area), (words_of(Level, need.level), colour), said


def _flags(
    period: SupportPeriod | None, needs: dict[Area, PartnerNeed], today: date
) -> list[tuple[str, str]]:
    serious = [words_of(Area, area).lower() for area, n in needs.items() if n.level == "serious"]
    flags = [(f"Serious need: {', '.join(serious)}", "purple")] if serious else []
    if period is None or (period.ended_on is None and period.planned_end is None):
        return flags
    if period.ended_on is not None:
        return [*flags, (f"Support ended {period.ended_on:%-d %B %Y}", "grey")]
    if period.planned_end < today:
        return [*flags, (f"Support was planned until {period.planned_end:%-d %B %Y}", "orange")]
    near = period.planned_end - timedelta(days=END_NEAR_DAYS) <= today
    colour = "orange" if near else "blue"
    return [*flags, (f"Support until {period.planned_end:%-d %B %Y}", colour)]


def _period_rows(period: SupportPeriod | None) -> Rows:
    if period is None:
        return [("Support", "has not begun yet")]
    rows: Rows = [("Support began", period.began_on)]
    if period.ended_on is None:
        return [*rows, ("Planned end", period.planned_end or "no end is planned")]
    reason = words_of(EndReason, period.end_reason).lower()
    return [*rows, ("Support ended", period.ended_on), ("Because", reason)]


def _period_waits(
    file: PartnerFile,
    period: SupportPeriod | None,
    sessions: list[SupportSession],
    works: bool,
    today: date,
) -> Iterator[Entry]:
    if period is None:
        held = [row for row in sessions if row.came == Came.HELD]
        if held:
            yield {
                "what": "Say when support began: a session was held",
                "due": timezone.localdate(held[-1].began_at),
                "url": reverse("support-begin", args=[file.pk]) if works else "",
            }
    elif period.ended_on is None and period.planned_end is not None:
        tell = period.planned_end - timedelta(days=END_NEAR_DAYS)
        if tell <= today:
            yield {
                "what": f"Support ends on {period.planned_end:%-d %B %Y}: extend it, or prepare "
                "the end",
                "due": tell,
                "url": reverse("support-extend", args=[period.pk]) if works else "",
            }


def _period_entries(
    periods: list[SupportPeriod], extensions: list[PeriodExtension]
) -> Iterator[Entry]:
    label = ("Support", "blue")
    for row in periods:
        yield {"title": "Support began", "when": row.began_on, "by": row.worker, "label": label}
        if row.ended_on:
            yield {
                "title": f"Support ended: {words_of(EndReason, row.end_reason).lower()}",
                "when": row.ended_on,
                "text": row.end_note or "",
                "label": label,
            }
    for one in extensions:
        yield {
            "title": f"Support extended from {one.until_before:%-d %B %Y} to {one.until:%-d %B %Y}",
            "when": one.decided_on,
            "by": one.worker,
            "text": one.reason,
            "label": label,
        }


def _step_waits(steps: list[PlanStep], works: bool) -> Iterator[Entry]:
    for row in steps:
        if row.is_open and row.due_on:
            yield {
                "what": f"{row.what} ({words_of(Doer, row.who).lower()})",
                "due": row.due_on,
                "done": reverse("support-step-end", args=[row.pk]) if works else "",
            }


def _plan_step(row: PlanStep) -> Entry:
    if row.is_open:
        state = ("Open", "blue")
    elif row.done_on:
        state = (f"Done {row.done_on:%-d %B %Y}", "green")
    else:
        state = (f"Dropped {row.dropped_on:%-d %B %Y}", "grey")
    return {
        "row": row,
        "who": words_of(Doer, row.who),
        "state": state,
        "end": reverse("support-step-end", args=[row.pk]),
    }


def _holding(sessions: list[SupportSession]) -> list[SupportSession]:
    """The sessions as they hold: what was corrected is left out."""
    corrected = {row.corrects_id for row in sessions}
    return [row for row in sessions if row.pk not in corrected]


def _session_table(sessions: list[SupportSession], works: bool) -> list[Entry]:
    return [
        {
            "cells": [
                f"{timezone.localtime(row.began_at):%-d %B %Y, %H:%M}",
                words_of(SessionKind, row.kind),
                words_of(Came, row.came),
                minutes_in_words(row.minutes) if row.minutes else "–",
                _topics(row) or "not said",
            ],
            "url": reverse("support-session-correct", args=[row.pk]) if works else "",
        }
        for row in _holding(sessions)[:SESSIONS_SHOWN]
    ]


def _sessions(sessions: list[SupportSession], works: bool) -> dict[str, Any]:
    return {
        "session_columns": SESSION_COLUMNS,
        "sessions": _session_table(sessions, works),
        "sessions_said": _sessions_said(sessions),
    }


def _sessions_said(sessions: list[SupportSession]) -> str:
    held = [row for row in _holding(sessions) if row.came == Came.HELD]
    if not held:
        return ""
    noun = "session was" if len(held) == 1 else "sessions were"
    time = minutes_in_words(sum(row.minutes for row in held))
    shown = " The newest are shown." if len(_holding(sessions)) > SESSIONS_SHOWN else ""
    return f"{len(held)} {noun} held, {time} in all.{shown}"


def _session_entries(sessions: list[SupportSession]) -> Iterator[Entry]:
    corrected = {row.corrects_id for row in sessions}
    for row in sessions:
        title = words_of(SessionKind, row.kind)
        length = f", {minutes_in_words(row.minutes)}" if row.minutes else ""
        why = f"Corrected because: {row.reason}" if row.corrects_id else ""
        about = _topics(row)
        yield {
            "title": f"{title}: {words_of(Came, row.came).lower()}{length}",
            "when": row.began_at,
            "by": row.worker,
            "text": "\n".join(filter(None, [why, about, row.note])),
            "label": ("Corrected later", "grey") if row.pk in corrected else ("Session", "green"),
        }


def _expectations(file: PartnerFile, viewer: Viewer) -> list[tuple[str, str, str]]:
    return [
        (
            f"{row.stated_on:%-d %B %Y}: {words_of(Hope, row.hope).lower()}",
            row.own_words or "",
            "The sentence above was told."
            if row.caveat_told
            else "The sentence above was not told yet.",
        )
        for row in all_of(Expectation, file, viewer, "-stated_on", "-recorded_at")
    ]


def _onward_row(row: OnwardReferral, works: bool) -> Entry:
    return {
        "cells": [
            row.agency,
            link_words(row.kind),
            row.made_on,
            words_of(HelpOutcome, row.outcome),
            row.outcome_on or "–",
        ],
        "url": reverse("support-referral-settle", args=[row.pk]) if works else "",
    }


def _onward_waits(onward: list[OnwardReferral], works: bool) -> Iterator[Entry]:
    for row in onward:
        if row.ask_on:
            yield {
                "what": f"Ask what came of the referral to {row.agency}",
                "due": row.ask_on,
                "url": reverse("support-referral-settle", args=[row.pk]) if works else "",
            }


def _onward_entries(onward: list[OnwardReferral]) -> Iterator[Entry]:
    label = ("Help elsewhere", "teal")
    for row in onward:
        yield {
            "title": f"Referred on to {row.agency}",
            "when": row.made_on,
            "by": row.worker,
            "text": row.note or "",
            "label": label,
        }
        if row.outcome_on:
            yield {
                "title": f"{row.agency}: {words_of(HelpOutcome, row.outcome).lower()}",
                "when": row.outcome_on,
                "label": label,
            }


def _permission_entries(permissions: list[Permission]) -> Iterator[Entry]:
    label = ("Permission", "purple")
    for row in permissions:
        yield {
            "title": f"Permitted to tell {row.to_whom}",
            "when": row.given_on,
            "by": row.worker,
            "text": row.information,
            "label": label,
        }
        if row.revoked_on:
            yield {
                "title": f"No longer permitted to tell {row.to_whom}",
                "when": row.revoked_on,
                "text": row.information,
                "label": label,
            }


def _permission(row: Permission, works: bool) -> Entry:
    return {
        "rows": [
            ("May be told", row.information),
            ("To", row.to_whom),
            ("For", row.purpose),
            ("Given", f"{row.given_on:%-d %B %Y}, {'in writing' if row.in_writing else 'orally'}"),
        ],
        "revoked_on": row.revoked_on,
        "url": reverse("support-permission-revoke", args=[row.pk])
        if works and row.revoked_on is None
        else "",
    }


def _interpreters(file: PartnerFile, viewer: Viewer) -> list[Entry]:
    return [
        {"cells": [row.used_on, row.language, row.agency, minutes_in_words(row.minutes)]}
        for row in all_of(InterpreterUse, file, viewer, "-used_on")
    ]


def _groups(file: PartnerFile, viewer: Viewer) -> dict[str, Any]:
    """The groups that the partner was in, with how often the partner came: two queries."""
    places = (
        GroupPlace.objects.visible_to(viewer)
        .filter(file=file)
        .select_related("group")
        .order_by("-joined_on", "id")
    )
    came: dict[Any, list[str]] = {}
    for group, marked in (
        GroupAttendance.objects.visible_to(viewer)
        .filter(file=file)
        .values_list("meeting__group_id", "marked")
    ):
        came.setdefault(group, []).append(marked)
    shown = []
    for place in places:
        marks = came.get(place.group_id, [])
        there = len([mark for mark in marks if mark in (Marked.CAME, Marked.PART)])
        shown.append(
            {
                "cells": [
                    place.group.name,
                    place.joined_on,
                    place.left_on or "–",
                    f"{there} of {len(marks)} marked",
                ],
                "url": reverse("support-group", args=[place.group_id]),
            }
        )
    return {"group_columns": GROUP_COLUMNS, "groups": shown}
