"""Which records may tell of somebody else: signs for a reviewer, found by rule.

A sign never decides anything. It is meant to be found too often rather than too seldom: whoever
reviews asks three questions of each record with a sign, and nothing is released without them.

Sources: field guide, 3.17 (context can identify even after redaction); the regulator's finding
that a redaction missed contextual clues (security notes, 1.2). English and Danish words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum


class Sign(StrEnum):
    """Why a record needs the three questions."""

    PARTNER_ORIGIN = "partner_origin"
    OTHER_SOURCE = "other_source"
    ABOUT_OTHERS = "about_others"
    KNOWN_NAME = "known_name"
    MAYBE_NAME = "maybe_name"
    RELATION = "relation"
    OTHER_PRONOUN = "other_pronoun"
    CONTACT = "contact"
    ADDRESS = "address"
    DATE = "date"
    QUOTE = "quote"
    SAID = "said"
    PARTNER_SUPPORT = "partner_support"
    INITIALS = "initials"
    PARTNER_FILE = "partner_file"


SIGN_WORDS = {
    Sign.PARTNER_ORIGIN: "It comes from the safety side",
    Sign.OTHER_SOURCE: "Somebody else than the client or a worker said it",
    Sign.ABOUT_OTHERS: "Records of this kind tell of other people",
    Sign.KNOWN_NAME: "The name of a person who is named in the file",
    Sign.MAYBE_NAME: "A word that may be a name",
    Sign.RELATION: "A word for a relative, a friend or a neighbour",
    Sign.OTHER_PRONOUN: "A pronoun that may mean another person",
    Sign.CONTACT: "A phone number, an e-mail address or a personal number",
    Sign.ADDRESS: "An address",
    Sign.DATE: "A date that may be somebody's day of birth",
    Sign.QUOTE: "Quoted speech",
    Sign.SAID: "Somebody told something",
    Sign.PARTNER_SUPPORT: "Words about partner support or a shelter",
    Sign.INITIALS: "Initials",
    Sign.PARTNER_FILE: "Something that is in a linked partner's file",
}

OWN_SOURCES = frozenset({"client", "worker"})
"""Sources whose records are the client's own unless a sign says otherwise."""
PARTNER_SOURCES = frozenset({"disclosure", "partner", "safety"})

_WORD = r"[^\W\d_]+"
_END = r"(?:s|n|en|et|er|ne|ene|erne|ns|ens|ets|es|enes|ernes|'s|’s)?"

RELATIONS = re.compile(
    r"\b(?:"
    + "|".join(
        (
            # English
            r"(?:ex|former|step|grand|in-)?-?(?:wife|husband|partner|girlfriend|boyfriend|spouse)s?",
            r"(?:step|grand|god)?-?(?:mother|father|parent|daughter|son|child|children)s?",
            r"(?:half-?)?(?:sister|brother|sibling)s?|mum|mom|dad|baby|toddler|kids?|twins?",
            r"(?:mother|father|sister|brother|son|daughter)s?-in-law|in-laws|famil(?:y|ies)",
            r"uncle|aunt|cousin|niece|nephew|neighbou?rs?|friends?|flatmate|roommate|landlord",
            r"colleagues?|co-?workers?|boss|witness(?:es)?|victims?|relatives?|complainant",
            r"girls?|boys?|wom[ae]n|(?:an)?other (?:man|men|participants?)|group members?",
            r"teacher|lover",
            r"exes|ex(?=\b)|new man|new woman|somebody else|someone else|another person",
            # Danish
            rf"(?:eks|tidligere )?-?(?:kone|hustru|mand|kæreste|samlever|ægtefælle|partner){_END}",
            r"(?:sted|bonus|pleje|sviger|bedste)?"
            rf"(?:mor|moder|mødre|fader|datter|døtre|søn|sønner|børn){_END}",
            rf"(?:far|barn|drengen?|pigen?|piger|drenge|familie|tvillinge|spædbarn){_END}",
            rf"(?:halv)?(?:søster|søstre|søskende|bror|broder|brødre){_END}",
            rf"(?:farmor|farfar|mormor|morfar|onkel|tante|fætter|kusine|niece|nevø){_END}",
            rf"(?:nabo|naboer|ven|veninde|venner|veninder|kollega|kolleger|chef){_END}",
            rf"(?:vidne|vidner){_END}",
            rf"(?:forurettede|offer|ofre|anmelder|udlejer|roommate|kvinde|kvinder|eksen|lærer){_END}",
            r"anden deltager|andre deltagere|en anden mand|en anden kvinde|en anden person",
        )
    )
    + r")\b",
    re.I,
)  # fmt: skip
_NOT_FAR = re.compile(r"\b(?:so|how|as|by|too|not) far\b|\bfar (?:from|too|more|less)\b", re.I)

