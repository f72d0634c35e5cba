"""The request to disclose a level: the word and its day, never a reason."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from casewall.safety.coordination.rules import Purpose
from casewall.safety.partners.models import PartnerFile
from casewall.safety.risk.models import JointRisk
from casewall.safety.risk.words import day, level_words
from casewall.wall.sides import Viewer


def level_to_disclose(value: str, file: PartnerFile, viewer: Viewer) -> dict[str, Any]:
    """What a request for a disclosure begins with: the level and its day, never a reason."""
    try:
        key = UUID(value)
    except ValueError:
        return {}
    risk = JointRisk.objects.visible_to(viewer).filter(pk=key, file=file).first()
    if risk is None or not risk.level or risk.case_id is None:
        return {}
    return {
        "case_id": str(risk.case_id),
        "purpose": Purpose.RISK_LEVEL.value,
        "text": f"Risk level: {level_words(risk.level).lower()}, as of {day(risk.reviewed_on)}.",
    }
