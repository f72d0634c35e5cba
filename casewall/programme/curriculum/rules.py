"""Rules of installed templates: which version may follow which, and what changed. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from casewall.services.programmes import Template
from casewall.wall.decide import Decision

_NAMES = ("id", "of", "code")
"""The keys by which a table of a list is known."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not the same in two versions; `None`: it is not there."""

    where: str
    before: str | None
    after: str | None


def may_install(template: Template, in_use: Mapping[int, Template]) -> Decision:
    """Whether a template may be stored beside the versions that are there, with a sentence.

    The same version with the same contents may: nothing happens. A version that is stored never
    changes, and a new one is higher than all before.
    """
    programme = template.programme
    same = in_use.get(template.version)
    if same is not None and same != template:
        number = max(in_use) + 1
        return Decision(
            False,
            f"{programme.name}: version {template.version} is in use with other contents; give "
            f"the changed programme version {number}.",
        )
    if same is None and in_use and template.version < max(in_use):
        return Decision(
            False,
            f"{programme.name}: version {max(in_use)} is in use, so version {template.version} "
            f"cannot follow; give it version {max(in_use) + 1}.",
        )
    return Decision(True, f"{programme.name}, version {template.version}, can be installed.")


def differences(before: Template, after: Template) -> tuple[Difference, ...]:
    """What changed from one version to another, in the order of the template."""
    old, new = before.model_dump(mode="json"), after.model_dump(mode="json")
    found = list(_compare("", old, new))
    return tuple(one for one in found if one.where != "programme, version")


def _compare(where: str, before: Any, after: Any) -> Iterator[Difference]:
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for key in [*before, *(key for key in after if key not in before)]:
            yield from _compare(_below(where, key), before.get(key), after.get(key))
    elif _is_named(before) and _is_named(after):
        yield from _compare_lists(where, _by_name(before), _by_name(after))
    else:
        yield Difference(where, _said(before), _said(after))


def _compare_lists(
    where: str, before: dict[str, Any], after: dict[str, Any]
) -> Iterator[Difference]:
    for name in [*before, *(name for name in after if name not in before)]:
        yield from _compare(f"{where} “{name}”", before.get(name), after.get(name))


def _below(where: str, key: str) -> str:
    word = key.replace("_", " ")
    return f"{where}, {word}" if where else word


def _is_named(value: Any) -> bool:
    """Whether a value is a list of tables; an empty list is one of none."""
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


def _by_name(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {_name(row): row for row in rows}


def _name(row: dict[str, Any]) -> str:
    for key in _NAMES:
        if key in row:
            return str(row[key])
    return f"{row['component']} {row['number']}"


def _said(value: Any) -> str | None:
    """A value as a reader takes it in: a table by its name or title, a list by its members."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        for key in ("name", "title", "text", "words", *_NAMES):
            if value.get(key):
                return str(value[key])
        parts = [
            f"{key.replace('_', ' ')} {_said(one)}"
            for key, one in value.items()
            if _said(one) is not None and not key.startswith("authority")
        ]
        return ", ".join(parts) or None
    if isinstance(value, list):
        return ", ".join(str(_said(one)) for one in value) or None
    return str(value)


def hours_words(hours: Decimal) -> str:
    """Hours as people write them: 80, 2.5."""
    return f"{round(hours, 2).normalize():f}"
