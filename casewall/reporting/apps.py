from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "casewall.reporting"
    label = "reporting"
