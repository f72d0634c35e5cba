"""Incidents and proceedings as this side knows them, each with its source."""

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "casewall.safety.incidents"
    label = "safety_incidents"

    def ready(self) -> None:
        from casewall.safety.incidents.reading import incidents_part, today_items
        from casewall.safety.partners.parts import Part, add_part, add_today

        add_part(Part("incidents", "Incidents and courts", 30, incidents_part))
        add_today("incidents", today_items)
