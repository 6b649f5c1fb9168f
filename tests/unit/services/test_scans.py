"""Results of a scanner: who is told, who is given what."""

from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from botocore.config import Config

from chalicelib.domain.errors import FileInfected
from chalicelib.domain.scan import Scan, ScanState, Wanted, case_of
from chalicelib.services import scans as services
from chalicelib.store.files import BucketFiles
from chalicelib.store.scans import RESULTS, heard
from tests.builders import NOW, a_debt, a_draft, a_portfolio, change_of
from tests.fakes import MemoryCases
from tests.scan_fakes import MemoryScans, the_event

THREAT = "EICAR-Test-File (not a virus)"


@pytest.fixture
def world():
    cases, portfolio = MemoryCases(), a_portfolio()
    change = change_of(a_draft(a_debt("F-1"), portfolio=portfolio))
    cases.commit(change)
    return SimpleNamespace(
        cases=cases,
        scans=MemoryScans(),
        case_id=change.after.case_id,
        stores={"cases": cases, "portfolios": {portfolio.portfolio_id: portfolio}},
    )


@pytest.fixture
def files(world):
    client = boto3.client(
        "s3", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b",
        config=Config(signature_version="s3v4"),
    )  # fmt: skip
    return BucketFiles(client, "evidence", scans=world.scans)


def note(world, key, state, threats=()):
    scan = Scan(key=key, state=state, at=NOW, threats=threats)
    return services.note(scan, scans=world.scans, **world.stores)


def told(world):
    timeline = world.cases.open(world.case_id).events
    return [dict(one.facts) for one in timeline if one.kind == "file.infected"]


def disposition(url):
    return parse_qs(urlsplit(url).query)["response-content-disposition"][0].partition(";")[0]


def test_what_is_infected_is_told_to_the_case_and_the_audit_once(world):
    key = f"disputes/{world.case_id}/dis_1/ab.pdf"

    assert note(world, key, ScanState.INFECTED, (THREAT,))
    assert not note(world, key, ScanState.INFECTED, (THREAT,))

    assert told(world) == [{"file": key, "threats": [THREAT]}]
    (audit,) = world.scans.audit
    assert (audit.kind, audit.actor) == ("file.infected", "system")
    assert audit.subject == f"case:{world.case_id}"
    assert audit.facts == {"file": key, "threats": [THREAT]}


def test_an_event_that_comes_again_after_half_of_it_was_written_ends_it(world, monkeypatch):
    key = f"papers/{world.case_id}/debt/ab.pdf"
    with monkeypatch.context() as broken:
        broken.setattr(world.scans, "note", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            note(world, key, ScanState.INFECTED)

    assert note(world, key, ScanState.INFECTED)
    assert len(told(world)) == len(world.scans.audit) == 1


@pytest.mark.parametrize("key", ["inbound/wamid.1/x.jpeg", "disputes/cas_gone/dis_1/ab.pdf"])
def test_what_is_of_no_case_is_in_the_audit_by_its_name(world, key):
    assert note(world, key, ScanState.INFECTED)
    assert world.scans.audit[0].subject == f"file:{key}"


def test_what_is_clean_is_kept_and_told_to_nobody(world):
    assert note(world, f"reports/{world.case_id}/rep_1/ab.jpg", ScanState.CLEAN)
    assert (told(world), world.scans.audit) == ([], [])


def test_what_we_wrote_ourselves_is_nobodys_business(world):
    assert not note(world, f"documents/{world.case_id}/doc.pdf", ScanState.INFECTED)
    assert (world.scans.known, told(world)) == ({}, [])


def test_nobody_is_given_what_is_infected(world, files):
    key = f"disputes/{world.case_id}/dis_1/ab.pdf"
    note(world, key, ScanState.INFECTED)

    assert files.given([Wanted(key, "a.pdf")], expires_s=60) == [(None, ScanState.INFECTED)]
    for refused in (
        lambda: files.link(key, filename="a.pdf", expires_s=60),
        lambda: files.view(key, expires_s=60),
    ):
        with pytest.raises(FileInfected) as error:
            refused()
        assert error.value.details == {"reason": "malware"}


@pytest.mark.parametrize("state", [ScanState.WAITING, ScanState.UNKNOWN])
def test_what_nobody_vouches_for_is_a_download_even_where_a_page_would_show_it(world, files, state):
    key = f"papers/{world.case_id}/debt/ab.pdf"
    if state is ScanState.UNKNOWN:
        note(world, key, state)

    (given,) = files.given([Wanted(key, "a.pdf", inline=True)], expires_s=60)
    assert given.scan is state
    assert disposition(given.url) == "attachment"
    assert disposition(files.view(key, expires_s=60)) == "attachment"

    note(world, key, ScanState.CLEAN)
    assert disposition(files.view(key, expires_s=60)) == "inline"


def test_where_nobody_looks_pages_say_so_and_work_as_ever(world, files):
    unlooked = BucketFiles(files._client, "evidence")
    (given,) = unlooked.given([Wanted("papers/x/y/z.pdf", "z.pdf", inline=True)], expires_s=60)
    assert (given.scan, disposition(given.url)) == (ScanState.OFF, "inline")

    (ours,) = files.given([Wanted("documents/x.pdf", "x.pdf")], expires_s=60)
    assert ours.scan is ScanState.OFF


def test_a_list_asks_once(world, files, monkeypatch):
    asked = []
    monkeypatch.setattr(world.scans, "get", lambda keys: asked.append(keys) or {})

    files.given([Wanted(f"papers/x/y/{n}.pdf", "z.pdf") for n in range(3)], expires_s=60)

    assert [len(keys) for keys in asked] == [3]


@pytest.mark.parametrize(("status", "state"), RESULTS.items())
def test_the_event_of_guardduty_is_read(status, state):
    event = the_event("evidence", "disputes/cas_1/dis_1/ab.pdf", status)

    bucket, scan = heard(event["detail"], NOW)

    assert (bucket, scan.key) == ("evidence", "disputes/cas_1/dis_1/ab.pdf")
    assert scan.state is state
    assert scan.threats == ((THREAT,) if state is ScanState.INFECTED else ())


def test_a_result_that_is_new_to_us_is_passed_over():
    assert heard(the_event("evidence", "x", "ON_HOLIDAY")["detail"], NOW) is None


@pytest.mark.parametrize(
    ("key", "case_id"),
    [
        ("visits/cas_1/vis_1/p.jpg", "cas_1"),
        ("reports/cas_1/rep_1/d.jpg", "cas_1"),
        ("cash/prt_1/dep_1.jpg", None),
        ("in/prt_1/upl_1/x.csv", None),
        ("disputes", None),
    ],
)
def test_the_key_names_the_case(key, case_id):
    assert case_of(key) == case_id
