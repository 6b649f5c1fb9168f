# ruff: noqa: S608 - the SQL is the catalogue's; groups enter written by number
"""
The cases behind a figure: what each row of its denominator is, and whether the numerator has it.

Every text gives ``case_id``, the figure's groups, and ``hit``. Figures of money and of days are
not here: there a case counts by its weight, and the list would not say what the number says.
"""

from collections.abc import Mapping
from types import MappingProxyType

from chalicelib.bi import kpi_sql as sql
from chalicelib.bi.sql import literal

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


_MATURED = f"FROM promises WHERE {sql.MATURED}"
_OWED = f"FROM debts WHERE {sql.OWED} AND oldest_due_on IS NOT NULL"
_VISITS = f"FROM visits WHERE {sql.VISITED}"

ROWS: Mapping[str, str] = MappingProxyType(
    {
        "coverage": _reached("true"),
        "rpc_accounts": _reached(sql.DIRECT),
        "contact_rate": _rows(sql.CONTACT, sql.ATTEMPTS),
        "rpc_attempts": _rows(sql.DIRECT, sql.ATTEMPTS),
        "rpc_contacts": _rows(sql.DIRECT, f"{sql.ATTEMPTS} AND {sql.CONTACT}"),
        "kept_count": _rows("state = 'kept'", _MATURED),
        "broken_rate": _rows("state = 'broken'", _MATURED),
        "par30": _rows(sql.overdue("$last", 30), _OWED),
        "overdue_index": _rows(sql.overdue("$last"), _OWED),
        "cure_rate": (
            f"SELECT later.case_id, {_ALONE}, (later.oldest_due_on IS NULL OR NOT"
            f" {sql.overdue('$last').replace('oldest_due_on', 'later.oldest_due_on')}) AS hit"
            f" FROM (SELECT debt_id FROM debts WHERE {sql.START} AND {sql.overdue('$before')})"
            f" AS late JOIN (SELECT * FROM debts WHERE {sql.END}) AS later"
            " ON later.debt_id = late.debt_id WHERE NOT later.restructured"
        ),
        "roll_matrix": (
            "SELECT case_id, $band_then AS group_1, CASE WHEN ended <> '' THEN ended"
            f" ELSE $band_now END AS group_2, true AS hit FROM ({sql.MOVED}) AS moved"
        ),
        "redefault": sql.REDEFAULT_CASES,
        "strategy_ab": sql.STRATEGY_AB_CASES,
        "visit_effectiveness": _rows("met IN ('holder', 'codebtor')", f"{_VISITS} AND verified"),
        "visits_verified": _rows("verified", f"{_VISITS} AND counted"),
        "contact_hours": (
            "SELECT case_id, CAST(weekday AS varchar) AS group_1, CAST(hour AS varchar) AS group_2,"
            f" {sql.DIRECT} AS hit {sql.ATTEMPTS}"
        ),
    }
)


def text(rows: str, *, hit: bool, groups: tuple[str, str], most: int) -> str:
    """Write the SQL that lists the cases, those that count most often first."""
    which = "hit" if hit else "NOT hit"
    return (
        f"SELECT case_id, count(*) AS times FROM ({rows}) AS behind WHERE {which}"
        f" AND group_1 = {literal(groups[0])} AND group_2 = {literal(groups[1])}"
        f" GROUP BY case_id ORDER BY times DESC, case_id LIMIT {most + 1}"
    )
