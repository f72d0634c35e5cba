"""Hours attended in bands, and money by category."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import Any

from casewall.outcomes.extract import Extract
from casewall.outcomes.intervals import round_half_up, wilson
from casewall.outcomes.series.words import Series, in_percent, people, percent_of, shown
from casewall.outcomes.suppress import LEAST_FOR_PERCENT, Cell

BANDS = ((0, 0), (0, 10), (10, 30), (30, 60), (60, None))
"""Hours attended: more than the first, up to and with the second; None: without end."""

DOSE_SAYS = (
    "Clients of the period who started, by the hours that they attended in all. Nobody was given "
    "their hours by lot: who stays longer differs in other ways too."
)
COST_SAYS = (
    "Money of the ledger by category, in prices of one year. What is marked “not counted” is in "
    "no cost figure."
)


def dose(extract: Extract, *, release: bool) -> list[Series]:
    """Clients who started, by hours attended; nothing where no session is recorded."""
    started = [person.key for person in people(extract, "client") if person.started_on is not None]
    if not started or not extract.attendance:
        return []
    minutes: Counter[str] = Counter()
    for row in extract.attendance:
        minutes[row.client_key] += row.minutes_attended
    bands = Counter(_band(minutes[key]) for key in started)
    return [{"kind": "bars", "title": "Hours attended by those who started",
             "description": DOSE_SAYS, "unit": "%", "maximum": 100,
             "bars": [_bar(band, bands[band], len(started), release=release)
                      for band in range(len(BANDS))]}]


def _band(minutes: int) -> int:
    hours = Fraction(minutes, 60)
    for number, (_, most) in enumerate(BANDS):
        if most is not None and hours <= most:
            return number
    return len(BANDS) - 1


def _bar(band: int, count: int, whole: int, *, release: bool) -> dict[str, Any]:
    more_than, most = BANDS[band]
    label = "None" if most == 0 else f"More than {more_than} hours"
    if most:
        label = f"Up to {most} hours" if more_than == 0 else (
            f"More than {more_than} and up to {most} hours")
    bar: dict[str, Any] = {
        "label": label, "value": None, "numerator": shown(count, release=release),
        "denominator": shown(whole, release=release), "low": None, "high": None}
    cell = Cell(count)
    if release and (whole < LEAST_FOR_PERCENT or cell.hidden):
        return bar
    n, of = (min(cell.rounded, Cell(whole).rounded), Cell(whole).rounded) if release else (
        count, whole)
    bar["value"] = percent_of(n, of, release=release)
    bar["low"], bar["high"] = in_percent(wilson(n, of) or (0, 1), release=release)
    return bar


def costs(extract: Extract) -> list[Series]:
    """The ledger, a chart for each currency and price year; money says nothing about a person."""
    ledgers: dict[tuple[str, int], Counter[tuple[bool, str]]] = {}
    for row in extract.costs:
        kind = (row.currency, row.price_year)
        ledgers.setdefault(kind, Counter())[not row.included, row.category] += row.amount
    made = []
    for (currency, year), lines in sorted(ledgers.items()):
        known = {line: amount for line, amount in lines.items() if amount > 0}
        if not known:
            continue
        ordered = sorted(known.items(), key=lambda line: (line[0][0], -line[1], line[0][1]))
        made.append({
            "kind": "bars", "title": f"Costs by category, in {currency}"
            + (f" of {year}" if year else ", price year not stated"),
            "description": COST_SAYS, "unit": currency, "maximum": None,
            "bars": [{"label": category + (" (not counted)" if aside else ""),
                      "value": round_half_up(Fraction(amount, 100), 2)}
                     for (aside, category), amount in ordered]})
    return made
