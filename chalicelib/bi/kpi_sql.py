# ruff: noqa: S608 - the SQL is made of the pieces below; what is asked enters checked (``kpis.text``)
"""The SQL of the figures (``bi.kpis`` says what each is), for DuckDB and Athena alike."""

_RANGE = "portfolio = $portfolio AND day BETWEEN $first AND $last"
_TO_DATE = "portfolio = $portfolio AND day <= $last"
_START = "portfolio = $portfolio AND day = $before"
_END = "portfolio = $portfolio AND day = $last"
_MADE = f"{_RANGE} AND direction = 'out' AND made"
_PAID = "(kind = 'payment' OR reverses_kind = 'payment')"
_MATURED = (
    f"{_END} AND state IN ('kept', 'partial', 'broken')"
    " AND last_day BETWEEN CAST($first AS date) AND CAST($last AS date)"
)
_OVERDUE = "date_diff('day', oldest_due_on, CAST({day} AS date)) > {more}"


def _overdue(day: str, more: int = 0) -> str:
    return _OVERDUE.format(day=day, more=more)


def _one(numerator: str, denominator: str, rest: str, sample: str = "count(*)") -> str:
    return (
        f"SELECT '' AS group_1, '' AS group_2, coalesce({numerator}, 0) AS numerator,"
        f" coalesce({denominator}, 0) AS denominator, {sample} AS sample {rest}"
    )


def _count(condition: str) -> str:
    return f"count(CASE WHEN {condition} THEN 1 END)"


def _sum(value: str, condition: str) -> str:
    return f"sum(CASE WHEN {condition} THEN {value} ELSE 0 END)"


def _reached(condition: str) -> str:
    return (
        f"WITH assigned AS (SELECT DISTINCT case_id FROM cases WHERE {_RANGE}"
        " AND status <> 'settled'),"
        f" worked AS (SELECT DISTINCT case_id FROM attempts WHERE {_MADE} AND {condition}) "
        + _one(
            "count(worked.case_id)",
            "count(*)",
            "FROM assigned LEFT JOIN worked ON worked.case_id = assigned.case_id",
        )
    )


_ATTEMPTS = f"FROM attempts WHERE {_MADE}"
_CONTACT = "result IN ('direct', 'indirect')"
_DIRECT = "result = 'direct'"

COVERAGE = _reached("true")
RPC_ACCOUNTS = _reached(_DIRECT)
INTENSITY = _one("count(*)", "count(DISTINCT case_id)", _ATTEMPTS)
CONTACT_RATE = _one(_count(_CONTACT), "count(*)", _ATTEMPTS)
RPC_ATTEMPTS = _one(_count(_DIRECT), "count(*)", _ATTEMPTS)
RPC_CONTACTS = _one(_count(_DIRECT), _count(_CONTACT), _ATTEMPTS)
PTP_RATE = (
    f"WITH promised AS (SELECT count(*) AS n FROM promises WHERE {_END}"
    " AND made_on BETWEEN CAST($first AS date) AND CAST($last AS date)),"
    f" spoken AS (SELECT {_count(_DIRECT)} AS n {_ATTEMPTS}) "
    + _one("promised.n", "spoken.n", "FROM promised CROSS JOIN spoken", "promised.n")
)
KEPT_COUNT = _one(_count("state = 'kept'"), "count(*)", f"FROM promises WHERE {_MATURED}")
KEPT_AMOUNT = _one("sum(paid_minor)", "sum(amount_minor)", f"FROM promises WHERE {_MATURED}")
BROKEN_RATE = _one(_count("state = 'broken'"), "count(*)", f"FROM promises WHERE {_MATURED}")
SLIPPAGE = _one(
    "sum(date_diff('day', due_on, paid_on))",
    "count(*)",
    f"FROM promises WHERE {_MATURED} AND paid_on IS NOT NULL",
)


