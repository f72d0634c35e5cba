"""Pulled facts of linked cases as the pages of this side show them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from uuid import UUID

from casewall.safety.pulled.models import (
    PulledChild,
    PulledFamilyStatement,
    PulledSafeguarding,
    PulledSuitability,
)
from casewall.safety.pulled.rules import number_in_words
from casewall.wall.sides import Viewer

Rows = list[tuple[str, str]]


def stated_and_done(cases: Iterable[UUID], viewer: Viewer) -> dict[UUID, Rows]:
    """Decisions, safeguarding referrals, and children and partners as stated there, by case.

    Four queries for any number of cases. Statements are marked as such: they are not facts.
    """
    wanted, found = list(cases), defaultdict[UUID, Rows](list)
    for read in (_decisions, _safeguarding, _numbers, _children):
        for case, row in read(wanted, viewer):
            found[case].append(row)
    return found


Told = Iterator[tuple[UUID, tuple[str, str]]]


def _decisions(cases: list[UUID], viewer: Viewer) -> Told:
    rows = PulledSuitability.objects.visible_to(viewer).filter(case_id__in=cases)
    for decided in rows.exclude(decision="").order_by("decided_on", "as_of", "id"):
        until = f"; again on {decided.review_on:%-d %B %Y}" if decided.review_on else ""
        on = f", {decided.decided_on:%-d %B %Y}" if decided.decided_on else ""
        words = decided.decision.replace("_", " ").capitalize()
        yield decided.case_id, ("Assessment", f"{words}{on}{until}")


def _safeguarding(cases: list[UUID], viewer: Viewer) -> Told:
    rows = PulledSafeguarding.objects.visible_to(viewer).filter(case_id__in=cases)
    for made in rows.order_by("made_on", "id"):
        outcome = made.outcome.replace("_", " ")
        on = f", {made.outcome_on:%-d %B %Y}" if made.outcome_on else ""
        concern = made.concern.replace("_", " ").capitalize()
        words = f"{concern}, {made.made_on:%-d %B %Y}; outcome: {outcome}{on}"
        yield made.case_id, ("Safeguarding referral", words)


def _numbers(cases: list[UUID], viewer: Viewer) -> Told:
    rows = PulledFamilyStatement.objects.visible_to(viewer).filter(case_id__in=cases)
    newest: dict[tuple[str, UUID], PulledFamilyStatement] = {}
    for stated in rows.order_by("stated_on", "as_of", "id"):
        newest[stated.of, stated.case_id] = stated
    for (of, case), stated in sorted(newest.items(), key=lambda item: item[0][0]):
        label = f"{of.capitalize()}, as stated by the {stated.stated_by}"
        yield case, (label, number_in_words(stated.answer, stated.number))


def _children(cases: list[UUID], viewer: Viewer) -> Told:
    rows = PulledChild.objects.visible_to(viewer).filter(case_id__in=cases)
    for child in rows.order_by("stated_on", "id"):
        born = f", born {date.fromisoformat(child.born_on):%-d %B %Y}" if child.born_on else ""
        words = f"{child.name or 'No name said'}{born}; lives: {child.lives.replace('_', ' ')}"
        yield child.case_id, (f"A child, as stated by the {child.stated_by}", words)
