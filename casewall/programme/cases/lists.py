"""Lists of cases: a page of them, what is due, and how a stage is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf.locale import LANG_INFO
from django.db.models import Q
from django.utils import timezone

from casewall.programme.cases.models import Case, Task
from casewall.programme.cases.rules import (
    NEXT_ACTION_WORDS,
    OPEN_STAGES,
    TASK_WORDS,
    Stage,
    words,
)
from casewall.staff.models import Worker
from casewall.wall.sides import Viewer

PAGE = 25
"""Cases on one page of a list."""
NOBODY = UUID(int=0)

_COLOURS: dict[Stage, str] = {
    Stage.REFERRED: "blue",
    Stage.CONTACTED: "teal",
    Stage.ASSESSMENT_BOOKED: "teal",
    Stage.ASSESSED: "purple",
    Stage.SUITABLE: "purple",
    Stage.AGREEMENT_SIGNED: "yellow",
    Stage.WAITING: "yellow",
    Stage.STARTED: "green",
    Stage.MINIMUM_DOSE: "green",
    Stage.COMPLETED: "green",
    Stage.FOLLOW_UP: "green",
    Stage.DEFERRED: "orange",
    Stage.SUSPENDED: "orange",
    Stage.RETURNED: "orange",
}


def said(code: str) -> str:
    """A code as the beginning of a line."""
    text = words(code)
    return text[:1].upper() + text[1:]


def stage_tag(stage: str) -> tuple[str, str]:
    """A stage as a tag: its word and its colour; ends are grey."""
    return said(stage), _COLOURS.get(Stage(stage), "grey")


def action_words(code: str) -> str:
    """What a case needs next, in words."""
    return NEXT_ACTION_WORDS.get(code) or said(code)


def task_words(kind: str) -> str:
    """A task in words."""
    return TASK_WORDS.get(kind) or said(kind)


def language_name(code: str) -> str:
    """The English name of a language code; the code itself where none is known."""
    return str(LANG_INFO.get(code, {}).get("name", code))


def names_of(workers: Iterable[UUID | None]) -> dict[UUID, str]:
    """The names of these workers; an account of another site is not among them.

    One query, also where nobody is meant: a page then needs as many for every case.
    """
    wanted = {worker for worker in workers if worker} or {NOBODY}
    return dict(Worker.objects.filter(id__in=wanted).values_list("id", "name"))


def moment_of(when: date | datetime) -> tuple[date, str]:
    """What days and moments of a timeline are sorted by; a day comes before its moments."""
    if isinstance(when, datetime):
        here = timezone.localtime(when)
        return here.date(), f"{here:%H:%M:%S}"
    return when, ""


def reference(case: Case) -> str:
    """The reference that people read out: the first eight characters of the case's identifier."""
    return case.pk.hex[:8]


@dataclass(frozen=True, slots=True)
class Place:
    """A place between two cases of a list that is sorted by the day of referral, newest first."""

    referred_on: date
    case: UUID

    @classmethod
    def read(cls, text: str) -> Place | None:
        """The place written in an address, or None where it is not one."""
        day, _, case = text.partition("_")
        try:
            return cls(date.fromisoformat(day), UUID(case))
        except ValueError:
            return None

    @classmethod
    def of(cls, case: Case) -> Place:
        """The place of a case."""
        return cls(case.referred_on, case.pk)

    def __str__(self) -> str:
        return f"{self.referred_on.isoformat()}_{self.case}"


@dataclass(frozen=True, slots=True)
class Page:
    """Some cases of a list, and where the neighbouring pages begin."""

    cases: list[Case]
    before: Place | None
    after: Place | None


def page_of_cases(rows: Any, *, before: Place | None = None, after: Place | None = None,
                  size: int = PAGE) -> Page:
    """One page of `rows`, newest referral first, from a place rather than from a number.

    A page number would skip or repeat people when a case is added meanwhile, and the database
    would count its way there.
    """
    rows = rows.select_related("client")
    if before is not None:
        later = Q(referred_on__gt=before.referred_on) | Q(
            referred_on=before.referred_on, id__gt=before.case)
        found = list(rows.filter(later).order_by("referred_on", "id")[: size + 1])
        more, cases = len(found) > size, found[:size][::-1]
        return Page(cases, Place.of(cases[0]) if more else None,
                    Place.of(cases[-1]) if cases else None)
    if after is not None:
        rows = rows.filter(Q(referred_on__lt=after.referred_on) | Q(
            referred_on=after.referred_on, id__lt=after.case))
    found = list(rows.order_by("-referred_on", "-id")[: size + 1])
    more, cases = len(found) > size, found[:size]
    return Page(cases, Place.of(cases[0]) if cases and after else None,
                Place.of(cases[-1]) if more else None)


def open_cases(viewer: Viewer) -> Any:
    """The open cases that this viewer sees."""
    return Case.objects.visible_to(viewer).filter(stage__in=sorted(OPEN_STAGES))


def needing_action(rows: Any, day: date) -> Any:
    """Those whose next action is due on this day or was due before."""
    return rows.filter(stage__in=sorted(OPEN_STAGES), next_action_on__lte=day)


def open_tasks(viewer: Viewer) -> Any:
    """Tasks that are not done, with case and client, the earliest first."""
    return Task.objects.visible_to(viewer).filter(done_on=None).select_related(
        "case__client").order_by("due_on", "id")


COLUMNS = ["Name", ("Stage", "tag"), ("Referred on", "date"), "Next action", ("Due", "date"),
           ("Last contact tried", "date")]


def table_rows(cases: Iterable[Case], urls: dict[UUID, str]) -> list[dict[str, Any]]:
    """Cases as rows for the table of cases (`COLUMNS`)."""
    return [
        {
            "cells": [
                case.client.full_name,
                stage_tag(case.stage),
                case.referred_on,
                action_words(case.next_action) if case.next_action else "nothing",
                case.next_action_on or "–",
                case.last_contact_on or "not yet",
            ],
            "url": urls[case.pk],
        }
        for case in cases
    ]
