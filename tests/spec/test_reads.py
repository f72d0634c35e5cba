"""What a card says that it reads is all that its figure may depend on."""

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casewall.outcomes.cards import load_pack, pack_names
from casewall.outcomes.extract import (
    TABLES,
    Activity,
    Answer,
    Attendance,
    ChildLink,
    Contract,
    Custody,
    ExtractError,
    Followed,
    Hearing,
    Incident,
    Link,
    Treatment,
)
from casewall.outcomes.reads import reads
from casewall.outcomes.reference import compute
from tests.spec.cohort import client, cost, extract, partner, score
from tests.spec.random_records import full_extracts
from tests.spec.spec_tables import cases

SPEC = [case.card for case in cases()]
SHIPPED = [card for name in pack_names() for card in load_pack(name).cards]
COLUMNS = sorted((table, field.name) for table, row in TABLES.items() for field in fields(row))
OTHER = {"role": ["client", "partner"], "sex": ["male", "female"], "source": ["partner", "client"],
         "contact": ["engaged", "declined"], "wave": ["before", "after"],
         "form": ["physical", "economic"], "forum": ["marac", "matac"], "side": ["safety"],
         "outcome": ["left", "completed"], "adult_role": ["client", "partner"],
         "about_key": ["k1", "k2"], "key": ["k1", "k2"], "code": ["yes", "no"]}


def test_every_declared_column_exists():
    for card in SPEC + SHIPPED:
        for table, columns in reads(card).items():
            assert columns <= {field.name for field in fields(TABLES[table])}, card.id


def other(row, column):
    """Another value that the column may have."""
    value = getattr(row, column)
    if column in OTHER:
        return next(one for one in [*OTHER[column], "k3"] if one != value)
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return value + 1
    if isinstance(value, date):
        return value + timedelta(days=500)
    return "2014-changed" if value is None else f"{value}-changed"


def changed(people, table, column, number):
    """The extract with another value in one place; None where that is no extract."""
    rows = list(getattr(people, table))
    value = getattr(rows[number], column)
    if value is None and column not in ("code", "not_answered_reason", "about_key", "needs"):
        return None
    rows[number] = replace(rows[number], **{column: other(rows[number], column)})
    try:
        return replace(people, **{table: tuple(rows)})
    except ExtractError:
        return None


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(full_extracts(SPEC), st.randoms(use_true_random=False))
def test_changing_a_column_of_a_record_changes_no_figure_that_does_not_read_it(people, random):
    cards = [*SPEC, *random.sample(SHIPPED, 10)]
    old = [compute(card, people) for card in cards]
    for table, column in COLUMNS:
        if not getattr(people, table):
            continue
        number = random.randrange(len(getattr(people, table)))
        other_people = changed(people, table, column, number)
        for card, figure in zip(cards, old, strict=True):
            if other_people and column not in reads(card).get(table, ()):
                assert compute(card, other_people) == figure, (card.id, table, column)


# One card of each kind, and people of whom every kind has something to say ------------------------

DAY = date(2014, 1, 1)
KINDS = {case.card.kind: case.card for case in reversed(cases())}


