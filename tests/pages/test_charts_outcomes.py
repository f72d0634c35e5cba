"""The charts of outcomes: flow, change by source, survival, stacked answers; and from JSON."""

import json
import re
from xml.etree import ElementTree

import pytest

from casewall.pages.charts import (
    Box,
    Change,
    Curve,
    Moment,
    Point,
    Stack,
    change_chart,
    flow_diagram,
    stacked_chart,
    standalone,
    survival_chart,
)
from casewall.pages.charts.survival import Step, Tick
from casewall.pages.charts.told import (
    CannotDraw,
    cost_drawings,
    drawings,
    flow_drawing,
    series_drawing,
)

NAMED = {"title": "Title", "description": "Description"}
TICKS = [Tick(0, "0"), Tick(183, "6 months"), Tick(365, "12")]


def flow(*boxes: Box, moments: tuple[Moment, ...] = ()):
    return flow_diagram(**NAMED, boxes=boxes, moments=moments)


def change(*changes: Change, **scale):
    return change_chart(**NAMED, first="Before", second="After", changes=changes, **scale)


def survival(*curves: Curve, ticks=TICKS):
    return survival_chart(**NAMED, curves=curves, ticks=ticks)


def stacked(*stacks: Stack, answers=("Yes", "No")):
    return stacked_chart(**NAMED, answers=answers, stacks=stacks)


FLOW = flow(
    Box("Referred <b>", 1392, [("not reached", 60), ("declined", 2)], "3 without a record"),
    Box("Spoken to", "0–7", [("other reasons, together", "0–7")]), Box("Started", 1),
    moments=(Moment("After (T3)", 30, [("unsafe to ask", 4)], 1358),
             Moment("Later", "0–7", [("no reply", "0–7")], 1385), Moment("Nobody", 0, [], 0),
             Moment("Everybody", 3, [("silent", 0)], 0)))
WITHOUT_LOSS = flow(Box("Referred", 5), Box("Started", 5))
CHANGE = change(
    Change("Abuse", "Client", Point(40, 30, 50), Point(35), -5, -9, -1, "27 of 71 asked"),
    Change("Abuse", "Partner", Point(80), Point(80), 0), Change("Safety", "Partner", None, None))
SURVIVAL = survival(
    Curve("Partners themselves", [Step(0, 100), Step(50, 75, 60, 88), Step(400, 10)],
          [40, 30, "0–7"], 420),
    Curve("Police about clients, as a long label", [Step(0, 100, 99, 100)], [2000, 9, 0], 300))
STACKED = stacked(Stack("Safer", [18, 8], "20 asked in vain"), Stack("Hidden", None),
                  Stack("None", [0, 0]), answers=("Yes & more", "No"))
ALL = [FLOW, WITHOUT_LOSS, CHANGE, SURVIVAL, STACKED]


@pytest.mark.parametrize("drawing", ALL)
def test_a_chart_is_named_described_and_has_a_whole_table(drawing):
    root = ElementTree.fromstring(standalone(drawing))  # noqa: S314 (our own text)
    title, description, *_ = list(root)
    assert root.attrib["aria-labelledby"].split() == [title.attrib["id"], description.attrib["id"]]
    assert (title.text, description.text) == ("Title", "Description")
    assert {len(row) for row in drawing.rows} == {len(drawing.columns)}


@pytest.mark.parametrize("drawing", ALL)
def test_a_chart_obeys_the_content_policy_and_its_ids_are_its_own(drawing):
    assert "style" not in drawing.svg
    assert "\x00" not in drawing.svg
    ids = re.findall(r'id="([^"]+)"', drawing.svg)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r"url\(#([^)]+)\)", drawing.svg)) <= set(ids)


