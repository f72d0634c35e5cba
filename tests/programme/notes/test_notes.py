"""Case notes: written, changed, approved, returned and corrected; who sees which."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from casewall.programme.cases.actions import finish_task, record_contact
from casewall.programme.cases.models import Case, Task
from casewall.programme.cases.rules import Outcome, Route, Stage
from casewall.programme.notes import actions
from casewall.programme.notes.lists import QUEUE
from casewall.programme.notes.models import Correction, EarlierNote, Note
from casewall.programme.notes.rules import NoteKind, NoteState
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from casewall.wall.sides import Role, Viewer
from tests.people import add_colleague, signed_in
from tests.programme.conftest import NOW, TODAY, Browse, World, day_boxes

TEXT = "He came on time and said that he had kept to the plan for Sundays."
Write = Callable[..., Note]


@pytest.fixture
def case(world: World) -> Case:
    """A case of the facilitator's group."""
    case = world.case("Anders", "Opdigtet", stage=Stage.AGREEMENT_SIGNED)
    world.member(world.group(), case)
    return world.again(case)


@pytest.fixture
def facilitator(world: World) -> Viewer:
    return world.staff[Role.FACILITATOR]


@pytest.fixture
def write(world: World, facilitator: Viewer) -> Write:
    """Writes a note, by the facilitator and today unless said otherwise."""

    def written(case: Case, text: str = TEXT, **how: Any) -> Note:
        how = {"kind": NoteKind.PHONE, "happened_on": TODAY, "by": facilitator, **how}
        return actions.write_note(case=case, text=text, **how)

    return written


def boxes(page: Any = None, **typed: str) -> dict[str, str]:
    """A note as its form posts it; hidden boxes come from the page."""
    text = page.content.decode() if page is not None else ""
    hidden = dict(re.findall(r'type="hidden" name="(form_id|version)" value="([^"]+)"', text))
    return {
        **hidden,
        "kind": "meeting",
        "minutes": "45",
        "text": TEXT,
        **day_boxes("happened_on", TODAY),
        **typed,
    }


def again(world: World, note: Note) -> Note:
    return world.rows(Note, pk=note.pk)[0]


# --- writing -------------------------------------------------------------------------------------


def test_a_note_is_written_from_the_case_and_shown_there(
    browse: Browse, case: Case, world: World
) -> None:
    browser = browse(Role.FACILITATOR)
    home = browser.get(f"/cases/{case.pk}/").content.decode()
    assert f'href="/cases/{case.pk}/notes/new/"' in home
    page = browser.get(f"/cases/{case.pk}/notes/new/")
    assert "What others have said about the client does not belong here." in page.content.decode()
    sent = boxes(
        page,
        **day_boxes("happened_on", TODAY - timedelta(days=3)),
        **day_boxes("follow_up_on", TODAY + timedelta(days=7)),
    )
    answer = browser.post(f"/cases/{case.pk}/notes/new/", sent)
    assert (answer.status_code, answer.headers["Location"]) == (
        302,
        f"/cases/{case.pk}/?show=notes",
    )
    [note] = world.rows(Note)
    assert (note.kind, note.minutes, note.state) == ("meeting", 45, NoteState.WRITTEN)
    assert (note.happened_on, note.written_at) == (TODAY - timedelta(days=3), NOW)
    [task] = world.rows(Task)
    assert (task.kind, task.due_on, note.task_id) == ("follow_up", date(2036, 3, 11), task.pk)
    for address in (f"/cases/{case.pk}/", f"/cases/{case.pk}/?show=notes"):
        shown = browser.get(address).content.decode()
        assert TEXT in shown
        assert "Meeting, 45 minutes" in shown
        assert "Written on 4 March 2036, 3 days later." in shown


def test_a_form_that_is_sent_twice_is_one_note(browse: Browse, case: Case, world: World) -> None:
    browser = browse(Role.FACILITATOR)
    sent = boxes(browser.get(f"/cases/{case.pk}/notes/new/"))
    for _ in range(2):
        assert browser.post(f"/cases/{case.pk}/notes/new/", sent).status_code == 302
    assert len(world.rows(Note)) == 1


