"""Forms about who a child is, to whom, and which plan holds."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from casewall.audit.actions import record, record_many
from casewall.drafts.forms import forget
from casewall.safety.children import actions, forms
from casewall.safety.children.finding import find_children, like
from casewall.safety.children.models import Child, ChildAdult
from casewall.safety.children.reading import born_words, linked_cases_of, named
from casewall.safety.children.rules import Asked, Plan, Relationship
from casewall.safety.children.views.steps import (
    Typed,
    answer,
    child_for,
    file_in_course,
    form_page,
    homes,
    posted,
    section_of,
    with_draft,
)
from casewall.safety.children.words import words_of
from casewall.safety.finding import LONGEST, wanted
from casewall.safety.partners.models import FileLink, PartnerFile
from casewall.safety.pulled.models import PulledCase, PulledChild
from casewall.safety.reading import found, must, only
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty
from casewall.wall.sides import Role, Viewer

ANYWAY = "anyway"


def _file(request: HttpRequest, pk: UUID) -> PartnerFile:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    must(viewer, Duty.RECORD_CHILD)
    rows = PartnerFile.objects.visible_to(viewer).select_related("partner")
    file: PartnerFile = found(rows, pk)
    return file


def _statement(request: HttpRequest, cases: list[PulledCase]) -> PulledChild | None:
    """The statement that a form was opened from, if the address names one of these cases."""
    try:
        pk = UUID(request.GET.get("statement") or request.POST.get("statement", ""))
    except ValueError:
        return None
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    rows = PulledChild.objects.visible_to(viewer).filter(case_id__in=[case.pk for case in cases])
    row: PulledChild | None = rows.filter(pk=pk).first()
    return row


@form_page
def new_on_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record a child on a partner's file; from a statement, with what was stated filled in."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    file = _file(request, pk)
    cases = linked_cases_of(file, viewer)
    statement = _statement(request, cases)
    form = forms.NewChildForm(
        posted(request),
        partner=file.partner.full_name or "The partner",
        cases=cases,
        initial=_from_statement(statement, cases),
    )

    def act(typed: Typed) -> Child:
        return actions.record_child(
            person=form.person(),
            service=file.service,
            compartment=file.compartment,
            on=timezone.localdate(),
            file=file,
            relationship=Relationship(typed["relationship"]),
            clients=form.clients(),
            statement=statement,
            form=typed["form_id"],
            by=viewer,
        )

    return _new(request, form, act, file, section_of(file), "Back to the file", statement)


def _from_statement(statement: PulledChild | None, cases: list[PulledCase]) -> dict[str, Any]:
    if statement is None:
        return {}
    given, _, family = (statement.name or "").strip().partition(" ")
    place = [case.pk for case in cases].index(statement.case_id)
    day = actions.day_of(statement.born_on)
    return {
        "given_name": given,
        "family_name": family,
        "born_on": day,
        f"client_{place}": Relationship.UNKNOWN.value,
    }


@form_page
def new_alone(request: HttpRequest) -> HttpResponse:
    """Record a child who came to the children's service by itself."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    only(viewer, Role.CHILDRENS_WORKER)
    places = homes(viewer)
    if not places:
        raise Http404
    services = [(code, name) for code, (_, name) in places.items()]
    form = forms.NewChildForm(posted(request), services=services)

    def act(typed: Typed) -> Child:
        number, _ = places[typed["service"]]
        return actions.record_child(
            person=form.person(),
            service=typed["service"],
            compartment=number,
            on=timezone.localdate(),
            form=typed["form_id"],
            by=viewer,
        )

    return _new(request, form, act, None, reverse("children"), "Back to children", None)


