from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "casewall.safety.partners"
    label = "safety_partners"
