"""Portfolios, their cases, and what is planned, offered and counted for them."""

from __future__ import annotations

import functools
import logging
import time
from typing import TYPE_CHECKING

from chalicelib.config import settings
from chalicelib.lazily import lazily
from chalicelib.prediction import served
from chalicelib.wiring.clients import CASE_THREADS, bind_work_table, now, wire
from chalicelib.wiring.people import notice_boxes, people
from chalicelib.wiring.queues import payment_events

with lazily():
    from chalicelib.domain import call_settings, dry_run, forecast_test
    from chalicelib.domain import good_hours as hours
    from chalicelib.services import call_notices, call_queue, plan_limits, ranking
    from chalicelib.services import templates as text_service
    from chalicelib.store import allowances as allowance_rows
    from chalicelib.store import bids as bid_rows
    from chalicelib.store import call_turns as call_turn_rows
    from chalicelib.store import cases as case_rows
    from chalicelib.store import cash as cash_rows
    from chalicelib.store import counters as counter_rows
    from chalicelib.store import documents
    from chalicelib.store import enrolments as enrolment_rows
    from chalicelib.store import exports as export_rows
    from chalicelib.store import forms as form_rows
    from chalicelib.store import merges as merge_rows
    from chalicelib.store import portfolios as portfolio_rows
    from chalicelib.store import repeats as repeat_rows
    from chalicelib.store import saved_views as view_rows
    from chalicelib.store import served_models as model_rows
    from chalicelib.store import strategies as strategy_rows
    from chalicelib.store import templates as template_rows
    from chalicelib.store import uploads as upload_rows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from chalicelib.domain.call_turn import Turn
    from chalicelib.domain.case import CaseChange
    from chalicelib.domain.contact import Cause
    from chalicelib.domain.offer import Offer
    from chalicelib.domain.portfolio import Portfolio
    from chalicelib.domain.unspent import Unspent
    from chalicelib.strategies.model import CallBack

log = logging.getLogger("recobro")
HOURS_KEPT_S = 300


def portfolios() -> portfolio_rows.PortfolioStore:
    bind_work_table()
    return portfolio_rows.PortfolioStore()


@functools.cache
def cases() -> case_rows.CaseStore:
    return case_rows.CaseStore(
        wire(),
        cases=settings().cases_table,
        work=settings().work_table,
        threads=CASE_THREADS,
        left_open=_end_pages,
        unspent=_return_unspent,
    )


def _return_unspent(changes: Sequence[CaseChange]) -> None:
    """
    Give back to the budgets what they granted to messages that ended unsent, whoever ended them.

    That it could not be given back undoes nothing: the budget stays smaller by it, never larger.
    """
    try:
        by_portfolio: dict[str, list[Unspent]] = {}
        for change in changes:
            by_portfolio.setdefault(change.after.portfolio_id, []).extend(change.unspent)
        for portfolio_id, unspent in by_portfolio.items():
            portfolio = portfolios().get(portfolio_id)
            if portfolio is not None:
                plan_limits.give_back_unspent(
                    unspent,
                    portfolio,
                    strategies().playbook(portfolio_id),
                    allowances=allowances(),
                    now=now(),
                )
    except Exception:
        log.exception("budgets not given back", extra={"cases": len(changes)})


def _end_pages(case_ids: Sequence[str]) -> None:
    """
    Have the providers end pages that ask for what was paid otherwise, whoever noted that.

    The money is in the ledger by now: that nobody could be told of it undoes nothing. A page
    that stays open runs out by itself, and what is still paid on it is a credit.
    """
    try:
        payment_events().send([{"step": "close", "case_id": case_id} for case_id in case_ids])
    except Exception:
        log.exception("pages of payments stay open", extra={"cases": len(case_ids)})


@functools.cache
def cash() -> cash_rows.CashStore:
    return cash_rows.CashStore(wire(), settings().work_table)


@functools.cache
def counters() -> counter_rows.CounterStore:
    return counter_rows.CounterStore(wire(), settings().work_table)


@functools.cache
def call_turns() -> call_turn_rows.CallTurnStore:
    return call_turn_rows.CallTurnStore(wire(), settings().work_table)


def usual_balance(portfolio_id: str) -> int:
    """The mean balance of a portfolio's cases that owe, in minor units."""
    return ranking.usual_of(counters().totals(portfolio_id))


