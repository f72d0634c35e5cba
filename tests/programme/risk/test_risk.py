"""An assessment of risk from its first word to its signature, and the clock after it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine

from casewall.programme.cases.models import Task
from casewall.programme.incidents.actions import open_proceeding, record_incident
from casewall.programme.incidents.rules import Form, Kind, Severity, Sign
from casewall.programme.incidents.rules import Source as ToldBy
from casewall.programme.needs.actions import state_needs, state_violence
from casewall.programme.needs.rules import Level as NeedLevel
from casewall.programme.needs.rules import NeedKind, Since, Violence
from casewall.programme.risk import actions
from casewall.programme.risk.clock import clock_of
from casewall.programme.risk.known import known_of
from casewall.programme.risk.models import RiskAssessment, RiskEvidence
from casewall.programme.risk.reading import risk_head, risk_part, today_risk
from casewall.programme.risk.rules import (
    Factor,
    Had,
    How,
    Level,
    Rated,
    Rating,
    Said,
    Section,
    Source,
    State,
    Trigger,
)
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.sides import Role
from tests.programme.conftest import NOW, TODAY, World
from tests.programme.courses.conftest import Delivery
from tests.programme.risk.conftest import Risk

DAY = timedelta(days=1)


def dangers(risk: Risk) -> list[str]:
    return sorted(row.kind for row in risk.world.rows(Task))


def incident(risk: Risk, **changes: Any) -> Any:
    given: dict[str, Any] = {
        "forms": [Form.PHYSICAL], "signs": [], "severity": Severity.SERIOUS,
        "source": ToldBy.POLICE, "happened_on": TODAY - 60 * DAY, "exact": True,
        "told_on": TODAY, "what": "Opdigtet.", "by": risk.manager, **changes}
    return record_incident(case=risk.case, **given)


def test_the_level_is_empty_until_somebody_else_has_signed(risk: Risk) -> None:
    row = risk.waiting()
    assert (row.state, row.level, row.judged) == (State.WAITING, "", Level.HIGH)
    signed = actions.sign_assessment(assessment=row, revision=row.revision, by=risk.manager)
    assert (signed.state, signed.level) == (State.SIGNED, Level.HIGH)
    assert (signed.signed_on, signed.review_on) == (TODAY, TODAY.replace(month=6))
    twice = actions.sign_assessment(assessment=row, revision=row.revision, by=risk.manager)
    assert twice.revision == signed.revision


def test_nobody_signs_what_he_or_she_wrote_in(risk: Risk) -> None:
    row = risk.whole()
    row = risk.rated(row, Section.CHILDREN, by=risk.manager, text="Opdigtet: more.")
    row = actions.send_assessment(assessment=row, revision=row.revision, by=risk.assessor)
    with pytest.raises(Refused, match="somebody else must sign"):
        actions.sign_assessment(assessment=row, revision=row.revision, by=risk.manager)
    with pytest.raises(Refused, match="may not sign off a risk assessment"):
        actions.sign_assessment(assessment=row, revision=row.revision, by=risk.assessor)


def test_an_assessment_is_sent_only_whole_and_then_nobody_changes_it(risk: Risk) -> None:
    row = risk.begun()
    with pytest.raises(Refused, match="factors are not rated"):
        actions.send_assessment(assessment=row, revision=row.revision, by=risk.assessor)
    row = risk.waiting()
    for change in (risk.said, risk.judged, lambda one: risk.rated(one, Section.VIOLENCE)):
        with pytest.raises(Refused, match="no longer being written"):
            change(row)
    assert actions.send_assessment(assessment=row, revision=row.revision - 1,
                                   by=risk.assessor).pk == row.pk


def test_it_comes_back_with_a_word_and_is_sent_again(risk: Risk) -> None:
    row = risk.waiting()
    given: dict[str, Any] = {"assessment": row, "revision": row.revision, "by": risk.manager}
    with pytest.raises(Refused, match="Say what must change"):
        actions.return_assessment(note=" ", **given)
    back = actions.return_assessment(note="Opdigtet: ask the police.", **given)
    assert (back.state, back.returned_on) == (State.DRAFT, TODAY)
    assert actions.return_assessment(note="Opdigtet: ask the police.", **given).pk == back.pk
    with acting(risk.assessor):
        assert [one["what"] for one in today_risk(risk.assessor, TODAY, TODAY)
                ][:1] == ["Change a returned risk assessment:"]
    sent = actions.send_assessment(assessment=back, revision=back.revision, by=risk.assessor)
    assert sent.returned_note is None


@pytest.mark.parametrize("rating", [Rating.POSSIBLE, Rating.PRESENT])
def test_a_rating_of_danger_is_a_task_for_today_and_once(risk: Risk, rating: Rating) -> None:
    row = risk.begun()
    row = risk.rated(row, Section.VIOLENCE, strangulation=Rated(rating), weapon=Rated(rating))
    assert dangers(risk) == ["strangulation_in_the_risk_assessment",
                             "weapon_in_the_risk_assessment"]
    assert {one.due_on for one in risk.world.rows(Task)} == {TODAY}
    row = risk.rated(row, Section.VIOLENCE, strangulation=Rated(rating), weapon=Rated(rating),
                     text="Opdigtet: another word.")
    assert len(dangers(risk)) == 2
    risk.rated(row, Section.SUBSTANCES, suicidality=Rated(rating))
    assert "suicidality_in_the_risk_assessment" in dangers(risk)


@pytest.mark.parametrize("factor", [
    Factor.THREAT_TO_KILL, Factor.STRANGULATION, Factor.WEAPON, Factor.SUICIDALITY,
    Factor.STALKING, Factor.CHILD_HURT])
def test_every_sign_of_danger_in_evidence_is_a_task_and_twice_sent_is_once(
        risk: Risk, factor: Factor) -> None:
    form = uuid4()
    for _ in range(2):
        actions.record_evidence(
            case=risk.case, source=Source.POLICE, how=How.DOCUMENT, held_on=TODAY,
            what="Opdigtet record.", signs=[factor], form=form, by=risk.assessor)
    assert dangers(risk) == [f"{factor}_in_the_risk_assessment"]
    assert len(risk.world.rows(RiskEvidence)) == 1


def test_a_partner_s_word_is_no_evidence_here(risk: Risk) -> None:
    with pytest.raises(Refused, match="cannot have evidence"):
        actions.record_evidence(
            case=risk.case, source="partner", how=How.PHONE,  # type: ignore[arg-type]
            held_on=TODAY, what="Opdigtet", signs=[], by=risk.assessor)
    with pytest.raises(Refused, match="what the source says"):
        actions.record_evidence(case=risk.case, source=Source.POLICE, how=How.PHONE,
                                held_on=TODAY, what=" ", signs=[], by=risk.assessor)


def test_a_stale_save_changes_nothing_and_the_same_save_twice_is_one(risk: Risk) -> None:
    row = risk.begun()
    first = risk.rated(row, Section.VIOLENCE)
    assert risk.rated(row, Section.VIOLENCE).revision == first.revision
    with pytest.raises(StaleEdit):
        risk.rated(row, Section.VIOLENCE, text="Opdigtet: mine.")
    said = risk.said(first)
    assert risk.said(first).revision == said.revision
    with pytest.raises(StaleEdit):
        risk.said(first, sources={})
    judged = risk.judged(said)
    assert risk.judged(said).revision == judged.revision
    with pytest.raises(StaleEdit):
        risk.judged(said, level=Level.LOW)
    with pytest.raises(StaleEdit):
        actions.send_assessment(assessment=judged, revision=1, by=risk.assessor)


def test_what_does_not_fit_is_refused_with_its_place(risk: Risk) -> None:
    row = risk.begun()
    with pytest.raises(Refused, match="Police records: Say on which day"):
        risk.said(row, sources={Source.POLICE: Said(Had.HAD)})
    with pytest.raises(Refused, match="Use of drugs: Say why this is left out"):
        risk.rated(row, Section.SUBSTANCES, drugs=Rated(Rating.OMITTED))
    with pytest.raises(Refused, match="belongs to another part"):
        actions.save_section(assessment=row, section=Section.CHILDREN, text="", by=risk.assessor,
                             ratings={Factor.DRUGS: Rated(Rating.ABSENT)}, revision=1)


def test_a_source_can_be_taken_back_to_not_asked(risk: Risk) -> None:
    row = risk.said(risk.begun())
    row = risk.said(row, sources={Source.CLIENT: Said(Had.HAD, TODAY)})
    with acting(risk.manager):
        assert set(actions.sources_of(row, risk.manager)) == {Source.CLIENT}


def test_the_next_version_takes_over_all_but_the_level_and_supersedes_at_its_signature(
        risk: Risk) -> None:
    first = risk.signed()
    second = risk.begun()
    assert (second.version, second.state, second.judged, second.reasoning) == (
        2, State.DRAFT, "", None)
    assert second.violence == first.violence
    with acting(risk.manager):
        assert len(actions.ratings_of(second, risk.manager)) == len(Factor)
        assert actions.signed_of(risk.case, risk.manager).pk == first.pk  # type: ignore[union-attr]
    assert risk.begun().pk == second.pk
    signed = risk.signed(level=Level.MEDIUM)
    assert signed.pk == second.pk
    assert risk.again(first).state == State.SUPERSEDED
    assert risk.again(first).level == Level.HIGH
    assert [one.version for one in risk.world.rows(RiskAssessment, state=State.SIGNED)] == [2]


@pytest.mark.parametrize("role", [Role.REFERRER, Role.PROGRAMME_ADMINISTRATOR])
def test_who_does_not_do_the_work_writes_nothing(risk: Risk, role: Role) -> None:
    row, by = risk.begun(), risk.world.staff[role]
    for act in (
        lambda: actions.begin_assessment(case=risk.case, by=by),
        lambda: risk.said(row, by=by),
        lambda: risk.rated(row, Section.CHILDREN, by=by),
        lambda: risk.judged(row, by=by),
        lambda: actions.send_assessment(assessment=row, revision=1, by=by),
        lambda: actions.sign_assessment(assessment=row, revision=1, by=by),
        lambda: actions.return_assessment(assessment=row, note="x", revision=1, by=by),
        lambda: actions.record_evidence(case=risk.case, source=Source.CLIENT, how=How.PHONE,
                                        held_on=TODAY, what="x", signs=[], by=by),
    ):
        with pytest.raises(Refused, match="may not"):
            act()


# --- nothing is asked twice ----------------------------------------------------------------------


def test_an_assessment_begins_with_what_is_on_file_and_its_source(risk: Risk) -> None:
    incident(risk, forms=[Form.PHYSICAL, Form.STALKING], signs=[Sign.STRANGULATION])
    state_violence(
        case=risk.case, since=Since.ONE_TO_FIVE, kinds=[Violence.SEXUAL, Violence.OF_CHILDREN],
        earlier_partners=True, convicted=None, earlier_help=None, note=None,
        stated_by="referrer", stated_on=TODAY, by=risk.assessor)
    state_needs(case=risk.case, levels={NeedKind.ALCOHOL: NeedLevel.SERIOUS,
                                        NeedKind.WORK: NeedLevel.SOME},
                stated_by="client", stated_on=TODAY, note=None, by=risk.assessor)
    open_proceeding(case=risk.case, kind=Kind.FAMILY_COURT, began_on=TODAY - DAY, until_on=None,
                    court=None, conditions=None, source=ToldBy.CLIENT, stated_on=TODAY,
                    by=risk.assessor)
    with acting(risk.assessor):
        known = known_of(risk.case, risk.assessor)
    rated = {factor: one.rating for factor, one in known.ratings.items()}
    assert rated == {
        Factor.STRANGULATION: Rating.PRESENT, Factor.PHYSICAL: Rating.PRESENT,
        Factor.STALKING: Rating.PRESENT, Factor.SEXUAL: Rating.PRESENT,
        Factor.CHILD_HURT: Rating.PRESENT, Factor.ALCOHOL: Rating.PRESENT,
        Factor.STRAIN: Rating.POSSIBLE, Factor.CONTACT_DISPUTE: Rating.POSSIBLE}
    assert "The police, told on 4 March 2036" in known.ratings[Factor.STRANGULATION].reason
    assert all(one.reason for one in known.ratings.values())
    assert "The referrer, 4 March 2036" in known.text(Section.VIOLENCE)


def test_the_file_of_an_assessment_holds_no_name_of_a_child_or_partner(risk: Risk) -> None:
    from casewall.programme.cases.actions import declare_partner, keep_statement
    from casewall.programme.needs.actions import declare_child
    from casewall.programme.needs.rules import Lives

    canary = "kanariefugl"
    declare_partner(case=risk.case, name=canary, relation="current", contact_details=canary,
                    stated_by="client", stated_on=TODAY, by=risk.manager)
    declare_child(case=risk.case, name=canary, born_on=None, lives=Lives.NOT_SAID,
                  sees_client=True, stated_by="client", stated_on=TODAY, by=risk.manager)
    for purpose in ("statement", "risk_level", "placement"):
        keep_statement(case=risk.case, item=uuid4(), purpose=purpose, text=canary, on=TODAY,
                       by=risk.world.system)
    with acting(risk.assessor):
        known = known_of(risk.case, risk.assessor)
    assert "1 named; the client sees 1 of them" in known.text(Section.CHILDREN)
    assert canary not in repr(known)


# --- the clock -----------------------------------------------------------------------------------


def test_a_case_that_was_assessed_is_due_and_then_reviewed_after_three_months(risk: Risk) -> None:
    with acting(risk.manager):
        clock = clock_of(risk.case, risk.manager)
    assert (clock.signed, clock.due) == (None, risk.case.referred_on + 28 * DAY)
    signed = risk.signed()
    with acting(risk.manager):
        clock = clock_of(risk.case, risk.manager)
    assert (clock.due, clock.triggered) == (signed.review_on, {})
    fresh = risk.world.case("Birte")
    with acting(risk.manager):
        assert clock_of(fresh, risk.manager).due is None


def test_an_incident_or_a_proceeding_since_the_signature_brings_the_review_forward(
        risk: Risk) -> None:
    incident(risk)
    risk.signed()
    with acting(risk.manager):
        assert clock_of(risk.case, risk.manager).triggered == {}
    with time_machine.travel(NOW + 2 * DAY, tick=False):
        incident(risk)
        open_proceeding(case=risk.case, kind=Kind.CHARGE, began_on=TODAY, until_on=None,
                        court=None, conditions=None, source=ToldBy.POLICE,
                        stated_on=TODAY + 2 * DAY, by=risk.manager)
        with acting(risk.manager):
            clock = clock_of(risk.case, risk.manager)
            page = risk_part(risk.case, risk.manager, TODAY + 2 * DAY)
    assert set(clock.triggered) == {Trigger.INCIDENT, Trigger.PROCEEDING}
    assert clock.due == TODAY + 9 * DAY
    assert "a new incident, a new proceeding" in page.waits_for[0]["what"]


def test_the_header_says_the_level_its_day_and_that_a_review_is_late(risk: Risk) -> None:
    with acting(risk.manager):
        assert risk_head(risk.case, risk.manager, TODAY) == []
    risk.signed()
    with acting(risk.manager):
        assert risk_head(risk.case, risk.manager, TODAY) == [
            ("Risk: high, last reviewed 4 March 2036", "orange")]
        assert risk_head(risk.case, risk.manager, TODAY.replace(month=6, day=16))[1:] == [
            ("Risk review 12 days late", "red")]
    with acting(risk.manager):
        flags = risk_part(risk.case, risk.manager, TODAY).flags
    assert flags == [("Source missing: the referrer, police records, an earlier programme, "
                      "social care, court papers, health care", "yellow")]


def test_two_sessions_missed_since_the_signature_ask_for_a_review(world: World) -> None:
    delivery = Delivery(world)
    case, first = delivery.client(), delivery.sessions[0].held_on
    with acting(world.manager):
        RiskAssessment(
            compartment=case.compartment, case=case, version=1, state=State.SIGNED,
            level=Level.LOW, judged=Level.LOW, writers="", worker=uuid4(), begun_on=first,
            signed_by=world.manager.worker, signed_on=first,
            signed_at=NOW - timedelta(days=(TODAY - first).days), review_on=first + 90 * DAY,
        ).save(force_insert=True)  # fmt: skip
    days = [delivery.sessions[number].held_on for number in (1, 2)]
    delivery.mark(1, {case.pk: "x"})
    delivery.mark(2, {case.pk: "x"})
    with acting(world.manager):
        assert clock_of(case, world.manager).triggered == {}
    delivery.mark(3, {case.pk: "x"})
    with acting(world.manager):
        clock = clock_of(case, world.manager)
    assert clock.triggered == {Trigger.MISSED_SESSIONS: days[1]}
    assert clock.due == min(first + 90 * DAY, days[1] + 7 * DAY)
