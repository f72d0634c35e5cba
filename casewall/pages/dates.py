"""A date typed as day, month and year, which keeps what was typed when it is not a date."""

import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

PARTS = ("day", "month", "year")
PART_NAMES = {"day": _("day"), "month": _("month"), "year": _("year")}
PART_WORDS = {"day": _("a day"), "month": _("a month"), "year": _("a year")}
FIRST_YEAR = 1900
LAST_YEAR = 2199


class DayMonthYear(forms.MultiWidget):
    """Three text boxes, posted as `<name>_day`, `<name>_month` and `<name>_year`."""

    template_name = "gds/widgets/day_month_year.html"
    use_fieldset = True

    def __init__(self, attrs=None):
        boxes = {part: forms.TextInput(attrs={"inputmode": "numeric"}) for part in PARTS}
        super().__init__(boxes, attrs)

    def decompress(self, value: datetime.date | None) -> list[str]:
        if value is None:
            return ["", "", ""]
        return [str(value.day), str(value.month), str(value.year)]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        whole = context["widget"]["attrs"].get("id") or f"id_{name}"
        for part, box in zip(PARTS, context["widget"]["subwidgets"], strict=True):
            box["label"] = PART_NAMES[part]
            box["width"] = 4 if part == "year" else 2
            box["attrs"]["id"] = f"{whole}_{part}"
        return context

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_day" if id_ else id_


class DayMonthYearField(forms.Field):
    """A date in three boxes.

    The value is a `datetime.date`, or None when every box is empty and the field is optional.
    Refuses, naming the part: a part left out, letters, a month over 12, a day that the month does
    not have, a year outside 1900 to 2199.
    """

    widget = DayMonthYear
    default_error_messages = {
        "required": _("Enter a day, a month and a year."),
        "missing": _("Enter %(missing)s as well."),
        "number": _("Write the %(part)s in figures: “%(typed)s” is not a number."),
        "month": _("There is no month %(month)s: write a number from 1 to 12."),
        "year": _("Write the year with four figures, from 1900 to 2199: “%(year)s” is not one."),
        "day": _("There is no day %(day)s in month %(month)s of %(year)s."),
    }

    def clean(self, value):
        typed = ["" if part is None else str(part).strip() for part in value or ["", "", ""]]
        if not any(typed):
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        moment = self._date(*self._numbers(typed))
        self.run_validators(moment)
        return moment

    def has_changed(self, initial, data) -> bool:
        # Django makes an instance of the class that `widget` names, which the type does not say.
        before = self.widget.decompress(initial)  # type: ignore[call-arg]
        after = ["" if part is None else str(part).strip() for part in data or ["", "", ""]]
        return [part.lstrip("0") for part in before] != [part.lstrip("0") for part in after]

    def _numbers(self, typed: list[str]) -> list[int]:
        missing = [
            str(PART_WORDS[part]) for part, text in zip(PARTS, typed, strict=True) if not text
        ]
        if missing:
            raise self._refused("missing", missing=_(" and ").join(missing))
        for part, text in zip(PARTS, typed, strict=True):
            if not (text.isdecimal() and len(text) <= 4):
                raise self._refused("number", part=PART_NAMES[part], typed=text)
        return [int(text) for text in typed]

    def _date(self, day: int, month: int, year: int) -> datetime.date:
        if not 1 <= month <= 12:
            raise self._refused("month", month=month)
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise self._refused("year", year=year)
        try:
            return datetime.date(year, month, day)
        except ValueError:
            raise self._refused("day", day=day, month=month, year=year) from None

    def _refused(self, code: str, **params) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params=params)
