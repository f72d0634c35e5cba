"""The pull: programme facts, for every case, whether or not anybody here will look.

And what a person makes of a partner who was stated there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from django.utils import timezone

from casewall.audit.actions import record
from casewall.safety.intake.models import IntakeReferral
from casewall.safety.partners.actions import link_file, open_by_hand
from casewall.safety.partners.models import FileLink, PartnerFile, PartnerTask
from casewall.safety.partners.rules import Learned, Relation
from casewall.safety.pulled.afterwards import take_all
from casewall.safety.pulled.appointments import copy_appointments
from casewall.safety.pulled.first_contacts import STATED, contact_task, start_contacts
from casewall.safety.pulled.following import follow
from casewall.safety.pulled.levels import changed_levels
from casewall.safety.pulled.linking import may_be_linked
from casewall.safety.pulled.models import (
    CaseToken,
    FlowAttendance,
    FlowCase,
    FlowClient,
    FlowCourse,
    FlowDeclaredChild,
    FlowDeclaredPartner,
    FlowFamilyStatement,
    FlowIncident,
    FlowProceeding,
    FlowSafeguarding,
    FlowSession,
    FlowSuitability,
    PulledAttendance,
    PulledCase,
    PulledChild,
    PulledCourse,
    PulledDeclaration,
    PulledFamilyStatement,
    PulledIncident,
    PulledProceeding,
    PulledRisk,
    PulledSafeguarding,
    PulledSuitability,
    PullRun,
)
from casewall.safety.pulled.rules import (
    notice_for,
    notice_of_course,
    notice_of_decision,
    notice_of_incident,
    notice_of_mark,
)
from casewall.safety.pulled.telling import Notice, make_tasks, midpoints, way_of
from casewall.services.schema import Service
from casewall.staff.actions import compartment_for
from casewall.vault.blind import person_tokens
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty, require
from casewall.wall.ids import new_id
from casewall.wall.sides import Side, Viewer

BATCH = 1000

COPIED: tuple[tuple[Any, Any], ...] = (
    (FlowSuitability, PulledSuitability),
    (FlowDeclaredPartner, PulledDeclaration),
    (FlowFamilyStatement, PulledFamilyStatement),
    (FlowDeclaredChild, PulledChild),
    (FlowSafeguarding, PulledSafeguarding),
    (FlowCourse, PulledCourse),
    (FlowIncident, PulledIncident),
    (FlowProceeding, PulledProceeding),
)
"""Views whose rows are copied field by field, and their copies."""

Tells = Callable[[Any, Any], Notice | None]


def _decided(before: Any, fact: Any) -> Notice | None:
    kind = notice_of_decision(fact.decision)
    if kind is None or (before is not None and before.decision == fact.decision):
        return None
    return Notice(fact.case_id, kind, str(fact.decided_on), fact.decided_on, fact.id)


def _safeguarding(before: Any, fact: Any) -> Notice | None:
    if before is not None:
        return None
    return Notice(fact.case_id, "tell_safeguarding", str(fact.id), fact.made_on, fact.id)


def _course(before: Any, fact: Any) -> Notice | None:
    kind = notice_of_course(way_of(before) if before else None, way_of(fact))
    if kind is None:
        return None
    return Notice(fact.case_id, kind, f"{fact.id}:{fact.version}", None, fact.id)


def _incident(before: Any, fact: Any) -> Notice | None:
    kind = notice_of_incident(fact.signs, fact.happened_on, fact.told_on, fact.taken_back)
    if before is not None or kind is None:
        return None
    return Notice(fact.case_id, kind, str(fact.id), fact.happened_on, fact.id)


TELLING: dict[Any, Tells] = {
    FlowSuitability: _decided,
    FlowSafeguarding: _safeguarding,
    FlowCourse: _course,
    FlowIncident: _incident,
}
"""Views whose rows make a task for the worker of a linked partner when they are new or say
something else: what was known before (or None) and the row, to the notice."""


class _Pull:
    """One pull. Reads each view whole, writes what is new or has another version."""

    def __init__(self, by: Viewer, services: dict[str, Service], at: datetime):
        self.by, self.services, self.at = by, services, at
        self.compartments = {
            code: compartment_for(
                side=Side.SAFETY, service=code, agency=service.partner_support.agency
            )
            for code, service in services.items()
        }
        self.changed = 0
        self.notices: list[Notice] = []
        self.touched: set[UUID] = set()

    def seen(self, model: Any) -> Any:
        return model.objects.for_system("pull")

    def cases(self) -> dict[UUID, tuple[int, str]]:
        """Copy cases with the client's name; returns case → (compartment, service)."""
        known = {
            row[0]: row[1:]
            for row in self.seen(PulledCase).values_list(
                "id", "source_version", "client_version", "stage"
            )
        }
        clients = {c.id: c for c in self.seen(FlowClient)}
        rows, where = [], {}
        for case in self.seen(FlowCase):
            if case.service not in self.compartments:
                continue
            where[case.id] = (self.compartments[case.service], case.service)
            client = clients[case.client_id]
            before = known.get(case.id)
            if before is not None and before[:2] == (case.version, client.version):
                continue
            rows.append(self._case(case, client))
            self.touched.add(case.id)
            kind = notice_for(before[2] if before else None, case.stage, case.exit_reason)
            if kind:
                self.notices.append(Notice(case.id, kind, str(case.stage_on), case.stage_on))
        self._upsert(PulledCase, rows)
        self._index(rows)
        return where

    def _case(self, case: FlowCase, client: FlowClient) -> PulledCase:
        return PulledCase(
            id=case.id,
            compartment=self.compartments[case.service],
            source_version=case.version,
            as_of=self.at,
            client_id=case.client_id,
            referral_id=case.referral_id,
            service=case.service,
            route=case.route,
            referred_on=case.referred_on,
            stage=case.stage,
            stage_on=case.stage_on,
            contact=case.contact,
            exit_reason=case.exit_reason,
            name=f"{client.given_name} {client.family_name}".strip(),
            born_on=client.born_on,
            sex=client.sex,
            client_version=client.version,
        )

    def _index(self, cases: Iterable[PulledCase]) -> None:
        cases = list(cases)
        CaseToken.objects.for_system("tokens").filter(case_id__in=[c.id for c in cases]).delete()
        tokens = []
        for case in cases:
            born = date.fromisoformat(case.born_on) if case.born_on else None
            found = person_tokens(
                Side.SAFETY,
                names=[case.name],
                born_on=born,
                prefix=self.services[case.service].phone_prefix,
            )
            tokens += [
                CaseToken(
                    id=new_id(), compartment=case.compartment, case=case, token=token, kind=kind
                )
                for token, kind in found.items()
            ]
        CaseToken.objects.for_system("tokens").bulk_create(tokens, batch_size=BATCH)

    def attendance(self, where: dict[UUID, tuple[int, str]]) -> None:
        """Copy marks with the day of their session."""
        known = {
            row[0]: row[1:]
            for row in self.seen(PulledAttendance).values_list(
                "id", "source_version", "session_version", "outcome"
            )
        }
        sessions = {s.id: s for s in self.seen(FlowSession)}
        rows = []
        for mark in self.seen(FlowAttendance):
            session = sessions.get(mark.session_id)
            if session is None or mark.case_id not in where:
                continue
            before = known.get(mark.id)
            if before is not None and before[:2] == (mark.version, session.version):
                continue
            rows.append(
                PulledAttendance(
                    id=mark.id,
                    compartment=where[mark.case_id][0],
                    source_version=mark.version,
                    as_of=self.at,
                    case_id=mark.case_id,
                    held_on=session.held_on,
                    outcome=mark.outcome,
                    minutes_planned=session.minutes,
                    minutes_attended=mark.minutes_attended,
                    session_version=session.version,
                )
            )
            kind = notice_of_mark(before[2] if before else None, mark.outcome)
            if kind:
                self.notices.append(
                    Notice(mark.case_id, kind, str(mark.id), session.held_on, mark.id)
                )
        self._upsert(PulledAttendance, rows)

    def statements(self, where: dict[UUID, tuple[int, str]]) -> None:
        """Copy what was stated or done there; nobody's file here changes by it."""
        for view, copy in COPIED:
            tells = TELLING.get(view)
            versions = dict(self.seen(copy).values_list("id", "source_version"))
            names = [f.name for f in view._meta.local_fields if f.name not in ("id", "version")]
            changed = [
                fact
                for fact in self.seen(view)
                if fact.case_id in where and versions.get(fact.id) != fact.version
            ]
            before = self.seen(copy).in_bulk([f.id for f in changed]) if tells else {}
            for fact in changed:
                notice = tells(before.get(fact.id), fact) if tells else None
                if notice:
                    self.notices.append(notice)
                if copy in (PulledDeclaration, PulledSuitability):
                    self.touched.add(fact.case_id)
            self._upsert(copy, [self._copy(copy, fact, names, where) for fact in changed])
        levels, raised = changed_levels(where, self.at)
        self._upsert(PulledRisk, levels)
        self.notices += raised

    def _copy(
        self, copy: Any, fact: Any, names: list[str], where: dict[UUID, tuple[int, str]]
    ) -> Any:
        return copy(
            id=fact.id,
            compartment=where[fact.case_id][0],
            source_version=fact.version,
            as_of=self.at,
            **{name: getattr(fact, name) for name in names},
        )

    def _upsert(self, model: Any, rows: list[Any]) -> None:
        fields = [f.name for f in model._meta.local_fields if f.name != "id"]
        model.objects.for_system("pull").bulk_create(
            rows,
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=fields,
        )
        self.changed += len(rows)

    def links(self) -> None:
        """Link files and cases that came in one referral, once the case is there."""
        items = dict(self.seen(PulledCase).values_list("referral_id", "id"))
        linked = set(self.seen(FileLink).values_list("file_id", "case_id"))
        rows = self.seen(IntakeReferral).filter(
            withdrawn_on=None, client_item__isnull=False, partner_file_id__isnull=False
        )
        new = []
        for item, file_id in rows.values_list("client_item", "partner_file_id"):
            case_id = items.get(item)
            if case_id is None or (file_id, case_id) in linked:
                continue
            linked.add((file_id, case_id))
            new.append((file_id, case_id))
        new = may_be_linked(new, on=timezone.localdate(self.at), by=self.by)
        self.touched.update(case_id for _, case_id in new)
        places = {
            file_id: (compartment, relation)
            for file_id, compartment, relation in self.seen(PartnerFile)
            .filter(id__in=[f for f, _ in new])
            .values_list("id", "compartment", "relation")
        }
        FileLink.objects.for_system("pull").bulk_create(
            (
                FileLink(
                    id=new_id(),
                    compartment=places[file_id][0],
                    file_id=file_id,
                    case_id=case_id,
                    origin="referral",
                    relation=places[file_id][1],
                    linked_on=timezone.localdate(self.at),
                    worker=self.by.worker,
                )
                for file_id, case_id in new
            ),
            batch_size=BATCH,
        )

    def tell_workers(self) -> None:
        """Make what is new a task on the day of whoever works with a linked partner."""
        today = timezone.localdate(self.at)
        make_tasks([*self.notices, *midpoints(today)], services=self.services, at=self.at)

    def first_contacts(self) -> None:
        """Start the clocks of first contacts in the cases of which something is new."""
        start_contacts(self.touched, by=self.by, services=self.services, at=self.at)


