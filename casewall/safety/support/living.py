"""What is kept of a partner's circumstances. They stay on this side, and meet the client's in no
table."""

from __future__ import annotations

from django.db import models

from casewall.safety.partners.models import OfAFile
from casewall.services.circumstance_rules import AGE_WORDS, EMPLOYMENT_WORDS
from casewall.wall.labels import Label


class PartnerCircumstances(OfAFile):
    """Where a partner lives and works, as of a day. The first one is that of the intake.

    `area` is one of the service's; `months` is how long the violence had lasted; the age band is
    that of the referral. An empty text, or no number, was not spoken of.
    """

    APP_MAY = ("SELECT", "INSERT")
    LABELS = {
        "area": Label.CODE,
        "employment": Label.CODE,
        "months": Label.CODE,
        "age_band": Label.CODE,
        "stated_on": Label.DATE,
        "recorded_at": Label.DATE,
        "worker": Label.ID,
    }

    area = models.CharField(max_length=60, blank=True)
    employment = models.CharField(
        max_length=20, choices=list(EMPLOYMENT_WORDS.items()), blank=True
    )
    months = models.IntegerField(null=True)
    age_band = models.CharField(max_length=10, choices=list(AGE_WORDS.items()), blank=True)
    stated_on = models.DateField()
    recorded_at = models.DateTimeField()
    worker = models.UUIDField()
