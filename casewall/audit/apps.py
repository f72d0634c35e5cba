from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "casewall.audit"
    label = "audit"
