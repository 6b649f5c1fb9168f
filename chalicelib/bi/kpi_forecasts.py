# ruff: noqa: S608 - the SQL is made of the pieces below; what is asked enters checked (``kpis.text``)
"""
What a forecast told of debts beside what came of them, by tenths of the chance.

A debt was paid when it owes nothing at the end and its last payment that stands came within the
days that were spoken of. One that had been paid when it was told, and became known later, is not
asked about.
"""

from chalicelib.bi.kpi_sql import END

WITHIN_DAYS = 15  # as ``prediction.forecast`` speaks of; a test holds it to that
_TO_DATE = "portfolio = $portfolio AND day <= $last"
CAME = (
    "WITH told AS (SELECT case_id, debt_id, day, percent, tenth FROM forecasts"
    " WHERE portfolio = $portfolio AND day BETWEEN $told_first AND $told_last"
    " AND basis = 'model'),"
    f" undone AS (SELECT reverses FROM entries WHERE {_TO_DATE} AND reverses <> ''),"
    " paid AS (SELECT debt_id, max(effective_on) AS paid_on FROM entries"
    f" WHERE {_TO_DATE} AND kind = 'payment'"
    " AND entry_id NOT IN (SELECT reverses FROM undone) GROUP BY debt_id),"
    " ended AS (SELECT debts.debt_id, CASE WHEN debts.oldest_due_on IS NULL THEN paid.paid_on END"
    f" AS paid_on FROM (SELECT debt_id, oldest_due_on FROM debts WHERE {END}) AS debts"
    " LEFT JOIN paid ON paid.debt_id = debts.debt_id),"
    " came AS (SELECT told.case_id, CAST(told.tenth AS varchar) AS tenth, told.percent,"
    " coalesce(date_diff('day', CAST(told.day AS date), ended.paid_on)"
    f" <= {WITHIN_DAYS}, false) AS paid"
    " FROM told JOIN ended ON ended.debt_id = told.debt_id"
    " WHERE ended.paid_on IS NULL OR ended.paid_on >= CAST(told.day AS date)) "
)
_BY_TENTH = "count(*) AS sample FROM came GROUP BY tenth ORDER BY 1"
TOLD = (
    f"{CAME}SELECT tenth AS group_1, '' AS group_2, sum(percent) AS numerator,"
    f" 100 * count(*) AS denominator, {_BY_TENTH}"
)
PAID = (
    f"{CAME}SELECT tenth AS group_1, '' AS group_2, count(CASE WHEN paid THEN 1 END) AS numerator,"
    f" count(*) AS denominator, {_BY_TENTH}"
)
_CASES = f"{CAME}SELECT case_id, tenth AS group_1, '' AS group_2"
PAID_CASES = f"{_CASES}, paid AS hit FROM came"
TOLD_CASES = (f"{_CASES}, percent AS part FROM came", f"{_CASES}, 100 AS part FROM came")
