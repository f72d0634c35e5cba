"""Every write of sending."""

from casewall.safety.sending.actions.asking import Addresses, Stopped, gate, standing_of
from casewall.safety.sending.actions.posting import (
    Outgoing,
    Posting,
    Round,
    Unknown,
    confirm_sent,
    print_letter,
    say_posted,
    send_due,
    settle_doubts,
)
from casewall.safety.sending.actions.writing import (
    Call,
    confirm_still_safe,
    place_call,
    read_override,
    recall_message,
    recall_waiting,
    write_message,
)

__all__ = [
    "Addresses",
    "Call",
    "Outgoing",
    "Posting",
    "Round",
    "Stopped",
    "Unknown",
    "confirm_sent",
    "confirm_still_safe",
    "gate",
    "place_call",
    "print_letter",
    "read_override",
    "recall_message",
    "recall_waiting",
    "say_posted",
    "send_due",
    "settle_doubts",
    "standing_of",
    "write_message",
]
