"""The programme side stores and shows the same, whatever a partner suffered and who was told."""

from __future__ import annotations

import re
import secrets
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
import time_machine
from django.test import override_settings

from casewall.config.prove.running import dump_of
from casewall.programme.cases.models import Case
from casewall.programme.incidents import actions as theirs
from casewall.programme.incidents.models import IncidentReview
from casewall.programme.incidents.rules import Custody, Follows, Form, Kind, Severity, Sign, Source
from casewall.safety.incidents import actions as hers
from casewall.safety.incidents.models import ViolenceReport
from casewall.safety.incidents.rules import Authority, Ground, Reached, Suffered
from casewall.safety.partners.models import PartnerFile
from casewall.safety.partners.rules import Channel
from casewall.wall import ids
from casewall.wall.sides import Role, Side
from tests.emptying import empty
from tests.people import Staff, signed_in, site_settings
from tests.programme.conftest import NOW, TODAY
from tests.safety.bookings.conftest import Hers
from tests.safety.incidents.conftest import rows

TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')
LISTED = re.compile(
    rb"^COPY public\.(?:django_session|casewall_cache|account_|mfa_).*?^\\\.$", re.M | re.S
)


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def repeatable(monkeypatch: pytest.MonkeyPatch) -> Iterator[Random]:
    """Identifiers and random bytes from a seed, so that two worlds can be compared."""
    rng = Random()

    def drawn() -> uuid.UUID:
        return uuid.UUID(int=rng.getrandbits(128), version=4)

    monkeypatch.setattr(secrets, "token_bytes", lambda n=32: rng.randbytes(n))
    ids.draw_from(own=drawn, down=drawn)
    yield rng
    ids.draw_from(own=uuid.uuid4, down=uuid.uuid4)


def suffered(world: Hers, file: PartnerFile) -> None:
    """Everything that the safety side does about one incident, up to the police."""
    by = world.by
    incident = hers.record_suffered(
        file=file, suffered_by=Suffered.BOTH, forms=[Form.PHYSICAL, Form.THREATS],
        signs=list(Sign), severity=Severity.LIFE_THREATENING, source=Source.PARTNER,
        happened_on=TODAY, exact=True, told_on=TODAY, what="Opdigtet.", by=by,
        asked_from=TODAY - timedelta(days=30),
    )  # fmt: skip
    (report,) = rows(ViolenceReport, by, incident=incident)
    report = hers.record_ground(report=report, ground=Ground.LIFE_IN_DANGER, reason="Opdigtet.",
                                version=report.version, by=by)  # fmt: skip
    hers.record_try(report=report, tried_at=NOW, channel=Channel.CALL,
                    outcome=Reached.NOT_REACHED, note=None, by=by)  # fmt: skip
    hers.tell_authority(report=report, authority=Authority.POLICE, recipient="Opdigtet politi",
                        content="Opdigtet.", told_at=NOW, by=by)  # fmt: skip
    hers.open_proceeding(
        file=file, kind=Kind.PROTECTIVE_ORDER, began_on=TODAY, until_on=TODAY + timedelta(days=9),
        court=None, conditions="Opdigtet.", source=Source.PARTNER, stated_on=TODAY, by=by,
    )  # fmt: skip


def known(world: Hers, case: Case) -> None:
    """What the programme side writes about the same client from its own sources."""
    by = world.programme.manager
    given: dict[str, Any] = {
        "case": case, "forms": [Form.PHYSICAL], "signs": [Sign.WEAPON], "exact": True,
        "severity": Severity.SERIOUS, "source": Source.CLIENT, "happened_on": TODAY,
        "told_on": TODAY, "what": "Opdigtet: as the client told it.", "by": by,
    }  # fmt: skip
    theirs.record_incident(**given)
    theirs.open_proceeding(
        case=case, kind=Kind.BAIL, began_on=TODAY, until_on=TODAY + timedelta(days=5), court=None,
        conditions="Opdigtet.", source=Source.POLICE, stated_on=TODAY, by=by,
    )  # fmt: skip
    theirs.record_custody(case=case, why=Custody.ARREST, first_on=TODAY, last_on=None,
                          source=Source.POLICE, by=by)  # fmt: skip
    (review,) = world.programme.rows(IncidentReview)
    theirs.decide_review(review=review, follows=Follows.ASSESS_AGAIN, reason="Opdigtet.",
                         version=1, by=by)  # fmt: skip


def seen(world: Hers, case: Case, folder: Path) -> list[bytes]:
    """The manager's pages, as bytes."""
    with (
        site_settings(Side.PROGRAMME),
        override_settings(STATIC_ROOT=folder, ALLOWED_HOSTS=["testserver"],
                          CASEWALL_NAVIGATION=[], CASEWALL_SEARCH_URL=""),
    ):  # fmt: skip
        browser = signed_in(world.staff.workers[Role.PROGRAMME_MANAGER])
        pages = ("/", f"/cases/{case.pk}/", f"/cases/{case.pk}/?show=incidents")
        return [TOKEN.sub(b"", browser.get(page).content) for page in pages]


def lived(
    staff: Staff, var: Path, folder: Path, rng: Random, *, with_hers: bool
) -> tuple[list[bytes], list[bytes]]:
    """One world: the pages of the programme side, and what it stores."""
    rng.seed("the same beginning")
    world = Hers(staff)
    case = world.client()
    file = world.file()
    world.linked(file, case.pk)
    world.pull()
    if with_hers:
        suffered(world, file)
    rng.seed("what the programme draws")
    known(world, case)
    if with_hers:
        suffered(world, file)
    rng.seed("what the pages draw")
    world.pull(NOW + timedelta(minutes=1))
    rng.seed("and afterwards")
    pages = seen(world, case, folder)
    return pages, sorted(LISTED.sub(b"", dump_of(var)).splitlines())


def test_the_programme_side_is_the_same_in_every_byte(
    staff: Staff, var: Path, tmp_path: Path, repeatable: Random, owner_urls: dict[str, str]
) -> None:
    empty(owner_urls.values())
    alone = lived(staff, var, tmp_path, repeatable, with_hers=False)
    empty(owner_urls.values())
    beside = lived(staff, var, tmp_path, repeatable, with_hers=True)
    assert b"In custody since" in alone[0][1]
    assert alone[0] == beside[0]
    assert alone[1] == beside[1]
    assert len(rows(ViolenceReport, staff[Role.PARTNER_WORKER])) == 2
