"""What the access log promises: every look once, found by day, person, case and kind."""

from datetime import timedelta

import pytest

from chalicelib.domain.looked import Look, LookKind
from chalicelib.store import access_log
from chalicelib.store.access_log import AccessLogStore
from tests import engines
from tests.builders import NOW

FIRST, LAST = NOW - timedelta(hours=12), NOW + timedelta(hours=12)


@pytest.fixture(params=["moto", pytest.param("dynamodb", marks=pytest.mark.dynamodb_local)])
def log(request):
    endpoint = request.getfixturevalue(f"{request.param}_endpoint")
    return AccessLogStore(engines.wire_to(endpoint), engines.WORK)


def a_look(portfolio, minutes=0, **more):
    base = {
        "kind": LookKind.CASE,
        "at": NOW + timedelta(minutes=minutes),
        "actor": "user:ana",
        "portfolio_id": portfolio.portfolio_id,
        "case_id": f"cas_{portfolio.portfolio_id}",
    }
    return Look(**base | more)


def read(log, portfolio, **asked):
    found, cursor = [], None
    while True:
        page, cursor = log.page(
            portfolio.portfolio_id,
            **{"first": FIRST, "last": LAST, "limit": 2} | asked,
            cursor=cursor,
        )
        found += page
        if cursor is None:
            return found


def test_looking_again_within_five_minutes_is_one_look(log, portfolio):
    for minutes in (0, 1, 4, 5):
        log.note(a_look(portfolio, minutes))

    assert [one.at for one in read(log, portfolio)] == [
        NOW + timedelta(minutes=5),
        NOW + timedelta(minutes=4),
    ]


def test_looks_are_found_by_person_case_and_kind_over_days(log, portfolio, monkeypatch):
    monkeypatch.setattr(access_log, "_PAGE", 2)
    monkeypatch.setattr(access_log, "ROWS_READ", 3)
    other = f"cas_other_{portfolio.portfolio_id}"
    mine = [a_look(portfolio, 10 * n) for n in range(3)]
    luis = a_look(portfolio, 40, actor="user:luis", case_id=other)
    taken = a_look(portfolio, 50, kind=LookKind.EXPORT, case_id="", of="exp_1")
    later = a_look(portfolio, 24 * 60)
    for one in (*mine, luis, taken, later):
        log.note(one)

    assert read(log, portfolio) == [taken, luis, *mine[::-1]]
    assert read(log, portfolio, actor="user:luis") == [luis]
    assert read(log, portfolio, kind=LookKind.EXPORT) == [taken]
    assert read(log, portfolio, case_id=other) == [luis]
    assert read(log, portfolio, last=LAST + timedelta(days=1)) == [
        later, taken, luis, *mine[::-1],
    ]  # fmt: skip


def test_a_case_of_another_portfolio_is_not_told_of(log, portfolio):
    look = a_look(portfolio)
    log.note(look)
    stranger = a_look(portfolio, 10, portfolio_id="prt_none")
    log.note(stranger)

    assert read(log, portfolio, case_id=look.case_id) == [look]
