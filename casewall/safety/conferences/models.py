"""What is stored of MARAC and MATAC. Never shared with a client: nothing here is in any flow."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from casewall.safety.conferences import tasking
from casewall.safety.conferences.rules import (
    Answer,
    Consent,
    FlagEnd,
    Ground,
    Heard,
    State,
    YesNo,
)
from casewall.safety.conferences.words import REFERRED_BY, worded
from casewall.safety.meetings.models import WORKERS, ToDo, dates_of_all
from casewall.safety.partners.models import OfAFile, PartnerFile
from casewall.safety.visibility import EVERYTHING, own_files
from casewall.vault.fields import EncryptedTextField
from casewall.wall.labels import Label
from casewall.wall.models import WalledModel
from casewall.wall.sides import Role, Side, Viewer


class Conference(WalledModel):
    """One day of a MARAC of a service, on which cases are heard. It says nothing about anybody."""

    SIDE = Side.SAFETY
    LABELS = {
        "service": Label.CODE, "held_at": Label.DATE, "place": Label.CONFIGURATION,
        "worker": Label.ID, "version": Label.CODE,
    }  # fmt: skip

    service = models.CharField(max_length=60)
    held_at = models.DateTimeField()
    place = models.CharField(max_length=120, blank=True)
    worker = models.UUIDField()
    version = models.IntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["compartment", "-held_at", "-id"], name="marac_by_day")]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        rows = dates_of_all(rows, viewer)
        return rows.none() if viewer.role is Role.CHILDRENS_WORKER else rows


class ConferenceReferral(OfAFile):
    """A referral of a partner to a MARAC: why, with whose consent, and the form as it was sent.

    `criteria` are codes with commas between them, as the rule found them when it was kept.
    `answers` is the form: a JSON object from the question's key to its text. `high_risk` and the
    facts about the person are None or empty where nobody has recorded them.
    """

    LABELS = {
        "state": Label.CODE, "criteria": Label.CODE, "ticks": Label.CODE,
        "judgement": Label.TEXT, "honour": Label.CODE, "referred_by": Label.CODE,
        "consent": Label.CODE, "consent_on": Label.DATE, "ground": Label.CODE,
        "ground_reason": Label.TEXT, "answers": Label.TEXT, "children": Label.CODE,
        "high_risk": Label.CODE, "sex": Label.CODE, "lgbt": Label.CODE, "minority": Label.CODE,
        "disabled": Label.CODE, "sent_to": Label.TEXT, "sent_at": Label.DATE,
        "sent_by": Label.ID, "withdrawn_on": Label.DATE, "withdrawn_because": Label.TEXT,
        "begun_on": Label.DATE, "worker": Label.ID, "version": Label.CODE,
    }  # fmt: skip

    state = models.CharField(max_length=10, choices=worded(State), default=State.DRAFT)
    criteria = models.CharField(max_length=80, blank=True)
    ticks = models.IntegerField(null=True)
    judgement = EncryptedTextField(null=True)
    honour = models.BooleanField(null=True)
    referred_by = models.CharField(
        max_length=20, choices=list(REFERRED_BY.items()), default="partner_support"
    )
    consent = models.CharField(max_length=20, choices=worded(Consent), default=Consent.NOT_ASKED)
    consent_on = models.DateField(null=True)
    ground = models.CharField(max_length=20, choices=worded(Ground), blank=True)
    ground_reason = EncryptedTextField(null=True)
    answers = EncryptedTextField()
    children = models.IntegerField(null=True)
    high_risk = models.BooleanField(null=True)
    sex = models.CharField(max_length=10, blank=True)
    lgbt = models.CharField(max_length=15, choices=worded(YesNo), blank=True)
    minority = models.CharField(max_length=15, choices=worded(YesNo), blank=True)
    disabled = models.CharField(max_length=15, choices=worded(YesNo), blank=True)
    sent_to = EncryptedTextField(null=True)
    sent_at = models.DateTimeField(null=True)
    sent_by = models.UUIDField(null=True)
    withdrawn_on = models.DateField(null=True)
    withdrawn_because = EncryptedTextField(null=True)
    begun_on = models.DateField()
    worker = models.UUIDField()
    version = models.IntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["compartment", "state", "begun_on", "id"], name="marac_referral")
        ]


class Hearing(OfAFile):
    """A case on the list of a conference, what came of it, and the flag that it then carries.

    `repeat` says whether the case was heard within the local months before, with new violence
    since. `heard_on` is set only where the case was heard.
    """

    LABELS = {
        "conference": Label.ID, "referral": Label.ID, "heard": Label.CODE,
        "heard_on": Label.DATE, "repeat": Label.CODE, "summary": Label.TEXT,
        "flag_until": Label.DATE, "flag_ended_on": Label.DATE, "flag_ended": Label.CODE,
        "worker": Label.ID, "version": Label.CODE,
    }  # fmt: skip

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="hearings")
    referral = models.ForeignKey(
        ConferenceReferral, on_delete=models.PROTECT, related_name="hearings"
    )
    heard = models.CharField(max_length=12, choices=worded(Heard), default=Heard.LISTED)
    heard_on = models.DateField(null=True)
    repeat = models.BooleanField(default=False)
    summary = EncryptedTextField(null=True)
    flag_until = models.DateField(null=True)
    flag_ended_on = models.DateField(null=True)
    flag_ended = models.CharField(max_length=12, choices=worded(FlagEnd), blank=True)
    worker = models.UUIDField()
    version = models.IntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["compartment", "-heard_on", "id"], name="hearing_by_day"),
            models.Index(
                fields=["compartment", "flag_until", "id"],
                name="flag_by_end",
                condition=Q(flag_until__isnull=False, flag_ended_on=None),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["conference", "referral"], name="listed_once_a_day"),
            models.UniqueConstraint(
                fields=["referral"],
                condition=Q(heard__in=[Heard.LISTED, Heard.ACTIONS, Heard.NO_ACTIONS]),
                name="referral_heard_once",
            ),
        ]

    @property
    def is_flagged(self) -> bool:
        return self.flag_until is not None and self.flag_ended_on is None


class Research(OfAFile):
    """What one agency was asked about a listed case, and what it answered."""

    LABELS = {
        "hearing": Label.ID, "agency": Label.TEXT, "asked_on": Label.DATE, "due_on": Label.DATE,
        "answer": Label.CODE, "answered_on": Label.DATE, "text": Label.TEXT, "worker": Label.ID,
        "version": Label.CODE,
    }  # fmt: skip

    hearing = models.ForeignKey(Hearing, on_delete=models.PROTECT, related_name="research")
    agency = EncryptedTextField()
    asked_on = models.DateField()
    due_on = models.DateField()
    answer = models.CharField(max_length=10, choices=worded(Answer), default=Answer.ASKED)
    answered_on = models.DateField(null=True)
    text = EncryptedTextField(null=True)
    worker = models.UUIDField()
    version = models.IntegerField(default=1)


class ConferenceAction(OfAFile, ToDo):
    """What an agency, or a worker of this side, is to do after a hearing."""

    LABELS = {"hearing": Label.ID, **ToDo.TO_DO}

    hearing = models.ForeignKey(Hearing, on_delete=models.PROTECT, related_name="actions")

    class Meta:
        indexes = [
            models.Index(
                fields=["compartment", "due_on", "id"],
                name="marac_action_due",
                condition=Q(done_on=None),
            )
        ]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        """Those of seen files, and a worker's own wherever they belong."""
        if viewer.side is not Side.SAFETY:
            return rows.none()
        if viewer.role not in WORKERS:
            return own_files(rows, viewer, "file__")
        # As a subquery: two filters over the file would join it twice.
        seen = PartnerFile.objects.visible_to(viewer).values("id")
        return rows.filter(
            Q(owner=viewer.worker) | Q(file_id__in=seen), compartment__in=viewer.compartments
        )


