"""What a draft holds, and what becomes of it when two tabs write the same one."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

KEPT_FOR = timedelta(days=30)
"""How long a draft is kept after the last change. Default of ours."""
LONGEST = 400_000
"""Characters that one draft may hold, all its boxes together. Default of ours."""
SHORT = 20
"""Characters up to which a text of another tab must be the same to count as still there."""
OLDER_KEPT = 5
"""How many texts of other tabs are kept beside the newest. Default of ours."""

Fields = tuple[tuple[str, str], ...]
"""Names and values of a form's boxes, in the order of the form; a name may come twice."""


@dataclass(frozen=True, slots=True)
class Older:
    """What another tab had typed into the same form; `at` is an ISO moment."""

    at: str
    fields: Fields


@dataclass(frozen=True, slots=True)
class Written:
    """The content of a draft.

    `page` is the address of the form, `title` what it is about, `at` the ISO moment of the last
    save, `unread` names the boxes that nobody types into, `tab` is the random name of the tab that
    saved last and `turn` the number of that save within the tab. `thing` names the record that the
    form belongs to (“programme_cases.case:<identifier>”).
    """

    title: str
    page: str
    fields: Fields
    at: str
    unread: tuple[str, ...] = ()
    tab: str = ""
    turn: int = 0
    older: tuple[Older, ...] = ()
    thing: str = ""

    def as_json(self) -> dict[str, Any]:
        """The content as it is encrypted and stored."""
        return {
            "title": self.title,
            "page": self.page,
            "fields": [list(pair) for pair in self.fields],
            "at": self.at,
            "unread": list(self.unread),
            "tab": self.tab,
            "turn": self.turn,
            "thing": self.thing,
            "older": [
                {"at": one.at, "fields": [list(p) for p in one.fields]} for one in self.older
            ],
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Written:
        """The content as it was stored."""
        older = tuple(Older(one["at"], pairs_of(one["fields"])) for one in stored["older"])
        return cls(
            title=stored["title"],
            page=stored["page"],
            fields=pairs_of(stored["fields"]),
            at=stored["at"],
            unread=tuple(stored["unread"]),
            tab=stored["tab"],
            turn=stored["turn"],
            older=older,
            thing=stored.get("thing", ""),
        )


def pairs_of(listed: Any) -> Fields:
    """Names and values from lists of two texts. Raises `ValueError` for anything else."""
    if not isinstance(listed, list):
        raise ValueError("The boxes of a form come as a list.")
    for pair in listed:
        if not isinstance(pair, list) or [type(part) for part in pair] != [str, str]:
            raise ValueError("Each box of a form comes as its name and its text.")
    return tuple((name, value) for name, value in listed)


def only_named(fields: Iterable[tuple[str, str]], names: Collection[str]) -> Fields:
    """The boxes that the form itself has named: no password, no file, no token of the page."""
    return tuple((name, value) for name, value in fields if name in names)


def length_of(fields: Fields) -> int:
    """Characters of all names and values."""
    return sum(len(name) + len(value) for name, value in fields)


def is_within(older: Fields, newer: Fields, unread: Collection[str] = ()) -> bool:
    """Whether everything typed in `older` still stands in the same box of `newer`.

    A short text must be the same, a longer one may have grown. `unread` names boxes that nobody
    types into.
    """
    there: dict[str, list[str]] = {}
    for name, value in newer:
        there.setdefault(name, []).append(value)
    return all(
        any(
            value == now or (len(value) > SHORT and value.strip() in now)
            for now in there.get(name, [])
        )
        for name, value in older
        if value and name not in unread
    )


def written_over(stored: Written | None, new: Written, *, seen: bool) -> Written | None:
    """The content after a save, or None where a later save of the same tab came first.

    `seen` is whether the tab had seen the stored content. Where another tab wrote it unseen, the
    newer text wins and the older one is kept beside it, newest first, unless all of it stands in
    the newer text.
    """
    if stored is None:
        return new
    if stored.tab == new.tab and new.turn <= stored.turn:
        return None
    older = stored.older
    if stored.tab != new.tab and not seen:
        older = (Older(stored.at, stored.fields), *older)
    kept = [one for one in older if not is_within(one.fields, new.fields, new.unread)]
    return replace(new, older=tuple(kept[:OLDER_KEPT]))
