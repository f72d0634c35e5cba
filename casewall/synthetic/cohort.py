"""The cohort of the Danish Intervention Centre with exactly the counts that it published.

Published: 392 persons referred between 1 January 2013 and 30 April 2015; 73 of them not
interested or not reachable; 107 clients at the Centre (93 men, 14 women) and 212 partners (6 men,
206 women). Everything else here is invented and not evidence: how the 73 divide into *declined*
and *not reached* and into clients and partners, who belongs to whom, and how it went. At most one
partner of a client was at the Centre, so that 105 partners or more had no client there.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from casewall.synthetic.families import Family, Maker, Party, children_of
from casewall.synthetic.people import People, Person

FIRST_DAY, LAST_DAY = date(2013, 1, 1), date(2015, 4, 30)

CLIENTS_SEEN = {"male": 93, "female": 14}
PARTNERS_SEEN = {"male": 6, "female": 206}
CLIENTS_NOT_SEEN = {"declined": 22, "not_reached": 14}
PARTNERS_NOT_SEEN = {"declined": 19, "not_reached": 18}
"""An invented split of the published 73."""

COURSES_OF_SEEN = {"completed": 56, "left": 27, "never_started": 6, "unsuitable": 8, "withdrew": 10}
"""Invented courses of the 107 clients at the Centre."""

SHAPES = (
    # families, client seen, partners seen (False: declined or not reached)
    (66, True, (True,)),
    (12, True, (True, False)),
    (15, True, (False,)),
    (14, True, ()),
    (30, False, (True,)),
    (4, False, (False,)),
    (2, False, ()),
    (104, None, (True,)),
    (6, None, (False,)),
)
"""An invented division into families: how many, whether there is a client and was seen, and the
same of each partner."""


class _Deck:
    """What is dealt out until nothing is left."""

    def __init__(self, random: Random, counts: dict[str, int]) -> None:
        self._cards = [card for card, count in counts.items() for _ in range(count)]
        random.shuffle(self._cards)

    def deal(self, wanted: str = "") -> str:
        """The next card, a wanted one if there still is one."""
        if wanted in self._cards:
            self._cards.remove(wanted)
            return wanted
        return self._cards.pop()


def families(seed: str, inventor: People) -> list[Family]:
    """The families of the cohort, in the order of their referral."""
    random = Random(f"{seed}:cohort")
    maker, dealt = Maker(random, inventor), _Dealt(random)
    days = sorted(_days(random, sum(count for count, _, _ in SHAPES)))
    shapes = [shape[1:] for shape in SHAPES for _ in range(shape[0])]
    # Partners of clients are dealt first, so that the six men are mostly women's partners.
    shapes.sort(key=lambda shape: shape[0] is None)
    where = list(range(len(days)))
    random.shuffle(where)
    made = []
    for place, (client_seen, partners_seen) in zip(where, shapes, strict=True):
        made.append(
            _family(random, maker, dealt, place + 1, days[place], client_seen, partners_seen)
        )
    return sorted(made, key=lambda family: (family.referred_on, family.number))


def _days(random: Random, wanted: int) -> Iterator[date]:
    """Days of referral; the first and the last day of the period are among them."""
    yield from (FIRST_DAY, LAST_DAY)
    for _ in range(wanted - 2):
        yield FIRST_DAY + timedelta(days=random.randint(0, (LAST_DAY - FIRST_DAY).days))


class _Dealt:
    def __init__(self, random: Random) -> None:
        self.client_sex = _Deck(random, CLIENTS_SEEN)
        self.partner_sex = _Deck(random, PARTNERS_SEEN)
        self.courses = _Deck(random, COURSES_OF_SEEN)
        self.clients_not_seen = _Deck(random, CLIENTS_NOT_SEEN)
        self.partners_not_seen = _Deck(random, PARTNERS_NOT_SEEN)


def _family(
    random: Random,
    maker: Maker,
    dealt: _Dealt,
    number: int,
    on: date,
    client_seen: bool | None,
    partners_seen: tuple[bool, ...],
) -> Family:
    client = None
    if client_seen is not None:
        sex = dealt.client_sex.deal() if client_seen else random.choice(["male"] * 6 + ["female"])
        course = dealt.courses.deal() if client_seen else dealt.clients_not_seen.deal()
        client = Party(maker.client(sex, on), course)
    partners = []
    for place, seen in enumerate(partners_seen):
        relation = "former" if place else random.choice(["current", "current", "former"])
        wanted = _wanted(client.person if client else None)
        sex = dealt.partner_sex.deal(wanted) if seen else wanted or "female"
        person = maker.partner(sex, on, client.person if client else None, relation)
        course = "engaged" if seen else dealt.partners_not_seen.deal()
        partners.append(Party(person, course, relation))
    return Family(number, on, client, tuple(partners), children_of(random))


def _wanted(client: Person | None) -> str:
    if client is None:
        return ""
    return "male" if client.sex == "female" else "female"
