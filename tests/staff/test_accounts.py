"""Accounts, agencies and compartments: one account on one site, as little as the role needs."""

from __future__ import annotations

from uuid import uuid4

import pytest

from casewall.audit.actions import record, record_many
from casewall.audit.models import Entry
from casewall.staff.actions import (
    add_worker,
    compartment_for,
    install_service,
    installed_codes,
)
from casewall.staff.models import (
    Agency,
    Compartment,
    Membership,
    Service,
    Worker,
    system_viewer,
)
from casewall.wall.context import acting, on_side
from casewall.wall.sides import SIDE_OF_ROLE, SYSTEM_ROLES, Role, Side
from tests.people import PASSWORD, SERVICE, Staff
from tests.people import _as_owner as as_owner

ALL_AGENCIES = {Role.COORDINATOR, Role.SAFETY_MANAGER, Role.DATA_PROTECTION_OFFICER}
NO_CASES = {Role.PROGRAMME_ADMINISTRATOR, Role.SAFETY_ADMINISTRATOR, Role.EVALUATOR}


@pytest.mark.parametrize("role", [role for role in Role if role not in SYSTEM_ROLES])
def test_a_worker_is_a_member_of_what_the_role_needs(role: Role, staff: Staff) -> None:
    viewer = staff[role]
    with on_side(viewer.side):
        rows = list(Compartment.objects.filter(number__in=viewer.compartments))
        agencies = {row.agency_id for row in rows}
        kinds = {row.sensitivity for row in rows}
        everything = Compartment.objects.filter(service_id=SERVICE).count()
    if role in NO_CASES:
        assert rows == []
    elif role in ALL_AGENCIES:
        assert len(rows) == everything
    elif role is Role.REFERRER:
        assert viewer.agency == "fjordby-police"
        assert agencies == {"vesterlo-treatment"}
        assert kinds == {Compartment.STANDARD}
    else:
        assert agencies == {viewer.agency}
        assert kinds == {Compartment.STANDARD}


@pytest.mark.parametrize("role", SYSTEM_ROLES)
def test_the_background_account_is_a_member_of_everything_on_its_side(
    role: Role, staff: Staff
) -> None:
    with on_side(SIDE_OF_ROLE[role]):
        # Asked for anew: another test may have set up one more service since the fixture was made.
        viewer = system_viewer(role)
        assert viewer.compartments == set(
            Compartment.objects.values_list("number", flat=True))
        assert viewer.worker == staff[role].worker
        assert Worker.objects.filter(role=role).count() == 1
    assert viewer.is_system


def test_a_person_is_not_the_background_account() -> None:
    with pytest.raises(ValueError, match="facilitator is not a system role"):
        system_viewer(Role.FACILITATOR)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.FACILITATOR])
def test_an_account_on_the_wrong_site_is_refused_in_words(role: Role) -> None:
    wrong = next(side for side in Side if side is not SIDE_OF_ROLE[role])
    with pytest.raises(ValueError, match=f"^A {role.value} has an account on the "
                                         f"{SIDE_OF_ROLE[role]} site, not on the {wrong} site"):
        add_worker(side=wrong, email="x@example.invalid", name="Invented", role=role,
                   agency="a", services=[SERVICE], password=PASSWORD)


def test_setting_a_service_up_again_changes_nothing_but_its_name(
    staff: Staff, owner_urls: dict[str, str]
) -> None:
    def counts() -> tuple[int, ...]:
        with on_side(Side.SAFETY):
            return tuple(model.objects.count() for model in
                         (Agency, Service, Compartment, Membership, Worker))

    before = counts()
    with on_side(Side.SAFETY):
        name = Service.objects.get(code=SERVICE).name
        agencies = list(Agency.objects.values_list("code", "name"))
    with as_owner(owner_urls):
        for title in ("Another title", name):
            install_service(side=Side.SAFETY, code=SERVICE, name=title, agencies=agencies)
            with on_side(Side.SAFETY):
                assert str(Service.objects.get(code=SERVICE)) == title
            assert counts() == before
    assert installed_codes(Side.SAFETY) == [SERVICE]


def test_each_side_knows_its_own_agencies_only(staff: Staff) -> None:
    found = {}
    for side in Side:
        with on_side(side):
            found[side] = {str(agency) for agency in Agency.objects.all()}
    assert found[Side.PROGRAMME]
    assert found[Side.SAFETY]
    assert not found[Side.PROGRAMME] & found[Side.SAFETY]


def test_an_agency_that_refers_is_known_on_the_programme_site_and_keeps_nothing_there(
    staff: Staff,
) -> None:
    for side, expected in ((Side.PROGRAMME, True), (Side.SAFETY, False)):
        with on_side(side):
            assert Agency.objects.filter(code="fjordby-police").exists() is expected
            assert not Compartment.objects.filter(agency_id="fjordby-police").exists()
    with pytest.raises(LookupError):
        compartment_for(side=Side.PROGRAMME, service=SERVICE, agency="fjordby-police")


def test_compartments_are_found_by_agency(staff: Staff) -> None:
    one, other = (compartment_for(side=Side.SAFETY, service=SERVICE, agency=agency)
                  for agency in ("lyngholm-shelter", "coordination-office"))
    assert one != other
    with pytest.raises(LookupError):
        compartment_for(side=Side.SAFETY, service=SERVICE, agency="vesterlo-treatment")


def test_a_worker_is_nobody_to_the_framework(staff: Staff) -> None:
    worker = staff.workers[Role.PROGRAMME_MANAGER]
    assert worker.is_staff is False
    assert not hasattr(worker, "is_superuser")
    assert str(worker) == "Invented programme manager"
    assert worker.role_words == "programme manager"
    assert worker.check_password(PASSWORD)


# --- the audit -----------------------------------------------------------------------------------


def entries(owner_urls: dict[str, str], side: Side) -> list[Entry]:
    with as_owner(owner_urls), on_side(side):
        return list(Entry.objects.order_by("verb"))


def test_an_entry_says_who_did_what_to_which_record_and_nothing_of_its_content(
    staff: Staff, owner_urls: dict[str, str]
) -> None:
    by, worker = staff[Role.COORDINATOR], staff.workers[Role.COORDINATOR]
    elsewhere = uuid4()
    with acting(by):
        record(by=by, verb="a saw", thing=worker, purpose="review")
        record(by=by, verb="b searched", kind="search")
        record(by=by, verb="c saw", kind="pulledcase", object_id=elsewhere)
        record_many(by=by, verb="d listed", things=[worker, worker], purpose="list")
        record_many(by=by, verb="e listed", things=[])
    found = [(e.verb, e.kind, e.object_id, e.purpose, e.worker, e.role)
             for e in entries(owner_urls, Side.SAFETY)]
    who = (by.worker, "coordinator")
    assert found == [
        ("a saw", "worker", worker.pk, "review", *who), ("b searched", "search", None, "", *who),
        ("c saw", "pulledcase", elsewhere, "", *who),
        ("d listed", "worker", worker.pk, "list", *who),
        ("d listed", "worker", worker.pk, "list", *who)]
    assert entries(owner_urls, Side.PROGRAMME) == []


def test_an_entry_goes_with_the_act_when_the_act_is_undone(
    staff: Staff, owner_urls: dict[str, str]
) -> None:
    by = staff[Role.FACILITATOR]

    def tries_and_fails() -> None:
        record(by=by, verb="tried")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), acting(by):
        tries_and_fails()
    assert entries(owner_urls, Side.PROGRAMME) == []
