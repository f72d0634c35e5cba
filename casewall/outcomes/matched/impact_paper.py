"""The worked example of the IMPACT toolkit: partners' answers beside clients' answers.

Partners afraid: 27 and then 8 of 71; clients who say that the partner is afraid: 39 and then 43
of 133. The numbers of persons are inferred from the printed percentages.
"""

from datetime import date

from casewall.outcomes.extract import Extract
from casewall.outcomes.matched.gathering import Gathering

FIRST, LAST = date(2019, 1, 1), date(2019, 12, 31)
MADE_UP = "Made up: every day, and which person answered what; the counts are the paper's."
PARTNERS, CLIENTS = 71, 133
SAID_BY_PARTNERS = {"afraid": (27, 8), "injured": (33, 4)}
SAID_BY_CLIENTS = {"afraid": (39, 43), "injured": (32, 36)}
"""Before and after; injuries are the counts that print 46.5%, 5.6%, 24.1% and 27.1%."""


def cohort(seed: int) -> Extract:
    """133 clients and 71 partners who all answered at both time points."""
    made = Gathering("wwp-model", FIRST, LAST, seed)
    for n in range(CLIENTS):
        client = made.client(f"c{n}")
        for word, counts in SAID_BY_CLIENTS.items():
            for wave, yes in zip(("before", "after"), counts, strict=True):
                made.answered(client, f"impact-client-{word}", wave, "yes" if n < yes else "no")
    for n in range(PARTNERS):
        partner = made.partner(f"p{n}")
        made.link(partner.key, f"c{n}")
        for word, counts in SAID_BY_PARTNERS.items():
            for wave, yes in zip(("before", "after"), counts, strict=True):
                made.answered(partner, f"impact-partner-{word}", wave, "yes" if n < yes else "no")
    return made.whole(date(2020, 12, 31))
