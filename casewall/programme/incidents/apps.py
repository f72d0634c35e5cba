from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "casewall.programme.incidents"
    label = "programme_incidents"