def _new(
    request: HttpRequest,
    form: forms.NewChildForm,
    act: Any,
    file: PartnerFile | None,
    back: str,
    back_words: str,
    statement: PulledChild | None,
) -> HttpResponse:
    """The form of a new child. Others who may be the same are shown before it is saved."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    others: list[Child] = []
    with_draft(request, form, file, "Record a child", file.partner.full_name if file else "")
    if request.method == "POST" and form.is_valid():
        if request.POST.get(ANYWAY) != "yes":
            others = like(form.person(), viewer)
        if not others:
            try:
                child = act(form.cleaned_data)
            except Refused as refused:
                form.add_error(None, str(refused))
            else:
                forget(form)
                messages.success(request, "The child has been recorded.")
                return redirect("child", child.pk)
    if file is not None:
        record(by=viewer, verb="viewed", thing=file)
    record_many(by=viewer, verb="found", things=others)
    kept = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in ("csrfmiddlewaretoken", ANYWAY)
    ]
    return render(
        request,
        "children/new.html",
        {
            "form": form,
            "heading": "Record a child",
            "back": back,
            "back_words": back_words,
            "file": file,
            "statement": statement,
            "others": [(child, named(child), born_words(child)) for child in others],
            "hidden": [*kept, (ANYWAY, "yes")],
            "here": request.get_full_path(),
        },
        status=422 if form.is_bound else 200,
    )


@form_page
def link_on_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Link a child who is recorded to a partner's file: found by name or day of birth."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    file = _file(request, pk)
    cases = linked_cases_of(file, viewer)
    statement = _statement(request, cases)
    text, problems = request.GET.get("q", "")[:LONGEST], []
    if request.method == "POST":
        form = forms.LinkChildForm(request.POST)
        if form.is_valid():
            child = found(Child.objects.visible_to(viewer), form.cleaned_data["child"])
            related = Relationship(form.cleaned_data["relationship"])
            _link_both(child, file, related, statement, viewer)
            messages.success(request, f"{named(child)} is linked to this file.")
            return redirect(section_of(file))
        problems = [{"text": "Choose a child from the list and what the partner is to it."}]
    children = _candidates(file, text, viewer, statement)
    record(by=viewer, verb="viewed", thing=file)
    record_many(by=viewer, verb="found", things=children)
    return render(
        request,
        "children/link.html",
        {
            "file": file,
            "back": section_of(file),
            "text": text,
            "problems": problems,
            "statement": statement,
            "children": [(child, named(child), born_words(child)) for child in children],
            "relationships": [(code, words_of(Relationship, code)) for code in Relationship],
        },
        status=422 if request.method == "POST" else 200,
    )


def _link_both(
    child: Child,
    file: PartnerFile,
    relationship: Relationship,
    statement: PulledChild | None,
    viewer: Viewer,
) -> None:
    on = timezone.localdate()
    actions.link_adult(child=child, file=file, relationship=relationship, on=on, by=viewer)
    if statement is not None:
        actions.link_adult(
            child=child,
            case_id=statement.case_id,
            relationship=Relationship.UNKNOWN,
            on=on,
            on_file=file,
            statement=statement,
            by=viewer,
        )


def _candidates(
    file: PartnerFile, text: str, viewer: Viewer, statement: PulledChild | None
) -> list[Child]:
    """Children who fit a search; for a statement, also those of the file."""
    rows = Child.objects.visible_to(viewer)
    on_file = ChildAdult.objects.visible_to(viewer).filter(file=file, ended_on=None)
    children = [] if statement is None else list(rows.filter(id__in=on_file.values("child_id")))
    sets = wanted(text, viewer) if text else []
    if sets:
        children += [child for child in find_children(sets, viewer) if child not in children]
    return children


@form_page
def asked(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep whether a partner has children."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    file = _file(request, pk)
    form = forms.AskedForm(posted(request))
    return answer(
        request,
        form,
        lambda typed: actions.answer_children(
            file=file,
            answer=Asked(typed["answer"]),
            asked_on=typed["asked_on"],
            form=typed["form_id"],
            by=viewer,
        ),
        thing=file,
        heading="Are there children?",
        button="Save the answer",
        saved="The answer has been saved.",
        back=section_of(file),
        back_words="Back to the file",
        lead="As the partner, or somebody else who knows, says. An earlier answer stays.",
        who=file.partner.full_name,
    )


@form_page
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Correct what is written about a child."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    child = child_for(request, pk, Duty.RECORD_CHILD)
    form = forms.ChildForm(posted(request), initial=forms.ChildForm.first_shown(child))

    def now() -> tuple[int, list[tuple[str, Any]]]:
        saved = Child.objects.visible_to(viewer).get(pk=pk)
        rows = [
            ("Name", named(saved)),
            ("Born", born_words(saved)),
            ("School", saved.school),
            ("Language", saved.language or None),
        ]
        return saved.version, rows

    return answer(
        request,
        form,
        lambda typed: actions.correct_child(
            child=child, person=form.person(), version=typed["version"], by=viewer
        ),
        thing=child,
        heading="Correct what is written",
        button="Save",
        saved="The child's record has been changed.",
        back=reverse("child", args=[pk]),
        now=now,
        who=named(child),
    )


@form_page
def new_adult(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Link a client or another adult to a child."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    child = child_for(request, pk, Duty.RECORD_CHILD)
    links = ChildAdult.objects.visible_to(viewer).filter(child=child, ended_on=None)
    files = FileLink.objects.visible_to(viewer).filter(
        file_id__in=links.filter(file__isnull=False).values("file_id"), ended_on=None
    )
    cases = list(
        PulledCase.objects.visible_to(viewer)
        .filter(id__in=files.values("case_id"))
        .exclude(id__in=links.filter(case_id__isnull=False).values("case_id"))
        .order_by("referred_on", "id")
    )
    form = forms.LinkAdultForm(posted(request), cases=cases)

    def act(typed: Typed) -> None:
        is_other = typed["who"] == "other"
        actions.link_adult(
            child=child,
            relationship=Relationship(typed["relationship"]),
            on=typed["on"],
            case_id=None if is_other else UUID(typed["who"]),
            adult_name=typed["adult_name"] if is_other else None,
            on_file=file_in_course(child, viewer),
            form=typed["form_id"],
            by=viewer,
        )

    return answer(
        request,
        form,
        act,
        thing=child,
        heading="Link another adult",
        button="Link",
        saved="The adult is linked. Write down residence and contact next.",
        back=reverse("child", args=[pk]),
        lead="A partner is linked from the partner's own file.",
        who=named(child),
    )


def _link(request: HttpRequest, pk: UUID) -> ChildAdult:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    must(viewer, Duty.RECORD_CHILD)
    rows = ChildAdult.objects.visible_to(viewer).filter(
        child_id__in=Child.objects.visible_to(viewer).values("id")
    )
    link: ChildAdult = found(rows.select_related("child"), pk)
    return link


@form_page
def arrangement(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep responsibility, residence and contact between a child and an adult, from a day on."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    link = _link(request, pk)
    form = forms.ArrangementForm(posted(request))
    return answer(
        request,
        form,
        lambda typed: actions.state_arrangement(
            link=link,
            answers=form.answers(),
            since=typed["since"],
            form=typed["form_id"],
            by=viewer,
        ),
        thing=link.child,
        heading="Responsibility, residence and contact",
        button="Save",
        saved="What holds has been saved. What held before stays in the history.",
        back=reverse("child", args=[link.child_id]),
        who=named(link.child),
        lead=f"With {forms.adult_words(link)}.",
    )


@form_page
def end_adult(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End the link of an adult and a child."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    link = _link(request, pk)
    form = forms.EndLinkForm(posted(request), initial={"version": link.version})
    # A worker who ends the link to the own file sees the child no more.
    seen = PartnerFile.objects.visible_to(viewer).filter(pk=link.file_id).first()
    back = section_of(seen) if seen else ""

    def now() -> tuple[int, list[tuple[str, Any]]]:
        saved = ChildAdult.objects.visible_to(viewer).get(pk=pk)
        return saved.version, [("Linked", forms.adult_words(saved))]

    return answer(
        request,
        form,
        lambda typed: actions.end_link(
            link=link, on=typed["on"], version=typed["version"], by=viewer),
        thing=link.child,
        heading="End this link",
        button="End the link",
        saved="The link has ended.",
        back=back or reverse("child", args=[link.child_id]),
        now=now,
        who=named(link.child),
        lead=f"With {forms.adult_words(link)}.",
    )


@form_page
def plan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep which plan holds from a day on, and who the social worker is."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    child = child_for(request, pk, Duty.RECORD_CHILD)
    form = forms.PlanForm(posted(request))
    return answer(
        request,
        form,
        lambda typed: actions.record_plan(
            child=child,
            plan=Plan(typed["plan"]),
            since=typed["since"],
            agency=typed["agency"] or None,
            social_worker=typed["social_worker"] or None,
            form=typed["form_id"],
            by=viewer,
        ),
        thing=child,
        heading="The plan for the child",
        button="Save the plan",
        saved="The plan has been saved. Earlier ones stay in the history.",
        back=reverse("child", args=[pk]),
        who=named(child),
    )


@form_page
def same(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Mark two records as one child, or take the mark back."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    only(viewer, Role.COORDINATOR, Role.SAFETY_MANAGER)
    child = child_for(request, pk, Duty.RECORD_CHILD)
    others = [one for one in like(_person(child), viewer) if one.pk != child.pk]
    rows = [
        (str(one.pk), ", ".join(filter(None, [named(one), born_words(one), str(one.pk)[:8]])))
        for one in others
        if one.same_as_id is None
    ]
    form = forms.SameForm(
        posted(request),
        others=rows,
        initial={"version": child.version, "other": str(child.same_as_id or "none")},
    )

    def act(typed: Typed) -> None:
        other = next((one for one in others if str(one.pk) == typed["other"]), None)
        actions.mark_same(child=child, other=other, version=typed["version"], by=viewer)

    def now() -> tuple[int, list[tuple[str, Any]]]:
        saved = Child.objects.visible_to(viewer).get(pk=pk)
        return saved.version, [("Marked as the same as", str(saved.same_as_id or "nobody")[:8])]

    return answer(
        request,
        form,
        act,
        thing=child,
        heading="Two records, one child",
        button="Save",
        saved="Saved. Records of one child are counted once.",
        back=reverse("child", args=[pk]),
        now=now,
        who=named(child),
        lead="Records that share the name or the day of birth. Both stay, with all that was "
        "written; the mark can be taken back here.",
    )


def _person(child: Child) -> actions.Person:
    return actions.Person(
        given_name=child.given_name,
        family_name=child.family_name,
        born_on=actions.day_of(child.born_on),
    )
