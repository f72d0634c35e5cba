"""The flow views of the programme cluster, and this side's copies of what they show.

The views are read for *every* case at a fixed cadence. Which of the copies anybody looks at is
known on this side only.
"""

from __future__ import annotations

from typing import Any

from django.db import models

from casewall.safety.partners.models import FileLink
from casewall.safety.visibility import EVERYTHING
from casewall.vault.fields import EncryptedTextField
from casewall.wall.labels import Label
from casewall.wall.models import WalledModel
from casewall.wall.sealed import SealedManager
from casewall.wall.sides import Role, Side, Viewer


class FlowView(models.Model):
    """A generated view of the programme cluster. Read-only; encrypted with the programme's key."""

    SIDE = Side.PROGRAMME
    IS_FLOW_VIEW = True
    SEALED_AS = ""

    id = models.UUIDField(primary_key=True)
    version = models.IntegerField()

    objects = SealedManager()

    class Meta:
        abstract = True
        managed = False

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        """Only the pull reads a view, never a person."""
        return rows if viewer.role is Role.SAFETY_SYSTEM else rows.none()

    @classmethod
    def labels(cls) -> dict[str, Label]:
        return {
            f.name: Label.TEXT if getattr(f, "is_encrypted", False) else Label.CODE
            for f in cls._meta.local_fields
        }


class FlowCase(FlowView):
    """Where a case stands."""

    SEALED_AS = "programme_cases_case"

    client_id = models.UUIDField()
    referral_id = models.UUIDField()
    service = models.CharField(max_length=60)
    route = models.CharField(max_length=30)
    referred_on = models.DateField()
    stage = models.CharField(max_length=30)
    stage_on = models.DateField()
    contact = models.CharField(max_length=20)
    exit_reason = models.CharField(max_length=30)

    class Meta:
        managed = False
        db_table = "flow_case"


class FlowClient(FlowView):
    """How to recognise the client."""

    SEALED_AS = "programme_cases_client"

    given_name = EncryptedTextField()
    family_name = EncryptedTextField()
    born_on = EncryptedTextField(null=True)
    sex = models.CharField(max_length=10)

    class Meta:
        managed = False
        db_table = "flow_client"


class FlowSession(FlowView):
    """When the group met."""

    SEALED_AS = "programme_groups_session"

    group_id = models.UUIDField(null=True)
    number = models.IntegerField()
    held_on = models.DateField()
    minutes = models.IntegerField()
    state = models.CharField(max_length=20)

    class Meta:
        managed = False
        db_table = "flow_session"


class FlowAttendance(FlowView):
    """One mark of a register."""

    SEALED_AS = "programme_groups_attendance"

    session_id = models.UUIDField()
    case_id = models.UUIDField()
    outcome = models.CharField(max_length=30)
    minutes_attended = models.IntegerField()

    class Meta:
        managed = False
        db_table = "flow_attendance"


class FlowDeclaredPartner(FlowView):
    """A partner as the client, or his or her referrer, stated."""

    SEALED_AS = "programme_cases_declaredpartner"

    case_id = models.UUIDField()
    name = EncryptedTextField(null=True)
    relation = models.CharField(max_length=20)
    contact_details = EncryptedTextField(null=True)
    stated_by = models.CharField(max_length=20)
    stated_on = models.DateField()

    class Meta:
        managed = False
        db_table = "flow_declared_partner"


class FlowSuitability(FlowView):
    """What an assessment decided; nothing where it is only booked."""

    SEALED_AS = "programme_cases_assessment"

    case_id = models.UUIDField()
    decision = models.CharField(max_length=30)
    decided_on = models.DateField(null=True)
    review_on = models.DateField(null=True)

    class Meta:
        managed = False
        db_table = "flow_suitability"


