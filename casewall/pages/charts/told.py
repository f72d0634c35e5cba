"""Charts from plain data: what a report that was written as JSON says about its own pictures."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from typing import Any

from casewall.pages.charts.bars import Bar, bar_chart
from casewall.pages.charts.change import Change, change_chart
from casewall.pages.charts.flows import Box, Moment, flow_diagram
from casewall.pages.charts.marks import Drawing
from casewall.pages.charts.stacks import Stack, stacked_chart
from casewall.pages.charts.survival import Curve, Step, Tick, survival_chart
from casewall.pages.charts.waves import Point, Series, wave_chart

Told = Mapping[str, Any]

FLOW_SAYS = (
    "Every box counts persons, each once. Whoever is in a box is in the next one or among those "
    "lost between the two, with the reason as it was recorded."
)
FLOW_ROUNDED = (
    "Counts of 0–7 are hidden and others rounded to 5, so that boxes need not add up exactly."
)
COST_SAYS = (
    "The same money over different numbers of persons: who only compares two programmes by one "
    "of them may be comparing two denominators."
)

_PER_PERSON = re.compile(r"[A-Z]{3} per person")


class CannotDraw(ValueError):
    """Data that is not a chart; says what is wrong with it."""


def flow_drawing(told: Told) -> Drawing:
    """The diagram of a flow as `casewall.outcomes.flow.as_dict` gives it. Raises `CannotDraw`."""
    return _drawn(_flow, told)


def series_drawing(told: Told) -> Drawing:
    """The chart of one series, by its `kind`: change, waves, survival, bars or stacked; the other
    keys are those of the chart of that kind. Raises `CannotDraw`."""
    kind = str(told.get("kind")) if isinstance(told, Mapping) else "None"
    if kind not in _KINDS:
        raise CannotDraw(f"there is no chart called {kind!r}; there are {', '.join(_KINDS)}")
    return _drawn(_KINDS[kind], told)


def drawings(flows: Iterable[Told], series: Iterable[Told]) -> list[Drawing]:
    """Flows first, then the series, in their order. Raises `CannotDraw`."""
    return [flow_drawing(one) for one in flows] + [series_drawing(one) for one in series]


def cost_drawings(figures: Iterable[Told]) -> list[Drawing]:
    """Bars for each two or more neighbouring costs per person in one currency; `figures` as in
    JSON, with the unit “EUR per person”. Raises `CannotDraw`."""
    made = []
    for unit, group in groupby(figures, key=lambda one: str(one.get("unit") or "")):
        costs = list(group)
        if len(costs) > 1 and _PER_PERSON.fullmatch(unit):
            currency = unit.split()[0]
            made.append(_drawn(_bars, {
                "title": f"Cost per person, in {currency}", "description": COST_SAYS,
                "unit": currency, "bars": [_cost(one) for one in costs]}))
    return made


def _cost(figure: Told) -> dict[str, Any]:
    persons = figure["denominator"]
    note = "" if persons is None else f"over {persons} persons"
    return {"label": figure["label"], "value": figure["value"], "denominator": persons,
            "note": note}


def _drawn(draw: Callable[[Told], Drawing], told: Told) -> Drawing:
    try:
        return draw(told)
    except KeyError as problem:
        raise CannotDraw(f"the chart has no {problem}") from problem
    except (TypeError, ValueError, AttributeError, IndexError) as problem:
        raise CannotDraw(f"the chart cannot be drawn: {problem}") from problem


def _flow(told: Told) -> Drawing:
    boxes = [
        Box(
            step["label"],
            step["count"],
            [(loss["reason"], loss["count"]) for loss in step["lost"]],
            _unrecorded(step["unrecorded"]),
        )
        for step in told["steps"]
    ]
    moments = [
        Moment(
            point["label"],
            point["answered"],
            [(loss["reason"], loss["count"]) for loss in point["silent"]],
            point["not_asked"],
        )
        for point in told["answers"]
    ]
    says = f"{FLOW_SAYS} {FLOW_ROUNDED}" if told.get("released") else FLOW_SAYS
    return flow_diagram(title=told["title"], description=says, boxes=boxes, moments=moments)


def _unrecorded(count: int | str) -> str:
    return f"{count} of them without a record of this step" if isinstance(count, int) and count \
        else ""


def _change(told: Told) -> Drawing:
    changes = [
        Change(
            row["label"], row["who"], _point(row["first"]), _point(row["second"]),
            row.get("change"), row.get("low"), row.get("high"), row.get("counted", ""))
        for row in told["rows"]
    ]
    return change_chart(title=told["title"], description=told["description"],
                        first=told["first"], second=told["second"], changes=changes,
                        minimum=told.get("minimum", 0), maximum=told.get("maximum", 100))


def _waves(told: Told) -> Drawing:
    series = [Series(line["label"], [_point(point) for point in line["points"]])
              for line in told["lines"]]
    return wave_chart(title=told["title"], description=told["description"], waves=told["waves"],
                      series=series, minimum=told.get("minimum", 0),
                      maximum=told.get("maximum", 100), unit=told.get("unit", ""))


def _point(told: Told | None) -> Point | None:
    if told is None:
        return None
    return Point(told["value"], told.get("low"), told.get("high"), told.get("n"))


def _survival(told: Told) -> Drawing:
    curves = [Curve(one["label"], [Step(*step) for step in one["steps"]], one["at_risk"],
                    one["until"]) for one in told["curves"]]
    return survival_chart(title=told["title"], description=told["description"], curves=curves,
                          ticks=[Tick(*tick) for tick in told["ticks"]])


def _bars(told: Told) -> Drawing:
    bars = [Bar(row["label"], row["value"], row.get("numerator"), row.get("denominator"),
                row.get("low"), row.get("high"), row.get("note", "")) for row in told["bars"]]
    return bar_chart(title=told["title"], description=told["description"], bars=bars,
                     unit=told.get("unit", "%"), maximum=told.get("maximum"))


def _stacked(told: Told) -> Drawing:
    stacks = [Stack(row["label"], row["counts"], row.get("note", "")) for row in told["rows"]]
    return stacked_chart(title=told["title"], description=told["description"],
                         answers=told["answers"], stacks=stacks)


_KINDS: Mapping[str, Callable[[Told], Drawing]] = {
    "change": _change,
    "waves": _waves,
    "survival": _survival,
    "bars": _bars,
    "stacked": _stacked,
}
