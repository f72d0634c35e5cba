"""Releasing at once: who may, what crosses, and another worker's review."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.utils import timezone

from casewall.safety.coordination.actions import (
    Agreed,
    approve,
    ask,
    recall,
    release_at_once,
    release_due,
    review_release,
    revoke_permission,
)
from casewall.safety.coordination.models import Disclosure, PartnerPermission
from casewall.safety.coordination.reading import today_reviews
from casewall.safety.coordination.rules import Ground, InDanger, Purpose
from casewall.safety.intake.models import OutboxItem
from casewall.vault.cipher import unlock
from casewall.vault.keys import keys_of
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from casewall.wall.sides import SIDE_OF_ROLE, Role, Side, Viewer
from tests.people import Staff, add_colleague
from tests.safety.pages.conftest import TODAY, Invented
from tests.safety.pages.test_recording import rows

pytestmark = pytest.mark.usefixtures("site", "_clock")
WORKER, COORDINATOR, MANAGER = Role.PARTNER_WORKER, Role.COORDINATOR, Role.SAFETY_MANAGER
TEXT = "Do not hold tonight's session (invented)."
DANGER = "A threat with a knife was heard of an hour ago (invented)."


def at_once(staff: Staff, world: Invented, by: Viewer | None = None, **more: Any) -> Disclosure:
    details = {
        "file": world.file,
        "case_id": world.case_id,
        "purpose": Purpose.SAFEGUARDING,
        "text": TEXT,
        "in_danger": InDanger.PARTNER,
        "danger": DANGER,
        "at": timezone.now(),
        **more,
    }
    return release_at_once(by=by or staff[COORDINATOR], **details)


def payloads(staff: Staff) -> list[dict[str, Any]]:
    """What waits for the bridge, as the programme side will read it."""
    key = keys_of(Side.PROGRAMME).field
    return [
        {
            "kind": item.kind,
            **json.loads(
                unlock(bytes(item.payload), key=key, place=f"bridge.{item.kind}:{item.id}")
            ),
        }
        for item in sorted(rows(staff, OutboxItem), key=lambda item: item.made_at)
    ]


def test_it_goes_to_the_bridge_at_once_and_is_audited(
    staff: Staff, world: Invented, owner_urls: dict[str, str]
) -> None:
    one = at_once(staff, world)
    assert (one.state, one.review, one.ground) == ("released", "waiting", "recorded_override")
    assert one.review_due_at - one.asked_at == timedelta(hours=48)
    assert (one.override_reason, one.in_danger) == (DANGER, "partner")
    assert release_due(by=staff[Role.SAFETY_SYSTEM], at=timezone.now() + timedelta(days=1)) == 0
    assert len(rows(staff, OutboxItem)) == 1
    with psycopg.connect(owner_urls["safety"]) as connection:
        kept = connection.execute(
            "select verb, worker from audit_entry where object_id = %s", [one.pk]
        ).fetchall()
    assert kept == [("released in an emergency", staff[COORDINATOR].worker)]


def test_what_crosses_is_the_same_as_after_two_approvals(
    staff: Staff, world: Invented, owner_urls: dict[str, str]
) -> None:
    at_once(staff, world)
    second = add_colleague(owner_urls, WORKER, "lyngholm-shelter", f"{uuid4()}@example.invalid")
    slow = ask(
        file=world.file,
        case_id=world.case_id,
        purpose=Purpose.SAFEGUARDING,
        text=TEXT,
        ground=Ground.PARTNER_CONSENT,
        by=staff[WORKER],
        at=timezone.now(),
    )
    for by in (staff[MANAGER], second.as_viewer()):
        slow = approve(disclosure=slow, by=by, at=timezone.now())
    assert release_due(by=staff[Role.SAFETY_SYSTEM], at=slow.release_at) == 1
    quick, later = payloads(staff)
    assert (
        quick
        == later
        == {
            "kind": "disclosure",
            "case": str(world.case_id),
            "purpose": "safeguarding",
            "text": TEXT,
            "other": "",
        }
    )


@pytest.mark.parametrize(
    "role",
    [r for r in Role if SIDE_OF_ROLE[r] is Side.SAFETY and r not in (COORDINATOR, MANAGER)],
)
def test_nobody_else_releases_or_reviews_at_once(staff: Staff, world: Invented, role: Role) -> None:
    with pytest.raises(Refused, match="may not release a disclosure in an emergency"):
        at_once(staff, world, by=staff[role])
    one = at_once(staff, world)
    with pytest.raises(Refused, match="may not review an emergency disclosure"):
        review_release(disclosure=one, uphold=True, note="Set.", by=staff[role], at=timezone.now())


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"danger": " "}, "Write what the danger is"),
        ({"text": ""}, "Write what the programme side is to know."),
        ({"text": "x" * 501}, "this has 501"),
        ({"case_id": uuid4()}, "not linked to that case"),
        ({"agreed": Agreed(TODAY + timedelta(days=1))}, "cannot be in the future"),
    ],
)
def test_what_lacks_something_is_refused_and_nothing_is_kept(
    staff: Staff, world: Invented, more: dict[str, Any], says: str
) -> None:
    with pytest.raises(Refused, match=says):
        at_once(staff, world, **more)
    assert (
        rows(staff, Disclosure) == rows(staff, OutboxItem) == rows(staff, PartnerPermission) == []
    )


def test_the_same_form_twice_is_one_release(staff: Staff, world: Invented) -> None:
    form = uuid4()
    assert at_once(staff, world, id=form) == at_once(staff, world, id=form)
    assert len(rows(staff, OutboxItem)) == 1


def review(
    staff: Staff, one: Disclosure, *, uphold: bool, at: datetime | None = None
) -> Disclosure:
    return review_release(
        disclosure=one,
        uphold=uphold,
        note="Looked at it.",
        by=staff[MANAGER],
        at=at or timezone.now(),
    )


def test_another_worker_upholds_it_and_nothing_more_crosses(staff: Staff, world: Invented) -> None:
    one = at_once(staff, world)
    with pytest.raises(Refused, match="Whoever released it cannot review it"):
        review_release(
            disclosure=one, uphold=True, note="Mine.", by=staff[COORDINATOR], at=timezone.now()
        )
    with pytest.raises(Refused, match="Write what you found"):
        review_release(disclosure=one, uphold=True, note=" ", by=staff[MANAGER], at=timezone.now())
    after = review(staff, one, uphold=True)
    assert (after.state, after.review, after.review_note) == ("released", "upheld", "Looked at it.")
    assert [item["kind"] for item in payloads(staff)] == ["disclosure"]
    with pytest.raises(Refused, match="has been reviewed already"):
        review(staff, one, uphold=False)


def test_a_review_that_does_not_uphold_recalls_the_words(staff: Staff, world: Invented) -> None:
    one = at_once(staff, world)
    after = review(staff, one, uphold=False)
    assert (after.state, after.review) == ("recalled", "recalled")
    sent = payloads(staff)
    assert [item["kind"] for item in sent] == ["disclosure", "recall"]
    assert sent[1] == {"kind": "recall", "disclosure": str(after.item)}


def test_what_was_recalled_meanwhile_is_reviewed_and_not_recalled_twice(
    staff: Staff, world: Invented
) -> None:
    one = at_once(staff, world)
    recall(disclosure=one, by=staff[MANAGER], at=timezone.now())
    after = review(staff, one, uphold=False)
    assert (after.state, after.review) == ("recalled", "recalled")
    assert [item["kind"] for item in payloads(staff)] == ["disclosure", "recall"]


def test_it_waits_on_the_first_page_of_every_other_reviewer_from_the_start_and_says_when_late(
    staff: Staff, world: Invented
) -> None:
    one = at_once(staff, world, at=timezone.now() - timedelta(hours=49))
    with acting(staff[MANAGER]):
        [item] = today_reviews(staff[MANAGER], TODAY, TODAY)
    assert item["note"].startswith("It is late: it was due by 11 March 2036")
    assert item["due"] <= TODAY
    assert item["first"] is True
    for role in (COORDINATOR, WORKER):
        with acting(staff[role]):
            assert today_reviews(staff[role], TODAY, TODAY) == []
    at_once(staff, world)
    with acting(staff[MANAGER]):
        late, fresh = today_reviews(staff[MANAGER], TODAY, TODAY)
    assert late == item
    assert fresh["note"].startswith("Due by 13 March 2036")
    assert fresh["due"] == TODAY
    review(staff, one, uphold=True)
    with acting(staff[MANAGER]):
        assert len(today_reviews(staff[MANAGER], TODAY, TODAY)) == 1


def asked(staff: Staff, world: Invented) -> Disclosure:
    return ask(
        file=world.file,
        case_id=world.case_id,
        purpose=Purpose.STATEMENT,
        text=TEXT,
        ground=Ground.PARTNER_CONSENT,
        agreed=Agreed(TODAY),
        by=staff[WORKER],
        at=timezone.now(),
    )


def test_permission_is_kept_with_the_exact_words_and_its_day(staff: Staff, world: Invented) -> None:
    one = asked(staff, world)
    [kept] = rows(staff, PartnerPermission)
    assert (kept.words, kept.purpose, kept.given_on) == (TEXT, "statement", TODAY)
    assert (kept.pk, kept.worker) == (one.permission_id, staff[WORKER].worker)


def test_permission_taken_back_before_the_release_stops_it(staff: Staff, world: Invented) -> None:
    one = asked(staff, world)
    for _ in range(2):
        after = revoke_permission(disclosure=one, by=staff[WORKER], at=timezone.now())
    assert (after.state, after.refusal) == ("refused", "The partner took the permission back.")
    [kept] = rows(staff, PartnerPermission)
    assert (kept.revoked_on, kept.revoked_by) == (TODAY, staff[WORKER].worker)
    assert rows(staff, OutboxItem) == []


def test_permission_taken_back_after_the_release_recalls_it_once(
    staff: Staff, world: Invented
) -> None:
    one = at_once(staff, world, agreed=Agreed(TODAY))
    assert (one.ground, one.override_reason) == ("partner_consent", None)
    for _ in range(2):
        after = revoke_permission(disclosure=one, by=staff[MANAGER], at=timezone.now())
    assert after.state == "recalled"
    assert [item["kind"] for item in payloads(staff)] == ["disclosure", "recall"]


def test_permission_taken_back_after_a_recall_or_a_refusal_changes_nothing_more(
    staff: Staff, world: Invented
) -> None:
    one = at_once(staff, world, agreed=Agreed(TODAY))
    recall(disclosure=one, by=staff[MANAGER], at=timezone.now())
    after = revoke_permission(disclosure=one, by=staff[MANAGER], at=timezone.now())
    assert after.state == "recalled"
    assert len(rows(staff, OutboxItem)) == 2


def test_only_who_sees_the_permission_takes_it_back(
    staff: Staff, world: Invented, owner_urls: dict[str, str]
) -> None:
    one = asked(staff, world)
    other = add_colleague(owner_urls, WORKER, "lyngholm-shelter", f"{uuid4()}@example.invalid")
    with pytest.raises(Refused, match="You see no permission"):
        revoke_permission(disclosure=one, by=other.as_viewer(), at=timezone.now())
    with pytest.raises(Refused, match="may not ask for a disclosure"):
        revoke_permission(disclosure=one, by=staff[Role.DATA_PROTECTION_OFFICER], at=timezone.now())
    with pytest.raises(Refused, match="belongs to the ground that the partner agrees"):
        ask(
            file=world.file,
            case_id=world.case_id,
            purpose=Purpose.STATEMENT,
            text=TEXT,
            ground=Ground.RECORDED_OVERRIDE,
            override_reason=DANGER,
            other_sources=2,
            agreed=Agreed(TODAY),
            by=staff[WORKER],
            at=timezone.now(),
        )


def test_the_hours_of_release_are_those_of_the_service(
    staff: Staff, world: Invented, monkeypatch: pytest.MonkeyPatch
) -> None:
    from casewall.safety.coordination import actions

    zones = {world.file.service: ZoneInfo("America/St_Johns")}
    monkeypatch.setattr(actions, "zone_of", zones.get)
    one = asked(staff, world)
    assert f"{actions.at_the_service(one, timezone.now()):%z}" in ("-0330", "-0230")
    monkeypatch.setattr(actions, "zone_of", {}.get)
    assert f"{actions.at_the_service(one, timezone.now()):%z}" == f"{timezone.localtime():%z}"
