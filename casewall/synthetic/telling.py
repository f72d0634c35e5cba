"""What a client tells at the assessment beside the violence, as dated events. Pure, from a seed."""

from __future__ import annotations

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
_KINDS = {
    "physical": 0.85,
    "threats": 0.6,
    "control": 0.45,
    "emotional": 0.6,
    "economic": 0.12,
    "stalking": 0.08,
    "of_children": 0.1,
}


def told_at_assessment(random: Random, who: int, day: date, children: str) -> list[Event]:
    """Needs, the history of violence, children as stated, and help elsewhere."""
    needs = {
        kind: random.choices(_LEVELS, weights)[0]
        for kind, weights in _NEEDS.items()
        if random.random() < 0.9
    }
    found = [
        event(day, "16:32", "needs", who=who, levels=needs),
        event(
            day,
            "16:34",
            "violence",
            who=who,
            since=random.choices(list(_SINCE), list(_SINCE.values()))[0],
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
