"""People of the organisation: invited, given a role and portfolios, disabled, reset."""

from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from chalicelib.domain.errors import (
    AlreadyActive,
    BadField,
    EmailTaken,
    NotActive,
    NotYourself,
    PersonNotFound,
)
from chalicelib.domain.notice import Often
from chalicelib.domain.people import Actor, AuditEvent, Person, Role
from chalicelib.domain.plain import to_plain
from chalicelib.services import images
from chalicelib.services.access import need
from chalicelib.services.audit import audited
from chalicelib.services.sessions import person_of

EVERY_PORTFOLIO = ("*",)
PEOPLE_ROLES = (Role.ADMIN, Role.SUPERVISOR, Role.AGENT)
MAIL = ("mention_mail", "task_mail", "call_back_mail", "approval_mail")
OWN = ("name", "language", "phone", *MAIL)  # what people change of themselves
AUDITED_WITH_VALUES = ("role", "portfolios", "disabled", "totp")


class Identity(Protocol):
    """The identity provider's side of a person."""

    def invite(self, email: str, name: str, language: str) -> str: ...
    def invite_again(self, email: str, language: str) -> None: ...
    def person_id(self, email: str) -> str | None: ...
    def set_role(self, person_id: str, role: str) -> None: ...
    def disable(self, person_id: str) -> None: ...
    def enable(self, person_id: str) -> None: ...
    def reset_password(self, person_id: str) -> None: ...
    def forget_totp(self, person_id: str) -> None: ...
    def sign_out_everywhere(self, person_id: str) -> None: ...


class People(Protocol):
    def get(self, person_id: str) -> Person | None: ...
    def page(self, *, limit: int, cursor: str | None) -> tuple[list[Person], str | None]: ...
    def add(self, person: Person, *, audit: AuditEvent) -> None: ...
    def save(
        self, before: Person, after: Person, *, audit: AuditEvent, by_admin: str | None
    ) -> Person:
        """
        Write what differs over the version that was read, together with the audit event.

        Args:
            by_admin: The person who must still be a working admin when it is written; this is
                what keeps two admins from removing each other at once.

        Raises:
            PersonMoved: Either changed meanwhile.
        """
        ...

    def touch(self, person_id: str, *, signed_out_at: datetime | None = None) -> None: ...
    def audit_page(
        self, *, limit: int, cursor: str | None
    ) -> tuple[list[AuditEvent], str | None]: ...


class Portfolios(Protocol):
    def exists(self, portfolio_id: str) -> bool: ...


def status(person: Person) -> str:
    """Say ``invited``, ``active`` or ``disabled``."""
    if person.disabled:
        return "disabled"
    return "invited" if person.last_seen_at is None else "active"


def page(
    *, actor: Actor, people: People, limit: int, cursor: str | None
) -> tuple[list[Person], str | None]:
    need(actor, Role.ADMIN)
    return people.page(limit=limit, cursor=cursor)


def get(person_id: str, *, actor: Actor, people: People) -> Person:
    need(actor, Role.ADMIN)
    return _found(people, person_id)


def invite(
    *,
    email: str,
    name: str,
    role: Role,
    portfolios: tuple[str, ...],
    team: str,
    language: str,
    actor: Actor,
    identity: Identity,
    people: People,
    known_portfolios: Portfolios,
    now: datetime,
) -> Person:
    """
    Add a person and e-mail them a first password.

    Safe to repeat after a failure half-way: an invitation of which only the identity
    provider knows is finished.

    Raises:
        EmailTaken: Somebody has this address.
        BadField: No such portfolio, or the role may not have it.
    """
    need(actor, Role.ADMIN)
    scope = _scope(role, portfolios, known_portfolios)
    known = identity.person_id(email)
    if known is not None and people.get(known) is not None:
        raise EmailTaken
    if known is None:
        person_id = identity.invite(email, name, language)
    else:
        person_id = known
        identity.invite_again(email, language)
    identity.set_role(person_id, role.value)
    person = Person(
        person_id=person_id,
        email=email,
        name=name,
        role=role,
        portfolios=scope,
        team=team,
        language=language,
        invited_at=now,
    )
    facts = {"role": role.value, "portfolios": list(scope)}
    people.add(person, audit=audited("person.invited", f"person:{person_id}", actor, now, facts))
    return person


def change(
    person_id: str,
    changes: dict[str, Any],
    *,
    actor: Actor,
    identity: Identity,
    people: People,
    known_portfolios: Portfolios,
    now: datetime,
) -> Person:
    """
    Change what an admin may: ``name``, ``role``, ``portfolios``, ``team``, ``phone``, ``disabled``.

    Disabling works at once, whatever tokens are about. Safe to repeat.

    Raises:
        PersonNotFound: No such person.
        NotYourself: An admin may not disable or demote themself.
        PersonMoved: Somebody else changed them meanwhile.
    """
    need(actor, Role.ADMIN)
    before = _found(people, person_id)
    after = _with(before, changes, known_portfolios)
    if actor.person_id == person_id and (
        after.disabled or after.role is not before.role or after.portfolios != before.portfolios
    ):
        raise NotYourself
    if after.disabled and not before.disabled:
        after = replace(after, signed_out_at=now)
    saved = before
    if after != before:
        audit = audited(
            "person.changed", f"person:{person_id}", actor, now, _differences(before, after)
        )
        saved = people.save(before, after, audit=audit, by_admin=_admin(actor))
    # The row rules; the identity provider follows, again if it failed the last time.
    if "disabled" in changes:
        if saved.disabled:
            identity.disable(person_id)
            identity.sign_out_everywhere(person_id)
        else:
            identity.enable(person_id)
    if "role" in changes:
        identity.set_role(person_id, saved.role.value)
    return saved


