"""An indicator card is complete, or it is refused with a sentence: file, card and key."""

from dataclasses import replace

import pytest

from casewall.outcomes.cards import CardError, load_pack, pack_names, read_pack
from casewall.outcomes.kinds import KINDS
from casewall.outcomes.reference import compute, pack
from tests.spec.cohort import client, extract, score

HEAD = 'pack = "demo"\ntitle = "A demo"\nversion = "1"\n'
CARD = {
    "id": '"reached"',
    "kind": '"share"',
    "label": '"Reached"',
    "why": '"Because."',
    "numerator": '{ says = "Reached.", where = { contact = ["engaged"] } }',
    "denominator": '{ says = "Referred." }',
    "unit": '"person"',
    "counting_date": '"referred_on"',
    "period": '"The year."',
    "source": '"worker"',
    "exclusions": '"nobody."',
    "breakdowns": '["sex"]',
    "version": '"1"',
}
SCALE = {
    **CARD,
    "kind": '"mean_change"',
    "source": '"partner"',
    "numerator": '{ says = "Reached." }',
    "scale": '"safety"',
    "waves": '["before", "after"]',
}


def written(tmp_path, text):
    path = tmp_path / "demo.toml"
    path.write_text(text, encoding="utf-8")
    return path


def pack_of(tmp_path, card):
    lines = [f"{key} = {value}" for key, value in card.items() if value is not None]
    return written(tmp_path, HEAD + "[[indicator]]\n" + "\n".join(lines))


def refused(path, sentence):
    with pytest.raises(CardError) as refusal:
        read_pack(path)
    assert sentence in str(refusal.value)


def test_every_shipped_pack_loads_and_its_ids_are_its_own():
    for name in pack_names():
        cards = load_pack(name).cards
        assert len({card.id for card in cards}) == len(cards)


def test_a_complete_card_is_read(tmp_path):
    [card] = read_pack(pack_of(tmp_path, {**CARD, "note": '"A note."'})).cards
    assert card.id == "reached"
    assert card.numerator.where == (("contact", ("engaged",)),)
    assert card.denominator.where == ()
    assert card.note == "A note."


def test_a_condition_on_a_free_text_takes_any_value(tmp_path):
    part = '{ says = "By the police.", where = { route = ["police"] } }'
    [card] = read_pack(pack_of(tmp_path, {**CARD, "numerator": part})).cards
    assert card.numerator.where == (("route", ("police",)),)


def test_defaults_fill_what_a_card_leaves_out(tmp_path):
    lines = [f"{key} = {value}" for key, value in CARD.items() if key != "unit"]
    text = HEAD + '[defaults]\nunit = "episode"\n[[indicator]]\n' + "\n".join(lines)
    [card] = read_pack(written(tmp_path, text)).cards
    assert card.unit == "episode"


@pytest.mark.parametrize("key", [key for key in CARD if key not in ("id", "breakdowns")])
def test_a_card_without_a_key_is_refused_by_name(tmp_path, key):
    refused(
        pack_of(tmp_path, {**CARD, key: None}),
        f"demo.toml, card reached, {key}: the key is missing",
    )


