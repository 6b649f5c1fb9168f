"""The people a stack must begin with: nobody is there yet to invite them."""

from datetime import UTC, datetime

from chalicelib.domain.people import Person, Role
from chalicelib.store.people import item_of
from infra.aws import Cloud


def ensure(cloud: Cloud, table: str, *, sub: str, email: str, name: str, role: str) -> None:
    """
    Have a row for somebody who is in the pool already. Safe to repeat: who is there stays.

    Args:
        table: The work table's name.
        sub: The person's id in the pool.
    """
    kind = Role(role)
    person = Person(
        person_id=sub,
        email=email,
        name=name,
        role=kind,
        portfolios=("*",) if kind is Role.ADMIN else (),
        invited_at=datetime.now(UTC),
    )
    dynamodb = cloud.client("dynamodb")
    try:
        dynamodb.put_item(
            TableName=table, Item=item_of(person), ConditionExpression="attribute_not_exists(pk)"
        )
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return


def open_portfolios(cloud: Cloud, table: str, *, sub: str, portfolios: list[str]) -> None:
    """Let a person work on more portfolios. Safe to repeat."""
    if not portfolios:
        return
    cloud.client("dynamodb").update_item(
        TableName=table,
        Key={"pk": {"S": "ORG"}, "sk": {"S": f"PERSON#{sub}"}},
        UpdateExpression="ADD portfolios :new, version :one",
        ExpressionAttributeValues={":new": {"SS": portfolios}, ":one": {"N": "1"}},
        ConditionExpression="attribute_exists(pk)",
    )
