"""Signing in and out."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.handlers.models import Answer, Body
from chalicelib.handlers.models.common import Email, Language, Name, Phone

Password = Annotated[str, Field(min_length=1, max_length=256)]
OneTimeCode = Annotated[str, Field(pattern=r"^\d{6}$")]


Often = Literal["now", "daily", "never"]


class SignIn(Body):
    email: Email
    password: Password


class ChallengeAnswer(Body):
    new_password: Password | None = None
    code: OneTimeCode | None = None


class AnswerChallenge(Body):
    email: Email
    challenge: Literal["new_password", "totp", "totp_setup"]
    session: Annotated[str, Field(min_length=20, max_length=4096)]
    answer: ChallengeAnswer


class Forgotten(Body):
    email: Email


class ResetPassword(Body):
    email: Email
    code: Annotated[str, Field(min_length=1, max_length=64)]
    password: Password


class ChangeMe(Body):
    name: Name | None = None
    language: Language | None = None
    phone: Phone | None = None
    mention_mail: Often | None = None
    task_mail: Often | None = None
    call_back_mail: Often | None = None
    approval_mail: Often | None = None


class ConfirmTotp(Body):
    code: OneTimeCode


class Totp(Answer):
    """What an authenticator app takes in: the secret, or its ``otpauth`` address as a QR code."""

    secret: str
    uri: str


class Me(Answer):
    person_id: str
    email: str
    name: str
    role: Literal["admin", "supervisor", "agent"]
    portfolios: list[str] = Field(description='Ids; ["*"] is all of them.')
    language: Language
    totp: bool
    team: str
    phone: str = Field(description="E.164, or empty; SOS alarms of agents go there by SMS.")
    mention_mail: Often = Field(description="How often one is told of mentions by e-mail.")
    task_mail: Often = Field(description="The same, of tasks that somebody gives one.")
    call_back_mail: Often = Field(
        description="The same, of call-backs that one promised; at once is at their hour."
    )
    approval_mail: Often = Field(
        description="The same, of what waits for one's decision; at once is hourly at most."
    )


class Session(Answer):
    """
    Signed in: ``access_token``, ``expires_in`` (seconds) and ``me``; or one more thing to
    prove: ``challenge`` and ``session``, with ``totp`` when a second factor is to be set up.
    """

    access_token: str | None = None
    expires_in: int | None = None
    me: Me | None = None
    challenge: Literal["new_password", "totp", "totp_setup"] | None = None
    session: str | None = None
    totp: Totp | None = None
