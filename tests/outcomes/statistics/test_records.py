"""The statistics on records: by hand, and against the slow reference of the indicator cards."""

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest

from casewall.outcomes import reference
from casewall.outcomes.cards import load_pack
from casewall.outcomes.extract import (
    Attendance,
    Custody,
    Extract,
    Followed,
    Incident,
    Link,
    Treatment,
)
from casewall.outcomes.slow.people import of_denominator
from casewall.outcomes.statistics import records
from casewall.outcomes.statistics.reliable import Criterion
from casewall.outcomes.statistics.results import NoFigure
from tests.spec.cohort import FIRST_DAY, client, extract, partner, score

START = FIRST_DAY + timedelta(30)
ALL_CARDS = load_pack("repeat-victimisation").cards
REPEAT = [card for card in ALL_CARDS if card.kind == "repeat"]
CHANGE = [card for card in ALL_CARDS if card.kind == "incident_change"]
KEPT = next(card for card in load_pack("substance-pilot").cards if card.kind == "share_retained")
MEANS = [card for name in ("intervention-centre", "dvip", "mirabal", "your-choice")
         for card in load_pack(name).cards if card.kind == "mean_change"]


def attended(key: str, minutes: int) -> Attendance:
    return Attendance(client_key=key, session_on=START, status="attended", minutes_planned=120,
                      minutes_attended=minutes)


def small() -> Extract:
    """Six clients: four started, two of them completed; five answered before, four after."""
    done, later = START + timedelta(200), START + timedelta(400)
    people = [
        client("a", started_on=START, completed_on=done), client("b", started_on=START),
        client("c", started_on=START, completed_on=later), client("d", started_on=START),
        client("e"), client("f"),
        partner("p"), client("x", referred_on=FIRST_DAY - timedelta(1)),
    ]
    given_scores = {
        "a": (20, 8), "b": (18, 17), "c": (22, 9), "d": (12, None), "e": (10, 15), "f": (None, 3),
    }
    rows = []
    for key, pair in given_scores.items():
        for wave, value in zip(("before", "after"), pair, strict=True):
            rows.append(score(key, "phq-9", wave, value, source="client", side="programme"))
    return extract(
        persons=people, scales=rows,
        attendance=[attended("a", 600), attended("a", 600), attended("b", 90), attended("c", 900)],
        treatments=[
            Treatment(client_key=key, kind=kind, started_on=START, outcome=outcome)
            for key, kind, outcome in (("a", "substance", "completed"), ("b", "substance", "left"),
                                       ("c", "housing", "left"), ("z", "substance", "left"),
                                       ("d", "substance", "unknown"))],
    )


def clients(found: Extract) -> list:
    return records.cohort(found, "client")


ASKED = {"source": "client", "scale": "phq-9"}


def test_the_cohort_is_of_one_role_and_of_the_period_each_once() -> None:
    whole = small()
    assert [one.key for one in clients(whole)] == ["a", "b", "c", "d", "e", "f"]
    assert [one.key for one in records.cohort(whole, "client", reached="completed_on")] == [
        "a", "c"]
    again = replace(whole, persons=(*whole.persons, client("a", referred_on=START)))
    assert [one.key for one in clients(again)].count("a") == 1


def test_everybody_of_the_cohort_is_asked() -> None:
    found = records.change_on_scale(small(), clients(small()), **ASKED)
    assert (found.n, found.asked, found.missing) == (4, 6, 2)
    assert found.value == pytest.approx((-12 - 1 - 13 + 5) / 4)
    rule = Criterion(scale="phq-9", higher_is_better=False, threshold=6, unwell_from=10,
                     source="manual")
    reliable = records.reliable_on_scale(small(), clients(small()), source="client",
                                         criterion=rule)
    assert reliable.classes == ("recovered", "unchanged", "recovered", None, "unchanged", None)
    assert reliable.bounds == (2 / 6, 4 / 6)


