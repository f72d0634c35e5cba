"""What clients ask about their own records, complaints, and what went wrong on this side."""

from django.apps import AppConfig


class RightsConfig(AppConfig):
    name = "casewall.programme.rights"
    label = "programme_rights"
