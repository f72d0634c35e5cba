"""The definitions that come with Casewall can be used, and say what the publications say."""

from decimal import Decimal

import pytest

from casewall.safety.intake.fields import FIELDS
from casewall.services.load import SHIPPED, check, load, shipped
from casewall.services.rules import approvers
from casewall.services.schema import Service

FILES = sorted(SHIPPED.glob("*.toml"))


@pytest.fixture
def danish() -> Service:
    return shipped()["intervention-centre"]


def test_five_services_are_shipped_each_in_a_file_named_after_its_id() -> None:
    assert set(shipped()) == {
        "dvip",
        "intervention-centre",
        "substance-pilot",
        "wwp-model",
        "your-choice",
    }
    assert [path.stem for path in FILES] == [load(path).id for path in FILES]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_shipped_definition_has_no_error(path) -> None:
    assert [finding for finding in check(path) if finding.level == "error"] == []


def test_nothing_is_to_be_looked_at_but_prices_that_were_published_without_a_year() -> None:
    doubts = {path.stem: [one.key for one in check(path)] for path in FILES}
    assert doubts == {
        "dvip": ["costs[1]", "costs[2]"],
        "intervention-centre": [],
        "substance-pilot": [],
        "wwp-model": [],
        "your-choice": [],
    }


@pytest.mark.parametrize("service", shipped().values(), ids=lambda service: service.id)
def test_every_piece_of_work_with_a_client_says_its_dose_and_its_approach(service) -> None:
    for component in service.components:
        if component.kind != "partner_support":
            assert component.hours is not None, component.id
            assert component.kind == "assessment" or component.approaches, component.id


@pytest.mark.parametrize("service", shipped().values(), ids=lambda service: service.id)
def test_two_people_can_approve_a_disclosure_in_every_shipped_service(service: Service) -> None:
    assert sum(staff.people for staff in approvers(service)) >= 2


def test_a_caller_cannot_change_what_the_next_caller_is_given() -> None:
    shipped().clear()
    assert len(shipped()) == 5
    with pytest.raises(ValueError, match="frozen"):
        shipped()["dvip"].name = "Another"


def test_the_danish_cost_lines_add_up_to_the_printed_price_for_the_people_seen(
    danish: Service,
) -> None:
    assert danish.included_cost() == Decimal(1100) * 319
    assert [line.id for line in danish.costs if not line.included] == ["rent"]


def test_the_danish_service_ran_for_28_months_in_7_of_98_municipalities(danish: Service) -> None:
    period = danish.period
    assert period is not None
    assert period.ended_on is not None
    months = (period.ended_on.year - period.started_on.year) * 12
    assert months + period.ended_on.month - period.started_on.month + 1 == 28
    assert (danish.areas.count, danish.areas.of_total) == (7, 98)
    assert len(danish.areas.places) == 7


def test_danish_police_contact_each_party_separately(danish: Service) -> None:
    (route,) = danish.referral_routes
    assert route.client_contacted_by == route.partner_contacted_by == "fjordby-police"
    assert route.contacted_separately
    assert danish.agency("fjordby-police").side == "referrer"


@pytest.mark.parametrize("service", shipped().values(), ids=lambda service: service.id)
def test_every_header_of_a_referral_file_fills_a_field_that_referrals_have(service) -> None:
    for file in service.referral_files:
        assert set(file.headers.values()) <= set(FIELDS)


def test_danish_staffing_is_as_published(danish: Service) -> None:
    posts = {staff.role: (staff.people, staff.fte) for staff in danish.staffing}
    assert posts["facilitator"] == (1, 1)
    assert posts["partner_worker"][0] == 2


def test_the_london_programme_has_80_hours_and_the_pilot_more_than_60() -> None:
    assert shipped()["dvip"].component("violence-prevention").hours == 80
    assert shipped()["substance-pilot"].component("day-programme").hours > 60
    assert shipped()["dvip"].component("womens-support").hours is None


def test_the_nottinghamshire_model_waits_for_suitability_and_supports_for_a_year() -> None:
    support = shipped()["your-choice"].partner_support
    assert (support.trigger, support.months) == ("assessed_suitable", 12)
    assert {line.amount for line in shipped()["your-choice"].funding} == {136692}


def test_a_number_names_its_own_authority_or_that_of_its_table(danish: Service) -> None:
    group = danish.component("counselling-group")
    assert "one full-time psychologist" in group.source_of("facilitators")
    assert group.source_of("minutes") == group.authority


def test_agencies_are_found_by_id_and_by_side(danish: Service) -> None:
    assert [agency.id for agency in danish.agencies_on("safety")] == [
        "lyngholm-shelter",
        "coordination-office",
    ]
    with pytest.raises(KeyError):
        danish.agency("nobody")
    with pytest.raises(KeyError):
        danish.component("nothing")
