"""The leaflet of DVIP: 410 men in a year, 40 of them without children, 728 children."""

from datetime import date, timedelta

from casewall.outcomes.extract import Extract, Person
from casewall.outcomes.matched.gathering import Gathering

FIRST, LAST = date(2012, 1, 1), date(2012, 12, 31)
MADE_UP = (
    "Made up: the year, the partners, every number of answers (the smallest that can give the "
    "printed percentages), the incidents, hours, scores and areas of single persons."
)
MEN, WITHOUT_CHILDREN, CHILDREN = 410, 40, 728
PARTNERS = 362
"""410 men, 728 children and 362 partners are 1,500 people; the leaflet does not split them."""
BOROUGHS = (
    "alderwick", "ashmere", "barrowfield", "bellmarsh", "brackenhithe", "caldergate",
    "chalkwell-vale", "coldbrook", "dunmere", "eastlea", "elmhythe", "fallowgate", "fenchester",
    "garrowby", "greywell", "hartsmere", "holmgate", "inglewick", "kestrelhurst", "larkhythe",
    "marlsway", "netherbourne", "oakhythe", "pellgate", "quarrenden", "ravensmere", "saltergate",
    "thornlea", "uplyme-cross", "wexmarsh",
)
COUNTIES = (
    "ardenshire", "brockshire", "caldershire", "dunshire", "elmetshire", "fellshire", "garshire",
    "hollinshire",
)
SAFER, CHILDREN_SAFER, WOMEN_ANSWERED = 17, 18, 26
NO_VIOLENCE, WOMEN_ASKED_OF_IT = 7, 10
WORKERS_SAFER, WORKERS_USEFUL, WORKERS_ANSWERED = 7, 8, 9
PARTNERS_BEFORE, PARTNERS_AFTER = 15, 2
POLICE_BEFORE, POLICE_AFTER = 9, 1
PARTNERS_WATCHED, MEN_WATCHED = 18, 12
STARTED, ARABIC = 90, 12


def cohort(seed: int) -> Extract:
    """The men with their children, a partner of most of them, and the surveys."""
    made = Gathering("dvip", FIRST, LAST, seed)
    men = [made.client(f"c{n}", **_facts(made, n)) for n in range(MEN)]
    partners = [_partner(made, men[n], n) for n in range(PARTNERS)]
    _children(made, men, partners)
    for n, client in enumerate(men[:STARTED]):
        made.attended(client, (32, 26, 14, 4)[n % 4], 150, planned=32)
    _partner_survey(made, partners)
    for n, client in enumerate(men[:20]):
        replied = n < WORKERS_ANSWERED
        made.referrer_answered(client, "feedback-referrer-children-safer", "after",
                               _told(n < WORKERS_SAFER, "yes", "no") if replied else None)
        made.referrer_answered(client, "feedback-referrer-report-useful", "after",
                               _told(n < WORKERS_USEFUL, "very-useful", "useful")
                               if replied else None)
    for n, partner in enumerate(partners[:PARTNERS_WATCHED]):
        made.watched(partner, "partner", partner.referred_on)
        _incidents(made, partner, "partner", n, PARTNERS_BEFORE, PARTNERS_AFTER)
    for n, client in enumerate(men[:MEN_WATCHED]):
        made.watched(client, "police", client.referred_on)
        _incidents(made, client, "police", n, POLICE_BEFORE, POLICE_AFTER)
    made.contract("borough", FIRST, LAST, 35_000, persons=20)
    return made.whole(date(2014, 6, 30))


def _facts(made: Gathering, n: int) -> dict[str, object]:
    places = BOROUGHS + COUNTIES
    referred = made.a_day()
    has_started = n < STARTED
    return {"referred_on": referred, "route": ("child_social_care", "family_court")[n % 2],
            "area": places[n % len(places)], "language": "ar" if n < ARABIC else "en",
            "children": _how_many(n), "relationship": "partner",
            "assessed_on": referred + timedelta(days=30),
            "suitable_on": referred + timedelta(days=40) if n < 150 else None,
            "agreed_on": referred + timedelta(days=45) if n < 120 else None,
            "started_on": referred + timedelta(days=60) if has_started else None,
            "completed_on": referred + timedelta(days=300) if has_started and n % 4 < 2 else None}


def _how_many(n: int) -> int:
    """No child for the last 40 men; one, two or three for the others, 728 in all."""
    if n >= MEN - WITHOUT_CHILDREN:
        return 0
    return 2 if n % 3 == 2 and n < 33 else n % 3 + 1


def _partner(made: Gathering, man: Person, n: int) -> Person:
    partner = made.partner(f"p{n}", referred_on=man.referred_on, route=man.route, area=man.area,
                           language=man.language, children=man.children,
                           contacted_on=man.referred_on + timedelta(days=7))
    made.link(partner.key, man.key)
    return partner


def _children(made: Gathering, men: list[Person], partners: list[Person]) -> None:
    """Each child of a man, and beside his partner too: one child of two adults is one child."""
    for n, man in enumerate(men):
        for child in range(man.children or 0):
            made.child(f"k{n}-{child}", "client", man.key)
            if n < len(partners):
                made.child(f"k{n}-{child}", "partner", partners[n].key)


def _partner_survey(made: Gathering, partners: list[Person]) -> None:
    """60 were asked; few answered. Safety was scored at the start and after twelve weeks."""
    for n, partner in enumerate(partners[:60]):
        replied = n < WOMEN_ANSWERED
        made.answered(partner, "feedback-partner-safer", "after",
                      _told(n < SAFER) if replied else None)
        made.answered(partner, "feedback-partner-children-safer", "after",
                      _told(n < CHILDREN_SAFER) if replied else None)
        made.answered(partner, "feedback-partner-no-further-violence", "after",
                      _told(n < NO_VIOLENCE) if n < WOMEN_ASKED_OF_IT else None)
        made.scored(partner, "safety", "before", 31.25)
        if replied:
            made.scored(partner, "safety", "middle", 31.25 + (12.5, 0.0, 25.0)[n % 3])


def _incidents(made: Gathering, person: Person, source: str, n: int, before: int, after: int
               ) -> None:
    """One incident in the year before the referral for the first persons, one after it for
    fewer."""
    if n < before:
        made.incident(person, source, person.referred_on - timedelta(days=30 + n))
    if n < after:
        made.incident(person, source, person.referred_on + timedelta(days=90 + n))


def _told(is_so: bool, then: str = "yes", otherwise: str = "no") -> str:
    return then if is_so else otherwise
