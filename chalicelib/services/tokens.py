"""Service tokens: how a creditor uploads, or takes its own files, without an account."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

from chalicelib.domain.errors import BadField, SessionEnded, TokenNotFound
from chalicelib.domain.ids import new_id
from chalicelib.domain.people import Actor, AuditEvent, Role, ServiceToken, TokenUse
from chalicelib.services.access import MANAGERS, need_portfolio

PREFIX = "rcb_"
SERVICE = "service:"  # before the id of a token, where it acts
ROLES = {TokenUse.UPLOADS: Role.SERVICE, TokenUse.SLICE: Role.CREDITOR}
USE_NOTED_EVERY = timedelta(minutes=15)  # a write per request would tell nothing more


class Tokens(Protocol):
    def add(self, token: ServiceToken, *, token_hash: str, audit: AuditEvent) -> None: ...
    def by_hash(self, token_hash: str) -> ServiceToken | None: ...
    def get(self, portfolio_id: str, token_id: str) -> ServiceToken | None: ...
    def of_portfolio(self, portfolio_id: str) -> list[ServiceToken]: ...
    def revoke(self, token: ServiceToken, *, audit: AuditEvent, now: datetime) -> None: ...
    def note_use(self, token: ServiceToken, *, now: datetime) -> None: ...


def looks_like_one(token: str) -> bool:
    return token.startswith(PREFIX)


def create(
    portfolio_id: str,
    name: str,
    *,
    use: TokenUse = TokenUse.UPLOADS,
    lasts_days: int | None = None,
    actor: Actor,
    tokens: Tokens,
    now: datetime,
) -> tuple[ServiceToken, str]:
    """
    Make a token for one portfolio.

    Args:
        lasts_days: From now; None: until it is revoked, which one that reads files may not be.

    Returns:
        The token's record, and the token itself: this is the only time it can be seen.

    Raises:
        BadField: It reads files, and nobody said until when.
    """
    need_portfolio(actor, portfolio_id, *MANAGERS)
    if use is TokenUse.SLICE and lasts_days is None:
        raise BadField(field="lasts_days", reason="missing")
    token_id = new_id("tok")
    # 256 random bits: a plain hash is enough, there is nothing to guess from a dictionary.
    text = f"{PREFIX}{token_id.removeprefix('tok_')}_{secrets.token_hex(32)}"
    token = ServiceToken(
        token_id=token_id,
        portfolio_id=portfolio_id,
        name=name,
        created_at=now,
        created_by=actor.actor_id,
        use=use,
        until=None if lasts_days is None else now + timedelta(days=lasts_days),
    )
    audit = _audit("token.created", token, actor, now)
    tokens.add(token, token_hash=hash_of(text), audit=audit)
    return token, text


def of_portfolio(portfolio_id: str, *, actor: Actor, tokens: Tokens) -> list[ServiceToken]:
    """List the tokens that nobody revoked, those that are over too, newest first."""
    need_portfolio(actor, portfolio_id, *MANAGERS)
    kept = [token for token in tokens.of_portfolio(portfolio_id) if token.revoked_at is None]
    return sorted(kept, key=lambda token: token.token_id, reverse=True)


def revoke(
    portfolio_id: str, token_id: str, *, actor: Actor, tokens: Tokens, now: datetime
) -> None:
    """
    Make a token useless from the next request on. Safe to repeat.

    Raises:
        TokenNotFound: The portfolio has no such token.
    """
    need_portfolio(actor, portfolio_id, *MANAGERS)
    token = tokens.get(portfolio_id, token_id)
    if token is None:
        raise TokenNotFound
    if token.revoked_at is None:
        tokens.revoke(token, audit=_audit("token.revoked", token, actor, now), now=now)


def identify(text: str, *, tokens: Tokens, now: datetime) -> ServiceToken:
    """
    Find the token a system sent.

    Raises:
        SessionEnded: There is none, it was revoked, or its time is over.
    """
    token = tokens.by_hash(hash_of(text))
    if token is None or not token.works(now):
        raise SessionEnded
    return token


def actor(token_id: str, *, portfolio_id: str, tokens: Tokens, now: datetime) -> Actor:
    """
    Say what the bearer of an identified token may do now, and note that it was used.

    Raises:
        SessionEnded: It was revoked since, or its time is over.
    """
    token = tokens.get(portfolio_id, token_id)
    if token is None or not token.works(now):
        raise SessionEnded
    if token.last_used_at is None or now - token.last_used_at >= USE_NOTED_EVERY:
        tokens.note_use(token, now=now)
    return Actor(
        actor_id=f"{SERVICE}{token.token_id}",
        role=ROLES[token.use],
        portfolios=(token.portfolio_id,),
        name=token.name,
    )


def names(portfolio_id: str, actor_ids: Iterable[str], *, tokens: Tokens) -> dict[str, str]:
    """Name the portfolio's tokens among *actor_ids*, revoked ones too."""
    machines = [one for one in actor_ids if one.startswith(SERVICE)]
    known = {one: tokens.get(portfolio_id, one.removeprefix(SERVICE)) for one in machines}
    return {one: token.name for one, token in known.items() if token is not None}


def hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _audit(kind: str, token: ServiceToken, actor: Actor, now: datetime) -> AuditEvent:
    return AuditEvent(
        event_id=new_id("aud"),
        kind=kind,
        at=now,
        actor=actor.actor_id,
        subject=f"token:{token.token_id}",
        facts={"portfolio_id": token.portfolio_id},
    )
