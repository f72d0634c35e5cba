"""Every write to places in groups, to availability, and to who cannot be placed together.

Groups, sessions and rooms are planned in `planning/actions.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time
from typing import Any
from uuid import UUID

from casewall.audit.actions import record
from casewall.programme.cases.models import Case
from casewall.programme.cases.rules import Stage
from casewall.programme.groups.models import (
    Availability,
    Group,
    GroupMember,
    NonAssociation,
    Session,
)
from casewall.programme.groups.placements import tell_placed
from casewall.programme.groups.planning.actions import STALE
from casewall.programme.groups.planning.actions import plan_from_template as plan_from_template
from casewall.programme.groups.planning.actions import plan_group as plan_group
from casewall.programme.groups.planning.rules import Entry, Standing, may_place, weekdays_text
from casewall.programme.groups.rules import SessionState
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.duties import Duty, require
from casewall.wall.ids import id_of_form, new_id
from casewall.wall.sides import Viewer

ENDED = (Stage.COMPLETED, Stage.CLOSED, Stage.EXITED, Stage.WITHDRAWN)
"""Stages after which a client is not expected in a group."""
PLACED_AT = (Stage.AGREEMENT_SIGNED, Stage.WAITING, Stage.STARTED, Stage.MINIMUM_DOSE)
"""Stages at which a client can have a place."""


def place_in_group(*, group: Group, case: Case, joined_on: date, by: Viewer,
                   late_because: str = "", form: UUID | None = None) -> GroupMember:
    """Give a client a place. The agreement must be signed first.

    Until the client has attended, the case's next action is the first session from `joined_on`.
    A closed group that has begun takes somebody only with `late_because`. Where the group has a
    template, the client's course on that version of it begins to be kept. The same `form` sent
    twice is one place; another placement of somebody who has one is refused.
    """
    require(by, Duty.RUN_GROUP)
    with acting(by):
        # Whoever places somebody else in this group at the same moment waits here, so that the
        # last chair is given once and two who are kept apart do not meet.
        group = Group.objects.visible_to(by).select_for_update(of=("self",)).select_related(
            "template").get(pk=group.pk)
        case = Case.objects.visible_to(by).select_for_update(of=("self",)).get(pk=case.pk)
        own = id_of_form(case.pk, form) if form else new_id()
        known = GroupMember.objects.visible_to(by).filter(pk=own).first()
        if known is not None:
            return known
        _refuse_case(group, case)
        _refuse_place(group, case, joined_on, late_because, by)
        member = GroupMember(id=own, compartment=case.compartment, group=group, case=case,
                             joined_on=joined_on, late_because=late_because.strip() or None)
        member.save(force_insert=True)
        _expect_first_session(case, group, joined_on, by)
        if group.template is not None:
            tell_placed(case=case, template=group.template, joined_on=joined_on, by=by)
        record(by=by, verb="placed in a group", thing=case)
        return member


def _refuse_case(group: Group, case: Case) -> None:
    if group.service != case.service:
        raise Refused(f"The group “{group.name}” belongs to another service than this case.")
    if Stage(case.stage) not in PLACED_AT:
        raise Refused("Only a client who has signed the agreement can be placed in a group.")


def _refuse_place(group: Group, case: Case, joined_on: date, late_because: str, by: Viewer
                  ) -> None:
    places = list(taken_from(group, joined_on, by).values_list("case_id", flat=True))
    others = GroupMember.objects.visible_to(by).filter(
        case=case, group__component=group.component, group__is_open=True).exclude(
        group=group).exclude(left_on__lt=joined_on)
    elsewhere = others.filter(group__template__code=group.template.code).select_related(
        "group").first() if group.template else None
    decision = may_place(
        standing(group, len(places), by), joined_on=joined_on, has_place=case.pk in places,
        elsewhere=elsewhere.group.name if elsewhere else "",
        is_kept_apart=bool(kept_from(case.pk, by) & set(places)), late_because=late_because)
    if not decision:
        raise Refused(decision.reason)


def standing(group: Group, taken: int, by: Viewer) -> Standing:
    """A group as somebody finds it who would join."""
    began_on = Session.objects.visible_to(by).filter(group=group).exclude(
        state=SessionState.CANCELLED).order_by("held_on").values_list("held_on", flat=True).first()
    return Standing(name=group.name, entry=Entry(group.entry), is_open=group.is_open,
                    began_on=began_on, most=group.most, taken=taken)


def taken_from(group: Group, day: date, by: Viewer) -> Any:
    """The places that are taken on a day or are given from a later one."""
    rows = GroupMember.objects.visible_to(by).filter(group=group)
    return rows.exclude(left_on__lt=day).exclude(case__stage__in=ENDED)


def kept_from(case: UUID, by: Viewer) -> set[UUID]:
    """The cases that cannot be placed together with this one. Empty for whoever may not know."""
    pairs = NonAssociation.objects.visible_to(by).filter(ended_on=None)
    one = pairs.filter(one=case).values_list("other_id", flat=True)
    other = pairs.filter(other=case).values_list("one_id", flat=True)
    return set(one.union(other))


def _expect_first_session(case: Case, group: Group, joined_on: date, by: Viewer) -> None:
    first = Session.objects.visible_to(by).filter(
        group=group, held_on__gte=joined_on, state=SessionState.PLANNED).order_by("held_on").first()
    if first is None or Stage(case.stage) not in (Stage.AGREEMENT_SIGNED, Stage.WAITING):
        return
    case.next_action, case.next_action_on = "first_session", first.held_on
    case.version += 1
    case.save()


def members_on(group: Group, day: date, by: Viewer) -> list[GroupMember]:
    """The places of a group that are taken on a day, with case and client, by joining day.

    Whoever left the programme before that day has no place any more, though nobody ended it.
    """
    rows = GroupMember.objects.visible_to(by).filter(group=group, joined_on__lte=day)
    rows = rows.exclude(left_on__lt=day).exclude(case__stage__in=ENDED, case__stage_on__lt=day)
    rows = rows.select_related("case__client")
    return list(rows.order_by("joined_on", "id"))


def leave_group(*, member: GroupMember, on: date, by: Viewer) -> GroupMember:
    """End a client's place in a group: `on` is the last day."""
    require(by, Duty.RUN_GROUP)
    with acting(by):
        member = GroupMember.objects.visible_to(by).select_for_update(of=("self",)).get(
            pk=member.pk)
        if on < member.joined_on:
            raise Refused(f"The place began on {member.joined_on:%-d %B %Y}; it cannot end before "
                          "that.")
        member.left_on = on
        member.save()
        record(by=by, verb="ended a place of", kind="case", object_id=member.case_id)
        return member


