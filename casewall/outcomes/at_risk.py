"""Custody as everybody's time at risk sees it: days on which a client could not come to a partner.

A client's own custody, and for a partner that of every client who is linked to her or him. Only
what somebody recorded is known; no record is not the same as no custody.
"""

from datetime import date

from casewall.outcomes.extract import Extract, Role

Spans = list[tuple[date, date | None]]
"""First and last day; no last day: still there."""

IN_CUSTODY = "in custody throughout"
NO_CUSTODY = "No custody is recorded of these; where nobody asked, it is not known."


def custody_of(extract: Extract, role: Role) -> dict[str, Spans]:
    """The spans by the key of the person; who has none recorded is not in it."""
    of_client: dict[str, Spans] = {}
    for row in extract.custody:
        of_client.setdefault(row.client_key, []).append((row.first_on, row.last_on))
    if role == "client":
        return of_client
    found: dict[str, Spans] = {}
    for link in extract.links:
        if link.client_key in of_client:
            found.setdefault(link.partner_key, []).extend(of_client[link.client_key])
    return found


def said(persons: int, days: int) -> str:
    """What was left out of the time at risk of those who are counted, in a sentence."""
    if not persons:
        return NO_CUSTODY
    return f"Time at risk leaves out {days} days in custody, of {persons} of these."