SUPPORT = re.compile(
    r"\b(?:shelter|refuge|krisecent(?:er|ret|eret)|kvindehjem\w*|safe house|partner support"
    r"|partnerstøtte\w*|women'?s (?:aid|worker|service|support)|safety side|advocate|idva|marac"
    r"|(?:her|his|their|hendes|deres) (?:\w+ )?(?:worker|adviser|advisor|counsellor|therapist|"
    r"lawyer|solicitor|rådgiver|kontaktperson|støtteperson|behandler|advokat|sagsbehandler)"
    r"|secret address|hemmelig adresse|address protection|(?:navne- og )?adressebeskyttelse"
    r"|support worker|støttekontaktperson|familiehus\w*)\b",
    re.I,
)

_TOLD = (
    r"said|says|told|tells|reported|reports|stated|states|explained|called|rang|phoned|wrote|"
    r"texted|confirmed|mentioned|disclosed|complained|denied|describes|described|fears|feared|"
    r"sagde|siger|fortalte|fortæller|oplyste|oplyser|ringede|ringer|skrev|skriver|forklarede|"
    r"forklarer|bekræftede|nævnte|nævner|anmeldte|beskrev|beskriver|frygter|frygtede"
)
SOMEBODY_SAID = re.compile(
    rf"\b(?:according to|ifølge|police|politiet|referrer|henviser(?:en)?|social worker|"
    rf"socialrådgiver(?:en)?|caller|anonymous|anonym|school|skolen|they|de)\b"
    rf"(?=.{{0,40}}\b(?:{_TOLD})\b)|\baccording to\b|\bifølge\b|\bwe were told\b|"
    rf"\bvi (?:fik|har fået) at vide\b|\bit was (?:said|reported)\b|\bdet blev oplyst\b",
    re.I,
)
FEMALE = re.compile(r"\b(?:she|her|hers|herself|hun|hende|hendes)\b", re.I)
MALE = re.compile(r"\b(?:he|him|his|himself|han|ham|hans)\b", re.I)

CONTACT = re.compile(
    r"[\w.+-]+@[\w-]+\.\w+|\b\d{6}-\d{4}\b|(?<![\w-])\+?\d(?:[ .\-]?\d){6,}(?!\w)|@\w{3,}"
)
ADDRESS = re.compile(
    r"\b\w+(?:vej|vejen|gade|gaden|allé|alle|stræde|vænget|vænge|parken|toften|bakken|torv|plads)"
    r"(?:\s+\d+\w?)?\b"
    r"|\b\d+\w?,? (?:\w+ ){1,3}(?:street|road|lane|avenue|close|drive|way|court|terrace|place)\b"
    r"|\b(?:\w+ ){1,2}(?:street|road|lane|avenue|terrace)\b"
    r"|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b|\b\d{4} [A-ZÆØÅ]\w+"
    r"|\b(?:lives|living|moved|bor|flyttede|flyttet|boende) (?:\w+ )?(?:at|in|on|to|på|i|til)\b",
    re.I,
)
DATE = re.compile(
    r"\b\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?(?:\d{4}|\d{2})\b|\b(?:born|født)\b", re.I
)
QUOTE = re.compile(r"[“”„\"«»]|(?<!\w)['‘’‚](?=\w)[^'‘’]{3,}['’‘](?!\w)")
INITIALS = re.compile(
    r"\b[A-ZÆØÅ]\.\s?(?:[A-ZÆØÅ]\.?)(?!\w)|(?<=[a-zæøå,] )[A-ZÆØÅ]\.(?=\s+[a-zæøå])"
    r"|(?<=[a-zæøå,] )(?!I\b)[A-ZÆØÅ](?=[\s,;:]+[a-zæøå])|(?<=[a-zæøå,] )(?!I\b)[A-ZÆØÅ](?=[.!?]?$)"
    r"|\b(?!(?:OK|TV|ID|CV|UK|EU|IT|PC|GP)\b)[A-ZÆØÅ]{2}(?=['’]s\b|s?\b(?!\w))(?<![A-ZÆØÅ]{3})"
)

