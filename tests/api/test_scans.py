"""A scanner's result through the API: who is shown it, who is refused the file."""

import base64
from dataclasses import replace

import pytest
from chalice.test import Client

import app as application
from chalicelib import wiring
from chalicelib.config import settings
from chalicelib.domain.upload import UploadState
from local.providers.scanner import eicar
from tests.api.conftest import forget
from tests.scan_fakes import the_event


@pytest.fixture
def path(api, admin, case_id):
    """A dispute with one file, which is what scanners look for."""
    body = {"kind": "wrong_amount", "text": "No debo eso"}
    opened = api(f"POST /cases/{case_id}/disputes", body, token=admin).body
    path = f"/disputes/{case_id}/{opened['dispute_id']}"
    content = base64.b64encode(b"%PDF-1.4\n" + eicar()).decode()
    sent = api(f"POST {path}/evidence", {"name": "acta.pdf", "content": content}, token=admin)
    assert sent.status == 201, sent.body
    return path


@pytest.fixture
def looking(monkeypatch, cloud):
    """The stack as it is with its parameter on."""
    monkeypatch.setenv("MALWARE_SCAN", "guardduty")
    forget()


def kept(case_id):
    return wiring.cases().open(case_id).disputes[0].evidence[0].key


def tell(key, status, bucket=None):
    event = the_event(bucket or settings().evidence_bucket, key, status)
    with Client(application.app) as client:
        client.lambda_.invoke("note_scan", event)


def test_where_nobody_looks_it_is_said(api, admin, path):
    (file,) = api(f"GET {path}", token=admin).body["files"]
    assert (file["scan"], file["url"] is None) == ("off", False)


def test_until_the_result_comes_it_is_waited_for(api, admin, path, case_id, looking):
    (file,) = api(f"GET {path}", token=admin).body["files"]
    assert (file["scan"], file["url"] is None) == ("waiting", False)

    tell(kept(case_id), "NO_THREATS_FOUND")
    (file,) = api(f"GET {path}", token=admin).body["files"]
    assert (file["scan"], file["url"] is None) == ("clean", False)


def test_what_is_infected_is_given_to_nobody_and_stands_on_case_and_in_audit(
    api, admin, path, case_id, looking
):
    key = kept(case_id)
    for _ in range(2):  # events come twice
        tell(key, "THREATS_FOUND")
    tell(key, "NO_THREATS_FOUND")  # and late

    (file,) = api(f"GET {path}", token=admin).body["files"]
    assert (file["scan"], file["url"]) == ("infected", None)
    timeline = api(f"GET /cases/{case_id}/timeline", token=admin).body["items"]
    assert [one["kind"] for one in timeline].count("file.infected") == 1
    changes = api("GET /audit", token=admin).body["items"]
    (audit,) = [one for one in changes if one["kind"] == "file.infected"]
    assert (audit["subject"], audit["actor"]) == (f"case:{case_id}", "system")
    assert audit["facts"] == {"file": key, "threats": ["EICAR-Test-File (not a virus)"]}


def test_a_result_of_another_bucket_is_none_of_ours(api, admin, path, case_id, looking):
    tell(kept(case_id), "THREATS_FOUND", bucket="somebody-elses")
    assert api(f"GET {path}", token=admin).body["files"][0]["scan"] == "waiting"


def test_a_download_is_refused_with_the_reason(api, admin, portfolio_id, looking):
    body = {"mode": "debts", "filename": "x.csv", "size_bytes": 9}
    asked = api(f"POST /portfolios/{portfolio_id}/uploads", body, token=admin)
    upload_id = asked.body["upload"]["upload_id"]
    upload = wiring.uploads().get(portfolio_id, upload_id)
    wiring.upload_files().write(upload.object_key, b"a,b")
    wiring.uploads().save(replace(upload, state=UploadState.CANCELLED))
    path = f"/portfolios/{portfolio_id}/uploads/{upload_id}/original"
    assert api(f"GET {path}", token=admin).body["scan"] == "waiting"
    tell(upload.object_key, "THREATS_FOUND", bucket=settings().uploads_bucket)

    refused = api(f"GET {path}", token=admin)
    assert (refused.status, refused.code) == (409, "file.infected")
    assert refused.body["details"] == {"reason": "malware"}
