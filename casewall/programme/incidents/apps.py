"""Incidents and proceedings as this side knows them, each with its source."""

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "casewall.programme.incidents"
    label = "programme_incidents"

    def ready(self) -> None:
        from casewall.programme.cases.parts import Part, add_part, add_today
        from casewall.programme.incidents.reading import incidents_head, incidents_part, today_items

        add_part(
            Part("incidents", "Incidents and courts", 45, incidents_part, head=incidents_head)
        )
        add_today("incidents", today_items)
