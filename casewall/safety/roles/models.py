"""What is stored of who does what to whom. None of it is ever readable on the programme side."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from casewall.safety.partners.models import OfAFile, choices
from casewall.safety.roles.rules import UNDER_WAY, Fear, Injury, Outcome, Person, Source, State
from casewall.safety.visibility import own_files
from casewall.vault.fields import EncryptedTextField
from casewall.wall.labels import Label
from casewall.wall.models import WalledModel
from casewall.wall.sides import Role, Side, Viewer


class RoleAssessment(OfAFile):
    """One assessment of who does what to whom; a later one corrects it and leaves it as it is.

    Whoever sees the file sees where it stands and, once signed off, what it concludes.
    """

    LABELS = {
        "number": Label.CODE,
        "case_id": Label.ID,
        "state": Label.CODE,
        "author": Label.ID,
        "begun_at": Label.DATE,
        "asked_on": Label.DATE,
        "due_on": Label.DATE,
        "signer": Label.ID,
        "finished_at": Label.DATE,
        "concluded_a": Label.CODE,
        "concluded_b": Label.CODE,
        "version": Label.CODE,
    }

    number = models.IntegerField()
    case_id = models.UUIDField(null=True)
    state = models.CharField(max_length=20, choices=choices(State), default=State.OPEN)
    author = models.UUIDField()
    begun_at = models.DateTimeField()
    asked_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    signer = models.UUIDField(null=True)
    finished_at = models.DateTimeField(null=True)
    concluded_a = models.CharField(max_length=30, choices=choices(Outcome), blank=True)
    concluded_b = models.CharField(max_length=30, choices=choices(Outcome), blank=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "number"], name="one_assessment_each"),
            models.UniqueConstraint(
                fields=["file"],
                condition=Q(state__in=sorted(UNDER_WAY)),
                name="one_assessment_under_way",
            ),
        ]
        indexes = [
            models.Index(
                fields=["compartment", "due_on"],
                name="assessment_waiting",
                condition=Q(state=State.WAITING.value),
            )
        ]

    def __str__(self) -> str:
        return f"Role assessment {self.pk}"


class OfAnAssessment(WalledModel):
    """What an assessment was made from: for its author, its signer and the safety manager.

    The rule in words is `rules.sees_material`.
    """

    SIDE = Side.SAFETY
    BASE_LABELS = {**WalledModel.BASE_LABELS, "assessment": Label.ID}

    assessment = models.ForeignKey(
        RoleAssessment, on_delete=models.PROTECT, related_name="%(class)ss"
    )

    class Meta:
        abstract = True

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        rows = own_files(rows, viewer, "assessment__file__")
        if viewer.role in (Role.SAFETY_MANAGER, Role.SAFETY_SYSTEM):
            return rows
        own = Q(assessment__author=viewer.worker) | Q(assessment__signer=viewer.worker)
        if viewer.role is Role.COORDINATOR:
            own |= Q(assessment__state=State.WAITING)
        return rows.filter(own)


class RoleWorking(OfAnAssessment):
    """The worker's own part: why it was begun, the signs, the notes, the proposed conclusion."""

    LABELS = {
        "why": Label.TEXT,
        "signs_a": Label.CODE,
        "signs_b": Label.CODE,
        "note": Label.TEXT,
        "proposed_a": Label.CODE,
        "proposed_b": Label.CODE,
        "grounds": Label.TEXT,
        "comment": Label.TEXT,
        "version": Label.CODE,
    }

    why = EncryptedTextField(null=True)
    signs_a = models.CharField(max_length=200, blank=True)
    signs_b = models.CharField(max_length=200, blank=True)
    note = EncryptedTextField(null=True)
    proposed_a = models.CharField(max_length=30, choices=choices(Outcome), blank=True)
    proposed_b = models.CharField(max_length=30, choices=choices(Outcome), blank=True)
    grounds = EncryptedTextField(null=True)
    comment = EncryptedTextField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assessment"], name="one_working_each")]


class RoleIncident(OfAnAssessment):
    """One row of the grid: what one person did to the other, what followed, and who says so."""

    LABELS = {
        "done_by": Label.CODE,
        "acts": Label.CODE,
        "what": Label.TEXT,
        "setting": Label.CODE,
        "how_often": Label.CODE,
        "happened_on": Label.DATE,
        "happened": Label.TEXT,
        "consequences": Label.CODE,
        "fear": Label.CODE,
        "injury": Label.CODE,
        "source": Label.CODE,
        "struck_on": Label.DATE,
    }

    done_by = models.CharField(max_length=1, choices=choices(Person))
    acts = models.CharField(max_length=200)
    what = EncryptedTextField()
    setting = models.CharField(max_length=20)
    how_often = models.CharField(max_length=20)
    happened_on = models.DateField(null=True)
    happened = EncryptedTextField(null=True)
    consequences = models.CharField(max_length=200)
    fear = models.CharField(max_length=20, choices=choices(Fear))
    injury = models.CharField(max_length=20, choices=choices(Injury))
    source = models.CharField(max_length=20, choices=choices(Source))
    struck_on = models.DateField(null=True)
