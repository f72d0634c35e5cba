"""Partners' files and children's records: what is due, who decides, what goes and what stays."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from casewall.programme.retention import actions
from casewall.programme.retention.desk import due_rows
from casewall.programme.retention.rules import Ground, HoldReason, Kind, Standing
from casewall.safety.children.models import Child
from casewall.safety.partners.actions import close_file
from casewall.safety.partners.models import Partner, PartnerFile
from casewall.safety.retention.files import DESK, NOT_SENT
from casewall.safety.retention.models import Deletion, Remainder
from casewall.staff.models import Worker
from casewall.wall.context import acting, on_side
from casewall.wall.decide import Refused
from casewall.wall.sides import SIDE_OF_ROLE, Role, Side, Viewer
from tests.people import Staff, add_colleague, signed_in
from tests.safety.pages.conftest import TODAY, new_file

NEVER = frozenset(Role) - {Role.SAFETY_MANAGER, Role.DATA_PROTECTION_OFFICER}
LONG_AGO = TODAY - timedelta(days=365 * 11)


@pytest.fixture(scope="module")
def second(staff_once: Staff, owner_urls: dict[str, str]) -> Worker:
    """Another manager of this side."""
    return add_colleague(owner_urls, Role.SAFETY_MANAGER, "coordination-office",
                         "second.safety@example.invalid")


@pytest.fixture
def ended(staff: Staff) -> PartnerFile:
    """A partner's file that was closed eleven years ago."""
    file = new_file(staff, "Opdigtet", "Ensomsen", referred_on=LONG_AGO)
    return close_file(file=file, on=LONG_AGO + timedelta(days=9), by=staff[Role.SAFETY_MANAGER])


def viewer_of(worker: Worker) -> Viewer:
    """The colleague as somebody who looks."""
    with on_side(SIDE_OF_ROLE[Role(worker.role)]):
        return worker.as_viewer()


def facts(kind: Kind, file: Any, by: Viewer) -> Any:
    with acting(by):
        return DESK.one(kind, file, by)


def rows(model: Any, by: Viewer) -> list[Any]:
    with acting(by):
        return list(model.objects.visible_to(by))


def child_of(file: PartnerFile, staff: Staff) -> Child:
    from casewall.safety.children.models import ChildAdult

    by = staff[Role.SAFETY_MANAGER]
    with acting(by):
        child = Child(compartment=file.compartment, given_name="Barn", service=file.service,
                      recorded_on=LONG_AGO, worker=by.worker)
        child.save(force_insert=True)
        link(child, file, by, ChildAdult)
    return child


def link(child: Child, file: PartnerFile, by: Viewer, model: Any) -> None:
    model(compartment=file.compartment, child=child, kind="partner", file=file, on_file=file,
          relationship="parent", linked_on=LONG_AGO, worker=by.worker).save(force_insert=True)


def test_two_people_delete_a_file_with_the_children_whom_no_other_file_has(
    staff: Staff, ended: PartnerFile, second: Worker
) -> None:
    manager, other = staff[Role.SAFETY_MANAGER], viewer_of(second)
    child = child_of(ended, staff)
    file = facts(Kind.PARTNER_FILE, ended.pk, manager)
    assert file.with_children == (child.pk,)
    assert file.ended.children
    row = actions.decide(desk=DESK, file=file, ground=Ground.DUE, by=manager)
    assert len(actions.approve(desk=DESK, deletion=row, by=other)) == 2
    assert rows(PartnerFile, manager) == rows(Partner, manager) == rows(Child, manager) == []
    assert {one.kind for one in rows(Remainder, manager)} == {"partner_file", "child"}
    assert all(one.done_at and one.file_id is None for one in rows(Deletion, manager))


def test_a_child_whom_two_files_share_stays_and_is_not_due(
    staff: Staff, ended: PartnerFile, second: Worker
) -> None:
    from casewall.safety.children.models import ChildAdult

    manager, other = staff[Role.SAFETY_MANAGER], viewer_of(second)
    child, open_file = child_of(ended, staff), new_file(staff, "Anden", "Fiktivsen")
    with acting(manager):
        link(child, open_file, manager, ChildAdult)
    file = facts(Kind.PARTNER_FILE, ended.pk, manager)
    assert file.with_children == ()
    assert facts(Kind.CHILD, child.pk, manager).ended.on is None
    row = actions.decide(desk=DESK, file=file, ground=Ground.DUE, by=manager)
    actions.approve(desk=DESK, deletion=row, by=other)
    assert [one.pk for one in rows(Child, manager)] == [child.pk]
    assert [one.file_id for one in rows(ChildAdult, manager)] == [open_file.pk]


