"""One row of a referral file: checked cell by cell, and split into the parts it is made of.

Pure. A row may name a client (referred as having used violence), a partner, or both. What is
wrong with a party's own cells keeps back that party only. So the client's part, the one thing here
that goes down to the programme side, stands or falls by the client's own cells and by those of the
referral as such, never by what is written about the partner.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from casewall.vault.names import birth_key, phone_key, tokens

from .dates import Ambiguous, Order, UnreadableDate, parse_birth_date, parse_date, settle_order
from .fields import (
    FIELDS,
    NOT_NEEDED,
    PASSED_ROUTES,
    ROUTES_WITH_AGENCY,
    Belongs,
    Field,
    Form,
    answer,
)
from .parts import (
    Checked,
    Circumstances,
    ClientPart,
    IntakeSettings,
    Level,
    PartnerPart,
    Person,
    Problem,
)
from .table import Cell, Row, column_letter

__all__ = [
    "FIELDS",
    "MAX_CHILDREN",
    "Checked",
    "Circumstances",
    "ClientPart",
    "IntakeSettings",
    "Level",
    "PartnerPart",
    "Person",
    "Problem",
    "SeenPeople",
    "check_row",
    "check_rows",
    "client_slots",
    "date_orders",
    "fingerprint",
]

MAX_CHILDREN = 30
_EMAIL = re.compile(r"[^\s@<>,;\"]{1,64}@[^\s@<>,;\"]{1,190}")
_NOTHING = frozenset({"-", "--", "–", "—"})  # what people type for "nothing here"

_DATES = tuple(key for key, field in FIELDS.items() if field.form in (Form.DATE, Form.BIRTH_DATE))
_ALLOWED_WORDS = {
    Form.SEX: "female, male, other or unknown",
    Form.ANSWER: "yes, no or unknown",
    Form.RELATION: "current, former or unknown",
    Form.ROUTE: "one of: " + ", ".join(PASSED_ROUTES).replace("_", " ") + ", partner or family",
}


class _Unfit(ValueError):
    """The cell does not fit its field."""


# --- one cell ----------------------------------------------------------------------------


def _read_line(text: str) -> str:
    return " ".join(text.split())


def _read_phone(text: str, settings: IntakeSettings) -> str:
    phone = phone_key(text, settings.phone_prefix)
    if not phone:
        raise _Unfit(f"{_short(text)} is not one phone number of 6 to 15 digits")
    return phone


def _read_email(text: str) -> str:
    if not _EMAIL.fullmatch(text):
        raise _Unfit(f"{_short(text)} is not an e-mail address")
    return text


def _read_date(text: str, key: str, settings: IntakeSettings, today: date) -> date:
    day = parse_date(text, order=settings.order_of(key))
    if day > today:
        raise _Unfit(f"{_short(text)} is in the future")
    return day


def _read_answer(text: str, form: Form) -> str:
    value = answer(form, text)
    if value is None:
        raise _Unfit(f"{_short(text)} is not an answer here; write {_ALLOWED_WORDS[form]}")
    return value


def _read_count(text: str) -> int | str:
    value = answer(Form.COUNT, text)
    if value == "unknown":
        return value
    if value is None or len(value) > 3 or int(value) > MAX_CHILDREN:
        raise _Unfit(f"{_short(text)} is not a number of children; write a number or unknown")
    return int(value)


def _read(text: str, field: Field, settings: IntakeSettings, today: date) -> Any:
    """The value of a cell with content. Raises `_Unfit` or `UnreadableDate` with a sentence."""
    if len(text) > field.longest:
        raise _Unfit(f"{len(text):,} characters are too long; at most {field.longest:,} fit")
    match field.form:
        case Form.LINE:
            return _read_line(text)
        case Form.TEXT:
            return text
        case Form.PHONE:
            return _read_phone(text, settings)
        case Form.EMAIL:
            return _read_email(text)
        case Form.DATE:
            return _read_date(text, field.key, settings, today)
        case Form.BIRTH_DATE:
            return parse_birth_date(text, order=settings.order_of(field.key), today=today)
        case Form.COUNT:
            return _read_count(text)
        case form:
            return _read_answer(text, form)


def _short(text: str) -> str:
    line = _read_line(text)
    return repr(line if len(line) <= 40 else f"{line[:39]}…")


# --- one row -----------------------------------------------------------------------------


class _RowReading:
    """The cells of one row as values by field, and the problems met on the way."""

    def __init__(self, row: Row, mapping: Mapping[int, str]) -> None:
        self.row = row
        self.columns = {key: column_letter(index) for index, key in mapping.items()}
        self.field_at = {column_letter(index): FIELDS[key] for index, key in mapping.items()}
        self.problems: list[Problem] = []
        self.values: dict[str, Any] = {}

    def problem(
        self, column: str, sentence: str, belongs: Belongs, level: Level = Level.REFUSED
    ) -> None:
        where = f"Row {self.row.number}"
        if column:
            where += f", column {column}"
        if column in self.field_at:
            where += f" ({self.field_at[column].label})"
        self.problems.append(
            Problem(self.row.number, column, f"{where}: {sentence}.", level, belongs)
        )

    def wrong(self, column: str, sentence: str, field: Field) -> None:
        """A cell that cannot be read keeps back what it belongs to, where it is needed at all."""
        if field.key in NOT_NEEDED:
            self.problem(column, f"{sentence} (not read)", field.belongs, Level.WARNING)
        else:
            self.problem(column, sentence, field.belongs)

    def read_faults(self) -> None:
        """Faults that the reader found; one beyond the header concerns the row as a row."""
        known = {cell.column_letter for cell in self.row.cells}
        for column, sentence in self.row.faults:
            if column in self.field_at:
                self.wrong(column, sentence, self.field_at[column])
            elif column in known:
                self.problem(column, f"{sentence} (not read)", Belongs.ROW, Level.WARNING)
            else:
                self.problem(column, sentence, Belongs.ROW)

    def read_cells(self, settings: IntakeSettings, today: date) -> None:
        faulty = {fault.column_letter for fault in self.row.faults}
        for cell in self.row.cells:
            if cell.column_letter in faulty:
                continue
            field = self.field_at.get(cell.column_letter)
            if field is not None:
                self._read_cell(cell, field, settings, today)
            elif cell.kind == "formula":
                self.problem(cell.column_letter, "a formula (not read)", Belongs.ROW, Level.WARNING)

    def _read_cell(self, cell: Cell, field: Field, settings: IntakeSettings, today: date) -> None:
        text = cell.text.strip()
        if not text or text in _NOTHING:
            return
        if cell.kind == "formula":
            sentence = f"{_short(text)} is a formula, or begins like one; write the value itself"
        elif cell.kind == "error":
            sentence = f"the cell shows the error {_short(text)}; write the value itself"
        else:
            try:
                self.values[field.key] = _read(text, field, settings, today)
            except (_Unfit, UnreadableDate) as unfit:
                sentence = str(unfit)
            else:
                return
        self.wrong(cell.column_letter, sentence, field)

    def refused(self, *belongs: Belongs) -> bool:
        """Whether something that belongs there was refused."""
        return any(
            problem.level is Level.REFUSED and problem.belongs in belongs
            for problem in self.problems
        )

    def names(self, party: Belongs) -> bool:
        """Whether the row says anything of this party; "unknown" says nothing."""
        return any(
            key.startswith(f"{party.value}_") and value != "unknown"
            for key, value in self.values.items()
        )

    def person(self, party: Belongs) -> Person:
        prefix = f"{party.value}_"
        kept = {
            name: self.values[prefix + name]
            for name in Person.__dataclass_fields__
            if prefix + name in self.values
        }
        return Person(**kept)


def check_row(
    row: Row, mapping: Mapping[int, str], settings: IntakeSettings, today: date
) -> Checked:
    """Check one row and split it. Nothing is raised: what is wrong is in `problems`.

    `mapping` goes from a column (counted from 0) to a key of `FIELDS`. A party is kept back by
    problems of its own cells and of the referral's; the partner also by those of the
    circumstances, which are loaded with the partner.
    """
    reading = _RowReading(row, mapping)
    reading.read_faults()
    if reading.refused(Belongs.ROW):
        # The cells cannot be trusted to stand under their own headers.
        return Checked(row.number, None, None, Circumstances(), tuple(reading.problems))
    reading.read_cells(settings, today)
    _check_names(reading)
    _check_against_each_other(reading)
    shared = _shared(reading.values, settings, today)
    client = partner = None
    if reading.names(Belongs.CLIENT) and not reading.refused(Belongs.ROW, Belongs.CLIENT):
        client = ClientPart(
            reading.person(Belongs.CLIENT),
            **shared,
            text=reading.values.get("client_text", ""),
            referrer_email=reading.values.get("referrer_email", ""),
        )
    if reading.names(Belongs.PARTNER) and not reading.refused(
        Belongs.ROW, Belongs.PARTNER, Belongs.CIRCUMSTANCES
    ):
        partner = _partner_part(reading, shared)
    return Checked(
        row.number, client, partner, _circumstances(reading.values), tuple(reading.problems)
    )


def _check_names(reading: _RowReading) -> None:
    """Each party that is there has a name, and one of them is there."""
    parties = (Belongs.CLIENT, Belongs.PARTNER)
    if not any(reading.names(party) or reading.refused(party) for party in parties):
        reading.problem("", "the row names neither a client nor a partner", Belongs.ROW)
        return
    for party in parties:
        keys = (f"{party.value}_family_name", f"{party.value}_given_name")
        nameless = not any(tokens(reading.values.get(key, "")) for key in keys)
        if reading.names(party) and nameless and not reading.refused(party):
            column = next((reading.columns[key] for key in keys if key in reading.columns), "")
            sentence = f"the row tells of a {party.value} but gives no name"
            reading.problem(column, sentence, party)


def _check_against_each_other(reading: _RowReading) -> None:
    """What is only wrong because of another cell. It never keeps the client's part back."""
    values = reading.values
    client, partner = reading.person(Belongs.CLIENT), reading.person(Belongs.PARTNER)
    if client.born_on and _same_name(client, partner) and client.born_on == partner.born_on:
        sentence = "client and partner are the same person (name and date of birth)"
        reading.problem("", sentence, Belongs.PARTNER)
    for key in ("partner_phone", "partner_safe_phone", "partner_email"):
        theirs = values.get("client_email" if key == "partner_email" else "client_phone", "")
        if theirs and values.get(key, "").casefold() == theirs.casefold():
            sentence = "the client has the same one, so it is not safe to use"
            reading.problem(reading.columns[key], sentence, Belongs.PARTNER, Level.WARNING)
    own = values.get("referrer_email", "").casefold()
    for key in ("partner_email", "client_email"):
        if own and own == values.get(key, "").casefold():
            del values["referrer_email"]
            sentence = f"the same as the {FIELDS[key].label}, so it is nobody's at work (not read)"
            reading.problem(
                reading.columns["referrer_email"], sentence, Belongs.CIRCUMSTANCES, Level.WARNING
            )
            break
    incident, referral = values.get("incident_on"), values.get("referred_on")
    if incident and referral and incident > referral:
        column = reading.columns["incident_on"]
        sentence = "the incident is later than the referral"
        reading.problem(column, sentence, Belongs.CIRCUMSTANCES, Level.WARNING)


