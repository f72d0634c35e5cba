"""The fields of a referral, and the answers that its closed fields take.

"Client" is the person referred as having used violence, "partner" the current or former partner,
whatever their sexes. Pure tables; `headers` finds the columns, `rules` reads the cells.
"""

from enum import StrEnum
from typing import NamedTuple

from casewall.vault.names import tokens

__all__ = [
    "CLIENT_TEXT_LABEL",
    "FIELDS",
    "NOT_NEEDED",
    "PASSED_ROUTES",
    "ROUTES_WITH_AGENCY",
    "Belongs",
    "Field",
    "Form",
    "answer",
]

CLIENT_TEXT_LABEL = "For the client's file; the client may read it"


class Belongs(StrEnum):
    """Whose a cell is. What is wrong with a cell keeps back only what it belongs to."""

    ROW = "row"
    """Of the referral itself; needed for either party."""
    CLIENT = "client"
    PARTNER = "partner"
    CIRCUMSTANCES = "circumstances"
    """What the referrer tells beside the two parties; it stays on the safety side."""


class Form(StrEnum):
    """How the cell of a field is read."""

    LINE = "line"
    TEXT = "text"
    DATE = "date"
    BIRTH_DATE = "birth date"
    PHONE = "phone"
    EMAIL = "email"
    SEX = "sex"
    ANSWER = "yes, no or unknown"
    RELATION = "current or former"
    ROUTE = "route"
    COUNT = "count"


class Field(NamedTuple):
    """A field: its stable key, whose it is, how it is read, its label, its longest text."""

    key: str
    belongs: Belongs
    form: Form
    label: str
    longest: int = 200


LONG_TEXT = 1_048_576  # characters: a note is stored whole


def _of_person(belongs: Belongs, whose: str) -> tuple[Field, ...]:
    person = (
        ("family_name", Form.LINE, "family name", 200),
        ("given_name", Form.LINE, "given name", 200),
        ("born_on", Form.BIRTH_DATE, "date of birth", 60),
        ("sex", Form.SEX, "sex", 60),
        ("phone", Form.PHONE, "phone", 60),
        ("email", Form.EMAIL, "e-mail", 254),
        ("address", Form.LINE, "address", 500),
        ("language", Form.LINE, "language", 40),
        ("consent", Form.ANSWER, "consent to the referral", 60),
    )
    return tuple(
        Field(f"{belongs.value}_{key}", belongs, form, f"{whose} {label}", longest)
        for key, form, label, longest in person
    )


_ROW, _AROUND, _PARTNER = Belongs.ROW, Belongs.CIRCUMSTANCES, Belongs.PARTNER

FIELDS: dict[str, Field] = {
    field.key: field
    for field in (
        Field("reference", _ROW, Form.LINE, "reference of the referrer (police case number)"),
        Field("referred_on", _ROW, Form.DATE, "date of referral", 60),
        Field("route", _ROW, Form.ROUTE, "route of referral"),
        Field("referrer_agency", _ROW, Form.LINE, "referring agency"),
        Field("referrer_email", _ROW, Form.EMAIL, "referrer's e-mail", 254),
        Field("referrer_name", _AROUND, Form.LINE, "name of the referrer"),
        Field("incident_on", _AROUND, Form.DATE, "date of the incident", 60),
        *_of_person(Belongs.CLIENT, "client's"),
        Field("client_text", Belongs.CLIENT, Form.TEXT, CLIENT_TEXT_LABEL, 20_000),
        *_of_person(_PARTNER, "partner's"),
        Field("partner_relation", _PARTNER, Form.RELATION, "partner: current or former", 60),
        Field("partner_safe_phone", _PARTNER, Form.PHONE, "partner's safe phone", 60),
        Field("partner_safe_to_call", _PARTNER, Form.ANSWER, "partner: safe to call", 60),
        Field("partner_safe_times", _PARTNER, Form.LINE, "partner's safe times", 500),
        Field("children_count", _AROUND, Form.COUNT, "number of children", 60),
        Field("known_orders", _AROUND, Form.TEXT, "known orders", LONG_TEXT),
        Field("notes", _AROUND, Form.TEXT, "notes of the referrer", LONG_TEXT),
    )
}

# What is wrong with these cells is pointed out and not read, and nothing is kept back for it.
NOT_NEEDED = frozenset({"referrer_email"})

