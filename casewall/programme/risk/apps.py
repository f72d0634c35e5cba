"""What is known of the risk that a client poses: evidence, judgement, version and signature."""

from django.apps import AppConfig


class RiskConfig(AppConfig):
    name = "casewall.programme.risk"
    label = "programme_risk"

    def ready(self) -> None:
        from casewall.programme.cases.parts import Part, add_part, add_today
        from casewall.programme.risk.commissions.reading import commissions_part, today_commissions
        from casewall.programme.risk.reading import risk_head, risk_part, today_risk

        add_part(Part("risk", "Risk", 5, risk_part, head=risk_head))
        add_part(Part("commissions", "", 6, commissions_part))
        add_today("risk", today_risk)
        add_today("commissions", today_commissions)
