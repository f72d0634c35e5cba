"""The components that pages are made of. Every value is escaped by the templates."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import template
from django.forms import BoundField, Field
from django.forms.forms import BaseForm
from django.template import RequestContext
from django.template.defaultfilters import date as in_words
from django.utils.safestring import SafeString
from django.utils.timezone import template_localtime  # type: ignore[attr-defined]
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from casewall.pages import figures as figure_words
from casewall.pages.charts import Drawing

register = template.Library()

COLOURS = ("grey", "green", "teal", "blue", "purple", "pink", "red", "orange", "yellow")
# The colours that carry a judgement carry a sign as well.
SIGNS = {"red": "!", "orange": "▲", "green": "✓"}
NOTICES = {
    "info": gettext_lazy("Note"),
    "success": gettext_lazy("Done"),
    "warning": gettext_lazy("Warning"),
    "error": gettext_lazy("Problem"),
}
KINDS = ("text", "number", "date", "tag")
DATE_FORMAT = "j F Y"
MOMENT_FORMAT = "j F Y, H:i"


class WrongUse(template.TemplateSyntaxError):
    """A component was given something that it cannot show; the sentence says what it takes."""


@register.inclusion_tag("pages/parts/tag.html")
def tag(text: Any, colour: str = "grey") -> dict:
    """A status word in a coloured box, never empty: the word carries the meaning."""
    return {"word": tag_of((text, colour))}


@register.inclusion_tag("pages/parts/identity.html")
def identity(
    name: str,
    reference: str = "",
    facts: Iterable = (),
    flags: Iterable = (),
    dates: Iterable = (),
    actions: Iterable = (),
) -> dict:
    """Header of a case page: who this is, flags in words, the dates that matter."""
    return {
        "name": name,
        "reference": reference,
        "facts": list(facts),
        "flags": [tag_of(flag) for flag in flags],
        "dates": list(dates),
        "actions": list(actions),
    }


@register.inclusion_tag("pages/parts/sub_navigation.html")
def sub_navigation(items: Iterable[Mapping], label: str = "") -> dict:
    return {"items": list(items), "label": label or _("Sections")}


@register.inclusion_tag("pages/parts/timeline.html")
def timeline(entries: Iterable[Mapping], level: int = 3) -> dict:
    """What happened, newest first. A day without a time counts as its first minute."""
    shown = [
        {
            "title": entry["title"],
            "when": entry["when"],
            "format": MOMENT_FORMAT
            if isinstance(entry["when"], datetime.datetime)
            else DATE_FORMAT,
            "by": entry.get("by", ""),
            "text": entry.get("text", ""),
            "label": tag_of(entry["label"]) if entry.get("label") else None,
            "url": entry.get("url", ""),
        }
        for entry in sorted(entries, key=lambda entry: _minute(entry["when"]), reverse=True)
    ]
    return {"entries": shown, "level": level}


@register.inclusion_tag("pages/parts/summary_list.html")
def summary_list(rows: Iterable[Sequence]) -> dict:
    """Rows of (label, value) or (label, value, action, url). None is said as "not recorded"."""
    shown = []
    for row in rows:
        if len(row) not in (2, 4):
            raise WrongUse("a row is (label, value) or (label, value, action, url)")
        action, url = row[2:] if len(row) == 4 else ("", "")
        shown.append({"label": row[0], "value": worded(row[1]), "action": action, "url": url})
    return {"rows": shown, "has_actions": any(row["url"] for row in shown)}


@register.inclusion_tag("pages/parts/task_list.html")
def task_list(tasks: Iterable[Mapping], today: datetime.date) -> dict:
    """Who needs me, the earliest first. The day is passed in: pages own no clock."""
    shown = [
        {
            "due": task["due"],
            "due_words": due_in_words(task["due"], today),
            "late": task["due"] < today,
            "what": task["what"],
            "who": task.get("who", ""),
            "url": task.get("url", ""),
            "note": task.get("note", ""),
            "tag": tag_of(task["tag"]) if task.get("tag") else None,
        }
        for task in sorted(tasks, key=lambda task: task["due"])
    ]
    return {"tasks": shown}


@register.inclusion_tag("pages/parts/case_table.html")
def case_table(caption: str, columns: Sequence, rows: Iterable[Mapping], empty: str = "") -> dict:
    """A table which turns into cards on a narrow screen. Every row has as many cells as columns."""
    heads = [_head(column) for column in columns]
    shown = []
    for row in rows:
        if len(row["cells"]) != len(heads):
            raise WrongUse(f"{len(row['cells'])} cells in a table of {len(heads)} columns")
        cells = [_cell(value, head) for value, head in zip(row["cells"], heads, strict=True)]
        shown.append({"cells": cells, "url": row.get("url", "")})
    return {
        "caption": caption,
        "heads": heads,
        "rows": shown,
        "empty": empty or _("Nothing to show."),
    }


@register.inclusion_tag("pages/parts/next_previous.html")
def next_previous(previous: str | None = None, next: str | None = None, shown: str = "") -> dict:
    """Links to the neighbouring pages of a list; an address of None leaves its link out."""
    return {"previous": previous, "next": next, "shown": shown}


@register.inclusion_tag("pages/parts/interruption.html", takes_context=True)
def interruption(
    context: RequestContext,
    heading: str,
    points: Iterable[str],
    action: str,
    confirm: str,
    cancel: str,
    hidden: Iterable[tuple[str, str]] = (),
    level: int = 1,
) -> dict:
    """Stands before a risky step: says what will happen, and posts to `action` when confirmed."""
    return {
        "heading": heading,
        "points": list(points),
        "action": action,
        "confirm": confirm,
        "cancel": cancel,
        "hidden": list(hidden),
        "level": level,
        "csrf_token": context.get("csrf_token", ""),
    }


@register.inclusion_tag("pages/parts/empty_state.html")
def empty_state(heading: str, text: str = "", url: str = "", action: str = "") -> dict:
    return {"heading": heading, "text": text, "url": url, "action": action}


@register.inclusion_tag("pages/parts/filter_panel.html", takes_context=True)
def filter_panel(
    context: RequestContext,
    form: BaseForm,
    chosen: Iterable = (),
    clear: str = "",
    label: str = "",
    live: bool = False,
) -> dict:
    """A GET form over a list, and what is chosen as links that take it away again.

    `live`: a choice shows its list at once, without the button. Only for filters whose values
    are codes, since they stand in the address.
    """
    return {
        "live_url": context["request"].path if live and "request" in context else "",
        "form": form,
        "chosen": list(chosen),
        "clear": clear,
        "label": label or _("Filter this list"),
    }


@register.inclusion_tag("pages/parts/search_box.html", takes_context=True)
def search_box(
    context: RequestContext,
    url: str,
    value: str = "",
    label: str = "",
    page: bool = True,
    live: bool = False,
) -> dict:
    """`page` is False for the narrow one in the header.

    `live`: the box asks again whenever typing pauses, and puts the answer in place of the element
    `found`. What is typed is posted, so that no name stands in an address: the view takes a POST.
    """
    return {
        "token": context.get("csrf_token", "") if live else "",
        "url": url,
        "value": value,
        "label": label or _("Search by name, phone or date of birth"),
        "page": page,
        "id": "search" if page else "search-everywhere",
    }


@register.inclusion_tag("pages/parts/notice.html")
def notice(text: Any, kind: str = "info", heading: str = "") -> dict:
    if kind not in NOTICES:
        raise WrongUse(f"a notice is one of {', '.join(NOTICES)}, not {kind!r}")
    return {"text": text, "kind": kind, "heading": heading or NOTICES[kind]}


@register.inclusion_tag("pages/parts/as_of.html")
def as_of(moment: datetime.datetime | None, source: str = "") -> dict:
    """When a fact was copied from the other side, and who recorded it there."""
    return {"moment": moment, "source": source, "format": MOMENT_FORMAT}


@register.inclusion_tag("pages/parts/register.html", name="register")
def attendance_register(
    people: Iterable[Mapping], outcomes: Iterable[tuple], name: str = "outcome"
) -> dict:
    """One row of choices per person, posted as `<name>-<key>`. The first outcome is the usual one:
    the button gives it to everybody who is not marked.
    """
    choices = list(outcomes)
    if not choices:
        raise WrongUse("a register needs at least one outcome")
    return {
        "people": [
            {
                "field": f"{name}-{person['key']}",
                "name": person["name"],
                "value": person.get("value", ""),
                "note": person.get("note", ""),
                "error": person.get("error", ""),
                "url": person.get("url", ""),
            }
            for person in people
        ],
        "outcomes": choices,
        "usual": choices[0],
    }


@register.inclusion_tag("pages/parts/chart.html")
def chart(drawing: Drawing, open: bool = False) -> dict:
    """A chart with the table of its numbers."""
    return {"drawing": drawing, "open": open}


@register.inclusion_tag("pages/parts/figures.html")
def figures(rows: Iterable[Mapping], caption: str) -> dict:
    """Figures as DESIGN's JSON describes them, each with its denominator and interval."""
    return {**figure_words.table(rows), "caption": caption}


