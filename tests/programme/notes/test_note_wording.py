"""A note with a phrase that blames or shames is asked about once, and saved as the worker wants."""

from __future__ import annotations

import re
from typing import Any

import pytest

from casewall.programme.cases.models import Case
from casewall.programme.cases.rules import Stage
from casewall.programme.notes import actions
from casewall.programme.notes.models import Correction, Note
from casewall.programme.notes.rules import NoteKind
from casewall.wall.sides import Role
from tests.programme.conftest import TODAY, Browse, World, day_boxes

BLAMING = "Klienten siger, at hun provokerede. He lost control again."
SAYS = ("hun provokerede", "lost control", "Save as it is")


@pytest.fixture
def case(world: World) -> Case:
    """A case of the facilitator's group."""
    case = world.case("Anders", "Opdigtet", stage=Stage.AGREEMENT_SIGNED)
    world.member(world.group(), case)
    return world.again(case)


def hidden(page: Any) -> dict[str, str]:
    names = "form_id|version|seen_wording"
    text = page.content.decode()
    return dict(re.findall(rf'type="hidden" name="({names})" value="([^"]*)"', text))


def boxes(page: Any, text: str = BLAMING) -> dict[str, str]:
    return {
        **hidden(page),
        "kind": "meeting",
        "minutes": "45",
        "text": text,
        **day_boxes("happened_on", TODAY),
    }


def test_the_first_answer_points_out_and_the_second_saves(
    browse: Browse, case: Case, world: World
) -> None:
    browser, address = browse(Role.FACILITATOR), f"/cases/{case.pk}/notes/new/"
    empty = browser.get(address)
    assert "Save as it is" not in empty.content.decode()
    answer = browser.post(address, boxes(empty))
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert all(words in shown for words in (*SAYS, BLAMING))
    assert "There is a problem" not in shown
    assert world.rows(Note) == []
    assert browser.post(address, boxes(answer)).status_code == 302
    assert [note.text for note in world.rows(Note)] == [BLAMING]


def test_other_words_are_saved_at_once(browse: Browse, case: Case, world: World) -> None:
    browser, address = browse(Role.FACILITATOR), f"/cases/{case.pk}/notes/new/"
    answer = browser.post(address, boxes(browser.get(address)))
    better = "The client says that he hit her after she had said no."
    assert browser.post(address, boxes(answer, better)).status_code == 302
    assert [note.text for note in world.rows(Note)] == [better]


def test_what_is_kept_unfinished_is_not_asked_about(
    browse: Browse, case: Case, world: World
) -> None:
    browser, address = browse(Role.FACILITATOR), f"/cases/{case.pk}/notes/new/"
    sent = {**boxes(browser.get(address)), "unfinished": "yes"}
    kept = browser.post(address, sent)
    assert kept.status_code == 302
    change = kept.headers["Location"]
    assert change.endswith("/edit/")
    answer = browser.post(change, boxes(browser.get(change)))
    assert answer.status_code == 422
    assert "hun provokerede" in answer.content.decode()
    assert browser.post(change, boxes(answer)).status_code == 302


def test_a_correction_is_looked_at_as_well(browse: Browse, case: Case, world: World) -> None:
    note = actions.write_note(
        case=case, kind=NoteKind.PHONE, happened_on=TODAY, text="Came on time.",
        by=world.staff[Role.FACILITATOR])  # fmt: skip
    actions.approve_note(
        note=note, version=note.version, comment="", by=world.staff[Role.PROGRAMME_MANAGER]
    )
    browser, address = browse(Role.FACILITATOR), f"/notes/{note.pk}/correct/"
    sent = {"text": BLAMING, "reason": "Opdigtet."}
    answer = browser.post(address, {**hidden(browser.get(address)), **sent})
    assert answer.status_code == 422
    assert all(words in answer.content.decode() for words in SAYS)
    assert browser.post(address, {**hidden(answer), **sent}).status_code == 302
    assert [row.text for row in world.rows(Correction)] == [BLAMING]
