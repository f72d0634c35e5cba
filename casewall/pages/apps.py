from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "casewall.pages"
    label = "pages"