@register.inclusion_tag("pages/parts/exit_this_page.html")
def exit_this_page() -> dict:
    return {}


@register.inclusion_tag("pages/parts/back_link.html")
def back_link(url: str, text: str = "") -> dict:
    return {"url": url, "text": text or _("Back")}


@register.inclusion_tag("gds/error_summary.html")
def error_summary(form: BaseForm | None) -> dict:
    """What has to be put right, each sentence a link to its box."""
    if form is None or not form.errors:
        return {"problems": []}
    problems = [{"text": text, "target": ""} for text in form.non_field_errors()]
    for bound in form:
        target = "" if bound.is_hidden else first_box(bound)
        problems += [{"text": text, "target": target} for text in error_texts(bound, True)]
    return {"problems": problems}


@register.simple_tag
def field(bound: BoundField, heading: bool = False) -> SafeString:
    """One field with its label, hint and error; `heading` makes the label the page's h1."""
    return bound.render(
        bound.form.renderer.field_template_name, {"field": bound, "heading": heading}
    )


@register.filter
def first_box(bound: BoundField) -> str:
    """The id of the first control of a field, which a link in the error summary leads to."""
    kind = bound.widget_type
    if kind in ("radioselect", "checkboxselectmultiple") and bound.auto_id:
        return f"{bound.auto_id}_0"
    return bound.id_for_label or bound.auto_id