class FlowFamilyStatement(FlowView):
    """How many partners or children were stated on the programme side."""

    SEALED_AS = "programme_needs_familystatement"

    case_id = models.UUIDField()
    of = models.CharField(max_length=10)
    answer = models.CharField(max_length=10)
    number = models.IntegerField(null=True)
    stated_by = models.CharField(max_length=20)
    stated_on = models.DateField()

    class Meta:
        managed = False
        db_table = "flow_family_statement"


class FlowDeclaredChild(FlowView):
    """A child as the client, or the referrer, stated it."""

    SEALED_AS = "programme_needs_declaredchild"

    case_id = models.UUIDField()
    name = EncryptedTextField(null=True)
    born_on = EncryptedTextField(null=True)
    lives = models.CharField(max_length=20)
    sees_client = models.BooleanField(null=True)
    stated_by = models.CharField(max_length=20)
    stated_on = models.DateField()

    class Meta:
        managed = False
        db_table = "flow_declared_child"


class FlowSafeguarding(FlowView):
    """A safeguarding referral that began on the programme side."""

    SEALED_AS = "programme_needs_safeguardingreferral"

    case_id = models.UUIDField()
    concern = models.CharField(max_length=30)
    made_on = models.DateField()
    outcome = models.CharField(max_length=20)
    outcome_on = models.DateField(null=True)

    class Meta:
        managed = False
        db_table = "flow_safeguarding"


def linked_cases(rows: Any, viewer: Viewer, path: str) -> Any:
    """Pulled facts: of linked cases for partner workers, of all cases for coordination."""
    if viewer.side is not Side.SAFETY:
        return rows.none()
    rows = rows.filter(compartment__in=viewer.compartments)
    if viewer.role in EVERYTHING:
        return rows
    if viewer.role is Role.PARTNER_WORKER:
        links = FileLink.objects.visible_to(viewer).filter(ended_on=None)
        return rows.filter(**{f"{path}__in": links.values("case_id")})
    return rows.none()


class PulledFact(WalledModel):
    """A copy of a programme fact, with its version there and the moment of the copy."""

    SIDE = Side.SAFETY
    BASE_LABELS = {**WalledModel.BASE_LABELS, "source_version": Label.CODE, "as_of": Label.DATE}
    CASE_PATH = "case_id"

    source_version = models.IntegerField()
    as_of = models.DateTimeField()

    class Meta:
        abstract = True

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        return linked_cases(rows, viewer, cls.CASE_PATH)


class PulledCase(PulledFact):
    """A client's case; its `id` is the programme's identifier of the case."""

    CASE_PATH = "id"
    LABELS = {
        "client_id": Label.ID,
        "referral_id": Label.ID,
        "service": Label.CODE,
        "route": Label.CODE,
        "referred_on": Label.DATE,
        "stage": Label.CODE,
        "stage_on": Label.DATE,
        "contact": Label.CODE,
        "exit_reason": Label.CODE,
        "name": Label.PERSONAL,
        "born_on": Label.PERSONAL,
        "sex": Label.CODE,
        "client_version": Label.CODE,
    }

    client_id = models.UUIDField()
    referral_id = models.UUIDField(unique=True)
    service = models.CharField(max_length=60)
    route = models.CharField(max_length=30)
    referred_on = models.DateField()
    stage = models.CharField(max_length=30)
    stage_on = models.DateField()
    contact = models.CharField(max_length=20)
    exit_reason = models.CharField(max_length=30, blank=True)
    name = EncryptedTextField()
    born_on = EncryptedTextField(null=True)
    sex = models.CharField(max_length=10)
    client_version = models.IntegerField()


class CaseToken(WalledModel):
    """Blind index entries under which a pulled case is found on this side."""

    SIDE = Side.SAFETY
    LABELS = {"case": Label.ID, "token": Label.TOKEN, "kind": Label.CODE}
    APP_MAY = ("SELECT", "INSERT", "DELETE")

    case = models.ForeignKey(PulledCase, on_delete=models.CASCADE)
    token = models.UUIDField()
    kind = models.CharField(max_length=10)

    class Meta:
        indexes = [models.Index(fields=["compartment", "token"], name="case_by_token")]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        return rows.filter(compartment__in=viewer.compartments)


