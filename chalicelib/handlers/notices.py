"""What providers tell and what people write, as it comes from the queue."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from chalicelib import wiring
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.channels import notifications
    from chalicelib.domain import case as case_types
    from chalicelib.services import call_backs, channel_events, report_schedules
    from chalicelib.store import queues

if TYPE_CHECKING:
    from chalicelib.domain.case import CaseFile
    from chalicelib.domain.contact import Attempt, Inbound
    from chalicelib.domain.draft import Draft

log = logging.getLogger("recobro")


def hear(event: Any) -> dict[str, Any]:
    """
    Work through a batch of notifications; whatever fails comes again, the rest does not.

    Returns:
        SQS's partial batch response.
    """
    return queues.each(
        event.to_dict()["Records"],
        lambda record: _hear(record["body"], _moment(record)),
        queue=wiring.channel_events,
        what="notification",
        ids=lambda record: {"message_id": record["messageId"]},
    )


def _hear(body: str, received_at: datetime) -> None:
    told = notifications.parse(body, received_at=received_at)
    now = wiring.now()
    outcomes: Counter[str] = Counter()
    for one in told.events:
        if report_schedules.is_letter(one):
            report_schedules.heard(one, stops=wiring.report_stops())
            outcomes[f"report.{one.kind}"] += 1
            continue
        became = channel_events.apply(
            one,
            cases=wiring.cases(),
            portfolios=wiring.portfolios(),
            now=now,
            after_failure=lambda draft, file, _, failed: _on_the_next_channel(
                draft, file, failed, now
            ),
            after_news=lambda draft, file, portfolio, moved, at: call_backs.ask(
                draft, file, portfolio, moved, says=wiring.call_back_of, at=at, now=now
            ),
        )
        outcomes[became.value] += 1
    for said in told.inbound:
        outcomes[f"heard.{_receive(said, now)}"] += 1
    for left in told.aside:
        outcomes[left.reason] += 1
        if left.notable:
            log.warning("channel notice", extra={"reason": left.reason, "subject": left.subject})
    log.info("notification", extra={"outcomes": dict(outcomes)})


def _receive(said: Inbound, now: datetime) -> str:
    from chalicelib.services import conversations  # understanding words takes a while to load

    whole = wiring.whatsapp_media().fetched(said) if said.media else said
    return conversations.receive(whole, means=wiring.conversing(), now=now).outcome


def _on_the_next_channel(draft: Draft, file: CaseFile, failed: Attempt, now: datetime) -> None:
    """What did not arrive goes on the next channel of its list, as if it had been refused."""
    from chalicelib.services import dispatch_choices

    following = dispatch_choices.fallback(failed, file, now=now)
    if following is not None and file.head.status is not case_types.CaseStatus.VOID:
        draft.plan(following)


def _moment(raw: dict[str, Any]) -> datetime:
    """When the queue got it."""
    sent = raw.get("attributes", {}).get("SentTimestamp")
    return datetime.fromtimestamp(int(sent) / 1000, UTC) if sent else wiring.now()
