# ruff: noqa: S608 - the SQL is the catalogue's; groups enter written by number
"""
The cases behind a figure, and how much of it is each one's.

Where a figure counts things of one kind (``ROWS``), a row is one of its denominator, with whether
the numerator has it. Where it weighs them, or its parts are of different things (``SUMS``), each
part has its rows: what a case adds to the numerator, and what it adds to the denominator. What
cases have of a part sums to it. DSO by count-back is not here: which months use up the balance is
told by all cases together, and no part of that is one's own.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from chalicelib.bi import kpi_forecasts
from chalicelib.bi import kpi_sql as sql
from chalicelib.bi.sql import literal
from chalicelib.domain.errors import BadField

_ALONE = "'' AS group_1, '' AS group_2"


def _rows(hit: str, rest: str) -> str:
    return f"SELECT case_id, {_ALONE}, {hit} AS hit {rest}"


def _reached(condition: str) -> str:
    return (
        f"SELECT assigned.case_id, {_ALONE}, worked.case_id IS NOT NULL AS hit"
        f" FROM (SELECT DISTINCT case_id FROM cases WHERE {sql.RANGE} AND status <> 'settled')"
        f" AS assigned LEFT JOIN (SELECT DISTINCT case_id FROM attempts WHERE {sql.MADE}"
        f" AND {condition}) AS worked ON worked.case_id = assigned.case_id"
    )


def _funnel(group: str, rest: str) -> str:
    return " UNION ALL ".join(
        f"SELECT case_id, {group} AS group_1, '{name}' AS group_2, {condition} AS hit {rest}"
        for name, condition in sql.STEPS
    )


def _part(value: str, rest: str, groups: str = _ALONE) -> str:
    return f"SELECT case_id, {groups}, {value} AS part {rest}"


def _if(condition: str, value: str, other: str = "0") -> str:
    return f"CASE WHEN {condition} THEN {value} ELSE {other} END"


def _recovery(of_entries: str, of_debts: str) -> tuple[str, str]:
    paid = f"FROM entries WHERE {sql.RANGE} AND {sql.PAID} AND {of_entries}"
    owed = f"FROM debts WHERE {sql.START} AND {of_debts}"
    return _part("-amount_minor", paid), _part("balance_minor", owed)


def _paid_by(lines: str) -> str:
    """What cases paid, below each line of a figure."""
    return (
        "SELECT paid.case_id, lines.one AS group_1, lines.other AS group_2,"
        f" -paid.amount_minor AS part FROM (SELECT * FROM entries WHERE {sql.RANGE}"
        f" AND {sql.PAID}) AS paid CROSS JOIN ({lines}) AS lines"
    )


_MATURED = f"FROM promises WHERE {sql.MATURED}"
_VISITS = f"FROM visits WHERE {sql.VISITED}"
_OWED, _ENDED = f"FROM debts WHERE {sql.OWED}", f"FROM debts WHERE {sql.END}"
_BEGAN = f"FROM debts WHERE {sql.START}"
_LATE = sql.overdue("$last")
_SOLD = _part(_if(sql.SOLD, "placed_minor"), _ENDED)
_NINETY = f"FROM debts WHERE {sql.RANGE} AND {sql.NINETY_DAYS}"

ROWS: Mapping[str, str] = MappingProxyType(
    {
        "coverage": _reached("true"),
        "intensity": _rows("true", sql.ATTEMPTS),
        "rpc_accounts": _reached(sql.DIRECT),
        "contact_rate": _rows(sql.CONTACT, sql.ATTEMPTS),
        "rpc_attempts": _rows(sql.DIRECT, sql.ATTEMPTS),
        "rpc_contacts": _rows(sql.DIRECT, f"{sql.ATTEMPTS} AND {sql.CONTACT}"),
        "kept_count": _rows("state = 'kept'", _MATURED),
        "broken_rate": _rows("state = 'broken'", _MATURED),
        "cure_rate": (
            f"SELECT later.case_id, {_ALONE}, (later.oldest_due_on IS NULL OR NOT"
            f" {sql.overdue('$last').replace('oldest_due_on', 'later.oldest_due_on')}) AS hit"
            f" FROM (SELECT debt_id FROM debts WHERE {sql.START} AND {sql.overdue('$before')})"
            f" AS late JOIN (SELECT * FROM debts WHERE {sql.END}) AS later"
            " ON later.debt_id = late.debt_id WHERE NOT later.restructured"
        ),
        "channel_funnel": _funnel("channel", sql.ATTEMPTS),
        "template_funnel": _funnel("template", sql.TEMPLATED),
        "redefault": sql.REDEFAULT_CASES,
        "strategy_ab": sql.STRATEGY_AB_CASES,
        "forecast_paid": kpi_forecasts.PAID_CASES,
        "visit_effectiveness": _rows("met IN ('holder', 'codebtor')", f"{_VISITS} AND verified"),
        "visits_verified": _rows("verified", f"{_VISITS} AND counted"),
        "visits_paid": (
            f"{sql.WEEKS}SELECT seen.case_id, {_ALONE}, payers.visit_id IS NOT NULL AS hit"
            f" {sql.OF_PAYERS}"
        ),
        "contact_hours": (
            "SELECT case_id, CAST(weekday AS varchar) AS group_1, CAST(hour AS varchar) AS group_2,"
            f" {sql.DIRECT} AS hit {sql.ATTEMPTS}"
        ),
    }
)

# The lines of a matrix, of curves and of shares are parts of one whole: each line has it below.
_MOVED = (
    f"WITH moved AS ({sql.MOVED}), told AS (SELECT case_id, balance_minor,"
    " CASE WHEN began <> '' THEN began ELSE $band_then END AS was,"
    " CASE WHEN ended <> '' THEN ended ELSE $band_now END AS is_now FROM moved) "
)
_PAID_LATER = (
    f"{sql.PLACED}, paid AS (SELECT placed.case_id, placed.vintage,"
    " substr(entries.day, 1, 7) AS month, -entries.amount_minor AS minor FROM entries"
    " JOIN placed ON placed.debt_id = entries.debt_id"
    f" WHERE {sql.RANGE} AND {sql.PAID}), months AS (SELECT DISTINCT vintage, month FROM paid) "
)
_GONE = _part("charged_off_minor", f"FROM debts WHERE {sql.WROTE_OFF}")
_HELD = _part("balance_minor", f"FROM debts WHERE {sql.ON_THE_BOOKS}")
_BACK = f"FROM entries WHERE {sql.RECOVERED}"
_OF_MONTH = "months.vintage AS group_1, months.month AS group_2"
_BY_CURRENCY = "cost_currency AS group_1, '' AS group_2"

SUMS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "ptp_rate": (
            _part("1", f"FROM promises WHERE {sql.PROMISED}"),
            _part("1", f"{sql.ATTEMPTS} AND {sql.DIRECT}"),
        ),
        "kept_amount": (_part("paid_minor", _MATURED), _part("amount_minor", _MATURED)),
        "slippage": (
            _part("date_diff('day', due_on, paid_on)", f"{_MATURED} AND paid_on IS NOT NULL"),
            _part("1", f"{_MATURED} AND paid_on IS NOT NULL"),
        ),
        "recovery": _recovery("true", "true"),
        "recovery_overdue": _recovery("dpd > 0", sql.overdue("$before")),
        "liquidation": (
            f"{_PAID_LATER}SELECT paid.case_id, {_OF_MONTH}, paid.minor AS part FROM paid"
            " JOIN months ON months.vintage = paid.vintage AND months.month >= paid.month",
            f"{_PAID_LATER}SELECT placed.case_id, {_OF_MONTH}, placed.placed_minor AS part"
            " FROM placed JOIN months ON months.vintage = placed.vintage",
        ),
        "roll_matrix": (
            f"{_MOVED}SELECT case_id, was AS group_1, is_now AS group_2, balance_minor AS part"
            " FROM told",
            f"{_MOVED}SELECT told.case_id, cells.was AS group_1, cells.is_now AS group_2,"
            " told.balance_minor AS part FROM told"
            " JOIN (SELECT DISTINCT was, is_now FROM told) AS cells ON cells.was = told.was",
        ),
        "charge_off_rate": (_GONE, _HELD),
        "net_charge_off_rate": (f"{_GONE} UNION ALL {_part('amount_minor', _BACK)}", _HELD),
        "recovered_after_charge_off": (
            _part("-amount_minor", _BACK),
            _part(
                "charged_off_minor", f"FROM debts WHERE {sql.END} AND charged_off_on IS NOT NULL"
            ),
        ),
        "time_to_cure": (
            f"{sql.CURES}{_part('days', f'FROM ranked WHERE {sql.MIDDLE}')}",
            f"{sql.CURES}{_part('1', 'FROM ranked')}",
        ),
        "par30": (
            _part(_if(sql.overdue("$last", 30), "balance_minor"), _OWED),
            _part("balance_minor", _OWED),
        ),
        "overdue_index": (
            _part(_if(_LATE, "balance_minor"), _OWED),
            _part("balance_minor", _OWED),
        ),
        "at_risk": (_part("balance_minor", _NINETY), _part("placed_minor", _NINETY)),
        "dso": (_part("balance_minor * $days", _ENDED), _SOLD),
        "dso_best": (_part(_if(_LATE, "0", "balance_minor * $days"), _ENDED), _SOLD),
        "add": (_part(_if(_LATE, "balance_minor * $days"), _ENDED), _SOLD),
        "cei": (
            f"{_part('balance_minor', _BEGAN)} UNION ALL {_SOLD}"
            f" UNION ALL {_part('-balance_minor', _ENDED)}",
            f"{_part('balance_minor', _BEGAN)} UNION ALL {_SOLD}"
            f" UNION ALL {_part(_if(_LATE, '0', '-balance_minor'), _ENDED)}",
        ),
        "payment_delay": (
            f"{sql.DELAYS}{_part('minor * days', 'FROM parts')}",
            f"{sql.DELAYS}{_part('minor', 'FROM parts')}",
        ),
        "visit_collected": (
            f"{sql.WEEKS}{_part('minor', 'FROM paid')}",
            f"{sql.WEEKS}{_part('1', 'FROM seen')}",
        ),
        "message_cost": (
            _part("cost_micros", sql.SPENT, _BY_CURRENCY),
            _paid_by("SELECT DISTINCT cost_currency AS one, '' AS other " + sql.SPENT),
        ),
        "unit_cost": (
            " UNION ALL ".join(
                (
                    _part(
                        "cost_micros", sql.SPENT, "'messages' AS group_1, cost_currency AS group_2"
                    ),
                    _part("seconds", sql.TALKED, "'calls' AS group_1, '' AS group_2"),
                    _part("1", sql.COUNTED, "'visits' AS group_1, '' AS group_2"),
                )
            ),
            _paid_by(
                f"SELECT DISTINCT 'messages' AS one, cost_currency AS other {sql.SPENT}"
                " UNION ALL SELECT 'calls', '' UNION ALL SELECT 'visits', ''"
            ),
        ),
        "forecast_told": kpi_forecasts.TOLD_CASES,
        "attribution": (
            f"{sql.CREDITED} SELECT case_id, channel AS group_1, '' AS group_2, minor AS part"
            " FROM near WHERE turn = 1",
            f"{sql.CREDITED} SELECT paid.case_id, ways.channel AS group_1, '' AS group_2,"
            " paid.minor AS part FROM paid CROSS JOIN (SELECT DISTINCT channel FROM near) AS ways",
        ),
    }
)
# What a figure reads that is no case's own.
NOBODYS: Mapping[str, frozenset[str]] = MappingProxyType({"unit_cost": frozenset({"shifts"})})
KNOWN = frozenset({*ROWS, *SUMS})


@dataclass(frozen=True, slots=True)
class After:
    """Where a page of cases goes on: behind the one that was told with so much."""

    worth: int
    case_id: str

    def __str__(self) -> str:
        return f"{self.worth}~{self.case_id}"


def after_of(told: Any) -> After:
    """
    Read where a page goes on, as a text or as JSON has it.

    >>> str(after_of("-5~cas_1")), after_of({"worth": 3, "case_id": "cas_2"})
    ('-5~cas_1', After(worth=3, case_id='cas_2'))

    Raises:
        BadField: It is none; field ``cursor``.
    """
    if isinstance(told, Mapping):
        told = f"{told.get('worth')}~{told.get('case_id')}"
    found = _AFTER.fullmatch(str(told))
    if found is None:
        raise BadField(field="cursor", reason="foreign")
    return After(int(found[1]), found[2])


_AFTER = re.compile(r"(-?[0-9]{1,25})~([A-Za-z0-9_-]{1,64})")


def page(listed: str, *, after: After | None, most: int) -> str:
    """Write the SQL of a page of listed cases, those with most first, and of one case more."""
    beyond = ""
    if after is not None:
        worth, case_id = int(after.worth), literal(after.case_id)
        beyond = f" WHERE worth < {worth} OR (worth = {worth} AND case_id > {case_id})"
    return (
        f"SELECT case_id, times, worth FROM ({listed}) AS listed{beyond}"
        f" ORDER BY worth DESC, case_id LIMIT {most + 1}"
    )


def text(code: str, *, hit: bool, groups: tuple[str, str]) -> str:
    """
    Write the SQL that lists the cases, each with how often it counts and what that comes to.

    Args:
        hit: Those with something in the numerator; else those that are in the denominator alone.

    Raises:
        KeyError: It is none of ``KNOWN``.
    """
    own = f"group_1 = {literal(groups[0])} AND group_2 = {literal(groups[1])}"
    if code in ROWS:
        return (
            f"SELECT case_id, count(*) AS times, count(*) AS worth FROM ({ROWS[code]}) AS behind"
            f" WHERE {'hit' if hit else 'NOT hit'} AND {own}"
            " GROUP BY case_id"
        )
    above, below = SUMS[code]
    side, other = ("above", "below") if hit else ("below", "above")
    return (
        f"SELECT case_id, in_{side} AS times, {side} AS worth FROM (SELECT case_id,"
        " sum(part_above) AS above, sum(part_below) AS below,"
        " sum(n) AS in_above, count(*) - sum(n) AS in_below FROM ("
        f"SELECT case_id, part AS part_above, 0 AS part_below, 1 AS n FROM ({above}) AS tops"
        f" WHERE {own} UNION ALL"
        f" SELECT case_id, 0 AS part_above, part AS part_below, 0 AS n FROM ({below}) AS unders"
        f" WHERE {own}) AS parts GROUP BY case_id) AS behind"
        f" WHERE {side} <> 0{'' if hit else f' AND {other} = 0'}"
    )
