"""The laptop's scanner: what it takes for a virus, and that it tells it as GuardDuty does."""

import json
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from chalicelib.domain.scan import ScanState
from chalicelib.store.scans import heard
from local.providers.scanner import TAG, Scanner, eicar, result
from tests.scan_fakes import the_event

AT = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
TOLD = {"uploads": "up", "evidence": "ev", "queue": "q", "function": "note"}
KEY = "disputes/cas_1/dis_1/ab.pdf"


def detail(key=KEY, bucket="ev"):
    return {"bucket": {"name": bucket}, "object": {"key": key, "etag": "e", "version-id": "v"}}


class Gone(Exception):
    pass


class Emulator:
    """S3 and Lambda in one, as far as the scanner calls them."""

    exceptions = SimpleNamespace(NoSuchKey=Gone)

    def __init__(self, objects):
        self.objects, self.tags, self.told = objects, {}, []

    def client(self, _service):
        return self

    def get_object(self, **of):
        if (of["Bucket"], of["Key"]) not in self.objects:
            raise Gone
        body = self.objects[of["Bucket"], of["Key"]]
        return {"Body": SimpleNamespace(read=lambda: body)}

    def put_object_tagging(self, **of):
        self.tags[of["Bucket"], of["Key"]] = of["Tagging"]["TagSet"]

    def invoke(self, **call):
        told = json.loads(call["Payload"])
        self.told.append((call["FunctionName"], call["InvocationType"], told))


def look(emulator, one):
    Scanner(emulator, None).look(one, TOLD)


@pytest.mark.parametrize(
    ("body", "state"),
    [
        (b"%PDF-1.4\n" + eicar(), ScanState.INFECTED),
        (b"%PDF-1.4\n" + eicar()[:-1], ScanState.CLEAN),
    ],
)
def test_it_knows_one_string_and_says_it_as_guardduty_does(body, state):
    event = result(detail(), body, AT)

    bucket, scan = heard(event["detail"], AT)
    assert (bucket, scan.key, scan.state) == ("ev", KEY, state)
    real = the_event("ev", KEY, event["detail"]["scanResultDetails"]["scanResultStatus"])
    assert event.keys() == real.keys()
    assert event["detail"].keys() == real["detail"].keys()
    assert event["detail"]["s3ObjectDetails"].keys() == real["detail"]["s3ObjectDetails"].keys()
    assert event["detail"]["scanResultDetails"] == real["detail"]["scanResultDetails"]


def test_an_object_is_tagged_and_told():
    emulator = Emulator({("ev", KEY): b"%PDF-" + eicar()})

    look(emulator, detail())

    assert emulator.tags == {("ev", KEY): [{"Key": TAG, "Value": "THREATS_FOUND"}]}
    ((function, how, event),) = emulator.told
    assert (function, how, event["source"]) == ("note", "Event", "aws.guardduty")


@pytest.mark.parametrize(
    ("bucket", "key"),
    [
        ("ev", "documents/cas_1/doc.pdf"),  # ours
        ("up", "papers/prt_1/mark"),  # looked at where it is kept
        ("other", KEY),
        ("ev", "disputes/cas_1/dis_1/gone.pdf"),
    ],
)
def test_what_is_not_in_the_plan_is_left_alone(bucket, key):
    emulator = Emulator(
        {("ev", "documents/cas_1/doc.pdf"): b"x", ("up", "papers/prt_1/mark"): b"x"}
    )

    look(emulator, detail(key, bucket))

    assert (emulator.tags, emulator.told) == ({}, [])
