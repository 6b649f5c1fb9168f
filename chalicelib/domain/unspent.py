"""Messages that a strategy's budgets granted and that end without having gone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.contact import Attempt, AttemptState, Channel
from chalicelib.domain.quick import quick

# Messages that did not go, and will not.
UNSENT = frozenset({AttemptState.WITHDRAWN, AttemptState.DENIED, AttemptState.FAILED})
STRATEGY = "strategy"


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Unspent:
    """
    What a budget granted for nothing.

    Args:
        channel, planned_at: Of the message that it was granted to, whose place another may have
            taken since.
    """

    attempt_id: str
    channel: Channel
    planned_at: datetime


def unspent(
    before: Mapping[str, Attempt], put: Mapping[str, Attempt], known: Iterable[Attempt]
) -> tuple[Unspent, ...]:
    """
    Find the messages that end unsent by a change, each in the one change that ends it.

    A message whose place another channel takes keeps what it was granted.

    Args:
        before: Attempts as they were read, by id.
        put: Those that the change writes, by id.
        known: All of the case, as they are with the change.
    """
    following = {one.cause for one in put.values() if one.state is AttemptState.PLANNED}
    ended = [
        one
        for key, one in put.items()
        if one.state in UNSENT
        and one.cause.kind == STRATEGY
        and one.sent_at is None  # what a provider took is paid
        and one.cause not in following
        and not (key in before and before[key].state in UNSENT)
    ]
    if not ended:
        return ()
    every = list(known)
    found = []
    for one in ended:
        first = min((o for o in every if o.cause == one.cause), key=lambda each: each.created_at)
        found.append(
            Unspent(attempt_id=one.attempt_id, channel=first.channel, planned_at=first.created_at)
        )
    return tuple(found)