def test_a_form_sent_again_with_another_text_shows_both(
    browse: Browse, case: Case, world: World
) -> None:
    browser = browse(Role.FACILITATOR)
    sent = boxes(browser.get(f"/cases/{case.pk}/notes/new/"))
    browser.post(f"/cases/{case.pk}/notes/new/", sent)
    answer = browser.post(f"/cases/{case.pk}/notes/new/", {**sent, "text": "Another text"})
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "was saved already, on 4 March 2036 at 12:00" in shown
    assert TEXT in shown
    assert "Another text" in shown
    assert [note.text for note in world.rows(Note)] == [TEXT]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (day_boxes("happened_on", TODAY + timedelta(days=1)), "5 March 2036 has not come yet."),
        (day_boxes("happened_on", TODAY - timedelta(days=41)), "The case was referred on"),
        (day_boxes("follow_up_on", TODAY - timedelta(days=1)), "3 March 2036 has passed"),
        (day_boxes("follow_up_on", date(2063, 3, 4)), "look at the year"),
        ({"follow_up_on_day": "31"}, "Enter a month and a year as well."),
        ({"minutes": "an hour"}, "whole number of minutes"),
        ({"minutes": "-5"}, "less than 0 minutes"),
        ({"minutes": "4500"}, "at most 720 minutes"),
        ({"text": "  "}, "Write the note."),
        ({"kind": ""}, "Choose the kind of contact."),
        ({"form_id": "x"}, "Enter a valid UUID."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    browse: Browse, case: Case, world: World, typed: dict[str, str], says: str
) -> None:
    browser = browse(Role.FACILITATOR)
    page = browser.get(f"/cases/{case.pk}/notes/new/")
    answer = browser.post(f"/cases/{case.pk}/notes/new/", boxes(page, **typed))
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert says in shown
    assert typed.get("text") is not None or TEXT in shown
    assert world.rows(Note) == []


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ({"happened_on": TODAY + timedelta(days=1)}, "has not come yet"),
        ({"follow_up_on": TODAY - timedelta(days=1)}, "has passed"),
        ({"minutes": 1000}, "not 1000"),
        ({"text": " "}, "no text"),
    ],
)
def test_the_act_refuses_what_the_form_would(
    write: Write, case: Case, how: dict[str, Any], says: str
) -> None:
    with pytest.raises(Refused, match=says):
        write(case, **how)


def test_who_has_no_duty_to_write_writes_nothing(write: Write, case: Case, world: World) -> None:
    with pytest.raises(Refused, match="A referrer may not write a case note"):
        write(case, by=world.staff[Role.REFERRER])


# --- unfinished notes ----------------------------------------------------------------------------


def test_an_unfinished_note_is_seen_by_its_writer_only(
    browse: Browse, case: Case, world: World, facilitator: Viewer
) -> None:
    browser, manager = browse(Role.FACILITATOR), browse(Role.PROGRAMME_MANAGER)
    sent = boxes(
        browser.get(f"/cases/{case.pk}/notes/new/"),
        **day_boxes("follow_up_on", TODAY + timedelta(days=7)),
    )
    answer = browser.post(f"/cases/{case.pk}/notes/new/", {**sent, "unfinished": "yes"})
    edit = answer.headers["Location"]
    assert world.rows(Note) == []  # as the manager sees them
    assert manager.get(edit).status_code == 404
    for address in (f"/cases/{case.pk}/", f"/cases/{case.pk}/chronology/", "/notes/waiting/"):
        assert TEXT not in manager.get(address).content.decode()
    assert world.rows(Task) == []
    assert "Finish your note:" in browser.get("/").content.decode()
    page = browser.get(edit)
    later = boxes(page, **day_boxes("follow_up_on", TODAY + timedelta(days=7)))
    with time_machine.travel(NOW + timedelta(minutes=10), tick=False):
        assert browser.post(edit, {**later, "unfinished": "yes"}).status_code == 302
        assert (
            browser.post(
                edit,
                {
                    **boxes(browser.get(edit)),
                    **{key: value for key, value in later.items() if key.startswith("follow")},
                },
            ).status_code
            == 302
        )
    [note] = world.rows(Note)
    assert (note.state, note.written_at) == (NoteState.WRITTEN, NOW + timedelta(minutes=10))
    assert len(world.rows(Task)) == 1
    assert world.rows(EarlierNote) == []
    with pytest.raises(Refused, match="cannot be unfinished again"):
        actions.change_note(
            note=note,
            version=note.version,
            kind=NoteKind.PHONE,
            unfinished=True,
            happened_on=TODAY,
            text="x",
            by=facilitator,
        )


