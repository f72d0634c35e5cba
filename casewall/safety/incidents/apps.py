from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "casewall.safety.incidents"
    label = "safety_incidents"
