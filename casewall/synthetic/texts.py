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

SUPPORT = {
    "safety_incidents.sufferedincident.what": (
        "Stood in the stairs and would not let anybody pass.",
        "Took the telephone and read every message aloud.",
        "Waited outside the place of work on three days.",
    ),
    "safety_incidents.violencereport.ground_reason": (
        "A threat to kill with a day named, and the new address is known.",
    ),
    "safety_incidents.trytotell.note": ("Rang out twice; no message was left.",),
    "safety_incidents.authoritytold.recipient": ("The duty officer of the district.",),
    "safety_incidents.authoritytold.content": (
        "That a threat was made and for which day; nothing else.",
    ),
    "safety_incidents.fileproceeding.court": ("The town court, second chamber.",),
    "safety_incidents.fileproceeding.conditions": (
        "No approach to the home or the school, no calls.",
    ),
    "safety_incidents.filecourtday.note": ("Heard without the partner; the order holds.",),
    "safety_incidents.childincident.what": ("Was in the next room and heard all of it.",),
    "safety_support.partnerneed.note": (
        "Would like help with the tenancy first.",
        "Sleeps little; wants to see a doctor of another town.",
        "Money is the greatest worry this month.",
    ),
    "safety_support.supportplan.goals": (
        "A flat of our own before the summer, and evenings without listening for the door.",
        "To finish the course at the evening school and to drive again.",
        "To decide about the house without hurry.",
    ),
    "safety_support.supportplan.note": ("Written down together; read out and agreed.",),
    "safety_support.planstep.what": (
        "Ring the housing office and ask for the waiting list.",
        "Open an account at another bank.",
        "Ask the doctor for a talk alone.",
    ),
    "safety_support.safetyplan.signs": ("Short answers, car keys on the table, doors that slam.",),
    "safety_support.safetyplan.places": ("The neighbour on the second floor; the library.",),
    "safety_support.safetyplan.leaving": ("By the back stairs; papers lie at the sister's.",),
    "safety_support.safetyplan.children": ("They know the word and go to the neighbour.",),
    "safety_support.safetyplan.devices": ("Location switched off; a new code on the tablet.",),
    "safety_support.safetyplan.other": ("The dog can stay with a friend from work.",),
    "safety_support.expectation.own_words": (
        "I hope for quiet, not for a new person.",
        "I do not know what I may expect.",
    ),
    "safety_support.supportsession.note": (
        "Went through the last week; the plan still holds.",
        "Spoke about work and about the way home in the evening.",
        "Much about the children's school; agreed on the next step.",
    ),
    "safety_support.supportsession.reason": ("The number of minutes was mistyped.",),
    "safety_support.onwardreferral.agency": ("Advice on housing of the town",),
    "safety_support.onwardreferral.note": ("A first talk took place.", "Waits for a letter."),
    "safety_support.interpreteruse.agency": ("Interpreting office of the region",),
    "safety_support.interpreteruse.reference": ("Booked by telephone",),
    "safety_support.permission.information": ("that the address was changed in the spring",),
    "safety_support.permission.to_whom": ("The housing office of the town",),
    "safety_support.permission.purpose": ("So that its letters go to the new place.",),
    "safety_children.child.school": ("School at the mill pond", "Kindergarten Acorn"),
    "safety_children.planstatus.agency": ("Family office of the town",),
    "safety_children.childsafeguarding.made_to": ("Family office of the town, duty desk",),
    "safety_children.childsafeguarding.reason": ("Was in the next room; sleeps badly.",),
    "safety_children.childsafeguarding.without_because": (
        "Nobody could be asked before the weekend, and it could not wait.",
    ),
    "safety_children.childgoal.goal": ("I want to sleep at my friend's again.",),
    "safety_children.childsession.note": ("Drew the house and told about the cat.",),
    "safety_children.childconsent.authority": ("Family office of the town",),
    "safety_sending.override.reason": (
        "Asked for this text in person this morning; nobody else can see the telephone today.",
    ),
    "safety_details.detailchange.reason": ("Has moved; said so at the last talk.",),
    "safety_bookings.booking.elsewhere": ("Reading room of the town library",),
    "safety_roles.roleworking.why": ("Both were named as the one who hit, in two reports.",),
    "safety_roles.roleworking.note": ("Told in order, with doubts about own part.",),
    "safety_roles.roleworking.grounds": ("One acts out of fear; the pattern is the other's.",),
    "safety_roles.roleworking.comment": ("Add who says so of the second incident, please.",),
    "safety_roles.roleincident.what": (
        "Stood in the doorway for an hour and let nobody out.",
        "Pushed back to get to the telephone.",
    ),
    "safety_roles.roleincident.happened": ("Some time in the autumn, on a Sunday",),
    "safety_coordination.partnerpermission.words": (
        "Asks that the letter about the next session is not sent to the shared address.",
    ),
    "safety_coordination.disclosure.danger": (
        "Was followed on the way home yesterday; the next session is tonight.",
    ),
    "safety_coordination.disclosure.review_note": (
        "It was right: nobody could have waited, and two others could have known.",
    ),
    "safety_partners.partnertask.note": (
        "The person named is a parent, as the statement itself says.",
        "Named without anything by which somebody could be reached.",
    ),
}
"""What is written in the work with partners and children, by the field that holds it."""

RELEASED_AT_ONCE = "Ring coordination before the next session; its place may have to change."
"""Goes down to the programme side by right, so it carries no canary."""
