from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "casewall.safety.partners"
    label = "safety_partners"

    def ready(self) -> None:
        from casewall.safety.partners.parts import Part, add_part
        from casewall.safety.partners.sections import attempts_part, told_part

        add_part(Part("attempts", "Attempts to reach", 10, attempts_part))
        add_part(Part("told", "What was told", 20, told_part))
