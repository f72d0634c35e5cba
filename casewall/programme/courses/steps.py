"""The pages with a form, or a button, that change a course."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from casewall.drafts.forms import forget, restore
from casewall.programme.cases.lists import names_of
from casewall.programme.cases.models import Case
from casewall.programme.cases.steps import answer_form, case_with, form_page, found_for
from casewall.programme.courses import actions, forms
from casewall.programme.courses.completion import actions as on_completion
from casewall.programme.courses.lists import ratings_in_words
from casewall.programme.courses.models import (
    CompletionReview,
    Course,
    CriterionRating,
    FollowUp,
)
from casewall.programme.courses.reading import progress_of
from casewall.programme.courses.rules import (
    DECISION_WORDS,
    FollowUpOutcome,
    ReviewDecision,
)
from casewall.programme.courses.words import course_section_url, dose_words, given_words
from casewall.programme.curriculum.models import TemplateVersion
from casewall.wall.duties import Duty
from casewall.wall.sides import Viewer


def course_for(request: HttpRequest, pk: UUID, duty: Duty) -> Course:
    """The course with its template, case and client."""
    rows = Course.objects.visible_to(request.viewer)  # type: ignore[attr-defined]
    course: Course = found_for(request, rows.select_related("case__client", "template"), pk, duty)
    return course


def answer(
    request: HttpRequest,
    case: Case,
    form: Any,
    act: Callable[[dict[str, Any]], Any],
    *,
    of: Any,
    heading: str,
    **more: Any,
) -> HttpResponse:
    """Show a form about a course with its draft, or do what it says and go back to the case.

    `of` is the record that the form, and so its draft, belongs to.
    """
    page = request.resolver_match.url_name if request.resolver_match else heading
    restore(request, form, str(page), of=of, title=f"{heading}: {case.client.full_name}")
    url = course_section_url(case.pk)

    def do(typed: dict[str, Any]) -> None:
        act(typed)
        forget(form)

    return answer_form(
        request, case, form, do, heading=heading, back=lambda: url, case_url=url, **more
    )


@form_page
def enrol_client(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Enrol the client in a programme, without a group."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    case = case_with(request, pk, Duty.RUN_GROUP)
    versions = (
        TemplateVersion.objects.visible_to(viewer)
        .filter(service=case.service, retired_on=None)
        .order_by("name")
    )
    form = forms.EnrolForm(request.POST or None, versions=list(versions))

    def do(typed: dict[str, Any]) -> None:
        version, level = form.chosen()
        actions.enrol(case=case, template=version, level=level, on=typed["on"], by=viewer)

    return answer(
        request,
        case,
        form,
        do,
        of=case,
        heading="Enrol in a programme",
        button="Enrol",
        saved="The client is enrolled.",
        lead="A place in a group enrols the client by itself. Enrol here for one-to-one "
        "work, or to set a level from the start.",
    )


@form_page
def extend_course(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Extend a course."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    course = course_for(request, pk, Duty.SIGN_OFF)
    form = forms.ExtendForm(request.POST or None, version=course.version)
    most = course.template.template.programme.completion.extension_weeks_most

    def do(typed: dict[str, Any]) -> None:
        actions.extend(
            course=course,
            weeks=typed["weeks"],
            reason=typed["reason"],
            version=typed["version"],
            form=typed["form_id"],
            by=viewer,
        )

    return answer(
        request,
        course.case,
        form,
        do,
        of=course,
        heading="Extend the course",
        button="Extend",
        saved="The course is extended.",
        facts=[
            ("Programme", str(course.template)),
            ("Due to end", course.ends_by),
            ("Weeks given before", course.extra_weeks),
            ("Most in all", f"{most} weeks" if most else "no limit"),
        ],
    )


@form_page
def break_course(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Approve a break."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    course = course_for(request, pk, Duty.SIGN_OFF)
    form = forms.BreakForm(request.POST or None, version=course.version)
    most = course.template.template.programme.completion.break_days_most

    def do(typed: dict[str, Any]) -> None:
        actions.take_break(
            course=course,
            first=typed["first"],
            last=typed["last"],
            reason=typed["reason"],
            version=typed["version"],
            form=typed["form_id"],
            by=viewer,
        )

    return answer(
        request,
        course.case,
        form,
        do,
        of=course,
        heading="Approve a break",
        button="Approve",
        saved="The break is approved.",
        lead="Absences during the break are not counted.",
        facts=[
            ("Programme", str(course.template)),
            ("Most in all", f"{most} days" if most else "no limit"),
        ],
    )


@form_page
def resume_course(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The client is back from a break."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    course = course_for(request, pk, Duty.REVIEW_COURSE)
    form = forms.ResumeForm(request.POST or None, version=course.version)

    def do(typed: dict[str, Any]) -> None:
        actions.resume(
            course=course,
            on=typed["on"],
            reason=typed["reason"] or "Back from the break.",
            version=typed["version"],
            form=typed["form_id"],
            by=viewer,
        )

    return answer(
        request,
        course.case,
        form,
        do,
        of=course,
        heading="Back from a break",
        button="Resume the course",
        saved="The course goes on.",
        facts=[("Programme", str(course.template))],
    )


@form_page
def level_of_course(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put a course at another level."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    course = course_for(request, pk, Duty.SIGN_OFF)
    template = course.template.template
    form = forms.LevelForm(
        request.POST or None, version=course.version, template=template, now=course.level
    )

    def do(typed: dict[str, Any]) -> None:
        actions.change_level(
            course=course,
            level=typed["level"],
            reason=typed["reason"],
            version=typed["version"],
            form=typed["form_id"],
            by=viewer,
        )

    now = template.level(course.level).name if course.level else "not decided yet"
    return answer(
        request,
        course.case,
        form,
        do,
        of=course,
        heading="Change the level",
        button="Change the level",
        saved="The level is changed.",
        facts=[("Programme", str(course.template)), ("Level now", now)],
    )


@form_page
def review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Review a course: rate each criterion and propose what follows."""
    course = course_for(request, pk, Duty.REVIEW_COURSE)
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    form = forms.ReviewForm(
        request.POST or None, version=course.version, template=course.template.template
    )

    def do(typed: dict[str, Any]) -> None:
        on_completion.review_course(
            course=course,
            held_on=typed["held_on"],
            decision=ReviewDecision(typed["decision"]),
            evidence=typed["evidence"],
            ratings=form.ratings(),
            weeks=typed["weeks"],
            version=typed["version"],
            form=typed["form_id"],
            by=viewer,
        )

    progress = progress_of([course], viewer)[course.pk]
    return answer(
        request,
        course.case,
        form,
        do,
        of=course,
        heading="Review the course",
        button="Save the review",
        saved="The review is saved. Somebody else signs it off.",
        facts=[
            ("Programme", str(course.template)),
            ("Attended", given_words(progress.attended)),
            ("Minimum dose", dose_words(progress.least)),
            (
                "Required modules not attended",
                ", ".join(module.name for module in progress.missing) or "none",
            ),
        ],
    )


