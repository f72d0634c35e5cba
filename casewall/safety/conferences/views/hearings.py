"""Conferences: the list of a day, research by agency, what came of a hearing, actions, flag."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models.functions import TruncDate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from casewall.audit.actions import record, record_many
from casewall.safety.conferences import actions, forms
from casewall.safety.conferences.models import (
    Conference,
    ConferenceAction,
    ConferenceReferral,
    Hearing,
    Research,
)
from casewall.safety.conferences.reading import (
    NAMELESS,
    flag_words,
    hearing_facts,
    repeat_until,
)
from casewall.safety.conferences.rules import (
    Answer,
    Counted,
    FlagEnd,
    Heard,
    State,
    marac_figures,
    months_before,
)
from casewall.safety.conferences.words import HEARD_COLOURS, REFERRED_BY, words_of
from casewall.safety.meetings.forms import ActionForm, OutcomeForm
from casewall.safety.meetings.reading import (
    ACTION_COLUMNS,
    action_rows,
    owner_words,
    workers_of,
)
from casewall.safety.meetings.views.meetings import services_of
from casewall.safety.meetings.views.steps import answer, form_page, looked_at, viewer_of
from casewall.safety.reading import found, leaf, must, names_of
from casewall.services.load import shipped
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Role, Viewer

CONFERENCE_COLUMNS = ["When", "Where", ("Cases", "number"), "Service"]
LIST_COLUMNS = ["Partner", ("Outcome", "tag"), "Repeat", ("Answers waited for", "number"), "Flag"]
RESEARCH_COLUMNS = ["Agency", ("Answer", "tag"), ("Due", "date"), "What it knows"]
FIGURE_COLUMNS = ["What", "How many", "Of how many", ("Not recorded", "number")]
NOT_RECORDED = "not recorded"


def _title(conference: Conference) -> str:
    return f"MARAC of {timezone.localtime(conference.held_at):%-d %B %Y, %H:%M}"


@require_safe
def conferences(request: HttpRequest) -> HttpResponse:
    """The days of the conference, referrals under way, and the ways to MATAC and figures."""
    viewer = viewer_of(request)
    must(viewer, Duty.REFER_CONFERENCE)
    if viewer.role is Role.CHILDRENS_WORKER:
        must(viewer, Duty.KEEP_CONFERENCE)
    page = leaf(
        Conference.objects.visible_to(viewer).annotate(held_on=TruncDate("held_at")),
        day="held_on", query={k: v for k, v in request.GET.items() if v},
    )  # fmt: skip
    counts: dict[UUID, int] = {}
    hearings = Hearing.objects.visible_to(viewer).filter(conference__in=page.rows)
    for one in hearings.values_list("conference_id", flat=True):
        counts[one] = counts.get(one, 0) + 1
    waiting = list(_under_way(viewer))
    record_many(by=viewer, verb="listed", things=[*page.rows, *waiting])
    return render(
        request,
        "conferences/list.html",
        {
            "keeps": bool(may_do(viewer.role, Duty.KEEP_CONFERENCE)),
            "columns": CONFERENCE_COLUMNS,
            "page": page,
            "rows": [_row(one, counts.get(one.pk, 0)) for one in page.rows],
            "referral_columns": ["Partner", ("State", "tag"), ("Begun", "date")],
            "referrals": [
                {
                    "url": reverse("marac-referral", args=[one.pk]),
                    "cells": [
                        one.file.partner.full_name or NAMELESS,
                        (words_of(State, one.state), "yellow" if one.state == "draft" else "green"),
                        one.begun_on,
                    ],
                }
                for one in waiting
            ],
        },
    )


def _under_way(viewer: Viewer) -> Any:
    """Drafts, and what was sent and is not on a list yet."""
    rows = ConferenceReferral.objects.visible_to(viewer).filter(
        state__in=[State.DRAFT, State.SENT], file__withdrawn_on=None
    )
    listed = Hearing.objects.visible_to(viewer).filter(
        heard__in=[Heard.LISTED, Heard.ACTIONS, Heard.NO_ACTIONS]
    )
    rows = rows.exclude(id__in=listed.values("referral_id"))
    return (
        rows.select_related("file__partner")
        .defer("answers", "judgement", "ground_reason")
        .order_by("begun_on", "id")[:50]
    )


def _row(one: Conference, cases: int) -> dict[str, Any]:
    known = dict(services_of_all())
    return {
        "url": reverse("marac", args=[one.pk]),
        "cells": [
            f"{timezone.localtime(one.held_at):%-d %B %Y, %H:%M}",
            one.place or "not said",
            cases,
            known.get(one.service, one.service),
        ],
    }


def services_of_all() -> list[tuple[str, str]]:
    """The shipped services by their names."""
    return [(code, one.name) for code, one in shipped().items()]


@form_page
def plan(request: HttpRequest) -> HttpResponse:
    """Write down when a conference is."""
    viewer = viewer_of(request)
    must(viewer, Duty.KEEP_CONFERENCE)
    form = forms.ConferenceForm(request.POST or None, services=services_of(viewer))

    def act() -> str:
        typed = form.cleaned_data
        made = actions.plan_conference(
            service=typed["service"], held_at=typed["moment"], place=typed["place"], by=viewer,
            form=typed["form_id"],
        )  # fmt: skip
        return reverse("marac", args=[made.pk])

    return answer(
        request, form, act, heading="When is the MARAC?", button="Save", saved="Saved.",
        back=reverse("maracs"),
    )  # fmt: skip


@require_safe
def conference(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The list of one day: what a viewer sees of it."""
    viewer = viewer_of(request)
    one = found(Conference.objects.visible_to(viewer), pk)
    rows = list(
        Hearing.objects.visible_to(viewer)
        .filter(conference=one)
        .select_related("file__partner")
        .order_by("-repeat", "id")
    )
    waits: dict[UUID, int] = {}
    asked = Research.objects.visible_to(viewer).filter(hearing__in=rows, answer=Answer.ASKED)
    for hearing_id in asked.values_list("hearing_id", flat=True):
        waits[hearing_id] = waits.get(hearing_id, 0) + 1
    record(by=viewer, verb="viewed", thing=one)
    return render(
        request,
        "conferences/conference.html",
        {
            "one": one,
            "title": _title(one),
            "keeps": bool(may_do(viewer.role, Duty.KEEP_CONFERENCE)),
            "columns": LIST_COLUMNS,
            "rows": [
                {
                    "url": reverse("marac-hearing", args=[row.pk]),
                    "cells": [
                        row.file.partner.full_name or NAMELESS,
                        (words_of(Heard, row.heard), HEARD_COLOURS.get(row.heard, "grey")),
                        "Repeat" if row.repeat else "no",
                        waits.get(row.pk, 0),
                        flag_words(row),
                    ],
                }
                for row in rows
            ],
        },
    )


