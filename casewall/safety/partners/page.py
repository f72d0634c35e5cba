"""A partner's file as its page shows it: what is safe now first, then what happened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from casewall.pages.parts import with_names as named
from casewall.pages.templatetags.casewall import due_in_words
from casewall.safety.coordination.models import Disclosure
from casewall.safety.partners.actions import decide
from casewall.safety.partners.models import (
    FileLink,
    PartnerContact,
    PartnerFile,
    PartnerTask,
    SafeContact,
)
from casewall.safety.partners.rules import (
    DAYS_IN_WORDS,
    WAITS,
    Channel,
    Days,
    Learned,
    Relation,
    SafeFor,
)
from casewall.safety.partners.words import (
    DANGER,
    LEARNED,
    NEXT_ACTIONS,
    RELATIONS,
    SAFE_FOR,
    contact_in_words,
    contact_tag,
    in_words,
    outcome_in_words,
    task_in_words,
    task_note,
    task_text,
)
from casewall.safety.pulled.models import PulledAttendance, PulledCase
from casewall.safety.pulled.reading import stated_and_done
from casewall.safety.reading import NOBODY, names_of
from casewall.safety.visibility import EVERYTHING
from casewall.wall.sides import Viewer

STATES = {
    "asked": "yellow",
    "approved": "blue",
    "released": "green",
    "refused": "grey",
    "recalled": "orange",
}


@dataclass(slots=True)
class FileRecords:
    """Everything that a viewer can see of one file, read in a fixed number of queries."""

    file: PartnerFile
    plans: dict[str, SafeContact]
    attempts: list[PartnerContact]
    tasks: list[PartnerTask]
    links: list[FileLink]
    cases: list[PulledCase]
    last_marks: dict[UUID, PulledAttendance]
    disclosures: list[Disclosure]
    stated: dict[UUID, list[tuple[str, str]]] = field(default_factory=dict)
    names: dict[UUID, str] = field(default_factory=dict)

    @classmethod
    def of(cls, file: PartnerFile, viewer: Viewer) -> FileRecords:
        """Read them. Names of workers come in one query for all."""
        links = list(FileLink.objects.visible_to(viewer).filter(file=file, ended_on=None))
        linked = [link.case_id for link in links]
        marks = (
            PulledAttendance.objects.visible_to(viewer)
            .filter(case_id__in=linked)
            .order_by("case_id", "-held_on", "id")
            .distinct("case_id")
        )
        read = cls(
            file=file,
            plans={p.channel: p for p in SafeContact.objects.visible_to(viewer).filter(file=file)},
            attempts=list(
                PartnerContact.objects.visible_to(viewer).filter(file=file).order_by("-tried_at")
            ),
            tasks=list(PartnerTask.objects.visible_to(viewer).filter(file=file)),
            links=links,
            cases=list(
                PulledCase.objects.visible_to(viewer).filter(id__in=linked).order_by("-referred_on")
            ),
            last_marks={mark.case_id: mark for mark in marks},
            disclosures=list(
                Disclosure.objects.visible_to(viewer).filter(file=file).order_by("-asked_at")
            ),
            stated=stated_and_done(linked, viewer),
        )
        read.names = names_of(
            [
                file.worker,
                *(a.worker for a in read.attempts),
                *(p.worker for p in read.plans.values()),
                *(t.done_by for t in read.tasks),
                *(d.asked_by for d in read.disclosures),
            ]
        )
        return read


def header(records: FileRecords) -> dict[str, Any]:
    """The identity header: contact status in words, whose file it is, the days that matter."""
    file = records.file
    flags = [(f"Contact: {contact_in_words(file.contact).lower()}", contact_tag(file.contact)[1])]
    if file.withdrawn_on:
        flags.append(("Referral withdrawn", "orange"))
    if file.closed_on:
        flags.append(("Closed", "grey"))
    if file.worker is None:
        flags.append(("Nobody's file yet", "orange"))
    if any(not t.done_on and t.kind == DANGER for t in records.tasks):
        flags.append(("A sign of danger", "red"))
    return {
        "name": file.partner.full_name or "No name given",
        "reference": str(file.pk)[:8],
        "flags": flags,
        "facts": [
            ("Worker", records.names.get(file.worker, NOBODY) if file.worker else NOBODY),
            ("Relation to the client", RELATIONS.get(file.relation) or in_words(file.relation)),
            ("Language", file.partner.language or None),
            (
                ("How we know", LEARNED[Learned(file.learned)])
                if file.learned
                else ("Referred by", in_words(file.route))
            ),
            ("Next step", next_step(file)),
        ],
        "dates": [
            ("Referred", file.referred_on),
            ("First contact by", file.contact_by),
            ("Last contact", file.last_contact_on),
            ("Support until", file.support_until),
        ],
    }


def next_step(file: PartnerFile) -> str | None:
    """What is to be done next, and on which day."""
    if not file.next_action_on:
        return NEXT_ACTIONS[WAITS] if file.next_action == WAITS else None
    what = NEXT_ACTIONS.get(file.next_action, in_words(file.next_action or "next step"))
    return f"{what}, {file.next_action_on:%-d %B %Y}"


def channels(records: FileRecords, now: datetime) -> list[dict[str, Any]]:
    """Every channel with whether it may be used at this moment, and why."""
    shown = []
    for channel in Channel:
        plan = records.plans.get(channel.value)
        decision = decide(plan, channel, now)
        shown.append(
            {
                "code": channel.value,
                "label": in_words(channel.value),
                "plan": plan,
                "safe": decision.allowed,
                "reason": decision.reason,
                "how": how_to_use(plan),
                "by": records.names.get(plan.worker, "") if plan else "",
                "url": reverse("safe-contact", args=[records.file.pk, channel.value]),
                "tag": (
                    ("Safe now", "green")
                    if decision.allowed
                    else ("Not now", "yellow")
                    if plan and plan.is_safe
                    else ("Not safe", "red")
                ),
            }
        )
    return shown


def how_to_use(plan: SafeContact | None) -> str:
    """A plan's conditions in a few sentences."""
    if plan is None or not plan.is_safe:
        return ""
    parts = []
    if plan.from_time and plan.to_time:
        parts.append(f"From {plan.from_time:%H:%M} to {plan.to_time:%H:%M} only.")
    if plan.days != Days.EVERY_DAY:
        parts.append(f"On {DAYS_IN_WORDS[Days(plan.days)]} only.")
    if plan.channel == Channel.CALL:
        parts.append("A message may be left." if plan.voicemail else "Leave no message.")
    if plan.calendar:
        parts.append("A calendar entry may be made.")
    if plan.safe_for != SafeFor.PARTNER_ONLY:
        parts.append(f"{SAFE_FOR[SafeFor(plan.safe_for)]} may know.")
    if plan.call_as:
        parts.append(f"Name to use: {plan.call_as}.")
    if plan.code_word:
        parts.append(f"Code word: {plan.code_word}.")
    if plan.review_on:
        parts.append(f"Ask again on {plan.review_on:%-d %B %Y}.")
    return " ".join(parts)


