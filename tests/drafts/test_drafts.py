"""Drafts on the programme site: kept for one worker, encrypted, ended by saving or by time."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
import time_machine
from django import forms
from django.db import IntegrityError, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from casewall.drafts import actions
from casewall.drafts.forms import draft_key, forget, restore
from casewall.drafts.models import drafts_of
from casewall.drafts.rules import KEPT_FOR, LONGEST
from casewall.programme.cases.models import Case
from casewall.programme.notes.models import Note, ProgrammeDraft
from casewall.programme.referrals.command import one_round
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from casewall.wall.sides import Role, Side
from tests.people import Staff, signed_in, site_settings
from tests.programme.conftest import NOW, Browse, World

TEXT = "He came ten minutes early and talked about his work."
ATTRIBUTE = re.compile(r'data-casewall-draft(-[a-z]+)?="([^"]*)"')


@pytest.fixture
def case(world: World) -> Case:
    return world.case("Anders", "Opdigtet")


@pytest.fixture
def writer(browse: Browse) -> Client:
    return browse(Role.PROGRAMME_MANAGER)


def address(case: Case) -> str:
    return f"/cases/{case.pk}/notes/new/"


def attributes(page: Any) -> dict[str, str]:
    """What the page tells the script."""
    return {name or "": value for name, value in ATTRIBUTE.findall(page.content.decode())}


def keep(
    browser: Client,
    page: Any,
    text: str = TEXT,
    *,
    tab: str = "a",
    turn: int = 1,
    base: int | None = None,
    **boxes: str,
) -> Any:
    """Save a draft as the script of a page does."""
    told = attributes(page)
    fields = [["text", text], *([name, value] for name, value in boxes.items())]
    return browser.post(
        told["-url"],
        {
            "draft": told[""],
            "base": told["-version"] if base is None else base,
            "tab": tab,
            "turn": turn,
            "fields": json.dumps(fields),
        },
    )


def stored(world: World, role: Role = Role.PROGRAMME_MANAGER) -> list[ProgrammeDraft]:
    viewer = world.staff[role]
    with acting(viewer):
        return list(ProgrammeDraft.objects.visible_to(viewer))


def test_what_was_typed_stands_in_the_form_when_the_page_is_opened_again(
    writer: Client, case: Case
) -> None:
    page = writer.get(address(case))
    answer = keep(writer, page, happened_on_day="3", happened_on_month="", minutes="many")
    assert (answer.status_code, answer.json()) == (200, {"version": 1, "at": "12:00"})
    again = writer.get(address(case)).content.decode()
    assert TEXT in again
    assert 'value="many"' in again
    assert "typed until 4 March 2036, 12:00" in again
    assert "Throw the draft away" in again


def test_a_draft_survives_a_sign_out(writer: Client, case: Case, site: Staff) -> None:
    keep(writer, writer.get(address(case)))
    writer.post("/accounts/logout/")
    assert writer.get(address(case)).status_code == 302
    again = signed_in(site.workers[Role.PROGRAMME_MANAGER])
    assert TEXT in again.get(address(case)).content.decode()


def test_nobody_else_reads_a_draft(
    writer: Client, case: Case, world: World, browse: Browse
) -> None:
    page = writer.get(address(case))
    keep(writer, page)
    other = browse(Role.ASSESSOR)
    assert TEXT not in other.get(address(case)).content.decode()
    assert TEXT not in other.get("/drafts/").content.decode()
    assert stored(world, Role.ASSESSOR) == stored(world, Role.PROGRAMME_SYSTEM) == []
    # The token of somebody else's page opens nothing either.
    assert keep(other, page, "Another text").status_code == 400
    token = {"draft": attributes(page)[""]}
    assert other.post("/drafts/throw-away/", token).status_code == 404
    assert [draft.written.fields[0][1] for draft in stored(world)] == [TEXT]


def test_a_draft_is_stored_encrypted(writer: Client, case: Case, world: World) -> None:
    keep(writer, writer.get(address(case)))
    with acting(world.manager), connections["programme"].cursor() as cursor:
        cursor.execute("select * from programme_notes_programmedraft")
        rows = cursor.fetchall()
    assert len(rows) == 1
    held = b"".join(bytes(v) for v in rows[0] if isinstance(v, (bytes, memoryview)))
    assert len(held) > len(TEXT)
    assert b"early" not in held
    assert "early" not in str(rows[0])


def test_saving_the_form_ends_its_draft(writer: Client, case: Case, world: World) -> None:
    page = writer.get(address(case))
    keep(writer, page)
    form_id = re.search(r'name="form_id" value="([^"]+)"', page.content.decode())
    assert form_id
    sent = {
        "form_id": form_id.group(1),
        "kind": "phone",
        "text": TEXT,
        "happened_on_day": "4",
        "happened_on_month": "3",
        "happened_on_year": "2036",
    }
    assert writer.post(address(case), {**sent, "kind": ""}).status_code == 422
    assert len(stored(world)) == 1
    assert writer.post(address(case), sent).status_code == 302
    assert stored(world) == []
    assert [note.text for note in world.rows(Note)] == [TEXT]
    assert "Your draft" not in writer.get(address(case)).content.decode()
    # A save that was under way meanwhile does not bring it back.
    assert keep(writer, page, base=1, turn=2).status_code == 409
    assert stored(world) == []


def test_a_form_that_was_refused_is_saved_as_a_draft_at_once(writer: Client, case: Case) -> None:
    assert attributes(writer.get(address(case)))["-unsaved"] == ""
    refused = writer.post(address(case), {"text": TEXT})
    assert refused.status_code == 422
    assert attributes(refused)["-unsaved"] == "yes"


def test_a_draft_is_thrown_away_by_a_button(writer: Client, case: Case, world: World) -> None:
    page = writer.get(address(case))
    keep(writer, page)
    sent = {"draft": attributes(writer.get(address(case)))[""]}
    answer = writer.post("/drafts/throw-away/", sent)
    assert (answer.status_code, answer.headers["Location"]) == (302, address(case))
    assert stored(world) == []
    again = writer.get(address(case)).content.decode()
    assert "has been thrown away" in again
    assert TEXT not in again
    # Pressed twice, or from the list, it is gone all the same.
    assert (
        writer.post("/drafts/throw-away/", {**sent, "list": "yes"}).headers["Location"]
        == "/drafts/"
    )


def test_the_newer_of_two_tabs_wins_and_the_older_text_is_shown(writer: Client, case: Case) -> None:
    one, other = writer.get(address(case)), writer.get(address(case))
    keep(writer, one, tab="a", kind="phone")
    keep(writer, other, "He rang to say that he is ill.", tab="b", kind="video")
    page = writer.get(address(case))
    shown = page.content.decode()
    assert "He rang to say" in shown.split("<form")[-1]
    assert "Another tab held something else until 4 March 2036, 12:00" in shown
    assert TEXT in shown
    older = shown.split("Another tab")[1].split("</details>")[0]
    assert "Kind of contact" in older
    assert "Phone call" in older


def test_a_save_that_arrives_late_changes_nothing(writer: Client, case: Case, world: World) -> None:
    page = writer.get(address(case))
    keep(writer, page, "The whole text", turn=2)
    keep(writer, page, "The", turn=1)
    assert stored(world)[0].written.fields[0][1] == "The whole text"


def test_two_tabs_that_begin_at_once_make_one_draft(
    writer: Client, case: Case, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second tab sees no draft yet, and finds it when it stores its own."""
    page = writer.get(address(case))
    keep(writer, page, tab="a")
    real, asked = actions._locked, []

    def blind(model: Any, key: Any, by: Any) -> Any:
        asked.append(key)
        return None if len(asked) == 1 else real(model, key, by)

    monkeypatch.setattr(actions, "_locked", blind)
    assert keep(writer, page, "Of the other tab", tab="b", base=0).status_code == 200
    [draft] = stored(world)
    assert draft.written.fields[0][1] == "Of the other tab"
    assert [dict(one.fields)["text"] for one in draft.written.older] == [TEXT]


