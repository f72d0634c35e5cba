from django.apps import AppConfig


class NeedsConfig(AppConfig):
    name = "casewall.programme.needs"
    label = "programme_needs"

    def ready(self) -> None:
        from casewall.programme.cases.parts import Part, add_part, add_today
        from casewall.programme.needs.reading import family_part, needs_head, needs_part, today_asks

        add_part(Part("needs", "Needs", 30, needs_part, head=needs_head))
        add_part(Part("family", "Family, as stated", 40, family_part))
        add_today("needs", today_asks)
