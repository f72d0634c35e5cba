from django.apps import AppConfig


class AskingConfig(AppConfig):
    name = "casewall.safety.asking"
    label = "safety_asking"

    def ready(self) -> None:
        from casewall.safety.asking.arriving import take_answers
        from casewall.safety.asking.reading import asking_part, today_ended
        from casewall.safety.intake.kinds import add_kind
        from casewall.safety.partners.parts import Part, add_part, add_today

        add_part(Part("device", "Questions on a device", 70, asking_part))
        add_today("device", today_ended)
        add_kind("asked", take_answers)
