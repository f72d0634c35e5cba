"""Who is kept away from a file of this side, who opened one out of turn, and who looked."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "casewall.programme.access"
    label = "programme_access"
