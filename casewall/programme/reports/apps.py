from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "casewall.programme.reports"
    label = "programme_reports"

    def ready(self) -> None:
        from casewall.programme.cases.parts import Part, add_part, add_today
        from casewall.programme.reports.ledger import recalls_today
        from casewall.programme.reports.lists import documents_part, today_documents

        add_part(Part("documents", "Documents", 80, documents_part, for_referrers=True))
        add_today("documents", today_documents)
        add_today("recalls", recalls_today)
