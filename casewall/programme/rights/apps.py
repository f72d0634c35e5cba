"""What clients ask about their own records, complaints, and what went wrong on this side."""

from django.apps import AppConfig


class RightsConfig(AppConfig):
    name = "casewall.programme.rights"
    label = "programme_rights"

    def ready(self) -> None:
        from casewall.programme.cases.parts import Part, add_part, add_today
        from casewall.programme.rights.reading import rights_part, today_items

        add_part(Part("rights", "Rights", 90, rights_part))
        add_today("rights", today_items)
