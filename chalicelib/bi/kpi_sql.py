# ruff: noqa: S608 - the SQL is made of the pieces below; what is asked enters checked (``kpis.text``)
"""The SQL of the figures (``bi.kpis`` says what each is), for DuckDB and Athena alike."""

RANGE = "portfolio = $portfolio AND day BETWEEN $first AND $last"
_TO_DATE = "portfolio = $portfolio AND day <= $last"
START = "portfolio = $portfolio AND day = $before"
END = "portfolio = $portfolio AND day = $last"
_OURS = "direction = 'out' AND made"
# "$only": of the cases in some places or a segment, where that is asked (``kpis.values``).
MADE = f"{RANGE} AND {_OURS} AND ($channel = '' OR channel = $channel)$only"
VISITED = f"{RANGE}$only"
OWED = f"{END}$only"
PAID = "(kind = 'payment' OR reverses_kind = 'payment')"
MATURED = (
    f"{END} AND state IN ('kept', 'partial', 'broken')"
    " AND last_day BETWEEN CAST($first AS date) AND CAST($last AS date)"
)
_OVERDUE = "date_diff('day', oldest_due_on, CAST({day} AS date)) > {more}"


def overdue(day: str, more: int = 0) -> str:
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
        f"WITH assigned AS (SELECT DISTINCT case_id FROM cases WHERE {RANGE}"
        " AND status <> 'settled'),"
        f" worked AS (SELECT DISTINCT case_id FROM attempts WHERE {MADE} AND {condition}) "
        + _one(
            "count(worked.case_id)",
            "count(*)",
            "FROM assigned LEFT JOIN worked ON worked.case_id = assigned.case_id",
        )
    )


ATTEMPTS = f"FROM attempts WHERE {MADE}"
CONTACT = "result IN ('direct', 'indirect')"
DIRECT = "result = 'direct'"

COVERAGE = _reached("true")
RPC_ACCOUNTS = _reached(DIRECT)
INTENSITY = _one("count(*)", "count(DISTINCT case_id)", ATTEMPTS)
CONTACT_RATE = _one(_count(CONTACT), "count(*)", ATTEMPTS)
RPC_ATTEMPTS = _one(_count(DIRECT), "count(*)", ATTEMPTS)
RPC_CONTACTS = _one(_count(DIRECT), _count(CONTACT), ATTEMPTS)
PROMISED = f"{END} AND made_on BETWEEN CAST($first AS date) AND CAST($last AS date)"
PTP_RATE = (
    f"WITH promised AS (SELECT count(*) AS n FROM promises WHERE {PROMISED}),"
    f" spoken AS (SELECT {_count(DIRECT)} AS n {ATTEMPTS}) "
    + _one("promised.n", "spoken.n", "FROM promised CROSS JOIN spoken", "promised.n")
)
KEPT_COUNT = _one(_count("state = 'kept'"), "count(*)", f"FROM promises WHERE {MATURED}")
KEPT_AMOUNT = _one("sum(paid_minor)", "sum(amount_minor)", f"FROM promises WHERE {MATURED}")
BROKEN_RATE = _one(_count("state = 'broken'"), "count(*)", f"FROM promises WHERE {MATURED}")
SLIPPAGE = _one(
    "sum(date_diff('day', due_on, paid_on))",
    "count(*)",
    f"FROM promises WHERE {MATURED} AND paid_on IS NOT NULL",
)


def _recovery(of_entries: str, of_debts: str) -> str:
    return (
        f"WITH paid AS (SELECT coalesce(-sum(amount_minor), 0) AS minor, count(*) AS n FROM entries"
        f" WHERE {RANGE} AND {PAID} AND {of_entries}),"
        f" owed AS (SELECT coalesce({_sum('balance_minor', of_debts)}, 0) AS minor FROM debts"
        f" WHERE {START}) "
        + _one("paid.minor", "owed.minor", "FROM paid CROSS JOIN owed", "paid.n")
    )


