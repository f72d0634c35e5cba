"""Partner material that a worker opened lately, and the words that a text shares with it.

An app with texts of its own says so when it is ready:
`add_material("support", texts_of)` with `texts_of(file, viewer) -> texts`, or with
`of=Child` for what is opened by another record than a partner's file.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Model

from casewall.safety.coordination.models import Disclosure, Opened
from casewall.safety.coordination.overlap import shared_runs
from casewall.safety.messages.actions import TASK as REFERRER_WROTE
from casewall.safety.partners.models import (
    OfAFile,
    Partner,
    PartnerFile,
    PartnerTask,
    ScaleAnswer,
)
from casewall.wall.context import acting
from casewall.wall.duties import Duty, require
from casewall.wall.labels import Label
from casewall.wall.sides import Viewer

LOOKING_BACK = timedelta(hours=72)
"""How long what was read counts as still in mind. Source: security guide, section 2.3."""

TextsOf = Callable[[Any, Viewer], Iterable[str | None]]
"""The record that was opened, who opened it → the texts of it that this worker could read."""

_MATERIAL: dict[str, tuple[type[Model], TextsOf]] = {}


def add_material(key: str, texts_of: TextsOf, of: type[Model] = PartnerFile) -> None:
    """Say which texts somebody may have read who opened a record of the model `of`.

    The same key again replaces it. `texts_of` asks by `visible_to(viewer)`.
    """
    _MATERIAL[key] = (of, texts_of)


def opened(*, by: Viewer, thing: Any, at: datetime) -> None:
    """Note that `by` opened `thing`: a partner's file, or another record with material.

    It is called on a GET, as the audit is: what was read is known by the reading alone.
    """
    with acting(by):
        Opened(
            compartment=thing.compartment,
            worker=by.worker,
            kind=thing._meta.label_lower,
            thing_id=thing.pk,
            opened_at=at,
        ).save(force_insert=True)


def forget_openings(*, by: Viewer, at: datetime) -> int:
    """Delete what was noted longer ago than is looked back; returns how many rows."""
    require(by, Duty.PULL)
    with acting(by):
        rows = Opened.objects.visible_to(by).filter(opened_at__lt=at - LOOKING_BACK)
        deleted: int = rows.delete()[0]
        return deleted


def shared_with_opened(*, text: str, by: Viewer, at: datetime) -> tuple[str, ...]:
    """The parts of `text` that share five words in a row with what `by` opened in 72 hours.

    It looks with the worker's own eyes: texts that this worker may no longer see are not read.
    """
    with acting(by):
        return shared_runs(text, _texts(by, at))


def _texts(by: Viewer, at: datetime) -> Iterator[str]:
    seen: dict[str, set[UUID]] = {}
    rows = Opened.objects.visible_to(by).filter(
        worker=by.worker, opened_at__gte=at - LOOKING_BACK, opened_at__lte=at
    )
    for kind, thing in rows.values_list("kind", "thing_id").distinct():
        seen.setdefault(kind, set()).add(thing)
    for model, texts_of in _MATERIAL.values():
        things = seen.get(model._meta.label_lower)
        if not things:
            continue
        rows_of: Any = model
        for thing in rows_of.objects.visible_to(by).filter(pk__in=things).order_by("pk"):
            yield from filter(None, texts_of(thing, by))


def texts_of_all(thing: Model, viewer: Viewer) -> Iterator[str]:
    """Every text of a record that this viewer could have read, whenever it was opened."""
    for model, texts_of in _MATERIAL.values():
        if isinstance(thing, model):
            yield from filter(None, texts_of(thing, viewer))


def texts_of_file(file: PartnerFile, viewer: Viewer) -> Iterator[str | None]:
    """The partners' app's own texts: notes, plans of safe contact, answers, tasks, the address.

    What a referrer wrote is left out: it is not the partner's, and may be written for the client.
    """
    yield file.note
    for partner in Partner.objects.visible_to(viewer).filter(pk=file.partner_id):
        yield partner.address
    yield from texts_below(OfAFile, "file", file, viewer)
    tasks = PartnerTask.objects.visible_to(viewer).filter(file=file)
    for task in tasks.exclude(kind=REFERRER_WROTE):
        yield task.note
    for row in ScaleAnswer.objects.visible_to(viewer).filter(file=file):
        yield from _said(row.answers)


def texts_below(kind: type[Model], path: str, thing: Any, viewer: Viewer) -> Iterator[str | None]:
    """Every encrypted free text of the records of a kind that belong to `thing`.

    Asked of all apps of this side, so that a new record is material from its first day. Answers
    to a scale are read apart.
    """
    for model in sorted(apps.get_models(), key=lambda model: model._meta.label_lower):
        if not issubclass(model, kind) or model is ScaleAnswer:
            continue
        labels = model.labels()
        names = [
            field.name
            for field in model._meta.local_fields
            if getattr(field, "is_encrypted", False) and labels[field.name] is Label.TEXT
        ]
        if names:
            rows = model.objects.visible_to(viewer).filter(**{path: thing})
            for row in rows.only("id", *names):
                yield from (getattr(row, name) for name in names)


def _said(written: str | None) -> Iterator[str]:
    """The words among raw answers; figures and codes are no words in a row."""
    answers = json.loads(written) if written else {}
    yield from (one for one in answers.values() if isinstance(one, str))


def texts_of_disclosure(one: Disclosure, viewer: Viewer) -> Iterator[str | None]:
    """Why something was asked for, refused or reviewed: it stays on this side.

    The words that were asked to cross are not material: they were written to cross.
    """
    yield from (one.override_reason, one.refusal, one.danger, one.review_note)
