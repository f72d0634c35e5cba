"""Finding the people of a script again, through blind indexes, as a worker would."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID

from casewall.vault.blind import person_tokens
from casewall.wall.sides import Side

CHUNK = 5000


class NotFound(LookupError):
    """Somebody of the script is not on this side, or cannot be told from somebody else."""


def tokens_of(person: Mapping[str, Any], side: Side, prefix: str) -> frozenset[UUID]:
    """Every token under which a person of a script is found."""
    born = date.fromisoformat(person["born_on"]) if person["born_on"] else None
    names = [person["given_name"], person["family_name"]]
    return frozenset(
        person_tokens(side, names=names, phones=[person["phone"]], born_on=born, prefix=prefix)
    )


def find(
    people: Iterable[Mapping[str, Any]], rows: Any, owner: str, side: Side, prefix: str
) -> dict[int, UUID]:
    """The identifiers of those who have exactly a person's tokens, by the person's number.

    `rows` is the opened queryset of tokens and `owner` the column that says whose they are.
    """
    wanted = {person["who"]: tokens_of(person, side, prefix) for person in people}
    has: dict[UUID, set[UUID]] = defaultdict(set)
    every = iter(sorted(set().union(*wanted.values())))
    while chunk := list(islice(every, CHUNK)):
        for whose, token in rows.filter(token__in=chunk).values_list(owner, "token"):
            has[whose].add(token)
    of: dict[frozenset[UUID], list[UUID]] = defaultdict(list)
    for whose, held in has.items():
        of[frozenset(held)].append(whose)
    found = {}
    for who, tokens in wanted.items():
        matching = of.get(tokens, [])
        if len(matching) != 1:
            raise NotFound(
                f"Person {who} of the script: {len(matching)} found on the {side} side, "
                "not one. Load the referral files and take in what arrived first."
            )
        found[who] = matching[0]
    return found
