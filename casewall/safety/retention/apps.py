"""How long this side's files are kept, what holds them, and what was deleted."""

from django.apps import AppConfig


class RetentionConfig(AppConfig):
    name = "casewall.safety.retention"
    label = "safety_retention"

    def ready(self) -> None:
        from casewall.programme.retention.rules import Kind
        from casewall.safety.partners.parts import Part, add_part, add_today
        from casewall.safety.retention.views import PAGES

        add_part(Part("keeping", "", 95,
                      lambda file, viewer, today: PAGES.part(Kind.PARTNER_FILE, file.pk, viewer)))
        add_today("keeping", PAGES.today_items)