# key, what is written, what is said about it
WRONG = [
    ("id", None, "card 1, id: the key is missing"),
    ("label", '" "', "label: a text is needed"),
    ("label", "3", "label: a text is needed"),
    ("note", '""', "note: a text is needed"),
    ("colour", '"red"', "colour: there is no such key"),
    ("kind", '"guess"', "kind: 'guess' is not one of count, share"),
    ("unit", '"couple"', "unit: 'couple' is not one of person, episode, linked_case"),
    ("counting_date", '"today"', "counting_date: 'today' is not one of"),
    ("source", '"hearsay"', "source: 'hearsay' is not one of"),
    ("breakdowns", None, "breakdowns: a list is needed"),
    ("breakdowns", '["shoe"]', "breakdowns: 'shoe' is not one of"),
    ("numerator", '"men"', "numerator: a table with says and where is needed"),
    ("numerator", "{ where = {} }", "says: the key is missing"),
    ("numerator", '{ says = "x", were = {} }', "were: there is no such key"),
    ("numerator", '{ says = "x", where = ["a"] }', "numerator: conditions are written as"),
    ("numerator", '{ says = "x", where = { age = ["9"] } }', "there is no condition called age"),
    ("numerator", '{ says = "x", where = { sex = "male" } }', "sex needs a list of values"),
    ("numerator", '{ says = "x", where = { sex = [] } }', "sex needs a list of values"),
    ("numerator", '{ says = "x", where = { sex = ["man"] } }', "'man' is not one of male, female"),
    ("numerator", '{ says = "x", where = { sex = [["male"]] } }', "is not one of male"),
    ("scale", '"safety"', "scale: a card of kind share has none"),
    ("waves", '["before", "after"]', "waves: a card of kind share has none"),
    ("printed", "18", "printed: a table with how and a value or a count is needed"),
    ("printed", '{ how = "exact" }', "printed: a table with how and a value or a count"),
    ("printed", "{ value = 18 }", "how: the key is missing"),
    ("printed", '{ value = [1], how = "exact" }', "the value is a number or a text"),
    ("printed", '{ count = true, how = "exact" }', "the count a whole number"),
    ("printed", '{ value = 18, how = "no denominator" }', "is not one of exact, rounded"),
    ("printed", '{ value = "much", how = "rounded" }', "is not one of no denominator"),
    ("printed", '{ value = 1, how = "exact", of = 2 }', "of: there is no such key"),
]


@pytest.mark.parametrize(("key", "value", "sentence"), WRONG)
def test_a_wrong_card_is_refused_with_file_card_and_key(tmp_path, key, value, sentence):
    path = pack_of(tmp_path, {**CARD, key: value})
    with pytest.raises(CardError) as refusal:
        read_pack(path)
    assert str(refusal.value).startswith("demo.toml, card ")
    assert sentence in str(refusal.value)


WRONG_SCALE = [
    ("source", '"worker"', "source: a scale is answered by the partner or by the client"),
    ("scale", None, "scale: the key is missing"),
    ("scale", '"Much joy"', "scale: 'Much joy' is not the name of a measure"),
    ("waves", None, "waves: two different waves are needed"),
    ("waves", '["before"]', "waves: two different waves are needed"),
    ("waves", '["before", "before"]', "waves: two different waves are needed"),
    ("waves", '["before", "later"]', "waves: 'later' is not one of"),
]


@pytest.mark.parametrize(("key", "value", "sentence"), WRONG_SCALE)
def test_a_wrong_scale_card_is_refused(tmp_path, key, value, sentence):
    refused(pack_of(tmp_path, {**SCALE, key: value}), f"demo.toml, card reached, {sentence}")


ANSWER = {
    **CARD,
    "kind": '"share_answering"',
    "source": '"partner"',
    "measure": '"feedback-partner"',
    "item": '"feedback-partner-safer"',
    "wave": '"after"',
    "codes": '["yes"]',
    "numerator": '{ says = "Safer." }',
}
HOURS = {**CARD, "kind": '"share_with_hours"', "hours": "30", "numerator": '{ says = "x" }'}
REPEAT = {
    **HOURS,
    "hours": None,
    "kind": '"repeat"',
    "source": '"police"',
    "months": "12",
    "time_zero": '"referred_on"',
}
MEDIAN = {
    **HOURS,
    "hours": None,
    "kind": '"median_days"',
    "dates": '["referred_on", "started_on"]',
}
HEARD = {**HOURS, "hours": None, "kind": '"share_heard_again"', "forum": '"marac"'}
TOTAL = {**CARD, "kind": '"total"', "denominator": None, "of": '"children"'}
RATIO = {**CARD, "kind": '"ratio"', "of": '"child"'}
DISTINCT = {**TOTAL, "kind": '"distinct"', "of": '"child"'}
QUOTIENT = {
    **CARD,
    "kind": '"quotient"',
    "source": '"print"',
    "numerator": '{ says = "x" }',
    "denominator": None,
    "amount": "80000",
    "by": "52",
    "gives": '"GBP per week"',
}
WHOLE = [ANSWER, HOURS, REPEAT, MEDIAN, HEARD, TOTAL, RATIO, DISTINCT, QUOTIENT]


