"""First contacts: each partner who is named or stated in a case is tried within the clock.

A statement never becomes a partner's file by itself and its contact details are never used: it
becomes a task for coordination, where a person decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime
from uuid import UUID, uuid5

from django.db.models import F

from casewall.audit.actions import record_many
from casewall.safety.partners.clocks import working_days_after
from casewall.safety.partners.models import FileLink, PartnerFile, PartnerTask
from casewall.safety.partners.rules import WAITS
from casewall.safety.pulled.models import PulledCase, PulledDeclaration, PulledSuitability
from casewall.safety.pulled.rules import (
    ACCEPTING,
    Stated,
    contact_begins,
    same_person,
    to_contact,
)
from casewall.services.schema import Service
from casewall.vault.blind import blind
from casewall.vault.names import tokens
from casewall.wall.sides import Side, Viewer

STATED = "contact_stated"
"""The task to decide about a partner who was stated and has no file yet."""


def contact_task(case: UUID, name: str | None, relation: str) -> UUID:
    """The identifier of the task about a stated partner: one a person and case.

    The name goes in as a keyed hash, so that nobody can guess it from the identifier.
    """
    words = " ".join(sorted(set(tokens(name or ""))))
    person = str(blind("name", words, Side.SAFETY)) if words else f"unnamed {relation}"
    return uuid5(case, f"contact:{person}")


def start_contacts(
    cases: Collection[UUID], *, by: Viewer, services: Mapping[str, Service], at: datetime
) -> int:
    """Start the clocks of first contacts in these cases where their trigger has come.

    A file that waited for the client's acceptance gets its day; a stated partner without a file
    becomes one task for coordination. Returns how many clocks were started. Asked again it
    starts none again.
    """
    found = PulledCase.objects.for_system("pull").filter(id__in=cases)
    rows = found.only("id", "compartment", "service", "stage", "stage_on", "referred_on")
    begun: dict[UUID, tuple[PulledCase, date]] = {}
    accepted = _accepted(cases)
    for case in rows:
        on = contact_begins(
            services[case.service].partner_support.trigger,
            stage=case.stage,
            stage_on=case.stage_on,
            referred_on=case.referred_on,
            accepted_on=accepted.get(case.id),
        )
        if on is not None:
            begun[case.id] = case, on
    links: dict[UUID, list[PartnerFile]] = defaultdict(list)
    linked = FileLink.objects.for_system("pull").filter(case_id__in=begun, ended_on=None)
    for link in linked.select_related("file__partner"):
        links[link.case_id].append(link.file)
    return _end_waiting(begun, links, services, by) + _ask_about(begun, links, services, at)


def _accepted(cases: Collection[UUID]) -> dict[UUID, date]:
    """Cases whose latest decision accepts the client, with its day."""
    decided = PulledSuitability.objects.for_system("pull").filter(
        case_id__in=cases, decided_on__isnull=False
    )
    latest: dict[UUID, tuple[str, date]] = {}
    for case, decision, on in decided.order_by("decided_on", "as_of", "id").values_list(
        "case_id", "decision", "decided_on"
    ):
        latest[case] = decision, on
    return {case: on for case, (decision, on) in latest.items() if decision in ACCEPTING}


def _due(begins: date, service: Service) -> date:
    return working_days_after(begins, service.clocks.first_contact_working_days, service)


def _end_waiting(
    begun: Mapping[UUID, tuple[PulledCase, date]],
    links: Mapping[UUID, list[PartnerFile]],
    services: Mapping[str, Service],
    by: Viewer,
) -> int:
    """Files that waited for the client's acceptance get their day."""
    started: dict[UUID, PartnerFile] = {}
    for case, files in links.items():
        for file in files:
            if file.next_action != WAITS or not file.is_open or file.pk in started:
                continue
            due = _due(max(begun[case][1], file.referred_on), services[file.service])
            PartnerFile.objects.for_system("pull").filter(pk=file.pk, next_action=WAITS).update(
                next_action="contact",
                next_action_on=due,
                contact_by=due,
                version=F("version") + 1,
            )
            started[file.pk] = file
    record_many(by=by, verb="started the first contact of", things=list(started.values()))
    return len(started)


def _ask_about(
    begun: Mapping[UUID, tuple[PulledCase, date]],
    links: Mapping[UUID, list[PartnerFile]],
    services: Mapping[str, Service],
    at: datetime,
) -> int:
    """One task for each stated person whom the service contacts and who has no file here."""
    names: dict[UUID, str] = {}
    stated: dict[UUID, list[Stated]] = defaultdict(list)
    for one in PulledDeclaration.objects.for_system("pull").filter(case_id__in=begun):
        names[one.id] = one.name or ""
        person = str(contact_task(one.case_id, one.name, one.relation))
        stated[one.case_id].append(Stated(one.id, person, one.relation, one.stated_on))
    drafted: dict[UUID, PartnerTask] = {}
    for case_id, statements in stated.items():
        case, begins = begun[case_id]
        service = services[case.service]
        known = [tokens(file.partner.full_name) for file in links[case_id]]
        for one in to_contact(statements, service.partner_support.contacts):
            if any(same_person(tokens(names[one.id]), name) for name in known):
                continue
            drafted[UUID(one.person)] = PartnerTask(
                id=UUID(one.person),
                compartment=case.compartment,
                case_id=case_id,
                fact_id=one.id,
                kind=STATED,
                due_on=_due(max(begins, one.stated_on), service),
                about_on=one.stated_on,
                as_of=at,
            )
    rows = PartnerTask.objects.for_system("pull")
    before = set(rows.filter(id__in=list(drafted)).values_list("id", flat=True))
    new = [task for key, task in drafted.items() if key not in before]
    rows.bulk_create(new, batch_size=1000)
    return len(new)
