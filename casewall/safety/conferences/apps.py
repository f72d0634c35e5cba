"""MARAC and MATAC: criteria, referral, research, meeting list, actions and flag."""

from django.apps import AppConfig


class ConferencesConfig(AppConfig):
    name = "casewall.safety.conferences"
    label = "safety_conferences"

    def ready(self) -> None:
        from casewall.safety.conferences.models import Nomination
        from casewall.safety.conferences.reading import (
            conference_part,
            flags_above,
            texts_of_nomination,
            today_items,
        )
        from casewall.safety.coordination.material import add_material
        from casewall.safety.partners.parts import Part, add_part, add_today
        from casewall.safety.risk.line import add_flags

        add_part(Part("conferences", "MARAC", 55, conference_part))
        add_today("conferences", today_items)
        add_flags("conferences", flags_above)
        add_material("nominations", texts_of_nomination, of=Nomination)
