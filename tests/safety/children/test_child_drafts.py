"""What is typed into the forms about children is kept as a draft."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from tests.safety.children.conftest import Family
from tests.safety.typed import keep_typed

Browse = Callable[[str], Client]


def test_a_new_child_and_a_correction_keep_what_was_typed(
    family: Family, browser: Browse
) -> None:
    client, child = browser("partner"), family.child()
    for address, box in (
        (reverse("child-new", args=[family.file.pk]), "given_name"),
        (reverse("child-edit", args=[child.pk]), "school"),
    ):
        page = client.get(address).content.decode()
        assert keep_typed(client, page, **{box: "Halvt skrevet"}) == 200
        again = client.get(address).content.decode()
        assert "Your draft" in again
        assert "Halvt skrevet" in again


def test_a_draft_belongs_to_one_record(family: Family, browser: Browse) -> None:
    client = browser("partner")
    one, other = family.child(), family.child(given_name="Anden")
    address = reverse("child-edit", args=[one.pk])
    keep_typed(client, client.get(address).content.decode(), school="Halvt skrevet")
    page = client.get(reverse("child-edit", args=[other.pk])).content.decode()
    assert "Halvt skrevet" not in page
    assert "Your draft" not in page
