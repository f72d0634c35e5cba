"""Case meetings: agenda, decisions, actions and extracts for each person."""

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "casewall.safety.meetings"
    label = "safety_meetings"

    def ready(self) -> None:
        from casewall.safety.children.models import Child
        from casewall.safety.coordination.material import add_material
        from casewall.safety.coordination.prefill import prefill_by
        from casewall.safety.meetings.disclosing import prefilled
        from casewall.safety.meetings.facts import add_facts
        from casewall.safety.meetings.models import Meeting
        from casewall.safety.meetings.reading import (
            meetings_part,
            texts_of_child,
            texts_of_file,
            texts_of_meeting,
            today_items,
        )
        from casewall.safety.meetings.risk_facts import risk_facts
        from casewall.safety.partners.parts import Part, add_part, add_today

        add_part(Part("meetings", "Meetings", 50, meetings_part))
        add_today("meetings", today_items)
        prefill_by("extract", prefilled)
        add_facts("risk", risk_facts)
        add_material("meetings", texts_of_meeting, of=Meeting)
        add_material("meetings of a file", texts_of_file)
        add_material("meetings of a child", texts_of_child, of=Child)
