"""How long the programme's files are kept, what holds them, and what was deleted."""

from django.apps import AppConfig


class RetentionConfig(AppConfig):
    name = "casewall.programme.retention"
    label = "programme_retention"
