"""Living a script on the programme side, through the programme's own actions.

Runs in the process of the programme site, which knows nothing of the other script.
"""

from __future__ import annotations

from datetime import date, time, timedelta
from uuid import UUID

from casewall.programme.agreements.actions import sign_agreement
from casewall.programme.cases import actions as work
from casewall.programme.cases.models import Assessment, Case, ClientToken
from casewall.programme.cases.rules import ExitReason, Outcome, Route, Stage, Suitability
from casewall.programme.courses import actions as courses
from casewall.programme.courses.completion import actions as completion
from casewall.programme.courses.models import Course, FollowUp
from casewall.programme.courses.rules import FollowUpOutcome, Met, ReviewDecision
from casewall.programme.curriculum.models import TemplateVersion
from casewall.programme.groups import actions as groups
from casewall.programme.groups.models import Group, GroupMember, Room, Session
from casewall.programme.groups.planning import actions as planning
from casewall.programme.groups.planning.rules import Entry
from casewall.programme.groups.rules import Mark
from casewall.programme.needs import actions as told
from casewall.programme.needs.models import OnwardReferral
from casewall.programme.needs.rules import (
    Declared,
    Help,
    HelpOutcome,
    Level,
    Lives,
    NeedKind,
    Of,
    Since,
    Violence,
)
from casewall.programme.registers import actions as registers
from casewall.programme.registers.alone import actions as alone
from casewall.services.schema import Service
from casewall.staff.models import Compartment, Worker, system_viewer
from casewall.synthetic import texts
from casewall.synthetic.calendar import Event, on_holiday
from casewall.synthetic.script import Script, chunks, moment, shown
from casewall.synthetic.whom import find
from casewall.synthetic.words import building_of
from casewall.wall.context import acting, on_side
from casewall.wall.sides import Role, Side, Viewer


def invented_workers(role: Role, service: Service) -> list[Viewer]:
    """The invented workers of this role in every programme agency of a service, by address.

    Raises `LookupError` where there is none.
    """
    with on_side(Side.PROGRAMME):
        numbers = set(
            Compartment.objects.filter(
                service=service.id, sensitivity=Compartment.STANDARD
            ).values_list("number", flat=True)
        )
        rows = Worker.objects.filter(invented=True, role=role, is_active=True).order_by("email")
        found = [one for one in (w.as_viewer() for w in rows) if numbers <= one.compartments]
    if not found:
        raise LookupError(f"There is no invented {role.value.replace('_', ' ')} here.")
    return found


def templates_stored(service: Service, by: Viewer) -> dict[str, TemplateVersion]:
    """The newest version of each programme template of a service, by code."""
    with acting(by):
        rows = TemplateVersion.objects.for_system("synthetic").filter(service=service.id)
        return {row.code: row for row in rows.order_by("version")}


def cases_of(script: Script, service: Service, by: Viewer) -> dict[int, Case]:
    """The case of each person of a script."""
    with acting(by):
        clients = find(
            script.people,
            ClientToken.objects.for_system("synthetic"),
            "client_id",
            Side.PROGRAMME,
            service.phone_prefix,
        )
        rows = Case.objects.for_system("synthetic").select_related("client")
        rows = rows.filter(service=service.id)
        of_client = {case.client_id: case for case in rows}
        return {who: of_client[client] for who, client in clients.items()}


