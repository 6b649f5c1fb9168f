"""What is told of cases is kept as it is told: of each the first of a month, with its debts."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Protocol

from chalicelib.domain.case import CaseFile
from chalicelib.domain.days import local_day
from chalicelib.domain.forecast_test import RULES, arm_of
from chalicelib.domain.foretold import MODEL, Telling, ToldOfDebt, kept_as
from chalicelib.domain.portfolio import Portfolio
from chalicelib.prediction import forecast

UNKNOWN = "too_few_paid"  # of the reasons to tell nothing, the one that is about the debtor


class Tellings(Protocol):
    """``store.enrolments``, as far as what was told asks."""

    def tell(self, portfolio_id: str, telling: Telling) -> None: ...

    def known(self, portfolio_id: str, strategy: str, case_ids: Iterable[str]) -> set[str]: ...


def keep(
    files: Collection[CaseFile], portfolio: Portfolio, *, enrolments: Tellings, now: datetime
) -> int:
    """
    Keep what is told of cases today, of each the first of the month; says how many.

    Of whom the model knows too little that is kept likewise, beside it: what is told of them later
    in the month is the first that is told.
    """
    today = local_day(now, portfolio.time_zone)
    by_model: dict[str, list[CaseFile]] = {}
    for file in files:
        name = forecast.name_of(file, portfolio.forecast)
        if name != RULES and forecast.id_of(name):
            by_model.setdefault(name, []).append(file)
    kept = 0
    for model, of_model in by_model.items():
        model_id = forecast.id_of(model)
        left = _new(of_model, portfolio, kept_as(model_id, today), enrolments)
        found = [_telling(file, portfolio, model, today, now) for file in left]
        told = [one for one in found if one is not None]
        silent = [one for one in left if _unknown(one, portfolio, today)]
        silently = kept_as(model_id, today, told=False)
        told += [
            _silence(file, portfolio, model, today, now)
            for file in _new(silent, portfolio, silently, enrolments)
        ]
        if forecast.id_of(model) != model_id:
            continue  # another was put into service meanwhile: nobody knows which of them told
        for one in told:
            enrolments.tell(portfolio.portfolio_id, one)
        kept += len(told)
    return kept


# Private


def _new(
    files: list[CaseFile], portfolio: Portfolio, name: str, enrolments: Tellings
) -> list[CaseFile]:
    if not files:
        return []
    ids = [file.head.case_id for file in files]
    known = enrolments.known(portfolio.portfolio_id, name, ids)
    return [file for file in files if file.head.case_id not in known]


def _unknown(file: CaseFile, portfolio: Portfolio, today: date) -> bool:
    return forecast.silence(file, portfolio.forecast, today) == UNKNOWN


def _telling(
    file: CaseFile, portfolio: Portfolio, model: str, today: date, now: datetime
) -> Telling | None:
    found = forecast.told(file, portfolio.forecast, today)
    if found is None:
        return None
    told = forecast.told_by_debt(file, portfolio.forecast, today)
    debts = tuple(
        ToldOfDebt(
            debt_id=debt.debt_id,
            late_days=(today - debt.due_on).days,
            percent=one.percent,
            usual=one.days.usual if one.days else None,
            low=one.days.low if one.days else None,
            high=one.days.high if one.days else None,
        )
        for debt in file.debts
        if (one := told.get(debt.debt_id)) is not None
    )
    return _made(file, portfolio, model, today, now, MODEL, found.percent, debts)


def _silence(
    file: CaseFile, portfolio: Portfolio, model: str, today: date, now: datetime
) -> Telling:
    debts = tuple(
        ToldOfDebt(debt_id=debt.debt_id, late_days=(today - debt.due_on).days)
        for debt in forecast.asked_about(file, today)
    )
    return _made(file, portfolio, model, today, now, UNKNOWN, None, debts)


def _made(  # noqa: PLR0917 - the fields of a row
    file: CaseFile,
    portfolio: Portfolio,
    model: str,
    today: date,
    now: datetime,
    basis: str,
    percent: int | None,
    debts: tuple[ToldOfDebt, ...],
) -> Telling:
    policy = portfolio.forecast
    return Telling(
        case_id=file.head.case_id,
        on=today,
        at=now,
        model=model,
        model_id=forecast.id_of(model),
        basis=basis,
        percent=percent,
        test_id=policy.test_id,
        arm=arm_of(policy, file.head.case_id) if policy.runs else "",
        debts=debts,
    )