def _recovery(of_entries: str, of_debts: str) -> str:
    return (
        f"WITH paid AS (SELECT coalesce(-sum(amount_minor), 0) AS minor, count(*) AS n FROM entries"
        f" WHERE {_RANGE} AND {_PAID} AND {of_entries}),"
        f" owed AS (SELECT coalesce({_sum('balance_minor', of_debts)}, 0) AS minor FROM debts"
        f" WHERE {_START}) "
        + _one("paid.minor", "owed.minor", "FROM paid CROSS JOIN owed", "paid.n")
    )


RECOVERY = _recovery("true", "true")
RECOVERY_OVERDUE = _recovery("dpd > 0", _overdue("$before"))
LIQUIDATION = (
    "WITH placed AS (SELECT debt_id, substr(CAST(placed_on AS varchar), 1, 7) AS vintage,"
    f" placed_minor FROM debts WHERE {_END}),"
    " batch AS (SELECT vintage, sum(placed_minor) AS minor, count(*) AS n FROM placed"
    " GROUP BY vintage),"
    " paid AS (SELECT placed.vintage, substr(entries.day, 1, 7) AS month,"
    " -sum(entries.amount_minor) AS minor FROM entries"
    " JOIN placed ON placed.debt_id = entries.debt_id"
    f" WHERE {_RANGE} AND {_PAID} GROUP BY placed.vintage, substr(entries.day, 1, 7))"
    " SELECT paid.vintage AS group_1, paid.month AS group_2,"
    " sum(paid.minor) OVER (PARTITION BY paid.vintage ORDER BY paid.month) AS numerator,"
    " batch.minor AS denominator, batch.n AS sample"
    " FROM paid JOIN batch ON batch.vintage = paid.vintage ORDER BY 1, 2"
)
ROLL_MATRIX = (
    "WITH moved AS (SELECT earlier.balance_minor,"
    " date_diff('day', earlier.oldest_due_on, CAST($before AS date)) AS dpd_then,"
    " CASE WHEN later.debt_id IS NULL THEN 'gone' WHEN later.oldest_due_on IS NULL THEN 'paid'"
    " ELSE '' END AS ended,"
    " date_diff('day', later.oldest_due_on, CAST($last AS date)) AS dpd_now"
    f" FROM (SELECT * FROM debts WHERE {_START} AND oldest_due_on IS NOT NULL) AS earlier"
    f" LEFT JOIN (SELECT * FROM debts WHERE {_END}) AS later ON later.debt_id = earlier.debt_id),"
    " cells AS (SELECT $band_then AS band_then,"
    " CASE WHEN ended <> '' THEN ended ELSE $band_now END AS band_now,"
    " sum(balance_minor) AS minor, count(*) AS n FROM moved GROUP BY 1, 2)"
    " SELECT band_then AS group_1, band_now AS group_2, minor AS numerator,"
    " sum(minor) OVER (PARTITION BY band_then) AS denominator, n AS sample"
    " FROM cells ORDER BY 1, 2"
)
CURE_RATE = (
    f"WITH late AS (SELECT debt_id FROM debts WHERE {_START} AND {_overdue('$before')}),"
    f" later AS (SELECT * FROM debts WHERE {_END}) "
    + _one(
        _count("later.oldest_due_on IS NULL OR NOT " + _overdue("$last")),
        "count(*)",
        "FROM late JOIN later ON later.debt_id = late.debt_id WHERE NOT later.restructured",
    )
)
PAR30 = _one(
    _sum("balance_minor", _overdue("$last", 30)), "sum(balance_minor)", f"FROM debts WHERE {_END}"
)
OVERDUE_INDEX = _one(
    _sum("balance_minor", _overdue("$last")), "sum(balance_minor)", f"FROM debts WHERE {_END}"
)

