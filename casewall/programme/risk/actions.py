"""Every write to an assessment of risk. Each is one transaction with an audit entry.

What signals danger becomes a task for the same day, before anything else is worked out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.audit.rows import locked
from casewall.programme.cases.actions import add_task
from casewall.programme.cases.models import Case
from casewall.programme.risk.models import (
    RiskAssessment,
    RiskEvidence,
    RiskRating,
    RiskSource,
)
from casewall.programme.risk.rules import (
    DANGER,
    FACTORS,
    OPEN,
    Factor,
    Had,
    How,
    Level,
    Rated,
    Rating,
    Said,
    Section,
    Source,
    State,
    evidence_fits,
    lacking,
    may_return,
    may_send,
    may_sign,
    newly_signalled,
    next_review,
    rating_fits,
    source_fits,
)
from casewall.programme.risk.words import FACTOR_WORDS, SOURCE_WORDS
from casewall.wall.context import acting
from casewall.wall.decide import Decision, Refused, StaleEdit, demand
from casewall.wall.duties import Duty, may_do, require
from casewall.wall.ids import id_of_form, new_id
from casewall.wall.sides import Role, Viewer

CHANGED = (
    "Somebody else changed this assessment while the page was open. What you typed is below and "
    "nothing was overwritten: look at both before you save."
)
LOCKED = "This version is no longer being written: it waits for a signature, or is signed."
WRITES = (Duty.ASSESS, Duty.REVIEW_COURSE)
"""Who writes: whoever assesses clients, and whoever works with them in the programme."""


def may_write(role: Role) -> Decision:
    """Whether this role writes assessments of risk."""
    if any(may_do(role, duty) for duty in WRITES):
        return Decision(True, "May write an assessment of risk.")
    return may_do(role, Duty.ASSESS)


def begin_assessment(*, case: Case, by: Viewer, form: UUID | None = None) -> RiskAssessment:
    """Begin the next version; the one that is open already, where there is one.

    What the signed version says is taken over to be gone through again: sources, ratings and
    texts, but neither the level nor its reasoning.
    """
    demand(may_write(by.role))
    with acting(by):
        case = locked(case, by)
        rows = RiskAssessment.objects.visible_to(by).filter(case=case)
        known: RiskAssessment | None = rows.filter(state__in=OPEN).first()
        if known is not None:
            return known
        before = rows.order_by("-version").first()
        row = RiskAssessment(
            id=id_of_form(case.pk, form, "risk assessment"),
            compartment=case.compartment,
            case=case,
            version=before.version + 1 if before else 1,
            writers=str(by.worker),
            worker=by.worker,
            begun_on=timezone.localdate(),
        )
        for section in Section:
            setattr(row, section, getattr(before, section) if before else None)
        row.save(force_insert=True)
        if before is not None:
            _take_over(before, row, by)
        record(by=by, verb="began a risk assessment of", thing=case)
        return row


def _take_over(before: RiskAssessment, row: RiskAssessment, by: Viewer) -> None:
    own = {"compartment": row.compartment, "case_id": row.case_id, "assessment": row}
    for old in RiskSource.objects.visible_to(by).filter(assessment=before):
        RiskSource(
            id=new_id(), source=old.source, had=old.had, had_on=old.had_on, reason=old.reason, **own
        ).save(force_insert=True)
    for rated in RiskRating.objects.visible_to(by).filter(assessment=before):
        RiskRating(
            id=new_id(), factor=rated.factor, rating=rated.rating, reason=rated.reason, **own
        ).save(force_insert=True)


def record_evidence(
    *,
    case: Case,
    source: Source,
    how: How,
    held_on: date,
    what: str,
    signs: Iterable[Factor],
    by: Viewer,
    form: UUID | None = None,
) -> RiskEvidence:
    """Keep what a source said. A sign of danger in it is a task for today.

    The same form twice is one. Raises `Refused` for anything but a source of this side.
    """
    require(by, Duty.RECORD_CONTACT)
    if source not in tuple(Source):
        raise Refused("This side cannot have evidence from that source.")
    demand(evidence_fits(what, held_on, timezone.localdate()))
    chosen = [one for one in DANGER if one in set(signs)]
    with acting(by):
        case = locked(case, by)
        own = id_of_form(case.pk, form, "risk evidence")
        known: RiskEvidence | None = RiskEvidence.objects.visible_to(by).filter(pk=own).first()
        if known is not None:
            return known
        _warn(case, chosen, by)
        row = RiskEvidence(
            id=own, compartment=case.compartment, case=case, source=source, how=how,
            held_on=held_on, signs=",".join(chosen), what=what, recorded_at=timezone.now(),
            worker=by.worker,
        )  # fmt: skip
        row.save(force_insert=True)
        record(by=by, verb="recorded evidence of risk in", thing=case)
        return row


def _warn(case: Case, signs: Iterable[Factor], by: Viewer) -> None:
    """A task for today for each sign of danger."""
    for sign in signs:
        add_task(case=case, kind=f"{sign}_in_the_risk_assessment",
                 due_on=timezone.localdate(), by=by)


def _open(assessment: RiskAssessment, revision: int, by: Viewer) -> RiskAssessment:
    """The draft, locked. Raises `Refused` where it is locked, `StaleEdit` past `revision`."""
    row = locked(assessment, by)
    if row.state != State.DRAFT:
        raise Refused(LOCKED)
    if row.revision != revision:
        raise StaleEdit(CHANGED)
    return row


def _saved(row: RiskAssessment, verb: str, by: Viewer) -> RiskAssessment:
    row.writers = " ".join(dict.fromkeys([*row.writers.split(), str(by.worker)]))
    row.worker = by.worker
    row.revision += 1
    row.save()
    record(by=by, verb=verb, kind="case", object_id=row.case_id)
    return row


def save_sources(
    *, assessment: RiskAssessment, sources: Mapping[Source, Said], revision: int, by: Viewer
) -> RiskAssessment:
    """Keep which sources were had, which are waited for, and why others cannot be had.

    A source that is not among them has not been asked. Raises `Refused` naming the source.
    """
    demand(may_write(by.role))
    for source, said in sources.items():
        fits = source_fits(said, timezone.localdate())
        if not fits:
            raise Refused(f"{SOURCE_WORDS[source]}: {fits.reason}")
    with acting(by):
        if _is_repeat(assessment, revision, by) and sources_of(assessment, by) == dict(sources):
            return locked(assessment, by)
        row = _open(assessment, revision, by)
        kept = {one.source: one for one in RiskSource.objects.visible_to(by).filter(assessment=row)}
        for source in Source:
            said_of = sources.get(source)
            if source in kept or said_of is not None:
                old = kept.get(source)
                one = old or RiskSource(compartment=row.compartment, case_id=row.case_id,
                                        assessment=row, source=source)
                one.had = said_of.had if said_of else ""
                one.had_on = said_of.on if said_of else None
                one.reason = (said_of.reason or None) if said_of else None
                one.save(force_insert=old is None)
        return _saved(row, "saved the sources of the risk of", by)


def _is_repeat(assessment: RiskAssessment, revision: int, by: Viewer) -> bool:
    """Whether the change was saved a moment ago by the same worker: a button pressed twice."""
    row = locked(assessment, by)
    return row.revision == revision + 1 and row.worker == by.worker


def save_section(
    *,
    assessment: RiskAssessment,
    section: Section,
    text: str,
    ratings: Mapping[Factor, Rated],
    revision: int,
    by: Viewer,
) -> RiskAssessment:
    """Keep one part: its text and the ratings of its factors.

    A factor of danger that is rated possible or present, and was not before, is a task for today.
    Raises `Refused` for a factor of another part or one left out without a reason, `StaleEdit`
    where a colleague was quicker. The same save twice is one.
    """
    demand(may_write(by.role))
    for factor, rated in ratings.items():
        if factor not in FACTORS[section]:
            raise Refused(f"“{FACTOR_WORDS[factor]}” belongs to another part.")
        fits = rating_fits(rated)
        if not fits:
            raise Refused(f"{FACTOR_WORDS[factor]}: {fits.reason}")
    with acting(by):
        before = {factor: rated for factor, rated in ratings_of(assessment, by).items()
                  if factor in FACTORS[section]}
        now = locked(assessment, by)
        same = (before, getattr(now, section) or "") == (dict(ratings), text)
        if same and _is_repeat(assessment, revision, by):
            return now
        row = _open(assessment, revision, by)
        case = Case.objects.visible_to(by).get(pk=row.case_id)
        _warn(case, newly_signalled(before, ratings), by)
        _keep_ratings(row, ratings, by)
        setattr(row, section, text or None)
        return _saved(row, f"saved {section} in the risk assessment of", by)


def _keep_ratings(row: RiskAssessment, ratings: Mapping[Factor, Rated], by: Viewer) -> None:
    kept = {one.factor: one for one in RiskRating.objects.visible_to(by).filter(assessment=row)}
    for factor, rated in ratings.items():
        old = kept.get(factor)
        one = old or RiskRating(compartment=row.compartment, case_id=row.case_id, assessment=row,
                                factor=factor)
        one.rating, one.reason = rated.rating, rated.reason or None
        one.save(force_insert=old is None)


def save_judgement(
    *,
    assessment: RiskAssessment,
    level: Level | None,
    reasoning: str,
    recommendations: str,
    limits: str,
    revision: int,
    by: Viewer,
) -> RiskAssessment:
    """Keep the level as it is judged, why, what is recommended, and the limits of it all."""
    demand(may_write(by.role))
    said: dict[str, Any] = {
        "judged": level or "", "reasoning": reasoning or None,
        "recommendations": recommendations or None, "limits": limits or None,
    }  # fmt: skip
    with acting(by):
        now = locked(assessment, by)
        same = all(getattr(now, name) == value for name, value in said.items())
        if same and _is_repeat(assessment, revision, by):
            return now
        row = _open(assessment, revision, by)
        for name, value in said.items():
            setattr(row, name, value)
        return _saved(row, "judged the risk of", by)


def what_lacks(assessment: RiskAssessment, by: Viewer) -> list[str]:
    """What an assessment lacks before it can be sent. Two queries."""
    return lacking(
        sources_of(assessment, by),
        ratings_of(assessment, by),
        texts_of(assessment),
        Level(assessment.judged) if assessment.judged else None,
        assessment.reasoning or "",
        assessment.recommendations or "",
    )


def send_assessment(*, assessment: RiskAssessment, revision: int, by: Viewer) -> RiskAssessment:
    """Send it to be signed; from then on nobody changes it. Sent twice, it is sent once."""
    demand(may_write(by.role))
    with acting(by):
        row = locked(assessment, by)
        if row.state == State.WAITING and row.revision == revision + 1:
            return row
        if row.revision != revision:
            raise StaleEdit(CHANGED)
        demand(may_send(State(row.state), what_lacks(row, by)))
        row.state, row.sent_on = State.WAITING, timezone.localdate()
        row.returned_on = row.returned_note = None
        return _saved(row, "sent a risk assessment to be signed of", by)


def sign_assessment(*, assessment: RiskAssessment, revision: int, by: Viewer) -> RiskAssessment:
    """Sign what others wrote: the level holds from now on, and the version before is superseded."""
    require(by, Duty.SIGN_ASSESSMENT)
    with acting(by):
        locked(assessment.case, by)
        row = locked(assessment, by)
        if row.state == State.SIGNED and row.signed_by == by.worker:
            return row
        demand(may_sign(State(row.state), row.wrote(by.worker)))
        if row.revision != revision:
            raise StaleEdit(CHANGED)
        rows = RiskAssessment.objects.visible_to(by).filter(case=row.case_id, state=State.SIGNED)
        for old in rows.select_for_update(of=("self",)):
            old.state = State.SUPERSEDED
            old.save()
        row.state, row.level = State.SIGNED, row.judged
        row.signed_by, row.signed_at = by.worker, timezone.now()
        row.signed_on = timezone.localdate()
        row.review_on = next_review(row.signed_on)
        row.revision += 1
        row.save()
        record(by=by, verb="signed the risk assessment of", kind="case", object_id=row.case_id)
        return row


def return_assessment(
    *, assessment: RiskAssessment, note: str, revision: int, by: Viewer
) -> RiskAssessment:
    """Give an assessment back to its writers, with a word on what must change."""
    require(by, Duty.SIGN_ASSESSMENT)
    with acting(by):
        row = locked(assessment, by)
        if row.state == State.DRAFT and row.returned_note == note and note:
            return row
        demand(may_return(State(row.state), note))
        if row.revision != revision:
            raise StaleEdit(CHANGED)
        row.state, row.sent_on = State.DRAFT, None
        row.returned_on, row.returned_note = timezone.localdate(), note
        row.revision += 1
        row.save()
        record(by=by, verb="returned the risk assessment of", kind="case", object_id=row.case_id)
        return row


# --- what an assessment says ---------------------------------------------------------------------


def sources_of(assessment: RiskAssessment, by: Viewer) -> dict[Source, Said]:
    """What is said of each source; one that is not there has not been asked. One query."""
    rows = RiskSource.objects.visible_to(by).filter(assessment=assessment).exclude(had="")
    found = {Source(row.source): Said(Had(row.had), row.had_on, row.reason or "") for row in rows}
    return {one: found[one] for one in Source if one in found}


def ratings_of(assessment: RiskAssessment, by: Viewer) -> dict[Factor, Rated]:
    """The ratings by factor. One query."""
    rows = RiskRating.objects.visible_to(by).filter(assessment=assessment)
    return {Factor(row.factor): Rated(Rating(row.rating), row.reason or "") for row in rows}


def texts_of(assessment: RiskAssessment) -> dict[Section, str]:
    """The texts by part."""
    return {section: getattr(assessment, section) or "" for section in Section}


def signed_of(case: Case, by: Viewer) -> RiskAssessment | None:
    """The assessment of a case that holds: the one that is signed. One query."""
    rows = RiskAssessment.objects.visible_to(by).filter(case=case, state=State.SIGNED)
    found: RiskAssessment | None = rows.first()
    return found
