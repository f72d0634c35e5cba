"""Invented people for the spec tests: the published cohort, and cohorts at random.

Nobody here exists. The published cohort has exactly the counts that the Danish Intervention
Centre printed; whatever it did not print (links, scales, stages, costs) is made up.
"""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st

from casewall.outcomes.extract import (
    Cost,
    Extract,
    Link,
    Person,
    ScaleScore,
)

FIRST_DAY, LAST_DAY = date(2013, 1, 1), date(2015, 4, 30)
CHANGES = (25.0, 0.0, -6.25, 12.5, 18.75)
"""Changes on the scales, taken in turn; they add up to 50, so that their mean is 10."""


def person(key: str, role: str, sex: str = "female", contact: str = "engaged", **more) -> Person:
    return Person(
        **{
            "key": key,
            "side": "programme" if role == "client" else "safety",
            "role": role,
            "sex": sex,
            "service": "intervention-centre",
            "route": "police",
            "referred_on": date(2014, 1, 1),
            "contact": contact,
            **more,
        }
    )


def client(key: str, sex: str = "male", contact: str = "engaged", **more) -> Person:
    return person(key, "client", sex, contact, **more)


def partner(key: str, sex: str = "female", contact: str = "engaged", **more) -> Person:
    return person(key, "partner", sex, contact, **more)


def score(key: str, scale: str, wave: str, value: float | None, **more) -> ScaleScore:
    found = {
        "key": key,
        "side": "safety",
        "source": "partner",
        "scale": scale,
        "wave": wave,
        "score": value,
        "answered": 0 if value is None else 4,
        "items": 4,
        **more,
    }
    return ScaleScore(**found)


def cost(category: str, amount: int, included: bool = True, **more) -> Cost:
    found = {"currency": "EUR", "price_year": 2014, "included": included, **more}
    return Cost(category=category, amount=amount, **found)


def extract(**parts) -> Extract:
    whole = {
        "service": "intervention-centre",
        "as_of": date(2015, 6, 1),
        "period_from": FIRST_DAY,
        "period_to": LAST_DAY,
        "invented": True,
        **parts,
    }
    return Extract(**{key: _listed(part) for key, part in whole.items()})


def _listed(part):
    return tuple(part) if isinstance(part, list) else part


def published_cohort() -> Extract:
    """392 referred; 41 declined and 32 not reached; 93 men and 14 women who are clients, 6 men
    and 206 women who are partners at the Centre."""
    seen_clients = [client(f"c{n}", "male" if n < 93 else "female") for n in range(107)]
    for n in range(80):
        completed = date(2014, 9, 1) if n < 50 else None
        seen_clients[n] = replace(
            seen_clients[n], started_on=date(2014, 2, 1), completed_on=completed
        )
    seen_partners = [partner(f"p{n}", "male" if n < 6 else "female") for n in range(212)]
    unseen = [client(f"u{n}", contact="declined") for n in range(41)]
    unseen += [partner(f"u{n}", contact="not_reached") for n in range(41, 73)]
    links = [Link(partner_key=f"p{n}", client_key=f"c{n}") for n in range(100)]
    links += [Link(partner_key=f"p{n}", client_key=f"c{n - 100}") for n in range(100, 105)]
    return extract(
        persons=[*seen_clients, *seen_partners, *unseen],
        links=links,
        scales=[row for n in range(100) for row in _answers(n)],
        costs=[
            cost("wages", 30_000_000),
            cost("travel", 5_090_000),
            cost("rent", 4_000_000, included=False),
        ],
    )


def _answers(n: int) -> list[ScaleScore]:
    """Partner n before; after for the first 90 and at follow-up for the first 40."""
    rows = []
    for scale in ("freedom", "safety", "empowerment"):
        before = 25.0 + 6.25 * (n % 3)
        rows.append(score(f"p{n}", scale, "before", before))
        if n < 90:
            rows.append(score(f"p{n}", scale, "after", before + CHANGES[n % 5]))
        else:
            rows.append(score(f"p{n}", scale, "after", None, not_answered_reason="unsafe to ask"))
        if n < 40:
            rows.append(score(f"p{n}", scale, "follow_up", before + CHANGES[n % 5]))
    return rows


# Cohorts at random -------------------------------------------------------------------------------

_days = st.integers(-40, 900).map(lambda n: FIRST_DAY + timedelta(days=n))
_maybe = st.none() | _days
_keys = st.integers(0, 12).map(lambda n: f"k{n}")
_persons = st.builds(
    lambda key, role, sex, contact, day, started, completed: person(
        key, role, sex, contact, referred_on=day, started_on=started, completed_on=completed
    ),
    _keys,
    st.sampled_from(["client", "partner"]),
    st.sampled_from(["male", "female", "other", "unknown"]),
    st.sampled_from(["engaged", "engaged", "declined", "not_reached", "unsafe", "not_tried"]),
    _days,
    _maybe,
    _maybe,
)
_links = st.builds(lambda p, c: Link(partner_key=p, client_key=c), _keys, _keys)
_scores = st.builds(
    lambda key, source, scale, wave, value, reason: score(
        key, scale, wave, value, source=source, not_answered_reason=reason
    ),
    _keys,
    st.sampled_from(["partner", "partner", "client"]),
    st.sampled_from(["freedom", "safety", "empowerment"]),
    st.sampled_from(["before", "after", "follow_up"]),
    st.none() | st.integers(0, 16).map(lambda n: n * 6.25),
    st.none() | st.just("unsafe to ask"),
)
_costs = st.builds(
    lambda category, amount, included: cost(category, amount, included),
    st.sampled_from(["wages", "rent"]),
    st.integers(0, 10_000_000),
    st.booleans(),
)


def random_extracts() -> st.SearchStrategy[Extract]:
    """Cohorts with people referred twice, outside the period, linked crosswise or half known."""
    return st.builds(
        lambda persons, links, scales, costs: extract(
            persons=persons, links=links, scales=scales, costs=costs
        ),
        st.lists(_persons, max_size=30, unique_by=lambda p: (p.role, p.key, p.referred_on)),
        st.lists(_links, max_size=20, unique=True),
        st.lists(_scores, max_size=40, unique_by=lambda s: (s.source, s.key, s.scale, s.wave)),
        st.lists(_costs, max_size=4),
    )