_SOLD = "coalesce(issued_on, placed_on) BETWEEN CAST($first AS date) AND CAST($last AS date)"
_BOOKS = (
    f"WITH ended AS (SELECT coalesce(sum(balance_minor), 0) AS minor,"
    f" coalesce({_sum('balance_minor', _overdue('$last'))}, 0) AS late,"
    f" coalesce({_sum('placed_minor', _SOLD)}, 0) AS sold, count(*) AS n FROM debts"
    f" WHERE {_END}),"
    f" began AS (SELECT coalesce(sum(balance_minor), 0) AS minor FROM debts WHERE {_START}) "
)
_BOTH = "FROM ended CROSS JOIN began"
DSO = _BOOKS + _one("ended.minor * $days", "ended.sold", _BOTH, "ended.n")
DSO_BEST = _BOOKS + _one("(ended.minor - ended.late) * $days", "ended.sold", _BOTH, "ended.n")
ADD = _BOOKS + _one("ended.late * $days", "ended.sold", _BOTH, "ended.n")
CEI = _BOOKS + _one(
    "began.minor + ended.sold - ended.minor",
    "began.minor + ended.sold - (ended.minor - ended.late)",
    _BOTH,
    "ended.n",
)
PAYMENT_DELAY = (
    f"WITH due AS (SELECT debt_id, due_on, balance_minor FROM debts WHERE {_END}"
    " AND due_on BETWEEN CAST($first AS date) AND CAST($last AS date)),"
    " parts AS (SELECT due.debt_id, -entries.amount_minor AS minor,"
    " date_diff('day', due.due_on, entries.effective_on) AS days FROM due"
    " JOIN entries ON entries.debt_id = due.debt_id"
    f" WHERE {_TO_DATE} AND {_PAID}"
    " UNION ALL SELECT debt_id, balance_minor,"
    " date_diff('day', due_on, CAST($last AS date)) FROM due) "
    + _one("sum(minor * days)", "sum(minor)", "FROM parts", "count(DISTINCT debt_id)")
)
VISIT_EFFECTIVENESS = _one(
    _count("met = 'holder'"), "count(*)", f"FROM visits WHERE {_RANGE} AND verified"
)
VISITS_VERIFIED = _one(_count("verified"), "count(*)", f"FROM visits WHERE {_RANGE} AND counted")
MESSAGE_COST = (
    f"WITH paid AS (SELECT coalesce(-sum(amount_minor), 0) AS minor FROM entries WHERE {_RANGE}"
    f" AND {_PAID}), spent AS (SELECT cost_currency, sum(cost_micros) AS micros, count(*) AS n"
    f" FROM attempts WHERE {_RANGE} AND cost_micros > 0 GROUP BY cost_currency)"
    " SELECT spent.cost_currency AS group_1, '' AS group_2, spent.micros AS numerator,"
    " paid.minor AS denominator, spent.n AS sample FROM spent CROSS JOIN paid ORDER BY 1"
)


def _step(name: str, condition: str) -> str:
    return (
        f"SELECT channel AS group_1, '{name}' AS group_2, {_count(condition)} AS numerator,"
        f" count(*) AS denominator, count(*) AS sample {_ATTEMPTS} GROUP BY channel"
    )


FUNNEL = (
    "SELECT * FROM ("
    + " UNION ALL ".join(
        (
            _step("1 made", "true"),
            _step("2 delivered", "delivered_at IS NOT NULL OR read_at IS NOT NULL"),
            _step("3 read", "read_at IS NOT NULL"),
            _step("4 answered", "answered_at IS NOT NULL"),
            _step("5 direct", _DIRECT),
        )
    )
    + ") AS steps ORDER BY 1, 2"
)
CONTACT_HOURS = (
    "SELECT CAST(weekday AS varchar) AS group_1, CAST(hour AS varchar) AS group_2,"
    f" {_count(_DIRECT)} AS numerator, count(*) AS denominator, count(*) AS sample"
    f" {_ATTEMPTS} GROUP BY weekday, hour ORDER BY weekday, hour"
)
