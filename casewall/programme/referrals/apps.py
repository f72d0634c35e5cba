from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "casewall.programme.referrals"
    label = "programme_referrals"

    def ready(self) -> None:
        from casewall.programme.cases.parts import Part, add_part
        from casewall.programme.referrals.lists import whose_part

        add_part(Part("whose", "", 90, whose_part))
