"""Which measures a service asks of partners, and where each time point of one file stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.utils import timezone

from casewall.measures.definitions import load as load_measure
from casewall.measures.definitions import names
from casewall.measures.over_time import kept_of
from casewall.measures.schedule import (
    TO_ASK,
    Asked,
    Expected,
    State,
    Wave,
    asked_of,
    expected,
    not_installed,
)
from casewall.safety.partners.models import FileLink, PartnerContact, PartnerFile, ScaleAnswer
from casewall.safety.partners.rules import Contact, Outcome
from casewall.safety.pulled.models import PulledCourse
from casewall.services.load import shipped
from casewall.wall.sides import Viewer

WORKERS_HERE = frozenset({"risk-checklist-24"})
"""Measures about a partner's risk that a worker of this side fills in."""

UNSAFE = "contact_unsafe"
DECLINED = "contact_declined"
SILENT_CONTACTS = {
    Contact.UNSAFE: UNSAFE,
    Contact.DECLINED: DECLINED,
    Contact.MAY_RETURN: DECLINED,
}
"""Where contact stands so that nobody asks: a reason for silence that need not be written down."""

REASON_WORDS = {
    "not_asked": "Not asked",
    "not_reached": "Not reached",
    "preferred_not_to": "Preferred not to",
    "unsafe_to_ask": "Unsafe to ask",
    "no_language": "Not in a language that was understood",
    UNSAFE: "Contact is unsafe",
    DECLINED: "Declined contact",
}


def measures_here() -> list[str]:
    """The measures that can be recorded on this side."""
    return [
        name
        for name in names()
        if "partner" in load_measure(name).answerers or name in WORKERS_HERE
    ]


def asked_here(service: str) -> tuple[Asked, ...]:
    """What a service asks of partners, and of workers about a partner's risk."""
    definition, installed = shipped().get(service), measures_here()
    of_workers = [name for name in installed if name in WORKERS_HERE]
    return asked_of(definition, "partner", installed) + asked_of(definition, "worker", of_workers)


def missing_here(service: str) -> tuple[str, ...]:
    """Measures that a service asks of partners and that are not on this machine."""
    return not_installed(shipped().get(service), "partner", names())


def partner_asked(service: str) -> dict[str, tuple[Wave, ...]]:
    """The measures that a service asks of partners, with their time points."""
    return {one.measure: tuple(due.wave for due in one.schedule) for one in asked_here(service)}


def on_a_device(service: str) -> list[str]:
    """Those that can be answered alone on a device: choices only, and no question that goes with
    the answer to another one."""
    return [
        name
        for name in partner_asked(service)
        if load_measure(name).has_text
        and name not in WORKERS_HERE
        and all(
            item.kind in ("choice", "yes_no") and not item.conditions and not item.waves
            for item in load_measure(name).items
        )
    ]


@dataclass(slots=True)
class AskedFile:
    """One file with every time point of what is asked, and the rows that came."""

    file: PartnerFile
    every: dict[str, tuple[Expected, ...]]
    rows: dict[str, list[ScaleAnswer]]

    @property
    def is_asked(self) -> bool:
        """Whether anybody may ask this partner now."""
        return Contact(self.file.contact) not in SILENT_CONTACTS and not self.file.withdrawn_on

    def to_ask(self) -> list[Expected]:
        """The time points to ask about now, the earliest first."""
        found = [one for every in self.every.values() for one in every if one.state in TO_ASK]
        return sorted(found, key=lambda one: (one.due_on or date.max, one.measure))


def asked_file(
    file: PartnerFile,
    events: Mapping[str, date | None],
    rows: Iterable[ScaleAnswer],
    today: date,
) -> AskedFile:
    """Work out every time point. Where contact is unsafe or was declined, the silence has that
    reason; a withdrawn referral is asked nothing."""
    by_measure: dict[str, list[ScaleAnswer]] = defaultdict(list)
    for row in rows:
        by_measure[row.measure].append(row)
    why = SILENT_CONTACTS.get(Contact(file.contact), "")
    asked = () if file.withdrawn_on else asked_here(file.service)
    every = {}
    for one in asked:
        found = expected(one, events, kept_of(by_measure[one.measure]), today)
        every[one.measure] = tuple(_explained(point, why) for point in found)
    return AskedFile(file, every, dict(by_measure))


def _explained(point: Expected, why: str) -> Expected:
    if why and point.state in (*TO_ASK, State.PASSED):
        return replace(point, state=State.SILENT, reason=why)
    return point


def asked_files(
    files: Iterable[PartnerFile], viewer: Viewer, today: date, *, answers: bool = False
) -> list[AskedFile]:
    """Many files at once, in four queries. With `answers` the raw answers are read too."""
    listed = list(files)
    keys = [file.pk for file in listed]
    rows: dict[UUID, list[ScaleAnswer]] = defaultdict(list)
    stored = ScaleAnswer.objects.visible_to(viewer).filter(file__in=keys).order_by("id")
    for row in stored if answers else stored.defer("answers"):
        rows[row.file_id].append(row)
    spoken = _first_spoken(keys, viewer)
    courses = _courses(keys, viewer)
    return [
        asked_file(
            file,
            {
                "referred": file.referred_on,
                "partner_first_contact": spoken.get(file.pk),
                "partner_support_ended": file.closed_on or file.support_until,
                **courses.get(file.pk, {}),
            },
            rows[file.pk],
            today,
        )
        for file in listed
    ]


def _first_spoken(keys: list[UUID], viewer: Viewer) -> dict[UUID, date]:
    """The day on which somebody first spoke with each partner."""
    rows = (
        PartnerContact.objects.visible_to(viewer)
        .filter(file__in=keys, outcome=Outcome.SPOKE)
        .order_by("file", "tried_at", "id")
        .distinct("file")
        .values_list("file", "tried_at")
    )
    return {file: timezone.localdate(moment) for file, moment in rows}


def _courses(keys: list[UUID], viewer: Viewer) -> dict[UUID, dict[str, date | None]]:
    """When the linked clients started and ended, as pulled: the first start, the last end."""
    links = list(
        FileLink.objects.visible_to(viewer)
        .filter(file__in=keys, ended_on=None)
        .values_list("file", "case_id")
    )
    courses: dict[UUID, list[PulledCourse]] = defaultdict(list)
    for course in PulledCourse.objects.visible_to(viewer).filter(
        case_id__in=[case for _, case in links]
    ):
        courses[course.case_id].append(course)
    found: dict[UUID, dict[str, date | None]] = {}
    for file, case in links:
        begun = [one for one in courses[case] if one.began_on]
        if begun and file not in found:
            ends = [one.ended_on for one in begun]
            last = None if None in ends else max(end for end in ends if end)
            found[file] = {"started": min(one.began_on for one in begun), "ended": last}
    return found
