from django.apps import AppConfig


class CurriculumConfig(AppConfig):
    name = "casewall.programme.curriculum"
    label = "programme_curriculum"
