"""The hours a debtor asks for: inside the law's in every country, never none at all."""

from dataclasses import replace

import pytest

from chalicelib.compliance import packs
from chalicelib.domain.portfolio import ContactLimits
from chalicelib.domain.wish import ContactWish, DayKind
from chalicelib.selfpay import hours, rights
from tests.builders import a_portfolio

ALL_DAYS = {f"day_{day.value}": "1" for day in DayKind}


def law(country: str = "MX", **limits: str) -> tuple[rights.Right, ...]:
    portfolio = a_portfolio(country=country)
    policies = replace(portfolio.policies, contact=ContactLimits(**limits))
    return rights.build(replace(portfolio, policies=policies))


def chosen(given: tuple[rights.Right, ...], **form: str) -> tuple[ContactWish | None, str]:
    offered = hours.asked(given, None)
    assert offered is not None
    base = {"opens_at": offered.opens[0], "closes_at": offered.closes[-1]} | ALL_DAYS
    return hours.chosen(base | form, offered, given)


@pytest.mark.parametrize("country", packs.countries())
def test_nothing_is_offered_beyond_the_law(country: str) -> None:
    given = law(country)
    offered = hours.asked(given, None)
    assert offered is not None
    windows = [w for right in given for _, day in right.hours for w in day]
    assert offered.opens[0] == min(start for start, _ in windows)
    assert offered.closes[-1] == max(end for _, end in windows)
    assert chosen(given) == (ContactWish(not_on=()), "")


def test_not_before_ten_and_not_on_sundays() -> None:
    given = law()
    offered = hours.asked(given, None)
    assert offered is not None
    form = {"opens_at": "10:00", "closes_at": offered.closes[-1], "day_mon_fri": "1"}
    form |= {f"day_{day.value}": "1" for day in offered.days if day is not DayKind.SUN}
    wish, why = hours.chosen(form, offered, given)
    assert why == ""
    assert wish is not None
    assert (wish.opens_at, wish.closes_at) == ("10:00", "")
    assert set(wish.not_on) == {DayKind.SUN} & set(offered.days)
    again = hours.asked(given, wish)
    assert again is not None
    assert again.opens_at == "10:00"


@pytest.mark.parametrize(
    "form",
    [
        {"opens_at": "18:00", "closes_at": "10:00"},
        {"opens_at": "12:00", "closes_at": "12:00"},
        {"opens_at": "03:00"},
        {"closes_at": "24:00"},
        {"opens_at": "<b>"},
    ],
)
def test_hours_in_which_nobody_could_write_are_refused(form: dict[str, str]) -> None:
    wish, why = chosen(law(opens_at="08:00", closes_at="20:00"), **form)
    assert wish is None
    assert why in ("no_hours", "choice")


def test_no_day_at_all_is_refused() -> None:
    given = law()
    offered = hours.asked(given, None)
    assert offered is not None
    form = {"opens_at": offered.opens[0], "closes_at": offered.closes[-1]}
    assert hours.chosen(form, offered, given) == (None, "no_hours")


def test_where_no_law_is_known_no_hours_are_asked() -> None:
    assert hours.asked((), None) is None
