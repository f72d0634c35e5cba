"""Writing invented people down: police files, and one script for each side.

A police file names both parties, as the police do. The script of the programme side knows the
clients and nothing of a partner but what a client states; the script of the safety side knows
the partners. Neither process is given the other's script.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from tqdm import tqdm

from casewall.programme.groups.planning.days_off import days_off
from casewall.services.programmes import template_of
from casewall.services.schema import Service
from casewall.synthetic import cohort, texts
from casewall.synthetic.calendar import Event, Group, Timetable, event
from casewall.synthetic.canary import Canaries
from casewall.synthetic.clients import ClientLife, Way
from casewall.synthetic.families import Family, families
from casewall.synthetic.lands import LANDS
from casewall.synthetic.partners import PartnerLife
from casewall.synthetic.people import People, Person
from casewall.synthetic.script import Script
from casewall.synthetic.telling import Circumstances
from casewall.synthetic.ways import timetables, ways_of

EMAIL_HEADER = "Partner, e-mail"
REFERRER_HEADER = "Henvisers e-mail"
"""A column that the service's list does not have; it is recognised by its wording."""

REFERRER = "referrer@demo.invalid"
"""The account of the demonstration that has referred some of the people."""
OWN_SHARE = 0.1
ROOMS = {
    "DK": ("Stue 1", "Stue 2", "Loftet"),
    "GB": ("Garden room", "Upper room", "Library"),
    "DE": ("Raum 1", "Raum 2", "Saal"),
}
FILE_NAMES = {"DK": "politiliste", "GB": "referrals", "DE": "referrals"}
PARTNER_WORKERS = 2
COHORT_SERVICE = "intervention-centre"
"""The service whose published cohort can be invented."""

REFERRED_FOR = 130
"""Weeks of referrals in a demonstration: two years of registers, and before them the time from
the first referrals to the first group that somebody sits in."""

TRIGGER_DAYS = {"referred": 0, "assessed_suitable": 28}
"""Days after the referral from which partners are contacted, by the service's trigger."""


@dataclass(slots=True)
class Invention:
    """Everything about some families: police files by name, and a script for each side."""

    seed: str
    files: dict[str, str] = field(default_factory=dict)
    programme: Script = field(default_factory=Script)
    safety: Script = field(default_factory=Script)

    def add(
        self,
        made: Iterable[Family],
        ways: Sequence[Way],
        *,
        name: str,
        service: Service,
        today: date,
        told: bool = False,
        rich: bool = False,
    ) -> None:
        """Write down families: their referral file, and what happened up to yesterday.

        With `told`, some disclosures are asked for as well; with `rich`, clients tell more.
        """
        canaries, made = Canaries(self.seed), list(made)
        self.safety.seed, self.safety.today = self.seed, today.isoformat()
        file_word = canaries.of("safety_intake.referralfile.name", [name])
        self.files[f"{name}-{file_word}.csv"] = police_file(made, service, canaries)
        for family in tqdm(made, desc="Inventing", unit=" families", disable=None):
            self._family(family, ways, canaries, service, rich)
        for table in timetables(ways):
            self.programme.events += [*table.plans(), *_leave_one_open(table, today)]
        if told:
            self.safety.events += _disclosures(made, self._numbers, canaries, today)
        for script in (self.programme, self.safety):
            script.events = script.until(today).events
            script.sort()

    _numbers: dict[tuple[int, int], int] = field(default_factory=dict)

    def _family(
        self,
        family: Family,
        ways: Sequence[Way],
        canaries: Canaries,
        service: Service,
        rich: bool,
    ) -> None:
        areas = [place.id for place in service.areas.places]
        told = Circumstances(self.seed, family.number, areas)
        if family.client is not None:
            who = len(self.programme.people)
            self.programme.people.append(identity(who, family.client.person))
            self.programme.events += ClientLife(
                self.seed, who, family, ways, rich=rich, circumstances=told
            ).tell()
        for place, partner in enumerate(family.partners):
            who = len(self.safety.people)
            self._numbers[family.number, place] = who
            self.safety.people.append(identity(who, partner.person))
            self.safety.events += PartnerLife(
                self.seed,
                who,
                [family.number, place],
                partner.course,
                family.referred_on + timedelta(days=TRIGGER_DAYS[service.partner_support.trigger]),
                canaries,
                who % PARTNER_WORKERS,
                told,
            ).tell()