# --- changing ------------------------------------------------------------------------------------


def test_a_text_that_others_could_read_is_kept_when_it_is_changed(
    browse: Browse, write: Write, case: Case, world: World
) -> None:
    browser, note = browse(Role.FACILITATOR), write(case, "The first text.")
    page = browser.get(f"/notes/{note.pk}/edit/")
    sent = boxes(page, text="The second text.")
    for _ in range(2):  # pressed twice, it is one change
        assert browser.post(f"/notes/{note.pk}/edit/", sent).status_code == 302
    assert [(row.version, row.text) for row in world.rows(EarlierNote)] == [(1, "The first text.")]
    shown = browser.get(f"/notes/{note.pk}/").content.decode()
    assert "The second text." in shown
    assert "The text until 4 March 2036, 12:00" in shown
    assert "The first text." in shown


def test_a_stale_change_shows_both_texts_and_overwrites_nothing(
    browse: Browse, write: Write, case: Case, world: World, facilitator: Viewer
) -> None:
    browser, note = browse(Role.FACILITATOR), write(case, "As it was.")
    stale = boxes(browser.get(f"/notes/{note.pk}/edit/"), text="Mine, typed meanwhile.")
    actions.change_note(
        note=note,
        version=1,
        kind=NoteKind.PHONE,
        happened_on=TODAY,
        text="Changed elsewhere.",
        by=facilitator,
    )
    answer = browser.post(f"/notes/{note.pk}/edit/", stale)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "was changed while this page was open" in shown
    assert "Changed elsewhere." in shown
    assert "Mine, typed meanwhile." in shown
    assert again(world, note).text == "Changed elsewhere."
    # Whoever has seen both may save.
    assert (
        browser.post(
            f"/notes/{note.pk}/edit/", boxes(answer, text="Mine, typed meanwhile.")
        ).status_code
        == 302
    )
    assert again(world, note).text == "Mine, typed meanwhile."
    assert {row.text for row in world.rows(EarlierNote)} == {"As it was.", "Changed elsewhere."}


def test_only_the_writer_changes_a_note(
    browse: Browse, write: Write, case: Case, world: World
) -> None:
    note = write(case)
    manager = browse(Role.PROGRAMME_MANAGER)
    assert manager.get(f"/notes/{note.pk}/edit/").headers["Location"] == f"/notes/{note.pk}/"
    assert "Only its writer changes" in manager.get(f"/notes/{note.pk}/").content.decode()
    with pytest.raises(Refused, match="Only its writer"):
        actions.change_note(
            note=note,
            version=1,
            kind=NoteKind.PHONE,
            happened_on=TODAY,
            text="Other",
            by=world.manager,
        )


def test_the_follow_up_task_follows_the_note(
    write: Write, case: Case, world: World, facilitator: Viewer
) -> None:
    note = write(case, follow_up_on=TODAY + timedelta(days=7))

    def change(on: date | None) -> list[tuple[date, bool]]:
        stored = again(world, note)
        actions.change_note(
            note=stored,
            version=stored.version,
            kind=NoteKind.PHONE,
            text=TEXT,
            happened_on=TODAY,
            follow_up_on=on,
            by=facilitator,
        )
        return sorted((task.due_on, task.done_on is None) for task in world.rows(Task))

    assert change(TODAY + timedelta(days=9)) == [(TODAY + timedelta(days=9), True)]
    assert change(None) == [(TODAY + timedelta(days=9), False)]
    assert change(None) == [(TODAY + timedelta(days=9), False)]
    assert change(TODAY + timedelta(days=2)) == [
        (TODAY + timedelta(days=2), True),
        (TODAY + timedelta(days=9), False),
    ]
    # A follow-up that was done is not asked for again because the text changes.
    [task] = world.rows(Task, done_on=None)
    finish_task(task=task, on=TODAY, by=facilitator)
    assert len(change(TODAY + timedelta(days=2))) == 2


# --- approval ------------------------------------------------------------------------------------


def decide(
    browser: Client,
    note: Note,
    verdict: str,
    comment: str = "",
    version: int = 1,
    address: str = "/notes/waiting/",
) -> Any:
    prefix = note.pk.hex[:8]
    return browser.post(
        address,
        {
            "note": str(note.pk),
            f"{prefix}-version": str(version),
            f"{prefix}-comment": comment,
            verdict: "yes",
        },
    )


