"""The kinds about answers, hours, incidents and sums agree with a recount written without them.

It knows nothing of cards: it sorts people into plain sets and dictionaries. Repeats are
recounted by the statistics, which take plain days and know no extract.
"""

import math
import statistics
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings

from casewall.outcomes.reference import compute
from casewall.outcomes.statistics.repeat import Watched, repeat_victimisation
from casewall.outcomes.statistics.results import NoFigure
from tests.spec.cohort import FIRST_DAY, LAST_DAY
from tests.spec.random_records import full_extracts
from tests.spec.spec_tables import cases

SPEC = [case.card for case in cases()]
CARDS = {card.kind: card for card in reversed(SPEC)}
ORDER = ["not_tried", "not_reached", "unsafe", "declined", "engaged"]
people_at_random = given(full_extracts(SPEC))
examples = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def speaking(extract, role):
    """key -> the referral in the period that speaks for each person of a role."""
    rows = [p for p in extract.persons
            if p.role == role and FIRST_DAY <= p.referred_on <= LAST_DAY]
    return {p.key: p for p in sorted(rows, key=lambda p: (ORDER.index(p.contact), p.referred_on))}


def close(value, exact):
    assert value is None if exact is None else math.isclose(value, exact, abs_tol=0.0501)


@examples
@people_at_random
def test_answers(extract):
    eligible = {k for k, p in speaking(extract, "partner").items() if p.contact == "engaged"}
    card = CARDS["share_answering"]
    said = {a.key: a.code for a in extract.answers
            if (a.source, a.item, a.wave) == ("partner", card.item, card.wave)
            and a.key in eligible}
    known = {k: c for k, c in said.items()
             if c not in (None, "prefer-not-to-say", "not-asked", "no-partner")}
    yes = list(known.values()).count("yes")
    figure = compute(card, extract)
    assert (figure.numerator, figure.denominator) == (yes, len(known))
    assert figure.missing == len(eligible) - len(known)
    close(figure.value, 100 * yes / len(known) if known else None)
    if eligible:
        assert figure.bounds[0] <= (figure.value or 0) + 0.1
        close(figure.bounds[1], 100 * (yes + figure.missing) / len(eligible))


@examples
@people_at_random
def test_hours(extract):
    started = {k for k, p in speaking(extract, "client").items() if p.started_on}
    hours = {k: sum(a.minutes_attended for a in extract.attendance if a.client_key == k) / 60
             for k in started}
    figure = compute(CARDS["share_with_hours"], extract)
    if extract.attendance:
        assert figure.numerator == sum(h >= 30 for h in hours.values())
        assert figure.denominator == len(started)
    else:
        assert (figure.value, figure.missing) == (None, len(started))
    total = compute(replace(CARDS["total"], of="hours"), extract)
    every = sum(a.minutes_attended for a in extract.attendance
                if a.client_key in speaking(extract, "client")) / 60
    assert abs(total.numerator - every) <= 0.5


@examples
@people_at_random
def test_percent_changes_and_means(extract):
    for kind, role, among in (
        ("percent_change", "client", ORDER), ("mean_change", "partner", ["engaged"])
    ):
        card = CARDS[kind]
        asked = {k for k, p in speaking(extract, role).items() if p.contact in among}
        at = {(s.key, s.wave): s.score for s in extract.scales
              if (s.source, s.scale) == (role, card.scale) and s.score is not None}
        both = [(at[k, "before"], at[k, "after"]) for k in asked
                if (k, "before") in at and (k, "after") in at]
        figure = compute(card, extract)
        assert (figure.numerator, figure.denominator) == (len(both), len(asked))
        if not both:
            assert figure.value is None
        elif kind == "mean_change":
            close(figure.value, statistics.mean(b - a for a, b in both))
        elif any(a for a, _ in both):
            before, after = (statistics.mean(one) for one in zip(*both, strict=True))
            close(figure.value, 100 * (after - before) / before)
        else:
            assert figure.value is None


def watched(extract, persons, zero):
    """What the statistics are told of each person, cut where the records end."""
    return [
        Watched(
            time_zero=getattr(p, zero),
            incidents=[i.happened_on for i in extract.incidents
                       if (i.role, i.key, i.source) == ("partner", p.key, "partner")],
            followed=[(f.first_on, min(f.last_on, extract.as_of)) for f in extract.followed
                      if (f.role, f.key, f.source) == ("partner", p.key, "partner")
                      and f.first_on <= extract.as_of],
            custody=[(c.first_on, c.last_on) for c in extract.custody
                     for link in extract.links
                     if (link.partner_key, link.client_key) == (p.key, c.client_key)],
        )
        for p in persons
    ]


@pytest.mark.parametrize("months", [6, 12, 24])
@examples
@people_at_random
def test_repeats_and_changes_of_incidents_are_those_of_the_statistics(months, extract):
    partners = speaking(extract, "partner").values()
    engaged = [p for p in partners if p.contact == "engaged"]
    after = replace(CARDS["repeat"], months=months, forms=())
    found = compute(after, extract)
    try:
        told = repeat_victimisation(watched(extract, engaged, "started_on"), source="partner",
                                    time_zero="started_on", months=months)
    except NoFigure:
        assert found.value is None
    else:
        share = told.after.share
        assert (found.denominator, found.missing) == (share.n, len(engaged) - share.n)
        close(found.value, None if share.value is None else 100 * share.value)
        before = compute(replace(after, before=True), extract)
        assert before.denominator == told.before.share.n
    change = compute(replace(CARDS["incident_change"], months=months), extract)
    if partners:
        told = repeat_victimisation(watched(extract, partners, "referred_on"), source="partner",
                                    time_zero="referred_on", months=months)
        assert (change.numerator, change.denominator) == (
            told.incidents_after, told.incidents_before)
        close(change.value, told.percent_change)


@examples
@people_at_random
def test_days_treatments_hearings_and_children(extract):
    clients = speaking(extract, "client")
    waits = [(p.started_on - p.referred_on).days for p in clients.values()
             if p.started_on and p.started_on >= p.referred_on]
    figure = compute(CARDS["median_days"], extract)
    assert (figure.numerator, figure.denominator) == (len(waits), len(clients))
    assert figure.value == (statistics.median(waits) if waits else None)
    kept = [t.outcome for t in extract.treatments if t.client_key in clients]
    figure = compute(CARDS["share_retained"], extract)
    assert figure.denominator == len(kept) - kept.count("unknown")
    assert figure.numerator == kept.count("completed") + kept.count("ongoing")
    days = [(h.role, h.key, h.heard_on) for h in extract.hearings if h.forum == "marac"]
    now = [d for d in days if FIRST_DAY <= d[2] <= LAST_DAY]
    again = [d for d in now if any((d[0], d[1], d[2] - timedelta(days=n)) in days
                                   for n in range(1, 366))]
    figure = compute(CARDS["share_heard_again"], extract)
    assert (figure.numerator, figure.denominator) == (len(again), len(now))
    stated = [p.children for p in clients.values() if p.children is not None]
    figure = compute(CARDS["total"], extract)
    assert (figure.numerator, figure.missing) == (sum(stated), len(clients) - len(stated))
    children = {c.child_key for c in extract.children
                if c.adult_role == "client" and c.adult_key in clients}
    assert compute(CARDS["distinct"], extract).numerator == len(children)
    families = [k for k, p in clients.items() if p.children]
    figure = compute(CARDS["ratio"], extract)
    assert (figure.numerator, figure.denominator) == (len(children), len(families))
