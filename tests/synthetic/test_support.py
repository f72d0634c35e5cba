"""Support lived by the actions of the safety side: once, in working hours, children's work too."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.utils import timezone

from casewall.config.setup import install_definition
from casewall.programme.curriculum.actions import install_templates
from casewall.programme.referrals.actions import apply_arrivals
from casewall.safety.bookings.models import Booking
from casewall.safety.children.models import ChildGoal, ChildSession, ChildSupport
from casewall.safety.details.models import DetailChange
from casewall.safety.intake.actions import load_file
from casewall.safety.intake.outbox import send_outbox
from casewall.safety.roles.models import RoleAssessment
from casewall.safety.sending.models import Message, Override
from casewall.safety.support.models import GroupAttendance, SupportSession
from casewall.services.load import shipped
from casewall.staff.models import Worker, system_viewer
from casewall.synthetic.accounts import draw_up
from casewall.synthetic.bulk_safety import SafetyRows
from casewall.synthetic.canary import ONLY_WITH_CHILDREN, words_of
from casewall.synthetic.run_safety import pull_as_of
from casewall.synthetic.run_support import FILES, SupportLife
from casewall.synthetic.workers import install
from casewall.synthetic.write import Invention, any_size
from casewall.wall.checks import is_walled
from casewall.wall.context import acting, on_side
from casewall.wall.sides import Role, Side, Viewer
from tests.people import Staff, _as_owner

LONDON = shipped()["dvip"]
TODAY = date(2026, 11, 23)
NOON = datetime.combine(TODAY, time(12), tzinfo=ZoneInfo(LONDON.time_zone))
SEED = "supported"

pytestmark = pytest.mark.clusters


@pytest.fixture(scope="module")
def accounts(staff_once: Staff, owner_urls: dict[str, str]) -> dict[str, Viewer]:
    """The accounts of the demonstration for London, by the local part of their address."""
    drawn = draw_up(shipped()["intervention-centre"], LONDON)[Side.SAFETY]
    own = [one for one in drawn if one.service == LONDON.id]
    with _as_owner(owner_urls):
        install_definition(LONDON)
        install(Side.SAFETY, own)
    with on_side(Side.SAFETY):
        rows = Worker.objects.filter(email__in=[one.email for one in own])
        return {row.email.partition(".")[0]: row.as_viewer() for row in rows}


def lived(accounts: dict[str, Viewer], folder: Path) -> Invention:
    """Refer, live what happened on the safety side, and pull; the programme side rests."""
    made = any_size(SEED, LONDON, TODAY, people=40, weeks=12)
    with on_side(Side.PROGRAMME):
        below = system_viewer(Role.PROGRAMME_SYSTEM)
    with on_side(Side.SAFETY):
        above = system_viewer(Role.SAFETY_SYSTEM)
    install_templates(service=LONDON, by=below)
    for name, text in made.files.items():
        (folder / name).write_text(text, encoding="utf-8")
        load_file(
            source=folder / name, name=name, service=LONDON, by=accounts["coordinator"], at=NOON
        )
    send_outbox(by=above)
    apply_arrivals(by=below, services={LONDON.id: LONDON}, on=TODAY)
    cut = TODAY - timedelta(days=7)
    SafetyRows(made.safety.until(cut), LONDON).run()
    pull_as_of(LONDON, NOON - timedelta(days=7))
    SafetyRows(made.safety.since(cut), LONDON).run()
    return made


def rows(model: Any) -> list[Any]:
    with on_side(Side.SAFETY):
        system = system_viewer(Role.SAFETY_SYSTEM)
    with acting(system):
        return list(model.objects.for_system("synthetic"))


def counted() -> Counter[str]:
    """How many rows each app of the safety side has."""
    found: Counter[str] = Counter()
    with on_side(Side.SAFETY):
        system = system_viewer(Role.SAFETY_SYSTEM)
    with acting(system):
        for model in apps.get_models():
            label = model._meta.app_label
            if label.startswith("safety_") and is_walled(model) and model._meta.managed:
                found[label] += model.objects.for_system("synthetic").count()
    return found


def test_support_is_lived_once_in_working_hours_and_with_the_children(
    accounts: dict[str, Viewer], staff: Staff, tmp_path: Path
) -> None:
    made = lived(accounts, tmp_path)
    assert 4 <= SupportLife.of_script(made.safety, LONDON).run() <= FILES
    once = counted()
    SupportLife.of_script(made.safety, LONDON).run()
    assert counted() == once

    moments = [row.began_at for row in rows(SupportSession)]
    moments += [row.starts_at for row in rows(Booking)]
    moments += [row.written_at for row in rows(Message)]
    for one in moments:
        local = one.astimezone(ZoneInfo(LONDON.time_zone))
        assert local.weekday() < 5
        assert time(8) <= local.time() <= time(18)
    assert {row.state for row in rows(Booking)} == {"planned", "held"}
    coming = [row for row in rows(Booking) if row.state == "planned"]
    assert all(timezone.localdate(row.starts_at) > TODAY for row in coming)
    assert any(row.room_id for row in coming)
    assert {row.state for row in rows(Message)} == {"queued"}
    assert [row.read_at for row in rows(Override)] == [None]
    assert [row.state for row in rows(DetailChange)] == ["confirmed"]
    assert sorted(row.state for row in rows(RoleAssessment)) == ["concluded", "waiting"]
    assert sorted(row.marked for row in rows(GroupAttendance)) == ["came", "sent_word"]

    worker, words = accounts["childrens-worker"], words_of(SEED)
    with acting(worker):
        assert ChildSupport.objects.visible_to(worker).exclude(began_on=None).exists()
        assert ChildSupport.objects.visible_to(worker).filter(worker=None).exists()
        notes = [row.note for row in ChildSession.objects.visible_to(worker)]
        goals = [row.goal for row in ChildGoal.objects.visible_to(worker)]
    assert all(words["safety_children.childsession.note"] in note for note in notes)
    assert all(words["safety_children.childgoal.goal"] in goal for goal in goals)
    assert {"safety_children.childsession.note", "safety_children.childgoal.goal"} < (
        ONLY_WITH_CHILDREN
    )
    assert notes
    assert goals