def test_an_approved_note_is_locked_and_corrected_beside_the_original(
    browse: Browse, write: Write, case: Case, world: World, facilitator: Viewer
) -> None:
    note, manager, writer = write(case), browse(Role.PROGRAMME_MANAGER), browse(Role.FACILITATOR)
    assert "Notes that wait for your approval: 1" in manager.get("/").content.decode()
    assert TEXT in manager.get("/notes/waiting/").content.decode()
    for _ in range(2):  # pressed twice, it is approved once
        assert decide(manager, note, "approve").status_code == 302
    assert "is approved and locked" in manager.get("/notes/waiting/").content.decode()
    stored = again(world, note)
    assert (stored.state, stored.version, stored.decided_by) == (
        NoteState.APPROVED,
        2,
        world.manager.worker,
    )
    assert writer.get(f"/notes/{note.pk}/edit/").status_code == 302
    answer = writer.post(f"/notes/{note.pk}/edit/", boxes(version="2"))
    assert "An approved note is locked." in answer.content.decode()
    page = writer.get(f"/notes/{note.pk}/correct/")
    sent = {**boxes(page), "text": "It was Saturday.", "reason": "He said so on the phone."}
    for _ in range(2):
        assert writer.post(f"/notes/{note.pk}/correct/", sent).status_code == 302
    assert len(world.rows(Correction)) == 1
    for address in (
        f"/notes/{note.pk}/",
        f"/cases/{case.pk}/?show=notes",
        f"/cases/{case.pk}/chronology/",
    ):
        shown = manager.get(address).content.decode()
        assert TEXT in shown
        assert "It was Saturday." in shown
        assert "He said so on the phone." in shown
        assert re.search("Corrected on 4 March 2036.* by Invented facilitator", shown)
    twice = writer.post(f"/notes/{note.pk}/correct/", {**sent, "text": "Or Friday."})
    assert twice.status_code == 422
    assert "Or Friday." in twice.content.decode()
    assert again(world, note).text == TEXT


def test_a_correction_says_what_is_right_and_why_and_only_beside_a_locked_text(
    browse: Browse, write: Write, case: Case, world: World, facilitator: Viewer
) -> None:
    note, writer = write(case), browse(Role.FACILITATOR)
    assert writer.get(f"/notes/{note.pk}/correct/").headers["Location"] == f"/notes/{note.pk}/"
    with pytest.raises(Refused, match="not approved yet"):
        actions.correct_note(note=note, text="x", reason="y", by=facilitator)
    actions.approve_note(note=note, version=1, by=world.manager)
    with pytest.raises(Refused, match="what is right, and why"):
        actions.correct_note(note=note, text="x", reason=" ", by=facilitator)
    page = writer.get(f"/notes/{note.pk}/correct/")
    shown = writer.post(f"/notes/{note.pk}/correct/", {**boxes(page), "reason": ""})
    assert shown.status_code == 422
    assert "Say why it is corrected." in shown.content.decode()


def test_a_returned_note_waits_on_the_writers_first_page_with_the_comment(
    browse: Browse, write: Write, case: Case, world: World
) -> None:
    note, manager, writer = write(case), browse(Role.PROGRAMME_MANAGER), browse(Role.FACILITATOR)
    empty = decide(manager, note, "return")
    assert empty.status_code == 422
    assert "Say in the comment what the writer should change." in empty.content.decode()
    assert decide(manager, note, "return", "Which Sunday?").status_code == 302
    assert "Notes that wait for your approval" not in manager.get("/").content.decode()
    home = writer.get("/").content.decode()
    assert "Note returned to you:" in home
    assert "Which Sunday?" in home
    page = writer.get(f"/notes/{note.pk}/edit/")
    assert "Which Sunday?" in page.content.decode()
    sent = boxes(page, text="Sunday the second.")
    assert writer.post(f"/notes/{note.pk}/edit/", sent).status_code == 302
    assert "Note returned to you:" not in writer.get("/").content.decode()
    assert "Sunday the second." in manager.get("/notes/waiting/").content.decode()


