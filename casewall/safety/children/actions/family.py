"""Writes about who a child is, to whom, and which plan holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.audit.rows import known_row, unchanged
from casewall.safety.children.actions.keeping import day_of, locked_child, not_after
from casewall.safety.children.models import (
    Arrangement,
    Child,
    ChildAdult,
    ChildSupport,
    ChildToken,
    FileChildren,
    PlanStatus,
)
from casewall.safety.children.rules import (
    Adult,
    Asked,
    Need,
    Of,
    Plan,
    Relationship,
    Sex,
    answer_fits,
    birth_fits,
    may_be_same,
    plan_fits,
)
from casewall.safety.partners.models import PartnerFile
from casewall.safety.pulled.models import PulledCase, PulledChild
from casewall.vault.blind import person_tokens
from casewall.wall.context import acting
from casewall.wall.decide import Refused, demand
from casewall.wall.duties import Duty, require
from casewall.wall.ids import id_of_form, new_id
from casewall.wall.sides import Role, Side, Viewer


@dataclass(frozen=True, slots=True)
class Person:
    """Who a child is, as somebody said it. Days are dates; empty is None, never a guess."""

    given_name: str | None = None
    family_name: str | None = None
    born_on: date | None = None
    due_on: date | None = None
    sex: Sex = Sex.UNKNOWN
    language: str = ""
    needs: tuple[Need, ...] = ()
    school: str | None = None

    def columns(self) -> dict[str, Any]:
        """As the columns of `Child`."""
        return {
            "given_name": self.given_name or None,
            "family_name": self.family_name or None,
            "born_on": self.born_on.isoformat() if self.born_on else None,
            "due_on": self.due_on.isoformat() if self.due_on else None,
            "sex": self.sex,
            "language": self.language,
            "needs": ",".join(self.needs),
            "school": self.school or None,
        }


def tokens_of(person: Person) -> dict[UUID, str]:
    """The blind index entries under which a child is found, each with its kind."""
    return person_tokens(
        Side.SAFETY,
        names=[person.given_name or "", person.family_name or ""],
        born_on=person.born_on,
    )


def _index(child: Child, person: Person) -> None:
    ChildToken.objects.for_system("tokens").filter(child=child).delete()
    ChildToken.objects.for_system("tokens").bulk_create(
        [
            ChildToken(
                id=new_id(), compartment=child.compartment, child=child, token=token, kind=kind
            )
            for token, kind in tokens_of(person).items()
        ]
    )


def record_child(
    *,
    person: Person,
    service: str,
    compartment: int,
    on: date,
    by: Viewer,
    file: PartnerFile | None = None,
    relationship: Relationship = Relationship.UNKNOWN,
    clients: Iterable[tuple[UUID, Relationship]] = (),
    statement: PulledChild | None = None,
    form: UUID | None = None,
) -> Child:
    """Make a child's record, linked to the partner of `file` and to clients of pulled cases.

    Without a file a children's worker records a child who came to the children's service: its
    support is asked for at once, with that worker. A `statement` is noted with the client's link
    and stays as it is. Raises `Refused` for a birth that does not fit, or a child of nobody.
    """
    require(by, Duty.RECORD_CHILD)
    demand(birth_fits(person.born_on, person.due_on, timezone.localdate()))
    if file is None and by.role is not Role.CHILDRENS_WORKER:
        raise Refused("Record a child on the file of a partner.")
    own = id_of_form(file.pk if file else by.worker, form)
    with acting(by):
        known = known_row(Child, own, by)
        if known is not None:
            return known
        if file is not None:
            file = PartnerFile.objects.visible_to(by).select_related("partner").get(pk=file.pk)
            service, compartment = file.service, file.compartment
        child = Child(
            id=own,
            compartment=compartment,
            service=service,
            recorded_on=on,
            worker=by.worker,
            **person.columns(),
        )
        child.save(force_insert=True)
        _index(child, person)
        if file is not None:
            _link(child, Adult.PARTNER, relationship, on, by, file=file, on_file=file)
        else:
            _support_of(child, service, on, by)
        for case_id, relation in clients:
            noted = statement if statement and statement.case_id == case_id else None
            _link_case(child, case_id, relation, on, by, on_file=file, statement=noted)
        record(by=by, verb="recorded", thing=child)
        return child


def _support_of(child: Child, service: str, on: date, by: Viewer) -> None:
    ChildSupport(
        id=new_id(),
        compartment=child.compartment,
        child=child,
        service=service,
        asked_on=on,
        worker=by.worker,
    ).save(force_insert=True)


def _link(
    child: Child, kind: Adult, relationship: Relationship, on: date, by: Viewer, **who: Any
) -> ChildAdult:
    if kind is Adult.PARTNER:
        who["adult_name"] = who["file"].partner.full_name or None
    own = who.pop("id", None) or new_id()
    link = ChildAdult(
        id=own,
        compartment=child.compartment,
        child=child,
        kind=kind,
        relationship=relationship,
        linked_on=on,
        worker=by.worker,
        **who,
    )
    link.save(force_insert=True)
    return link


def _link_case(
    child: Child,
    case_id: UUID,
    relationship: Relationship,
    on: date,
    by: Viewer,
    *,
    on_file: PartnerFile | None = None,
    statement: PulledChild | None = None,
) -> ChildAdult:
    case = PulledCase.objects.visible_to(by).filter(pk=case_id).first()
    if case is None:
        raise Refused("Choose a client who belongs to the file.")
    return _link(
        child,
        Adult.CLIENT,
        relationship,
        on,
        by,
        case_id=case.pk,
        adult_name=case.name,
        on_file=on_file,
        statement_id=statement.pk if statement else None,
    )


def correct_child(*, child: Child, person: Person, version: int, by: Viewer) -> Child:
    """Write what is known of a child now. Raises `StaleEdit` if it changed since `version`."""
    require(by, Duty.RECORD_CHILD)
    demand(birth_fits(person.born_on, person.due_on, timezone.localdate()))
    with acting(by):
        child = locked_child(child, by)
        unchanged(child, version)
        for name, value in person.columns().items():
            setattr(child, name, value)
        child.version += 1
        child.save()
        _index(child, person)
        record(by=by, verb="corrected", thing=child)
        return child


def mark_same(*, child: Child, other: Child | None, version: int, by: Viewer) -> Child:
    """Say that this record and another are one child, who then counts once; None takes it back.

    For those who see the whole service: to others it would tell of a file that is not theirs.
    """
    require(by, Duty.RECORD_CHILD)
    if by.role not in (Role.COORDINATOR, Role.SAFETY_MANAGER):
        raise Refused("Coordination decides whether two records are one child.")
    with acting(by):
        child = locked_child(child, by)
        unchanged(child, version)
        if other is not None:
            other = locked_child(other, by)
            has_same = Child.objects.visible_to(by).filter(same_as=child).exists()
            demand(
                may_be_same(
                    child.pk, other.pk, other_is_same_as=other.same_as_id, has_same=has_same
                )
            )
        child.same_as = other
        child.version += 1
        child.save()
        verb = "marked as the same" if other else "marked as another child"
        record(by=by, verb=verb, thing=child)
        return child


def link_adult(
    *,
    child: Child,
    relationship: Relationship,
    on: date,
    by: Viewer,
    file: PartnerFile | None = None,
    case_id: UUID | None = None,
    adult_name: str | None = None,
    on_file: PartnerFile | None = None,
    statement: PulledChild | None = None,
    form: UUID | None = None,
) -> ChildAdult:
    """Link a child to one adult: the partner of `file`, the client of a pulled case, or a name.

    An adult who is linked already stays linked once. Raises `Refused` where it is not one adult.
    """
    require(by, Duty.RECORD_CHILD)
    if [bool(file), bool(case_id), bool(adult_name)].count(True) != 1:
        raise Refused("Choose one adult: a partner, a client, or a name.")
    not_after(on, timezone.localdate(), "The link")
    with acting(by):
        child = locked_child(child, by)
        links = ChildAdult.objects.visible_to(by).filter(child=child, ended_on=None)
        own = id_of_form(child.pk, form)
        known = known_row(ChildAdult, own, by)
        if file is not None:
            known = known or links.filter(file=file).first()
        if case_id is not None:
            known = known or links.filter(case_id=case_id).first()
        if known is not None:
            return _with_statement(known, statement, by)
        if file is not None:
            file = PartnerFile.objects.visible_to(by).select_related("partner").get(pk=file.pk)
            link = _link(child, Adult.PARTNER, relationship, on, by, file=file, on_file=file)
        elif case_id is not None:
            link = _link_case(
                child, case_id, relationship, on, by, on_file=on_file, statement=statement
            )
        else:
            who = {"adult_name": adult_name, "on_file": on_file, "id": own}
            link = _link(child, Adult.OTHER, relationship, on, by, **who)
        record(by=by, verb="linked an adult to", thing=child)
        return link


def _with_statement(link: ChildAdult, statement: PulledChild | None, by: Viewer) -> ChildAdult:
    """Note whose statement a known link answers. The statement itself is never touched."""
    if statement is not None and link.statement_id is None:
        link.statement_id, link.version = statement.pk, link.version + 1
        link.save()
        record(by=by, verb="linked a statement to", thing=link.child)
    return link


def end_link(*, link: ChildAdult, on: date, version: int, by: Viewer) -> ChildAdult:
    """An adult is no longer in the child's life, or was linked wrongly. What was written stays."""
    require(by, Duty.RECORD_CHILD)
    not_after(on, timezone.localdate(), "The end")
    if on < link.linked_on:
        raise Refused(f"The link began on {link.linked_on:%-d %B %Y}; it cannot end before that.")
    with acting(by):
        rows = ChildAdult.objects.visible_to(by).select_for_update(of=("self",))
        link = rows.get(pk=link.pk)
        if link.ended_on is not None:
            return link
        unchanged(link, version)
        link.ended_on, link.version = on, link.version + 1
        link.save()
        record(by=by, verb="ended a link of", kind="child", object_id=link.child_id)
        return link


