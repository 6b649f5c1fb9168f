"""The last days of what people ask about their data: the law's terms, on a portfolio's calendar."""

import calendar
from datetime import date, timedelta

from chalicelib.compliance import data_terms
from chalicelib.compliance.data_terms import Unit
from chalicelib.domain.data_request import RequestKind, RequestTerm
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import working_days

# So many working days before the last one somebody is reminded.
REMINDED_BEFORE = 2


def last_day(portfolio: Portfolio, day: date, days: int, unit: Unit) -> date:
    """Give the last day of a term that counts from *day*, which itself does not count."""
    if unit is Unit.BUSINESS:
        return working_days.last_working_day(portfolio, day, days)
    if unit is Unit.CALENDAR:
        return day + timedelta(days=days)
    year, month = divmod(day.year * 12 + day.month - 1 + days, 12)
    end = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, end))


def term_for(portfolio: Portfolio, kind: RequestKind, on: date) -> RequestTerm:
    """Give the term of a request that comes in on a day."""
    law = data_terms.term_of(portfolio.country, kind, on)
    return RequestTerm(
        law=law.law,
        article=law.article,
        days=law.days,
        unit=law.unit.value,
        carry_days=law.carry_days,
        extend_days=law.extend_days,
        own=law.own,
        answer_by=last_day(portfolio, on, law.days, law.unit),
    )


def reminded_on(portfolio: Portfolio, due_on: date) -> date:
    """Give the working day on which somebody is reminded of a last day."""
    day, left = due_on, REMINDED_BEFORE
    while left:
        day -= timedelta(days=1)
        left -= working_days.working_day(portfolio, day) == day
    return day
