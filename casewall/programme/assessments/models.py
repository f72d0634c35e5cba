"""Eligibility checks: what was asked about a client, what was answered, by whom, and when."""

from __future__ import annotations

from django.db import models

from casewall.programme.assessments.rules import Answer
from casewall.programme.cases.models import OfTheWork, choices
from casewall.vault.fields import EncryptedTextField
from casewall.wall.labels import Label


class EligibilityCheck(OfTheWork):
    """One going through the eligibility rules of a service. A later one is the next `version`.

    `rules` names the set of rules and its version, so that an old check is read as it was asked.
    """

    APP_MAY = ("SELECT", "INSERT")
    LABELS = {
        "version": Label.CODE,
        "rules": Label.CODE,
        "checked_on": Label.DATE,
        "recorded_at": Label.DATE,
        "worker": Label.ID,
        "note": Label.TEXT,
    }

    version = models.IntegerField()
    rules = models.CharField(max_length=80)
    checked_on = models.DateField()
    recorded_at = models.DateTimeField()
    worker = models.UUIDField()
    note = EncryptedTextField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "version"], name="one_check_version")
        ]


class EligibilityAnswer(OfTheWork):
    """The answer to one rule in one check. *Not known* is never *no*."""

    APP_MAY = ("SELECT", "INSERT")
    LABELS = {
        "check_made": Label.ID,
        "rule": Label.CODE,
        "answer": Label.CODE,
    }

    check_made = models.ForeignKey(
        EligibilityCheck, on_delete=models.CASCADE, related_name="answers"
    )
    rule = models.CharField(max_length=60)
    answer = models.CharField(max_length=10, choices=choices(Answer))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["check_made", "rule"], name="one_answer_each_rule")
        ]