def state_arrangement(
    *,
    link: ChildAdult,
    answers: Sequence[tuple[Of, str]],
    since: date,
    by: Viewer,
    form: UUID | None = None,
) -> int:
    """Keep what holds between a child and an adult from a day on; returns how many were new.

    Earlier answers stay. Raises `Refused` without an answer or for one that does not fit.
    """
    require(by, Duty.RECORD_CHILD)
    if not answers:
        raise Refused("Nothing is answered yet, so there is nothing to save.")
    not_after(since, timezone.localdate(), "Since when")
    for of, answer in answers:
        demand(answer_fits(of, answer))
    with acting(by):
        rows = ChildAdult.objects.visible_to(by).select_for_update(of=("self",))
        link = rows.get(pk=link.pk)
        first = id_of_form(link.pk, form)
        if known_row(Arrangement, first, by) is not None:
            return 0
        for place, (of, answer) in enumerate(answers):
            Arrangement(
                id=first if not place else new_id(),
                compartment=link.compartment,
                child_id=link.child_id,
                adult=link,
                of=of,
                answer=answer,
                since=since,
                recorded_at=timezone.now(),
                worker=by.worker,
            ).save(force_insert=True)
        record(by=by, verb="kept an arrangement of", kind="child", object_id=link.child_id)
        return len(answers)


