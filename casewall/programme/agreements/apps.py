from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "casewall.programme.agreements"
    label = "programme_agreements"

    def ready(self) -> None:
        from casewall.programme.agreements.reading import agreement_part
        from casewall.programme.cases.parts import Part, add_part

        add_part(Part("agreement", "Agreement and releases", 20, agreement_part))