def test_a_flow_says_who_was_lost_and_why():
    assert "Referred &lt;b&gt;" in FLOW.svg
    assert "Lost here: 62" in FLOW.svg
    assert FLOW.rows[0] == ("Referred <b>", "1,392", "62", "not reached 60; declined 2",
                            "3 without a record")
    assert FLOW.rows[1][2:4] == ("0–7", "other reasons, together 0–7")
    assert FLOW.rows[3] == ("Answered: After (T3)", "30", "4", "unsafe to ask 4",
                            "Not asked: 1,358")
    assert "0 asked in vain" in FLOW.svg


def test_a_hidden_number_gives_no_length_of_an_answer_away():
    one = flow(Box("A", 9), moments=(Moment("After", 30, [("silent", "0–7")], 5),))
    other = flow(Box("A", 9), moments=(Moment("After", 90, [("silent", "0–7")], 5),))
    assert re.findall(r"<rect[^>]*>", one.svg) == re.findall(r"<rect[^>]*>", other.svg)


def test_a_flow_needs_a_box():
    with pytest.raises(ValueError, match="at least one box"):
        flow()


def test_a_change_says_both_ends_with_a_sign():
    assert "Client: 40 → 35, change −5" in CHANGE.svg
    assert CHANGE.rows[0] == ("Abuse", "Client", "40", "35", "−5", "-9 to -1", "27 of 71 asked")
    assert CHANGE.rows[1][4] == "0"
    assert CHANGE.rows[2][2:5] == ("not shown", "not shown", "not shown")
    assert "+3" in change(Change("A", "Client", Point(1), Point(4), 3)).svg


def test_sources_differ_in_marker_and_not_in_colour_alone():
    assert '<rect x="-6"' in CHANGE.svg
    assert '<circle r="6" fill="#0f4f52"' in CHANGE.svg


@pytest.mark.parametrize(("given", "scale", "sentence"), [
    ([Change("A", "x", Point(101), Point(1))], {}, "A: 101 is outside the scale 0 to 100"),
    ([], {"minimum": 3, "maximum": 3}, "scale from 3 to 3 is empty"),
    ([Change("A", who, None, None) for who in "abcde"], {}, "5 sources cannot be told apart"),
])
def test_a_change_that_does_not_fit_is_refused(given, scale, sentence):
    with pytest.raises(ValueError, match=sentence):
        change(*given, **scale)


def test_a_curve_is_read_at_its_marks():
    assert SURVIVAL.rows[0] == ("Partners themselves", "0", "100%", "", "40")
    assert SURVIVAL.rows[1] == ("Partners themselves", "6 months", "75%", "60 to 88%", "30")
    assert SURVIVAL.rows[5][2] == "nobody followed so long"
    assert SURVIVAL.rows[3][4] == "2,000"
    assert "fill-opacity" in SURVIVAL.svg
    assert "stroke-dasharray" in SURVIVAL.svg


@pytest.mark.parametrize(("curves", "ticks", "sentence"), [
    ([Curve("A", [Step(0, 50), Step(1, 60)], [1, 1, 1], 9)], TICKS, "A: 60 does not follow 50"),
    ([Curve("A", [Step(1, 50)], [1, 1, 1], 9)], TICKS, "A: the curve does not begin at 0"),
    ([Curve("A", [], [1, 1, 1], 9)], TICKS, "A: the curve does not begin at 0"),
    ([Curve("A", [Step(0, 100)], [1], 9)], TICKS, "A: 1 numbers for 3 ticks"),
    ([Curve("A", [Step(0, 100)], [1, 1, 1], 9)] * 5, TICKS, "5 curves cannot be told apart"),
    ([], TICKS[:1], "needs a second tick"),
    ([], TICKS[1:], "begins at 0"),
])
def test_curves_that_do_not_fit_are_refused(curves, ticks, sentence):
    with pytest.raises(ValueError, match=sentence):
        survival(*curves, ticks=ticks)


def test_answers_are_told_apart_by_pattern_and_counted():
    assert "<pattern" in STACKED.svg
    assert STACKED.rows[0] == ("Safer", "18 (69.2%)", "8 (30.8%)", "26", "20 asked in vain")
    assert STACKED.rows[1] == ("Hidden", "not shown", "not shown", "", "")
    assert STACKED.rows[2] == ("None", "0", "0", "0", "")
    assert "Yes &amp; more" in STACKED.svg


