"""On any cohort the reference agrees with a recount that was written without it.

The recount knows nothing of cards: it sorts people into plain sets and counts those.
"""

import math
import statistics
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casewall.outcomes.cards import load_pack
from casewall.outcomes.reference import pack
from casewall.services.load import shipped
from tests.spec.cohort import FIRST_DAY, LAST_DAY, random_extracts
from tests.spec.random_records import full_extracts
from tests.spec.spec_tables import cases

ORDER = ["not_tried", "not_reached", "unsafe", "declined", "engaged"]


def _latest_furthest(extract):
    """(role, key) -> the referral that speaks for the person."""
    found = {}
    inside = [p for p in extract.persons if FIRST_DAY <= p.referred_on <= LAST_DAY]
    for p in sorted(inside, key=lambda p: (ORDER.index(p.contact), p.referred_on)):
        found[p.role, p.key] = p
    return found


def _recount(extract):
    """id -> (numerator, denominator, missing) of every count and share."""
    people = _latest_furthest(extract)
    all_n = len(people)
    by_contact = {
        contact: {who for who, p in people.items() if p.contact == contact} for contact in ORDER
    }
    seen = by_contact["engaged"]
    clients = {key for role, key in seen if role == "client"}
    partners = {key for role, key in seen if role == "partner"}
    ever = {(p.role, p.key) for p in extract.persons if p.contact == "engaged"}
    pairs = {(link.partner_key, link.client_key) for link in extract.links}
    served = {p for p, c in pairs if ("client", c) in ever}
    paired = {c for p, c in pairs if ("partner", p) in ever}
    started = {k for k in clients if people["client", k].started_on}
    completed = {k for k in started if people["client", k].completed_on}
    counts = {
        "referred": (all_n, None, None),
        "declined-or-not-reached": (
            len(by_contact["declined"]) + len(by_contact["not_reached"]),
            all_n,
            0,
        ),
        "declined": (len(by_contact["declined"]), all_n, 0),
        "not-reached": (len(by_contact["not_reached"]), all_n, 0),
        "unsafe": (len(by_contact["unsafe"]), all_n, 0),
        "not-tried": (len(by_contact["not_tried"]), all_n, 0),
        "at-the-centre": (len(seen), all_n, 0),
        "clients": (len(clients), len(seen), 0),
        "partners": (len(partners), len(seen), 0),
        "partners-without-client": (len(partners - served), len(partners), 0),
        "clients-without-partner": (len(clients - paired), len(clients), 0),
        "linked-cases": (len(clients & paired), None, None),
        "started": (len(started), len(clients), 0),
        "completed": (len(completed), len(started), 0),
    }
    words = [("men", "male"), ("women", "female"), ("other", "other"), ("sex-unknown", "unknown")]
    for role, group in (("client", clients), ("partner", partners)):
        sexes = [people[role, key].sex for key in group]
        for name, sex in words:
            missing = 0 if sex == "unknown" else sexes.count("unknown")
            counts[f"{role}s-{name}"] = (sexes.count(sex), len(group), missing)
    counts |= _problems(people, clients, partners)
    denominators = {
        "referred": all_n,
        "at-the-centre": len(seen),
        "started": len(started),
        "completed": len(completed),
        "partner-supported": len(partners),
    }
    return counts, denominators, partners


def _problems(people, clients, partners):
    """What the other columns say: needs, work and areas, with whoever is silent about them."""
    needs = [people["client", key].needs for key in clients]
    told = [set(one.split(",")) for one in needs if one is not None and one != "unknown"]
    women = [people["partner", key] for key in partners]
    work = [p.employment for p in women if p.sex == "female"]
    areas = [p.area for p in people.values()]
    silent = len(needs) - len(told)
    social = {"housing", "work", "debts", "residence"}
    return {
        "psychological-problems": (
            sum("mental_health" in one for one in told), len(needs), silent),
        "social-problems": (sum(bool(one & social) for one in told), len(needs), silent),
        "women-in-work": (
            sum(one in ("employed", "self_employed") for one in work),
            len(work), sum(one in (None, "unknown") for one in work)),
        "municipalities": (len(set(areas) & MUNICIPALITIES), None, areas.count(None)),
    }


def _check_history(extract, figure, partners):
    people = _latest_furthest(extract)
    months = [people["partner", key].violence_months for key in partners]
    known = [one for one in months if one is not None]
    assert (figure.numerator, figure.denominator) == (sum(known), len(known))
    assert figure.missing == len(months) - len(known)


MUNICIPALITIES = {place.id for place in shipped()["intervention-centre"].areas.places}
CARDS = [*load_pack("intervention-centre").cards]
ASKING = [case.card for case in cases() if case.card.kind == "share_answering"]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(full_extracts(CARDS + ASKING) | random_extracts())
def test_every_count_share_scale_and_cost_equals_a_plain_recount(extract):
    figures = {figure.id: figure for figure in pack("intervention-centre", extract)}
    counts, denominators, partners = _recount(extract)
    checked = {"scales-as-printed"}
    for name, (numerator, denominator, missing) in counts.items():
        figure = figures[name]
        checked.add(name)
        assert (figure.numerator, figure.denominator) == (numerator, denominator), name
        assert figure.missing == missing, name
        if denominator and missing != denominator:
            assert math.isclose(figure.value, 100 * numerator / denominator, abs_tol=0.0500001)
        elif denominator is not None:
            assert figure.value is None, name
    _check_history(extract, figures["history-of-violence"], partners)
    checked |= {"history-of-violence", "years"}
    for scale in ("freedom", "safety", "empowerment"):
        for wave, name in (("after", "after"), ("follow_up", "follow-up")):
            checked |= _check_scale(extract, figures, partners, (scale, wave, f"{scale}-{name}"))
    for name, persons in denominators.items():
        checked.add(f"cost-per-{name}")
        _check_cost(extract, figures[f"cost-per-{name}"], persons)
    assert checked == set(figures)


def _check_scale(extract, figures, partners, named):
    scale, wave, name = named
    answers = {
        (s.key, s.wave): s.score
        for s in extract.scales
        if s.source == "partner" and s.scale == scale and s.score is not None
    }
    rises = [
        answers[key, wave] - answers[key, "before"]
        for key in partners
        if (key, wave) in answers and (key, "before") in answers
    ]
    change, improved = figures[f"{name}-change"], figures[f"{name}-improved"]
    assert (change.numerator, change.denominator) == (len(rises), len(partners))
    assert (improved.numerator, improved.denominator) == (sum(r > 0 for r in rises), len(rises))
    assert change.missing == improved.missing == len(partners) - len(rises)
    if rises:
        assert math.isclose(change.value, statistics.mean(rises), abs_tol=0.0500001)
        assert improved.bounds[0] <= improved.value <= improved.bounds[1]
    else:
        assert change.value is None
        assert improved.value is None
    return {change.id, improved.id}


def _check_cost(extract, figure, persons):
    included = [line.amount for line in extract.costs if line.included]
    assert figure.denominator == persons
    if not included:
        assert figure.numerator is None
        assert figure.value is None
    elif persons == 0:
        assert figure.value is None
    else:
        assert math.isclose(figure.value, sum(included) / 100 / persons, abs_tol=0.0050001)


@settings(max_examples=40, deadline=None)
@given(random_extracts(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(extract, random):
    shuffled = {}
    for table in ("persons", "links", "scales", "costs"):
        rows = list(getattr(extract, table))
        random.shuffle(rows)
        shuffled[table] = tuple(rows)
    assert pack("intervention-centre", replace(extract, **shuffled)) == pack(
        "intervention-centre", extract
    )