def identity(who: int, person: Person) -> dict[str, Any]:
    """How a person of a script is found again: by name, with date of birth and phone if known."""
    return {
        "who": who,
        "given_name": person.given_name,
        "family_name": person.family_name,
        "born_on": person.born_on.isoformat() if person.born_on else None,
        "phone": person.phone,
    }


def _leave_one_open(timetable: Timetable, today: date) -> list[Event]:
    """All registers but the latest one before today: that one waits to be marked."""
    events = timetable.events()
    held = [e for e in events if e["do"] == "register" and e["on"] < today.isoformat()]
    latest = max(held, key=lambda e: e["on"], default=None)
    recent = (today - timedelta(days=4)).isoformat()
    return [e for e in events if e is not latest or e["on"] < recent]


def _disclosures(
    made: list[Family], numbers: dict[tuple[int, int], int], canaries: Canaries, today: date
) -> list[Event]:
    """Six disclosures of the last days: three released, one waiting, two refused."""
    found: list[Event] = []
    linked = [
        f
        for f in made
        if f.client
        and f.partners
        and f.partners[0].course == "engaged"
        and f.client.course in ("left", "completed")
        and f.referred_on < today - timedelta(days=60)
    ]
    for place, family in enumerate(linked[-6:]):
        end = ("release", "refuse", "release", "wait", "refuse", "release")[place]
        purpose, text = texts.TOLD[place % len(texts.TOLD)]
        more: dict[str, Any] = {}
        if end != "release":
            text = canaries.note("safety_coordination.disclosure.text", text, [family.number])
        if end == "refuse":
            more = {
                "refusal": canaries.note(
                    "safety_coordination.disclosure.refusal", texts.REFUSALS[0], [family.number]
                ),
                "override_reason": canaries.note(
                    "safety_coordination.disclosure.override_reason",
                    texts.OVERRIDES[0],
                    [family.number],
                ),
            }
        who = numbers[family.number, 0]
        found.append(
            event(
                today - timedelta(days=3),
                "10:30",
                "disclose",
                who=who,
                by=who % PARTNER_WORKERS,
                purpose=purpose,
                text=text,
                end=end,
                **more,
            )
        )
    return found


SAID: dict[bool, dict[str, str]] = {
    True: {
        "female": "kvinde",
        "male": "mand",
        "other": "andet",
        "current": "nuværende",
        "former": "tidligere",
        "unknown": "ukendt",
        "yes": "ja",
    },
    False: {
        "female": "female",
        "male": "male",
        "other": "other",
        "current": "current",
        "former": "former",
        "unknown": "unknown",
        "yes": "yes",
    },
}
"""Codes as Danish and as other files write them."""

HEADERS = {
    "reference": "Reference",
    "referred_on": "Referral date",
    "incident_on": "Incident date",
    "route": "Referral route",
    "referrer_agency": "Referring agency",
    "referrer_name": "Referrer name",
    "referrer_email": "Referrer e-mail",
    "client_family_name": "Client surname",
    "client_given_name": "Client first name",
    "client_born_on": "Client date of birth",
    "client_sex": "Client sex",
    "client_phone": "Client phone",
    "client_address": "Client address",
    "client_consent": "Client consent",
    "client_text": "For the client's file",
    "partner_family_name": "Partner surname",
    "partner_given_name": "Partner first name",
    "partner_born_on": "Partner date of birth",
    "partner_sex": "Partner sex",
    "partner_phone": "Partner phone",
    "partner_address": "Partner address",
    "partner_email": "Partner email",
    "partner_consent": "Partner consent",
    "partner_relation": "Partner current or former",
    "partner_safe_times": "Partner safe times",
    "children_count": "Number of children",
    "known_orders": "Known orders",
    "notes": "Notes",
}
"""Headers of a file of a service that has no list of its own; each is recognised by its words."""

