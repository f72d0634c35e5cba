"""Support of a partner: needs, plans, sessions, groups, onward referrals, period.

Support stands on its own feet: no rule here asks what the client does, and no function takes
anything of the client's. Sources: field guide, sections 3.5, 3.6 and 5.3 to 5.5, requirements 34
and 41 to 44. Pure.
"""

from __future__ import annotations

import calendar
import re
from datetime import date
from enum import StrEnum

from casewall.wall.decide import Decision


class Area(StrEnum):
    """What a partner may need help with."""

    SAFETY = "safety"
    HOUSING = "housing"
    MONEY = "money"
    WORK = "work"
    HEALTH = "health"
    MENTAL_HEALTH = "mental_health"
    SUBSTANCES = "substances"
    CHILDREN = "children"
    LEGAL = "legal"
    IMMIGRATION = "immigration"
    SOCIAL_SUPPORT = "social_support"


class Level(StrEnum):
    """How much help is needed. Not asked is no level at all: then there is no record."""

    NONE = "none"
    SOME = "some"
    SERIOUS = "serious"
    NOT_KNOWN = "not_known"
    PREFERRED_NOT_TO = "preferred_not_to"


class Hope(StrEnum):
    """What a partner expects of the client's change."""

    NO_CHANGE = "no_change"
    SOME_CHANGE = "some_change"
    VIOLENCE_ENDS = "violence_ends"
    NOT_SURE = "not_sure"
    NO_WISH_TO_SAY = "no_wish_to_say"


class Doer(StrEnum):
    """Who takes a step of the support plan."""

    PARTNER = "partner"
    WORKER = "worker"
    BOTH = "both"
    SOMEBODY_ELSE = "somebody_else"


class SessionKind(StrEnum):
    """What a one-to-one session is. There is no kind for couples, therapy or mediation."""

    SUPPORT = "support"
    SAFETY_PLANNING = "safety_planning"
    CRISIS = "crisis"
    ADVOCACY = "advocacy"
    ACCOMPANIED = "accompanied"
    REVIEW = "review"


class Topic(StrEnum):
    """What a session was about."""

    SAFETY = "safety"
    VIOLENCE = "violence"
    THE_PROGRAMME = "the_programme"
    CHILDREN = "children"
    CHILD_CONTACT = "child_contact"
    SEPARATION = "separation"
    ORDERS_AND_COURT = "orders_and_court"
    POLICE = "police"
    HOUSING = "housing"
    MONEY = "money"
    HEALTH = "health"
    IMMIGRATION = "immigration"
    SUPPORT_NETWORK = "support_network"
    OWN_GOALS = "own_goals"


class Came(StrEnum):
    """What became of a one-to-one session."""

    HELD = "held"
    DID_NOT_COME = "did_not_come"
    PUT_OFF_BY_PARTNER = "put_off_by_partner"
    PUT_OFF_BY_US = "put_off_by_us"


class Marked(StrEnum):
    """What became of one member at one meeting of a support group."""

    CAME = "came"
    PART = "part"
    SENT_WORD = "sent_word"
    NO_WORD = "no_word"


class Handing(StrEnum):
    """How a safety plan got to the partner. The last two travel, so they must be safe."""

    SHOWN = "shown"
    READ_OUT = "read_out"
    IN_HAND = "in_hand"
    LETTER = "letter"
    EMAIL = "email"


class Interpreting(StrEnum):
    """Who interprets. Only one of these may."""

    AGENCY = "agency"
    FAMILY = "family"
    FRIEND = "friend"
    CHILD = "child"
    CLIENTS_RELATIVE = "clients_relative"


class HelpOutcome(StrEnum):
    """What came of referring a partner to help elsewhere."""

    WAITING = "waiting"
    BEGAN = "began"
    COMPLETED = "completed"
    LEFT = "left"
    DECLINED = "declined"
    NOT_ACCEPTED = "not_accepted"
    NOT_KNOWN = "not_known"


class EndReason(StrEnum):
    """Why a period of support ended. That the client left the programme is no reason."""

    GOALS_REACHED = "goals_reached"
    TIME_IS_UP = "time_is_up"
    DECLINED_FURTHER = "declined_further"
    NOT_REACHED = "not_reached"
    MOVED_AWAY = "moved_away"
    TO_ANOTHER_SERVICE = "to_another_service"
    DIED = "died"


class CloseReason(StrEnum):
    """Why a file is closed."""

    SUPPORT_ENDED = "support_ended"
    DECLINED = "declined"
    NOT_REACHED = "not_reached"
    TO_ANOTHER_SERVICE = "to_another_service"
    MOVED_AWAY = "moved_away"
    MISTAKEN = "mistaken"
    DIED = "died"
    OTHER = "other"


class OpenReason(StrEnum):
    """Why a file is opened again."""

    CAME_BACK = "came_back"
    NEW_VIOLENCE = "new_violence"
    NEW_REFERRAL = "new_referral"
    CLOSED_BY_MISTAKE = "closed_by_mistake"
    OTHER = "other"


OPEN_HELP = frozenset({HelpOutcome.WAITING, HelpOutcome.BEGAN})
"""Outcomes that may still change, so that somebody asks again."""

ASK_AGAIN_DAYS = 28
"""Calendar days after which the outcome of help elsewhere is asked for. Default of ours."""

END_NEAR_DAYS = 28
"""Calendar days before the planned end of support on which the worker is told. Default of ours."""

PLAN_REVIEW_DAYS = 84
"""Calendar days until a support plan is looked at again. Default of ours: twelve weeks."""

