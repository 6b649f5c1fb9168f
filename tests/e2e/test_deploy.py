"""
``make deploy`` does on AWS what runs here against the emulator: the same code, CloudFront too.

The emulator cannot put a firewall in front of an API and has no configuration sets of SMS: those
two are left out.
"""

import json
import urllib.request

import pytest

from infra import deploy, stage
from infra.aws import Cloud
from local import processes, stack

pytestmark = [pytest.mark.stack, pytest.mark.slow]


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    """An empty account. Without IAM: the edge's TLS-only policies refuse plain HTTP."""
    state = tmp_path_factory.mktemp("account")
    port = processes.free_port()
    empty = Cloud(endpoint=f"http://127.0.0.1:{port}")
    stack.start_cloud(port, state, empty, auth=False, persist=False)
    yield empty
    processes.stop("cloud", state)


@pytest.fixture(scope="module")
def told():
    return []


def to_dev(cloud, work, say):
    return stage.to_stage(
        cloud,
        stage="dev",
        admin="primera@recobro.test",
        parameters={"Firewall": "false", "Texting": "false"},
        target="host",
        work=work,
        say=say,
    )


@pytest.fixture(scope="module")
def outputs(cloud, tmp_path_factory, told):
    return to_dev(cloud, tmp_path_factory.mktemp("build"), told.append)


def test_the_stack_knows_its_own_address(cloud, outputs):
    assert outputs["SiteUrl"] == f"https://{outputs['DistributionDomain']}"
    described = deploy.describe(cloud, "recobro-dev")
    assert described["StackStatus"] == "UPDATE_COMPLETE"
    assert {"Key": "stage", "Value": "dev"} in described["Tags"]


def test_the_site_is_up_with_its_cache_headers(cloud, outputs):
    s3 = cloud.client("s3")
    keys = [o["Key"] for o in s3.list_objects_v2(Bucket=outputs["SiteBucket"])["Contents"]]
    page = s3.head_object(Bucket=outputs["SiteBucket"], Key="panel/index.html")
    script = next(key for key in keys if key.startswith("assets/") and key.endswith(".js"))
    asset = s3.head_object(Bucket=outputs["SiteBucket"], Key=script)

    assert (page["CacheControl"], page["ContentType"]) == ("no-cache", "text/html; charset=utf-8")
    assert "immutable" in asset["CacheControl"]


def test_cloudfront_is_told_of_the_new_pages(cloud, outputs):
    made = cloud.client("cloudfront").list_invalidations(DistributionId=outputs["DistributionId"])

    assert made["InvalidationList"]["Quantity"] >= 1


def test_the_first_admin_is_invited(cloud, outputs):
    users = cloud.client("cognito-idp").list_users(UserPoolId=outputs["UserPoolId"])["Users"]
    assert [u["UserStatus"] for u in users] == ["FORCE_CHANGE_PASSWORD"]
    with urllib.request.urlopen(f"{cloud.endpoint}/_ministack/ses/messages") as answer:
        assert f"{outputs['SiteUrl']}/panel/" in json.dumps(json.load(answer))


def test_nothing_personal_or_secret_is_told(told, outputs):
    assert told
    assert not [line for line in told if "primera" in line or "EdgeKey" in line]


def test_a_second_time_changes_nothing(cloud, outputs, tmp_path):
    again = []
    to_dev(cloud, tmp_path, again.append)
    assert any("0 files sent, 0 removed" in line for line in again)
    users = cloud.client("cognito-idp").list_users(UserPoolId=outputs["UserPoolId"])["Users"]
    assert len(users) == 1
