"""Writing invented people down: police files, and one script for each side.

A police file names both parties, as the police do. The script of the programme side knows the
clients and nothing of a partner but what a client states; the script of the safety side knows
the partners. Neither process is given the other's script.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from tqdm import tqdm

from casewall.services.schema import Service
from casewall.synthetic import cohort, texts
from casewall.synthetic.calendar import Event, Group, Timetable, event
from casewall.synthetic.canary import Canaries
from casewall.synthetic.clients import ClientLife
from casewall.synthetic.families import Family, families
from casewall.synthetic.partners import PartnerLife
from casewall.synthetic.people import People, Person
from casewall.synthetic.script import Script

EMAIL_HEADER = "Partner, e-mail"
"""A column that the service's list does not have; it is recognised by its wording."""

ROOMS = ("Stue 1", "Stue 2", "Loftet")
PARTNER_WORKERS = 2


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
        timetable: Timetable,
        *,
        name: str,
        service: Service,
        today: date,
        told: bool = False,
    ) -> None:
        """Write down families: their police file, and what happened up to yesterday.

        With `told`, some disclosures are asked for as well.
        """
        canaries, made = Canaries(self.seed), list(made)
        file_word = canaries.of("safety_intake.referralfile.name", [name])
        self.files[f"{name}-{file_word}.csv"] = police_file(made, service, canaries)
        for family in tqdm(made, desc="Inventing", unit=" families", disable=None):
            self._family(family, timetable, canaries)
        self.programme.events += [*timetable.plans(), *_leave_one_open(timetable, today)]
        if told:
            self.safety.events += _disclosures(made, self._numbers, canaries, today)
        for script in (self.programme, self.safety):
            script.events = script.until(today).events
            script.sort()

    _numbers: dict[tuple[int, int], int] = field(default_factory=dict)

    def _family(self, family: Family, timetable: Timetable, canaries: Canaries) -> None:
        if family.client is not None:
            who = len(self.programme.people)
            self.programme.people.append(identity(who, family.client.person))
            self.programme.events += ClientLife(self.seed, who, family, timetable).tell()
        for place, partner in enumerate(family.partners):
            who = len(self.safety.people)
            self._numbers[family.number, place] = who
            self.safety.people.append(identity(who, partner.person))
            self.safety.events += PartnerLife(
                self.seed,
                who,
                [family.number, place],
                partner.course,
                family.referred_on,
                canaries,
                who % PARTNER_WORKERS,
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


# --- the police file ---------------------------------------------------------------------------


def police_file(made: Iterable[Family], service: Service, canaries: Canaries) -> str:
    """A list as the police send it: semicolons, Danish headers, day before month."""
    headers = {key: header for header, key in service.referral_files[0].headers.items()}
    headers["partner_email"] = EMAIL_HEADER
    written = io.StringIO()
    table = csv.writer(written, delimiter=";", lineterminator="\r\n")
    table.writerow(headers.values())
    for family in made:
        for row in _rows(family, canaries):
            table.writerow([row.get(key, "") for key in headers])
    return written.getvalue()


def _rows(family: Family, canaries: Canaries) -> Iterator[dict[str, str]]:
    """A row for each partner, or one for a client alone."""
    random = Random(f"{family.number}:row:{family.referred_on}")
    record = [family.number]
    word = canaries.of("safety_intake.intakereferral.reference", record)
    shared = {
        "reference": f"{family.referred_on.year}-{family.number:05d}-{word}",
        "referred_on": f"{family.referred_on:%d.%m.%Y}",
        "incident_on": f"{family.referred_on - timedelta(days=random.randint(0, 12)):%d.%m.%Y}",
        "referrer_agency": "Fjordby Politikreds",
        "referrer_name": random.choice(texts.OFFICERS),
        "children_count": family.children,
    }
    if family.client is None:
        word = canaries.of("safety_intake.intakereferral.referrer", record)
        shared["referrer_agency"] += f" ({word})"
    else:
        shared |= _client(random, family.client.person)
    if not family.partners:
        yield shared
    for place, partner in enumerate(family.partners):
        yield shared | _partner(
            random, partner.person, partner.relation, canaries, [family.number, place]
        )


def _client(random: Random, person: Person) -> dict[str, str]:
    text = random.choice(texts.FOR_THE_FILE) if random.random() < 0.1 else ""
    return _person("client", person) | {"client_text": text}


def _partner(
    random: Random, person: Person, relation: str, canaries: Canaries, record: list[int]
) -> dict[str, str]:
    told = "safety_intake.intakereferral.circumstances"
    near = canaries.of("safety_partners.partner.address", record)
    email = canaries.of("safety_partners.partner.email", record)
    row = _person("partner", person) | {
        "partner_relation": {"current": "nuværende", "former": "tidligere"}.get(relation, "ukendt"),
        "partner_address": person.address.replace(",", f" ved {near},"),
        "partner_email": f"{email}@example.invalid" if random.random() < 0.3 else "",
        "notes": canaries.note(told, random.choice(texts.POLICE_NOTES), record),
    }
    if random.random() < 0.3:
        row["known_orders"] = canaries.note(told, random.choice(texts.ORDERS), [*record, "o"])
    if random.random() < 0.5:
        row["partner_safe_times"] = canaries.note(
            "safety_partners.partnerfile.note", random.choice(texts.SAFE_TIMES), record
        )
    return row


def _person(party: str, person: Person) -> dict[str, str]:
    sexes = {"female": "kvinde", "male": "mand", "other": "andet"}
    return {
        f"{party}_family_name": person.family_name,
        f"{party}_given_name": person.given_name,
        f"{party}_born_on": f"{person.born_on:%d.%m.%Y}" if person.born_on else "",
        f"{party}_sex": sexes.get(person.sex, "ukendt"),
        f"{party}_phone": person.phone,
        f"{party}_address": person.address,
        f"{party}_consent": "ja",
    }


# --- whole inventions --------------------------------------------------------------------------


def published_cohort(invention: Invention, inventor: People, service: Service, today: date) -> None:
    """Add the published cohort of the Intervention Centre, with its groups of 2013 to 2016."""
    groups = [
        Group(f"{name} group 2013–2016", start, "17:30", 175, ROOMS[n])
        for n, (name, start) in enumerate(
            [("Tuesday", date(2013, 2, 5)), ("Thursday", date(2013, 3, 7))]
        )
    ]
    invention.add(
        cohort.families(invention.seed, inventor),
        Timetable(groups),
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
    weeks: int = 60,
) -> None:
    """Add so many persons whom the police referred in the last weeks, up to yesterday."""
    first, last = today - timedelta(weeks=weeks), today - timedelta(days=1)
    made = families(
        invention.seed, people=people, first=first, last=last, inventor=inventor, first_number=1001
    )
    # Of two persons about one starts; each sits in a group for as many weeks as it has sessions.
    wanted = max(2, math.ceil(people * 0.36 * 20 / weeks / 7))
    groups = [_group(n, first, today, weeks) for n in range(wanted)]
    invention.add(
        made,
        Timetable(groups),
        name="politiliste-invented",
        service=service,
        today=today,
        told=True,
    )


def _group(n: int, first: date, today: date, weeks: int) -> Group:
    """The n-th group: the first meets on the weekday of today, the second the working day before
    (so that a register waits), the others on the days after."""
    base = min(today.weekday(), 4)
    weekday = (base + (n if n != 1 else -1) - (n > 1)) % 5
    start = first + timedelta(days=(weekday - first.weekday()) % 7 + 14)
    names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
    number = "" if n < 5 else f" {n // 5 + 1}"
    return Group(
        f"{names[weekday]} group{number}", start, "17:30", weeks + 30, ROOMS[n % len(ROOMS)]
    )


def demonstration(
    seed: str, service: Service, today: date, *, people: int, with_cohort: bool = True
) -> Invention:
    """A caseload of the present and, unless it is left out, the published cohort."""
    invention = Invention(seed)
    inventor = People(Random(f"{seed}:people"))
    if with_cohort:
        published_cohort(invention, inventor, service, today)
    caseload(invention, inventor, service, today, people=people)
    return invention


def any_size(
    seed: str, service: Service, today: date, *, people: int, weeks: int = 156
) -> Invention:
    """So many persons over so many weeks."""
    invention = Invention(seed)
    caseload(
        invention, People(Random(f"{seed}:people")), service, today, people=people, weeks=weeks
    )
    return invention
