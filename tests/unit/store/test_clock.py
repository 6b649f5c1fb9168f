"""The laptop's clock can be moved; what reads it sees the move, and the cloud's does not move."""

from datetime import UTC, datetime, timedelta

import boto3
import pytest
from moto import mock_aws

from chalicelib.store import work_table
from chalicelib.store.clock import MovedClock
from chalicelib.wiring import clients
from local import clock

TABLE = "test-work"
A_MINUTE = timedelta(minutes=1)


class Cloud:
    def client(self, service):
        return boto3.client(service, region_name="us-east-1")


@pytest.fixture
def cloud(monkeypatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        cloud = Cloud()
        cloud.client("dynamodb").create_table(
            TableName=TABLE,
            KeySchema=[
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
            AttributeDefinitions=[
                {"AttributeName": "pk", "AttributeType": "S"},
                {"AttributeName": "sk", "AttributeType": "S"},
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        work_table.bind(TABLE)
        yield cloud


def ahead(now):
    return now - datetime.now(UTC)


def test_a_moved_clock_is_seen_and_can_be_put_right(cloud):
    assert abs(ahead(MovedClock().now())) < A_MINUTE

    clock.move(cloud, TABLE, timedelta(days=31))
    assert abs(ahead(MovedClock().now()) - timedelta(days=31)) < A_MINUTE
    assert clock.read(cloud, TABLE) == timedelta(days=31)

    clock.move(cloud, TABLE, timedelta())
    assert abs(ahead(MovedClock().now())) < A_MINUTE


@pytest.mark.parametrize(("stage", "moves"), [("local", True), ("dev", False), ("prod", False)])
def test_only_the_laptop_has_such_a_clock(cloud, monkeypatch, stage, moves):
    class Settings:
        work_table = TABLE

    Settings.stage = stage
    monkeypatch.setattr(clients, "settings", Settings)
    clients.bind_work_table.cache_clear()
    clients._laptop_clock.cache_clear()
    clock.move(cloud, TABLE, timedelta(days=9))
    try:
        assert (ahead(clients.now()) > timedelta(days=8)) is moves
    finally:
        clients.bind_work_table.cache_clear()
        clients._laptop_clock.cache_clear()
