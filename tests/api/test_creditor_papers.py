"""The creditor's documents through the API: sent, placed by their names, ended, erased."""

import hashlib
import io
import json
import zipfile
from datetime import date

import pytest
import urllib3

from chalicelib import wiring
from chalicelib.domain import case_pack
from chalicelib.domain.people import Role
from chalicelib.services import creditor_papers, verify
from tests.api.cloud import put_case
from tests.api.conftest import NEW, sign_in
from tests.unit.services.test_evidence_files import WHERE, a_jpeg

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF"


@pytest.fixture
def debt(case_id):
    return wiring.cases().open(case_id).debts[0]


@pytest.fixture
def supervisor(api, cloud, portfolio_id):
    return sign_in(api, cloud, "s@example.mx", Role.SUPERVISOR, portfolios=(portfolio_id,))


@pytest.fixture
def send(api, admin, portfolio_id):
    """Send files as a browser does; gives their marks."""

    def sent(*bodies, token=admin):
        asked = api(
            f"POST /portfolios/{portfolio_id}/paper-forms", {"count": len(bodies)}, token=token
        )
        assert asked.status == 201, asked.body
        for one, body in zip(asked.body["items"], bodies, strict=True):
            fields = [*one["post"]["fields"].items(), ("file", ("x", body))]
            assert urllib3.request("POST", one["post"]["url"], fields=fields).status == 201
        return [one["mark"] for one in asked.body["items"]]

    return sent


@pytest.fixture
def put(api, admin, case_id, send):
    def added(body=PDF, token=admin, **values):
        (mark,) = send(body)
        base = {"mark": mark, "name": "Factura 1001.pdf", "kind": "invoice"}
        return api(f"POST /cases/{case_id}/papers", base | values, token=token)

    return added


def test_a_document_is_kept_by_its_digest_and_listed(api, admin, case_id, debt, put):
    answer = put(debt_id=debt.debt_id)

    (one,) = answer.body["items"]
    assert answer.status == 201
    assert (one["state"], one["shown"], one["debt_id"]) == ("stands", True, debt.debt_id)
    assert one["sha256"] == hashlib.sha256(PDF).hexdigest()
    assert (one["name"], one["by"]["name"]) == ("Factura 1001.pdf", "Ana")
    assert urllib3.request("GET", one["url"]).data == PDF
    assert (
        api(f"GET /cases/{case_id}/papers", token=admin).body["items"][0]["sha256"]
        == (one["sha256"])
    )
    assert len(put(debt_id=debt.debt_id).body["items"]) == 1  # the same bytes


def test_a_photo_loses_what_the_camera_said_and_what_is_no_document_is_refused(put):
    (one,) = put(a_jpeg(), kind="guarantee").body["items"]
    assert (one["media_type"], one["shown"]) == ("image/jpeg", False)  # speaks of somebody else
    assert WHERE not in urllib3.request("GET", one["url"]).data

    for body, reason in (
        (b"MZ program", "not_one_of"),
        (PDF + b"." * creditor_papers.MOST_BYTES, "too_large"),
        (b"\xff\xd8\xff\xe1\xff\xff cut", "bad_format"),
    ):
        refused = put(body)
        assert (refused.status, refused.body["details"]["reason"]) == (422, reason)
    refused = put(mark="A" * 24)
    assert (refused.status, refused.body["details"]["reason"]) == (422, "missing")


def test_what_the_case_refuses_leaves_no_file(put, case_id):
    assert put(debt_id="deb_none").status == 404
    assert put(replaces="pap_none", reason="x").status == 404
    assert put(replaces="pap_none").status == 422
    assert wiring.evidence_files().keys(f"papers/{case_id}/", most=5) == []


def test_one_gives_way_to_another_with_the_reason_on_the_timeline(api, admin, case_id, put):
    old = put().body["items"][0]["paper_id"]

    new, ended = put(PDF + b"2", replaces=old, reason="Se leía mal").body["items"]

    assert (new["state"], new["replaces"]) == ("stands", old)
    assert (ended["state"], ended["replaced_by"], ended["why"]) == (
        *("replaced", new["paper_id"]),
        "Se leía mal",
    )
    told = api(f"GET /cases/{case_id}", token=admin).body["timeline"]["items"][:2]
    assert [event["kind"] for event in told] == ["paper.replaced", "paper.added"]
    assert told[0]["personal"] == {"reason": "Se leía mal"}


