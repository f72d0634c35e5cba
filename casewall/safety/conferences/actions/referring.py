"""Drafting, sending and withdrawing a referral to a MARAC."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.audit.rows import known_row, unchanged
from casewall.safety.conferences.known import (
    children_of,
    facts_of,
    local_rule,
    prefilled,
    ticks_of,
)
from casewall.safety.conferences.models import ConferenceReferral, Hearing
from casewall.safety.conferences.rules import (
    Consent,
    Criterion,
    Ground,
    Heard,
    Met,
    State,
    YesNo,
    consent_fits,
    criteria_met,
    may_send,
)
from casewall.safety.conferences.words import FORM
from casewall.safety.partners.models import PartnerFile
from casewall.safety.support.actions.keeping import locked_file
from casewall.wall.context import acting
from casewall.wall.decide import Decision, Refused, demand
from casewall.wall.duties import Duty, require
from casewall.wall.ids import id_of_form
from casewall.wall.sides import Viewer


@dataclass(frozen=True, slots=True)
class Filled:
    """A referral as somebody filled it in. What nobody said is None or empty, never *no*."""

    answers: Mapping[str, str]
    referred_by: str = "partner_support"
    ticks: int | None = None
    judgement: str = ""
    honour: bool | None = None
    consent: Consent = Consent.NOT_ASKED
    consent_on: date | None = None
    ground: Ground | None = None
    ground_reason: str = ""
    children: int | None = None
    high_risk: bool | None = None
    facts: Mapping[str, YesNo | None] = field(default_factory=dict)


def answers_of(referral: ConferenceReferral) -> dict[str, str]:
    """The form of a referral, by its keys, in the form's order."""
    kept = json.loads(referral.answers)
    return {key: kept.get(key, "") for key in FORM}


def begin_referral(
    *, file: PartnerFile, by: Viewer, form: UUID | None = None
) -> ConferenceReferral:
    """Begin a draft, filled in with what the records hold. An open draft is gone on with."""
    require(by, Duty.REFER_CONFERENCE)
    with acting(by):
        file = locked_file(file, by)
        own = id_of_form(file.pk, form, "marac")
        rows = ConferenceReferral.objects.visible_to(by)
        known = known_row(ConferenceReferral, own, by) or (
            rows.filter(file=file, state=State.DRAFT).order_by("begun_on", "id").first()
        )
        if known is not None:
            return known
        local, children = local_rule(file), children_of(file, by)
        row = ConferenceReferral(
            id=own, compartment=file.compartment, file=file,
            answers=_written(prefilled(file, by)),
            ticks=ticks_of(file, by, local.checklist), children=len(children) or None,
            sex="" if file.partner.sex == "unknown" else file.partner.sex,
            begun_on=timezone.localdate(), worker=by.worker,
        )  # fmt: skip
        row.criteria = _codes(criteria_of(row, by))
        row.save(force_insert=True)
        record(by=by, verb="began a referral to a conference of", thing=file)
        return row


def criteria_of(referral: ConferenceReferral, by: Viewer) -> tuple[Met, ...]:
    """The criteria that a referral meets today."""
    local = local_rule(referral.file)
    return criteria_met(
        facts_of(referral.file, by, local, referral), local, timezone.localdate()
    )


def consent_of(referral: ConferenceReferral) -> Decision:
    """Whether a referral may be shared as it stands."""
    return consent_fits(
        Consent(referral.consent),
        referral.consent_on,
        Ground(referral.ground) if referral.ground else None,
        referral.ground_reason or "",
        timezone.localdate(),
    )


def keep_referral(
    *, referral: ConferenceReferral, filled: Filled, version: int, by: Viewer
) -> ConferenceReferral:
    """Keep a draft as it was filled in, and what criteria it meets then."""
    require(by, Duty.REFER_CONFERENCE)
    with acting(by):
        row = _draft(referral, by)
        said = _said(filled)
        if all(getattr(row, name) == value for name, value in said.items()):
            return row
        unchanged(row, version)
        for name, value in said.items():
            setattr(row, name, value)
        row.criteria = _codes(criteria_of(row, by))
        row.version += 1
        row.save()
        record(by=by, verb="kept a referral to a conference of", kind="partnerfile",
               object_id=row.file_id)  # fmt: skip
        return row


