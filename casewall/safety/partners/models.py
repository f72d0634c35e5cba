"""What is stored about partners. None of it is ever readable on the programme side."""

from __future__ import annotations

from typing import Any

from django.db import models

from casewall.measures.schedule import WAVE_CHOICES
from casewall.safety.partners.rules import (
    Channel,
    Contact,
    Days,
    Learned,
    NotAnswered,
    Outcome,
    Purpose,
    Relation,
    SafeFor,
    Told,
)
from casewall.safety.visibility import in_compartments, own_files
from casewall.vault.fields import EncryptedTextField
from casewall.wall.labels import Label
from casewall.wall.models import WalledModel
from casewall.wall.sides import Side, Viewer


def choices(enum: Any) -> list[tuple[str, str]]:
    """The members of a string enum as field choices, in words."""
    return [(member.value, member.value.replace("_", " ").capitalize()) for member in enum]


class Partner(WalledModel):
    """A current or former partner of somebody who has used violence."""

    SIDE = Side.SAFETY
    LABELS = {
        "given_name": Label.PERSONAL,
        "family_name": Label.PERSONAL,
        "born_on": Label.PERSONAL,
        "sex": Label.CODE,
        "phone": Label.PERSONAL,
        "email": Label.PERSONAL,
        "address": Label.PERSONAL,
        "language": Label.CODE,
        "version": Label.CODE,
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
        files = PartnerFile.objects.visible_to(viewer).values("partner_id")
        return rows.filter(id__in=files)

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    def __str__(self) -> str:
        return f"Partner {self.pk}"


class PartnerToken(WalledModel):
    """Blind index entries under which a partner is found."""

    SIDE = Side.SAFETY
    LABELS = {"partner": Label.ID, "token": Label.TOKEN, "kind": Label.CODE}
    APP_MAY = ("SELECT", "INSERT", "DELETE")

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE)
    token = models.UUIDField()
    kind = models.CharField(max_length=10)

    class Meta:
        indexes = [models.Index(fields=["compartment", "token"], name="partner_by_token")]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        return rows.filter(compartment__in=viewer.compartments)


class PartnerFile(WalledModel):
    """One partner's support in one service. It needs no client, and no client closes it.

    `contact_by` is the day by which somebody must have tried, by the clock of the service; None
    while the service's trigger has not come.
    """

    SIDE = Side.SAFETY
    LABELS = {
        "partner": Label.ID,
        "service": Label.CODE,
        "route": Label.CODE,
        "learned": Label.CODE,
        "referred_on": Label.DATE,
        "contact": Label.CODE,
        "contact_by": Label.DATE,
        "worker": Label.ID,
        "next_action": Label.CODE,
        "next_action_on": Label.DATE,
        "last_contact_on": Label.DATE,
        "support_until": Label.DATE,
        "closed_on": Label.DATE,
        "reopened_on": Label.DATE,
        "withdrawn_on": Label.DATE,
        "relation": Label.CODE,
        "note": Label.TEXT,
        "version": Label.CODE,
    }

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="files")
    service = models.CharField(max_length=60)
    route = models.CharField(max_length=30)
    learned = models.CharField(max_length=20, choices=choices(Learned), blank=True)
    referred_on = models.DateField()
    relation = models.CharField(max_length=20, default="unknown")
    contact = models.CharField(max_length=20, choices=choices(Contact), default=Contact.NOT_TRIED)
    contact_by = models.DateField(null=True)
    worker = models.UUIDField(null=True)
    next_action = models.CharField(max_length=30, blank=True)
    next_action_on = models.DateField(null=True)
    last_contact_on = models.DateField(null=True)
    support_until = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    reopened_on = models.DateField(null=True)
    withdrawn_on = models.DateField(null=True)
    note = EncryptedTextField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(
                fields=["compartment", "next_action_on", "id"],
                name="file_by_due",
                condition=models.Q(closed_on=None, withdrawn_on=None),
            ),
            models.Index(fields=["compartment", "-referred_on", "-id"], name="file_by_referral"),
        ]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        return own_files(rows, viewer)

    @property
    def is_open(self) -> bool:
        return self.closed_on is None and self.withdrawn_on is None

    def __str__(self) -> str:
        return f"Partner file {self.pk}"


class OfAFile(WalledModel):
    """A record of a partner's file, seen by whoever sees the file."""

    SIDE = Side.SAFETY
    BASE_LABELS = {**WalledModel.BASE_LABELS, "file": Label.ID}

    file = models.ForeignKey(PartnerFile, on_delete=models.PROTECT, related_name="%(class)ss")

    class Meta:
        abstract = True

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        return own_files(rows, viewer, "file__")


