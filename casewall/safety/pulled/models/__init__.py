"""The flow views of the programme cluster, and this side's copies of what they show.

The views are read for *every* case at a fixed cadence. Which of the copies anybody looks at is
known on this side only.
"""

from casewall.safety.pulled.models.copies import (
    CaseToken,
    PulledAppointment,
    PulledAttendance,
    PulledCase,
    PulledChild,
    PulledCourse,
    PulledDeclaration,
    PulledFact,
    PulledFamilyStatement,
    PulledSafeguarding,
    PulledSuitability,
    PullRun,
    linked_cases,
)
from casewall.safety.pulled.models.flows import (
    FlowAttendance,
    FlowCase,
    FlowClient,
    FlowCourse,
    FlowDeclaredChild,
    FlowDeclaredPartner,
    FlowFamilyStatement,
    FlowPlace,
    FlowRoom,
    FlowSafeguarding,
    FlowSession,
    FlowSuitability,
    FlowView,
)

__all__ = [
    "CaseToken",
    "FlowAttendance",
    "FlowCase",
    "FlowClient",
    "FlowCourse",
    "FlowDeclaredChild",
    "FlowDeclaredPartner",
    "FlowFamilyStatement",
    "FlowPlace",
    "FlowRoom",
    "FlowSafeguarding",
    "FlowSession",
    "FlowSuitability",
    "FlowView",
    "PullRun",
    "PulledAppointment",
    "PulledAttendance",
    "PulledCase",
    "PulledChild",
    "PulledCourse",
    "PulledDeclaration",
    "PulledFact",
    "PulledFamilyStatement",
    "PulledSafeguarding",
    "PulledSuitability",
    "linked_cases",
]
