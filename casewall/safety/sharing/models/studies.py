"""Texts for publication, and the consents that they rest on."""

from __future__ import annotations

from typing import Any

from django.db import models

from casewall.safety.partners.models import PartnerFile, choices
from casewall.safety.sharing.studies.rules import AgeBand, Given, Place, StudyState
from casewall.safety.visibility import in_compartments
from casewall.vault.fields import EncryptedTextField
from casewall.wall.labels import Label
from casewall.wall.models import WalledModel
from casewall.wall.sides import Side, Viewer


class CaseStudy(WalledModel):
    """A case study or a quotation that is to be published, or was.

    `possible` is how many persons of the records fitted its age band and place when somebody else
    approved it; `rare` are the rare facts that it holds.
    """

    SIDE = Side.SAFETY
    LABELS = {
        "service": Label.CODE, "title": Label.TEXT, "text": Label.TEXT, "is_quotation": Label.CODE,
        "persons": Label.CODE, "changed": Label.TEXT, "age_band": Label.CODE,
        "place": Label.CODE, "place_name": Label.TEXT, "rare": Label.CODE,
        "told_in_order": Label.CODE, "state": Label.CODE, "possible": Label.CODE,
        "written_by": Label.ID, "written_at": Label.DATE, "approved_by": Label.ID,
        "approved_on": Label.DATE, "published_on": Label.DATE, "published_where": Label.TEXT,
        "recalled_on": Label.DATE, "recalled_because": Label.TEXT, "version": Label.CODE,
    }  # fmt: skip

    service = models.CharField(max_length=60)
    title = EncryptedTextField()
    text = EncryptedTextField()
    is_quotation = models.BooleanField(default=False)
    persons = models.IntegerField()
    changed = EncryptedTextField(null=True)
    age_band = models.CharField(max_length=20, choices=choices(AgeBand), blank=True)
    place = models.CharField(max_length=20, choices=choices(Place))
    place_name = EncryptedTextField(null=True)
    rare = models.CharField(max_length=200, blank=True)
    told_in_order = models.BooleanField()
    state = models.CharField(max_length=20, choices=choices(StudyState), default=StudyState.DRAFT)
    possible = models.IntegerField(null=True)
    written_by = models.UUIDField()
    written_at = models.DateTimeField()
    approved_by = models.UUIDField(null=True)
    approved_on = models.DateField(null=True)
    published_on = models.DateField(null=True)
    published_where = EncryptedTextField(null=True)
    recalled_on = models.DateField(null=True)
    recalled_because = EncryptedTextField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["compartment", "-written_at", "-id"], name="case_study_by_day")
        ]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        return in_compartments(rows, viewer)


class StudyConsent(WalledModel):
    """One person's consent to a publication, with its last day; it can be taken back."""

    SIDE = Side.SAFETY
    LABELS = {
        "study": Label.ID, "file": Label.ID, "person": Label.PERSONAL, "given_on": Label.DATE,
        "expires_on": Label.DATE, "withdrawn_on": Label.DATE, "worker": Label.ID,
    }  # fmt: skip

    study = models.ForeignKey(CaseStudy, on_delete=models.PROTECT, related_name="consents")
    file = models.ForeignKey(
        PartnerFile, null=True, on_delete=models.PROTECT, related_name="study_consents"
    )
    person = EncryptedTextField()
    given_on = models.DateField()
    expires_on = models.DateField()
    withdrawn_on = models.DateField(null=True)
    worker = models.UUIDField()

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        return in_compartments(rows, viewer)

    @property
    def given(self) -> Given:
        """The consent as the rules take it."""
        return Given(self.given_on, self.expires_on, self.withdrawn_on)