class PartnerContact(OfAFile):
    """One attempt to reach a partner: proof of effort, also where nobody is ever reached."""

    APP_MAY = ("SELECT", "INSERT")
    LABELS = {
        "tried_at": Label.DATE,
        "channel": Label.CODE,
        "outcome": Label.CODE,
        "confirmed_safe": Label.CODE,
        "still_safe": Label.CODE,
        "worker": Label.ID,
        "note": Label.TEXT,
    }

    tried_at = models.DateTimeField()
    channel = models.CharField(max_length=20, choices=choices(Channel))
    outcome = models.CharField(max_length=20, choices=choices(Outcome))
    confirmed_safe = models.BooleanField(
        null=True, help_text="Whether the channel was confirmed safe when it was used."
    )
    still_safe = models.BooleanField(null=True)
    worker = models.UUIDField()
    note = EncryptedTextField(null=True)


class ThingTold(OfAFile):
    """One thing that a partner was told, on a day, by a worker. Told again is another row.

    `list_version` is that of the list of things to tell; `contact` the attempt it was told in.
    """

    APP_MAY = ("SELECT", "INSERT")
    LABELS = {
        "item": Label.CODE,
        "told_on": Label.DATE,
        "list_version": Label.CODE,
        "contact": Label.ID,
        "worker": Label.ID,
    }

    item = models.CharField(max_length=30, choices=choices(Told))
    told_on = models.DateField()
    list_version = models.IntegerField()
    contact = models.ForeignKey(
        PartnerContact, null=True, on_delete=models.PROTECT, related_name="things_told"
    )
    worker = models.UUIDField()


class SafeContact(OfAFile):
    """How one channel may be used. Nothing is safe until somebody has confirmed it."""

    LABELS = {
        "channel": Label.CODE,
        "is_safe": Label.CODE,
        "safe_for": Label.CODE,
        "days": Label.CODE,
        "from_time": Label.CODE,
        "to_time": Label.CODE,
        "voicemail": Label.CODE,
        "calendar": Label.CODE,
        "call_as": Label.TEXT,
        "code_word": Label.TEXT,
        "note": Label.TEXT,
        "confirmed_on": Label.DATE,
        "review_on": Label.DATE,
        "worker": Label.ID,
        "version": Label.CODE,
    }

    channel = models.CharField(max_length=20, choices=choices(Channel))
    is_safe = models.BooleanField(default=False)
    safe_for = models.CharField(
        max_length=20, choices=choices(SafeFor), default=SafeFor.PARTNER_ONLY
    )
    days = models.CharField(max_length=20, choices=choices(Days), default=Days.EVERY_DAY)
    from_time = models.TimeField(null=True)
    to_time = models.TimeField(null=True)
    voicemail = models.BooleanField(default=False)
    calendar = models.BooleanField(default=False)
    call_as = EncryptedTextField(null=True)
    code_word = EncryptedTextField(null=True)
    note = EncryptedTextField(null=True)
    confirmed_on = models.DateField(null=True)
    review_on = models.DateField(null=True)
    worker = models.UUIDField()
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "channel"], name="one_plan_per_channel")
        ]


class Reveal(OfAFile):
    """That somebody looked at a partner's contact details, and for what purpose."""

    APP_MAY = ("SELECT", "INSERT")
    LABELS = {"looked_at": Label.DATE, "purpose": Label.CODE, "worker": Label.ID}

    looked_at = models.DateTimeField()
    purpose = models.CharField(max_length=30, choices=choices(Purpose))
    worker = models.UUIDField()


class ScaleAnswer(OfAFile):
    """One measure at one time point, as answered, or why there is no answer.

    Raw answers stay; score, parts and band are derived from them by `scorer_version`. `coded`
    holds the codes of those answers that figures count one by one.
    """

    LABELS = {
        "measure": Label.CODE,
        "measure_version": Label.CODE,
        "wave": Label.CODE,
        "due_on": Label.DATE,
        "answered_on": Label.DATE,
        "answers": Label.TEXT,
        "score": Label.CODE,
        "parts": Label.CODE,
        "coded": Label.CODE,
        "band": Label.CODE,
        "answered_items": Label.CODE,
        "items": Label.CODE,
        "scorer_version": Label.CODE,
        "mode": Label.CODE,
        "language": Label.CODE,
        "recall": Label.CODE,
        "present": Label.CODE,
        "not_answered": Label.CODE,
        "worker": Label.ID,
        "version": Label.CODE,
    }

    measure = models.CharField(max_length=40)
    measure_version = models.CharField(max_length=20)
    wave = models.CharField(max_length=20, choices=WAVE_CHOICES)
    due_on = models.DateField(null=True)
    answered_on = models.DateField(null=True)
    answers = EncryptedTextField(null=True)
    score = models.FloatField(null=True)
    parts = models.JSONField(default=dict)
    coded = models.JSONField(default=dict)
    band = models.CharField(max_length=40, blank=True)
    answered_items = models.IntegerField(default=0)
    items = models.IntegerField(default=0)
    scorer_version = models.CharField(max_length=20, blank=True)
    mode = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=10, blank=True)
    recall = models.CharField(max_length=200, blank=True)
    present = models.CharField(max_length=30, blank=True)
    not_answered = models.CharField(max_length=30, choices=choices(NotAnswered), blank=True)
    worker = models.UUIDField()
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "measure", "wave"], name="one_answer_each")
        ]


