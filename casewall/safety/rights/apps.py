"""Requests about people's records, complaints, breaches and near misses."""

from django.apps import AppConfig


class RightsConfig(AppConfig):
    name = "casewall.safety.rights"
    label = "safety_rights"
