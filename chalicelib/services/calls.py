"""
A person calls a debtor: the call takes its place under the law's caps when it begins, and ends
with a result. Nothing is left unwritten: whoever called is asked until the result is there.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from chalicelib.compliance import packs
from chalicelib.domain import ageing
from chalicelib.domain import calls as catalogue
from chalicelib.domain.agreements import WAITING, AgreementState
from chalicelib.domain.calls import CALL, OUTCOMES, Follows, Reached, Result
from chalicelib.domain.case import CaseFile, PromiseState
from chalicelib.domain.collectable import collectable
from chalicelib.domain.contact import (
    Attempt,
    AttemptState,
    Cause,
    Channel,
    ConsentState,
    Direction,
    HoldReason,
)
from chalicelib.domain.days import local_day
from chalicelib.domain.draft import Draft
from chalicelib.domain.draft_contact import ANY
from chalicelib.domain.errors import (
    AttemptNotFound,
    AttemptSettled,
    BadField,
    CallNotAllowed,
    CallUnfinished,
    ContactNotFound,
    TurnTaken,
)
from chalicelib.domain.ids import derived_id
from chalicelib.domain.people import Actor
from chalicelib.domain.plain import to_plain
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.reported import ReportedSource
from chalicelib.domain.spoken import language_of
from chalicelib.domain.task import TaskKind, TaskState
from chalicelib.prediction import forecast
from chalicelib.services import (
    call_queue,
    casework,
    contacting,
    forecast_pages,
    payment_tellings,
    turn_moves,
)
from chalicelib.services.access import MANAGERS, Portfolios
from chalicelib.services.casework import Cases

MAX_NOTE = 4_000
FORGOTTEN = timedelta(hours=4)
UNWRITTEN = "unwritten"
BROKEN_DAYS = 7
STANDING = WAITING | {AgreementState.ACTIVE}
HOLDS = {Follows.DECEASED: HoldReason.DECEASED, Follows.VULNERABLE: HoldReason.VULNERABLE}
QUALITY = {Follows.WRONG_PERSON: "wrong_person", Follows.INVALID: "invalid"}


def begin(
    case_id: str,
    contact_id: str,
    *,
    key: str,
    actor: Actor,
    cases: Cases,
    portfolios: Portfolios,
    now: datetime,
) -> tuple[CaseFile, Portfolio]:
    """
    Begin a call: the contact decision is asked, and the call holds its place from here on.

    A call of one's own that is open is gone on with. One that somebody else forgot for hours is
    ended without a result, and still counts.

    Raises:
        ContactNotFound: No telephone of the case.
        CallNotAllowed: It may not be called now.
        TurnTaken: Somebody else is on the telephone with the debtor.
    """

    def do(draft: Draft, file: CaseFile, portfolio: Portfolio) -> None:
        known = open_call(file)
        if known is not None and known.cause.by == actor.actor_id:
            return
        if known is not None:
            if now - known.created_at < FORGOTTEN:
                raise TurnTaken(case_id=case_id)
            draft.end_call(known.attempt_id, disposition=UNWRITTEN, outcome="")
        reach = next(
            (r for r in contacting.reaches(file, Channel.CALL) if r.contact_id == contact_id), None
        )
        if reach is None:
            raise ContactNotFound(contact_id=contact_id)
        ruling = contacting.rule(file, portfolio, reach, now=now)
        if not ruling.allowed:
            raise CallNotAllowed(
                reason_code=ruling.reason_code,
                article=ruling.article,
                next_allowed_at=to_plain(ruling.next_allowed_at),
            )
        draft.record(
            Attempt(
                attempt_id=derived_id("att", case_id, key),
                channel=Channel.CALL,
                direction=Direction.OUT,
                state=AttemptState.RESERVED,
                cause=Cause(kind=CALL, by=actor.actor_id),
                created_at=now,
                contact_id=contact_id,
                party=reach.party,
                ruling=ruling,
            )
        )

    return casework.change(case_id, do, actor=actor, cases=cases, portfolios=portfolios, now=now)


def end(
    case_id: str,
    attempt_id: str,
    *,
    disposition: str,
    note: str = "",
    call_back_at: datetime | None = None,
    mine: bool = True,
    actor: Actor,
    means: call_queue.Means,
    cases: Cases,
    portfolios: Portfolios,
    now: datetime,
) -> tuple[CaseFile, Portfolio]:
    """
    End a call with its result, and do what follows from it. Safe to repeat.

    Args:
        call_back_at: When the debtor wants to be called; for results that want it.
        mine: Whoever called calls back.

    Raises:
        AttemptNotFound: No call of this case, or not the actor's.
        AttemptSettled: It ended with another result.
        BadField: No such result here, or what it wants is missing or makes no sense.
        CallUnfinished: A promise, agreement or dispute that it wants was not made during the call.
    """

    def do(draft: Draft, file: CaseFile, portfolio: Portfolio) -> None:
        known = _call(file, attempt_id, actor)
        found = _result(portfolio, disposition)
        if known.state is not AttemptState.RESERVED:
            if known.disposition != disposition:
                raise AttemptSettled(state=known.state.value)
            return
        _check(found, file, known, note=note, call_back_at=call_back_at, now=now)
        if note.strip():
            draft.note(note.strip()[:MAX_NOTE], note_id=derived_id("note", attempt_id))
        if found.met is Reached.NONE:
            draft.failed(attempt_id, found.code)
            return
        draft.end_call(attempt_id, disposition=found.code, outcome=OUTCOMES[found.met])
        _follow(draft, file, known, found, now)

    file, portfolio = casework.change(
        case_id, do, actor=actor, cases=cases, portfolios=portfolios, now=now
    )
    person_id = actor.person_id
    if call_back_at is not None and "callback" in _result(portfolio, disposition).wants:
        call_queue.act(
            portfolio.portfolio_id,
            case_id,
            action="callback",
            until=call_back_at,
            mine=mine,
            actor=actor,
            means=means,
            now=now,
        )
    elif disposition != catalogue.NOT_MADE:
        call_queue.end(
            case_id, person_id=person_id, turns=means.turns, portfolio=portfolio, now=now
        )
    return file, portfolio


def sheet(
    case_id: str,
    *,
    actor: Actor,
    cases: Cases,
    portfolios: Portfolios,
    now: datetime,
) -> dict[str, Any]:
    """
    Lay out what a call needs beside the case: what is said, what it can come to, the open call.

    Raises:
        CaseNotFound: None that the actor may see.
    """
    file, portfolio = casework.opened(case_id, actor=actor, cases=cases, portfolios=portfolios)
    return sheet_of(file, portfolio, now=now)


def sheet_of(file: CaseFile, portfolio: Portfolio, *, now: datetime) -> dict[str, Any]:
    """The same for a case that is open already."""
    today = local_day(now, portfolio.time_zone)
    due_on = collectable(file, portfolio, today).oldest_due_on
    late = None if due_on is None else ageing.days_from_due(due_on, today)
    broken = any(
        one.state is PromiseState.BROKEN and (today - one.last_day).days <= BROKEN_DAYS
        for one in file.promises
    )
    language, policy = language_of(file, portfolio), portfolio.policies.calls
    stage = catalogue.stage(
        late,
        broken=broken,
        agreed=any(one.state is AgreementState.ACTIVE for one in file.agreements),
        disputed=any(one.live for one in file.disputes),
    )
    known = open_call(file)
    return {
        "stage": stage.value,
        "language": language,
        "script": list(catalogue.script(stage, language, policy)),
        "words": _words(portfolio),
        "forecast": forecast_pages.of_case(file, portfolio, today),
        "no_forecast": forecast.silence(file, portfolio.forecast, today),
        "due_on": to_plain(due_on),
        "brand": portfolio.branding.display_name,
        "results": to_plain(results_of(portfolio)),
        "open": None
        if known is None
        else {
            "attempt_id": known.attempt_id,
            "contact_id": known.contact_id,
            "began_at": to_plain(known.created_at),
            "by": known.cause.by,
            "rung": bool(known.provider_id),
        },
    }


def results_of(portfolio: Portfolio) -> tuple[Result, ...]:
    """What a call of a portfolio can come to, within the law of its country."""
    forbidden = frozenset(packs.forbidden_questions(portfolio.country))
    return catalogue.results(forbidden, portfolio.policies.calls)


def open_call(file: CaseFile) -> Attempt | None:
    """The call somebody is in, or did not write down."""
    return next(
        (
            one
            for one in reversed(file.attempts)
            if one.cause.kind == CALL and one.state is AttemptState.RESERVED
        ),
        None,
    )


# Private


def _words(portfolio: Portfolio) -> dict[str, str]:
    """What scripts say of who calls and for whom; what a portfolio does not state is empty."""
    stated = portfolio.identification
    return {
        "creditor": stated.creditor or portfolio.creditor,
        "agency": stated.agency,
        "payment_means": stated.payment_means,
        "complaints": stated.complaints,
    }


def _call(file: CaseFile, attempt_id: str, actor: Actor) -> Attempt:
    for one in file.attempts:
        own = one.cause.by == actor.actor_id or actor.role in MANAGERS
        if one.attempt_id == attempt_id and one.cause.kind == CALL and own:
            return one
    raise AttemptNotFound(attempt_id=attempt_id)


def _result(portfolio: Portfolio, code: str) -> Result:
    known = {one.code: one for one in results_of(portfolio)}
    if code not in known:
        raise BadField(field="disposition", reason="not_one_of", choices=sorted(known))
    return known[code]


def _check(
    found: Result,
    file: CaseFile,
    call: Attempt,
    *,
    note: str,
    call_back_at: datetime | None,
    now: datetime,
) -> None:
    began = call.created_at
    there: dict[str, Callable[[], bool]] = {
        "promise": lambda: any(
            one.state is PromiseState.OPEN and one.made_at >= began for one in file.promises
        ),
        "agreement": lambda: any(
            one.state in STANDING and max(one.made_at, one.signed_at or one.made_at) >= began
            for one in file.agreements
        ),
        "dispute": lambda: any(one.opened_at >= began for one in file.disputes),
    }
    for want in found.wants:
        if want == "note" and not note.strip():
            raise BadField(field="note", reason="missing")
        if want == "callback" and call_back_at is None:
            raise BadField(field="call_back_at", reason="missing")
        if want in there and not there[want]():
            raise CallUnfinished(wants=want)
    if call_back_at is not None and call_back_at <= now:
        raise BadField(field="call_back_at", reason="past")
    if call_back_at is not None and call_back_at > now + turn_moves.LONGEST:
        raise BadField(field="call_back_at", reason="too_late")


def _follow(draft: Draft, file: CaseFile, call: Attempt, found: Result, now: datetime) -> None:
    hold_id = derived_id("hld", call.attempt_id)
    match found.does:
        case Follows.REPORTED_PAYMENT:
            payment_tellings.take(
                draft,
                file,
                payment_tellings.Telling(
                    key=(call.attempt_id,),
                    source=ReportedSource.CALL,
                    cause=Cause(kind=CALL, by=draft.actor),
                    at=now,
                    by=draft.actor,
                ),
            )
        case Follows.REFUSE_CALLS:
            draft.consent(ConsentState.REFUSED, contact_id=ANY, channel=Channel.CALL, source=CALL)
        case Follows.WRONG_PERSON | Follows.INVALID as what:
            draft.mark_contact(call.contact_id, quality=QUALITY[what])
        case Follows.DECEASED | Follows.VULNERABLE as what:
            draft.hold(hold_id, HOLDS[what])
    if found.met is Reached.HOLDER:
        draft.mark_contact(call.contact_id, quality="valid")
        for task in file.tasks:
            if task.kind is TaskKind.CALL and task.state is TaskState.OPEN:
                draft.end_task(task.task_id, TaskState.DONE)
