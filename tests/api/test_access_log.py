"""Who opened which case and took which file: told to admins, by day, person, case and kind."""

from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib import wiring
from chalicelib.bi.answers import Answer
from chalicelib.channels.letter import LetterSender
from chalicelib.domain.contact import Channel
from chalicelib.domain.looked import Look, LookKind
from tests.api.cloud import put_case
from tests.unit.channels.conftest import a_message


@pytest.fixture
def about(api, admin):
    made = api(
        "POST /portfolios", {"name": "A", "creditor": "B", "country": "MX"}, token=admin
    ).body
    return made["portfolio_id"], put_case(made["portfolio_id"], date(2026, 10, 1))


def listed(api, admin, portfolio_id, **asked):
    # A day before and after: the portfolio's day is not UTC's.
    today = datetime.now(UTC).date()
    span = {"first": today - timedelta(days=1), "last": today + timedelta(days=1)} | asked
    query = "&".join(f"{name}={value}" for name, value in span.items())
    answer = api(f"GET /portfolios/{portfolio_id}/access-log?{query}", token=admin)
    assert answer.status == 200
    return answer.body["items"]


def test_opening_a_case_is_told_once_with_who_and_whose(api, admin, about):
    portfolio_id, case_id = about
    for _ in range(2):
        assert api(f"GET /cases/{case_id}", token=admin).status == 200
    api(f"GET /cases/{case_id}/documents", token=admin)

    items = listed(api, admin, portfolio_id)

    assert {one["kind"] for one in items} == {"case.opened", "documents.opened"}
    [opened] = {(one["case_id"], one["actor"]["name"]) for one in items}
    assert opened[0] == case_id
    assert opened[1]
    mine = items[0]["actor"]["id"].removeprefix("user:")
    by_case = listed(api, admin, portfolio_id, case=case_id)
    assert by_case == items
    assert listed(api, admin, portfolio_id, person=mine, kind="case.opened")
    assert listed(api, admin, portfolio_id, person="nobody") == []


def test_taking_a_list_of_cases_away_is_told(api, admin, about):
    portfolio_id, _ = about
    made = api(f"POST /portfolios/{portfolio_id}/exports", {}, token=admin)

    [asked] = listed(api, admin, portfolio_id, kind="export.asked")

    assert asked["of"] == made.body["export_id"]


def test_whoever_takes_all_that_is_held_of_a_case_is_told(api, admin, about):
    portfolio_id, case_id = about
    made = api(f"POST /cases/{case_id}/pack", {"reason": "Juicio 12/2026"}, token=admin)
    assert made.status == 201

    [taken] = listed(api, admin, portfolio_id, kind="pack.taken")

    assert (taken["case_id"], taken["of"]) == (case_id, made.body["sha256"])


def test_a_report_that_was_taken_as_a_file_is_told(api, admin, about, monkeypatch):
    class Engine:
        def ask(self, question):
            return Answer(columns=(), rows=(), engine="duckdb", bytes_read=0, days=())

    portfolio_id, _ = about
    monkeypatch.setattr(wiring, "figures", Engine)
    wanted = {"from": "2026-10-01", "to": "2026-10-31", "measures": ["attempts"]}
    wanted |= {"dimensions": ["channel"], "compare": False, "name": "Canales", "kind": "pdf"}
    asked = api(f"POST /portfolios/{portfolio_id}/figures/files", wanted, token=admin)
    assert asked.status == 200, asked.body

    [taken] = listed(api, admin, portfolio_id, kind="report.taken")

    assert taken["of"] in asked.body["url"]


def test_letters_that_were_taken_are_told_and_a_day_without_any_is_not(api, admin, about):
    portfolio_id, _ = about
    path = f"POST /portfolios/{portfolio_id}/letter-batches"
    assert api(path, {"day": "2026-10-01"}, token=admin).body["url"] is None
    assert listed(api, admin, portfolio_id, kind="letters.taken") == []

    sent_at = datetime(2026, 10, 2, 18, tzinfo=UTC)
    letter = a_message(
        Channel.LETTER, portfolio_id=portfolio_id, to="Ana\nCalle 1\n72000 Puebla", subject="Aviso"
    )
    LetterSender(wiring.evidence_files(), now=lambda: sent_at, zone=lambda _: "UTC").send(letter)
    assert api(path, {"day": "2026-10-02"}, token=admin).body["letters"] == 1

    [taken] = listed(api, admin, portfolio_id, kind="letters.taken")
    assert taken["of"] == "2026-10-02"


def test_a_log_that_cannot_be_written_keeps_nobody_from_working(api, admin, about, monkeypatch):
    class Broken:
        def note(self, look):
            raise RuntimeError

    _, case_id = about
    monkeypatch.setattr(wiring, "access_log", Broken)

    assert api(f"GET /cases/{case_id}", token=admin).status == 200


def test_more_than_a_month_at_once_is_not_asked_for(api, admin, about):
    portfolio_id, _ = about

    answer = api(
        f"GET /portfolios/{portfolio_id}/access-log?first=2026-01-01&last=2026-03-01", token=admin
    )

    assert (answer.status, answer.body["details"]["field"]) == (422, "last")


def test_five_minutes_are_one_look():
    at = datetime(2026, 11, 23, 10, 7, 31, tzinfo=UTC)
    look = Look(kind=LookKind.CASE, at=at, actor="user:a", portfolio_id="prt_a", case_id="cas_a")

    assert look.slot == datetime(2026, 11, 23, 10, 5, tzinfo=UTC)
