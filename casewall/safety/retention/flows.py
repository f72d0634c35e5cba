"""The programme's word that a case was deleted. It names nobody: a keyed hash of an identifier."""

from __future__ import annotations

from django.db import models

from casewall.safety.pulled.models import FlowView


class FlowDeletion(FlowView):
    """One deletion of a case there, done or still waiting."""

    SEALED_AS = "programme_retention_deletion"

    version = None  # type: ignore[assignment]  # a deletion is done once
    kind = models.CharField(max_length=20)
    file_hash = models.UUIDField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "safety_retention"
        managed = False
        db_table = "flow_deletion"
