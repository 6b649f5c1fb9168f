"""Who is asking: the token's owner, looked up anew for every request."""

from __future__ import annotations

from datetime import UTC, datetime

from chalice.app import Request

from chalicelib import wiring
from chalicelib.config import settings
from chalicelib.domain.errors import SessionEnded
from chalicelib.domain.people import Actor
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.services import rescues, sessions, tokens


def load(request: Request, *, now: datetime) -> Actor:
    """
    Resolve what the authorizer put into the request.

    API Gateway may reuse the authorizer's verdict for a while; rights are read here, from
    the person's own row, so that disabling somebody works at once.

    Raises:
        SessionEnded: Nobody we know, or no longer.
        TotpRequired: The role needs a second factor that is not set up.
    """
    verdict = request.context.get("authorizer") or {}
    kind, _, name = str(verdict.get("principalId", "")).partition(":")
    if kind == "user":
        began = datetime.fromtimestamp(int(verdict["session_began"]), UTC)
        return sessions.actor(
            name,
            session_began=began,
            people=wiring.people(),
            totp_required_roles=settings().totp_required_roles,
        )
    if kind == "service":
        return tokens.actor(
            name, portfolio_id=str(verdict["portfolio_id"]), tokens=wiring.tokens(), now=now
        )
    raise SessionEnded


def bringing(person_id: str, *, actor: Actor) -> Actor:
    """The agent who left, through the manager who brings what they could not send."""
    return rescues.acting(person_id, actor=actor, people=wiring.people())


def language(actor: Actor) -> str:
    """The language somebody has chosen; Spanish for who has none."""
    person = wiring.people().get(actor.person_id)
    return person.language if person else "es"
