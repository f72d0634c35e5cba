"""Whose records a figure is made of, and what may leave with what has left already."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings

from casewall.outcomes import reference
from casewall.outcomes.cards import load_pack
from casewall.outcomes.figures import Figure
from casewall.outcomes.releases import (
    HELD_BACK,
    PARTS,
    TELLS,
    Release,
    audit,
    quarter_days,
    records_of,
    revisions,
)
from casewall.outcomes.suppress import ReleaseError, suppress
from tests.spec.cohort import published_cohort, random_extracts

PACK = load_pack("intervention-centre")


def row(name: str, numerator: int, denominator: int | None = None, **more) -> Figure:
    whole = {
        "pack": "p", "id": name, "label": name.capitalize(), "numerator": numerator,
        "denominator": denominator, "value": 1.0, "interval": None,
        "unit": "persons" if denominator is None else "percent",
        "missing": None if denominator is None else 0, "response_rate": None,
        "source": "worker", "bounds": None, "suppressed": False, "definition": "In words.",
        "printed": None, "note": None, **more,
    }  # fmt: skip
    return Figure(**whole)


def who(first: int, last: int) -> frozenset[str]:
    return frozenset(f"client:{n}" for n in range(first, last))


def counted(**groups: frozenset[str]) -> tuple[tuple[Figure, ...], dict]:
    """Released counts of these groups, and whose records they are."""
    figures = suppress([row(name, len(whole)) for name, whole in groups.items()]).figures
    none = frozenset()
    return figures, {name: {"numerator": whole, "denominator": none, "missing": none}
                     for name, whole in groups.items()}  # fmt: skip


def kept(quarter: str = "2026Q2", version: int = 1, **groups: frozenset[str]) -> Release:
    figures, members = counted(**groups)
    rows = tuple({"id": f.id, "label": f.label, "numerator": f.numerator, "unit": f.unit,
                  "denominator": f.denominator, "missing": f.missing, "value": f.value}
                 for f in figures)  # fmt: skip
    day = date(2026, 7, 1)
    return Release("p", "s", quarter, version, "P", day, day, day, True, "Rule", rows, (), (),
                   members, {}, "0" * 64)  # fmt: skip


def held(*earlier: Release, revises: Release | None = None, **groups: frozenset[str]) -> dict:
    return dict(audit(*counted(**groups), earlier, revises=revises).held_back)


def test_a_quarter_has_three_months():
    assert quarter_days("2026Q1") == (date(2026, 1, 1), date(2026, 3, 31))
    assert quarter_days("2026Q3") == (date(2026, 7, 1), date(2026, 9, 30))
    assert quarter_days("2024Q4") == (date(2024, 10, 1), date(2024, 12, 31))
    for wrong in ("2026Q5", "2026-Q1", "Q1", "0001Q1", "2026Q1 "):
        with pytest.raises(ReleaseError, match="is not a quarter; write it as 2026Q3"):
            quarter_days(wrong)


def test_a_first_release_of_enough_people_holds_nothing_back():
    assert held(all=who(0, 100), some=who(0, 40)) == {}


def test_fewer_than_ten_people_are_not_released():
    with pytest.raises(ReleaseError, match="are new, so nothing"):
        held(all=who(0, 9))
    with pytest.raises(ReleaseError, match="new since the last release, so nothing"):
        held(kept(all=who(0, 100)), all=who(0, 109))
    assert held(kept(all=who(0, 100)), all=who(0, 110)) == {}


def test_a_difference_of_few_people_is_held_back_whichever_way_it_goes():
    before = kept(all=who(0, 100), some=who(0, 50))
    assert held(before, all=who(0, 120), some=who(0, 53)) == {"some": HELD_BACK}
    assert held(before, all=who(0, 120), some=who(3, 50)) == {"some": HELD_BACK}
    assert held(before, all=who(0, 120), some=who(0, 50)) == {}
    assert held(before, all=who(0, 120), some=who(0, 60)) == {}


def test_a_difference_to_any_earlier_release_counts():
    first, second = kept(all=who(0, 100)), kept("2026Q3", all=who(0, 140), some=who(0, 60))
    now = {"all": who(0, 160), "some": who(0, 62)}
    assert held(second, first, **now) == {"some": HELD_BACK}
    assert held(first, **now) == {}


def test_two_hidden_counts_differ_by_nothing_that_is_shown():
    assert held(kept(all=who(0, 100), few=who(0, 2)), all=who(0, 120), few=who(0, 7)) == {}
    assert held(kept(all=who(0, 100), few=who(0, 2)), all=who(0, 120), few=who(0, 8)) == {
        "few": HELD_BACK}


def test_what_other_figures_tell_together_is_held_back():
    """Four times 8 are shown as 10, their 32 as 30: the fifth part of the 32 can be nobody."""
    parts = {f"part{n}": who(8 * n, 8 * n + 8) for n in range(4)}
    groups = {**parts, "left": who(16, 32), "pair": who(0, 16), "all": who(0, 32)}
    assert held(**groups) == {}


def test_hidden_counts_that_follow_from_sums_are_held_back():
    """Four hidden counts are 28 people together, shown as 30: each of them can only be 7."""
    parts = {f"part{n}": who(7 * n, 7 * n + 7) for n in range(4)}
    groups = {**parts, "left": who(14, 28), "right": who(0, 14), "all": who(0, 28)}
    found = held(**groups, others=who(100, 150))
    assert found == dict.fromkeys(groups, TELLS)


def test_counts_of_several_things_a_person_prove_nothing():
    """The same people with 10 and with 30, and fewer people with more: sums of something else."""
    figures = tuple(
        suppress([row("some", 10), row("again", 30), row("large", 10), row("few", 3)]).figures
    )
    none = frozenset()
    groups = {"some": who(0, 20), "again": who(0, 20), "large": who(0, 40), "few": who(50, 53)}
    members = {name: {"numerator": whole, "denominator": none, "missing": none}
               for name, whole in groups.items()}  # fmt: skip
    assert dict(audit(figures, members, ()).held_back) == {}
    figures = tuple(suppress([row("some", 30), row("large", 10), row("few", 3)]).figures)
    assert dict(audit(figures, members, ()).held_back) == {}


def test_a_figure_that_was_held_back_showed_nothing():
    assert replace(kept(all=who(0, 100)), figures=()).shown("all", "numerator") is None


def test_where_all_would_be_held_back_nothing_is_released():
    before = kept(all=who(0, 100), some=who(0, 50))
    with pytest.raises(ReleaseError, match="No figure can be released"):
        held(before, all=who(0, 100) | who(200, 205), some=who(0, 50) | who(210, 215))


def test_a_revision_needs_ten_changed_people_or_none():
    before = kept(all=who(0, 100))
    for changed in (who(0, 101), who(5, 100)):
        with pytest.raises(ReleaseError, match="records of fewer than ten people have changed"):
            held(before, revises=before, all=changed)
    assert held(before, revises=before, all=who(0, 100)) == {}
    assert held(before, revises=before, all=who(0, 115)) == {}
    assert "new" not in held(before, revises=before, all=who(0, 100))


def test_a_revision_says_what_it_says_otherwise():
    before = kept(same=who(0, 100), more=who(0, 50), gone=who(0, 30))
    figures, _ = counted(same=who(0, 100), more=who(0, 70), few=who(0, 3))
    assert revisions(figures, before) == (
        "More: was 50 (50 persons), is 70 (70 persons).",
        "Few: new in this version.",
        "Gone: no longer in it.",
    )
    blank = replace(figures[1], numerator=None, value=None)
    assert revisions([figures[0], blank], kept(same=who(0, 100), more=who(0, 50))) == (
        "More: was 50 (50 persons), is not shown.",)


def test_the_records_of_a_figure_are_as_many_as_it_counts():
    cohort = published_cohort()
    cards = [card for card in PACK.cards if card.kind in ("count", "share", "share_improved")]
    found = records_of(cards, cohort, reference.compute)
    for card in cards:
        figure = reference.compute(card, cohort)
        for part in PARTS:
            count = getattr(figure, part)
            assert len(found[card.id][part]) == (count or 0), (card.id, part)


@settings(max_examples=6, deadline=None)
@given(random_extracts())
def test_leaving_one_person_out_changes_exactly_the_parts_that_person_is_in(cohort):
    cards = [card for card in PACK.cards if card.kind in ("count", "share", "mean_change")]
    found = records_of(cards, cohort, reference.compute)
    whole = {card.id: reference.compute(card, cohort) for card in cards}
    for role, key in sorted({(one.role, one.key) for one in cohort.persons})[:3]:
        without = replace(cohort, persons=tuple(
            one for one in cohort.persons if (one.role, one.key) != (role, key)))
        for card in cards:
            asked = dict((card.denominator or card.numerator).where).get("role")
            if asked is not None and role not in asked:
                continue
            other = reference.compute(card, without)
            for part in PARTS:
                if not isinstance(getattr(other, part), int):
                    continue
                changed = getattr(other, part) != getattr(whole[card.id], part)
                assert changed == (f"{role}:{key}" in found[card.id][part]), (card.id, part)
