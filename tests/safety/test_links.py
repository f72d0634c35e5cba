"""Every link on every page of the safety site leads to a page, as every role sees it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from casewall.safety.coordination.models import Disclosure
from casewall.safety.intake.models import ReferralFile
from casewall.safety.partners.models import PartnerFile
from casewall.wall.sides import SIDE_OF_ROLE, SYSTEM_ROLES, Role, Side
from tests.browser.world import World, furnished
from tests.emptying import empty
from tests.links import dead_links
from tests.navigation import navigation_of
from tests.people import Staff, signed_in, site_settings

ROLES = [role for role in Role if SIDE_OF_ROLE[role] is Side.SAFETY and role not in SYSTEM_ROLES]
MOST = 150
"""Pages that each role opens at most, so that the test stays short."""
LEAST = {Role.COORDINATOR: 60, Role.SAFETY_MANAGER: 60, Role.PARTNER_WORKER: 50}
"""Pages that a role comes to at least: a walk that ends early finds nothing. Others see few."""


@pytest.fixture(scope="module")
def furniture(staff_once: Staff, owner_urls: dict[str, str]) -> Iterator[World]:
    """The invented world, made once for all roles."""
    empty(owner_urls.values())
    yield furnished(staff_once)
    empty(owner_urls.values())


@pytest.mark.parametrize("role", ROLES)
def test_no_link_leads_nowhere(role: Role, furniture: World, tmp_path: Path) -> None:
    world = furniture
    starts = ["/", "/partners/", "/children/", "/disclosures/", "/search/?q=Fiktivsen"]
    starts += [f"/partners/{world.file}/", f"/partners/{world.second_file}/",
               f"/children/{world.child}/"]  # fmt: skip
    for model, path in (
        (Disclosure, "/disclosures/{}/"),
        (PartnerFile, "/partners/{}/"),
        (ReferralFile, "/referrals/files/{}/"),
    ):
        starts += [path.format(row.pk) for row in world.stored(Role.COORDINATOR, model)[:3]]
    with (
        site_settings(Side.SAFETY),
        override_settings(
            STATIC_ROOT=tmp_path,
            ALLOWED_HOSTS=["testserver"],
            CASEWALL_SEARCH_URL="search",
            **navigation_of("safety"),
        ),
    ):
        dead, seen = dead_links(
            signed_in(world.staff.workers[role]), starts, per_shape=1, most=MOST
        )
    assert dead == []
    assert seen >= LEAST.get(role, 1)
