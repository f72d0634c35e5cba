from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "casewall.safety.intake"
    label = "safety_intake"