@register.filter
def message_kind(message: Any) -> str:
    """The kind of notice for one of Django's messages; what it has no word for is a note."""
    kind = getattr(message, "level_tag", "")
    return kind if kind in NOTICES else "info"


@register.filter
def error_texts(bound: BoundField, named: bool = False) -> list[str]:
    """The sentences about one field. "This field is required" names no field, so ours replaces
    it; `named` puts the label before any other sentence, for the summary above the form.
    """
    texts = []
    for problem in bound.errors.as_data():
        for text in problem.messages:
            if problem.code == "required" and text == str(Field.default_error_messages["required"]):
                texts.append(_missing(bound))
            else:
                texts.append(f"{bound.label}: {text}" if named else text)
    return texts


def tag_of(word: Sequence | str) -> dict:
    """(text, colour) or a text alone as what `parts/tag.html` shows.

    Raises WrongUse for an empty text (colour would be the only sign) or an unknown colour.
    """
    alone = isinstance(word, str) or len(word) != 2
    text, colour = (word, "grey") if alone else tuple(word)
    if not str(text).strip():
        raise WrongUse("a tag needs a word: colour alone says nothing to many people")
    if colour not in COLOURS:
        raise WrongUse(f"a tag's colour is one of {', '.join(COLOURS)}, not {colour!r}")
    return {"text": text, "colour": colour, "sign": SIGNS.get(colour, "")}


@register.filter
def worded(value: Any) -> Any:
    """A value as people read it: no date in figures, no empty place without a word."""
    if value is None or value == "":
        return _("not recorded")
    if isinstance(value, datetime.datetime):
        return in_words(template_localtime(value), MOMENT_FORMAT)
    if isinstance(value, datetime.date):
        return in_words(value, DATE_FORMAT)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return value


def due_in_words(due: datetime.date, today: datetime.date) -> str:
    days = (due - today).days
    if days < 0:
        return ngettext("%(days)s day late", "%(days)s days late", -days) % {"days": -days}
    if days == 0:
        return _("Today")
    if days == 1:
        return _("Tomorrow")
    return ngettext("In %(days)s day", "In %(days)s days", days) % {"days": days}


def _missing(bound: BoundField) -> str:
    match bound.widget_type:
        case "checkbox":
            sentence = _("“%(label)s” has to be ticked.")
        case "select" | "radioselect" | "selectmultiple" | "checkboxselectmultiple":
            sentence = _("Choose an answer for “%(label)s”.")
        case "file" | "clearablefile":
            sentence = _("Choose a file for “%(label)s”.")
        case _other:
            sentence = _("“%(label)s” is empty.")
    return sentence % {"label": bound.label}


def _head(column: str | tuple) -> dict:
    if isinstance(column, tuple):
        label, kind = column
    else:
        label, kind = column, "text"
    if kind not in KINDS:
        raise WrongUse(f"a column is one of {', '.join(KINDS)}, not {kind!r}")
    return {"label": label, "kind": kind}


def _cell(value: Any, head: dict) -> dict:
    is_tag = head["kind"] == "tag" and value not in (None, "")
    return {
        "label": head["label"],
        "kind": head["kind"],
        "tag": tag_of(value) if is_tag else None,
        "text": "" if is_tag else worded(value),
    }


def _minute(when: datetime.date | datetime.datetime) -> tuple[str, str]:
    # A day, an aware and a naive moment cannot be compared; their local text can.
    if isinstance(when, datetime.datetime):
        local = template_localtime(when)
        return local.date().isoformat(), local.time().isoformat("microseconds")
    return when.isoformat(), ""
