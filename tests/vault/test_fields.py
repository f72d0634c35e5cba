"""Encrypted fields: text in Python, ciphertext in the database, bound to its row."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import models

from casewall.programme.cases.models import Case, Client
from casewall.vault.cipher import Unreadable, unlock
from casewall.vault.fields import EncryptedAttribute, EncryptedTextField
from casewall.vault.keys import keys_of
from casewall.wall.context import acting
from casewall.wall.sides import Role, Side
from tests.people import Staff
from tests.wall.rows import a_case


@pytest.fixture
def client(staff: Staff) -> Client:
    case = a_case(staff, phone="20 00 00 01")
    return again(staff, Client(pk=case.client_id))


def again(staff: Staff, client: Client, *only: str) -> Client:
    by = staff[Role.PROGRAMME_MANAGER]
    with acting(by):
        rows = Client.objects.visible_to(by)
        return (rows.only(*only) if only else rows).get(pk=client.pk)


def stored(owner_urls: dict[str, str], client: Client, column: str) -> Any:
    """What lies in the table. The owner must step over the policy for it, which no site can."""
    table = "programme_cases_client"
    with psycopg.connect(owner_urls["programme"]) as owner:
        owner.execute(f"alter table {table} no force row level security")
        value = owner.execute(f"select {column} from {table} where id = %s",
                              [client.pk]).fetchone()[0]
        owner.rollback()
    return value


def test_the_table_holds_ciphertext_bound_to_table_column_and_row(
    staff: Staff, client: Client, owner_urls: dict[str, str]
) -> None:
    sealed = stored(owner_urls, client, "family_name")
    assert isinstance(sealed, bytes)
    assert b"Opdigtet" not in sealed
    key = keys_of(Side.PROGRAMME).field
    place = f"programme_cases_client.family_name:{client.pk}"
    assert unlock(sealed, key=key, place=place) == "Opdigtet"
    assert again(staff, client).family_name == "Opdigtet"


def test_none_stays_null_and_empty_text_does_not(
    staff: Staff, client: Client, owner_urls: dict[str, str]
) -> None:
    assert stored(owner_urls, client, "email") is None
    assert again(staff, client).email is None
    client.email = ""
    with acting(staff[Role.PROGRAMME_MANAGER]):
        client.save()
    assert stored(owner_urls, client, "email") is not None
    assert again(staff, client).email == ""


def test_a_value_is_decrypted_when_it_is_first_used(staff: Staff, client: Client) -> None:
    found = again(staff, client)
    assert isinstance(found.__dict__["family_name"], bytes)
    assert "_clear" not in found.__dict__
    assert found.family_name == found.family_name == "Opdigtet"
    assert set(found.__dict__["_clear"]) == {"family_name"}
    found.family_name = "Nyopdigtet"
    assert found.family_name == "Nyopdigtet"


def test_a_deferred_value_is_fetched_and_decrypted(staff: Staff, client: Client) -> None:
    found = again(staff, client, "sex")
    with acting(staff[Role.PROGRAMME_MANAGER]):
        assert found.phone == "20 00 00 01"
        assert found.email is None


def test_saving_an_unread_value_keeps_it(staff: Staff, client: Client) -> None:
    found = again(staff, client)
    found.sex = "male"
    with acting(staff[Role.PROGRAMME_MANAGER]):
        found.save()
    assert again(staff, client).full_name == "Aksel Opdigtet"
    assert again(staff, client).sex == "male"


def test_a_value_moved_to_another_row_is_unreadable(staff: Staff, client: Client) -> None:
    found = again(staff, client)
    found.pk = uuid4()
    with pytest.raises(Unreadable):
        _ = found.family_name


def test_a_query_cannot_compare_update_or_return_clear_text(
    staff: Staff, client: Client
) -> None:
    by = staff[Role.PROGRAMME_MANAGER]
    with acting(by):
        rows = Client.objects.visible_to(by)
        with pytest.raises(TypeError, match="family_name is encrypted for its row"):
            rows.filter(family_name="Opdigtet").exists()
        (value,) = rows.values_list("family_name", flat=True)
        assert isinstance(value, bytes)
        case = Case.objects.visible_to(by).select_related("client").get()
        assert case.client.family_name == "Opdigtet"
    with pytest.raises(TypeError, match="is encrypted"), acting(by):
        Client.objects.visible_to(by).update(family_name="Opdigtet")
    client.family_name = "Andet"
    with pytest.raises(TypeError, match="is encrypted"), acting(by):
        Client.objects.visible_to(by).bulk_update([client], ["family_name"])


def test_many_rows_are_encrypted_each_for_itself(
    staff: Staff, client: Client, owner_urls: dict[str, str]
) -> None:
    by = staff[Role.PROGRAMME_SYSTEM]
    new = [Client(compartment=client.compartment, given_name="Twin", family_name="Opdigtet")
           for _ in range(2)]
    with acting(by):
        Client.objects.visible_to(by).bulk_create(new)
    one, other = (stored(owner_urls, twin, "given_name") for twin in new)
    assert one != other
    assert {again(staff, twin).given_name for twin in new} == {"Twin"}


def test_on_the_class_it_is_the_description_of_the_field() -> None:
    assert isinstance(Client.family_name, EncryptedAttribute)
    field = Client._meta.get_field("family_name")
    assert field.value_from_object(Client(family_name="Opdigtet")) == "Opdigtet"
    assert field.get_prep_value(b"sealed") == b"sealed"


def test_a_memoryview_from_a_driver_is_read_like_bytes(staff: Staff, client: Client) -> None:
    found = again(staff, client)
    found.family_name = memoryview(found.__dict__["family_name"])
    assert found.family_name == "Opdigtet"


@pytest.mark.parametrize(("options", "kept"), [
    ({}, {}), ({"null": True}, {"null": True}), ({"editable": False}, {})])
def test_a_migration_names_the_field_with_its_options(
    options: dict[str, Any], kept: dict[str, Any]
) -> None:
    field = EncryptedTextField(**options)
    name, path, args, kwargs = field.deconstruct()
    assert (name, path, args) == (None, "casewall.vault.fields.EncryptedTextField", [])
    assert kwargs == kept
    assert isinstance(field, models.BinaryField)
