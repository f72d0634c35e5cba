"""What is stored about children, their families as known here, and the work with them."""

from casewall.safety.children.models.family import (
    Arrangement,
    Child,
    ChildAdult,
    ChildSafeguarding,
    ChildSupport,
    ChildToken,
    FileChildren,
    OfAChild,
    PlanStatus,
    own_children,
)
from casewall.safety.children.models.work import (
    ChildAttendance,
    ChildConsent,
    ChildGoal,
    ChildGroup,
    ChildSession,
    GroupChild,
    OfSupport,
)

__all__ = [
    "Arrangement",
    "Child",
    "ChildAdult",
    "ChildAttendance",
    "ChildConsent",
    "ChildGoal",
    "ChildGroup",
    "ChildSafeguarding",
    "ChildSession",
    "ChildSupport",
    "ChildToken",
    "FileChildren",
    "GroupChild",
    "OfAChild",
    "OfSupport",
    "PlanStatus",
    "own_children",
]