def test_another_source_says_nothing_here() -> None:
    with pytest.raises(NoFigure, match="Nobody of 6"):
        records.change_on_scale(small(), clients(small()), source="partner", scale="phq-9")
    both = records.by_role(small(), {"client": "phq-9", "partner": "safety"})
    assert both["client"].n == 4
    assert both["partner"].startswith("Nobody of 1 asked with both answers")


def test_responders_are_compared_by_where_they_stood_before() -> None:
    (point,) = records.responders_on_scale(small(), clients(small()), **ASKED, waves=["after"])
    assert (point.response.events, point.response.n) == (5, 6)
    assert "has 1 known values" in point.note


def test_hours_are_of_clients_and_unknown_without_a_register() -> None:
    whole = small()
    assert records.hours(whole, clients(whole)) == [20, 1.5, 15, 0, 0, 0]
    assert records.hours(whole, [partner("p")]) == [None]
    assert records.hours(replace(whole, attendance=()), clients(whole)) == [None] * 6
    dose = records.dose_on_scale(whole, clients(whole), **ASKED, higher_is_better=False,
                                 edges=[10])
    assert [(band.persons, band.share.events, band.share.n) for band in dose.bands] == [
        (4, 1, 2), (2, 2, 2)]


def test_completers_stand_beside_all_who_started() -> None:
    found = records.all_and_completers_on_scale(small(), clients(small()), **ASKED,
                                                higher_is_better=False)
    assert (found.asked, found.n, found.value) == (4, 3, 1)
    assert found.completers.n == 2
    assert found.everybody.bounds == (3 / 4, 1)
    better = records.improved_on_scale(small(), clients(small()), **ASKED, higher_is_better=True)
    assert better == [False, False, False, None, True, None]


def test_retention_is_of_the_cohort_and_the_kind() -> None:
    found = records.retention_in(small(), clients(small()), treatment="substance")
    assert (found.n, found.asked, found.value) == (2, 3, 0.5)


def told(key: str, role: str, day: date, form: str = "physical") -> Incident:
    return Incident(key=key, role=role, source="partner", side="safety", form=form,
                    happened_on=day)


def test_a_partners_custody_is_that_of_the_clients_linked() -> None:
    span = Followed(key="p", role="partner", source="partner", side="safety",
                    first_on=START - timedelta(400), last_on=START + timedelta(4000))
    jail = Custody(client_key="a", first_on=START + timedelta(5), last_on=START + timedelta(14))
    people = [partner("p", started_on=START, referred_on=START), client("a")]
    whole = extract(
        persons=people, followed=[span, replace(span, first_on=date(2030, 1, 1),
                                                last_on=date(2031, 1, 1))],
        links=[Link(partner_key="p", client_key="a"), Link(partner_key="q", client_key="b")],
        custody=[jail, replace(jail, client_key="b")],
        incidents=[told("p", "partner", START + timedelta(20)),
                   told("p", "partner", START - timedelta(9), "economic"),
                   told("p", "client", START + timedelta(3))],
    )
    found = records.repeat_of(whole, people[:1], source="partner", time_zero="started_on",
                              months=6)
    assert (found.value, found.after.custody_days, found.incidents_before) == (1, 10, 1)
    assert found.parameters["time zero"] == "started"
    economic = records.repeat_of(whole, people[:1], source="partner", time_zero="started_on",
                                 months=6, forms={"physical"}, custody="not_at_risk")
    assert (economic.n, economic.incidents_before) == (0, 0)
    assert records.custody_of(whole, people[1]) == [(jail.first_on, jail.last_on)]
    # Nothing is known of days after the extract was made.
    early = replace(whole, as_of=START + timedelta(100), period_to=START + timedelta(90))
    not_over = records.repeat_of(early, people[:1], source="partner", time_zero="started_on",
                                 months=6)
    assert (not_over.n, not_over.missing, not_over.after.known) == (0, 1, 1)


@pytest.mark.parametrize("name", ["completed_on", "key", "nothing_on", "sex"])
def test_what_is_no_date_of_the_person_is_no_time_zero(name: str) -> None:
    with pytest.raises(NoFigure, match="Nobody has the time zero"):
        records.repeat_of(extract(persons=[partner("p")]), [partner("p")], source="partner",
                          time_zero=name, months=6)


