"""A client's course through a programme template: breaks, acts on absence, completion."""

from __future__ import annotations

from django.db import models

from casewall.programme.cases.models import OfTheWork, choices
from casewall.programme.courses.rules import (
    ActKind,
    ActState,
    ChangeKind,
    CourseState,
    FollowUpOutcome,
    Met,
    ReviewDecision,
)
from casewall.programme.curriculum.models import TemplateVersion
from casewall.programme.groups.models import Session
from casewall.vault.fields import EncryptedTextField
from casewall.wall.labels import Label


class Course(OfTheWork):
    """One client's way through one version of a programme template.

    A case may have several after one another or beside each other (a programme and a dads' one).
    `counts_from`: attendance before that day belongs to an earlier course on the same programme.
    """

    LABELS = {
        "template": Label.ID,
        "level": Label.CODE,
        "state": Label.CODE,
        "enrolled_on": Label.DATE,
        "counts_from": Label.DATE,
        "began_on": Label.DATE,
        "ends_by": Label.DATE,
        "ended_on": Label.DATE,
        "extra_weeks": Label.CODE,
        "version": Label.CODE,
    }

    template = models.ForeignKey(TemplateVersion, on_delete=models.PROTECT)
    level = models.CharField(max_length=40, blank=True)
    state = models.CharField(
        max_length=20, choices=choices(CourseState), default=CourseState.WAITING
    )
    enrolled_on = models.DateField()
    counts_from = models.DateField(null=True)
    began_on = models.DateField(null=True)
    ends_by = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    extra_weeks = models.IntegerField(default=0)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "template"],
                condition=models.Q(ended_on=None),
                name="one_open_course_each",
            )
        ]


class CourseChange(OfTheWork):
    """A break, an extension or another level: why, who signed it off, never changed afterwards.

    A break that ends early is a change of its own, `resumed`, from the day of coming back.
    """

    APP_MAY = ("SELECT", "INSERT")
    LABELS = {
        "course": Label.ID,
        "kind": Label.CODE,
        "from_on": Label.DATE,
        "until_on": Label.DATE,
        "weeks": Label.CODE,
        "came_from": Label.CODE,
        "went_to": Label.CODE,
        "reason": Label.TEXT,
        "worker": Label.ID,
        "recorded_at": Label.DATE,
    }

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=20, choices=choices(ChangeKind))
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    weeks = models.IntegerField(null=True)
    came_from = models.CharField(max_length=40, blank=True)
    went_to = models.CharField(max_length=40, blank=True)
    reason = EncryptedTextField()
    worker = models.UUIDField()
    recorded_at = models.DateTimeField()


class Act(OfTheWork):
    """What the absence ladder of the template proposes after a register, and what came of it.

    `due_at` lies a fixed interval after the register, the same for every client.
    """

    LABELS = {
        "course": Label.ID,
        "session": Label.ID,
        "step": Label.CODE,
        "kind": Label.CODE,
        "state": Label.CODE,
        "proposed_at": Label.DATE,
        "due_at": Label.DATE,
        "decided_at": Label.DATE,
        "decided_by": Label.ID,
        "done_at": Label.DATE,
        "note": Label.TEXT,
        "version": Label.CODE,
    }

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="acts")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="acts")
    step = models.CharField(max_length=60)
    kind = models.CharField(max_length=30, choices=choices(ActKind))
    state = models.CharField(max_length=20, choices=choices(ActState), default=ActState.PROPOSED)
    proposed_at = models.DateTimeField()
    due_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    done_at = models.DateTimeField(null=True)
    note = EncryptedTextField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["course", "session", "step", "kind"], name="one_act_each"
            )
        ]
        indexes = [
            models.Index(
                fields=["compartment", "due_at", "id"],
                name="open_act_by_due",
                condition=models.Q(state__in=[ActState.ACCEPTED.value, ActState.PROPOSED.value]),
            )
        ]


class CompletionReview(OfTheWork):
    """A review of a course: dose, criteria, evidence, the decision and its sign-off.

    The figures are those of the review; sign-off counts again. `weeks` goes with an extension;
    `exception` is the reason for which somebody completed a course that did not meet everything.
    A review that was returned is not signed, and another can be held.
    """

    LABELS = {
        "course": Label.ID,
        "held_on": Label.DATE,
        "sessions_attended": Label.CODE,
        "minutes_attended": Label.CODE,
        "dose_met": Label.CODE,
        "modules_missing": Label.CODE,
        "decision": Label.CODE,
        "weeks": Label.CODE,
        "evidence": Label.TEXT,
        "exception": Label.TEXT,
        "returned_at": Label.DATE,
        "returned_because": Label.TEXT,
        "worker": Label.ID,
        "signed_by": Label.ID,
        "signed_at": Label.DATE,
        "version": Label.CODE,
    }

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="reviews")
    held_on = models.DateField()
    sessions_attended = models.IntegerField()
    minutes_attended = models.IntegerField()
    dose_met = models.BooleanField()
    modules_missing = models.IntegerField()
    decision = models.CharField(max_length=20, choices=choices(ReviewDecision))
    weeks = models.IntegerField(null=True)
    evidence = EncryptedTextField()
    exception = EncryptedTextField(null=True)
    returned_at = models.DateTimeField(null=True)
    returned_because = EncryptedTextField(null=True)
    worker = models.UUIDField()
    signed_by = models.UUIDField(null=True)
    signed_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["course"],
                condition=models.Q(signed_at=None, returned_at=None),
                name="one_review_waiting",
            )
        ]


class CriterionRating(OfTheWork):
    """How one completion criterion of the template was rated, with the evidence for it."""

    LABELS = {
        "review": Label.ID,
        "criterion": Label.CODE,
        "met": Label.CODE,
        "evidence": Label.TEXT,
    }

    review = models.ForeignKey(CompletionReview, on_delete=models.CASCADE, related_name="ratings")
    criterion = models.CharField(max_length=60)
    met = models.CharField(max_length=20, choices=choices(Met))
    evidence = EncryptedTextField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "criterion"], name="one_rating_each")
        ]


class FollowUp(OfTheWork):
    """A follow-up talk that is due some months after a completed course."""

    LABELS = {
        "course": Label.ID,
        "months": Label.CODE,
        "due_on": Label.DATE,
        "held_on": Label.DATE,
        "outcome": Label.CODE,
        "note": Label.TEXT,
        "worker": Label.ID,
        "version": Label.CODE,
    }

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="follow_ups")
    months = models.IntegerField()
    due_on = models.DateField()
    held_on = models.DateField(null=True)
    outcome = models.CharField(max_length=30, choices=choices(FollowUpOutcome), blank=True)
    note = EncryptedTextField(null=True)
    worker = models.UUIDField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "months"], name="one_follow_up_each")
        ]