@pytest.mark.parametrize("card", WHOLE, ids=lambda card: card["kind"])
def test_a_whole_card_of_each_kind_is_read(tmp_path, card):
    [read] = read_pack(pack_of(tmp_path, card)).cards
    assert read.kind == card["kind"].strip('"')


@pytest.mark.parametrize("card", WHOLE, ids=lambda card: card["kind"])
def test_each_kind_needs_its_own_keys(tmp_path, card):
    for key in KINDS[card["kind"].strip('"')].needs:
        refused(pack_of(tmp_path, {**card, key: None}), f"{key}: the key is missing")


WRONG_OWN = [
    (ANSWER, "source", '"worker"', "source: a question is answered by a partner, a client or"),
    (ANSWER, "measure", '"Feedback"', "measure: 'Feedback' is not the name"),
    (ANSWER, "codes", "[]", "codes: a list of texts is needed"),
    (ANSWER, "codes", '["yes", 1]', "codes: a list of texts is needed"),
    (ANSWER, "silent_codes", '"no"', "silent_codes: a list of texts is needed"),
    (ANSWER, "wave", '"later"', "wave: 'later' is not one of"),
    (ANSWER, "hours", "3", "hours: a card of kind share_answering has none"),
    (ANSWER, "numerator", '{ says = "x", where = { sex = ["male"] } }', "has no conditions in it"),
    (HOURS, "hours", "0", "hours: a number above 0 is needed"),
    (HOURS, "hours", "inf", "hours: a number above 0 is needed"),
    (HOURS, "hours", "true", "hours: a number above 0 is needed"),
    (HOURS, "more_than", '"yes"', "more_than: true or false is needed"),
    (REPEAT, "months", "7", "months: 7 is not one of 6, 12, 24"),
    (REPEAT, "months", "true", "months: True is not one of"),
    (REPEAT, "time_zero", '"heard_on"', "time_zero: 'heard_on' is not one of referred_on"),
    (REPEAT, "forms", '["rude"]', "forms: 'rude' is not one of physical"),
    (REPEAT, "source", '"accounts"', "source: incidents are told by one of partner, client"),
    (MEDIAN, "dates", '["referred_on"]', "dates: two different dates"),
    (MEDIAN, "dates", '["referred_on", "born_on"]', "dates: 'born_on' is not one of"),
    (HEARD, "forum", '"court"', "forum: 'court' is not one of marac"),
    (TOTAL, "of", '"money"', "of: 'money' is not one of children"),
    (TOTAL, "of", "3", "of: 3 is not one of children"),
    (TOTAL, "of", '"activity"', "of: 'activity' is not one of"),
    (TOTAL, "of", '"activity.Big One"', "of: 'activity.Big One' is not one of"),
    (TOTAL, "of", '"child"', "of: 'child' is counted by a card of kind distinct"),
    (DISTINCT, "of", '"children"', "of: 'children' is not one of person, child"),
    (RATIO, "of", '"cost"', "of: 'cost' is nothing that a person has"),
    (QUOTIENT, "of", '"cost"', "amount: either the amount that was printed, or"),
    (QUOTIENT, "amount", None, "amount: either the amount that was printed, or"),
    (QUOTIENT, "by", '"weeks"', "by: a printed amount is divided by a number"),
    (QUOTIENT, "source", '"accounts"', "source: the source of this quotient is print"),
    ({**QUOTIENT, "amount": None}, "of", '"children"', "of: 'children' is not one of contract"),
    ({**QUOTIENT, "amount": None}, "of", '"cost"', "source: the source of this quotient is acc"),
    ({**QUOTIENT, "amount": None, "source": '"accounts"'}, "of", '"cost"', "write “per week”"),
    (CARD, "numerator", '{ says = "x", where = { need = [1] } }', "need needs a list of values"),
    (CARD, "numerator", '{ says = "x", where = { dose = ["1 to 2"] } }', "is not a band of hours"),
    (CARD, "numerator", '{ says = "x", where = { hours_at_least = ["a"] } }', "not a number of h"),
    (CARD, "numerator", '{ says = "x", where = { hours_at_least = ["1", "2"] } }', "exactly one"),
]


