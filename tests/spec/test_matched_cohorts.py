"""The matched cohorts: every printed row counted again by hand, and moved by its records only."""

from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest

from casewall.analytics.duck import compute_pack
from casewall.outcomes.cards import load_pack
from casewall.outcomes.extract import Extract
from casewall.outcomes.matched import GIVEN, MADE_UP, OTHER_READING, SERVICES, matched
from casewall.outcomes.matched.doubts import doubts
from casewall.outcomes.matched.dvip import BOROUGHS, COUNTIES
from casewall.outcomes.reference import compute, pack


def _clients(x: Extract, **facts):
    return _people(x, role="client", **facts)


def _partners(x: Extract, **facts):
    return _people(x, role="partner", **facts)


def _people(x: Extract, **facts):
    return [p for p in x.persons if all(getattr(p, name) == is_ for name, is_ in facts.items())]


def _has(people, day):
    return [p for p in people if getattr(p, day) is not None]


def _hours(x: Extract, key: str) -> float:
    return sum(a.minutes_attended for a in x.attendance if a.client_key == key) / 60


def _said(x: Extract, item: str, wave: str, *codes: str):
    known = [a for a in x.answers if (a.item, a.wave) == (item, wave) and a.code is not None]
    return sum(a.code in codes for a in known), len(known)


def _both(x: Extract, scale: str, source: str, first: str, second: str):
    """Pairs of scores, in the order of the persons."""
    found: dict[str, dict[str, float]] = {}
    for s in x.scales:
        if (s.scale, s.source) == (scale, source) and s.score is not None:
            found.setdefault(s.key, {})[s.wave] = s.score
    return [(s[first], s[second]) for s in found.values() if first in s and second in s]


def _around(x: Extract, role: str, source: str):
    """Incidents in the year after the referral, and in the year before it."""
    day = {p.key: p.referred_on for p in _people(x, role=role)}
    year = timedelta(days=365)
    told = [i for i in x.incidents if (i.role, i.source) == (role, source)]
    after = sum(day[i.key] < i.happened_on <= day[i.key] + year for i in told)
    return after, sum(day[i.key] - year <= i.happened_on < day[i.key] for i in told)


def _mean_change(x: Extract, scale: str, source: str):
    found = _both(x, scale, source, "before", "after")
    first, second = (sum(pair[n] for pair in found) for n in (0, 1))
    return len(found), 100 * (second - first) / first


def _children_of(x: Extract, people):
    keys = {p.key for p in people}
    return {c.child_key for c in x.children if c.adult_role == "client" and c.adult_key in keys}


def _median_days(people, first, second):
    days = sorted((getattr(p, second) - getattr(p, first)).days for p in people
                  if getattr(p, first) and getattr(p, second))
    middle = len(days) // 2
    return len(days), (days[middle] if len(days) % 2 else (days[middle - 1] + days[middle]) / 2)


