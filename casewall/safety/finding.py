"""Finding people on this side: by exact name token, phone number or date of birth, not by likeness.

Names are stored encrypted; what is compared are keyed hashes of normalised values. A suggestion
that a case and a partner's file belong together is a suggestion: a person decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from casewall.safety.intake.dates import UnreadableDate, parse_birth_date
from casewall.safety.partners.models import Partner, PartnerFile, PartnerToken
from casewall.safety.pulled.models import CaseToken, PulledCase, PulledDeclaration
from casewall.safety.reading import phone_prefixes
from casewall.vault.blind import blind
from casewall.vault.names import birth_key, phone_key, tokens
from casewall.wall.sides import Side, Viewer

MOST = 25
LONGEST = 200
STATEMENTS_LOOKED_AT = 2000
"""Declared partners are compared one by one, the latest first; older ones need a search."""


def wanted(text: str, viewer: Viewer) -> list[set[UUID]]:
    """The tokens to look for: a person must have one of each set.

    A text of figures is read as a date of birth and as a phone number; every other word is a
    name token. An empty list finds nobody.
    """
    text = text[:LONGEST].strip()
    numbers: set[UUID] = set()
    try:
        born = parse_birth_date(text, order="dmy", today=timezone.localdate())
        numbers.add(blind("born", birth_key(born), Side.SAFETY))
    except UnreadableDate:
        pass
    keys = {phone_key(text, prefix) for prefix in phone_prefixes(viewer)} - {""}
    numbers |= {blind("phone", key, Side.SAFETY) for key in keys}
    if numbers:
        return [numbers]
    return [{blind("name", token, Side.SAFETY)} for token in dict.fromkeys(tokens(text))]


def find_files(sets: list[set[UUID]], viewer: Viewer) -> list[PartnerFile]:
    """Files of partners who have every wanted token, newest referral first."""
    if not sets:
        return []
    people: Any = Partner.objects.visible_to(viewer)
    for one in sets:
        people = people.filter(
            id__in=PartnerToken.objects.visible_to(viewer)
            .filter(token__in=one)
            .values("partner_id")
        )
    return list(
        PartnerFile.objects.visible_to(viewer)
        .select_related("partner")
        .filter(partner_id__in=people.values("id"))
        .order_by("-referred_on", "-id")[: MOST + 1]
    )


def find_cases(sets: list[set[UUID]], viewer: Viewer) -> list[PulledCase]:
    """Pulled cases whose client has every wanted token, newest referral first."""
    if not sets:
        return []
    rows: Any = PulledCase.objects.visible_to(viewer)
    for one in sets:
        rows = rows.filter(
            id__in=CaseToken.objects.visible_to(viewer).filter(token__in=one).values("case_id")
        )
    return list(rows.order_by("-referred_on", "-id")[: MOST + 1])


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A case whose client, or referrer, stated a partner who may be this one."""

    case: PulledCase
    reason: str


def suggest_cases(file: PartnerFile, viewer: Viewer, prefix: str) -> list[Suggestion]:
    """Cases in which somebody stated a partner of the same name, or with the same phone."""
    partner = file.partner
    name, phone = set(tokens(partner.full_name)), phone_key(partner.phone or "", prefix)
    reasons: dict[UUID, str] = {}
    stated = (
        PulledDeclaration.objects.visible_to(viewer)
        .filter(compartment=file.compartment)
        .order_by("-stated_on", "-id")[:STATEMENTS_LOOKED_AT]
    )
    for one in stated:
        if phone and phone_key(one.contact_details or "", prefix) == phone:
            reasons[one.case_id] = "A partner with the same phone number was stated in this case."
        elif len(name) > 1 and set(tokens(one.name or "")) == name:
            reasons.setdefault(
                one.case_id, "A partner of exactly this name was stated in this case."
            )
    cases = PulledCase.objects.visible_to(viewer).filter(id__in=list(reasons))
    return [Suggestion(case, reasons[case.id]) for case in cases.order_by("-referred_on", "id")]
