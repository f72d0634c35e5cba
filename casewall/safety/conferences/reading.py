"""What is shown of MARAC and MATAC: on a partner's file, on Today, and as figures."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from casewall.programme.incidents.shown import newest
from casewall.safety.conferences.criteria import marac_of
from casewall.safety.conferences.models import (
    ConferenceAction,
    ConferenceReferral,
    Hearing,
    Nomination,
    OfANomination,
    Research,
    TaskingAction,
)
from casewall.safety.conferences.rules import (
    Answer,
    Criterion,
    Heard,
    HearingFact,
    State,
    is_repeat,
    months_after,
)
from casewall.safety.conferences.tasking import State as NominationState
from casewall.safety.conferences.words import HEARD_COLOURS, words_of
from casewall.safety.coordination.material import texts_below
from casewall.safety.incidents.models import SufferedIncident
from casewall.safety.meetings.reading import ACTION_COLUMNS, action_rows
from casewall.safety.partners.models import PartnerFile
from casewall.safety.partners.parts import Shown
from casewall.safety.visibility import EVERYTHING
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Viewer

MOST = 50
NAMELESS = "No name given"
REFER_AGAIN = "New violence within the months after a MARAC: refer again"


def day_words(day: date | None) -> str:
    """A day in words; nothing for none."""
    return f"{day:%-d %B %Y}" if day else ""


def conference_part(file: PartnerFile, viewer: Viewer, today: date) -> Shown:
    """The referrals, hearings and flag of a file: four queries."""
    referrals = list(
        ConferenceReferral.objects.visible_to(viewer)
        .filter(file=file)
        .defer("answers", "judgement", "ground_reason")
        .order_by("-begun_on", "id")
    )
    hearings = list(
        Hearing.objects.visible_to(viewer)
        .filter(file=file)
        .select_related("conference")
        .order_by("-conference__held_at", "id")
    )
    actions = list(
        ConferenceAction.objects.visible_to(viewer).filter(file=file).order_by("due_on", "id")
    )
    again = _comes_back(file, hearings, referrals, viewer, today)
    may = bool(may_do(viewer.role, Duty.REFER_CONFERENCE))
    begin = reverse("marac-begin", args=[file.pk])
    return Shown(
        entries=[_entry(row) for row in hearings if row.heard_on],
        waits_for=[*_waits(referrals, hearings, actions), *_back(again, begin, today)],
        steps=[("Refer to the MARAC", begin)] if may else [],
        flags=flags_of(hearings, again),
        template="conferences/section.html",
        context=lambda: {
            "referrals": [_referral_row(row) for row in referrals],
            "referral_columns": REFERRAL_COLUMNS,
            "hearings": [_hearing_row(row) for row in hearings],
            "hearing_columns": HEARING_COLUMNS,
            "action_columns": ACTION_COLUMNS,
            "actions": action_rows(actions, today, "marac-action"),
            "comes_back": again,
            "begin": begin if may else "",
            "begin_again": REFER_AGAIN,
        },
    )


REFERRAL_COLUMNS = ["Begun", ("State", "tag"), "Criteria", ("Sent", "date")]
HEARING_COLUMNS = ["Conference", ("Outcome", "tag"), "Repeat", "Flag"]


def _referral_row(row: ConferenceReferral) -> dict[str, Any]:
    colour = {"draft": "yellow", "sent": "green"}.get(row.state, "grey")
    met = [words_of(Criterion, code) for code in row.criteria.split(",") if code]
    return {
        "url": reverse("marac-referral", args=[row.pk]),
        "cells": [
            day_words(row.begun_on),
            (words_of(State, row.state), colour),
            "; ".join(met) or "none met yet",
            row.sent_at or "not sent",
        ],
    }


def _hearing_row(row: Hearing) -> dict[str, Any]:
    return {
        "url": reverse("marac-hearing", args=[row.pk]),
        "cells": [
            day_words(timezone.localdate(row.conference.held_at)),
            (words_of(Heard, row.heard), HEARD_COLOURS.get(row.heard, "grey")),
            "Repeat" if row.repeat else "First time, or after the months",
            flag_words(row),
        ],
    }


def flag_words(row: Hearing) -> str:
    """The flag of a hearing in words."""
    if row.flag_until is None:
        return "none"
    if row.flag_ended_on:
        return f"ended {day_words(row.flag_ended_on)}"
    return f"until {day_words(row.flag_until)}"


def flags_of(hearings: Iterable[Hearing], comes_back: bool) -> list[tuple[str, str]]:
    """The flags of a file: the running one, and that the case comes back."""
    found = [
        (f"MARAC: flag until {day_words(row.flag_until)}", "purple")
        for row in hearings
        if row.is_flagged
    ]
    return [*found, *([("MARAC: to be referred again", "red")] if comes_back else [])]


def flags_above(files: list[UUID], viewer: Viewer, today: date) -> list[tuple[str, str]]:
    """The running flags of these files, for the line above every page of a case. One query."""
    rows = Hearing.objects.visible_to(viewer).filter(
        file_id__in=files, flag_until__isnull=False, flag_ended_on=None
    )
    return flags_of(rows.order_by("flag_until", "id"), comes_back=False)


def _comes_back(
    file: PartnerFile,
    hearings: list[Hearing],
    referrals: list[ConferenceReferral],
    viewer: Viewer,
    today: date,
) -> bool:
    """Whether new violence brings the case back and nobody has referred it since."""
    heard = [row.heard_on for row in hearings if row.heard_on]
    if not heard:
        return False
    last = max(heard)
    if any(row.begun_on >= last and _after(row, hearings) for row in referrals):
        return False
    rows = SufferedIncident.objects.visible_to(viewer).filter(file=file).defer("what")
    days = [row.happened_on for row in newest(rows) if not row.taken_back]
    return is_repeat(last, days, marac_of(file.service).repeat_months, today)


def _after(referral: ConferenceReferral, hearings: Iterable[Hearing]) -> bool:
    """Whether a referral is still under way: not withdrawn, and not heard."""
    heard = {row.referral_id for row in hearings if row.heard_on}
    return referral.state != State.WITHDRAWN and referral.pk not in heard


def _back(again: bool, url: str, today: date) -> list[dict[str, Any]]:
    return [{"what": REFER_AGAIN, "due": today, "url": url}] if again else []


def _waits(
    referrals: list[ConferenceReferral], hearings: list[Hearing], actions: list[ConferenceAction]
) -> Iterable[dict[str, Any]]:
    for row in referrals:
        if row.state == State.DRAFT:
            yield {
                "what": "Complete and send the referral to the MARAC",
                "due": row.begun_on,
                "url": reverse("marac-referral", args=[row.pk]),
            }
    for hearing in hearings:
        if hearing.is_flagged:
            yield {
                "what": "The MARAC flag ends: look at the case again",
                "due": hearing.flag_until,
                "url": reverse("marac-hearing", args=[hearing.pk]),
            }
    for action in actions:
        if action.done_on is None:
            yield {
                "what": f"Action of the MARAC: {action.what}",
                "due": action.due_on,
                "url": reverse("marac-action", args=[action.pk]),
            }


def _entry(row: Hearing) -> dict[str, Any]:
    repeat = " Repeat within the local months." if row.repeat else ""
    return {
        "title": f"MARAC: {words_of(Heard, row.heard).lower()}",
        "when": row.heard_on,
        "by": row.worker,
        "text": f"Flag {flag_words(row)}.{repeat}",
        "label": ("MARAC", "purple"),
        "url": reverse("marac-hearing", args=[row.pk]),
    }


# --- Today ---------------------------------------------------------------------------------------


def today_items(viewer: Viewer, today: date, last: date) -> list[dict[str, Any]]:
    """What comes back, flags that end, drafts, actions; for coordination research and reviews."""
    if not may_do(viewer.role, Duty.REFER_CONFERENCE):
        return []
    return [
        *_coming_back(viewer, today),
        *_drafts(viewer),
        *_ending_flags(viewer, last),
        *_actions(viewer, today, last),
        *_kept(viewer, today, last),
    ]


def _item(row: Any, what: str, due: date, url: str, tag: tuple[str, str]) -> dict[str, Any]:
    name = row.file.partner.full_name or NAMELESS
    return {"due": due, "what": what, "who": name, "url": url, "tag": tag}


def _coming_back(viewer: Viewer, today: date) -> list[dict[str, Any]]:
    """Files heard before with violence since and no referral under way: they come first."""
    later = Hearing.objects.visible_to(viewer).filter(
        file=OuterRef("file"), heard_on__gt=OuterRef("heard_on")
    )
    heard = (
        Hearing.objects.visible_to(viewer)
        .filter(~Exists(later), heard_on__isnull=False, file__withdrawn_on=None)
        .select_related("file__partner")
    )
    last_of = {row.file_id: row for row in heard.order_by("heard_on", "id")}
    was_heard = Hearing.objects.visible_to(viewer).filter(heard_on__isnull=False)
    under_way = set(
        ConferenceReferral.objects.visible_to(viewer)
        .filter(file_id__in=last_of, state__in=[State.DRAFT, State.SENT])
        .exclude(id__in=was_heard.values("referral_id"))
        .values_list("file_id", flat=True)
    )
    days: dict[UUID, list[date]] = {}
    rows = SufferedIncident.objects.visible_to(viewer).filter(file_id__in=last_of).defer("what")
    for incident in newest(rows):
        if not incident.taken_back:
            days.setdefault(incident.file_id, []).append(incident.happened_on)
    found = []
    for file, row in last_of.items():
        months = marac_of(row.file.service).repeat_months
        if file in under_way or not is_repeat(row.heard_on, days.get(file, ()), months, today):
            continue
        item = _item(row, f"{REFER_AGAIN}:", today, reverse("marac-begin", args=[file]),
                     ("MARAC repeat", "red"))  # fmt: skip
        found.append({**item, "first": True})
    return found[:MOST]


def _drafts(viewer: Viewer) -> list[dict[str, Any]]:
    rows = (
        ConferenceReferral.objects.visible_to(viewer)
        .filter(state=State.DRAFT, file__withdrawn_on=None)
        .select_related("file__partner")
        .defer("answers", "judgement", "ground_reason")
        .order_by("begun_on", "id")[:MOST]
    )
    return [
        _item(row, "Complete and send the referral to the MARAC:", row.begun_on,
              reverse("marac-referral", args=[row.pk]), ("MARAC", "purple"))
        for row in rows
    ]  # fmt: skip


def _ending_flags(viewer: Viewer, last: date) -> list[dict[str, Any]]:
    rows = (
        Hearing.objects.visible_to(viewer)
        .filter(flag_until__lte=last, flag_ended_on=None, file__withdrawn_on=None)
        .select_related("file__partner")
        .order_by("flag_until", "id")[:MOST]
    )
    return [
        _item(row, "The MARAC flag ends: look at the case again:", row.flag_until,
              reverse("marac-hearing", args=[row.pk]), ("MARAC flag", "purple"))
        for row in rows
    ]  # fmt: skip


def _actions(viewer: Viewer, today: date, last: date) -> list[dict[str, Any]]:
    """Own actions; for coordination also those of agencies, and anybody's that are overdue."""
    whose = Q(owner=viewer.worker)
    if viewer.role in EVERYTHING:
        whose |= Q(owner=None) | Q(due_on__lt=today)
    found = []
    for model, page, tag in (
        (ConferenceAction, "marac-action", "MARAC action"),
        (TaskingAction, "matac-action", "MATAC action"),
    ):
        rows = model.objects.visible_to(viewer).filter(whose, done_on=None, due_on__lte=last)
        found += [
            {
                "due": row.due_on,
                "what": "Action of a conference:",
                "who": row.what,
                "note": row.agency or "",
                "url": reverse(page, args=[row.pk]),
                "tag": (tag, "purple"),
            }
            for row in rows.order_by("due_on", "id")[:MOST]
        ]
    return found