CENTRE = "engaged"
IC = {
    "referred": lambda x: (len(x.persons), None),
    "declined-or-not-reached": lambda x: (
        sum(p.contact in ("declined", "not_reached") for p in x.persons), len(x.persons)),
    "at-the-centre": lambda x: (len(_people(x, contact=CENTRE)), len(x.persons)),
    "clients": lambda x: (len(_clients(x, contact=CENTRE)), len(_people(x, contact=CENTRE))),
    "partners": lambda x: (len(_partners(x, contact=CENTRE)), len(_people(x, contact=CENTRE))),
    "clients-men": lambda x: (
        len(_clients(x, contact=CENTRE, sex="male")), len(_clients(x, contact=CENTRE))),
    "clients-women": lambda x: (
        len(_clients(x, contact=CENTRE, sex="female")), len(_clients(x, contact=CENTRE))),
    "partners-men": lambda x: (
        len(_partners(x, contact=CENTRE, sex="male")), len(_partners(x, contact=CENTRE))),
    "partners-women": lambda x: (
        len(_partners(x, contact=CENTRE, sex="female")), len(_partners(x, contact=CENTRE))),
    "municipalities": lambda x: (len({p.area for p in x.persons}), None),
    "history-of-violence": lambda x: (
        sum(p.violence_months or 0 for p in _partners(x, contact=CENTRE)),
        len(_has(_partners(x, contact=CENTRE), "violence_months"))),
    "psychological-problems": lambda x: (
        sum("mental_health" in (p.needs or "") for p in _clients(x, contact=CENTRE)), 107),
    "social-problems": lambda x: (
        sum(any(n in (p.needs or "") for n in ("housing", "work"))
            for p in _clients(x, contact=CENTRE)), 107),
    "women-in-work": lambda x: (
        len(_partners(x, contact=CENTRE, sex="female", employment="employed")), 206),
    "cost-per-referred": lambda x: (350_900, 392),
    "cost-per-at-the-centre": lambda x: (350_900, 319),
}
DVIP = {
    "men": lambda x: (len(_clients(x, sex="male")), None),
    "without-children": lambda x: (len(_clients(x, children=0)), len(_clients(x))),
    "with-children": lambda x: (
        len(_clients(x)) - len(_clients(x, children=0)), len(_clients(x))),
    "children": lambda x: (len(_children_of(x, _clients(x))), None),
    "children-per-father": lambda x: (
        sum(p.children for p in _clients(x)), sum(p.children > 0 for p in _clients(x))),
    "people": lambda x: (len({(p.role, p.key) for p in x.persons})
                         + len({c.child_key for c in x.children}), None),
    "boroughs": lambda x: (len({p.area for p in x.persons} & set(BOROUGHS)), None),
    "counties": lambda x: (len({p.area for p in x.persons} & set(COUNTIES)), None),
    "arabic-speaking": lambda x: (len(_clients(x, language="ar")), None),
    "sixty-hours": lambda x: (
        sum(_hours(x, p.key) >= 60 for p in _has(_clients(x), "started_on")), 90),
    "contract": lambda x: (sum(c.amount for c in x.contracts) / 100, None),
    "incidents-by-partners": lambda x: _around(x, "partner", "partner"),
    "incidents-by-police": lambda x: _around(x, "client", "police"),
    "no-further-violence": lambda x: _said(
        x, "feedback-partner-no-further-violence", "after", "yes"),
    "women-safer": lambda x: _said(x, "feedback-partner-safer", "after", "yes"),
    "children-safer": lambda x: _said(x, "feedback-partner-children-safer", "after", "yes"),
    "workers-children-safer": lambda x: _said(
        x, "feedback-referrer-children-safer", "after", "yes"),
    "report-very-useful": lambda x: _said(
        x, "feedback-referrer-report-useful", "after", "very-useful"),
    "safety-at-twelve-weeks": lambda x: (
        len(_both(x, "safety", "partner", "before", "middle")), len(_partners(x))),
}
YOUR_CHOICE = {
    "support-length": lambda x: (len(_has(_partners(x), "exited_on")), len(_partners(x))),
    "funding": lambda x: (sum(c.amount for c in x.contracts) / 100, None),
    "reduction-that-lasted": lambda x: _said(
        x, "feedback-partner-abuse-less-lasting", "middle", "yes"),
    "safer": lambda x: _said(x, "feedback-partner-safer", "middle", "yes"),
    "supported": lambda x: _said(x, "feedback-partner-supported", "middle", "yes"),
    "supported-to-change": lambda x: _said(
        x, "feedback-client-supported-to-change", "middle", "agree", "strongly-agree"),
}
PILOT = {
    "men": lambda x: (len(_has(_clients(x), "assessed_on")), None),
    "started": lambda x: (len(_has(_clients(x), "started_on")), len(_clients(x))),
    "over-30-hours-of-assessed": lambda x: (
        sum(_hours(x, p.key) > 30 for p in _clients(x)), len(_clients(x))),
    "over-30-hours-of-started": lambda x: (
        sum(_hours(x, p.key) > 30 for p in _clients(x)), len(_has(_clients(x), "started_on"))),
    "substance-use": lambda x: (_mean_change(x, "use-days.alcohol", "client")[0], 26),
    "quality-of-life": lambda x: (_mean_change(x, "quality-of-life", "client")[0], 26),
    "partners-in-contact": lambda x: (len(_partners(x, contact=CENTRE)), len(_partners(x))),
    "disclosures": lambda x: _said(x, "feedback-partner-no-further-violence", "after", "no"),
    "sixty-hours": lambda x: (
        sum(_hours(x, p.key) >= 60 for p in _clients(x)), len(_has(_clients(x), "started_on"))),
    "kept-in-treatment": lambda x: (
        sum(t.outcome in ("completed", "ongoing") for t in x.treatments),
        sum(t.outcome != "unknown" for t in x.treatments)),
}
WWP = {
    "assessed-before-start": lambda x: (
        len(_has(_has(_clients(x), "started_on"), "assessed_on")), 40),
    "risk-screened": lambda x: (
        len(_has(_has(_clients(x), "assessed_on"), "risk")),
        len(_has(_clients(x), "assessed_on"))),
    "partners-tried": lambda x: (
        len(_partners(x)) - len(_partners(x, contact="not_tried")), len(_partners(x))),
    "partners-reached": lambda x: (len(_partners(x, contact=CENTRE)), len(_partners(x))),
    "days-to-partner-contact": lambda x: (len(_has(_partners(x), "contacted_on")), 54),
    "agreed-before-start": lambda x: (
        len(_has(_has(_clients(x), "started_on"), "agreed_on")), 40),
    "group-work": lambda x: (
        sum(_hours(x, p.key) >= 1 for p in _has(_clients(x), "started_on")), 40),
    "community-response": lambda x: (len([h for h in x.hearings if h.forum == "marac"]), None),
    "evaluated-by-partners": lambda x: (
        len(_both(x, "safety", "partner", "before", "after")), len(_partners(x))),
}
RECOUNT = {"intervention-centre": IC, "dvip": DVIP, "your-choice": YOUR_CHOICE,
           "substance-pilot": PILOT, "wwp-model": WWP}