@functools.cache
def good_hours_kept() -> documents.Documents[hours.GoodHours]:
    """What the lake's worker learned of each portfolio's hours."""
    return documents.Documents(
        wire(), settings().work_table, hours.GoodHours, name="HOURS", key="kind"
    )


def good_hours(portfolio_id: str) -> hours.GoodHours | None:
    """What a portfolio knows of the hours at which people are reached; made anew at night."""
    return _good_hours(portfolio_id, int(time.monotonic() // HOURS_KEPT_S))


@functools.lru_cache(maxsize=256)
def _good_hours(portfolio_id: str, _: int) -> hours.GoodHours | None:
    """Every case that is ranked asks for them: read once in a while."""
    return good_hours_kept().get(portfolio_id, "good")


def call_means() -> call_queue.Means:
    """All that the queue of calls is kept with."""
    return call_queue.Means(
        turns=call_turns(),
        cases=cases(),
        portfolios=portfolios(),
        playbooks=strategies(),
        usual=usual_balance,
        hours=good_hours,
        promised=_promised,
    )


def _promised(turn: Turn, portfolio: Portfolio, now: datetime) -> None:
    call_notices.remind(turn, portfolio, now, people=people(), boxes=notice_boxes())


@functools.cache
def call_history() -> documents.Documents[call_settings.SettingsBefore]:
    """What the settings of calls were before they were changed."""
    return documents.Documents(
        wire(),
        settings().work_table,
        call_settings.SettingsBefore,
        name="CALLSETTINGS",
        key="key",
    )


@functools.cache
def forecast_tests() -> documents.Documents[forecast_test.ForecastTest]:
    return documents.Documents(
        wire(), settings().work_table, forecast_test.ForecastTest, name="FORECAST", key="test_id"
    )


@functools.cache
def uploads() -> upload_rows.UploadStore:
    return upload_rows.UploadStore(wire(), settings().work_table)


@functools.cache
def merges() -> merge_rows.MergeStore:
    return merge_rows.MergeStore(wire(), settings().work_table)


@functools.cache
def saved_views() -> view_rows.SavedViewStore:
    return view_rows.SavedViewStore(wire(), settings().work_table)


@functools.cache
def exports() -> export_rows.ExportStore:
    return export_rows.ExportStore(wire(), settings().work_table)


@functools.cache
def allowances() -> allowance_rows.AllowanceStore:
    return allowance_rows.AllowanceStore(wire(), settings().work_table)


@functools.cache
def bids() -> bid_rows.BidStore:
    return bid_rows.BidStore(wire(), settings().work_table)


@functools.cache
def enrolments() -> enrolment_rows.EnrolmentStore:
    return enrolment_rows.EnrolmentStore(wire(), settings().work_table)


@functools.cache
def dry_runs() -> documents.Documents[dry_run.DryRun]:
    return documents.Documents(
        wire(), settings().work_table, dry_run.DryRun, name="DRYRUN", key="dry_run_id"
    )


@functools.cache
def strategies() -> strategy_rows.StrategyStore:
    return strategy_rows.StrategyStore(wire(), settings().work_table)


@functools.cache
def offer_of(portfolio_id: str, cause: Cause) -> Offer | None:
    """What a strategy offers; a published version never changes, so it is read once."""
    from chalicelib.services.strategies_in_force import offer_of as read

    return read(portfolio_id, cause, strategies=strategies())


def call_back_of(portfolio_id: str, cause: Cause) -> CallBack:
    """When the step behind a voice message has a person call."""
    from chalicelib.services.strategies_in_force import call_back_of as read

    return read(portfolio_id, cause, strategies=strategies())


@functools.cache
def templates() -> template_rows.TemplateStore:
    """One per process: it remembers a portfolio's texts for half a minute."""
    return template_rows.TemplateStore(wire(), settings().work_table)


@functools.cache
def forms() -> form_rows.FormStore:
    return form_rows.FormStore(wire(), settings().work_table)


def texts() -> text_service.Texts:
    """What sending asks for a text."""
    return text_service.Texts(templates())


@functools.cache
def repeats() -> repeat_rows.RepeatStore:
    repeat_rows.bind(settings().idempotency_table)
    return repeat_rows.RepeatStore()


@functools.cache
def served_models() -> model_rows.ServedModelStore:
    return model_rows.ServedModelStore(wire(), settings().work_table)


def model_in_service(name: str) -> str:
    """What the forecast tells by, where a model was put into service."""
    return served_models().text(name)


served.read_by(model_in_service)
