"""Finding a client by exact words: whole names, a phone number, a date of birth, a reference."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from casewall.programme.cases.models import Case, ClientToken
from casewall.services.load import shipped
from casewall.staff.models import Compartment
from casewall.vault.blind import blind
from casewall.vault.names import birth_key, phone_key, plain, tokens
from casewall.wall.sides import Side, Viewer

LONGEST = 200
"""Characters of a search; what is longer is not a name, a number or a date."""

_YEAR = r"((?:1[89]|20)\d\d)"
# A phone number in groups of figures must not be taken for a day.
_DAY = re.compile(rf"(?<![\d+])(?<!\d )(?:{_YEAR}-(\d{{1,2}})-(\d{{1,2}})"
                  rf"|(\d{{1,2}})([./ -])(\d{{1,2}})\5{_YEAR})(?![ .-]?\d)")
_PHONE = re.compile(r"(?<!\w)\+?\d[\d\s().\-/]{4,}\d(?!\w)")
_REFERENCE = re.compile(r"[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody searches for. All parts must fit; `reference` alone is enough as well."""

    names: tuple[str, ...] = ()
    phone: str = ""
    born_on: date | None = None
    reference: str = ""
    problem: str = ""

    @property
    def is_empty(self) -> bool:
        """Nothing that could be searched for."""
        return not (self.names or self.phone or self.born_on or self.reference)


def meant_by(text: str) -> Question:
    """What a line in the search box means. `problem` is a sentence where it means nothing.

    A date of birth is written day, month, year or year-month-day; a number of six or more
    figures is a phone number; eight characters 0–9 and a–f may be a reference; words are names.
    """
    if len(text) > LONGEST:
        return Question(problem=f"Search for at most {LONGEST} characters.")
    spoken = plain(text).strip()
    reference = spoken if _REFERENCE.fullmatch(spoken) else ""
    born_on = None
    found = _DAY.search(spoken)
    if found:
        year, month, day = (found.group(1, 2, 3) if found.group(1) else found.group(7, 6, 4))
        try:
            born_on = date(int(year), int(month), int(day))
        except ValueError:
            return Question(problem=f"“{found.group(0)}” is not a date: write day, month, year.")
        spoken = spoken[: found.start()] + " " + spoken[found.end():]
    phone = ""
    found = _PHONE.search(spoken)
    if found:
        phone = found.group(0)
        spoken = spoken[: found.start()] + " " + spoken[found.end():]
    names = tokens(spoken)
    return Question(names=names, phone=phone, born_on=born_on, reference=reference)


def phone_prefixes(viewer: Viewer) -> set[str]:
    """The country prefixes of the services in which this viewer works."""
    codes = set(Compartment.objects.filter(number__in=viewer.compartments).values_list(
        "service_id", flat=True))
    return {service.phone_prefix for code, service in shipped().items() if code in codes}


def cases_found(question: Question, viewer: Viewer) -> Any:
    """The cases of the clients who are meant, among those that this viewer sees."""
    rows = Case.objects.visible_to(viewer)
    if question.is_empty:
        return rows.none()
    wanted = [[blind("name", name, Side.PROGRAMME)] for name in question.names]
    if question.phone:
        keys = {phone_key(question.phone, prefix) for prefix in phone_prefixes(viewer)} - {""}
        wanted.append([blind("phone", key, Side.PROGRAMME) for key in sorted(keys)])
    if question.born_on:
        wanted.append([blind("born", birth_key(question.born_on), Side.PROGRAMME)])
    fits = Q()
    for alternatives in wanted:
        fits &= Q(client_id__in=ClientToken.objects.visible_to(viewer).filter(
            token__in=alternatives).values("client_id"))
    if question.reference:
        first, last = (UUID(question.reference + end * 24) for end in "0f")
        fits |= Q(id__gte=first, id__lte=last)
    return rows.filter(fits).select_related("client").order_by("-referred_on", "-id")
