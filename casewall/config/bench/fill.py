"""Filling one throwaway database with invented clients, in the programme site's own process.

Clients, courses, groups and registers are those of `casewall.synthetic`; one group of twelve with
a facilitator of its own is added, whose register is measured.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable
from datetime import date, time, timedelta
from itertools import islice
from random import Random
from typing import Any

import django
from django.utils import timezone

from casewall.config.bench.names import MANAGER, MEASURED, OWN_FACILITATOR, SEED, SERVICE

WEEKS = 156
"""Weeks over which the clients were referred."""
MEASURED_GROUP = 12
BATCH = 1000
PROGRAMME, COMPONENT = "counselling-course", "counselling-group"
"""What the groups deliver: a programme template of the service, and its group."""


def _families(people: int, today: date) -> list[Any]:
    """So many families with a client, in the order of their referral."""
    from casewall.synthetic.families import families
    from casewall.synthetic.people import People

    made: list[Any] = []
    inventor = People(Random(f"{SEED}:{people}"))  # noqa: S311  # seeded: the same people again
    part = 0
    while len(made) < people:
        part += 1
        made += [
            family
            for family in families(
                f"{SEED}:{part}",
                people=2 * people,
                first=today - timedelta(weeks=WEEKS),
                last=today - timedelta(days=1),
                inventor=inventor,
                first_number=part * 10 * people,
            )
            if family.client is not None
        ]
    return sorted(made[:people], key=lambda family: (family.referred_on, family.number))


def _slots(family: Any) -> dict[str, Any]:
    from casewall.wall.ids import new_id

    person = family.client.person
    return {
        "id": str(new_id()),
        "route": "police",
        "referrer_agency": "Fjordby Politikreds",
        "referrer_email": "",
        "received_on": family.referred_on.isoformat(),
        "given_name": person.given_name,
        "family_name": person.family_name,
        "born_on": person.born_on.isoformat() if person.born_on else None,
        "sex": person.sex,
        "phone": person.phone,
        "address": person.address,
        "language": person.language,
    }


def _open(families: Iterable[Any], compartment: int, by: Any) -> None:
    from casewall.programme.cases.actions import draft_case, open_drafted
    from casewall.services.load import shipped

    prefix = shipped()[SERVICE].phone_prefix
    rest = iter(families)
    while some := list(islice(rest, BATCH)):
        open_drafted(
            openings=[
                draft_case(
                    slots=_slots(family),
                    service=SERVICE,
                    compartment=compartment,
                    prefix=prefix,
                    by=by,
                )
                for family in some
            ],
            by=by,
        )


def _script(families: list[Any], today: date) -> Any:
    """What happened with these clients up to yesterday, in as many groups as they need."""
    from casewall.services.load import shipped
    from casewall.services.programmes import template_of
    from casewall.synthetic.calendar import Timetable
    from casewall.synthetic.clients import ClientLife, Way
    from casewall.synthetic.script import Script
    from casewall.synthetic.write import identity

    first = today - timedelta(weeks=WEEKS)
    sessions = len(template_of(shipped()[SERVICE], PROGRAMME).sessions_of(COMPONENT))
    wanted = max(2, math.ceil(len(families) * 0.7 * sessions / WEEKS / 7))
    timetable = Timetable([_weekly(n, first) for n in range(wanted)])
    ways = [Way(PROGRAMME, timetable, sessions)]
    script = Script()
    for who, family in enumerate(families):
        script.people.append(identity(who, family.client.person))
        script.events += ClientLife(SEED, who, family, ways).tell()
    script.events += [*timetable.plans(), *timetable.events()]
    script = script.until(today)
    script.sort()
    return script


def _weekly(n: int, first: date) -> Any:
    from casewall.synthetic.calendar import Group

    return Group(
        f"Group {n + 1}",
        first + timedelta(days=14 + n % 5),
        "17:30",
        WEEKS + 30,
        template=PROGRAMME,
        component=COMPONENT,
    )


def _measured_group(compartment: int, today: date, system: Any) -> None:
    """A group of the newest clients, whose session of yesterday is marked for half of them."""
    from casewall.programme.cases.models import Case
    from casewall.programme.cases.rules import Stage
    from casewall.programme.groups.actions import place_in_group, plan_group
    from casewall.programme.groups.models import Session
    from casewall.programme.groups.rules import Mark
    from casewall.programme.registers.actions import record_register
    from casewall.staff.models import Worker
    from casewall.wall.context import acting

    by = Worker.objects.get(email=MANAGER).as_viewer()
    worker = Worker.objects.get(email=OWN_FACILITATOR)
    yesterday = today - timedelta(days=1)
    with acting(system):
        rows = Case.objects.for_system("synthetic").order_by("-referred_on", "-id")
        newest = [case.pk for case in rows[:MEASURED_GROUP]]
        rows.filter(pk__in=newest).update(stage=Stage.STARTED, stage_on=yesterday, exit_reason="")
        cases = list(rows.filter(pk__in=newest))
    with acting(by):
        group = plan_group(
            name=MEASURED,
            service=SERVICE,
            component=COMPONENT,
            starts_on=yesterday - timedelta(weeks=9),
            begins_at=time(17, 30),
            minutes=120,
            sessions=20,
            facilitators=[worker.pk],
            compartment=compartment,
            by=by,
        )
        for case in cases:
            place_in_group(group=group, case=case, joined_on=yesterday, by=by)
        half = {case.pk: (Mark.ATTENDED, 0) for case in cases[: MEASURED_GROUP // 2]}
        session = Session.objects.visible_to(by).get(group=group, held_on=yesterday)
        record_register(session=session, marks=half, by=by)


def fill(people: int) -> dict[str, int]:
    """Write so many clients and their histories; returns how many rows of some kinds there are."""
    from casewall.programme.cases.models import Case
    from casewall.programme.curriculum.actions import install_templates
    from casewall.programme.groups.models import Attendance
    from casewall.services.load import shipped
    from casewall.staff.actions import compartment_for
    from casewall.staff.models import Worker, system_viewer
    from casewall.synthetic.bulk_programme import ProgrammeRows
    from casewall.wall.context import acting
    from casewall.wall.sides import Role, Side

    today = timezone.localdate()
    by = system_viewer(Role.PROGRAMME_SYSTEM)
    compartment = compartment_for(side=Side.PROGRAMME, service=SERVICE)
    install_templates(service=shipped()[SERVICE], by=by)
    families = _families(people, today)
    _open(families, compartment, by)
    life = ProgrammeRows(_script(families, today), shipped()[SERVICE])
    own = Worker.objects.get(email=OWN_FACILITATOR).pk
    life.facilitators = [one for one in life.facilitators if one.worker != own]
    events = life.run()
    _measured_group(compartment, today, by)
    with acting(by):
        return {
            "clients": Case.objects.for_system("synthetic").count(),
            "events": events,
            "marks": Attendance.objects.for_system("synthetic").count(),
        }


if __name__ == "__main__":
    django.setup()
    print(json.dumps(fill(int(sys.argv[1]))))