class Nomination(WalledModel):
    """A client who is nominated for a tasking meeting, and how that went.

    Several partners may have suffered from one client: partner support sees only what it
    nominated itself, so that no file's worker reads of another partner.
    """

    SIDE = Side.SAFETY
    LABELS = {
        "case_id": Label.ID, "service": Label.CODE, "state": Label.CODE,
        "nominated_on": Label.DATE, "nominated_by": Label.TEXT, "reason": Label.TEXT,
        "profile": Label.TEXT, "decided_on": Label.DATE, "decided_because": Label.TEXT,
        "review_on": Label.DATE, "discharge": Label.CODE, "discharged_on": Label.DATE,
        "discharge_note": Label.TEXT, "worker": Label.ID, "version": Label.CODE,
    }  # fmt: skip

    case_id = models.UUIDField()
    service = models.CharField(max_length=60)
    state = models.CharField(
        max_length=15, choices=worded(tasking.State), default=tasking.State.NOMINATED
    )
    nominated_on = models.DateField()
    nominated_by = EncryptedTextField()
    reason = EncryptedTextField()
    profile = EncryptedTextField(null=True)
    decided_on = models.DateField(null=True)
    decided_because = EncryptedTextField(null=True)
    review_on = models.DateField(null=True)
    discharge = models.CharField(max_length=20, choices=worded(tasking.Discharge), blank=True)
    discharged_on = models.DateField(null=True)
    discharge_note = EncryptedTextField(null=True)
    worker = models.UUIDField()
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case_id"],
                condition=Q(state__in=[tasking.State.NOMINATED, tasking.State.ACCEPTED]),
                name="one_open_nomination",
            )
        ]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        return own_nominations(rows, viewer, "")