def _kept(viewer: Viewer, today: date, last: date) -> list[dict[str, Any]]:
    """What whoever keeps the conferences waits for: answers, outcomes, reviews."""
    if not may_do(viewer.role, Duty.KEEP_CONFERENCE):
        return []
    asked = (
        Research.objects.visible_to(viewer)
        .filter(answer=Answer.ASKED, due_on__lte=last, hearing__heard=Heard.LISTED)
        .select_related("file__partner")
        .order_by("due_on", "id")[:MOST]
    )
    found = [
        _item(row, "An agency has not answered for the MARAC yet:", row.due_on,
              reverse("marac-hearing", args=[row.hearing_id]), ("MARAC", "purple"))
        for row in asked
    ]  # fmt: skip
    listed = (
        Hearing.objects.visible_to(viewer)
        .filter(heard=Heard.LISTED, conference__held_at__date__lte=today)
        .select_related("file__partner", "conference")
        .order_by("conference__held_at", "id")[:MOST]
    )
    found += [
        _item(row, "Write down what came of the hearing:",
              timezone.localdate(row.conference.held_at),
              reverse("marac-hearing", args=[row.pk]), ("MARAC", "purple"))
        for row in listed
    ]  # fmt: skip
    reviews = Nomination.objects.visible_to(viewer).filter(
        Q(review_on__lte=last) | Q(state=NominationState.NOMINATED)
    )
    ordered = reviews.order_by(F("review_on").asc(nulls_last=True), "id")[:MOST]
    return [*found, *(_nomination_item(row) for row in ordered)]


