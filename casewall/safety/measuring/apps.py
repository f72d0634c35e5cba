"""Questionnaires of this side: what is due, what was answered, and why there is silence."""

from django.apps import AppConfig


class MeasuringConfig(AppConfig):
    name = "casewall.safety.measuring"
    label = "safety_measuring"

    def ready(self) -> None:
        from casewall.safety.measuring.reading import measures_part
        from casewall.safety.partners.parts import Part, add_part

        add_part(Part("measures", "Measures", 65, measures_part))
