"""Reports by e-mail over the API, down to the mailbox and the link that ends it."""

import sys
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib import wiring
from chalicelib.bi.answers import Answer
from chalicelib.domain.contact import Receipt
from chalicelib.handlers import plan_jobs
from chalicelib.services.lake_runs import LakeRun
from tests.api.test_saved_reports import REPORT

TOLD = {
    "every": "day",
    "hour": 7,
    "days": "last_7",
    "file": "xlsx",
    "people": [],
    "outside": ["jefa@banco.mx"],
}


@pytest.fixture
def portfolio(common):
    new = {"name": "A", "creditor": "B", "country": "MX"}
    return common("POST /portfolios", new).body["portfolio_id"]


@pytest.fixture
def address(portfolio):
    return f"/portfolios/{portfolio}/report-schedules"


@pytest.fixture
def report(common, portfolio):
    kept = common(f"POST /portfolios/{portfolio}/reports", REPORT | {"filters": []})
    return kept.body["report_id"]


@pytest.fixture
def me(common):
    return common("GET /me").body["person_id"]


@pytest.fixture
def mailbox(monkeypatch):
    """What tells figures, and what takes e-mails, instead of the real ones."""
    sent = []

    class Engine:
        def ask(self, question):
            rows = (("call", 900, 300, 90, 60, 900, 300),)
            if not question.about.cases:
                rows = (("call", 900, 90, 900),)
            return Answer(columns=(), rows=rows, engine="duckdb", bytes_read=1, days=())

    class Sender:
        def send(self, message):
            sent.append(message)
            return Receipt(provider="ses", provider_id=str(len(sent)))

    monkeypatch.setattr(sys.modules["chalicelib.wiring.figures"], "figures", Engine)
    monkeypatch.setattr(wiring, "sender", lambda _: Sender())
    return sent


def all_there(portfolio, now):
    """The lake has all days that are over in Mexico City."""
    yesterday = now.astimezone(ZoneInfo("America/Mexico_City")).date() - timedelta(days=1)
    wiring.lake_runs().add(
        LakeRun(
            portfolio_id=portfolio,
            state="done",
            run_id="lak_1",
            day=yesterday,
            since=yesterday,
            began_at=now,
            lease_until=now,
            done_day=yesterday,
        )
    )


def test_a_schedule_is_made_once_listed_changed_paused_and_taken_away(common, address, report, me):
    told = TOLD | {"report_id": report, "people": [me]}
    first = common(f"POST {address}", told, idempotency_key="k-1")
    again = common(f"POST {address}", told, idempotency_key="k-1").body
    one = f"{address}/{first.body['schedule_id']}"

    assert (first.status, again) == (201, first.body)
    assert common(f"GET {address}?report_id={report}").body["items"] == [again]
    assert common(f"GET {address}?report_id=rep_other").body["items"] == []
    assert (again["month_day"], again["state"], again["mine"]) == (1, "active", True)
    next_at = datetime.fromisoformat(again["next_at"]).astimezone(ZoneInfo("America/Mexico_City"))
    assert (next_at.hour, next_at.minute) == (7, 0)

    change = TOLD | {"people": [me], "state": "paused", "version": 1}
    paused = common(f"PUT {one}", change).body
    assert (paused["state"], paused["next_at"], paused["version"]) == ("paused", None, 2)
    assert common(f"PUT {one}", change).code == "report_schedule.moved"
    assert common(f"DELETE {one}").status == 204
    assert common(f"DELETE {one}").code == "report_schedule.not_found"
    kinds = [event["kind"] for event in common("GET /audit").body["items"]][:3]
    assert kinds == [
        "report_schedule.removed",
        "report_schedule.changed",
        "report_schedule.made",
    ]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"hour": 24}, "hour"),
        ({"every": "year"}, "every"),
        ({"weekday": 8}, "weekday"),
        ({"month_day": 0}, "month_day"),
        ({"days": "ever"}, "days"),
        ({"file": "csv"}, "file"),
        ({"outside": ["no address"]}, "outside.0"),
        ({"outside": []}, "people"),
        ({"people": ["per_nobody"]}, "people.0"),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_field(common, address, report, change, field):
    refused = common(f"POST {address}", TOLD | {"report_id": report} | change)

    assert (refused.status, refused.body["details"]["field"]) == (422, field)


def test_what_is_due_reaches_the_mailbox_once(common, address, report, me, mailbox):
    now, portfolio = wiring.now(), address.split("/")[2]
    hour = (now.astimezone(ZoneInfo("America/Mexico_City")).hour + 12) % 24
    told = TOLD | {"report_id": report, "people": [me], "hour": hour}
    made = common(f"POST {address}", told).body
    all_there(portfolio, now)
    message = {"portfolio_id": portfolio, "schedule_id": made["schedule_id"], "key": ""}
    plan_jobs._report(message)  # not due yet
    assert mailbox == []
    store = wiring.report_schedules()
    early = store.get(portfolio, made["schedule_id"])
    store.save(replace(early, next_at=now.replace(second=0, microsecond=0)))
    for _ in range(2):
        plan_jobs._report(message)

    person, outside = mailbox
    assert person.files[0][0].endswith(".xlsx")
    assert outside.files == ()
    told = common(f"GET {address}/{made['schedule_id']}/mailings").body["items"]
    assert [(one["state"], len(one["letters"])) for one in told] == [("sent", 2)]
    assert date.fromisoformat(told[0]["to"]) - date.fromisoformat(told[0]["from"]) == timedelta(6)
    assert common("GET /audit").body["items"][0]["kind"] == "report_schedule.sent"


def test_who_got_it_ends_it_by_one_click_without_an_account(common, address, portfolio, report):
    made = common(f"POST {address}", TOLD | {"report_id": report}).body
    one = f"{address}/{made['schedule_id']}"
    token = _stop_token(portfolio, made["schedule_id"], "jefa@banco.mx")

    page = common.api(f"GET /unsubscribe/{token}")
    assert page.status == 200
    assert common(f"GET {address}").body["items"][0]["outside"][0]["stopped"] is False
    assert common.api(f"POST /unsubscribe/{token}", {}).status == 200
    assert common(f"GET {address}").body["items"][0]["outside"][0]["stopped"] is True
    assert common.api(f"POST /unsubscribe/{token[:-2]}AA", {}).status == 404
    assert common(f"DELETE {one}").status == 204


def _stop_token(portfolio, schedule_id, address):
    from chalicelib.services import report_ports

    key = report_ports.address_key(portfolio, address)
    url = report_ports.stop_url(
        portfolio, schedule_id, key, wiring.now().date(), wiring.report_mail_means()
    )
    return url.rpartition("/")[2]


def test_one_has_it_sent_to_oneself_now_and_says_no_to_it(common, address, report, me, mailbox):
    portfolio = address.split("/")[2]
    made = common(f"POST {address}", TOLD | {"report_id": report, "people": [me]}).body
    one = f"{address}/{made['schedule_id']}"
    all_there(portfolio, wiring.now())
    asked = common(f"POST {one}/mailings")
    assert (asked.status, asked.body["state"]) == (202, "waiting")
    message = {"portfolio_id": portfolio, "schedule_id": made["schedule_id"]}
    plan_jobs._report(message | {"key": asked.body["key"]})
    assert [one.files[0][0].rpartition(".")[2] for one in mailbox] == ["xlsx"]

    assert common(f"PUT {one}/stop").status == 204
    assert common(f"GET {address}").body["items"][0]["people"][0]["stopped"] is True
    assert common(f"DELETE {one}/stop").status == 204
    assert common(f"GET {address}").body["items"][0]["people"][0]["stopped"] is False
