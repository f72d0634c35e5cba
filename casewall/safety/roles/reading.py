"""What is shown of assessments, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from casewall.safety.partners.models import FileLink, PartnerFile
from casewall.safety.partners.parts import Shown
from casewall.safety.pulled.models import PulledCase
from casewall.safety.roles.models import RoleAssessment, RoleIncident, RoleWorking
from casewall.safety.roles.rules import (
    UNDER_WAY,
    Act,
    Consequence,
    Fear,
    HowOften,
    Injury,
    Outcome,
    Person,
    Setting,
    Sign,
    Source,
    State,
    sees_material,
)
from casewall.safety.roles.words import listed, words_of
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Role, Viewer

STATE_COLOURS = {
    State.OPEN: "blue",
    State.WAITING: "yellow",
    State.CONCLUDED: "green",
    State.SET_ASIDE: "grey",
}
MOST_SHOWN = 50


def state_tag(assessment: RoleAssessment) -> tuple[str, str]:
    """Where an assessment stands, as a word in its colour."""
    state = State(assessment.state)
    return words_of(State, state), STATE_COLOURS[state]


def opens(assessment: RoleAssessment, viewer: Viewer) -> bool:
    """Whether this viewer, who sees the file, also sees what the assessment was made from."""
    return sees_material(
        State(assessment.state),
        is_author=assessment.author == viewer.worker,
        is_signer=assessment.signer == viewer.worker,
        is_manager=viewer.role is Role.SAFETY_MANAGER,
        is_coordinator=viewer.role is Role.COORDINATOR,
    )


def conclusion(assessment: RoleAssessment) -> list[tuple[str, str]]:
    """What a signed-off assessment says of each person."""
    return [
        ("The person of this file", words_of(Outcome, assessment.concluded_a)),
        ("The other person", words_of(Outcome, assessment.concluded_b)),
    ]


def roles_part(file: PartnerFile, viewer: Viewer, today: date) -> Shown:
    """The assessments of a file; role words only where a conclusion is signed off. One query."""
    rows = list(RoleAssessment.objects.visible_to(viewer).filter(file=file).order_by("-number"))
    under_way = [one for one in rows if State(one.state) in UNDER_WAY]
    concluded = [one for one in rows if one.state == State.CONCLUDED]
    may = bool(may_do(viewer.role, Duty.ASSESS_ROLES))
    begin = reverse("roles-begin", args=[file.pk]) if may and not under_way else ""
    return Shown(
        entries=[entry for one in rows for entry in _entries(one)],
        waits_for=[row for one in under_way for row in _waits(one, viewer, may)],
        steps=[("Look at who does what to whom", begin)] if begin else [],
        flags=[("Roles are being looked at", "yellow")] if under_way else [],
        details=conclusion(concluded[0]) if concluded and not under_way else [],
        template="roles/section.html",
        context={
            "assessments": [
                {
                    "number": one.number,
                    "state": state_tag(one),
                    "begun": one.begun_at,
                    "finished": one.finished_at,
                    "rows": conclusion(one) if one.state == State.CONCLUDED else [],
                    "url": reverse("roles", args=[one.pk]) if opens(one, viewer) else "",
                    "newest": one in concluded[:1] and not under_way,
                }
                for one in rows
            ],
            "begin": begin,
            "again": bool(concluded),
        },
    )


def _entries(one: RoleAssessment) -> Iterable[dict[str, Any]]:
    yield {
        "title": "Who does what to whom: assessment begun",
        "when": timezone.localtime(one.begun_at),
        "by": one.author,
        "text": "",
    }
    if one.finished_at is None:
        return
    said = "; ".join(f"{who.lower()}: {what.lower()}" for who, what in conclusion(one))
    signed = one.state == State.CONCLUDED
    yield {
        "title": f"Who does what to whom: {words_of(State, one.state).lower()}",
        "when": timezone.localtime(one.finished_at),
        "by": one.signer or "",
        "text": said.capitalize() + "." if signed else "",
    }


def may_sign_here(one: RoleAssessment, viewer: Viewer) -> bool:
    """Whether this viewer is asked for the sign-off."""
    return (
        one.state == State.WAITING
        and one.author != viewer.worker
        and viewer.role in (Role.COORDINATOR, Role.SAFETY_MANAGER)
    )


def _waits(one: RoleAssessment, viewer: Viewer, may: bool) -> Iterable[dict[str, Any]]:
    if may_sign_here(one, viewer):
        yield {
            "what": "Sign off who does what to whom",
            "due": one.due_on,
            "url": reverse("roles-sign", args=[one.pk]),
        }
    elif may and one.state == State.OPEN and one.author == viewer.worker:
        yield {
            "what": "Finish who does what to whom",
            "due": timezone.localdate(one.begun_at),
            "url": reverse("roles", args=[one.pk]),
        }


def today_items(viewer: Viewer, today: date, last: date) -> list[dict[str, Any]]:
    """Assessments that wait for this viewer's sign-off. One query."""
    if viewer.role not in (Role.COORDINATOR, Role.SAFETY_MANAGER):
        return []
    rows = (
        RoleAssessment.objects.visible_to(viewer)
        .filter(state=State.WAITING)
        .exclude(author=viewer.worker)
        .select_related("file__partner")
        .order_by("due_on", "id")[:MOST_SHOWN]
    )
    return [
        {
            "due": one.due_on,
            "what": "Sign off who does what to whom:",
            "who": one.file.partner.full_name or "No name given",
            "url": reverse("roles-sign", args=[one.pk]),
            "tag": ("Sign off", "purple"),
        }
        for one in rows
    ]


