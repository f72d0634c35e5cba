"""Rows that name a person or a file from which the viewer is kept away look absent.

A worker may be a relative, a friend or an employer's colleague of somebody whose file is kept
here. Whatever a model says about who sees its rows, one that names an excluded identifier, itself
or through a row that it points to, is left out. Identifiers are random, so no other row can hold
one by chance, and no model has to say by which path it belongs to whom. Where nobody is kept away
no query changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.db import models

from casewall.wall.sides import Viewer


def keep_away(rows: Any, viewer: Viewer) -> Any:
    """`rows` without those that name somebody, or a file, that the viewer is kept away from."""
    for path in identifier_paths(rows.model):
        rows = rows.exclude(**{f"{path}__in": viewer.excluded})
    return rows


@cache
def identifier_paths(model: type[models.Model]) -> tuple[str, ...]:
    """Where identifiers stand in a row of a model, and in the rows that it points to.

    Columns that name a worker hold no identifier of a person or a file and are left out.
    """
    return tuple(_walk(model, "", (model,)))


def _walk(model: Any, before: str, seen: tuple[Any, ...]) -> Iterator[str]:
    for field in model._meta.concrete_fields:
        if field.is_relation:
            yield before + field.attname
            if field.related_model not in seen:
                further = (*seen, field.related_model)
                yield from _walk(field.related_model, f"{before}{field.name}__", further)
        elif isinstance(field, models.UUIDField) and not (
            _names_a_worker(field.name) or (before and field.primary_key)
        ):
            yield before + field.name


def _names_a_worker(name: str) -> bool:
    return name == "worker" or name.endswith(("_worker", "_by"))
