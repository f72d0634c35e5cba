"""Case studies and quotations: written, consented to, approved, published, taken back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.audit.rows import known_row, locked
from casewall.safety.partners.models import Partner, PartnerFile
from casewall.safety.sharing.actions.exports import keep_export, recall_all_of
from casewall.safety.sharing.models import CaseStudy, StudyConsent
from casewall.safety.sharing.rules import Exported, may_recall
from casewall.safety.sharing.studies.rules import (
    AgeBand,
    Place,
    Rare,
    Study,
    StudyState,
    band_of,
    may_publish,
)
from casewall.wall.context import acting
from casewall.wall.decide import Refused, demand
from casewall.wall.duties import Duty, require
from casewall.wall.ids import id_of_form
from casewall.wall.sides import Viewer

LONGEST_CONSENT = timedelta(days=5 * 366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text as its writer means it. `persons` is how many people it is about."""

    title: str
    text: str
    is_quotation: bool
    persons: int
    changed: str
    place: Place
    age_band: AgeBand | None = None
    place_name: str = ""
    rare: Iterable[Rare] = ()
    told_in_order: bool = False


def write_study(
    *, text: Text, service: str, compartment: int, by: Viewer, form: UUID | None = None
) -> CaseStudy:
    """Write a text for publication. The same form twice is one."""
    require(by, Duty.PUBLISH)
    with acting(by):
        own = id_of_form(by.worker, form, "study")
        known = known_row(CaseStudy, own, by)
        if known is not None:
            return known
        row = CaseStudy(id=own, compartment=compartment, service=service, version=0)
        _say(row, text, by)
        row.save(force_insert=True)
        record(by=by, verb="wrote", thing=row)
        return row


def edit_study(*, study: CaseStudy, text: Text, version: int, by: Viewer) -> CaseStudy:
    """Write a text anew before it is published; an approval is undone."""
    require(by, Duty.PUBLISH)
    with acting(by):
        row = locked(study, by, version)
        _must_be(row, StudyState.DRAFT, StudyState.APPROVED)
        _say(row, text, by)
        row.state, row.approved_by, row.approved_on, row.possible = (
            StudyState.DRAFT, None, None, None)  # fmt: skip
        row.save()
        record(by=by, verb="edited", thing=row)
        return row


def _say(row: CaseStudy, text: Text, by: Viewer) -> None:
    if not text.title.strip() or not text.text.strip():
        raise Refused("Write a title and the text.")
    if text.persons < 1:
        raise Refused("The text is about one person at the least.")
    if text.place in (Place.TOWN, Place.REGION) and not text.place_name.strip():
        raise Refused("Write which place the text names.")
    row.title, row.text, row.is_quotation = text.title.strip(), text.text.strip(), text.is_quotation
    row.persons, row.changed = text.persons, text.changed.strip() or None
    row.age_band, row.place = text.age_band or "", text.place
    row.place_name, row.rare = text.place_name.strip() or None, ",".join(text.rare)
    row.told_in_order = text.told_in_order
    row.written_by, row.written_at = by.worker, timezone.now()
    row.version += 1


def _must_be(row: CaseStudy, *states: StudyState) -> None:
    if row.state not in states:
        raise Refused(f"This text is {row.state}.")


def consent_to_study(
    *,
    study: CaseStudy,
    person: str,
    given_on: date,
    expires_on: date,
    by: Viewer,
    file: PartnerFile | None = None,
    form: UUID | None = None,
) -> StudyConsent:
    """Keep one person's consent to exactly this text, with the last day on which it holds."""
    require(by, Duty.PUBLISH)
    if not person.strip():
        raise Refused("Write who consents.")
    if given_on > timezone.localdate():
        raise Refused(f"{given_on:%-d %B %Y} has not come yet.")
    if not given_on <= expires_on <= given_on + LONGEST_CONSENT:
        raise Refused("A consent ends after the day on which it was given, within five years.")
    with acting(by):
        row = locked(study, by)
        own = id_of_form(row.pk, form, "consent")
        known = known_row(StudyConsent, own, by)
        if known is not None:
            return known
        made = StudyConsent(
            id=own, compartment=row.compartment, study=row, file=file, person=person.strip(),
            given_on=given_on, expires_on=expires_on, worker=by.worker,
        )  # fmt: skip
        made.save(force_insert=True)
        record(by=by, verb="kept a consent to", thing=row)
        return made


