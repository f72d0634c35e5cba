"""What a partner's file shows of circumstances."""

from __future__ import annotations

from typing import Any

from casewall.safety.partners.models import PartnerFile
from casewall.safety.support.models import PartnerCircumstances
from casewall.safety.support.versions import all_of
from casewall.services.circumstance_rules import areas_of, in_words, months_in_words
from casewall.services.load import shipped
from casewall.wall.sides import Viewer

COLUMNS = [("As it was on", "date"), "Lives in", "Work", "Violence had lasted",
           "Age at the referral"]  # fmt: skip


def circumstances(file: PartnerFile, viewer: Viewer) -> dict[str, Any]:
    """Every statement, the newest first, for the section of support. One query."""
    areas = areas_of(shipped().get(file.service))
    found = []
    for row in all_of(PartnerCircumstances, file, viewer, "-stated_on", "-recorded_at"):
        area, work, age = in_words(row, areas)
        found.append({"cells": [row.stated_on, area, work, months_in_words(row.months), age]})
    return {"circumstances_columns": COLUMNS, "circumstances": found}
