"""The review of what was collected, record by record, and the reply that leaves."""

from __future__ import annotations

import base64
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.audit.rows import changed, locked
from casewall.programme.rights.collecting import words_of_kind as their_words
from casewall.programme.rights.flags import Sign
from casewall.programme.rights.rules import Right, release_day, starts_on
from casewall.safety.partners.models import PartnerFile
from casewall.safety.rights.gathering import by_hand, persons_of, record_in_words, words_of_kind
from casewall.safety.rights.models import RightsCase, RightsItem, RightsReply, RightsReview
from casewall.safety.rights.reply import Allowed, as_pdf, told
from casewall.safety.rights.rules import (
    Answer,
    Ground,
    Origin,
    Questions,
    Review,
    Route,
    State,
    Verdict,
    extract_fits,
    may_batch,
    may_release,
    review_fits,
    settled,
    waits_for,
)
from casewall.safety.sending.actions.asking import gate
from casewall.safety.sending.rules import Act, Stop
from casewall.services.load import shipped
from casewall.staff.models import system_viewer
from casewall.wall.context import acting
from casewall.wall.decide import Refused, demand
from casewall.wall.duties import Duty, require
from casewall.wall.sides import Role, Viewer

ACT_OF = {Route.IN_PERSON: Act.IN_PERSON, Route.LETTER: Act.LETTER, Route.EMAIL: Act.EMAIL}
PLAIN = Questions(Answer.NOBODY, Answer.NOBODY, Answer.YES)
PARTNERS = Questions(Answer.NO, Answer.NO, Answer.NO)


def signs_in(codes: str) -> tuple[Sign, ...]:
    """The signs that are kept in one field."""
    return tuple(Sign(code) for code in codes.split())


@dataclass(frozen=True, slots=True)
class Standing:
    """Where each record of a review stands: its reviews, and what two people decided alike."""

    items: tuple[RightsItem, ...]
    reviews: dict[UUID, list[RightsReview]]
    decided: dict[UUID, Review | None]

    @property
    def waiting(self) -> list[RightsItem]:
        """The records that the reply waits for."""
        return [i for i in self.items if waits_for(Origin(i.origin), self.decided[i.pk])]

    def of_worker(self, item: RightsItem, worker: UUID) -> RightsReview | None:
        """The last review of a record by one person."""
        mine = [row for row in self.reviews[item.pk] if row.worker == worker]
        return mine[-1] if mine else None


def standing_of(request: RightsCase, viewer: Viewer) -> Standing:
    """Every record of a review with its decisions: two queries."""
    items = tuple(
        RightsItem.objects.visible_to(viewer)
        .filter(request=request)
        .order_by("written_on", "kind", "id")
    )
    reviews: dict[UUID, list[RightsReview]] = defaultdict(list)
    for row in RightsReview.objects.visible_to(viewer).filter(item__request=request).order_by(
        "number"
    ):
        reviews[row.item_id].append(row)
    decided = {item.pk: _decided(item, reviews[item.pk]) for item in items}
    return Standing(items, reviews, decided)


def _decided(item: RightsItem, rows: Iterable[RightsReview]) -> Review | None:
    return settled(
        signs_in(item.signs),
        [
            Review(row.worker, Verdict(row.verdict), row.extract or "", signs_in(row.signs))
            for row in rows
        ],
    )


def review(
    *,
    item: RightsItem,
    questions: Questions,
    verdict: Verdict,
    by: Viewer,
    extract: str = "",
    ground: Ground | None = None,
    reason: str = "",
) -> RightsReview:
    """Answer the three questions of one record and decide about it, as one of two reviewers.

    Raises `Refused` where the answers do not carry the decision, or where an extract has words
    that the record has not. The same answer again is one.
    """
    require(by, Duty.HANDLE_REQUEST)
    extract = " ".join(extract.split()) if verdict is Verdict.EXTRACT else ""
    with acting(by):
        rows = RightsItem.objects.visible_to(by).select_for_update(of=("self",))
        row = rows.select_related("request").get(pk=item.pk)
        _open(row.request)
        signs = signs_in(row.signs)
        if verdict is Verdict.EXTRACT:
            system = system_viewer(Role.SAFETY_SYSTEM)
            with acting(system):
                persons = persons_of(row.request, [], system)
            demand(extract_fits(record_in_words(row.content), extract, persons))
            signs_to_carry: tuple[Sign, ...] = tuple(s for s in signs if s is Sign.PARTNER_ORIGIN)
        else:
            signs_to_carry = signs
        demand(review_fits(Origin(row.origin), signs_to_carry, questions, verdict,
                           ground=ground, reason=reason))  # fmt: skip
        return _write(row, questions, verdict, extract, ground, reason.strip(), by)


def _write(
    row: RightsItem, questions: Questions, verdict: Verdict, extract: str, ground: Ground | None,
    reason: str, by: Viewer,
) -> RightsReview:  # fmt: skip
    earlier = list(RightsReview.objects.visible_to(by).filter(item=row).order_by("number"))
    mine = [one for one in earlier if one.worker == by.worker]
    if mine and (mine[-1].verdict, mine[-1].extract or "", mine[-1].signs) == (
        verdict, extract, row.signs
    ):  # fmt: skip
        return mine[-1]
    made = RightsReview(
        compartment=row.compartment, item=row, worker=by.worker, without=questions.without,
        consented=questions.consented, reasonable=questions.reasonable, verdict=verdict,
        extract=extract or None, ground=ground or "", reason=reason or None, signs=row.signs,
        reviewed_at=timezone.now(), number=len(earlier) + 1,
    )  # fmt: skip
    made.save(force_insert=True)
    record(by=by, verb="reviewed", thing=row)
    return made


