"""The joint picture of risk of a linked case: level, owner, plan, actions and review."""

from django.apps import AppConfig


class RiskConfig(AppConfig):
    name = "casewall.safety.risk"
    label = "safety_risk"
