"""The way through the API: erased, uploaded again by its creditor, and contacted by nothing."""

import os
from datetime import timedelta

import pytest
from chalice.app import CloudWatchEvent

from chalicelib import wiring
from chalicelib.handlers import jobs
from chalicelib.services import suppression
from tests import upload_world
from tests.api.planning_office import NOON, Office, change
from tests.api.test_erasure import carried_out
from tests.api.test_good_hours import ranked

HEAD = (
    "número de cliente,nombre del cliente,rfc,teléfono,teléfono 2,correo,dirección,ciudad,"
    "código postal,latitud,longitud,número de factura,monto,fecha de vencimiento\n"
)
OFELIA = (
    "C-1,Ofelia Ibarra,GODE561231GR8,5512345678,5587654321,ofelia@correo.mx,Juárez 5,México,"
    "06000,19.43261,-99.13321,F-1,1000,2026-01-15\n"
)
BRUNO = (
    "C-2,Bruno Cruz,,5511112222,,bruno@correo.mx,Reforma 8,México,"
    "06010,19.43361,-99.13421,F-2,2500,2026-01-15\n"
)
# Not all that the file tells of her: what else it brings is not contacted either.
ERASED = [("phone", "+525512345678"), ("email", "ofelia@correo.mx"), ("tax", "GODE561231GR8")]


@pytest.fixture
def office(api, cloud, monkeypatch):
    monkeypatch.setattr(wiring, "now", lambda: NOON)
    return Office(api, cloud)


@pytest.fixture
def load(office):
    def loaded(text):
        """Upload a file as a browser does, and apply what it is guessed to say."""
        body = text.encode()
        base = f"/portfolios/{office.pid}/uploads"
        new = {"filename": "cartera.csv", "size_bytes": len(body), "mode": "debts"}
        made = office(f"POST {base}", new).body
        upload_world.post_form(made["post"], "cartera.csv", body)
        upload_id = made["upload"]["upload_id"]
        one = f"{base}/{upload_id}"
        _arrived(wiring.uploads().get(office.pid, upload_id).object_key)
        shown = _pumped(office, one)
        if shown["state"] == "needs_mapping":
            office(f"PUT {one}/mapping", shown["mapping"])
            shown = _pumped(office, one)
        assert shown["state"] == "ready"
        assert office(f"POST {one}/application").status < 300
        return _pumped(office, one)

    return loaded


def _arrived(key):
    detail = {"bucket": {"name": os.environ["UPLOADS_BUCKET"]}, "object": {"key": key}}
    event = {"detail": detail, "version": "0", "account": "", "region": "", "detail-type": "",
             "source": "aws.s3", "time": "", "id": "", "resources": []}  # fmt: skip
    jobs.read_upload(CloudWatchEvent(event, upload_world.Context()))


def _pumped(office, path):
    queues = ("UPLOAD_STEPS_QUEUE_URL", "UPLOAD_CHUNKS_QUEUE_URL")
    while sum(upload_world.work_once(name, upload_world.Context()) for name in queues):
        pass
    return office(f"GET {path}").body


@pytest.fixture
def case_of(office):
    def found(name):
        page = office(f"GET /portfolios/{office.pid}/cases").body["items"]
        case_id = next(one["case_id"] for one in page if one["name"] == name)
        return office(f"GET /cases/{case_id}").body

    return found


def suppress(office):
    suppression.suppress(
        office.pid, ERASED, request_id="drq_1", now=NOON, means=wiring.suppression_means()
    )


def values(page):
    return {one["value"] for one in page["contacts"]}


def test_whoever_comes_back_by_a_file_is_loaded_without_what_was_erased(office, load, case_of):
    suppress(office)
    done = load(HEAD + OFELIA + BRUNO)

    assert (done["applied"]["created"], done["applied"]["rejected"]) == (2, 0)
    assert {(one["code"], one["field"]): one["rows"] for one in done["warnings"]} == {
        ("value.suppressed", "phone"): [2],
        ("value.suppressed", "email"): [2],
        ("debtor.suppressed", "tax_id"): [2],
    }
    ofelia, bruno = case_of("Ofelia Ibarra"), case_of("Bruno Cruz")
    assert (values(ofelia), ofelia["case"]["tax_id"]) == ({"+525587654321"}, "")
    assert ofelia["case"]["balance"]["minor"] == 100_000
    assert values(bruno) == {"+525511112222", "bruno@correo.mx"}
    assert bruno["addresses"][0]["lines"] == "Reforma 8"
    for _, value in ERASED:
        asked = f"GET /portfolios/{office.pid}/cases?q={value.replace('+', '%2B')}"
        assert office(asked).body["items"] == []