def linked_cases(file: PartnerFile, viewer: Viewer) -> list[tuple[str, str]]:
    """The cases that a file is linked to, as choices of who Person B is."""
    links = FileLink.objects.visible_to(viewer).filter(file=file, ended_on=None)
    cases = PulledCase.objects.visible_to(viewer).filter(id__in=links.values("case_id"))
    return [(str(case.id), case.name or "No name given") for case in cases.order_by("id")]


def people(assessment: RoleAssessment, viewer: Viewer) -> list[tuple[str, str]]:
    """Who Person A and Person B are: names, and no word about a role."""
    other = "The other person, whose case is not linked"
    if assessment.case_id:
        case = PulledCase.objects.visible_to(viewer).filter(id=assessment.case_id).first()
        other = (case.name if case else "") or "No name given"
    name = assessment.file.partner.full_name or "No name given"
    return [("Person A", name), ("Person B", other)]


def grid(rows: Iterable[RoleIncident], *, strikes: UUID | None) -> list[dict[str, Any]]:
    """The incidents in both directions, the oldest first, those without a day at the end.

    `strikes` is the assessment where this viewer may strike rows out.
    """
    ordered = sorted(rows, key=lambda row: (row.happened_on or date.max, str(row.pk)))
    return [
        {
            "heading": f"What {words_of(Person, who)} did to {words_of(Person, who.other)}",
            "to": words_of(Person, who.other),
            "rows": [_row(row, strikes) for row in ordered if row.done_by == who],
        }
        for who in Person
    ]


def _row(row: RoleIncident, strikes: UUID | None) -> dict[str, Any]:
    when = [f"{row.happened_on:%-d %B %Y}"] if row.happened_on else []
    when += [row.happened] if row.happened else []
    to_strike = strikes is not None and row.struck_on is None
    return {
        "when": ", ".join(when) or "Day not known",
        "acts": listed(Act, row.acts.split(",")),
        "what": row.what,
        "setting": words_of(Setting, row.setting),
        "how_often": words_of(HowOften, row.how_often),
        "consequences": listed(Consequence, row.consequences.split(",")),
        "fear": words_of(Fear, row.fear),
        "injury": words_of(Injury, row.injury),
        "source": words_of(Source, row.source),
        "struck_on": row.struck_on,
        "strike": reverse("roles-strike", args=[strikes, row.pk]) if to_strike else "",
    }


def signs(codes: str) -> str:
    """What was noticed in one person, in words; never a number."""
    return listed(Sign, codes.split(",")) if codes else ""


def texts_of(assessment: RoleAssessment, viewer: Viewer) -> Iterator[str | None]:
    """What somebody read who opened an assessment: nothing of it goes down by word of mouth."""
    for row in RoleWorking.objects.visible_to(viewer).filter(assessment=assessment):
        yield from (row.why, row.note, row.grounds, row.comment)
    for row in RoleIncident.objects.visible_to(viewer).filter(assessment=assessment):
        yield from (row.what, row.happened)
