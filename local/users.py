"""The demo's people: one for each role, known passwords, on the laptop only."""

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from infra import people as first_people

if TYPE_CHECKING:
    from local.stack import Stack


@dataclass(frozen=True, slots=True)
class DemoUser:
    role: str
    email: str
    name: str
    password: str
    sub: str = ""


DEMO = (
    DemoUser("admin", "ana@recobro.test", "Ana Admin", "Recobro-Demo-2026"),
    DemoUser("supervisor", "sofia@recobro.test", "Sofía Supervisora", "Recobro-Demo-2026"),
    DemoUser("agent", "gael@recobro.test", "Gael Gestor", "Recobro-Demo-2026"),
)


def ensure(stack: "Stack") -> dict[str, DemoUser]:
    """Have the demo people in the pool, with their groups. Safe to repeat."""
    return {user.role: _ensure(stack, user) for user in DEMO}


def _ensure(stack: "Stack", user: DemoUser) -> DemoUser:
    pool = stack.outputs["UserPoolId"]
    cognito = stack.cloud.client("cognito-idp")
    with contextlib.suppress(cognito.exceptions.UsernameExistsException):
        cognito.admin_create_user(
            UserPoolId=pool,
            Username=user.email,
            MessageAction="SUPPRESS",
            UserAttributes=[
                {"Name": "email", "Value": user.email},
                {"Name": "email_verified", "Value": "true"},
                {"Name": "name", "Value": user.name},
            ],
        )
        cognito.admin_set_user_password(
            UserPoolId=pool, Username=user.email, Password=user.password, Permanent=True
        )
    cognito.admin_add_user_to_group(UserPoolId=pool, Username=user.email, GroupName=user.role)
    found = cognito.admin_get_user(UserPoolId=pool, Username=user.email)
    sub = next(a["Value"] for a in found["UserAttributes"] if a["Name"] == "sub")
    first_people.ensure(
        stack.cloud,
        stack.outputs["WorkTable"],
        sub=sub,
        email=user.email,
        name=user.name,
        role=user.role,
    )
    return DemoUser(user.role, user.email, user.name, user.password, sub)


def token(stack: "Stack", user: DemoUser) -> str:
    """An access token, for tests that are not about signing in."""
    try:
        answer = stack.cloud.client("cognito-idp").admin_initiate_auth(
            UserPoolId=stack.outputs["UserPoolId"],
            ClientId=stack.outputs["UserPoolClientId"],
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": user.email, "PASSWORD": user.password},
        )
    except ClientError as error:
        raise RuntimeError(f"no token for the demo's {user.role}: {error}") from error
    access: str = answer["AuthenticationResult"]["AccessToken"]
    return access
