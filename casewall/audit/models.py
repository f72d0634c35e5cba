"""What the audit keeps."""

from __future__ import annotations

from django.db import models

from casewall.wall.ids import new_id
from casewall.wall.labels import Label


class Entry(models.Model):
    """One read or write. Holds identifiers only, so that erasing a file needs no audit surgery."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField()
    worker = models.UUIDField()
    role = models.CharField(max_length=40)
    verb = models.CharField(max_length=60)
    kind = models.CharField(max_length=60)
    object_id = models.UUIDField(null=True)
    purpose = models.CharField(max_length=200, blank=True)

    LABELS = {
        "id": Label.ID,
        "at": Label.DATE,
        "worker": Label.ID,
        "role": Label.CODE,
        "verb": Label.CODE,
        "kind": Label.CODE,
        "object_id": Label.ID,
        "purpose": Label.CODE,
    }

    class Meta:
        indexes = [models.Index(fields=["kind", "object_id", "-at"], name="audit_by_object")]

    @classmethod
    def labels(cls) -> dict[str, Label]:
        return cls.LABELS
