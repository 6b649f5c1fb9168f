"""The whole pipeline through the real handlers, stores, buckets and queues."""

import pytest

from chalicelib.domain.upload import UploadState
from tests import engines, upload_world
from tests.unit.uploads.test_pipeline import a_file

pytestmark = pytest.mark.dynamodb_local


@pytest.fixture(scope="module")
def _engines():
    with upload_world.world(tables=engines.dynamodb) as made:
        yield made


@pytest.fixture
def world(_engines, request):
    portfolio = upload_world.add_portfolio(f"prt_{abs(hash(request.node.name))}")
    return upload_world.World(portfolio=portfolio)


def test_a_file_becomes_cases_and_counters(world):
    upload = world.load(a_file(1200), mode="debts")

    _, sums = upload_world.state(world.portfolio.portfolio_id)
    assert upload.state is UploadState.DONE
    assert (upload.applied.created, upload.applied.rows) == (1200, 1200)
    assert sums["TOTAL.balance_minor"] == upload.applied.amount_minor
    assert sums["TOTAL.debts"] == 1200
    assert sums["TOTAL.cases_open"] == 50