def test_it_is_named_anew_hidden_and_withdrawn(api, admin, case_id, put):
    paper_id = put().body["items"][0]["paper_id"]
    path = f"PATCH /cases/{case_id}/papers/{paper_id}"

    changed = api(path, {"shown": False, "kind": "contract"}, token=admin).body["items"][0]
    assert (changed["shown"], changed["kind"], changed["name"]) == (
        *(False, "contract"),
        "Factura 1001.pdf",
    )
    assert api(path, {}, token=admin).status == 422
    assert api(path, {"state": "withdrawn"}, token=admin).status == 422
    assert api(path, {"state": "withdrawn", "reason": "x", "name": "y"}, token=admin).status == 422
    ended = api(path, {"state": "withdrawn", "reason": "No es suyo"}, token=admin).body["items"]
    assert (ended[0]["state"], ended[0]["why"]) == ("withdrawn", "No es suyo")
    assert ended[0]["url"] is not None  # on file
    assert (api(path, {"shown": True}, token=admin)).code == "paper.ended"


def test_erased_by_an_admin_alone_every_version_is_gone(api, admin, supervisor, case_id, put):
    paper_id = put().body["items"][0]["paper_id"]
    path = f"PATCH /cases/{case_id}/papers/{paper_id}"
    wanted = {"state": "erased", "reason": "Lo pidió el titular"}

    assert api(path, wanted, token=supervisor).status == 403
    (gone,) = api(path, wanted, token=admin).body["items"]

    assert (gone["state"], gone["name"], gone["url"]) == ("erased", "", None)
    assert wiring.evidence_files().keys(f"papers/{case_id}/", most=5) == []
    assert api(f"GET /cases/{case_id}/verification", token=admin).body["ok"]
    assert (api(path, wanted, token=admin)).status == 200
    (back,) = put().body["items"]  # a new one may come, with a file of its own
    assert (back["state"], urllib3.request("GET", back["url"]).data) == ("stands", PDF)


def test_many_are_placed_by_their_names_each_accounted_for(api, admin, portfolio_id, debt, send):
    case_id = wiring.cases().cases_of_debts(portfolio_id, [debt.external_id])[debt.external_id]
    token = api(f"POST /portfolios/{portfolio_id}/tokens", {"name": "ERP"}, token=admin).body
    names = [
        f"{debt.external_id}.pdf",
        f"{debt.external_id}_pagaré (2).pdf",
        f"{debt.external_id}-9.pdf",
        f"{debt.external_id}__roto.pdf",
        "lo que sea.pdf",
    ]
    bodies = [PDF, PDF + b"2", PDF + b"3", b"MZ", PDF + b"4"]
    marks = send(*bodies, token=token["token"])
    items = [{"mark": mark, "name": name} for mark, name in zip(marks, names, strict=True)]
    items[4]["debt"] = debt.external_id
    body = {"items": items, "kind": "invoice"}

    def placed():
        answer = api(f"POST /portfolios/{portfolio_id}/papers", body, token=token["token"])
        assert answer.status == 200, answer.body
        return answer.body["items"]

    first = placed()
    assert [(one["outcome"], one["kind"], one["reason"]) for one in first] == [
        ("placed", "invoice", ""),
        ("placed", "note", ""),
        ("no_debt", None, ""),
        ("refused", "invoice", "not_one_of"),
        ("placed", "invoice", ""),
    ]
    assert [one["case_id"] for one in first] == [case_id, case_id, None, case_id, case_id]
    assert [one["outcome"] for one in placed()] == ["known", "known", "no_debt", "refused", "known"]
    file = wiring.cases().open(case_id)
    assert {one.debt_id for one in file.papers} == {debt.debt_id}
    assert [one.by.partition(":")[0] for one in file.papers] == ["service"] * 3


