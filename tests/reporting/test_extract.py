"""From records on two clusters to figures: the extract holds what was recorded, and no name."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import psycopg
import pytest
from django.conf import settings

from casewall.outcomes.figures import Figure
from casewall.outcomes.reference import pack
from casewall.programme.cases.rules import Outcome as ClientOutcome
from casewall.reporting.extract import (
    NotSetUp,
    Snapshot,
    build,
    in_words,
    installed_services,
    pseudonym,
)
from casewall.safety.partners.models import FileLink, Partner, PartnerFile, ScaleAnswer
from casewall.safety.partners.rules import Contact, Outcome, Wave
from casewall.services.load import shipped
from casewall.wall.context import acting
from casewall.wall.sides import Role
from tests.people import SERVICE, Staff
from tests.reporting.people import (
    PLANTED,
    REFERRED_ON,
    Cohort,
    answer_safety,
    open_case,
    open_file,
    reach_client,
    reach_partner,
    small_cohort,
)

CENTRE = shipped()[SERVICE]
FIRST, LAST, TODAY = date(2013, 1, 1), date(2015, 4, 30), date(2015, 6, 1)


@pytest.fixture
def cohort(staff: Staff) -> Cohort:
    return small_cohort(staff)


def snapshot(first: date = FIRST, last: date = LAST, key: bytes | None = None) -> Snapshot:
    return build(CENTRE, key=key or settings.CASEWALL_EXTRACT_KEY, period_from=first,
                 period_to=last, as_of=TODAY)


def figures() -> dict[str, Figure]:
    return {figure.id: figure for figure in pack(SERVICE, snapshot().extract)}


def change(staff: Staff, model: Any, pk: Any = None, **values: Any) -> None:
    """Write to rows past the actions, for what no action does yet."""
    system = staff[Role.SAFETY_SYSTEM]
    with acting(system):
        rows = model.objects.visible_to(system)
        assert (rows.filter(pk=pk) if pk else rows).update(**values)


def in_rows(staff: Staff, model: Any, **wanted: Any) -> list[Any]:
    system = staff[Role.SAFETY_SYSTEM]
    with acting(system):
        return list(model.objects.visible_to(system).filter(**wanted).values_list("pk", flat=True))


COUNTED = [
    ("referred", 6, None, 6.0),
    ("declined-or-not-reached", 2, 6, 33.3),
    ("declined", 1, 6, 16.7),
    ("not-reached", 1, 6, 16.7),
    ("unsafe", 1, 6, 16.7),
    ("not-tried", 1, 6, 16.7),
    ("at-the-centre", 2, 6, 33.3),
    ("clients", 1, 2, 50.0),
    ("partners", 1, 2, 50.0),
    ("clients-men", 1, 1, 100.0),
    ("clients-women", 0, 1, 0.0),
    ("partners-women", 1, 1, 100.0),
    ("partners-without-client", 0, 1, 0.0),
    ("clients-without-partner", 0, 1, 0.0),
    ("linked-cases", 1, None, 1.0),
    ("started", 1, 1, 100.0),
    ("completed", 0, 1, 0.0),
    ("safety-after-change", 1, 1, 50.0),
    ("safety-after-improved", 1, 1, 100.0),
    ("freedom-after-change", 0, 1, None),
    ("cost-per-referred", 350_900.0, 6, 58_483.33),
    ("cost-per-started", 350_900.0, 1, 350_900.0),
]


def test_figures_come_out_of_what_was_recorded_on_both_sides(cohort: Cohort) -> None:
    found = figures()
    for name, n, of, value in COUNTED:
        figure = found[name]
        assert (figure.numerator, figure.denominator, figure.value) == (n, of, value), name
    assert "unsafe to ask 1" in (found["freedom-after-change"].note or "")
    assert "Excludes rent" in (found["cost-per-referred"].note or "")


def test_a_case_keeps_the_first_day_of_each_stage(cohort: Cohort) -> None:
    key = settings.CASEWALL_EXTRACT_KEY
    persons = {p.key: p for p in snapshot().extract.persons if p.role == "client"}
    started = persons[pseudonym(key, "client", cohort.cases[0].client_id)]
    assert (started.stage, started.assessed_on, started.suitable_on, started.agreed_on,
            started.started_on, started.completed_on) == (
        "started", date(2014, 1, 13), date(2014, 1, 13), date(2014, 1, 14), date(2014, 1, 20), None)
    declined = persons[pseudonym(key, "client", cohort.cases[1].client_id)]
    assert (declined.exit_reason, declined.exited_on) == ("declined", date(2014, 1, 9))


def test_registers_give_minutes_planned_and_attended(cohort: Cohort) -> None:
    marks = [(m.status, m.session_on, m.minutes_planned, m.minutes_attended)
             for m in snapshot().extract.attendance]
    assert sorted(marks) == [("absent_not_accepted", date(2014, 1, 27), 120, 0),
                             ("late", date(2014, 1, 20), 120, 90)]


def test_withdrawn_referrals_are_left_out_and_counted(cohort: Cohort) -> None:
    found = snapshot()
    assert len(found.extract.persons) == 6
    assert (found.left_out["withdrawn_clients"], found.left_out["withdrawn_partners"]) == (1, 1)
    assert list(in_words(found.left_out)) == [
        "1 withdrawn referrals of clients", "1 withdrawn referrals of partners"]


def test_no_name_no_identifier_and_no_canary_is_in_an_extract(cohort: Cohort) -> None:
    written = repr(snapshot().extract)
    for word in PLANTED:
        assert word not in written
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", written)


def test_pseudonyms_hold_within_a_key_and_purpose_and_fit_no_other(cohort: Cohort) -> None:
    one, again = snapshot().extract, snapshot().extract
    assert one == again
    other = snapshot(key=b"another key of thirty-two bytes.").extract
    assert not {p.key for p in one.persons} & {p.key for p in other.persons}
    identifier = cohort.cases[0].client_id
    assert pseudonym(b"k", "client", identifier) != pseudonym(b"k", "partner", identifier)
    assert pseudonym(b"k", "client", identifier) != pseudonym(b"k", "client", identifier, "other")


def test_changing_one_record_changes_exactly_the_figures_that_depend_on_it(
        cohort: Cohort, staff: Staff) -> None:
    before = figures()
    reach_client(staff, cohort.cases[1], ClientOutcome.SPOKE, after=30)
    after = figures()
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {
        "declined-or-not-reached", "declined", "at-the-centre", "clients", "partners",
        "clients-men", "clients-women", "clients-other", "clients-sex-unknown",
        "clients-without-partner", "started", "cost-per-at-the-centre",
        "psychological-problems", "social-problems"}


def test_a_new_answer_changes_only_the_figures_of_its_scale(cohort: Cohort, staff: Staff) -> None:
    before = figures()
    answer_safety(staff, cohort.files[0], Wave.FOLLOW_UP, 4, date(2014, 12, 1))
    after = figures()
    assert {name for name in before if before[name] != after[name]} == {
        "safety-follow-up-change", "safety-follow-up-improved"}


def test_contact_words_of_a_partner_are_those_of_the_extract(staff: Staff) -> None:
    by_outcome = {Outcome.SPOKE: Contact.ENGAGED, Outcome.DECLINED: Contact.DECLINED,
                  Outcome.MAY_RETURN: Contact.DECLINED,
                  Outcome.NO_ANSWER: Contact.NOT_REACHED,
                  Outcome.UNSAFE_TO_CONTACT: Contact.UNSAFE}
    for outcome in by_outcome:
        reach_partner(staff, open_file(staff), outcome)
    open_file(staff)
    found = sorted(p.contact for p in snapshot().extract.persons)
    assert found == sorted([*(c.value for c in by_outcome.values()), "not_tried"])


def test_a_person_with_two_files_is_one_person_whose_waves_never_pair_across_files(
        staff: Staff) -> None:
    first, second = open_file(staff), open_file(staff, referred_on=date(2014, 9, 1))
    for file in (first, second):
        reach_partner(staff, file, Outcome.SPOKE)
    answer_safety(staff, first, Wave.BEFORE, 1, date(2014, 1, 10))
    answer_safety(staff, second, Wave.AFTER, 3, date(2015, 1, 10))
    change(staff, PartnerFile, pk=second.pk, partner_id=first.partner_id)
    found = figures()
    assert (found["referred"].value, found["partners"].numerator) == (1.0, 1)
    assert (found["safety-after-change"].numerator, found["safety-after-change"].missing) == (0, 1)
    within = snapshot(FIRST, date(2014, 6, 30)).extract
    assert [score.wave for score in within.scales] == ["before"]


def test_two_referrals_of_one_person_on_one_day_are_one_row_with_the_further_contact(
        staff: Staff) -> None:
    first, second = open_file(staff), open_file(staff)
    reach_partner(staff, first, Outcome.SPOKE)
    change(staff, PartnerFile, pk=second.pk, partner_id=first.partner_id)
    found = snapshot()
    assert [p.contact for p in found.extract.persons] == ["engaged"]
    assert found.left_out["same_day_repeats"] == 1


def test_an_ended_link_and_a_link_to_a_withdrawn_case_are_no_links(
        cohort: Cohort, staff: Staff) -> None:
    assert len(snapshot().extract.links) == 1
    change(staff, FileLink, case_id=cohort.cases[3].pk)
    assert snapshot().extract.links == ()
    change(staff, FileLink, case_id=cohort.cases[0].pk, ended_on=LAST)
    assert snapshot().extract.links == ()


def test_a_code_that_the_extract_does_not_know_is_read_as_unknown_and_counted(
        staff: Staff) -> None:
    file = open_file(staff)
    change(staff, Partner, pk=file.partner_id, sex="x")
    found = snapshot()
    assert found.extract.persons[0].sex == "unknown"
    assert found.left_out["unknown_codes"] == 1


def test_every_measure_that_was_asked_is_a_scale(cohort: Cohort, staff: Staff) -> None:
    [silent] = in_rows(staff, ScaleAnswer, measure="freedom")
    change(staff, ScaleAnswer, pk=silent, measure="phq-9")
    assert {score.scale for score in snapshot().extract.scales} == {"safety", "phq-9"}


def test_costs_count_for_the_period_of_the_ledger_and_for_no_other(staff: Staff) -> None:
    whole, quarter = snapshot(), snapshot(date(2014, 1, 1), date(2014, 3, 31))
    included = [cost for cost in whole.extract.costs if cost.included]
    assert sum(cost.amount for cost in included) == CENTRE.included_cost() * 100
    assert [c.category for c in whole.extract.costs if not c.included] == ["rent"]
    assert not any(cost.included for cost in quarter.extract.costs)
    assert quarter.left_out["costs_not_counted"] == len(included)


@pytest.mark.parametrize(("side", "role"), [("programme", "facilitator"), ("safety", "evaluator")])
def test_people_are_invented_only_where_every_worker_is(
        staff: Staff, owner_urls: dict[str, str], side: str, role: str) -> None:
    assert snapshot().extract.invented
    mark = "update staff_worker set invented = %s where role = %s"
    with psycopg.connect(owner_urls[side], autocommit=True) as owner:
        owner.execute(mark, [False, role])
        try:
            assert not snapshot().extract.invented
        finally:
            owner.execute(mark, [True, role])


def test_a_service_that_is_not_set_up_is_refused_by_name(staff: Staff) -> None:
    assert installed_services() == [SERVICE]
    with pytest.raises(NotSetUp, match=r"“dvip” is not set up here. Set up: intervention-centre"):
        build(shipped()["dvip"], key=b"k", period_from=FIRST, period_to=LAST, as_of=TODAY)


def test_a_person_of_another_day_stays_for_links_but_is_not_counted(staff: Staff) -> None:
    open_case(staff, referred_on=date(2012, 5, 1))
    assert len(snapshot().extract.persons) == 1
    referred = figures()["referred"]
    assert (referred.numerator, referred.value) == (0, None)
    assert REFERRED_ON > FIRST