def own_nominations(rows: Any, viewer: Viewer, path: str) -> Any:
    """Rows of nominations (reached by `path`): all for coordination, own ones for a worker."""
    if viewer.side is not Side.SAFETY:
        return rows.none()
    rows = rows.filter(compartment__in=viewer.compartments)
    if viewer.role in EVERYTHING:
        return rows
    if viewer.role is Role.PARTNER_WORKER:
        return rows.filter(**{f"{path}worker": viewer.worker})
    return rows.none()


class OfANomination(WalledModel):
    """A record of a nomination, seen by whoever sees the nomination."""

    SIDE = Side.SAFETY
    BASE_LABELS: ClassVar[dict[str, Label]] = {**WalledModel.BASE_LABELS, "nomination": Label.ID}

    nomination = models.ForeignKey(
        Nomination, on_delete=models.PROTECT, related_name="%(class)ss"
    )

    class Meta:
        abstract = True

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        return own_nominations(rows, viewer, "nomination__")


class HarmScore(OfANomination):
    """One score of a nomination, never changed: the facts, the points and the table's version."""

    APP_MAY = ("SELECT", "INSERT")
    LABELS = {
        "scored_on": Label.DATE, "last_on": Label.DATE, "incidents": Label.CODE,
        "gravest": Label.CODE, "victims": Label.CODE, "recency_points": Label.CODE,
        "frequency_points": Label.CODE, "gravity_points": Label.CODE,
        "victims_points": Label.CODE, "total": Label.CODE, "scores_version": Label.CODE,
        "scored_at": Label.DATE, "worker": Label.ID,
    }  # fmt: skip

    scored_on = models.DateField()
    last_on = models.DateField(null=True)
    incidents = models.IntegerField()
    gravest = models.IntegerField()
    victims = models.IntegerField()
    recency_points = models.IntegerField()
    frequency_points = models.IntegerField()
    gravity_points = models.IntegerField()
    victims_points = models.IntegerField()
    total = models.IntegerField()
    scores_version = models.CharField(max_length=40)
    scored_at = models.DateTimeField()
    worker = models.UUIDField()


class TacticUse(OfANomination):
    """A tactic that is used against harm by one client, from a day to a day."""

    LABELS = {
        "tactic": Label.CODE, "from_on": Label.DATE, "ended_on": Label.DATE, "note": Label.TEXT,
        "worker": Label.ID, "version": Label.CODE,
    }  # fmt: skip

    tactic = models.CharField(max_length=15, choices=worded(tasking.Tactic))
    from_on = models.DateField()
    ended_on = models.DateField(null=True)
    note = EncryptedTextField()
    worker = models.UUIDField()
    version = models.IntegerField(default=1)


class TaskingReview(OfANomination):
    """A four-weekly look at a nomination. Every one stays."""

    APP_MAY = ("SELECT", "INSERT")
    LABELS = {
        "reviewed_on": Label.DATE, "note": Label.TEXT, "next_on": Label.DATE, "worker": Label.ID,
    }  # fmt: skip

    reviewed_on = models.DateField()
    note = EncryptedTextField()
    next_on = models.DateField()
    worker = models.UUIDField()


class TaskingAction(OfANomination, ToDo):
    """What an agency, or a worker of this side, is to do about a nominated client."""

    LABELS = {**ToDo.TO_DO}
