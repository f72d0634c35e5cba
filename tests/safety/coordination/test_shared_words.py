"""Words that were read of a partner do not go down by themselves. Everybody here is invented."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.utils import timezone

from casewall.safety.coordination import material
from casewall.safety.coordination.actions import (
    Agreed,
    SharedWords,
    ask,
    release_at_once,
    release_due,
)
from casewall.safety.coordination.material import (
    LOOKING_BACK,
    add_material,
    forget_openings,
    opened,
    shared_with_opened,
)
from casewall.safety.coordination.models import Disclosure, Opened, PartnerPermission
from casewall.safety.coordination.rules import Ground, InDanger, Purpose
from casewall.safety.partners.actions import (
    add_task,
    link_file,
    record_contact,
    set_safe_contact,
)
from casewall.safety.partners.rules import Channel, Outcome
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from casewall.wall.sides import Role
from tests.people import Staff, add_colleague
from tests.safety.pages.conftest import TODAY, Invented, new_file, pulled_case
from tests.safety.pages.test_recording import rows

pytestmark = pytest.mark.usefixtures("site", "_clock")
WORKER, COORDINATOR = Role.PARTNER_WORKER, Role.COORDINATOR
NOTE = "He stood outside the swimming hall again on Thursday."
COPIED = "Worth knowing: STOOD OUTSIDE THE SWIMMING-HALL, again!"
SHARED = "STOOD OUTSIDE THE SWIMMING HALL again"
REWORDED = "Be careful near the pool on weekdays."


def noted(staff: Staff, world: Invented, note: str = NOTE) -> None:
    record_contact(
        file=world.file,
        channel=Channel.CALL,
        outcome=Outcome.SPOKE,
        tried_at=timezone.now(),
        still_safe=None,
        note=note,
        by=staff[WORKER],
    )


def asked(staff: Staff, world: Invented, text: str = COPIED, **more: Any) -> Disclosure:
    details = {
        "file": world.file,
        "case_id": world.case_id,
        "purpose": Purpose.STATEMENT,
        "text": text,
        "ground": Ground.PARTNER_CONSENT,
        "by": staff[WORKER],
        "at": timezone.now(),
        **more,
    }
    return ask(**details)


def read(staff: Staff, thing: Any, role: Role = WORKER, ago: timedelta = timedelta()) -> None:
    opened(by=staff[role], thing=thing, at=timezone.now() - ago)


def test_what_was_read_is_stopped_and_the_words_are_named(staff: Staff, world: Invented) -> None:
    noted(staff, world)
    read(staff, world.file)
    with pytest.raises(SharedWords) as stopped:
        asked(staff, world)
    assert stopped.value.runs == (SHARED,)
    assert f"“{SHARED}”" in str(stopped.value)
    assert rows(staff, Disclosure) == []
    assert asked(staff, world, REWORDED).state == "asked"


def test_that_it_was_stopped_is_kept_in_the_audit_without_a_word(
    staff: Staff, world: Invented, owner_urls: dict[str, str]
) -> None:
    noted(staff, world)
    read(staff, world.file)
    with pytest.raises(SharedWords):
        asked(staff, world)
    with psycopg.connect(owner_urls["safety"]) as connection:
        kept = connection.execute(
            "select object_id, purpose from audit_entry where verb = %s",
            ["was stopped by shared words"],
        ).fetchall()
    assert kept == [(world.file.pk, "")]


def test_an_emergency_is_stopped_in_the_same_way(staff: Staff, world: Invented) -> None:
    noted(staff, world)
    read(staff, world.file, COORDINATOR)
    details = {
        "file": world.file,
        "case_id": world.case_id,
        "purpose": Purpose.SAFEGUARDING,
        "in_danger": InDanger.PARTNER,
        "danger": NOTE,
        "by": staff[COORDINATOR],
        "at": timezone.now(),
    }
    with pytest.raises(SharedWords):
        release_at_once(text=COPIED, **details)
    assert release_at_once(text=REWORDED, **details).state == "released"


def test_only_what_this_worker_opened_in_the_last_72_hours_counts(
    staff: Staff, world: Invented
) -> None:
    noted(staff, world)
    assert asked(staff, world).state == "asked"
    read(staff, world.file, COORDINATOR)
    assert asked(staff, world).state == "asked"
    read(staff, world.file, ago=LOOKING_BACK + timedelta(minutes=1))
    assert asked(staff, world).state == "asked"
    read(staff, world.file, ago=LOOKING_BACK - timedelta(minutes=1))
    with pytest.raises(SharedWords):
        asked(staff, world)


def test_another_partner_s_file_that_was_opened_counts_as_well(
    staff: Staff, world: Invented
) -> None:
    noted(staff, world)
    other = new_file(staff, "Frida", "Fiktivby")
    case = pulled_case(staff, "Påfundet Klient")
    link_file(file=other, case_id=case.pk, origin="search", on=TODAY, by=staff[COORDINATOR])
    read(staff, world.file, COORDINATOR)
    with pytest.raises(SharedWords):
        asked(staff, world, file=other, case_id=case.pk, by=staff[COORDINATOR])


def test_they_pass_with_permission_for_the_own_words_and_with_nothing_less(
    staff: Staff, world: Invented
) -> None:
    noted(staff, world)
    read(staff, world.file)
    with pytest.raises(SharedWords):
        asked(staff, world, agreed=Agreed(TODAY))
    with pytest.raises(Refused, match="belongs to the ground that the partner agrees"):
        asked(
            staff,
            world,
            ground=Ground.RECORDED_OVERRIDE,
            override_reason="Danger.",
            other_sources=3,
            agreed=Agreed(TODAY, own_words=True),
        )
    assert rows(staff, Disclosure) == rows(staff, PartnerPermission) == []
    one = asked(staff, world, agreed=Agreed(TODAY, own_words=True))
    [kept] = rows(staff, PartnerPermission)
    assert (one.permission_id, kept.words) == (kept.pk, COPIED)


def test_of_a_pair_no_word_goes_down_so_none_is_stopped(staff: Staff, world: Invented) -> None:
    noted(staff, world)
    read(staff, world.file)
    one = asked(staff, world, purpose=Purpose.PLACEMENT, other_case_id=uuid4())
    assert one.state == "asked"


def test_the_reason_of_an_override_stays_here_and_is_not_held_against_the_text(
    staff: Staff, world: Invented
) -> None:
    noted(staff, world)
    read(staff, world.file)
    one = asked(
        staff,
        world,
        REWORDED,
        ground=Ground.RECORDED_OVERRIDE,
        override_reason=NOTE,
        other_sources=2,
    )
    assert one.state == "asked"
    read(staff, one)
    with pytest.raises(SharedWords):
        asked(staff, world)


def test_every_text_of_a_file_is_material(staff: Staff, world: Invented) -> None:
    by = staff[WORKER]
    set_safe_contact(
        file=world.file,
        channel=Channel.CALL,
        is_safe=True,
        by=by,
        confirmed_on=TODAY,
        review_on=None,
        note="only ever ring while children sleep",
        code_word="the blue bus is late today",
        call_as="say you are from the library",
    )
    add_task(
        file=world.file,
        kind="danger",
        due_on=TODAY,
        by=by,
        note="slept at a friend near station",
    )
    add_task(
        file=world.file,
        kind="referrer_message",
        due_on=TODAY,
        by=by,
        note="works in the evening on weekdays",
    )
    read(staff, world.file)
    found = {
        text: bool(shared_with_opened(text=text, by=by, at=timezone.now()))
        for text in (
            "only ever ring while children sleep",
            "the blue bus is late today",
            "say you are from the library",
            "slept at a friend near station",
            "works in the evening on weekdays",
        )
    }
    assert list(found.values()) == [True, True, True, True, False]


@pytest.fixture
def more_material() -> Iterator[None]:
    """Another app's texts, taken away after the test."""
    kept = dict(material._MATERIAL)
    add_material("invented", lambda file, viewer: [None, "", "a plan of five words more"])
    yield
    material._MATERIAL.clear()
    material._MATERIAL.update(kept)


