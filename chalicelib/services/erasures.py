"""
Erasing a person's data: looked at beforehand, asked for by one person, decided by another.

Only what was asked for and granted is erased, and only while nothing is open on any case of the
person. What happens then is ``erasure_work``; nobody can take it back.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from chalicelib.compliance import erasure_rules
from chalicelib.domain import forgetting
from chalicelib.domain.case import CaseFile, ContactKind
from chalicelib.domain.contact import Channel
from chalicelib.domain.conversation import Conversation, page_conversation_id
from chalicelib.domain.data_request import MOST_STEPS, DataRequest
from chalicelib.domain.erasure import Blocker, Erasure, ErasureState
from chalicelib.domain.errors import (
    BadField,
    DataErasureBlocked,
    DataRequestSettled,
    OwnRequest,
)
from chalicelib.domain.people import Actor
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import casework, data_requests
from chalicelib.services.access import MANAGERS, need_portfolio
from chalicelib.services.conversation_seen import cases_of
from chalicelib.services.corrections import Corrections
from chalicelib.services.erasure_blockers import Cash, blockers
from chalicelib.services.request_persons import with_merged
from chalicelib.services.request_steps import MOST_WORDS, Do

SPOKEN = (Channel.WHATSAPP, Channel.SMS)  # channels on which conversations are held
_PHONE = ContactKind.PHONE
STEP = "erase"  # of the plan's queue
# Sent ahead: should who approves it be cut off before the message goes, it is begun all the same.
LATER_S = 60
PAGE = 100
STEPS = 4  # that an erasure takes at most, once it is asked for


class Conversations(Protocol):
    def find(self, conversation_id: str) -> Conversation | None: ...
    def of_phone(self, channel: Channel, phone: str) -> list[Conversation]: ...


class Queue(Protocol):
    def send(self, messages: Iterable[dict[str, Any]]) -> None: ...
    def send_later(self, message: dict[str, Any], *, wait_s: int) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """*register*: what requests are kept with."""

    register: data_requests.Means
    corrections: Corrections
    cash: Cash
    conversations: Conversations
    queue: Queue


# Looking beforehand


def open_files(one: DataRequest, means: Means) -> dict[str, CaseFile]:
    """Open all cases of the person, in their order; what was merged since is among them."""
    cases = means.register.cases
    known = one.erasure.case_ids if one.erasure else ()
    wanted = known or with_merged(one.case_ids, cases)
    found = cases.open_many(wanted)
    return {key: found[key] for key in wanted if key in found}


def blocked(
    one: DataRequest,
    files: Mapping[str, CaseFile],
    portfolio: Portfolio,
    *,
    means: Means,
    now: datetime,
) -> list[Blocker]:
    return blockers(
        one,
        files,
        portfolio,
        cash=means.cash,
        corrections=means.corrections,
        requests=means.register.requests,
        now=now,
    )


def spoken(file: CaseFile, conversations: Conversations) -> dict[str, Conversation]:
    """
    Find the conversations of a case: by its numbers, those it once had too, and on its page.

    What the person's own number said before anybody knew whose it is, is among them.
    """
    case_id, owner = file.head.case_id, file.head.portfolio_id
    own = {one.value for one in file.contacts if (one.kind, one.party) == (_PHONE, "debtor")}
    phones = {one.value for one in file.contacts if one.kind is _PHONE}
    phones |= {one.content.to for one in file.attempts if one.content and one.channel in SPOKEN}
    found = {}
    for phone in sorted(phones):
        for channel in SPOKEN:
            for each in conversations.of_phone(channel, phone):
                of = cases_of(each)
                nobodys = not of and phone in own and each.portfolio_id in ("", owner)
                if case_id in of or nobodys:
                    found[each.conversation_id] = each
    page = conversations.find(page_conversation_id(owner, case_id))
    return found | ({page.conversation_id: page} if page else {})


def counted(
    one: DataRequest, files: Mapping[str, CaseFile], means: Means
) -> tuple[dict[str, int], dict[str, int | None]]:
    """Count what goes and what stays, by code, in the order of the rules."""
    goes: dict[str, int] = {}
    stays: dict[str, int] = {}
    talks: set[str] = set()
    for file in files.values():
        for sums, more in ((goes, forgetting.counted(file)), (stays, forgetting.kept(file))):
            for code, number in more.items():
                sums[code] = sums.get(code, 0) + number
        talks |= set(spoken(file, means.conversations))
    if talks:
        goes["conversations"] = len(talks)
    said = [one.name, one.words, one.reply_to, one.answer.text if one.answer else ""]
    goes["request"] = sum(map(bool, [*said, *(step.note for step in one.steps)]))
    stays["request"] = 1
    uncounted = {"access_log", "uploads", "copies"}
    return (
        {rule.code: goes[rule.code] for rule in erasure_rules.goes() if goes.get(rule.code)},
        {
            rule.code: None if rule.code in uncounted else stays[rule.code]
            for rule in erasure_rules.stays()
            if rule.code in uncounted or stays.get(rule.code)
        },
    )


# Asking and deciding


def ask(note: str, *, actor: Actor, means: Means, now: datetime) -> Do:
    """
    Ask a second person to erase the data.

    Raises:
        BadField: No words; or it was not granted (``not_granted``).
        DataRequestSettled: It waits already, is under way or done.
        DataErasureBlocked: Something is still open.
    """
    note = casework.text(note, "note", longest=MOST_WORDS)

    def do(one: DataRequest, portfolio: Portfolio) -> DataRequest:
        if one.erasing or len(one.steps) > MOST_STEPS - STEPS:
            raise _settled(one)
        _need_granted(one)
        plain = replace(one, erasure=None)
        files = _unblocked(plain, portfolio, means=means, now=now)
        asked = Erasure(state=ErasureState.ASKED, asked_by=actor.actor_id, asked_at=now, note=note)
        # Cases that were merged since hear of it, too: the request is about them now.
        return plain.stepped(
            "erase_asked",
            actor=actor.actor_id,
            now=now,
            erasure=asked,
            case_ids=tuple(files),
            told=one.told if set(files) == set(one.case_ids) else 0,
        )

    return do


def withdraw(*, actor: Actor, now: datetime) -> Do:
    """
    Take back what was asked for, while nobody decided.

    Raises:
        DataRequestSettled: Nothing waits.
    """

    def do(one: DataRequest, _: Portfolio) -> DataRequest:
        _asked(one)
        return one.stepped("erase_withdrawn", actor=actor.actor_id, now=now, erasure=None)

    return do


def reject(note: str, *, actor: Actor, now: datetime) -> Do:
    """
    Say no, with a reason; nothing is erased, and it can be asked for again.

    Raises:
        BadField: No words.
        OwnRequest: By who asked for it.
        DataRequestSettled: Nothing waits.
    """
    note = casework.text(note, "note", longest=MOST_WORDS)

    def do(one: DataRequest, _: Portfolio) -> DataRequest:
        asked = _anothers(one, actor)
        said = replace(
            asked,
            state=ErasureState.REJECTED,
            note=note,
            decided_by=actor.actor_id,
            decided_at=now,
        )
        return one.stepped("erase_rejected", actor=actor.actor_id, now=now, erasure=said)

    return do


def approve(*, actor: Actor, means: Means, now: datetime) -> Do:
    """
    Say yes: from here on it is carried out, and the cases and counts are fixed.

    Raises:
        OwnRequest: By who asked for it.
        DataRequestSettled: Nothing waits.
        DataErasureBlocked: Something was opened meanwhile.
    """

    def do(one: DataRequest, portfolio: Portfolio) -> DataRequest:
        asked = _anothers(one, actor)
        files = _unblocked(one, portfolio, means=means, now=now)
        goes, stays = counted(one, files, means)
        means.queue.send_later(message(one), wait_s=LATER_S)
        running = replace(
            asked,
            state=ErasureState.RUNNING,
            decided_by=actor.actor_id,
            decided_at=now,
            case_ids=tuple(files),
            goes=goes,
            stays=stays,
        )
        return one.stepped(
            "erase_approved",
            actor=actor.actor_id,
            now=now,
            erasure=running,
            case_ids=tuple(files),
            told=one.told if set(files) == set(one.case_ids) else 0,
        )

    return do


def begin(one: DataRequest, queue: Queue) -> None:
    """Have what was approved carried out now."""
    if one.erasure is not None and one.erasure.state is ErasureState.RUNNING:
        queue.send([message(one)])


def message(one: DataRequest) -> dict[str, Any]:
    return {"step": STEP, "portfolio_id": one.portfolio_id, "request_id": one.request_id}


def waiting(
    portfolio_id: str, *, actor: Actor, requests: data_requests.Requests, most: int
) -> list[tuple[DataRequest, Erasure]]:
    """List what waits for a second person in a portfolio, the first due first."""
    need_portfolio(actor, portfolio_id, *MANAGERS)
    found: list[tuple[DataRequest, Erasure]] = []
    cursor = None
    while len(found) < most:
        several, cursor = requests.listed(portfolio_id, live=True, limit=PAGE, cursor=cursor)
        found += [
            (one, one.erasure)
            for one in several
            if one.erasure is not None and one.erasure.state is ErasureState.ASKED
        ]
        if cursor is None:
            break
    return found[:most]


# As it is shown


def page(
    one: DataRequest,
    portfolio: Portfolio,
    *,
    actor: Actor,
    means: Means,
    names: Callable[[set[str]], Mapping[str, str]],
    now: datetime,
) -> dict[str, Any] | None:
    """Lay out how far the erasure of a request is; None where none was granted."""
    made = one.erasure
    over = made is not None and made.state in (ErasureState.RUNNING, ErasureState.DONE)
    if not one.erasable and not over:
        return None
    open_: list[Blocker] = []
    if made is not None and over:
        goes, stays, cases = made.goes, made.stays, len(made.case_ids)
    else:
        files = open_files(one, means)
        goes, stays = counted(one, files, means)
        open_, cases = blocked(one, files, portfolio, means=means, now=now), len(files)
    rules = {rule.code: rule for rule in erasure_rules.stays()}
    who = names({by for by in (made.asked_by, made.decided_by) if by}) if made else {}
    mine = made is not None and made.asked_by == actor.actor_id
    return {
        "state": made.state.value if made else "open",
        "asked_by": _person(made.asked_by) if made else "",
        "asked_by_name": who.get(made.asked_by, "") if made else "",
        "asked_at": made.asked_at if made else None,
        "decided_by": _person(made.decided_by) if made else "",
        "decided_by_name": who.get(made.decided_by, "") if made else "",
        "decided_at": made.decided_at if made else None,
        "note": made.note if made else "",
        "may_decide": made is not None
        and made.state is ErasureState.ASKED
        and not mine
        and actor.role in MANAGERS,
        "cases_done": made.erased if made else 0,
        "cases": cases,
        "finished_at": made.finished_at if made else None,
        "blockers": [asdict(each) for each in open_],
        "goes": [{"code": code, "count": number} for code, number in goes.items()],
        "stays": [
            {
                "code": code,
                "count": number,
                "why": rules[code].why,
                "article": erasure_rules.article_of(rules[code], portfolio.country),
            }
            for code, number in stays.items()
            if code in rules
        ],
    }


# Private


def _need_granted(one: DataRequest) -> None:
    if not one.erasable:
        raise BadField(field="act", reason="not_granted")


def _asked(one: DataRequest) -> Erasure:
    if one.erasure is None or one.erasure.state is not ErasureState.ASKED:
        raise _settled(one)
    return one.erasure


def _anothers(one: DataRequest, actor: Actor) -> Erasure:
    asked = _asked(one)
    if asked.asked_by == actor.actor_id:
        raise OwnRequest
    return asked


def _settled(one: DataRequest) -> DataRequestSettled:
    return DataRequestSettled(state=one.erasure.state.value if one.erasure else one.state.value)


def _unblocked(
    one: DataRequest, portfolio: Portfolio, *, means: Means, now: datetime
) -> dict[str, CaseFile]:
    files = open_files(one, means)
    open_ = blocked(one, files, portfolio, means=means, now=now)
    if open_:
        raise DataErasureBlocked(
            blockers=[{"case_id": each.case_id, "reason": each.reason.value} for each in open_]
        )
    return files


def _person(actor_id: str) -> str:
    return actor_id.removeprefix("user:")