PRINTED = [(name, card.id) for name in SERVICES for card in load_pack(name).cards
           if card.printed is not None]
NO_RECORDS = {(name, card.id) for name in SERVICES for card in load_pack(name).cards
              if card.source == "print" or card.kind == "printed_only"}


@cache
def _figures(name: str):
    return {figure.id: figure for figure in pack(name, matched(name))}


@pytest.mark.parametrize(("name", "row"), PRINTED)
def test_every_printed_row_is_what_its_records_add_up_to(name: str, row: str) -> None:
    if (name, row) in NO_RECORDS:
        assert row not in RECOUNT[name]
        return
    figure = _figures(name)[row]
    assert (figure.numerator, figure.denominator) == RECOUNT[name][row](matched(name))


def test_values_that_are_no_share_are_worked_out_again() -> None:
    pilot, dvip = matched("substance-pilot"), _figures("dvip")
    for row, scale in (("substance-use", "use-days.alcohol"),
                       ("quality-of-life", "quality-of-life")):
        value = _mean_change(pilot, scale, "client")[1]
        assert _figures("substance-pilot")[row].value == pytest.approx(value, abs=0.051)
    assert dvip["incidents-by-partners"].value == pytest.approx(100 * (2 - 15) / 15, abs=0.051)
    assert dvip["incidents-by-police"].value == pytest.approx(100 * (1 - 9) / 9, abs=0.051)
    assert dvip["children-per-father"].value == 1.97
    changes = [b - a for a, b in _both(matched("dvip"), "safety", "partner", "before", "middle")]
    assert dvip["safety-at-twelve-weeks"].value == round(sum(changes) / len(changes), 1)
    for name, row, days in (("your-choice", "support-length", ("contacted_on", "exited_on")),
                            ("wwp-model", "days-to-partner-contact",
                             ("referred_on", "contacted_on"))):
        found = _median_days(_partners(matched(name)), *days)
        assert (_figures(name)[row].numerator, _figures(name)[row].value) == found


@pytest.mark.parametrize("name", [*SERVICES, "impact"])
def test_the_other_engine_gives_the_same_figures(name: str) -> None:
    assert list(compute_pack(name, matched(name))) == list(_figures(name).values())


def test_the_second_reading_of_77_percent_has_its_own_cohort() -> None:
    [((name, row), other)] = OTHER_READING.items()
    card = next(card for card in load_pack(name).cards if card.id == row)
    figure = compute(card, matched(other))
    assert (figure.numerator, figure.denominator, figure.value) == (20, 26, 76.9)
    assert _figures(name)["over-30-hours-of-assessed"].numerator == 23


@pytest.mark.parametrize("name", SERVICES)
def test_the_seed_moves_days_and_no_printed_figure(name: str) -> None:
    first, second = matched(name, 1), matched(name, 2)
    assert first == matched(name, 1)
    rows = {row for of, row in PRINTED if of == name}
    assert {f for f in pack(name, second) if f.id in rows} == \
        {f for f in pack(name, first) if f.id in rows}


