"""People, for admins: invited, given a role and portfolios, disabled, reset."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint

from chalicelib import wiring
from chalicelib.domain.people import Person, Role
from chalicelib.handlers import sent_files, web
from chalicelib.handlers.sessions import me
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.services import people

bp = Blueprint(__name__)


@web.route(bp, "GET /people", answer="people:PeoplePage", query=web.PAGE)
def list_people(call: web.Call) -> dict[str, Any]:
    """List everybody."""
    found, cursor = people.page(
        actor=call.actor, people=wiring.people(), limit=call.limit, cursor=call.cursor
    )
    return {"items": [shape(person) for person in found], "cursor": cursor}


@web.route(bp, "POST /people", body="people:Invite", answer="people:Person", status=201)
def invite(call: web.Call) -> dict[str, Any]:
    """Add a person; they are e-mailed a first password."""
    person = people.invite(
        email=call.body.email.lower(),
        name=call.body.name,
        role=Role(call.body.role),
        portfolios=tuple(call.body.portfolios),
        team=call.body.team,
        language=call.body.language,
        actor=call.actor,
        identity=wiring.identity(),
        people=wiring.people(),
        known_portfolios=wiring.portfolios(),
        now=call.now,
    )
    return shape(person)


@web.route(bp, "GET /people/{person_id}", answer="people:Person")
def get_person(call: web.Call, person_id: str) -> dict[str, Any]:
    """Show one person."""
    return shape(people.get(person_id, actor=call.actor, people=wiring.people()))


@web.route(bp, "PATCH /people/{person_id}", body="people:ChangePerson", answer="people:Person")
def change(call: web.Call, person_id: str) -> dict[str, Any]:
    """Change a person's name, role, portfolios or team, or disable them."""
    changes = call.changes()
    if "portfolios" in changes:
        changes["portfolios"] = tuple(changes["portfolios"])
    person = people.change(
        person_id,
        changes,
        actor=call.actor,
        identity=wiring.identity(),
        people=wiring.people(),
        known_portfolios=wiring.portfolios(),
        now=call.now,
    )
    return shape(person)


@web.route(bp, "PUT /people/{person_id}/photo", body="people:NewPhoto", answer="people:Person")
def put_photo(call: web.Call, person_id: str) -> dict[str, Any]:
    """Set the photo that debtors see of an agent: PNG, JPEG or WebP, at most 128 KB, in base64."""
    person = people.put_photo(
        person_id,
        sent_files.content(call.body.image, "image"),
        actor=call.actor,
        people=wiring.people(),
        media=wiring.media(),
        now=call.now,
    )
    return shape(person)


@web.route(bp, "POST /people/{person_id}/password-reset", status=202)
def reset_password(call: web.Call, person_id: str) -> None:
    """Make the password useless and e-mail a code to set another."""
    people.reset_password(
        person_id,
        actor=call.actor,
        identity=wiring.identity(),
        people=wiring.people(),
        now=call.now,
    )


@web.route(bp, "POST /people/{person_id}/invitation", status=202)
def invite_again(call: web.Call, person_id: str) -> None:
    """Send the invitation again, with a new first password."""
    people.invite_again(
        person_id,
        actor=call.actor,
        identity=wiring.identity(),
        people=wiring.people(),
        now=call.now,
    )


@web.route(bp, "DELETE /people/{person_id}/totp", answer="people:Person")
def forget_totp(call: web.Call, person_id: str) -> dict[str, Any]:
    """Remove a lost second factor."""
    person = people.forget_totp(
        person_id,
        actor=call.actor,
        identity=wiring.identity(),
        people=wiring.people(),
        now=call.now,
    )
    return shape(person)


@web.route(bp, "GET /audit", answer="people:AuditPage", query=web.PAGE)
def audit(call: web.Call) -> dict[str, Any]:
    """What was done to people, portfolios and service tokens, newest first."""
    events, cursor = people.audit_page(
        actor=call.actor, people=wiring.people(), limit=call.limit, cursor=call.cursor
    )
    return {"items": events, "cursor": cursor}


def shape(person: Person) -> dict[str, Any]:
    """Shape a person as an admin sees them."""
    return me(person) | {
        "disabled": person.disabled,
        "invited_at": person.invited_at,
        "last_seen_at": person.last_seen_at,
        "status": people.status(person),
        "photo_key": person.photo_key,
    }
