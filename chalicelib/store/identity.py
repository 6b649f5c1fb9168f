"""Amazon Cognito, in our words: its refusals become those of ``domain.errors``."""

import base64
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import ClientError, ParamValidationError

from chalicelib.domain.errors import (
    AlreadyActive,
    ChallengeEnded,
    CodeWrong,
    DomainError,
    EmailTaken,
    NotActive,
    PasswordResetRequired,
    PasswordTooWeak,
    SessionEnded,
    SignInFailed,
    TooManyAttempts,
)
from chalicelib.domain.people import Challenge, Tokens

ROLES = ("admin", "supervisor", "agent")  # the pool's groups
CHALLENGES = {"NEW_PASSWORD_REQUIRED": "new_password", "SOFTWARE_TOKEN_MFA": "totp"}
LOCKED_FOR_S = 60  # Cognito doubles its lock from one second to about a quarter of an hour

# What a refusal means wherever it comes up; a call may say otherwise for its own case.
REFUSALS: Mapping[str, type[DomainError]] = {
    "CodeMismatchException": CodeWrong,
    "EnableSoftwareTokenMFAException": CodeWrong,
    "ExpiredCodeException": CodeWrong,
    "InvalidPasswordException": PasswordTooWeak,
    "PasswordHistoryPolicyViolationException": PasswordTooWeak,
    "PasswordResetRequiredException": PasswordResetRequired,
    "UsernameExistsException": EmailTaken,
}
BUSY = {"TooManyRequestsException", "LimitExceededException", "TooManyFailedAttemptsException"}


class CognitoIdentity:
    """
    Args:
        client: A boto3 ``cognito-idp`` client.

    People sign in through the admin calls, which need our credentials: nobody can try
    passwords on the pool around the API and its rate rules.
    """

    def __init__(self, client: Any, *, pool_id: str, client_id: str) -> None:
        self._client = client
        self._pool = pool_id
        self._app = client_id

    def sign_in(self, email: str, password: str) -> Tokens | Challenge:
        unknown = dict.fromkeys(("NotAuthorizedException", "UserNotFoundException"), SignInFailed)
        with _refusals(unknown | {"UserNotConfirmedException": SignInFailed}):
            answer = self._client.admin_initiate_auth(
                UserPoolId=self._pool,
                ClientId=self._app,
                AuthFlow="ADMIN_USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": email, "PASSWORD": password},
            )
        return _outcome(answer)

    def new_password(self, email: str, session: str, password: str) -> Tokens | Challenge:
        return self._respond(
            "NEW_PASSWORD_REQUIRED", session, {"USERNAME": email, "NEW_PASSWORD": password}
        )

    def totp(self, email: str, session: str, code: str) -> Tokens | Challenge:
        return self._respond(
            "SOFTWARE_TOKEN_MFA", session, {"USERNAME": email, "SOFTWARE_TOKEN_MFA_CODE": code}
        )

    def refresh(self, refresh_token: str) -> Tokens:
        with _refusals(_all(SessionEnded)):
            answer = self._client.admin_initiate_auth(
                UserPoolId=self._pool,
                ClientId=self._app,
                AuthFlow="REFRESH_TOKEN_AUTH",
                AuthParameters={"REFRESH_TOKEN": refresh_token},
            )
        return _tokens(answer["AuthenticationResult"])

    def revoke(self, refresh_token: str) -> None:
        with _refusals(_all(SessionEnded) | {"UnsupportedTokenTypeException": SessionEnded}):
            self._client.revoke_token(Token=refresh_token, ClientId=self._app)

    def sign_out_everywhere(self, person_id: str) -> None:
        self._client.admin_user_global_sign_out(UserPoolId=self._pool, Username=person_id)

    def forgotten(self, email: str) -> None:
        with _refusals(_all(CodeWrong)):
            self._client.forgot_password(ClientId=self._app, Username=email)

    def reset(self, email: str, code: str, password: str) -> None:
        with _refusals(_all(CodeWrong)):
            self._client.confirm_forgot_password(
                ClientId=self._app, Username=email, ConfirmationCode=code, Password=password
            )

    def person_id(self, email: str) -> str | None:
        """Find whose address it is."""
        try:
            user = self._client.admin_get_user(UserPoolId=self._pool, Username=email)
        except self._client.exceptions.UserNotFoundException:
            return None
        return _sub(user["UserAttributes"])

    def start_totp(self, access_token: str) -> str:
        """Give a new secret; nothing changes until ``confirm_totp``."""
        with _refusals(_all(SessionEnded)):
            answer = self._client.associate_software_token(AccessToken=access_token)
        return str(answer["SecretCode"])

    def confirm_totp(self, access_token: str, code: str) -> str:
        """Turn the second factor on; say whose access token it was (Cognito has checked it)."""
        with _refusals(_all(ChallengeEnded) | {"InvalidParameterException": CodeWrong}):
            self._client.verify_software_token(AccessToken=access_token, UserCode=code)
            self._client.set_user_mfa_preference(
                AccessToken=access_token,
                SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True},
            )
            user = self._client.get_user(AccessToken=access_token)
        return _sub(user["UserAttributes"])

    def invite(self, email: str, name: str, language: str) -> str:
        """Make the user, whom Cognito e-mails a first password; give their id."""
        with _refusals({}):
            answer = self._client.admin_create_user(
                UserPoolId=self._pool,
                Username=email,
                UserAttributes=[
                    {"Name": "email", "Value": email},
                    {"Name": "email_verified", "Value": "true"},
                    {"Name": "name", "Value": name},
                ],
                DesiredDeliveryMediums=["EMAIL"],
                ClientMetadata={"language": language},
            )
        return _sub(answer["User"]["Attributes"])

    def invite_again(self, email: str, language: str) -> None:
        with _refusals({"UnsupportedUserStateException": AlreadyActive}):
            self._client.admin_create_user(
                UserPoolId=self._pool,
                Username=email,
                MessageAction="RESEND",
                DesiredDeliveryMediums=["EMAIL"],
                ClientMetadata={"language": language},
            )

    def set_role(self, person_id: str, role: str) -> None:
        """Keep the pool's groups in step; nothing of ours reads them back."""
        for other in ROLES:
            if other != role:
                self._client.admin_remove_user_from_group(
                    UserPoolId=self._pool, Username=person_id, GroupName=other
                )
        self._client.admin_add_user_to_group(
            UserPoolId=self._pool, Username=person_id, GroupName=role
        )

    def disable(self, person_id: str) -> None:
        self._client.admin_disable_user(UserPoolId=self._pool, Username=person_id)

    def enable(self, person_id: str) -> None:
        self._client.admin_enable_user(UserPoolId=self._pool, Username=person_id)

    def reset_password(self, person_id: str) -> None:
        with _refusals({"NotAuthorizedException": NotActive}):
            self._client.admin_reset_user_password(UserPoolId=self._pool, Username=person_id)

    def forget_totp(self, person_id: str) -> None:
        self._client.admin_set_user_mfa_preference(
            UserPoolId=self._pool,
            Username=person_id,
            SoftwareTokenMfaSettings={"Enabled": False, "PreferredMfa": False},
        )

    def _respond(
        self, challenge: str, session: str, responses: dict[str, str]
    ) -> Tokens | Challenge:
        with _refusals(_all(ChallengeEnded)):
            answer = self._client.admin_respond_to_auth_challenge(
                UserPoolId=self._pool,
                ClientId=self._app,
                ChallengeName=challenge,
                Session=session,
                ChallengeResponses=responses,
            )
        return _outcome(answer)


