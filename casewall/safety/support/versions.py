"""Plans and their versions as a partner's file shows them, and the section of the safety plan."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, TypeVar

from django.urls import reverse
from django.utils import timezone

from casewall.safety.partners.models import PartnerFile
from casewall.safety.partners.parts import Shown
from casewall.safety.support.forms.plans import HEADINGS
from casewall.safety.support.models import SafetyPlan, SafetyPlanCopy
from casewall.safety.support.rules import Handing
from casewall.safety.support.words import words_of
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Viewer

Model = TypeVar("Model", bound=Any)
Rows = list[tuple[str, Any]]
Entry = dict[str, Any]


def works_with(file: PartnerFile, viewer: Viewer) -> bool:
    """Whether the viewer can add to the file."""
    return bool(may_do(viewer.role, Duty.SUPPORT_PARTNER)) and file.withdrawn_on is None


def newest(model: type[Model], file: PartnerFile, viewer: Viewer) -> Model | None:
    """The version of a plan that holds, or None."""
    rows = model.objects.visible_to(viewer).filter(file=file)
    found: Model | None = rows.order_by("-number").first()
    return found


def all_of(model: type[Model], file: PartnerFile, viewer: Viewer, *order: str) -> list[Model]:
    """All records of one kind in a file, in an order."""
    return list(model.objects.visible_to(viewer).filter(file=file).order_by(*order, "id"))


def safety_words(plan: SafetyPlan) -> Rows:
    """A safety plan by heading; what is not written is left out."""
    rows = [(label, getattr(plan, name)) for name, (label, _hint) in HEADINGS.items()]
    return [(label, text) for label, text in rows if text]


def file_steps(
    file: PartnerFile, works: bool, steps: tuple[tuple[str, str], ...]
) -> list[tuple[str, str]]:
    """The steps that a worker may take, as links."""
    if not works:
        return []
    return [
        (label, reverse(name, args=[] if name == "support-groups" else [file.pk]))
        for label, name in steps
    ]


def plan_entries(plans: list[Any], name: str) -> Iterator[Entry]:
    """The versions of a plan in the timeline."""
    for row in plans:
        yield {
            "title": f"{name}, version {row.number}",
            "when": row.written_on,
            "by": row.worker,
            "text": getattr(row, "goals", ""),
            "label": (name, "teal"),
        }


def plan_waits(plans: list[Any], what: str, name: str, works: bool) -> Iterator[Entry]:
    """The day on which the newest version is to be looked at again."""
    if plans:
        yield {
            "what": f"Look at the {what} again",
            "due": plans[0].review_on,
            "url": reverse(name, args=[plans[0].file_id]) if works else "",
        }


def safety_part(file: PartnerFile, viewer: Viewer, today: date) -> Shown:
    """The safety plan and its earlier versions: two queries."""
    works = works_with(file, viewer)
    plans = all_of(SafetyPlan, file, viewer, "-number")
    copies = all_of(SafetyPlanCopy, file, viewer, "-handed_at")
    plan = plans[0] if plans else None
    late = plan is not None and plan.review_on < today
    return Shown(
        entries=[
            *plan_entries(plans, "Safety plan"),
            *(
                {
                    "title": f"Safety plan: {words_of(Handing, row.how).lower()}",
                    "when": row.handed_at,
                    "by": row.worker,
                    "label": ("Safety plan", "teal"),
                }
                for row in copies
            ),
        ],
        waits_for=list(plan_waits(plans, "safety plan", "safety-plan", works)),
        steps=file_steps(file, works, (("Write the safety plan", "safety-plan"),)),
        flags=[("Safety plan overdue for review", "orange")] if late else [],
        template="support/safety_plan.html",
        context=lambda: {
            "works": works,
            "plan": plan,
            "plan_rows": safety_words(plan) if plan else [],
            "earlier": [
                (f"Version {row.number} of {row.written_on:%-d %B %Y}", safety_words(row))
                for row in plans[1:]
            ],
            "copies": [
                f"{timezone.localtime(row.handed_at):%-d %B %Y}: "
                f"{words_of(Handing, row.how).lower()}"
                for row in copies
            ],
        },
    )
