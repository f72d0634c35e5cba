from django.apps import AppConfig


class GroupsConfig(AppConfig):
    name = "casewall.programme.groups"
    label = "programme_groups"
