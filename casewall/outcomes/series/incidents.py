"""Time from the referral to the first new incident, by who tells of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from casewall.outcomes.at_risk import custody_of
from casewall.outcomes.extract import Extract, Person, Role
from casewall.outcomes.intervals import round_half_up
from casewall.outcomes.series.words import SOURCES, WHO, Series, people, shown
from casewall.outcomes.statistics.clock import Spell, time_at_risk
from casewall.outcomes.statistics.survival import Curve, kaplan_meier
from casewall.outcomes.suppress import LEAST_FOR_PERCENT

ONE_DAY = timedelta(days=1)
TICKS = ((0, "0"), (183, "6 months"), (365, "12"), (548, "18"), (730, "24"))
"""Where the axis is marked, in days; windows of 365 twelfths to a month."""
LEAST_TICKS = 3
MOST_CURVES = 4
WHOSE = {"client": "clients", "partner": "partners"}

SAYS = (
    "The share without a new incident, from the day of the referral (which does not count itself). "
    "A person is followed for as long as that source was asked or watched without a gap, and not "
    "counted after; days in custody are taken off. The band is the 95% interval (Kaplan–Meier, "
    "log-log). Each source knows only what it was told: no curve is the truth."
)
RELEASED_SAYS = (
    "Shown at the marks only, in whole percent, and only while at least 30 are still followed."
)


def free_of_incidents(extract: Extract, *, release: bool) -> list[Series]:
    """One chart with a curve for each role and source that followed anybody from the referral."""
    curves, notes = [], []
    for role in ("partner", "client"):
        persons = people(extract, role)
        for source in SOURCES:
            spells = [spell for _, spell in followed_spells(extract, persons, role, source)]
            if not spells or (release and len(spells) < LEAST_FOR_PERCENT):
                continue
            label = f"{WHO[source]} about {WHOSE[role]}"
            if role == source:
                label = f"{WHOSE[role].capitalize()} themselves"
            curve = kaplan_meier(spells, source=source, asked=len(persons))
            curves.append((label, curve, spells))
            followed = shown(len(spells), release=release)
            asked = shown(len(persons), release=release)
            notes.append(f"{label}: {followed} of {asked} followed from the referral.")
    if not curves:
        return []
    curves = curves[:MOST_CURVES]
    ticks = _ticks([curve for _, curve, _ in curves])
    drawn = [_curve(*one, ticks, release=release) for one in curves]
    says = [SAYS, *([RELEASED_SAYS] if release else []), *notes[:MOST_CURVES]]
    return [{"kind": "survival", "title": "Without a new incident, by who tells",
             "description": " ".join(says), "ticks": [list(tick) for tick in ticks],
             "curves": drawn}]


def followed_spells(extract: Extract, persons: list[Person], role: Role, source: str
                    ) -> list[tuple[Person, Spell]]:
    """A spell for everybody whom the source followed from the day after the referral."""
    spans: dict[str, list[tuple[date, date]]] = {}
    for row in extract.followed:
        if (row.role, row.source) == (role, source):
            spans.setdefault(row.key, []).append((row.first_on, row.last_on))
    told: dict[str, list[date]] = {}
    for incident in extract.incidents:
        if (incident.role, incident.source) == (role, source):
            told.setdefault(incident.key, []).append(incident.happened_on)
    custody = custody_of(extract, role)
    spells = []
    for person in persons:
        last = watched_to(spans.get(person.key, []), person.referred_on)
        if last is None:
            continue
        days = [day for day in told.get(person.key, []) if day <= last]
        spell = time_at_risk(started_on=person.referred_on, watched_to=last, incidents=days,
                             custody=custody.get(person.key, []))
        spells.append((person, spell))
    return spells


def watched_to(spans: list[tuple[date, date]], zero: date) -> date | None:
    """The last day up to which the spans leave no gap after day zero; None where the next day is
    not in any of them."""
    reached = zero
    for first, last in sorted(spans):
        if first > reached + ONE_DAY:
            break
        reached = max(reached, last)
    return None if reached == zero else reached


def _ticks(curves: list[Curve]) -> list[tuple[int, str]]:
    """The marks up to the first one after the longest curve, at least a year."""
    longest = max(curve.steps[-1].time for curve in curves)
    within = [tick for tick in TICKS if tick[0] < longest]
    return list(TICKS[:max(LEAST_TICKS, len(within) + 1)])


def _curve(label: str, curve: Curve, spells: list[Spell], ticks: list[tuple[int, str]], *,
           release: bool) -> dict[str, Any]:
    at_risk = [sum(1 for spell in spells if spell.time >= day) for day, _ in ticks]
    if not release:
        steps = [[0.0, 100.0, None, None]] + [
            _step(step.time, step, 1) for step in curve.steps if step.events and step.time > 0]
        return {"label": label, "steps": steps, "at_risk": at_risk,
                "until": curve.steps[-1].time}
    kept = [day for (day, _), count in zip(ticks, at_risk, strict=True)
            if count >= LEAST_FOR_PERCENT]
    steps = [[0, 100.0, None, None]] + [_step(day, curve.at(day), 0) for day in kept[1:]]
    return {"label": label, "steps": steps, "until": kept[-1] if kept else 0,
            "at_risk": [shown(count, release=True) for count in at_risk]}


def _step(day: float, step: Any, places: int) -> list[float | None]:
    low, high = step.interval or (None, None)
    ends = [None if end is None else round_half_up(100 * end, places) for end in (low, high)]
    return [day, round_half_up(100 * step.free, places), *ends]
