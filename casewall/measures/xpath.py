"""Conditions and bounds of an XLSForm, as far as a questionnaire can say them. Pure.

Read are comparisons of one question with one value, joined by only ``and`` or only ``or``::

    ${drinks} = 'yes' and ${days} >= 3        selected(${forms}, 'threats')        ${name} != ''

and, as bounds of a number, ``. >= 0 and . <= 28``. Brackets, arithmetic and functions are not.
"""

import re
from dataclasses import dataclass

_NAME = r"\$\{\s*([A-Za-z_][\w.-]*)\s*\}"
_VALUE = r"""('[^']*'|"[^"]*"|-?\d+(?:\.\d+)?)"""
_COMPARISON = re.compile(rf"\s*{_NAME}\s*(=|!=|>=|<=|>|<)\s*{_VALUE}\s*")
_SELECTED = re.compile(rf"\s*selected\(\s*{_NAME}\s*,\s*{_VALUE}\s*\)\s*")
_BOUND = re.compile(r"\s*\.\s*(>=|<=|>|<)\s*(-?\d+)\s*")
_JOIN = re.compile(r"""\s+(and|or)\s+(?=(?:[^'"]|'[^']*'|"[^"]*")*$)""")


class NotReadError(ValueError):
    """An expression that goes beyond what is read; says which part."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison: the question, the operator of a FHIR condition, and the value."""

    name: str
    operator: str
    value: str


@dataclass(frozen=True, slots=True)
class Relevant:
    """Comparisons of which all must hold, or any where ``any_of``."""

    comparisons: tuple[Comparison, ...]
    any_of: bool


def relevant(expression: str) -> Relevant:
    """The comparisons that a ``relevant`` cell makes. Raises NotReadError."""
    parts, joins = _parts(expression)
    if len(joins) > 1:
        raise NotReadError(f"{expression!r} joins with both “and” and “or”")
    return Relevant(tuple(_comparison(part) for part in parts), joins == {"or"})


def bounds(expression: str) -> tuple[int | None, int | None]:
    """Lowest and highest whole number that a ``constraint`` cell allows. Raises NotReadError."""
    parts, joins = _parts(expression)
    if "or" in joins:
        raise NotReadError(f"{expression!r} is no range of whole numbers")
    low, high = None, None
    for part in parts:
        found = _BOUND.fullmatch(part)
        if found is None:
            raise NotReadError(f"{part.strip()!r} is no bound such as . >= 0")
        operator, number = found[1], int(found[2])
        if operator.startswith(">"):
            low = number + (operator == ">")
        else:
            high = number - (operator == "<")
    return low, high


def _parts(expression: str) -> tuple[list[str], set[str]]:
    pieces = _JOIN.split(f" {expression} ")
    return pieces[::2], set(pieces[1::2])


def _comparison(part: str) -> Comparison:
    if found := _SELECTED.fullmatch(part):
        return Comparison(found[1], "=", _plain(found[2]))
    found = _COMPARISON.fullmatch(part)
    if found is None:
        raise NotReadError(f"{part.strip()!r} is no comparison of one question with one value")
    name, operator, value = found[1], found[2], _plain(found[3])
    if value:
        return Comparison(name, operator, value)
    if operator not in ("=", "!="):
        raise NotReadError(f"{part.strip()!r} compares with nothing")
    return Comparison(name, "exists", "true" if operator == "!=" else "false")


def _plain(value: str) -> str:
    return value[1:-1] if value[:1] in "'\"" else value