def state_availability(*, case: Case, weekdays: Iterable[int], earliest: time | None,
                       latest: time | None, language: str, stated_on: date, by: Viewer,
                       version: int | None = None) -> Availability:
    """Keep when, and in which language, a client can come to a group; what was said before goes.

    `weekdays` from Monday = 0; none: any. Raises `StaleEdit` when somebody else wrote it since
    `version` was shown (0: when nothing was kept yet).
    """
    require(by, Duty.RECORD_CONTACT)
    if earliest is not None and latest is not None and latest <= earliest:
        raise Refused(f"The client can come from {earliest:%H:%M} and must leave by "
                      f"{latest:%H:%M}: the second time must be the later one.")
    with acting(by):
        # The case is the lock: there may be no availability yet.
        Case.objects.visible_to(by).select_for_update(of=("self",)).get(pk=case.pk)
        row = availability_of(case, by)
        if version is not None and version != (row.version if row else 0):
            raise StaleEdit(STALE)
        is_new = row is None
        row = row or Availability(compartment=case.compartment, case=case, version=0)
        row.weekdays, row.earliest, row.latest = weekdays_text(weekdays), earliest, latest
        row.language, row.stated_on, row.version = language, stated_on, row.version + 1
        row.save(force_insert=is_new)
        record(by=by, verb="wrote down when somebody can come", thing=case)
        return row


def availability_of(case: Case, by: Viewer) -> Availability | None:
    """What a client last said about when to come, if anything."""
    rows = Availability.objects.visible_to(by).filter(case=case)
    found: Availability | None = rows.order_by("-stated_on", "id").first()
    return found


def keep_apart(*, one: Case, other: Case, on: date, by: Viewer, item: UUID | None = None
               ) -> NonAssociation:
    """Two clients cannot be placed together from now on. No reason is asked and none is kept.

    Said twice is said once; a pair that was ended is kept apart again. Nothing is taken away
    that they already share: whoever plans sees it on the page of the pair. `item` is the
    disclosure by which it arrived.
    """
    require(by, Duty.KEEP_APART if item is None else Duty.APPLY_ARRIVALS)
    if one.pk == other.pk:
        raise Refused("These are one and the same case.")
    with acting(by):
        first, second = sorted((one, other), key=lambda case: case.pk)
        # The smaller case is the lock, so that the same pair is not made twice at once.
        Case.objects.visible_to(by).select_for_update(of=("self",)).get(pk=first.pk)
        pair = NonAssociation.objects.visible_to(by).filter(
            one=first, other=second, item=item).first()
        if pair is None:
            pair = NonAssociation(compartment=first.compartment, one=first, other=second,
                                  made_on=on, item=item)
            pair.save(force_insert=True)
        elif pair.ended_on is None:
            return pair
        else:
            pair.made_on, pair.ended_on = on, None
            pair.save()
        record(by=by, verb="kept apart", thing=pair)
        return pair


def end_apart(*, pair: NonAssociation, on: date, by: Viewer) -> NonAssociation:
    """End what keeps two clients apart; ended twice is ended once.

    What arrived by a disclosure ends by its recall only: for everybody else such a pair stays
    as it is, and nothing says why.
    """
    require(by, Duty.KEEP_APART if pair.item is None else Duty.APPLY_ARRIVALS)
    with acting(by):
        pair = NonAssociation.objects.visible_to(by).select_for_update(of=("self",)).get(
            pk=pair.pk)
        if pair.ended_on is None:
            pair.ended_on = max(on, pair.made_on)
            pair.save()
            record(by=by, verb="ended keeping apart", thing=pair)
        return pair


def recall_apart(*, item: UUID, on: date, by: Viewer) -> bool:
    """End what arrived by this disclosure; whether there was anything."""
    with acting(by):
        rows = list(NonAssociation.objects.visible_to(by).filter(item=item))
        for pair in rows:
            end_apart(pair=pair, on=on, by=by)
        return bool(rows)
