"""Changing one record changes exactly the figures that depend on it, and no other."""

from dataclasses import replace
from datetime import date

import pytest

from casewall.outcomes.extract import Link
from casewall.outcomes.reference import pack
from tests.spec.cohort import cost, published_cohort, score

CONTACT = {"declined-or-not-reached", "declined", "at-the-centre", "clients", "partners"}
BY_PARTNERS = {"partners-men", "partners-women", "partners-other", "partners-sex-unknown"}
SCALES = {
    f"{scale}-{wave}-{what}"
    for scale in ("freedom", "safety", "empowerment")
    for wave in ("after", "follow-up")
    for what in ("change", "improved")
}
COSTS = {
    "cost-per-referred",
    "cost-per-at-the-centre",
    "cost-per-started",
    "cost-per-completed",
    "cost-per-partner-supported",
}


def _person(extract, key, **new):
    persons = tuple(replace(p, **new) if p.key == key else p for p in extract.persons)
    return replace(extract, persons=persons)


def _score(extract, key, scale, wave, **new):
    wanted = (key, scale, wave)
    scales = tuple(
        replace(s, **new) if (s.key, s.scale, s.wave) == wanted else s for s in extract.scales
    )
    return replace(extract, scales=scales)


# what happens to one record, and the figures that must follow
TABLE = {
    "a linked partner who answered nothing turns out to have declined": (
        lambda x: _person(x, "p104", contact="declined"),
        CONTACT
        | BY_PARTNERS
        | SCALES
        | {"partners-without-client", "history-of-violence", "women-in-work"}
        | {"cost-per-at-the-centre", "cost-per-partner-supported"},
    ),
    "somebody not reached is reached and declines": (
        lambda x: _person(x, "u50", contact="declined"),
        {"declined", "not-reached"},
    ),
    "a referral lies before the period": (
        lambda x: _person(x, "u0", referred_on=date(2012, 12, 31)),
        {"referred", "declined-or-not-reached", "declined", "not-reached", "unsafe", "not-tried"}
        | {"at-the-centre", "cost-per-referred", "municipalities"},
    ),
    "a client's sex is not known": (
        lambda x: _person(x, "c0", sex="unknown"),
        {"clients-men", "clients-women", "clients-other", "clients-sex-unknown"},
    ),
    "a client completes": (
        lambda x: _person(x, "c60", completed_on=date(2014, 9, 1)),
        {"completed", "cost-per-completed"},
    ),
    "an unlinked client is linked to an unlinked partner": (
        lambda x: replace(x, links=(*x.links, Link(partner_key="p200", client_key="c106"))),
        {"partners-without-client", "clients-without-partner", "linked-cases"},
    ),
    "a link is told twice over to a partner who was never reached": (
        lambda x: replace(x, links=(*x.links, Link(partner_key="u50", client_key="c106"))),
        set(),
    ),
    "one score after the work was higher": (
        lambda x: _score(x, "p1", "safety", "after", score=100.0),
        {"safety-after-change", "safety-after-improved"},
    ),
    "one score at follow-up is withdrawn": (
        lambda x: _score(x, "p0", "freedom", "follow_up", score=None, answered=0),
        {"freedom-follow-up-change", "freedom-follow-up-improved"},
    ),
    "a client answers the same scale": (
        lambda x: replace(
            x, scales=(*x.scales, score("p0", "freedom", "after", 0.0, source="client"))
        ),
        set(),
    ),
    "another included cost": (
        lambda x: replace(x, costs=(*x.costs, cost("training", 100))),
        COSTS,
    ),
    "a person's stage, which no figure asks for": (
        lambda x: _person(x, "c0", stage="closed", exit_reason="moved"),
        set(),
    ),
}


@pytest.mark.parametrize("what", TABLE)
def test_changing_one_record_changes_exactly_the_figures_that_depend_on_it(what):
    change, expected = TABLE[what]
    before = published_cohort()
    old = {figure.id: figure for figure in pack("intervention-centre", before)}
    new = {figure.id: figure for figure in pack("intervention-centre", change(before))}
    assert {name for name in old if old[name] != new[name]} == expected
