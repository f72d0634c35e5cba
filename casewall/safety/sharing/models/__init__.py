"""What is stored of shares, reports, case studies and of everything that went out."""

from casewall.safety.sharing.models.agencies import (
    AgencyContact,
    ExternalAgency,
    SharingAgreement,
)
from casewall.safety.sharing.models.exports import Export
from casewall.safety.sharing.models.reports import SafetyReport, SafetyReportFile
from casewall.safety.sharing.models.shares import AgencyMessage, OfFileOrChild, Share
from casewall.safety.sharing.models.studies import CaseStudy, StudyConsent

__all__ = [
    "AgencyContact",
    "AgencyMessage",
    "CaseStudy",
    "Export",
    "ExternalAgency",
    "OfFileOrChild",
    "SafetyReport",
    "SafetyReportFile",
    "Share",
    "SharingAgreement",
    "StudyConsent",
]
