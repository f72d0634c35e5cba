"""The invented world of the pages, and a partner who can be written to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone

from casewall.safety.partners.actions import set_safe_contact
from casewall.safety.partners.models import PartnerFile, PartnerTask
from casewall.safety.partners.rules import Channel
from casewall.safety.sending.actions import Outgoing, Round, send_due, write_message
from casewall.safety.sending.models import Message
from casewall.safety.sending.rules import Act
from casewall.wall.context import acting
from casewall.wall.sides import Role
from tests.people import Staff
from tests.safety.pages.conftest import (  # noqa: F401  # fixtures
    TODAY,
    Invented,
    _clock,
    browser,
    new_file,
    site,
    world,
)

EMAIL = "opdigtet@example.invalid"
NUMBER = "+45 70 00 00 00"


@dataclass
class Recording:
    """A way out that keeps what it was given."""

    taken: list[Outgoing] = field(default_factory=list)
    acts: frozenset[Act] = frozenset({Act.TEXT, Act.EMAIL, Act.CALENDAR})

    def can(self, act: Act) -> bool:
        return act in self.acts

    def post(self, outgoing: Outgoing) -> None:
        self.taken.append(outgoing)


@dataclass
class Desk:
    """Writes and sends as a worker and the system account do, and reads what came of it."""

    staff: Staff
    file: PartnerFile

    def plan(self, channel: Channel, **more: Any) -> None:
        given = {"is_safe": True, "confirmed_on": TODAY, "review_on": None, **more}
        set_safe_contact(
            file=self.file, channel=channel, by=self.staff[Role.PARTNER_WORKER], **given)

    def write(self, act: Act = Act.TEXT, **more: Any) -> Message:
        given = {"template": "please_call", "language": "en", "number": NUMBER,
                 "at": timezone.now(), "by": self.staff[Role.PARTNER_WORKER], **more}
        return write_message(file=self.file, act=act, **given)

    def send(self, posting: Any, at: datetime | None = None) -> Round:
        moment = (lambda: at) if at else timezone.now
        return send_due(posting=posting, by=self.staff[Role.SAFETY_SYSTEM], now=moment)

    def now(self, message: Message) -> Message:
        by = self.staff[Role.SAFETY_MANAGER]
        with acting(by):
            found = Message.objects.visible_to(by).get(pk=message.pk)
            assert found.body
            return found

    def tasks(self) -> list[str]:
        by = self.staff[Role.SAFETY_MANAGER]
        with acting(by):
            rows = PartnerTask.objects.visible_to(by).filter(file=self.file)
            return sorted(rows.values_list("kind", flat=True))


@pytest.fixture
def posting() -> Recording:
    """A way out of the house."""
    return Recording()


@pytest.fixture
def desk(staff: Staff, world: Invented) -> Desk:  # noqa: F811
    """The worker's own invented partner, with a phone and an address and nothing confirmed."""
    return Desk(staff, world.file)


@pytest.fixture
def with_email(staff: Staff, desk: Desk) -> Callable[[], None]:
    """Gives the partner an e-mail address, as an intake would have."""
    def give() -> None:
        by = staff[Role.SAFETY_MANAGER]
        with acting(by):
            partner = desk.file.partner
            partner.email = EMAIL
            partner.save()
    return give
