"""The account that the API's tests run in: tables, buckets, queues, a user pool, people."""

import functools
import itertools
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import boto3

from chalicelib import wiring
from chalicelib.domain import ids
from chalicelib.domain.contact import Channel
from chalicelib.domain.conversation import Conversation, conversation_id
from chalicelib.domain.ids import new_id
from chalicelib.domain.people import AuditEvent, Person, Role
from chalicelib.store import table, tracking_table, work_table
from tests import engines
from tests.builders import a_debt, a_draft, change_of

PASSWORD = "Correcta-caballo-7"
BUCKETS = ("UPLOADS_BUCKET", "EXPORTS_BUCKET", "EVIDENCE_BUCKET", "SITE_BUCKET", "LAKE_BUCKET")
QUEUES = (
    "UPLOAD_STEPS_QUEUE_URL",
    "UPLOAD_CHUNKS_QUEUE_URL",
    "EXPORTS_QUEUE_URL",
    "CHANNEL_EVENTS_QUEUE_URL",
    "PLAN_QUEUE_URL",
    "MESSAGES_QUEUE_URL",
    "PAYMENT_EVENTS_QUEUE_URL",
    "LAKE_QUEUE_URL",
    "ROUTE_PLANS_QUEUE_URL",
)
STRONG = {
    "MinimumLength": 12,
    "RequireLowercase": True,
    "RequireUppercase": True,
    "RequireNumbers": True,
    "RequireSymbols": False,
}

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Cloud:
    """
    Args:
        environment: What the stack would tell its functions.
    """

    environment: dict[str, str]

    @property
    def pool_id(self) -> str:
        return self.environment["USER_POOL_ID"]

    @property
    def client_id(self) -> str:
        return self.environment["USER_POOL_CLIENT_ID"]

    def client(self, service: str) -> Any:
        return client_of(service)

    def person(
        self,
        email: str,
        role: Role,
        *,
        portfolios: tuple[str, ...] = (),
        totp: bool = False,
    ) -> Person:
        """Somebody who has accepted the invitation."""
        sub = wiring.identity().invite(email, "Ana", "es")
        self.client("cognito-idp").admin_set_user_password(
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


def put_case(
    portfolio_id: str,
    due_on: date,
    key: str = "D-1",
    external_id: str = "F-1",
    more: Sequence[date] = (),
) -> str:
    """Have a case that owes 1,000.00 since *due_on*, and as much since each of *more*; its id."""
    portfolio = wiring.portfolios().get(portfolio_id)
    debt = a_debt(external_id, portfolio_id, due_on=due_on)
    draft = a_draft(debt, portfolio=portfolio, key=key, now=datetime.now(UTC))
    for number, day in enumerate(more, start=2):
        name = f"{external_id}-{number}"
        one = a_debt(name, portfolio_id, due_on=day)
        draft.put_debt(one, source="upload", reference=name)
    wiring.cases().commit(change_of(draft))
    return ids.case_id(portfolio_id, key)


def put_conversation(portfolio_id: str, phone: str = "+525511112222") -> str:
    """Have a conversation with a number of no case that has not written yet; gives its id."""
    now = datetime.now(UTC)
    key = conversation_id(portfolio_id, Channel.WHATSAPP, phone)
    empty = Conversation(
        conversation_id=key,
        portfolio_id=portfolio_id,
        channel=Channel.WHATSAPP,
        phone=phone,
        recipient="+525500000000",
        created_at=now,
        moved_at=now,
    )
    wiring.conversations().save(empty, before=None, now=now)
    return key


def make_dead_queues() -> None:
    """Make the queue of what was given up on beside every queue there is."""
    for name in QUEUES:
        queue = os.environ[name].rpartition("/")[2]
        client_of("sqs").create_queue(QueueName=f"{queue}-dead")


@functools.cache
def client_of(service: Any) -> Any:
    """One client a process, of the endpoint in the environment: making one takes longest."""
    return boto3.client(service, endpoint_url=os.environ["AWS_ENDPOINT_URL"])


def make_cloud() -> Cloud:
    """Make everything anew, under names of its own: one server plays all accounts of a run."""
    number = next(_numbers)
    environment = {
        "STAGE": "test",
        "SITE_URL": "https://site.example",
        **_tables(number),
        **_user_pool(number),
    }
    for variable in BUCKETS:
        name = f"{variable.lower().replace('_', '-')}-{number}"
        client_of("s3").create_bucket(Bucket=name)
        environment[variable] = name
    for variable in QUEUES:
        name = f"{variable.lower().replace('_', '-')}-{number}"
        environment[variable] = client_of("sqs").create_queue(QueueName=name)["QueueUrl"]
    for variable in ("LINK_KEY_SECRET", "SUPPRESSION_KEY_SECRET"):
        secret = client_of("secretsmanager").create_secret(
            Name=f"{variable.lower().replace('_', '-')}-{number}", SecretString=f"{number:064d}"
        )
        environment[variable] = secret["ARN"]
    return Cloud(environment=environment)


def _tables(number: int) -> dict[str, str]:
    dynamodb = client_of("dynamodb")
    models = {
        "CASES_TABLE": table.CaseRow,
        "WORK_TABLE": work_table.WorkRow,
        "TRACKING_TABLE": tracking_table.TrackingRow,
    }
    names = {variable: f"{variable.removesuffix('_TABLE').lower()}-{number}" for variable in models}
    for variable, model in models.items():
        dynamodb.create_table(
            TableName=names[variable],
            BillingMode="PAY_PER_REQUEST",
            **engines.definition(model),
        )
    dynamodb.create_table(
        TableName=f"idempotency-{number}",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    )
    return names | {"IDEMPOTENCY_TABLE": f"idempotency-{number}"}


def _user_pool(number: int) -> dict[str, str]:
    cognito = client_of("cognito-idp")
    pool = cognito.create_user_pool(
        PoolName=f"recobro-{number}",
        UsernameAttributes=["email"],
        AutoVerifiedAttributes=["email"],
        Policies={"PasswordPolicy": STRONG},
        AdminCreateUserConfig={"AllowAdminCreateUserOnly": True},
    )["UserPool"]["Id"]
    for role in ("admin", "supervisor", "agent"):
        cognito.create_group(UserPoolId=pool, GroupName=role)
    client = cognito.create_user_pool_client(
        UserPoolId=pool,
        ClientName="api",
        ExplicitAuthFlows=["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        PreventUserExistenceErrors="ENABLED",
    )["UserPoolClient"]["ClientId"]
    return {"USER_POOL_ID": pool, "USER_POOL_CLIENT_ID": client}