_KNOWN_CAPITALS_WORDS = """
I I'm I'd I'll I've Monday Tuesday Wednesday Thursday Friday Saturday Sunday January
February March April May June July August September October November December Mondays
Tuesdays Wednesdays Thursdays Fridays Christmas Easter English Danish Arabic Turkish
Polish OK TV ID CV GP Mr Mrs Ms AUDIT DUDIT PHQ GAD Danmark Denmark Denmark's England
Sikkerhed Jul Påske Time Out Skype Teams Zoom Tirsdag Onsdag
"""
KNOWN_CAPITALS = frozenset(_KNOWN_CAPITALS_WORDS.split())
"""Capitalised words inside a sentence that name nobody."""

_OPENERS_WORDS = """
a after again agreed all alone also an and anger appointment arrived as asked assessment
at attended attendance because before both but came client clients completed discussed
during each early every everything evidence exercise feels felt first for from goal
goals group having he his her here homework housing i if in is it its last late later
left level main making manager many missed more most motivation my named names next no
not nothing now on one only our own participation payment plan planned practised present
progress reason reminded reminder reported responsibility saw says second session
sessions she since sleep so some started still stress substance task that the their then
there these they this those time today told took two understands used uses very wants
was we week weeks well went what when where while who will with without work worked worker
written yesterday you your alcohol transport employment health attitude everyone nobody
somebody school police referrer course module aftale aftalt alene alkohol alle angav
arbejde arbejdet bad begge betaling da de den denne der deres dette derefter det deltog
deltagelse efter egen en er et fik forløb forløbet forsinket forstår fortalte fortæller
fra fremmøde før første gennemført gennemgik grund gruppe gruppen ham han hans har hele
hendes hjemmearbejde hun hvad hver hvis hvor igen ikke ingen intet jeg kan klient
klienten kom kunne lederen lektie lektier leverede med meget mens mere min mit mødte
mødet mål målet næste når og om opgave opgaven orienteret overvejer planen program på
sessionen sidste siden skal som spørger stadig strategi så talte taler tid tidlig til ud
uge ugen under var ved vi vil øvede øvelse øvelsen ønsker åben selv søvn helbred bolig
ansvar vrede politiet skolen klientens client's
"""
_OPENERS = frozenset(_OPENERS_WORDS.split())
"""Words that begin a sentence without naming anybody."""

_FIRST_WORD_ACTS = re.compile(
    rf"^({_WORD})(?:['’]?s)?\s+(?:{_TOLD}|is|was|has|had|lives|lived|works|came|comes|wants|wanted|"
    r"left|went|and|again|also|not|er|var|har|havde|bor|boede|kom|kommer|vil|ville|og|skal|flyttede|moved|will|"
    r"does|did|thinks|synes|mener|arbejder|igen|også|ikke)\b"
)
_DEFINITE = re.compile(r"\w{6}(?:en|et|erne|ene)$")
"""Long Danish nouns with their article: “Motivationen er høj” names nobody."""
_GIVEN_NAMES_WORDS = """
ahmed aisha alexander ali alice amalie amina amira amy anders andreas ane anita anja ann anna anne
annette anton astrid ayse barbara beata bente birgit birgitte bo brian britt camilla carina
carl caroline casper cecilie charlotte chloe christian christina christine claire claus clara daniel
david denise dorthe ebba elena elif eline elisabeth elizabeth ella ellen else emil emilia emily
emma erik esther eva fatima fatma filip finn freja freya frida gitte grace grethe hanna hannah hanne
hans hassan heidi helen helena helle henrik ibrahim ida inge inger ingrid isabella ivan jack jacob
jakob james jane janne jasmin jens jessica jette joan johan john jonas josefine julia julie kamilla
karen karin karina katarzyna kate katja katrine khadija kim kirsten klara kristina lars laura layla
lea lena lene leyla lilian line linda lis lisa lise lone lotte louise lucas lucy lukas mads magda
magnus maja malene maria mariam marianne marie martha martin mary mathilde mehmet mette mia michael
mikkel mohammed monika morten nadia naja nanna natalia natasha nicole niels nina noah noor olga
oliver olivia omar oscar patricia paul pernille peter philip pia rachel rasmus rebecca rikke rita
robert rosa ruth sally samira sandra sanne sara sarah signe simon sofia sofie sophie stephanie stine
susan susanne sussi thea thomas tina tine tom tove trine ulla valentin vera vibeke victor victoria
vivian william yasmin yusuf zahra zainab zara zeynep
"""
_GIVEN_NAMES = frozenset(_GIVEN_NAMES_WORDS.split())
"""Names that are frequent in the countries of the shipped services: names wherever they stand,
since the first word of a sentence has a capital in any case."""
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Persons:
    """Whom the file is about, and whom it names.

    `own` are words that mean the person who asks (names, own phone, address); `named` are names of
    others, `plain` words that name no person (services, agencies); `sex` is as it is recorded.
    """

    own: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    plain: frozenset[str] = frozenset()
    sex: str = "unknown"


