from django.apps import AppConfig


class PulledConfig(AppConfig):
    name = "casewall.safety.pulled"
    label = "safety_pulled"
