"""What is typed into the forms about roles is kept as a draft, of its worker alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from casewall.safety.support.models import SafetyDraft
from casewall.wall.context import acting
from casewall.wall.sides import Role
from tests.people import Staff
from tests.safety.pages.conftest import Invented
from tests.safety.roles.conftest import COORDINATOR, WORKER, Begin
from tests.safety.roles.test_role_pages import incident
from tests.safety.typed import keep_typed

Browser = Callable[[Role], Client]
TYPED = "Halvt skrevet om det, der skete"


@pytest.mark.parametrize(
    ("name", "box"),
    [("roles-incident", "what"), ("roles-conclude", "note"), ("roles-sign", "comment")],
)
def test_every_form_of_an_assessment_keeps_a_draft(
    name: str, box: str, begin: Begin, browser: Browser
) -> None:
    role = COORDINATOR if name == "roles-sign" else WORKER
    assessment = begin(waits=True) if role is COORDINATOR else begin(ready=True)
    client, address = browser(role), reverse(name, args=[assessment.pk])
    assert keep_typed(client, client.get(address).content.decode(), **{box: TYPED}) == 200
    again = client.get(address).content.decode()
    assert "Your draft" in again
    assert TYPED in again


def test_beginning_keeps_a_draft_and_saving_ends_it(
    begin: Begin, browser: Browser, staff: Staff, world: Invented
) -> None:
    client = browser(WORKER)
    page = client.get(reverse("roles-begin", args=[world.file.pk])).content.decode()
    assert "data-casewall-draft" in page
    assessment = begin()
    address = reverse("roles-incident", args=[assessment.pk])
    keep_typed(client, client.get(address).content.decode(), what=TYPED)
    assert client.post(address, incident()).status_code == 302
    with acting(staff[WORKER]):
        assert not SafetyDraft.objects.visible_to(staff[WORKER]).exists()
    assert TYPED not in client.get(address).content.decode()