def _said(filled: Filled) -> dict[str, Any]:
    """What was filled in, by the fields of the record."""
    return {
        "answers": _written(filled.answers), "referred_by": filled.referred_by,
        "ticks": filled.ticks, "judgement": filled.judgement or None, "honour": filled.honour,
        "consent": filled.consent, "consent_on": filled.consent_on,
        "ground": filled.ground or "", "ground_reason": filled.ground_reason or None,
        "children": filled.children, "high_risk": filled.high_risk,
        **{name: filled.facts.get(name) or "" for name in ("lgbt", "minority", "disabled")},
    }  # fmt: skip


def send_referral(
    *, referral: ConferenceReferral, sent_to: str, version: int, by: Viewer
) -> ConferenceReferral:
    """Say that a referral has been sent, to whom. From then on it stays as it is.

    Raises `Refused` without a criterion, or without consent or a lawful ground with its reason.
    """
    require(by, Duty.REFER_CONFERENCE)
    with acting(by):
        rows = ConferenceReferral.objects.visible_to(by).select_for_update(of=("self",))
        row = rows.select_related("file__partner").get(pk=referral.pk)
        if row.state == State.SENT and row.sent_to == sent_to:
            return row
        met = [one.criterion for one in criteria_of(row, by)]
        demand(may_send(State(row.state), met, consent_of(row), sent_to))
        unchanged(row, version)
        row.criteria = ",".join(dict.fromkeys(met))
        row.state, row.sent_to = State.SENT, sent_to
        row.sent_at, row.sent_by = timezone.now(), by.worker
        row.version += 1
        row.save()
        record(by=by, verb="sent a referral to a conference of", kind="partnerfile",
               object_id=row.file_id, purpose=row.ground or "consent")  # fmt: skip
        return row


def withdraw_referral(
    *, referral: ConferenceReferral, because: str, by: Viewer
) -> ConferenceReferral:
    """Withdraw a referral that has not been heard. It stays readable with the reason."""
    require(by, Duty.REFER_CONFERENCE)
    if not because.strip():
        raise Refused("Say in words why it is withdrawn.")
    with acting(by):
        rows = ConferenceReferral.objects.visible_to(by).select_for_update(of=("self",))
        row = rows.get(pk=referral.pk)
        if row.state == State.WITHDRAWN:
            return row
        hearings = Hearing.objects.visible_to(by).filter(referral=row)
        if hearings.filter(heard_on__isnull=False).exists():
            raise Refused("This referral has been heard: it stays.")
        for hearing in hearings.filter(heard=Heard.LISTED):
            hearing.heard, hearing.version = Heard.TAKEN_OFF, hearing.version + 1
            hearing.save()
        row.state, row.withdrawn_on = State.WITHDRAWN, timezone.localdate()
        row.withdrawn_because = because
        row.version += 1
        row.save()
        record(by=by, verb="withdrew a referral to a conference of", kind="partnerfile",
               object_id=row.file_id)  # fmt: skip
        return row


def _draft(referral: ConferenceReferral, by: Viewer) -> ConferenceReferral:
    rows = ConferenceReferral.objects.visible_to(by).select_for_update(of=("self",))
    found: ConferenceReferral = rows.select_related("file__partner").get(pk=referral.pk)
    if found.state != State.DRAFT:
        raise Refused("This referral has been sent or withdrawn: it stays as it is.")
    return found


def _written(answers: Mapping[str, str]) -> str:
    kept = {key: answers[key].strip() for key in FORM if answers.get(key, "").strip()}
    return json.dumps(kept, ensure_ascii=False)


def _codes(met: tuple[Met, ...]) -> str:
    codes: list[Criterion] = [one.criterion for one in met]
    return ",".join(dict.fromkeys(codes))
