"""What the records of a case already say of each part of an assessment, each with its source.

Nothing is asked twice: an assessment begins with what is on file. A partner is no source here,
and what a disclosure brought is not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from casewall.programme.cases.history import stated_by_words
from casewall.programme.cases.models import Case
from casewall.programme.incidents.models import Incident, Proceeding
from casewall.programme.incidents.rules import Form, Kind, Sign
from casewall.programme.incidents.rules import Source as ToldBy
from casewall.programme.incidents.shown import newest, severity_words, when_words
from casewall.programme.incidents.words import listed, split
from casewall.programme.incidents.words import words_of as incident_words
from casewall.programme.needs.models import DeclaredChild, FamilyStatement, Need, ViolenceHistory
from casewall.programme.needs.rules import (
    Declared,
    NeedKind,
    Of,
    Since,
    Violence,
    in_words,
)
from casewall.programme.needs.rules import Level as NeedLevel
from casewall.programme.needs.words import words_of as need_words
from casewall.programme.risk.models import RiskEvidence
from casewall.programme.risk.rules import Factor, How, Rated, Rating, Section, Source
from casewall.programme.risk.words import FACTOR_WORDS, HOW_WORDS, SOURCE_WORDS, section_of
from casewall.wall.sides import Viewer

FROM_SIGN: dict[Sign, Factor] = {
    Sign.STRANGULATION: Factor.STRANGULATION,
    Sign.WEAPON: Factor.WEAPON,
    Sign.THREAT_TO_KILL: Factor.THREAT_TO_KILL,
    Sign.CHILD_HURT: Factor.CHILD_HURT,
}
FROM_FORM: dict[Form, Factor] = {
    Form.PHYSICAL: Factor.PHYSICAL,
    Form.SEXUAL: Factor.SEXUAL,
    Form.PSYCHOLOGICAL: Factor.CONTROL,
    Form.CONTROL: Factor.CONTROL,
    Form.STALKING: Factor.STALKING,
}
FROM_HISTORY: dict[Violence, Factor] = {
    Violence.PHYSICAL: Factor.PHYSICAL,
    Violence.SEXUAL: Factor.SEXUAL,
    Violence.CONTROL: Factor.CONTROL,
    Violence.STALKING: Factor.STALKING,
    Violence.OF_CHILDREN: Factor.CHILD_HURT,
}
FROM_NEED: dict[NeedKind, Factor] = {
    NeedKind.ALCOHOL: Factor.ALCOHOL,
    NeedKind.DRUGS: Factor.DRUGS,
    NeedKind.MENTAL_HEALTH: Factor.MENTAL_HEALTH,
}
OF_STRAIN = (NeedKind.HOUSING, NeedKind.WORK, NeedKind.DEBTS, NeedKind.RESIDENCE)
CONTACT_PROCEEDINGS = (Kind.FAMILY_COURT,)

Line = tuple[str, str]
"""What is on record, and who says so since when."""


@dataclass(slots=True)
class Known:
    """What is on record for each part, and the ratings that it suggests."""

    lines: dict[Section, list[Line]] = field(default_factory=lambda: {s: [] for s in Section})
    ratings: dict[Factor, Rated] = field(default_factory=dict)

    def suggest(self, factor: Factor, because: str, rating: Rating = Rating.PRESENT) -> None:
        """Suggest a rating: the first reason stands, and *present* goes before *possible*."""
        now = self.ratings.get(factor)
        if now is None or (rating is Rating.PRESENT and now.rating is Rating.POSSIBLE):
            self.ratings[factor] = Rated(rating, because)

    def text(self, section: Section) -> str:
        """The lines of a part as a text to begin with."""
        return "\n".join(f"{what} ({source})" for what, source in self.lines[section])


def known_of(case: Case, viewer: Viewer) -> Known:
    """What the records say: seven queries, however many records there are."""
    found = Known()
    _incidents(found, newest(_of(Incident, case, viewer).filter(taken_back=False)))
    _history(found, _of(ViolenceHistory, case, viewer).order_by("-stated_on", "-recorded_at"))
    _proceedings(found, _of(Proceeding, case, viewer).order_by("-began_on", "id"))
    _needs(found, _of(Need, case, viewer).order_by("-stated_on", "-recorded_at"))
    _family(found, _of(FamilyStatement, case, viewer).order_by("-stated_on", "-version"))
    _children(found, _of(DeclaredChild, case, viewer).order_by("stated_on", "id"))
    _evidence(found, _of(RiskEvidence, case, viewer).order_by("held_on", "recorded_at"))
    return found


def _of(model: Any, case: Case, viewer: Viewer) -> Any:
    return model.objects.visible_to(viewer).filter(case=case)


def _incidents(found: Known, rows: Iterable[Incident]) -> None:
    for row in rows:
        source = f"{incident_words(ToldBy, row.source)}, told on {row.told_on:%-d %B %Y}"
        said = [f"Incident, {when_words(row)}: {listed(Form, row.forms).lower()}"]
        if row.signs:
            said.append(listed(Sign, row.signs).lower())
        said.append(severity_words(row))
        found.lines[Section.VIOLENCE].append(("; ".join(said), source))
        because = f"Incident, {when_words(row)} ({source})"
        for factor in _meant(row):
            found.suggest(factor, because)


def _meant(row: Incident) -> Iterator[Factor]:
    for code in split(row.signs):
        yield FROM_SIGN[Sign(code)]
    for code in split(row.forms):
        if Form(code) in FROM_FORM:
            yield FROM_FORM[Form(code)]


def _history(found: Known, rows: Iterable[ViolenceHistory]) -> None:
    for row in list(rows)[:1]:
        source = _stated(row)
        kinds = [Violence(code) for code in row.kinds.split(",") if code]
        if kinds:
            said = ", ".join(need_words(Violence, one).lower() for one in kinds)
            found.lines[Section.VIOLENCE].append((f"History of violence: {said}", source))
        if row.since != Since.NOT_SAID:
            lasted = need_words(Since, row.since).lower()
            found.lines[Section.VIOLENCE].append((f"It has gone on for {lasted}", source))
        for flag, what in ((row.earlier_partners, "Violence towards earlier partners"),
                           (row.convicted, "Convicted of violence")):
            if flag is not None:
                found.lines[Section.VIOLENCE].append((f"{what}: {'yes' if flag else 'no'}",
                                                      source))
        for kind in kinds:
            if kind in FROM_HISTORY:
                found.suggest(FROM_HISTORY[kind], f"History of violence ({source})")


def _proceedings(found: Known, rows: Iterable[Proceeding]) -> None:
    for row in rows:
        source = f"{incident_words(ToldBy, row.source)}, told on {row.stated_on:%-d %B %Y}"
        section = Section.CHILDREN if row.kind in CONTACT_PROCEEDINGS else Section.VIOLENCE
        what = incident_words(Kind, row.kind)
        found.lines[section].append((f"{what} since {row.began_on:%-d %B %Y}", source))
        if row.kind in CONTACT_PROCEEDINGS:
            found.suggest(Factor.CONTACT_DISPUTE, f"{what} ({source})", Rating.POSSIBLE)


def _needs(found: Known, rows: Iterable[Need]) -> None:
    newest_of: dict[str, Need] = {}
    for row in rows:
        newest_of.setdefault(row.kind, row)
    for code, row in newest_of.items():
        kind = NeedKind(code)
        strains = kind in OF_STRAIN
        if row.level not in (NeedLevel.SOME, NeedLevel.SERIOUS) or (
            not strains and kind not in FROM_NEED
        ):
            continue
        said = f"Need of help, {need_words(NeedKind, code).lower()}: {row.level}"
        found.lines[Section.SUBSTANCES].append((said, _stated(row)))
        rating = Rating.PRESENT if row.level == NeedLevel.SERIOUS else Rating.POSSIBLE
        factor = Factor.STRAIN if strains else FROM_NEED[kind]
        found.suggest(factor, f"{said} ({_stated(row)})", rating)


def _family(found: Known, rows: Iterable[FamilyStatement]) -> None:
    for row in [one for one in rows if one.of == Of.CHILDREN][:1]:
        number = in_words(Declared(row.answer), row.number)
        found.lines[Section.CHILDREN].append((f"Children, as stated: {number}", _stated(row)))


def _children(found: Known, rows: Iterable[DeclaredChild]) -> None:
    """Named children are counted, not named: a report names no child."""
    named = list(rows)
    sees = len([row for row in named if row.sees_client])
    if named:
        found.lines[Section.CHILDREN].append((
            f"{len(named)} named; the client sees {sees} of them", _stated(named[-1])))


def _evidence(found: Known, rows: Iterable[RiskEvidence]) -> None:
    for row in rows:
        how = HOW_WORDS[How(row.how)].split(" ")[-1]
        source = f"{SOURCE_WORDS[Source(row.source)]}, {how}, {row.held_on:%-d %B %Y}"
        for code in split(row.signs):
            factor = Factor(code)
            found.lines[section_of(factor)].append((f"Sign of danger: {FACTOR_WORDS[factor]}",
                                                    source))
            found.suggest(factor, source)


def _stated(row: Any) -> str:
    who = stated_by_words(row.stated_by)
    return f"{who[:1].upper()}{who[1:]}, {row.stated_on:%-d %B %Y}"
