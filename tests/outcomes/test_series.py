"""What is drawn of an extract: means and curves as by hand, and nothing small in a release."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings

from casewall.outcomes.extract import Answer, Attendance, Custody, Followed, Incident, Link
from casewall.outcomes.series import series_of
from casewall.outcomes.series.incidents import watched_to
from casewall.outcomes.series.words import in_order, plain, scale_words
from casewall.pages.charts.told import series_drawing
from tests.spec.cohort import client, cost, extract, partner, random_extracts, score

DAY = date(2014, 1, 1)


def one(series, kind):
    [found] = [series for series in series if series["kind"] == kind]
    return found


def test_client_and_partner_never_share_a_line():
    whole = extract(scales=[
        score("p", "abuse-experienced.violence", "before", 80.0),
        score("p", "abuse-experienced.violence", "after", 30.0),
        score("c", "abuse-used.violence", "before", 40.0, source="client", side="programme"),
        score("c", "abuse-used.violence", "after", 35.0, source="client", side="programme"),
    ])
    rows = one(series_of(whole), "change")["rows"]
    assert [(row["label"], row["who"], row["first"]["value"], row["change"]) for row in rows] == [
        ("Abuse: violence", "Client", 40.0, -5.0), ("Abuse: violence", "Partner", 80.0, -50.0)]


def test_only_those_who_answered_both_times_are_in_a_change():
    whole = extract(scales=[
        score("a", "safety", "before", 20.0), score("a", "safety", "after", 30.0),
        score("b", "safety", "before", 40.0), score("b", "safety", "after", 60.0),
        score("c", "safety", "before", 90.0), score("c", "safety", "after", None)])
    [row] = one(series_of(whole), "change")["rows"]
    assert (row["first"]["value"], row["second"]["value"], row["change"]) == (30.0, 45.0, 15.0)
    assert row["counted"] == "2 of 3 asked"
    # Differences of 10 and 20: mean 15, standard error 5, t with 1 degree of freedom 12.706.
    assert (row["low"], row["high"]) == (-48.5, 78.5)
    assert (row["first"]["low"], row["second"]["high"]) == (0.0, 100.0)


def test_scales_of_another_length_stand_in_a_chart_of_their_own():
    whole = extract(scales=[
        score("a", "quality-of-life", "before", 8.0), score("a", "quality-of-life", "after", 12.0),
        score("a", "safety", "before", 50.0), score("a", "safety", "after", 50.0)])
    drawn = [series for series in series_of(whole) if series["kind"] == "change"]
    assert [(series["maximum"], len(series["rows"])) for series in drawn] == [(100.0, 1), (20.0, 1)]


def test_lines_over_time_need_three_time_points():
    waves = ("before", "middle", "after")
    whole = extract(scales=[score("a", "safety", wave, 10.0 * n) for n, wave in enumerate(waves)])
    lines = one(series_of(whole), "waves")
    assert [point["value"] for point in lines["lines"][0]["points"]] == [0.0, 10.0, 20.0]
    assert lines["waves"] == ["Before (T1)", "In the middle (T2)", "After (T3)"]


def followed(key: str, days: int, role: str = "partner", source: str = "partner") -> Followed:
    return Followed(key=key, role=role, side="safety", source=source, first_on=DAY,
                    last_on=DAY + timedelta(days))


def incident(key: str, days: int, role: str = "partner", source: str = "partner") -> Incident:
    return Incident(key=key, role=role, side="safety", source=source, form="threats",
                    happened_on=DAY + timedelta(days))


def test_a_curve_falls_by_hand():
    """Of four followed for 200 days, one has an incident on day 50 and one leaves on day 100;
    another has one on day 150: 3/4 after the first, then 3/4 × 1/2."""
    whole = extract(
        persons=[partner(key, referred_on=DAY) for key in "abcdx"],
        followed=[followed("a", 200), followed("b", 100), followed("c", 200), followed("d", 200)],
        incidents=[incident("a", 50), incident("a", 60), incident("c", 150), incident("b", 120),
                   incident("d", 0), incident("x", 10)])
    survival = one(series_of(whole), "survival")
    [curve] = survival["curves"]
    assert [(step[0], step[1]) for step in curve["steps"]] == [
        (0.0, 100.0), (50.0, 75.0), (150.0, 37.5)]
    assert (curve["label"], curve["at_risk"], curve["until"]) == (
        "Partners themselves", [4, 1, 0], 200.0)
    assert "4 of 5 followed from the referral" in survival["description"]
    assert "100%" in series_drawing(survival).rows[0][2]


def test_days_of_custody_are_taken_off_the_clock():
    whole = extract(
        persons=[partner("p", referred_on=DAY), client("c", referred_on=DAY)],
        links=[Link(partner_key="p", client_key="c")],
        custody=[Custody(client_key="c", first_on=DAY + timedelta(11),
                         last_on=DAY + timedelta(20))],
        followed=[followed("p", 100), followed("c", 100, "client", "police")],
        incidents=[incident("p", 50), incident("c", 60, "client", "police")])
    curves = one(series_of(whole), "survival")["curves"]
    assert {curve["label"]: curve["steps"][-1][0] for curve in curves} == {
        "Partners themselves": 40.0, "Police about clients": 50.0}


@pytest.mark.parametrize(("spans", "last"), [
    ([], None),
    ([(2, 9)], None),
    ([(1, 5), (6, 9)], 9),
    ([(6, 9), (-4, 5)], 9),
    ([(1, 5), (7, 9)], 5),
    ([(-9, 0)], None),
])
def test_following_ends_at_the_first_gap(spans, last):
    days = [(DAY + timedelta(a), DAY + timedelta(b)) for a, b in spans]
    assert watched_to(days, DAY) == (None if last is None else DAY + timedelta(last))


def answer(key: str, item: str, code: str | None, wave: str = "after") -> Answer:
    return Answer(key=key, side="safety", source="partner", measure="feedback-partner",
                  item=f"feedback-partner-{item}", wave=wave, code=code)


def test_answers_are_counted_at_the_last_time_point_and_silence_is_no_answer():
    whole = extract(answers=[
        answer("a", "safer", "no", "middle"), answer("a", "safer", "yes"),
        answer("b", "safer", "no"), answer("c", "safer", None),
        answer("d", "safer", "prefer-not-to-say"),
        answer("a", "children-safer", "no-children"), answer("b", "children-safer", "yes"),
        answer("a", "unanswered", None)])
    first, second = (series for series in series_of(whole) if series["kind"] == "stacked")
    assert (first["answers"], first["rows"][0]["counts"]) == (["Yes", "No", "No children"],
                                                              [1, 0, 1])
    assert (second["rows"][0]["label"], second["rows"][0]["counts"]) == ("Safer", [1, 1])
    assert second["rows"][0]["note"] == "After (T3); 2 asked in vain"
    assert first["title"] != second["title"]


def test_answers_of_no_known_kind_keep_their_own_chart():
    whole = extract(answers=[answer("a", "colour", "red"), answer("b", "colour", "blue")])
    assert one(series_of(whole), "stacked")["answers"] == ["Blue", "Red"]


def test_questions_with_too_many_answers_are_left_out():
    whole = extract(answers=[answer(f"k{n}", "days", str(n)) for n in range(9)])
    assert series_of(whole) == []


def test_hours_are_of_those_who_started():
    persons = [client("a", started_on=DAY), client("b", started_on=DAY), client("c")]
    rows = [Attendance(client_key=key, session_on=DAY, status="present", minutes_planned=minutes,
                       minutes_attended=minutes) for key, minutes in (("a", 600), ("c", 9000))]
    longest = [replace(row, client_key="b", minutes_attended=3601) for row in rows[:1]]
    most = one(series_of(extract(persons=persons, attendance=longest)), "bars")["bars"][-1]
    assert (most["value"], most["numerator"]) == (50.0, 1)
    bars = one(series_of(extract(persons=persons, attendance=rows)), "bars")["bars"]
    assert [(bar["label"], bar["numerator"], bar["denominator"]) for bar in bars] == [
        ("None", 1, 2), ("Up to 10 hours", 1, 2), ("More than 10 and up to 30 hours", 0, 2),
        ("More than 30 and up to 60 hours", 0, 2), ("More than 60 hours", 0, 2)]
    assert series_of(extract(persons=persons)) == []


def test_money_stands_by_currency_and_year_and_what_is_not_counted_last():
    whole = extract(costs=[cost("rent", 50_000, included=False), cost("wages", 10_000),
                           cost("wages", 5_000), cost("travel", 0),
                           cost("old", 100, currency="DKK", price_year=0),
                           cost("nothing", 0, currency="SEK")])
    danish, euros = series_of(whole)
    assert danish["title"] == "Costs by category, in DKK, price year not stated"
    assert [(bar["label"], bar["value"]) for bar in euros["bars"]] == [
        ("wages", 150.0), ("rent (not counted)", 500.0)]


def test_little_is_withheld_from_a_release():
    keys = [f"k{n}" for n in range(9)]
    whole = extract(
        persons=[*(partner(key, referred_on=DAY) for key in keys), client("c", started_on=DAY)],
        scales=[score(key, "safety", wave, 50.0) for key in keys
                for wave in ("before", "middle", "after")],
        answers=[answer(key, "safer", "yes") for key in keys],
        followed=[followed(key, 400) for key in keys],
        attendance=[Attendance(client_key="c", session_on=DAY, status="present",
                               minutes_planned=60, minutes_attended=60)])
    out = series_of(whole, release=True)
    assert [series["kind"] for series in out] == ["change", "change", "stacked", "bars"]
    assert all(row["first"] is None and row["change"] is None
               for series in out[:2] for row in series["rows"])
    assert out[2]["rows"][0]["counts"] is None
    assert {bar["value"] for bar in out[3]["bars"]} == {None}
    assert out[0]["rows"][0]["counted"] == "10 of 10 asked"


def test_a_release_is_rounded_and_curves_end_where_few_are_followed():
    keys = [f"k{n}" for n in range(42)]
    whole = extract(
        persons=[*(partner(key, referred_on=DAY) for key in keys),
                 *(client(key, started_on=DAY) for key in keys)],
        scales=[score(key, "safety", wave, 50.0 if wave == "before" else 55.5)
                for key in keys for wave in ("before", "after")],
        answers=[answer(key, "safer", "yes" if n < 31 else "no") for n, key in enumerate(keys)],
        followed=[followed(key, 400 if n < 25 else 190) for n, key in enumerate(keys)],
        incidents=[incident("k1", 20)],
        attendance=[Attendance(client_key=key, session_on=DAY, status="present",
                               minutes_planned=60, minutes_attended=60) for key in keys])
    out = {series["kind"]: series for series in series_of(whole, release=True)}
    row = out["change"]["rows"][0]
    assert (row["second"]["value"], row["change"], row["counted"]) == (56.0, 6.0, "40 of 40 asked")
    assert out["stacked"]["rows"][0]["counts"] == [30, 10]
    [curve] = out["survival"]["curves"]
    assert (curve["until"], curve["at_risk"], curve["steps"][-1][:2]) == (
        183, [40, 40, 25, "0–7"][:len(curve["at_risk"])], [183, 98.0])
    assert [bar["value"] for bar in out["bars"]["bars"]] == [None, 100.0, None, None, None]


@settings(max_examples=60, deadline=None)
@given(random_extracts())
def test_whatever_is_told_can_be_written_as_json_and_drawn(whole):
    for release in (False, True):
        for told in json.loads(json.dumps(series_of(whole, release=release), allow_nan=False)):
            assert series_drawing(told).rows


def test_words():
    assert scale_words("use-days.alcohol") == "Use days: alcohol"
    assert plain("") == ""
    assert in_order(["no", "zebra", "yes", "10", "2"]) == ["yes", "no", "zebra", "2", "10"]
