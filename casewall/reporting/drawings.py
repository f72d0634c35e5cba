"""The pictures of a pack: what of an extract is drawn, and how."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from casewall.outcomes.cards import Pack
from casewall.outcomes.extract import Extract
from casewall.outcomes.figures import PERCENT, Figure
from casewall.outcomes.figures import as_dict as figure_as_dict
from casewall.outcomes.flow import as_dict, client_flow, partner_flow, released
from casewall.pages.charts import Bar, Drawing, bar_chart
from casewall.pages.charts.told import cost_drawings, drawings

INTERVAL = "Whiskers are 95% intervals."

Told = Mapping[str, Any]


def flows_of(extract: Extract, *, release: bool = False) -> list[dict[str, Any]]:
    """The flow of clients and the flow of partners as plain data, each where anybody was referred.
    In a release both stand, whoever was referred."""
    flows = [client_flow(extract), partner_flow(extract)]
    if release:
        return [as_dict(released(flow)) for flow in flows]
    return [as_dict(flow) for flow in flows if flow.steps[0].count]


def all_drawings(figures: Sequence[Figure], pack: Pack, flows: Iterable[Told],
                 series: Iterable[Told]) -> list[Drawing]:
    """Flows, series and cost bars, then the shares of one denominator together."""
    told = [figure_as_dict(figure) for figure in figures]
    return [*drawings(flows, series), *cost_drawings(told), *charts(figures, pack)]


def charts(figures: Sequence[Figure], pack: Pack) -> list[Drawing]:
    """A bar chart for every two or more neighbouring shares of one and the same denominator."""
    of = {(card.pack, card.id): card.denominator.says if card.denominator else ""
          for card in pack.cards}
    drawn = []
    for says, group in groupby(figures, key=lambda f: of.get((f.pack, f.id), "")):
        shares = [figure for figure in group if figure.unit == PERCENT]
        if says and len(shares) > 1:
            drawn.append(_chart(says, shares))
    return drawn


def _chart(says: str, shares: Sequence[Figure]) -> Drawing:
    return bar_chart(title=f"Of all: {says[0].lower()}{says[1:].rstrip('.')}",
                     description=f"Shares of one denominator: {says} {INTERVAL}",
                     bars=[_bar(figure) for figure in shares], maximum=100)


def _bar(figure: Figure) -> Bar:
    low, high = figure.interval or (None, None)
    return Bar(figure.label, figure.value, _count(figure.numerator), _count(figure.denominator),
               low, high, "" if figure.printed is None else f"Printed: {figure.printed}")


def _count(count: float | str | None) -> int | str | None:
    return int(count) if isinstance(count, float) else count