def put_photo(
    person_id: str,
    image: bytes,
    *,
    actor: Actor,
    people: People,
    media: images.Media,
    now: datetime,
) -> Person:
    """
    Publish the photo that a credential shows. Safe to repeat.

    Raises:
        BadField: Not a PNG, JPEG or WebP, or too large.
    """
    need(actor, Role.ADMIN)
    before = _found(people, person_id)
    after = replace(before, photo_key=images.publish(image, prefix="people/", media=media))
    if after == before:
        return before
    audit = audited("person.changed", f"person:{person_id}", actor, now, {"photo": "changed"})
    return people.save(before, after, audit=audit, by_admin=_admin(actor))


def change_own(changes: dict[str, Any], *, actor: Actor, people: People, now: datetime) -> Person:
    """Change one's own ``name``, ``language`` or ``phone``, or what one is told by e-mail."""
    before = _found(people, person_of(actor))
    own: dict[str, Any] = {
        key: Often(changes[key]) if key in MAIL else changes[key] for key in OWN if key in changes
    }
    after = replace(before, **own)
    if after == before:
        return before
    facts = _differences(before, after)
    audit = audited("person.changed", f"person:{before.person_id}", actor, now, facts)
    return people.save(before, after, audit=audit, by_admin=None)


def own(*, actor: Actor, people: People) -> Person:
    return _found(people, person_of(actor))


def reset_password(
    person_id: str, *, actor: Actor, identity: Identity, people: People, now: datetime
) -> None:
    """
    Make a password useless, e-mail a code to set another, end every session. Safe to repeat.

    Raises:
        NotActive: They have no password of their own yet (send the invitation again), or are
            disabled.
    """
    need(actor, Role.ADMIN)
    person = _found(people, person_id)
    if status(person) != "active":
        raise NotActive
    after = replace(person, signed_out_at=now)
    audit = audited("person.password_reset", f"person:{person_id}", actor, now, {})
    people.save(person, after, audit=audit, by_admin=_admin(actor))
    identity.reset_password(person_id)
    identity.sign_out_everywhere(person_id)


def forget_totp(
    person_id: str, *, actor: Actor, identity: Identity, people: People, now: datetime
) -> Person:
    """
    Remove a lost second factor; whoever's role needs one sets it up anew. Safe to repeat.

    Raises:
        NotYourself: Another admin has to do it.
    """
    need(actor, Role.ADMIN)
    if actor.person_id == person_id:
        raise NotYourself
    before = _found(people, person_id)
    after = replace(before, totp=False, signed_out_at=now)
    audit = audited("person.totp_removed", f"person:{person_id}", actor, now, {})
    saved = people.save(before, after, audit=audit, by_admin=_admin(actor))
    identity.forget_totp(person_id)
    identity.sign_out_everywhere(person_id)
    return saved


def invite_again(
    person_id: str, *, actor: Actor, identity: Identity, people: People, now: datetime
) -> None:
    """
    E-mail a new first password.

    Raises:
        AlreadyActive: They have signed in already.
        NotActive: They are disabled.
    """
    need(actor, Role.ADMIN)
    person = _found(people, person_id)
    if person.disabled:
        raise NotActive
    if status(person) == "active":
        raise AlreadyActive
    identity.invite_again(person.email, person.language)
    audit = audited("person.invited_again", f"person:{person_id}", actor, now, {})
    people.save(person, replace(person, invited_at=now), audit=audit, by_admin=_admin(actor))


def audit_page(
    *, actor: Actor, people: People, limit: int, cursor: str | None
) -> tuple[list[AuditEvent], str | None]:
    """What was done to people, portfolios and tokens, newest first."""
    need(actor, Role.ADMIN)
    return people.audit_page(limit=limit, cursor=cursor)


def _with(before: Person, changes: dict[str, Any], known: Portfolios) -> Person:
    after = replace(before, **{k: v for k, v in changes.items() if k not in ("role", "portfolios")})
    if "role" in changes or "portfolios" in changes:
        role = Role(changes.get("role", before.role))
        wanted = changes.get("portfolios")
        if wanted is None:
            # An admin who becomes something else keeps nothing by default.
            wanted = [p for p in before.portfolios if p != "*" or role is Role.ADMIN]
        after = replace(after, role=role, portfolios=_scope(role, tuple(wanted), known))
    return after


def _scope(role: Role, portfolios: tuple[str, ...], known: Portfolios) -> tuple[str, ...]:
    if role is Role.ADMIN:
        return EVERY_PORTFOLIO
    for index, portfolio_id in enumerate(portfolios):
        if not known.exists(portfolio_id):
            raise BadField(field=f"portfolios.{index}", reason="not_found")
    return tuple(dict.fromkeys(portfolios))


def _differences(before: Person, after: Person) -> dict[str, Any]:
    """Old and new of what is not personal; only the name of the field for the rest."""
    facts: dict[str, Any] = {}
    for field in (*OWN, "team", *AUDITED_WITH_VALUES):
        old, new = getattr(before, field), getattr(after, field)
        if old != new:
            facts[field] = (
                [to_plain(old), to_plain(new)] if field in AUDITED_WITH_VALUES else "changed"
            )
    return facts


def _admin(actor: Actor) -> str | None:
    """Name the admin whose rights the change rests on; the system itself has none to lose."""
    kind, _, name = actor.actor_id.partition(":")
    return name if kind == "user" else None


def _found(people: People, person_id: str) -> Person:
    person = people.get(person_id)
    if person is None:
        raise PersonNotFound
    return person
