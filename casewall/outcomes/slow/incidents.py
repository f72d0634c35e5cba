"""Incidents in a window after, and an equal window before, a person's time zero.

Only what one source told counts, and only of people whom this source followed on every day of
the window on which they were at risk: outside that, its silence says nothing. Days in custody are
not at risk; who had no other day in the window is not counted, and is not safe either.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, get_args

from casewall.outcomes import at_risk, finish, finish_numbers
from casewall.outcomes.card import Card
from casewall.outcomes.extract import Extract, Person, Role
from casewall.outcomes.figures import Figure
from casewall.outcomes.kinds import WINDOW_DAYS
from casewall.outcomes.slow.people import Identity, identity, of_denominator

Window = tuple[date, date]
"""First and last day, both included."""

NO_TIME_ZERO = "no time zero"
NOT_OVER = "the window is not over where the records end"
NOT_FOLLOWED = "not followed throughout"


class Told:
    """What one source told and watched, person by person."""

    def __init__(self, card: Card, extract: Extract) -> None:
        self.as_of = extract.as_of
        self.incidents = _by_person(
            one
            for one in extract.incidents
            if one.source == card.source and (not card.forms or one.form in card.forms)
        )
        self.followed = _by_person(one for one in extract.followed if one.source == card.source)
        self.custody = {
            (role, key): spans
            for role in get_args(Role)
            for key, spans in at_risk.custody_of(extract, role).items()
        }


def _by_person(rows: Iterable[Any]) -> dict[Identity, list[Any]]:
    found: dict[Identity, list[Any]] = {}
    for row in rows:
        found.setdefault((row.role, row.key), []).append(row)
    return found


def repeat(card: Card, extract: Extract) -> Figure:
    """The share with an incident in the window, of those followed all through it."""
    eligible = of_denominator(card, extract)
    source = Told(card, extract)
    because: Counter[str] = Counter()
    numerator = told = 0
    away = []
    for person in eligible:
        window = _before(person, card) if card.before else _after(person, card)
        why = why_not_known(person, window, source)
        has_incident = window is not None and incidents(person, window, source) > 0
        if why or window is None:
            because[why] += 1
            told += has_incident
        else:
            numerator += has_incident
            away.append(len(in_custody(person, window, source)))
    known = finish.Known(numerator, len(away), len(eligible), because, told)
    return finish.repeated(card, known, away)


def incident_change(card: Card, extract: Extract) -> Figure:
    """Incidents after against incidents before, over those followed through both windows."""
    eligible = of_denominator(card, extract)
    source = Told(card, extract)
    because: Counter[str] = Counter()
    pairs, away = [], []
    for person in eligible:
        before, after = _before(person, card), _after(person, card)
        why = why_not_known(person, before, source) or why_not_known(person, after, source)
        if why:
            because[why] += 1
        else:
            counted = [incidents(person, window, source) for window in (before, after) if window]
            pairs.append((counted[0], counted[1]))
            away += [len(in_custody(person, window, source))
                     for window in (before, after) if window]
    return finish_numbers.incident_change(card, pairs, away, len(eligible), because)


def _after(person: Person, card: Card) -> Window | None:
    """From the day after time zero; None where there is no time zero."""
    zero = _zero(person, card)
    if zero is None:
        return None
    return zero + timedelta(days=1), zero + timedelta(days=_length(card))


def _before(person: Person, card: Card) -> Window | None:
    """As many days, up to the day before time zero."""
    zero = _zero(person, card)
    if zero is None:
        return None
    return zero - timedelta(days=_length(card)), zero - timedelta(days=1)


def _zero(person: Person, card: Card) -> date | None:
    found: date | None = getattr(person, card.time_zero or "referred_on")
    return found


def _length(card: Card) -> int:
    if card.months is None:
        raise ValueError(f"{card.id}: a card of kind {card.kind} needs months")
    return WINDOW_DAYS[card.months]


def why_not_known(person: Person, window: Window | None, source: Told) -> str:
    """Why nothing can be said of a person in a window; "" where it can."""
    if window is None:
        return NO_TIME_ZERO
    if window[1] > source.as_of:
        return NOT_OVER
    away = in_custody(person, window, source)
    if away == set(_days(*window)):
        return at_risk.IN_CUSTODY
    followed: set[date] = set(away)
    for span in source.followed.get(identity(person), []):
        followed |= set(_days(max(span.first_on, window[0]), min(span.last_on, window[1])))
    return "" if followed == set(_days(*window)) else NOT_FOLLOWED


def in_custody(person: Person, window: Window, source: Told) -> set[date]:
    """The days of a window on which the person was not at risk."""
    found: set[date] = set()
    for first, last in source.custody.get(identity(person), []):
        found |= set(_days(max(first, window[0]), min(last or window[1], window[1])))
    return found


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def incidents(person: Person, window: Window, source: Told) -> int:
    """How many incidents of a person the source tells of in a window."""
    told = source.incidents.get(identity(person), [])
    return sum(window[0] <= one.happened_on <= window[1] for one in told)