# Routes that the programme side knows. "partner_or_family" is read from a file and kept on the
# safety side; below it is "other_agency", so that nothing tells that the partner spoke.
PASSED_ROUTES = (
    "police",
    "self",
    "probation",
    "family_court",
    "child_social_care",
    "adult_social_care",
    "health",
    "substance_service",
    "other_agency",
)
# A case conference on a high-risk victim is a fact about the partner: it goes down as other_agency.
KEPT_ROUTES = ("marac",)
# Under "other_agency" the name could be a shelter's or the partner's own, so none goes down, and
# no e-mail address either.
ROUTES_WITH_AGENCY = frozenset(PASSED_ROUTES) - {"self", "other_agency"}

_ANSWERS = {
    "yes": "yes y ja j true 1 x نعم",
    "no": "no n nej false 0 لا",
    "unknown": "unknown|ukendt|not known|ved ikke|uvist|not asked|ikke spurgt|غير معروف|لا أعرف",
}
_SEXES = {
    "female": "female f woman kvinde k girl pige أنثى امرأة",
    "male": "male m man mand boy dreng ذكر رجل",
    "other": "other|andet|non-binary|nonbinary|x|d|آخر",
    "unknown": "unknown|ukendt|not known|not stated|ikke oplyst|uoplyst|غير معروف",
}
_RELATIONS = {
    "current": "current|current partner|partner|nuværende|nuværende partner|samlever|ægtefælle"
    "|gift|spouse|married|cohabiting|kæreste|حالي|حالية|الحالي|زوج|زوجة",
    "former": "former|former partner|ex|ex-partner|ex partner|tidligere|tidligere partner"
    "|separated|divorced|fraskilt|separeret|سابق|سابقة|السابق|مطلق|مطلقة",
    "unknown": "unknown|ukendt|not known|غير معروف",
}
_ROUTES = {
    "police": "police|politi|politiet|الشرطة|شرطة",
    "self": "self|self-referral|self referral|selv|egen henvendelse|selvhenvendelse|ذاتي|بنفسه",
    "probation": "probation|probation service|kriminalforsorgen|prison and probation",
    "family_court": "family court|court|familieretten|familieretshuset|cafcass|محكمة الأسرة",
    "child_social_care": "child social care|children's social care|children's services"
    "|børne- og familieafdelingen|børn og familie|familieafdelingen|رعاية الأطفال",
    "adult_social_care": "adult social care|social care|socialforvaltningen|voksensocial",
    "health": "health|gp|hospital|doctor|læge|sygehus|egen læge|sundhed|sundhedsvæsen|الصحة",
    "substance_service": "substance service|substance use service|drug and alcohol service"
    "|misbrugscenter|rusmiddelcenter|rusmiddelbehandling",
    "marac": "marac",
    "other_agency": "other agency|other|anden myndighed|anden|andet|جهة أخرى",
    "partner_or_family": "partner or family|partner|family|pårørende|partner eller familie|familie"
    "|ex-partner|relative|friend|الشريك|العائلة|الأسرة",
}
_NO_NUMBER = "none|no|nil|ingen|nej|no children|ingen børn|لا يوجد|لا أطفال"
_UNKNOWN_NUMBER = "unknown|ukendt|not known|ved ikke|uvist|غير معروف"


def _folded(text: str) -> str:
    return "".join(tokens(text))


def _lookup(spellings: dict[str, str]) -> dict[str, str]:
    return {
        _folded(spelling): value
        for value, listed in spellings.items()
        for spelling in (*listed.split("|" if "|" in listed else None), value)
    }


_BY_FORM = {
    Form.ANSWER: _lookup(_ANSWERS),
    Form.SEX: _lookup(_SEXES),
    Form.RELATION: _lookup(_RELATIONS),
    Form.ROUTE: _lookup(_ROUTES),
    Form.COUNT: _lookup({"0": _NO_NUMBER, "unknown": _UNKNOWN_NUMBER}),
}


def answer(form: Form, text: str) -> str | None:
    """The stable value of an answer in a closed field, in English, Danish or Arabic.

    Case, accents and punctuation do not count; "?" means unknown. None where it is not one of
    the answers. For `Form.COUNT`: "unknown" or digits.
    """
    if form is not Form.ROUTE and text.strip() in ("?", "؟"):
        return "unknown"
    folded = _folded(text)
    if form is Form.COUNT and folded.isascii() and folded.isdigit():
        return folded
    return _BY_FORM[form].get(folded)