@pytest.mark.parametrize(("card", "key", "value", "sentence"), WRONG_OWN)
def test_a_key_of_a_kind_that_is_wrong_is_refused(tmp_path, card, key, value, sentence):
    refused(pack_of(tmp_path, {**card, key: value}), sentence)


def test_money_of_the_records_is_divided_by_the_cards_number(tmp_path):
    of_records = {"amount": None, "of": '"contract"', "source": '"accounts"'}
    card = {**QUOTIENT, **of_records, "gives": '"per week"', "funder": '["borough"]'}
    [read] = read_pack(pack_of(tmp_path, card)).cards
    assert (read.of, read.funder, read.amount) == ("contract", ("borough",), None)


def test_a_count_has_no_denominator(tmp_path):
    path = pack_of(tmp_path, {**CARD, "kind": '"count"'})
    refused(path, "denominator: a card of kind count has none")


def test_a_printed_claim_needs_what_was_printed(tmp_path):
    path = pack_of(tmp_path, {**CARD, "kind": '"printed_only"', "denominator": None})
    refused(path, "card reached, printed: the key is missing")


# whole files that are no packs
FILES = [
    ("pack =", "demo.toml: not readable as TOML"),
    ('title = "A"\nversion = "1"', "demo.toml, the file, pack: the key is missing"),
    ('pack = "other"\ntitle = "A"\nversion = "1"', "'other' is not the name of the file"),
    (HEAD + "extra = 1", "extra: there is no such key"),
    (HEAD, "indicator: there is no card"),
    (HEAD + "indicator = []", "indicator: there is no card"),
    (HEAD + "indicator = [1]", "write cards as [[indicator]]"),
    (HEAD + "defaults = 1\n[[indicator]]", "write cards as [[indicator]]"),
]


@pytest.mark.parametrize(("text", "sentence"), FILES)
def test_a_file_that_is_no_pack_is_refused(tmp_path, text, sentence):
    refused(written(tmp_path, text), sentence)


def test_a_file_that_is_not_text_is_refused(tmp_path):
    path = tmp_path / "demo.toml"
    path.write_bytes(b"\xff\xfe\x00")
    refused(path, "demo.toml: not readable as TOML")


def test_two_cards_with_one_id_are_refused(tmp_path):
    card = "[[indicator]]\n" + "\n".join(f"{key} = {value}" for key, value in CARD.items())
    refused(written(tmp_path, f"{HEAD}{card}\n{card}"), "two cards have the id reached")


def test_an_unknown_pack_is_refused_with_the_names_of_the_known():
    with pytest.raises(CardError, match=r"no pack called nothing; there are .*intervention-centre"):
        load_pack("nothing")
    with pytest.raises(CardError):
        pack("nothing", extract())


# cards that the loader would never let through
def test_the_reference_refuses_a_card_that_was_made_by_hand(tmp_path):
    [card] = read_pack(pack_of(tmp_path, SCALE)).cards
    people = extract(persons=[client("c1")], scales=[score("c1", "safety", "before", 50.0)])
    with pytest.raises(ValueError, match="no kind of card called guess"):
        compute(replace(card, kind="guess"), people)
    with pytest.raises(ValueError, match="kind share needs a denominator"):
        compute(replace(card, kind="share", denominator=None), people)
    with pytest.raises(ValueError, match="kind mean_change needs two waves"):
        compute(replace(card, waves=None), people)
