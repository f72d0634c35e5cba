"""Every page of every site, as each role reaches it: accessible, quiet, neutral, from here only."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID, uuid4

import pytest
from django.urls import reverse

from casewall.config.cli import run_as
from casewall.safety.coordination.models import Disclosure
from casewall.safety.intake.models import ReferralFile
from casewall.safety.partners.models import PartnerFile
from casewall.wall.sides import SIDE_OF_ROLE, SYSTEM_ROLES, Role, Side
from tests.browser.chromium import NARROW, WIDE
from tests.browser.conftest import Open, confirm_password
from tests.browser.crawling import Crawl, pages_of
from tests.browser.world import World

NOT_THERE = UUID(int=7)
STAFF = {
    side: [r for r in Role if SIDE_OF_ROLE[r] is side and r not in SYSTEM_ROLES] for side in Side
}
URLCONF = {site: f"casewall.config.urls.{site}" for site in (*Side, "front_door")}

NO_RECORDS = {
    Role.PROGRAMME_ADMINISTRATOR,
    Role.DATA_PROTECTION_OFFICER,
    Role.EVALUATOR,
    Role.SAFETY_ADMINISTRATOR,
}
"""Roles to whom every record is one that is not there; one such answer is like another."""

ONLY_SENT = {
    Side.PROGRAMME: {"task_done", "stay", "draft_save", "draft_throw_away"},
    Side.SAFETY: {
        "stay",
        "draft_save",
        "draft_throw_away",
        "keep-referrer-message",
        "tell-referrer-message",
        "take-file",
        "reveal-details",
        "finish-task",
        "end-link",
        "reopen-file",
        "try-referrals",
        "load-referrals",
        "approve-disclosure",
        "refuse-disclosure",
        "recall-disclosure",
        "review-disclosure",
        "revoke-permission",
        "still-safe",
        "print-letter-to-partner",
        "message-posted",
        "recall-message",
        "read-override",
        "check-detail-change",
        "drop-detail-change",
        "booking-settle",
        "close-asking",
        "child-ask",
        "child-take",
        "child-group-leave",
        "roles-ask",
        "roles-aside",
        "roles-strike",
        "support-step-end",
        "support-meeting-cancel",
    },
}
"""Addresses that take a form and are no page; the journeys go through them."""

DOORS = ["/", "/received/", "/closed/", "/form/", "/form/now/"]
VISIT = ["leave", "form", "form_now", "form_safety", "form_stay", "form_idle"]
BEHIND_A_CODE = {"pages:leave", *(f"frontdoor:{name}" for name in VISIT)}
"""A visit to a questionnaire begins with a code: test_questionnaire.py sees these."""


@pytest.fixture(scope="module")
def figures() -> None:
    """Figures for the safety site, computed by the reporting process."""
    assert run_as("reporting", ["figures-for-site"], quiet=True) == 0


def account_pages(site: str) -> list[str]:
    """The sign-in package's pages that need no argument, and what a site has beside its work."""
    names = [name for name, needs in pages_of(URLCONF[site]).items() if not needs]
    mine = [reverse(n, URLCONF[site]) for n in names if n.startswith(("account_", "mfa_"))]
    return [*mine, "/closed/", "/nowhere/"]


def starts(world: World, side: Side) -> list[str]:
    """Home, records in every state, a search, and records that are not there."""
    if side is Side.PROGRAMME:
        records = [f"/cases/{case.pk}/" for case in world.cases.values()]
        records += [
            f"/groups/{world.group}/",
            f"/sessions/{world.register}/register/",
            f"/cases/{NOT_THERE}/",
            "/search/?q=",
            f"/search/?q={quote('Undervejs')}",
        ]
    else:
        records = [f"/partners/{world.file}/", f"/children/{world.child}/"]
        records += [f"/partners/{world.second_file}/"]
        records += [f"/disclosures/{one.pk}/" for one in world.stored(Role.COORDINATOR, Disclosure)]
        records += [f"/partners/{f.pk}/" for f in world.stored(Role.COORDINATOR, PartnerFile)[:2]]
        records += [
            f"/referrals/files/{f.pk}/" for f in world.stored(Role.COORDINATOR, ReferralFile)
        ]
        records += [f"/partners/{NOT_THERE}/", "/search/?q=", "/search/?q=Fiktivsen"]
    return ["/", *records]


