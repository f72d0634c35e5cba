"""The work with a child: consent, goals, groups and sessions. It is the child's own room."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from casewall.safety.children.models.family import ChildAdult, ChildSupport
from casewall.safety.children.rules import Came, Consent, ConsentBy, GoalState, Work
from casewall.safety.partners.models import choices
from casewall.safety.visibility import EVERYTHING
from casewall.vault.fields import EncryptedTextField
from casewall.wall.labels import Label
from casewall.wall.models import WalledModel
from casewall.wall.sides import Role, Side, Viewer


class OfSupport(WalledModel):
    """A record of the work with a child. It is the child's own room: a partner's worker sees that
    there is work, not what is said in it."""

    SIDE = Side.SAFETY
    BASE_LABELS = {**WalledModel.BASE_LABELS, "support": Label.ID}

    support = models.ForeignKey(ChildSupport, on_delete=models.PROTECT, related_name="%(class)ss")

    class Meta:
        abstract = True

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        if viewer.role is Role.PARTNER_WORKER:
            return rows.none()
        return rows.filter(support_id__in=ChildSupport.objects.visible_to(viewer).values("id"))


class ChildConsent(OfSupport):
    """What somebody said who may consent to the work; everything that was said stays."""

    APP_MAY = ("SELECT", "INSERT")
    LABELS = {
        "by": Label.CODE,
        "adult": Label.ID,
        "authority": Label.TEXT,
        "said": Label.CODE,
        "said_on": Label.DATE,
        "recorded_at": Label.DATE,
        "worker": Label.ID,
    }

    by = models.CharField(max_length=20, choices=choices(ConsentBy))
    adult = models.ForeignKey(
        ChildAdult, null=True, on_delete=models.PROTECT, related_name="consents"
    )
    authority = EncryptedTextField(null=True)
    said = models.CharField(max_length=20, choices=choices(Consent))
    said_on = models.DateField()
    recorded_at = models.DateTimeField()
    worker = models.UUIDField()


class ChildGoal(OfSupport):
    """What a child, or a young adult, wants from the work, in own words."""

    LABELS = {
        "goal": Label.TEXT,
        "set_on": Label.DATE,
        "state": Label.CODE,
        "state_on": Label.DATE,
        "worker": Label.ID,
        "version": Label.CODE,
    }

    goal = EncryptedTextField()
    set_on = models.DateField()
    state = models.CharField(max_length=10, choices=choices(GoalState), default=GoalState.OPEN)
    state_on = models.DateField(null=True)
    worker = models.UUIDField()
    version = models.IntegerField(default=1)


class ChildGroup(WalledModel):
    """A group of children or young adults. Its name says nothing about anybody."""

    SIDE = Side.SAFETY
    LABELS = {
        "name": Label.CONFIGURATION,
        "service": Label.CODE,
        "begins_on": Label.DATE,
        "ended_on": Label.DATE,
        "worker": Label.ID,
    }

    name = models.CharField(max_length=80)
    service = models.CharField(max_length=60)
    begins_on = models.DateField()
    ended_on = models.DateField(null=True)
    worker = models.UUIDField()

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        if viewer.side is not Side.SAFETY:
            return rows.none()
        rows = rows.filter(compartment__in=viewer.compartments)
        if viewer.role in EVERYTHING:
            return rows
        if viewer.role is Role.CHILDRENS_WORKER:
            return rows.filter(worker=viewer.worker)
        return rows.none()


class GroupChild(OfSupport):
    """A child's place in a group, from the first day to the last."""

    LABELS = {"group": Label.ID, "joined_on": Label.DATE, "left_on": Label.DATE}

    group = models.ForeignKey(ChildGroup, on_delete=models.PROTECT, related_name="places")
    joined_on = models.DateField()
    left_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "support"], condition=Q(left_on=None), name="one_place_per_child"
            )
        ]


class ChildSession(WalledModel):
    """One session of one-to-one or group work; who came stands in `ChildAttendance`."""

    SIDE = Side.SAFETY
    LABELS = {
        "kind": Label.CODE,
        "group": Label.ID,
        "held_on": Label.DATE,
        "minutes": Label.CODE,
        "note": Label.TEXT,
        "worker": Label.ID,
    }
    APP_MAY = ("SELECT", "INSERT")

    kind = models.CharField(max_length=20, choices=choices(Work))
    group = models.ForeignKey(
        ChildGroup, null=True, on_delete=models.PROTECT, related_name="sessions"
    )
    held_on = models.DateField()
    minutes = models.IntegerField()
    note = EncryptedTextField(null=True)
    worker = models.UUIDField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="group", group__isnull=False) | Q(kind="one_to_one", group=None),
                name="child_session_of_one_kind",
            )
        ]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        if viewer.side is not Side.SAFETY:
            return rows.none()
        rows = rows.filter(compartment__in=viewer.compartments)
        if viewer.role in EVERYTHING:
            return rows
        # A colleague who takes a child over sees one-to-one work; a group's note is about others.
        own = ChildAttendance.objects.visible_to(viewer).values("session_id")
        return rows.filter(Q(worker=viewer.worker) | Q(group=None, id__in=own))


class ChildAttendance(OfSupport):
    """Whether one child came to one session."""

    APP_MAY = ("SELECT", "INSERT")
    LABELS = {"session": Label.ID, "came": Label.CODE}

    session = models.ForeignKey(ChildSession, on_delete=models.PROTECT, related_name="attendances")
    came = models.CharField(max_length=20, choices=choices(Came))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "support"], name="one_mark_per_child")
        ]
