"""What is known of the risk that a client poses: evidence by source, judgement, version and sign-off."""

from django.apps import AppConfig


class RiskConfig(AppConfig):
    name = "casewall.programme.risk"
    label = "programme_risk"