def test_a_database_holds_one_draft_of_a_form_and_worker(case: Case, world: World) -> None:
    by = world.manager

    def store_one() -> None:
        ProgrammeDraft(
            compartment=case.compartment,
            worker=by.worker,
            key=draft_key(case.pk, "x"),
            content="{}",
            saved_at=NOW,
        ).save(force_insert=True)

    with acting(by):
        store_one()
    with pytest.raises(IntegrityError), acting(by):
        store_one()


def test_passwords_files_and_tokens_never_go_into_a_draft(
    case: Case, world: World, rf_request: Any
) -> None:
    class Everything(forms.Form):
        text = forms.CharField()
        secret = forms.CharField(widget=forms.PasswordInput)
        paper = forms.FileField()
        when = forms.SplitDateTimeField()

    form = Everything()
    restore(rf_request("GET"), form, "everything", of=case, title="Everything")  # type: ignore[arg-type]
    assert form.draft.names == ("text", "when_0", "when_1")  # type: ignore[attr-defined]


def test_a_browser_cannot_smuggle_other_boxes_in(writer: Client, case: Case, world: World) -> None:
    keep(writer, writer.get(address(case)), password="hunter", csrfmiddlewaretoken="abc")
    assert [name for name, _ in stored(world)[0].written.fields] == ["text"]