def record_plan(
    *,
    child: Child,
    plan: Plan,
    since: date,
    by: Viewer,
    agency: str | None = None,
    social_worker: str | None = None,
    form: UUID | None = None,
) -> PlanStatus:
    """Keep which plan holds from a day on, and who the social worker is. Earlier ones stay."""
    require(by, Duty.RECORD_CHILD)
    not_after(since, timezone.localdate(), "Since when")
    demand(plan_fits(since, day_of(child.born_on)))
    with acting(by):
        child = locked_child(child, by)
        own = id_of_form(child.pk, form)
        known = known_row(PlanStatus, own, by)
        if known is not None:
            return known
        row = PlanStatus(
            id=own,
            compartment=child.compartment,
            child=child,
            plan=plan,
            since=since,
            agency=agency or None,
            social_worker=social_worker or None,
            recorded_at=timezone.now(),
            worker=by.worker,
        )
        row.save(force_insert=True)
        record(by=by, verb="kept the plan of", thing=child)
        return row


def answer_children(
    *, file: PartnerFile, answer: Asked, asked_on: date, by: Viewer, form: UUID | None = None
) -> FileChildren:
    """Keep what a partner answered when asked about children; an earlier answer stays.

    Raises `Refused` for *none* while a child is linked to the file.
    """
    require(by, Duty.RECORD_CHILD)
    not_after(asked_on, timezone.localdate(), "Asked on")
    with acting(by):
        file = PartnerFile.objects.visible_to(by).select_for_update(of=("self",)).get(pk=file.pk)
        own = id_of_form(file.pk, form)
        known = known_row(FileChildren, own, by)
        if known is not None:
            return known
        links = ChildAdult.objects.visible_to(by).filter(file=file, ended_on=None)
        if answer is Asked.NONE and links.exists():
            raise Refused(
                "Children are linked to this file. If they are not this partner's, end their "
                "links first."
            )
        row = FileChildren(
            id=own,
            compartment=file.compartment,
            file=file,
            answer=answer,
            asked_on=asked_on,
            recorded_at=timezone.now(),
            worker=by.worker,
        )
        row.save(force_insert=True)
        record(by=by, verb="asked about children in", thing=file)
        return row
