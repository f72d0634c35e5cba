"""Living a script on the programme side, through the programme's own actions.

Runs in the process of the programme site, which knows nothing of the other script.
"""

from __future__ import annotations

from datetime import date, time

from casewall.programme.cases import actions as work
from casewall.programme.cases.models import Assessment, Case, ClientToken
from casewall.programme.cases.rules import ExitReason, Outcome, Route, Stage, Suitability
from casewall.programme.groups import actions as groups
from casewall.programme.groups.models import Group, GroupMember, Session
from casewall.programme.groups.rules import Mark
from casewall.services.schema import Service
from casewall.staff.actions import compartment_for
from casewall.staff.models import Worker, system_viewer
from casewall.synthetic.calendar import Event
from casewall.synthetic.script import Script, chunks, moment, shown
from casewall.synthetic.whom import find
from casewall.wall.context import acting, on_side
from casewall.wall.sides import Role, Side, Viewer

COMPONENT = "counselling-group"


def invented_worker(role: Role) -> Viewer:
    """The invented worker of this role on this side; raises `LookupError` where there is none."""
    with on_side(Side.PROGRAMME):
        worker = Worker.objects.filter(invented=True, role=role).order_by("email").first()
        if worker is None:
            raise LookupError(f"There is no invented {role.value.replace('_', ' ')} here.")
        return worker.as_viewer()


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
        rows = Case.objects.for_system("synthetic").filter(service=service.id)
        of_client = {case.client_id: case for case in rows}
        return {who: of_client[client] for who, client in clients.items()}


class ProgrammeLife:
    """Does what a script says, as the invented workers."""

    def __init__(self, script: Script, service: Service) -> None:
        with on_side(Side.PROGRAMME):
            self.system = system_viewer(Role.PROGRAMME_SYSTEM)
        self.script, self.service = script, service
        self.assessor = invented_worker(Role.ASSESSOR)
        self.manager = invented_worker(Role.PROGRAMME_MANAGER)
        self.facilitator = invented_worker(Role.FACILITATOR)
        self.compartment = compartment_for(side=Side.PROGRAMME, service=service.id)
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
        work.sign_agreement(
            case=self.cases[event["who"]],
            signed_on=on,
            text_version="1",
            language=event["language"],
            by=self.assessor,
        )

    def _plan_group(self, event: Event, on: date) -> None:
        groups.plan_group(
            name=event["group"],
            service=self.service.id,
            component=COMPONENT,
            starts_on=date.fromisoformat(event["starts_on"]),
            begins_at=time.fromisoformat(event["begins_at"]),
            minutes=event["minutes"],
            sessions=event["sessions"],
            room=event["room"],
            compartment=self.compartment,
            facilitators=[self.facilitator.worker],
            by=self.manager,
        )

    def _group(self, name: str) -> Group:
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
        groups.record_register(session=self._session(event), marks=marks, by=self.facilitator)

    def _cancel(self, event: Event, on: date) -> None:
        groups.cancel_session(session=self._session(event), by=self.facilitator)
