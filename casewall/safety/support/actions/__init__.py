"""Every write about support. Nothing here reads or writes anything of a client."""

from casewall.safety.support.actions.groups import (
    add_member,
    cancel_meeting,
    close_group,
    leave_group,
    mark_meeting,
    open_group,
    places_on,
    plan_meeting,
)
from casewall.safety.support.actions.onward import (
    give_permission,
    kinds_of_help,
    refer_on,
    revoke_permission,
    settle_referral,
)
from casewall.safety.support.actions.periods import (
    begin_support,
    end_support,
    extend_support,
    months_of,
)
from casewall.safety.support.actions.plans import (
    PlanChanged,
    add_step,
    end_step,
    hand_over,
    state_expectation,
    state_needs,
    write_safety_plan,
    write_support_plan,
)
from casewall.safety.support.actions.sessions import (
    SessionFacts,
    correct_session,
    record_interpreter,
    record_session,
)

__all__ = [
    "PlanChanged",
    "SessionFacts",
    "add_member",
    "add_step",
    "begin_support",
    "cancel_meeting",
    "close_group",
    "correct_session",
    "end_step",
    "end_support",
    "extend_support",
    "give_permission",
    "hand_over",
    "kinds_of_help",
    "leave_group",
    "mark_meeting",
    "months_of",
    "open_group",
    "places_on",
    "plan_meeting",
    "record_interpreter",
    "record_session",
    "refer_on",
    "revoke_permission",
    "settle_referral",
    "state_expectation",
    "state_needs",
    "write_safety_plan",
    "write_support_plan",
]
