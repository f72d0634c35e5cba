"""Living a script on the safety side, through its own actions.

Runs in the process of the safety site, which knows nothing of the other script.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from casewall.safety.coordination import actions as coordination
from casewall.safety.coordination.models import Disclosure
from casewall.safety.coordination.rules import Ground, Purpose
from casewall.safety.partners import actions as support
from casewall.safety.partners.models import FileLink, PartnerFile, PartnerTask, PartnerToken
from casewall.safety.partners.rules import Channel, NotAnswered, Outcome, Wave
from casewall.safety.pulled.actions import pull
from casewall.safety.pulled.models import PulledCase
from casewall.safety.support.circumstances.actions import state_circumstances
from casewall.services.load import shipped
from casewall.services.schema import Service
from casewall.staff.actions import compartment_for
from casewall.staff.models import Worker, system_viewer
from casewall.synthetic.calendar import Event
from casewall.synthetic.script import Script, chunks, moment, shown
from casewall.synthetic.whom import find
from casewall.wall.context import acting, on_side
from casewall.wall.sides import Role, Side, Viewer


def invented_workers(role: Role, service: Service) -> list[Viewer]:
    """The invented workers of this role who may work with a service's partners, by address."""
    with on_side(Side.SAFETY):
        place = compartment_for(
            side=Side.SAFETY, service=service.id, agency=service.partner_support.agency
        )
        rows = Worker.objects.filter(invented=True, role=role, is_active=True).order_by("email")
        found = [one for one in (w.as_viewer() for w in rows) if place in one.compartments]
    if not found:
        raise LookupError(f"There is no invented {role.value.replace('_', ' ')} here.")
    return found


def files_of(script: Script, service: Service, by: Viewer) -> dict[int, PartnerFile]:
    """The file of each person of a script."""
    with acting(by):
        partners = find(
            script.people,
            PartnerToken.objects.for_system("synthetic"),
            "partner_id",
            Side.SAFETY,
            service.phone_prefix,
        )
        rows = PartnerFile.objects.for_system("synthetic").select_related("partner")
        rows = rows.filter(service=service.id)
        of_partner = {file.partner_id: file for file in rows}
        return {who: of_partner[partner] for who, partner in partners.items()}


