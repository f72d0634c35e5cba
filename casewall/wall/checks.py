"""Build-time checks: every field labelled, encrypted where it must be, no path across the wall."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.core.checks import Error, register
from django.db import models

from casewall.wall.labels import ENCRYPTED, Label
from casewall.wall.models import ArrivalModel, WalledModel
from casewall.wall.router import side_of_label
from casewall.wall.sealed import SealedManager

SHARED_APPS = frozenset({"staff", "audit"})
"""Our own apps whose tables are in both clusters; their fields are labelled too."""

WORDS_OF_SQL = """
all analyse analyze and any array as asc asymmetric authorization binary both case cast check
collate collation column concurrently constraint create cross current_catalog current_date
current_role current_schema current_time current_timestamp current_user default deferrable desc
distinct do else end except false fetch for foreign freeze from full grant group having ilike in
initially inner intersect into is isnull join lateral leading left like limit localtime
localtimestamp natural not notnull null offset on only or order outer overlaps placing primary
references returning right select session_user similar some symmetric system_user table
tablesample then to trailing true union unique user using variadic verbose when where window with
"""
RESERVED = frozenset(WORDS_OF_SQL.split())
"""Words that PostgreSQL takes for its own: `pg_get_keywords()`, categories R and T."""


def is_walled(model: type[models.Model]) -> bool:
    """Whether a model holds protected rows."""
    return issubclass(model, (WalledModel, ArrivalModel))


def label_problems(model: Any) -> Iterable[str]:
    """Sentences about fields without a label, stale labels and missing encryption."""
    labels: dict[str, Label] = model.labels()
    names = {field.name for field in model._meta.local_fields}
    for name in sorted(names - set(labels)):
        yield f"{model.__name__}.{name} has no label: say what it would tell if it were read."
    for name in sorted(set(labels) - names):
        yield f"{model.__name__} labels a field “{name}” that it does not have."
    for field in model._meta.local_fields:
        must = labels.get(field.name) in ENCRYPTED
        if must and not getattr(field, "is_encrypted", False):
            yield f"{model.__name__}.{field.name} is {labels[field.name]} but not encrypted."


def relation_problems(model: Any) -> Iterable[str]:
    """Sentences about relations that would let a query walk to the other side.

    A relation from a side to a shared table is forbidden too, since the two sides would meet
    there: Django walks a relation backwards even where its `related_name` is "+".
    """
    own = side_of_label(model._meta.app_label)
    for field in model._meta.get_fields(include_hidden=True):
        if not field.is_relation:
            continue
        if field.related_model is None:
            yield f"{model.__name__}.{field.name} is a generic relation, which leads anywhere."
            continue
        other = side_of_label(field.related_model._meta.app_label)
        if own is other:
            continue
        if own is None:
            yield f"{model.__name__}.{field.name} leads from a shared table into one side."
        elif other is None:
            yield f"{model.__name__}.{field.name}: keep the identifier, not a relation."
        else:
            yield f"{model.__name__}.{field.name} leads across the wall."


def seal_problems(model: Any) -> Iterable[str]:
    """Sentences about a model of a side whose rows could be read without a viewer."""
    is_view = getattr(model, "IS_FLOW_VIEW", False)
    if not is_walled(model) and not is_view:
        yield f"{model.__name__} lies on one side and is not a WalledModel or an ArrivalModel."
    for manager in model._meta.managers:
        if not isinstance(manager, SealedManager):
            yield f"{model.__name__}.{manager.name} is a manager that is not sealed."
    side = side_of_label(model._meta.app_label)
    if not is_view and getattr(model, "SIDE", None) is not side:
        yield f"{model.__name__} does not say that its side is {side}."


def name_problems(model: Any) -> Iterable[str]:
    """Sentences about columns and tables whose names the generated grants could not write."""
    names = {model._meta.db_table, *(field.column for field in model._meta.local_concrete_fields)}
    for name in sorted(names & RESERVED):
        yield f"{model.__name__}: “{name}” is a word of SQL; give it another name."


def problems_of(model: Any) -> list[Error]:
    """All problems of one model, as Django check errors."""
    label = model._meta.app_label
    side = side_of_label(label)
    found = [Error(text, id="wall.E003") for text in relation_problems(model)]
    if side is not None:
        found += [Error(text, id="wall.E004") for text in seal_problems(model)]
    if side is not None or label in SHARED_APPS:
        found += [Error(text, id="wall.E005") for text in name_problems(model)]
        if hasattr(model, "labels"):
            found += [Error(text, id="wall.E002") for text in label_problems(model)]
        else:
            found.append(Error(f"{model.__name__} does not label its fields.", id="wall.E001"))
    return found


@register("casewall")
def check_wall(app_configs: Any = None, **kwargs: Any) -> list[Error]:
    """All problems of all models."""
    return [
        problem
        for model in apps.get_models(include_auto_created=True)
        for problem in problems_of(model)
    ]