def test_a_text_that_changed_while_it_was_read_is_not_approved(
    browse: Browse, write: Write, case: Case, world: World, facilitator: Viewer
) -> None:
    note, manager = write(case), browse(Role.PROGRAMME_MANAGER)
    manager.get("/notes/waiting/")
    actions.change_note(
        note=note,
        version=1,
        kind=NoteKind.PHONE,
        happened_on=TODAY,
        text="Another text.",
        by=facilitator,
    )
    answer = decide(manager, note, "approve", "Well written.")
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "Read the text as it stands now" in shown
    assert "Another text." in shown
    assert "Well written." in shown
    assert f'name="{note.pk.hex[:8]}-version" value="2"' in shown
    assert again(world, note).state == NoteState.WRITTEN
    assert decide(manager, note, "approve", "Well written.", 2).status_code == 302
    assert "Well written." in manager.get(f"/notes/{note.pk}/").content.decode()


def test_a_comment_on_a_note_that_no_longer_waits_is_shown_and_not_lost(
    browse: Browse, write: Write, case: Case, world: World
) -> None:
    note, manager = write(case), browse(Role.PROGRAMME_MANAGER)
    actions.approve_note(note=note, version=1, by=world.manager)
    answer = decide(manager, note, "return", "A long comment.")
    assert answer.status_code == 422
    assert "does not wait for approval" in answer.content.decode()
    assert "A long comment." in answer.content.decode()


def test_nobody_approves_an_own_note_and_a_facilitator_approves_none(
    browse: Browse, write: Write, case: Case, world: World, facilitator: Viewer
) -> None:
    own = write(case, by=world.manager)
    manager = browse(Role.PROGRAMME_MANAGER)
    assert TEXT not in manager.get("/notes/waiting/").content.decode()
    with pytest.raises(Refused, match="Somebody else approves"):
        actions.approve_note(note=own, version=1, by=world.manager)
    with pytest.raises(Refused, match="may not approve"):
        actions.approve_note(note=own, version=1, by=facilitator)
    assert browse(Role.FACILITATOR).get("/notes/waiting/").status_code == 403


@pytest.mark.parametrize("sent", [{}, {"note": "x"}, {"note": str(UUID(int=7))}])
def test_a_decision_on_no_note_is_not_found(
    browse: Browse, world: World, sent: dict[str, str]
) -> None:
    answer = browse(Role.PROGRAMME_MANAGER).post("/notes/waiting/", sent)
    assert answer.status_code == 404


# --- seeing --------------------------------------------------------------------------------------


def test_notes_on_a_case_of_somebody_else_are_not_there(
    world: World, write: Write, case: Case, owner_urls: dict[str, str], browse: Browse
) -> None:
    note = write(case)
    other = signed_in(
        add_colleague(
            owner_urls, Role.FACILITATOR, "vesterlo-treatment", f"{uuid4().hex}@example.invalid"
        )
    )
    absent = other.get(f"/notes/{UUID(int=7)}/")
    for address in (
        f"/notes/{note.pk}/",
        f"/notes/{note.pk}/edit/",
        f"/notes/{note.pk}/correct/",
        f"/cases/{case.pk}/notes/new/",
        f"/cases/{case.pk}/chronology/",
    ):
        for answer in (other.get(address), other.post(address, boxes())):
            assert answer.status_code in (404, 405)
        assert other.get(address).content == absent.content
    assert len(world.rows(Note)) == 1


def test_the_agency_that_referred_sees_no_notes(
    world: World, browse: Browse, facilitator: Viewer
) -> None:
    case = world.case("Anders", "Opdigtet", referrer_worker=str(world.staff[Role.REFERRER].worker))
    by = world.manager
    actions.write_note(case=case, kind=NoteKind.PHONE, happened_on=TODAY, text=TEXT, by=by)
    referrer = world.staff[Role.REFERRER]
    with acting(referrer):
        assert list(Note.objects.visible_to(referrer)) == []
    browser = browse(Role.REFERRER)
    assert browser.get(f"/cases/{case.pk}/chronology/").status_code in (403, 404)
    assert browser.get(f"/cases/{case.pk}/notes/new/").status_code in (403, 404)


# --- the chronology ------------------------------------------------------------------------------