def _nomination_item(row: Nomination) -> dict[str, Any]:
    waits = row.state == NominationState.NOMINATED
    return {
        "due": row.nominated_on if waits else row.review_on,
        "what": "Decide about a nomination:" if waits else "Review a nomination:",
        "who": f"MATAC, nominated {day_words(row.nominated_on)}",
        "url": reverse("matac", args=[row.pk]),
        "tag": ("MATAC", "purple"),
    }


# --- figures and material ------------------------------------------------------------------------


def hearing_facts(viewer: Viewer, service: str, first: date, last: date) -> list[HearingFact]:
    """The hearings of a period as the figures count them."""
    said = {"yes": True, "no": False}
    rows = (
        Hearing.objects.visible_to(viewer)
        .filter(file__service=service, heard_on__gte=first, heard_on__lte=last)
        .select_related("file", "referral")
        .order_by("heard_on", "id")
    )
    return [
        HearingFact(
            person=str(row.file.partner_id),
            heard_on=row.heard_on,
            repeat=row.repeat,
            referred_by=row.referral.referred_by,
            children=row.referral.children,
            high_risk=row.referral.high_risk,
            sex=row.referral.sex or None,
            lgbt=said.get(row.referral.lgbt),
            minority=said.get(row.referral.minority),
            disabled=said.get(row.referral.disabled),
        )
        for row in rows
    ]


def repeat_until(row: Hearing) -> date | None:
    """The last day on which new violence makes a repeat of this hearing."""
    if row.heard_on is None:
        return None
    return months_after(row.heard_on, marac_of(row.file.service).repeat_months)


def texts_of_nomination(nomination: Nomination, viewer: Viewer) -> Iterable[str | None]:
    """What somebody may have read who opened a nomination."""
    yield from (nomination.reason, nomination.profile, nomination.decided_because)
    yield nomination.discharge_note
    yield from texts_below(OfANomination, "nomination", nomination, viewer)
