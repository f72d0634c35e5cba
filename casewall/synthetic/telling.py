"""What people tell when work with them begins, as dated events. Pure, from a seed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from casewall.synthetic import texts
from casewall.synthetic.calendar import Event, event, later

_LEVELS = ("none", "some", "serious", "not_known")
_NEEDS = {
    "mental_health": (45, 35, 12, 8),
    "alcohol": (50, 30, 14, 6),
    "drugs": (70, 18, 7, 5),
    "housing": (68, 20, 8, 4),
    "work": (55, 32, 8, 5),
    "debts": (50, 30, 10, 10),
}
_HELP = {
    "alcohol": "substance",
    "drugs": "substance",
    "mental_health": "psychological",
    "debts": "social",
    "housing": "social",
}
_SINCE = {"under_a_year": 22, "one_to_five": 38, "six_to_ten": 18, "over_ten": 12, "not_said": 10}
_MONTHS = {
    "under_a_year": (1, 11),
    "one_to_five": (12, 71),
    "six_to_ten": (72, 131),
    "over_ten": (132, 300),
}
_WORK = {
    "client": {"employed": 44, "self_employed": 7, "education": 6, "looking": 22, "sick": 9,
               "pension": 6, "at_home": 1, "not_known": 5},
    "partner": {"employed": 46, "self_employed": 4, "education": 11, "looking": 13, "sick": 8,
                "pension": 3, "at_home": 11, "not_known": 4},
}  # fmt: skip
_KINDS = {
    "physical": 0.85,
    "threats": 0.6,
    "control": 0.45,
    "emotional": 0.6,
    "economic": 0.12,
    "stalking": 0.08,
    "of_children": 0.1,
}


class Circumstances:
    """Where people live and work, and for how long there was violence.

    Draws from a source of its own, so that nothing else of an invention depends on it. `areas`
    are those of the service; both parties of a `family` mostly live in one.
    """

    def __init__(self, seed: str, family: int, areas: Sequence[str]) -> None:
        self._seed, self._areas = f"{seed}:circumstances:{family}", tuple(areas)

    def of(self, role: str, place: int = 0) -> tuple[Random, dict[str, str]]:
        """What somebody of a family says, and the source to go on drawing from."""
        random = Random(f"{self._seed}:{role}:{place}")
        home = Random(self._seed).choice(self._areas)
        work = _WORK[role]
        return random, {
            "area": home if random.random() < 0.85 else random.choice(self._areas),
            "employment": random.choices(list(work), list(work.values()))[0],
        }

    def of_client(self, who: int, day: date) -> list[Event]:
        """What a client says, and says once more where it changed."""
        random, said = self.of("client")
        found = [event(day, "16:33", "lives", who=who, **said)]
        if random.random() < 0.12:
            then = {**said, "employment": random.choice(["employed", "looking", "sick"])}
            found.append(event(later(random, day, 60, 200), "11:20", "lives", who=who, **then))
        return found

    def of_partner(self, place: int) -> dict[str, object]:
        """What a partner says; the months are those of the partner's own account."""
        random, said = self.of("partner", place)
        months = random.choice([None, *(round(random.lognormvariate(3.4, 0.9)) for _ in range(5))])
        return {**said, "months": None if months is None else min(months, 480)}


def _months(who: int, since: str) -> int | None:
    """How many months that was, for most who say how long; drawn apart from all else."""
    random = Random(f"months:{who}:{since}")
    return random.randint(*_MONTHS[since]) if since in _MONTHS and random.random() < 0.7 else None


def told_at_assessment(random: Random, who: int, day: date, children: str) -> list[Event]:
    """Needs, the history of violence, children as stated, and help elsewhere."""
    needs = {
        kind: random.choices(_LEVELS, weights)[0]
        for kind, weights in _NEEDS.items()
        if random.random() < 0.9
    }
    since = random.choices(list(_SINCE), list(_SINCE.values()))[0]
    found = [
        event(day, "16:32", "needs", who=who, levels=needs),
        event(
            day,
            "16:34",
            "violence",
            who=who,
            since=since,
            months=_months(who, since),
            kinds=[kind for kind, share in _KINDS.items() if random.random() < share],
            convicted=random.choice([True, False, False, None]),
            earlier_partners=random.choice([True, False, False, None]),
        ),
        *_family(random, who, day, children),
    ]
    for kind, level in needs.items():
        if level == "serious" and kind in _HELP and random.random() < 0.7:
            found += _onward(random, who, later(random, day, 1, 10), _HELP[kind])
    return found


def _family(random: Random, who: int, day: date, children: str) -> list[Event]:
    """What is said of children, which need not be what the referrer wrote."""
    said = random.random() < 0.85
    number = int(children) if children.isdigit() and int(children) and said else None
    answer = "not_said" if not said else "some" if number else "none"
    found = [event(day, "16:36", "family", who=who, of="children", answer=answer, number=number)]
    for _ in range(number or 0):
        if random.random() < 0.7:
            born = day - timedelta(days=random.randint(200, 5800))
            found.append(
                event(
                    day,
                    "16:37",
                    "child",
                    who=who,
                    born_on=born.isoformat() if random.random() < 0.6 else None,
                    lives=random.choice(
                        ["with_client", "with_other_parent", "with_other_parent", "shared"]
                    ),
                    sees_client=random.choice([True, True, False, None]),
                )
            )
    return found


def _onward(random: Random, who: int, day: date, kind: str) -> list[Event]:
    """A referral elsewhere. What began is asked for again until it has an end."""
    found = [event(day, "10:10", "onward", who=who, help=kind, agency=texts.ELSEWHERE[kind])]
    outcome = random.choice(["began", "began", "began", "declined"])
    settled = later(random, day, 20, 40)
    found.append(event(settled, "11:10", "settle", who=who, help=kind, outcome=outcome))
    if outcome == "began":
        ended = later(random, settled, 14, 28)
        outcome = random.choice(["completed", "completed", "left"])
        found.append(event(ended, "11:10", "settle", who=who, help=kind, outcome=outcome))
    return found
