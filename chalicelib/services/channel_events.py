"""What providers tell of messages, written to their cases: settled once, forward only."""

import contextlib
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from chalicelib.domain.case import CaseFile, CaseStatus
from chalicelib.domain.contact import (
    Attempt,
    AttemptState,
    ChannelEvent,
    ConsentState,
)
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import CaseNotFound, ContactNotFound
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import casework
from chalicelib.services.access import Portfolios

ARRIVALS = {
    "delivered": AttemptState.DELIVERED,
    "read": AttemptState.READ,
    "clicked": AttemptState.READ,
    "complained": AttemptState.DELIVERED,
}
# What a failure is called where a provider gives no code of its own.
FAILURES = {"failed": "rejected", "bounced": "invalid_recipient", "opted_out": "opted_out"}


class Outcome(StrEnum):
    """APPLIED changed the case; NO_NEWS told what was known; UNKNOWN is of no message of ours."""

    APPLIED = "applied"
    NO_NEWS = "no_news"
    UNKNOWN = "unknown"


class Cases(casework.Cases, Protocol):
    def case_of_message(self, provider: str, provider_id: str) -> tuple[str, str] | None: ...


#: What to do once a message has failed for good, such as plan it on the next channel.
AfterFailure = Callable[[Draft, CaseFile, Portfolio, Attempt], None]
#: What to do once a message has moved: before and after, and the moment of what moved it.
AfterNews = Callable[[Draft, CaseFile, Portfolio, tuple[Attempt, Attempt], datetime], object]


def apply(
    event: ChannelEvent,
    *,
    cases: Cases,
    portfolios: Portfolios,
    now: datetime,
    after_failure: AfterFailure | None = None,
    after_news: AfterNews | None = None,
) -> Outcome:
    """
    Write what a provider tells of a message to its case.

    Safe to repeat and in any order: only what goes forward changes anything. It also settles a
    message whose sender crashed between handing it over and writing that down.

    Raises:
        CaseMoved: It kept moving; the notification may come again.
    """
    found = _found(event, cases)
    if found is None:
        return Outcome.UNKNOWN
    case_id, attempt_id = found
    known = False

    def do(draft: Draft, file: CaseFile, portfolio: Portfolio) -> None:
        nonlocal known
        attempt = draft.attempt(attempt_id)
        known = attempt is not None
        if attempt is not None:
            _write(event, attempt, draft, file)
            became = draft.attempt(attempt_id)
            if (
                after_failure is not None
                and became is not None
                and became.state is AttemptState.FAILED
                and attempt.state is not AttemptState.FAILED
            ):
                after_failure(draft, file, portfolio, became)
            if after_news is not None and became is not None and became.state is not attempt.state:
                after_news(draft, file, portfolio, (attempt, became), event.at)

    try:
        changed = casework.change_by_machine(
            case_id, do, cases=cases, portfolios=portfolios, now=now
        )
    except CaseNotFound:
        return Outcome.UNKNOWN
    if not known:
        return Outcome.UNKNOWN
    return Outcome.APPLIED if changed else Outcome.NO_NEWS


def _found(event: ChannelEvent, cases: Cases) -> tuple[str, str] | None:
    case_id, _, attempt_id = event.reference.partition(":")
    if case_id and attempt_id:
        return case_id, attempt_id
    return cases.case_of_message(event.provider, event.provider_id)


def _write(event: ChannelEvent, attempt: Attempt, draft: Draft, file: CaseFile) -> None:
    key = attempt.attempt_id
    if event.kind in FAILURES:
        draft.failed(key, event.code or FAILURES[event.kind])
    elif attempt.state is AttemptState.RESERVED:
        draft.sent(key, provider=event.provider, provider_id=event.provider_id, at=event.at)
    if event.kind in ARRIVALS:
        draft.arrived(key, ARRIVALS[event.kind], event.at)
    if not attempt.contact_id or file.head.status is CaseStatus.VOID:
        return
    if event.kind == "bounced":
        # An address is no contact point, and a point may be gone since.
        with contextlib.suppress(ContactNotFound):
            draft.mark_contact(attempt.contact_id, quality="invalid")
    if event.kind == "complained":
        draft.complained(attempt)
    if event.kind in ("complained", "opted_out"):
        draft.consent(
            ConsentState.REFUSED,
            contact_id=attempt.contact_id,
            channel=attempt.channel,
            source="complaint" if event.kind == "complained" else "provider",
        )
