"""What is written of a change to a person or a portfolio."""

from datetime import datetime
from typing import Any

from chalicelib.domain.ids import new_id
from chalicelib.domain.people import Actor, AuditEvent


def audited(
    kind: str, subject: str, actor: Actor, now: datetime, facts: dict[str, Any]
) -> AuditEvent:
    """
    Make the event of a change.

    Args:
        subject: ``person:<id>`` or ``portfolio:<id>``.
    """
    return AuditEvent(
        event_id=new_id("aud"),
        kind=kind,
        at=now,
        actor=actor.actor_id,
        subject=subject,
        facts=facts,
    )
