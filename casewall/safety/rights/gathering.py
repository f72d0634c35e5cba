"""What a review is made of: the client's collected file, the person's own file, and what linked
partners' files hold about a client.

The system account reads, so that nobody has to be let into a file for the review of another.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID, uuid5

from casewall.programme.rights.collecting import (
    Kind,
    content_of,
    models_leading_to,
    source_of,
    written_on,
)
from casewall.programme.rights.flags import (
    Persons,
    Sign,
    Written,
    signs_of,
    words_of_names,
)
from casewall.programme.rights.rules import Right
from casewall.programme.rights.rules import State as Theirs
from casewall.safety.children.models import Child, ChildAdult
from casewall.safety.partners.models import FileLink, Partner, PartnerFile
from casewall.safety.pulled.models import (
    FlowAccessItem,
    FlowAccessRequest,
    FlowBreachReport,
    PulledCase,
    PulledChild,
    PulledDeclaration,
)
from casewall.safety.rights.models import Breach, RightsCase, RightsItem
from casewall.safety.rights.rules import (
    Known,
    Origin,
    Person,
    State,
    digits_of,
    is_in_partner_file,
)
from casewall.services.load import shipped
from casewall.services.schema import Service
from casewall.wall.ids import new_id
from casewall.wall.sides import Viewer

OF_A_FILE = ("safety_partners.PartnerFile", "safety_partners.Partner")
OF_A_CHILD = ("safety_children.Child",)

LEFT_OUT: dict[str, str] = {
    "safety_partners.PartnerToken": "holds keyed marks of name and phone, which say nothing",
    "safety_children.ChildToken": "holds keyed marks of the name, which say nothing",
    "safety_rights.RightsCase": "is the request itself",
    "safety_rights.RightsItem": "is a copy of a record that is gathered",
    "safety_rights.RightsReview": "is the review itself",
    "safety_rights.RightsReply": "is the reply itself",
}
"""Models that lead to a partner's file and are not gathered for it, with the reason."""

WORDS: dict[str, str] = {
    "safety_partners.Partner": "Who you are",
    "safety_partners.PartnerFile": "Your file and where it stands",
    "safety_partners.PartnerContact": "An attempt to reach you",
    "safety_partners.PartnerTask": "Something that was to be done",
    "safety_partners.SafeContact": "How you can be reached safely",
    "safety_partners.ScaleAnswer": "Your answers to a questionnaire",
    "safety_support.SupportSession": "A session with you",
    "safety_support.SafetyPlan": "Your safety plan",
    "safety_support.PartnerCircumstances": "Where you live and work",
    "safety_incidents.SufferedIncident": "An incident that you told of, or that was told of you",
}
ABOUT_THE_CLIENT = frozenset(
    {
        "safety_incidents.SufferedIncident", "safety_incidents.ViolenceReport",
        "safety_incidents.AuthorityTold", "safety_incidents.FileProceeding",
        "safety_incidents.FileCourtDay", "safety_partners.ScaleAnswer",
        "safety_coordination.Disclosure", "safety_roles.RoleAssessment",
        "safety_roles.RoleIncident", "safety_roles.RoleWorking", "safety_risk.JointRisk",
        "safety_risk.RiskReview", "safety_risk.RiskAction", "safety_risk.RiskTrigger",
        "safety_risk.DangerSignal", "safety_meetings.AgendaItem", "safety_meetings.Extract",
        "safety_conferences.ConferenceReferral", "safety_conferences.Hearing",
        "safety_conferences.Research", "safety_sharing.Share", "safety_sharing.SafetyReport",
    }
)  # fmt: skip
"""Records of a partner's file that are about the client by their kind. Of the others, those that
name the client."""
BATCH = 500


@dataclass(frozen=True, slots=True)
class Gathered:
    """A record for the review, before its signs are looked for."""

    label: str
    record_id: UUID
    source: str
    about_others: bool
    written_on: Any
    content: str


def texts_of(content: str) -> tuple[str, ...]:
    """What was written freely in a record."""
    return tuple(text for _, text in json.loads(content)["texts"])


def record_in_words(content: str) -> str:
    """All of a record as one text, to compare an extract with."""
    held = json.loads(content)
    return "\n".join(f"{label}: {text}" for label, text in [*held["facts"], *held["texts"]])


def words_of_kind(label: str) -> str:
    """A kind of record of this side in words."""
    if label in WORDS:
        return WORDS[label]
    name = label.partition(".")[2]
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name).strip().capitalize()


