"""The flow diagrams: nobody is lost from the sums, and a release gives no small number away."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casewall.outcomes.extract import Answer
from casewall.outcomes.flow import (
    ALL_REASONS,
    NO_END,
    NO_REASON,
    NO_RECORD,
    OTHER,
    Flow,
    FlowError,
    Loss,
    Step,
    TimePoint,
    as_dict,
    boxes,
    client_flow,
    partner_flow,
    recoverable,
    released,
)
from casewall.outcomes.suppress import Cell
from tests.spec.cohort import (
    client,
    extract,
    partner,
    published_cohort,
    random_extracts,
    score,
)

DAY = date(2014, 3, 1)


def counts(flow: Flow) -> dict[str, object]:
    return {step.key: step.count for step in flow.steps}


def lost(flow: Flow, key: str) -> dict[str, object]:
    [step] = [step for step in flow.steps if step.key == key]
    return {loss.reason: loss.count for loss in step.lost}


def test_every_client_is_in_the_next_box_or_among_the_lost_with_a_reason():
    flow = client_flow(extract(persons=[
        client("a", contact="not_tried"),
        client("b", contact="not_reached"),
        client("c", contact="unsafe"),
        client("d", contact="declined"),
        client("e"),
        client("f", assessed_on=DAY, exited_on=DAY, exit_reason="not_suitable"),
        client("g", assessed_on=DAY, suitable_on=DAY, started_on=DAY, exited_on=DAY),
        client("h", assessed_on=DAY, suitable_on=DAY, started_on=DAY, completed_on=DAY),
    ]))
    assert counts(flow) == {"referred": 8, "contacted": 5, "engaged": 4, "assessed": 3,
                            "suitable": 2, "started": 2, "completed": 1}
    assert lost(flow, "referred") == {
        "contact not tried": 1, "not reached": 1, "unsafe to contact": 1}
    assert lost(flow, "contacted") == {"declined": 1}
    assert lost(flow, "engaged") == {NO_END: 1}
    assert lost(flow, "assessed") == {"left: not suitable": 1}
    assert lost(flow, "started") == {NO_REASON: 1}
    assert lost(flow, "completed") == {}


def test_a_step_that_was_passed_without_a_record_is_counted_and_said():
    flow = client_flow(extract(persons=[
        client("a", contact="not_reached", started_on=DAY), client("b", assessed_on=DAY)]))
    assert counts(flow) == {"referred": 2, "contacted": 2, "engaged": 2, "assessed": 2,
                            "started": 1, "completed": 0}
    assert {step.key: step.unrecorded for step in flow.steps} == {
        "referred": 0, "contacted": 1, "engaged": 1, "assessed": 1, "started": 0, "completed": 0}


def test_only_referrals_of_the_period_count_and_a_person_once():
    flow = partner_flow(extract(persons=[
        partner("a", contact="not_reached"), partner("a", referred_on=date(2014, 5, 1)),
        partner("b", referred_on=date(2020, 1, 1)), client("a")]))
    assert counts(flow) == {"referred": 1, "contacted": 1, "engaged": 1}


def test_each_time_point_accounts_for_everybody():
    flow = partner_flow(extract(
        persons=[partner(key) for key in "abcde"],
        scales=[score("a", "safety", "before", 50.0),
                score("b", "safety", "before", None, not_answered_reason="unsafe to ask"),
                score("b", "freedom", "before", None),
                score("c", "safety", "before", None),
                score("d", "safety", "before", 50.0, source="client"),
                score("x", "safety", "before", 50.0)],
        answers=[Answer(key="c", side="safety", source="partner", measure="m", item="i",
                        wave="before", code=None),
                 Answer(key="e", side="safety", source="partner", measure="m", item="i",
                        wave="after", code="yes")]))
    before, after = flow.answers
    assert (before.key, before.answered, before.not_asked) == ("before", 1, 2)
    assert {loss.reason: loss.count for loss in before.silent} == {
        "unsafe to ask": 1, NO_RECORD: 1}
    assert (after.key, after.answered, after.silent, after.not_asked) == ("after", 1, (), 4)


def test_a_flow_of_nobody_has_boxes_of_nobody():
    assert counts(client_flow(extract())) == {"referred": 0, "contacted": 0, "engaged": 0}


def test_boxes_that_do_not_add_up_are_refused():
    steps = (Step("referred", "Referred", 5, (Loss("why", 1),)), Step("contacted", "Spoken to", 3))
    with pytest.raises(FlowError, match="Referred: it is not the next box plus those lost"):
        Flow("client", "Flow", steps, ())
    point = TimePoint("after", "After", 2, (), 1)
    with pytest.raises(FlowError, match="After: it does not account for everybody"):
        Flow("client", "Flow", steps[1:], (replace(point, not_asked=5),))


@given(random_extracts())
def test_nobody_is_lost_from_the_sums(whole):
    for flow in (client_flow(whole), partner_flow(whole)):
        people = {person.key for person in whole.persons if person.role == flow.role
                  and whole.period_from <= person.referred_on <= whole.period_to}
        assert flow.steps[0].count == len(people)
        gone = sum(loss.count for step in flow.steps for loss in step.lost)
        assert gone + flow.steps[-1].count == len(people)
        for point in flow.answers:
            silent = sum(loss.count for loss in point.silent)
            assert point.answered + silent + point.not_asked == len(people)


def chain(ends: list[int], reasons: list[list[int]], silent: list[int]) -> Flow:
    """A flow of as many steps as there are lists of reasons, and one time point."""
    steps, here = [], ends[0]
    for number, these in reversed(list(enumerate(reasons))):
        lost_here = tuple(Loss(f"r{n}", count) for n, count in enumerate(these) if count)
        here += sum(these)
        steps.insert(0, Step(f"s{number}", "Step", here, lost_here))
    steps.append(Step("last", "Last", ends[0]))
    kept = [min(count, steps[0].count) for count in silent][:1]
    point = TimePoint("after", "After", steps[0].count - sum(kept),
                      tuple(Loss("silent", count) for count in kept if count), 0)
    return Flow("client", "Flow", tuple(steps), (point,))


FLOWS = st.builds(
    chain, st.lists(st.integers(0, 60), min_size=1, max_size=1),
    st.lists(st.lists(st.integers(0, 30), max_size=5), min_size=1, max_size=4),
    st.lists(st.integers(0, 20), max_size=1))


@settings(max_examples=300)
@given(FLOWS)
def test_no_box_of_a_released_flow_can_be_worked_out(flow):
    out = released(flow)
    assert recoverable(out) == []
    shown = [step.count for step in out.steps]
    assert shown == [Cell(step.count).shown for step in flow.steps]
    for step in out.steps:
        assert not step.lost or step.lost[-1].reason in (OTHER, ALL_REASONS)


def test_a_reason_of_few_is_not_even_named():
    flow = client_flow(extract(persons=[
        *(client(f"n{n}", contact="not_reached") for n in range(12)),
        client("u", contact="unsafe"), *(client(f"e{n}") for n in range(41))]))
    out = released(flow)
    assert counts(out) == {"referred": 55, "contacted": 40, "engaged": 40}
    assert lost(out, "referred") == {"not reached": 10, OTHER: "0–7"}
    assert lost(out, "contacted") == {OTHER: "0–7"}
    assert as_dict(out)["steps"][0]["lost"][0] == {"reason": "not reached", "count": 10}


def test_reasons_are_put_together_where_rounding_alone_would_give_them_away():
    # Four parts of 8 are each shown as 10, their sum of 32 as 30: only 8 each can be that.
    flow = chain([8], [[8, 8, 8]], [])
    assert lost(released(flow), "s0") == {ALL_REASONS: 25}


def test_reasons_are_left_out_where_even_together_they_would_give_a_box_away():
    # What is shown as 25 and 10 makes at least 31, what is shown as 10, 10 and 0–7 at most 31.
    flow = Flow("client", "Flow", (Step("s0", "First", 31, (Loss("why", 23),)),
                                   Step("last", "Last", 8)),
                (TimePoint("after", "After", 12, (Loss("r", 4), Loss("s", 3)), 12),))
    out = released(flow)
    assert counts(out) == {"s0": 30, "last": 10}
    assert (lost(out, "s0"), out.answers) == ({}, ())
    assert recoverable(out) == []


def test_a_flow_is_released_once():
    with pytest.raises(FlowError, match="rounding twice"):
        released(released(client_flow(extract(persons=[client("a")]))))


def test_every_shown_number_is_of_those_whose_records_it_counts():
    people = published_cohort()
    for exact in (client_flow(people), partner_flow(people)):
        for one in boxes(exact, people):
            assert one.count == len(one.who), one.name
        shown = {one.name: one for one in boxes(released(exact), people)}
        assert {name for name in shown if name.endswith(OTHER)}
        for name, one in shown.items():
            assert Cell(len(one.who)).shown == one.count, name
    assert {who.partition(":")[0] for who in shown[f"partner: {exact.steps[0].key}"].who} == {
        "partner"}  # fmt: skip


def test_time_points_that_were_left_out_have_no_boxes():
    people = published_cohort()
    exact = partner_flow(people)
    waves = {one.name for one in boxes(exact, people)} - {
        one.name for one in boxes(replace(exact, answers=()), people)}
    assert waves
    assert {point.key for point in exact.answers if any(
        name.endswith(f"{point.key} answered") for name in waves)} == {
        point.key for point in exact.answers}