def _same_name(one: Person, other: Person) -> bool:
    return bool(_name_key(one)) and _name_key(one) == _name_key(other)


def _name_key(person: Person) -> str:
    """Tokens of the whole name in one order: family and given name are often exchanged."""
    return " ".join(sorted(tokens(f"{person.given_name} {person.family_name}")))


def _shared(values: Mapping[str, Any], settings: IntakeSettings, today: date) -> dict[str, Any]:
    stated_on = values.get("referred_on")
    return {
        "route": values.get("route", settings.route),
        "referrer_agency": values.get("referrer_agency", settings.agency),
        "received_on": stated_on or today,
        "reference": values.get("reference", ""),
        "stated_on": stated_on,
    }


def _partner_part(reading: _RowReading, shared: Mapping[str, Any]) -> PartnerPart:
    person, client = reading.person(Belongs.PARTNER), reading.person(Belongs.CLIENT)
    safe_phone = reading.values.get("partner_safe_phone", "")
    same_phone = client.phone in (person.phone, safe_phone) and client.phone
    same_email = client.email and client.email.casefold() == person.email.casefold()
    return PartnerPart(
        person,
        **shared,
        relation=reading.values.get("partner_relation", "unknown"),
        safe_phone=safe_phone,
        safe_to_call=reading.values.get("partner_safe_to_call", "unknown"),
        safe_times=reading.values.get("partner_safe_times", ""),
        shares_contact=bool(same_phone or same_email),
    )


