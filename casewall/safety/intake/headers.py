"""Which column is which field: by the service's own list first, then by known wordings.

A column that could be either party's ("Phone") is never guessed: under the wrong guess the
partner's telephone number would go into the client's file.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from casewall.vault.names import tokens

from .fields import FIELDS, Belongs
from .table import Unreadable, column_letter

__all__ = ["AmbiguousHeaders", "HeaderMatch", "match_headers"]

# Wordings are compared without case, accents, spaces and punctuation (see `_folded`).
_PARTIES = {
    Belongs.CLIENT: (
        "client|clients|client's|person 1|person1|p1|party 1|person referred|referred person"
        "|perpetrator|perpetrator's|alleged perpetrator|suspect|suspect's|accused|offender"
        "|person using violence|person who used violence|respondent"
        "|klient|klientens|klienten|udøver|udøvers|udøverens|udøveren|voldsudøver|voldsudøvers"
        "|voldsudøverens|voldsudøveren|sigtede|sigtedes|sigtet|mistænkte|mistænktes|gerningsperson"
        "|gerningspersonens|part 1|العميل|الشخص 1|الشخص الأول|الطرف الأول|المشتبه به|مرتكب العنف"
    ),
    Belongs.PARTNER: (
        "partner|partners|partner's|the partner|ex partner|ex-partner|ex-partner's|partner or ex"
        "|partner or ex-partner|partner/ex-partner|person 2|person2|p2|party 2"
        "|victim|victim's|survivor|survivor's|complainant|complainant's"
        "|partneren|partnerens|ekspartner|eks-partner|eks-partners|partner/eks-partner"
        "|forurettede|forurettedes|voldsudsatte|voldsudsattes|den voldsudsatte|skadelidte"
        "|skadelidtes|part 2|الشريك|الشريكة|الشريك السابق|الضحية|الشخص 2|الشخص الثاني|الطرف الثاني"
    ),
}
# English "born" is not among them: folded, it is Danish "børn" (children).
_OF_PERSON = {
    "family_name": "family name|surname|last name|lastname|efternavn|slægtsnavn"
    "|اسم العائلة|اللقب|الكنية",
    "given_name": "given name|given names|first name|first names|firstname|forename|forenames"
    "|fornavn|fornavne|الاسم الأول|الاسم الشخصي",
    "born_on": "date of birth|birth date|birthdate|dob|d.o.b.|born on|fødselsdato|født"
    "|fødselsdag|fødselsdata|تاريخ الميلاد|تاريخ الولادة",
    "sex": "sex|gender|køn|الجنس|النوع",
    "phone": "phone|phone number|phone no|telephone|telephone number|tel|mobile|mobile number"
    "|mobile phone|telefon|telefonnummer|telefonnr|tlf|tlfnr|tlf nummer|mobil|mobilnummer|mobilnr"
    "|mobiltelefon|هاتف|رقم هاتف|رقم الهاتف|الهاتف|جوال|رقم الجوال",
    "email": "email|e-mail|email address|mail|e-mailadresse|mailadresse|emailadresse"
    "|بريد|البريد الإلكتروني|بريد إلكتروني",
    "address": "address|home address|adresse|bopæl|bopælsadresse|عنوان|العنوان",
    "language": "language|first language|preferred language|sprog|modersmål|لغة|اللغة",
    "consent": "consent|consents|consent to referral|consent to the referral|agrees to referral"
    "|samtykke|samtykke til henvisning|samtykker|موافقة|الموافقة|الموافقة على الإحالة",
}
_OF_CLIENT = {
    "client_text": "text|text for file|text for the file|tekst|tekst til journal|tekst til sagen",
}
_OF_PARTNER = {
    "partner_relation": "relation|relationship|current or former|status|relation type"
    "|forhold|nuværende eller tidligere|العلاقة|علاقة",
    "partner_safe_phone": "safe phone|safe phone number|safe number|safe telephone|safe mobile"
    "|sikker telefon|sikkert telefonnummer|sikkert nummer|sikker tlf|هاتف آمن|رقم آمن",
    "partner_safe_to_call": "safe to call|safe to contact|safe to phone|ok to call"
    "|sikkert at ringe|sikker at ringe til|må ringes op|må kontaktes|آمن للاتصال|الاتصال آمن",
    "partner_safe_times": "safe times|safe time|safe times to call|safe time to call|best time"
    "|sikre tidspunkter|sikkert tidspunkt|sikre tider|أوقات آمنة|الأوقات الآمنة",
}
_WHOLE = {
    "reference": "reference|ref|ref no|reference number|case number|case no|police case number"
    "|police reference|crime reference|crime number|referral ref|incident id|urn|sagsnr|sagsnummer"
    "|journalnr|journalnummer|politiets journalnummer|politiets sagsnummer|رقم القضية|رقم الملف",
    "referred_on": "referral date|date of referral|referred on|referred|date referral received"
    "|date received|received on|received|date|henvisningsdato|dato for henvisning|henvist den"
    "|henvist dato|modtaget|modtaget den|dato|تاريخ الإحالة|التاريخ",
    "incident_on": "incident date|date of incident|date of the incident|offence date"
    "|hændelsesdato|dato for hændelse|dato for hændelsen|gerningsdato|gerningstidspunkt"
    "|تاريخ الحادث|تاريخ الواقعة",
    "route": "route|referral route|route of referral|source|referral source|source of referral"
    "|henvisningsvej|henvisningskilde|kilde|henvist fra|henvist af|مصدر الإحالة|طريق الإحالة",
    "referrer_name": "referrer|referrer name|referrer's name|name of referrer|referring officer"
    "|officer|contact officer|henviser|henvisers navn|betjent|politibetjent|sagsbehandler"
    "|اسم المحيل|المحيل|اسم الضابط",
    "referrer_email": "referrer e-mail|referrer's e-mail|referrer e-mail address|referrer mail"
    "|e-mail of the referrer|email of referrer|work e-mail of the referrer|officer e-mail"
    "|officer's e-mail|referring officer e-mail|contact officer e-mail|henvisers e-mail"
    "|henvisers mail|henviser e-mail|henviser mail|henvisers e-mailadresse|e-mail henviser"
    "|e-mail på henviser|henvisers arbejdsmail|betjentens e-mail|betjents e-mail"
    "|sagsbehandlers e-mail|sagsbehandlerens e-mail"
    "|بريد المحيل|البريد الإلكتروني للمحيل|بريد المحيل الإلكتروني",
    "referrer_agency": "agency|referring agency|referrer agency|referrer's agency|organisation"
    "|organization|referring organisation|force|myndighed|henvisende myndighed|politikreds|kreds"
    "|henvisers myndighed|الجهة|الجهة المحيلة|جهة الإحالة",
    "client_text": "for the client's file|for the client's file the client may read it"
    "|for the clients file|client file text|til klientens journal|til klientens sag"
    "|til klientens journal klienten må læse det|لملف العميل|لملف العميل يمكن للعميل قراءته",
    "children_count": "children|number of children|children count|no of children|child count"
    "|antal børn|børn|عدد الأطفال|الأطفال|أطفال",
    "known_orders": "orders|known orders|court orders|protective orders|known court orders"
    "|kendte forbud|forbud|tilhold|tilhold og forbud|polititilhold|kendte tilhold"
    "|أوامر الحماية|الأوامر المعروفة",
    "notes": "notes|note|referrer notes|referrer's notes|notes of referrer|remarks|comments"
    "|comment|free text|bemærkninger|bemærkning|noter|henvisers bemærkninger|kommentar"
    "|ملاحظات|ملاحظات المحيل",
}
# Words that join a party to a field: "date of birth of the client", "telefon til partner".
_JOINING = ("ofthe", "forthe", "of", "for", "til", "pa", "hos")


class AmbiguousHeaders(Unreadable):
    """Two columns claim one field. `field` is its key, `columns` are the column letters."""

    def __init__(self, field: str, columns: Sequence[tuple[str, str]]) -> None:
        self.field = field
        self.columns = tuple(letter for letter, _ in columns)
        named = " and ".join(f"{letter} ({header!r})" for letter, header in columns)
        super().__init__(
            f"Columns {named} both look like {FIELDS[field].label!r}: "
            "rename the one that is not meant, or say which it is for this service."
        )


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """Which column is which field.

    `mapping` goes from the column (counted from 0) to a key of `FIELDS`; `unmatched` are the
    headers (as written) that are not read; `missing` the keys of fields that have no column;
    `notes` sentences for the person, first of all on columns that do not say whose they are.
    """

    mapping: dict[int, str]
    unmatched: list[str]
    missing: list[str]
    notes: tuple[str, ...]


def _folded(text: str) -> str:
    """Letters and digits only, in one case; "dateOfBirth", "date_of_birth" are one."""
    return "".join(tokens(text))


def _spelled(listed: str) -> Iterator[str]:
    return (_folded(wording) for wording in listed.split("|"))


def _table(*groups: Mapping[str, str]) -> dict[str, str]:
    return {
        wording: key
        for group in groups
        for key, listed in group.items()
        for wording in (_folded(key), *_spelled(listed))
    }


_WHOLE_BY_WORDING = _table(_WHOLE)
_OF_PERSON_BY_WORDING = _table(_OF_PERSON)
_PARTY_WORDS = sorted(
    ((wording, party) for party, listed in _PARTIES.items() for wording in _spelled(listed)),
    key=lambda pair: -len(pair[0]),
)
_OWN = {
    Belongs.CLIENT: _table(_OF_CLIENT),
    Belongs.PARTNER: _table(_OF_PARTNER),
}
_EITHER = {**_OF_PERSON_BY_WORDING, **_OWN[Belongs.PARTNER]}


def _field_of(folded: str) -> str | None:
    """The field that a header names, with the party where the field needs one."""
    if folded in _WHOLE_BY_WORDING:
        return _WHOLE_BY_WORDING[folded]
    for key in FIELDS:
        if folded == _folded(key):
            return key
    for word, party in _PARTY_WORDS:
        for rest in _without(word, folded):
            if rest in _OWN[party]:
                return _OWN[party][rest]
            if rest in _OF_PERSON_BY_WORDING:
                return f"{party.value}_{_OF_PERSON_BY_WORDING[rest]}"
    return None


def _without(word: str, folded: str) -> Iterator[str]:
    """What is left of a header when the party's word is taken off its front or its end."""
    if folded.startswith(word):
        yield folded[len(word) :]
    if folded.endswith(word):
        rest = folded[: -len(word)]
        yield rest
        yield from (rest[: -len(joining)] for joining in _JOINING if rest.endswith(joining))


