from django.apps import AppConfig


class CoordinationConfig(AppConfig):
    name = "casewall.safety.coordination"
    label = "safety_coordination"

    def ready(self) -> None:
        from casewall.safety.coordination.material import (
            add_material,
            texts_of_disclosure,
            texts_of_file,
        )
        from casewall.safety.coordination.models import Disclosure
        from casewall.safety.coordination.reading import note_opening, today_reviews
        from casewall.safety.partners.parts import Part, add_part, add_today

        add_material("partners", texts_of_file)
        add_material("disclosures", texts_of_disclosure, of=Disclosure)
        # A part without a section: the page asks it each time that it is opened.
        add_part(Part("opened", "", 900, note_opening))
        add_today("emergencies", today_reviews)
