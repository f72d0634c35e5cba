from django.apps import AppConfig


class SupportConfig(AppConfig):
    name = "casewall.safety.support"
    label = "safety_support"

    def ready(self) -> None:
        from casewall.drafts.models import keep_drafts_in
        from casewall.safety.bookings.following import follow_by
        from casewall.safety.partners.parts import Part, add_part, add_today
        from casewall.safety.support.actions.groups import keep_in_step
        from casewall.safety.support.closing.part import closing_part
        from casewall.safety.support.models import SafetyDraft
        from casewall.safety.support.reading import support_part
        from casewall.safety.support.today import today_items
        from casewall.safety.support.versions import safety_part

        keep_drafts_in(SafetyDraft)
        follow_by("support groups", keep_in_step)
        add_part(Part("support", "Support", 10, support_part))
        add_part(Part("safety-plan", "Safety plan", 20, safety_part))
        add_part(Part("closing", "", 90, closing_part))
        add_today("support", today_items)
