"""Every link on every page of the programme site leads to a page, as every role sees it."""

from __future__ import annotations

import pytest

from casewall.wall.sides import Role
from tests.links import dead_links, links_of
from tests.programme.conftest import Browse, World
from tests.programme.crowd import ADDRESSES, Crowd
from tests.programme.test_seeing import PROGRAMME_ROLES

LEAST = {Role.PROGRAMME_MANAGER: 90, Role.FACILITATOR: 60, Role.ASSESSOR: 40, Role.REFERRER: 4,
         Role.PROGRAMME_ADMINISTRATOR: 2}
"""Pages that each role comes to at least: a walk that ends early finds nothing."""


def test_links_are_read_as_a_browser_reads_them() -> None:
    page = ('<a class="x" href="/a/?b=1&amp;c=2#d">A</a><a href="#e">E</a><a href="?show=f">F</a>'
            '<a href="https://elsewhere.example/">G</a><a href="/a/?b=1&amp;c=2">again</a>')
    assert links_of(page, "/cases/1/") == ["/a/?b=1&c=2", "/cases/1/", "/cases/1/?show=f"]


# The manager comes to every page that the facilitator and the assessor have: theirs at night.
AT_NIGHT = (Role.FACILITATOR, Role.ASSESSOR)


@pytest.mark.parametrize("role", [
    pytest.param(role, marks=[pytest.mark.slow] if role in AT_NIGHT else [])
    for role in PROGRAMME_ROLES])
def test_no_link_leads_nowhere(role: Role, world: World, browse: Browse) -> None:
    crowd = Crowd(world)
    crowd.grow(1)
    started = world.case("Started", "Digt")
    browser = browse(role)
    places = ["/", "/search/?q=Digt", f"/cases/{started.pk}/"]
    for name in sorted(ADDRESSES):
        address = crowd.address(name)
        if browser.get(address).status_code == 200:
            places.append(address)
    dead, seen = dead_links(browser, places)
    assert dead == []
    assert seen >= LEAST[role]
