import datetime

import pytest
from django import forms

from casewall.pages.dates import DayMonthYearField


class Born(forms.Form):
    born_on = DayMonthYearField(label="Date of birth", help_text="For example, 27 3 1985")
    left_on = DayMonthYearField(label="Left on", required=False)


def typed(day="", month="", year="", name="born_on"):
    return {f"{name}_day": day, f"{name}_month": month, f"{name}_year": year}


def test_three_boxes_make_a_date():
    form = Born(typed("27", " 3 ", "1985"))
    assert form.is_valid()
    assert form.cleaned_data == {"born_on": datetime.date(1985, 3, 27), "left_on": None}


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        (("", "", ""), "Enter a day, a month and a year."),
        (("27", "", "1985"), "Enter a month as well."),
        (("27", "", ""), "Enter a month and a year as well."),
        (("27", "march", "1985"), "Write the month in figures: “march” is not a number."),
        (("27", "-3", "1985"), "Write the month in figures: “-3” is not a number."),
        (("12345", "3", "1985"), "Write the day in figures: “12345” is not a number."),
        (("1", "13", "1985"), "There is no month 13: write a number from 1 to 12."),
        (("1", "0", "1985"), "There is no month 0: write a number from 1 to 12."),
        (("1", "1", "85"), "Write the year with four figures, from 1900 to 2199: “85” is not one."),
        (("31", "2", "1985"), "There is no day 31 in month 2 of 1985."),
        (("0", "2", "1985"), "There is no day 0 in month 2 of 1985."),
    ],
)
def test_a_date_that_is_none_is_refused_with_a_sentence_that_names_the_part(parts, sentence):
    assert Born(typed(*parts)).errors["born_on"] == [sentence]


@pytest.mark.usefixtures("plain_site")
def test_nothing_typed_is_lost():
    drawn = str(Born(typed("31", "february", "1985"))["born_on"])
    for part, text in (("day", "31"), ("month", "february"), ("year", "1985")):
        assert f'name="born_on_{part}" value="{text}"' in drawn
        assert f'id="id_born_on_{part}"' in drawn


@pytest.mark.usefixtures("plain_site")
def test_a_known_date_fills_the_boxes():
    form = Born(initial={"born_on": datetime.date(1985, 3, 27)})
    assert 'name="born_on_day" value="27"' in str(form["born_on"])
    assert form["born_on"].id_for_label == "id_born_on_day"


@pytest.mark.usefixtures("plain_site")
def test_boxes_without_ids_are_still_labelled():
    drawn = str(Born(auto_id=False)["born_on"])
    assert 'for="id_born_on_day"' in drawn
    assert 'id="id_born_on_day"' in drawn
    assert Born.base_fields["born_on"].widget.id_for_label("") == ""


@pytest.mark.parametrize(
    ("parts", "changed"), [(("27", "03", "1985"), False), (("28", "3", "1985"), True)]
)
def test_a_leading_nought_is_no_change(parts, changed):
    form = Born(typed(*parts), initial={"born_on": datetime.date(1985, 3, 27)})
    assert ("born_on" in form.changed_data) is changed


def test_a_field_that_was_not_posted_at_all_is_empty():
    field = DayMonthYearField(required=False)
    assert field.clean(None) is None
    assert not field.has_changed(None, None)
