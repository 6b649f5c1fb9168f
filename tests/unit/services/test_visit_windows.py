"""When a visit is allowed, and until when."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain import ids
from chalicelib.domain.contact import HoldReason
from chalicelib.domain.draft import after
from chalicelib.domain.errors import AddressNotFound
from chalicelib.services import visit_windows
from tests.builders import a_case, a_portfolio, change_of, reopened
from tests.contract.test_field import an_address

TUESDAY = date(2026, 11, 24)
ZONE = ZoneInfo("America/Mexico_City")


def at(clock, day=TUESDAY):
    return datetime.combine(day, time.fromisoformat(clock), ZONE).astimezone(UTC)


@pytest.fixture
def file():
    draft = reopened(a_case())
    draft.put_address(an_address())
    return after(a_case(), change_of(draft))


def local(moment):
    return moment.astimezone(ZONE).strftime("%d %H:%M")


def ask(file, clock, **limits):
    base = a_portfolio()
    portfolio = replace(
        base,
        policies=replace(base.policies, contact=replace(base.policies.contact, **limits)),
    )
    return visit_windows.window(file, portfolio, file.addresses[0].address_id, now=at(clock))


def test_an_allowed_moment_says_until_when(file):
    found = ask(file, "11:00", opens_at="09:00", closes_at="18:30")

    assert (found.ruling.allowed, local(found.until)) == (True, "24 18:30")


@pytest.mark.parametrize(("clock", "opens"), [("07:00", "24 09:00"), ("18:30", "25 09:00")])
def test_a_refused_one_says_the_whole_next_window(file, clock, opens):
    found = ask(file, clock, opens_at="09:00", closes_at="18:30")

    assert not found.ruling.allowed
    assert local(found.opens) == opens
    assert local(found.until) == f"{opens[:2]} 18:30"


def test_a_day_without_any_allowed_hour_has_no_window(file):
    portfolio = a_portfolio()
    address_id = file.addresses[0].address_id

    def of_day(day):
        return visit_windows.window_of_day(file, portfolio, address_id, day, now=at("08:00"))

    assert of_day(TUESDAY) is not None
    held = reopened(file, now=at("08:00"))
    held.hold("hld_1", HoldReason.ILLNESS, until=TUESDAY)
    stopped = after(file, change_of(held))
    assert (
        visit_windows.window_of_day(stopped, portfolio, address_id, TUESDAY, now=at("08:00"))
        is None
    )
    why = visit_windows.refusal(stopped, portfolio, address_id, TUESDAY, now=at("08:00"))
    assert why.reason_code == "ON_HOLD"


def test_a_days_window_is_in_seconds_of_the_portfolios_clock(file):
    base = a_portfolio()
    limits = replace(base.policies.contact, opens_at="09:00", closes_at="18:30")
    portfolio = replace(base, policies=replace(base.policies, contact=limits))
    found = visit_windows.window_of_day(
        file, portfolio, file.addresses[0].address_id, TUESDAY, now=at("05:00")
    )

    assert visit_windows.seconds_of_day(found, portfolio, TUESDAY) == (9 * 3600, 18 * 3600 + 1800)


def test_an_address_of_another_case_has_none(file):
    with pytest.raises(AddressNotFound):
        visit_windows.window(file, a_portfolio(), ids.derived_id("adr", "x"), now=at("11:00"))