@dataclass(frozen=True, slots=True)
class Written:
    """A record as the rules look at it: who said it, and what was written freely."""

    source: str
    texts: tuple[str, ...] = ()
    about_others: bool = False


@dataclass(slots=True)
class _Found:
    signs: set[Sign] = field(default_factory=set)

    def if_(self, sign: Sign, holds: object) -> None:
        if holds:
            self.signs.add(sign)


def words_of_names(names: Iterable[str | None]) -> frozenset[str]:
    """The words of names, small, without those too short to mean anybody."""
    return frozenset(
        word.lower()
        for name in names
        for word in re.findall(_WORD, name or "")
        if len(word) > 2
    )


def signs_of(written: Written, persons: Persons) -> tuple[Sign, ...]:
    """Every sign of somebody else in a record, in the order of the list.

    A record of partner origin has its sign whatever it says.
    """
    found = _Found()
    found.if_(Sign.PARTNER_ORIGIN, written.source in PARTNER_SOURCES)
    elsewhere = written.source not in OWN_SOURCES | PARTNER_SOURCES
    found.if_(Sign.OTHER_SOURCE, elsewhere)
    found.if_(Sign.ABOUT_OTHERS, written.about_others)
    for text in written.texts:
        _signs_of_text(text, persons, found)
    return tuple(sign for sign in Sign if sign in found.signs)


def _signs_of_text(text: str, persons: Persons, found: _Found) -> None:
    rest = _without_own(text, persons)
    words = {word.lower().removesuffix("s") for word in re.findall(_WORD, rest)} | {
        word.lower() for word in re.findall(_WORD, rest)
    }
    found.if_(Sign.KNOWN_NAME, words & persons.named)
    found.if_(Sign.RELATION, RELATIONS.search(_NOT_FAR.sub(" ", rest)))
    found.if_(Sign.PARTNER_SUPPORT, SUPPORT.search(rest))
    found.if_(Sign.SAID, SOMEBODY_SAID.search(rest))
    found.if_(Sign.OTHER_PRONOUN, persons.sex != "female" and FEMALE.search(rest))
    found.if_(Sign.OTHER_PRONOUN, persons.sex != "male" and MALE.search(rest))
    found.if_(Sign.CONTACT, CONTACT.search(rest))
    found.if_(Sign.ADDRESS, ADDRESS.search(rest))
    found.if_(Sign.DATE, DATE.search(rest))
    found.if_(Sign.QUOTE, QUOTE.search(rest))
    found.if_(Sign.INITIALS, INITIALS.search(rest))
    found.if_(Sign.MAYBE_NAME, any(_may_name(one, persons) for one in _SENTENCE.split(rest)))


def _without_own(text: str, persons: Persons) -> str:
    """The text without the words that mean the person who asks."""
    for word in sorted(persons.own, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(word)}(?:['’]?s)?(?!\w)", " ", text, flags=re.I)
    return text


def _may_name(sentence: str, persons: Persons) -> bool:
    """Whether a sentence has a word that looks like a name: capitals inside, or one who acts."""
    words = re.findall(r"[^\W\d_]+(?:['’]\w+)?", sentence)
    if any(_is_capital(word, persons) for word in words[1:]):
        return True
    if words and words[0][0].isupper() and _bare(words[0]) in _GIVEN_NAMES:
        return not _is_plain(words[0], persons)
    if len(words) == 1 and words[0][0].isupper() and words[0].lower() not in _OPENERS:
        return not _is_plain(words[0], persons)
    first = _FIRST_WORD_ACTS.match(sentence.strip())
    return bool(first and first[1][0].isupper() and not _is_plain(first[1], persons)
                and first[1].lower() not in _OPENERS
                and not _DEFINITE.search(first[1]))  # fmt: skip


def _bare(word: str) -> str:
    """A word small, without the ending of a genitive."""
    low = word.lower().replace("’", "'")
    return low if low in _GIVEN_NAMES else low.removesuffix("'s").removesuffix("s")


def _is_capital(word: str, persons: Persons) -> bool:
    return (
        word[0].isupper()
        and len(word) > 1
        and word not in KNOWN_CAPITALS
        and not _is_plain(word, persons)
    )


def _is_plain(word: str, persons: Persons) -> bool:
    return word in KNOWN_CAPITALS or word.lower() in persons.plain
