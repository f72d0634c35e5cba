"""One item of a meeting: what was said and decided, actions, and extracts for single files."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from casewall.safety.children.models import Child, ChildAdult
from casewall.safety.children.reading import named
from casewall.safety.coordination.models import Disclosure
from casewall.safety.meetings import actions, forms
from casewall.safety.meetings.disclosing import disclosure_of
from casewall.safety.meetings.models import AgendaItem, Extract, MeetingAction
from casewall.safety.meetings.reading import (
    ACTION_COLUMNS,
    action_rows,
    owner_words,
    subjects,
    title_of,
    workers_of,
)
from casewall.safety.meetings.rules import For
from casewall.safety.meetings.views.meetings import SEES_MEETINGS
from casewall.safety.meetings.views.steps import answer, form_page, looked_at, viewer_of
from casewall.safety.meetings.words import reason_tags, words_of
from casewall.safety.partners.words import in_words
from casewall.safety.pulled.models import PulledCase
from casewall.safety.reading import found, must, names_of, only
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Viewer


def item_seen(request: HttpRequest, pk: UUID, duty: Duty | None = None) -> AgendaItem:
    """An item, where this viewer sees it and has the duty; 404 otherwise."""
    rows = AgendaItem.objects.visible_to(viewer_of(request))
    item: AgendaItem = found(rows.select_related("meeting", "file__partner"), pk)
    if duty is not None:
        must(viewer_of(request), duty)
    return item


def _about(item: AgendaItem, viewer: Viewer) -> tuple[str, str]:
    return subjects([item], viewer)[item.pk]


def _page(pk: UUID) -> str:
    return reverse("agenda-item", args=[pk])


@require_safe
def item(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One item with its decision, its actions and its extracts."""
    viewer = viewer_of(request)
    one = item_seen(request, pk)
    looked_at(request, one, one.file or one.meeting)
    todo = MeetingAction.objects.visible_to(viewer).filter(item=one).order_by("due_on", "id")
    name, url = _about(one, viewer)
    return render(
        request,
        "meetings/item.html",
        {
            "one": one,
            "name": name,
            "file": one.file,
            "file_url": url,
            "meeting": one.meeting,
            "meeting_title": title_of(one.meeting),
            "tags": reason_tags(one.reasons),
            "level": one.level.replace("_", " "),
            "holds": bool(may_do(viewer.role, Duty.HOLD_MEETING)),
            "may_change_agenda": bool(may_do(viewer.role, Duty.JOINT_RISK)),
            "may_disclose": bool(may_do(viewer.role, Duty.REQUEST_DISCLOSURE)),
            "is_open": one.meeting.is_open,
            "action_columns": ACTION_COLUMNS,
            "actions": action_rows(todo, timezone.localdate(), "meeting-action"),
            "extracts": _extracts(one, viewer),
        },
    )


def _extracts(one: AgendaItem, viewer: Viewer) -> list[dict[str, object]]:
    rows = list(
        Extract.objects.visible_to(viewer)
        .filter(item=one)
        .select_related("child")
        .order_by("written_at", "id")
    )
    asked = Disclosure.objects.visible_to(viewer).in_bulk([disclosure_of(row) for row in rows])
    return [
        {
            "whom": named(row.child) if row.child else words_of(For, row.whom),
            "text": row.text,
            "when": row.written_at,
            "for_client": row.whom == For.CLIENT and one.file_id is not None,
            "nobody": row.whom == For.CLIENT and one.file_id is None,
            "pk": row.pk,
            "disclosure": asked.get(disclosure_of(row)),
            "state": in_words(asked[disclosure_of(row)].state)
            if disclosure_of(row) in asked
            else "",
            "ask": _ask_url(one, row),
        }
        for row in rows
    ]


def _ask_url(one: AgendaItem, row: Extract) -> str:
    if one.file_id is None:
        return ""
    return f"{reverse('ask-disclosure', args=[one.file_id])}?from=extract:{row.pk}"


