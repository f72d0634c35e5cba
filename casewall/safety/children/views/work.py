"""Forms about the work with one child: consent, goals, one-to-one sessions, beginning and end."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from casewall.safety.children import actions, forms
from casewall.safety.children.models import ChildAdult, ChildGoal, ChildSupport
from casewall.safety.children.reading import named
from casewall.safety.children.rules import (
    Adult,
    Came,
    Consent,
    ConsentBy,
    EndReason,
    GoalState,
    Work,
)
from casewall.safety.children.views.steps import Typed, answer, form_page, posted, support_for
from casewall.safety.children.words import words_of
from casewall.safety.reading import found, must, names_of, only
from casewall.wall.duties import Duty
from casewall.wall.sides import Role, Viewer


def _answer(
    request: HttpRequest, support: ChildSupport, form: Any, act: Any, **more: Any
) -> HttpResponse:
    return answer(
        request,
        form,
        act,
        thing=support.child,
        back=reverse("child", args=[support.child_id]),
        who=named(support.child),
        **more,
    )


def _now(support: ChildSupport, viewer: Viewer) -> Any:
    def now() -> tuple[int, list[tuple[str, Any]]]:
        saved = ChildSupport.objects.visible_to(viewer).get(pk=support.pk)
        worker = names_of([saved.worker]).get(saved.worker) if saved.worker else None
        return saved.version, [
            ("Children's worker", worker),
            ("Work began", saved.began_on),
            ("Work ended", saved.ended_on),
        ]

    return now


@form_page
def consent(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep what somebody said who may consent to the work."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    support = support_for(request, pk)
    adults = {
        str(one.pk): one
        for one in ChildAdult.objects.visible_to(viewer)
        .filter(child=support.child, ended_on=None)
        .exclude(kind=Adult.CLIENT)
        .order_by("linked_on", "id")
    }
    form = forms.ConsentForm(posted(request), adults=list(adults.values()))

    def act(typed: Typed) -> None:
        actions.record_consent(
            support=support,
            consent_by=ConsentBy(typed["by"]),
            said=Consent(typed["said"]),
            said_on=typed["said_on"],
            adult=adults.get(typed["adult"]),
            authority=typed["authority"] or None,
            form=typed["form_id"],
            by=viewer,
        )

    return _answer(
        request,
        support,
        form,
        act,
        heading="Consent to the work",
        button="Save what was said",
        saved="What was said has been saved.",
        lead="The client is never asked: asking would tell that this side works with the child.",
    )


@form_page
def begin(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Begin the work with a child."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    support = support_for(request, pk)
    form = forms.BeginForm(posted(request))
    return _answer(
        request,
        support,
        form,
        lambda typed: actions.begin_work(support=support, on=typed["on"], by=viewer),
        heading="Begin the work",
        button="Begin",
        saved="The work has begun.",
    )


@form_page
def end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End the work with a child, with the reason."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    support = support_for(request, pk)
    form = forms.EndForm(posted(request), initial={"version": support.version})
    return _answer(
        request,
        support,
        form,
        lambda typed: actions.end_work(
            support=support,
            on=typed["on"],
            reason=EndReason(typed["reason"]),
            version=typed["version"],
            by=viewer,
        ),
        heading="End the work",
        button="End the work",
        saved="The work has ended. It can be asked for again.",
        now=_now(support, viewer),
        warning=True,
    )


@form_page
def allocate(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give a child to a worker."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    only(viewer, Role.SAFETY_MANAGER)
    support = support_for(request, pk)
    workers = [(str(one.pk), one.name) for one in actions.childrens_workers(support)]
    form = forms.AllocateForm(
        posted(request),
        workers=workers,
        initial={"version": support.version, "worker": str(support.worker or "")},
    )
    return _answer(
        request,
        support,
        form,
        lambda typed: actions.allocate_child(
            support=support, worker=UUID(typed["worker"]), version=typed["version"], by=viewer
        ),
        heading="Give to a worker",
        button="Save",
        saved="The child has a worker.",
        now=_now(support, viewer),
        lead="" if workers else "No children's worker works with this service's records yet.",
    )


@form_page
def goal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep what a child wants from the work."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    support = support_for(request, pk)
    form = forms.GoalForm(posted(request))
    return _answer(
        request,
        support,
        form,
        lambda typed: actions.set_goal(
            support=support, goal=typed["goal"], on=typed["on"], form=typed["form_id"], by=viewer
        ),
        heading="A goal",
        button="Save the goal",
        saved="The goal has been saved.",
    )


@form_page
def goal_state(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say where a goal stands."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    must(viewer, Duty.SUPPORT_CHILD)
    rows = ChildGoal.objects.visible_to(viewer).select_related("support__child")
    row = found(rows, pk)
    form = forms.GoalStateForm(
        posted(request), initial={"version": row.version, "state": row.state}
    )

    def now() -> tuple[int, list[tuple[str, Any]]]:
        saved = rows.get(pk=pk)
        return saved.version, [
            ("Where it stands", words_of(GoalState, saved.state)),
            ("Since", saved.state_on),
        ]

    return _answer(
        request,
        row.support,
        form,
        lambda typed: actions.move_goal(
            goal=row,
            state=GoalState(typed["state"]),
            on=typed["on"],
            version=typed["version"],
            by=viewer,
        ),
        heading="Where the goal stands",
        button="Save",
        saved="Saved.",
        now=now,
        facts=[("Goal", row.goal), ("Said on", row.set_on)],
    )


@form_page
def session(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record a one-to-one session."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    support = support_for(request, pk)
    form = forms.SessionForm(posted(request))
    return _answer(
        request,
        support,
        form,
        lambda typed: actions.hold_session(
            kind=Work.ONE_TO_ONE,
            held_on=typed["held_on"],
            minutes=typed["minutes"],
            came={support: Came(typed["came"])},
            note=typed["note"] or None,
            signs=typed["signs"],
            form=typed["form_id"],
            by=viewer,
        ),
        heading="Record a one-to-one session",
        button="Save the session",
        saved="The session has been recorded.",
    )
