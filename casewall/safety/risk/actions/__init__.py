"""Every write to the joint picture of risk."""

from casewall.safety.risk.actions.planning import add_action, settle_action
from casewall.safety.risk.actions.reviewing import (
    Judgement,
    note_trigger,
    review_risk,
    signals_open,
)
from casewall.safety.risk.actions.signals import (
    acknowledge,
    keep_signal,
    raise_by_hand,
    task_was_done,
)
from casewall.safety.risk.actions.triggers import look_for_triggers
from casewall.safety.risk.actions.vulnerability import (
    Commissioned,
    begin_vulnerability,
    hand_in,
    new_version,
    return_vulnerability,
    sign_vulnerability,
    write_vulnerability,
)

__all__ = [
    "Commissioned",
    "Judgement",
    "acknowledge",
    "add_action",
    "begin_vulnerability",
    "hand_in",
    "keep_signal",
    "look_for_triggers",
    "new_version",
    "note_trigger",
    "raise_by_hand",
    "return_vulnerability",
    "review_risk",
    "settle_action",
    "sign_vulnerability",
    "signals_open",
    "task_was_done",
    "write_vulnerability",
]
