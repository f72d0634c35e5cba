"""Pages of requests about the own record: taken in, reviewed by two people, answered."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casewall.audit.actions import record, record_many
from casewall.programme.rights import pages
from casewall.programme.rights.forms import (
    DecideForm,
    IdentityForm,
    LiftForm,
    RestrictForm,
    StatementForm,
)
from casewall.programme.rights.pages import do, viewer_of
from casewall.programme.rights.rules import (
    RIGHT_WORDS,
    Because,
    Decided,
    Extension,
    How,
    Identity,
    Right,
)
from casewall.safety.children.models import Child
from casewall.safety.partners.models import PartnerFile
from casewall.safety.reading import found, leaf, must, names_of
from casewall.safety.rights import actions, forms
from casewall.safety.rights.actions.reviewing import leaves_on, signs_in
from casewall.safety.rights.models import FileRestriction, RightsCase, RightsItem, RightsReply
from casewall.safety.rights.reading import (
    ITEM_COLUMNS,
    REQUEST_COLUMNS,
    item_facts,
    item_row,
    kind_in_words,
    progress,
    request_facts,
    request_row,
    review_entries,
    signs_in_words,
    today_items,
)
from casewall.safety.rights.rules import (
    Origin,
    Person,
    Route,
    State,
    Verdict,
    may_batch,
    proposed,
    waits_for,
)
from casewall.staff.step_up import fresh_second_factor
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty, may_do

form_page = require_http_methods(["GET", "HEAD", "POST"])
STEP = "pages/rights/step.html"
SHOWN = {
    "waiting": "Waiting for you",
    "signs": "With signs of somebody else",
    "plain": "Without any sign",
    "partners": "Of partners' files",
    "all": "All",
}
PAGE = 50


def answer(*args: Any, **more: Any) -> HttpResponse:
    """A page with a form, drawn with the template of this side."""
    return pages.answer(*args, template=STEP, **more)


def version_in(request: HttpRequest) -> int:
    """The version that a button was drawn for."""
    typed = request.POST.get("version", "")
    return int(typed) if typed.isdecimal() and len(typed) < 9 else 0


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """What waits today, and every request, the newest first."""
    viewer = viewer_of(request)
    must(viewer, Duty.TAKE_REQUEST)
    today = timezone.localdate()
    shown = leaf(RightsCase.objects.visible_to(viewer).defer("asks", "decision_reason"),
                 day="received_on", query=request.GET.dict())  # fmt: skip
    record_many(by=viewer, verb="listed", things=shown.rows)
    return render(request, "asked/requests.html", {
        "today": today, "tasks": today_items(viewer, today, today), "columns": REQUEST_COLUMNS,
        "rows": [request_row(row) for row in shown.rows], "leaf": shown,
        "handles": bool(may_do(viewer.role, Duty.HANDLE_REQUEST)),
    })  # fmt: skip


def _given(typed: dict[str, Any]) -> dict[str, Any]:
    return {
        "right": Right(typed["right"]), "received_on": typed["received_on"],
        "how": How(typed["how"]), "identity": Identity(typed["identity"]),
        "identity_on": typed["identity_on"], "language": typed["language"],
        "asks": typed["asks"], "form": typed["form_id"],
    }  # fmt: skip


def _taken(row: RightsCase) -> str:
    return reverse("rights-request", args=[row.pk])


def file_with(request: HttpRequest, pk: UUID, duty: Duty) -> PartnerFile:
    """The file with its partner, where this viewer sees it and has the duty; 404 otherwise."""
    rows = PartnerFile.objects.visible_to(viewer_of(request)).select_related("partner")
    file: PartnerFile = found(rows, pk)
    must(viewer_of(request), duty)
    record(by=viewer_of(request), verb="viewed", thing=file)
    return file


@form_page
def ask(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take in what a partner asks about the own record."""
    file = file_with(request, pk, Duty.TAKE_REQUEST)
    return answer(
        request, forms.AskForm(request.POST or None),
        lambda typed: actions.take_request(file=file, by=viewer_of(request), **_given(typed)),
        of=file, who=file.partner.full_name, heading="Take in what the partner asks",
        button="Save request", saved="The request has been saved.",
        back=reverse("partner", args=[pk]), then=_taken,
        lead="A partner may ask for a copy, for a correction, that the record is not used or is "
             "deleted, and may object. The answer goes only by a way that is confirmed safe.",
    )  # fmt: skip


