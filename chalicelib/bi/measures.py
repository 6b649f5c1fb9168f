"""
The closed catalogue of what a report is made of: measures, and what they can be divided by.

A measure is one or two sums over one source; a source is a table of the lake with the day that
its rows count for. Rates are two sums, so that lines of a table can be added up. Everything here
is SQL that DuckDB and Athena (Trino) both have; what people choose are only these codes.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from chalicelib.bi.places import SIZES

# Hexagons that the case lies in on the last day, of whatever table a case has rows in.
PLACED = tuple(SIZES)
RANGE = "portfolio = $portfolio AND day BETWEEN $first AND $last"
END = "portfolio = $portfolio AND day = $last"
_WITHIN = "BETWEEN CAST($first AS date) AND CAST($last AS date)"


@dataclass(frozen=True, slots=True)
class Dimension:
    """
    Args:
        kind: How its values are read: ``day``, ``week`` (its Monday), ``month`` (``yyyy-mm``),
            ``number``, ``code`` (of a closed list), ``band``, ``person`` (an id), ``yes_no``
            (``true``, ``false``), ``cell`` (a hexagon of H3), or ``text``.
    """

    code: str
    kind: str

    @property
    def ordered(self) -> bool:
        """Whether its values come one after the other, so that lines are best read that way."""
        return self.kind in {"day", "week", "month", "number", "band"}


@dataclass(frozen=True, slots=True)
class Source:
    """
    Args:
        where: Its rows, with ``$portfolio``, ``$first`` and ``$last``.
        day: The day a row counts for, as text; empty for how things stood on the last day,
            which can be divided by ``day`` (then every day of the period is read) but not summed
            over weeks or months.
        columns: What it can be divided by, beside its day, as SQL.
    """

    table: str
    where: str
    day: str
    columns: Mapping[str, str]

    @property
    def dimensions(self) -> tuple[str, ...]:
        return (*(("day", "week", "month") if self.day else ("day",)), *self.columns, *PLACED)


@dataclass(frozen=True, slots=True)
class Measure:
    """
    Args:
        group: Where people look for it.
        unit: ``count``, ``money`` (minor units), ``micros`` (millionths of ``cost_currency``),
            ``ratio``, ``times`` or ``days``.
        value: The sum, as SQL of the source's rows.
        over: What it is divided by; empty for a plain sum.
        needs: A dimension without which it would add up what cannot be added.
    """

    code: str
    group: str
    unit: str
    source: str
    value: str
    over: str = ""
    needs: str = ""


def _count(condition: str) -> str:
    return f"count(CASE WHEN {condition} THEN 1 END)"


def _sum(value: str, condition: str) -> str:
    return f"coalesce(sum(CASE WHEN {condition} THEN {value} END), 0)"


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


_DPD = "date_diff('day', oldest_due_on, CAST(day AS date))"
_BAND_OF_DPD = "$band_dpd"  # of the column of entries
_BAND_NOW = "$band_state"  # of what a state owes since
_CLOCK = {"weekday": "weekday", "hour": "hour"}

SOURCES: Mapping[str, Source] = MappingProxyType(
    {
        "attempts": Source(
            "attempts",
            RANGE,
            "day",
            _CLOCK
            | _same("channel", "direction", "result", "party", "cause", "strategy", "step")
            | _same("variant", "template", "outcome", "cost_currency")
            | {"attempt_state": "state", "person": "by_id", "reason": "problem"},
        ),
        "visits": Source(
            "visits",
            RANGE,
            "day",
            _CLOCK
            | _same("met", "standing")
            | {"person": "person_id", "outcome": "disposition", "verified": "verified"},
        ),
        "entries": Source(
            "entries", RANGE, "day", _same("source") | {"band": _BAND_OF_DPD, "entry": "kind"}
        ),
        "promises_made": Source(
            "promises",
            f"{END} AND made_on {_WITHIN}",
            "CAST(made_on AS varchar)",
            _same("channel") | {"person": "by_id", "promise_state": "state"},
        ),
        "promises_due": Source(
            "promises",
            f"{END} AND state IN ('kept', 'partial', 'broken') AND last_day {_WITHIN}",
            "CAST(last_day AS varchar)",
            _same("channel") | {"person": "by_id", "promise_state": "state"},
        ),
        "agreements": Source(
            "agreements",
            f"{END} AND made_on {_WITHIN}",
            "CAST(made_on AS varchar)",
            _same("channel") | {"agreement": "kind", "agreement_state": "state"},
        ),
        "debts": Source(
            "debts",
            END,
            "",
            _same("product", "restructured")
            | {"band": _BAND_NOW, "vintage": "substr(CAST(placed_on AS varchar), 1, 7)"},
        ),
        "cases": Source("cases", END, "", {"case_status": "status", "band": _BAND_NOW}),
        "events": Source("events", RANGE, "day", {"actor": "actor_kind"}),
    }
)

DIMENSIONS: Mapping[str, Dimension] = MappingProxyType(
    {
        code: Dimension(code, kind)
        for code, kind in (
            ("day", "day"),
            ("week", "week"),
            ("month", "month"),
            ("weekday", "number"),
            ("hour", "number"),
            ("channel", "code"),
            ("direction", "code"),
            ("attempt_state", "code"),
            ("result", "code"),
            ("party", "code"),
            ("cause", "code"),
            ("strategy", "text"),
            ("step", "text"),
            ("variant", "text"),
            ("template", "text"),
            ("outcome", "text"),
            ("reason", "text"),
            ("person", "person"),
            ("cost_currency", "text"),
            ("met", "code"),
            ("standing", "code"),
            ("verified", "yes_no"),
            ("source", "text"),
            ("entry", "code"),
            ("band", "band"),
            ("promise_state", "code"),
            ("agreement", "code"),
            ("agreement_state", "code"),
            ("product", "text"),
            ("restructured", "yes_no"),
            ("vintage", "month"),
            ("case_status", "code"),
            ("actor", "code"),
            *((one, "cell") for one in PLACED),
        )
    }
)

_MADE = "direction = 'out' AND made"
_TOUCHED = f"{_MADE} AND result IN ('direct', 'indirect')"
_DIRECT = f"{_MADE} AND result = 'direct'"
_PAID = "(kind = 'payment' OR reverses_kind = 'payment')"
_WAIVED = "(kind = 'waiver' OR reverses_kind = 'waiver')"
_OWES = "oldest_due_on IS NOT NULL"
_LATE = f"{_DPD} > 0"
_SIGNED = "signed_on IS NOT NULL"
_MADE_N, _DIRECT_N, _TOUCHED_N = _count(_MADE), _count(_DIRECT), _count(_TOUCHED)
_WORKED = f"count(DISTINCT CASE WHEN {_MADE} THEN case_id END)"
_VISITS, _VERIFIED = _count("counted"), _count("verified")
_BALANCE = "coalesce(sum(balance_minor), 0)"
_LATE_MINOR = _sum("balance_minor", _LATE)

_ALL = (
    Measure("attempts", "contact", "count", "attempts", _MADE_N),
    Measure("cases_worked", "contact", "count", "attempts", _WORKED),
    Measure("intensity", "contact", "times", "attempts", _MADE_N, _WORKED),
    Measure("contacts", "contact", "count", "attempts", _TOUCHED_N),
    Measure("direct_contacts", "contact", "count", "attempts", _DIRECT_N),
    Measure("contact_rate", "contact", "ratio", "attempts", _TOUCHED_N, _MADE_N),
    Measure("rpc_attempts", "contact", "ratio", "attempts", _DIRECT_N, _MADE_N),
    Measure("rpc_contacts", "contact", "ratio", "attempts", _DIRECT_N, _TOUCHED_N),
    Measure("received", "contact", "count", "attempts", _count("direction = 'in'")),
    Measure(
        "delivered", "messages", "count", "attempts",
        _count(f"{_MADE} AND (delivered_at IS NOT NULL OR read_at IS NOT NULL)"),
    ),
    Measure(
        "delivery_rate", "messages", "ratio", "attempts",
        _count(f"{_MADE} AND (delivered_at IS NOT NULL OR read_at IS NOT NULL)"), _MADE_N,
    ),
    Measure("read", "messages", "count", "attempts", _count(f"{_MADE} AND read_at IS NOT NULL")),
    Measure(
        "answered", "messages", "count", "attempts", _count(f"{_MADE} AND answered_at IS NOT NULL")
    ),
    Measure(
        "answer_rate", "messages", "ratio", "attempts",
        _count(f"{_MADE} AND answered_at IS NOT NULL"), _MADE_N,
    ),
    Measure("failed", "messages", "count", "attempts", _count("state = 'failed'")),
    Measure(
        "cost", "cost", "micros", "attempts", "coalesce(sum(cost_micros), 0)",
        needs="cost_currency",
    ),
    Measure(
        "cost_each", "cost", "micros", "attempts", "coalesce(sum(cost_micros), 0)", _MADE_N,
        needs="cost_currency",
    ),
    Measure("denied", "compliance", "count", "attempts", _count("state = 'denied'")),
    Measure(
        "denied_rate", "compliance", "ratio", "attempts", _count("state = 'denied'"),
        _count("direction = 'out'"),
    ),
    Measure("opt_outs", "compliance", "count", "events", _count("kind = 'consent.refused'")),
    Measure("complaints", "compliance", "count", "events", _count("kind = 'complaint.received'")),
    Measure("opened_disputes", "compliance", "count", "events", _count("kind = 'dispute.opened'")),
    Measure("holds", "compliance", "count", "events", _count("kind = 'hold.placed'")),
    Measure("visits", "field", "count", "visits", _VISITS),
    Measure("visits_verified", "field", "count", "visits", _VERIFIED),
    Measure("verified_rate", "field", "ratio", "visits", _VERIFIED, _VISITS),
    Measure(
        "visit_effectiveness", "field", "ratio", "visits",
        _count("verified AND met IN ('holder', 'codebtor')"), _VERIFIED,
    ),
    Measure("visits_not_made", "field", "count", "visits", _count("kind = 'exception'")),
    Measure("visit_cash", "field", "money", "visits", _sum("cash_minor", "counted")),
    Measure("visit_promised", "field", "money", "visits", _sum("promised_minor", "counted")),
    Measure("collected", "recovery", "money", "entries", _sum("-amount_minor", _PAID)),
    Measure(
        "collected_late", "recovery", "money", "entries",
        _sum("-amount_minor", f"{_PAID} AND dpd > 0"),
    ),
    Measure(
        "payments", "recovery", "count", "entries",
        "count(DISTINCT CASE WHEN kind = 'payment' THEN payment_key END)",
    ),
    Measure(
        "recovered", "recovery", "money", "entries", _sum("-amount_minor", f"{_PAID} AND recovered")
    ),
    Measure("waived", "recovery", "money", "entries", _sum("-amount_minor", _WAIVED)),
    Measure("promises", "promises", "count", "promises_made", "count(*)"),
    Measure("promised", "promises", "money", "promises_made", "coalesce(sum(amount_minor), 0)"),
    Measure("promises_due", "promises", "count", "promises_due", "count(*)"),
    Measure("promises_kept", "promises", "count", "promises_due", _count("state = 'kept'")),
    Measure("kept_rate", "promises", "ratio", "promises_due", _count("state = 'kept'"), "count(*)"),
    Measure(
        "kept_amount", "promises", "ratio", "promises_due", "coalesce(sum(paid_minor), 0)",
        "coalesce(sum(amount_minor), 0)",
    ),
    Measure(
        "broken_rate", "promises", "ratio", "promises_due", _count("state = 'broken'"), "count(*)"
    ),
    Measure("agreements", "agreements", "count", "agreements", "count(*)"),
    Measure(
        "agreements_signed", "agreements", "count", "agreements", _count(_SIGNED)
    ),
    Measure(
        "agreements_completed", "agreements", "count", "agreements", _count("state = 'completed'")
    ),
    Measure(
        "agreements_broken", "agreements", "ratio", "agreements", _count("state = 'defaulted'"),
        _count(_SIGNED),
    ),
    Measure("agreed", "agreements", "money", "agreements", _sum("to_pay_minor", _SIGNED)),
    Measure("forgiven", "agreements", "money", "agreements", _sum("saved_minor", _SIGNED)),
    Measure("balance", "ageing", "money", "debts", _BALANCE),
    Measure("balance_late", "ageing", "money", "debts", _LATE_MINOR),
    Measure(
        "charged_off", "ageing", "money", "debts",
        _sum("balance_minor", "charged_off_on IS NOT NULL"),
    ),
    Measure("debts", "ageing", "count", "debts", _count(_OWES)),
    Measure("overdue_index", "ageing", "ratio", "debts", _LATE_MINOR, _BALANCE),
    Measure("par30", "ageing", "ratio", "debts", _sum("balance_minor", f"{_DPD} > 30"), _BALANCE),
    Measure("placed", "ageing", "money", "debts", "coalesce(sum(placed_minor), 0)"),
    Measure(
        "liquidation", "recovery", "ratio", "debts", "coalesce(sum(paid_minor), 0)",
        "coalesce(sum(placed_minor), 0)",
    ),
    Measure("cases", "ageing", "count", "cases", _count("status <> 'settled'")),
)  # fmt: skip

MEASURES: Mapping[str, Measure] = MappingProxyType({one.code: one for one in _ALL})


def dimensions_of(measure: Measure) -> tuple[str, ...]:
    """What a measure can be divided by and filtered on."""
    return SOURCES[measure.source].dimensions


def unit_of(summed: str) -> str:
    """
    Say what the sum of a fraction counts: told by the columns that it adds up.

    >>> unit_of(MEASURES["par30"].over), unit_of(MEASURES["contact_rate"].over)
    ('money', 'count')
    """
    return "money" if "_minor" in summed else "micros" if "_micros" in summed else "count"


def cases_of(summed: str) -> str:
    """
    Count the cases behind a sum of the catalogue, as SQL: those that add anything to it.

    >>> cases_of(MEASURES["collected"].value).partition(" AND (-amount_minor)")[2]
    ' <> 0 THEN case_id END)'
    >>> cases_of("count(*)")
    'count(DISTINCT case_id)'
    """
    counted, given = _WHEN.search(summed), _ADDED.search(summed)
    conditions = [f"({counted[1]})"] if counted else []
    added = counted[2] if counted else given[1] if given else ""
    if unit_of(added) != "count":
        conditions.append(f"({added}) <> 0")
    if not conditions:
        return "count(DISTINCT case_id)"
    return f"count(DISTINCT CASE WHEN {' AND '.join(conditions)} THEN case_id END)"


_WHEN = re.compile(r"CASE WHEN (.+) THEN (\S+) END")
_ADDED = re.compile(r"sum\((\w+)\)")