def match_headers(headers: Sequence[str], saved: Mapping[str, str] | None) -> HeaderMatch:
    """Find the field of every column.

    `saved` is the service's own list from header to field key, compared without case, accents and
    punctuation; it goes before the known wordings, and an empty field means "do not read this
    column". Known wordings are English, Danish and Arabic.

    Raises `AmbiguousHeaders` where two columns claim one field, and `Unreadable` where no column
    is known, where `saved` names a field that does not exist, or where no column holds a name.
    """
    own = _own_list(saved or {})
    claims: dict[str, list[int]] = {}
    unmatched: list[str] = []
    notes: list[str] = []
    for index, header in enumerate(headers):
        folded = _folded(header)
        field = own[folded] if folded in own else _field_of(folded)
        if field:
            claims.setdefault(field, []).append(index)
            continue
        unmatched.append(header)
        if folded in _EITHER and folded not in own:
            notes.append(
                f"Column {column_letter(index)} ({header!r}) does not say whose it is: call it "
                f"'Client {header}' or 'Partner {header}', or say it once for this service."
            )
    _refuse_two(claims, headers)
    mapping = {columns[0]: field for field, columns in claims.items()}
    _refuse_useless(mapping, headers, notes)
    return HeaderMatch(
        mapping=dict(sorted(mapping.items())),
        unmatched=unmatched,
        missing=[key for key in FIELDS if key not in claims],
        notes=tuple(notes),
    )


def _own_list(saved: Mapping[str, str]) -> dict[str, str]:
    for header, field in saved.items():
        if field and field not in FIELDS:
            raise Unreadable(
                f"The list of columns kept for this service gives {header!r} the field "
                f"{field!r}, which does not exist."
            )
    return {_folded(header): field for header, field in saved.items()}


def _refuse_two(claims: Mapping[str, list[int]], headers: Sequence[str]) -> None:
    for field, columns in claims.items():
        if len(columns) > 1:
            raise AmbiguousHeaders(
                field, [(column_letter(index), headers[index]) for index in columns]
            )


def _refuse_useless(
    mapping: Mapping[int, str], headers: Sequence[str], notes: Sequence[str]
) -> None:
    shown = ", ".join(repr(header) for header in headers[:12])
    more = f" {notes[0]}" if notes else ""
    if not mapping:
        raise Unreadable(f"No column of the header is known (it reads {shown}).{more}")
    if not any(field.endswith(("_family_name", "_given_name")) for field in mapping.values()):
        raise Unreadable(
            "No column holds the name of a client or of a partner "
            f"(the header reads {shown}).{more}"
        )
