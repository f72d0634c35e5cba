"""Holding a case, deciding, approving: the acts, their refusals, the pages, and no ghost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import DatabaseError, connections
from django.urls import reverse

from casewall.config.clusters import SIDES
from casewall.config.embedded import Cluster
from casewall.drafts.actions import Place, save_draft
from casewall.programme.cases.models import Case, Client
from casewall.programme.notes.models import ProgrammeDraft
from casewall.programme.retention import actions
from casewall.programme.retention.desk import due_rows
from casewall.programme.retention.files import DESK
from casewall.programme.retention.ledger import ledger_file, read_lines
from casewall.programme.retention.models import Deletion, LegalHold, Remainder
from casewall.programme.retention.rules import Ground, HoldReason, Kind
from casewall.programme.retention.saying import said
from casewall.programme.retention.telling import on_deleted
from casewall.staff.models import Worker
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from casewall.wall.sides import SIDE_OF_ROLE, Role, Side, Viewer
from tests.filling import every_row, ghosts
from tests.people import Staff, add_colleague, signed_in
from tests.programme.conftest import TODAY, World

NEVER = frozenset(Role) - {Role.PROGRAMME_MANAGER}


@pytest.fixture(scope="module")
def second(staff_once: Staff, owner_urls: dict[str, str]) -> Worker:
    """Another manager of the same agency."""
    return add_colleague(owner_urls, Role.PROGRAMME_MANAGER, "vesterlo-treatment",
                         "second.manager@example.invalid")


@pytest.fixture
def ended(world: World) -> Any:
    """A case that ended eight years ago, with a contact and an assessment in it."""
    from casewall.programme.cases.actions import move_case
    from casewall.programme.cases.reasons import ExitReason
    from casewall.programme.cases.rules import Stage

    long_ago = TODAY - timedelta(days=365 * 8)
    case = world.case("Opdigtet", "Ensom", stage=Stage.AGREEMENT_SIGNED, referred_on=long_ago)
    move_case(case=case, to=Stage.EXITED, on=long_ago + timedelta(days=30),
              reason=next(iter(ExitReason)), by=world.manager)
    return world.again(case)


@pytest.fixture
def beyond(var: Path) -> Iterator[psycopg.Connection[Any]]:
    url = Cluster(var / "programme").superuser_url(SIDES["programme"].dbname)
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


def facts(case: Any, by: Viewer) -> Any:
    with acting(by):
        return DESK.one(Kind.CASE, case.pk, by)


def ask(by: Viewer, statement: str, **values: Any) -> None:
    """What somebody with the password of the site could send to the database."""
    with acting(by), connections["programme"].cursor() as cursor:
        cursor.execute(statement, values)


def decided(case: Any, by: Viewer, ground: Ground = Ground.DUE, **more: Any) -> Any:
    return actions.decide(desk=DESK, file=facts(case, by), ground=ground, by=by, **more)


def test_two_people_delete_a_case_and_no_ghost_is_left(
    world: World, ended: Any, second: Worker, beyond: Any, var: Path
) -> None:
    manager, other = world.manager, second.as_viewer()
    page = reverse("case", args=[ended.pk])
    save_draft(place=Place(uuid4(), ended.compartment, f"{page}note/", "Note: Ensom"),
               fields=(("text", "half written"),), base=0, tab="t", turn=1, by=manager)
    row = decided(ended, manager)
    assert row.keeps_figures
    told: list[Any] = []
    on_deleted("test", lambda *words: told.append(words))
    before = every_row(beyond)
    try:
        assert len(actions.approve(desk=DESK, deletion=row, by=other)) == 1
    finally:
        del DESK.on_deleted["test"]
    after = every_row(beyond)
    aside = ("audit_entry", "programme_retention_deletion")
    gone = {one for table, rows in before.items() for one, text in rows.items()
            if str(ended.pk) in text and table not in aside}
    gone |= {str(ended.pk), str(ended.client_id)}
    assert ghosts(after, gone) == []
    assert "programme_notes_programmedraft" not in after
    ((kind, file, rows, by, _at),) = told
    assert (kind, file, by) == ("case", ended.pk, other)
    assert {ended.pk, ended.client_id} <= rows
    (entry,) = world.rows(Deletion)
    assert entry.done_at is not None
    assert entry.file_id is None
    assert str(ended.pk) not in repr(vars(entry))
    (stays,) = world.rows(Remainder)
    assert (stays.referred_in, stays.outcome, stays.contacts) == (2028, "exited", 1)
    lines = (ledger_file(Side.PROGRAMME) or Path()).read_text().splitlines()
    assert str(entry.pk) in {line["id"] for line in read_lines(lines, Side.PROGRAMME)}
    assert actions.approve(desk=DESK, deletion=entry, by=other) == []


def test_an_erasure_on_request_keeps_no_figures_unless_somebody_says_so(
    world: World, ended: Any, second: Worker
) -> None:
    row = decided(ended, world.manager, Ground.REQUEST)
    actions.approve(desk=DESK, deletion=row, by=second.as_viewer())
    assert world.rows(Remainder) == []
    assert world.rows(Case) == world.rows(Client) == []


def test_one_person_alone_deletes_nothing_not_even_in_the_database(
    world: World, ended: Any, second: Worker
) -> None:
    manager = world.manager
    row = decided(ended, manager)
    with pytest.raises(Refused, match="Another person"):
        actions.approve(desk=DESK, deletion=row, by=manager)
    for change in ("approved_by = decided_by", "approved_by = gen_random_uuid()"):
        asked = f"update programme_retention_deletion set {change} where id = %(row)s; "
        with pytest.raises(DatabaseError, match="two people"):
            ask(manager, asked + "select app.carry_out(%(row)s)", row=row.pk)
    with pytest.raises(DatabaseError, match="denied"):
        ask(manager, "select app.erase_case(%(case)s)", case=ended.pk)
    assert world.again(ended)


def test_sent_twice_it_is_one_and_a_second_decision_waits_for_the_first(
    world: World, ended: Any
) -> None:
    form = uuid4()
    first = decided(ended, world.manager, form=form)
    assert decided(ended, world.manager, form=form).pk == first.pk
    with pytest.raises(Refused, match="decided already"):
        decided(ended, world.manager, form=uuid4())


def test_a_refused_deletion_leaves_the_case_and_no_identifier(
    world: World, ended: Any, second: Worker
) -> None:
    row = decided(ended, world.manager)
    actions.refuse(desk=DESK, deletion=row, by=second.as_viewer())
    actions.refuse(desk=DESK, deletion=row, by=second.as_viewer())
    assert world.rows(Deletion)[0].file_id is None
    with pytest.raises(Refused, match="refused meanwhile"):
        actions.approve(desk=DESK, deletion=row, by=second.as_viewer())
    assert world.again(ended)


def test_a_hold_stops_a_deletion_before_and_after_the_decision(
    world: World, ended: Any, second: Worker
) -> None:
    manager, other = world.manager, second.as_viewer()
    row = decided(ended, manager)
    held = hold(ended, other)
    with pytest.raises(Refused, match="on hold"):
        actions.approve(desk=DESK, deletion=row, by=other)
    actions.refuse(desk=DESK, deletion=row, by=other)
    with pytest.raises(Refused, match="held"):
        decided(ended, manager, form=uuid4())
    with pytest.raises(actions.StaleEdit, match="changed"):
        actions.lift(desk=DESK, held=held, because="over", version=7, by=manager)
    with pytest.raises(Refused, match="Say in words"):
        actions.lift(desk=DESK, held=held, because=" ", version=1, by=manager)
    actions.lift(desk=DESK, held=held, because="The claim was settled.", version=1, by=manager)
    assert actions.lift(desk=DESK, held=held, because="x", version=1, by=manager).lifted_at
    assert [row.standing for row in due(world)] == ["due"]


def hold(case: Any, by: Viewer, **more: Any) -> LegalHold:
    words = {"ground": HoldReason.PROCEEDINGS, "reason": "A claim is being made.",
             "review_on": TODAY + timedelta(days=90)}
    return actions.hold(desk=DESK, file=facts(case, by), by=by, **{**words, **more})


def due(world: World, today: date = TODAY) -> list[Any]:
    with acting(world.manager):
        return due_rows(DESK, world.manager, today)


def test_bad_holds_are_refused_with_a_sentence_and_two_are_one(world: World, ended: Any) -> None:
    for more, words in (({"reason": " "}, "Say in words"), ({"review_on": TODAY}, "still to come")):
        with pytest.raises(Refused, match=words):
            hold(ended, world.manager, **more)
    form = uuid4()
    assert hold(ended, world.manager, form=form).pk == hold(ended, world.manager, form=form).pk
    with pytest.raises(Refused, match="held already"):
        hold(ended, world.manager)


def test_an_open_case_is_never_due_and_is_deleted_only_as_an_error(
    world: World, second: Worker
) -> None:
    case = world.case("Opdigtet", "Aaben", referred_on=TODAY - timedelta(days=3650))
    assert due(world, TODAY + timedelta(days=36500)) == []
    for ground in (Ground.DUE, Ground.REQUEST):
        with pytest.raises(Refused):
            decided(case, world.manager, ground, form=uuid4())
    row = decided(case, world.manager, Ground.ERROR)
    actions.approve(desk=DESK, deletion=row, by=second.as_viewer())
    assert world.rows(Case) == []


@pytest.mark.parametrize("role", sorted(r for r in NEVER if SIDE_OF_ROLE[r] is Side.PROGRAMME))
def test_no_other_role_holds_or_deletes_or_learns_that_there_is_such_a_page(
    role: Role, world: World, ended: Any, site: Staff
) -> None:
    by = site[role]
    file = facts(ended, world.manager)
    with pytest.raises(Refused):
        actions.hold(desk=DESK, file=file, ground=HoldReason.RISK, reason="x",
                     review_on=TODAY + timedelta(days=1), by=by)
    with pytest.raises(Refused):
        actions.decide(desk=DESK, file=file, ground=Ground.DUE, by=by)
    row, held = decided(ended, world.manager), None
    with pytest.raises(Refused):
        actions.approve(desk=DESK, deletion=row, by=by)
    actions.refuse(desk=DESK, deletion=row, by=world.manager)
    held = hold(ended, world.manager)
    with pytest.raises(Refused):
        actions.lift(desk=DESK, held=held, because="x", version=1, by=by)
    if role is Role.PROGRAMME_SYSTEM:
        return
    client = signed_in(site.workers[role])
    for name, words in (("keeping", []), ("keeping-file", ["case", ended.pk]),
                        ("keeping-hold", ["case", ended.pk]), ("keeping-lift", [held.pk]),
                        ("keeping-delete", ["case", ended.pk]), ("keeping-deletion", [row.pk])):
        assert client.get(reverse(name, args=words)).status_code == 404
        assert client.post(reverse(name, args=words), {}).status_code in (404, 405)
    assert client.post(reverse("keeping-refuse", args=[row.pk])).status_code == 404


def test_the_pages_lead_from_the_list_to_the_deletion(
    world: World, ended: Any, second: Worker, site: Staff
) -> None:
    one, two = signed_in(site.workers[Role.PROGRAMME_MANAGER]), signed_in(second)
    page = one.get(reverse("keeping")).content.decode()
    assert "Opdigtet Ensom" in page
    file = reverse("keeping-file", args=["case", ended.pk])
    assert "kept for 7 years" in one.get(file).content.decode()
    bad = one.post(reverse("keeping-hold", args=["case", ended.pk]), {"reason": "kept words"})
    assert bad.status_code == 422
    assert "kept words" in bad.content.decode()
    form = {"ground": "inquiry", "reason": "A review.", "review_on_day": "1",
            "review_on_month": "5",
            "review_on_year": "2037", "form_id": uuid4()}
    assert one.post(reverse("keeping-hold", args=["case", ended.pk]), form).url == file
    (held,) = world.rows(LegalHold)
    shown = one.get(file).content.decode()
    assert "A review." in shown
    assert "Delete the file" not in shown
    assert "On hold" in one.get(reverse("case", args=[ended.pk])).content.decode()
    lift = reverse("keeping-lift", args=[held.pk])
    assert one.get(lift).status_code == 200
    assert one.post(lift, {"because": "Over.", "version": "9"}).status_code == 422
    assert one.post(lift, {"because": "Over.", "version": "1"}).url == file
    delete = reverse("keeping-delete", args=["case", ended.pk])
    assert one.get(delete).status_code == 200
    answer = {"ground": "due", "keeps": "no", "form_id": uuid4()}
    assert one.post(delete, answer).url == file
    (row,) = world.rows(Deletion)
    assert row.keeps_figures is False
    decision = reverse("keeping-deletion", args=[row.pk])
    assert "another person approves it" in one.get(decision).content.decode()
    assert one.post(decision, {"sure": "on"}).status_code == 422
    assert "Approve or refuse a deletion" in two.get(reverse("today")).content.decode()
    assert two.post(decision, {}).status_code == 422
    assert two.post(decision, {"sure": "on"}).url == reverse("keeping")
    for client in (one, two):
        assert client.get(reverse("case", args=[ended.pk])).status_code == 404
        assert client.get(decision).status_code == 404
        assert "Opdigtet Ensom" not in client.get(reverse("keeping")).content.decode()
        assert "Opdigtet Ensom" not in client.get(reverse("search") + "?q=Ensom").content.decode()


def test_keeping_a_file_after_all_is_one_button(
    world: World, ended: Any, second: Worker, site: Staff
) -> None:
    row = decided(ended, world.manager)
    refuse = reverse("keeping-refuse", args=[row.pk])
    assert signed_in(second).get(refuse).status_code == 405
    assert signed_in(second).post(refuse).url == reverse("keeping")
    assert world.again(ended)
    with acting(world.manager):
        assert not ProgrammeDraft.objects.visible_to(world.manager).exists()


def test_the_operator_reads_counts_and_days_and_no_name(world: World, ended: Any) -> None:
    said_now = said(DESK, Role.PROGRAMME_SYSTEM)
    assert said_now.startswith("The programme side: 1 file due for deletion, the first since ")
    assert "Ensom" not in said_now
    hold(ended, world.manager)
    assert said(DESK, Role.PROGRAMME_SYSTEM) == \
        "The programme side: 0 files due for deletion; 1 on hold."