@form_page
def ask_for_child(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take in what somebody asks about a child's record."""
    viewer = viewer_of(request)
    child: Child = found(Child.objects.visible_to(viewer), pk)
    must(viewer, Duty.TAKE_REQUEST)
    record(by=viewer, verb="viewed", thing=child)
    return answer(
        request, forms.ChildAskForm(request.POST or None),
        lambda typed: actions.take_request(
            child=child, by=viewer, speaks=typed["speaks"],
            is_client=typed["is_client"] == "yes", **_given(typed)),
        who=child.full_name, heading="Take in what is asked about a child's record",
        button="Save request", saved="The request has been saved.",
        back=reverse("rights-requests"), then=_taken,
        lead="The record is the child's. Somebody who speaks for the child may ask; a person who "
             "has used violence does not learn by it where the child lives or what it said.",
    )  # fmt: skip


@form_page
def ask_as_worker(request: HttpRequest) -> HttpResponse:
    """Take in what a worker asks about the own record."""
    viewer = viewer_of(request)
    must(viewer, Duty.HANDLE_REQUEST)
    return answer(
        request, forms.WorkerAskForm(request.POST or None),
        lambda typed: actions.take_request(worker_name=typed["name"], by=viewer, **_given(typed)),
        heading="Take in what a worker asks", button="Save request",
        saved="The request has been saved.", back=reverse("rights-requests"), then=_taken,
    )  # fmt: skip


def _row(request: HttpRequest, pk: UUID, duty: Duty = Duty.HANDLE_REQUEST) -> RightsCase:
    row: RightsCase = found(RightsCase.objects.visible_to(viewer_of(request)), pk)
    must(viewer_of(request), duty)
    return row


@require_safe
def shown(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One request: where it stands, how far the review is, and what is next."""
    viewer = viewer_of(request)
    row = _row(request, pk, Duty.TAKE_REQUEST)
    record(by=viewer, verb="read", thing=row)
    handles = bool(may_do(viewer.role, Duty.HANDLE_REQUEST))
    standing = actions.standing_of(row, viewer) if handles and row.gathered_at else None
    context: dict[str, Any] = {
        "row": row, "heading": RIGHT_WORDS[Right(row.asked_for)],
        "facts": request_facts(row, names_of([row.decided_by])), "handles": handles,
        "steps": _steps(row, handles), "standing": standing,
        "may_gather": handles and row.person != Person.CLIENT and row.state == State.OPEN
        and row.asked_for == Right.ACCESS and row.identity_on and row.gathered_at is None,
    }  # fmt: skip
    if standing is not None:
        mine = viewer.worker
        plain, partners = (
            sum(1 for item in standing.items
                if may_batch(Origin(item.origin), signs_in(item.signs), verdict)
                and standing.of_worker(item, mine) is None)
            for verdict in (Verdict.INCLUDE, Verdict.WITHHOLD)
        )  # fmt: skip
        context |= {
            "progress": progress(standing), "plain": plain, "partners": partners,
            "waiting": len(standing.waiting), "leaves_on": leaves_on(row),
        }  # fmt: skip
    return render(request, "asked/request.html", context)


def _steps(row: RightsCase, handles: bool) -> list[tuple[str, str]]:
    if row.state != State.OPEN:
        return []
    ours = row.person != Person.CLIENT
    steps = []
    if ours and row.identity_on is None:
        steps.append(("Make sure who asks", reverse("rights-identity", args=[row.pk])))
    if handles and ours and row.asked_for != Right.ACCESS and row.identity_on:
        steps.append(("Decide the request", reverse("rights-decide", args=[row.pk])))
    if handles and row.gathered_at is not None:
        steps.append(("Add a record by hand", reverse("rights-by-hand", args=[row.pk])))
    if handles and row.identity_on and row.extended_on is None:
        steps.append(("Extend the time for the answer", reverse("rights-extend", args=[row.pk])))
    return steps


@form_page
def identity(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say how it was made sure who asks."""
    row = _row(request, pk, Duty.TAKE_REQUEST)
    return answer(
        request, IdentityForm(request.POST or None, initial={"version": row.version}),
        lambda typed: actions.prove_identity(
            request=row, identity=Identity(typed["identity"]), on=typed["on"],
            version=typed["version"], by=viewer_of(request)),
        row=row, who=row.name, heading="Make sure who asks", button="Save",
        saved="It has been saved. The time for the answer runs from this day.", back=_taken(row),
    )  # fmt: skip


@require_POST
def gather(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Gather the own file of a partner or a child."""
    row = _row(request, pk)
    return do(
        request,
        lambda: actions.gather(request=row, version=version_in(request), by=viewer_of(request)),
        saved="The file has been gathered for the review.", back=_taken(row),
    )  # fmt: skip


@form_page
def extend(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Extend the time for the answer by two months."""
    row = _row(request, pk)
    form = forms.ExtendForm(request.POST or None, initial={"version": row.version})
    return answer(
        request, form,
        lambda typed: actions.extend(request=row, because=Extension(typed["because"]),
                                     version=typed["version"], by=viewer_of(request)),
        row=row, who=row.name, heading="Extend the time for the answer",
        button="Extend by two months", saved="The time is extended. Tell the person, and why.",
        back=_taken(row),
        lead="The person is told within the first month. A partner's file is never a reason: it "
             "must not show in the time that an answer takes.",
    )  # fmt: skip


@form_page
def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Decide a request that is not for a copy."""
    row = _row(request, pk)
    form = DecideForm(request.POST or None, initial={"version": row.version})
    return answer(
        request, form,
        lambda typed: actions.decide_request(
            request=row, decision=Decided(typed["decision"]), reason=typed["reason"],
            version=typed["version"], by=viewer_of(request)),
        row=row, of=row, who=row.name, heading="Decide the request", button="Save decision",
        saved="The decision has been saved. Tell the person by a safe way.", back=_taken(row),
        facts=[("Asked for", RIGHT_WORDS[Right(row.asked_for)]), ("In own words", row.asks)],
    )  # fmt: skip


@form_page
def by_hand(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Add a record that is held on paper or elsewhere."""
    row = _row(request, pk)
    return answer(
        request, forms.HandForm(request.POST or None),
        lambda typed: actions.add_by_hand(request=row, text=typed["text"], on=typed["on"],
                                          by=viewer_of(request)),
        of=row, who=row.name, heading="Add a record by hand", button="Add the record",
        saved="The record has been added to the review.", back=_taken(row),
    )  # fmt: skip


CHOOSING: dict[str, Callable[[RightsItem, Any, Any], bool]] = {
    "waiting": lambda item, standing, worker: waits_for(Origin(item.origin),
                                                        standing.decided[item.pk])
    and standing.of_worker(item, worker) is None,
    "signs": lambda item, standing, worker: bool(item.signs)
    and item.origin != Origin.PARTNER_FILE,
    "plain": lambda item, standing, worker: not item.signs,
    "partners": lambda item, standing, worker: item.origin == Origin.PARTNER_FILE,
    "all": lambda item, standing, worker: True,
}  # fmt: skip


@require_safe
def items(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The records of a review, by what they wait for, a page at a time."""
    viewer = viewer_of(request)
    row = _row(request, pk)
    record(by=viewer, verb="read", thing=row)
    standing = actions.standing_of(row, viewer)
    show = request.GET.get("show", "waiting")
    show = show if show in SHOWN else "waiting"
    chosen = [i for i in standing.items if CHOOSING[show](i, standing, viewer.worker)]
    first = request.GET.get("from", "0")
    start = int(first) if first.isdecimal() and len(first) < 7 else 0
    url = reverse("rights-items", args=[pk])
    return render(request, "asked/items.html", {
        "row": row, "columns": ITEM_COLUMNS, "back": _taken(row),
        "rows": [item_row(item, standing, viewer) for item in chosen[start : start + PAGE]],
        "sections": [
            {"label": label, "url": f"{url}?show={key}", "current": key == show,
             "count": sum(1 for i in standing.items if CHOOSING[key](i, standing, viewer.worker))}
            for key, label in SHOWN.items()
        ],
        "previous": f"{url}?show={show}&from={max(0, start - PAGE)}" if start else None,
        "next": f"{url}?show={show}&from={start + PAGE}"
        if len(chosen) > start + PAGE else None,
    })  # fmt: skip


@form_page
def item(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One record: the three questions, and what this reviewer decides."""
    viewer = viewer_of(request)
    must(viewer, Duty.HANDLE_REQUEST)
    thing: RightsItem = found(
        RightsItem.objects.visible_to(viewer).select_related("request"), pk
    )
    standing = actions.standing_of(thing.request, viewer)
    rows = standing.reviews[thing.pk]
    signs = signs_in(thing.signs)
    first = {"verdict": proposed(Origin(thing.origin), signs).value}
    form = forms.ReviewForm(request.POST or None, initial=first)
    record(by=viewer, verb="read", thing=thing)
    back = f"{reverse('rights-items', args=[thing.request_id])}?show=waiting"
    open_ = thing.request.state == State.OPEN
    if request.method == "POST" and not open_:
        raise Http404
    return pages.answer(
        request, form,
        lambda typed: actions.review(item=thing, by=viewer, **form.decided()),
        template="asked/item.html", heading=kind_in_words(thing), button="Save my decision",
        saved="Your decision has been saved. It counts when a second person decides the same.",
        back=back, facts=item_facts(thing), signs=signs_in_words(thing.signs), open=open_,
        entries=review_entries(rows, names_of([r.worker for r in rows])),
        decided=standing.decided[thing.pk],
        then=lambda _made: _next_waiting(thing, standing, viewer) or back,
    )  # fmt: skip


def _next_waiting(thing: RightsItem, standing: Any, viewer: Any) -> str:
    """The next record that waits for this reviewer: nobody goes back to a list after each."""
    for other in standing.items:
        if other.pk != thing.pk and CHOOSING["waiting"](other, standing, viewer.worker):
            return reverse("rights-item", args=[other.pk])
    return ""


@require_POST
def confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Confirm all plain records, or withhold all of partners' files, as one of two people."""
    row = _row(request, pk)
    verdict = Verdict.WITHHOLD if request.POST.get("verdict") == "withhold" else Verdict.INCLUDE
    return do(
        request,
        lambda: actions.confirm_many(request=row, verdict=verdict, by=viewer_of(request)),
        saved="Your decision on these records has been saved. A second person confirms them too.",
        back=_taken(row),
    )  # fmt: skip


@require_safe
@fresh_second_factor
def paper(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The reply as a PDF: as it left, or as it would leave by what two people decided so far."""
    viewer = viewer_of(request)
    row = _row(request, pk)
    record(by=viewer, verb="read", thing=row)
    if row.state == State.REPLIED:
        reply = found(RightsReply.objects.visible_to(viewer).filter(request=row),
                      _reply_id(row, viewer))  # fmt: skip
        content = base64.b64decode(reply.content)
    else:
        try:
            content = actions.preview(request=row, by=viewer)
        except Refused:
            raise Http404 from None
    answer_ = HttpResponse(content, content_type="application/pdf")
    answer_["Content-Disposition"] = 'attachment; filename="reply.pdf"'
    return answer_


def _reply_id(row: RightsCase, viewer: Any) -> UUID:
    pk = RightsReply.objects.visible_to(viewer).filter(request=row).values_list("id", flat=True)
    return next(iter(pk), row.pk)


@form_page
@fresh_second_factor
def send(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let the reply leave, on its day, by a safe way."""
    row = _row(request, pk)
    form = forms.SendForm(request.POST or None, initial={"version": row.version})
    leaves = leaves_on(row)
    return answer(
        request, form,
        lambda typed: actions.release(request=row, route=Route(typed["route"]),
                                      version=typed["version"], by=viewer_of(request)),
        row=row, who=row.name, heading="Let the reply leave", button="The reply leaves",
        saved="The reply has left. Its file is kept.", back=_taken(row),
        facts=[("The fixed day", leaves)],
    )  # fmt: skip


@form_page
def statement(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Add a partner's own statement beside the record."""
    file = file_with(request, pk, Duty.TAKE_REQUEST)
    return answer(
        request, StatementForm(request.POST or None),
        lambda typed: actions.add_statement(file=file, about=typed["about"], text=typed["text"],
                                            form=typed["form_id"], by=viewer_of(request)),
        of=file, who=file.partner.full_name, heading="Add the partner's statement",
        button="Save statement", saved="The statement has been saved beside the record.",
        back=section_of(pk),
    )  # fmt: skip


def section_of(pk: UUID) -> str:
    """The address of the section of a partner's file."""
    return f"{reverse('partner', args=[pk])}?show=rights"


@form_page
def restrict(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Restrict a partner's file."""
    file = file_with(request, pk, Duty.TAKE_REQUEST)
    return answer(
        request, RestrictForm(request.POST or None),
        lambda typed: actions.restrict(file=file, because=Because(typed["because"]),
                                       by=viewer_of(request)),
        who=file.partner.full_name, heading="Restrict the file", button="Restrict the file",
        saved="The file is restricted. A manager can lift this.", back=section_of(pk),
        lead="The file is kept and can be read by those who work with it. Nothing of it is sent, "
             "printed or exported until a manager lifts the restriction.",
    )  # fmt: skip


@form_page
def lift(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Lift a restriction of a partner's file."""
    viewer = viewer_of(request)
    row: FileRestriction = found(
        FileRestriction.objects.visible_to(viewer).select_related("file__partner"), pk
    )
    must(viewer, Duty.HOLD_RECORDS)
    form = LiftForm(request.POST or None, initial={"version": row.version})
    return answer(
        request, form,
        lambda typed: actions.lift_restriction(restriction=row, reason=typed["reason"],
                                               version=typed["version"], by=viewer),
        row=row, who=row.file.partner.full_name, heading="Lift the restriction",
        button="Lift the restriction", saved="The restriction has been lifted.",
        back=section_of(row.file_id),
    )  # fmt: skip
