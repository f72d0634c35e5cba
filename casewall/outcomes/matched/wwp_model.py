"""The model of WWP EN: it prints good practice and no number, so that every number is invented."""

from datetime import date, timedelta

from casewall.outcomes.extract import Extract
from casewall.outcomes.matched.gathering import Gathering

FIRST, LAST = date(2023, 1, 1), date(2023, 12, 31)
MADE_UP = "Made up: everything. The slides name practices and print no statistics."
CLIENTS, PARTNERS = 60, 54


def cohort(seed: int) -> Extract:
    """60 clients and 54 partners of an invented programme that keeps most of the practices."""
    made = Gathering("wwp-model", FIRST, LAST, seed)
    for n in range(CLIENTS):
        referred = made.a_day()
        client = made.client(
            f"c{n}", referred_on=referred, route=("self", "police", "probation")[n % 3],
            area=("oberhain", "lindental")[n % 2], risk=("medium", "high", "standard", None)[n % 4],
            assessed_on=referred + timedelta(days=10) if n < 52 else None,
            suitable_on=referred + timedelta(days=17) if n < 45 else None,
            agreed_on=referred + timedelta(days=20) if n < 42 else None,
            started_on=referred + timedelta(days=30) if n < 40 else None,
            completed_on=referred + timedelta(days=230) if n < 26 else None)
        if n < 40:
            made.attended(client, 22 if n < 26 else 8, 120, planned=24)
    for n in range(PARTNERS):
        referred = made.a_day()
        reached = n < 38
        partner = made.partner(
            f"p{n}", referred_on=referred, area=("oberhain", "lindental")[n % 2],
            contact="engaged" if reached else ("declined", "not_reached", "unsafe")[n % 3],
            contacted_on=referred + timedelta(days=4 + n % 5) if reached else None)
        made.link(partner.key, f"c{n}")
        if n < 9:
            made.heard(partner, "marac", referred + timedelta(days=14), route="police")
        if reached:
            made.scored(partner, "safety", "before", 25.0)
            if n < 20:
                made.scored(partner, "safety", "after", 25.0 + (12.5, 0.0)[n % 2])
    return made.whole(date(2024, 12, 31))
