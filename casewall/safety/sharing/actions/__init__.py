"""Every write about agencies, shares, reports of this side, case studies and the ledger."""

from casewall.safety.sharing.actions.agencies import (
    add_contact,
    agree,
    end_agreement,
    end_contact,
    keep_agency,
    retire_agency,
)
from casewall.safety.sharing.actions.exports import (
    keep_export,
    recall_export,
    record_given,
    tell_of_export,
)
from casewall.safety.sharing.actions.reports import (
    approve_report,
    edit_report,
    release_report,
    return_report,
    withdraw_report,
    write_report,
)
from casewall.safety.sharing.actions.shares import (
    acknowledge,
    recall_share,
    send_message,
    share,
    tell_of_recall,
)
from casewall.safety.sharing.actions.studies import (
    approve_study,
    consent_to_study,
    edit_study,
    publish_study,
    recall_study,
    withdraw_consent,
    write_study,
)

__all__ = [
    "acknowledge",
    "add_contact",
    "agree",
    "approve_report",
    "approve_study",
    "consent_to_study",
    "edit_report",
    "edit_study",
    "end_agreement",
    "end_contact",
    "keep_agency",
    "keep_export",
    "publish_study",
    "recall_export",
    "recall_share",
    "recall_study",
    "record_given",
    "release_report",
    "retire_agency",
    "return_report",
    "send_message",
    "share",
    "tell_of_export",
    "tell_of_recall",
    "withdraw_consent",
    "withdraw_report",
    "write_report",
    "write_study",
]
