# ruff: noqa: S608 - the SQL is made of the pieces below; what is asked enters checked
"""
Debts with the day each was paid: what the forecast of payment is learned from (``training``).

A debt is paid on the day of its last payment that stands, once nothing of it is overdue or to come.
Left out are those that were forgiven or corrected to nothing, which nobody paid, and those that
an agreement gave other dates: how late they came says nothing of how their debtor pays.
"""

from chalicelib.bi.kpi_sql import END

MOST_ROWS = 200_000  # the newest; what is older says little
COLUMNS = ("customer", "issued_on", "due_on", "amount_minor", "settled_on", "product")
_TO_DATE = "portfolio = $portfolio AND day <= $last"
SQL = (
    f"WITH undone AS (SELECT reverses FROM entries WHERE {_TO_DATE} AND reverses <> ''),"
    " paid AS (SELECT debt_id, max(effective_on) AS paid_on FROM entries"
    f" WHERE {_TO_DATE} AND kind = 'payment'"
    " AND entry_id NOT IN (SELECT reverses FROM undone) GROUP BY debt_id),"
    " owed AS (SELECT debt_id, case_id, coalesce(issued_on, least(placed_on, due_on)) AS since,"
    " due_on, placed_minor, product, oldest_due_on IS NULL AS closed FROM debts"
    f" WHERE {END} AND NOT restructured)"
    " SELECT owed.case_id, CAST(owed.since AS varchar), CAST(owed.due_on AS varchar),"
    " owed.placed_minor, CASE WHEN owed.closed THEN CAST(paid.paid_on AS varchar) END,"
    " owed.product FROM owed LEFT JOIN paid ON paid.debt_id = owed.debt_id"
    " WHERE NOT (owed.closed AND paid.paid_on IS NULL)"
    f" ORDER BY owed.due_on DESC, owed.debt_id LIMIT {MOST_ROWS + 1}"
)