def timeline(records: FileRecords) -> list[dict[str, Any]]:
    """What happened on this side, in any order; the page shows the newest first."""
    return [*_attempts(records), *_done(records), *_disclosures(records)]


def with_names(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Entries with the names of workers in place of their identifiers, in one query."""
    return named(entries, names_of)


def _attempts(records: FileRecords) -> Iterable[dict[str, Any]]:
    for one in records.attempts:
        said = {True: "Still safe: yes.", False: "Still safe: no.", None: ""}[one.still_safe]
        unsafe = (
            ""
            if one.confirmed_safe is not False
            else "This way of contact was not confirmed safe at the time."
        )
        yield {
            "title": f"{in_words(one.channel)}: {outcome_in_words(one.outcome).lower()}",
            "when": one.tried_at,
            "by": records.names.get(one.worker, ""),
            "text": "\n".join(filter(None, [unsafe, said, one.note])),
            "label": ("Not confirmed safe", "orange") if unsafe else None,
        }


def _done(records: FileRecords) -> Iterable[dict[str, Any]]:
    for one in records.tasks:
        if one.done_on is not None:
            yield {
                "title": task_in_words(one.kind),
                "when": one.done_on,
                "text": one.note or "",
                "by": records.names.get(one.done_by, "") if one.done_by else "",
                "label": ("Done", "green"),
            }


def _disclosures(records: FileRecords) -> Iterable[dict[str, Any]]:
    for one in records.disclosures:
        yield {
            "title": f"Disclosure: {in_words(one.purpose).lower()}",
            "when": one.asked_at,
            "by": records.names.get(one.asked_by, ""),
            "label": (in_words(one.state), STATES[one.state]),
            "url": reverse("disclosure", args=[one.pk]),
        }


def case_facts(records: FileRecords) -> list[dict[str, Any]]:
    """Linked cases as pulled: where each stands and the last mark, each with its moment."""
    links = {link.case_id: link for link in records.links}
    shown = []
    for case in records.cases:
        mark, link = records.last_marks.get(case.id), links[case.id]
        rows = [
            ("Relation", relation_in_words(link)),
            ("Stage", f"{in_words(case.stage)}, since {case.stage_on:%-d %B %Y}"),
        ]
        if case.exit_reason:
            rows.append(("Reason for leaving", in_words(case.exit_reason)))
        rows.append(
            (
                "Last session",
                f"{in_words(mark.outcome)}, {mark.held_on:%-d %B %Y}" if mark else "none yet",
            )
        )
        rows += records.stated.get(case.id, [])
        shown.append(
            {
                "id": case.id,
                "name": case.name,
                "rows": rows,
                "link": reverse("file-link", args=[records.file.pk, link.pk]),
                "as_of": max(filter(None, [case.as_of, mark.as_of if mark else None])),
            }
        )
    return shown


def relation_in_words(link: FileLink) -> str:
    """What the partner is to the client of this link, and since or until when."""
    said = [RELATIONS.get(Relation(link.relation), in_words(link.relation))]
    if link.from_on:
        said.append(f"since {link.from_on:%-d %B %Y}")
    if link.until_on:
        said.append(f"until {link.until_on:%-d %B %Y}")
    return ", ".join(said)


def other_partners(records: FileRecords, viewer: Viewer) -> list[dict[str, Any]]:
    """Other partners of the same clients who have a file: for coordination only.

    Whoever works with one partner must not learn that another one is in contact with us.
    """
    if viewer.role not in EVERYTHING:
        return []
    links = (
        FileLink.objects.visible_to(viewer)
        .filter(case_id__in=[link.case_id for link in records.links], ended_on=None)
        .exclude(file=records.file)
        .select_related("file__partner")
        .order_by("linked_on", "id")
    )
    return [
        {
            "url": reverse("partner", args=[link.file_id]),
            "name": link.file.partner.full_name or "No name given",
            "relation": relation_in_words(link),
        }
        for link in links
    ]


def task_order(task: PartnerTask) -> tuple[date, float]:
    """The earliest first; of one day, what is due by an hour before what has the whole day."""
    return task.due_on, task.due_at.timestamp() if task.due_at else float("inf")


def open_tasks(records: FileRecords, today: date) -> list[dict[str, Any]]:
    """Tasks that wait, the earliest first, in words."""
    waiting = sorted((t for t in records.tasks if t.done_on is None), key=task_order)
    return [
        {
            "id": task.pk,
            "due": task.due_on,
            "due_words": due_in_words(task.due_on, today),
            "late": task.due_on < today,
            "what": task_text(task, today),
            "note": task_note(task),
            "danger": task.kind == DANGER,
        }
        for task in waiting
    ]
