"""Writes of an enrolment: by hand, and with a place in a group."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Max
from django.utils import timezone

from casewall.audit.actions import record
from casewall.programme.cases.models import Case, StageMove
from casewall.programme.cases.rules import Stage
from casewall.programme.courses.models import Course
from casewall.programme.courses.rules import may_enrol
from casewall.programme.curriculum.models import TemplateVersion
from casewall.wall.context import acting
from casewall.wall.decide import Refused, demand
from casewall.wall.duties import Duty, require
from casewall.wall.sides import Viewer

ENROLS_FROM = (Stage.SUITABLE, Stage.AGREEMENT_SIGNED, Stage.WAITING, Stage.STARTED)
"""Stages from which clients are enrolled: the first day at one of them is the earliest day."""


def enrol(
    *,
    case: Case,
    template: TemplateVersion,
    by: Viewer,
    level: str = "",
    on: date | None = None,
) -> Course:
    """Enrol the client of a case in a programme. An open course on it is given back instead.

    `on` is the day on which the client was enrolled; left out, today. Whoever is on an earlier
    version of the programme stays on that version. Raises `Refused` for a closed case, another
    service's programme, a level that the programme has not, and a day that cannot be true
    (see `rules.may_enrol`).
    """
    require(by, Duty.RUN_GROUP)
    with acting(by):
        case = Case.objects.visible_to(by).select_for_update(of=("self",)).get(pk=case.pk)
        if template.service != case.service:
            raise Refused(f"“{template.name}” belongs to another service than this case.")
        if not case.is_open:
            raise Refused("The case is closed, so nobody can be enrolled.")
        if level and level not in {one.id for one in template.template.programme.levels}:
            raise Refused(f"“{template.name}” has no level “{level}”.")
        earlier = list(
            Course.objects.visible_to(by).filter(
                case=case, template__code=template.code, template__service=template.service
            )
        )
        for course in earlier:
            if course.ended_on is None:
                return course
        last = max((course.ended_on for course in earlier), default=None)
        today = timezone.localdate()
        day = on or today
        demand(may_enrol(day, today=today, not_before=enrols_from(case, by), earlier_ended_on=last))
        course = Course(
            compartment=case.compartment,
            case=case,
            template=template,
            level=level,
            enrolled_on=day,
            counts_from=last + timedelta(days=1) if last else None,
        )
        course.save(force_insert=True)
        record(by=by, verb="enrolled", thing=course)
        return course


def enrols_from(case: Case, by: Viewer) -> date:
    """The first day on which the client of a case can have been enrolled."""
    moves = StageMove.objects.visible_to(by).filter(case=case, went_to__in=ENROLS_FROM)
    first: date | None = moves.order_by("moved_on").values_list("moved_on", flat=True).first()
    return min(first or case.referred_on, timezone.localdate())


def enrol_placed(*, case: Case, template: TemplateVersion, joined_on: date, by: Viewer) -> Course:
    """Enrol the client who is given a place in a group, on the day of joining.

    A place that begins later, or was written down with a day before the client was accepted,
    does not hinder the placement: the nearest day that can be true is taken.
    """
    day = max(enrols_from(case, by), min(joined_on, timezone.localdate()))
    ended = (
        Course.objects.visible_to(by)
        .filter(case=case, template__code=template.code, template__service=template.service)
        .aggregate(last=Max("ended_on"))["last"]
    )
    return enrol(case=case, template=template, by=by, on=max(day, ended) if ended else day)
