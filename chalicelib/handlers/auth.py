"""The body of the authorizer: is this token genuine, and whose is it?"""

from __future__ import annotations

from chalice.app import AuthRequest, AuthResponse

from chalicelib import wiring
from chalicelib.domain.errors import DomainError
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.services import tokens

REFUSED = "Unauthorized"  # exactly this word makes API Gateway answer 401


class Refused(Exception):
    """What API Gateway turns into a 401."""


def authorise(request: AuthRequest) -> AuthResponse:
    """
    Judge the bearer token; say nothing of roles, which are read with each request.

    The answer covers every route, since API Gateway remembers it by token.

    Raises:
        Refused: Not a token of ours, altered, expired, or revoked.
    """
    token = request.token.removeprefix("Bearer ").strip()
    if tokens.looks_like_one(token):
        try:
            known = tokens.identify(token, tokens=wiring.tokens(), now=wiring.now())
        except DomainError:
            raise Refused(REFUSED) from None
        return AuthResponse(
            routes=["*"],
            principal_id=f"service:{known.token_id}",
            context={"portfolio_id": known.portfolio_id},
        )
    claims = wiring.access_tokens().verify(token)
    if claims is None:
        raise Refused(REFUSED)
    return AuthResponse(
        routes=["*"],
        principal_id=f"user:{claims.person_id}",
        context={"session_began": str(int(claims.session_began.timestamp()))},
    )
