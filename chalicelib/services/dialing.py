"""A dialer rings for a call that a person began: once a call, however often it is asked."""

from datetime import datetime, timedelta
from typing import Protocol

from chalicelib.domain.calls import CALL
from chalicelib.domain.case import CaseFile
from chalicelib.domain.contact import Attempt, AttemptState, NotSent
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import AttemptNotFound, AttemptSettled, CallNotRung, ContactNotFound
from chalicelib.domain.people import Actor
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import casework
from chalicelib.services.access import Portfolios
from chalicelib.services.casework import Cases

# The law was asked when the call began; what rings much later would have to ask again.
AT_ONCE = timedelta(minutes=5)


class Dialer(Protocol):
    """``channels.dialer.ConnectDialer``."""

    @property
    def provider(self) -> str: ...

    def ring(self, number: str, *, agent: str, reference: str) -> str: ...


def ring(
    case_id: str,
    attempt_id: str,
    *,
    email: str,
    dialer: Dialer | None,
    actor: Actor,
    cases: Cases,
    portfolios: Portfolios,
    now: datetime,
) -> tuple[CaseFile, Portfolio]:
    """
    Have the debtor rung for one's own open call. Safe to repeat: a call rings once.

    The call keeps its place under the law's caps whether or not it rang: whoever began it may
    dial by hand, and says in its result when it was not made.

    Args:
        email: What the actor signs in with.

    Raises:
        AttemptNotFound: No call of this case that the actor began.
        AttemptSettled: It is over.
        ContactNotFound: The telephone is no longer on file.
        CallNotRung: reason ``off``: the stack has no dialer; ``late``: it began too long ago; or
            why the dialer refused.
    """
    file, portfolio = casework.opened(case_id, actor=actor, cases=cases, portfolios=portfolios)
    call = _own(file, attempt_id, actor)
    if call.provider_id:
        return file, portfolio
    if dialer is None:
        raise CallNotRung(reason="off")
    if now - call.created_at > AT_ONCE:
        raise CallNotRung(reason="late")
    number = next((one.value for one in file.contacts if one.contact_id == call.contact_id), None)
    if number is None:
        raise ContactNotFound(contact_id=call.contact_id)
    try:
        contact_id = dialer.ring(number, agent=email, reference=attempt_id)
    except NotSent as refusal:
        raise CallNotRung(reason=refusal.code) from refusal

    def do(draft: Draft, _: CaseFile, __: Portfolio) -> None:
        draft.rung(attempt_id, provider=dialer.provider, provider_id=contact_id)

    return casework.change(case_id, do, actor=actor, cases=cases, portfolios=portfolios, now=now)


# Private


def _own(file: CaseFile, attempt_id: str, actor: Actor) -> Attempt:
    for one in file.attempts:
        if one.attempt_id == attempt_id and (one.cause.kind, one.cause.by) == (
            CALL,
            actor.actor_id,
        ):
            if one.state is not AttemptState.RESERVED:
                raise AttemptSettled(state=one.state.value)
            return one
    raise AttemptNotFound(attempt_id=attempt_id)