@form_page
def keep(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What was said and decided about one item."""
    viewer = viewer_of(request)
    one = item_seen(request, pk, Duty.HOLD_MEETING)
    first = {
        "discussion": one.discussion or "",
        "decision": one.decision or "",
        "version": one.version,
    }
    form = forms.ItemForm(request.POST or None, initial=first)
    name, _ = _about(one, viewer)

    def act() -> None:
        typed = form.cleaned_data
        actions.keep_item(
            item=one, discussion=typed["discussion"], decision=typed["decision"],
            version=typed["version"], by=viewer,
        )  # fmt: skip

    return answer(
        request, form, act, heading="What was said and decided", button="Save",
        saved="Saved.", back=_page(pk), of=one, row=one, material=one.file or one.meeting,
        name=name, draft=f"Meeting: {name}",
    )  # fmt: skip


@form_page
def take_off(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take an item off the agenda."""
    viewer = viewer_of(request)
    one = item_seen(request, pk, Duty.JOINT_RISK)
    form = forms.TakeOffForm(request.POST or None, initial={"version": one.version})

    def act() -> None:
        typed = form.cleaned_data
        actions.take_off(
            item=one, because=typed["because"], version=typed["version"], by=viewer
        )

    return answer(
        request, form, act, heading="Take it off the agenda", button="Take it off",
        saved="It is off the agenda, and stays readable with the reason.", back=_page(pk),
        of=one, row=one, name=_about(one, viewer)[0],
    )  # fmt: skip


@require_POST
def put_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put an item back on the agenda."""
    one = item_seen(request, pk, Duty.JOINT_RISK)
    try:
        actions.put_back(item=one, by=viewer_of(request))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "It is on the agenda again.")
    return redirect("agenda-item", pk)


@form_page
def add_action(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What somebody is to do."""
    viewer = viewer_of(request)
    one = item_seen(request, pk, Duty.HOLD_MEETING)
    form = forms.ActionForm(request.POST or None, workers=workers_of(one.compartment))

    def act() -> None:
        actions.add_action(item=one, by=viewer, **form.row())

    return answer(
        request, form, act, heading="What is to be done?", button="Save action",
        saved="The action has been saved. It stands on its owner's day.", back=_page(pk),
        of=one, name=_about(one, viewer)[0],
    )  # fmt: skip


@form_page
def action(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One action: its owner, or who keeps the meeting, says what came of it."""
    viewer = viewer_of(request)
    only(viewer, *SEES_MEETINGS)
    row = found(MeetingAction.objects.visible_to(viewer), pk)
    form = forms.OutcomeForm(request.POST or None, initial={"version": row.version})

    def act() -> None:
        typed = form.cleaned_data
        actions.finish_action(
            action=row, outcome=typed["outcome"], version=typed["version"], by=viewer,
            dropped=typed["done"] == "no",
        )  # fmt: skip

    facts = [
        ("What", row.what),
        ("Who", owner_words(row, names_of([row.owner]))),
        ("By", row.due_on),
        *([("What came of it", row.outcome), ("On", row.done_on)] if row.done_on else []),
    ]
    return answer(
        request, form, act, heading="What came of the action?", button="Save",
        saved="Saved.", back=reverse("meetings"), back_words="Back to meetings", of=row, row=row,
        facts=facts, without_form=row.done_on is not None,
    )  # fmt: skip


@form_page
def extract(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write what of an item is kept for one file."""
    viewer = viewer_of(request)
    one = item_seen(request, pk, Duty.HOLD_MEETING)
    children = _children(one, viewer)
    form = forms.ExtractForm(
        request.POST or None, children=[(str(child.pk), named(child)) for child in children],
        cases=_cases(one, viewer), with_partner=one.file_id is not None,
    )  # fmt: skip

    def act() -> None:
        typed, chosen = form.cleaned_data, form.chosen("child")
        actions.write_extract(
            item=one, whom=For(typed["whom"]), text=typed["text"], by=viewer,
            child=next((child for child in children if child.pk == chosen), None),
            case_id=form.chosen("case_id"), form=typed["form_id"],
        )  # fmt: skip

    return answer(
        request, form, act, heading="Keep something for one file", button="Save extract",
        saved="The extract has been saved.", back=_page(pk), of=one,
        material=one.file or one.meeting, name=_about(one, viewer)[0],
        lead="The minutes stay on the meeting. A file gets only what is written here for it: "
        "nothing is copied by itself.",
        draft=f"Extract: {_about(one, viewer)[0]}",
    )  # fmt: skip


def _children(one: AgendaItem, viewer: Viewer) -> list[Child]:
    if one.file_id is None:
        return []
    links = ChildAdult.objects.visible_to(viewer).filter(file=one.file_id, ended_on=None)
    return [link.child for link in links.select_related("child").order_by("linked_on", "id")]


def _cases(one: AgendaItem, viewer: Viewer) -> list[tuple[str, str]]:
    rows = PulledCase.objects.visible_to(viewer).filter(
        id__in=list(actions.cases_of_item(one, viewer))
    )
    return [(str(case.pk), case.name) for case in rows.order_by("-referred_on", "id")]
