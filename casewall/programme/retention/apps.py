"""How long the programme's files are kept, what holds them, and what was deleted."""

from django.apps import AppConfig


class RetentionConfig(AppConfig):
    name = "casewall.programme.retention"
    label = "programme_retention"

    def ready(self) -> None:
        from casewall.programme.cases.parts import Part, add_part, add_today
        from casewall.programme.retention.rules import Kind
        from casewall.programme.retention.views import PAGES

        add_part(Part("keeping", "", 95,
                      lambda case, viewer, today: PAGES.part(Kind.CASE, case.pk, viewer)))
        add_today("keeping", PAGES.today_items)
