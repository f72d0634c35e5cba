"""Every figure that five services printed, beside what records or a matched cohort give."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.core.exceptions import ImproperlyConfigured
from django.db import Error as DatabaseError
from django.utils.connection import ConnectionDoesNotExist

from casewall.outcomes import reference
from casewall.outcomes.cards import Card, Pack, load_pack
from casewall.outcomes.extract import Extract
from casewall.outcomes.figures import Figure
from casewall.outcomes.matched import GIVEN, MADE_UP, OTHER_READING, SERVICES, matched
from casewall.outcomes.matched.doubts import doubts
from casewall.outcomes.suppress import publish_invented
from casewall.reporting.extract import NotSetUp
from casewall.reporting.report import Report
from casewall.reporting.snapshots import service_named, snapshot_of

PUBLISHED = "published"
"""The pack of every figure that the modelled services printed, beside what the records give."""

TITLE = "Published figures, and what the records give"
FROM_RECORDS = "intervention-centre"
"""The service whose figures come from the records of this machine where it can be."""

PRINTED_BY = {
    "intervention-centre": "Intervention Centre",
    "dvip": "DVIP",
    "your-choice": "Your Choice",
    "substance-pilot": "DVIP and Cranstoun",
    "wwp-model": "WWP EN",
}
"""Whose print a row is from, as the row says it."""

MATCHED = "From a cohort made to match the print."
MADE_UP_ROW = "From a cohort made to match the print; the number of persons is made up."


def make_published(*, as_of: date) -> Report:
    """Every printed figure of the services, from invented people and not suppressed.

    The Intervention Centre's come from the records of this machine where that service is set up
    and all its people are invented; else, and for the other services, from the cohorts in
    ``casewall.outcomes.matched``. The lines above the table say which. No database is needed.
    """
    figures: list[Figure] = []
    extracts: list[Extract] = []
    cards: list[Card] = []
    about = {"As of": as_of.isoformat()}
    for name in SERVICES:
        definition = service_named(name)
        recorded, why = _records(as_of) if name == FROM_RECORDS else (None, "")
        extract = recorded or matched(name)
        extracts.append(extract)
        cards += load_pack(name).cards
        figures += _from_records(extract) if recorded else _from_cohort(name, extract)
        came = "records of this machine, all people invented" if recorded else (
            f"{why}a cohort made to match the print. {MADE_UP[name]}")
        about[definition.name] = f"{extract.period_from} to {extract.period_to}; {came}"
    pack = Pack(PUBLISHED, TITLE, "2", tuple(cards))
    return Report(pack, pack.title, about, publish_invented(figures, extracts), doubts=doubts())


def _records(as_of: date) -> tuple[Extract | None, str]:
    """The records of the service that may be shown unsuppressed, or why there are none."""
    try:
        extract = snapshot_of(service_named(FROM_RECORDS), as_of=as_of).extract
    except NotSetUp:
        return None, "the service is not set up here, so "
    except (ConnectionDoesNotExist, DatabaseError, ImproperlyConfigured):
        return None, "the databases could not be read, so "
    if extract.invented is not True:
        return None, "not everybody in the records is invented, so "
    return extract, ""


def _from_records(extract: Extract) -> list[Figure]:
    figures = reference.pack(FROM_RECORDS, extract)
    return _told_apart([figure for figure in figures if figure.printed is not None])


def _from_cohort(name: str, extract: Extract) -> list[Figure]:
    """The printed rows of a pack, each saying that its cohort is made to match."""
    found = []
    for card in load_pack(name).cards:
        if card.printed is None:
            continue
        other = OTHER_READING.get((name, card.id))
        figure = reference.compute(card, matched(other) if other else extract)
        found.append(replace(figure, note=_noted(figure, name)))
    return _told_apart(found)


def _told_apart(figures: list[Figure]) -> list[Figure]:
    """The rows of several services stand in one table, so each says whose it is."""
    return [replace(figure, label=f"{PRINTED_BY[figure.pack]}: {figure.label}")
            for figure in figures]


def _noted(figure: Figure, name: str) -> str | None:
    if figure.source == "print" or figure.numerator is None:
        return figure.note
    said = MATCHED if figure.id in GIVEN[name] else MADE_UP_ROW
    return f"{figure.note} {said}" if figure.note else said