def test_the_last_three_contacts_stand_on_the_page_of_the_case(
    browse: Browse, write: Write, case: Case, world: World
) -> None:
    for back, kind in [(1, NoteKind.MEETING), (2, NoteKind.AGENCY), (3, NoteKind.VISIT)]:
        write(case, kind=kind, happened_on=TODAY - timedelta(days=back))
    record_contact(
        case=case,
        tried_at=NOW - timedelta(days=4),
        route=Route.PHONE,
        outcome=Outcome.SPOKE,
        by=world.manager,
    )
    record_contact(
        case=case,
        tried_at=NOW - timedelta(hours=1),
        route=Route.PHONE,
        outcome=Outcome.NO_ANSWER,
        by=world.manager,
    )
    shown = browse(Role.FACILITATOR).get(f"/cases/{case.pk}/").content.decode()
    aside = shown.split("Reaching the client")[1]
    last = re.findall(r"\d+ \w+ 2036: [\w ]+, Invented [\w ]+", aside)
    assert last == [
        "3 March 2036: Meeting, Invented facilitator",
        "1 March 2036: Home visit, Invented facilitator",
        "29 February 2036: Phone, Invented programme manager",
    ]


def test_the_chronology_tells_everything_in_order_and_by_kind(
    browse: Browse, write: Write, case: Case
) -> None:
    browser = browse(Role.FACILITATOR)
    write(case, "Told on the phone.")
    write(case, "Told face to face.", kind=NoteKind.MEETING, happened_on=TODAY - timedelta(days=2))
    address = f"/cases/{case.pk}/chronology/"

    def rows(query: str = "") -> str:
        return re.sub(r"\s+", " ", browser.get(address + query).content.decode())

    everything = rows()
    assert everything.index("Referred") < everything.index("face to face")
    assert everything.index("face to face") < everything.index("on the phone.")
    assert "data-casewall-print" in everything
    assert "for Invented facilitator" in everything
    calls = rows("?kind=note-phone")
    assert "Told on the phone." in calls
    assert "face to face" not in calls
    assert "Only: Notes: Phone call" in calls
    contacts = rows("?kind=contacts")
    assert "Told face to face." in contacts
    assert "Agreement signed" not in contacts
    assert "Agreement signed" in rows("?kind=assessments")
    assert "on the phone." in rows("?kind=notes")
    assert "Told" not in rows("?kind=stages")
    assert "Told on the phone." in rows("?kind=made-up")
    assert "Nothing of this kind" in rows("?kind=note-video")


# --- lists ---------------------------------------------------------------------------------------


def test_the_queue_leads_through_every_note_once(browse: Browse, write: Write, case: Case) -> None:
    for number in range(QUEUE + 3):
        write(case, f"Note number {number}.")
    manager = browse(Role.PROGRAMME_MANAGER)
    first = manager.get("/notes/waiting/").content.decode()
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following
    second = manager.get("/notes/waiting/" + following.group(1)).content.decode()
    assert 'rel="next"' not in second
    told = [re.findall(r"Note number (\d+)\.", page) for page in (first, second)]
    assert [len(page) for page in told] == [QUEUE, 3]
    assert len({*told[0], *told[1]}) == QUEUE + 3
    for nonsense in ("x", "2036-03-04_x", f"2036-03-04T12:00:00_{UUID(int=7)}"):
        assert manager.get("/notes/waiting/", {"after": nonsense}).status_code == 200


def test_pages_need_the_same_queries_for_few_notes_and_for_many(
    browse: Browse, write: Write, case: Case, world: World
) -> None:
    manager, writer = browse(Role.PROGRAMME_MANAGER), browse(Role.FACILITATOR)
    pages = [
        (manager, "/notes/waiting/"),
        (manager, "/"),
        (writer, "/"),
        (writer, f"/cases/{case.pk}/"),
        (writer, f"/cases/{case.pk}/?show=notes"),
        (writer, f"/cases/{case.pk}/chronology/"),
    ]

    def counts() -> list[int]:
        found = []
        for browser, address in pages:
            browser.get(address)
            with CaptureQueriesContext(connections["programme"]) as context:
                assert browser.get(address).status_code == 200
            found.append(len(context))
        return found

    def fill(times: int) -> None:
        for _ in range(times):
            approved = write(case)
            actions.approve_note(note=approved, version=1, by=world.manager)
            actions.correct_note(note=approved, text="x", reason="y", by=world.manager)
            returned = write(case)
            actions.return_note(note=returned, version=1, comment="z", by=world.manager)
            write(case)
            write(case, unfinished=True)

    fill(1)
    few = counts()
    fill(9)
    assert counts() == few
