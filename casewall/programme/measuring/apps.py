from django.apps import AppConfig


class MeasuringConfig(AppConfig):
    name = "casewall.programme.measuring"
    label = "programme_measuring"