class EarlierScaleAnswer(OfAFile):
    """What stood in an answer before it was corrected, or before a newer scorer; never changed."""

    APP_MAY = ("SELECT", "INSERT")
    LABELS = {
        "answer": Label.ID,
        "why": Label.CODE,
        "answered_on": Label.DATE,
        "answers": Label.TEXT,
        "score": Label.CODE,
        "parts": Label.CODE,
        "band": Label.CODE,
        "measure_version": Label.CODE,
        "scorer_version": Label.CODE,
        "recorded_by": Label.ID,
        "replaced_at": Label.DATE,
        "worker": Label.ID,
    }

    answer = models.ForeignKey(ScaleAnswer, on_delete=models.PROTECT, related_name="earlier")
    why = models.CharField(max_length=20)
    answered_on = models.DateField(null=True)
    answers = EncryptedTextField(null=True)
    score = models.FloatField(null=True)
    parts = models.JSONField(default=dict)
    band = models.CharField(max_length=40, blank=True)
    measure_version = models.CharField(max_length=20)
    scorer_version = models.CharField(max_length=20, blank=True)
    recorded_by = models.UUIDField()
    replaced_at = models.DateTimeField()
    worker = models.UUIDField()


class FileLink(OfAFile):
    """That a partner's file and a client's case belong together. Known only on this side.

    `case_id` is the programme's random identifier; no foreign key crosses the wall. `from_on` and
    `until_on` are the days of the relationship, `linked_on` and `ended_on` those of the link: a
    relationship that is over stays linked while the client may still be dangerous.
    """

    LABELS = {
        "case_id": Label.ID,
        "origin": Label.CODE,
        "relation": Label.CODE,
        "from_on": Label.DATE,
        "until_on": Label.DATE,
        "linked_on": Label.DATE,
        "ended_on": Label.DATE,
        "worker": Label.ID,
        "version": Label.CODE,
    }

    case_id = models.UUIDField()
    origin = models.CharField(max_length=20)
    relation = models.CharField(max_length=20, choices=choices(Relation), default=Relation.UNKNOWN)
    from_on = models.DateField(null=True)
    until_on = models.DateField(null=True)
    linked_on = models.DateField()
    ended_on = models.DateField(null=True)
    worker = models.UUIDField()
    version = models.IntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["compartment", "case_id"], name="link_by_case")]
        constraints = [
            models.UniqueConstraint(
                fields=["file", "case_id"],
                name="one_open_link_each",
                condition=models.Q(ended_on=None),
            )
        ]


class PartnerTask(WalledModel):
    """Something for a worker of this side to do, with its day.

    `due_at` is the moment by which it must be done, where hours matter; `about_on` the day of
    what it is about (a missed session), `as_of` the moment of the pull that brought it, `fact_id`
    the pulled record. A task without a file waits for somebody to open one.
    """

    SIDE = Side.SAFETY
    LABELS = {
        "file": Label.ID,
        "case_id": Label.ID,
        "fact_id": Label.ID,
        "kind": Label.CODE,
        "due_on": Label.DATE,
        "due_at": Label.DATE,
        "about_on": Label.DATE,
        "as_of": Label.DATE,
        "note": Label.TEXT,
        "done_on": Label.DATE,
        "done_by": Label.ID,
    }

    file = models.ForeignKey(PartnerFile, null=True, on_delete=models.PROTECT, related_name="tasks")
    case_id = models.UUIDField(null=True)
    fact_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=40)
    due_on = models.DateField()
    due_at = models.DateTimeField(null=True)
    about_on = models.DateField(null=True)
    as_of = models.DateTimeField(null=True)
    note = EncryptedTextField(null=True)
    done_on = models.DateField(null=True)
    done_by = models.UUIDField(null=True)

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        everything = in_compartments(rows, viewer)
        if viewer.role.value == "partner_worker":
            files = PartnerFile.objects.visible_to(viewer).values("id")
            return rows.filter(compartment__in=viewer.compartments, file_id__in=files)
        return everything
