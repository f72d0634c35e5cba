"""Every write about requests, their review and reply, complaints and breaches on this side."""

from casewall.safety.rights.actions.asking import (
    add_statement,
    decide_request,
    extend,
    gather,
    lift_restriction,
    prove_identity,
    restrict,
    take_request,
)
from casewall.safety.rights.actions.breaches import (
    close_breach,
    contain_breach,
    decide_breach,
    report_breach,
    told_authority,
    told_persons,
)
from casewall.safety.rights.actions.complaints import (
    acknowledge_complaint,
    answer_complaint,
    record_complaint,
)
from casewall.safety.rights.actions.reviewing import (
    Standing,
    add_by_hand,
    confirm_many,
    preview,
    release,
    review,
    standing_of,
)

__all__ = [
    "Standing",
    "acknowledge_complaint",
    "add_by_hand",
    "add_statement",
    "answer_complaint",
    "close_breach",
    "confirm_many",
    "contain_breach",
    "decide_breach",
    "decide_request",
    "extend",
    "gather",
    "lift_restriction",
    "preview",
    "prove_identity",
    "record_complaint",
    "release",
    "report_breach",
    "restrict",
    "review",
    "standing_of",
    "take_request",
    "told_authority",
    "told_persons",
]
