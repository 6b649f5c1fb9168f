"""Who uses the platform, and what they may do."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    ADMIN = "admin"
    SUPERVISOR = "supervisor"
    AGENT = "agent"
    SERVICE = "service"  # a creditor's system with a token; never a person


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """
    Args:
        person_id: The Cognito user's ``sub``.
        portfolios: Ids they may work on; ``("*",)`` = all, admins only.
        signed_out_at: Tokens issued before it are refused (sign out everywhere, disable, reset).
    """

    person_id: str
    email: str
    name: str
    role: Role
    portfolios: tuple[str, ...]
    team: str = ""
    language: str = "es"
    disabled: bool = False
    invited_at: datetime | None = None
    last_seen_at: datetime | None = None
    signed_out_at: datetime | None = None
    totp: bool = False
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who is asking, resolved once per request and passed down."""

    actor_id: str  # "user:<sub>" or "service:<token id>"
    role: Role
    portfolios: tuple[str, ...]
    name: str = ""

    def sees(self, portfolio_id: str) -> bool:
        return "*" in self.portfolios or portfolio_id in self.portfolios
