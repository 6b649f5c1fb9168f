"""
Stands in for GuardDuty Malware Protection for S3: knows one thing, the test string of EICAR.

It hears of new objects as GuardDuty does, by EventBridge, puts the tag on them, and tells the
product what a real account would. The emulator lets nobody send events in AWS's name, so the
function is called as EventBridge would call it.
"""

import json
import sys
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chalicelib.domain.scan import from_outside
from infra.aws import Cloud

TAG = "GuardDutyMalwareScanStatus"
NAME = "recobro-scan-stand-in"
LISTENS_S = 10
THREAT = "EICAR-Test-File (not a virus)"
PLANNED = {"uploads": ("in/", "forms/"), "evidence": ("",)}  # as infra/parts/scanning.yaml

Detail = dict[str, Any]


def eicar() -> bytes:
    """The string that every scanner takes for a virus; never whole in a file of ours."""
    return (
        b"X5O!P%@AP[4" + b"\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"
    )


def listen(cloud: Cloud, buckets: list[str]) -> str:
    """Have new objects of the buckets told to a queue; gives its address. Safe to repeat."""
    sqs, events = cloud.client("sqs"), cloud.client("events")
    url = str(sqs.create_queue(QueueName=NAME)["QueueUrl"])
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    pattern = {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {"bucket": {"name": buckets}},
    }
    events.put_rule(Name=NAME, EventPattern=json.dumps(pattern))
    target = {"Id": "queue", "Arn": arn["Attributes"]["QueueArn"]}
    events.put_targets(Rule=NAME, Targets=[target])
    return url


def result(detail: Detail, body: bytes, at: datetime) -> dict[str, Any]:
    """
    Make the event of a scan, as GuardDuty sends it.

    Args:
        detail: Of the event by which S3 told of the object.
    """
    bad = eicar() in body
    of = detail["object"]
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "GuardDuty Malware Protection Object Scan Result",
        "source": "aws.guardduty",
        "account": "000000000000",
        "time": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": "us-east-1",
        "resources": ["arn:aws:guardduty:us-east-1:000000000000:malware-protection-plan/stand-in"],
        "detail": {
            "schemaVersion": "1.0",
            "scanStatus": "COMPLETED",
            "resourceType": "S3_OBJECT",
            "s3ObjectDetails": {
                "bucketName": detail["bucket"]["name"],
                "objectKey": of["key"],
                "eTag": of.get("etag", ""),
                "versionId": of.get("version-id", ""),
                "s3Throttled": False,
            },
            "scanResultDetails": {
                "scanResultStatus": "THREATS_FOUND" if bad else "NO_THREATS_FOUND",
                "threats": [{"name": THREAT}] if bad else None,
            },
        },
    }


class Scanner:
    """
    Args:
        config: What the stack wrote when it was deployed: queue, buckets, function; read when
            they are needed, since the providers start before the first deployment.
    """

    def __init__(self, cloud: Cloud, config: Path) -> None:
        self._cloud, self._config = cloud, config

    def work(self) -> None:
        """Look at what comes, one after the other. Never returns."""
        while True:
            try:
                if not self.turn():
                    time.sleep(1)
            except Exception as error:  # the emulator stops and starts beside us
                print(f"scanner: {type(error).__name__}", file=sys.stderr)
                time.sleep(1)

    def turn(self) -> bool:
        """Take what waits and look at it; says whether there is a queue to listen to."""
        told: dict[str, Any] = json.loads(self._config.read_text()).get("scans", {})
        if not told:
            return False
        sqs = self._cloud.client("sqs")
        taken = sqs.receive_message(
            QueueUrl=told["queue"], MaxNumberOfMessages=10, WaitTimeSeconds=LISTENS_S
        )
        for message in taken.get("Messages", []):
            self.look(json.loads(message["Body"])["detail"], told)
            sqs.delete_message(QueueUrl=told["queue"], ReceiptHandle=message["ReceiptHandle"])
        return True

    def look(self, detail: Detail, told: dict[str, Any]) -> None:
        """Scan one object, tag it, and tell the product."""
        bucket, key = detail["bucket"]["name"], detail["object"]["key"]
        folders = next((PLANNED[one] for one in PLANNED if told[one] == bucket), None)
        if folders is None or not key.startswith(folders) or not from_outside(key):
            return
        s3 = self._cloud.client("s3")
        try:
            body = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        except s3.exceptions.NoSuchKey:
            return
        event = result(detail, body, datetime.now(UTC))
        status = event["detail"]["scanResultDetails"]["scanResultStatus"]
        s3.put_object_tagging(
            Bucket=bucket, Key=key, Tagging={"TagSet": [{"Key": TAG, "Value": status}]}
        )
        self._cloud.client("lambda").invoke(
            FunctionName=told["function"],
            InvocationType="Event",
            Payload=json.dumps(event).encode(),
        )