def _all(refusal: type[DomainError]) -> dict[str, type[DomainError]]:
    """What a call answers to whoever has no business with it: always the same."""
    return dict.fromkeys(
        (
            "NotAuthorizedException",
            "UserNotFoundException",
            "UserNotConfirmedException",
            "ResourceNotFoundException",
            "InvalidParameterException",
        ),
        refusal,
    )


@contextmanager
def _refusals(own: Mapping[str, type[DomainError]]) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        code = error.response["Error"]["Code"]
        # Cognito says "Password attempts exceeded" under the code of a wrong password.
        locked = "attempts exceeded" in error.response["Error"].get("Message", "")
        if code in BUSY or locked:
            raise TooManyAttempts(retry_after_s=LOCKED_FOR_S) from None
        refusal = own.get(code) or REFUSALS.get(code)
        if refusal is None:
            raise
        raise refusal from None
    except ParamValidationError:
        # What was sent cannot even be a token or a code; boto3 says so before Cognito can.
        refusal = own.get("InvalidParameterException")
        if refusal is None:
            raise
        raise refusal from None


def _outcome(answer: Mapping[str, Any]) -> Tokens | Challenge:
    if "AuthenticationResult" in answer:
        return _tokens(answer["AuthenticationResult"])
    return Challenge(kind=CHALLENGES[answer["ChallengeName"]], session=answer["Session"])


def _tokens(result: Mapping[str, Any]) -> Tokens:
    access_token = str(result["AccessToken"])
    return Tokens(
        person_id=_subject(access_token),
        access_token=access_token,
        expires_in_s=int(result["ExpiresIn"]),
        refresh_token=result.get("RefreshToken"),
    )


def _subject(access_token: str) -> str:
    """Read whose token it is; no check is due, it comes from Cognito itself."""
    payload = access_token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return str(claims["sub"])


def _sub(attributes: list[Mapping[str, str]]) -> str:
    return next(each["Value"] for each in attributes if each["Name"] == "sub")