MOST_EACH_TIME = 24
"""Pages of each site that every build looks at on a phone; the night looks at all of them."""


@pytest.fixture(scope="module")
def walks(world: World) -> dict[Side, Crawl]:
    """What was seen of each site by all who walked it: a page like one that was judged is not
    judged again, whoever comes to it."""
    return {side: Crawl(URLCONF[side], world.names) for side in Side}


WALKED: set[tuple[Side, str]] = set()
"""Who has walked which site: whether every page was reached is asked when all of them have."""


# A site as every role takes long: nightly, each role a test of its own, so that a part can be run
# by itself. On a phone it is walked each time, as a manager.
@pytest.mark.slow
@pytest.mark.parametrize(("side", "role"), [(side, role) for side in Side for role in STAFF[side]])
def test_every_page_of_a_staff_site_as_a_role(
    open_as: Open,
    world: World,
    figures: None,
    walks: dict[Side, Crawl],
    side: Side,
    role: Role,
) -> None:
    crawl = walks[side]
    before = len(crawl.faults)
    records = starts(world, side)
    crawl.walk(open_as(role), role.value, records[:2] if role in NO_RECORDS else records)
    WALKED.add((side, role.value))
    assert crawl.faults[before:] == []


@pytest.mark.slow
@pytest.mark.parametrize("side", list(Side))
def test_every_page_about_accounts_of_a_staff_site(
    open_as: Open, walks: dict[Side, Crawl], side: Side
) -> None:
    crawl = walks[side]
    before = len(crawl.faults)
    nobody = open_as(None, "/", site=side.value)
    crawl.walk(nobody, "nobody", ["/accounts/login/", "/closed/", "/nowhere/"])
    worker = open_as(STAFF[side][0])
    confirm_password(worker)
    crawl.walk(worker, "account", account_pages(side))
    WALKED.add((side, "account"))
    assert crawl.faults[before:] == []


@pytest.mark.slow
@pytest.mark.parametrize("side", list(Side))
def test_every_page_of_a_staff_site_was_reached(
    walks: dict[Side, Crawl], side: Side, capsys: pytest.CaptureFixture[str]
) -> None:
    everybody = {(side, who) for who in ("account", *(role.value for role in STAFF[side]))}
    if not everybody <= WALKED:
        pytest.skip("Only a part of the walks was run.")
    crawl = walks[side]
    with capsys.disabled():
        print(f"\n{side}: {crawl.told()}")
    mine = {name for name in pages_of(URLCONF[side]) if not name.startswith(("account_", "mfa_"))}
    assert mine - crawl.reached - ONLY_SENT[side] == {"pages:leave"}


@pytest.mark.parametrize(
    ("side", "most"),
    [(side, MOST_EACH_TIME) for side in Side]
    + [pytest.param(side, 0, marks=pytest.mark.slow) for side in Side],
)
def test_every_page_of_a_staff_site_on_a_phone(
    open_as: Open, world: World, figures: None, side: Side, most: int
) -> None:
    role = Role.PROGRAMME_MANAGER if side is Side.PROGRAMME else Role.SAFETY_MANAGER
    crawl = Crawl(URLCONF[side], world.names, sends_empty=False, most=most)
    crawl.walk(open_as(None, "/", site=side.value, width=NARROW), "nobody", ["/accounts/login/"])
    records = starts(world, side)
    crawl.walk(open_as(role, width=NARROW), role.value, [*records[:3], *records[-3:]])
    assert crawl.faults == []


@pytest.mark.parametrize("width", [pytest.param(WIDE, marks=pytest.mark.slow), NARROW])
def test_every_page_of_the_front_door(open_as: Open, width: int) -> None:
    crawl = Crawl(URLCONF["front_door"], set())
    page = open_as(None, "/", site="front_door", width=width)
    crawl.walk(page, "nobody", [*DOORS, f"/nowhere/{uuid4()}/"])
    assert crawl.faults == []
    assert set(pages_of(URLCONF["front_door"])) - crawl.reached == BEHIND_A_CODE
    assert page.context.cookies() == []
