"""What is stored about a client and his or her case. Statements about others stay statements."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from casewall.programme.cases.reasons import ExitReason
from casewall.programme.cases.rules import (
    OPEN_STAGES,
    Contact,
    MoveKind,
    Outcome,
    Route,
    Stage,
    Suitability,
)
from casewall.vault.fields import EncryptedTextField
from casewall.wall.labels import Label
from casewall.wall.models import WalledModel
from casewall.wall.sides import Role, Side, Viewer


def choices(enum: Any) -> list[tuple[str, str]]:
    """The members of a string enum as field choices, in words."""
    return [(member.value, member.value.replace("_", " ").capitalize()) for member in enum]


def visible_cases(rows: Any, viewer: Viewer, path: str = "") -> Any:
    """Narrow `rows` to those whose case (reached by `path`) this viewer may see.

    A facilitator sees members of own groups and clients of own sessions, an assessor the cases
    before the start and those deferred, a manager all of the service, and other agencies their
    own referrals. A case opened out of turn is seen besides, for a few hours.
    """
    if viewer.side is not Side.PROGRAMME:
        return rows.none()
    rows = rows.filter(compartment__in=viewer.compartments)
    match viewer.role:
        case Role.PROGRAMME_MANAGER | Role.PROGRAMME_SYSTEM:
            return rows
        case Role.FACILITATOR:
            # Two lists of identifiers: one query over both ways would join them with each other.
            cases = Case.objects.for_system("membership")
            grouped = cases.filter(groupmembers__group__facilitators__worker=viewer.worker,
                                   groupmembers__group__facilitators__left_on=None)
            alone = cases.filter(sessions__worker=viewer.worker)
            return rows.filter(
                Q(**{f"{path}id__in": grouped.values("id")})
                | Q(**{f"{path}id__in": alone.values("id")})
                | Q(**{f"{path}worker": viewer.worker})
                | _out_of_turn(viewer, path))
        case Role.ASSESSOR:
            return rows.filter(
                Q(**{f"{path}stage__in": BEFORE_START}) | _out_of_turn(viewer, path))
        case Role.REFERRER:
            return rows.filter(**{f"{path}referrer_worker": viewer.worker})
        case Role.PROGRAMME_ADMINISTRATOR:
            return rows.none()
        case _:
            return rows.none()


def _out_of_turn(viewer: Viewer, path: str) -> Q:
    """Cases that the viewer has opened with a reason, for a few hours; see `programme/access`."""
    return Q(**{f"{path}id__in": viewer.out_of_turn}) if viewer.out_of_turn else Q()


BEFORE_START = (Stage.REFERRED, Stage.CONTACTED, Stage.ASSESSMENT_BOOKED, Stage.ASSESSED,
                Stage.SUITABLE, Stage.AGREEMENT_SIGNED, Stage.WAITING, Stage.DEFERRED)
"""What an assessor works with. A deferred client is assessed again, whenever the deferral began."""


class Client(WalledModel):
    """A person who has used violence, as the programme knows that person."""

    SIDE = Side.PROGRAMME
    LABELS = {
        "given_name": Label.PERSONAL, "family_name": Label.PERSONAL, "born_on": Label.PERSONAL,
        "sex": Label.CODE, "phone": Label.PERSONAL, "email": Label.PERSONAL,
        "address": Label.PERSONAL, "language": Label.CODE, "version": Label.CODE,
    }

    given_name = EncryptedTextField()
    family_name = EncryptedTextField()
    born_on = EncryptedTextField(null=True)
    sex = models.CharField(max_length=10, default="unknown")
    phone = EncryptedTextField(null=True)
    email = EncryptedTextField(null=True)
    address = EncryptedTextField(null=True)
    language = models.CharField(max_length=40, blank=True)
    version = models.IntegerField(default=1)

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        if viewer.is_system or viewer.role is Role.PROGRAMME_MANAGER:
            return rows.filter(compartment__in=viewer.compartments)
        return rows.filter(id__in=Case.objects.visible_to(viewer).values("client_id"))

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    def __str__(self) -> str:
        return f"Client {self.pk}"


class ClientToken(WalledModel):
    """Blind index entries under which a client is found."""

    SIDE = Side.PROGRAMME
    LABELS = {"client": Label.ID, "token": Label.TOKEN, "kind": Label.CODE}
    APP_MAY = ("SELECT", "INSERT", "DELETE")

    client = models.ForeignKey(Client, on_delete=models.CASCADE)
    token = models.UUIDField()
    kind = models.CharField(max_length=10)

    class Meta:
        indexes = [models.Index(fields=["compartment", "token"], name="client_by_token")]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        return rows.filter(compartment__in=viewer.compartments)


class Case(WalledModel):
    """One client's way through one service, from referral to closing."""

    SIDE = Side.PROGRAMME
    LABELS = {
        "client": Label.ID, "service": Label.CODE, "referral_id": Label.ID,
        "route": Label.CODE, "referrer_agency": Label.CONFIGURATION,
        "referrer_worker": Label.ID, "referred_on": Label.DATE, "stage": Label.CODE,
        "stage_on": Label.DATE, "contact": Label.CODE, "exit_reason": Label.CODE,
        "worker": Label.ID, "next_action": Label.CODE, "next_action_on": Label.DATE,
        "last_contact_on": Label.DATE, "text_for_file": Label.TEXT, "version": Label.CODE,
    }

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="cases")
    service = models.CharField(max_length=60)
    referral_id = models.UUIDField(unique=True)
    route = models.CharField(max_length=30)
    referrer_agency = models.CharField(max_length=120, blank=True)
    referrer_worker = models.UUIDField(null=True)
    referred_on = models.DateField()
    stage = models.CharField(max_length=30, choices=choices(Stage), default=Stage.REFERRED)
    stage_on = models.DateField()
    contact = models.CharField(max_length=20, choices=choices(Contact),
                               default=Contact.NOT_TRIED)
    exit_reason = models.CharField(max_length=30, choices=choices(ExitReason), blank=True)
    worker = models.UUIDField(null=True)
    next_action = models.CharField(max_length=30, blank=True)
    next_action_on = models.DateField(null=True)
    last_contact_on = models.DateField(null=True)
    text_for_file = EncryptedTextField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["compartment", "next_action_on", "id"], name="case_by_due",
                         condition=models.Q(stage__in=[s.value for s in sorted(OPEN_STAGES)])),
            models.Index(fields=["compartment", "-referred_on", "-id"], name="case_by_referral"),
        ]
        constraints = [
            models.CheckConstraint(
                name="exit_and_reason_together",
                condition=models.Q(stage=Stage.EXITED.value) & ~models.Q(exit_reason="")
                | ~models.Q(stage=Stage.EXITED.value) & models.Q(exit_reason=""),
            ),
        ]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        return visible_cases(rows, viewer)

    @property
    def is_open(self) -> bool:
        return Stage(self.stage) in OPEN_STAGES

    def __str__(self) -> str:
        return f"Case {self.pk}"


