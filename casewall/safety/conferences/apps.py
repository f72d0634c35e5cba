"""MARAC and MATAC: criteria, referral, research, meeting list, actions and flag."""

from django.apps import AppConfig


class ConferencesConfig(AppConfig):
    name = "casewall.safety.conferences"
    label = "safety_conferences"
