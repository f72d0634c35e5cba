"""An invented client who asks, a linked partner's file, and two reviewers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client, override_settings

from casewall.programme.cases.models import Case, DeclaredPartner
from casewall.programme.notes.actions import write_note
from casewall.programme.notes.rules import NoteKind
from casewall.programme.rights import actions as theirs
from casewall.programme.rights.models import AccessRequest
from casewall.programme.rights.rules import How, Identity, Right
from casewall.safety.partners.models import PartnerFile
from casewall.safety.rights import actions
from casewall.safety.rights.models import RightsCase, RightsItem
from casewall.safety.rights.rules import Answer, Ground, Questions, Verdict
from casewall.wall.context import acting
from casewall.wall.sides import Role, Side, Viewer
from tests.people import Staff, signed_in, site_settings
from tests.programme.conftest import NOW, TODAY
from tests.safety.bookings.conftest import Hers

DAY = timedelta(days=1)
DPO, MANAGER, WORKER = Role.DATA_PROTECTION_OFFICER, Role.SAFETY_MANAGER, Role.PARTNER_WORKER
OWN_NOTE = "Opdigtet. Practised the time-out twice this week and kept the plan."
HER_NOTE = "Opdigtet. Mette called and said that she had moved to Nyvej 4."
NAMED, PHONE = "Mette", "+4522334455"
ALL = Questions(Answer.YES, Answer.YES, Answer.YES)
NONE = Questions(Answer.NO, Answer.NO, Answer.NO)


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def rows(model: Any, viewer: Viewer, **having: Any) -> list[Any]:
    """Stored rows as a viewer sees them."""
    with acting(viewer):
        return list(model.objects.visible_to(viewer).filter(**having))


class Rights(Hers):
    """Asks, collects, pulls and reviews as people do."""

    @property
    def dpo(self) -> Viewer:
        return self.staff[DPO]

    def case(self, **slots: Any) -> Case:
        """An invented client with a note of the own and one about somebody else."""
        case = self.client(**slots)
        for text in (OWN_NOTE, HER_NOTE):
            self.note(case, text)
        return case

    def note(self, case: Case, text: str) -> None:
        write_note(case=case, kind=NoteKind.MEETING, happened_on=TODAY, text=text,
                   by=self.programme.manager)  # fmt: skip

    def asks(self, case: Case, right: Right = Right.ACCESS, **changed: Any) -> AccessRequest:
        given: dict[str, Any] = {
            "received_on": TODAY, "how": How.IN_PERSON, "identity": Identity.KNOWN,
            "identity_on": TODAY, "language": "en", "by": self.programme.manager,
        }  # fmt: skip
        return theirs.take_request(case=case, right=right, **{**given, **changed})

    def collected(self, case: Case) -> RightsCase:
        """A request that has been collected and pulled."""
        asked = self.asks(case)
        theirs.collect(request=asked, version=asked.version, by=self.programme.manager)
        self.pull()
        (row,) = rows(RightsCase, self.dpo, pk=asked.pk)
        return row

    def standing(self, request: RightsCase) -> actions.Standing:
        with acting(self.dpo):
            return actions.standing_of(request, self.dpo)

    def items(self, request: RightsCase, **having: Any) -> list[RightsItem]:
        return rows(RightsItem, self.dpo, request=request, **having)

    def withhold(self, item: RightsItem, by: Viewer) -> None:
        actions.review(item=item, questions=NONE, verdict=Verdict.WITHHOLD,
                       ground=Ground.THIRD_PARTY, by=by)  # fmt: skip

    def decide_all(self, request: RightsCase) -> None:
        """Two people: plain records in, everything else out."""
        for by in (self.dpo, self.manager):
            actions.confirm_many(request=request, verdict=Verdict.INCLUDE, by=by)
            actions.confirm_many(request=request, verdict=Verdict.WITHHOLD, by=by)
            with acting(by):
                standing = actions.standing_of(request, by)
            for item in standing.waiting:
                if standing.of_worker(item, by.worker) is None:
                    self.withhold(item, by)

    def again(self, row: Any, by: Viewer | None = None) -> Any:
        (now,) = rows(type(row), by or self.dpo, pk=row.pk)
        return now

    def linked_file(self, case: Case) -> PartnerFile:
        file = self.file(NAMED, "Opdigtet", phone=PHONE)
        self.pull()
        self.linked(file, case.pk)
        return file

    def declared(self, case: Case) -> list[DeclaredPartner]:
        return rows(DeclaredPartner, self.programme.manager, case=case)


@pytest.fixture
def world(staff: Staff) -> Rights:
    """An invented client's and partner's world."""
    return Rights(staff)


Browser = Callable[[Role], Client]


@pytest.fixture
def browser(staff: Staff, tmp_path: Path) -> Iterator[Browser]:
    """A signed-in browser of a role of the safety site."""
    with (
        site_settings(Side.SAFETY),
        override_settings(STATIC_ROOT=tmp_path, ALLOWED_HOSTS=["testserver", "127.0.0.1"],
                          CASEWALL_SEARCH_URL="", CASEWALL_NAVIGATION=[("Today", "today")]),
    ):  # fmt: skip
        yield lambda role: signed_in(staff.workers[role])