def at_random(seed: int) -> Extract:
    """Forty invented persons with follow-up, incidents, treatments and scores, drawn by a seed."""
    draw = random.Random(seed)

    def day() -> date:
        return FIRST_DAY + timedelta(draw.randint(-100, 500))

    people, followed, told_of, rows = [], [], [], []
    for n in range(40):
        role, key = ("client", "partner")[n % 2], f"k{n}"
        source = draw.choice(["partner", "police"])
        made = client if role == "client" else partner
        zero = day()
        people.append(made(key, referred_on=zero, assessed_on=draw.choice([None, zero]),
                           contact=draw.choice(["engaged", "engaged", "declined"])))
        side = "safety" if "partner" in (role, source) else "programme"
        first = zero - timedelta(draw.choice([0, 183, 365, 730]))
        followed.append(Followed(
            key=key, role=role, source=source, side=side, first_on=first,
            last_on=zero + timedelta(draw.choice([20, 183, 365, 2000]))))
        told_of += [Incident(key=key, role=role, source=source, side=side, form="physical",
                             happened_on=zero + timedelta(draw.randint(-400, 400)))
                    for _ in range(draw.randint(0, 3))]
        for card in MEANS:
            if (card.source == role) and draw.random() < 0.8:
                rows += [score(key, card.scale, wave, draw.choice([None, 1.0, 5.0, 16.0]),
                               source=role, side="safety" if role == "partner" else "programme")
                         for wave in card.waves]
    treatments = [Treatment(client_key=f"k{draw.randrange(40)}", kind="substance",
                            started_on=day(), outcome=outcome)
                  for outcome in ("completed", "left", "ongoing", "unknown") for _ in range(3)]
    once = {(row.source, row.key, row.scale, row.wave): row for row in rows}
    return extract(persons=people, followed=followed, incidents=told_of, treatments=treatments,
                   scales=list(once.values()))


SEEDS = range(12)


@pytest.mark.parametrize("seed", SEEDS)
def test_repeat_victimisation_is_that_of_the_cards(seed: int) -> None:
    found, seen = at_random(seed), 0
    for card in REPEAT:
        figure = reference.compute(card, found)
        ours = records.repeat_of(found, of_denominator(card, found), source=card.source,
                                 time_zero=card.time_zero, months=card.months,
                                 forms=card.forms or None)
        window = ours.before if card.before else ours.after
        assert (window.share.events, window.share.n) == (figure.numerator, figure.denominator)
        seen += window.share.n
    assert seen > 10


@pytest.mark.parametrize("seed", SEEDS)
def test_incidents_after_against_before_are_those_of_the_cards(seed: int) -> None:
    found = at_random(seed)
    for card in CHANGE:
        figure = reference.compute(card, found)
        ours = records.repeat_of(found, of_denominator(card, found), source=card.source,
                                 time_zero=card.time_zero, months=card.months,
                                 forms=card.forms or None)
        assert (ours.incidents_after, ours.incidents_before) == (
            figure.numerator, figure.denominator)
        if figure.value is not None:
            assert figure.value == pytest.approx(ours.percent_change, abs=0.05 + 1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_retention_and_change_are_those_of_the_cards(seed: int) -> None:
    found, seen = at_random(seed), 0
    figure = reference.compute(KEPT, found)
    try:
        kept = records.retention_in(found, of_denominator(KEPT, found), treatment="substance")
    except NoFigure:
        assert figure.value is None
    else:
        assert (kept.share.events, kept.share.n) == (figure.numerator, figure.denominator)
    for card in MEANS:
        figure = reference.compute(card, found)
        try:
            ours = records.change_on_scale(found, of_denominator(card, found), waves=card.waves,
                                           source=card.source, scale=card.scale)
        except NoFigure:
            continue
        assert ours.n == figure.numerator
        assert figure.value == pytest.approx(ours.value, abs=0.05 + 1e-9)
        seen += 1
    assert seen > 0
