"""What is shown of requests, reviews, complaints and breaches on this side."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from casewall.programme.rights.collecting import words_of_kind as their_words
from casewall.programme.rights.flags import SIGN_WORDS, Sign
from casewall.programme.rights.rules import (
    BECAUSE_WORDS,
    DECIDED_WORDS,
    EXTENSION_WORDS,
    HOW_WORDS,
    IDENTITY_WORDS,
    MISHAP_WORDS,
    RIGHT_WORDS,
    Because,
    Decided,
    Extension,
    How,
    Identity,
    Mishap,
    Right,
    answer_due,
    starts_on,
)
from casewall.programme.rights.shown import complaint_items
from casewall.safety.partners.models import PartnerFile
from casewall.safety.partners.parts import Shown
from casewall.safety.rights.actions.reviewing import Standing, leaves_on, signs_in
from casewall.safety.rights.gathering import words_of_kind
from casewall.safety.rights.models import (
    Breach,
    Complaint,
    FileRestriction,
    FileStatement,
    RightsCase,
    RightsItem,
    RightsReview,
)
from casewall.safety.rights.rules import (
    GROUND_WORDS,
    ORIGIN_WORDS,
    PERSON_WORDS,
    RISK_WORDS,
    VERDICT_WORDS,
    Ground,
    Origin,
    Person,
    Risk,
    State,
    Verdict,
    hours_in_words,
    waits_for,
)
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Viewer

Facts = list[tuple[str, Any]]
Names = Mapping[UUID, str]
MOST = 50
REQUEST_COLUMNS = ["Who asks", "What is asked", ("Came on", "date"), "Where it stands",
                   ("Answer by", "date")]  # fmt: skip
ITEM_COLUMNS = ["Record", ("Written", "date"), "Signs of somebody else", "Decided by two people"]
BREACH_COLUMNS = ["What went wrong", ("Found", "date"), "Risk", "Where it stands"]
STATE_WORDS = {State.OPEN: "Open", State.REPLIED: "Answered", State.DECIDED: "Decided",
               State.WITHDRAWN: "Withdrawn"}  # fmt: skip
OPEN_NEXT = {
    "person": "make sure who asks",
    "collect": "the file is not collected yet",
    "review": "in review",
    "decide": "to be decided",
    "below": "decided by the programme's manager",
}


def next_of(row: RightsCase) -> str:
    """What an open request waits for, as a key of `OPEN_NEXT`."""
    if row.identity_on is None:
        return "person"
    if row.asked_for != Right.ACCESS:
        return "below" if row.person == Person.CLIENT else "decide"
    return "collect" if row.gathered_at is None else "review"


def state_in_words(row: RightsCase) -> str:
    """Where a request stands."""
    if row.state != State.OPEN:
        return STATE_WORDS[State(row.state)]
    return f"Open: {OPEN_NEXT[next_of(row)]}"


def due_of(row: RightsCase) -> date:
    """The last day for an answer; from the receipt on while it is not known who asks."""
    start = starts_on(row.received_on, row.identity_on) or row.received_on
    return answer_due(start, extended=row.extended_on is not None)


def request_row(row: RightsCase) -> dict[str, Any]:
    """A request as a row of the list."""
    due = due_of(row) if row.state == State.OPEN else None
    return {
        "cells": [f"{row.name!s} ({row.person})", RIGHT_WORDS[Right(row.asked_for)],
                  row.received_on, state_in_words(row), due],
        "url": reverse("rights-request", args=[row.pk]),
    }  # fmt: skip


def request_facts(row: RightsCase, names: Names) -> Facts:
    """A request as rows of label and value."""
    facts: Facts = [
        ("Whose record", PERSON_WORDS[Person(row.person)]),
        ("Asked for", RIGHT_WORDS[Right(row.asked_for)]),
        ("Where it stands", state_in_words(row)),
        ("Came on", row.received_on),
        ("How", HOW_WORDS[How(row.how)]),
        ("Who asks was made sure by", IDENTITY_WORDS[Identity(row.identity)]),
        ("On", row.identity_on),
        ("In the person's own words", row.asks),
    ]
    if row.speaks:
        facts.append(("Who speaks", row.speaks))
        facts.append(("Has used violence", "yes" if row.is_client else "no"))
    if row.state == State.OPEN:
        facts.append(("Answer at the latest on", due_of(row)))
        if row.asked_for == Right.ACCESS:
            facts.append(("The reply leaves on", leaves_on(row)))
    if row.extended_on:
        facts.append(("Extended because", EXTENSION_WORDS[Extension(row.extended_because)]))
    if row.decided_on:
        facts += [("Decision", DECIDED_WORDS[Decided(row.decision)]), ("Why", row.decision_reason),
                  ("Decided on", row.decided_on), ("By", names.get(row.decided_by))]  # fmt: skip
    if row.replied_on:
        facts.append(("The reply left on", row.replied_on))
    return facts


def signs_in_words(codes: str) -> list[str]:
    """Signs in words."""
    return [SIGN_WORDS[sign] for sign in signs_in(codes)]


def kind_in_words(item: RightsItem) -> str:
    """What kind of record it is."""
    if item.kind == "by_hand":
        return "Added by hand"
    theirs = item.kind.startswith("programme_")
    return their_words(item.kind) if theirs else words_of_kind(item.kind)


def item_row(item: RightsItem, standing: Standing, viewer: Viewer) -> dict[str, Any]:
    """A record under review as a row of the list."""
    decided = standing.decided[item.pk]
    if decided is not None:
        words = VERDICT_WORDS[decided.verdict]
    elif not waits_for(Origin(item.origin), decided):
        words = "not told unless decided"
    elif standing.of_worker(item, viewer.worker):
        words = "waits for the other person"
    else:
        words = "waits for you"
    signs = signs_in(item.signs)
    few = "; ".join(SIGN_WORDS[sign] for sign in signs[:3])
    more = f"; and {len(signs) - 3} more" if len(signs) > 3 else ""
    return {
        "cells": [kind_in_words(item), item.written_on, f"{few}{more}" or "none", words],
        "url": reverse("rights-item", args=[item.pk]),
    }


def progress(standing: Standing) -> Facts:
    """How far a review is, in numbers."""
    counted = Counter(
        "waiting" if decided is None else decided.verdict.value
        for item in standing.items
        for decided in [standing.decided[item.pk]]
        if waits_for(Origin(item.origin), decided)
        or decided is not None
    )
    plain = sum(1 for item in standing.items if not item.signs)
    partners = sum(1 for item in standing.items if item.origin == Origin.PARTNER_FILE)
    return [
        ("Records", len(standing.items)),
        ("Without any sign of somebody else", plain),
        ("Of partners' files, never told by default", partners),
        ("Included whole", counted[Verdict.INCLUDE.value]),
        ("Included as an extract", counted[Verdict.EXTRACT.value]),
        ("Withheld", counted[Verdict.WITHHOLD.value]),
        ("Waiting for a decision of two people", counted["waiting"]),
    ]


def item_facts(item: RightsItem) -> Facts:
    """The record itself, as it was collected."""
    held = json.loads(str(item.content))
    return [
        ("From", ORIGIN_WORDS[Origin(item.origin)]),
        ("Who said it", item.source.replace("_", " ")),
        ("Written", item.written_on),
        *[(label, text) for label, text in held["facts"]],
        *[(label, text) for label, text in held["texts"]],
    ]


def review_entries(rows: list[RightsReview], names: Names) -> list[dict[str, Any]]:
    """What reviewers decided about a record, for the timeline."""
    entries = []
    for row in rows:
        said = []
        if row.extract:
            said.append(f"Extract: {row.extract!s}")
        if row.ground:
            said.append(GROUND_WORDS[Ground(row.ground)])
        if row.reason:
            said.append(str(row.reason))
        entries.append({
            "title": VERDICT_WORDS[Verdict(row.verdict)], "when": row.reviewed_at,
            "by": names.get(row.worker, ""), "text": ". ".join(said),
        })  # fmt: skip
    return entries


def breach_state(row: Breach) -> str:
    """Where a breach stands, with the clock of 72 hours."""
    if row.closed_on:
        return f"closed on {row.closed_on:%-d %B %Y}"
    if row.risk == Risk.NOT_YET:
        return f"judge the risk: {hours_in_words(row.found_at, timezone.now())}"
    if row.tell_authority and row.authority_told_at is None:
        return f"tell the authority: {hours_in_words(row.found_at, timezone.now())}"
    if row.tell_persons and row.persons_told_at is None:
        return "tell the people concerned"
    return "close it with what was learned"


def breach_row(row: Breach) -> dict[str, Any]:
    """A breach as a row of the register."""
    words = MISHAP_WORDS[Mishap(row.mishap)] + (" (near miss)" if row.near_miss else "")
    return {
        "cells": [words, row.found_at, RISK_WORDS[Risk(row.risk)], breach_state(row)],
        "url": reverse("breach", args=[row.pk]),
    }


def breach_decision_facts(row: Breach, names: Names) -> Facts:
    """What was judged, decided and done about a breach."""
    def yes(value: bool | None) -> str | None:
        return None if value is None else "yes" if value else "no"

    return [
        ("Where it stands", breach_state(row)),
        ("Reported on", "the programme side" if row.from_programme else "this side"),
        ("Contained", row.contained_at),
        ("How", row.contained_how),
        ("Risk", RISK_WORDS[Risk(row.risk)]),
        ("The authority is told", yes(row.tell_authority)),
        ("The people are told", yes(row.tell_persons)),
        ("Why", row.reason),
        ("Decided", row.decided_at),
        ("Decided by", names.get(row.decided_by) if row.decided_by else None),
        ("The authority was told", row.authority_told_at),
        ("Why it took longer", row.late_because),
        ("The people were told", row.persons_told_at),
        ("Learned", row.learned),
    ]


def texts_of_complaint(row: Complaint, viewer: Viewer) -> Iterable[str | None]:
    """What somebody complained of and was answered: often a partner, and never for the client."""
    yield from (row.what, row.answer, row.learning)


def today_items(viewer: Viewer, today: date, last: date) -> list[dict[str, Any]]:
    """Requests, breaches and complaints that wait for this viewer: three queries."""
    found: list[dict[str, Any]] = []
    if may_do(viewer.role, Duty.HANDLE_BREACH):
        found += [_breach_item(row) for row in _open_breaches(viewer)]
    if may_do(viewer.role, Duty.HANDLE_REQUEST):
        rows = RightsCase.objects.visible_to(viewer).filter(state=State.OPEN)
        for row in rows.order_by("received_on", "id")[:MOST]:
            step = next_of(row)
            if step != "below":
                found.append(_request_item(row, step))
    if may_do(viewer.role, Duty.COMPLAINTS):
        found += complaint_items(Complaint.objects.visible_to(viewer), "complaint")
    return found


def _open_breaches(viewer: Viewer) -> list[Breach]:
    rows = Breach.objects.visible_to(viewer).filter(closed_on=None)
    return list(rows.defer("what", "reason", "learned").order_by("found_at", "id")[:MOST])


def _breach_item(row: Breach) -> dict[str, Any]:
    urgent = row.risk == Risk.NOT_YET or (row.tell_authority and row.authority_told_at is None)
    return {
        "due": timezone.localdate(row.found_at), "url": reverse("breach", args=[row.pk]),
        "what": f"{MISHAP_WORDS[Mishap(row.mishap)]}: {breach_state(row)}",
        "tag": ("72 hours", "red") if urgent else ("Breach", "orange"),
    }  # fmt: skip


def _request_item(row: RightsCase, step: str) -> dict[str, Any]:
    due = leaves_on(row) if step == "review" else None
    return {
        "due": due or due_of(row), "who": row.name, "tag": ("Rights", "blue"),
        "what": f"{RIGHT_WORDS[Right(row.asked_for)]}, {OPEN_NEXT[step]}:",
        "url": reverse("rights-request", args=[row.pk]),
    }  # fmt: skip


def rights_part(file: PartnerFile, viewer: Viewer, today: date) -> Shown:
    """Statements and restrictions of a partner's file, and what can be asked: two queries."""
    statements = list(
        FileStatement.objects.visible_to(viewer).filter(file=file).order_by("-recorded_at", "id")
    )
    restrictions = list(
        FileRestriction.objects.visible_to(viewer).filter(file=file).order_by("-from_on", "id")
    )
    standing = next((row for row in restrictions if row.ended_on is None), None)
    steps = _file_steps(file, viewer, standing)
    return Shown(
        steps=steps,
        flags=[("File restricted: nothing is sent", "red")] if standing else [],
        template="asked/section.html",
        context=lambda: {
            "own_statements": statements,
            "restriction_columns": ["Why", ("From", "date"), "Until"],
            "restrictions": [
                {"cells": [BECAUSE_WORDS[Because(row.because)], row.from_on,
                           f"{row.ended_on:%-d %B %Y}" if row.ended_on else "still restricted"]}
                for row in restrictions
            ],
            "rights_steps": steps,
        },
    )  # fmt: skip


def _file_steps(
    file: PartnerFile, viewer: Viewer, standing: FileRestriction | None
) -> list[tuple[str, str]]:
    steps = []
    if may_do(viewer.role, Duty.TAKE_REQUEST):
        steps.append(("Take in what the partner asks of the record",
                      reverse("rights-ask", args=[file.pk])))  # fmt: skip
        steps.append(("Add the partner's statement", reverse("file-statement", args=[file.pk])))
        if standing is None:
            steps.append(("Restrict the file", reverse("file-restrict", args=[file.pk])))
    if standing is not None and may_do(viewer.role, Duty.HOLD_RECORDS):
        steps.append(("Lift the restriction", reverse("file-lift", args=[standing.pk])))
    if may_do(viewer.role, Duty.COMPLAINTS):
        steps.append(("Write a complaint down", reverse("file-complaint", args=[file.pk])))
    return steps


def signs_listed() -> list[str]:
    """Every sign in words, for the page that explains them."""
    return [SIGN_WORDS[sign] for sign in Sign]