# --- the police file ---------------------------------------------------------------------------


def police_file(made: Iterable[Family], service: Service, canaries: Canaries) -> str:
    """A list as the police send it: semicolons, Danish headers, day before month."""
    headers = HEADERS
    if service.referral_files:
        headers = {key: header for header, key in service.referral_files[0].headers.items()}
        headers |= {"partner_email": EMAIL_HEADER, "referrer_email": REFERRER_HEADER}
    written = io.StringIO()
    table = csv.writer(written, delimiter=";", lineterminator="\r\n")
    table.writerow(headers.values())
    for family in made:
        for row in _rows(family, canaries, service):
            table.writerow([row.get(key, "") for key in headers])
    return written.getvalue()


def _rows(family: Family, canaries: Canaries, service: Service) -> Iterator[dict[str, str]]:
    """A row for each partner, or one for a client alone."""
    day = LANDS[service.country].day
    random = Random(f"{family.number}:row:{family.referred_on}")
    record = [family.number]
    word = canaries.of("safety_intake.intakereferral.reference", record)
    shared = {
        "reference": f"{family.referred_on.year}-{family.number:05d}-{word}",
        "referred_on": f"{family.referred_on:{day}}",
        "incident_on": f"{family.referred_on - timedelta(days=random.randint(0, 12)):{day}}",
        "referrer_agency": _referrer(random, service),
        "route": _route(service),
        "referrer_name": random.choice(_texts(service)["referrers"]),
        "referrer_email": _referrer_email(random, service),
        "children_count": family.children,
    }
    if family.client is None:
        word = canaries.of("safety_intake.intakereferral.referrer", record)
        shared["referrer_agency"] += f" ({word})"
    else:
        shared |= _client(random, family.client.person, service)
    if not family.partners:
        yield shared
    for place, partner in enumerate(family.partners):
        yield shared | _partner(
            random, partner.person, partner.relation, canaries, [family.number, place], service
        )


def _referrer(random: Random, service: Service) -> str:
    """An agency that refers to this service."""
    by = {agency for route in service.referral_routes for agency in route.agencies}
    return random.choice([a.name for a in service.agencies if a.id in by])


def _referrer_email(random: Random, service: Service) -> str:
    """The referrer who has an account, for some referrals of the first service."""
    has_account = service.id == COHORT_SERVICE and random.random() < OWN_SHARE
    return REFERRER if has_account else ""


def _route(service: Service) -> str:
    """The first route by which an agency refers, in the words of a file."""
    return next(route.route for route in service.referral_routes if route.agencies)


def _texts(service: Service) -> dict[str, tuple[str, ...]]:
    """The texts of a file in the language of the service's country, or in English."""
    return texts.FILE_TEXTS[service.country == "DK"]


def _client(random: Random, person: Person, service: Service) -> dict[str, str]:
    text = random.choice(_texts(service)["client_text"]) if random.random() < 0.1 else ""
    return _person("client", person, service) | {"client_text": text}


