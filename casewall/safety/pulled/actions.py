"""The pull: programme facts, for every case, whether or not anybody here will look."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from casewall.safety.intake.models import IntakeReferral
from casewall.safety.partners.models import FileLink, PartnerFile, PartnerTask
from casewall.safety.partners.rules import add_working_days
from casewall.safety.pulled.models import (
    CaseToken,
    FlowAttendance,
    FlowCase,
    FlowClient,
    FlowDeclaredChild,
    FlowDeclaredPartner,
    FlowFamilyStatement,
    FlowSafeguarding,
    FlowSession,
    FlowSuitability,
    PulledAttendance,
    PulledCase,
    PulledChild,
    PulledDeclaration,
    PulledFamilyStatement,
    PulledSafeguarding,
    PulledSuitability,
    PullRun,
)
from casewall.safety.pulled.rules import AT_ONCE, is_absence, notice_for, notice_of_decision
from casewall.services.schema import Service
from casewall.staff.actions import compartment_for
from casewall.vault.blind import person_tokens
from casewall.wall.context import acting
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
)
"""Views whose rows are copied field by field, and their copies."""

TELLING: dict[Any, tuple[str, Callable[[str], str | None]]] = {
    FlowSuitability: ("decision", notice_of_decision),
    FlowSafeguarding: ("concern", lambda concern: "tell_safeguarding"),
}
"""Views whose rows make a task for the worker of a linked partner when they are new or say
something else: the field that says it, and the task."""


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
        self.notices: list[tuple[UUID, str]] = []

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
            notice = notice_for(before[2] if before else None, case.stage, case.exit_reason)
            if notice:
                self.notices.append((case.id, notice))
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
                "id", "source_version", "session_version"
            )
        }
        sessions = {s.id: s for s in self.seen(FlowSession)}
        rows = []
        for mark in self.seen(FlowAttendance):
            session = sessions.get(mark.session_id)
            if session is None or mark.case_id not in where:
                continue
            if known.get(mark.id) == (mark.version, session.version):
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
            if is_absence(mark.outcome) and known.get(mark.id, (None,))[0] != mark.version:
                self.notices.append((mark.case_id, "tell_absent"))
        self._upsert(PulledAttendance, rows)

    def statements(self, where: dict[UUID, tuple[int, str]]) -> None:
        """Copy what was stated or done there; nobody's file here changes by it."""
        for view, copy in COPIED:
            field, notice = TELLING.get(view, ("id", lambda code: None))
            known = {
                row[0]: row[1:]
                for row in self.seen(copy).values_list("id", "source_version", field)
            }
            names = [f.name for f in view._meta.local_fields if f.name not in ("id", "version")]
            rows = []
            for fact in self.seen(view):
                before = known.get(fact.id)
                if fact.case_id not in where or (before and before[0] == fact.version):
                    continue
                rows.append(
                    copy(
                        id=fact.id,
                        compartment=where[fact.case_id][0],
                        source_version=fact.version,
                        as_of=self.at,
                        **{name: getattr(fact, name) for name in names},
                    )
                )
                tells = notice(getattr(fact, field))
                if tells and tells != (notice(before[1]) if before else None):
                    self.notices.append((fact.case_id, tells))
            self._upsert(copy, rows)

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
        places = dict(
            self.seen(PartnerFile)
            .filter(id__in=[f for f, _ in new])
            .values_list("id", "compartment")
        )
        FileLink.objects.for_system("pull").bulk_create(
            (
                FileLink(
                    id=new_id(),
                    compartment=places[file_id],
                    file_id=file_id,
                    case_id=case_id,
                    origin="referral",
                    linked_on=timezone.localdate(self.at),
                    worker=self.by.worker,
                )
                for file_id, case_id in new
            ),
            batch_size=BATCH,
        )

    def tell_workers(self) -> None:
        """Make the notices of linked, open files a task on the worker's day."""
        wanted = {case_id for case_id, _ in self.notices}
        links: dict[UUID, list[PartnerFile]] = {}
        for link in (
            self.seen(FileLink).filter(case_id__in=wanted, ended_on=None).select_related("file")
        ):
            if link.file.is_open:
                links.setdefault(link.case_id, []).append(link.file)
        today = timezone.localdate(self.at)
        PartnerTask.objects.for_system("pull").bulk_create(
            PartnerTask(
                id=new_id(),
                compartment=file.compartment,
                file=file,
                case_id=case_id,
                kind=kind,
                due_on=today
                if kind in AT_ONCE
                else add_working_days(today, self._days(file.service)),
            )
            for case_id, kind in self.notices
            for file in links.get(case_id, ())
        )

    def _days(self, service: str) -> int:
        return self.services[service].clocks.decision_notice_working_days


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
        for step in ("cases", "attendance", "statements", "links", "tell_workers"):
            if progress:
                progress(step)
            if step == "cases":
                where = run.cases()
            elif step in ("attendance", "statements"):
                getattr(run, step)(where)
            else:
                getattr(run, step)()
        done = PullRun(
            compartment=min(by.compartments), at=at, cases=len(where), changed=run.changed
        )
        done.save(force_insert=True)
        return done
