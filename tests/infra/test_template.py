"""What must hold for every resource, whoever adds the next one."""

import importlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from chalice.config import Config
from chalice.deploy.validate import validate_routes

from infra import build
from infra.edge import content_security_policy
from infra.grants import statements
from tests.infra.conftest import of_type

ROOT = build.ROOT


def test_cfn_lint_has_nothing_to_say(template_file):
    lint = Path(sys.executable).with_name("cfn-lint")
    said = subprocess.run(
        [lint, template_file], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert (said.returncode, said.stdout) == (0, "")


def test_the_security_scan_has_nothing_to_say(template_file):
    scanner = ROOT / ".venv-scan" / "bin" / "checkov"
    if not scanner.is_file():
        pytest.skip("needs .venv-scan: make test makes it")
    said = subprocess.run(
        [scanner, "--config-file", ROOT / ".checkov.yaml", "-f", template_file],
        capture_output=True,
        text=True,
        check=False,
    )

    assert said.returncode == 0, said.stdout


def test_routes_are_what_api_gateway_takes():
    import app

    validate_routes(app.app.routes)
    assert Config.create(chalice_app=app.app).chalice_app is app.app


def test_every_handler_is_in_app_py(functions):
    """A blueprint's own handler would run without the middleware: Lambda never imports app.py."""
    handlers = {f["Properties"]["Handler"] for f in functions.values()}
    others = {one for one in handlers if not one.startswith("app.")}

    assert others
    for handler in others:  # those of the other packages
        module, _, name = handler.rpartition(".")
        assert module in {"lake.functions", "planner.functions"}
        assert callable(getattr(importlib.import_module(module), name))


def test_each_function_has_a_role_and_a_log_group_of_its_own(functions, resources):
    roles = [json.dumps(f["Properties"]["Role"]) for f in functions.values()]
    groups = [f["Properties"]["LoggingConfig"]["LogGroup"]["Ref"] for f in functions.values()]

    assert len(set(roles)) == len(set(groups)) == len(functions)
    for group in groups:
        assert resources[group]["Properties"]["RetentionInDays"] == {"Ref": "LogDays"}


def test_no_role_may_do_everything_or_reach_everything(resources):
    for name, role in of_type(resources, "AWS::IAM::Role").items():
        for policy in role["Properties"].get("Policies", []):
            for statement in policy["PolicyDocument"]["Statement"]:
                assert not [a for a in statement["Action"] if "*" in a], name
                reached = statement["Resource"]
                for resource in reached if isinstance(reached, list) else [reached]:
                    secret = resources.get(str(resource.get("Ref")), {}).get("Type", "")
                    is_secret = secret == "AWS::SecretsManager::Secret"  # its Ref is its ARN
                    assert is_secret or _is_narrow(resource), (name, resource)


def _is_narrow(resource):
    if not isinstance(resource, dict):
        return False
    if str(resource.get("Ref", "")).endswith("Arns"):  # a parameter that lists what may be used
        return True
    # Four places for a star: objects of one bucket, under one folder or the bucket's all; the
    # secrets of payments, whose names people's portfolios make; the calls of one instance of
    # Connect, which has no call before it is made; and the rule of GuardDuty's own.
    text = resource.get("Fn::Sub", "")
    whole = text.startswith("arn:") and "*" not in text  # an AWS service's own resource
    in_bucket = re.fullmatch(r"\$\{\w+\.Arn\}/[\w/-]*\*?", text)
    secrets = re.fullmatch(r"arn:.*:secret:\$\{AWS::StackName\}/payments/\*", text)
    rung = re.fullmatch(r"arn:.*:instance/\$\{ConnectInstance\}/contact/\*", text)
    own_rule = text.endswith(":rule/DO-NOT-DELETE-AmazonGuardDutyMalwareProtectionS3*")
    return "Fn::GetAtt" in resource or whole or bool(in_bucket or secrets or rung or own_rule)


def test_a_grant_says_only_what_it_means():
    made = statements([{"table": "Work", "may": "read"}], "SomeLogs")

    assert {a for s in made for a in s["Action"]} == {
        "logs:CreateLogStream",
        "logs:PutLogEvents",
        "dynamodb:GetItem",
        "dynamodb:BatchGetItem",
        "dynamodb:Query",
        "kms:Decrypt",
        "kms:DescribeKey",
    }


def test_every_queue_that_works_has_a_dead_letter_queue(resources):
    queues = of_type(resources, "AWS::SQS::Queue")
    for name, queue in queues.items():
        redrive = queue["Properties"].get("RedrivePolicy")
        if name.endswith("Dead"):
            assert redrive is None
            continue
        assert redrive["deadLetterTargetArn"]["Fn::GetAtt"][0] in queues
        assert redrive["maxReceiveCount"] >= 3


def test_queues_are_worked_in_parts_and_within_bounds(functions, resources):
    by_name = {
        q["Properties"]["QueueName"]["Fn::Sub"]: q["Properties"]
        for q in of_type(resources, "AWS::SQS::Queue").values()
    }
    for function in functions.values():
        for event in function["Properties"].get("Events", {}).values():
            if event["Type"] != "SQS":
                continue
            source = event["Properties"]
            stack = "${AWS::StackName}"
            if "Fn::GetAtt" in source["Queue"]:
                queue = resources[source["Queue"]["Fn::GetAtt"][0]]["Properties"]
            else:
                queue = by_name[stack + source["Queue"]["Fn::Sub"].partition(stack)[2]]
            assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
            assert source["ScalingConfig"]["MaximumConcurrency"]["Fn::If"][1] >= 2
            # Less, and a message comes a second time while it is being worked on.
            assert queue["VisibilityTimeout"] >= 6 * function["Properties"]["Timeout"]


def test_events_that_cannot_be_delivered_are_kept(functions):
    for function in functions.values():
        for event in function["Properties"].get("Events", {}).values():
            if event["Type"] == "CloudWatchEvent":
                assert (
                    event["Properties"]["DeadLetterConfig"]["Arn"]["Fn::GetAtt"][0] == "EventsDead"
                )


def test_buckets_are_private_encrypted_and_tls_only(resources):
    policies = {
        p["Properties"]["Bucket"]["Ref"]: p["Properties"]["PolicyDocument"]["Statement"]
        for p in of_type(resources, "AWS::S3::BucketPolicy").values()
    }
    for name, bucket in of_type(resources, "AWS::S3::Bucket").items():
        assert set(bucket["Properties"]["PublicAccessBlockConfiguration"].values()) == {True}
        assert bucket["Properties"]["BucketEncryption"]
        assert "TlsOnly" in {s.get("Sid") for s in policies[name]}
        assert bucket["Properties"]["LifecycleConfiguration"]["Rules"]


def test_a_scanner_is_there_only_where_it_is_asked_for(template, resources):
    plans = of_type(resources, "AWS::GuardDuty::MalwareProtectionPlan")
    assert {plan["Condition"] for plan in plans.values()} == {"HasMalwareScan"}
    assert template["Parameters"]["MalwareScan"]["Default"] == "off"
    protected = {
        plan["Properties"]["ProtectedResource"]["S3Bucket"]["BucketName"]["Ref"]
        for plan in plans.values()
    }
    assert protected == {"Uploads", "Evidence"}
    for plan in plans.values():
        assert plan["Properties"]["Actions"] == {"Tagging": {"Status": "ENABLED"}}
        folders = plan["Properties"]["ProtectedResource"]["S3Bucket"].get("ObjectPrefixes", [])
        assert len(folders) <= 5  # as many as AWS takes


def test_a_bucket_itself_refuses_what_the_scanner_marked(resources):
    for name in ("Uploads", "Evidence"):
        policy = resources[f"{name}Policy"]["Properties"]["PolicyDocument"]["Statement"]
        (_, refused, nothing) = policy[1]["Fn::If"]
        assert nothing == {"Ref": "AWS::NoValue"}
        assert (refused["Effect"], refused["Principal"]) == ("Deny", "*")
        assert refused["Condition"]["StringEquals"] == {
            "s3:ExistingObjectTag/GuardDutyMalwareScanStatus": "THREATS_FOUND"
        }


def test_only_results_of_our_buckets_are_heard(functions):
    (event,) = functions["NoteScan"]["Properties"]["Events"].values()
    pattern = event["Properties"]["Pattern"]
    assert pattern["source"] == ["aws.guardduty"]
    assert pattern["detail-type"] == ["GuardDuty Malware Protection Object Scan Result"]
    assert pattern["detail"]["s3ObjectDetails"]["bucketName"] == [
        {"Ref": "Uploads"},
        {"Ref": "Evidence"},
    ]


def test_what_identifies_a_debtor_is_under_our_own_key(resources):
    for name in ("Cases", "Work", "Tracking", "Idempotency"):
        properties = resources[name]["Properties"]
        assert properties["SSESpecification"]["KMSMasterKeyId"] == {"Fn::GetAtt": ["Key", "Arn"]}
        assert properties["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"]
    for name in ("Uploads", "Evidence", "Exports"):
        rule = resources[name]["Properties"]["BucketEncryption"][
            "ServerSideEncryptionConfiguration"
        ]
        assert rule[0]["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"


def test_every_alarm_has_its_page_and_its_name(resources):
    alarms = of_type(resources, "AWS::CloudWatch::Alarm")
    assert len(alarms) >= 10
    for alarm in alarms.values():
        page = ROOT / alarm["Properties"]["AlarmDescription"]
        assert page.is_file(), f"write {page.relative_to(ROOT)}"
        name = alarm["Properties"]["AlarmName"]["Fn::Sub"].removeprefix("${AWS::StackName}-")
        assert name.startswith(page.stem)
        assert alarm["Properties"]["AlarmActions"] == [{"Ref": "AlarmTopic"}]


def test_no_page_of_the_runbook_is_orphaned(resources):
    used = {
        Path(a["Properties"]["AlarmDescription"]).name
        for a in of_type(resources, "AWS::CloudWatch::Alarm").values()
    }
    pages = {p.name for p in (ROOT / "docs" / "runbook").glob("*.md")}

    assert pages - used == {"README.md", "budget.md"}


def test_cloudfront_and_the_laptop_send_the_same_policy(resources):
    config = resources["SiteHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]
    policy = config["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"]

    assert "unsafe" not in policy["Fn::Sub"]
    assert re.sub(r" https://\S+(?=;| https)", "", policy["Fn::Sub"]) == content_security_policy()


def test_it_fits_what_cloudformation_takes(template_file, resources):
    assert template_file.stat().st_size < 1_000_000
    # The SAM transform adds a permission or an event source beside most functions.
    assert len(resources) * 1.3 < 500
