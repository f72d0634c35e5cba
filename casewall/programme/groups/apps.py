from django.apps import AppConfig


class GroupsConfig(AppConfig):
    name = "casewall.programme.groups"
    label = "programme_groups"

    def ready(self) -> None:
        from casewall.programme.cases.parts import Part, add_part
        from casewall.programme.groups.case_pages import places_part

        add_part(Part("places", "Groups", 15, places_part))