RECOVERY = _recovery("true", "true")
RECOVERY_OVERDUE = _recovery("dpd > 0", overdue("$before"))
# Debts by the month they came in.
PLACED = (
    "WITH placed AS (SELECT debt_id, case_id, substr(CAST(placed_on AS varchar), 1, 7) AS vintage,"
    f" placed_minor FROM debts WHERE {END})"
)
LIQUIDATION = (
    f"{PLACED},"
    " batch AS (SELECT vintage, sum(placed_minor) AS minor, count(*) AS n FROM placed"
    " GROUP BY vintage),"
    " paid AS (SELECT placed.vintage, substr(entries.day, 1, 7) AS month,"
    " -sum(entries.amount_minor) AS minor FROM entries"
    " JOIN placed ON placed.debt_id = entries.debt_id"
    f" WHERE {RANGE} AND {PAID} GROUP BY placed.vintage, substr(entries.day, 1, 7))"
    " SELECT paid.vintage AS group_1, paid.month AS group_2,"
    " sum(paid.minor) OVER (PARTITION BY paid.vintage ORDER BY paid.month) AS numerator,"
    " batch.minor AS denominator, batch.n AS sample"
    " FROM paid JOIN batch ON batch.vintage = paid.vintage ORDER BY 1, 2"
)
MOVED = (
    "SELECT earlier.case_id, earlier.balance_minor,"
    " CASE WHEN earlier.charged_off_on IS NULL THEN '' ELSE 'charged_off' END AS began,"
    " date_diff('day', earlier.oldest_due_on, CAST($before AS date)) AS dpd_then,"
    " CASE WHEN later.debt_id IS NULL THEN 'gone' WHEN later.oldest_due_on IS NULL THEN 'paid'"
    " WHEN later.charged_off_on IS NOT NULL THEN 'charged_off' ELSE '' END AS ended,"
    " date_diff('day', later.oldest_due_on, CAST($last AS date)) AS dpd_now"
    f" FROM (SELECT * FROM debts WHERE {START} AND oldest_due_on IS NOT NULL) AS earlier"
    f" LEFT JOIN (SELECT * FROM debts WHERE {END}) AS later ON later.debt_id = earlier.debt_id"
)
ROLL_MATRIX = (
    f"WITH moved AS ({MOVED}),"
    " cells AS (SELECT CASE WHEN began <> '' THEN began ELSE $band_then END AS band_then,"
    " CASE WHEN ended <> '' THEN ended ELSE $band_now END AS band_now,"
    " sum(balance_minor) AS minor, count(*) AS n FROM moved GROUP BY 1, 2)"
    " SELECT band_then AS group_1, band_now AS group_2, minor AS numerator,"
    " sum(minor) OVER (PARTITION BY band_then) AS denominator, n AS sample"
    " FROM cells ORDER BY 1, 2"
)
CURE_RATE = (
    f"WITH late AS (SELECT debt_id FROM debts WHERE {START} AND {overdue('$before')}),"
    f" later AS (SELECT * FROM debts WHERE {END}) "
    + _one(
        _count("later.oldest_due_on IS NULL OR NOT " + overdue("$last")),
        "count(*)",
        "FROM late JOIN later ON later.debt_id = late.debt_id WHERE NOT later.restructured",
    )
)
# What was written off in the period by how things stood at its end; what was paid of the like.
WROTE_OFF = f"{END} AND charged_off_on BETWEEN CAST($first AS date) AND CAST($last AS date)"
ON_THE_BOOKS = f"{START} AND charged_off_on IS NULL"
RECOVERED = f"{RANGE} AND {PAID} AND recovered"
_GONE = (
    "gone AS (SELECT coalesce(sum(charged_off_minor), 0) AS minor, count(*) AS n FROM debts"
    f" WHERE {WROTE_OFF})"
)
_BACK = (
    "back AS (SELECT coalesce(-sum(amount_minor), 0) AS minor, count(*) AS n FROM entries"
    f" WHERE {RECOVERED})"
)
_HELD = f"held AS (SELECT coalesce(sum(balance_minor), 0) AS minor FROM debts WHERE {ON_THE_BOOKS})"
_LOST = (
    "lost AS (SELECT coalesce(sum(charged_off_minor), 0) AS minor FROM debts"
    f" WHERE {END} AND charged_off_on IS NOT NULL)"
)
CHARGE_OFF_RATE = f"WITH {_GONE}, {_HELD} " + _one(
    "gone.minor", "held.minor", "FROM gone CROSS JOIN held", "gone.n"
)
NET_CHARGE_OFF_RATE = f"WITH {_GONE}, {_BACK}, {_HELD} " + _one(
    "gone.minor - back.minor",
    "held.minor",
    "FROM gone CROSS JOIN back CROSS JOIN held",
    "gone.n + back.n",
)
RECOVERED_AFTER_CHARGE_OFF = f"WITH {_BACK}, {_LOST} " + _one(
    "back.minor", "lost.minor", "FROM back CROSS JOIN lost", "back.n"
)
PAR30 = _one(
    _sum("balance_minor", overdue("$last", 30)), "sum(balance_minor)", f"FROM debts WHERE {OWED}"
)
OVERDUE_INDEX = _one(
    _sum("balance_minor", overdue("$last")), "sum(balance_minor)", f"FROM debts WHERE {OWED}"
)