@pytest.fixture
def rf_request(world: World) -> Any:
    """A request of the manager, as views get it."""
    from django.test import RequestFactory

    def make(method: str) -> Any:
        request = RequestFactory().generic(method, "/somewhere/")
        request.viewer = world.manager  # type: ignore[attr-defined]
        return request

    return make


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("draft", "made up"),
        ("fields", "no json"),
        ("fields", '[["text"]]'),
        ("fields", "{}"),
        ("base", "x"),
        ("turn", ""),
    ],
)
def test_what_is_no_draft_is_refused(writer: Client, case: Case, name: str, wrong: str) -> None:
    told = attributes(writer.get(address(case)))
    sent = {"draft": told[""], "base": "0", "tab": "a", "turn": "1", "fields": "[]", name: wrong}
    answer = writer.post("/drafts/save/", sent)
    assert (answer.status_code, answer.json()) == (400, {"said": "This is not a draft of yours."})


def test_a_draft_that_is_too_long_is_refused_with_a_sentence(
    writer: Client, case: Case, world: World
) -> None:
    answer = keep(writer, writer.get(address(case)), "x" * LONGEST)
    assert answer.status_code == 413
    assert "at most 400,000 characters" in answer.json()["said"]
    assert stored(world) == []


def test_drafts_are_thrown_away_after_thirty_days(
    writer: Client,
    case: Case,
    world: World,
    site: Staff,
) -> None:
    keep(writer, writer.get(address(case)))
    with time_machine.travel(NOW + KEPT_FOR - timedelta(minutes=1), tick=False):
        assert len(stored(world)) == 1
        assert stored(world, Role.PROGRAMME_SYSTEM) == []
    with time_machine.travel(NOW + KEPT_FOR + timedelta(minutes=1), tick=False):
        later = signed_in(site.workers[Role.PROGRAMME_MANAGER])
        assert TEXT not in later.get(address(case)).content.decode()
        assert actions.throw_away_old(by=world.system) == 1
        assert stored(world) == []


def test_the_system_account_throws_old_drafts_of_everybody_away(
    writer: Client, case: Case, world: World, browse: Browse
) -> None:
    system = world.system
    for browser in (writer, browse(Role.ASSESSOR)):
        keep(browser, browser.get(address(case)))
    assert actions.throw_away_old(by=system) == 0
    with time_machine.travel(NOW + KEPT_FOR + timedelta(minutes=1), tick=False):
        assert actions.throw_away_old(by=system) == 2
    assert stored(world) == stored(world, Role.ASSESSOR) == []


