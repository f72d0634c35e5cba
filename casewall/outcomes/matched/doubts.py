"""What the prints of five services get wrong, or leave so open that it cannot be checked.

Every sentence is worked out from the printed numbers by ``possible``; nothing here is an opinion.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from casewall.outcomes.intervals import percent, round_half_up
from casewall.outcomes.possible import (
    Print,
    amount_over,
    made_how,
    readings,
    set_is_possible,
    share_is_possible,
)

MONTHS_OF_A_QUARTER = 3


@dataclass(frozen=True, slots=True)
class Doubt:
    """A print that does not agree with itself, or cannot be checked: the rows that it touches,
    and what is wrong, in a sentence."""

    pack: str
    rows: tuple[str, ...]
    says: str


def doubts() -> tuple[Doubt, ...]:
    """All of them, service by service."""
    return (*_intervention_centre(), *_dvip(), *_your_choice(), *_substance_pilot(), *_wwp_model())


def _intervention_centre() -> Iterator[Doubt]:
    def of(*rows: str, says: str) -> Doubt:
        return Doubt("intervention-centre", rows, says)

    share = _one(73, 392)
    how = made_how(73, 392, 18)
    rounded = round_half_up(percent(73, 392) or 0)
    yield of("declined-or-not-reached",
             says=f"73/392 is {share}%, printed 18%: {how}; rounded it is {rounded:g}%.")
    yield of("cost-per-referred", "cost-per-at-the-centre",
             says=f"€1,100 per person without its denominator: {392 * 1100:,} over 392 referred, "
                  f"{319 * 1100:,} over 319 at the Centre.")
    yield of("clients", "partners",
             says=f"107 and 212 are not couples: at least {212 - 107} partners had no client of "
                  "their own there.")
    yield of("years", says=f"“Two years” ran for 28 months, which is {_ratio(28, 12)} years.")
    yield of("scales-as-printed", says="“Significantly better, sustained” without n, scale or p.")


def _dvip() -> Iterator[Doubt]:
    def of(*rows: str, says: str) -> Doubt:
        return Doubt("dvip", rows, says)

    week = amount_over(80_000, 52, 1600, "weeks")
    yield of("care-for-a-week", says=f"£80,000 a year by the week: {week.says}")
    weeks = Fraction(40_000, 125)
    yield of("families-for-a-year-in-care", "weeks-for-each-of-35-families",
             says=f"£40,000 buys {weeks} weeks at £125, so 35 families have "
                  f"{round_half_up(weeks / 35, 1):g} weeks each; for 52 weeks each it is "
                  f"{round_half_up(weeks / 52, 1):g} families.")
    yield of("contract-per-referral-at-15", "contract-per-referral-at-20",
             says=f"£35,000 for 15 to 20 referrals is £{_money(35_000, 20)} to "
                  f"£{_money(35_000, 15)} each.")
    yield of("incidents-by-partners", "incidents-by-police",
             says="87 to 89% less repeat victimisation: base, window and source are missing.")
    yield of("women-safer", "children-safer",
             says=set_is_possible([Print(65), Print(69)]).says)
    yield of("workers-children-safer", "report-very-useful",
             says=set_is_possible([Print(78), Print(89)]).says)
    yield of("no-further-violence", says=share_is_possible(Print(70)).says)
    yield of("people", says="1,500 people: who they are is not stated; with 410 men and 728 "
                            f"children it leaves {1500 - 410 - 728} others.")


def _your_choice() -> Iterator[Doubt]:
    def of(*rows: str, says: str) -> Doubt:
        return Doubt("your-choice", rows, says)

    yield of("reduction-that-lasted", says=share_is_possible(Print(95)).says)
    yield of("safer", says=share_is_possible(Print(90)).says)
    yield of("reduction-that-lasted", "safer",
             says=set_is_possible([Print(95), Print(90)]).says)
    yield of("supported", "supported-to-change",
             says="100% of those who returned feedback, without n: one person would do.")
    months = ("January", "February", "March", "April")
    yield of("the-quarter",
             says=f"The “quarter” from {months[0]} to {months[-1]} is {len(months)} months; a "
                  f"quarter has {MONTHS_OF_A_QUARTER}.")
    yield of("funding-first-year", "funding-second-year",
             says=f"£136,692 in 2021-22 and again in “2023-24”, {2 * 136_692:,} in two years, in "
                  "a release of 1 June 2022: the second year is probably 2022-23.")
    yield of("course-of-the-story",
             says=f"13 sessions of 24 are {_one(13, 24)}% of the course, and “no incidents” is "
                  "the client's own report.")


def _substance_pilot() -> Iterator[Doubt]:
    def of(*rows: str, says: str) -> Doubt:
        return Doubt("substance-pilot", rows, says)

    yield of("over-30-hours-of-assessed", "over-30-hours-of-started",
             says=readings(77, [(23, 30), (20, 26)]).says)
    yield of("partners-in-contact",
             says=f"{readings(53, [(16, 30), (16, 26)]).says} Of the 26 who started, 16 would be "
                  f"{round_half_up(percent(16, 26) or 0):g}%.")
    yield of("disclosures",
             says=f"One woman disclosed violence: at most 16 could have, and the other {30 - 16} "
                  "of 30 were silent, which is not safety.")
    yield of("substance-use", "quality-of-life",
             says="29% and 40% are changes of a mean without unit or n, not shares of the men.")
    yield of("kept-in-treatment", says="“Did not impinge on treatment” without a measure.")


def _wwp_model() -> Iterator[Doubt]:
    yield Doubt("wwp-model", ("legal-anchors",),
                "“Rec 5, 2005” is probably Rec(2002)5 of the Council of Europe.")


def _one(numerator: int, denominator: int) -> str:
    return f"{round_half_up(Fraction(100 * numerator, denominator), 1):g}"


def _ratio(amount: int, by: int) -> str:
    return f"{round_half_up(Fraction(amount, by), 2):g}"


def _money(amount: int, by: int) -> str:
    return f"{round_half_up(Fraction(amount, by)):,.0f}"
