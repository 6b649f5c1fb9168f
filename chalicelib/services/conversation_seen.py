"""What a conversation is to who opens it: whose it is, what its cases are, why not to answer."""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.conversation.turns import Talk
from chalicelib.domain.case import CaseFile
from chalicelib.domain.conversation import Conversation, Desk
from chalicelib.domain.errors import CaseNotFound, ConversationNotFound
from chalicelib.domain.people import Actor
from chalicelib.domain.plain import from_plain
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import conversation_facts as facts
from chalicelib.services.access import STAFF, need
from chalicelib.services.conversation_ports import Means

SHARED = "-"  # the tray of numbers that several portfolios answer at


def seen_by(conversation_id: str, actor: Actor, means: Means) -> Conversation:
    need(actor, *STAFF)
    one = means.conversations.get(conversation_id)
    if not actor.sees(one.portfolio_id or SHARED):
        raise ConversationNotFound(conversation_id=conversation_id)
    return one


def refusal(
    one: Conversation,
    files: Mapping[str, CaseFile],
    *,
    actor: Actor,
    means: Means,
    now: datetime,
) -> tuple[str, datetime | None]:
    """Say why free words may not be sent now, and from when on; empty when they may."""
    ends = one.window_ends()
    if not one.on_page and (ends is None or now >= ends):
        return "window_closed", None
    if one.desk is Desk.PERSON and one.taken_by not in ("", actor.actor_id):
        return "not_yours", None
    if one.on_page:  # they come and look
        return "", None
    file, portfolio = home_of(one, files), portfolio_of(one, means)
    if file is None or portfolio is None:
        return "", None
    point = facts.point_of(file, one.phone)
    if point is None:  # it was removed meanwhile
        return "no_case", None
    ruling = means.gate(file, portfolio, contact_id=point.contact_id, channel=one.channel, now=now)
    return ("", None) if ruling.allowed else (ruling.reason_code, ruling.next_allowed_at)


def home_of(one: Conversation, files: Mapping[str, CaseFile]) -> CaseFile | None:
    """The case that is meant: the identified one, the attached one, or the only one."""
    talk = talk_of(one)
    meant = [talk.case_id if talk else "", one.attached, *one.case_ids]
    found = [files[case_id] for case_id in meant if case_id in files]
    return next((file for file in found if facts.point_of(file, one.phone)), None)


def files_of(one: Conversation, means: Means) -> dict[str, CaseFile]:
    found = {}
    for case_id in cases_of(one):
        try:
            found[case_id] = means.cases.open(case_id)
        except CaseNotFound:
            continue
    return found


def cases_of(one: Conversation) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*one.case_ids, *([one.attached] if one.attached else [])]))


def talk_of(one: Conversation) -> Talk | None:
    return from_plain(Talk, one.talk) if one.talk else None


def portfolio_of(one: Conversation, means: Means) -> Portfolio | None:
    return means.portfolios.get(one.portfolio_id) if one.portfolio_id else None
