"""
Who gets what answer: every route that is not public, times every kind of caller.

One table, so that a reviewer can read the whole of the authorisation on a page. The answers are
those of the services, which ask about the loaded object; there is no table like it in the code.
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from chalice.test import Client

import app as application
from chalicelib import wiring
from chalicelib.domain.ids import new_id
from chalicelib.domain.people import Role
from chalicelib.handlers import web
from tests.api.cloud import Cloud, make_dead_queues, put_case, put_conversation
from tests.api.conftest import Api, open_cloud, token_of
from tests.visit_world import Phone, a_report

CALLERS = ("admin", "supervisor", "stranger", "agent", "service", "nobody", "debtor")

# What each caller is answered, in the order of CALLERS. ``stranger`` is a supervisor of another
# portfolio, ``service`` a token of this one. ``debtor`` sends the token of a link to the page of
# the very case: it is nobody's here, so the answers need not name it.
ANYBODY = (200, 200, 200, 200, 200, 401)
STAFF = (200, 200, 200, 200, 401, 401)  # a system is nobody's account
ADMIN = (200, 403, 403, 403, 403, 401)
MANAGERS = (200, 200, 404, 403, 403, 401)  # of this portfolio
SEEN = (200, 200, 404, 200, 200, 401)
CASEWORK = (200, 200, 404, 200, 403, 401)
MONEY = (200, 200, 404, 403, 403, 401)  # an agent's limit is nothing unless the portfolio says so
STAFF_ALONE = (200, 200, 200, 200, 403, 401)
UPLOADS = (200, 200, 404, 403, 200, 401)
NOT_NOW = (409, 409, 404, 403, 409, 401)  # the upload's file has not come; allowed to ask
NO_MESSAGE = (404, 404, 404, 403, 403, 401)
NO_PHONE = (404, 404, 404, 404, 403, 401)
NO_FILE = (404, 404, 404, 403, 404, 401)  # there is none yet; others may not even ask


NO_STRATEGY = (404, 404, 404, 403, 403, 401)  # none of that id; others may not even ask
AGENT = (403, 403, 403, 200, 403, 401)  # his own day, and nobody else's
NO_ENGINE = (409, 409, 404, 403, 403, 401)  # nothing here tells figures; allowed to ask
NO_FORM = (404, 404, 404, 404, 403, 401)
NO_SHEET = {"filename": "a.xlsx", "content": "AAAA"}
STAFF_ONLY = (200, 200, 404, 200, 403, 401)
NO_ZONE = (404, 404, 404, 403, 403, 401)
FIELD = (200, 200, 200, 200, 403, 401)  # everybody his own day


@dataclass(frozen=True)
class World:
    """What the calls are about."""

    portfolio: str
    person: str
    invited: str
    case: str
    debt: str
    entry: str
    upload: str
    export: str
    conversation: str
    token: Callable[[], str]
    version: Callable[[], int]
    promise: Callable[[], str]
    another_case: Callable[[], str]
    merge: Callable[[], str]


@dataclass(frozen=True)
class Row:
    """
    Args:
        answers: Status by caller; 200 stands for whatever success is there (201, 204...).
        body, path: Made anew for every call; the path's values, separated by spaces.
    """

    answers: tuple[int, ...]
    body: Callable[[World], Any] | None = None
    path: Callable[[World], str] = lambda _: ""


def of_no_form(world: World) -> str:
    return f"{world.portfolio} none"


def of_portfolio(world: World) -> str:
    return world.portfolio


def of_case(world: World) -> str:
    return world.case


def of_case_in_portfolio(world: World) -> str:
    return f"{world.portfolio} {world.case}"


_months = itertools.count(2000)


def next_goals(_: World) -> dict[str, Any]:
    month = f"{next(_months)}-01"
    return {"month": month, "version": 0, "goals": {"portfolio": {"calls": 10}}}


def in_an_hour() -> str:
    return (datetime.now(UTC) + timedelta(hours=1)).isoformat()


def of_no_message(world: World) -> str:
    return f"{world.case} att_none"


def of_conversation(world: World) -> str:
    return world.conversation


def of_upload(world: World) -> str:
    return f"{world.portfolio} {world.upload}"


def of_text(world: World) -> str:
    return f"{world.portfolio} reminder_firm sms es"


TEXT = {"stage": "firm", "body": "{{ brand }}: {{ total }}. {{ identification }}"}


def correction(world: World) -> dict[str, Any]:
    return {"debt_id": world.debt, "component": "principal", "amount_minor": 1, "reason": "x"}


_references = itertools.count()
# Within what an agent may agree, by the day of any of the portfolio's time zones.
PROMISE = {"amount_minor": 1, "due_on": str(datetime.now(UTC).date() + timedelta(days=5))}
UPLOAD = {"filename": "a.csv", "size_bytes": 10, "mode": "debts"}
NEW = {"name": "A", "creditor": "B", "country": "MX"}
SCHEDULE = {"every": "week", "weekday": 1, "hour": 8, "days": "last_week", "file": "pdf"}
REPORT = {"name": "Canales", "measures": ["attempts"], "period": "week"}
PNG = "iVBORw0KGgoAAAAA"
TABLE = {
    "GET /me": Row(STAFF),
    "PATCH /me": Row(STAFF, lambda _: {"language": "en"}),
    "POST /me/totp": Row(STAFF),
    "PUT /me/totp": Row(STAFF, lambda _: {"code": "123456"}),
    "GET /people": Row(ADMIN),
    "POST /people": Row(
        ADMIN, lambda _: {"email": "otra@example.com", "name": "Otra", "role": "agent"}
    ),
    "GET /people/{person_id}": Row(ADMIN, path=lambda w: w.person),
    "PATCH /people/{person_id}": Row(ADMIN, lambda _: {"team": "Sur"}, lambda w: w.person),
    "POST /people/{person_id}/password-reset": Row(ADMIN, path=lambda w: w.person),
    "POST /people/{person_id}/invitation": Row(ADMIN, path=lambda w: w.invited),
    "DELETE /people/{person_id}/totp": Row(ADMIN, path=lambda w: w.person),
    "GET /audit": Row(ADMIN),
    "GET /countries": Row(ANYBODY),
    "GET /portfolio-defaults?country=MX": Row(ANYBODY),
    "GET /portfolios": Row(ANYBODY),
    "POST /portfolios": Row((200, 200, 200, 403, 403, 401), lambda _: NEW),
    "GET /portfolios/{portfolio_id}": Row(SEEN, path=of_portfolio),
    "GET /cases/{case_id}/calls": Row(CASEWORK, path=of_case),
    "POST /cases/{case_id}/calls": Row(NO_PHONE, lambda _: {"contact_id": "con_none"}, of_case),
    "PUT /cases/{case_id}/calls/{attempt_id}": Row(
        NO_PHONE, lambda _: {"disposition": "no_answer"}, of_no_message
    ),
    "POST /cases/{case_id}/calls/{attempt_id}": Row(NO_PHONE, path=of_no_message),
    "GET /portfolios/{portfolio_id}/queue": Row(MANAGERS, path=of_portfolio),
    "GET /portfolios/{portfolio_id}/forecast": Row(MANAGERS, path=of_portfolio),
    "PUT /portfolios/{portfolio_id}/forecast": Row(
        (200, 403, 404, 403, 403, 401), lambda _: {"champion": "rules", "version": 1}, of_portfolio
    ),
    "GET /portfolios/{portfolio_id}/forecast/{test_id}": Row(NO_STRATEGY, path=of_no_form),
    "GET /portfolios/{portfolio_id}/forecast-quality": Row(MANAGERS, path=of_portfolio),
    "GET /portfolios/{portfolio_id}/call-settings": Row(MANAGERS, path=of_portfolio),
    "POST /portfolios/{portfolio_id}/queue-previews": Row(
        MANAGERS, lambda _: {"weights": {"balance": 9}}, of_portfolio
    ),
    "POST /portfolios/{portfolio_id}/queue/next": Row(CASEWORK, path=of_portfolio),
    "POST /portfolios/{portfolio_id}/queue/{case_id}": Row(
        CASEWORK, lambda _: {"action": "callback", "until": in_an_hour()}, of_case_in_portfolio
    ),
    "GET /portfolios/{portfolio_id}/boards": Row(CASEWORK, path=of_portfolio),
    "GET /portfolios/{portfolio_id}/boards/{person_id}": Row(
        NO_PHONE, path=lambda w: f"{w.portfolio} {w.person}"
    ),
    "GET /portfolios/{portfolio_id}/boards/{person_id}/commission?month=2026-11": Row(
        NO_PHONE, path=lambda w: f"{w.portfolio} {w.person}"
    ),
    "GET /portfolios/{portfolio_id}/commissions?month=2026-11": Row(STAFF_ONLY, path=of_portfolio),
    "POST /portfolios/{portfolio_id}/commissions": Row(
        STAFF_ONLY, lambda _: {"month": "2026-11"}, of_portfolio
    ),
    "GET /portfolios/{portfolio_id}/goals?month=2026-11": Row(MANAGERS, path=of_portfolio),
    "PUT /portfolios/{portfolio_id}/goals": Row(MANAGERS, next_goals, of_portfolio),
    "GET /portfolios/{portfolio_id}/untouched": Row(MANAGERS, path=of_portfolio),
    "PATCH /portfolios/{portfolio_id}": Row(
        MANAGERS, lambda w: {"version": w.version(), "name": "C"}, of_portfolio
    ),
    "PUT /portfolios/{portfolio_id}/logo": Row(
        MANAGERS, lambda w: {"version": w.version(), "image": PNG}, of_portfolio
    ),
    "GET /portfolios/{portfolio_id}/dispositions": Row(SEEN, path=of_portfolio),
    "GET /portfolios/{portfolio_id}/forms": Row(CASEWORK, path=of_portfolio),
    "POST /portfolios/{portfolio_id}/forms": Row(
        (422, 422, 404, 403, 403, 401), lambda _: NO_SHEET, of_portfolio
    ),
    "GET /portfolios/{portfolio_id}/forms/{form_id}": Row(NO_FORM, path=of_no_form),
    "POST /portfolios/{portfolio_id}/forms/{form_id}/versions": Row(
        NO_STRATEGY, lambda _: {"revision": 1, "file": NO_SHEET}, of_no_form
    ),
    "GET /portfolios/{portfolio_id}/forms/{form_id}/versions/{number}": Row(
        NO_FORM, path=lambda w: f"{w.portfolio} none 1"
    ),
    "GET /portfolios/{portfolio_id}/forms/{form_id}/versions/{number}/original": Row(
        NO_FORM, path=lambda w: f"{w.portfolio} none 1"
    ),
    "POST /portfolios/{portfolio_id}/forms/{form_id}/publication": Row(
        NO_STRATEGY, lambda _: {"revision": 1, "version": 1}, of_no_form
    ),
    "POST /portfolios/{portfolio_id}/forms/{form_id}/archival": Row(
        NO_STRATEGY, lambda _: {"revision": 1}, of_no_form
    ),
    "GET /portfolios/{portfolio_id}/form-starter": Row(CASEWORK, path=of_portfolio),
    "GET /portfolios/{portfolio_id}/tokens": Row(MANAGERS, path=of_portfolio),
    "POST /portfolios/{portfolio_id}/tokens": Row(MANAGERS, lambda _: {"name": "T"}, of_portfolio),
    "DELETE /portfolios/{portfolio_id}/tokens/{token_id}": Row(
        MANAGERS, path=lambda w: f"{w.portfolio} {w.token()}"
    ),
    "POST /field/shifts": Row(
        AGENT, lambda _: {"shift_id": "shf_1", "started_at": datetime.now(UTC).isoformat()}
    ),
    "PATCH /field/shifts/{shift_id}": Row(
        (403, 403, 403, 404, 403, 401),
        lambda _: {"ended_at": datetime.now(UTC).isoformat()},
        lambda _: "shf_none",
    ),
    "GET /field/shifts/current": Row(AGENT),
    "POST /field/pings": Row(
        AGENT,
        lambda _: {
            "device_id": "dev_1",
            "points": [{"at": datetime.now(UTC).isoformat(), "lat": 19.4, "lng": -99.1}],
        },
    ),
    "GET /field/trail": Row(AGENT),
    "POST /field/alarms": Row(
        AGENT, lambda _: {"alarm_id": "alm_1", "at": datetime.now(UTC).isoformat()}
    ),
    "GET /alarms": Row((200, 200, 200, 403, 403, 401)),
    "PATCH /alarms/{alarm_id}": Row(
        (404, 404, 404, 403, 403, 401), lambda _: {"state": "taken"}, lambda _: "alm_none"
    ),
    "GET /portfolios/{portfolio_id}/payment-providers": Row(MANAGERS, path=of_portfolio),
    "PUT /portfolios/{portfolio_id}/payment-providers/{provider}": Row(
        (422, 403, 404, 403, 403, 401),  # who changes where money goes is an admin
        body=lambda _: {"methods": [], "version": 0},
        path=lambda world: f"{world.portfolio} stripe",
    ),
    "POST /portfolios/{portfolio_id}/payment-providers/{provider}": Row(
        (404, 404, 404, 403, 403, 401),  # none is connected
        path=lambda world: f"{world.portfolio} stripe",
    ),
    "POST /portfolios/{portfolio_id}/bank-files": Row(
        (404, 404, 404, 403, 403, 401),  # no bank is connected; others may not even ask
        body=lambda _: {"filename": "a.csv", "content": "YQ=="},
        path=of_portfolio,
    ),
    "DELETE /portfolios/{portfolio_id}/payment-providers/{provider}": Row(
        (404, 403, 404, 403, 403, 401), path=lambda world: f"{world.portfolio} stripe"
    ),
    "GET /trackers": Row((200, 200, 200, 403, 403, 401)),
    "POST /trackers": Row(
        (404, 404, 404, 403, 403, 401), lambda _: {"person_id": "nobody", "name": "Moto G"}
    ),
    "DELETE /trackers/{tracker_id}": Row((404, 404, 404, 403, 403, 401), path=lambda _: "trk_none"),
    "GET /agents/live": Row((200, 200, 200, 403, 403, 401)),
    # The one in question has no portfolio, so only admins share any.
    "GET /agents/{person_id}/trail": Row((200, 404, 404, 403, 403, 401), path=lambda w: w.person),
    "GET /kpis": Row((200, 200, 200, 200, 403, 401)),
    "GET /portfolios/{portfolio_id}/kpis": Row(CASEWORK, path=of_portfolio),
    "GET /kpi-catalogue": Row((200, 200, 200, 403, 403, 401)),
    "GET /portfolios/{portfolio_id}/figures?kpi=par30&from=2026-10-01&to=2026-10-31": Row(
        NO_ENGINE, path=of_portfolio
    ),
    "GET /portfolios/{portfolio_id}/figures/hours": Row(MANAGERS, path=of_portfolio),
    "GET /portfolios/{portfolio_id}/figures/cases?kpi=par30&from=2026-10-01&to=2026-10-31": Row(
        NO_ENGINE, path=of_portfolio
    ),
    "POST /portfolios/{portfolio_id}/figures/cases": Row(
        NO_ENGINE,
        lambda _: {"from": "2026-10-01", "to": "2026-10-31", "measure": "attempts"},
        of_portfolio,
    ),
    "GET /portfolios/{portfolio_id}/reports": Row(MANAGERS, path=of_portfolio),
    "POST /portfolios/{portfolio_id}/reports": Row(MANAGERS, lambda _: REPORT, of_portfolio),
    "GET /portfolios/{portfolio_id}/reports/{report_id}": Row(NO_STRATEGY, path=of_no_form),
    "PUT /portfolios/{portfolio_id}/reports/{report_id}": Row(
        NO_STRATEGY, lambda _: REPORT | {"version": 1}, of_no_form
    ),
    "DELETE /portfolios/{portfolio_id}/reports/{report_id}": Row(NO_STRATEGY, path=of_no_form),
    "GET /portfolios/{portfolio_id}/report-links": Row(MANAGERS, path=of_portfolio),
    "POST /portfolios/{portfolio_id}/report-links": Row(
        NO_STRATEGY,
        lambda _: {"report_id": "n", "from": "2026-10-01", "to": "2026-10-31", "lasts_days": 7},
        of_portfolio,
    ),
    "DELETE /portfolios/{portfolio_id}/report-links/{link_id}": Row(NO_STRATEGY, path=of_no_form),
    "GET /portfolios/{portfolio_id}/report-schedules": Row(MANAGERS, path=of_portfolio),
    "POST /portfolios/{portfolio_id}/report-schedules": Row(
        NO_STRATEGY,
        lambda w: SCHEDULE | {"report_id": "none", "people": [w.person]},
        of_portfolio,
    ),
    "PUT /portfolios/{portfolio_id}/report-schedules/{schedule_id}": Row(
        NO_STRATEGY, lambda w: SCHEDULE | {"people": [w.person], "version": 1}, of_no_form
    ),
    "DELETE /portfolios/{portfolio_id}/report-schedules/{schedule_id}": Row(
        NO_STRATEGY, path=of_no_form
    ),
    "GET /portfolios/{portfolio_id}/report-schedules/{schedule_id}/mailings": Row(
        NO_STRATEGY, path=of_no_form
    ),
    "POST /portfolios/{portfolio_id}/report-schedules/{schedule_id}/mailings": Row(
        NO_STRATEGY, path=of_no_form
    ),
    "PUT /portfolios/{portfolio_id}/report-schedules/{schedule_id}/stop": Row(
        NO_STRATEGY, path=of_no_form
    ),
    "DELETE /portfolios/{portfolio_id}/report-schedules/{schedule_id}/stop": Row(
        NO_STRATEGY, path=of_no_form
    ),
    "GET /home-reports": Row((200, 200, 200, 403, 403, 401)),
    "PUT /portfolios/{portfolio_id}/reports/{report_id}/home": Row(NO_STRATEGY, path=of_no_form),
    "DELETE /portfolios/{portfolio_id}/reports/{report_id}/home": Row(
        (200, 200, 200, 403, 403, 401),
        path=of_no_form,  # off one's own page, whatever it was
    ),
    "POST /portfolios/{portfolio_id}/figures": Row(
        NO_ENGINE,
        lambda _: {"from": "2026-10-01", "to": "2026-10-31", "measures": ["attempts"]},
        of_portfolio,
    ),
    "PUT /portfolios/{portfolio_id}/figures": Row(MANAGERS, lambda _: {}, of_portfolio),
    "GET /portfolios/{portfolio_id}/figures/files": Row(UPLOADS, path=of_portfolio),
    "POST /portfolios/{portfolio_id}/figures/files": Row(
        NO_ENGINE,
        lambda _: {"from": "2026-10-01", "to": "2026-10-31", "measures": ["attempts"]},
        of_portfolio,
    ),
    "GET /portfolios/{portfolio_id}/cases": Row(CASEWORK, path=of_portfolio),
    "GET /cases/{case_id}": Row(CASEWORK, path=of_case),
    "GET /cases/{case_id}/timeline": Row(CASEWORK, path=of_case),
    "GET /cases/{case_id}/verification": Row(CASEWORK, path=of_case),
    "POST /cases/{case_id}/notes": Row(CASEWORK, lambda _: {"text": "x"}, of_case),
    "PUT /cases/{case_id}/language": Row(CASEWORK, lambda _: {"language": "en"}, of_case),
    "PUT /cases/{case_id}/tags": Row(CASEWORK, lambda _: {"tags": ["x"]}, of_case),
    "POST /cases/{case_id}/promises": Row(CASEWORK, lambda _: PROMISE, of_case),
    "GET /cases/{case_id}/promise-dates"
    f"?amount_minor=2&first_on={PROMISE['due_on']}&frequency=weekly&parts=2": Row(
        CASEWORK, path=of_case
    ),
    "PATCH /cases/{case_id}/promises/{promise_id}": Row(
        CASEWORK, lambda _: {"state": "cancelled"}, lambda w: f"{w.case} {w.promise()}"
    ),
    "POST /cases/{case_id}/payments": Row(
        MONEY,
        lambda _: {
            "amount_minor": 1,
            "paid_on": "2026-11-01",
            "reference": f"R-{next(_references)}",
        },
        of_case,
    ),
    "POST /cases/{case_id}/adjustments": Row(MONEY, correction, of_case),
    "POST /cases/{case_id}/waivers": Row(MONEY, correction, of_case),
    "POST /cases/{case_id}/reversals": Row(
        MONEY, lambda w: {"entry_id": w.entry, "reason": "x"}, of_case
    ),
    "GET /upload-fields?mode=debts": Row(ANYBODY),
    "GET /upload-templates/{mode}?portfolio={portfolio_id}": Row(
        UPLOADS, path=lambda w: f"debts {w.portfolio}"
    ),
    "GET /portfolios/{portfolio_id}/uploads": Row(UPLOADS, path=of_portfolio),
    "POST /portfolios/{portfolio_id}/uploads": Row(UPLOADS, lambda _: UPLOAD, of_portfolio),
    "GET /portfolios/{portfolio_id}/uploads/{upload_id}": Row(UPLOADS, path=of_upload),
    "PUT /portfolios/{portfolio_id}/uploads/{upload_id}/mapping": Row(
        NOT_NOW, lambda _: {"columns": {}}, of_upload
    ),
    "POST /portfolios/{portfolio_id}/uploads/{upload_id}/application": Row(NOT_NOW, path=of_upload),
    "POST /portfolios/{portfolio_id}/uploads/{upload_id}/undo": Row(NOT_NOW, path=of_upload),
    "GET /portfolios/{portfolio_id}/uploads/{upload_id}/original": Row(NO_FILE, path=of_upload),
    "GET /portfolios/{portfolio_id}/uploads/{upload_id}/rejects": Row(NO_FILE, path=of_upload),
    "POST /portfolios/{portfolio_id}/uploads/{upload_id}/cancellation": Row(
        UPLOADS, path=of_upload
    ),
    "GET /portfolios/{portfolio_id}/merge-proposals": Row(MANAGERS, path=of_portfolio),
    "POST /portfolios/{portfolio_id}/merge-proposals/{proposal_id}/dismissal": Row(
        (404, 404, 404, 403, 403, 401), path=lambda w: f"{w.portfolio} none"
    ),
    "POST /portfolios/{portfolio_id}/merges": Row(
        MANAGERS, lambda w: {"into": w.case, "from": w.another_case()}, of_portfolio
    ),
    "DELETE /portfolios/{portfolio_id}/merges/{merge_id}": Row(
        MANAGERS, path=lambda w: f"{w.portfolio} {w.merge()}"
    ),
    "GET /portfolios/{portfolio_id}/messages?state=failed": Row(CASEWORK, path=of_portfolio),
    "GET /portfolios/{portfolio_id}/outbox": Row(CASEWORK, path=of_portfolio),
    "GET /cases/{case_id}/messages/{attempt_id}": Row(
        (404, 404, 404, 404, 403, 401), path=of_no_message
    ),
    "POST /cases/{case_id}/messages/{attempt_id}/retry": Row(NO_MESSAGE, path=of_no_message),
    "DELETE /cases/{case_id}/messages/{attempt_id}": Row(NO_MESSAGE, path=of_no_message),
    "PUT /cases/{case_id}/messages/{attempt_id}/settlement": Row(
        NO_MESSAGE, lambda _: {"went": True}, of_no_message
    ),
    "PUT /cases/{case_id}/messages/{attempt_id}/posting": Row(
        NO_MESSAGE, lambda _: {"tracking": "RR123456785MX"}, of_no_message
    ),
    "POST /portfolios/{portfolio_id}/letter-batches": Row(
        MANAGERS, lambda _: {"day": "2026-11-22"}, of_portfolio
    ),
    "GET /dead-letters": Row(ADMIN),  # its queues are made in ``set_up``
    "POST /dead-letters/{name}/return": Row((404, 403, 403, 403, 403, 401), path=lambda _: "none"),
    "GET /portfolios/{portfolio_id}/conversations": Row(CASEWORK, path=of_portfolio),
    "GET /conversations/{conversation_id}": Row(CASEWORK, path=of_conversation),
    "GET /cases/{case_id}/conversations": Row(CASEWORK, path=of_case),
    "GET /conversations/{conversation_id}/file?seq=1&number=0": Row(
        (404, 404, 404, 404, 403, 401), path=of_conversation
    ),
    "POST /conversations/{conversation_id}/reading": Row(CASEWORK, path=of_conversation),
    "POST /conversations/{conversation_id}/takeover": Row(CASEWORK, path=of_conversation),
    "DELETE /conversations/{conversation_id}/takeover": Row(CASEWORK, path=of_conversation),
    "POST /conversations/{conversation_id}/attachment": Row(
        CASEWORK, lambda w: {"case_id": w.case}, of_conversation
    ),
    "POST /conversations/{conversation_id}/erasure": Row(
        (404, 403, 403, 403, 403, 401), lambda _: {"reason": "x"}, lambda _: "cnv_none"
    ),
    "POST /conversations/{conversation_id}/messages": Row(
        (409, 409, 404, 409, 403, 401),  # nobody has written from there: no window is open
        lambda _: {"text": "x"},
        of_conversation,
    ),
    "GET /strategy-vocabulary": Row((200, 200, 200, 200, 200, 401)),
    "GET /portfolios/{portfolio_id}/strategies": Row(STAFF_ONLY, path=of_portfolio),
    "POST /portfolios/{portfolio_id}/strategies": Row(
        MANAGERS, lambda _: {"ready_made": "early"}, of_portfolio
    ),
    "GET /portfolios/{portfolio_id}/strategies/{strategy_id}": Row(
        (404, 404, 404, 404, 403, 401), path=lambda w: f"{w.portfolio} str_none"
    ),
    "PUT /portfolios/{portfolio_id}/strategies/{strategy_id}": Row(
        NO_STRATEGY,
        lambda _: {"edit": 1, "content": {"name": "", "steps": []}},
        lambda w: f"{w.portfolio} str_none",
    ),
    "POST /portfolios/{portfolio_id}/strategies/{strategy_id}/publication": Row(
        NO_STRATEGY, lambda _: {"edit": 1}, lambda w: f"{w.portfolio} str_none"
    ),
    "POST /portfolios/{portfolio_id}/strategies/{strategy_id}/archival": Row(
        NO_STRATEGY, path=lambda w: f"{w.portfolio} str_none"
    ),
    "GET /portfolios/{portfolio_id}/strategies/{strategy_id}/experiment?version=1": Row(
        (404, 404, 404, 404, 403, 401), path=lambda w: f"{w.portfolio} str_none"
    ),
    "PUT /portfolios/{portfolio_id}/playbook": Row(
        # The second to ask has not seen what the first wrote.
        (200, 409, 404, 403, 403, 401),
        lambda _: {"version": 0, "segments": []},
        of_portfolio,
    ),
    "POST /portfolios/{portfolio_id}/segment-counts": Row(
        STAFF_ONLY, lambda _: {"segments": []}, of_portfolio
    ),
    "POST /portfolios/{portfolio_id}/dry-runs": Row(
        MANAGERS,
        lambda _: {"day": f"{datetime.now(UTC) + timedelta(days=2):%Y-%m-%d}"},
        of_portfolio,
    ),
    "GET /portfolios/{portfolio_id}/dry-runs/{dry_run_id}": Row(
        NO_STRATEGY, path=lambda w: f"{w.portfolio} dry_none"
    ),
    "GET /portfolios/{portfolio_id}/views": Row(CASEWORK, path=of_portfolio),
    "POST /portfolios/{portfolio_id}/views": Row(
        CASEWORK, lambda _: {"name": "x", "filters": {"status": "held"}}, of_portfolio
    ),
    "PATCH /portfolios/{portfolio_id}/views/{view_id}": Row(
        (404, 404, 404, 404, 403, 401), lambda _: {"name": "y"}, lambda w: f"{w.portfolio} viw_none"
    ),
    "DELETE /portfolios/{portfolio_id}/views/{view_id}": Row(
        CASEWORK, path=lambda w: f"{w.portfolio} viw_none"
    ),
    "GET /tasks": Row(STAFF_ALONE),
    "GET /tasks/late": Row(STAFF_ALONE),
    "POST /cases/{case_id}/tasks": Row(
        CASEWORK,
        # By the day of any of the portfolio's time zones.
        lambda _: {"text": "x", "due_on": str(datetime.now(UTC).date() + timedelta(days=5))},
        of_case,
    ),
    "POST /field/rescues": Row(
        (409, 404, 404, 403, 403, 401), lambda w: {"person_id": w.person, "visits": []}
    ),
    "PATCH /cases/{case_id}/tasks/{task_id}": Row(
        (404, 404, 404, 404, 403, 401), lambda _: {"state": "done"}, lambda w: f"{w.case} tsk_none"
    ),
    "POST /portfolios/{portfolio_id}/exports": Row(MANAGERS, lambda _: {}, of_portfolio),
    "GET /portfolios/{portfolio_id}/exports/{export_id}": Row(
        MANAGERS, path=lambda w: f"{w.portfolio} {w.export}"
    ),
    "GET /portfolios/{portfolio_id}/access-log?first=2026-11-01&last=2026-11-02": Row(
        (200, 403, 404, 403, 403, 401), path=of_portfolio
    ),
    "GET /portfolios/{portfolio_id}/approvals": Row(MANAGERS, path=of_portfolio),
    "PATCH /portfolios/{portfolio_id}/approvals/{correction_id}": Row(
        NO_STRATEGY, lambda _: {"decision": "approved"}, lambda w: f"{w.portfolio} cor_none"
    ),
    "POST /cases/{case_id}/corrections": Row(
        CASEWORK, lambda w: correction(w) | {"kind": "adjustment"}, of_case
    ),
    "POST /cases/{case_id}/charge-offs": Row(
        (404, 404, 404, 404, 403, 401),
        lambda _: {"debt_ids": ["deb_none"], "reason": "age", "note": "x"},
        of_case,
    ),
    "PATCH /cases/{case_id}/charge-offs/{charge_off_id}": Row(
        (404, 404, 404, 403, 403, 401),
        lambda _: {"decision": "approved"},
        lambda w: f"{w.case} cho_none",
    ),
    "POST /portfolios/{portfolio_id}/bulk-jobs": Row(
        MANAGERS, lambda _: {"action": "tag", "tags": ["x"]}, of_portfolio
    ),
    "GET /portfolios/{portfolio_id}/bulk-jobs": Row(MANAGERS, path=of_portfolio),
    "GET /portfolios/{portfolio_id}/bulk-jobs/{job_id}": Row(
        NO_STRATEGY, path=lambda w: f"{w.portfolio} blk_none"
    ),
    "PATCH /portfolios/{portfolio_id}/bulk-jobs/{job_id}": Row(
        NO_STRATEGY, lambda _: {"do": "stop"}, lambda w: f"{w.portfolio} blk_none"
    ),
    "GET /portfolios/{portfolio_id}/colleagues": Row(CASEWORK, path=of_portfolio),
    "GET /template-variables": Row(ANYBODY),
    "GET /portfolios/{portfolio_id}/templates": Row(CASEWORK, path=of_portfolio),
    "GET /portfolios/{portfolio_id}/templates/{template_id}/{channel}/{language}": Row(
        CASEWORK, path=of_text
    ),
    # All ask to save over a version that is not there, once they may.
    "PUT /portfolios/{portfolio_id}/templates/{template_id}/{channel}/{language}": Row(
        (409, 409, 404, 403, 403, 401), lambda _: TEXT | {"version": 7}, of_text
    ),
    "POST /portfolios/{portfolio_id}/templates/{template_id}/{channel}/{language}/withdrawal": Row(
        (404, 404, 404, 403, 403, 401), lambda _: {"version": 1}, of_text
    ),
    "POST /portfolios/{portfolio_id}/templates/preview": Row(
        CASEWORK, lambda _: TEXT | {"channel": "sms", "language": "es"}, of_portfolio
    ),
    # It has a fault, so it goes nowhere.
    "POST /portfolios/{portfolio_id}/templates/test": Row(
        (422, 422, 404, 403, 403, 401),
        lambda _: (
            TEXT | {"body": "{{ x }}", "channel": "sms", "language": "es", "to": "+525512345678"}
        ),
        of_portfolio,
    ),
    "GET /cases/{case_id}/statement": Row(CASEWORK, path=of_case),
    "GET /cases/{case_id}/contact": Row(CASEWORK, path=of_case),
    "POST /cases/{case_id}/consents": Row(
        CASEWORK, lambda _: {"contact_id": "*", "state": "given"}, of_case
    ),
    "PATCH /cases/{case_id}/contacts/{contact_id}": Row(
        (404, 404, 404, 404, 403, 401),  # there is none of that id; a system may not even ask
        lambda _: {"quality": "valid"},
        lambda w: f"{w.case} con_0",
    ),
    "POST /cases/{case_id}/holds": Row(CASEWORK, lambda _: {"reason": "dispute"}, of_case),
    "PATCH /cases/{case_id}/holds/{hold_id}": Row(
        (404, 404, 404, 403, 403, 401), lambda _: {"state": "lifted"}, lambda w: f"{w.case} hld_0"
    ),
    "GET /cases/{case_id}/links": Row(CASEWORK, path=of_case),
    "POST /cases/{case_id}/links": Row(CASEWORK, lambda _: {"days": 7}, of_case),
    "DELETE /cases/{case_id}/links/{link_id}": Row(CASEWORK, path=lambda w: f"{w.case} all"),
    "GET /portfolios/{portfolio_id}/contact-rules": Row(SEEN, path=of_portfolio),
    "GET /portfolios/{portfolio_id}/passes?lat=19.43&lng=-99.13&date=2026-11-24": Row(
        MANAGERS, path=of_portfolio
    ),
    "GET /zones": Row(FIELD),
    "POST /zones": Row(
        (200, 200, 200, 403, 403, 401), lambda _: {"name": "Z", "cells": ["88499591a3fffff"]}
    ),
    "GET /map-cells?south=19.42&west=-99.14&north=19.43&east=-99.13&size=8": Row(
        (200, 200, 200, 403, 403, 401)
    ),
    "GET /zones/{zone_id}": Row((404, 404, 404, 404, 403, 401), path=lambda _: "zon_none"),
    "PATCH /zones/{zone_id}": Row(NO_ZONE, lambda _: {"version": 1}, lambda _: "zon_none"),
    "DELETE /zones/{zone_id}": Row(NO_ZONE, path=lambda _: "zon_none"),
    "GET /agents?date=2026-11-24": Row((200, 200, 200, 403, 403, 401)),
    "GET /agents/{person_id}/profile": Row(NO_ZONE, path=lambda _: "none"),
    "PUT /agents/{person_id}/profile": Row(
        NO_ZONE,
        lambda _: {
            "version": 0,
            "weekdays": [0],
            "opens": "09:00",
            "closes": "18:00",
            "visits_max": 9,
        },
        lambda _: "none",
    ),
    "POST /assignments/preview": Row(
        (422, 422, 404, 403, 403, 401),  # a day that is past
        lambda w: {"portfolio_id": w.portfolio, "date": "2020-01-01", "how": "due"},
    ),
    "POST /assignments": Row(
        (422, 422, 404, 403, 403, 401),  # there is no such person
        lambda w: {
            "portfolio_id": w.portfolio,
            "batch_id": "bat_00000000",
            "date": "2099-01-01",
            "items": [{"case_id": w.case, "address_id": "adr_none", "person_id": "none"}],
        },
    ),
    "DELETE /portfolios/{portfolio_id}/assignment-batches/{batch_id}": Row(
        (404, 404, 404, 403, 403, 401), path=lambda w: f"{w.portfolio} bat_none"
    ),
    "DELETE /cases/{case_id}/assignments/{assignment_id}": Row(
        (404, 404, 404, 403, 403, 401), path=lambda w: f"{w.case} asg_none"
    ),
    "GET /portfolios/{portfolio_id}/team-plans/{plan_id}": Row(
        (404, 404, 404, 403, 403, 401), path=lambda w: f"{w.portfolio} tpl_none"
    ),
    "GET /assignments?date=2026-11-24": Row((200, 200, 200, 403, 403, 401)),
    "POST /routes/plans": Row((200, 200, 200, 403, 403, 401), lambda _: {"date": "2026-11-24"}),
    "GET /portfolios/{portfolio_id}/near?lat=19.4&lng=-99.1": Row(CASEWORK, path=of_portfolio),
    "GET /field/day": Row(FIELD),
    "GET /field/near?lat=19.4&lng=-99.1": Row(FIELD),
    "POST /field/assignments": Row(
        # The case has no address.
        (404, 404, 404, 404, 403, 401),
        lambda w: {
            "assignment_id": "asg_00000000",
            "case_id": w.another_case(),  # other rows stop collection on the first
            "address_id": "adr_none",
        },
    ),
    "POST /field/devices": Row(
        STAFF_ALONE,
        lambda _: {"device_id": "dev_of_a_role", "name": "Moto", "public_key": Phone().jwk},
    ),
    "GET /visit-photos/{token}": Row((404, 404, 404, 404, 404, 404), path=lambda _: "a.b"),
    "GET /field/credential": Row(STAFF_ALONE),
    "GET /portfolios/{portfolio_id}/payments": Row(MANAGERS, path=of_portfolio),
    "POST /portfolios/{portfolio_id}/payments/{payment_id}": Row(  # allowed to ask; none such
        (404, 404, 404, 403, 403, 401),
        lambda _: {"action": "send_back"},
        lambda w: f"{w.portfolio} unm_none",
    ),
    "POST /webhooks/payments/{provider}/{portfolio_id}": Row(  # not connected
        (404, 404, 404, 404, 404, 404), path=lambda w: f"sandbox {w.portfolio}"
    ),
    "GET /documents/{code}": Row((404, 404, 404, 404, 404, 404), path=lambda _: "AAAA-BBBB-CCCC"),
    "GET /cases/{case_id}/documents": Row(CASEWORK, path=of_case),
    "POST /portfolios/{portfolio_id}/paper-forms": Row(UPLOADS, lambda _: {}, of_portfolio),
    "POST /portfolios/{portfolio_id}/paper-matches": Row(
        UPLOADS, lambda _: {"items": [{"name": "x.pdf"}]}, of_portfolio
    ),
    "POST /portfolios/{portfolio_id}/papers": Row(
        UPLOADS, lambda _: {"items": [{"mark": "A" * 24, "name": "x.pdf"}]}, of_portfolio
    ),
    "POST /cases/{case_id}/pack": Row(
        (200, 200, 404, 403, 403, 401), lambda _: {"reason": "Juicio 12"}, of_case
    ),
    "GET /cases/{case_id}/papers": Row(CASEWORK, path=of_case),
    "POST /cases/{case_id}/papers": Row(  # its file never came
        (422, 422, 404, 403, 403, 401),
        lambda _: {"mark": "A" * 24, "name": "x.pdf", "kind": "invoice"},
        of_case,
    ),
    "PATCH /cases/{case_id}/papers/{paper_id}": Row(
        NO_MESSAGE, lambda _: {"shown": False}, lambda w: f"{w.case} pap_none"
    ),
    "GET /credentials/{code}": Row((404, 404, 404, 404, 404, 404), path=lambda _: "000000"),
    "PUT /people/{person_id}/photo": Row(
        ADMIN, lambda _: {"image": "iVBORw0KGgo="}, lambda w: w.person
    ),
    "GET /devices": Row((200, 200, 200, 403, 403, 401)),
    "DELETE /devices/{device_id}": Row(NO_MESSAGE, path=lambda _: "dev_0"),
    "POST /field/visits": Row(  # allowed to ask; nobody signed it
        (403, 403, 403, 403, 403, 401), lambda w: a_report(case_id=w.case)
    ),
    "POST /field/photos": Row(
        (404, 404, 404, 404, 403, 401),
        lambda _: {
            "visit_id": "vis_00000000",
            "photo_id": "pho_1",
            "sha256": "a" * 64,
            "bytes": 1,
            "content_type": "image/jpeg",
        },
    ),
    "GET /visit-points?portfolio={portfolio}": Row(MANAGERS, path=of_portfolio),
    "POST /visit-points/{case_id}/{address_id}": Row(
        NO_MESSAGE, lambda _: {"accept": True}, lambda w: f"{w.case} adr_0"
    ),
    "GET /visits?portfolio={portfolio}": Row(MANAGERS, path=of_portfolio),
    "GET /visits/{case_id}/{visit_id}": Row(NO_MESSAGE, path=lambda w: f"{w.case} vis_0"),
    "POST /visits/{case_id}/{visit_id}/review": Row(
        NO_MESSAGE, lambda _: {"accept": True}, lambda w: f"{w.case} vis_0"
    ),
    "GET /agreement-approvals?portfolio={portfolio}": Row(MANAGERS, path=of_portfolio),
    "POST /portfolios/{portfolio_id}/agreement-previews": Row(
        MANAGERS,
        lambda _: {"agreements": {}, "example": {"principal_minor": 5}},
        of_portfolio,
    ),
    "POST /cases/{case_id}/agreement-simulations": Row(CASEWORK, lambda _: {}, of_case),
    "POST /cases/{case_id}/agreements": Row(
        CASEWORK, lambda _: {"offer": {"instalments": 3}}, of_case
    ),
    "GET /cases/{case_id}/agreements/{agreement_id}": Row(
        (404, 404, 404, 404, 403, 401), path=lambda w: f"{w.case} agr_0"
    ),
    "PATCH /cases/{case_id}/agreements/{agreement_id}": Row(
        NO_MESSAGE, lambda _: {"decision": "approved"}, lambda w: f"{w.case} agr_0"
    ),
    "POST /cases/{case_id}/agreements/{agreement_id}/code": Row(
        (404, 404, 404, 404, 403, 401), path=lambda w: f"{w.case} agr_0"
    ),
    "POST /cases/{case_id}/agreements/{agreement_id}/acceptance": Row(
        (404, 404, 404, 404, 403, 401),
        lambda _: {"proof": "call", "reference": "rec_1"},
        lambda w: f"{w.case} agr_0",
    ),
    "GET /portfolios/{portfolio_id}/reliability": Row(MANAGERS, path=of_portfolio),
    "GET /portfolios/{portfolio_id}/data-requests": Row(MANAGERS, path=of_portfolio),
    "POST /portfolios/{portfolio_id}/data-requests": Row(
        CASEWORK, lambda w: {"kind": "access", "way": "email", "case_ids": [w.case]}, of_portfolio
    ),
    "PATCH /portfolios/{portfolio_id}/data-requests": Row(
        (404, 403, 404, 403, 403, 401),
        lambda _: {"kind": "phone", "value": "5512345678", "reason": "x"},
        of_portfolio,
    ),
    "GET /portfolios/{portfolio_id}/data-requests/{request_id}": Row(NO_STRATEGY, path=of_no_form),
    "PATCH /portfolios/{portfolio_id}/data-requests/{request_id}": Row(
        NO_STRATEGY, lambda _: {"version": 1, "act": "extend", "note": "x"}, of_no_form
    ),
    "GET /portfolios/{portfolio_id}/data-requests/{request_id}/letter": Row(
        NO_STRATEGY, path=of_no_form
    ),
    "GET /disputes?portfolio={portfolio}": Row(CASEWORK, path=of_portfolio),
    "POST /cases/{case_id}/disputes": Row(CASEWORK, lambda _: {"kind": "wrong_amount"}, of_case),
    "GET /disputes/{case_id}/{dispute_id}": Row(
        (404, 404, 404, 404, 403, 401), path=lambda w: f"{w.case} dsp_0"
    ),
    "PATCH /disputes/{case_id}/{dispute_id}": Row(
        NO_MESSAGE, lambda _: {"owner": "p1"}, lambda w: f"{w.case} dsp_0"
    ),
    "POST /disputes/{case_id}/{dispute_id}/evidence": Row(
        (404, 404, 404, 404, 403, 401),
        lambda _: {"name": "a.pdf", "content": "JVBERi0x"},
        lambda w: f"{w.case} dsp_0",
    ),
    "POST /disputes/{case_id}/{dispute_id}/resolution": Row(
        NO_MESSAGE, lambda _: {"verdict": "rejected", "reason": "No"}, lambda w: f"{w.case} dsp_0"
    ),
    "GET /field/visits/{visit_id}": Row((404, 404, 404, 404, 403, 401), path=lambda _: "vis_0"),
    "GET /field/cash?device=dev_none": Row((404, 404, 404, 404, 403, 401)),
    "POST /field/cash/voids": Row(
        (404, 404, 404, 404, 403, 401),
        lambda w: {
            "number": "AAAAAAAA-000001",
            "device_id": "dev_none00000",
            "case_id": w.case,
            "visit_id": "vis_none00000",
            "amount_minor": 1,
            "at": datetime.now(UTC).isoformat(),
            "reason": "x",
        },
    ),
    "POST /field/cash/codes": Row(
        CASEWORK, lambda w: {"case_id": w.case, "number": "AAAAAAAA-000001", "amount_minor": 1}
    ),
    "GET /field/agreements?cases=cas_none": Row(STAFF_ALONE),  # others' cases are left out
    "POST /field/agreements": Row(  # allowed to ask; nobody was there
        (422, 422, 404, 422, 403, 401),
        lambda w: {
            "case_id": w.case,
            "visit_id": "vis_none00000",
            "kind": "plan",
            "offer": {"instalments": 1},
            "shares": [{"number": 1, "due_on": "2026-12-01", "amount_minor": 1}],
            "signed_at": datetime.now(UTC).isoformat(),
        },
    ),
    "GET /cash/receipts/{token}": Row((404, 404, 404, 404, 404, 404), path=lambda _: "a.b"),
    "POST /field/cash/deposits": Row(
        STAFF_ONLY,
        lambda w: {
            "deposit_id": new_id("dep"),
            "portfolio_id": w.portfolio,
            "amount_minor": 1,
            "at": datetime.now(UTC).isoformat(),
            "way": "office",
        },
    ),
    "GET /cash?portfolio={portfolio}": Row(MANAGERS, path=of_portfolio),
    "GET /cash/moves?portfolio={portfolio}": Row(MANAGERS, path=of_portfolio),
    "GET /cash/series?portfolio={portfolio}": Row(MANAGERS, path=of_portfolio),
    "POST /cash/deposits/{deposit_id}": Row(
        NO_MESSAGE,
        lambda w: {"portfolio_id": w.portfolio, "counted_minor": 1},
        lambda _: "dep_none",
    ),
    "GET /cash/receipts?portfolio={portfolio}": Row(MANAGERS, path=of_portfolio),
    "POST /cash/receipts": Row(
        NO_MESSAGE, lambda _: {"key": "AAAAAAAA-000001", "outcome": "confirms"}
    ),
    "POST /cash/voids": Row(NO_MESSAGE, lambda _: {"key": "AAAAAAAA-000001", "reason": "x"}),
    "POST /cash/settlements": Row(  # allowed to ask; there is no difference
        (422, 422, 404, 403, 403, 401),
        lambda w: {
            "portfolio_id": w.portfolio,
            "person_id": "none",
            "amount_minor": 1,
            "reason": "x",
        },
    ),
    # Last: it ends the callers' sessions.
    "DELETE /session/all": Row(STAFF),
}


@dataclass(frozen=True)
class Stage:
    api: Api
    tokens: dict[str, str | None]
    world: World


@pytest.fixture(scope="module")
def stage():
    with open_cloud() as cloud, Client(application.app) as client:
        yield set_up(Api(client), cloud)


def set_up(api: Api, cloud: Cloud) -> Stage:
    cloud.person("admin@example.com", Role.ADMIN, totp=True)
    admin = token_of(api, "admin@example.com")
    portfolio = api("POST /portfolios", NEW, token=admin).body["portfolio_id"]
    elsewhere = api("POST /portfolios", NEW, token=admin).body["portfolio_id"]
    cloud.person("supervisor@example.com", Role.SUPERVISOR, portfolios=(portfolio,))
    cloud.person("stranger@example.com", Role.SUPERVISOR, portfolios=(elsewhere,))
    cloud.person("agent@example.com", Role.AGENT, portfolios=(portfolio,))
    person = cloud.person("person@example.com", Role.AGENT)
    invitation = {"email": "invited@example.com", "name": "I", "role": "agent"}
    invited = api("POST /people", invitation, token=admin).body["person_id"]

    def new_token() -> str:
        path = f"POST /portfolios/{portfolio}/tokens"
        return str(api(path, {"name": "T"}, token=admin).body["token_id"])

    def version() -> int:
        return int(api(f"GET /portfolios/{portfolio}", token=admin).body["version"])

    case = put_case(portfolio, date(2026, 1, 15))
    debt = api(f"GET /cases/{case}", token=admin).body["entries"][0]

    def promise() -> str:
        made = api(f"POST /cases/{case}/promises", PROMISE, token=admin).body["promises"]
        return str(next(each["promise_id"] for each in made if each["state"] == "open"))

    def another_case() -> str:
        number = next(_references)
        return put_case(portfolio, date(2026, 1, 15), f"E-{number}", f"G-{number}")

    def merge() -> str:
        pair = {"into": another_case(), "from": another_case()}
        path = f"POST /portfolios/{portfolio}/merges"
        return str(api(path, pair, token=admin).body["merge_id"])

    make_dead_queues()
    upload = api(f"POST /portfolios/{portfolio}/uploads", UPLOAD, token=admin).body["upload"]
    export = api(f"POST /portfolios/{portfolio}/exports", {}, token=admin).body
    service = api(f"POST /portfolios/{portfolio}/tokens", {"name": "ERP"}, token=admin)
    people = ("admin", "supervisor", "stranger", "agent")
    tokens = {who: token_of(api, f"{who}@example.com") for who in people}
    return Stage(
        api=api,
        tokens=tokens
        | {
            "service": service.body["token"],
            "nobody": None,
            "debtor": wiring.debtor_url(case, now=datetime.now(UTC)).rpartition("/")[2],
        },
        world=World(
            portfolio=portfolio,
            person=person.person_id,
            invited=invited,
            case=case,
            debt=debt["debt_id"],
            entry=debt["entry_id"],
            upload=upload["upload_id"],
            export=export["export_id"],
            conversation=put_conversation(portfolio),
            token=new_token,
            version=version,
            promise=promise,
            another_case=another_case,
            merge=merge,
        ),
    )


@pytest.mark.parametrize("call", TABLE)
def test_everybody_gets_what_the_table_says(stage, call):
    row = TABLE[call]

    got = {}
    for who in CALLERS:
        path = call
        for value in row.path(stage.world).split():
            start, end = path.index("{"), path.index("}") + 1
            path = path[:start] + value + path[end:]
        body = row.body(stage.world) if row.body else None
        status = stage.api(path, body, token=stage.tokens[who]).status
        got[who] = 200 if status < 300 else status

    assert got == dict(zip(CALLERS, (*row.answers, row.answers[-1]), strict=True))


def test_the_table_names_every_route_that_is_not_public():
    guarded = {f"{m} {p}" for (p, m), route in web.ROUTES.items() if not route.operation.public}

    told = {call.split("?")[0] for call in TABLE}
    assert guarded <= told
    # A public one may stand there too: that it says the same to everybody.
    assert told <= {f"{m} {p}" for p, m in web.ROUTES}
