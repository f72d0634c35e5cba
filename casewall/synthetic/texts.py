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
TASK_NOTES = ("Ask again about the new telephone.", "Send the leaflet by the safe way only.")

FILE_TEXTS: dict[bool, dict[str, tuple[str, ...]]] = {
    True: {
        "client_text": (
            "Hører dårligt på højre øre. (opdigtet)",
            "Ønsker breve, ikke opkald. (opdigtet)",
            "Arbejder om natten. (opdigtet)",
        ),
        "safe_times": ("hverdage 9-12", "mandag og torsdag formiddag", "efter kl. 13"),
        "orders": (
            "Tilhold siden foråret",
            "Ingen gældende tilhold",
            "Opholdsforbud omkring boligen",
        ),
        "notes": (
            "Naboer ringede; begge talt med hver for sig",
            "Begge parter rolige ved samtalen",
            "Tidligere henvendelser om husspektakler",
            "Barn til stede under episoden",
        ),
        "referrers": (
            "Assistent Vimselund",
            "Assistent Plirreby",
            "Betjent Øfmose",
            "Betjent Sjaskrup",
        ),
        "near": ("ved",),
    },
    False: {
        "client_text": (
            "Hard of hearing on the right. (invented)",
            "Would rather have letters than calls. (invented)",
            "Works at night. (invented)",
        ),
        "safe_times": ("weekdays 9 to 12", "Monday and Thursday mornings", "after 1 pm"),
        "orders": (
            "Order not to approach since the spring",
            "No order in force",
            "May not come near the home",
        ),
        "notes": (
            "Neighbours called; both were spoken to separately",
            "Both calm when spoken to",
            "Earlier calls about noise in the home",
            "A child was present",
        ),
        "referrers": ("Ms Quibblesfenwright", "Mr Wobblepondsham", "Ms Giggleridgeby"),
        "near": ("near",),
    },
}
"""Texts of referral files, Danish ones and others."""

TOLD = (
    ("placement", "Should not be placed in the same group as the brother-in-law."),
    ("statement", "There is an order to keep away from the school; plan the way to the session."),
    ("safeguarding", "The children are known to the municipality; an officer may call."),
)
OVERRIDES = ("The municipality asked for it by law.",)
REFUSALS = ("The partner would be recognised as the source; two others could not have known.",)

ELSEWHERE = {
    "substance": "Clinic for alcohol and drugs (invented)",
    "psychological": "Psychologist of the district (invented)",
    "social": "Social advice of the town (invented)",
}
CASE_NOTES = (
    "Talked about the last week. Stopped an argument by leaving the room, and came back later.",
    "Came straight from work. Wanted to speak of money; we went through the homework instead.",
    "Spoke of own father for the first time. Quiet afterwards.",
    "Says it was “only words”. We looked at what the words did.",
    "Has kept the diary for three weeks. Named two signs of rising anger.",
)
DEBRIEFS = (
    "Good start, restless after the break. The exercise on anger took longer than planned.",
    "Two spoke over the others; we agreed on rules again. The film worked.",
    "Heavy subject. Nobody left. We ended with the plan for the week.",
)
REVIEWED = "Hours and modules counted; the last three talks and the homework gone through."
EXCEPTION = "Missed sessions lie in the first weeks; the later work is seen as enough."
