"""What people answered, in SQL: scores at two time points, and single questions."""

# ruff: noqa: S608 - values are always marks; the names in the text are of this package.

from casewall.analytics.people import one_of, put_denominator
from casewall.analytics.warehouse import Warehouse
from casewall.outcomes import finish
from casewall.outcomes.card import Card
from casewall.outcomes.figures import Figure
from casewall.outcomes.kinds import NO_ANSWER

NO_RECORD = "no record"

_PAIRS = """
    select f.score, s.score,
           case when f.score is null then coalesce(f.not_answered_reason, ?)
                else coalesce(s.not_answered_reason, ?) end
    from asked p
    left join scales f on p.role = f.source and p.key = f.key
        and f.source = ? and f.scale = ? and f.wave = ?
    left join scales s on p.role = s.source and p.key = s.key
        and s.source = ? and s.scale = ? and s.wave = ?"""


def pairs(warehouse: Warehouse, card: Card) -> finish.Pairs:
    """Scores of those asked who answered both waves, and why the others are silent."""
    if card.waves is None:
        raise ValueError(f"{card.id}: a card of kind {card.kind} needs two waves")
    asked = put_denominator(warehouse, card)
    first, second = ((card.source, card.scale, wave) for wave in card.waves)
    found = warehouse.rows(_PAIRS, NO_RECORD, NO_RECORD, *first, *second)
    both = [(one, two) for one, two, _ in found if one is not None and two is not None]
    silent: dict[str, int] = {}
    for one, two, why in found:
        if one is None or two is None:
            silent[why] = silent.get(why, 0) + 1
    return finish.Pairs(both, asked, silent)


def share_answering(warehouse: Warehouse, card: Card) -> Figure:
    """Those who gave one of the codes, of those whose answer is known."""
    eligible = put_denominator(warehouse, card)
    role = "client" if card.source == "referrer" else card.source
    whose = "about_key" if card.source == "referrer" else "key"
    silent = one_of("a.code", (*NO_ANSWER, *card.silent_codes))
    wanted = one_of("code", card.codes)
    found = warehouse.rows(
        f"""
        with people as (select *, row_number() over () as n from asked),
        answered as (
            select p.n, a.code, coalesce(a.not_answered_reason, ?) as why,
                   a.code is not null and not {silent.text} as is_answer,
                   row_number() over (partition by p.n, a.code is null or {silent.text}
                       order by a.answered_on desc nulls last, a.key desc) as turn
            from people p join answers a on p.role = ? and p.key = a.{whose}
            where a.source = ? and a.measure = ? and a.item = ? and a.wave = ?),
        known as (select n, {wanted.text} as has_it from answered where is_answer and turn = 1),
        others as (
            select p.n, coalesce(min(a.why), ?) as why from people p
            left join answered a on a.n = p.n
            where p.n not in (select n from known) group by p.n)
        select 'known', null, count(*), count(*) filter (where has_it) from known
        union all select 'silent', why, count(*), 0 from others group by why""",
        NO_RECORD,
        *silent.values,
        *silent.values,
        role,
        card.source,
        card.measure,
        card.item,
        card.wave,
        *wanted.values,
        NO_RECORD,
    )
    [(known, numerator)] = [row[2:] for row in found if row[0] == "known"]
    because = {why: n for word, why, n, _ in found if word == "silent"}
    return finish.answered(card, finish.Known(numerator, known, eligible, because))