@pytest.mark.parametrize("name", SERVICES)
def test_every_cohort_is_invented_and_says_what_of_it_is_made_up(name: str) -> None:
    assert matched(name).invented
    assert MADE_UP[name].startswith("Made up: ")
    assert GIVEN[name] <= {card.id for card in load_pack(name).cards}


def test_a_cohort_that_is_not_there_is_said_so() -> None:
    with pytest.raises(LookupError, match="there is no matched cohort called x; there are dvip"):
        matched("x")


def test_every_doubt_names_rows_that_there_are() -> None:
    for doubt in doubts():
        assert set(doubt.rows) <= {card.id for card in load_pack(doubt.pack).cards}, doubt


# One record changed --------------------------------------------------------------------------


def _person(key: str, role: str = "client", **new):
    def change(x: Extract) -> Extract:
        return replace(x, persons=tuple(
            replace(p, **new) if (p.key, p.role) == (key, role) else p for p in x.persons))
    return change


def _answer(key: str, item: str, code: str | None):
    def change(x: Extract) -> Extract:
        return replace(x, answers=tuple(
            replace(a, code=code) if (a.key, a.item) == (key, item) else a for a in x.answers))
    return change


def _score(key: str, scale: str, wave: str, score: float | None):
    def change(x: Extract) -> Extract:
        return replace(x, scales=tuple(
            replace(s, score=score) if (s.key, s.scale, s.wave) == (key, scale, wave) else s
            for s in x.scales))
    return change


def _without(table: str, number: int = 0):
    def change(x: Extract) -> Extract:
        rows = list(getattr(x, table))
        del rows[number]
        return replace(x, **{table: tuple(rows)})
    return change


def _missed_all(key: str):
    def change(x: Extract) -> Extract:
        return replace(x, attendance=tuple(
            replace(a, minutes_attended=0) if a.client_key == key else a for a in x.attendance))
    return change


def _paid(x: Extract) -> Extract:
    first, *rest = x.contracts
    return replace(x, contracts=(replace(first, amount=first.amount + 100), *rest))


def _cost(x: Extract) -> Extract:
    first, *rest = x.costs
    return replace(x, costs=(replace(first, amount=first.amount + 100_00), *rest))


def _left(x: Extract) -> Extract:
    first, *rest = x.treatments
    return replace(x, treatments=(replace(first, outcome="left"), *rest))