def _partner(
    random: Random,
    person: Person,
    relation: str,
    canaries: Canaries,
    record: list[int],
    service: Service,
) -> dict[str, str]:
    told = "safety_intake.intakereferral.circumstances"
    near = canaries.of("safety_partners.partner.address", record)
    email = canaries.of("safety_partners.partner.email", record)
    row = _person("partner", person, service) | {
        "partner_relation": SAID[service.country == "DK"].get(relation, ""),
        "partner_address": person.address.replace(",", f" {_texts(service)['near'][0]} {near},"),
        "partner_email": f"{email}@example.invalid" if random.random() < 0.3 else "",
        "notes": canaries.note(told, random.choice(_texts(service)["notes"]), record),
    }
    if random.random() < 0.3:
        row["known_orders"] = canaries.note(
            told, random.choice(_texts(service)["orders"]), [*record, "o"]
        )
    if random.random() < 0.5:
        row["partner_safe_times"] = canaries.note(
            "safety_partners.partnerfile.note", random.choice(_texts(service)["safe_times"]), record
        )
    return row


def _person(party: str, person: Person, service: Service) -> dict[str, str]:
    said = SAID[service.country == "DK"]
    day = LANDS[service.country].day
    return {
        f"{party}_family_name": person.family_name,
        f"{party}_given_name": person.given_name,
        f"{party}_born_on": f"{person.born_on:{day}}" if person.born_on else "",
        f"{party}_sex": said.get(person.sex, said["unknown"]),
        f"{party}_phone": person.phone,
        f"{party}_address": person.address,
        f"{party}_consent": said["yes"],
    }


# --- whole inventions --------------------------------------------------------------------------


def published_cohort(invention: Invention, inventor: People, service: Service, today: date) -> None:
    """Add the published cohort of the Intervention Centre, with its groups of 2013 to 2016."""
    groups = [
        Group(f"{name} group 2013–2016", start, "17:30", 175, ROOMS["DK"][n])
        for n, (name, start) in enumerate(
            [("Tuesday", date(2013, 2, 5)), ("Thursday", date(2013, 3, 7))]
        )
    ]
    programme, component = "counselling-course", "counselling-group"
    for group in groups:
        group.template, group.component = programme, component
        group.off = days_off(service.country)
    sessions = len(template_of(service, programme).sessions_of(component))
    invention.add(
        cohort.families(invention.seed, inventor),
        [Way(programme, Timetable(groups), sessions)],
        name="politiliste-2013-2015-invented",
        service=service,
        today=today,
    )


def caseload(
    invention: Invention,
    inventor: People,
    service: Service,
    today: date,
    *,
    people: int,
    weeks: int,
    first_number: int = 1001,
) -> None:
    """Add so many persons whom the police referred in the last weeks, up to yesterday."""
    first, last = today - timedelta(weeks=weeks), today - timedelta(days=1)
    made = families(
        invention.seed,
        people=people,
        first=first,
        last=last,
        inventor=inventor,
        first_number=first_number,
    )
    clients = sum(family.client is not None for family in made)
    invention.add(
        made,
        ways_of(service, first=first, today=today, clients=clients, rooms=ROOMS[service.country]),
        name=f"{FILE_NAMES[service.country]}-invented",
        service=service,
        today=today,
        told=True,
        rich=True,
    )


def demonstration(
    seed: str, service: Service, today: date, *, people: int, with_cohort: bool = True
) -> Invention:
    """A caseload with two years of registers and, unless it is left out, the published cohort.

    Each service has people of its own; the same seed and service give the same.
    """
    has_cohort = service.id == COHORT_SERVICE
    invention = Invention(seed if has_cohort else f"{seed}:{service.id}")
    inventor = People(
        Random(f"{invention.seed}:people"),
        place=LANDS[service.country],
        first_phone=sum(map(ord, service.id)) * 37,
    )
    if with_cohort and has_cohort:
        published_cohort(invention, inventor, service, today)
    caseload(invention, inventor, service, today, people=people, weeks=REFERRED_FOR)
    return invention


def any_size(
    seed: str, service: Service, today: date, *, people: int, weeks: int = 156
) -> Invention:
    """So many persons over so many weeks."""
    invention = Invention(seed)
    inventor = People(Random(f"{seed}:people"), place=LANDS[service.country])
    caseload(invention, inventor, service, today, people=people, weeks=weeks)
    return invention