def pull(
    *,
    by: Viewer,
    services: dict[str, Service],
    at: datetime,
    progress: Callable[[str], None] | None = None,
) -> PullRun:
    """Copy programme facts of every case, link what was referred together, make notices.

    Reads the whole of each flow view each time: the programme cluster sees the same queries
    whatever is known on this side. Must run as the system account.
    """
    require(by, Duty.PULL)
    run = _Pull(by, services, at)
    with acting(by):
        for step in (
            "cases",
            "attendance",
            "statements",
            "links",
            "tell_workers",
            "first_contacts",
        ):
            if progress:
                progress(step)
            if step == "cases":
                where = run.cases()
            elif step in ("attendance", "statements"):
                getattr(run, step)(where)
            else:
                getattr(run, step)()
        run.changed += copy_appointments(by=by, services=services, where=where, at=at)
        follow(by, at)
        run.changed += take_all(by, services, where, at)
        done = PullRun(
            compartment=min(by.compartments), at=at, cases=len(where), changed=run.changed
        )
        done.save(force_insert=True)
        return done


def open_stated(
    *,
    stated: PulledDeclaration,
    on: date,
    by: Viewer,
    relation: Relation = Relation.UNKNOWN,
    language: str = "",
) -> PartnerFile:
    """Make a file for a partner who was stated on the programme side, and link it to the case.

    The name is taken as stated; the stated contact details never are: whoever stated them may
    hold that phone. The clock of the first contact is the one that the pull began. Opened twice
    is opened once.
    """
    require(by, Duty.INTAKE)
    if not (stated.name or "").strip():
        raise Refused(
            "No name was stated. Open a file by hand once somebody has learned what to call the "
            "partner."
        )
    with acting(by):
        case = PulledCase.objects.visible_to(by).get(pk=stated.case_id)
        task = _task_of(stated, by)
        given, _, family = (stated.name or "").strip().rpartition(" ")
        file = open_by_hand(
            part={
                "given_name": given or family,
                "family_name": family if given else "",
                "relation": relation,
                "language": language,
            },
            service=case.service,
            learned=Learned.PROGRAMME_STATEMENT,
            on=on,
            contact_by=task.due_on if task else None,
            id=uuid5(stated.id, "file"),
            by=by,
        )
        _link_stated(file, stated, relation, on, by)
        _settle(task, on, by, None)
        return file


