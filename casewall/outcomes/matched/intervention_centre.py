"""The Danish Intervention Centre: 392 persons, 73 of them declined or not reached."""

from datetime import date

from casewall.outcomes.extract import Extract, Person
from casewall.outcomes.matched.gathering import Gathering

FIRST, LAST = date(2013, 1, 1), date(2015, 4, 30)
MADE_UP = (
    "Made up: how the 73 split into declined and not reached, who is linked to whom, areas, "
    "employment, needs, all scores, and the split of the costs."
)
AREAS = ("hejlskov", "vindboel", "tornager", "sandlund", "egelykke", "strandvig", "kildemark")
CHANGES = (25.0, 0.0, -6.25, 12.5, 18.75)
"""Changes on the scales, taken in turn; they add up to 50, so that their mean is 10."""


def cohort(seed: int) -> Extract:
    """93 men and 14 women who are clients at the Centre, 6 men and 206 women who are partners
    there; 41 persons declined and 32 were not reached."""
    made = Gathering("intervention-centre", FIRST, LAST, seed)
    for n in range(107):
        made.client(f"c{n}", sex="male" if n < 93 else "female", **_facts(n),
                    referred_on=date(2014, 1, 1 + n % 28),
                    assessed_on=date(2014, 2, 1 + n % 20) if n < 95 else None,
                    suitable_on=date(2014, 2, 21) if n < 85 else None,
                    agreed_on=date(2014, 2, 25) if n < 82 else None,
                    started_on=date(2014, 3, 1) if n < 80 else None,
                    completed_on=date(2014, 9, 1) if n < 50 else None)
    partners = [made.partner(f"p{n}", sex="male" if n < 6 else "female", **_facts(n),
                             referred_on=date(2014, 1, 1 + n % 28),
                             contacted_on=date(2014, 2, 1)) for n in range(212)]
    for n in range(41):
        made.client(f"u{n}", contact="declined", route="police", area=AREAS[n % 7])
    for n in range(41, 73):
        made.partner(f"u{n}", contact="not_reached", route="police", area=AREAS[n % 7])
    for n in range(105):
        made.link(f"p{n}", f"c{n % 100}")
    for n in range(100):
        _scores(made, partners[n], n)
    made.cost("wages", 300_000, "EUR", 2014)
    made.cost("travel", 50_900, "EUR", 2014)
    made.cost("rent", 40_000, "EUR", 2014, included=False)
    return made.whole(date(2015, 6, 1))


def _facts(n: int) -> dict[str, object]:
    """Area, employment, needs and months of violence, in turn."""
    return {"route": "police", "area": AREAS[n % 7],
            "employment": ("employed", "unemployed", "employed", None)[n % 4],
            "needs": ("housing,mental_health", "", "work", None)[n % 4],
            "violence_months": (6, 18, 36, None)[n % 4]}


def _scores(made: Gathering, partner: Person, n: int) -> None:
    """Before; after for the first 90; at follow-up for the first 40."""
    for scale in ("freedom", "safety", "empowerment"):
        before = 25.0 + 6.25 * (n % 3)
        made.scored(partner, scale, "before", before)
        if n < 90:
            made.scored(partner, scale, "after", before + CHANGES[n % 5])
        else:
            made.scored(partner, scale, "after", None, why="unsafe to ask")
        if n < 40:
            made.scored(partner, scale, "follow_up", before + CHANGES[n % 5])