def test_old_drafts_are_not_shown_and_go_when_a_new_one_is_begun(
    world: World,
    site: Staff,
) -> None:
    cases = [world.case(f"N{number}", "Digt") for number in range(3)]
    writer = signed_in(site.workers[Role.PROGRAMME_MANAGER])
    keep(writer, writer.get(address(cases[0])))
    with time_machine.travel(NOW + KEPT_FOR + timedelta(minutes=1), tick=False):
        later = signed_in(site.workers[Role.PROGRAMME_MANAGER])
        assert TEXT not in later.get(address(cases[0])).content.decode()
        assert len(stored(world)) == 1, "looking changes nothing"
        keep(later, later.get(address(cases[1])))
        assert len(stored(world)) == 1
    with time_machine.travel(NOW + 2 * KEPT_FOR + timedelta(minutes=3), tick=False):
        later = signed_in(site.workers[Role.PROGRAMME_MANAGER])
        assert "You have no drafts." in later.get("/drafts/").content.decode()
        assert one_round(world.system, {}) == "0 arrivals taken in."
    assert stored(world) == []


def test_the_list_and_the_first_page_show_ones_own_drafts(writer: Client, case: Case) -> None:
    assert "You have no drafts." in writer.get("/drafts/").content.decode()
    assert "Typed and not saved yet" not in writer.get("/").content.decode()
    keep(writer, writer.get(address(case)))
    listed = writer.get("/drafts/").content.decode()
    assert "Case note: Anders Opdigtet" in listed
    assert f'href="{address(case)}"' in listed
    assert TEXT in listed
    token = re.search(r'name="draft" value="([^"]+)"', listed)
    assert token
    assert "Typed and not saved yet" in writer.get("/").content.decode()
    writer.post("/drafts/throw-away/", {"list": "yes", "draft": token.group(1)})
    assert TEXT not in writer.get("/drafts/").content.decode()


def test_pages_of_drafts_need_the_same_queries_for_few_and_for_many(
    writer: Client, world: World
) -> None:
    def count(url: str) -> int:
        with CaptureQueriesContext(connections["programme"]) as context:
            assert writer.get(url).status_code == 200
        return len(context)

    def fill(number: int) -> None:
        for n in range(number):
            page = writer.get(address(world.case(f"N{n}", f"F{n}")))
            keep(writer, page)

    fill(1)
    few = [count(url) for url in ("/drafts/", "/")]
    fill(10)
    assert [count(url) for url in ("/drafts/", "/")] == few


def test_the_audit_holds_that_a_draft_began_and_ended_but_not_every_save(
    writer: Client, case: Case, owner_urls: dict[str, str]
) -> None:
    page = writer.get(address(case))
    for turn in range(1, 5):
        keep(writer, page, TEXT * turn, turn=turn)
    writer.post("/drafts/throw-away/", {"draft": attributes(page)[""]})
    with psycopg.connect(owner_urls["programme"]) as connection:
        rows = connection.execute(
            "select verb from audit_entry where kind = 'programmedraft' order by verb"
        ).fetchall()
    assert [verb for (verb,) in rows] == ["began", "ended"]


def test_a_side_that_keeps_no_drafts_has_forms_as_before(
    world: World, rf_request: Any, monkeypatch: pytest.MonkeyPatch, case: Case
) -> None:
    monkeypatch.setattr("casewall.drafts.models._OF_SIDE", {})
    assert drafts_of(Side.PROGRAMME) is None
    form = forms.Form()
    restore(rf_request("GET"), form, "x", of=case, title="X")
    forget(form)
    assert not hasattr(form, "draft")
    by = world.manager
    assert actions.own_drafts(by) == []
    assert actions.throw_away(key=uuid4(), by=by) is False
    assert actions.throw_away_old(by=by) == 0
    with pytest.raises(Refused, match="No drafts"):
        actions.save_draft(
            place=actions.Place(uuid4(), 1, "/", "X"), fields=(), base=0, tab="a", turn=1, by=by
        )


def test_nobody_who_is_not_signed_in_saves_a_draft(case: Case, world: World) -> None:
    with site_settings(Side.PROGRAMME):
        assert Client().post("/drafts/save/", {}).status_code == 302
