"""Disputes through the API: opened, looked into, answered by a letter that anybody can check."""

import base64
from datetime import UTC, datetime

import pytest

from chalicelib import wiring
from chalicelib.domain.case import CaseStatus
from chalicelib.domain.dispute import DisputeKind, DisputeState
from chalicelib.domain.people import Role
from chalicelib.services import dispute_desk, dispute_pages, disputes
from tests.api.conftest import sign_in
from tests.unit.services.test_evidence_files import WHERE, a_jpeg

NO = {"verdict": "rejected", "reason": "El contrato está firmado"}


@pytest.fixture
def open_one(api, admin, case_id):
    def opened(**body):
        body = {"kind": "wrong_amount", "text": "No debo eso"} | body
        answer = api(f"POST /cases/{case_id}/disputes", body, token=admin)
        assert answer.status == 201, answer.body
        return f"/disputes/{case_id}/{answer.body['dispute_id']}", answer.body

    return opened


def test_a_dispute_stops_the_case_and_waits_in_the_queue(
    api, admin, portfolio_id, case_id, open_one
):
    _, opened = open_one()

    queue = api(f"GET /disputes?portfolio={portfolio_id}", token=admin).body["items"]
    kpis = api(f"GET /portfolios/{portfolio_id}/kpis", token=admin).body

    assert [(one["dispute_id"], one["state"], one["late"]) for one in queue] == [
        (opened["dispute_id"], "open", False)
    ]
    assert api(f"GET /cases/{case_id}", token=admin).body["case"]["status"] == "held"
    assert kpis["disputes"]["open"] == 1
    assert kpis["disputes"]["balance"] == kpis["balance"]


def test_told_twice_it_is_one(open_one):
    _, first = open_one()
    _, again = open_one(text="Ya lo dije")

    assert again["dispute_id"] == first["dispute_id"]
    assert again["text"] == "No debo eso\nYa lo dije"


def test_somebody_takes_it_and_the_queue_shows_whose_it_is(api, admin, portfolio_id, open_one):
    me = api("GET /me", token=admin).body["person_id"]
    path, _ = open_one()

    taken = api(f"PATCH {path}", {"owner": me}, token=admin).body

    assert (taken["state"], taken["owner"]["id"]) == ("investigating", me)
    for owner, expected in ((me, 1), ("none", 0), ("other", 0)):
        listed = api(f"GET /disputes?portfolio={portfolio_id}&owner={owner}", token=admin)
        assert len(listed.body["items"]) == expected


def test_an_agent_takes_it_but_gives_it_to_nobody_and_ends_nothing(
    api, admin, cloud, portfolio_id, open_one
):
    agent = sign_in(api, cloud, "ag@example.mx", Role.AGENT, portfolios=(portfolio_id,))
    me = api("GET /me", token=agent).body["person_id"]
    path, _ = open_one()

    assert api(f"PATCH {path}", {"owner": me}, token=agent).body["owner"]["id"] == me
    for refused in (
        api(f"PATCH {path}", {"owner": "somebody"}, token=agent),
        api(f"PATCH {path}", {"kind": "fraud"}, token=agent),
        api(f"POST {path}/resolution", NO, token=agent),
    ):
        assert refused.status == 403


def test_evidence_is_kept_without_what_the_camera_said(api, admin, open_one):
    path, _ = open_one()
    content = base64.b64encode(a_jpeg()).decode()

    page = api(
        f"POST {path}/evidence", {"name": "recibo.jpg", "content": content}, token=admin
    ).body

    (file,) = page["files"]
    assert (file["side"], file["name"], file["media_type"]) == ("ours", "recibo.jpg", "image/jpeg")
    kept = wiring.cases().open(page["case_id"]).disputes[0].evidence[0]
    body = wiring.evidence_files().read(kept.key)
    assert body is not None
    assert WHERE not in body
    bad = api(f"POST {path}/evidence", {"name": "x", "content": "AAAA"}, token=admin)
    assert (bad.status, bad.code) == (422, "request.bad_field")


def test_an_accepted_dispute_corrects_the_ledger_and_writes_the_letter(
    api, admin, case_id, open_one
):
    path, _ = open_one()

    page = api(
        f"POST {path}/resolution",
        {"verdict": "accepted", "reason": "Ya estaba pagada", "clear": True},
        token=admin,
    ).body

    file = wiring.cases().open(case_id)
    assert (file.head.balance_minor, file.head.status) == (0, CaseStatus.SETTLED)
    assert page["state"] == "accepted"
    assert page["resolution"]["adjusted"]["minor"] < 0
    (letter,) = file.documents
    body = wiring.evidence_files().read(letter.key)
    assert body is not None
    assert body.startswith(b"%PDF-")
    checked = api(f"GET /documents/{page['resolution']['code']}").body
    assert (checked["kind"], checked["stands"]) == ("resolution", True)
    assert checked["facts"]["verdict"] == "accepted"
    again = api(f"POST {path}/resolution", NO, token=admin)
    assert (again.status, again.code) == (409, "dispute.settled")


def test_a_part_is_taken_off_and_collection_goes_on(api, admin, case_id, open_one):
    path, _ = open_one()
    (debt,) = wiring.cases().open(case_id).debts
    part = {"debt_id": debt.debt_id, "component": "principal", "amount_minor": -1_000}

    page = api(
        f"POST {path}/resolution",
        {"verdict": "partly", "reason": "El recargo estaba mal", "corrections": [part]},
        token=admin,
    ).body

    file = wiring.cases().open(case_id)
    assert page["resolution"]["adjusted"]["minor"] == -1_000
    assert file.head.status is CaseStatus.OPEN
    assert file.entries[-1].source == "dispute"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"verdict": "rejected", "reason": " "}, 422),
        ({"verdict": "rejected", "reason": "No", "clear": True}, 422),
        ({"verdict": "maybe", "reason": "No"}, 422),
    ],
)
def test_a_verdict_that_makes_no_sense_is_refused(api, admin, open_one, body, status):
    path, _ = open_one()

    assert api(f"POST {path}/resolution", body, token=admin).status == status


def test_a_debtor_opens_one_on_their_own_page_and_sees_what_is_theirs(case_id):
    stores = {"cases": wiring.cases(), "portfolios": wiring.portfolios(), "now": datetime.now(UTC)}
    claim = disputes.Claim(kind=DisputeKind.ALREADY_PAID, source="self_pay", text="Pagué en mayo")
    by = f"debtor:{case_id}"

    opened = disputes.open(case_id, claim, key="form-1", by=by, **stores)
    dispute_desk.add_debtors_evidence(
        case_id, opened.dispute_id, name="foto", body=a_jpeg(), by=by,
        files=wiring.evidence_files(), **stores,
    )  # fmt: skip

    file = wiring.cases().open(case_id)
    seen = dispute_pages.for_debtor(file.disputes[0], file, wiring.evidence_files())
    assert opened.state is DisputeState.OPEN
    assert file.head.status is CaseStatus.HELD
    assert (seen["text"], [one["mine"] for one in seen["files"]]) == ("Pagué en mayo", [True])
    assert file.events[-1].actor == by
