from django.apps import AppConfig


class CoordinationConfig(AppConfig):
    name = "casewall.safety.coordination"
    label = "safety_coordination"
