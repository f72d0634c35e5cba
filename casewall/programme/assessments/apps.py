from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "casewall.programme.assessments"
    label = "programme_assessments"

    def ready(self) -> None:
        from casewall.programme.assessments.reading import eligibility_part
        from casewall.programme.cases.parts import Part, add_part

        add_part(Part("eligibility", "Eligibility", 10, eligibility_part))
