"""Who uses the platform, and what they may do."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from chalicelib.domain.notice import NoticeKind, Often

PERSON = "user:"  # before the id of a person, where a machine or a debtor may act too


class Role(StrEnum):
    ADMIN = "admin"
    SUPERVISOR = "supervisor"
    AGENT = "agent"
    SERVICE = "service"  # a creditor's system with a token; never a person
    CREDITOR = "creditor"  # whoever holds a token that reads the portfolio's own files, until a day
    DEBTOR = "debtor"  # on the page of the own case; no account


class TokenUse(StrEnum):
    UPLOADS = "uploads"
    SLICE = "slice"  # of the lake: the portfolio's own files


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """
    Args:
        person_id: The Cognito user's ``sub``.
        portfolios: Ids they may work on; ``("*",)`` = all, admins only.
        phone: E.164, or empty; alarms of agents go there.
        photo_key: Of the site's public media; shown to whoever is shown a credential.
        signed_out_at: Tokens issued before it are refused (sign out everywhere, disable, reset).
        mention_mail, task_mail, call_back_mail, approval_mail: How often they are told by e-mail.
            Of who has not chosen: a mention wants an answer and a call-back has its hour, a task
            and a decision have their day.
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
    photo_key: str = ""
    phone: str = ""
    mention_mail: Often = Often.NOW
    task_mail: Often = Often.DAILY
    call_back_mail: Often = Often.NOW
    approval_mail: Often = Often.DAILY
    version: int = 1

    def often(self, kind: NoticeKind) -> Often:
        match kind:
            case NoticeKind.MENTION:
                return self.mention_mail
            case NoticeKind.TASK:
                return self.task_mail
            case NoticeKind.CALL_BACK:
                return self.call_back_mail
            case NoticeKind.APPROVAL:
                return self.approval_mail


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """
    Who is asking, resolved once per request and passed down.

    Args:
        actor_id: ``user:<sub>``, ``service:<token id>`` or ``debtor:<case id>``.
        through: Who brings what the actor made and could not send: an actor's id, or empty.
    """

    actor_id: str
    role: Role
    portfolios: tuple[str, ...]
    name: str = ""
    through: str = ""

    @property
    def person_id(self) -> str:
        """
        The person who asks, as cases, tasks and goals name people; nobody's id for a machine.

        >>> Actor(actor_id="user:ana", role=Role.AGENT, portfolios=()).person_id
        'ana'
        """
        return self.actor_id.removeprefix(PERSON)

    def sees(self, portfolio_id: str) -> bool:
        return "*" in self.portfolios or portfolio_id in self.portfolios


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceToken:
    """
    The key of a creditor's system: uploads to one portfolio, or reads its own files, nothing else.

    Only a hash of the token is kept; whoever loses it makes another.

    Args:
        use: What it opens; one that reads files has an end.
        until: It works before this moment; None: until it is revoked.
    """

    token_id: str
    portfolio_id: str
    name: str
    created_at: datetime
    created_by: str
    use: TokenUse = TokenUse.UPLOADS
    until: datetime | None = None
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None

    def works(self, now: datetime) -> bool:
        return self.revoked_at is None and (self.until is None or now < self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """
    Something done to a person, a portfolio or a token; only ever added.

    Args:
        subject: ``person:<id>``, ``portfolio:<id>``, ``token:<id>``, ``tracker:<id>``,
            ``case:<id>`` or ``file:<key>``.
        facts: JSON-safe; old and new values of what is not personal, names of fields otherwise.
    """

    event_id: str
    kind: str
    at: datetime
    actor: str
    subject: str
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """
    What the identity provider gives for a proven person.

    Args:
        refresh_token: None when a refresh gave the tokens.
    """

    person_id: str
    access_token: str
    expires_in_s: int
    refresh_token: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """One more thing to prove when signing in. ``kind``: ``new_password`` or ``totp``."""

    kind: str
    session: str
