"""Every page of a client, asked by a colleague who is kept away: as if there were none (A10)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from casewall.programme.access import actions
from casewall.programme.access.looking import file_of
from casewall.programme.access.models import Exclusion
from casewall.programme.access.rules import Why
from casewall.programme.cases.models import Case
from casewall.wall.sides import Role, Viewer
from tests.people import add_colleague
from tests.programme.conftest import NOW, Browse, World
from tests.programme.crowd import ADDRESSES, Crowd
from tests.programme.test_every_address import PAGES
from tests.programme.test_seeing import ABSENT

NOT_OF_ONE_CLIENT = {"group", "session", "coming", "visitor", "template", "room", "closedweeks"}
"""Records of a group, which has other members and guests, and of the agency."""


@pytest.fixture
def crowd(world: World) -> Crowd:
    made = Crowd(world)
    made.grow(2)
    return made


@pytest.mark.parametrize("role", [Role.PROGRAMME_MANAGER, Role.FACILITATOR])
def test_every_address_of_a_client_answers_whoever_is_kept_away_like_one_that_is_not_there(
    role: Role, crowd: Crowd, world: World, browse: Browse, owner_urls: dict[str, str]
) -> None:
    browser = browse(role)
    kinds = {kind for name in ADDRESSES if (kind := ADDRESSES[name].get("pk"))}
    of_client = kinds - NOT_OF_ONE_CLIENT
    names = [name for name, arguments in ADDRESSES.items() if arguments.get("pk") in of_client]
    assert len(names) > 60
    open_before = [name for name in names if browser.get(crowd.address(name)).status_code == 200]
    assert len(open_before) > 20
    another = add_colleague(owner_urls, Role.PROGRAMME_MANAGER, "vesterlo-treatment",
                            f"{uuid4()}@example.invalid")
    for case in world.rows(Case):
        kept_away(world, world.again(case), role, another.as_viewer())
    wrong: list[Any] = []
    for name in names:
        for method in PAGES[name].methods.split():
            hidden, absent = (
                browser.generic(method, crowd.address(name, absent=pk)) for pk in (None, ABSENT)
            )
            if (hidden.status_code, hidden.content) != (404, absent.content):
                wrong.append((method, name, hidden.status_code, absent.status_code))
    assert wrong == []


def kept_away(world: World, case: Case, role: Role, by: Viewer) -> None:
    file = file_of(case)
    actions.keep_away(
        model=Exclusion, file=file, people=file.people, colleague=world.staff.workers[role],
        why=Why.RELATIVE, reason="Invented: a cousin of the client.", at=NOW,
        by=by,
    )  # fmt: skip
