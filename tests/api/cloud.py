"""The account that the API's tests run in: tables, buckets, a user pool, people."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import boto3

from chalicelib import wiring
from chalicelib.domain.ids import new_id
from chalicelib.domain.people import AuditEvent, Person, Role

PASSWORD = "Correcta-caballo-7"


@dataclass(frozen=True)
class Cloud:
    client: Callable[[str], Any]
    pool_id: str
    client_id: str

    def person(
        self,
        email: str,
        role: Role,
        *,
        portfolios: tuple[str, ...] = (),
        totp: bool = False,
    ) -> Person:
        """Somebody who has accepted the invitation."""
        cognito = self.client("cognito-idp")
        sub = wiring.identity().invite(email, "Ana", "es")
        cognito.admin_set_user_password(
            UserPoolId=self.pool_id, Username=sub, Password=PASSWORD, Permanent=True
        )
        now = datetime.now(UTC)
        person = Person(
            person_id=sub,
            email=email,
            name="Ana",
            role=role,
            portfolios=("*",) if role is Role.ADMIN else portfolios,
            invited_at=now,
            last_seen_at=now,
            totp=totp,
        )
        audit = AuditEvent(
            event_id=new_id("aud"),
            kind="person.invited",
            at=now,
            actor="system",
            subject=f"person:{sub}",
            facts={},
        )
        wiring.people().add(person, audit=audit)
        return person


@functools.cache
def client_of(service: Any) -> Any:
    """One client a process: making one costs more than a test."""
    return boto3.client(service, region_name="us-east-1")


def make_cloud() -> Cloud:
    dynamodb = client_of("dynamodb")
    for table in ("work", "cases"):
        dynamodb.create_table(
            TableName=table,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
            AttributeDefinitions=[
                {"AttributeName": "pk", "AttributeType": "S"},
                {"AttributeName": "sk", "AttributeType": "S"},
            ],
        )
    dynamodb.create_table(
        TableName="idempotency",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    )
    s3 = client_of("s3")
    for bucket in ("uploads", "exports", "evidence", "site"):
        s3.create_bucket(Bucket=bucket)
    cognito = client_of("cognito-idp")
    pool = cognito.create_user_pool(
        PoolName="recobro",
        UsernameAttributes=["email"],
        AutoVerifiedAttributes=["email"],
        Policies={
            "PasswordPolicy": {
                "MinimumLength": 12,
                "RequireLowercase": True,
                "RequireUppercase": True,
                "RequireNumbers": True,
                "RequireSymbols": False,
            }
        },
        AdminCreateUserConfig={"AllowAdminCreateUserOnly": True},
    )["UserPool"]
    for role in ("admin", "supervisor", "agent"):
        cognito.create_group(UserPoolId=pool["Id"], GroupName=role)
    client = cognito.create_user_pool_client(
        UserPoolId=pool["Id"],
        ClientName="api",
        ExplicitAuthFlows=["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        PreventUserExistenceErrors="ENABLED",
    )["UserPoolClient"]
    return Cloud(client=client_of, pool_id=pool["Id"], client_id=client["ClientId"])
