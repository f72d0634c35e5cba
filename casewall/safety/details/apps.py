from django.apps import AppConfig


class DetailsConfig(AppConfig):
    name = "casewall.safety.details"
    label = "safety_details"

    def ready(self) -> None:
        from casewall.safety.details.reading import details_part, details_today
        from casewall.safety.partners.parts import Part, add_part, add_today

        add_part(Part("details", "Contact details", 80, details_part))
        add_today("details", details_today)