class OfACase(WalledModel):
    """A record that belongs to a case and is seen by whoever sees the case."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="%(class)ss")

    BASE_LABELS = {**WalledModel.BASE_LABELS, "case": Label.ID}
    SIDE = Side.PROGRAMME

    class Meta:
        abstract = True

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        return visible_cases(rows, viewer, "case__")


class OfTheWork(OfACase):
    """A record of the programme's own work with a case: not for the agency that referred it."""

    class Meta:
        abstract = True

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        if viewer.role is Role.REFERRER:
            return rows.none()
        return super().visible_rows(rows, viewer)


class StageMove(OfACase):
    """One move of a case, never changed afterwards.

    A wrong one stays, and another one `corrects` it. `until` is the day on which a case that
    waits is looked at again; `to_whom` the agency that a client was transferred or returned to.
    """

    APP_MAY = ("SELECT", "INSERT")
    LABELS = {"came_from": Label.CODE, "went_to": Label.CODE, "moved_on": Label.DATE,
              "recorded_at": Label.DATE, "worker": Label.ID, "kind": Label.CODE,
              "reason": Label.CODE, "until": Label.DATE, "to_whom": Label.TEXT,
              "note": Label.TEXT, "corrects": Label.ID}

    came_from = models.CharField(max_length=30, blank=True)
    went_to = models.CharField(max_length=30)
    moved_on = models.DateField()
    recorded_at = models.DateTimeField()
    worker = models.UUIDField()
    kind = models.CharField(max_length=20, choices=choices(MoveKind), default=MoveKind.MOVE)
    reason = models.CharField(max_length=30, blank=True)
    until = models.DateField(null=True)
    to_whom = EncryptedTextField(null=True)
    note = EncryptedTextField(null=True)
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, null=True,
                                    related_name="corrected_by")


