"""A service delivers no couple work and no mediation: neither by its kind nor by its name.

Source: WWP EN's good-practice list for victim safety. Both put a partner into a room with the
person who has used violence, where speaking openly is not safe.

Pure: takes a :class:`~casewall.services.schema.Service`, asks no clock and no database.
"""

import re
from collections.abc import Callable, Iterator

from casewall.services.positions import KeyPath
from casewall.services.remarks import Remark
from casewall.services.schema import Service

_BOTH_TOGETHER = re.compile(
    r"\b(couples?|mediat\w*|joint(ly)?|conjoint|marriage|marital|relationship counsell?ing"
    r"|par(ret|rene)?|par(terapi|samtale|forløb|rådgivning|behandling|kursus)\w*|\w*mægling\w*"
    r"|fælles ?samtaler?|paar\w*|mediación|médiation|terapia de pareja)\b",
    re.IGNORECASE,
)
"""Words for work with both parties at once, in the languages of the shipped definitions and
their neighbours."""


def word_for_both(name: str) -> str | None:
    """The word in a name or a code that means work with both parties at once, if there is one."""
    found = _BOTH_TOGETHER.search(re.sub(r"[_-]+", " ", name))
    return found[0] if found else None


def _names(service: Service) -> Iterator[tuple[KeyPath, str]]:
    for at, component in enumerate(service.components):
        yield ("components", at, "id"), component.id
        yield ("components", at, "name"), component.name
    for at, programme in enumerate(service.programmes):
        yield ("programmes", at, "id"), programme.id
        yield ("programmes", at, "name"), programme.name


def _nothing_brings_both_together(service: Service) -> Iterator[Remark]:
    for path, name in _names(service):
        word = word_for_both(name)
        if word is not None:
            yield Remark(
                path,
                f"“{word}” would bring the client and the partner together: there is no couple "
                "work and no mediation; each is worked with apart",
            )


CONTRADICTIONS: tuple[Callable[[Service], Iterator[Remark]], ...] = (_nothing_brings_both_together,)