SOLD = "coalesce(issued_on, placed_on) BETWEEN CAST($first AS date) AND CAST($last AS date)"
_ENDED = (
    f"WITH ended AS (SELECT coalesce(sum(balance_minor), 0) AS minor,"
    f" coalesce({_sum('balance_minor', overdue('$last'))}, 0) AS late,"
    f" coalesce({_sum('placed_minor', SOLD)}, 0) AS sold, count(*) AS n FROM debts"
    f" WHERE {END})"
)
DSO = _ENDED + " " + _one("minor * $days", "sold", "FROM ended", "n")
DSO_BEST = _ENDED + " " + _one("(minor - late) * $days", "sold", "FROM ended", "n")
ADD = _ENDED + " " + _one("late * $days", "sold", "FROM ended", "n")
CEI = (
    f"{_ENDED},"
    f" began AS (SELECT coalesce(sum(balance_minor), 0) AS minor FROM debts WHERE {START}) "
    + _one(
        "began.minor + ended.sold - ended.minor",
        "began.minor + ended.sold - (ended.minor - ended.late)",
        "FROM ended CROSS JOIN began",
        "ended.n",
    )
)
DELAYS = (
    f"WITH due AS (SELECT debt_id, case_id, due_on, balance_minor FROM debts WHERE {END}"
    " AND due_on BETWEEN CAST($first AS date) AND CAST($last AS date)),"
    " parts AS (SELECT due.debt_id, due.case_id, -entries.amount_minor AS minor,"
    " date_diff('day', due.due_on, entries.effective_on) AS days FROM due"
    " JOIN entries ON entries.debt_id = due.debt_id"
    f" WHERE {_TO_DATE} AND {PAID}"
    " UNION ALL SELECT debt_id, case_id, balance_minor,"
    " date_diff('day', due_on, CAST($last AS date)) FROM due) "
)
PAYMENT_DELAY = DELAYS + _one(
    "sum(minor * days)", "sum(minor)", "FROM parts", "count(DISTINCT debt_id)"
)
VISIT_EFFECTIVENESS = _one(
    _count("met IN ('holder', 'codebtor')"), "count(*)", f"FROM visits WHERE {VISITED} AND verified"
)
VISITS_VERIFIED = _one(_count("verified"), "count(*)", f"FROM visits WHERE {VISITED} AND counted")
# Visits that have had their week, and what their cases paid in it.
WEEKS = (
    "WITH seen AS (SELECT visit_id, case_id, day FROM visits WHERE portfolio = $portfolio"
    " AND day BETWEEN $week_before AND $week_end AND counted),"
    " money AS (SELECT entry_id, case_id, day, -amount_minor AS minor FROM entries"
    f" WHERE portfolio = $portfolio AND day BETWEEN $week_before AND $last AND {PAID}),"
    " near AS (SELECT seen.visit_id, money.entry_id, money.case_id, money.minor FROM seen"
    " JOIN money ON money.case_id = seen.case_id AND money.day >= seen.day"
    " AND date_diff('day', CAST(seen.day AS date), CAST(money.day AS date)) <= 7),"
    " payers AS (SELECT visit_id FROM near GROUP BY visit_id HAVING sum(minor) > 0),"
    # Once, however many visits came before it.
    " paid AS (SELECT DISTINCT entry_id, case_id, minor FROM near) "
)
OF_PAYERS = "FROM seen LEFT JOIN payers ON payers.visit_id = seen.visit_id"
VISITS_PAID = WEEKS + _one("count(payers.visit_id)", "count(*)", OF_PAYERS)
VISIT_COLLECTED = WEEKS + _one(
    "minor",
    "n",
    "FROM (SELECT sum(minor) AS minor FROM paid) AS collected"
    " CROSS JOIN (SELECT count(*) AS n FROM seen) AS visited",
    "n",
)
MESSAGE_COST = (
    f"WITH paid AS (SELECT coalesce(-sum(amount_minor), 0) AS minor FROM entries WHERE {RANGE}"
    f" AND {PAID}), spent AS (SELECT cost_currency, sum(cost_micros) AS micros, count(*) AS n"
    f" FROM attempts WHERE {RANGE} AND cost_micros > 0 GROUP BY cost_currency)"
    " SELECT spent.cost_currency AS group_1, '' AS group_2, spent.micros AS numerator,"
    " paid.minor AS denominator, spent.n AS sample FROM spent CROSS JOIN paid ORDER BY 1"
)

