"""Analyses beside the figures: numbers as by hand, a sentence where there is none."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings

from casewall.outcomes.analyses import analyses_of, read_savings
from casewall.outcomes.analyses.told import ABSENT, Analysis, ends, number, p_value
from casewall.outcomes.costs.money import CostError
from casewall.outcomes.extract import Attendance, Followed, Incident
from casewall.outcomes.statistics.comparators import Comparator
from casewall.outcomes.statistics.results import Test as Tested
from tests.spec.cohort import client, cost, extract, partner, random_extracts, score

DAY = date(2014, 1, 1)
LATER = DAY + timedelta(400)


def one(whole, key, **beside):
    [found] = [told for told in analyses_of(whole, **beside) if told["id"] == key]
    return found


def answered(key, before, after, scale="phq-9", source="client"):
    side = "safety" if source == "partner" else "programme"
    return [score(key, scale, "before", before, source=source, side=side),
            score(key, scale, "after", after, source=source, side=side)]


def clients(keys, **more):
    return [client(key, referred_on=DAY, **more) for key in keys]


def followed_partners(number_, days=200):
    persons = [partner(f"p{n}", referred_on=DAY, children=n % 2,
                       violence_months=12 if n % 3 else 30) for n in range(number_)]
    spans = [Followed(key=one.key, role="partner", side="safety", source="partner",
                      first_on=DAY, last_on=DAY + timedelta(days)) for one in persons]
    return persons, spans


def suffered(key, day):
    return Incident(key=key, role="partner", side="safety", source="partner", form="threats",
                    happened_on=DAY + timedelta(day))


def test_change_counts_pairs_and_says_which_way_is_better():
    whole = extract(persons=clients("abc"), scales=[
        *answered("a", 20, 10), *answered("b", 15, 12), *answered("c", 9, None)])
    told = one(whole, "change")
    [row] = told["rows"]
    assert row[:6] == ("Client: phq 9", "Lower is better", "2 of 3", "17.5", "11.0", "-6.5")
    assert "Tests and intervals speak of chance alone" in told["warnings"][0]


def test_a_scale_that_cannot_be_compared_is_named_and_has_no_row():
    whole = extract(persons=clients("a"), scales=answered("a", 20, 10))
    told = one(whole, "change")
    assert told["rows"] == ()
    assert any(sentence.startswith("Client: phq 9:") for sentence in told["warnings"])


def test_where_nobody_was_asked_every_analysis_says_so_and_none_has_a_row():
    for told in analyses_of(extract(persons=clients("a"))):
        assert told["rows"] == ()
        assert told["warnings"], told["id"]


def test_reliable_change_by_the_measures_own_points_and_cut_off():
    """PHQ-9: 6 points and more; unwell from 10 on. 20 to 5 recovers, 24 to 15 improves, 8 to 7
    stays, 4 to 12 gets worse."""
    pairs = {"a": (20, 5), "b": (24, 15), "c": (8, 7), "d": (4, 12)}
    whole = extract(persons=clients(pairs), scales=[
        row for key, (before, after) in pairs.items() for row in answered(key, before, after)])
    [row] = one(whole, "reliable")["rows"]
    assert row[:8] == ("Client: phq 9", "6.0", "4 of 4", "1", "1", "1", "1", "50.0%")


def test_reliable_change_of_nobody_is_a_sentence():
    whole = extract(persons=clients("a"), scales=[*answered("a", 20, None)])
    told = one(whole, "reliable")
    assert told["rows"] == ()
    assert told["warnings"][0].startswith("Client: phq 9:")


def test_scales_without_a_definition_are_read_neither_way():
    whole = extract(persons=clients("ab"), scales=[
        *answered("a", 20, 10, "unheard-of"), *answered("b", 15, 12, "unheard-of")])
    assert one(whole, "change")["rows"][0][1] == "Not rated"
    assert one(whole, "everybody")["rows"] == one(whole, "dose")["rows"] == ()


def test_the_silent_are_compared_with_the_others_by_their_first_scores():
    whole = extract(persons=clients("abcd"), scales=[
        *answered("a", 10, 5), *answered("b", 12, 6), *answered("c", 20, None),
        *answered("d", 22, None)])
    [row] = one(whole, "attrition")["rows"]
    assert row[:6] == ("Client: phq 9, after (T3)", "2/4", "50.0%", "11.0", "21.0", "-10.0")


def test_a_time_at_which_everybody_answered_has_a_note_in_place_of_a_comparison():
    whole = extract(persons=clients("ab"), scales=[*answered("a", 10, 5), *answered("b", 12, 6)])
    told = one(whole, "attrition")
    assert told["rows"][0][3:] == (ABSENT,) * 4
    assert "Everybody answered at after: nobody was lost." in told["warnings"]


def test_answers_of_nobody_in_the_cohort_are_a_sentence():
    whole = extract(scales=[*answered("a", 10, 5), *answered("b", 12, 6)])
    for key in ("attrition", "everybody", "dose"):
        told = one(whole, key)
        assert told["rows"] == ()
        assert told["warnings"][0].startswith("Client: phq 9:"), key


def test_all_who_started_stand_before_those_who_completed():
    persons = [*clients("ab", started_on=DAY, completed_on=LATER), *clients("cd", started_on=DAY)]
    pairs = {"a": (20, 5), "b": (20, 10), "c": (10, 15), "d": (10, None)}
    whole = extract(as_of=LATER, persons=persons, scales=[
        row for key, (before, after) in pairs.items() for row in answered(key, before, after)])
    rows = one(whole, "everybody")["rows"]
    assert [(row[0], row[1], row[2]) for row in rows] == [
        ("Client: phq 9, all who started", "4", "2/3"),
        ("Client: phq 9, completed", "2", "2/2"),
        ("Client: phq 9, left early", "2", "0/1")]


def test_without_anybody_who_left_the_line_of_leavers_is_empty():
    whole = extract(as_of=LATER, persons=clients("a", started_on=DAY, completed_on=LATER),
                    scales=answered("a", 20, 5))
    assert one(whole, "everybody")["rows"][2][1:] == (ABSENT,) * 5


def attended(key, minutes):
    return Attendance(client_key=key, session_on=DAY, status="attended", minutes_planned=minutes,
                      minutes_attended=minutes)


def test_improvement_by_hours_attended():
    whole = extract(persons=clients("abc"), attendance=[attended("a", 600), attended("b", 60)],
                    scales=[*answered("a", 20, 5), *answered("b", 10, 15),
                            *answered("c", 10, 15)])
    rows = one(whole, "dose")["rows"]
    assert [row[:3] for row in rows] == [
        ("Client: phq 9, 0 to below 10 hours", "2", "0/2"),
        ("Client: phq 9, 10 to below 30 hours", "1", "1/1"),
        ("Client: phq 9, 30 to below 60 hours", "0", ABSENT),
        ("Client: phq 9, 60 hours and more", "0", ABSENT)]
    assert rows[0][6] != ABSENT


def test_a_model_of_facts_known_at_the_referral():
    persons, spans = followed_partners(24)
    days = [suffered(one.key, 10 + 7 * n) for n, one in enumerate(persons) if n % 4 or n < 4]
    earlier = [suffered(one.key, -30) for n, one in enumerate(persons) if n % 5 == 0]
    earlier += [replace(one, source="police") for one in earlier]
    told = one(extract(persons=persons, followed=spans, incidents=[*days, *earlier]), "sooner")
    assert [row[0] for row in told["rows"]] == [
        "Partner about the partner: an incident before the referral",
        "Partner about the partner: children in the family",
        "Partner about the partner: violence for two years or more"]
    assert all(float(row[2]) > 0 for row in told["rows"])
    assert told["rows"][0][1].endswith("24 of 24 people")


def test_a_fact_that_divides_all_incidents_has_no_ratio():
    persons, spans = followed_partners(12)
    days = [suffered(one.key, 20 + n) for n, one in enumerate(persons) if n % 2]
    told = one(extract(persons=[replace(one, violence_months=None) for one in persons],
                       followed=spans, incidents=days), "sooner")
    assert [row[2:] for row in told["rows"]] == [(ABSENT,) * 3]
    assert any("too cleanly" in sentence for sentence in told["warnings"])
    assert any("is known of 0 of 12" in sentence for sentence in told["warnings"])


def test_a_model_without_facts_or_incidents_is_a_sentence():
    persons, spans = followed_partners(6)
    told = one(extract(persons=[replace(one, children=None, violence_months=None)
                                for one in persons], followed=spans), "sooner")
    assert told["rows"] == ()
    assert any("is the same for all" in sentence for sentence in told["warnings"])


def others(measure, **more):
    return Comparator(name="Elsewhere", measure=measure, population="drop_outs",
                      source="an invented report", n=50, **more)


def test_our_people_beside_others_client_and_partner_apart():
    persons = [*clients("ab", violence_months=24), *clients("c", violence_months=36),
               partner("p", referred_on=DAY, needs="housing"),
               partner("q", referred_on=DAY, needs="none")]
    whole = extract(persons=persons, scales=[*answered("a", 20, 5), *answered("b", 10, 5)])
    told = one(whole, "others", comparators=[
        others("client.violence_months", mean=20.0, sd=5.0),
        others("partner.need.housing", count=5),
        others("client.phq-9@before", mean=12.0, sd=4.0), others("client.phq-9@never", count=5),
        others("client.height", mean=1.0, sd=1.0), others("freedom", count=5)])
    assert [row[:5] for row in told["rows"]] == [
        ("violence_months", "Elsewhere", "28.0 (n 3)", "20.0 (n 50)", "8.0"),
        ("phq-9@before", "Elsewhere", "15.0 (n 2)", "12.0 (n 50)", "3.0"),
        ("need.housing", "Elsewhere", "1/2", "5/50", "40.0 points")]
    said = " ".join(told["warnings"])
    for part in ("must begin with client. or partner.", "We do not record “height”", "BIASED"):
        assert part in said


def test_beside_others_of_clients_alone_no_partner_is_named():
    whole = extract(persons=clients("ab", violence_months=24))
    told = one(whole, "others", comparators=[others("client.violence_months", mean=2.0, sd=5.0)])
    assert [row[0] for row in told["rows"]] == ["violence_months"]
    assert "partner" not in " ".join(told["warnings"])


PLAN = """
[scenario.police]
says = "police work"
persons = "started"
years = 2
[scenario.police.assumption]
expected = {low = "0.5", central = "1", high = "1.5", source = "a source"}
effect = {low = "0.1", central = "0.2", high = "0.3", source = "a source"}
attribution = {low = "0.5", central = "0.5", high = "0.5", source = "a source"}
deadweight = {low = "0", central = "0", high = "0", source = "a source"}
drop_off = {low = "0", central = "0.5", high = "1", source = "a source"}
unit_cost = {unit = "domestic-abuse-police"}
"""


def of_pounds():
    return extract(persons=clients("abcd", started_on=DAY),
                   costs=[replace(cost("staff", 100_000), currency="GBP", price_year=2017)])


def test_a_saving_stands_with_every_assumption_or_not_at_all():
    plans = read_savings(PLAN, "plans.toml")
    told = one(of_pounds(), "saved-police", savings=plans)
    assert [row[0].partition(":")[0] for row in told["rows"]] == [
        "Expected", "Effect", "Attribution", "Deadweight", "Drop off", "Unit cost", "Saved",
        "Saved for each unit of money spent"]
    # 4 persons × 1 × 0.2 × 0.5 × (1 + 0.5) × £645 = £387 in the middle; £1,000 was spent.
    assert told["rows"][6][2] == "GBP 387.00 in prices of 2017"
    assert told["rows"][7][2] == "0.39"
    assert told["warnings"][0].startswith("If the assumptions hold")
    assert "not the cost of one call" in told["warnings"][1]


@pytest.mark.parametrize(("was", "becomes", "says"), [
    ('unit = "domestic-abuse-police"', 'unit = "nothing"', "there is no unit cost “nothing”"),
    ('low = "0.5", central = "1"', 'low = "many", central = "1"', "must be numbers"),
    ('low = "0.5", central = "1"', 'low = "2", central = "1"', "do not rise"),
])
def test_a_scenario_that_does_not_hold_is_a_sentence(was, becomes, says):
    told = one(of_pounds(), "saved-police",
               savings=read_savings(PLAN.replace(was, becomes, 1), "plans.toml"))
    assert told["rows"] == ()
    assert says in told["warnings"][0]


def test_a_unit_cost_in_another_currency_is_refused():
    euros = replace(of_pounds(), costs=(replace(cost("staff", 100_000), currency="EUR"),))
    told = one(euros, "saved-police", savings=read_savings(PLAN, "plans.toml"))
    assert "the ledger in EUR" in told["warnings"][0]


def test_a_scenario_with_a_row_of_its_own_for_the_unit_cost():
    own = PLAN.replace('{unit = "domestic-abuse-police"}',
                       '{low = "645", central = "645", high = "645", source = "a ledger"}')
    told = one(of_pounds(), "saved-police", savings=read_savings(own, "plans.toml"))
    assert told["rows"][6][2] == "GBP 387.00 in prices of 2017"
    assert len(told["warnings"]) == 1


@pytest.mark.parametrize(("text", "says"), [
    ("[scenario", "plans.toml cannot be read"),
    ("", "scenarios are expected under"),
    ("scenario = 1", "scenarios are expected under"),
    ("[scenario]\na = 1", "scenario a: keys are expected here"),
    (PLAN.replace("years = 2", "years = 2\nlong = 3"), "there is no key “long”"),
    (PLAN.replace('"started"', '"everybody"'), "persons: one of referred"),
    (PLAN.replace("years = 2", "years = true"), "years: a whole number"),
    ('[scenario.a]\npersons = "started"\nyears = 1', "assumption: the rows are missing"),
    (PLAN.replace('{unit = "domestic-abuse-police"}', "1"), "low, central, high and source"),
    (PLAN.replace("{unit =", "{name ="), "there is no key “name”"),
    (PLAN.replace('low = "0.5"', "low = 0.5", 1), "write it between quotes"),
    (PLAN.replace('low = "0.5", ', "", 1), "low: it is missing"),
])
def test_a_file_of_scenarios_says_what_is_wrong_and_where(text, says):
    with pytest.raises(CostError, match=says):
        read_savings(text, "plans.toml")


def test_a_row_has_a_cell_for_every_column():
    with pytest.raises(ValueError, match="1 cells under 2 columns"):
        Analysis(id="x", heading="X", says="", columns=("a", "b"), rows=(("1",),))


def test_numbers_as_they_are_written():
    assert (number(None), number(1.25, 2), ends(None), ends((0.1, 0.2), times=100)) == (
        ABSENT, "1.25", ABSENT, "10.0 to 20.0")
    tested = Tested(name="t", statistic=1.0, degrees=1, p=0.0004, method="")
    assert (p_value(None), p_value(tested), p_value(replace(tested, p=0.5)),
            p_value(replace(tested, p=None))) == (ABSENT, "below 0.001", "0.500", ABSENT)


@settings(max_examples=25, deadline=None)
@given(random_extracts())
def test_every_analysis_of_any_records_is_rows_or_a_sentence(whole):
    for told in analyses_of(whole):
        assert told["rows"] or told["warnings"]
        assert all(len(row) == len(told["columns"]) for row in told["rows"])
        assert not any("nan" in cell or "inf" in cell for row in told["rows"] for cell in row)