def rows_under(ends: tuple[str, ...], thing: Any, viewer: Viewer) -> Iterator[Gathered]:
    """Every record that belongs to a partner's file (or a child), as the system account sees it."""
    for label, (model, way) in sorted(models_leading_to(thing.SIDE, *ends).items()):
        if label in LEFT_OUT:
            continue
        rows = model.objects.visible_to(viewer)
        if not way:
            rows = rows.filter(pk=_own_row(label, thing))
        else:
            wanted = _own_row(_label_at(model, way), thing)
            rows = rows.filter(**{f"{'__'.join(way)}_id": wanted})
        kind = Kind(label, own=label in (*OF_A_FILE, *OF_A_CHILD))
        for row in rows:
            yield Gathered(label, row.pk, source_of(row, kind), False, written_on(row),
                           content_of(row, kind))  # fmt: skip


def _label_at(model: Any, way: tuple[str, ...]) -> str:
    for name in way:
        model = model._meta.get_field(name).related_model
    return str(model._meta.label)


def _own_row(label: str, thing: Any) -> UUID:
    if label == "safety_partners.Partner" and isinstance(thing, PartnerFile):
        return thing.partner_id
    return thing.pk


class Taking:
    """One round at the end of a pull: clients' requests, their records, and breach reports."""

    def __init__(self, by: Viewer, services: Mapping[str, Service], where: Any, at: datetime):
        self.by, self.services, self.where, self.at = by, services, where, at

    def run(self) -> int:
        """Read the three views whole; returns how many rows were new."""
        requests = list(FlowAccessRequest.objects.for_system("pull"))
        items = list(FlowAccessItem.objects.for_system("pull").defer("content"))
        new = self._requests(requests) + self._items(items) + self._breaches()
        for row in RightsCase.objects.visible_to(self.by).filter(
            person=Person.CLIENT, state=State.OPEN, gathered_at__isnull=False
        ):
            new += look_again(row, self.by)
        return new

    def _requests(self, requests: list[FlowAccessRequest]) -> int:
        known = RightsCase.objects.visible_to(self.by).in_bulk([row.id for row in requests])
        cases = PulledCase.objects.for_system("pull").in_bulk([row.case_id for row in requests])
        new = 0
        for theirs in requests:
            row = known.get(theirs.id)
            if theirs.case_id not in self.where or (row and row.source_version == theirs.version):
                continue
            self._request(row, theirs, cases[theirs.case_id])
            new += 1
        return new

    def _request(self, row: RightsCase | None, theirs: Any, case: PulledCase) -> None:
        compartment, service = self.where[theirs.case_id]
        made = row is None
        if row is None:
            row = RightsCase(
                id=theirs.id, compartment=compartment, service=service, person=Person.CLIENT,
                case_id=theirs.case_id, recorded_at=self.at,
            )  # fmt: skip
        row.name = case.name
        for name in ("asked_for", "received_on", "how", "identity", "identity_on", "asks",
                     "language"):  # fmt: skip
            setattr(row, name, getattr(theirs, name))
        if row.state == State.OPEN:
            if theirs.state == Theirs.WITHDRAWN:
                row.state = State.WITHDRAWN
            elif theirs.state == Theirs.DECIDED:
                row.state = State.DECIDED
        row.source_version = theirs.version
        row.version += 0 if made else 1
        row.save(force_insert=made)

    def _items(self, items: list[FlowAccessItem]) -> int:
        rows = RightsItem.objects.visible_to(self.by)
        known = set(rows.filter(origin=Origin.PROGRAMME).values_list("id", flat=True))
        missing: dict[UUID, list[UUID]] = {}
        for one in items:
            if one.id not in known and one.case_id in self.where:
                missing.setdefault(one.request_id, []).append(one.id)
        for request_id, ids in missing.items():
            self._items_of(request_id, ids)
        return sum(len(ids) for ids in missing.values())

    def _items_of(self, request_id: UUID, ids: list[UUID]) -> None:
        row = RightsCase.objects.visible_to(self.by).get(pk=request_id)
        views = FlowAccessItem.objects.for_system("pull").filter(id__in=ids)
        gathered = {
            one.id: Gathered(one.kind, one.record_id, one.source, one.about_others,
                             one.written_on, one.content)
            for one in views
        }  # fmt: skip
        persons, known = persons_of(row, gathered.values(), self.by), known_of(row, self.by)
        _save(row, Origin.PROGRAMME, gathered, persons, known)
        _save(row, Origin.PARTNER_FILE, about_client(row, persons, self.by), persons, known)
        row.gathered_at = self.at
        row.save(force_update=True)

    def _breaches(self) -> int:
        reports = list(FlowBreachReport.objects.for_system("pull"))
        known = set(
            Breach.objects.visible_to(self.by)
            .filter(from_programme=True)
            .values_list("id", flat=True)
        )
        places = {service: place for place, service in self.where.values()}
        new = [one for one in reports if one.id not in known and one.service in places]
        for one in new:
            Breach(
                id=one.id, compartment=places[one.service], service=one.service,
                from_programme=True, mishap=one.mishap, near_miss=one.near_miss, what=one.what,
                happened_on=one.happened_on, found_at=one.found_at, clients=one.clients,
                partners=one.partners, children=one.children, workers=one.workers,
                reported_by=self.by.worker, reported_at=one.reported_at,
            ).save(force_insert=True)  # fmt: skip
        return len(new)


