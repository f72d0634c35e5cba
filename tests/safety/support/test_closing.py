"""A partner's file is closed with its reason and opened again with one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from casewall.safety.partners.models import PartnerFile
from casewall.safety.support.actions import begin_support, end_support
from casewall.safety.support.closing.actions import close_with_reason, open_again
from casewall.safety.support.closing.rules import CLOSE_WORDS, OPEN_WORDS, may_close, may_open_again
from casewall.safety.support.rules import CloseReason, EndReason, OpenReason
from casewall.safety.support.standing import FileStanding
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.sides import SIDE_OF_ROLE, SYSTEM_ROLES, Role, Side
from tests.people import Staff
from tests.safety.pages.conftest import TODAY, Invented

WORKER = Role.PARTNER_WORKER
DAY = timedelta(days=1)
Browser = Callable[[Role], Client]
OPEN: dict[str, Any] = {"today": TODAY, "reason": CloseReason.DECLINED, "note": "",
                        "last_contact_on": None, "supported_since": None}  # fmt: skip


@pytest.mark.parametrize(
    ("on", "changes", "words"),
    [
        (TODAY + DAY, {}, "12 March 2036 has not come yet"),
        (TODAY - DAY, {"last_contact_on": TODAY}, "The last contact was on 11 March 2036"),
        (TODAY, {"supported_since": TODAY - DAY}, "Support goes on since 10 March 2036"),
        (TODAY, {"reason": CloseReason.OTHER, "note": "  "}, "needs a note"),
    ],
)
def test_a_file_that_cannot_be_closed(on: date, changes: dict[str, Any], words: str) -> None:
    decision = may_close(on, **{**OPEN, **changes})
    assert not decision
    assert words in decision.reason


@pytest.mark.parametrize("reason", CloseReason)
def test_every_reason_closes_with_a_note(reason: CloseReason) -> None:
    assert may_close(TODAY, **{**OPEN, "reason": reason, "note": "Said why."})
    assert may_close(TODAY, **{**OPEN, "last_contact_on": TODAY})
    assert CLOSE_WORDS[reason]


@pytest.mark.parametrize("reason", OpenReason)
def test_every_reason_opens_again_from_the_day_of_closing_on(reason: OpenReason) -> None:
    known = {"today": TODAY, "reason": reason, "note": "Said why.", "closed_on": TODAY}
    assert may_open_again(TODAY, **known)
    assert "has not come yet" in may_open_again(TODAY + DAY, **known).reason
    assert "cannot have been opened" in may_open_again(TODAY - DAY, **known).reason
    assert bool(may_open_again(TODAY, **{**known, "note": ""})) is (reason != OpenReason.OTHER)
    assert OPEN_WORDS[reason]


def stored(staff: Staff, file: PartnerFile) -> PartnerFile:
    with acting(staff[WORKER]):
        return PartnerFile.objects.visible_to(staff[WORKER]).get(pk=file.pk)


def test_a_file_is_closed_and_opened_again_once_each(world: Invented, staff: Staff) -> None:
    by, form, again = staff[WORKER], uuid4(), uuid4()
    for _ in range(2):
        close_with_reason(file=world.file, on=TODAY, reason=CloseReason.DECLINED, form=form, by=by)
    assert stored(staff, world.file).closed_on == TODAY
    with pytest.raises(StaleEdit):
        close_with_reason(file=world.file, on=TODAY, reason=CloseReason.DECLINED, by=by)
    for _ in range(2):
        open_again(file=world.file, on=TODAY, reason=OpenReason.CAME_BACK, form=again, by=by)
    now = stored(staff, world.file)
    assert (now.closed_on, now.reopened_on) == (None, TODAY)
    with pytest.raises(StaleEdit):
        open_again(file=world.file, on=TODAY, reason=OpenReason.CAME_BACK, by=by)
    with acting(by):
        rows = FileStanding.objects.visible_to(by).filter(file=world.file).order_by("recorded_at")
        assert [(row.closed_because, row.opened_because) for row in rows] == [
            ("declined", ""), ("", "came_back")]  # fmt: skip


def test_support_is_ended_before_the_file_is_closed(world: Invented, staff: Staff) -> None:
    by = staff[WORKER]
    period = begin_support(file=world.file, on=TODAY - 9 * DAY, by=by)
    with pytest.raises(Refused, match="end it first"):
        close_with_reason(file=world.file, on=TODAY, reason=CloseReason.MOVED_AWAY, by=by)
    end_support(period=period, on=TODAY, reason=EndReason.MOVED_AWAY, version=1, by=by)
    assert stored(staff, world.file).closed_on is None
    close_with_reason(file=world.file, on=TODAY, reason=CloseReason.MOVED_AWAY, by=by)
    assert stored(staff, world.file).closed_on == TODAY


@pytest.mark.parametrize(
    "role",
    [
        role
        for role in Role
        if SIDE_OF_ROLE[role] is Side.SAFETY
        and role not in SYSTEM_ROLES
        and role not in (WORKER, Role.SAFETY_MANAGER)
    ],
)
def test_nobody_else_closes_or_opens(
    role: Role, world: Invented, staff: Staff, browser: Browser
) -> None:
    with pytest.raises(Refused, match="may not"):
        close_with_reason(
            file=world.file, on=TODAY, reason=CloseReason.DECLINED, by=staff[role]
        )
    with pytest.raises(Refused, match="may not"):
        open_again(file=world.file, on=TODAY, reason=OpenReason.CAME_BACK, by=staff[role])
    for name in ("close-file", "open-file-again"):
        address = reverse(name, args=[world.file.pk])
        assert browser(role).get(address).status_code == 404
        assert browser(role).post(address, {}).status_code == 404


def boxes(on: date, **more: str) -> dict[str, str]:
    return {"form_id": str(uuid4()), "on_day": str(on.day), "on_month": str(on.month),
            "on_year": str(on.year), "note": "", **more}  # fmt: skip


def test_the_pages_close_and_open_and_keep_what_was_typed(
    world: Invented, browser: Browser
) -> None:
    client, page = browser(WORKER), reverse("partner", args=[world.file.pk])
    close, again = (
        reverse(name, args=[world.file.pk]) for name in ("close-file", "open-file-again")
    )
    assert close in client.get(page).content.decode()
    assert client.get(again).status_code == 302
    wrong = client.post(close, boxes(TODAY, reason="other"))
    assert wrong.status_code == 422
    assert "needs a note that says which" in wrong.content.decode()
    late = client.post(close, boxes(TODAY + DAY, reason="declined", note="Skrevet."))
    assert late.status_code == 422
    assert "Skrevet." in late.content.decode()
    assert client.post(close, boxes(TODAY, reason="declined")).status_code == 302
    shown = client.get(page).content.decode()
    assert "File closed: the partner wants no support now" in shown
    assert again in shown
    assert client.get(close).status_code == 302
    assert client.post(again, boxes(TODAY, reason="came_back")).status_code == 302
    shown = client.get(page).content.decode()
    assert "File opened again: the partner has come back" in shown
    assert close in shown
