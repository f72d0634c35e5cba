"""A client who has attended some sessions, whose file is full of words that may not go out."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from casewall.programme.agreements.actions import Terms, release
from casewall.programme.agreements.models import Release
from casewall.programme.agreements.rules import Ground, Purpose, Recipient, Scope, on_paper
from casewall.programme.cases import actions as on_cases
from casewall.programme.cases.models import Case, Client
from casewall.programme.groups.models import Attendance, Session
from casewall.programme.needs.actions import declare_child
from casewall.programme.needs.rules import Lives
from casewall.programme.notes.actions import write_note
from casewall.programme.notes.rules import NoteKind
from casewall.wall.context import acting
from casewall.wall.sides import Role
from tests.programme.conftest import TODAY, World
from tests.programme.courses.conftest import Delivery

CANARY = "kanariefugl"
"""A word that stands in every text of the file and may stand in no document."""


class Papers:
    """A client with a course under way, a release, and canaries."""

    def __init__(self, world: World):
        self.world, self.delivery = world, Delivery(world)
        self.manager = world.manager
        self.facilitator = world.staff[Role.FACILITATOR]
        self.case = self.delivery.client()
        self.delivery.attend(self.case, (1, 2))
        self.delivery.mark(3, {self.case.pk: "x"})
        self.delivery.mark(4, {self.case.pk: "e"})

    def refer(self, case: Case) -> Case:
        """The case as a referral of the invented referrer."""
        with acting(self.manager):
            Case.objects.visible_to(self.manager).filter(pk=case.pk).update(
                referrer_worker=self.world.staff[Role.REFERRER].worker,
                referrer_agency="Invented municipality")
        return self.world.again(case)

    def release(self, case: Case, **changes: object) -> Release:
        """A release to the referrer for everything that a document tells."""
        terms = {"recipient": Recipient.REFERRER, "recipient_name": "Invented municipality",
                 "purpose": Purpose.REPORT_TO_REFERRER, "ground": Ground.VOLUNTARY,
                 "scope": (Scope.ATTENDANCE, Scope.COMPLETION, Scope.ASSESSMENT),
                 "starts_on": TODAY - timedelta(days=30), **changes}
        return release(case=case, terms=Terms(**terms), signed=on_paper(),  # type: ignore[arg-type]
                       by=self.manager)

    def plant(self, case: Case) -> None:
        """Put the canary into every text of the file that is not a fact of a document."""
        by, system = self.manager, self.world.system
        with acting(by):
            client = Client.objects.visible_to(by).get(pk=case.client_id)
            client.address = client.phone = client.email = CANARY
            client.save()
            row = Case.objects.visible_to(by).get(pk=case.pk)
            row.text_for_file = CANARY
            row.save()
            for mark in Attendance.objects.visible_to(by).filter(case=case):
                mark.disclosed = mark.remark = CANARY
                mark.save()
            for session in Session.objects.visible_to(by):
                session.deviation = session.debrief = CANARY
                session.save()
        on_cases.declare_partner(
            case=case, name=CANARY, relation="current", contact_details=CANARY,
            stated_by="client", stated_on=TODAY, by=by)
        declare_child(case=case, name=CANARY, born_on=None, lives=next(iter(Lives)),
                      sees_client=None, stated_by="client", stated_on=TODAY, by=by)
        write_note(case=case, kind=NoteKind.PHONE, happened_on=TODAY, text=CANARY, by=by)
        for purpose in ("statement", "risk_level", "placement"):
            on_cases.keep_statement(case=case, item=uuid4(), purpose=purpose, text=CANARY,
                                    on=TODAY, by=system)


@pytest.fixture
def papers(world: World) -> Papers:
    """A client with a course under way."""
    return Papers(world)
