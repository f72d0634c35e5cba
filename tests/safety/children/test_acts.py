"""Every write about children: allowed, refused, sent twice, changed meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest

from casewall.safety.children import actions
from casewall.safety.children.models import (
    Arrangement,
    Child,
    ChildAdult,
    ChildAttendance,
    ChildConsent,
    ChildSafeguarding,
    ChildSession,
    ChildSupport,
    PlanStatus,
)
from casewall.safety.children.rules import (
    Asked,
    Came,
    Concern,
    Consent,
    ConsentBy,
    EndReason,
    GoalState,
    Of,
    Plan,
    ReferralOutcome,
    Relationship,
    Threshold,
    Told,
    Work,
)
from casewall.safety.partners.models import Partner, PartnerFile
from casewall.safety.pulled.models import PulledCase, PulledChild, PulledDeclaration
from casewall.wall.decide import Refused, StaleEdit
from tests.safety.children.conftest import SERVICE, TODAY, Family

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
REFERRAL = {"concern": Concern.HARM, "threshold": Threshold.SIGNIFICANT_HARM,
            "made_to": "Invented Care", "made_on": TODAY, "reason": "Seen.", "consented": True}


def test_whoever_has_no_duty_writes_nothing(family: Family) -> None:
    support = family.supported()
    child, officer, coordinator = support.child, family["officer"], family["coordinator"]
    link, = family.seen("manager", ChildAdult)
    refused: list[Callable[[], object]] = [
        lambda: family.child(by="officer"),
        lambda: actions.correct_child(
            child=child, person=actions.Person(), version=1, by=officer),
        lambda: actions.mark_same(child=child, other=None, version=1, by=officer),
        lambda: actions.mark_same(child=child, other=None, version=1, by=family["partner"]),
        lambda: actions.link_adult(child=child, adult_name="X", on=TODAY, by=officer,
                                   relationship=Relationship.OTHER),
        lambda: actions.end_link(link=link, on=TODAY, version=1, by=officer),
        lambda: actions.state_arrangement(
            link=link, answers=[(Of.CONTACT, "none")], since=TODAY, by=officer),
        lambda: actions.record_plan(child=child, plan=Plan.NONE, since=TODAY, by=officer),
        lambda: actions.answer_children(
            file=family.file, answer=Asked.SOME, asked_on=TODAY, by=officer),
        lambda: actions.refer_child(child=child, by=officer, **REFERRAL),
        lambda: actions.ask_support(child=child, on=TODAY, by=officer),
        lambda: actions.take_child(support=support, by=coordinator),
        lambda: actions.record_consent(
            support=support, consent_by=ConsentBy.AUTHORITY, said=Consent.GIVEN, said_on=TODAY,
            authority="X", by=coordinator),
        lambda: actions.begin_work(support=support, on=TODAY, by=coordinator),
        lambda: actions.end_work(support=support, on=TODAY, version=3, by=coordinator,
                                 reason=EndReason.MOVED_AWAY),
        lambda: actions.set_goal(support=support, goal="X", on=TODAY, by=coordinator),
        lambda: actions.hold_session(kind=Work.ONE_TO_ONE, held_on=TODAY, minutes=60,
                                     came={support: Came.ATTENDED}, by=coordinator),
        lambda: actions.open_group(name="X", service=SERVICE, begins_on=TODAY, by=coordinator,
                                   compartment=child.compartment),
        lambda: actions.allocate_child(support=support, worker=family["colleague"].worker,
                                       version=support.version, by=family["children"]),
        lambda: actions.allocate_child(support=support, worker=family["partner"].worker,
                                       version=support.version, by=family["manager"]),
    ]
    for act in refused:
        with pytest.raises(Refused, match=r"may not|Coordination decides|A safety manager|Choose"):
            act()


def test_the_same_form_sent_twice_makes_one_record(family: Family) -> None:
    support = family.supported()
    child, by, worker = support.child, family["partner"], family["children"]
    link, = family.seen("manager", ChildAdult)
    ids = {name: uuid4() for name in "abcdefg"}
    for _ in range(2):
        actions.record_plan(
            child=child, plan=Plan.EARLY_HELP, since=TODAY, form=ids["a"], by=by)
        actions.refer_child(child=child, form=ids["b"], by=by, **REFERRAL)
        actions.state_arrangement(link=link, since=TODAY, form=ids["c"], by=by,
                                  answers=[(Of.CONTACT, "none"), (Of.LIVES_WITH, "yes")])
        actions.link_adult(child=child, adult_name="Invented Gran", on=TODAY, form=ids["d"],
                           relationship=Relationship.GRANDPARENT, on_file=family.file, by=by)
        actions.link_adult(child=child, case_id=family.case.pk, on=TODAY, by=by,
                           relationship=Relationship.PARENT)
        actions.hold_session(kind=Work.ONE_TO_ONE, held_on=TODAY, minutes=60, form=ids["e"],
                             came={support: Came.ATTENDED}, by=worker)
        actions.record_consent(support=support, consent_by=ConsentBy.AUTHORITY, form=ids["f"],
                               said=Consent.GIVEN, said_on=TODAY, authority="Court", by=worker)
        actions.ask_support(child=child, on=TODAY, by=by)
        actions.begin_work(support=support, on=TODAY, by=worker)
    number = {model: len(family.seen("manager", model)) for model in (
        PlanStatus, ChildSafeguarding, Arrangement, ChildAdult, ChildSession, ChildAttendance,
        ChildConsent, ChildSupport)}
    assert list(number.values()) == [1, 1, 3, 3, 1, 1, 2, 1]


def test_a_plan_and_an_arrangement_are_never_written_over(family: Family) -> None:
    child = family.child()
    for plan, on in ((Plan.PROTECTION_PLAN, YESTERDAY), (Plan.NONE, TODAY)):
        actions.record_plan(child=child, plan=plan, since=on, by=family["partner"])
    assert {row.plan for row in family.seen("manager", PlanStatus)} == {
        "protection_plan", "none"}
    with pytest.raises(Refused, match="no plan can hold long before"):
        actions.record_plan(child=child, plan=Plan.NONE, since=TODAY - timedelta(days=9000),
                            by=family["partner"])


def test_whoever_changed_first_is_not_written_over(family: Family) -> None:
    support = family.supported()
    child = support.child
    actions.correct_child(child=child, person=actions.Person(given_name="New"), version=1,
                          by=family["partner"])
    goal = actions.set_goal(support=support, goal="Sleep", on=TODAY, by=family["children"])
    actions.move_goal(goal=goal, state=GoalState.PARTLY, on=TODAY, version=1,
                      by=family["children"])
    referral = actions.refer_child(child=child, by=family["partner"], **REFERRAL)
    link, = family.seen("manager", ChildAdult)
    stale: list[Callable[[], object]] = [
        lambda: actions.correct_child(
            child=child, person=actions.Person(), version=1, by=family["children"]),
        lambda: actions.move_goal(goal=goal, state=GoalState.REACHED, on=TODAY, version=1,
                                  by=family["children"]),
        lambda: actions.settle_referral(referral=referral, outcome=ReferralOutcome.PLAN,
                                        on=TODAY, version=9, by=family["partner"]),
        lambda: actions.end_link(link=link, on=TODAY, version=9, by=family["partner"]),
        lambda: actions.end_work(support=support, on=TODAY, version=0, by=family["children"],
                                 reason=EndReason.MOVED_AWAY),
        lambda: actions.mark_same(child=child, other=None, version=1, by=family["manager"]),
    ]
    for act in stale:
        with pytest.raises(StaleEdit, match="nothing was overwritten"):
            act()


def test_a_safeguarding_referral_is_made_after_all_work_has_ended(family: Family) -> None:
    support = family.supported()
    actions.end_work(support=support, on=TODAY, reason=EndReason.CONSENT_WITHDRAWN,
                     version=support.version, by=family["children"])
    made = actions.refer_child(
        child=support.child, by=family["children"],
        **{**REFERRAL, "consented": False, "without_because": "Danger.", "told": [Told.CHILD]})
    assert (made.told, made.ask_on) == ("child", TODAY + timedelta(days=7))
    waits = actions.settle_referral(referral=made, outcome=ReferralOutcome.WAITING, on=TODAY,
                                    version=1, by=family["children"])
    assert waits.ask_on == TODAY + timedelta(days=7)
    done = actions.settle_referral(referral=made, outcome=ReferralOutcome.PROTECTION, on=TODAY,
                                   version=2, by=family["children"])
    assert (done.ask_on, done.outcome_on) == (None, TODAY)
    with pytest.raises(Refused, match="cannot be dated before"):
        actions.settle_referral(referral=made, outcome=ReferralOutcome.PLAN, on=YESTERDAY,
                                version=3, by=family["children"])
    # What the children's worker wrote may quote anybody: a partner's worker does not read it.
    assert family.seen("partner", ChildSafeguarding) == []


def test_work_needs_a_worker_a_consent_and_the_right_days(family: Family) -> None:
    child = family.child()
    support = actions.ask_support(child=child, on=TODAY, by=family["partner"])
    for act, says in (
        (lambda: actions.begin_work(support=support, on=TODAY, by=family["manager"]),
         "Nobody has taken"),
        (lambda: actions.record_consent(
            support=support, consent_by=ConsentBy.AUTHORITY, said=Consent.GIVEN, said_on=TODAY,
            by=family["manager"]), "which authority"),
        (lambda: actions.record_consent(
            support=support, consent_by=ConsentBy.YOUNG_ADULT, said=Consent.GIVEN,
            said_on=TODAY, by=family["manager"]), "under 18"),
    ):
        with pytest.raises(Refused, match=says):
            act()
    actions.take_child(support=support, by=family["children"])
    for act, says in (
        (lambda: actions.begin_work(support=support, on=YESTERDAY, by=family["children"]),
         "cannot begin before"),
        (lambda: actions.begin_work(support=support, on=TODAY, by=family["children"]),
         "Nobody has consented"),
        (lambda: actions.begin_work(support=support, on=TOMORROW, by=family["children"]),
         "has not come yet"),
        (lambda: actions.hold_session(
            kind=Work.ONE_TO_ONE, held_on=TODAY, minutes=60, came={support: Came.ATTENDED},
            by=family["children"]), "not begun yet"),
        (lambda: actions.hold_session(
            kind=Work.ONE_TO_ONE, held_on=TODAY, minutes=60, came={}, by=family["children"]),
         "at least one child"),
        (lambda: actions.hold_session(
            kind=Work.GROUP, held_on=TODAY, minutes=60, came={support: Came.ATTENDED},
            by=family["children"]), "a group's is with the group"),
        (lambda: actions.end_work(support=support, on=YESTERDAY, version=2,
                                  reason=EndReason.NEVER_BEGAN, by=family["children"]),
         "cannot end before"),
    ):
        with pytest.raises(Refused, match=says):
            act()


def test_a_link_is_to_one_adult_and_ends_on_a_day_that_fits(family: Family) -> None:
    child = family.child()
    link, = family.seen("manager", ChildAdult)
    wrong: list[tuple[Callable[[], object], str]] = [
        (lambda: actions.link_adult(child=child, relationship=Relationship.OTHER, on=TODAY,
                                    by=family["partner"]), "Choose one adult"),
        (lambda: actions.link_adult(child=child, relationship=Relationship.OTHER, on=TODAY,
                                    case_id=uuid4(), by=family["partner"]), "Choose a client"),
        (lambda: actions.end_link(link=link, on=YESTERDAY, version=1, by=family["partner"]),
         "cannot end before"),
        (lambda: actions.state_arrangement(link=link, answers=[], since=TODAY,
                                           by=family["partner"]), "Nothing is answered"),
        (lambda: actions.state_arrangement(link=link, answers=[(Of.CONTACT, "yes")],
                                           since=TODAY, by=family["partner"]), "no answer"),
        (lambda: actions.record_child(person=actions.Person(), service=SERVICE, on=TODAY,
                                      compartment=child.compartment, by=family["partner"]),
         "on the file of a partner"),
        (lambda: actions.ask_support(child=child, on=TODAY, service="intervention-centre",
                                     by=family["partner"]), "no work with children"),
    ]
    for act, says in wrong:
        with pytest.raises(Refused, match=says):
            act()
    ended = actions.end_link(link=link, on=TODAY, version=1, by=family["manager"])
    assert actions.end_link(link=ended, on=TODAY, version=1, by=family["manager"]) == ended


def test_pulled_facts_of_the_client_are_seen_through_own_children_only(family: Family) -> None:
    family.stated()
    support = family.supported(clients=[(family.case.pk, Relationship.PARENT)])
    assert [one.pk for one in family.seen("children", PulledCase)] == [family.case.pk]
    assert len(family.seen("children", PulledChild)) == 1
    for model in (PulledDeclaration, Partner, PartnerFile):
        assert family.seen("children", model) == []
    assert family.seen("colleague", PulledCase) == []
    actions.end_work(support=support, on=TODAY, reason=EndReason.GOALS_REACHED,
                     version=support.version, by=family["children"])
    assert family.seen("children", PulledCase) == []


def test_a_worker_sees_neither_another_s_file_nor_what_was_written_in_it(
        family: Family) -> None:
    child = family.child()
    actions.link_adult(child=child, file=family.other_file, on=TODAY, by=family["coordinator"],
                       relationship=Relationship.STEP_PARENT)
    mother, stepmother = family["partner"], family["other"]
    actions.link_adult(child=child, adult_name="Invented Gran", on=TODAY, by=mother,
                       relationship=Relationship.GRANDPARENT, on_file=family.file)
    actions.refer_child(child=child, by=mother, on_file=family.file, **REFERRAL)
    link, = family.seen("other", ChildAdult)
    assert link.file_id == family.other_file.pk
    assert family.seen("other", ChildSafeguarding) == []
    own = family.seen("partner", ChildAdult, kind="partner")
    assert [one.file_id for one in own] == [family.file.pk]
    actions.state_arrangement(link=own[0], answers=[(Of.RESPONSIBILITY, "yes")], since=TODAY,
                              by=mother)
    assert family.seen("other", Arrangement) == []
    with pytest.raises(ChildAdult.DoesNotExist):
        actions.state_arrangement(link=own[0], answers=[(Of.RESPONSIBILITY, "no")],
                                  since=TODAY, by=stepmother)
    # A child of the same client whom only the other worker has: not a trace of it.
    hidden = family.child(by="other", file=family.other_file, given_name="Hidden",
                          clients=[(family.case.pk, Relationship.PARENT)])
    assert family.seen("partner", Child, pk=hidden.pk) == []
    assert family.seen("partner", ChildAdult, child_id=hidden.pk) == []


def test_names_and_words_lie_encrypted(family: Family, owner_urls: dict[str, str]) -> None:
    child = family.child(given_name="Plainname")
    actions.refer_child(child=child, by=family["partner"],
                        **{**REFERRAL, "reason": "Plainword"})
    with psycopg.connect(owner_urls["safety"], autocommit=True) as connection:
        connection.execute("set row_security = off")
        for table in ("safety_children_child", "safety_children_childsafeguarding"):
            connection.execute(f"alter table {table} no force row level security")
            try:
                rows = str(connection.execute(f"select * from {table}").fetchall())
            finally:
                connection.execute(f"alter table {table} force row level security")
            assert str(child.pk) in rows
            assert "Plain" not in rows
