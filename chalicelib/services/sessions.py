"""Signing in and out, and who a token stands for."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from urllib.parse import quote, urlencode

from chalicelib.domain.errors import (
    ChallengeEnded,
    DomainError,
    SessionEnded,
    SignInFailed,
    TotpRequired,
)
from chalicelib.domain.people import Actor, Challenge, Person, Tokens


class Identity(Protocol):
    """The identity provider; its refusals are those of ``domain.errors``."""

    def sign_in(self, email: str, password: str) -> Tokens | Challenge: ...
    def new_password(self, email: str, session: str, password: str) -> Tokens | Challenge: ...
    def totp(self, email: str, session: str, code: str) -> Tokens | Challenge: ...
    def refresh(self, refresh_token: str) -> Tokens: ...
    def revoke(self, refresh_token: str) -> None: ...
    def sign_out_everywhere(self, person_id: str) -> None: ...
    def forgotten(self, email: str) -> None: ...
    def reset(self, email: str, code: str, password: str) -> None: ...
    def person_id(self, email: str) -> str | None: ...
    def start_totp(self, access_token: str) -> str: ...
    def confirm_totp(self, access_token: str, code: str) -> str: ...


class People(Protocol):
    def get(self, person_id: str) -> Person | None: ...
    def touch(
        self,
        person_id: str,
        *,
        last_seen_at: datetime | None = None,
        signed_out_at: datetime | None = None,
        totp: bool | None = None,
    ) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    person: Person
    tokens: Tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """
    The sign-in goes on.

    Args:
        kind: ``new_password``, ``totp`` or ``totp_setup``.
        secret, uri: For ``totp_setup``: what an authenticator app takes in.
        refresh_token: For ``totp_setup``: of no use before the second factor is set up.
    """

    kind: str
    session: str
    secret: str | None = None
    uri: str | None = None
    refresh_token: str | None = None


def sign_in(
    email: str,
    password: str,
    *,
    identity: Identity,
    people: People,
    totp_required_roles: Collection[str],
    now: datetime,
) -> SignedIn | Step:
    """
    Prove who one is by password.

    Raises:
        SignInFailed: Wrong password, unknown or disabled; nothing tells which.
        PasswordResetRequired: An admin reset it.
        TooManyAttempts: Locked for a while.
    """
    outcome = identity.sign_in(email, password)
    return _follow(
        outcome,
        email,
        identity=identity,
        people=people,
        totp_required_roles=totp_required_roles,
        now=now,
    )


def answer(
    email: str,
    *,
    kind: str,
    session: str,
    new_password: str | None,
    code: str | None,
    refresh_token: str | None,
    identity: Identity,
    people: People,
    totp_required_roles: Collection[str],
    now: datetime,
) -> SignedIn | Step:
    """
    Go on with a sign-in that asked for more.

    Args:
        refresh_token: For ``totp_setup``: the browser's cookie, set with that step.

    Raises:
        ChallengeEnded: It took too long, or belongs to somebody else.
        CodeWrong: The one-time code is wrong.
        PasswordTooWeak: The pool's password policy refuses it.
    """
    if kind == "new_password":
        outcome = identity.new_password(email, session, new_password or "")
    elif kind == "totp":
        outcome = identity.totp(email, session, code or "")
    else:
        if refresh_token is None:
            raise ChallengeEnded
        person_id = identity.confirm_totp(session, code or "")
        people.touch(person_id, totp=True)
        outcome = identity.refresh(refresh_token)
        if outcome.person_id != person_id:
            raise ChallengeEnded
        outcome = replace(outcome, refresh_token=refresh_token)
    return _follow(
        outcome,
        email,
        identity=identity,
        people=people,
        totp_required_roles=totp_required_roles,
        now=now,
    )


def refresh(
    refresh_token: str,
    *,
    identity: Identity,
    people: People,
    totp_required_roles: Collection[str],
    now: datetime,
) -> SignedIn:
    """
    Get a new access token for a browser that is signed in.

    Raises:
        SessionEnded: Signed out, expired, disabled.
        TotpRequired: The role needs a second factor now.
    """
    tokens = identity.refresh(refresh_token)
    person = _standing(people.get(tokens.person_id))
    if _lacks_totp(person, totp_required_roles):
        raise TotpRequired
    people.touch(person.person_id, last_seen_at=now)
    return SignedIn(person=person, tokens=tokens)


def sign_out(refresh_token: str | None, *, identity: Identity) -> None:
    """End this browser's session. Safe to repeat."""
    if refresh_token is None:
        return
    try:
        identity.revoke(refresh_token)
    except DomainError:
        return  # it has ended already, which is all that was asked


