"""Days: spans that overlap, and time at risk with custody taken off."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from casewall.outcomes.statistics.results import NoFigure

Span = tuple[date, date | None]
"""First and last day, both within; no last day: it has not ended."""

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """One person's time from the start to the first incident or to the end of watching.

    ``time`` is in days (or in whatever unit the whole analysis uses) at risk; ``event`` says
    whether it ended in an incident, else it was censored: nothing is known of later.
    ``custody`` is how much was taken off.
    """

    time: float
    event: bool
    group: str = "all"
    custody: float = 0


def days_covered(spans: Iterable[Span], first: date, last: date) -> int:
    """How many days from first to last, both counted, lie in any of the spans.

    Days in two spans count once. Raises NoFigure for a span that ends before it begins.
    """
    covered, reached = 0, first
    for begins, ends in _in_order(spans):
        begins, ends = max(begins, reached), last if ends is None else min(ends, last)
        if ends >= begins:
            covered += (ends - begins).days + 1
            reached = ends + ONE_DAY
    return covered


def _in_order(spans: Iterable[Span]) -> list[Span]:
    listed = sorted(spans, key=lambda span: span[0])
    for begins, ends in listed:
        if ends is not None and ends < begins:
            raise NoFigure(f"A span ends on {ends}, before it begins on {begins}.")
    return listed


def time_at_risk(
    *,
    started_on: date,
    watched_to: date,
    incidents: Sequence[date] = (),
    custody: Sequence[Span] = (),
    group: str = "all",
) -> Spell:
    """The spell from the day of the start to the first incident, else to the end of watching.

    Days in custody after the start come off the clock; the day of the incident itself never does,
    since what happened then happened. Incidents up to the day of the start are not after it.
    Raises NoFigure where watching ends before the start, or an incident lies after its end.
    """
    if watched_to < started_on:
        raise NoFigure(
            f"Watching ends on {watched_to}, before the start on {started_on}: time cannot be "
            "negative."
        )
    late = [day for day in incidents if day > watched_to]
    if late:
        raise NoFigure(
            f"An incident on {min(late)} lies after the end of watching on {watched_to}. "
            "Either the watching lasted longer, or the incident's date is wrong."
        )
    event_on = min((day for day in incidents if day > started_on), default=None)
    last = watched_to if event_on is None else event_on - ONE_DAY
    inside = days_covered(custody, started_on + ONE_DAY, last)
    ended_on = watched_to if event_on is None else event_on
    return Spell(time=(ended_on - started_on).days - inside, event=event_on is not None,
                 group=group, custody=inside)
