"""Every write to a partner's file."""

from casewall.safety.partners.actions.files import (
    Drafted,
    close_file,
    draft_file,
    index_partner,
    locked_file,
    open_by_hand,
    open_file,
    reopen_file,
    take_file,
    withdraw_file,
)
from casewall.safety.partners.actions.links import correct_link, end_link, link_file
from casewall.safety.partners.actions.reaching import (
    Details,
    channel_decision,
    count_unanswered,
    decide,
    record_contact,
    reveal_details,
    set_safe_contact,
    tell,
)
from casewall.safety.partners.actions.scales import (
    derive,
    note_not_answered,
    record_scale,
    score_again,
    sex_of,
)
from casewall.safety.partners.actions.tasks import add_task, finish_task, raise_danger

__all__ = [
    "Details",
    "Drafted",
    "add_task",
    "channel_decision",
    "close_file",
    "correct_link",
    "count_unanswered",
    "decide",
    "derive",
    "draft_file",
    "end_link",
    "finish_task",
    "index_partner",
    "link_file",
    "locked_file",
    "note_not_answered",
    "open_by_hand",
    "open_file",
    "raise_danger",
    "record_contact",
    "record_scale",
    "reopen_file",
    "reveal_details",
    "score_again",
    "set_safe_contact",
    "sex_of",
    "take_file",
    "tell",
    "withdraw_file",
]