def test_nothing_contacts_whoever_comes_back_by_a_file(office, load, case_of):
    suppress(office)
    load(HEAD + OFELIA + BRUNO)
    ofelia, bruno = case_of("Ofelia Ibarra"), case_of("Bruno Cruz")
    case_id = ofelia["case"]["case_id"]

    page = office(f"GET /cases/{case_id}/contact").body
    assert [hold["reason"] for hold in page["holds"]] == ["cease"]
    assert page["ways"]
    assert {way["reason_code"] for way in page["ways"]} == {"CEASE_REQUEST"}
    assert [task["cause"] for task in ofelia["tasks"]] == ["suppressed"]

    for one in (case_id, bruno["case"]["case_id"]):
        ranked(office.pid, one)
    turn = office(f"POST /portfolios/{office.pid}/queue/next", token=office.tokens[0]).body["turn"]
    assert turn["case_id"] == bruno["case"]["case_id"]
    rest = office(f"POST /portfolios/{office.pid}/queue/next", token=office.tokens[1]).body
    assert rest["turn"] is None

    proposed = office.propose().body
    assert [one["case_id"] for one in proposed["items"]] == [bruno["case"]["case_id"]]
    there = ofelia["addresses"][0]["address_id"]
    (refused,) = office.assign((case_id, there), office.agents[0])["refused"]
    assert (refused["case_id"], refused["details"]["reason"]) == (case_id, "case_closed")
    assert office.visits() == []


def test_the_same_file_again_brings_nothing_back(office, load, case_of):
    load(HEAD + OFELIA + BRUNO)
    before = case_of("Bruno Cruz")
    case_id = case_of("Ofelia Ibarra")["case"]["case_id"]
    suppress(office)
    done = load(HEAD + OFELIA.replace(",1000,", ",1300,") + BRUNO)

    assert (done["applied"]["updated"], done["applied"]["unchanged"]) == (1, 1)
    assert case_of("Bruno Cruz") == before
    assert len(wiring.cases().open(case_id).holds) == 1


def test_who_was_erased_by_request_does_not_come_back_by_the_same_file(
    office, cloud, load, case_of
):
    load(HEAD + OFELIA + BRUNO)
    case_id, before = case_of("Ofelia Ibarra")["case"]["case_id"], case_of("Bruno Cruz")
    change(
        case_id,
        lambda d: d.pay(100_000, paid_on=NOON.date(), source="t", reference="p-1"),
    )
    one = office(
        f"POST /portfolios/{office.pid}/data-requests",
        {"kind": "erasure", "way": "email", "case_ids": [case_id]},
    ).body
    for token, act in (
        (office.boss, {"act": "identify", "proof": "document", "note": "INE"}),
        (office.boss, {"act": "answer", "verdict": "granted", "text": "Se borrarán"}),
        (office.boss, {"act": "erase_ask", "note": "lo pide"}),
        (office.admin, {"act": "erase_approve"}),
    ):
        path = f"PATCH /portfolios/{office.pid}/data-requests/{one['request_id']}"
        said = office(path, {"version": one["version"]} | act, token=token)
        assert said.status == 200, said.body
        one = said.body
    carried_out(cloud)

    done = load(HEAD + OFELIA + BRUNO)

    assert (done["applied"]["rejected"], done["applied"]["created"]) == (0, 0)
    told = {(one["code"], one["field"]) for one in done["warnings"]}
    assert {("value.suppressed", name) for name in ("phone", "email", "address")} <= told
    page = office(f"GET /cases/{case_id}").body
    assert (page["case"]["name"], page["case"]["erased"]) == ("", one["number"])
    assert (page["contacts"], page["addresses"], page["case"]["tax_id"]) == ([], [], "")
    kept = repr(wiring.cases().open(case_id))
    for gone in ("Ofelia", "5512345678", "5587654321", "ofelia@", "GODE561231GR8", "Juárez"):
        assert gone not in kept
    ranked(office.pid, case_id)
    queue = office(f"POST /portfolios/{office.pid}/queue/next", token=office.tokens[0]).body
    assert queue["turn"] is None
    assert office(f"GET /cases/{case_id}/contact").body["ways"] == []
    assert case_of("Bruno Cruz") == before


def test_an_admin_takes_a_value_off_the_list_because_its_person_asks(office, load):
    suppress(office)
    path = f"PATCH /portfolios/{office.pid}/data-requests"
    asked = {"kind": "phone", "value": "55 1234 5678", "reason": "Lo pidió en ventanilla"}

    refused = office(path, asked)
    ended = office(path, asked, token=office.admin)
    again = office(path, asked, token=office.admin)

    assert (refused.status, refused.code) == (403, "actor.not_allowed")
    assert (ended.status, ended.body["request_id"]) == (200, "drq_1")
    assert (again.status, again.code) == (404, "suppressed.not_found")
    audit = office("GET /audit", token=office.admin).body["items"]
    facts = [one["facts"] for one in audit if one["kind"] == "suppression.ended"]
    assert facts == [{"kind": "phone", "reason": "Lo pidió en ventanilla"}]
    days = f"first={NOON.date() - timedelta(days=2)}&last={NOON.date()}"
    log = office(f"GET /portfolios/{office.pid}/access-log?{days}", token=office.admin).body
    assert {"data.suppressed", "suppression.ended"} <= {one["kind"] for one in log["items"]}
    told = {(one["code"], one["field"]) for one in load(HEAD + OFELIA)["warnings"]}
    assert ("value.suppressed", "phone") not in told