class SafetyLife:
    """Does what a script says, as the invented workers."""

    def __init__(self, script: Script, service: Service) -> None:
        with on_side(Side.SAFETY):
            self.system = system_viewer(Role.SAFETY_SYSTEM)
        self.script, self.service = script, service
        self.workers = invented_workers(Role.PARTNER_WORKER, service)
        self.coordinator = invented_workers(Role.COORDINATOR, service)[0]
        self.files = files_of(script, service, self.system)

    def run(self) -> int:
        """Live the whole script; returns the number of events."""
        with shown(len(self.script.events), "Safety side") as told:
            for some in chunks(self.script.events):
                with acting(self.system):
                    for event in some:
                        self._live(event)
                told(len(some))
        return len(self.script.events)

    def _live(self, event: Event) -> None:
        by = self.workers[event["by"] % len(self.workers)]
        getattr(self, f"_{event['do']}")(
            event, date.fromisoformat(event["on"]), self.files[event["who"]], by
        )

    def _take(self, event: Event, on: date, file: PartnerFile, by: Viewer) -> None:
        support.take_file(file=file, by=by)

    def _contact(self, event: Event, on: date, file: PartnerFile, by: Viewer) -> None:
        support.record_contact(
            file=file,
            tried_at=moment(event["on"], event["at"], self.service),
            channel=Channel(event["channel"]),
            outcome=Outcome(event["outcome"]),
            still_safe=event["still_safe"],
            note=event["note"],
            by=by,
        )

    def _safe_contact(self, event: Event, on: date, file: PartnerFile, by: Viewer) -> None:
        support.set_safe_contact(
            file=file,
            channel=Channel(event["channel"]),
            is_safe=True,
            confirmed_on=on,
            review_on=on + timedelta(days=28),
            from_time=time.fromisoformat(event["from_time"]),
            to_time=time.fromisoformat(event["to_time"]),
            voicemail=event["voicemail"],
            call_as=event["call_as"],
            code_word=event["code_word"],
            note=event["note"],
            by=by,
        )

    def _lives(self, event: Event, on: date, file: PartnerFile, by: Viewer) -> None:
        state_circumstances(
            file=file,
            area=event["area"],
            employment=event["employment"],
            months=event["months"],
            on=on,
            by=by,
        )

    def _scale(self, event: Event, on: date, file: PartnerFile, by: Viewer) -> None:
        support.record_scale(
            file=file,
            measure=event["measure"],
            wave=Wave(event["wave"]),
            answered_on=on,
            answers=event["answers"],
            mode=event["mode"],
            language=event["language"],
            due_on=on,
            by=by,
        )

    def _silent(self, event: Event, on: date, file: PartnerFile, by: Viewer) -> None:
        support.note_not_answered(
            file=file,
            measure=event["measure"],
            wave=Wave(event["wave"]),
            due_on=on,
            reason=NotAnswered(event["reason"]),
            by=by,
        )

    def _task(self, event: Event, on: date, file: PartnerFile, by: Viewer) -> None:
        support.add_task(file=file, kind=event["what"], due_on=on, note=event["note"], by=by)

    def _finish_tasks(self, event: Event, on: date, file: PartnerFile, by: Viewer) -> None:
        waiting = PartnerTask.objects.visible_to(by).filter(file=file, done_on=None, due_on__lte=on)
        for task in waiting:
            support.finish_task(task=task, on=on, by=by)

    def _close(self, event: Event, on: date, file: PartnerFile, by: Viewer) -> None:
        self._finish_tasks(event, on, file, by)
        support.close_file(file=file, on=on, by=by)

    def _disclose(self, event: Event, on: date, file: PartnerFile, by: Viewer) -> None:
        at = moment(event["on"], event["at"], self.service)
        link = FileLink.objects.visible_to(by).filter(file=file, ended_on=None).first()
        if link is None:
            raise LookupError("A disclosure is about a linked case: pull before this script.")
        override = event.get("override_reason", "")
        asked = coordination.ask(
            file=file,
            case_id=link.case_id,
            purpose=Purpose(event["purpose"]),
            text=event["text"],
            override_reason=override,
            other_sources=2 if override else 0,
            ground=Ground.RECORDED_OVERRIDE if override else Ground.PARTNER_CONSENT,
            by=by,
            at=at,
        )
        if event["end"] == "refuse":
            coordination.refuse(disclosure=asked, reason=event["refusal"], by=self.coordinator)
        elif event["end"] == "release":
            self._approve(asked, by, at)

    def _approve(self, asked: Disclosure, asker: Viewer, at: datetime) -> None:
        other = next(w for w in self.workers if w.worker != asker.worker)
        for approver in (self.coordinator, other):
            at += timedelta(hours=1)
            coordination.approve(disclosure=asked, by=approver, at=at)


def pull_as_of(service: Service, at: datetime) -> str:
    """Pull as if it were that moment, and let the workers tell the partners what they learn.

    Services that were pulled before go along: one pull asks about the courses of all. The notices
    of everything that lies before are then done, as they were in the years in which the facts
    were new.
    """
    with on_side(Side.SAFETY):
        by = system_viewer(Role.SAFETY_SYSTEM)
    with acting(by):
        cases = PulledCase.objects.for_system("synthetic")
        known = {service.id, *cases.values_list("service", flat=True).distinct()}
    services = {code: one for code, one in shipped().items() if code in known}
    done = pull(by=by, services=services, at=at)
    on = timezone.localdate(at)
    worker = invented_workers(Role.SAFETY_MANAGER, service)[0]
    with acting(worker):
        told = list(
            PartnerTask.objects.visible_to(worker).filter(done_on=None, kind__startswith="tell_")
        )
        for task in told:
            support.finish_task(task=task, on=on, by=worker)
    return f"{done.cases} cases pulled as of {on:%-d %B %Y}; {len(told)} notices were told."
