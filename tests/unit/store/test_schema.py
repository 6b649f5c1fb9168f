"""The template's tables are those the models describe, and so those that tests run on."""

from pathlib import Path

import pytest
import yaml

from chalicelib.store.table import CaseRow
from chalicelib.store.work_table import WorkRow
from tests import engines

TEMPLATE = Path(__file__).parents[3] / "infra" / "parts" / "tables.yaml"


class AnyTag(yaml.SafeLoader):
    """CloudFormation's short functions are of no interest here."""


AnyTag.add_multi_constructor("!", lambda *_: None)


def by_name(definition):
    """The same whatever order things are listed in."""
    types = {a["AttributeName"]: a["AttributeType"] for a in definition["AttributeDefinitions"]}
    indexes = {
        index["IndexName"]: (
            index["KeySchema"],
            index["Projection"]["ProjectionType"],
            sorted(index["Projection"].get("NonKeyAttributes", [])),
        )
        for index in definition.get("GlobalSecondaryIndexes", [])
    }
    return definition["KeySchema"], types, indexes


@pytest.mark.parametrize(("resource", "model"), [("Cases", CaseRow), ("Work", WorkRow)])
def test_keys_and_indexes_agree(resource, model):
    resources = yaml.load(TEMPLATE.read_text(), AnyTag)["Resources"]  # noqa: S506 (a SafeLoader)

    assert by_name(resources[resource]["Properties"]) == by_name(engines.definition(model))