def withdraw_consent(*, consent: StudyConsent, on: date, by: Viewer) -> StudyConsent:
    """A person takes the consent back. A text that is out becomes something to recall today."""
    require(by, Duty.PUBLISH)
    if on > timezone.localdate():
        raise Refused(f"{on:%-d %B %Y} has not come yet.")
    with acting(by):
        row = locked(consent, by)
        if row.withdrawn_on is None:
            row.withdrawn_on = on
            row.save()
            record(by=by, verb="kept that a consent was withdrawn from", kind="casestudy",
                   object_id=row.study_id)  # fmt: skip
        return row


def as_rules_take(study: CaseStudy, possible: int, by: Viewer) -> Study:
    """A text with its consents, as the rules take it."""
    consents = StudyConsent.objects.visible_to(by).filter(study=study).order_by("given_on", "id")
    return Study(
        persons=study.persons, consents=tuple(one.given for one in consents), possible=possible,
        place=Place(study.place), rare=frozenset(Rare(one) for one in study.rare.split(",") if one),
        changed=study.changed or "", told_in_order=study.told_in_order,
    )  # fmt: skip


def possible_persons(study: CaseStudy, by: Viewer) -> int:
    """How many partners of the service's records fit the age band and the place of a text.

    A place is looked for in the address that is kept; whoever has no day of birth on record fits
    no age band. So the number is too small rather than too large.
    """
    files = PartnerFile.objects.visible_to(by).filter(service=study.service, withdrawn_on=None)
    people = Partner.objects.visible_to(by).filter(id__in=files.values("partner_id"))
    today, place = timezone.localdate(), (study.place_name or "").casefold()
    wants_place = study.place in (Place.TOWN, Place.REGION)
    count = 0
    for one in people.only("id", "born_on", "address"):
        band = band_of(date.fromisoformat(one.born_on), today) if one.born_on else None
        fits = not study.age_band or band == study.age_band
        there = not wants_place or place in (one.address or "").casefold()
        count += fits and there
    return count


def approve_study(*, study: CaseStudy, version: int, by: Viewer) -> CaseStudy:
    """A second person lets a text be published. Raises `Refused` with every reason against it."""
    require(by, Duty.PUBLISH)
    with acting(by):
        row = locked(study, by, version)
        _must_be(row, StudyState.DRAFT)
        row.possible = possible_persons(row, by)
        today = timezone.localdate()
        is_writer = row.written_by == by.worker
        demand(may_publish(as_rules_take(row, row.possible, by), is_writer, today))
        row.state, row.approved_by, row.approved_on = StudyState.APPROVED, by.worker, today
        row.version += 1
        row.save()
        record(by=by, verb="approved", thing=row)
        return row


def publish_study(*, study: CaseStudy, where: str, version: int, by: Viewer) -> CaseStudy:
    """Keep where an approved text was published. Its consents are looked at once more."""
    require(by, Duty.PUBLISH)
    if not where.strip():
        raise Refused("Write where it was published, so that it can be recalled there.")
    with acting(by):
        row = locked(study, by, version)
        _must_be(row, StudyState.APPROVED)
        today = timezone.localdate()
        possible = possible_persons(row, by)
        demand(may_publish(as_rules_take(row, possible, by), False, today))
        row.state, row.published_on = StudyState.PUBLISHED, today
        row.published_where = where.strip()
        row.version += 1
        row.save()
        keep_export(kind=Exported.CASE_STUDY, thing=row, recipient=where.strip(), by=by,
                    content=str(row.text).encode())  # fmt: skip
        record(by=by, verb="published", thing=row)
        return row


def recall_study(*, study: CaseStudy, reason: str, version: int, by: Viewer) -> CaseStudy:
    """Take a published text back; telling whoever published it becomes a task."""
    require(by, Duty.PUBLISH)
    with acting(by):
        row = locked(study, by, version)
        _must_be(row, StudyState.PUBLISHED)
        demand(may_recall(row.recalled_on, reason))
        row.state, row.recalled_on = StudyState.RECALLED, timezone.localdate()
        row.recalled_because = reason.strip()
        row.version += 1
        row.save()
        record(by=by, verb="recalled", thing=row)
        recall_all_of(row, reason, by)
        return row