def take(by: Viewer, services: Mapping[str, Service], where: Any, at: datetime) -> int:
    """What this app takes at the end of every pull."""
    return Taking(by, services, where, at).run()


def _save(
    row: RightsCase, origin: Origin, gathered: Mapping[UUID, Gathered], persons: Persons,
    known: Known,
) -> int:  # fmt: skip
    for pk, one in gathered.items():
        RightsItem(
            id=pk, compartment=row.compartment, request=row, origin=origin, kind=one.label,
            record_id=one.record_id, source=one.source, about_others=one.about_others,
            written_on=one.written_on, content=one.content,
            signs=" ".join(signs_for(row, origin, one, persons, known)),
        ).save(force_insert=True)  # fmt: skip
    return len(gathered)


def signs_for(
    row: RightsCase, origin: Origin, one: Any, persons: Persons, known: Known
) -> list[Sign]:
    """Every sign of somebody else in a record under review, in the order of the list."""
    texts = texts_of(one.content)
    source = "partner" if origin is Origin.PARTNER_FILE else one.source
    found = set(signs_of(Written(source, texts, one.about_others), persons))
    if origin is not Origin.PARTNER_FILE and any(is_in_partner_file(t, known) for t in texts):
        found.add(Sign.PARTNER_FILE)
    if row.is_client:
        # Whoever used violence asks in the name of a child: nothing is plain then.
        found.add(Sign.ABOUT_OTHERS)
    return [sign for sign in Sign if sign in found]


def look_again(row: RightsCase, by: Viewer) -> int:
    """Look for signs again, since files here grow while a review is open. Signs are only added."""
    items = list(RightsItem.objects.visible_to(by).filter(request=row))
    gathered = [
        Gathered(i.kind, i.record_id, i.source, i.about_others, i.written_on, i.content)
        for i in items
        if i.origin == Origin.PROGRAMME
    ]
    persons, known = persons_of(row, gathered, by), known_of(row, by)
    have = {i.id for i in items}
    fresh = {k: v for k, v in about_client(row, persons, by).items() if k not in have}
    added = _save(row, Origin.PARTNER_FILE, fresh, persons, known)
    for item in items:
        now = set(signs_for(row, Origin(item.origin), item, persons, known))
        grown = [sign for sign in Sign if sign in now or sign.value in item.signs.split()]
        if " ".join(grown) != item.signs:
            item.signs = " ".join(grown)
            item.save(force_update=True)
            added += 1
    return added


def persons_of(row: RightsCase, gathered: Iterable[Gathered], by: Viewer) -> Persons:
    """Who the person is, and who else is named in what was gathered."""
    own, named = set(words_of_names([row.name])), set()
    sex = "unknown"
    for one in gathered:
        held = json.loads(one.content)
        if one.label in ("programme_cases.Client", "safety_partners.Partner"):
            values = dict(held["facts"])
            sex = values.get("Sex", sex)
            own |= {v for k, v in values.items() if k in ("Phone", "Email", "Address") and v}
        if one.label.endswith(("DeclaredPartner", "DeclaredChild")):
            named |= words_of_names(v for k, v in held["texts"] if k == "Name")
    if row.case_id:
        rows = PulledDeclaration.objects.visible_to(by).filter(case_id=row.case_id)
        named |= words_of_names(one.name for one in rows)
        children = PulledChild.objects.visible_to(by).filter(case_id=row.case_id)
        named |= words_of_names(one.name for one in children)
    if row.file_id:
        named |= _others_of_file(row, by)
    return Persons(frozenset(own), frozenset(named - own), plain_words(row.service), sex)


