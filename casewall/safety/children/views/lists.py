"""The list of children, and how many they are."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from casewall.audit.actions import record, record_many
from casewall.safety.children.models import Child, ChildSupport
from casewall.safety.children.reading import born_words, counts, named, plan_on, plan_tag, plans_of
from casewall.safety.children.rules import Counted, Plan
from casewall.safety.children.views.steps import homes
from casewall.safety.children.words import words_of
from casewall.safety.reading import NOBODY, leaf, names_of, only
from casewall.services.load import shipped
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Role

SEES_CHILDREN = (
    Role.PARTNER_WORKER,
    Role.CHILDRENS_WORKER,
    Role.COORDINATOR,
    Role.SAFETY_MANAGER,
)
COUNTS = (Role.COORDINATOR, Role.SAFETY_MANAGER)
COLUMNS = ["Child", "Born", ("Plan", "tag"), "Children's worker", ("Recorded", "date")]
WHICH = [
    ("", "All"),
    ("supported", "In the children's service"),
    ("waiting", "Waiting for a children's worker"),
]


class ChildrenFilter(forms.Form):
    """Which children to list."""

    which = forms.ChoiceField(label="Which", required=False, choices=WHICH)


@require_safe
def child_list(request: HttpRequest) -> HttpResponse:
    """Children, the latest recorded first: own ones, or all of the service by role."""
    viewer = request.viewer  # type: ignore[attr-defined]
    only(viewer, *SEES_CHILDREN)
    query = {k: v for k, v in request.GET.items() if v}
    rows = Child.objects.visible_to(viewer).filter(same_as=None)
    open_ones = ChildSupport.objects.visible_to(viewer).filter(ended_on=None)
    if query.get("which") == "supported":
        rows = rows.filter(id__in=open_ones.filter(worker__isnull=False).values("child_id"))
    elif query.get("which") == "waiting":
        rows = rows.filter(id__in=open_ones.filter(worker=None).values("child_id"))
    page = leaf(rows, day="recorded_on", query=query)
    shown = [child.pk for child in page.rows]
    plans, today = plans_of(shown, viewer), timezone.localdate()
    workers = dict(open_ones.filter(child_id__in=shown).values_list("child_id", "worker"))
    names = names_of(workers.values())
    record_many(by=viewer, verb="listed", things=page.rows)
    chosen = [(dict(WHICH)[query["which"]], "?")] if query.get("which") in dict(WHICH) else []

    def worker(child: Child) -> str:
        if child.pk not in workers:
            return "not in the children's service"
        return names.get(workers[child.pk], NOBODY)

    return render(
        request,
        "children/list.html",
        {
            "filter": ChildrenFilter(request.GET),
            "chosen": chosen,
            "page": page,
            "columns": COLUMNS,
            "rows": [
                {
                    "url": reverse("child", args=[child.pk]),
                    "cells": [
                        named(child),
                        born_words(child),
                        plan_tag(plan_on(plans.get(child.pk, []), today)),
                        worker(child),
                        child.recorded_on,
                    ],
                }
                for child in page.rows
            ],
            "counts": viewer.role in COUNTS,
            "groups": bool(may_do(viewer.role, Duty.SUPPORT_CHILD)),
            "records": viewer.role is Role.CHILDRENS_WORKER and bool(homes(viewer)),
        },
    )


@require_safe
def child_counts(request: HttpRequest) -> HttpResponse:
    """Unique children by service and plan, and files of which nobody knows."""
    viewer = request.viewer  # type: ignore[attr-defined]
    only(viewer, *COUNTS)
    counted = counts(viewer, timezone.localdate())
    record(by=viewer, verb="viewed", kind="counts of children")
    definitions = shipped()
    named_services = [
        (definitions[code].name if code in definitions else str(code), one)
        for code, one in counted.items()
        if code is not None
    ]
    rows = [*named_services, ("All services", counted[None])]
    return render(
        request,
        "children/counts.html",
        {
            "plan_columns": [
                "Service",
                ("Children", "number"),
                *((words_of(Plan, plan), "number") for plan in Plan),
            ],
            "plan_rows": [_plan_row(name, one) for name, one in rows],
            "file_columns": [
                "Service",
                ("Partners' files", "number"),
                ("With children", "number"),
                ("No children", "number"),
                ("Not known", "number"),
            ],
            "file_rows": [
                {"cells": [name, one.files, one.files_with, one.files_none, one.files_unknown]}
                for name, one in rows
            ],
        },
    )


def _plan_row(name: str, one: Counted) -> dict[str, Any]:
    return {"cells": [name, one.children, *(one.plans[plan] for plan in Plan)]}
