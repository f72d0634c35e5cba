"""Cohorts at random with rows in every table, about what given cards ask; nobody exists."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st

from casewall.outcomes.extract import (
    Activity,
    Answer,
    Attendance,
    ChildLink,
    Contract,
    Custody,
    Extract,
    Followed,
    Hearing,
    Incident,
    Treatment,
)
from casewall.outcomes.kinds import FORMS, FORUMS, WAVES
from tests.spec.cohort import FIRST_DAY, client, cost, extract, partner, random_extracts, score

KEYS = st.integers(0, 9).map(lambda n: f"k{n}")
DAYS = st.integers(-200, 1000).map(lambda n: FIRST_DAY + timedelta(days=n))
ROLES = st.sampled_from(["client", "partner"])
WITNESSES = st.sampled_from(["partner", "client", "worker", "police", "referrer"])


def _side(role: str, source: str = "") -> str:
    return "safety" if "partner" in (role, source) else "programme"


@st.composite
def _persons(draw):
    made = client if draw(ROLES) == "client" else partner
    some = draw(st.fixed_dictionaries({}, optional={
        "suitable_on": DAYS, "agreed_on": DAYS, "started_on": DAYS, "completed_on": DAYS,
        "exited_on": DAYS, "contacted_on": DAYS, "assessed_on": DAYS,
        "children": st.integers(0, 3), "violence_months": st.integers(0, 60),
        "needs": st.sampled_from(["alcohol", "alcohol,drugs", "mental_health", "unknown"]),
        "area": st.sampled_from(["north", "hejlskov", "vindboel"]), "age_band": st.just("25-34"),
        "employment": st.sampled_from(["employed", "unknown"]),
        "route": st.sampled_from(["police", "self"]), "risk": st.just("high"),
    }))
    return made(
        draw(KEYS),
        sex=draw(st.sampled_from(["male", "female", "unknown"])),
        contact=draw(st.sampled_from(["engaged", "engaged", "engaged", "declined", "not_tried"])),
        referred_on=draw(DAYS),
        **some,
    )


@st.composite
def _incidents(draw):
    role, source = draw(ROLES), draw(WITNESSES)
    return Incident(
        key=draw(KEYS), role=role, source=source, side=_side(role, source),
        form=draw(st.sampled_from(FORMS)), happened_on=draw(DAYS),
    )


@st.composite
def _followed(draw):
    role, source, first = draw(ROLES), draw(WITNESSES), draw(DAYS)
    return Followed(
        key=draw(KEYS), role=role, source=source, side=_side(role, source),
        first_on=first, last_on=first + timedelta(days=draw(st.sampled_from([5, 200, 900, 2000]))),
    )


@st.composite
def _scores(draw, cards):
    source, scale = draw(st.sampled_from(sorted({(c.source, c.scale) for c in cards if c.scale})))
    wave = draw(st.sampled_from(["before", "after", *WAVES]))
    value = draw(st.none() | st.integers(0, 16).map(float))
    return score(draw(KEYS), scale, wave, value, source=source, side=_side(source),
                 not_answered_reason=draw(st.none() | st.just("unsafe to ask")))


@st.composite
def _answers(draw, cards):
    asked = sorted({(c.source, c.measure, c.item, c.wave, c.codes) for c in cards if c.measure})
    source, measure, item, wave, codes = draw(st.sampled_from(asked))
    return Answer(
        key=draw(KEYS), about_key=draw(st.none() | KEYS), source=source, side=_side(source),
        measure=measure, item=item, wave=wave, answered_on=draw(st.none() | DAYS),
        code=draw(st.none() | st.sampled_from([*codes, "no", "prefer-not-to-say", "not-asked"])),
        not_answered_reason=draw(st.none() | st.sampled_from(["unsafe to ask", "no reply"])),
    )


def _children():
    return st.builds(
        lambda child, role, key, plan: ChildLink(
            child_key=f"y{child}", adult_role=role, adult_key=key, plan=plan
        ),
        st.integers(0, 6), ROLES, KEYS, st.none() | st.sampled_from(["in_need", "none"]),
    )


def _attendance():
    return st.builds(
        lambda key, day, minutes: Attendance(
            client_key=key, session_on=day, status="attended", minutes_planned=120,
            minutes_attended=minutes,
        ),
        KEYS, DAYS, st.sampled_from([0, 45, 120, 1800]),
    )


def _hearings():
    return st.builds(
        lambda key, role, forum, day: Hearing(key=key, role=role, forum=forum, heard_on=day),
        KEYS, ROLES, st.sampled_from(["marac", *FORUMS]), DAYS,
    )


def _contracts():
    return st.builds(
        lambda funder, day, amount, currency, area: Contract(
            funder=funder, first_on=day, last_on=day + timedelta(days=365), amount=amount,
            currency=currency, area=area,
        ),
        st.sampled_from(["borough", "county"]), DAYS, st.integers(0, 9_000_000),
        st.sampled_from(["GBP", "GBP", "GBP", "EUR"]), st.none() | st.just("north"),
    )


def _treatments():
    return st.builds(
        lambda key, day, outcome: Treatment(
            client_key=key, kind="substance", started_on=day, outcome=outcome
        ),
        KEYS, DAYS, st.sampled_from(["completed", "left", "ongoing", "unknown"]),
    )


def _custody():
    return st.builds(
        lambda key, day, days: Custody(
            client_key=key, first_on=day, last_on=days and day + timedelta(days=days)
        ),
        KEYS, DAYS, st.sampled_from([None, 5, 200, 900]),
    )


def _activities():
    return st.builds(
        lambda kind, day, persons: Activity(kind=kind, held_on=day, persons=persons),
        st.sampled_from(["training", "helpline"]), DAYS, st.integers(0, 40),
    )


def full_extracts(cards) -> st.SearchStrategy[Extract]:
    """Rows in every table about what the cards ask: some of it, none of it, and more than it."""
    once = {
        "persons": (_persons(), 25, lambda p: (p.role, p.key, p.referred_on)),
        "scales": (_scores(cards), 40, lambda s: (s.source, s.key, s.scale, s.wave)),
        "answers": (_answers(cards), 40, lambda a: (a.source, a.key, a.measure, a.item, a.wave)),
        "children": (_children(), 12, lambda c: (c.child_key, c.adult_role, c.adult_key)),
        "hearings": (_hearings(), 12, lambda h: (h.role, h.key, h.forum, h.heard_on)),
        "incidents": (_incidents(), 20, None),
        "followed": (_followed(), 20, None),
        "attendance": (_attendance(), 15, None),
        "treatments": (_treatments(), 6, None),
        "activities": (_activities(), 4, None),
        "custody": (_custody(), 6, None),
        "contracts": (_contracts(), 4, None),
    }
    lists = {
        table: st.lists(rows, max_size=most, unique_by=own)
        for table, (rows, most, own) in once.items()
    }
    return st.builds(
        lambda older, costs, **tables: replace(
            extract(**tables, costs=costs), links=older.links
        ),
        random_extracts(),
        st.lists(st.builds(lambda n, yes: cost("wages", n, yes), st.integers(0, 10**7),
                           st.booleans()), max_size=3),
        **lists,
    )
