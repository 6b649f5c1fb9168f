"""What a portfolio's people earned in a month, as a workbook."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from chalicelib.domain.errors import BadField
from chalicelib.domain.money import DECIMALS
from chalicelib.domain.people import Actor
from chalicelib.domain.portfolio import Portfolio
from chalicelib.messages import formats
from chalicelib.services import boards, commissions
from chalicelib.services.access import STAFF, open_portfolio
from chalicelib.services.coaching import Cases
from chalicelib.services.report_files import LINK_EXPIRES_S, XLSX, Files, workbook
from chalicelib.services.report_tables import TEXT, Cell, Column, Table, text

MOST_PEOPLE = 400  # with a month of payments each they are read within one request
_OF_BAND = ("collected_minor", "earned_minor")


def file_link(
    portfolio_id: str,
    month: str,
    *,
    file_id: str,
    language: str,
    actor: Actor,
    means: boards.Means,
    cases: Cases,
    files: Files,
) -> str:
    """
    Write what each person earned in a month, and all of them, as a workbook.

    Whom the actor may not see has no line; see ``commissions.of_team``.

    Returns:
        A short-lived address of it.

    Raises:
        PortfolioNotFound: None that the actor may see.
        BadField: It is no month, or more than ``MOST_PEOPLE`` have a line.
    """
    portfolio = open_portfolio(actor, portfolio_id, means.portfolios, *STAFF)
    rows: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        found = commissions.of_team(
            portfolio_id, month, actor=actor, means=means, cases=cases, cursor=cursor
        )
        rows += found["rows"]
        cursor = found["cursor"]
        if cursor is None:
            break
        if len(rows) >= MOST_PEOPLE:
            raise BadField(field="month", reason="too_many", most=MOST_PEOPLE)
    made = table(found, rows, portfolio=portfolio, language=language)
    key = f"figures/{portfolio_id}/{file_id}.xlsx"
    files.write(key, workbook(made, language), content_type=XLSX)
    return files.link(key, filename=f"comisiones-{month}.xlsx", expires_s=LINK_EXPIRES_S)


def table(
    found: Mapping[str, Any],
    rows: Sequence[Mapping[str, Any]],
    *,
    portfolio: Portfolio,
    language: str,
) -> Table:
    """
    Lay out people's lines and their sum, which lacks the amounts that one of them lacks.

    Args:
        found: An answer of ``commissions.of_team``; *rows* are those of all its answers.
    """
    decimals = DECIMALS.get(portfolio.currency, 2)
    locale = formats.locale_of(language, portfolio.country)
    bands: Sequence[Mapping[str, Any]] = next((row["bands"] for row in rows if row["bands"]), [])
    lines = list(rows)
    if len(lines) > 1:
        lines.append(_total(rows, len(bands), text("commission.total", language)))
    about = [
        (text("file.portfolio", language), portfolio.name),
        (text("commission.month", language), str(found["month"])),
    ]
    if found["rules"] is not None:
        about.append((text("commission.rules", language), str(found["rules"]["from_month"])))
    if any(row["earned_minor"] is None for row in rows):
        about.append((text("commission.incomplete", language), ""))
    return Table(
        title=text("commission.title", language).format(month=found["month"]),
        about=tuple(about),
        columns=_columns(bands, language, locale),
        rows=tuple(_cells(line, len(bands), decimals) for line in lines),
        more=False,
        decimals=decimals,
    )


def _columns(bands: Sequence[Mapping[str, Any]], language: str, locale: str) -> tuple[Column, ...]:
    collected, earned = (text(f"commission.{one}", language) for one in ("collected", "earned"))
    names = [_band(band, language, locale) for band in bands]
    return (
        Column(name=text("by.person", language), unit=TEXT),
        Column(name=text("commission.team", language), unit=TEXT),
        Column(name=text("measure.payments", language), unit="count"),
        Column(name=collected, unit="money"),
        Column(name=text("commission.goal", language), unit="money"),
        Column(name=text("commission.percent", language), unit="ratio"),
        *(
            Column(name=f"{name} · {what}", unit="money")
            for name in names
            for what in (collected, earned)
        ),
        Column(name=earned, unit="money"),
    )


def _band(band: Mapping[str, Any], language: str, locale: str) -> str:
    from babel.numbers import format_percent

    days = band["up_to_days"]
    name = (
        text("commission.later", language)
        if days is None
        else text("commission.up_to", language).format(n=days)
    )
    share = Decimal(band["ppm"]) / 1_000_000
    return f"{name} ({format_percent(share, '#,##0.##%', locale=locale)})"


def _total(rows: Sequence[Mapping[str, Any]], bands: int, name: str) -> dict[str, Any]:
    whole = all(row["bands"] for row in rows)

    def added(what: str) -> int | None:
        return sum(row[what] for row in rows) if whole else None

    return {
        "person": {"name": name},
        "team": "",
        "payments": sum(row["payments"] for row in rows),
        "collected_minor": added("collected_minor"),
        "goal_minor": None,
        "percent": None,
        "earned_minor": added("earned_minor"),
        "bands": [
            {what: sum(row["bands"][at][what] for row in rows) for what in _OF_BAND}
            for at in range(bands if whole else 0)
        ],
    }


def _cells(row: Mapping[str, Any], bands: int, decimals: int) -> tuple[Cell, ...]:
    def units(minor: int | None) -> Cell:
        return None if minor is None else float(minor / 10**decimals)

    in_bands = [units(band[what]) for band in row["bands"] for what in _OF_BAND]
    return (
        row["person"]["name"],
        row["team"],
        row["payments"],
        units(row["collected_minor"]),
        units(row["goal_minor"]),
        None if row["percent"] is None else row["percent"] / 100,
        *(in_bands or [None] * (bands * len(_OF_BAND))),
        units(row["earned_minor"]),
    )
