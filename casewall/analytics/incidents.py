"""Incidents in a window after, and an equal window before, time zero, in SQL.

Whether a source followed a person on every day is worked out from the ends of its spans, laid
in order: each adds the days that no earlier one had reached. Spans in custody count among them,
since nobody need watch who is not at risk, and are added up by themselves as well.
"""

# ruff: noqa: S608 - values are always marks; the names in the text are of this package.

from casewall.analytics.people import one_of, put_denominator
from casewall.analytics.warehouse import Warehouse
from casewall.outcomes import finish, finish_numbers
from casewall.outcomes.at_risk import IN_CUSTODY
from casewall.outcomes.card import Card
from casewall.outcomes.figures import Figure
from casewall.outcomes.kinds import WINDOW_DAYS
from casewall.outcomes.slow.incidents import NO_TIME_ZERO, NOT_FOLLOWED, NOT_OVER

Seen = list[tuple[int, str, int, int]]
"""For each person: a number for the person, why nothing is known ("" where something is), how
many incidents were told, and how many days of the window were in custody."""


def repeat(warehouse: Warehouse, card: Card) -> Figure:
    """The share with an incident in the window, of those followed all through it."""
    eligible = put_denominator(warehouse, card)
    found = _window(warehouse, card, before=card.before)
    because: dict[str, int] = {}
    for _, why, _, _ in found:
        if why:
            because[why] = because.get(why, 0) + 1
    numerator = sum(1 for _, why, told, _ in found if not why and told)
    told = sum(1 for _, why, told, _ in found if why and told)
    away = [days for _, why, _, days in found if not why]
    known = finish.Known(numerator, len(away), eligible, because, told)
    return finish.repeated(card, known, away)


def incident_change(warehouse: Warehouse, card: Card) -> Figure:
    """Incidents after against incidents before, over those followed through both windows."""
    eligible = put_denominator(warehouse, card)
    before = _window(warehouse, card, before=True)
    after = _window(warehouse, card, before=False)
    because: dict[str, int] = {}
    pairs, away = [], []
    for (_, no_before, was, away_before), (_, no_after, now, away_after) in zip(
        before, after, strict=True
    ):
        if why := no_before or no_after:
            because[why] = because.get(why, 0) + 1
        else:
            pairs.append((was, now))
            away += [away_before, away_after]
    return finish_numbers.incident_change(card, pairs, away, eligible, because)


_COVERED = """
    locked_up as (
        select 'client' as role, client_key as key, first_on, last_on from custody
        union all
        select 'partner', l.partner_key, c.first_on, c.last_on
        from links l join custody c on c.client_key = l.client_key),
    spans as (
        select p.n, w.what, greatest(w.first_on, p.first_day) as first_on,
               least(coalesce(w.last_on, p.last_day), p.last_day) as last_on
        from people p join (
            select role, key, first_on, last_on, unnest(['seen', 'away']) as what
            from locked_up
            union all
            select role, key, first_on, last_on, 'seen' from followed where source = ?
        ) w on w.role = p.role and w.key = p.key
        where w.first_on <= p.last_day and coalesce(w.last_on, p.last_day) >= p.first_day
          and w.first_on <= coalesce(w.last_on, w.first_on)),
    reached as (
        select *, max(last_on) over (partition by n, what order by first_on, last_on
            rows between unbounded preceding and 1 preceding) as reached from spans),
    covered as (
        select n, what, sum(greatest(0, last_on
            - greatest(first_on, coalesce(reached + 1, first_on)) + 1)) as days
        from reached group by n, what)"""
"""How many days of the window each of ``people`` was seen by the source, and away in custody; its
one mark is the source."""


def _window(warehouse: Warehouse, card: Card, *, before: bool) -> Seen:
    if card.months is None:
        raise ValueError(f"{card.id}: a card of kind {card.kind} needs months")
    zero, days = card.time_zero or "referred_on", WINDOW_DAYS[card.months]
    first, last = (-days, -1) if before else (1, days)
    forms = one_of("i.form", card.forms).text if card.forms else "true"
    rows = warehouse.rows(
        f"""
        with people as (
            select row_number() over (order by role, key, referred_on) as n, role, key,
                   {zero} + ?::int as first_day, {zero} + ?::int as last_day
            from asked),
        {_COVERED},
        told as (
            select p.n, count(*) as incidents from people p
            join incidents i on i.role = p.role and i.key = p.key and i.source = ?
                and i.happened_on between p.first_day and p.last_day and {forms}
            group by p.n)
        select p.n,
               case when p.first_day is null then ? when p.last_day > ? then ?
                    when coalesce(a.days, 0) = ? then ?
                    when coalesce(c.days, 0) < ? then ? else '' end,
               coalesce(t.incidents, 0), coalesce(a.days, 0)::int
        from people p
        left join covered c on c.n = p.n and c.what = 'seen'
        left join covered a on a.n = p.n and a.what = 'away'
        left join told t on t.n = p.n
        order by p.n""",
        first,
        last,
        card.source,
        card.source,
        *card.forms,
        NO_TIME_ZERO,
        warehouse.extract.as_of,
        NOT_OVER,
        days,
        IN_CUSTODY,
        days,
        NOT_FOLLOWED,
    )
    return [(n, why, told, away) for n, why, told, away in rows]
