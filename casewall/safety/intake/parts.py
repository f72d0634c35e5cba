"""The parts that a row of a referral file is made of, and what may be wrong with it.

Pure shapes; `rules` makes them and documents what may go where.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal

from .dates import Ambiguous, Order
from .fields import Belongs

__all__ = [
    "Answer",
    "Checked",
    "Circumstances",
    "ClientPart",
    "IntakeSettings",
    "Level",
    "PartnerPart",
    "Person",
    "Problem",
]

Answer = Literal["yes", "no", "unknown"]


class Level(StrEnum):
    """`REFUSED`: the part is not loaded. `WARNING`: it is, and a person should look."""

    REFUSED = "refused"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, where. `sentence` names row and column; `column` is "" for a whole row."""

    row: int
    column: str
    sentence: str
    level: Level
    belongs: Belongs


@dataclass(frozen=True, slots=True)
class Person:
    """One party as the referrer names the person; absent text is "", an absent date None."""

    family_name: str = ""
    given_name: str = ""
    born_on: date | None = None
    sex: str = "unknown"
    phone: str = ""  # + and digits
    email: str = ""
    address: str = ""
    language: str = ""
    consent: Answer = "unknown"


@dataclass(frozen=True, slots=True)
class ClientPart:
    """The client's part of a referral, and what both parties share of the referral itself.

    `stated_on` is the date of referral in the file (None where it has none); `received_on` is
    that date or else the day of loading. `reference` stays on the safety side (`client_slots`).
    `referrer_email` is the referrer's own address at work, or "".
    """

    person: Person
    route: str
    referrer_agency: str
    received_on: date
    reference: str
    stated_on: date | None
    text: str = ""
    referrer_email: str = ""


@dataclass(frozen=True, slots=True)
class PartnerPart:
    """The partner's part; all of it stays on the safety side.

    `shares_contact`: the client has the same phone or e-mail, so neither is safe to use.
    """

    person: Person
    route: str
    referrer_agency: str
    received_on: date
    reference: str
    stated_on: date | None
    relation: Literal["current", "former", "unknown"] = "unknown"
    safe_phone: str = ""
    safe_to_call: Answer = "unknown"
    safe_times: str = ""
    shares_contact: bool = False


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the referrer tells beside the parties; stays on the safety side.

    `children` is a number (0: none), "unknown" (the referrer says so), or None (not said).
    """

    incident_on: date | None = None
    referrer_name: str = ""
    children: int | Literal["unknown"] | None = None
    known_orders: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """A row after checking. A party that is absent, or refused, is None; problems tell which."""

    number: int
    client: ClientPart | None
    partner: PartnerPart | None
    circumstances: Circumstances
    problems: tuple[Problem, ...]

    @property
    def parts(self) -> tuple[ClientPart | None, PartnerPart | None, int | str | None]:
        """The client's part, the partner's part, and the children as stated."""
        return self.client, self.partner, self.circumstances.children

    @property
    def refused(self) -> bool:
        """Whether anything of the row is kept back."""
        return any(problem.level is Level.REFUSED for problem in self.problems)


@dataclass(frozen=True, slots=True)
class IntakeSettings:
    """What a service says about its files.

    `date_order` is the order that the service says its files use (None: not said). `route` and
    `agency` hold where a file has no such column or an empty cell. `orders` is what the columns
    of this file show (`date_orders`), by field.
    """

    phone_prefix: str
    date_order: Order | None = None
    route: str = "other_agency"
    agency: str = ""
    orders: Mapping[str, Order | Ambiguous | None] = field(default_factory=dict)

    def order_of(self, key: str) -> Order | None:
        """The order to read a date column by; None where only clear dates may be read.

        What the service says holds, unless the column itself shows the opposite: then one of the
        two is mistaken, and no date that depends on the order is read.
        """
        shown = self.orders.get(key)
        evidence = None if isinstance(shown, Ambiguous) or shown == "ymd" else shown
        if self.date_order in (None, "ymd"):
            return evidence
        return self.date_order if evidence in (None, self.date_order) else None
