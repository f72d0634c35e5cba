"""Forms as people meet them: labels, hints, errors, and where the errors lead."""

import re

import pytest
from django import forms
from django.forms.renderers import get_default_renderer

from casewall.pages.renderer import Gds
from casewall.pages.style_guide import Sample

pytestmark = pytest.mark.usefixtures("plain_site")


class Rare(forms.Form):
    """A widget that has no drawing of ours, a hidden field, and groups of choices."""

    when = forms.SplitDateTimeField(required=False)
    key = forms.CharField(widget=forms.HiddenInput)
    grouped = forms.ChoiceField(
        required=False,
        choices=[("Near", [("a", "A")]), ("Far", [("b", "B")])],
        widget=forms.RadioSelect,
    )
    several = forms.MultipleChoiceField(
        required=False, choices=[("Near", [("a", "A")])], widget=forms.CheckboxSelectMultiple
    )
    listed = forms.ChoiceField(required=False, choices=[("Near", [("a", "A")])])

    def clean(self):
        raise forms.ValidationError("These two do not go together.")


def test_the_project_s_renderer_is_ours():
    assert isinstance(get_default_renderer(), Gds)


def test_every_control_has_a_label_of_its_own():
    drawn = str(Sample())
    named = set(re.findall(r'<label[^>]* for="([^"]+)"', drawn))
    controls = re.findall(r"<(?:input|select|textarea)[^>]*>", drawn)
    assert len(controls) == 16
    for control in controls:
        assert re.search(r'id="([^"]+)"', control)[1] in named


def test_optional_fields_say_so_and_required_ones_do_not():
    assert "(optional)" in str(Sample()["phone"].as_field_group())
    assert "(optional)" not in str(Sample()["full_name"].as_field_group())


def test_a_hint_is_tied_to_its_box():
    drawn = str(Sample()["full_name"].as_field_group())
    assert 'aria-describedby="id_full_name_helptext"' in drawn
    assert 'id="id_full_name_helptext"' in drawn


def test_choices_and_dates_stand_in_a_fieldset_with_their_question():
    for name in ("route", "needs", "born_on"):
        assert "<fieldset" in str(Sample()[name].as_field_group())


def test_errors_lead_to_the_first_box_that_is_wrong():
    drawn = str(Sample({"born_on_day": "31"}))
    for target in ("id_full_name", "id_born_on_day", "id_route_0", "id_agrees", "id_language"):
        assert f'href="#{target}"' in drawn
        assert f'id="{target}"' in drawn


def test_an_error_is_tied_to_its_box_and_marked_invalid():
    drawn = str(Sample({})["full_name"].as_field_group())
    assert 'aria-invalid="true"' in drawn
    assert 'aria-describedby="id_full_name_helptext id_full_name_error"' in drawn
    assert "govuk-form-group--error" in drawn


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("full_name", "“Name” is empty."),
        ("language", "Choose an answer for “Language”."),
        ("route", "Choose an answer for “Who made the referral?”."),
        ("agrees", "“The agreement has been signed” has to be ticked."),
        ("born_on", "Enter a day, a month and a year."),
    ],
)
def test_an_empty_field_is_named(name, sentence):
    assert sentence in str(Sample({})[name].as_field_group())


def test_an_empty_file_is_named():
    class Letter(forms.Form):
        letter = forms.FileField()

    assert "Choose a file for “Letter”." in str(Letter({}))


def test_the_summary_names_the_field_of_each_sentence():
    assert "Date of birth: Enter a day, a month and a year." in str(Sample({}))


def test_a_form_without_mistakes_has_no_summary():
    assert "There is a problem" not in str(Sample())


def test_a_mistake_of_the_whole_form_stands_in_the_summary():
    drawn = str(Rare({"key": "x"}))
    assert "These two do not go together." in drawn
    assert '<input type="hidden" name="key" value="x"' in drawn


def test_a_mistake_in_a_hidden_field_is_said_without_a_link():
    drawn = str(Rare({}))
    assert "“Key” is empty." in drawn
    assert 'href="#id_key"' not in drawn


def test_a_widget_without_a_drawing_of_ours_still_appears():
    assert 'name="when_0"' in str(Rare())


def test_groups_of_choices_keep_their_names():
    drawn = str(Rare())
    assert drawn.count("Near") == 3
    assert '<optgroup label="Near">' in drawn


def test_typed_text_keeps_its_own_direction_and_phones_run_left_to_right():
    assert 'dir="auto"' in str(Sample()["full_name"])
    assert str(Sample()["phone"]).count("dir=") == 1
    assert 'dir="ltr"' in str(Sample()["phone"])


def test_typed_text_is_escaped():
    drawn = str(Sample({"full_name": '"><script>', "note": "</textarea><script>"}))
    assert "<script>" not in drawn


def test_a_file_that_is_there_already_is_named():
    class Stored:
        url = "/elsewhere"

        def __str__(self):
            return "letter.pdf"

    class Letter(forms.Form):
        letter = forms.FileField(required=False)

    drawn = str(Letter(initial={"letter": Stored()}))
    assert "letter.pdf" in drawn
    assert 'name="letter-clear"' in drawn


def test_forms_in_a_set_are_drawn_alike():
    drawn = str(forms.formset_factory(Sample, extra=2)())
    assert drawn.count("Date of birth") == 2
    assert "form-TOTAL_FORMS" in drawn


def test_a_label_can_be_the_heading_of_the_page(draw):
    drawn = draw("{% field form.full_name heading=True %}{% field form.route %}", form=Sample())
    assert drawn.count("<h1") == 1


def test_the_summary_of_no_form_is_empty(draw):
    assert draw("{% error_summary form %}", form=None) == ""


def test_a_password_is_never_sent_back():
    class Secret(forms.Form):
        word = forms.CharField(widget=forms.PasswordInput)

    assert "hunter" not in str(Secret({"word": "hunter"}))
