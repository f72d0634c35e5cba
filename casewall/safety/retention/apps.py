"""How long this side's files are kept, what holds them, and what was deleted."""

from django.apps import AppConfig


class RetentionConfig(AppConfig):
    name = "casewall.safety.retention"
    label = "safety_retention"