@pytest.mark.parametrize(("stacks", "answers", "sentence"), [
    ([], (), "between 1 and 7 answers"),
    ([], tuple("abcdefgh"), "between 1 and 7 answers"),
    ([Stack("A", [1])], ("Yes", "No"), "A: 1 counts for 2 answers"),
])
def test_stacks_that_do_not_fit_are_refused(stacks, answers, sentence):
    with pytest.raises(ValueError, match=sentence):
        stacked(*stacks, answers=answers)


# --- from plain data ---------------------------------------------------------------------------

TOLD_FLOW = {
    "role": "client", "title": "Flow of clients", "released": False,
    "steps": [{"key": "referred", "label": "Referred", "count": 5, "unrecorded": 0,
               "lost": [{"reason": "declined", "count": 2}]},
              {"key": "started", "label": "Started", "count": 3, "unrecorded": 1, "lost": []}],
    "answers": [{"key": "after", "label": "After", "answered": 1, "not_asked": 3,
                 "silent": [{"reason": "no reply", "count": 1}]}],
}
TOLD = [
    {"kind": "change", **NAMED, "first": "Before", "second": "After",
     "rows": [{"label": "A", "who": "Client", "first": {"value": 1}, "second": {"value": 2},
               "change": 1}]},
    {"kind": "waves", **NAMED, "waves": ["Before", "After"],
     "lines": [{"label": "A", "points": [None, {"value": 3, "low": 1, "high": 4, "n": 9}]}]},
    {"kind": "survival", **NAMED, "ticks": [[0, "0"], [183, "6 months"]],
     "curves": [{"label": "A", "steps": [[0, 100, None, None], [9, 50, 40, 60]],
                 "at_risk": [9, 1], "until": 200}]},
    {"kind": "bars", **NAMED, "unit": "EUR", "bars": [{"label": "Wages", "value": 9.5}]},
    {"kind": "stacked", **NAMED, "answers": ["Yes"], "rows": [{"label": "A", "counts": [3]}]},
]


def test_what_a_report_tells_is_drawn():
    made = drawings([TOLD_FLOW], json.loads(json.dumps(TOLD)))
    assert [drawing.title for drawing in made] == ["Flow of clients", *["Title"] * 5]
    assert made[0].rows[1][4] == "1 of them without a record of this step"
    assert "rounded to 5" not in made[0].description
    assert "rounded to 5" in flow_drawing({**TOLD_FLOW, "released": True}).description


@pytest.mark.parametrize(("draw", "told", "sentence"), [
    (series_drawing, {"kind": "pie"}, "there is no chart called 'pie'"),
    (series_drawing, [], "there is no chart called 'None'"),
    (series_drawing, {"kind": "bars"}, "the chart has no 'bars'"),
    (series_drawing, {**TOLD[3], "bars": [{"label": "A", "value": -1}]}, "outside the scale"),
    (series_drawing, {**TOLD[2], "curves": 3}, "cannot be drawn"),
    (flow_drawing, {"steps": []}, "the chart has no 'answers'"),
    (flow_drawing, None, "cannot be drawn"),
])
def test_what_is_no_chart_is_refused_in_a_sentence(draw, told, sentence):
    with pytest.raises(CannotDraw, match=sentence):
        draw(told)


def test_costs_per_person_stand_beside_each_other():
    def figure(name, unit="EUR per person", **more):
        return {"label": name, "unit": unit, "value": 10.0, "denominator": 4, **more}

    [drawing] = cost_drawings([
        figure("A"), figure("B", value=None, denominator=None), figure("C", "percent"),
        figure("D"), figure("E", None)])
    assert (drawing.title, [row[0] for row in drawing.rows]) == (
        "Cost per person, in EUR", ["A", "B"])
    assert drawing.rows[0][1:3] == ("10 EUR", "n = 4")
