"""The joint picture of risk: judged together, looked at again, never seen on the programme side."""

from django.apps import AppConfig


class RiskConfig(AppConfig):
    name = "casewall.safety.risk"
    label = "safety_risk"

    def ready(self) -> None:
        from casewall.pages.above import show_above
        from casewall.safety.children.models import Child
        from casewall.safety.coordination.material import add_material
        from casewall.safety.coordination.prefill import prefill_by
        from casewall.safety.partners.danger import when_danger, when_done
        from casewall.safety.partners.parts import Part, add_part, add_today
        from casewall.safety.pulled.following import after_pull
        from casewall.safety.risk.actions import (
            keep_signal,
            look_for_triggers,
            task_was_done,
        )
        from casewall.safety.risk.line import line_above
        from casewall.safety.risk.prefill import level_to_disclose
        from casewall.safety.risk.reading import (
            risk_part,
            texts_of_child,
            texts_of_file,
            today_items,
        )

        when_danger("risk", keep_signal)
        when_done("risk", task_was_done)
        after_pull("risk", look_for_triggers)
        show_above("safety", "risk", line_above)
        prefill_by("risk", level_to_disclose)
        add_material("signs of danger", texts_of_file)
        add_material("signs of danger of a child", texts_of_child, of=Child)
        add_part(Part("risk", "Risk", 5, risk_part))
        add_today("risk", today_items)
