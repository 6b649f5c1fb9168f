"""
The dispatch: what waits in the outbox goes out when its moment has come, once.

``collect`` finds what is due and puts it on a queue; ``deliver`` takes one message through. It
opens the case, asks the gate, and takes the message's place under the caps by committing it as
RESERVED under the version of the case that the decision was made on: of two that want the last
place one gets it, and the other decides anew. Only then is it handed over, once: whatever
happens after that - a crash, a redelivery, a second run - finds it reserved and lets it be.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from chalicelib.domain import prices
from chalicelib.domain.case import CaseFile, CaseStatus
from chalicelib.domain.contact import (
    Attempt,
    AttemptState,
    Channel,
    NotSent,
    Outgoing,
    Ruling,
)
from chalicelib.domain.days import local_day
from chalicelib.domain.draft import Draft
from chalicelib.domain.draft_cash import CASH
from chalicelib.domain.errors import CaseMoved, CaseNotFound
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import (
    contacting,
    dispatch_choices,
    enclosures,
    pacing,
    sending_hours,
    writing,
)
from chalicelib.services.contacting import Reach
from chalicelib.services.dispatch_ports import Means, Outbox, Queue
from chalicelib.services.pacing import LATE
from chalicelib.services.writing import NotWritten

SHARDS = 8
LEASE = timedelta(minutes=15)
PAGE = 200
ATTEMPTS = 10  # commits tried when a case keeps moving
ACTOR = "system"
# Refusals that no other channel changes: the message is taken back, not tried elsewhere.
OF_THE_CASE = frozenset({"ON_HOLD", "CEASE_REQUEST", "REPRESENTED_BY_ATTORNEY"})
RETRIES = 5
PACED = "paced"
# A provider that takes no more just now has not refused the message: some twenty hours of asking.
THROTTLED, MOST_THROTTLED, LONGEST_RETRY = "throttled", 24, timedelta(hours=1)
FIRST_RETRY = timedelta(minutes=2)


def collect(
    *, outbox: Outbox, queue: Queue, now: datetime, time_left_s: Callable[[], float]
) -> int:
    """
    Put every message whose moment has come on the queue; says how many.

    Each is put off by a lease first, so that the next run, or another at the same time, does
    not take it too; one that gets lost on the way comes back when the lease is over.
    """

    def shard(number: int) -> int:
        taken = 0
        cursor: str | None = None
        while time_left_s() > 10:
            page = outbox.due_messages(number, now, cursor=cursor, limit=PAGE)
            ours = [one for one in page.items if outbox.lease(one, now + LEASE)]
            queue.send({"case_id": one.case_id, "attempt_id": one.attempt_id} for one in ours)
            taken += len(ours)
            cursor = page.cursor
            if cursor is None:
                break
        return taken

    with ThreadPoolExecutor(SHARDS) as pool:
        return sum(pool.map(shard, range(SHARDS)))


def deliver(
    case_id: str, attempt_id: str, *, means: Means, now: datetime, turn: datetime | None = None
) -> str:
    """
    Take one message as far as it goes now; safe to repeat at any point.

    Args:
        turn: The moment that its provider's pace kept for it, once it waited for that.

    Returns:
        What became of it: ``sent``, ``failed``, ``retried``, ``unknown``, ``postponed``, ``paced``,
        ``withdrawn``, ``denied``, or ``nothing`` when it is not to go (any more).
    """
    for _ in range(ATTEMPTS):
        try:
            file = means.cases.open(case_id)
        except CaseNotFound:
            return "nothing"
        portfolio = means.portfolios.get(file.head.portfolio_id)
        attempt = next((one for one in file.attempts if one.attempt_id == attempt_id), None)
        if (
            portfolio is None
            or attempt is None
            or attempt.state is not AttemptState.PLANNED
            or (attempt.not_before is not None and attempt.not_before > now)
        ):
            return "nothing"
        draft = Draft(file, portfolio, actor=ACTOR, now=now)
        prepared = _prepare(draft, file, portfolio, attempt, means=means, now=now, turn=turn)
        change = draft.change()
        if change is None:
            return prepared if prepared == PACED else "nothing"
        try:
            means.cases.commit(change)
        except CaseMoved:
            continue
        if isinstance(prepared, str):
            return prepared
        return _hand_over(prepared, case_id, means=means, now=now)
    raise CaseMoved(case_id=case_id)


def _prepare(
    draft: Draft,
    file: CaseFile,
    portfolio: Portfolio,
    attempt: Attempt,
    *,
    means: Means,
    now: datetime,
    turn: datetime | None,
) -> Outgoing | str:
    """Do to the draft what is to be done now: reserve the message, or say why it does not go."""
    key = attempt.attempt_id
    unwanted = dispatch_choices.unwanted(file, portfolio, attempt, now=now)
    if unwanted:
        draft.withdraw(key, unwanted)
        return "withdrawn"
    reach, ruling = dispatch_choices.place(file, portfolio, attempt, now=now)
    if ruling.reason_code in OF_THE_CASE and ruling.next_allowed_at is None:
        draft.withdraw(key, ruling.reason_code)
        return "withdrawn"
    if reach is None or (not ruling.allowed and ruling.next_allowed_at is None):
        draft.deny(key, ruling)
        _fall_back(draft, file, attempt, now=now)
        return "denied"
    waits = _wait(file, portfolio, attempt, (reach, ruling), means=means, now=now)
    if waits is not None:
        draft.postpone(key, *waits)
        return "postponed"
    return _reserve(
        draft, file, attempt, (portfolio, reach, ruling), means=means, now=now, turn=turn
    )


def _wait(
    file: CaseFile,
    portfolio: Portfolio,
    attempt: Attempt,
    place: tuple[Reach, Ruling],
    *,
    means: Means,
    now: datetime,
) -> tuple[datetime, Ruling] | None:
    """Say until when a message waits, for the law or a better hour of the day; None: it goes."""
    reach, ruling = place
    key, start = attempt.attempt_id, now if ruling.allowed else ruling.next_allowed_at or now

    def allowed(at: datetime) -> bool:
        return contacting.rule(file, portfolio, reach, now=at, leaving_out=key).allowed

    found = sending_hours.better(
        file, portfolio, attempt, start, allowed=allowed, hours=means.hours
    )
    if found is not None:
        at = dispatch_choices.later(key, *found)
        better = replace(
            ruling, allowed=False, reason_code=sending_hours.BETTER_HOUR, next_allowed_at=at
        )
        return at, better if ruling.allowed else ruling
    return None if ruling.allowed else (dispatch_choices.later(key, start, allowed), ruling)


def _reserve(
    draft: Draft,
    file: CaseFile,
    attempt: Attempt,
    place: tuple[Portfolio, Reach, Ruling],
    *,
    means: Means,
    now: datetime,
    turn: datetime | None,
) -> Outgoing | str:
    """Write the message and take its place, if its provider and the budgets have room for it."""
    key = attempt.attempt_id
    portfolio, reach, ruling = place
    links = means.links(file, reach)
    try:
        written = writing.write(
            file,
            portfolio,
            reach,
            template_id=attempt.template_id,
            templates=means.templates,
            links=links,
            offer=means.offer(portfolio.portfolio_id, attempt.cause),
            now=now,
            pay_to=means.pay_to,
            paid=attempt.cause.answers if attempt.cause.kind == CASH else "",
        )
    except NotWritten as error:
        draft.failed(key, error.code)
        _fall_back(draft, file, attempt, now=now)
        return "failed"
    open_window = reach.channel is Channel.WHATSAPP and contacting.in_window(file, reach, now=now)
    carries = reach.channel is Channel.EMAIL or open_window
    enclosed = written.files + (means.enclosed(file, attempt) if carries else ())
    names = tuple(name for name, _, _ in enclosed)
    rendered, content = written.rendered, replace(written.content, attachments=names)
    units = prices.units(reach.channel, content.text)
    if turn is None or now - turn > LATE:
        waits = means.pace(reach.channel, portfolio.country, units, key, now)
        if waits is not None and waits.kept:
            means.again(file.head.case_id, key, waits.at, now)
            return PACED
        if waits is not None:
            full = replace(
                ruling, allowed=False, reason_code=pacing.PACED, next_allowed_at=waits.at
            )
            draft.postpone(key, waits.at, full)
            return "postponed"
    own = means.prices(portfolio.portfolio_id)
    cost, _ = prices.cost(reach.channel, portfolio.country, units, own)
    if used_up := means.budget(portfolio, cost, now):
        # Asked again each day: a day or month begins, a budget is raised, the plan takes it back.
        tomorrow = local_day(now, portfolio.time_zone) + timedelta(days=1)
        again = datetime.combine(tomorrow, time(), ZoneInfo(portfolio.time_zone)).astimezone(UTC)
        draft.postpone(
            key,
            again,
            replace(ruling, allowed=False, reason_code=used_up, next_allowed_at=again),
        )
        return "postponed"
    draft.reserve(
        key,
        ruling=ruling,
        content=content,
        contact_id=reach.contact_id,
        party=reach.party,
        files=[(name, enclosures.digest(body)) for name, _, body in enclosed],
    )
    return Outgoing(
        message_id=key,
        reference=f"{file.head.case_id}:{key}",
        portfolio_id=portfolio.portfolio_id,
        channel=reach.channel,
        content=content,
        country=portfolio.country,
        sender=written.sender,
        template_name="" if open_window else rendered.template_name,
        template_values=() if open_window else rendered.template_values,
        unsubscribe_url=links.unsubscribe,
        files=enclosed,
    )


def _hand_over(message: Outgoing, case_id: str, *, means: Means, now: datetime) -> str:
    """Hand a reserved message to its provider, and note what came of it."""
    key = message.message_id
    try:
        for _, media_type, body in message.files:
            kept = enclosures.key_of(case_id, key, enclosures.digest(body))
            means.keep(kept, body, media_type)
    except Exception as error:  # nothing has gone yet: without its evidence it does not go
        means.problem(error)
        refusal = NotSent("unavailable", retry=True)
        return _settle_failure(key, case_id, refusal, means=means, now=now)
    try:
        receipt = means.sender(message.channel).send(message)
    except NotSent as refusal:
        return _settle_failure(key, case_id, refusal, means=means, now=now)
    except Exception as error:
        means.problem(error)
        return "unknown"
    own = means.prices(message.portfolio_id)
    cost, currency = prices.cost(message.channel, message.country, receipt.units, own)

    def note(draft: Draft, _: CaseFile) -> str:
        draft.sent(
            key,
            provider=receipt.provider,
            provider_id=receipt.provider_id,
            cost_micros=cost,
            cost_currency=currency,
        )
        return "sent"

    return _settle(case_id, note, means=means, now=now)


def _settle_failure(
    key: str, case_id: str, refusal: NotSent, *, means: Means, now: datetime
) -> str:
    def note(draft: Draft, file: CaseFile) -> str:
        failed = [
            event.facts.get("problem") == THROTTLED
            for event in file.events
            if event.kind == "attempt.failed" and event.facts.get("attempt_id") == key
        ]
        full = refusal.code == THROTTLED
        tries, most = failed.count(full), MOST_THROTTLED if full else RETRIES
        if refusal.retry and tries < most:
            wait = FIRST_RETRY * 3 ** min(tries, RETRIES)
            if full:
                wait = min(wait, LONGEST_RETRY)
            draft.failed(key, refusal.code, retry_at=now + wait)
            return "retried"
        attempt = draft.attempt(key)
        draft.failed(key, refusal.code)
        if attempt is not None:
            _fall_back(draft, file, attempt, now=now)
        return "failed"

    return _settle(case_id, note, means=means, now=now)


def _settle(
    case_id: str, note: Callable[[Draft, CaseFile], str], *, means: Means, now: datetime
) -> str:
    """Write down what became of a message, however often the case moves meanwhile."""
    for _ in range(ATTEMPTS):
        file = means.cases.open(case_id)
        portfolio = means.portfolios.get(file.head.portfolio_id)
        if portfolio is None:
            return "nothing"
        draft = Draft(file, portfolio, actor=ACTOR, now=now)
        outcome = note(draft, file)
        change = draft.change()
        if change is None:
            return outcome
        try:
            means.cases.commit(change)
        except CaseMoved:
            continue
        return outcome
    raise CaseMoved(case_id=case_id)


def _fall_back(draft: Draft, file: CaseFile, attempt: Attempt, *, now: datetime) -> None:
    following = dispatch_choices.fallback(attempt, file, now=now)
    if following is not None and file.head.status is not CaseStatus.VOID:
        draft.plan(following)
