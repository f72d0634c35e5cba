"""Invented persons: names that no register holds, dates of birth, phones, addresses.

Given names are ordinary ones. Family names are compounds that nobody bears, so that a page, a
printout or a leaked file can be seen to be invented. Danish numbers that begin with 10 are given
to nobody, and mail to `.invalid` goes nowhere (RFC 2606).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from casewall.synthetic.lands import LANDS, Land
from casewall.synthetic.words import words

_WORDS = words()
WOMEN, MEN = _WORDS["women"], _WORDS["men"]
_FIRST, _SECOND = _WORDS["first"], _WORDS["second"]
_BETWEEN = {
    "da": ("", "e", "ske"),
    "en": ("", "s"),
    "de": ("", "en"),
    "ar": ("", "ابن ", "أبو ", "آل "),
}
_STREETS = _WORDS["streets"]


@dataclass(frozen=True, slots=True)
class Person:
    """One invented person. What a referrer would not know is "" or None; `phone` is written as
    people write it."""

    given_name: str
    family_name: str
    sex: str
    born_on: date | None
    phone: str
    address: str
    language: str
    email: str = ""

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}"


def family_names() -> dict[str, int]:
    """How many family names there are, by language."""
    return {
        tongue: len(_FIRST[tongue]) * len(_BETWEEN[tongue]) * len(_SECOND[tongue])
        for tongue in _FIRST
    }


class People:
    """Invents persons one after another; the same random source gives the same persons.

    Names of persons without date of birth and phone are never given twice, so that they can be
    found again; other names may be (homonyms are part of life).
    """

    def __init__(self, random: Random, *, first_phone: int = 0, place: Land = LANDS["DK"]) -> None:
        self.random, self.land = random, place
        self._phones = first_phone
        self._lonely: set[str] = set()

    def tongue(self) -> str:
        """Which language a person's names come from."""
        tongues = self.land.tongues
        return self.random.choices([t for t, _ in tongues], [w for _, w in tongues])[0]

    def family_name(self, tongue: str) -> str:
        """A family name that nobody bears."""
        first = self.random.choice(_FIRST[tongue])
        between = self.random.choice(_BETWEEN[tongue])
        second = self.random.choice(_SECOND[tongue])
        return f"{between}{first} {second}" if tongue == "ar" else first + between + second

    def given_name(self, sex: str, tongue: str) -> str:
        """A given name; of either list where the sex is neither female nor male, or not known."""
        lists = {"female": (WOMEN,), "male": (MEN,)}.get(sex, (WOMEN, MEN))
        return self.random.choice(self.random.choice(lists)[tongue])

    def phone(self) -> str:
        """A number that nobody else has been given."""
        self._phones += 1
        return self.land.phone(self._phones)

    def address(self, street: str = "") -> str:
        """A place that is not on any map."""
        land = self.land
        street = street or self.random.choice(_STREETS[land.tongues[0][0]]).replace("-", " ")
        house, town = self.random.randint(1, 140), self.random.choice(land.towns)
        return f"{house} {street}, {town}" if land.house_first else f"{street} {house}, {town}"

    def born_on(self, on: date) -> date:
        """A date of birth of somebody who is an adult on this day."""
        years = min(78.0, max(18.5, self.random.gauss(37, 10)))
        return on - timedelta(days=round(years * 365.25))

    def person(
        self,
        *,
        sex: str,
        on: date,
        known: Sequence[float] = (1.0, 0.9),
        tongue: str = "",
        family_name: str = "",
        street: str = "",
    ) -> Person:
        """A person who is an adult on `on`.

        `known` holds the chances that the date of birth and the phone are known.
        """
        tongue = tongue or self.tongue()
        born = self.born_on(on) if self.random.random() < known[0] else None
        phone = self.phone() if self.random.random() < known[1] else ""
        family = family_name or self.family_name(tongue)
        given = self.given_name(sex, tongue)
        while born is None and not phone and f"{given} {family}" in self._lonely:
            given, family = self.given_name(sex, tongue), self.family_name(tongue)
        self._lonely.add(f"{given} {family}")
        return Person(given, family, sex, born, phone, self.address(street), tongue)
