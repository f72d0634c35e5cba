"""Facts beside the referral: what was stated and who was reached, as columns of a person."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from casewall.measures.schedule import Wave
from casewall.outcomes.breakdown import broken_down
from casewall.outcomes.cards import load_pack
from casewall.outcomes.extract import Extract
from casewall.programme.incidents import actions as used
from casewall.programme.incidents.rules import Custody, Form, Severity, Source
from casewall.programme.measuring import actions as measuring
from casewall.programme.measuring.rules import Mode, NotAnswered, Present
from casewall.programme.needs import actions as needs
from casewall.programme.needs.rules import Declared, Help, HelpOutcome, Level, NeedKind, Of, Since
from casewall.reporting.sources import form_of, needs_of, stated_number
from casewall.safety.children import actions as children
from casewall.safety.children.rules import Plan, Relationship
from casewall.safety.costs import actions as costs
from casewall.safety.costs.rules import ContractEntry, CostEntry
from casewall.safety.incidents import actions as suffered
from casewall.safety.incidents.rules import Suffered
from casewall.safety.support.circumstances import actions as living
from casewall.wall.sides import Role
from tests.people import SERVICE, Staff
from tests.reporting.people import REFERRED_ON, Cohort, small_cohort
from tests.reporting.test_extract import snapshot

DAY = date(2014, 2, 3)


@pytest.fixture
def cohort(staff: Staff) -> Cohort:
    return small_cohort(staff)


def extracted() -> Extract:
    return snapshot().extract


def the(role: str, extract: Extract, **which: Any) -> Any:
    [found] = [
        one
        for one in extract.persons
        if one.role == role and all(getattr(one, k) == v for k, v in which.items())
    ]
    return found


def test_nobody_knows_is_not_none() -> None:
    assert stated_number("none", None) == 0
    assert stated_number("some", 3) == 3
    assert stated_number("some", None) is stated_number("not_said", None) is None


def test_the_last_statement_counts_and_what_is_not_known_is_left_open(
    cohort: Cohort, staff: Staff
) -> None:
    by = staff[Role.PROGRAMME_MANAGER]
    said = {"case": cohort.cases[0], "of": Of.CHILDREN, "stated_by": "client", "by": by}
    needs.state_family(**said, answer=Declared.SOME, number=2, stated_on=DAY)
    needs.state_family(**said, answer=Declared.NONE, number=None, stated_on=date(2014, 3, 3))
    levels = {NeedKind.ALCOHOL: Level.SERIOUS, NeedKind.DRUGS: Level.NOT_KNOWN}
    needs.state_needs(
        case=cohort.cases[0], levels=levels, stated_by="client", stated_on=DAY, by=by
    )
    found = the("client", extracted(), stage="started")
    assert (found.children, found.needs, found.language) == (0, "alcohol", "da")
    assert found.contacted_on == date(2014, 1, 8)
    other = the("client", extracted(), sex="female")
    assert (other.children, other.needs, other.contacted_on) == (None, None, date(2014, 1, 8))


def test_the_first_day_on_which_something_was_said_is_that_of_the_intake(
    cohort: Cohort, staff: Staff
) -> None:
    by = {"stated_by": "client", "by": staff[Role.PROGRAMME_MANAGER]}
    case, later = cohort.cases[0], date(2014, 5, 5)
    said = {"case": case, **by}
    needs.state_circumstances(**said, area="", employment="not_known", stated_on=DAY)
    needs.state_circumstances(**said, area="hejlskov", employment="", stated_on=DAY)
    needs.state_circumstances(**said, area="vindboel", employment="", stated_on=DAY)
    needs.state_circumstances(**said, area="sandlund", employment="looking", stated_on=later)
    history = {**said, "kinds": [], "earlier_partners": None, "convicted": None, "stated_on": DAY}
    needs.state_violence(**history, since=Since.ONE_TO_FIVE, months=30)
    needs.state_violence(**history, since=Since.OVER_TEN)
    worker = staff[Role.PARTNER_WORKER]
    living.state_circumstances(file=cohort.files[0], area="hejlskov", employment="employed",
                               months=44, on=DAY, by=worker)  # fmt: skip
    extract = extracted()
    client = the("client", extract, stage="started")
    assert (client.area, client.employment, client.violence_months) == ("vindboel", "looking", 30)
    [partner] = [one for one in extract.persons if one.area == "hejlskov"]
    assert (partner.role, partner.employment, partner.violence_months) == (
        "partner", "employed", 44)  # fmt: skip
    card = next(one for one in load_pack("throughput").cards if "area" in one.breakdowns)
    broken = broken_down(card, extract, "area", for_release=False)
    assert {cell.value for cell in broken} == {"hejlskov", "unknown", "vindboel"}


def test_needs_that_were_asked_about_and_are_none_are_not_unasked(
    cohort: Cohort, staff: Staff
) -> None:
    needs.state_needs(
        case=cohort.cases[0], levels={NeedKind.ALCOHOL: Level.NONE}, stated_by="client",
        stated_on=DAY, by=staff[Role.PROGRAMME_MANAGER],
    )  # fmt: skip
    assert the("client", extracted(), stage="started").needs == "none"
    assert needs_of([]) == {}


def test_a_partner_has_the_day_of_the_first_answer(cohort: Cohort) -> None:
    assert the("partner", extracted(), contact="engaged").contacted_on == date(2014, 1, 8)
    assert the("partner", extracted(), contact="not_reached").contacted_on is None


def test_a_child_of_two_adults_is_one_child_with_its_last_plan(
    cohort: Cohort, staff: Staff
) -> None:
    by = staff[Role.PARTNER_WORKER]
    file, case = cohort.files[0], cohort.cases[0]
    child = children.record_child(
        person=children.Person(given_name="Lærke"), service=file.service,
        compartment=file.compartment, on=REFERRED_ON, by=by, file=file,
        relationship=Relationship.PARENT,
    )  # fmt: skip
    for plan, since in ((Plan.LOOKED_AFTER, DAY), (Plan.CHILD_IN_NEED, date(2014, 5, 1))):
        children.record_plan(child=child, plan=plan, since=since, by=by)
    rows = extracted().children
    assert {(row.adult_role, row.plan) for row in rows} == {("partner", "child_in_need")}
    assert {row.adult_key for row in rows} == {the("partner", extracted(), contact="engaged").key}
    assert case.pk.hex not in str(rows)


# --- answers -------------------------------------------------------------------------------------


def measured(staff: Staff, cohort: Cohort, measure: str, **answers: str) -> None:
    measuring.record_measure(
        case=cohort.cases[0], measure=measure, wave=Wave.BEFORE, answered_on=DAY,
        answers={key.replace("_", "-"): code for key, code in answers.items()},
        mode=Mode.BY_WORKER, present=Present.NOBODY, language="en",
        by=staff[Role.PROGRAMME_MANAGER],
    )  # fmt: skip


def test_a_client_s_answers_leave_scores_parts_and_codes_on_the_own_side(
    cohort: Cohort, staff: Staff
) -> None:
    measured(staff, cohort, "phq-9", **{f"phq_9_{n}": "1" for n in range(1, 10)})
    measured(staff, cohort, "abuse-used", abuse_used_physical="often", abuse_used_afraid="no")
    extract = extracted()
    rows = {row.scale: row for row in extract.scales if row.source == "client"}
    assert (rows["phq-9"].score, rows["phq-9"].side, rows["phq-9"].wave) == (
        9, "programme", "before"
    )  # fmt: skip
    assert rows["abuse-used.physical"].score == 3
    assert "abuse-used" not in rows
    codes = {row.item: row.code for row in extract.answers if row.source == "client"}
    assert (codes["abuse-used-physical"], codes["abuse-used-afraid"]) == ("often", "no")
    assert codes["abuse-used-sexual"] is None
    assert not any(item.startswith("phq-9") for item in codes)


def test_a_referrer_answers_once_for_each_client_and_is_nobody_s_scale(
    cohort: Cohort, staff: Staff
) -> None:
    measured(staff, cohort, "feedback-referrer", feedback_referrer_report_useful="very-useful",
             feedback_referrer_children_safer="prefer-not-to-say")
    extract = extracted()
    client = the("client", extract, stage="started").key
    rows = [row for row in extract.answers if row.source == "referrer"]
    assert {row.about_key for row in rows} == {client}
    assert {row.key for row in rows}.isdisjoint({client})
    found = {row.item: (row.code, row.not_answered_reason) for row in rows}
    assert found["feedback-referrer-report-useful"] == ("very-useful", None)
    assert found["feedback-referrer-children-safer"] == (None, "preferred not to say")
    assert not [row for row in extract.scales if row.source == "referrer"]


def test_silence_is_a_row_with_its_reason_and_no_code(cohort: Cohort, staff: Staff) -> None:
    measuring.note_silence(
        case=cohort.cases[0], measure="feedback-client", wave=Wave.AFTER,
        reason=NotAnswered.NOT_REACHED, by=staff[Role.PROGRAMME_MANAGER],
    )  # fmt: skip
    extract = extracted()
    rows = [row for row in extract.answers if row.measure == "feedback-client"]
    assert rows
    assert {(row.code, row.not_answered_reason) for row in rows} == {(None, "not reached")}
    [scale] = [row for row in extract.scales if row.scale == "feedback-client"]
    assert (scale.score, scale.not_answered_reason) == (None, "not reached")


# --- incidents -----------------------------------------------------------------------------------


def test_an_incident_is_one_row_by_its_gravest_form() -> None:
    assert form_of("psychological,sexual,threats") == "sexual"
    assert form_of("control") == "control"


def test_incidents_spans_and_custody_come_from_either_side(cohort: Cohort, staff: Staff) -> None:
    manager, worker = staff[Role.PROGRAMME_MANAGER], staff[Role.PARTNER_WORKER]
    told = {"forms": [Form.PSYCHOLOGICAL, Form.PHYSICAL], "signs": [], "exact": True,
            "severity": Severity.SERIOUS, "happened_on": DAY, "told_on": DAY}  # fmt: skip
    first = used.record_incident(
        case=cohort.cases[0], source=Source.POLICE, what="CANARYPROGRAMME", by=manager, **told
    )
    used.record_incident(
        case=cohort.cases[0], source=Source.POLICE, what=None, by=manager, corrects=first, **told
    )
    used.record_custody(
        case=cohort.cases[0], why=Custody.REMAND, first_on=DAY, last_on=None,
        source=Source.POLICE, by=manager,
    )  # fmt: skip
    used.record_asked(
        case=cohort.cases[0], source=Source.POLICE, first_on=REFERRED_ON, last_on=DAY, by=manager
    )
    suffered.record_suffered(
        file=cohort.files[0], suffered_by=Suffered.PARTNER, source=Source.PARTNER,
        what="CANARYSAFETY", asked_from=REFERRED_ON, by=worker, **told,
    )  # fmt: skip
    extract = extracted()
    client = the("client", extract, stage="started").key
    partner = the("partner", extract, contact="engaged").key
    assert {(row.key, row.role, row.side, row.source, row.form, row.severity)
            for row in extract.incidents} == {
        (client, "client", "programme", "police", "physical", 3),
        (partner, "partner", "safety", "partner", "physical", 3),
    }  # fmt: skip
    assert {(row.key, row.source, row.first_on) for row in extract.followed} == {
        (client, "police", REFERRED_ON), (partner, "partner", REFERRED_ON)
    }  # fmt: skip
    assert [(row.client_key, row.first_on, row.last_on) for row in extract.custody] == [
        (client, DAY, None)
    ]
    assert "CANARY" not in str(extract)


def test_help_elsewhere_is_a_treatment_unless_it_was_refused(cohort: Cohort, staff: Staff) -> None:
    manager = staff[Role.PROGRAMME_MANAGER]
    for kind, outcome in ((Help.SUBSTANCE, HelpOutcome.LEFT), (Help.LEGAL, HelpOutcome.DECLINED),
                          (Help.SOCIAL, HelpOutcome.BEGAN), (Help.PSYCHIATRIC, None)):
        made = needs.refer_on(case=cohort.cases[0], kind=kind, agency="CANARYPROGRAMME",
                              made_on=REFERRED_ON, by=manager)
        if outcome is not None:
            needs.settle_onward(referral=made, outcome=outcome, on=DAY, by=manager,
                                version=made.version)
    extract = extracted()
    client = the("client", extract, stage="started").key
    assert [(row.client_key, row.kind, row.started_on, row.ended_on, row.outcome)
            for row in extract.treatments] == [
        (client, "psychiatric", REFERRED_ON, None, "unknown"),
        (client, "social", REFERRED_ON, None, "ongoing"),
        (client, "substance", REFERRED_ON, DAY, "left"),
    ]  # fmt: skip
    assert "CANARY" not in str(extract)


# --- money ---------------------------------------------------------------------------------------


def test_a_kept_ledger_takes_the_place_of_the_definition_s(cohort: Cohort, staff: Staff) -> None:
    by = staff[Role.SAFETY_MANAGER]
    line = CostEntry(
        "staff_programme", 1_000_00, "DKK", 2014, True, REFERRED_ON, DAY, "Accounts 2014"
    )
    costs.add_cost(service=SERVICE, entry=line, by=by)
    beyond = CostEntry("training", 5_00, "DKK", 2014, True, DAY, date(2016, 1, 1), "Accounts")
    costs.add_cost(service=SERVICE, entry=beyond, by=by)
    grant = ContractEntry("Ministry", 9_000_00, "DKK", REFERRED_ON, DAY, "Letter of grant")
    costs.add_contract(service=SERVICE, entry=grant, by=by)
    found = snapshot()
    assert {(row.category, row.amount, row.included) for row in found.extract.costs} == {
        ("staff programme", 1_000_00, True), ("training", 5_00, False)
    }  # fmt: skip
    assert found.left_out["costs_not_counted"] == 1
    [contract] = found.extract.contracts
    assert (contract.funder, contract.amount, contract.persons) == ("Ministry", 9_000_00, None)