class ContactAttempt(OfTheWork):
    """One attempt to reach the client, kept as proof of effort."""

    APP_MAY = ("SELECT", "INSERT")
    LABELS = {"tried_at": Label.DATE, "route": Label.CODE, "outcome": Label.CODE,
              "worker": Label.ID, "note": Label.TEXT}

    tried_at = models.DateTimeField()
    route = models.CharField(max_length=20, choices=choices(Route))
    outcome = models.CharField(max_length=20, choices=choices(Outcome))
    worker = models.UUIDField()
    note = EncryptedTextField(null=True)


class Assessment(OfTheWork):
    """An assessment: booked, held, decided.

    A decision that was wrong stays: another row `replaces` it, with the next `version`.
    `reasons` are codes of `UnsuitableReason`, separated by spaces; `check_version` says on which
    eligibility check the decision rests.
    """

    LABELS = {"booked_for": Label.DATE, "held_on": Label.DATE, "decision": Label.CODE,
              "decided_on": Label.DATE, "reasons": Label.CODE, "conditions": Label.TEXT,
              "review_on": Label.DATE, "passed_to": Label.TEXT, "check_version": Label.CODE,
              "replaces": Label.ID, "version": Label.CODE, "worker": Label.ID,
              "note": Label.TEXT}

    booked_for = models.DateTimeField()
    held_on = models.DateField(null=True)
    decision = models.CharField(max_length=30, choices=choices(Suitability), blank=True)
    decided_on = models.DateField(null=True)
    reasons = models.CharField(max_length=400, blank=True)
    conditions = EncryptedTextField(null=True)
    review_on = models.DateField(null=True)
    passed_to = EncryptedTextField(null=True)
    check_version = models.IntegerField(null=True)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True,
                                    related_name="replaced_by")
    version = models.IntegerField(default=1)
    worker = models.UUIDField()
    note = EncryptedTextField(null=True)


class DeclaredPartner(OfTheWork):
    """A partner whom the client, or his or her referrer, named. A statement, never matched here."""

    LABELS = {"name": Label.PERSONAL, "relation": Label.CODE, "contact_details": Label.PERSONAL,
              "stated_by": Label.CODE, "stated_on": Label.DATE, "version": Label.CODE}

    name = EncryptedTextField(null=True)
    relation = models.CharField(max_length=20, default="unknown")
    contact_details = EncryptedTextField(null=True)
    stated_by = models.CharField(max_length=20)
    stated_on = models.DateField()
    version = models.IntegerField(default=1)


class Task(OfTheWork):
    """Something that a person must decide on, with the day by which."""

    LABELS = {"kind": Label.CODE, "due_on": Label.DATE, "done_on": Label.DATE,
              "done_by": Label.ID}

    kind = models.CharField(max_length=40)
    due_on = models.DateField()
    done_on = models.DateField(null=True)
    done_by = models.UUIDField(null=True)


class Statement(OfTheWork):
    """What an approved disclosure said, as it arrived: purpose, text, the day. No way back."""

    LABELS = {"purpose": Label.CODE, "text": Label.TEXT, "arrived_on": Label.DATE,
              "recalled_on": Label.DATE}

    purpose = models.CharField(max_length=40)
    text = EncryptedTextField()
    arrived_on = models.DateField()
    recalled_on = models.DateField(null=True)