def link_stated(
    *,
    stated: PulledDeclaration,
    file: PartnerFile,
    on: date,
    by: Viewer,
    relation: Relation = Relation.UNKNOWN,
) -> FileLink:
    """Say that a stated partner is one who has a file. Nothing in the file is changed by it."""
    require(by, Duty.LINK_FILES)
    with acting(by):
        link = _link_stated(file, stated, relation, on, by)
        _settle(_task_of(stated, by), on, by, None)
        return link


def leave_stated(*, stated: PulledDeclaration, reason: str, on: date, by: Viewer) -> None:
    """Keep why nobody is contacted because of a statement, for example since it names a parent."""
    require(by, Duty.INTAKE)
    if not reason.strip():
        raise Refused("Say why nobody is contacted.")
    with acting(by):
        task = _task_of(stated, by)
        if task is None:
            raise Refused("Nobody waits for a decision about this statement.")
        _settle(task, on, by, reason.strip())


def _task_of(stated: PulledDeclaration, by: Viewer) -> PartnerTask | None:
    own = contact_task(stated.case_id, stated.name, stated.relation)
    rows = PartnerTask.objects.visible_to(by).select_for_update(of=("self",))
    return rows.filter(pk=own, kind=STATED).first()


def _link_stated(
    file: PartnerFile, stated: PulledDeclaration, relation: Relation, on: date, by: Viewer
) -> FileLink:
    return link_file(
        file=file,
        case_id=stated.case_id,
        origin="declaration",
        relation=relation,
        on=on,
        by=by,
    )


def _settle(task: PartnerTask | None, on: date, by: Viewer, note: str | None) -> None:
    if task is not None and task.done_on is None:
        task.done_on, task.done_by, task.note = on, by.worker, note
        task.save()
        record(by=by, verb="finished", thing=task)
