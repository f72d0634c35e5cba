"""Whom the service works with, as far as a viewer sees, so that nothing is shared with them.

What a recipient is called and reached by is compared by keys: names by their tokens, phones by
their digits, e-mail addresses as they are. The name before the @ counts as a name too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count

from casewall.safety.partners.models import Partner, PartnerToken
from casewall.safety.pulled.models import CaseToken, PulledCase
from casewall.safety.reading import phone_prefixes
from casewall.safety.sharing.rules import Party, not_to_a_party
from casewall.vault.blind import blind
from casewall.vault.names import phone_key, tokens
from casewall.wall.decide import demand
from casewall.wall.sides import Side, Viewer

MOST = 100
A_CLIENT, A_PARTNER = "a client of the programme", "a partner whom the service supports"
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_NUMBER = re.compile(r"\+?\d[\d\s()./-]{5,}\d")


@dataclass(frozen=True, slots=True)
class Recipient:
    """What a recipient is called and reached by, as typed."""

    texts: tuple[str, ...]
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()

    @property
    def all_emails(self) -> frozenset[str]:
        """E-mail addresses, those among the texts too."""
        found = (one for text in self.texts for one in _ADDRESS.findall(text))
        return frozenset(one.strip().casefold() for one in (*self.emails, *found) if one.strip())

    def keys(self, prefixes: Iterable[str]) -> frozenset[str]:
        """Phone numbers as keys, for each country that the service works in."""
        written = [*self.phones, *(n for text in self.texts for n in _NUMBER.findall(text))]
        keys = {phone_key(one, prefix) for one in written for prefix in prefixes}
        return frozenset(keys - {""})

    def names(self) -> Iterator[frozenset[str]]:
        """Each text, and each name before an @, as the tokens of a name."""
        for text in self.texts:
            yield frozenset(tokens(_ADDRESS.sub(" ", text)))
        for one in self.all_emails:
            yield frozenset(tokens(re.sub(r"[._+\d-]+", " ", one.partition("@")[0])))


def demand_no_party(recipient: Recipient, by: Viewer) -> None:
    """Raise `Refused` where a recipient is somebody whom the service works with.

    It looks with the worker's own eyes: whoever may not see a case learns nothing of it here.
    """
    prefixes = phone_prefixes(by) or {"+45"}
    routes = recipient.keys(prefixes) | recipient.all_emails
    for name in recipient.names():
        demand(not_to_a_party(name, routes, _like(name, recipient.keys(prefixes), by, prefixes)))


def _like(
    name: frozenset[str], phones: frozenset[str], by: Viewer, prefixes: set[str]
) -> Iterator[Party]:
    """The parties who share two tokens of a name, the only one that there is, or a number."""
    names = [blind("name", token, Side.SAFETY) for token in name]
    numbers = [blind("phone", key, Side.SAFETY) for key in phones]
    cases: Any = PulledCase.objects.visible_to(by)
    for case in cases.filter(pk__in=_hits(CaseToken, "case_id", names, numbers, by)):
        yield Party(A_CLIENT, frozenset(tokens(case.name)), _same(case.pk, numbers, phones, by))
    people: Any = Partner.objects.visible_to(by)
    for one in people.filter(pk__in=_hits(PartnerToken, "partner_id", names, numbers, by)):
        own = {phone_key(one.phone or "", prefix) for prefix in prefixes} - {""}
        routes = own | ({one.email.casefold()} if one.email else set())
        yield Party(A_PARTNER, frozenset(tokens(one.full_name)), frozenset(routes))


def _hits(model: Any, path: str, names: list[UUID], numbers: list[UUID], by: Viewer) -> list[UUID]:
    rows = model.objects.visible_to(by)
    enough = min(2, len(names))
    found = set(rows.filter(token__in=numbers).values_list(path, flat=True)) if numbers else set()
    if names:
        counted = rows.filter(token__in=names).values(path).annotate(shared=Count("token"))
        some = counted.filter(shared__gte=enough).order_by(path)
        found |= set(some.values_list(path, flat=True)[:MOST])
    return list(found)


def _same(case: UUID, numbers: list[UUID], phones: frozenset[str], by: Viewer) -> frozenset[str]:
    """The typed numbers where one of them is that of this case; its own are not kept here."""
    if not numbers:
        return frozenset()
    rows: Any = CaseToken.objects.visible_to(by)
    return phones if rows.filter(case_id=case, token__in=numbers).exists() else frozenset()
