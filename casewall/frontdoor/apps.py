from django.apps import AppConfig


class FrontDoorConfig(AppConfig):
    name = "casewall.frontdoor"
    label = "frontdoor"
