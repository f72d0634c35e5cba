"""What the safety side does for a partner, as dated events. Pure, from a seed.

Every free text carries its canary (`canary.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from random import Random

from casewall.measures.definitions import Definition
from casewall.measures.definitions import load as load_measure
from casewall.measures.scoring import NOT_ASKED
from casewall.synthetic import texts
from casewall.synthetic.calendar import Event, event, hour, later
from casewall.synthetic.canary import Canaries
from casewall.synthetic.telling import Circumstances

SCALES = ("freedom", "safety", "empowerment")
ANSWERED = {"before": 0.88, "after": 0.68, "follow_up": 0.55}
"""How many of those asked answer; at follow-up, of those who answered after the work."""

_NOTE = "safety_partners.partnercontact.note"


class PartnerLife:
    """Writes down what happens to one partner, step after step.

    `record` tells the partner from all others of the seed; `worker` is the place of the worker
    among the partner workers; with `circumstances`, the partner tells them.
    """

    def __init__(
        self,
        seed: str,
        who: int,
        record: Sequence[int],
        course: str,
        referred_on: date,
        canaries: Canaries,
        worker: int,
        circumstances: Circumstances | None = None,
    ) -> None:
        self.random = Random(f"{seed}:partner:{':'.join(map(str, record))}")
        self.who, self.record, self.course = who, tuple(record), course
        self.referred_on, self.canaries, self.worker = referred_on, canaries, worker
        self.circumstances = circumstances
        self.events: list[Event] = []
        self._texts = 0

    def _add(self, on: date, at: str, do: str, **more: object) -> None:
        self.events.append(event(on, at, do, who=self.who, by=self.worker, **more))

    def _planted(self, field: str, text: str) -> str:
        self._texts += 1
        return self.canaries.note(field, text, [*self.record, self._texts])

    def tell(self) -> list[Event]:
        """Every event, whether or not it lies in the future."""
        random = self.random
        first = later(random, self.referred_on, 1, 6)
        self._add(first, "08:45", "take")
        fails = {
            "not_reached": random.randint(3, 5),
            "declined": random.randint(0, 2),
            "unsafe": random.randint(0, 1),
        }.get(self.course, random.choices([0, 1, 2, 3], [48, 30, 15, 7])[0])
        day = first
        for _ in range(fails):
            self._contact(day, "no_answer", texts.PARTNER_NO_ANSWER)
            day = later(random, day, 1, 4)
        match self.course:
            case "not_reached":
                self._close(later(random, day, 5, 20))
            case "declined":
                self._contact(day, "declined", texts.PARTNER_DECLINED)
                self._close(later(random, day, 1, 10))
            case "unsafe":
                self._contact(day, "unsafe_to_contact", texts.PARTNER_UNSAFE)
                self._asks_for(later(random, day, 5, 12))
            case _:
                self._supports(day)
        return self.events

    def _contact(
        self,
        day: date,
        outcome: str,
        notes: tuple[str, ...],
        *,
        channel: str = "call",
        still_safe: bool | None = None,
    ) -> None:
        note = self._planted(_NOTE, self.random.choice(notes))
        self._add(
            day,
            hour(self.random, 9, 16),
            "contact",
            channel=channel,
            outcome=outcome,
            still_safe=still_safe,
            note=note,
        )

    def _asks_for(self, day: date) -> None:
        """A task for the worker, with a note, and its end some days later."""
        field = "safety_partners.partnertask.note"
        note = self._planted(field, self.random.choice(texts.TASK_NOTES))
        self._add(day, "09:00", "task", what="ask_again", note=note)
        self._add(later(self.random, day, 3, 20), "16:40", "finish_tasks")

    def _supports(self, first: date) -> None:
        random = self.random
        self._contact(first, "spoke", texts.PARTNER_CALL, still_safe=True)
        if self.circumstances:
            self._add(first, "16:54", "lives", **self.circumstances.of_partner(self.record[-1]))
        if random.random() < 0.35:
            self._plans_safely(first)
        mood = random.gauss(36, 13)
        answered = self._asks(later(random, first, 0, 14), "before", mood, ANSWERED["before"])
        day, talks = first, random.randint(3, 10)
        for talk in range(talks):
            day = later(random, day, 8, 24)
            if talk < talks - 1 and random.random() < 0.12:
                self._contact(day, "no_answer", texts.PARTNER_NO_ANSWER)
                continue
            channel = random.choices(["call", "in_person", "text"], [70, 24, 6])[0]
            notes = texts.PARTNER_END if talk == talks - 1 else texts.PARTNER_CALL
            self._contact(
                day,
                "spoke",
                notes,
                channel=channel,
                still_safe=True if random.random() < 0.6 else None,
            )
        if random.random() < 0.1:
            self._asks_for(later(random, first, 10, 30))
        self._ends(later(random, day, 0, 4), mood, answered)

    def _ends(self, day: date, mood: float, answered: bool) -> None:
        random = self.random
        self._close(day)
        mood = min(96.0, mood + random.gauss(18, 13))
        chance = ANSWERED["after"] if answered else 0.35
        answered = self._asks(later(random, day, 0, 20), "after", mood, chance)
        chance = ANSWERED["follow_up"] if answered else 0.12
        self._asks(later(random, day, 180, 225), "follow_up", mood + random.gauss(1, 9), chance)

    def _plans_safely(self, day: date) -> None:
        random, at = self.random, "safety_partners.safecontact."
        self._texts += 1
        record = [*self.record, self._texts]
        self._add(
            day,
            "16:55",
            "safe_contact",
            channel="call",
            from_time="09:00",
            to_time="14:30",
            voicemail=random.random() < 0.2,
            call_as=f"{random.choice(texts.CALL_AS)} {self.canaries.of(at + 'call_as', record)}",
            code_word=f"{random.choice(texts.CODE_WORD)} "
            f"{self.canaries.of(at + 'code_word', record)}",
            note=self.canaries.note(at + "note", random.choice(texts.SAFE_CONTACT), record),
        )

    def _asks(self, day: date, wave: str, mood: float, chance: float) -> bool:
        """Ask the three scales at a wave; returns whether they were answered."""
        random = self.random
        if random.random() >= chance:
            reasons = ["not_reached", "preferred_not_to", "unsafe_to_ask", "not_asked"]
            reason = random.choices(reasons, [2, 5, 1, 3] if wave == "before" else [9, 4, 1, 2])[0]
            for scale in SCALES:
                self._add(day, "15:30", "silent", measure=scale, wave=wave, reason=reason)
            return False
        mode = random.choices(["telephone", "face_to_face", "alone_on_a_screen"], [60, 30, 10])[0]
        for scale in SCALES:
            level = mood + random.gauss(0, 6)
            self._add(
                day,
                "15:30",
                "scale",
                measure=scale,
                wave=wave,
                mode=mode,
                language="da",
                answers=answers_near(random, load_measure(scale), level),
            )
        self._add(later(random, day, 0, 1), "16:50", "finish_tasks")
        return True

    def _close(self, day: date) -> None:
        self._add(day, "17:00", "close")


def answers_near(random: Random, measure: Definition, level: float) -> dict[str, str | None]:
    """Answers to a scale that score about `level` of 100; now and then one is left open."""
    found: dict[str, str | None] = {}
    for item in measure.items:
        wanted = min(1.0, max(0.0, level / 100 + random.gauss(0, 0.12)))
        share = 1 - wanted if item.reversed else wanted
        span = measure.highest - measure.lowest
        number = measure.lowest + round(share * span)
        code = next(o.code for o in item.options if o.number == number)
        found[item.link_id] = random.choices(
            [code, "prefer-not-to-say", NOT_ASKED, None], [955, 25, 8, 12]
        )[0]
    return found