@cache
def plain_words(service: str) -> frozenset[str]:
    """Words of the names of a service and its agencies: they name no person."""
    known = shipped().get(service)
    if known is None:
        return frozenset()
    names = [known.name, *(agency.name for agency in known.agencies)]
    return words_of_names([*names, *(part.name for part in known.components)])


def _others_of_file(row: RightsCase, by: Viewer) -> set[str]:
    links = FileLink.objects.visible_to(by).filter(file_id=row.file_id)
    cases = PulledCase.objects.visible_to(by).filter(id__in=links.values("case_id"))
    named = set(words_of_names(case.name for case in cases))
    adults = ChildAdult.objects.visible_to(by).filter(file_id=row.file_id)
    children = Child.objects.visible_to(by).filter(id__in=adults.values("child_id"))
    return named | words_of_names(child.given_name for child in children)


def linked_files(row: RightsCase, by: Viewer) -> list[PartnerFile]:
    """The partner files that are or were linked to any case of the client who asks."""
    if row.person != Person.CLIENT:
        return []
    case = PulledCase.objects.visible_to(by).filter(pk=row.case_id).first()
    if case is None:
        return []
    cases = PulledCase.objects.visible_to(by).filter(client_id=case.client_id)
    links = FileLink.objects.visible_to(by).filter(case_id__in=cases.values("id"))
    return list(
        PartnerFile.objects.visible_to(by)
        .filter(id__in=links.values("file_id"))
        .select_related("partner")
    )


def known_of(row: RightsCase, by: Viewer) -> Known:
    """Names, phone endings, e-mails and addresses of partners and children in linked files."""
    files = linked_files(row, by)
    partners: list[Partner] = [file.partner for file in files]
    adults = ChildAdult.objects.visible_to(by).filter(file_id__in=[file.pk for file in files])
    children = list(Child.objects.visible_to(by).filter(id__in=adults.values("child_id")))
    own = words_of_names([row.name])
    names = words_of_names(
        [p.full_name for p in partners] + [child.full_name for child in children]
    )
    words = {(p.email or "").lower() for p in partners} | {
        (p.address or "").partition(",")[0].lower() for p in partners
    }
    return Known(
        names=names - own,
        endings=frozenset(filter(None, (digits_of(p.phone) for p in partners))),
        words=frozenset(word for word in words if len(word) > 4),
    )


def about_client(row: RightsCase, persons: Persons, by: Viewer) -> dict[UUID, Gathered]:
    """What linked partners' files hold about the client: by its kind, or since it names the client.

    All of it is of partner origin and withheld unless the partner consented.
    """
    if row.person != Person.CLIENT or row.asked_for != Right.ACCESS:
        return {}
    names = words_of_names([row.name])
    found = {}
    for file in linked_files(row, by):
        for one in rows_under(OF_A_FILE, file, by):
            texts = " ".join(texts_of(one.content))
            if one.label in ABOUT_THE_CLIENT or words_of_names([texts]) & names:
                found[uuid5(row.pk, f"{one.label} {one.record_id}")] = one
    return found


def gather_own(row: RightsCase, by: Viewer) -> int:
    """Gather the own file of a partner or a child who asks; a worker's is written down by hand."""
    thing: Any = None
    if row.file_id:
        thing = PartnerFile.objects.visible_to(by).get(pk=row.file_id)
    elif row.child_id:
        thing = Child.objects.visible_to(by).get(pk=row.child_id)
    if thing is None:
        return 0
    ends = OF_A_FILE if row.file_id else OF_A_CHILD
    gathered = {
        uuid5(row.pk, f"{one.label} {one.record_id}"): one for one in rows_under(ends, thing, by)
    }
    persons = persons_of(row, gathered.values(), by)
    return _save(row, Origin.OWN, gathered, persons, Known())


def by_hand(row: RightsCase, text: str, on: Any, by: Viewer) -> RightsItem:
    """A record that a reviewer writes down, for example from a paper."""
    content = json.dumps({"facts": [], "texts": [["Text", text]]}, ensure_ascii=False)
    one = Gathered("by_hand", new_id(), "worker", False, on, content)
    persons = persons_of(row, [], by)
    item = RightsItem(
        compartment=row.compartment, request=row, origin=Origin.BY_HAND, kind=one.label,
        record_id=one.record_id, source=one.source, about_others=False, written_on=on,
        content=one.content, signs=" ".join(signs_for(row, Origin.BY_HAND, one, persons, Known())),
    )  # fmt: skip
    item.save(force_insert=True)
    return item
