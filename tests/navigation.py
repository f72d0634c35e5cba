"""The navigation that a site really has, read from its settings without their credentials."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

SITES = Path(__file__).resolve().parents[1] / "casewall" / "config" / "sites"
SHOWN = ("CASEWALL_NAVIGATION", "CASEWALL_MORE")


def navigation_of(site: str) -> dict[str, Any]:
    """`CASEWALL_NAVIGATION` and `CASEWALL_MORE` of a site, for `override_settings`."""
    tree = ast.parse((SITES / f"{site}.py").read_text(encoding="utf-8"))
    found: dict[str, Any] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            try:
                found[node.targets[0].id] = _value(node.value, found)
            except ValueError:
                continue  # not a tuple, a list or a text: no part of a navigation
    return {name: found[name] for name in SHOWN}


def _value(node: ast.expr, known: dict[str, Any]) -> Any:
    """What a tuple, a list, a text or an earlier name stands for. Raises ValueError."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.Name(id=name) if name in known:
            return known[name]
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            found: list[Any] = []
            for part in parts:
                if isinstance(part, ast.Starred):
                    found += _value(part.value, known)
                else:
                    found.append(_value(part, known))
            return tuple(found)
    raise ValueError(ast.dump(node))
