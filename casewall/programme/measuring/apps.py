"""Questionnaires of this side: what is due, what was answered, and why there is silence."""

from django.apps import AppConfig


class MeasuringConfig(AppConfig):
    name = "casewall.programme.measuring"
    label = "programme_measuring"

    def ready(self) -> None:
        from casewall.programme.cases.parts import Part, add_part, add_today
        from casewall.programme.measuring.reading import measures_part, today_due

        add_part(Part("measures", "Measures", 45, measures_part))
        add_today("measures", today_due)
