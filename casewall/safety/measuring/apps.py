from django.apps import AppConfig


class MeasuringConfig(AppConfig):
    name = "casewall.safety.measuring"
    label = "safety_measuring"
