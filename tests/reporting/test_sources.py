"""Facts beside the referral: what was stated and who was reached, as columns of a person."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from casewall.outcomes.extract import Extract
from casewall.programme.needs import actions as needs
from casewall.programme.needs.rules import Declared, Level, NeedKind, Of
from casewall.reporting.sources import needs_of, stated_number
from casewall.safety.children import actions as children
from casewall.safety.children.rules import Plan, Relationship
from casewall.wall.sides import Role
from tests.people import Staff
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