@form_page
def put_on_list(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put a sent referral on the list of a day."""
    viewer = viewer_of(request)
    one = found(Conference.objects.visible_to(viewer), pk)
    must(viewer, Duty.KEEP_CONFERENCE)
    sent = _under_way(viewer)
    referrals = {
        str(row.pk): row
        for row in sent
        if row.state == State.SENT and row.file.service == one.service
    }
    choices = [(key, row.file.partner.full_name or NAMELESS) for key, row in referrals.items()]
    form = forms.ListForm(request.POST or None, referrals=choices)

    def act() -> str:
        chosen = referrals[form.cleaned_data["referral"]]
        made = actions.list_referral(conference=one, referral=chosen, by=viewer)
        return reverse("marac-hearing", args=[made.pk])

    return answer(
        request, form, act, heading="Put a referral on the list", button="Put on the list",
        saved="It is on the list.", back=reverse("marac", args=[pk]),
        name=_title(one), without_form=not choices,
        lead="" if choices else "No sent referral waits for a list.",
    )  # fmt: skip


def hearing_seen(request: HttpRequest, pk: UUID, duty: Duty | None = None) -> Hearing:
    """A hearing with its file, where this viewer sees it and has the duty; 404 otherwise."""
    rows = Hearing.objects.visible_to(viewer_of(request))
    row: Hearing = found(rows.select_related("file__partner", "conference", "referral"), pk)
    if duty is not None:
        must(viewer_of(request), duty)
    return row


def _page(pk: UUID) -> str:
    return reverse("marac-hearing", args=[pk])


@require_safe
def hearing(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One case at one conference: research, outcome, actions and the flag."""
    viewer = viewer_of(request)
    row = hearing_seen(request, pk)
    looked_at(request, row, row.file)
    research = Research.objects.visible_to(viewer).filter(hearing=row).order_by("asked_on", "id")
    todo = ConferenceAction.objects.visible_to(viewer).filter(hearing=row).order_by("due_on", "id")
    keeps = bool(may_do(viewer.role, Duty.KEEP_CONFERENCE))
    colours = {Answer.ASKED: "yellow", Answer.CAME: "green", Answer.NONE: "grey"}
    return render(
        request,
        "conferences/hearing.html",
        {
            "row": row,
            "file": row.file,
            "title": _title(row.conference),
            "state": (words_of(Heard, row.heard), HEARD_COLOURS.get(row.heard, "grey")),
            "flag": flag_words(row),
            "flag_end": words_of(FlagEnd, row.flag_ended) if row.flag_ended else "",
            "repeat_until": repeat_until(row),
            "keeps": keeps,
            "is_listed": row.heard == Heard.LISTED,
            "research_columns": RESEARCH_COLUMNS,
            "research": [
                {
                    "url": reverse("marac-research", args=[one.pk])
                    if keeps and row.heard == Heard.LISTED
                    else "",
                    "cells": [
                        one.agency,
                        (words_of(Answer, one.answer), colours[Answer(one.answer)]),
                        one.due_on,
                        one.text or "",
                    ],
                }
                for one in research
            ],
            "action_columns": ACTION_COLUMNS,
            "actions": action_rows(todo, timezone.localdate(), "marac-action"),
        },
    )


@form_page
def ask(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask an agency what it knows."""
    row = hearing_seen(request, pk, Duty.KEEP_CONFERENCE)
    form = forms.AgencyForm(request.POST or None)

    def act() -> None:
        actions.ask_research(
            hearing=row, agency=form.cleaned_data["agency"], by=viewer_of(request),
            form=form.cleaned_data["form_id"],
        )  # fmt: skip

    return answer(
        request, form, act, heading="Ask an agency what it knows", button="It was asked",
        saved="Saved. The answer is waited for.", back=_page(pk), of=row,
        name=row.file.partner.full_name,
    )  # fmt: skip


@form_page
def research(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What an agency answered."""
    viewer = viewer_of(request)
    row = found(Research.objects.visible_to(viewer).select_related("file__partner"), pk)
    must(viewer, Duty.KEEP_CONFERENCE)
    first = {"answer": row.answer, "text": row.text or "", "version": row.version}
    form = forms.ResearchForm(request.POST or None, initial=first)

    def act() -> None:
        typed = form.cleaned_data
        actions.keep_research(
            research=row, answer=Answer(typed["answer"]), text=typed["text"],
            version=typed["version"], by=viewer,
        )  # fmt: skip

    return answer(
        request, form, act, heading="What did the agency answer?", button="Save",
        saved="Saved.", back=_page(row.hearing_id), of=row, row=row, material=row.file,
        name=row.file.partner.full_name, facts=[("Agency", row.agency)],
        draft=f"MARAC research: {row.file.partner.full_name}",
    )  # fmt: skip


@form_page
def heard(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What came of a hearing."""
    row = hearing_seen(request, pk, Duty.KEEP_CONFERENCE)
    form = forms.HeardForm(request.POST or None, initial={"version": row.version})

    def act() -> None:
        typed = form.cleaned_data
        actions.keep_hearing(
            hearing=row, outcome=Heard(typed["heard"]), summary=typed["summary"],
            version=typed["version"], by=viewer_of(request),
        )  # fmt: skip

    return answer(
        request, form, act, heading="What came of the hearing?", button="Save",
        saved="Saved.", back=_page(pk), of=row, row=row, material=row.file,
        name=row.file.partner.full_name, facts=[("Conference", _title(row.conference))],
        draft=f"MARAC hearing: {row.file.partner.full_name}",
    )  # fmt: skip


@form_page
def end_flag(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a flag off."""
    row = hearing_seen(request, pk, Duty.KEEP_CONFERENCE)
    form = forms.FlagForm(request.POST or None)

    def act() -> None:
        actions.end_flag(
            hearing=row, because=FlagEnd(form.cleaned_data["because"]), by=viewer_of(request)
        )

    return answer(
        request, form, act, heading="Take the flag off", button="Take it off",
        saved="The flag is off.", back=_page(pk), of=row, name=row.file.partner.full_name,
        facts=[("Flag", flag_words(row))],
    )  # fmt: skip


@form_page
def add_action(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What somebody is to do after a hearing."""
    row = hearing_seen(request, pk, Duty.KEEP_CONFERENCE)
    form = ActionForm(request.POST or None, workers=workers_of(row.compartment))

    def act() -> None:
        actions.add_conference_action(hearing=row, by=viewer_of(request), **form.row())

    return answer(
        request, form, act, heading="What is to be done?", button="Save action",
        saved="The action has been saved.", back=_page(pk), of=row,
        name=row.file.partner.full_name,
    )  # fmt: skip


@form_page
def action(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One action: its owner, or who keeps the conference, says what came of it."""
    row = found(ConferenceAction.objects.visible_to(viewer_of(request)), pk)
    return outcome_page(request, row, actions.finish_conference_action, reverse("today"))


def outcome_page(request: HttpRequest, row: Any, finish: Any, back: str) -> HttpResponse:
    """The page on which somebody says what came of an action."""
    form = OutcomeForm(request.POST or None, initial={"version": row.version})

    def act() -> None:
        typed = form.cleaned_data
        finish(
            action=row, outcome=typed["outcome"], version=typed["version"],
            by=viewer_of(request), dropped=typed["done"] == "no",
        )  # fmt: skip

    facts = [
        ("What", row.what),
        ("Who", owner_words(row, names_of([row.owner]))),
        ("By", row.due_on),
        *([("What came of it", row.outcome), ("On", row.done_on)] if row.done_on else []),
    ]
    return answer(
        request, form, act, heading="What came of the action?", button="Save", saved="Saved.",
        back=back, of=row, row=row, facts=facts, without_form=row.done_on is not None,
    )  # fmt: skip


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """National-style figures of a period, each with n of N and what is not recorded."""
    viewer = viewer_of(request)
    must(viewer, Duty.KEEP_CONFERENCE)
    services, today = services_of(viewer), timezone.localdate()
    given = request.GET if "service" in request.GET else None
    first_day = months_before(today, 12)
    form = forms.PeriodForm(
        given, services=services,
        initial={"service": services[0][0] if services else "", "first": first_day,
                 "last": today},
    )  # fmt: skip
    service, first, last = services[0][0] if services else "", first_day, today
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        service, first, last = typed["service"], typed["first"], typed["last"]
    counted = marac_figures(hearing_facts(viewer, service, first, last), REFERRED_BY)
    record(by=viewer, verb="viewed", kind="marac figures")
    return render(
        request,
        "conferences/figures.html",
        {
            "form": form,
            "columns": FIGURE_COLUMNS,
            "rows": [{"cells": _cells(one)} for one in counted],
            "period": f"{_day(first)} to {_day(last)}",
            "service": dict(services).get(service, ""),
        },
        status=422 if form.errors else 200,
    )


def _cells(one: Counted) -> list[Any]:
    if one.n is None:
        return [one.what, NOT_RECORDED, NOT_RECORDED, one.not_recorded]
    of = f"{one.n}/{one.of} {one.among}" if one.of is not None else ""
    return [one.what, str(one.n), of, one.not_recorded]


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"