@pytest.mark.usefixtures("more_material")
def test_other_apps_say_which_texts_they_have(staff: Staff, world: Invented) -> None:
    text = "It is a plan of five words."
    assert shared_with_opened(text=text, by=staff[WORKER], at=timezone.now()) == ()
    read(staff, world.file)
    shared = shared_with_opened(text=text, by=staff[WORKER], at=timezone.now())
    assert shared == ("a plan of five words",)


def test_openings_are_each_worker_s_own_and_are_forgotten_after_72_hours(
    staff: Staff, world: Invented, owner_urls: dict[str, str]
) -> None:
    read(staff, world.file)
    read(staff, world.free, ago=LOOKING_BACK + timedelta(minutes=1))
    assert rows(staff, Opened) == []
    other = add_colleague(owner_urls, WORKER, "lyngholm-shelter", f"{uuid4()}@example.invalid")
    for viewer, seen in ((staff[WORKER], 2), (other.as_viewer(), 0), (staff[COORDINATOR], 0)):
        with acting(viewer):
            assert Opened.objects.visible_to(viewer).count() == seen
    with pytest.raises(Refused, match="may not pull programme facts"):
        forget_openings(by=staff[WORKER], at=timezone.now())
    assert release_due(by=staff[Role.SAFETY_SYSTEM], at=timezone.now()) == 0
    with acting(staff[WORKER]):
        [kept] = Opened.objects.visible_to(staff[WORKER])
    assert (kept.kind, kept.thing_id) == ("safety_partners.partnerfile", world.file.pk)
