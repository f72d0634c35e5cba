"""What must hold for every measure and whatever is answered."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewall.measures import definitions
from casewall.measures.definitions import PREFER_NOT_TO_SAY, load
from casewall.measures.kinds import WAVES, WITHOUT_TOTAL
from casewall.measures.scoring import (
    NOT_ASKED,
    NoTotalError,
    applies,
    raised_alerts,
    score,
    switched_off,
    total,
)

NAMES = definitions.names()
VALUED = [name for name in NAMES if load(name).scorer.kind not in WITHOUT_TOTAL]
SEXES = st.sampled_from([None, "male", "female", "other", "unknown"])


def codes_of(item, complete):
    """Everything that may stand in the place of an answer; only numbers where complete."""
    if item.options:
        codes = [o.code for o in item.options if not complete or o.number is not None]
    elif item.kind == "integer":
        codes = [str(number) for number in range(item.at_least, item.at_most + 1)]
    else:
        codes = ["something in words"]
    return codes if complete else [*codes, PREFER_NOT_TO_SAY, NOT_ASKED, None, ""]


@st.composite
def filled(draw, names=NAMES, *, complete=False):
    definition = load(draw(st.sampled_from(names)))
    number = len(definition.items)
    draws = draw(st.lists(st.integers(0, 999), min_size=number, max_size=number))
    answers = {}
    for item, drawn in zip(definition.items, draws, strict=True):
        codes = codes_of(item, complete)
        answers[item.link_id] = codes[drawn % len(codes)]
    return definition, answers


@given(filled(), SEXES, st.sampled_from([None, *WAVES]))
def test_every_question_is_accounted_for_and_every_number_in_its_range(form, sex, wave):
    definition, answers = form
    found = score(definition, answers, sex=sex, wave=wave)
    counted = found.answered + found.prefer_not_to_say + found.not_asked + found.missing
    assert counted + found.not_applicable == found.items
    assert (found.value is None) == bool(found.reason)
    if found.value is not None:
        assert definition.score_from <= found.value <= definition.score_to
    for sub in definition.scorer.subscales:
        part = found.parts[sub.code]
        assert part is None or sub.lowest <= part <= sub.highest
    assert (found.band is None) or found.value is not None


@given(filled(), st.randoms(use_true_random=False))
def test_the_order_of_the_answers_never_matters(form, random):
    definition, answers = form
    shuffled = list(answers.items())
    random.shuffle(shuffled)
    assert score(definition, dict(shuffled)) == score(definition, answers)
    assert set(raised_alerts(definition, dict(shuffled))) == set(raised_alerts(definition, answers))


@given(filled())
def test_an_empty_line_and_an_absent_one_are_the_same(form):
    definition, answers = form
    written = {link_id: code for link_id, code in answers.items() if code}
    assert score(definition, written) == score(definition, answers)


def expected(definition, answers):
    """The value again, slowly and in floats, from the numbers that were really given."""
    scorer, given_numbers, of = definition.scorer, [], 0
    off = switched_off(definition, answers)
    for item in definition.items:
        if item.link_id not in scorer.items:
            continue
        of += 1
        code, low, high = answers.get(item.link_id), *item.span
        numbers = {option.code: option.number for option in item.options}
        number = int(code) if item.kind == "integer" and code and code.isdigit() else None
        number = numbers.get(code, number)
        if number is None and not code and item.link_id in off:
            number = scorer.off_number
        if number is not None:
            given_numbers.append((low + high - number if item.reversed else number, low, high))
    if len(given_numbers) < scorer.missing.minimum:
        return None
    if scorer.kind == "mean_stretched":
        shares = [(n - low) / (high - low) for n, low, high in given_numbers]
        span = scorer.highest - scorer.lowest
        return scorer.lowest + span * sum(shares) / len(shares)
    return sum(n for n, _, _ in given_numbers) * of / len(given_numbers)


@given(filled(VALUED))
def test_the_value_rests_on_the_given_numbers_alone(form):
    definition, answers = form
    wanted = expected(definition, answers)
    assert score(definition, answers).value == (None if wanted is None else pytest.approx(wanted))


@given(filled(VALUED, complete=True), st.data())
def test_a_missing_answer_is_never_counted_as_zero(form, data):
    definition, answers = form
    gone = data.draw(st.sampled_from(definition.scorer.items))
    empty = data.draw(st.sampled_from([None, "", NOT_ASKED, PREFER_NOT_TO_SAY]))
    gaps = {**answers, gone: empty}
    found = score(definition, gaps)
    if definition.scorer.missing.rule == "none" and gone not in switched_off(definition, gaps):
        assert found.value is None
        with pytest.raises(NoTotalError, match=r"questions? ha"):
            total(definition, gaps)
    elif found.value is not None and gone not in switched_off(definition, gaps):
        others = [
            score(definition, {**answers, gone: option.code}).value
            for item in definition.items
            if item.link_id == gone
            for option in item.options
            if option.number is not None
        ]
        assert min(others) <= found.value <= max(others)


def turned_over(definition):
    """The same measure with every question turned the other way round."""
    items = tuple(replace(item, reversed=not item.reversed) for item in definition.items)
    return replace(definition, items=items)


@given(filled(VALUED))
def test_reversed_twice_is_itself(form):
    definition, answers = form
    assert score(turned_over(turned_over(definition)), answers) == score(definition, answers)


@given(filled([name for name in VALUED if load(name).scorer.off_number is None]))
def test_turning_every_question_turns_the_score_over(form):
    definition, answers = form
    here, there = score(definition, answers).value, score(turned_over(definition), answers).value
    assert (here is None) == (there is None)
    if here is not None:
        both = definition.score_from + definition.score_to
        assert there == pytest.approx(both - here)


@given(filled(VALUED, complete=True))
def test_a_complete_form_has_a_value_and_a_place_among_the_bands(form):
    definition, answers = form
    for sex in ("male", "female"):
        found = score(definition, answers, sex=sex)
        assert found.value is not None
        assert not found.prorated
        assert (found.band is not None) == bool(definition.scorer.bands)
        assert (found.clinical is not None) == bool(definition.scorer.cuts)
        assert found.missing == found.not_asked == 0


@given(filled(["dudit", "audit-c"]))
def test_without_a_stated_sex_there_is_no_band_and_no_cut_off(form):
    definition, answers = form
    for sex in (None, "other", "unknown"):
        found = score(definition, answers, sex=sex)
        assert (found.band, found.clinical) == (None, None)


@given(filled(["judgement-24", "judgement-15", "use-days", "abuse-used", "abuse-experienced"]))
def test_what_must_not_be_added_up_never_is(form):
    definition, answers = form
    with pytest.raises(NoTotalError, match=r"never added up|have no total"):
        total(definition, answers)


@given(filled())
def test_a_question_is_shown_or_not_and_never_both_shown_and_switched_off(form):
    definition, answers = form
    off = switched_off(definition, answers)
    for item in definition.items:
        if applies(definition, item, answers):
            assert item.link_id not in off
