"""What persons ask about their own records, complaints, and breaches of both sides."""

from django.apps import AppConfig


class RightsConfig(AppConfig):
    name = "casewall.safety.rights"
    label = "safety_rights"

    def ready(self) -> None:
        from casewall.safety.coordination.material import add_material
        from casewall.safety.partners.parts import Part, add_part, add_today
        from casewall.safety.pulled.afterwards import at_every_pull
        from casewall.safety.retention.telling import on_deleted
        from casewall.safety.rights.forgetting import forget
        from casewall.safety.rights.gathering import take
        from casewall.safety.rights.models import Complaint
        from casewall.safety.rights.reading import rights_part, texts_of_complaint, today_items
        from casewall.safety.rights.restricted import restricted
        from casewall.safety.sending.actions.asking import restricted_by

        restricted_by(restricted)
        at_every_pull("rights", take)
        on_deleted("rights", forget)
        add_material("complaints", texts_of_complaint, of=Complaint)
        add_part(Part("rights", "Rights", 90, rights_part))
        add_today("rights", today_items)
