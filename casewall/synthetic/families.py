"""Families: who is referred, with whom, and how it will go for each. Pure, from a seed.

A family is a client, or none, and partners, or none: current, former and new ones, each with a
course of their own. What a referrer does not know is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from casewall.synthetic.people import People, Person

CLIENT_COURSES: dict[str, float] = {
    "declined": 0.15,
    "not_reached": 0.10,
    "withdrew": 0.07,
    "unsuitable": 0.06,
    "never_started": 0.04,
    "left": 0.18,
    "completed": 0.40,
}
"""What becomes of clients, with how often it does."""

PARTNER_COURSES: dict[str, float] = {
    "declined": 0.08,
    "not_reached": 0.12,
    "unsafe": 0.03,
    "engaged": 0.77,
}
NOT_SEEN = ("declined", "not_reached")

SHAPES: dict[str, float] = {
    "both": 0.50,
    "two_partners": 0.08,
    "client_only": 0.12,
    "partner_only": 0.30,
}


@dataclass(frozen=True, slots=True)
class Party:
    """A person with a course; `relation` says what the person is to the client."""

    person: Person
    course: str
    relation: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    """Those whom one police case names. `number` tells it from all others of a seed."""

    number: int
    referred_on: date
    client: Party | None
    partners: tuple[Party, ...]
    children: str


def drawn(random: Random, chances: dict[str, float]) -> str:
    """One of the keys, by its chance."""
    return random.choices(list(chances), list(chances.values()))[0]


def children_of(random: Random) -> str:
    """The number of children as the police write it: a number, unknown, or nothing."""
    return random.choices(["", "ukendt", "0", "1", "2", "3", "4"], [12, 8, 25, 22, 22, 8, 3])[0]


class Maker:
    """Makes the parties of families so that they fit each other."""

    def __init__(self, random: Random, people: People) -> None:
        self.random, self.people = random, people
        self._names: list[Person] = []

    def client(self, sex: str, on: date) -> Person:
        """A client: found again by date of birth or phone, which is never both missing.

        Now and then two clients bear the same name.
        """
        found = self.people.person(sex=sex, on=on, known=(0.96, 0.92))
        if found.born_on is None and not found.phone:
            found = replace(found, phone=self.people.phone())
        namesake = self._namesake(sex)
        if namesake and found.born_on and found.born_on != namesake.born_on:
            found = replace(found, given_name=namesake.given_name, family_name=namesake.family_name)
        self._names.append(found)
        return found

    def _namesake(self, sex: str) -> Person | None:
        if not self._names or self.random.random() > 0.02:
            return None
        earlier = self.random.choice(self._names)
        return earlier if earlier.sex == sex else None

    def partner(self, sex: str, on: date, client: Person | None, relation: str) -> Person:
        """A partner. Dates of birth are often missing; some share the client's name or phone."""
        same = client is not None and relation == "current"
        family = client.family_name if client and same and self.random.random() < 0.4 else ""
        tongue = client.language if client and self.random.random() < 0.85 else ""
        found = self.people.person(
            sex=sex, on=on, known=(0.62, 0.88), tongue=tongue, family_name=family
        )
        if client and same and client.phone and self.random.random() < 0.05:
            found = replace(found, phone=client.phone)
        return found

    def sexes(self) -> tuple[str, str]:
        """The sexes of a client and of his or her partner."""
        random = self.random
        client = random.choices(["male", "female", "other"], [85, 14, 1])[0]
        opposite = {"male": "female", "female": "male"}.get(client, "female")
        partner = client if random.random() < 0.04 else opposite
        return client, "unknown" if random.random() < 0.02 else partner


def families(
    seed: str, *, people: int, first: date, last: date, inventor: People, first_number: int = 1
) -> list[Family]:
    """So many persons in families, referred between two days, in the order of their referral."""
    random = Random(f"{seed}:families")
    maker = Maker(random, inventor)
    days = (last - first).days
    made: list[Family] = []
    left = people
    while left > 0:
        on = first + timedelta(days=random.randint(0, days))
        family = _family(random, maker, first_number + len(made), on, left)
        left -= len(family.partners) + (family.client is not None)
        made.append(family)
    return sorted(made, key=lambda family: (family.referred_on, family.number))


def _family(random: Random, maker: Maker, number: int, on: date, left: int) -> Family:
    shape = drawn(random, SHAPES)
    if left < {"both": 2, "two_partners": 3}.get(shape, 1):
        shape = "client_only"
    client_sex, partner_sex = maker.sexes()
    client = None
    if shape != "partner_only":
        client = Party(maker.client(client_sex, on), drawn(random, CLIENT_COURSES))
    relations: Sequence[str] = {
        "client_only": (),
        "two_partners": ("current", "former"),
    }.get(shape, (random.choices(["current", "former", "unknown"], [55, 40, 5])[0],))
    partners = tuple(
        Party(
            maker.partner(partner_sex, on, client.person if client else None, relation),
            drawn(random, PARTNER_COURSES),
            relation,
        )
        for relation in relations
    )
    return Family(number, on, client, partners, children_of(random))
