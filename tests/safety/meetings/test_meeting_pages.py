"""The pages of case meetings: for their roles, whole, and in few queries."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casewall.safety.children.actions import Person, record_child
from casewall.safety.children.rules import Relationship
from casewall.safety.coordination.material import shared_with_opened
from casewall.safety.coordination.models import Disclosure
from casewall.safety.coordination.rules import Purpose
from casewall.safety.meetings import actions
from casewall.safety.meetings.disclosing import disclosure_of
from casewall.safety.meetings.models import AgendaItem, Attendee, Extract, Meeting, MeetingAction
from casewall.safety.meetings.rules import For, Presence
from casewall.wall.sides import SIDE_OF_ROLE, Role, Side
from tests.people import SERVICE, Staff
from tests.programme.conftest import day_boxes
from tests.safety.meetings.conftest import (
    CHILDREN,
    COORDINATOR,
    DAY,
    MANAGER,
    SECRET,
    WORKER,
    rows,
)
from tests.safety.pages.conftest import TODAY, Invented, new_file

Browser = Callable[[Role], Client]
ROLES = [
    role for role in Role if SIDE_OF_ROLE[role] is Side.SAFETY and role is not Role.SAFETY_SYSTEM
]
HOLD = (COORDINATOR, MANAGER)


def main(answer: HttpResponse) -> str:
    """What the page itself says, without the frame that every page has."""
    text = answer.content.decode()
    return text[text.index("<main") : text.index("</main>")]


def once(**typed: Any) -> dict[str, Any]:
    return {"form_id": str(uuid4()), **typed}


def version(answer: HttpResponse) -> str:
    found = re.search(r'name="version" value="([^"]*)"', main(answer))
    assert found
    return found[1]


@pytest.fixture
def things(staff: Staff, meeting: Meeting, item: AgendaItem, world: Invented) -> dict[str, Any]:
    """One of each record, by the name of its page."""
    by = staff[COORDINATOR]
    action = actions.add_action(item=item, what="Ring", owner=staff[WORKER].worker, agency="",
                                due_on=TODAY, by=by)  # fmt: skip
    attendee = actions.record_attendance(meeting=meeting, name="Opdigtet", agency="Politi",
                                         presence=Presence.PRESENT, by=by)  # fmt: skip
    extract = actions.write_extract(item=item, whom=For.CLIENT, text="Mød til tiden",
                                    case_id=world.case_id, by=by)  # fmt: skip
    return {"meeting": meeting, "item": item, "action": action, "attendee": attendee,
            "file": world.file, "extract": extract}  # fmt: skip


PAGES = [
    ("meetings", "", (*HOLD, WORKER, CHILDREN)),
    ("meeting-new", "", HOLD),
    ("meeting", "meeting", (*HOLD, WORKER, CHILDREN)),
    ("meeting-print", "meeting", HOLD),
    ("meeting-who", "meeting", HOLD),
    ("meeting-minutes", "meeting", HOLD),
    ("agenda-add", "file", (*HOLD, WORKER)),
    ("agenda-item", "item", (*HOLD, WORKER)),
    ("agenda-keep", "item", HOLD),
    ("agenda-off", "item", (*HOLD, WORKER)),
    ("agenda-action", "item", HOLD),
    ("agenda-extract", "item", HOLD),
    ("meeting-action", "action", (*HOLD, WORKER)),
]
POSTS = [
    ("meeting-agenda", "meeting", HOLD),
    ("meeting-begin", "meeting", HOLD),
    ("meeting-close", "meeting", HOLD),
    ("attendee-presence", "attendee", HOLD),
    ("agenda-on", "item", (*HOLD, WORKER)),
]


def test_every_page_is_there_for_its_roles_and_for_nobody_else(
    browser: Browser, things: dict[str, Any]
) -> None:
    for role in ROLES:
        client = browser(role)
        for name, of, theirs in PAGES:
            address = reverse(name, args=[things[of].pk] if of else [])
            assert client.get(address).status_code == (200 if role in theirs else 404), (role, name)
            if name in ("meetings", "meeting", "meeting-print", "agenda-item"):
                continue
            # A form without its answers is shown again, with what is missing.
            sent = client.post(address, {"x": "1"})
            assert sent.status_code == (422 if role in theirs else 404), (role, name)
    for role in ROLES:
        for name, of, theirs in POSTS:
            client = browser(role)
            answer = client.post(reverse(name, args=[things[of].pk]), {})
            assert answer.status_code == (302 if role in theirs else 404), (role, name)


def test_a_meeting_over_its_pages(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    office, worker = browser(COORDINATOR), browser(WORKER)
    sent = once(service=SERVICE, kind="regular", at="12:00", **day_boxes("on", TODAY))
    for _ in range(2):
        answer = office.post(reverse("meeting-new"), sent)
        assert answer.status_code == 302, main(answer)
    (meeting,) = rows(Meeting, staff[COORDINATOR])
    page = reverse("meeting", args=[meeting.pk])
    assert "New referral" in main(office.get(page))
    assert "Opdigtet Sørensen" in main(office.get(page))
    office.post(reverse("meeting-begin", args=[meeting.pk]))
    (item,) = rows(AgendaItem, staff[COORDINATOR], file=world.file)
    keep = reverse("agenda-keep", args=[item.pk])
    shown = office.get(keep)
    nothing = office.post(keep, once(discussion="", decision="", version=version(shown)))
    assert "Write what was said, what was decided, or both." in main(nothing)
    typed = once(discussion=SECRET, decision="Ring i morgen", version=version(shown))
    assert office.post(keep, typed).status_code == 302
    stale = office.post(keep, {**typed, "decision": "Noget andet"})
    assert stale.status_code == 422
    assert "Noget andet" in main(stale)
    assert "Somebody else changed this" in main(stale)
    action = reverse("agenda-action", args=[item.pk])
    owner = str(staff[WORKER].worker)
    assert office.post(
        action, once(what="Ring", owner=owner, agency="", **day_boxes("due_on", TODAY))
    ).status_code == 302  # fmt: skip
    home = main(worker.get("/"))
    assert "Action of a case meeting" in home
    (given,) = rows(MeetingAction, staff[WORKER])
    assert worker.post(
        reverse("meeting-action", args=[given.pk]), once(done="yes", outcome="Ringet", version=1)
    ).status_code == 302  # fmt: skip
    who = reverse("meeting-who", args=[meeting.pk])
    assert office.post(who, once(name="", agency="", presence="present")).status_code == 422
    office.post(who, once(name="Opdigtet", agency="Politi", presence="present"))
    (attendee,) = rows(Attendee, staff[COORDINATOR])
    office.post(reverse("attendee-presence", args=[attendee.pk]), {"presence": "not_there"})
    assert rows(Attendee, staff[COORDINATOR])[0].presence == Presence.NOT_THERE
    closing = office.post(reverse("meeting-close", args=[meeting.pk]), follow=True)
    assert "no decision yet" in main(closing)
    section = main(worker.get(reverse("partner", args=[world.file.pk]) + "?show=meetings"))
    assert "Ring i morgen" in section
    assert SECRET not in section
    printed = main(office.get(reverse("meeting-print", args=[meeting.pk])))
    assert SECRET in printed
    assert "<form" not in printed


def test_an_extract_leaves_only_by_a_disclosure_that_two_approve(
    staff: Staff, browser: Browser, world: Invented, item: AgendaItem
) -> None:
    office = browser(COORDINATOR)
    page = reverse("agenda-extract", args=[item.pk])
    named = once(whom="client", case_id=str(world.case_id), text="Sørensen er bange for ham")
    refused = office.post(page, named)
    assert refused.status_code == 422
    assert "“Sørensen”" in main(refused)
    assert "Sørensen er bange for ham" in main(refused)
    named["text"] = "Kommer til samtaler alene"
    assert office.post(page, named).status_code == 302
    (extract,) = rows(Extract, staff[COORDINATOR])
    shown = main(office.get(reverse("agenda-item", args=[item.pk])))
    address = reverse("ask-disclosure", args=[world.file.pk])
    assert f"{address}?from=extract:{extract.pk}" in shown
    form = office.get(f"{address}?from=extract:{extract.pk}")
    assert "Kommer til samtaler alene" in main(form)
    assert not rows(Disclosure, staff[COORDINATOR])
    asked = {
        "form_id": str(disclosure_of(extract)), "case_id": str(world.case_id),
        "purpose": "meeting_action", "text": extract.text, "ground": "recorded_override",
        "override_reason": "Aftalt på mødet", "other_sources": 3, **day_boxes("agreed_on", TODAY),
    }  # fmt: skip
    assert str(disclosure_of(extract)) in main(form)
    for _ in range(2):
        answer = office.post(address, asked)
        assert answer.status_code == 302, main(answer)
    (made,) = rows(Disclosure, staff[COORDINATOR])
    assert (made.pk, made.purpose, made.state) == (
        disclosure_of(extract), Purpose.MEETING_ACTION, "asked",
    )  # fmt: skip
    assert "Disclosure: asked" in main(office.get(reverse("agenda-item", args=[item.pk])))


def test_words_of_the_minutes_are_stopped_where_they_would_cross(
    staff: Staff, browser: Browser, world: Invented, item: AgendaItem
) -> None:
    said = "hun sover hos sin søster fordi døren er brudt op"
    actions.keep_item(item=item, discussion=said, decision="Ring", version=item.version,
                      by=staff[COORDINATOR])  # fmt: skip
    office = browser(COORDINATOR)
    office.get(reverse("meeting", args=[item.meeting_id]))
    asked = {
        "form_id": str(uuid4()), "case_id": str(world.case_id), "purpose": "meeting_action",
        "text": "Husk at døren er brudt op hos familien, og tal om det", "other_sources": 3,
        "ground": "recorded_override", "override_reason": "Aftalt på mødet",
        **day_boxes("agreed_on", TODAY),
    }  # fmt: skip
    asked["text"] = "Det siges at hun sover hos sin søster"
    answer = office.post(reverse("ask-disclosure", args=[world.file.pk]), asked)
    assert answer.status_code == 422
    assert "hun sover hos sin søster" in main(answer)
    assert not rows(Disclosure, staff[COORDINATOR])


def test_a_worker_puts_an_own_file_on_the_agenda_and_words_that_blame_are_pointed_out(
    staff: Staff, browser: Browser, world: Invented, meeting: Meeting
) -> None:
    worker = browser(WORKER)
    address = reverse("agenda-add", args=[world.file.pk])
    typed = once(meeting=str(meeting.pk), why="Opdigtet: she provoked him.")
    first = worker.post(address, typed)
    assert first.status_code == 422
    assert "pointed out" in main(first)
    found = re.search(r'name="seen_wording" value="([^"]*)"', main(first))
    assert found
    assert worker.post(address, {**typed, "seen_wording": found[1]}).status_code == 302


def test_the_queries_of_a_meeting_do_not_grow_with_its_items(
    staff: Staff, browser: Browser, world: Invented, meeting: Meeting
) -> None:
    office = browser(COORDINATOR)
    page = reverse("meeting", args=[meeting.pk])

    def queries() -> int:
        office.get(page)
        with CaptureQueriesContext(connections["safety"]) as seen:
            assert office.get(page).status_code == 200
        return len(seen)

    few = queries()
    for number in range(6):
        file = new_file(staff, "Opdigtet", f"Nummer {number}")
        made = actions.add_item(meeting=meeting, file=file, why="x", by=staff[COORDINATOR])
        actions.add_action(item=made, what="Ring", owner=None, agency="Politi",
                           due_on=TODAY + DAY, by=staff[COORDINATOR])  # fmt: skip
    assert queries() == few


def test_a_child_s_page_shows_what_a_meeting_kept_for_the_child(
    staff: Staff, browser: Browser, world: Invented, item: AgendaItem
) -> None:
    child = record_child(
        person=Person(given_name="Opdigtet"), service=world.file.service,
        compartment=world.file.compartment, on=TODAY, by=staff[WORKER], file=world.file,
        relationship=Relationship.PARENT)
    words = "Skal hentes i skolen af mormor hver fredag"
    actions.write_extract(item=item, whom=For.CHILD, child=child, text=words, by=staff[COORDINATOR])
    shown = main(browser(COORDINATOR).get(reverse("child", args=[child.pk])))
    assert words in shown
    assert reverse("meeting", args=[item.meeting_id]) in shown
    # The partner's worker reads it too, and no link leads to the meeting of other families.
    hers = main(browser(WORKER).get(reverse("child", args=[child.pk])))
    assert words in hers
    assert reverse("meeting", args=[item.meeting_id]) not in hers
    found = shared_with_opened(text=f"Ja, {words}", by=staff[WORKER], at=timezone.now())
    assert found == (words,)
