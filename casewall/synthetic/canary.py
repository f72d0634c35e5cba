"""Canaries: words that are planted in every free text of the safety side and stand nowhere else.

If one of them is ever met on the programme side (in its database, a page, a file, a log), a wall
is broken, and the word tells which field leaked. A word is followed by a code that tells the
record: `korveltin-3fa9c2`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from random import Random

from casewall.synthetic.words import words

FIELDS = (
    "safety_intake.referralfile.name",
    "safety_intake.intakereferral.reference",
    "safety_intake.intakereferral.referrer",
    "safety_intake.intakereferral.circumstances",
    "safety_partners.partner.email",
    "safety_partners.partner.address",
    "safety_partners.partnerfile.note",
    "safety_partners.partnercontact.note",
    "safety_partners.safecontact.call_as",
    "safety_partners.safecontact.code_word",
    "safety_partners.safecontact.note",
    "safety_partners.partnertask.note",
    "safety_coordination.disclosure.text",
    "safety_coordination.disclosure.override_reason",
    "safety_coordination.disclosure.refusal",
    "safety_coordination.disclosure.danger",
    "safety_coordination.disclosure.review_note",
    "safety_coordination.partnerpermission.words",
    "safety_support.partnerneed.note",
    "safety_support.supportplan.goals",
    "safety_support.supportplan.note",
    "safety_support.planstep.what",
    "safety_support.safetyplan.signs",
    "safety_support.safetyplan.places",
    "safety_support.safetyplan.leaving",
    "safety_support.safetyplan.children",
    "safety_support.safetyplan.devices",
    "safety_support.safetyplan.other",
    "safety_support.expectation.own_words",
    "safety_support.supportsession.note",
    "safety_support.supportsession.reason",
    "safety_support.onwardreferral.agency",
    "safety_support.onwardreferral.note",
    "safety_support.interpreteruse.agency",
    "safety_support.interpreteruse.reference",
    "safety_support.permission.information",
    "safety_support.permission.to_whom",
    "safety_support.permission.purpose",
    "safety_sending.override.reason",
    "safety_details.detailchange.new_value",
    "safety_details.detailchange.reason",
    "safety_bookings.booking.elsewhere",
    "safety_roles.roleworking.why",
    "safety_roles.roleworking.note",
    "safety_roles.roleworking.grounds",
    "safety_roles.roleworking.comment",
    "safety_roles.roleincident.what",
    "safety_roles.roleincident.happened",
    "safety_children.child.school",
    "safety_children.planstatus.agency",
    "safety_children.childsafeguarding.made_to",
    "safety_children.childsafeguarding.reason",
    "safety_children.childsafeguarding.without_because",
    "safety_children.childgoal.goal",
    "safety_children.childsession.note",
    "safety_children.childconsent.authority",
    "safety_incidents.sufferedincident.what",
    "safety_incidents.violencereport.ground_reason",
    "safety_incidents.trytotell.note",
    "safety_incidents.authoritytold.recipient",
    "safety_incidents.authoritytold.content",
    "safety_incidents.fileproceeding.court",
    "safety_incidents.fileproceeding.conditions",
    "safety_incidents.filecourtday.note",
    "safety_incidents.childincident.what",
    "safety_risk.riskreview.reasons",
    "safety_risk.riskreview.plan",
    "safety_risk.riskreview.changed",
    "safety_risk.risktrigger.note",
    "safety_risk.riskaction.what",
    "safety_risk.riskaction.agency",
    "safety_risk.riskaction.outcome",
    "safety_risk.dangersignal.done",
    "safety_risk.vulnerabilityassessment.asker",
    "safety_risk.vulnerabilityassessment.law",
    "safety_risk.vulnerabilityassessment.without_because",
    "safety_risk.vulnerabilityassessment.situation",
    "safety_risk.vulnerabilityassessment.violence",
    "safety_risk.vulnerabilityassessment.effects",
    "safety_risk.vulnerabilityassessment.children",
    "safety_risk.vulnerabilityassessment.strengths",
    "safety_risk.vulnerabilityassessment.needs",
    "safety_risk.vulnerabilityassessment.advice",
    "safety_risk.vulnerabilityassessment.limits",
    "safety_risk.vulnerabilityassessment.returned_because",
    "safety_meetings.attendee.name",
    "safety_meetings.attendee.agency",
    "safety_meetings.minutes.text",
    "safety_meetings.agendaitem.why",
    "safety_meetings.agendaitem.off_because",
    "safety_meetings.agendaitem.discussion",
    "safety_meetings.agendaitem.decision",
    "safety_meetings.meetingaction.what",
    "safety_meetings.meetingaction.agency",
    "safety_meetings.meetingaction.outcome",
    "safety_meetings.extract.text",
    "safety_conferences.conferencereferral.judgement",
    "safety_conferences.conferencereferral.ground_reason",
    "safety_conferences.conferencereferral.answers",
    "safety_conferences.conferencereferral.sent_to",
    "safety_conferences.conferencereferral.withdrawn_because",
    "safety_conferences.hearing.summary",
    "safety_conferences.research.agency",
    "safety_conferences.research.text",
    "safety_conferences.conferenceaction.what",
    "safety_conferences.conferenceaction.agency",
    "safety_conferences.conferenceaction.outcome",
    "safety_sharing.agencycontact.name",
    "safety_sharing.agencycontact.phone",
    "safety_sharing.agencycontact.email",
    "safety_sharing.agencycontact.address",
    "safety_sharing.share.person",
    "safety_sharing.share.what",
    "safety_sharing.share.without_because",
    "safety_sharing.share.recalled_because",
    "safety_sharing.share.told_whom",
    "safety_sharing.agencymessage.words",
    "safety_sharing.agencymessage.acknowledged_by",
    "safety_sharing.agencymessage.receipt",
    "safety_sharing.safetyreport.recipient",
    "safety_sharing.safetyreport.asked_by",
    "safety_sharing.safetyreport.content",
    "safety_sharing.safetyreport.returned_note",
    "safety_rights.rightscase.asks",
    "safety_rights.complaint.what",
    "safety_rights.complaint.answer",
    "safety_rights.complaint.learning",
    "safety_rights.breach.what",
)
"""The fields with a canary. In a referrer's agency it stands only where the row names no client,
and in a disclosure's text only where that was not released: both go down by right otherwise. The
words of a partner's permission are those of its disclosure, and carry the permission's word."""

ONLY_WITH_CHILDREN = frozenset(
    {
        "safety_children.childgoal.goal",
        "safety_children.childsession.note",
        "safety_children.childconsent.authority",
    }
)
"""Fields that are written in only where a service works with children."""

NOT_FREE_TEXT = {
    "safety_partners.partner.given_name": "a name, which a client may state",
    "safety_partners.partner.family_name": "a name, which a client may bear too",
    "safety_partners.partner.born_on": "a date",
    "safety_partners.partner.phone": "a number",
    "safety_partners.scaleanswer.answers": "codes of answers",
    "safety_intake.outboxitem.payload": "what goes down, encrypted for the programme side",
    "safety_intake.doorentry.sealed": "a form sealed by the front door",
    "safety_intake.referrermessage.text": "what a referrer wrote; no message is invented yet",
    "safety_intake.referrermessage.sender_name": "a name; no message is invented yet",
    "safety_intake.referrermessage.sender_email": "an address; no message is invented yet",
    "safety_pulled.pulledchild.name": "a copy of a programme fact",
    "safety_pulled.pulledchild.born_on": "a copy of a programme fact",
    "safety_pulled.pulledcase.name": "a copy of a programme fact",
    "safety_pulled.pulledcase.born_on": "a copy of a programme fact",
    "safety_pulled.pulleddeclaration.name": "a copy of a programme fact",
    "safety_pulled.pulleddeclaration.contact_details": "a copy of a programme fact",
    "safety_support.supportperiod.end_note": "why support ended; no end is invented yet",
    "safety_support.periodextension.reason": "why support lasts longer; none is invented yet",
    "safety_support.filestanding.note": "why a file was closed; no closing is invented yet",
    "safety_support.safetydraft.content": "typed into a form and not saved; no form is invented",
    "safety_sending.message.number": "a number to call back",
    "safety_sending.message.body": "the product's own words, with what safe contact says to use",
    "safety_details.formerdetail.value": "what a change replaced; every invented change waits",
    "safety_children.child.given_name": "a name",
    "safety_children.child.family_name": "a name",
    "safety_children.child.born_on": "a date",
    "safety_children.child.due_on": "a date",
    "safety_children.childadult.adult_name": "a name",
    "safety_children.planstatus.social_worker": "a name",
    "safety_asking.answeredpage.answers": "codes of answers",
    "safety_partners.earlierscaleanswer.answers": "codes of answers; none is corrected yet",
    "safety_conferences.nomination.decided_because": "a nomination; none is invented yet",
    "safety_conferences.nomination.discharge_note": "a nomination; none is invented yet",
    "safety_conferences.nomination.nominated_by": "a nomination; none is invented yet",
    "safety_conferences.nomination.profile": "a nomination; none is invented yet",
    "safety_conferences.nomination.reason": "a nomination; none is invented yet",
    "safety_conferences.tacticuse.note": "of a nomination; none is invented yet",
    "safety_conferences.taskingaction.agency": "of a nomination; none is invented yet",
    "safety_conferences.taskingaction.outcome": "of a nomination; none is invented yet",
    "safety_conferences.taskingaction.what": "of a nomination; none is invented yet",
    "safety_conferences.taskingreview.note": "of a nomination; none is invented yet",
    "safety_rights.breach.contained_how": "how harm was stopped; the invented near miss waits",
    "safety_rights.breach.late_because": "why the authority was told late; none was",
    "safety_rights.breach.learned": "what is done differently; the invented near miss waits",
    "safety_rights.breach.reason": "a decision; the invented near miss waits",
    "safety_rights.filerestriction.ended_because": "no file is restricted yet",
    "safety_rights.filestatement.about": "no statement on the own record is invented yet",
    "safety_rights.filestatement.text": "no statement on the own record is invented yet",
    "safety_rights.rightscase.decision_reason": "a decision; the invented request waits",
    "safety_rights.rightscase.name": "a name",
    "safety_rights.rightscase.speaks": "a name of who speaks for a child; no child asks yet",
    "safety_rights.rightsitem.content": "a copy of a record; nothing is gathered yet",
    "safety_rights.rightsreply.content": "a reply as a file; none has left yet",
    "safety_rights.rightsreview.extract": "a decision about a record; none is made yet",
    "safety_rights.rightsreview.reason": "a decision about a record; none is made yet",
    "safety_risk.dangersignal.words": "the product's own words",
    "safety_sharing.casestudy.changed": "no text for publication is invented yet",
    "safety_sharing.casestudy.place_name": "no text for publication is invented yet",
    "safety_sharing.casestudy.published_where": "no text for publication is invented yet",
    "safety_sharing.casestudy.recalled_because": "no text for publication is invented yet",
    "safety_sharing.casestudy.text": "no text for publication is invented yet",
    "safety_sharing.casestudy.title": "no text for publication is invented yet",
    "safety_sharing.studyconsent.person": "no text for publication is invented yet",
    "safety_sharing.export.recalled_because": "no file has left yet",
    "safety_sharing.export.recipient": "no file has left yet",
    "safety_sharing.export.told_whom": "no file has left yet",
    "safety_sharing.safetyreport.checked_text": "the invented report is not checked yet",
    "safety_sharing.safetyreport.findings": "the invented report is not checked yet",
    "safety_sharing.safetyreport.withdrawn_note": "the invented report is not withdrawn",
    "safety_sharing.safetyreportfile.content": "a report as a file; none is released yet",
}
"""Encrypted fields of the safety side without a canary, and why."""


def words_of(seed: str) -> dict[str, str]:
    """The canary word of each field; every seed has its own, and no two fields share one."""
    random = Random(f"{seed}:canary")
    syllables = words()["canary"]
    found: list[str] = []
    while len(found) < len(FIELDS):
        word = "".join(random.choice(syllables[part]) for part in ("begin", "middle", "end"))
        if word not in found:
            found.append(word)
    return dict(zip(FIELDS, found, strict=True))


def canaries(seed: str) -> frozenset[str]:
    """Every canary word of a seed: what the tests of the wall look for."""
    return frozenset(words_of(seed).values())


class Canaries:
    """Gives out canaries: the field's word and a code of the record that it is planted in."""

    def __init__(self, seed: str) -> None:
        self._seed, self._words = seed, words_of(seed)

    def of(self, field: str, record: Iterable[object]) -> str:
        """`word-code`; `record` is whatever tells the record from all others."""
        written = ":".join(map(str, [self._seed, field, *record]))
        code = hashlib.blake2b(written.encode(), digest_size=4).hexdigest()
        return f"{self._words[field]}-{code}"

    def note(self, field: str, text: str, record: Iterable[object]) -> str:
        """A text that says that it is invented, with its canary."""
        return f"{text} (invented note, word: {self.of(field, record)})"


NOT_INVENTED = ("safety_access", "safety_retention")
"""Parts of the safety side of which the invention makes nothing yet, so that no canary lives
there. That nothing of them goes down is shown by their own tests, in which two worlds are equal."""