def sign_out_everywhere(actor: Actor, *, identity: Identity, people: People, now: datetime) -> None:
    """End every session of the actor, this one included. Safe to repeat."""
    person_id = person_of(actor)
    people.touch(person_id, signed_out_at=now)
    identity.sign_out_everywhere(person_id)


def forgotten(email: str, *, identity: Identity) -> None:
    """E-mail a code to reset the password with, if anybody has this address; never tells."""
    try:
        identity.forgotten(email)
    except DomainError:
        return


def reset(
    email: str, code: str, password: str, *, identity: Identity, people: People, now: datetime
) -> None:
    """
    Set a new password with the e-mailed code, and end every session there was.

    Raises:
        CodeWrong: Wrong, too old, or for nobody we know.
        PasswordTooWeak: The pool's password policy refuses it.
    """
    identity.reset(email, code, password)
    person_id = identity.person_id(email)
    if person_id is not None:
        people.touch(person_id, signed_out_at=now)
        identity.sign_out_everywhere(person_id)


def start_totp(access_token: str, *, email: str, identity: Identity) -> tuple[str, str]:
    """Begin to set up a second factor; give the secret and its ``otpauth`` address."""
    secret = identity.start_totp(access_token)
    return secret, totp_uri(email, secret)


def confirm_totp(access_token: str, code: str, *, identity: Identity, people: People) -> None:
    """
    Finish setting up the second factor; from now on signing in asks for it.

    Raises:
        CodeWrong: It does not match the secret.
    """
    people.touch(identity.confirm_totp(access_token, code), totp=True)


def actor(
    person_id: str,
    *,
    session_began: datetime,
    people: People,
    totp_required_roles: Collection[str],
) -> Actor:
    """
    Say what the owner of a genuine access token may do now.

    Args:
        session_began: When they signed in, to the second as tokens have it. A session begun in
            the very second of a sign-out everywhere counts as ended: the doubt is against it.

    Raises:
        SessionEnded: Unknown, disabled, or signed out since.
        TotpRequired: The role needs a second factor that is not set up.
    """
    person = _standing(people.get(person_id))
    if person.signed_out_at is not None and session_began <= person.signed_out_at:
        raise SessionEnded
    if _lacks_totp(person, totp_required_roles):
        raise TotpRequired
    return Actor(
        actor_id=f"user:{person.person_id}",
        role=person.role,
        portfolios=person.portfolios,
        name=person.name,
    )


def person_of(actor: Actor) -> str:
    """
    Name the person behind *actor*.

    Raises:
        SessionEnded: It is a system, not a person.
    """
    kind, _, name = actor.actor_id.partition(":")
    if kind != "user":
        raise SessionEnded
    return name


def totp_uri(email: str, secret: str) -> str:
    """
    Write the address that an authenticator app reads from a QR code.

    >>> totp_uri("ana@example.com", "ABC")
    'otpauth://totp/Recobro:ana%40example.com?secret=ABC&issuer=Recobro'
    """
    label = quote(f"Recobro:{email}", safe=":")
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': 'Recobro'})}"


def _follow(
    outcome: Tokens | Challenge,
    email: str,
    *,
    identity: Identity,
    people: People,
    totp_required_roles: Collection[str],
    now: datetime,
) -> SignedIn | Step:
    if isinstance(outcome, Challenge):
        return Step(kind=outcome.kind, session=outcome.session)
    person = people.get(outcome.person_id)
    if person is None or person.disabled:
        raise SignInFailed
    if _lacks_totp(person, totp_required_roles):
        # The access token opens nothing of ours until the factor is set up (``actor`` above
        # refuses it), so it may serve as the step's session.
        secret = identity.start_totp(outcome.access_token)
        return Step(
            kind="totp_setup",
            session=outcome.access_token,
            secret=secret,
            uri=totp_uri(email, secret),
            refresh_token=outcome.refresh_token,
        )
    people.touch(person.person_id, last_seen_at=now)
    return SignedIn(person=person, tokens=outcome)


def _standing(person: Person | None) -> Person:
    if person is None or person.disabled:
        raise SessionEnded
    return person


def _lacks_totp(person: Person, totp_required_roles: Collection[str]) -> bool:
    return person.role.value in totp_required_roles and not person.totp