def _circumstances(values: Mapping[str, Any]) -> Circumstances:
    return Circumstances(
        incident_on=values.get("incident_on"),
        referrer_name=values.get("referrer_name", ""),
        children=values.get("children_count"),
        known_orders=values.get("known_orders", ""),
        notes=values.get("notes", ""),
    )


# --- a whole file ------------------------------------------------------------------------


def date_orders(
    rows: Iterable[Row], mapping: Mapping[int, str]
) -> dict[str, Order | Ambiguous | None]:
    """What each date column of a file shows of its own order, by field. Reads all rows once."""
    columns = {index: key for index, key in mapping.items() if key in _DATES}
    written: dict[str, list[str]] = {key: [] for key in columns.values()}
    for row in rows:
        for index, key in columns.items():
            cell = row.cells[index]
            if cell.kind in ("text", "date"):
                written[key].append(cell.text)
    return {key: settle_order(texts) for key, texts in written.items()}


def check_rows(
    rows: Iterable[Row], mapping: Mapping[int, str], settings: IntakeSettings, today: date
) -> Iterator[Checked]:
    """Check a whole file, row by row. Goes through `rows` twice, so they must start afresh.

    The first passage settles the date orders; a file that turns out `Unreadable` half-way does so
    before the first row is given out.
    """
    settings = replace(settings, orders=date_orders(rows, mapping))
    seen = SeenPeople()
    for row in rows:
        yield seen.check(check_row(row, mapping, settings, today))


