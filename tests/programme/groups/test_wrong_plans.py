"""A plan with something missing or impossible is answered, and makes no group."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from casewall.programme.groups.models import Group
from casewall.wall.sides import Role
from tests.programme.conftest import Browse
from tests.programme.groups.conftest import Planner
from tests.programme.groups.test_pages import group_form, text


@pytest.mark.parametrize(("changed", "sentence"), [
    ({"name": ""}, "Name of the group"),
    ({"facilitators": [str(uuid4())]}, "Facilitators"),
    ({"delivers": f"{uuid4()}/counselling-group"}, "What the group delivers"),
    ({"starts_on_day": "30", "starts_on_month": "2"}, "There is no day 30 in month 2"),
])
def test_what_is_missing_or_impossible_is_said(
        changed: dict[str, Any], sentence: str, browse: Browse, planner: Planner) -> None:
    browser = browse(Role.PROGRAMME_MANAGER)
    response = browser.post("/groups/new/", {**group_form(planner), **changed, "save": "1"})
    assert response.status_code == 422
    summary = text(response).partition("There is a problem")[2][:400]
    assert sentence in summary
    assert planner.world.rows(Group) == []


def test_somebody_without_the_duty_plans_nothing(browse: Browse, planner: Planner) -> None:
    sent = {**group_form(planner), "save": "1"}
    assert browse(Role.FACILITATOR).post("/groups/new/", sent).status_code == 403
    assert planner.world.rows(Group) == []
