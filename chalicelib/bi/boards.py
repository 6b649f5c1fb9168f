"""Ready boards: reports that every portfolio has, beside those that people save."""

from collections.abc import Mapping
from types import MappingProxyType

from chalicelib.bi.reports import Filter, Report

MOST_LINES = 200


def _report(measures: str, by: str = "", *only: Filter) -> Report:
    return Report(
        measures=tuple(measures.split()),
        dimensions=tuple(by.split()),
        filters=only,
        limit=MOST_LINES,
    )


_DENIED = Filter(dimension="attempt_state", values=("denied",))
BOARDS: Mapping[str, tuple[Report, ...]] = MappingProxyType(
    {
        "health": (
            _report("balance balance_late overdue_index par30 debts", "band"),
            _report("balance overdue_index par30 charged_off", "day"),
            _report("collected payments recovered", "week"),
        ),
        "team": (
            _report("attempts cases_worked contact_rate rpc_attempts", "person"),
            _report("visits verified_rate visit_effectiveness visit_cash", "person"),
            _report("promises promised", "person"),
        ),
        "channels": (
            _report("attempts cases_worked contacts contact_rate rpc_attempts", "channel"),
            _report("delivered delivery_rate answer_rate failed", "channel template"),
        ),
        "field": (
            _report("visits visits_verified verified_rate visit_effectiveness", "person"),
            _report("visits visits_not_made visit_cash", "day"),
        ),
        "promises": (
            _report("promises_due kept_rate kept_amount broken_rate", "week"),
            _report("promises promised", "channel"),
        ),
        "agreements": (
            _report("agreements agreements_signed agreed forgiven", "agreement"),
            _report("agreements_signed agreements_broken", "month"),
        ),
        "compliance": (
            _report("denied", "reason channel", _DENIED),
            _report("complaints opt_outs opened_disputes holds", "week"),
        ),
        "cost": (
            _report("cost cost_each attempts", "channel cost_currency"),
            _report("cost", "week cost_currency"),
        ),
    }
)
