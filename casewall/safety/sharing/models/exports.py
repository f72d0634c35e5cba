"""The ledger of everything that left this side, so that it can be recalled."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from casewall.safety.partners.models import choices
from casewall.safety.sharing.rules import Exported
from casewall.safety.visibility import in_compartments
from casewall.vault.fields import EncryptedTextField
from casewall.wall.labels import Label
from casewall.wall.models import WalledModel
from casewall.wall.sides import Side, Viewer


class Export(WalledModel):
    """One thing that left this side: what, to whom, when, by whom; and whether it was recalled.

    `thing` is the record it was made of; a kept release of figures has a `name` instead. `digest`
    is the SHA-256 of the file. `told_on`: when the recipient was told of the recall.
    """

    SIDE = Side.SAFETY
    LABELS = {
        "kind": Label.CODE, "thing": Label.ID, "name": Label.CODE, "ending": Label.CODE,
        "digest": Label.CODE, "recipient": Label.TEXT, "worker": Label.ID,
        "made_on": Label.DATE, "recalled_on": Label.DATE, "recalled_because": Label.TEXT,
        "recalled_by": Label.ID, "told_on": Label.DATE, "told_whom": Label.TEXT,
        "version": Label.CODE,
    }  # fmt: skip

    kind = models.CharField(max_length=20, choices=choices(Exported))
    thing = models.UUIDField(null=True)
    name = models.CharField(max_length=200, blank=True)
    ending = models.CharField(max_length=8, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    recipient = EncryptedTextField()
    worker = models.UUIDField()
    made_on = models.DateField()
    recalled_on = models.DateField(null=True)
    recalled_because = EncryptedTextField(null=True)
    recalled_by = models.UUIDField(null=True)
    told_on = models.DateField(null=True)
    told_whom = EncryptedTextField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["compartment", "-made_on", "-id"], name="export_by_day"),
            models.Index(
                fields=["compartment", "recalled_on", "id"],
                name="export_recalled_untold",
                condition=Q(recalled_on__isnull=False, told_on=None),
            ),
        ]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        return in_compartments(rows, viewer)
