"""Results of a scanner in memory. ``tests/contract/test_scans.py`` holds it to the real store."""

from collections.abc import Collection, Mapping
from typing import Any

from chalicelib.domain.people import AuditEvent
from chalicelib.domain.scan import Scan, ScanState


class MemoryScans:
    """What ``store.scans.ScanStore`` promises."""

    def __init__(self) -> None:
        self.known: dict[str, Scan] = {}
        self.audit: list[AuditEvent] = []

    def note(self, scan: Scan, *, audit: AuditEvent | None = None) -> bool:
        before = self.known.get(scan.key)
        if before is not None and before.state in (ScanState.INFECTED, scan.state):
            return False
        self.known[scan.key] = scan
        self.audit += [audit] if audit else []
        return True

    def get(self, keys: Collection[str]) -> Mapping[str, Scan]:
        return {key: self.known[key] for key in keys if key in self.known}


def the_event(bucket: str, key: str, status: str, **more: Any) -> dict[str, Any]:
    """An event of GuardDuty, as its manual shows it."""
    bad = status == "THREATS_FOUND"
    return {
        "version": "0",
        "id": "72c7d362-737a-6dce-fc78-9e27a0171419",
        "detail-type": "GuardDuty Malware Protection Object Scan Result",
        "source": "aws.guardduty",
        "account": "111122223333",
        "time": "2026-11-22T18:00:00Z",
        "region": "us-east-1",
        "resources": ["arn:aws:guardduty:us-east-1:111122223333:malware-protection-plan/b4c7f464"],
        "detail": {
            "schemaVersion": "1.0",
            "scanStatus": "COMPLETED",
            "resourceType": "S3_OBJECT",
            "s3ObjectDetails": {
                "bucketName": bucket,
                "objectKey": key,
                "eTag": "d41d8cd98f00b204e9800998ecf8427e",
                "versionId": "3HL4kqtJlcpXroDTDmJ",
                "s3Throttled": False,
            },
            "scanResultDetails": {
                "scanResultStatus": status,
                "threats": [{"name": "EICAR-Test-File (not a virus)"}] if bad else None,
            },
        }
        | more,
    }