def _open(request: RightsCase) -> None:
    if request.state != State.OPEN or request.asked_for != Right.ACCESS:
        raise Refused("This request has ended, or nothing is reviewed for it.")


def confirm_many(*, request: RightsCase, verdict: Verdict, by: Viewer) -> int:
    """Confirm many records at once: those without any sign in, or those of partners out.

    It is one person's decision on each; the second person does the same. Returns how many.
    """
    require(by, Duty.HANDLE_REQUEST)
    with acting(by):
        row = RightsCase.objects.visible_to(by).select_for_update(of=("self",)).get(pk=request.pk)
        _open(row)
        standing, done = standing_of(row, by), 0
        for item in standing.items:
            signs = signs_in(item.signs)
            if not may_batch(Origin(item.origin), signs, verdict):
                continue
            if standing.of_worker(item, by.worker) is not None:
                continue
            include = verdict is Verdict.INCLUDE
            _write(item, PLAIN if include else PARTNERS, verdict, "",
                   None if include else Ground.PARTNER_ORIGIN, "", by)  # fmt: skip
            done += 1
        return done


def add_by_hand(*, request: RightsCase, text: str, on: date | None, by: Viewer) -> RightsItem:
    """Add a record that is held on paper or elsewhere. It is reviewed like the others."""
    require(by, Duty.HANDLE_REQUEST)
    if not text.strip():
        raise Refused("Write what the record says.")
    with acting(by):
        row = RightsCase.objects.visible_to(by).get(pk=request.pk)
        _open(row)
        system = system_viewer(Role.SAFETY_SYSTEM)
        with acting(system):
            made = by_hand(row, text.strip(), on, system)
        record(by=by, verb="added a record by hand to", thing=row)
        return made


def leaves_on(request: RightsCase) -> date | None:
    """The fixed day on which the reply leaves; None until it is known who asks."""
    start = starts_on(request.received_on, request.identity_on)
    if start is None:
        return None
    return release_day(start, extended=request.extended_on is not None)


def allowed_of(standing: Standing) -> list[Allowed]:
    """What two people decided to give, in no order."""
    found = []
    for item in standing.items:
        decided = standing.decided[item.pk]
        if decided is None or decided.verdict is Verdict.WITHHOLD:
            continue
        theirs = item.kind.startswith("programme_")
        found.append(
            Allowed(
                item.written_on.isoformat() if item.written_on else "",
                their_words(item.kind) if theirs else words_of_kind(item.kind),
                item.content if decided.verdict is Verdict.INCLUDE else "",
                decided.extract,
            )
        )
    return found


def preview(*, request: RightsCase, by: Viewer) -> bytes:
    """The reply as it would leave by what two people have decided so far (PDF)."""
    require(by, Duty.HANDLE_REQUEST)
    release_on = leaves_on(request)
    if release_on is None:
        raise Refused("Make sure first who asks, and say how.")
    with acting(by):
        standing = standing_of(request, by)
    return _pdf(request, standing, release_on)


def _pdf(request: RightsCase, standing: Standing, release_on: date) -> bytes:
    service = shipped().get(request.service)
    document = told(
        allowed_of(standing), name=request.name, language=request.language,
        received_on=request.received_on, release_on=release_on,
    )  # fmt: skip
    return as_pdf(document, agency=service.name if service else "", language=request.language)


def release(*, request: RightsCase, route: Route, version: int, by: Viewer) -> RightsReply:
    """Let the reply leave, on its fixed day or after it, by a way that is safe.

    A partner's goes only by a way that is confirmed safe now; no reason overrides it. Twice is
    refused.
    """
    require(by, Duty.HANDLE_REQUEST)
    with acting(by):
        row: RightsCase = locked(request, by, version)
        _open(row)
        release_on = leaves_on(row)
        if release_on is None:
            raise Refused("Make sure first who asks, and say how.")
        if row.gathered_at is None:
            raise Refused("The file has not been collected yet.")
        standing = standing_of(row, by)
        demand(may_release(timezone.localdate(), release_on, len(standing.waiting)))
        if row.file_id:
            _safe_way(row.file_id, route)
        made = RightsReply(
            compartment=row.compartment, request=row, route=route, released_on=release_on,
            released_at=timezone.now(), worker=by.worker, items=len(allowed_of(standing)),
            content=base64.b64encode(_pdf(row, standing, release_on)).decode("ascii"),
        )  # fmt: skip
        made.save(force_insert=True)
        row.state, row.replied_on = State.REPLIED, timezone.localdate()
        changed(row, "released the reply to", by)
        return made


def _safe_way(file_id: UUID, route: Route) -> None:
    """Raise `Refused` unless this way of reaching the partner is confirmed safe at this moment.

    A restriction of the file stops no reply to the partner's own request.
    """
    system = system_viewer(Role.SAFETY_SYSTEM)
    with acting(system):
        file = PartnerFile.objects.visible_to(system).get(pk=file_id)
        verdict = gate(file=file, act=ACT_OF[route], at=timezone.now(), by=system)
    said = zip(verdict.stops, verdict.reasons, strict=True)
    against = [reason for stop, reason in said if stop is not Stop.RESTRICTED]
    if against:
        raise Refused("This way is not safe now. " + " ".join(against))