SAFETY_REVIEW_DAYS = 28
"""Calendar days until a safety plan is looked at again. Default of ours: four weeks."""

FURTHEST_REVIEW_DAYS = 366
"""A review further away than this is taken for a slip of the pen."""

MOST_MINUTES = 600
"""Longer than this is taken for a slip of the pen."""

WORK_DAYS = 28
"""Calendar days whose sessions the caseload page counts."""

LEVEL_WORDS = {Level.NOT_KNOWN: "asked, not known", Level.PREFERRED_NOT_TO: "preferred not to say"}


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months later, or the last day of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def planned_end(began_on: date, months: int | None) -> date | None:
    """When support ends as planned: so many months after it began, or never by itself.

    `months` is `partner_support.months` of the service's definition; absent, there is no end.
    """
    return None if months is None else add_months(began_on, months)


def may_extend(planned: date | None, until: date) -> Decision:
    """Whether support can be planned to last until a later day."""
    if planned is None:
        return Decision(False, "This support has no planned end, so there is nothing to extend.")
    if until <= planned:
        return Decision(
            False, f"Support lasts until {planned:%-d %B %Y} already: write a later day."
        )
    if (until - planned).days > FURTHEST_REVIEW_DAYS:
        return Decision(False, "This is more than a year longer: look at the year again.")
    return Decision(True, f"Support is planned to last until {until:%-d %B %Y}.")


def may_begin(on: date, last_ended: date | None) -> Decision:
    """Whether a new period of support can begin on a day: not inside an earlier one."""
    if last_ended is not None and on < last_ended:
        return Decision(
            False,
            f"An earlier period of support ended on {last_ended:%-d %B %Y}; the new one cannot "
            "begin before that.",
        )
    return Decision(True, "Support can begin.")


def may_review_on(written_on: date, review_on: date) -> Decision:
    """Whether a plan's day of review fits the day on which it was written."""
    if review_on <= written_on:
        return Decision(False, "The review must come after the day on which the plan was written.")
    if (review_on - written_on).days > FURTHEST_REVIEW_DAYS:
        return Decision(False, "The review is more than a year away: look at the year again.")
    return Decision(True, "The review comes in time.")


def may_interpret(who: Interpreting) -> Decision:
    """Whether somebody may interpret for a partner: never family. Field guide, section 1.3."""
    match who:
        case Interpreting.AGENCY:
            return Decision(True, "An interpreter of an agency may interpret.")
        case Interpreting.CLIENTS_RELATIVE:
            return Decision(
                False,
                "A relative of the client must never interpret: what the partner says would reach "
                "the client. Book an interpreter of an agency.",
            )
        case Interpreting.CHILD:
            return Decision(
                False,
                "A child must never interpret: it would have to hear and say everything. Book an "
                "interpreter of an agency.",
            )
        case Interpreting.FAMILY | Interpreting.FRIEND:
            return Decision(
                False,
                "Family and friends must never interpret: the partner cannot speak freely, and "
                "they may pass it on. Book an interpreter of an agency.",
            )
    raise AssertionError("everybody who interprets has a case above")


def may_hand_over(how: Handing, *, contact_is_unsafe: bool, channel: Decision | None) -> Decision:
    """Whether a safety plan may get to the partner in this way.

    What travels (letter, e-mail) needs a partner who is not judged unsafe to contact, and a
    channel confirmed safe: `channel` is the decision about it at that moment.
    """
    if how not in (Handing.LETTER, Handing.EMAIL):
        return Decision(True, "Nothing travels.")
    if contact_is_unsafe:
        return Decision(
            False,
            "Contact is judged unsafe, so a safety plan must not be sent. Hand it over or read it "
            "out when you meet.",
        )
    if channel is None or not channel:
        why = channel.reason if channel is not None else "This way of contact is not confirmed."
        return Decision(
            False, f"{why} A safety plan is never sent that way: hand it over or read it out."
        )
    return Decision(True, channel.reason)


_VAGUE = {
    *("all", "any", "anything", "everything", "whatever", "info", "details", "information"),
    *("needed", "necessary", "relevant", "things", "case", "file", "about", "me", "my"),
    *("the", "a", "an", "of", "that", "is", "it", "i", "and", "what"),
}
_WORD = re.compile(r"[^\W\d_]+")


def is_exact(information: str) -> Decision:
    """Whether a permission names the exact information. Requirement 34 (WA-0330).

    At least two words must say something; “everything about me” names nothing.
    """
    words = [word.casefold() for word in _WORD.findall(information)]
    if len([word for word in words if word not in _VAGUE]) < 2:
        return Decision(
            False,
            "Write exactly what may be told, for example “that I moved on 3 March”: a permission "
            "for everything is none.",
        )
    return Decision(True, "The information is named.")


def minutes_in_words(minutes: int) -> str:
    """90 is “1 h 30 min”; a full hour has no minutes."""
    hours, rest = divmod(minutes, 60)
    said = [f"{hours} h" if hours else "", f"{rest} min" if rest or not hours else ""]
    return " ".join(filter(None, said))


def ratio_in_words(part: float, whole: int, unit: str) -> str:
    """A ratio with both of its numbers; without a denominator there is no ratio.

    `part` is rounded to one decimal where it is not whole.
    """
    amount = f"{part:g}" if float(part).is_integer() else f"{part:.1f}"
    if whole == 0:
        return f"{amount}{unit} for 0 clients: no ratio"
    return f"{part / whole:.2f}{unit} for each client ({amount}{unit} ÷ {whole})"