def whole():
    """Two clients and two partners with a row in every table."""
    told = {"role": "partner", "side": "safety", "source": "partner"}
    return extract(
        persons=[
            client("c1", children=1, started_on=date(2014, 2, 1), sex="male"),
            client("c2", started_on=date(2014, 3, 1), sex="female"),
            partner("p1", started_on=DAY),
            partner("p2", contact="declined"),
        ],
        links=[Link(partner_key="p1", client_key="c1")],
        children=[ChildLink(child_key="k", adult_role="client", adult_key="c1")],
        scales=[score("p1", "safety", "before", 50.0), score("p1", "safety", "after", 75.0),
                *(score("c1", "use-days.alcohol", wave, value, source="client", side="programme")
                  for wave, value in (("before", 20.0), ("after", 10.0)))],
        answers=[Answer(key="p1", side="safety", source="partner", measure="feedback-partner",
                        item="feedback-partner-safer", wave="after", code="yes")],
        incidents=[Incident(key="p1", form="physical", happened_on=date(2014, 2, 1), **told),
                   Incident(key="p1", form="physical", happened_on=date(2013, 12, 1), **told)],
        followed=[Followed(key="p1", first_on=date(2013, 1, 1), last_on=date(2015, 1, 1), **told)],
        attendance=[Attendance(client_key="c1", session_on=DAY, status="attended",
                               minutes_planned=1800, minutes_attended=1800)],
        treatments=[Treatment(client_key="c1", kind="substance", started_on=DAY,
                              outcome="completed")],
        hearings=[Hearing(key="p1", role="partner", forum="marac", heard_on=date(2014, 5, 1)),
                  Hearing(key="p1", role="partner", forum="marac", heard_on=date(2014, 8, 1))],
        activities=[Activity(kind="training", held_on=DAY, persons=10)],
        custody=[Custody(client_key="c1", first_on=date(2013, 12, 30), last_on=DAY)],
        contracts=[Contract(funder="borough", first_on=DAY, last_on=DAY, amount=5, currency="GBP")],
        costs=[cost("wages", 30_000)],
    )


def row(table, number, **new):
    def change(people):
        rows = list(getattr(people, table))
        rows[number] = replace(rows[number], **new)
        return replace(people, **{table: tuple(rows)})

    return change


# what happens to one record, and the kinds whose card must follow
TABLE = {
    "a partner's score after is higher": (
        row("scales", 1, score=80.0), {"mean_change"}),
    "a partner's score after is lower than before": (
        row("scales", 1, score=40.0), {"mean_change", "share_improved"}),
    "a client drank on more days": (
        row("scales", 3, score=12.0), {"percent_change"}),
    "a partner's answer is withdrawn": (
        row("answers", 0, code=None), {"share_answering"}),
    "an incident turns out to have been after the window": (
        row("incidents", 0, happened_on=date(2014, 12, 1)), {"repeat", "incident_change"}),
    "the incident before was another form, which one of the cards does not ask": (
        row("incidents", 1, form="economic"), set()),
    "there was no incident before but one long ago": (
        row("incidents", 1, happened_on=date(2013, 2, 1)), {"incident_change"}),
    "the source stopped following": (
        row("followed", 0, last_on=date(2014, 3, 1)), {"repeat", "incident_change"}),
    "a client left a session early": (
        row("attendance", 0, minutes_attended=1799), {"share_with_hours"}),
    "a treatment was left": (row("treatments", 0, outcome="left"), {"share_retained"}),
    "a hearing was long ago": (
        row("hearings", 0, heard_on=date(2012, 5, 1)), {"share_heard_again"}),
    "a client started a week later": (
        row("persons", 0, started_on=date(2014, 2, 8)), {"median_days"}),
    "a client has two children": (row("persons", 0, children=2), {"total"}),
    "a client's child turns out to be the partner's alone": (
        row("children", 0, adult_key="c9"), {"distinct", "ratio"}),
    "a client's sex is not known": (row("persons", 0, sex="unknown"), {"share"}),
    "a cost is left out": (row("costs", 0, included=False), {"cost_per"}),
    "the client of the partner was in custody throughout": (
        row("custody", 0, last_on=None), {"repeat", "incident_change"}),
    "a stage, a contract and a training, which no card here asks": (
        row("contracts", 0, amount=9), set()),
}


@pytest.mark.parametrize("what", TABLE)
def test_changing_one_record_changes_exactly_the_kinds_that_depend_on_it(what):
    change, expected = TABLE[what]
    before, after = whole(), change(whole())
    moved = {
        kind for kind, card in KINDS.items() if compute(card, before) != compute(card, after)
    }
    assert moved == expected