SPENT = f"FROM attempts WHERE {RANGE} AND cost_micros > 0"
TALKED = f"FROM attempts WHERE {RANGE} AND seconds IS NOT NULL"
COUNTED = f"FROM visits WHERE {RANGE} AND counted"
_SHIFTS = f"FROM shifts WHERE {RANGE} GROUP BY portfolios"
# What work was done, each in its own measure; what it costs is told of the rates (``bi.costs``).
# A shift is shared between portfolios, and a sum of shares is no whole number: so by how many.
UNIT_COST = (
    f"WITH paid AS (SELECT coalesce(-sum(amount_minor), 0) AS minor FROM entries WHERE {RANGE}"
    f" AND {PAID}), work AS ("
    "SELECT 'messages' AS part, cost_currency AS of_what, sum(cost_micros) AS amount,"
    f" count(*) AS n {SPENT} GROUP BY cost_currency"
    f" UNION ALL SELECT 'calls', '', sum(seconds), count(*) {TALKED} HAVING count(*) > 0"
    f" UNION ALL SELECT 'visits', '', count(*), count(*) {COUNTED} HAVING count(*) > 0"
    " UNION ALL SELECT 'field', CAST(portfolios AS varchar), coalesce(sum(seconds), 0),"
    f" count(*) {_SHIFTS}"
    " UNION ALL SELECT 'km', CAST(portfolios AS varchar), coalesce(sum(metres), 0),"
    f" count(*) {_SHIFTS})"
    " SELECT work.part AS group_1, work.of_what AS group_2, work.amount AS numerator,"
    " paid.minor AS denominator, work.n AS sample FROM work CROSS JOIN paid ORDER BY 1, 2"
)


STEPS = (
    ("1 made", "true"),
    ("2 delivered", "(delivered_at IS NOT NULL OR read_at IS NOT NULL)"),
    ("3 read", "read_at IS NOT NULL"),
    ("4 answered", "answered_at IS NOT NULL"),
    ("5 direct", DIRECT),
)


def _funnel(group: str, rest: str) -> str:
    told = " UNION ALL ".join(
        f"SELECT {group} AS group_1, '{name}' AS group_2, {_count(condition)} AS numerator,"
        f" count(*) AS denominator, count(*) AS sample {rest} GROUP BY {group}"
        for name, condition in STEPS
    )
    return f"SELECT * FROM ({told}) AS steps ORDER BY 1, 2"