class SeenPeople:
    """Finds the same person twice in one file: same name and date of birth, or same phone.

    A party that stands in an earlier row of the same referral (equal fingerprint) is marked; where
    nothing else is in the row, the row is refused as a repetition. A row that repeats the client
    and adds a second partner keeps both: whoever loads it recognises the client by fingerprint.
    """

    def __init__(self) -> None:
        self._rows: dict[int, int] = {}

    def check(self, checked: Checked) -> Checked:
        """`checked` with a problem for each party met before; each names both rows."""
        parties = [part for part in (checked.client, checked.partner) if part is not None]
        found = [(part, *self._met(part, checked.number)) for part in parties]
        repeated = [part for part, _, how in found if how == "referral"]
        problems = list(checked.problems)
        again = bool(repeated) and len(repeated) == len(parties)
        for part, earlier, how in found:
            if how:
                problems.append(_twice(checked.number, part, earlier, how, refused=again))
        if again:
            checked = replace(checked, client=None, partner=None)
        return replace(checked, problems=tuple(problems))

    def _met(self, part: ClientPart | PartnerPart, number: int) -> tuple[int, str]:
        """The earlier row and what is the same, or (0, "")."""
        role, person = type(part).__name__, part.person
        keys: list[tuple[str, object]] = [("referral", fingerprint(part))]
        if person.born_on:
            keys.append(("name and date of birth", (_name_key(person), person.born_on)))
        if person.phone:
            keys.append(("phone", person.phone))
        met = (0, "")
        for how, key in keys:
            earlier = self._rows.setdefault(hash((role, how, key)), number)
            if earlier != number and not met[1]:
                met = (earlier, how)
        return met


def _twice(
    number: int, part: ClientPart | PartnerPart, earlier: int, how: str, *, refused: bool
) -> Problem:
    belongs = Belongs.CLIENT if isinstance(part, ClientPart) else Belongs.PARTNER
    if refused:
        sentence = f"the {belongs} is already in row {earlier}, in the same referral"
    elif how == "referral":
        sentence = f"the {belongs} is the one of row {earlier}, in the same referral; loaded once"
    else:
        sentence = f"the {belongs} looks like the one of row {earlier} (same {how})"
    level = Level.REFUSED if refused else Level.WARNING
    return Problem(number, "", f"Row {number}: {sentence}.", level, belongs)


# --- what goes down, and what is recognised again ------------------------------------------


def client_slots(part: ClientPart, *, id: UUID) -> dict[str, str | None]:
    """The fixed slots that go down to the programme side: the same keys for every referral.

    `id` must be random. The police case number, which both parties share, the row, the file, and
    everything about a partner, children or circumstances are not among them. A referral by the
    partner or the family goes down as one by another agency, without a name and without the
    referrer's e-mail: both would be the partner's own.
    """
    route = part.route if part.route in PASSED_ROUTES else "other_agency"
    person = part.person
    return {
        "id": str(id),
        "given_name": person.given_name,
        "family_name": person.family_name,
        "born_on": birth_key(person.born_on) if person.born_on else None,
        "sex": person.sex,
        "phone": person.phone,
        "email": person.email,
        "address": person.address,
        "language": person.language,
        "consent": person.consent,
        "route": route,
        "referrer_agency": part.referrer_agency if route in ROUTES_WITH_AGENCY else "",
        "referrer_email": part.referrer_email.lower() if route in ROUTES_WITH_AGENCY else "",
        "received_on": part.received_on.isoformat(),
        "text": part.text,
    }


def fingerprint(part: ClientPart | PartnerPart, *, key: bytes = b"") -> str:
    """64 hexadecimal digits that are the same whenever this party of this referral is read.

    Made of the role, the name, the date of birth (else phone, e-mail, address) and the
    referrer's reference (else the stated date of referral), all normalised. `key` (up to 64 bytes)
    keeps whoever sees stored fingerprints from trying names; give one for any that is stored.
    """
    person = part.person
    who = (birth_key(person.born_on) if person.born_on else "") or person.phone
    who = who or person.email.casefold() or " ".join(tokens(person.address))
    which = "".join(tokens(part.reference)) or (
        part.stated_on.isoformat() if part.stated_on else ""
    )
    written = "\x1f".join((type(part).__name__, _name_key(person), who, which))
    return hashlib.blake2b(written.encode(), key=key, digest_size=32).hexdigest()
