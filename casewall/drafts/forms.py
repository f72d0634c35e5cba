"""How a page takes part: one line fills its form from the draft, one line ends the draft.

    restore(request, form, "note", of=case, title="Case note")     # before the form is looked at
    forget(form)                                                   # once it has been saved

The template adds `{{ form.draft.attributes }}` inside its `<form>` tag and, above it,
`{% include "pages/parts/draft.html" with draft=form.draft %}`. Without a script, and on a site
that keeps no drafts, the form works as before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django import forms
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from casewall.audit.actions import record
from casewall.drafts.actions import Place, own_drafts, throw_away
from casewall.drafts.models import DraftRecord, drafts_of
from casewall.drafts.rules import Fields
from casewall.wall.sides import Viewer

_SIGNER = Signer(salt="casewall.drafts")
NEVER = (forms.PasswordInput, forms.FileInput)
"""Boxes whose content never goes into a draft."""


@dataclass(slots=True)
class DraftOfForm:
    """What a page needs to know about the draft of one of its forms.

    `names` are the boxes that go into it, `unread` those of them that nobody types into. `found`
    says that the form was filled from it; `older` holds what other tabs had typed, as
    (moment, rows of label and text).
    """

    place: Place
    names: tuple[str, ...]
    unread: tuple[str, ...]
    viewer: Viewer
    version: int = 0
    unsaved: bool = False
    found: bool = False
    saved_at: datetime | None = None
    older: list[tuple[datetime, list[tuple[str, str]]]] = field(default_factory=list)

    @property
    def token(self) -> str:
        """Place and names of the boxes, signed for this worker: a browser cannot make one up."""
        return _SIGNER.sign_object(
            {
                "key": str(self.place.key),
                "compartment": self.place.compartment,
                "page": self.place.page,
                "title": self.place.title,
                "thing": self.place.thing,
                "names": self.names,
                "unread": self.unread,
                "worker": str(self.viewer.worker),
            }
        )

    @property
    def attributes(self) -> SafeString:
        """What the script needs, as attributes of the `<form>`; begins with a space."""
        pairs = {
            "": self.token,
            "-url": reverse("draft_save"),
            "-version": self.version,
            "-unsaved": "yes" if self.unsaved else "",
            "-saved": _("Draft saved %time%."),
            "-away": _(
                "The draft could not be saved: there is no connection. What you typed is "
                "still on this page, and it is tried again."
            ),
            "-out": _(
                "The draft could not be saved: you are signed out. Sign in again in another "
                "tab; what you typed is still on this page."
            ),
            "-long": _("The text is too long for a draft. Save it before you leave this page."),
        }
        return format_html_join("", ' data-casewall-draft{}="{}"', pairs.items())


def restore(request: HttpRequest, form: Any, name: str, *, of: Any, title: str) -> None:
    """Fill a form that is shown afresh from the worker's draft of it, and let it be kept.

    `name` is the form, `of` the saved record that it belongs to (drafts lie in its compartment),
    `title` what the worker reads in the list of drafts. Puts a `DraftOfForm` on `form.draft`.
    A form that was sent keeps what was sent.
    """
    restore_all(request, [(form, name, of, title)])


def restore_all(request: HttpRequest, wanted: Iterable[tuple[Any, str, Any, str]]) -> None:
    """The same for several forms of one page, in one query: (form, name, of, title) of each."""
    viewer: Viewer = request.viewer
    if drafts_of(viewer.side) is None:
        return
    listed = list(wanted)
    for form, name, of, title in listed:
        thing = f"{of._meta.label_lower}:{of.pk}"
        place = Place(draft_key(of.pk, name), of.compartment, request.path, title, thing)
        form.draft = DraftOfForm(
            place, tuple(_names(form)), _unread(form), viewer, unsaved=form.is_bound
        )
    keys = [form.draft.place.key for form, *_rest in listed]
    found = {draft.key: draft for draft in own_drafts(viewer).filter(key__in=keys)}
    for form, *_rest in listed:
        if form.draft.place.key in found:
            _fill(form, found[form.draft.place.key], viewer)


def draft_key(record: UUID, name: str) -> UUID:
    """The key of the draft of a form of a record."""
    return uuid5(record, f"draft of {name}")


def forget(form: Any) -> None:
    """End the draft of a form that has been saved for good."""
    draft: DraftOfForm | None = getattr(form, "draft", None)
    if draft is not None:
        throw_away(key=draft.place.key, by=draft.viewer)


def place_of(token: str, viewer: Viewer) -> tuple[Place, frozenset[str], frozenset[str]]:
    """Place, boxes and unread boxes of a token. Raises `ValueError` for a token of another."""
    try:
        said = _SIGNER.unsign_object(token)
    except BadSignature as wrong:
        raise ValueError("This is not the token of a draft.") from wrong
    if said["worker"] != str(viewer.worker):
        raise ValueError("This draft belongs to another account.")
    place = Place(
        UUID(said["key"]), said["compartment"], said["page"], said["title"], said.get("thing", "")
    )
    return place, frozenset(said["names"]), frozenset(said["unread"])


def _names(form: Any) -> Iterator[str]:
    for name, box in form.fields.items():
        yield from _names_of(form.add_prefix(name), box.widget)


def _unread(form: Any) -> tuple[str, ...]:
    return tuple(form.add_prefix(name) for name, box in form.fields.items() if box.widget.is_hidden)


def _names_of(name: str, widget: Any) -> Iterator[str]:
    if isinstance(widget, forms.MultiWidget):
        for ending, inner in zip(widget.widgets_names, widget.widgets, strict=True):
            yield from _names_of(name + ending, inner)
    elif not isinstance(widget, NEVER):
        yield name


def _fill(form: Any, stored: DraftRecord, viewer: Viewer) -> None:
    form.draft.version = stored.version
    if form.is_bound:
        return
    written = stored.written
    typed = _as_sent(written.fields)
    for name, box in form.fields.items():
        place = form.add_prefix(name)
        if not box.widget.value_omitted_from_data(typed, MultiValueDict(), place):
            form.initial[name] = box.widget.value_from_datadict(typed, MultiValueDict(), place)
    form.draft.found, form.draft.saved_at = True, stored.saved_at
    form.draft.older = [
        (datetime.fromisoformat(one.at), _readable(form, one.fields)) for one in written.older
    ]
    record(by=viewer, verb="read", thing=stored)


def _as_sent(fields: Fields) -> MultiValueDict[str, str]:
    sent: MultiValueDict[str, str] = MultiValueDict()
    for name, value in fields:
        sent.appendlist(name, value)
    return sent


def _readable(form: Any, fields: Fields) -> list[tuple[str, str]]:
    """What was typed or chosen, as label and text; hidden and empty boxes are left out."""
    typed = _as_sent(fields)
    rows = []
    for name, box in form.fields.items():
        if box.widget.is_hidden:
            continue
        value = box.widget.value_from_datadict(typed, MultiValueDict(), form.add_prefix(name))
        parts = value if isinstance(value, (list, tuple)) else [value]
        chosen = dict(getattr(box, "choices", ()))
        text = " ".join(str(chosen.get(part, part)) for part in parts if part not in (None, ""))
        if text:
            rows.append((str(box.label or name), text))
    return rows