FUNNEL = _funnel("channel", ATTEMPTS)
CONTACT_HOURS = (
    "SELECT CAST(weekday AS varchar) AS group_1, CAST(hour AS varchar) AS group_2,"
    f" {_count(DIRECT)} AS numerator, count(*) AS denominator, count(*) AS sample"
    f" {ATTEMPTS} GROUP BY weekday, hour ORDER BY weekday, hour"
)
TEMPLATED = f"FROM attempts WHERE {RANGE} AND {_OURS} AND template <> ''"
TEMPLATE_FUNNEL = _funnel("template", TEMPLATED)

# Months from the last one backwards, until what was sold in them is what is owed.
DSO_COUNTBACK = (
    "WITH owed AS (SELECT coalesce(sum(balance_minor), 0) AS minor, count(*) AS n FROM debts"
    f" WHERE {END}),"
    " months AS (SELECT CAST(date_trunc('month', coalesce(issued_on, placed_on)) AS date) AS month,"
    f" sum(placed_minor) AS sold FROM debts WHERE {END}"
    " AND coalesce(issued_on, placed_on) <= CAST($last AS date) GROUP BY 1),"
    " back AS (SELECT month, CAST(month + INTERVAL '1' MONTH AS date) AS next, sold,"
    " sum(sold) OVER (ORDER BY month DESC) AS upto FROM months WHERE sold > 0),"
    " reached AS (SELECT back.*, owed.minor, owed.n FROM back CROSS JOIN owed"
    " ORDER BY CASE WHEN upto >= minor THEN 0 ELSE 1 END,"
    " CASE WHEN upto >= minor THEN month END DESC, month LIMIT 1) "
    + _one(
        "greatest(date_diff('day', next, CAST($last AS date)) + 1, 0) * sold"
        " + greatest(least(minor, upto) - (upto - sold), 0)"
        " * least(date_diff('day', month, next), date_diff('day', month, CAST($last AS date)) + 1)",
        "sold",
        "FROM reached",
        "n",
    )
)


def _lived(since: str) -> str:
    """Each debt day by day, with how it stood the day before."""
    by_day = "OVER (PARTITION BY debt_id ORDER BY day)"
    return (
        "SELECT debt_id, case_id, day, placed_on, restructured, oldest_due_on,"
        f" lag(oldest_due_on) {by_day} AS since, lag(day) {by_day} AS eve"
        f" FROM debts WHERE portfolio = $portfolio AND day BETWEEN {since} AND $last"
    )


_CURED = (
    "date_diff('day', since, CAST(eve AS date)) > 0 AND NOT restructured"
    " AND (oldest_due_on IS NULL OR oldest_due_on >= CAST(day AS date))"
)
# The one in the middle, or the two: a median without a function that engines do not share.
CURES = (
    f"WITH lived AS ({_lived('$before')}),"
    " cures AS (SELECT debt_id, case_id,"
    " date_diff('day', greatest(placed_on, since), CAST(day AS date)) AS days"
    f" FROM lived WHERE {_CURED}),"
    " ranked AS (SELECT case_id, days, row_number() OVER (ORDER BY days, debt_id) AS turn,"
    " count(*) OVER () AS n FROM cures) "
)
MIDDLE = "2 * turn BETWEEN n AND n + 2"
TIME_TO_CURE = CURES + _one(
    "sum(days)", "count(*)", f"FROM ranked WHERE {MIDDLE}", "coalesce(max(n), 0)"
)
_RELAPSED = (
    f"WITH lived AS ({_lived('$quarter_eve')}),"
    f" cures AS (SELECT debt_id, case_id, day FROM lived WHERE {_CURED}"
    " AND day BETWEEN $quarter_before AND $quarter_end),"
    " again AS (SELECT DISTINCT cures.debt_id, cures.day FROM cures"
    " JOIN lived ON lived.debt_id = cures.debt_id AND lived.day > cures.day"
    " WHERE lived.oldest_due_on < CAST(lived.day AS date)"
    " AND date_diff('day', CAST(cures.day AS date), CAST(lived.day AS date)) <= 90) "
)
_AGAIN = "FROM cures LEFT JOIN again ON again.debt_id = cures.debt_id AND again.day = cures.day"
REDEFAULT = _RELAPSED + _one("count(again.debt_id)", "count(*)", _AGAIN)
REDEFAULT_CASES = (
    f"{_RELAPSED}SELECT cures.case_id, '' AS group_1, '' AS group_2,"
    f" again.debt_id IS NOT NULL AS hit {_AGAIN}"
)
NINETY_DAYS = "date_diff('day', due_on, CAST(day AS date)) = 90"
AT_RISK = _one(
    "sum(balance_minor)", "sum(placed_minor)", f"FROM debts WHERE {RANGE} AND {NINETY_DAYS}"
)

