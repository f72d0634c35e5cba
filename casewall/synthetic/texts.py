"""Sentences for invented notes. Those of the programme side say so themselves; those of the
safety side get their canary, which says so too."""

from __future__ import annotations

SAYS_INVENTED = " (invented note)"

CLIENT_CALL = (
    "Answered at once and wanted to know how long it takes.",
    "Would rather write than speak on the telephone.",
    "Says the police explained the Centre well.",
    "Asked whether the employer would be told. The answer was no.",
    "Doubts that counselling is needed, but will come once.",
    "Works shifts; can be reached before noon.",
)
CLIENT_NO_ANSWER = (
    "Rang out.",
    "Switched off.",
    "Nobody at home; left a card without a name of the service.",
)
CLIENT_DECLINED = (
    "Says it was a single quarrel and wants no help.",
    "Has another counsellor and will stay there.",
    "Has no time at present; may call later.",
)
ASSESSMENT = (
    "Two talks. Speaks openly of own violence; sleeps badly since the separation.",
    "Two talks. Puts much of the blame on drink; agreed to the substance clinic beside the group.",
    "Two talks. Remorseful, first violence a year ago.",
    "Two talks. Wary at first, then concrete about the last incident.",
)
NOT_SUITABLE = (
    "Denies all violence and wants a paper for the court only.",
    "Acute psychosis; passed on to psychiatry.",
    "Drinks daily; treatment must come first.",
)
FOR_THE_FILE = (
    "Hører dårligt på højre øre. (opdigtet)",
    "Ønsker breve, ikke opkald. (opdigtet)",
    "Arbejder om natten. (opdigtet)",
)

PARTNER_CALL = (
    "Told about the counselling; wants to think until next week.",
    "Long talk. Safety plan gone through, a bag is packed at the sister's.",
    "Quiet week. Speaks of sleeping through for the first time.",
    "Asked what happens at the Centre; explained what we can and cannot know.",
    "Is considering moving to another town; went through what to prepare.",
    "Children restless after the visit. Agreed on what to watch for.",
    "Has started work again and feels stronger.",
    "Fears meeting the other at the school gate; talked about other times.",
)
PARTNER_NO_ANSWER = (
    "Nobody answered, no message left.",
    "Engaged line twice.",
    "Voicemail; hung up as agreed.",
)
PARTNER_DECLINED = (
    "Thanks us and wants no contact now; knows the number.",
    "Wants to leave it all behind.",
)
PARTNER_UNSAFE = ("The other took the telephone. No more calls until we know a safe way.",)
PARTNER_END = ("Last talk for now; knows that the door stays open.",)
SAFE_CONTACT = (
    "Only while the children are at school.",
    "A text first, then the call.",
    "Never on the old number.",
)
CALL_AS = ("the library", "the dentist's", "a colleague from the choir")
CODE_WORD = ("parcel", "garden", "recipe")
SAFE_TIMES = ("hverdage 9-12", "mandag og torsdag formiddag", "efter kl. 13")
ORDERS = ("Tilhold siden foråret", "Ingen gældende tilhold", "Opholdsforbud omkring boligen")
POLICE_NOTES = (
    "Naboer ringede; begge talt med hver for sig",
    "Begge parter rolige ved samtalen",
    "Tidligere henvendelser om husspektakler",
    "Barn til stede under episoden",
)
OFFICERS = ("Assistent Vimselund", "Assistent Plirreby", "Betjent Øfmose", "Betjent Sjaskrup")
TASK_NOTES = ("Ask again about the new telephone.", "Send the leaflet by the safe way only.")

TOLD = (
    ("placement", "Should not be placed in the same group as the brother-in-law."),
    ("statement", "There is an order to keep away from the school; plan the way to the session."),
    ("safeguarding", "The children are known to the municipality; an officer may call."),
)
OVERRIDES = ("The municipality asked for it by law.",)
REFUSALS = ("The partner would be recognised as the source; two others could not have known.",)
