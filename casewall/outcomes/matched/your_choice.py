"""The release on Your Choice: four percentages without n, from four months called a quarter."""

from datetime import date, timedelta

from casewall.outcomes.extract import Extract
from casewall.outcomes.matched.gathering import Gathering

FIRST, LAST = date(2022, 1, 1), date(2022, 4, 30)
"""January to April: what the release calls a quarter."""
MADE_UP = (
    "Made up: every number of persons. 20 partners who answered are the fewest of whom 95% and "
    "90% can both hold; the 12 clients who answered stand for any number."
)
CLIENTS, PARTNERS = 48, 40
PARTNERS_ANSWERED, LASTING, SAFER = 20, 19, 18
CLIENTS_ANSWERED = 12
SESSIONS_OF_THE_STORY = 13


def cohort(seed: int) -> Extract:
    """48 clients and 40 partners, of whom 12 and 20 gave feedback; two years of funding."""
    made = Gathering("your-choice", FIRST, LAST, seed)
    for n in range(CLIENTS):
        referred = made.a_day()
        client = made.client(
            f"c{n}", referred_on=referred, route=("child_social_care", "self")[n % 2],
            area=("trentmere", "northwold", "millbeck")[n % 3],
            assessed_on=referred + timedelta(days=14),
            suitable_on=referred + timedelta(days=20) if n < PARTNERS else None,
            started_on=referred + timedelta(days=28) if n < 30 else None)
        if n < 30:
            made.attended(client, SESSIONS_OF_THE_STORY if n == 0 else 6 + n % 9, 120, planned=24)
        if n < 24:
            code = "strongly-agree" if n < CLIENTS_ANSWERED else None
            made.answered(client, "feedback-client-supported-to-change", "middle", code)
    for n in range(PARTNERS):
        referred = made.a_day()
        partner = made.partner(
            f"p{n}", referred_on=referred, area=("trentmere", "northwold", "millbeck")[n % 3],
            contacted_on=referred + timedelta(days=5),
            exited_on=referred + timedelta(days=(365, 330, 360)[n % 3]) if n < 30 else None)
        made.link(partner.key, f"c{n}")
        replied = n < PARTNERS_ANSWERED
        for item, yes in (("abuse-less", PARTNERS_ANSWERED), ("abuse-less-lasting", LASTING),
                          ("safer", SAFER), ("supported", PARTNERS_ANSWERED)):
            made.answered(partner, f"feedback-partner-{item}", "middle",
                          ("yes" if n < yes else "no") if replied else None)
    made.contract("commissioner", date(2021, 4, 1), date(2022, 3, 31), 136_692)
    made.contract("commissioner", date(2022, 4, 1), date(2023, 3, 31), 136_692)
    return made.whole(date(2023, 6, 1))
