"""The invented world of the pages of this side, with a referral to a MARAC and its hearing."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from casewall.programme.incidents.rules import Form, Severity, Source
from casewall.safety.conferences import actions, criteria
from casewall.safety.conferences.models import Conference, ConferenceReferral, Hearing
from casewall.safety.conferences.rules import Consent, Ground, Heard
from casewall.safety.incidents.actions import record_suffered
from casewall.safety.incidents.models import SufferedIncident
from casewall.safety.incidents.rules import Suffered
from casewall.services.load import shipped
from casewall.wall.context import acting
from casewall.wall.sides import Role, Viewer
from tests.people import SERVICE, Staff
from tests.safety.pages.conftest import TODAY, Invented, _clock, browser, site, world

__all__ = ["_clock", "browser", "site", "world"]

WORKER, COORDINATOR, MANAGER = Role.PARTNER_WORKER, Role.COORDINATOR, Role.SAFETY_MANAGER
DAY = timedelta(days=1)
SECRET = "Opdigtet: hands round the neck in the kitchen."
SENT_TO = "Opdigtet kontor"


def moment(days: int = 0) -> datetime:
    """Nine o'clock of a day after today, before the hour at which the tests stand."""
    when = datetime.combine(TODAY + days * DAY, time(9, 0))
    return when.replace(tzinfo=timezone.get_default_timezone())


def at_day(days: int) -> Any:
    """The clock half past ten, so many days later."""
    return time_machine.travel(moment(days) + timedelta(minutes=90), tick=True)


def rows(model: Any, viewer: Viewer, **having: Any) -> list[Any]:
    """Stored rows as a viewer sees them."""
    with acting(viewer):
        return list(model.objects.visible_to(viewer).filter(**having))


def violence(
    staff: Staff, world: Invented, on: date = TODAY, **more: Any
) -> SufferedIncident:
    """An invented incident in the worker's file."""
    given = {
        "file": world.file, "suffered_by": Suffered.PARTNER, "forms": [Form.PHYSICAL],
        "signs": [], "severity": Severity.SERIOUS, "source": Source.PARTNER, "happened_on": on,
        "exact": True, "told_on": on, "what": SECRET, **more,
    }  # fmt: skip
    return record_suffered(by=staff[COORDINATOR], **given)


def filled(**more: Any) -> actions.Filled:
    """A referral as a worker fills it in: judgement, and a lawful ground without consent."""
    given: dict[str, Any] = {
        "answers": {"name": "Opdigtet Sørensen", "what_happened": SECRET},
        "judgement": "Opdigtet: it grows worse every week.", "high_risk": True, "children": 2,
        "consent": Consent.NOT_SAFE_TO_ASK, "ground": Ground.VITAL_INTERESTS,
        "ground_reason": "Opdigtet: her life is in danger.", **more,
    }  # fmt: skip
    return actions.Filled(**given)


@pytest.fixture(autouse=True)
def _tasking_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """The invented service has no tasking meeting of its own: it borrows another one's table."""
    table = shipped()["your-choice"].matac
    for place in ("criteria", "actions.tasking", "harm", "views.matac"):
        monkeypatch.setattr(
            f"casewall.safety.conferences.{place}.matac_of",
            lambda service: table if service == SERVICE else None,
        )
    assert criteria.matac_of(SERVICE) is table


@pytest.fixture
def draft(staff: Staff, world: Invented) -> ConferenceReferral:
    """A draft that is filled in."""
    begun = actions.begin_referral(file=world.file, by=staff[WORKER])
    return actions.keep_referral(
        referral=begun, filled=filled(), version=begun.version, by=staff[WORKER]
    )


@pytest.fixture
def sent(staff: Staff, draft: ConferenceReferral) -> ConferenceReferral:
    """A referral that is sent."""
    return actions.send_referral(
        referral=draft, sent_to=SENT_TO, version=draft.version, by=staff[WORKER]
    )


@pytest.fixture
def conference(staff: Staff, world: Invented) -> Conference:
    """A conference of this morning."""
    return actions.plan_conference(
        service=SERVICE, held_at=moment(), place="Opdigtet sal", by=staff[COORDINATOR]
    )


@pytest.fixture
def listed(staff: Staff, sent: ConferenceReferral, conference: Conference) -> Hearing:
    """The referral on the list of this morning's conference."""
    return actions.list_referral(conference=conference, referral=sent, by=staff[COORDINATOR])


@pytest.fixture
def heard(staff: Staff, listed: Hearing) -> Hearing:
    """The case was heard, with actions."""
    return actions.keep_hearing(
        hearing=listed, outcome=Heard.ACTIONS, summary="Opdigtet: agreed.",
        version=listed.version, by=staff[COORDINATOR],
    )  # fmt: skip
