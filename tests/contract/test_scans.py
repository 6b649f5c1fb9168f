"""What every store of scans promises: found by key, and once infected for good."""

from dataclasses import replace

import pytest

from chalicelib.domain.people import AuditEvent
from chalicelib.domain.scan import Scan, ScanState
from chalicelib.store.scans import ScanStore
from tests import engines
from tests.builders import NOW
from tests.scan_fakes import MemoryScans

AUDIT = AuditEvent(
    event_id="aud_scan", kind="file.infected", at=NOW, actor="system", subject="case:cas_1",
    facts={"file": "disputes/x"},
)  # fmt: skip


@pytest.fixture
def scans(engine, request):
    if engine == "memory":
        return MemoryScans()
    endpoint = request.getfixturevalue(f"{engine}_endpoint")
    return ScanStore(engines.wire_to(endpoint), engines.WORK)


@pytest.fixture
def scan(portfolio):
    key = f"disputes/{portfolio.portfolio_id}/dis_1/ab.pdf"
    return Scan(key=key, state=ScanState.CLEAN, at=NOW)


def bad(scan):
    return replace(scan, state=ScanState.INFECTED, threats=("EICAR", "Otro"))


def test_a_result_is_found_by_the_key_of_its_object(scans, scan):
    other = replace(scan, key=f"{scan.key}.2", state=ScanState.UNKNOWN)
    assert scans.get([scan.key]) == {}

    assert scans.note(scan)
    assert scans.note(other)

    assert scans.get([scan.key, other.key, scan.key, "disputes/none"]) == {
        scan.key: scan,
        other.key: other,
    }
    assert scans.get([]) == {}


def test_the_same_result_again_is_no_news(scans, scan):
    assert scans.note(scan)
    assert not scans.note(scan)
    assert scans.note(bad(scan), audit=AUDIT)
    assert not scans.note(bad(scan), audit=AUDIT)


def test_what_was_infected_stays_so_whatever_comes_later(scans, scan):
    scans.note(bad(scan))

    for state in (ScanState.CLEAN, ScanState.UNKNOWN):
        assert not scans.note(replace(scan, state=state))

    assert scans.get([scan.key]) == {scan.key: bad(scan)}


def test_more_than_one_batch_of_keys_is_read(scans, scan):
    several = [replace(scan, key=f"{scan.key}.{n}") for n in range(120)]
    for one in several[::40]:
        scans.note(one)

    assert len(scans.get([one.key for one in several])) == 3
