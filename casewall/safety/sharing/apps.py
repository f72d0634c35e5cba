"""What leaves the safety side: agencies, shares, reports, case studies and the ledger of all."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "casewall.safety.sharing"
    label = "safety_sharing"

    def ready(self) -> None:
        from casewall.safety.partners.parts import Part, add_part, add_today
        from casewall.safety.retention.telling import on_deleted
        from casewall.safety.sharing.deleted import recall_deleted
        from casewall.safety.sharing.reading import shared_part, today_items

        on_deleted("sharing", recall_deleted)
        add_part(Part("shared", "Shared", 85, shared_part))
        add_today("sharing", today_items)
