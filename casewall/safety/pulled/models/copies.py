"""This side's copies of programme facts, each with its version there and the moment of the copy."""

from __future__ import annotations

from typing import Any

from django.db import models

from casewall.safety.partners.models import FileLink
from casewall.safety.visibility import EVERYTHING, cases_of_children
from casewall.vault.fields import EncryptedTextField
from casewall.wall.labels import Label
from casewall.wall.models import WalledModel
from casewall.wall.sides import Role, Side, Viewer


def linked_cases(rows: Any, viewer: Viewer, path: str) -> Any:
    """Pulled facts: of linked cases for partner workers, of the clients in own children's lives
    for children's workers, of all cases for coordination."""
    if viewer.side is not Side.SAFETY:
        return rows.none()
    rows = rows.filter(compartment__in=viewer.compartments)
    if viewer.role in EVERYTHING:
        return rows
    if viewer.role is Role.PARTNER_WORKER:
        links = FileLink.objects.visible_to(viewer).filter(ended_on=None)
        return rows.filter(**{f"{path}__in": links.values("case_id")})
    if viewer.role is Role.CHILDRENS_WORKER and rows.model is not PulledDeclaration:
        # A declared partner comes with contact details, which a children's worker never sees.
        return rows.filter(**{f"{path}__in": cases_of_children(viewer)})
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
        "booked_for": Label.DATE,
        "decision": Label.CODE,
        "decided_on": Label.DATE,
        "review_on": Label.DATE,
    }

    case_id = models.UUIDField()
    booked_for = models.DateTimeField()
    decision = models.CharField(max_length=30)
    decided_on = models.DateField(null=True)
    review_on = models.DateField(null=True)


class PulledCourse(PulledFact):
    """How far the client's way through a programme is: level, break, planned end."""

    LABELS = {
        "case_id": Label.ID,
        "level": Label.CODE,
        "state": Label.CODE,
        "began_on": Label.DATE,
        "ends_by": Label.DATE,
        "ended_on": Label.DATE,
    }

    case_id = models.UUIDField()
    level = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=20)
    began_on = models.DateField(null=True)
    ends_by = models.DateField(null=True)
    ended_on = models.DateField(null=True)


class PulledAppointment(PulledFact):
    """When and where a client is expected: one row a session and client.

    `building` is empty where the programme has not said where; then it may be anywhere.
    """

    APP_MAY = ("SELECT", "INSERT", "UPDATE", "DELETE")
    LABELS = {
        "case_id": Label.ID,
        "session_id": Label.ID,
        "kind": Label.CODE,
        "starts_at": Label.DATE,
        "minutes": Label.CODE,
        "building": Label.CONFIGURATION,
    }

    case_id = models.UUIDField()
    session_id = models.UUIDField()
    kind = models.CharField(max_length=20)
    starts_at = models.DateTimeField()
    minutes = models.IntegerField()
    building = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["compartment", "case_id", "starts_at"], name="expected_by_case")
        ]
        constraints = [
            models.UniqueConstraint(fields=["session_id", "case_id"], name="one_place_expected")
        ]


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


class PulledRisk(PulledFact):
    """The programme's own assessment of risk: its signed level and days, never a reason.

    `source_version` is the number of the assessment; a new one is another row.
    """

    LABELS = {
        "case_id": Label.ID,
        "level": Label.CODE,
        "state": Label.CODE,
        "signed_on": Label.DATE,
        "review_on": Label.DATE,
    }

    case_id = models.UUIDField()
    level = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=20)
    signed_on = models.DateField(null=True)
    review_on = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["compartment", "case_id"], name="own_risk_by_case")]


class PulledIncident(PulledFact):
    """An incident as the programme knows it, in codes: what kind, how grave, when, who says so."""

    LABELS = {
        "case_id": Label.ID,
        "forms": Label.CODE,
        "signs": Label.CODE,
        "severity": Label.CODE,
        "source": Label.CODE,
        "happened_on": Label.DATE,
        "exact": Label.CODE,
        "told_on": Label.DATE,
        "corrects_id": Label.ID,
        "taken_back": Label.CODE,
    }

    case_id = models.UUIDField()
    forms = models.CharField(max_length=120)
    signs = models.CharField(max_length=80, blank=True)
    severity = models.IntegerField(null=True)
    source = models.CharField(max_length=20)
    happened_on = models.DateField()
    exact = models.BooleanField()
    told_on = models.DateField()
    corrects_id = models.UUIDField(null=True)
    taken_back = models.BooleanField()

    class Meta:
        indexes = [models.Index(fields=["compartment", "case_id"], name="their_incident_by_case")]


class PulledProceeding(PulledFact):
    """A call-out, charge, bail, order or court case as the programme knows it, without text."""

    LABELS = {
        "case_id": Label.ID,
        "kind": Label.CODE,
        "began_on": Label.DATE,
        "until_on": Label.DATE,
        "ended_on": Label.DATE,
        "ended_how": Label.CODE,
        "source": Label.CODE,
    }

    case_id = models.UUIDField()
    kind = models.CharField(max_length=20)
    began_on = models.DateField()
    until_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    ended_how = models.CharField(max_length=20, blank=True)
    source = models.CharField(max_length=20)

    class Meta:
        indexes = [models.Index(fields=["compartment", "case_id"], name="their_court_by_case")]


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
