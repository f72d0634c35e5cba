from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "casewall.programme.cases"
    label = "programme_cases"