def test_what_is_due_is_counted_from_this_side_only(
    staff: Staff, ended: PartnerFile
) -> None:
    manager = staff[Role.SAFETY_MANAGER]
    new_file(staff, "Aaben", "Fiktivsen", referred_on=LONG_AGO)
    with acting(manager):
        due = due_rows(DESK, manager, TODAY)
        far = due_rows(DESK, manager, TODAY + timedelta(days=36500))
    assert [(one.file.name, one.standing) for one in due] == [("Opdigtet Ensomsen", Standing.DUE)]
    assert len(far) == 1


def test_a_disclosure_that_waits_stops_the_deletion(staff: Staff, ended: PartnerFile) -> None:
    from dataclasses import replace

    file = replace(facts(Kind.PARTNER_FILE, ended.pk, staff[Role.SAFETY_MANAGER]),
                   waiting=(NOT_SENT,))
    with pytest.raises(Refused, match="disclosure"):
        actions.decide(desk=DESK, file=file, ground=Ground.DUE, by=staff[Role.SAFETY_MANAGER])


def test_a_data_protection_officer_decides_without_a_name(
    staff: Staff, owner_urls: dict[str, str], ended: PartnerFile, site: None
) -> None:
    worker = add_colleague(owner_urls, Role.DATA_PROTECTION_OFFICER, "lyngholm-shelter",
                           "officer.shelter@example.invalid")
    officer = viewer_of(worker)
    found = facts(Kind.PARTNER_FILE, ended.pk, officer)
    assert (found.name, found.page) == ("", "")
    page = signed_in(worker).get(reverse("keeping")).content.decode()
    assert "Ensomsen" not in page
    assert f"File {str(ended.pk)[:8]}" in page


@pytest.mark.parametrize("role", sorted(r for r in NEVER if SIDE_OF_ROLE[r] is Side.SAFETY))
def test_no_other_role_holds_or_deletes_or_learns_that_there_is_such_a_page(
    role: Role, staff: Staff, ended: PartnerFile, site: None
) -> None:
    manager, by = staff[Role.SAFETY_MANAGER], staff[role]
    file = facts(Kind.PARTNER_FILE, ended.pk, manager)
    with pytest.raises(Refused):
        actions.hold(desk=DESK, file=file, ground=HoldReason.RISK, reason="x",
                     review_on=TODAY + timedelta(days=1), by=by)
    with pytest.raises(Refused):
        actions.decide(desk=DESK, file=file, ground=Ground.DUE, by=by)
    row = actions.decide(desk=DESK, file=file, ground=Ground.DUE, by=manager)
    with pytest.raises(Refused):
        actions.approve(desk=DESK, deletion=row, by=by)
    if role is Role.SAFETY_SYSTEM:
        return
    client = signed_in(staff.workers[role])
    for name, words in (("keeping", []), ("keeping-file", ["partner_file", ended.pk]),
                        ("keeping-hold", ["partner_file", ended.pk]),
                        ("keeping-delete", ["partner_file", ended.pk]),
                        ("keeping-deletion", [row.pk])):
        assert client.get(reverse(name, args=words)).status_code == 404
        assert client.post(reverse(name, args=words), {}).status_code in (404, 405)


def test_the_pages_of_a_file_and_of_a_child(
    staff: Staff, ended: PartnerFile, second: Worker, site: None
) -> None:
    child = child_of(ended, staff)
    one, two = signed_in(staff.workers[Role.SAFETY_MANAGER]), signed_in(second)
    page = one.get(reverse("keeping")).content.decode()
    assert "Opdigtet Ensomsen" in page
    shown = one.get(reverse("keeping-file", args=["child", child.pk])).content.decode()
    assert "until the age of 25" in shown
    assert one.get(reverse("keeping-file", args=["case", child.pk])).status_code == 404
    delete = reverse("keeping-delete", args=["partner_file", ended.pk])
    assert "1 child’s record" in one.get(delete).content.decode()
    one.post(delete, {"ground": "due", "keeps": "rule", "form_id": "0" * 32})
    row = next(r for r in rows(Deletion, staff[Role.SAFETY_MANAGER]) if r.with_file is None)
    decision = reverse("keeping-deletion", args=[row.pk])
    assert two.post(decision, {"sure": "on"}).url == reverse("keeping")
    for client in (one, two):
        assert_gone(client, ended, child)


def assert_gone(client: Client, file: PartnerFile, child: Child) -> None:
    assert client.get(reverse("partner", args=[file.pk])).status_code == 404
    assert client.get(reverse("child", args=[child.pk])).status_code == 404
    for address in (reverse("keeping"), reverse("partners"), reverse("search") + "?q=Ensomsen"):
        assert "Opdigtet Ensomsen" not in client.get(address).content.decode()