CREDITED = (
    "WITH paid AS (SELECT entry_id, case_id, day, -amount_minor AS minor FROM entries"
    f" WHERE {RANGE} AND {PAID}),"
    " spoken AS (SELECT attempt_id, case_id, day, channel, happened_at FROM attempts"
    f" WHERE portfolio = $portfolio AND day BETWEEN $week_before AND $last AND {_OURS}"
    f" AND {DIRECT}),"
    " near AS (SELECT paid.case_id, paid.minor, spoken.channel,"
    " row_number() OVER (PARTITION BY paid.entry_id"
    " ORDER BY spoken.happened_at DESC, spoken.attempt_id DESC) AS turn FROM paid"
    " JOIN spoken ON spoken.case_id = paid.case_id AND spoken.day <= paid.day"
    " AND date_diff('day', CAST(spoken.day AS date), CAST(paid.day AS date)) <= 7)"
)
ATTRIBUTION = (
    f"{CREDITED}, total AS (SELECT sum(minor) AS minor FROM paid)"
    " SELECT near.channel AS group_1, '' AS group_2, sum(near.minor) AS numerator,"
    " max(total.minor) AS denominator, count(*) AS sample FROM near CROSS JOIN total"
    " WHERE near.turn = 1 GROUP BY near.channel ORDER BY 1"
)

_ARM = "{0}.case_id = {1}.case_id AND {0}.strategy = {1}.strategy AND {0}.variant = {1}.variant"
_TRIED = (
    "WITH tried AS (SELECT case_id, strategy, variant, min(day) AS day FROM attempts"
    " WHERE portfolio = $portfolio AND day BETWEEN $fortnight_before AND $fortnight_end"
    f" AND {_OURS} AND strategy <> '' AND variant <> '' GROUP BY case_id, strategy, variant),"
    " money AS (SELECT case_id, day, -amount_minor AS minor FROM entries"
    " WHERE portfolio = $portfolio AND day BETWEEN $fortnight_before AND $last"
    f" AND {PAID}),"
    " payers AS (SELECT tried.case_id, tried.strategy, tried.variant FROM tried"
    " JOIN money ON money.case_id = tried.case_id AND money.day >= tried.day"
    " AND date_diff('day', CAST(tried.day AS date), CAST(money.day AS date)) <= 14"
    " GROUP BY tried.case_id, tried.strategy, tried.variant HAVING sum(money.minor) > 0) "
)
_ARMS = f"FROM tried LEFT JOIN payers ON {_ARM.format('payers', 'tried')}"
STRATEGY_AB = (
    f"{_TRIED}SELECT tried.strategy AS group_1, tried.variant AS group_2,"
    " count(payers.case_id) AS numerator, count(*) AS denominator, count(*) AS sample"
    f" {_ARMS} GROUP BY tried.strategy, tried.variant ORDER BY 1, 2"
)
STRATEGY_AB_CASES = (
    f"{_TRIED}SELECT tried.case_id, tried.strategy AS group_1, tried.variant AS group_2,"
    f" payers.case_id IS NOT NULL AS hit {_ARMS}"
)
