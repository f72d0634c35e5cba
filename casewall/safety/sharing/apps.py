"""Other agencies, what was shared with them on what ground, and reports of this side."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "casewall.safety.sharing"
    label = "safety_sharing"
