"""The stand-in API against the published contract: pages tested on it would else prove nothing."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.ids import derived_id
from frontend.e2e import fake_data
from frontend.e2e.fake_api import Answer, Call
from frontend.e2e.fake_map import field_of, sos
from frontend.e2e.fake_people import PASSWORD, SIGN_IN_STEP, TOTP_CODE
from frontend.e2e.fake_requests import grant
from frontend.e2e.fake_routes import division, look, plan_of
from frontend.e2e.fake_site import FakeApi

jsonschema = pytest.importorskip("jsonschema")

FORM = derived_id("frm", "prt_mx", "first")
CONTRACT = json.loads((Path(__file__).resolve().parents[2] / "docs" / "openapi.json").read_text())

BAND_CHANGE = {"policies": {"bands": fake_data.BANDS}, "version": 3}
INVITATION = {
    "email": "nadie@ejemplo.example",
    "name": "Nadia",
    "role": "agent",
    "portfolios": ["prt_mx"],
    "team": "",
    "language": "es",
}
NEW_CONTENT = {
    "name": "Nueva",
    "steps": [],
    "min_gap_days": 2,
    "stop": None,
    "pause_on_promise": True,
    "arms": [],
}
LINE = {
    "from": "2026-10-01",
    "to": "2026-10-31",
    "measure": "kept_rate",
    "dimensions": ["channel"],
    "keys": ["call"],
}
REPORT = {
    "from": "2026-10-01",
    "to": "2026-10-31",
    "measures": ["attempts", "contact_rate"],
    "dimensions": ["channel"],
}
NEW_SCHEDULE = {
    "report_id": "rep_1",
    "every": "week",
    "hour": 8,
    "days": "last_week",
    "file": "pdf",
    "people": ["per_ana"],
    "outside": ["jefa@banco.example"],
}
NEW_PORTFOLIO = {"name": "Nueva", "creditor": "Alguien", "country": "CO"}
NEW_ZONE = {
    "name": "Sur",
    "colour": "#6b4fa0",
    "polygon": [
        {"lat": 19.4, "lng": -99.1},
        {"lat": 19.5, "lng": -99.1},
        {"lat": 19.4, "lng": -99},
    ],
    "people": ["per_teo"],
}
NEW_VISITS = {
    "portfolio_id": "prt_mx",
    "batch_id": "bat_00000002",
    "date": "2026-12-01",
    "items": [
        {"case_id": f"cas_{n}", "address_id": "adr_1", "person_id": "per_teo", "why": "manual"}
        for n in (1, 4)
    ],
}
ANSWER_CODE = {
    "email": "segura@ejemplo.example",
    "challenge": "totp",
    "session": SIGN_IN_STEP,
    "answer": {"code": TOTP_CODE},
}

EXCHANGES: list[tuple[str, str, Any]] = [
    ("GET", "/portfolios/prt_mx/boards", None),
    ("GET", "/portfolios/prt_mx/boards?period=week", None),
    ("GET", "/portfolios/prt_mx/boards/per_ana", None),
    ("GET", "/portfolios/prt_mx/boards/per_ana/commission?month=2026-11", None),
    ("GET", "/portfolios/prt_mx/commissions?month=2026-11", None),
    ("GET", "/portfolios/prt_mx/goals?month=2026-11", None),
    (
        "PUT",
        "/portfolios/prt_mx/goals",
        {"month": "2026-11", "version": 1, "goals": {"portfolio": {"calls": 5}}},
    ),
    ("GET", "/portfolios/prt_mx/untouched?days=7", None),
    ("GET", "/portfolios/prt_mx/call-settings", None),
    ("GET", "/portfolios/prt_mx/forecast", None),
    (
        "PUT",
        "/portfolios/prt_mx/forecast",
        {"champion": "first", "challenger": "rules", "percent": 20, "version": 3},
    ),
    ("GET", "/portfolios/prt_mx/forecast/fct_1", None),
    ("GET", "/portfolios/prt_mx/forecast-quality?model=first", None),
    ("POST", "/portfolios/prt_mx/queue-previews", {"weights": {"balance": 9}}),
    ("POST", "/session", {"email": "ana@ejemplo.example", "password": PASSWORD}),
    ("POST", "/session", {"email": "segura@ejemplo.example", "password": PASSWORD}),
    ("POST", "/session", {"email": "estreno@ejemplo.example", "password": PASSWORD}),
    ("POST", "/session/challenge", ANSWER_CODE),
    ("GET", "/me", None),
    ("PATCH", "/me", {"name": "Ana", "language": "en", "phone": "+525511112222"}),
    ("PATCH", "/me", {"mention_mail": "daily", "task_mail": "never", "approval_mail": "now"}),
    ("POST", "/trackers", {"person_id": "per_carla", "name": "Moto G", "sees_team": False}),
    ("GET", "/trackers", None),
    ("GET", "/portfolios/prt_mx/dispositions", None),
    ("GET", "/portfolios/prt_mx/forms", None),
    ("GET", f"/portfolios/prt_mx/forms/{FORM}", None),
    ("GET", f"/portfolios/prt_mx/forms/{FORM}/versions/1", None),
    ("GET", f"/portfolios/prt_mx/forms/{FORM}/versions/1/original", None),
    ("GET", "/portfolios/prt_mx/form-starter?language=es", None),
    ("POST", f"/portfolios/prt_mx/forms/{FORM}/publication", {"revision": 2, "version": 1}),
    ("POST", f"/portfolios/prt_mx/forms/{FORM}/archival", {"revision": 2}),
    ("POST", "/me/totp", None),
    ("GET", "/people", None),
    ("POST", "/people", INVITATION),
    ("GET", "/people/per_carla", None),
    ("PATCH", "/people/per_carla", {"disabled": True}),
    ("DELETE", "/people/per_bruno/totp", None),
    ("GET", "/strategy-vocabulary", None),
    ("GET", "/portfolios/prt_mx/strategies", None),
    ("POST", "/portfolios/prt_mx/strategies", {"ready_made": "late"}),
    ("GET", "/portfolios/prt_mx/strategies/str_1", None),
    ("PUT", "/portfolios/prt_mx/strategies/str_1", {"edit": 1, "content": NEW_CONTENT}),
    ("POST", "/portfolios/prt_mx/strategies/str_1/publication", {"edit": 1}),
    ("GET", "/portfolios/prt_mx/strategies/str_1/experiment?version=1", None),
    ("PUT", "/portfolios/prt_mx/playbook", {"version": 1, "segments": []}),
    ("POST", "/portfolios/prt_mx/segment-counts", {"segments": []}),
    ("POST", "/portfolios/prt_mx/dry-runs", {"day": "2026-12-01"}),
    ("GET", "/countries", None),
    ("GET", "/portfolio-defaults?country=CL", None),
    ("GET", "/portfolios", None),
    ("POST", "/portfolios", NEW_PORTFOLIO),
    ("GET", "/portfolios/prt_mx", None),
    ("PATCH", "/portfolios/prt_mx", BAND_CHANGE),
    ("PUT", "/portfolios/prt_mx/logo", {"version": 3, "image": "aGVsbG8="}),
    ("POST", "/portfolios/prt_mx/tokens", {"name": "ERP"}),
    ("GET", "/portfolios/prt_mx/tokens", None),
    ("GET", "/portfolios/prt_mx/kpis", None),
    ("GET", "/kpis", None),
    ("GET", "/kpi-catalogue", None),
    (
        "GET",
        "/portfolios/prt_mx/figures?kpi=contact_hours&from=2026-10-01&to=2026-10-31",
        None,
    ),
    (
        "GET",
        "/portfolios/prt_mx/figures/cases?kpi=coverage&from=2026-10-01&to=2026-10-31",
        None,
    ),
    ("POST", "/portfolios/prt_mx/figures", REPORT),
    ("POST", "/portfolios/prt_mx/figures/files", REPORT),
    ("GET", "/portfolios/prt_mx/figures/files?language=pt", None),
    (
        "GET",
        "/portfolios/prt_mx/figures/files?table=debts&from=2026-10-01&to=2026-10-31",
        None,
    ),
    ("POST", "/portfolios/prt_mx/figures/cases", LINE),
    ("POST", "/portfolios/prt_mx/exports", {"behind": LINE}),
    ("POST", "/portfolios/prt_mx/commissions", {"month": "2026-11"}),
    ("GET", "/portfolios/prt_mx/reports", None),
    (
        "POST",
        "/portfolios/prt_mx/reports",
        {"name": "Canales", "period": "week", "measures": ["attempts"]},
    ),
    ("POST", "/portfolios/prt_mx/report-schedules", NEW_SCHEDULE),
    ("GET", "/portfolios/prt_mx/report-schedules?report_id=rep_1", None),
    ("POST", "/portfolios/prt_mx/report-schedules/rsc_1/mailings", None),
    ("GET", "/portfolios/prt_mx/report-schedules/rsc_1/mailings", None),
    ("GET", "/upload-fields?mode=debts", None),
    ("GET", "/portfolios/prt_mx/uploads", None),
    ("GET", "/portfolios/prt_mx/uploads/upl_ready", None),
    ("GET", "/portfolios/prt_mx/merge-proposals", None),
    ("GET", "/portfolios/prt_mx/cases", None),
    ("GET", "/portfolios/prt_mx/cases?untouched_days=7", None),
    ("GET", "/portfolios/prt_mx/approvals", None),
    ("GET", "/portfolios/prt_mx/access-log?first=2026-11-22&last=2026-11-22", None),
    ("GET", "/audit", None),
    ("PATCH", "/portfolios/prt_mx/approvals/cor_1", {"decision": "approved"}),
    ("POST", "/portfolios/prt_mx/bulk-jobs", {"action": "tag", "tags": ["vip"]}),
    ("GET", "/portfolios/prt_mx/bulk-jobs", None),
    ("GET", "/portfolios/prt_mx/colleagues", None),
    ("GET", "/portfolios/prt_mx/views", None),
    ("POST", "/portfolios/prt_mx/views", {"name": "A", "filters": {"status": "held"}}),
    ("GET", "/tasks", None),
    ("GET", "/tasks?whose=nobody&portfolio=prt_mx&when=late", None),
    ("GET", "/tasks/late", None),
    ("POST", "/cases/cas_1/tasks", {"text": "Llamar", "due_on": "2026-11-24"}),
    ("PATCH", "/cases/cas_1/tasks/tsk_1", {"state": "done", "outcome": "Listo"}),
    ("PATCH", "/cases/cas_1/tasks/tsk_11", {"owner": "per_teo"}),
    ("GET", "/cases/cas_1", None),
    ("GET", "/cases/cas_1/timeline", None),
    (
        "GET",
        "/cases/cas_1/promise-dates?amount_minor=1000&first_on=2027-01-02&frequency=weekly&parts=3",
        None,
    ),
    ("GET", "/cases/cas_1/contact", None),
    (
        "POST",
        "/cases/cas_1/consents",
        {"contact_id": "c1", "channel": "sms", "state": "refused", "source": "call", "words": ""},
    ),
    ("PATCH", "/cases/cas_1/contacts/c1", {"quality": "valid"}),
    ("GET", "/portfolios/prt_mx/data-requests", None),
    ("GET", "/portfolios/prt_mx/data-requests?case=cas_1", None),
    ("GET", "/portfolios/prt_mx/data-requests/drq_1", None),
    (
        "POST",
        "/portfolios/prt_mx/data-requests",
        {
            "kind": "access",
            "way": "email",
            "received_on": "2026-11-20",
            "case_ids": ["cas_1"],
            "name": "",
            "words": "",
            "reply_to": "",
            "proof": None,
        },
    ),
    (
        "PATCH",
        "/portfolios/prt_mx/data-requests/drq_1",
        {"version": 2, "act": "identify", "proof": "document", "note": ""},
    ),
    ("GET", "/portfolios/prt_mx/data-requests/drq_1/letter", None),
    ("GET", "/portfolios/prt_mx/data-requests/drq_5", None),
    *(
        (
            "PATCH",
            "/portfolios/prt_mx/data-requests/drq_5",
            {"version": 2, "act": act, "note": "Sí"},
        )
        for act in ("erase_ask", "erase_withdraw", "erase_approve", "erase_reject")
    ),
    ("GET", "/disputes?portfolio=prt_mx", None),
    ("GET", "/portfolios/prt_mx/reliability", None),
    ("GET", "/disputes/cas_1/dsp_1", None),
    ("PATCH", "/disputes/cas_1/dsp_1", {"owner": "per_ana"}),
    ("POST", "/disputes/cas_1/dsp_1/evidence", {"name": "a.pdf", "content": "JVBERi0x"}),
    ("POST", "/disputes/cas_1/dsp_1/resolution", {"verdict": "rejected", "reason": "No"}),
    ("POST", "/cases/cas_1/disputes", {"kind": "fraud", "text": "No fui yo"}),
    ("POST", "/cases/cas_1/holds", {"reason": "dispute", "until": None, "note": ""}),
    ("GET", "/portfolios/prt_mx/contact-rules", None),
    ("GET", "/cases/cas_1/verification", None),
    ("POST", "/cases/cas_1/notes", {"text": "Llamar mañana"}),
    ("GET", "/agents/live", None),
    ("GET", "/agents/per_teo/trail?date=2026-11-22", None),
    ("GET", "/alarms", None),
    ("PATCH", "/alarms/alr_1", {"state": "taken"}),
    ("GET", "/assignments?date=2026-11-24", None),
    (
        "POST",
        "/assignments/preview",
        {"portfolio_id": "prt_mx", "date": "2026-11-24", "how": "due"},
    ),
    ("GET", "/portfolios/prt_mx/team-plans/tpl_1", None),
    ("GET", "/zones", None),
    ("POST", "/zones", NEW_ZONE),
    ("PATCH", "/zones/zon_1", {"version": 1, "name": "Centro sur"}),
    ("GET", "/portfolios/prt_mx/near?lat=19.43&lng=-99.14&radius_m=800", None),
    ("POST", "/assignments", NEW_VISITS),
    ("DELETE", "/portfolios/prt_mx/assignment-batches/bat_00000001", None),
]


def exchange(method: str, address: str, body: Any) -> Answer:
    path, _, query = address.partition("?")
    api = FakeApi()
    grant(api, "drq_5")
    found = division({"per_carla": ["cas_5"]}, missed=[{"case_id": "cas_6", "reason": "hours"}])
    plan_of(api).looks = [look("done", found=found)]
    plan_of(api).without_room = [7]
    sos(api)
    field_of(api).batches["bat_00000001"] = 2
    call = Call(
        method=method,
        path=path,
        parts=(),
        query=dict(pair.split("=") for pair in query.split("&") if pair),
        body=body,
        headers={"authorization": "Bearer token-1"},
    )
    return api.answer(call)


def operation(method: str, address: str) -> dict[str, Any]:
    """The published operation whose path this address fits."""
    path = address.partition("?")[0]
    for template, operations in CONTRACT["paths"].items():
        pattern = re.sub(r"\{\w+\}", "[^/]+", template)
        if re.fullmatch(pattern, path) and method.lower() in operations:
            return operations[method.lower()]
    raise AssertionError(f"{method} {path} is not published")


def schema(content: dict[str, Any]) -> dict[str, Any]:
    return content["application/json"]["schema"] | {"components": CONTRACT["components"]}


@pytest.mark.parametrize(("method", "address", "body"), EXCHANGES)
def test_what_the_pages_send_and_get_is_what_is_published(
    method: str, address: str, body: Any
) -> None:
    published = operation(method, address)
    if body is not None:
        jsonschema.validate(body, schema(published["requestBody"]["content"]))
    answer = exchange(method, address, body)
    assert str(answer.status) in published["responses"]
    jsonschema.validate(answer.body, schema(published["responses"][str(answer.status)]["content"]))
