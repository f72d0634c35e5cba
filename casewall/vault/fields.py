"""Model fields that are text in Python and ciphertext in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.query_utils import DeferredAttribute

from casewall.vault.cipher import lock, unlock
from casewall.vault.keys import keys_of


class EncryptedAttribute(DeferredAttribute):
    """Decrypts on first use, so that a list that shows one name decrypts one name."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        stored = instance.__dict__.get(self.field.attname, _ABSENT)
        if stored is _ABSENT:
            stored = super().__get__(instance, cls)
        if not isinstance(stored, bytes):
            return stored
        clear = instance.__dict__.setdefault("_clear", {})
        if self.field.attname not in clear:
            field: Any = self.field
            clear[field.attname] = field.unlock_for(instance, stored)
        return clear[self.field.attname]

    def __set__(self, instance: Any, value: Any) -> None:
        if isinstance(value, memoryview):
            value = bytes(value)
        instance.__dict__[self.field.attname] = value
        instance.__dict__.get("_clear", {}).pop(self.field.attname, None)


_ABSENT = object()


class EncryptedTextField(models.BinaryField):
    """Text about a person. `None` stays NULL; anything else is encrypted for its row.

    It cannot be filtered on: look a person up through a blind index. `QuerySet.update` with
    clear text raises `TypeError`, since it does not know the row.
    """

    descriptor_class = EncryptedAttribute
    is_encrypted = True
    if TYPE_CHECKING:  # the stubs of the base class say bytes
        _pyi_private_set_type: str
        _pyi_private_get_type: str  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("editable", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        return name, path, args, kwargs

    def place(self, instance: Any) -> str:
        """The table, column and row that a value is bound to."""
        table = getattr(instance, "SEALED_AS", instance._meta.db_table)
        return f"{table}.{self.column}:{instance.pk}"

    def unlock_for(self, instance: Any, stored: bytes) -> str:
        """The clear text of what is stored in this row."""
        return unlock(stored, key=keys_of(instance.SIDE).field, place=self.place(instance))

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        value = model_instance.__dict__.get(self.attname)
        if value is None or isinstance(value, bytes):
            return value
        return lock(
            str(value), key=keys_of(model_instance.SIDE).field, place=self.place(model_instance)
        )

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, str):
            raise TypeError(f"{self.name} is encrypted for its row: set it on a record and save.")
        return super().get_prep_value(value)

    def value_from_object(self, obj: Any) -> Any:
        return getattr(obj, self.attname)