def test_where_files_would_go_is_told_before_any_is_sent(api, admin, portfolio_id, put, debt):
    put(debt_id=debt.debt_id)
    case = wiring.cases().cases_of_debts(portfolio_id, [debt.external_id])[debt.external_id]
    digest = hashlib.sha256(PDF).hexdigest()
    asked = [
        (f"{debt.external_id}.pdf", ""),
        (f"{debt.external_id}_pagare.pdf", "0" * 64),
        (f"{debt.external_id}__copia.pdf", digest),
        ("nada.pdf", digest),
    ]
    body = {"items": [{"name": name, "sha256": sha256} for name, sha256 in asked]}

    told = api(f"POST /portfolios/{portfolio_id}/paper-matches", body, token=admin).body["items"]

    assert [(one["name"], one["outcome"], one["kind"]) for one in told] == [
        (asked[0][0], "matched", None),
        (asked[1][0], "matched", "note"),
        (asked[2][0], "known", None),
        (asked[3][0], "no_debt", None),
    ]
    assert [one["debt"] for one in told[0]["debts"]] == [debt.external_id]
    assert told[0]["debts"][0]["case_id"] == case
    assert told[3]["debts"] == []
    assert len(wiring.cases().open(case).papers) == 1  # nothing is written


def test_a_name_that_may_mean_two_debts_is_for_a_person_to_say(api, admin, portfolio_id):
    put_case(portfolio_id, date(2026, 1, 15), key="D-1", external_id="F-10")
    put_case(portfolio_id, date(2026, 1, 15), key="D-2", external_id="F-10__A")

    body = {"items": [{"name": "F-10__A__acta.pdf"}]}
    (told,) = api(f"POST /portfolios/{portfolio_id}/paper-matches", body, token=admin).body["items"]

    assert told["outcome"] == "ambiguous"
    assert [one["debt"] for one in told["debts"]] == ["F-10__A", "F-10"]


def test_the_mark_of_another_portfolio_finds_nothing(api, admin, send, debt, case_id):
    (mark,) = send(PDF)
    other = api("POST /portfolios", NEW, token=admin).body["portfolio_id"]
    theirs = put_case(other, date(2026, 1, 15))
    body = {"mark": mark, "name": "x.pdf", "kind": "invoice"}

    assert api(f"POST /cases/{theirs}/papers", body, token=admin).status == 422
    many = {"items": [{"mark": mark, "name": f"{debt.external_id}.pdf"}]}
    told = api(f"POST /portfolios/{other}/papers", many, token=admin).body["items"]
    assert [(one["outcome"], one["reason"]) for one in told] == [("refused", "missing")]
    assert wiring.cases().open(case_id).papers == ()


def test_agents_read_and_no_more(api, cloud, portfolio_id, case_id, put):
    paper_id = put().body["items"][0]["paper_id"]
    agent = sign_in(api, cloud, "ag@example.mx", Role.AGENT, portfolios=(portfolio_id,))

    read = api(f"GET /cases/{case_id}/papers", token=agent).body
    assert (len(read["items"]), read["can"]) == (1, {"add": False, "erase": False})
    path = f"/cases/{case_id}/papers"
    for refused in (
        api(f"POST /portfolios/{portfolio_id}/paper-forms", {}, token=agent),
        put(token=agent),
        api(f"PATCH {path}/{paper_id}", {"shown": False}, token=agent),
        api(f"PATCH {path}/{paper_id}", {"state": "withdrawn", "reason": "x"}, token=agent),
    ):
        assert refused.status == 403


def test_taking_all_that_is_held_is_an_event_and_the_pack_proves_itself(api, admin, case_id, put):
    put()
    made = api(f"POST /cases/{case_id}/pack", {"reason": "Juicio 12/2026"}, token=admin)
    assert made.status == 201, made.body
    with zipfile.ZipFile(io.BytesIO(urllib3.request("GET", made.body["url"]).data)) as held:
        pack = json.loads(held.read("expediente.json"))
        assert held.read("expediente.pdf").startswith(b"%PDF")

    assert case_pack.prove(pack).ok
    assert pack["sha256"] == made.body["sha256"]
    assert pack["files"][0]["sha256"] == hashlib.sha256(PDF).hexdigest()
    last = wiring.cases().open(case_id).events[-1]
    assert (last.kind, last.facts["sha256"]) == ("case.pack_taken", pack["sha256"])
    assert last.personal == {"reason": "Juicio 12/2026"}
    assert api(f"POST /cases/{case_id}/pack", {"reason": " "}, token=admin).status == 422


def test_the_portfolio_adds_up_afterwards(portfolio_id, put):
    put()
    report = verify.portfolio(
        portfolio_id,
        cases=wiring.cases(),
        stored=wiring.counters(),
        time_zone="America/Mexico_City",
    )
    assert report.ok, report.differences
