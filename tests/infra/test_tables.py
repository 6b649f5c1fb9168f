"""The deployed tables are the ones the code was written for."""

import pytest

from chalicelib.store.table import CaseRow
from chalicelib.store.tracking_table import TrackingRow
from chalicelib.store.work_table import WorkRow

MODELS = {"Cases": CaseRow, "Work": WorkRow, "Tracking": TrackingRow}


def by_name(items, key):
    return {item[key]: item for item in items or []}


@pytest.mark.parametrize("table", MODELS)
def test_keys_and_indexes_are_the_models(resources, table):
    model = MODELS[table]
    schema = model._get_schema()
    deployed = resources[table]["Properties"]

    wanted_keys = {key["AttributeName"]: key["KeyType"] for key in schema["key_schema"]}
    assert {k["AttributeName"]: k["KeyType"] for k in deployed["KeySchema"]} == wanted_keys

    wanted = by_name(schema["global_secondary_indexes"], "index_name")
    there = by_name(deployed.get("GlobalSecondaryIndexes"), "IndexName")
    assert there.keys() == wanted.keys()
    for name, index in there.items():
        assert {k["AttributeName"]: k["KeyType"] for k in index["KeySchema"]} == {
            k["AttributeName"]: k["KeyType"] for k in wanted[name]["key_schema"]
        }
        projection = wanted[name]["projection"]
        assert index["Projection"]["ProjectionType"] == projection["ProjectionType"]
        assert sorted(index["Projection"].get("NonKeyAttributes", [])) == sorted(
            projection.get("NonKeyAttributes", [])
        )


def test_roles_reach_every_index(resources):
    from infra.grants import INDEXES

    for table in MODELS:
        deployed = resources[table]["Properties"].get("GlobalSecondaryIndexes", [])
        assert set(INDEXES.get(table, ())) == {index["IndexName"] for index in deployed}


@pytest.mark.parametrize(
    ("table", "attribute"),
    [("Work", "expires_at"), ("Tracking", "expires_at"), ("Idempotency", "expiration")],
)
def test_what_has_an_end_goes_by_itself(resources, table, attribute):
    assert resources[table]["Properties"]["TimeToLiveSpecification"] == {
        "AttributeName": attribute,
        "Enabled": True,
    }
