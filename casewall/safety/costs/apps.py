from django.apps import AppConfig


class CostsConfig(AppConfig):
    name = "casewall.safety.costs"
    label = "safety_costs"
