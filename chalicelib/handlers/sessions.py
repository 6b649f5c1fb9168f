"""Signing in and out, and one's own account."""

from __future__ import annotations

from http.cookies import SimpleCookie
from typing import Any

from chalice.app import Blueprint, Response

from chalicelib import wiring
from chalicelib.config import settings
from chalicelib.domain.errors import BadField, SessionEnded
from chalicelib.domain.people import Person
from chalicelib.handlers import web
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.services import people, sessions

bp = Blueprint(__name__)

COOKIE = "recobro_refresh"
# The cookie goes to the session's own routes and nowhere else; scripts never see it.
COOKIE_RULES = "Path=/api/v1/session; HttpOnly; SameSite=Strict"
COOKIE_LASTS_S = 12 * 3600  # as long as the pool's refresh tokens: a working day


@web.route(bp, "POST /session", body="sessions:SignIn", answer="sessions:Session", public=True)
def sign_in(call: web.Call) -> Response:
    """
    Sign in with e-mail and password.

    Answers an access token, and the refresh token as an HttpOnly cookie; or a challenge:
    `new_password`, `totp`, or `totp_setup` for roles that need a second factor.
    """
    outcome = sessions.sign_in(
        _email(call.body.email),
        call.body.password,
        identity=wiring.identity(),
        people=wiring.people(),
        totp_required_roles=settings().totp_required_roles,
        now=call.now,
    )
    return _answer(outcome)


@web.route(
    bp,
    "POST /session/challenge",
    body="sessions:AnswerChallenge",
    answer="sessions:Session",
    public=True,
)
def answer_challenge(call: web.Call) -> Response:
    """Answer a challenge of the sign-in."""
    wanted = "new_password" if call.body.challenge == "new_password" else "code"
    if getattr(call.body.answer, wanted) is None:
        raise BadField(field=f"answer.{wanted}", reason="missing")
    outcome = sessions.answer(
        _email(call.body.email),
        kind=call.body.challenge,
        session=call.body.session,
        new_password=call.body.answer.new_password,
        code=call.body.answer.code,
        refresh_token=_cookie(call),
        identity=wiring.identity(),
        people=wiring.people(),
        totp_required_roles=settings().totp_required_roles,
        now=call.now,
    )
    return _answer(outcome)


@web.route(bp, "POST /session/refresh", answer="sessions:Session", public=True)
def refresh(call: web.Call) -> Response:
    """Get a new access token; the refresh token comes by cookie."""
    token = _cookie(call)
    if token is None:
        raise SessionEnded
    signed_in = sessions.refresh(
        token,
        identity=wiring.identity(),
        people=wiring.people(),
        totp_required_roles=settings().totp_required_roles,
        now=call.now,
    )
    return _answer(signed_in)


@web.route(bp, "DELETE /session", status=204, public=True)
def sign_out(call: web.Call) -> Response:
    """Sign out of this browser."""
    sessions.sign_out(_cookie(call), identity=wiring.identity())
    return Response("", status_code=204, headers=_set_cookie("", lasts_s=0))


@web.route(bp, "DELETE /session/all", status=204)
def sign_out_everywhere(call: web.Call) -> Response:
    """Sign out of every browser and phone."""
    sessions.sign_out_everywhere(
        call.actor, identity=wiring.identity(), people=wiring.people(), now=call.now
    )
    return Response("", status_code=204, headers=_set_cookie("", lasts_s=0))


@web.route(bp, "POST /password/forgotten", body="sessions:Forgotten", status=202, public=True)
def forgotten(call: web.Call) -> None:
    """Ask for a code to reset a password with; the answer is the same for any address."""
    sessions.forgotten(_email(call.body.email), identity=wiring.identity())


@web.route(bp, "POST /password/reset", body="sessions:ResetPassword", status=204, public=True)
def reset(call: web.Call) -> None:
    """Set a new password with the e-mailed code; ends every session there was."""
    sessions.reset(
        _email(call.body.email),
        call.body.code,
        call.body.password,
        identity=wiring.identity(),
        people=wiring.people(),
        now=call.now,
    )


@web.route(bp, "GET /me", answer="sessions:Me")
def get_me(call: web.Call) -> dict[str, Any]:
    """Say who is signed in."""
    return me(people.own(actor=call.actor, people=wiring.people()))


@web.route(bp, "PATCH /me", body="sessions:ChangeMe", answer="sessions:Me")
def change_me(call: web.Call) -> dict[str, Any]:
    """Change one's own name, language or phone, or what one is told by e-mail."""
    person = people.change_own(
        call.changes(), actor=call.actor, people=wiring.people(), now=call.now
    )
    return me(person)


@web.route(bp, "POST /me/totp", answer="sessions:Totp")
def start_totp(call: web.Call) -> dict[str, str]:
    """Begin to set up a second factor."""
    person = people.own(actor=call.actor, people=wiring.people())
    secret, uri = sessions.start_totp(call.bearer, email=person.email, identity=wiring.identity())
    return {"secret": secret, "uri": uri}


@web.route(bp, "PUT /me/totp", body="sessions:ConfirmTotp", status=204)
def confirm_totp(call: web.Call) -> None:
    """Finish setting up a second factor with a code from the app."""
    people.own(actor=call.actor, people=wiring.people())
    sessions.confirm_totp(
        call.bearer, call.body.code, identity=wiring.identity(), people=wiring.people()
    )


def me(person: Person) -> dict[str, Any]:
    """Shape a person as they see themself."""
    return {
        "person_id": person.person_id,
        "email": person.email,
        "name": person.name,
        "role": person.role,
        "portfolios": person.portfolios,
        "language": person.language,
        "totp": person.totp,
        "team": person.team,
        "phone": person.phone,
        "mention_mail": person.mention_mail,
        "task_mail": person.task_mail,
        "call_back_mail": person.call_back_mail,
        "approval_mail": person.approval_mail,
    }


def _answer(outcome: sessions.SignedIn | sessions.Step) -> Response:
    if isinstance(outcome, sessions.SignedIn):
        shape: dict[str, Any] = {
            "access_token": outcome.tokens.access_token,
            "expires_in": outcome.tokens.expires_in_s,
            "me": me(outcome.person),
        }
        refresh_token = outcome.tokens.refresh_token
    else:
        shape = {"challenge": outcome.kind, "session": outcome.session}
        if outcome.secret is not None:
            shape["totp"] = {"secret": outcome.secret, "uri": outcome.uri}
        refresh_token = outcome.refresh_token
    response = web.answered(shape, 200)
    if refresh_token is not None:
        response.headers = dict(response.headers) | _set_cookie(
            refresh_token, lasts_s=COOKIE_LASTS_S
        )
    return response


def _set_cookie(value: str, *, lasts_s: int) -> dict[str, str | list[str]]:
    secure = "; Secure" if settings().secure_cookies else ""
    return {"Set-Cookie": f"{COOKIE}={value}; Max-Age={lasts_s}; {COOKIE_RULES}{secure}"}


def _cookie(call: web.Call) -> str | None:
    sent = SimpleCookie(str(call.request.headers.get("cookie", ""))).get(COOKIE)
    return sent.value if sent is not None and sent.value else None


def _email(text: str) -> str:
    return text.strip().lower()