@form_page
def sign_review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Sign a review off, or return it."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    rows = CompletionReview.objects.visible_to(viewer).select_related(
        "case__client", "course__template"
    )
    found: CompletionReview = found_for(request, rows, pk, Duty.SIGN_OFF)
    form = forms.SignForm(request.POST or None, version=found.version)

    def do(typed: dict[str, Any]) -> None:
        if typed["decision"] == forms.RETURN:
            on_completion.return_review(
                review=found, reason=typed["reason"], version=typed["version"], by=viewer
            )
        else:
            on_completion.sign_off(
                review=found,
                on=typed["on"],
                exception=typed["exception"],
                version=typed["version"],
                by=viewer,
            )

    if request.method != "POST" and (found.signed_at or found.returned_at):
        messages.info(request, "This review is closed already.")
        return redirect(course_section_url(found.case_id))
    return answer(
        request,
        found.case,
        form,
        do,
        of=found,
        heading="Sign off the review",
        button="Save",
        saved="The review is closed.",
        facts=_review_facts(found, viewer),
    )


def _review_facts(found: CompletionReview, viewer: Viewer) -> list[tuple[str, Any]]:
    progress = progress_of([found.course], viewer)[found.course_id]
    template = progress.template
    rows = list(CriterionRating.objects.visible_to(viewer).filter(review=found))
    rated = [
        (criterion, f"{met}. {evidence}" if evidence else met)
        for criterion, met, evidence in ratings_in_words(template, rows)
    ]
    return [
        ("Programme", str(found.course.template)),
        (
            "Proposed",
            DECISION_WORDS[ReviewDecision(found.decision)]
            + (f" by {found.weeks} weeks" if found.weeks else ""),
        ),
        ("Reviewed by", names_of([found.worker]).get(found.worker)),
        ("Reviewed on", found.held_on),
        ("Rests on", found.evidence),
        ("Attended now", given_words(progress.attended)),
        (
            "Minimum dose",
            dose_words(progress.least) + (" (reached)" if progress.dose_met else " (not reached)"),
        ),
        (
            "Required modules not attended",
            ", ".join(module.name for module in progress.missing) or "none",
        ),
        *rated,
    ]


@form_page
def follow_up(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record a follow-up talk."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    rows = FollowUp.objects.visible_to(viewer).select_related("case__client")
    found: FollowUp = found_for(request, rows, pk, Duty.REVIEW_COURSE)
    form = forms.FollowUpForm(
        request.POST or None,
        version=found.version,
        initial={
            "outcome": found.outcome,
            "held_on": found.held_on or timezone.localdate(),
            "note": found.note or "",
        },
    )

    def do(typed: dict[str, Any]) -> None:
        on_completion.hold_follow_up(
            follow_up=found,
            held_on=typed["held_on"],
            note=typed["note"],
            outcome=FollowUpOutcome(typed["outcome"]),
            version=typed["version"],
            by=viewer,
        )

    return answer(
        request,
        found.case,
        form,
        do,
        of=found,
        heading=f"Follow-up after {found.months} months",
        button="Save",
        saved="The follow-up is saved.",
        facts=[("Due", found.due_on)],
    )