ONE_RECORD = [
    ("intervention-centre", _person("u0", contact="engaged"),
     {"declined-or-not-reached", "at-the-centre", "clients", "partners", "clients-men",
      "clients-women", "psychological-problems", "social-problems", "cost-per-at-the-centre"}),
    ("intervention-centre", _person("u0", referred_on=matched("dvip").period_from),
     {"referred", "declined-or-not-reached", "at-the-centre", "cost-per-referred"}),
    ("intervention-centre", _person("p0", "partner", sex="female"),
     {"partners-men", "partners-women", "women-in-work"}),
    ("intervention-centre", _person("p10", "partner", employment="unemployed"),
     {"women-in-work"}),
    ("intervention-centre", _person("p10", "partner", violence_months=400),
     {"history-of-violence"}),
    ("intervention-centre", _person("c0", needs="debts"),
     {"psychological-problems"}),
    ("intervention-centre", _person("c1", needs="debts"), {"social-problems"}),
    ("intervention-centre", _person("p0", "partner", area=None), {"municipalities"}),
    ("intervention-centre", _person("p0", "partner", area="outside"), set()),
    ("intervention-centre", _cost, {"cost-per-referred", "cost-per-at-the-centre"}),
    ("dvip", _person("c409", children=1),
     {"without-children", "with-children", "children-per-father"}),
    ("dvip", _person("c409", sex="female"), {"men", "without-children", "with-children"}),
    ("dvip", _without("children"), {"children"}),
    ("dvip", _person("c409", area="elsewhere"), set()),
    ("dvip", _person("c409", language="ar"), {"arabic-speaking"}),
    ("dvip", _missed_all("c0"), {"sixty-hours"}),
    ("dvip", _paid, {"contract"}),
    ("dvip", _without("incidents", 0), {"incidents-by-partners"}),
    ("dvip", _without("incidents", -1), {"incidents-by-police"}),
    ("dvip", _answer("p9", "feedback-partner-no-further-violence", "yes"),
     {"no-further-violence"}),
    ("dvip", _answer("p25", "feedback-partner-safer", "yes"), {"women-safer"}),
    ("dvip", _answer("p25", "feedback-partner-children-safer", "no-children"),
     {"children-safer"}),
    ("dvip", _answer("r-c8", "feedback-referrer-children-safer", None),
     {"workers-children-safer"}),
    ("dvip", _answer("r-c8", "feedback-referrer-report-useful", "very-useful"),
     {"report-very-useful"}),
    ("dvip", _score("p0", "safety", "middle", None), {"safety-at-twelve-weeks"}),
    ("your-choice", _person("p0", "partner", exited_on=None), {"support-length"}),
    ("your-choice", _paid, {"funding"}),
    ("your-choice", _answer("p19", "feedback-partner-abuse-less-lasting", "yes"),
     {"reduction-that-lasted"}),
    ("your-choice", _answer("p19", "feedback-partner-safer", None), {"safer"}),
    ("your-choice", _answer("p19", "feedback-partner-supported", "no"), {"supported"}),
    ("your-choice", _answer("c0", "feedback-client-supported-to-change", "disagree"),
     {"supported-to-change"}),
    ("substance-pilot", _person("c29", assessed_on=None),
     {"men", "started", "over-30-hours-of-assessed", "partners-in-contact",
      "kept-in-treatment"}),
    ("substance-pilot", _person("c26", started_on=matched("substance-pilot").period_to),
     {"started", "over-30-hours-of-started", "substance-use", "quality-of-life",
      "sixty-hours"}),
    ("substance-pilot", _missed_all("c0"),
     {"over-30-hours-of-assessed", "over-30-hours-of-started", "sixty-hours"}),
    ("substance-pilot", _score("c0", "use-days.alcohol", "after", 28.0), {"substance-use"}),
    ("substance-pilot", _score("c0", "quality-of-life", "after", None), {"quality-of-life"}),
    ("substance-pilot", _person("p29", "partner", contact="engaged"),
     {"partners-in-contact", "disclosures"}),
    ("substance-pilot", _answer("p9", "feedback-partner-no-further-violence", "no"),
     {"disclosures"}),
    ("substance-pilot", _left, {"kept-in-treatment"}),
    ("wwp-model", _person("c0", assessed_on=None), {"assessed-before-start", "risk-screened"}),
    ("wwp-model", _person("c3", risk="high"), {"risk-screened"}),
    ("wwp-model", _person("p53", "partner", contact="not_tried"), {"partners-tried"}),
    ("wwp-model", _person("p53", "partner", contact="engaged"), {"partners-reached"}),
    ("wwp-model", _person("p0", "partner", contacted_on=None), {"days-to-partner-contact"}),
    ("wwp-model", _person("c0", agreed_on=None), {"agreed-before-start"}),
    ("wwp-model", _missed_all("c0"), {"group-work"}),
    ("wwp-model", _without("hearings"), {"community-response"}),
    ("wwp-model", _score("p0", "safety", "after", 75.0), {"evaluated-by-partners"}),
]


@pytest.mark.parametrize("number", range(len(ONE_RECORD)))
def test_one_record_changes_exactly_the_rows_that_depend_on_it(number: int) -> None:
    name, change, expected = ONE_RECORD[number]
    printed = {row for of, row in PRINTED if of == name}
    changed = {f.id: f for f in pack(name, change(matched(name)))}
    assert {row for row in printed if changed[row] != _figures(name)[row]} == expected


def test_every_row_that_is_counted_is_moved_by_some_record() -> None:
    moved = {(name, row) for name, _, rows in ONE_RECORD for row in rows}
    # People and areas are many times over in the cohort: the next test takes a whole one away.
    assert set(PRINTED) - NO_RECORDS - moved == {
        ("dvip", "people"), ("dvip", "boroughs"), ("dvip", "counties")}


@pytest.mark.parametrize(("keep", "row"), [
    (lambda p: p.key != "c409", "people"),
    (lambda p: p.area != "alderwick", "boroughs"),
    (lambda p: p.area != "ardenshire", "counties"),
])
def test_the_last_person_of_a_kind_takes_the_count_along(keep, row: str) -> None:
    whole = matched("dvip")
    fewer = replace(whole, persons=tuple(p for p in whole.persons if keep(p)))
    new = {f.id: f for f in pack("dvip", fewer)}
    assert new[row].numerator < _figures("dvip")[row].numerator
