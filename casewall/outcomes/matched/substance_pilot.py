"""The joint pilot of DVIP and Cranstoun: 30 men, 26 started, 16 of 30 partners in contact."""

from datetime import date, timedelta

from casewall.outcomes.extract import Extract, Person
from casewall.outcomes.matched.gathering import Gathering

FIRST, LAST = date(2013, 1, 1), date(2013, 12, 31)
MADE_UP = (
    "Made up: the year, who completed which treatment, the 20 pairs of answers on use and quality "
    "of life and their size, and the areas. That each man has one partner is an assumption."
)
MEN, STARTED, IN_CONTACT = 30, 26, 16
OF_ASSESSED, OF_STARTED = 23, 20
"""How many attended more than 30 hours: 23 of the 30 assessed, or 20 of the 26 who started. Both
print 77%, and both cannot hold of one programme."""
PAIRS = 20
DAYS_BEFORE = (14, 21, 7, 28, 10)
DAYS_AFTER = (4, 20, 9, 22, 2)
"""Days of alcohol in 28, in turn: 80 become 57, which is 28.75% fewer, printed 29%."""
RATING_BEFORE = (10, 5, 15, 8, 12)
RATING_AFTER = (16, 4, 20, 10, 20)
"""Quality of life from 0 to 20, in turn: 50 become 70, 40% more."""


def cohort(seed: int) -> Extract:
    """The first reading of the printed 77%: 23 of the 30 men attended more than 30 hours."""
    return _cohort(seed, OF_ASSESSED)


def second_reading(seed: int) -> Extract:
    """The second reading of the printed 77%: 20 of the 26 men who started."""
    return _cohort(seed, OF_STARTED)


def _cohort(seed: int, over_30_hours: int) -> Extract:
    made = Gathering("substance-pilot", FIRST, LAST, seed)
    for n in range(MEN):
        referred = date(2013, 1 + n % 12, 1 + n % 28)
        man = made.client(
            f"c{n}", route="substance_service", area="alderwick", referred_on=referred,
            assessed_on=referred + timedelta(days=7),
            started_on=referred + timedelta(days=21) if n < STARTED else None,
            completed_on=referred + timedelta(days=80) if n < over_30_hours else None)
        made.treated(man, "substance", "completed" if n < 21 else "left" if n < 27 else "unknown")
        if n < STARTED:
            # 15 days of four hours are 60 hours; 6 are 24.
            made.attended(man, 15 if n < over_30_hours else 6, 240, planned=16)
            _client_answers(made, man, n)
        partner = made.partner(
            f"p{n}", contact="engaged" if n < IN_CONTACT else "not_reached",
            referred_on=referred, area="alderwick",
            contacted_on=referred + timedelta(days=9) if n < IN_CONTACT else None)
        made.link(partner.key, man.key)
        if n < IN_CONTACT:
            code = "no" if n == 0 else ("yes" if n < 10 else None)
            made.answered(partner, "feedback-partner-no-further-violence", "after", code)
    return made.whole(date(2014, 12, 31))


def _client_answers(made: Gathering, man: Person, n: int) -> None:
    """Use and quality of life before; after for the first 20."""
    made.scored(man, "use-days.alcohol", "before", float(DAYS_BEFORE[n % 5]))
    made.scored(man, "quality-of-life", "before", float(RATING_BEFORE[n % 5]))
    if n < PAIRS:
        made.scored(man, "use-days.alcohol", "after", float(DAYS_AFTER[n % 5]))
        made.scored(man, "quality-of-life", "after", float(RATING_AFTER[n % 5]))
