"""What the file page and the first page show about questions on a device."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from casewall.measures.schedule import WAVE_WORDS, Wave
from casewall.pages.parts import Shown
from casewall.safety.asking.models import AnsweredPage, Asking
from casewall.safety.asking.rules import SlotState, Standing, measures_of, standing
from casewall.safety.asking.words import LANGUAGES, STANDINGS, titles_of
from casewall.safety.partners.models import PartnerFile, ScaleAnswer
from casewall.safety.partners.words import in_words
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Viewer

SHOWN = 20
REMEMBERED = timedelta(days=14)
"""How long the first page reminds of a code that ended without answers."""


def asking_part(file: PartnerFile, viewer: Viewer, today: date) -> Shown:
    """The section of a file: codes that were given, what came back, and what ended unanswered."""
    askings = list(
        Asking.objects.visible_to(viewer)
        .filter(file=file)
        .select_related("slot")
        .order_by("-made_at", "id")[:SHOWN]
    )
    now = timezone.now()
    may = bool(may_do(viewer.role, Duty.RECORD_SCALES)) and file.withdrawn_on is None
    url = reverse("ask-on-device", args=[file.pk])
    return Shown(
        entries=[
            {
                "title": "A code for questions on a device was given",
                "when": one.made_at,
                "by": one.worker,
                "text": f"{WAVE_WORDS[Wave(one.wave)]}: {titles_of(one.slot.form)}. "
                f"{LANGUAGES[one.slot.language]}.",
            }
            for one in askings
        ],
        waits_for=_ended_in(file, askings, viewer, now) if may else [],
        steps=[("Give a code for questions on a device", url)] if may else [],
        template="asking/part.html",
        context=lambda: {"askings": _rows(file, askings, viewer, now), "may_ask": may},
    )


def _rows(
    file: PartnerFile, askings: list[Asking], viewer: Viewer, now: datetime
) -> list[dict[str, Any]]:
    arrived = Counter(
        AnsweredPage.objects.visible_to(viewer)
        .filter(asking__in=[one.pk for one in askings])
        .values_list("asking_id", flat=True)
    )
    rows = []
    for one in askings:
        stands = standing(SlotState(one.slot.state), one.slot.ends_at, now)
        living = stands in (Standing.WAITING, Standing.BEGUN)
        rows.append(
            {
                "heading": f"{WAVE_WORDS[Wave(one.wave)]}, {LANGUAGES[one.slot.language]}",
                "tag": STANDINGS[stands],
                "rows": [
                    ("Questions", titles_of(one.slot.form)),
                    ("Device", in_words(one.device)),
                    ("Given", one.made_at),
                    ("Opens until", one.slot.ends_at),
                    ("Pages taken in", f"{arrived[one.pk]} of {len(measures_of(one.slot.form))}"),
                ],
                "close": reverse("close-asking", args=[file.pk, one.pk]) if living else "",
            }
        )
    return rows


def _ended_in(
    file: PartnerFile, askings: Iterable[Asking], viewer: Viewer, now: datetime
) -> list[dict[str, Any]]:
    """Codes of this file whose time is over while questions are neither answered nor explained.

    Only the newest code of each time counts.
    """
    newest: dict[str, Asking] = {}
    for one in askings:
        newest.setdefault(one.wave, one)
    ended = [one for one in newest.values() if _has_ended(one, now)]
    if not ended:
        return []
    settled = _settled([file.pk], viewer)
    return [_reminder(one) for one in ended if _open_measures(one, settled)]


def today_ended(viewer: Viewer, today: date, last: date) -> list[dict[str, Any]]:
    """The same for all files of a worker, for two weeks."""
    if not may_do(viewer.role, Duty.RECORD_SCALES):
        return []
    now = timezone.now()
    askings = list(
        Asking.objects.visible_to(viewer)
        .filter(made_at__gte=now - REMEMBERED, file__closed_on=None, file__withdrawn_on=None)
        .select_related("slot", "file__partner")
        .order_by("-made_at", "id")
    )
    newest: dict[tuple[Any, str], Asking] = {}
    for one in askings:
        newest.setdefault((one.file_id, one.wave), one)
    ended = [one for one in newest.values() if _has_ended(one, now)]
    settled = _settled([one.file_id for one in ended], viewer)
    return [
        {**_reminder(one), "who": one.file.partner.full_name or "No name given"}
        for one in ended
        if _open_measures(one, settled)
    ]


def _has_ended(asking: Asking, now: datetime) -> bool:
    slot = asking.slot
    return standing(SlotState(slot.state), slot.ends_at, now) is Standing.ENDED


def _settled(files: list[Any], viewer: Viewer) -> set[tuple[Any, str, str]]:
    """File, time and measure of every scale that is answered, or whose silence is explained."""
    rows = ScaleAnswer.objects.visible_to(viewer).filter(file__in=files)
    return {
        (row.file_id, row.wave, row.measure)
        for row in rows.only("file_id", "wave", "measure", "answered_on", "not_answered")
        if row.answered_on is not None or row.not_answered
    }


def _open_measures(asking: Asking, settled: set[tuple[Any, str, str]]) -> list[str]:
    return [
        name
        for name in measures_of(asking.slot.form)
        if (asking.file_id, asking.wave, name) not in settled
    ]


def _reminder(asking: Asking) -> dict[str, Any]:
    given = timezone.localdate(asking.made_at)
    return {
        "what": f"The code of {given:%-d %B %Y} has ended before all questions were answered: "
        "give another one, or say why there is no answer",
        "due": timezone.localdate(asking.slot.ends_at),
        "url": reverse("partner", args=[asking.file_id]) + "?show=device",
    }
