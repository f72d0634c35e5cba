"""Living the work with the children of partners who are supported now."""

from __future__ import annotations

from datetime import date, timedelta

from casewall.safety.children import actions
from casewall.safety.children.models import Child, ChildAdult
from casewall.safety.children.rules import (
    Asked,
    Came,
    Concern,
    Consent,
    ConsentBy,
    Of,
    Plan,
    ReferralOutcome,
    Relationship,
    Sex,
    Threshold,
    Told,
    Work,
)
from casewall.safety.pulled.models import PulledCase
from casewall.synthetic.desk import Desk
from casewall.synthetic.lands import LANDS
from casewall.synthetic.people import People
from casewall.wall.context import acting
from casewall.wall.sides import Viewer

SAFEGUARDING = "safety_children.childsafeguarding."
PLANS = (Plan.EARLY_HELP, Plan.NONE, Plan.CHILD_IN_NEED, Plan.PROTECTION_PLAN, Plan.UNKNOWN)


def live_with_children(desk: Desk) -> None:
    """Ask about children, record those there are, and begin the children's own work.

    Every third partner says that there are none, or does not wish to say.
    """
    answer = (Asked.SOME, Asked.SOME, Asked.NONE, Asked.SOME, Asked.UNKNOWN, Asked.SOME)[
        desk.place % 6
    ]
    number = 1 + desk.place % 2 if answer is Asked.SOME else 0
    children = [_record(desk, place) for place in range(number)]
    actions.answer_children(
        file=desk.file, answer=answer, asked_on=desk.day(0.2), by=desk.by, form=desk.form("asked")
    )
    for place, child in enumerate(children):
        _lives(desk, child, place)
        if desk.team.childrens_worker is not None and desk.place % 4 < 2:
            _works(desk, desk.team.childrens_worker, child, place)
    if children and desk.place == 0:
        _refers(desk, children[0])


def _record(desk: Desk, place: int) -> Child:
    random, family = desk.random, desk.file.partner.family_name
    people = People(random, place=LANDS[desk.service.country])
    sex = random.choice((Sex.FEMALE, Sex.MALE))
    person = actions.Person(
        given_name=people.given_name(sex.value, people.tongue()),
        family_name=family,
        born_on=desk.today - timedelta(days=random.randint(1500, 5600)),
        sex=sex,
        school=desk.text("safety_children.child.school"),
    )
    known = []
    with acting(desk.by):
        cases = PulledCase.objects.visible_to(desk.by).filter(pk=desk.case_id)
        if desk.case_id is not None and cases.exists():
            known = [(desk.case_id, (Relationship.PARENT, Relationship.STEP_PARENT)[place % 2])]
    return actions.record_child(
        person=person,
        service=desk.service.id,
        compartment=desk.file.compartment,
        on=desk.day(0.2),
        file=desk.file,
        relationship=Relationship.PARENT,
        clients=known,
        by=desk.by,
        form=desk.form(f"child {place}"),
    )


def _links(desk: Desk, child: Child) -> tuple[ChildAdult, ChildAdult | None]:
    """The child's link to the partner of the file, and the one to the client where there is one."""
    with acting(desk.by):
        rows = ChildAdult.objects.visible_to(desk.by).filter(child=child, ended_on=None)
        return rows.get(file=desk.file), rows.exclude(case_id=None).first()


def _lives(desk: Desk, child: Child, place: int) -> None:
    """Where the child lives, whom it sees, and which plan holds; a grandparent belongs to some."""
    partner, client = _links(desk, child)
    since = desk.day(0.2)
    actions.state_arrangement(
        link=partner,
        answers=[(Of.RESPONSIBILITY, "yes"), (Of.LIVES_WITH, ("yes", "part")[place % 2])],
        since=since,
        by=desk.by,
        form=desk.form(f"lives {place}"),
    )
    if client is not None:
        contact = ("supervised", "by_order", "unsupervised", "none", "unknown")[desk.place % 5]
        actions.state_arrangement(
            link=client,
            answers=[(Of.LIVES_WITH, "no"), (Of.CONTACT, contact)],
            since=since,
            by=desk.by,
            form=desk.form(f"sees {place}"),
        )
    people = People(desk.random, place=LANDS[desk.service.country])
    if place == 1:
        tongue = people.tongue()
        actions.link_adult(
            child=child,
            relationship=Relationship.GRANDPARENT,
            on=since,
            adult_name=f"{people.given_name('unknown', tongue)} {people.family_name(tongue)}",
            on_file=desk.file,
            by=desk.by,
            form=desk.form("grandparent"),
        )
    plan = PLANS[desk.place % len(PLANS)]
    involved = plan not in (Plan.NONE, Plan.UNKNOWN)
    tongue = people.tongue()
    name = f"{people.given_name('unknown', tongue)} {people.family_name(tongue)}"
    actions.record_plan(
        child=child,
        plan=plan,
        since=desk.day(0.25),
        agency=desk.text("safety_children.planstatus.agency") if involved else None,
        social_worker=name if involved else None,
        by=desk.by,
        form=desk.form(f"plan {place}"),
    )


def _refers(desk: Desk, child: Child) -> None:
    """A safeguarding referral without consent, and what came of it."""
    made_on = desk.day(0.5)
    referral = actions.refer_child(
        child=child,
        concern=Concern.SEES_VIOLENCE,
        threshold=Threshold.CHILD_IN_NEED,
        made_to=desk.text(SAFEGUARDING + "made_to"),
        made_on=made_on,
        reason=desk.text(SAFEGUARDING + "reason"),
        consented=False,
        without_because=desk.text(SAFEGUARDING + "without_because"),
        told=[Told.PARTNER],
        on_file=desk.file,
        by=desk.by,
        form=desk.form("safeguarding"),
    )
    if referral.outcome == ReferralOutcome.WAITING:
        actions.settle_referral(
            referral=referral,
            outcome=ReferralOutcome.ASSESSMENT,
            on=max(made_on, desk.day(0.9)),
            version=referral.version,
            by=desk.by,
        )


def _works(desk: Desk, by: Viewer, child: Child, place: int) -> None:
    """The children's own work: consent, a goal, two sessions. The last child waits for a worker."""
    asked = desk.day(0.3)
    support = actions.ask_support(child=child, on=asked, by=desk.by)
    if desk.place % 4 == 1 and place == 1:
        return
    support = actions.take_child(support=support, by=by)
    partner, _ = _links(desk, child)
    by_authority = desk.place % 4 == 1
    actions.record_consent(
        support=support,
        consent_by=ConsentBy.AUTHORITY if by_authority else ConsentBy.ADULT,
        said=Consent.GIVEN,
        said_on=asked,
        adult=None if by_authority else partner,
        authority=desk.text("safety_children.childconsent.authority") if by_authority else None,
        by=by,
        form=desk.form(f"consent {place}"),
    )
    support = actions.begin_work(support=support, on=desk.day(0.5), by=by)
    actions.set_goal(
        support=support,
        goal=desk.text("safety_children.childgoal.goal"),
        on=desk.day(0.5),
        by=by,
        form=desk.form(f"goal {place}"),
    )
    for number, (held_on, came) in enumerate(_sessions(desk)):
        actions.hold_session(
            kind=Work.ONE_TO_ONE,
            held_on=held_on,
            minutes=45,
            came={support: came},
            note=desk.text("safety_children.childsession.note"),
            by=by,
            form=desk.form(f"child session {place} {number}"),
        )


def _sessions(desk: Desk) -> list[tuple[date, Came]]:
    return [(desk.day(0.6), Came.ATTENDED), (desk.day(0.95), Came.AWAY_KNOWN)]