class ProgrammeLife:
    """Does what a script says, as the invented workers."""

    def __init__(self, script: Script, service: Service) -> None:
        with on_side(Side.PROGRAMME):
            self.system = system_viewer(Role.PROGRAMME_SYSTEM)
        self.script, self.service = script, service
        self.assessor = invented_workers(Role.ASSESSOR, service)[0]
        self.manager = invented_workers(Role.PROGRAMME_MANAGER, service)[0]
        self.facilitators = invented_workers(Role.FACILITATOR, service)
        self.facilitator = self.facilitators[0]
        self.templates = templates_stored(service, self.system)
        self.cases = cases_of(script, service, self.system)
        self.sessions: dict[str, dict[int, Session]] = {}

    def run(self) -> int:
        """Live the whole script; returns the number of events."""
        with shown(len(self.script.events), "Programme side") as told:
            for some in chunks(self.script.events):
                with acting(self.system):
                    for event in some:
                        self._live(event)
                told(len(some))
        return len(self.script.events)

    def _live(self, event: Event) -> None:
        getattr(self, f"_{event['do']}")(event, date.fromisoformat(event["on"]))

    def _contact(self, event: Event, on: date) -> None:
        work.record_contact(
            case=self.cases[event["who"]],
            route=Route(event["route"]),
            tried_at=moment(event["on"], event["at"], self.service),
            outcome=Outcome(event["outcome"]),
            note=event["note"],
            by=self.assessor,
        )

    def _move(self, event: Event, on: date) -> None:
        reason = ExitReason(event["reason"]) if "reason" in event else None
        work.move_case(
            case=self.cases[event["who"]],
            to=Stage(event["to"]),
            on=on,
            reason=reason,
            by=self.manager,
        )

    def _book(self, event: Event, on: date) -> None:
        day, clock = event["booked_for"].split("T")
        work.book_assessment(
            case=self.cases[event["who"]],
            on=on,
            by=self.assessor,
            booked_for=moment(day, clock, self.service),
        )

    def _decide(self, event: Event, on: date) -> None:
        booked = Assessment.objects.visible_to(self.assessor).get(
            case=self.cases[event["who"]], decision=""
        )
        work.decide_suitability(
            assessment=booked,
            held_on=on,
            note=event["note"],
            decision=Suitability(event["decision"]),
            by=self.assessor,
        )

    def _declare(self, event: Event, on: date) -> None:
        work.declare_partner(
            case=self.cases[event["who"]],
            name=event["name"],
            relation=event["relation"],
            contact_details=event["contact_details"],
            stated_by=event["stated_by"],
            stated_on=on,
            by=self.assessor,
        )

    def _sign(self, event: Event, on: date) -> None:
        sign_agreement(
            case=self.cases[event["who"]],
            signed_on=on,
            text_version="1",
            language=event["language"],
            by=self.assessor,
        )

    def _plan_group(self, event: Event, on: date) -> None:
        days = [date.fromisoformat(day) for day in event["days"]]
        with acting(self.manager):
            planning.plan_from_template(
                template=self.templates[event["template"]],
                component=event["component"],
                plan=planning.GroupPlan(
                    name=event["group"],
                    starts_on=days[0],
                    begins_at=time.fromisoformat(event["begins_at"]),
                    weekdays=tuple(sorted({day.weekday() for day in days})),
                    entry=Entry(event["entry"]),
                    until=days[-1],
                    language=event["language"],
                    most=event["most"],
                    closed=_rest(days),
                ),
                room=self._room(event["room"], event["template"]),
                facilitators=self._who_run(event["group"]),
                by=self.manager,
            )

    def _who_run(self, group: str) -> list[UUID]:
        """The two facilitators of a group, or the one whom the service has."""
        first = sum(map(ord, group)) % len(self.facilitators)
        both = (self.facilitators[first], self.facilitators[(first + 1) % len(self.facilitators)])
        return list(dict.fromkeys(one.worker for one in both))

    def _room(self, name: str, template: str) -> Room | None:
        """The room of this name in the compartment of a template; made at first."""
        if not name:
            return None
        place = self.templates[template].compartment
        rows = Room.objects.for_system("synthetic")
        room = rows.filter(compartment=place, name=name).first()
        if room is None:
            room = Room(
                compartment=place, name=name, building=building_of(name), chairs=14
            )
            room.save(force_insert=True)
        return room

    def _enrol(self, event: Event, on: date) -> None:
        courses.enrol(
            case=self.cases[event["who"]],
            template=self.templates[event["template"]],
            level=event["level"],
            by=self.manager,
        )

    def _one_to_one(self, event: Event, on: date) -> None:
        case = self.cases[event["who"]]
        by = self.facilitators[event["who"] % len(self.facilitators)]
        with acting(self.manager):
            session = alone.plan_session(
                case=case,
                component=event["component"],
                held_on=on,
                begins_at=time.fromisoformat(event["at"]),
                minutes=event["minutes"],
                worker=by.worker,
                by=self.manager,
            )
            registers.record_register(
                session=session, marks={case.pk: (Mark(event["mark"]), 0)}, by=by
            )

    def _complete(self, event: Event, on: date) -> None:
        with acting(self.manager):
            rows = Course.objects.visible_to(self.manager).filter(
                case=self.cases[event["who"]], ended_on=None
            )
            course = rows.select_related("template").get()
            criteria = course.template.template.programme.completion.criteria
            review = completion.review_course(
                course=course,
                held_on=on,
                decision=ReviewDecision.COMPLETE,
                evidence=event["evidence"],
                ratings={one.id: completion.Rating(Met.YES) for one in criteria},
                by=self.facilitators[event["who"] % len(self.facilitators)],
            )
            completion.sign_off(review=review, on=on, exception=texts.EXCEPTION, by=self.manager)

    def _follow_up(self, event: Event, on: date) -> None:
        with acting(self.manager):
            row = FollowUp.objects.visible_to(self.manager).get(
                case=self.cases[event["who"]], months=event["months"]
            )
            completion.hold_follow_up(
                follow_up=row,
                held_on=on,
                outcome=FollowUpOutcome(event["outcome"]),
                note="",
                by=self.manager,
            )

    def _needs(self, event: Event, on: date) -> None:
        told.state_needs(
            case=self.cases[event["who"]],
            levels={NeedKind(kind): Level(level) for kind, level in event["levels"].items()},
            stated_by="client",
            stated_on=on,
            by=self.assessor,
        )

    def _violence(self, event: Event, on: date) -> None:
        told.state_violence(
            case=self.cases[event["who"]],
            since=Since(event["since"]),
            months=event["months"],
            kinds=[Violence(kind) for kind in event["kinds"]],
            earlier_partners=event["earlier_partners"],
            convicted=event["convicted"],
            stated_by="client",
            stated_on=on,
            by=self.assessor,
        )

    def _lives(self, event: Event, on: date) -> None:
        told.state_circumstances(
            case=self.cases[event["who"]],
            area=event["area"],
            employment=event["employment"],
            stated_by="client",
            stated_on=on,
            by=self.assessor,
        )

    def _family(self, event: Event, on: date) -> None:
        told.state_family(
            case=self.cases[event["who"]],
            of=Of(event["of"]),
            answer=Declared(event["answer"]),
            number=event["number"],
            stated_by="client",
            stated_on=on,
            by=self.assessor,
        )

    def _child(self, event: Event, on: date) -> None:
        told.declare_child(
            case=self.cases[event["who"]],
            name=None,
            born_on=date.fromisoformat(event["born_on"]) if event["born_on"] else None,
            lives=Lives(event["lives"]),
            sees_client=event["sees_client"],
            stated_by="client",
            stated_on=on,
            by=self.assessor,
        )

    def _onward(self, event: Event, on: date) -> None:
        told.refer_on(
            case=self.cases[event["who"]],
            kind=Help(event["help"]),
            agency=event["agency"],
            made_on=on,
            by=self.manager,
        )

    def _settle(self, event: Event, on: date) -> None:
        with acting(self.manager):
            row = (
                OnwardReferral.objects.visible_to(self.manager)
                .filter(case=self.cases[event["who"]], kind=event["help"])
                .latest("made_on")
            )
            told.settle_onward(
                referral=row,
                outcome=HelpOutcome(event["outcome"]),
                on=on,
                version=row.version,
                by=self.manager,
            )

    def _group(self, name: str) -> Group:
        with acting(self.manager):
            rows = Group.objects.visible_to(self.manager).filter(service=self.service.id, name=name)
            return rows.order_by("-starts_on")[0]

    def _place(self, event: Event, on: date) -> None:
        case = Case.objects.visible_to(self.manager).get(pk=self.cases[event["who"]].pk)
        groups.place_in_group(
            group=self._group(event["group"]),
            case=case,
            by=self.manager,
            joined_on=date.fromisoformat(event["joined_on"]),
        )

    def _leave(self, event: Event, on: date) -> None:
        member = GroupMember.objects.visible_to(self.manager).get(
            case=self.cases[event["who"]], group__name=event["group"]
        )
        groups.leave_group(member=member, on=on, by=self.manager)

    def _session(self, event: Event) -> Session:
        name = event["group"]
        if name not in self.sessions:
            rows = Session.objects.visible_to(self.manager).filter(group=self._group(name))
            self.sessions[name] = {row.number: row for row in rows}
        return self.sessions[name][event["number"]]

    def _register(self, event: Event, on: date) -> None:
        marks = {
            self.cases[int(who)].pk: (Mark(mark), missed)
            for who, (mark, missed) in event["marks"].items()
        }
        registers.record_register(session=self._session(event), marks=marks, by=self.manager)

    def _cancel(self, event: Event, on: date) -> None:
        registers.cancel_session(session=self._session(event), by=self.manager)


def _rest(days: list[date]) -> dict[date, str]:
    """The days between the first and the last one on which invented groups rest."""
    span = (days[-1] - days[0]).days
    between = (days[0] + timedelta(days=n) for n in range(span + 1))
    return {day: "Holiday weeks" for day in between if on_holiday(day)}