class PulledAttendance(PulledFact):
    """One mark of a register, with the day of the session."""

    LABELS = {
        "case_id": Label.ID,
        "held_on": Label.DATE,
        "outcome": Label.CODE,
        "minutes_planned": Label.CODE,
        "minutes_attended": Label.CODE,
        "session_version": Label.CODE,
    }

    case_id = models.UUIDField()
    held_on = models.DateField()
    outcome = models.CharField(max_length=30)
    minutes_planned = models.IntegerField()
    minutes_attended = models.IntegerField()
    session_version = models.IntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["compartment", "case_id", "-held_on"], name="attendance_by_case")
        ]


class PulledDeclaration(PulledFact):
    """A partner as stated on the programme side: a low-integrity statement, never a contact."""

    LABELS = {
        "case_id": Label.ID,
        "name": Label.PERSONAL,
        "relation": Label.CODE,
        "contact_details": Label.PERSONAL,
        "stated_by": Label.CODE,
        "stated_on": Label.DATE,
    }

    case_id = models.UUIDField()
    name = EncryptedTextField(null=True)
    relation = models.CharField(max_length=20)
    contact_details = EncryptedTextField(null=True)
    stated_by = models.CharField(max_length=20)
    stated_on = models.DateField()


class PulledSuitability(PulledFact):
    """What an assessment of the client decided. A refusal raises risk as an exit does."""

    LABELS = {
        "case_id": Label.ID,
        "decision": Label.CODE,
        "decided_on": Label.DATE,
        "review_on": Label.DATE,
    }

    case_id = models.UUIDField()
    decision = models.CharField(max_length=30)
    decided_on = models.DateField(null=True)
    review_on = models.DateField(null=True)


class PulledFamilyStatement(PulledFact):
    """How many partners or children were stated there; never taken for what is known here."""

    LABELS = {
        "case_id": Label.ID,
        "of": Label.CODE,
        "answer": Label.CODE,
        "number": Label.CODE,
        "stated_by": Label.CODE,
        "stated_on": Label.DATE,
    }

    case_id = models.UUIDField()
    of = models.CharField(max_length=10)
    answer = models.CharField(max_length=10)
    number = models.IntegerField(null=True)
    stated_by = models.CharField(max_length=20)
    stated_on = models.DateField()


class PulledChild(PulledFact):
    """A child as stated on the programme side: a statement, never a child's record."""

    LABELS = {
        "case_id": Label.ID,
        "name": Label.PERSONAL,
        "born_on": Label.PERSONAL,
        "lives": Label.CODE,
        "sees_client": Label.CODE,
        "stated_by": Label.CODE,
        "stated_on": Label.DATE,
    }

    case_id = models.UUIDField()
    name = EncryptedTextField(null=True)
    born_on = EncryptedTextField(null=True)
    lives = models.CharField(max_length=20)
    sees_client = models.BooleanField(null=True)
    stated_by = models.CharField(max_length=20)
    stated_on = models.DateField()


class PulledSafeguarding(PulledFact):
    """A safeguarding referral that the programme made, and what the authority decided."""

    LABELS = {
        "case_id": Label.ID,
        "concern": Label.CODE,
        "made_on": Label.DATE,
        "outcome": Label.CODE,
        "outcome_on": Label.DATE,
    }

    case_id = models.UUIDField()
    concern = models.CharField(max_length=30)
    made_on = models.DateField()
    outcome = models.CharField(max_length=20)
    outcome_on = models.DateField(null=True)


class PullRun(WalledModel):
    """One pull: when, and how much of it was new. The programme side never sees this table."""

    SIDE = Side.SAFETY
    APP_MAY = ("SELECT", "INSERT")
    LABELS = {"at": Label.DATE, "cases": Label.CODE, "changed": Label.CODE}

    at = models.DateTimeField()
    cases = models.IntegerField()
    changed = models.IntegerField()

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        return rows.filter(compartment__in=viewer.compartments)
