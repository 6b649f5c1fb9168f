"""
The catalogue of figures: what each is made of, and the one SQL text that tells it.

The SQL keeps to what DuckDB and Athena (Trino) both have. Every text gives ``group_1``,
``group_2`` (empty where it is one figure), whole numbers ``numerator`` and ``denominator``, and
``sample``: how many things the figure rests on. The division is ours, so that engines cannot
differ by a rounding.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from string import Template
from types import MappingProxyType

from chalicelib.bi import kpi_forecasts
from chalicelib.bi import kpi_sql as sql
from chalicelib.bi.reads import Reading, before, ends, last, period, to_date
from chalicelib.bi.sql import band, literal
from chalicelib.bi.where import EVERYWHERE, Where
from chalicelib.domain.portfolio import Band

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpi:
    """
    Args:
        unit: ``ratio``, ``times``, ``days``, ``money`` (minor units for each of what it counts),
            or ``micros`` (of the costs' currency for each minor unit collected).
        numerator, denominator: In Spanish, as people are shown them.
        reads: What it is read from, and of which days.
        version: Grows when the figure would come out otherwise.
        group: Where people look for it: ``contact``, ``promises``, ``recovery``, ``ageing``,
            ``receivables``, ``field``, ``cost`` or ``strategy``.
        lines: What its rows are of, empty where it is one figure.
        parts: What the numerator and the denominator count: ``count``, ``money``, ``days``,
            ``money_days``, ``micros``, or ``points`` of a hundred.
    """

    code: str
    group: str
    name: str
    unit: str
    numerator: str
    denominator: str
    reads: tuple[Reading, ...]
    sql: str
    lines: str = ""
    parts: tuple[str, str] = ("count", "count")
    version: int = 1

    @property
    def by_channel(self) -> bool:
        """Whether it can be told of one channel alone."""
        return "$channel" in self.sql and all(one.table != "promises" for one in self.reads)

    @property
    def by_place(self) -> bool:
        """Whether it can be told of the cases of a place or of a segment alone."""
        return "$only" in self.sql and len(self.reads) == 1


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of a figure. ``value`` is None where there is nothing to divide by."""

    group_1: str
    group_2: str
    numerator: int
    denominator: int
    sample: int

    @property
    def value(self) -> Fraction | None:
        return Fraction(self.numerator, self.denominator) if self.denominator else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """
    A portfolio and its days, both ends included. States of the day before begin them.

    Args:
        channel: Attempts by this one alone, in figures ``by_channel``; empty for all.
        where: The cases of these alone, in figures ``by_place``.
    """

    portfolio_id: str
    first: date
    last: date
    bands: Sequence[Band]
    channel: str = ""
    where: Where = EVERYWHERE

    @property
    def before(self) -> date:
        return self.first - timedelta(days=1)


def text(kpi: Kpi, asked: Asked) -> str:
    """
    Write the SQL of a figure for a portfolio and its days.

    Raises:
        ValueError: Days in the wrong order, or an id that is none.
    """
    if not _ID.fullmatch(asked.portfolio_id) or asked.first > asked.last:
        raise ValueError("no such portfolio or days")
    return Template(kpi.sql).substitute(**values(asked))


def values(asked: Asked) -> dict[str, str]:
    """Write what is asked about as the SQL of figures names it: ``$portfolio``, ``$first``..."""
    return {
        "portfolio": f"'{asked.portfolio_id}'",
        "first": f"'{asked.first.isoformat()}'",
        "last": f"'{asked.last.isoformat()}'",
        "before": f"'{asked.before.isoformat()}'",
        "channel": literal(asked.channel),
        "only": _only(asked),
        "week_before": _day(asked.first, -7),
        "week_end": _day(asked.last, -7),
        "fortnight_before": _day(asked.first, -14),
        "fortnight_end": _day(asked.last, -14),
        "quarter_eve": _day(asked.first, -91),
        "quarter_before": _day(asked.first, -90),
        "quarter_end": _day(asked.last, -90),
        "told_first": _day(asked.first, -kpi_forecasts.WITHIN_DAYS),
        "told_last": _day(asked.last, -kpi_forecasts.WITHIN_DAYS),
        "days": str((asked.last - asked.first).days + 1),
        "band_then": band("dpd_then", asked.bands),
        "band_now": band("dpd_now", asked.bands),
    }


def _only(asked: Asked) -> str:
    """Write which cases are looked at: by where they were, and in what segment, on the last day."""
    named = [
        f"{column} IN ({', '.join(literal(cell) for cell in cells)})"
        for column, cells in (("cell", asked.where.cells), ("district", asked.where.districts))
        if cells
    ]
    wanted = [f"({' OR '.join(named)})"] if named else []
    if asked.where.segment is not None:
        wanted.append(f"segment = {literal(asked.where.segment)}")
    if not wanted:
        return ""
    return (
        " AND case_id IN (SELECT case_id FROM places"  # noqa: S608 - written by number
        f" WHERE portfolio = '{asked.portfolio_id}' AND day = '{asked.last.isoformat()}'"
        f" AND {' AND '.join(wanted)})"
    )


def _day(day: date, more: int) -> str:
    return f"'{(day + timedelta(days=more)).isoformat()}'"


def smoothed(direct: int, attempts: int, all_direct: int, all_attempts: int) -> Fraction | None:
    """
    Tell how likely an hour reaches the right person, drawn to the whole where it has few tries.

    A Beta prior of 20 tries at the rate of the whole.

    >>> smoothed(3, 5, 20, 100)
    Fraction(7, 25)
    """
    if not all_attempts:
        return None
    return (direct + 20 * Fraction(all_direct, all_attempts)) / (attempts + 20)


_GROUPS = {
    "contact": "coverage intensity contact_rate rpc_attempts rpc_contacts rpc_accounts"
    " contact_hours attribution",
    "promises": "ptp_rate kept_count kept_amount broken_rate slippage",
    "recovery": "recovery recovery_overdue liquidation cure_rate time_to_cure redefault"
    " charge_off_rate net_charge_off_rate recovered_after_charge_off",
    "ageing": "roll_matrix par30 overdue_index at_risk",
    "receivables": "dso dso_countback dso_best add cei payment_delay",
    "field": "visit_effectiveness visits_verified visits_paid visit_collected",
    "cost": "unit_cost message_cost channel_funnel template_funnel",
    "strategy": "strategy_ab forecast_told forecast_paid",
}
_LINES = {
    "roll_matrix": "bands",
    "liquidation": "vintages",
    "contact_hours": "hours",
    "channel_funnel": "steps",
    "template_funnel": "steps",
    "attribution": "channels",
    "strategy_ab": "arms",
    "forecast_told": "tenths",
    "forecast_paid": "tenths",
    "message_cost": "currencies",
    "unit_cost": "costs",
}
# What came out otherwise before: the matrix had no row and no column of what is charged off.
_VERSIONS = {"roll_matrix": 2}
_COUNTS = ("count", "count")
_PARTS = {
    ("money", "money"): "kept_amount recovery recovery_overdue liquidation roll_matrix par30"
    " overdue_index cei at_risk attribution charge_off_rate net_charge_off_rate"
    " recovered_after_charge_off",
    ("money_days", "money"): "dso dso_countback dso_best add payment_delay",
    ("days", "count"): "slippage time_to_cure",
    ("micros", "money"): "message_cost unit_cost",
    ("money", "count"): "visit_collected",
    ("points", "points"): "forecast_told",
}


def _kpi(  # noqa: PLR0917 - a row of the table below
    code: str, name: str, unit: str, over: tuple[str, str], reads: Sequence[Reading], query: str
) -> Kpi:
    return Kpi(
        code=code,
        group=next(group for group, codes in _GROUPS.items() if code in codes.split()),
        lines=_LINES.get(code, ""),
        parts=next((parts for parts, codes in _PARTS.items() if code in codes.split()), _COUNTS),
        name=name,
        unit=unit,
        numerator=over[0],
        denominator=over[1],
        reads=tuple(reads),
        sql=query,
        version=_VERSIONS.get(code, 1),
    )


_ATTEMPTS, _PROMISES = (period("attempts"),), (last("promises"),)
_DEBTS, _BOTH_ENDS = (last("debts"),), (ends("debts"),)
_WEEKS = (period("visits", 7, short=7), period("entries", 7))
_WEEK_AGO = (
    "visitas que cuentan, de los días que están 7 antes de los del periodo; las de los últimos 7"
    " aún no se juzgan"
)
_TOLD = (
    period("forecasts", kpi_forecasts.WITHIN_DAYS, short=kpi_forecasts.WITHIN_DAYS),
    to_date("entries"),
    last("debts"),
)
_TOLD_OF = (
    "adeudos de los que se dijo en los días que están 15 antes de los del periodo; los de los"
    " últimos 15 aún no se juzgan"
)
_ALL = (
    _kpi("coverage", "Cobertura", "ratio",
         ("expedientes asignados con al menos una gestión", "expedientes que debían algún día"),
         (period("cases"), period("attempts")), sql.COVERAGE),
    _kpi("intensity", "Intensidad", "times",
         ("gestiones hechas", "expedientes gestionados"), _ATTEMPTS, sql.INTENSITY),
    _kpi("contact_rate", "Contactabilidad", "ratio",
         ("contactos directos e indirectos", "gestiones hechas"), _ATTEMPTS, sql.CONTACT_RATE),
    _kpi("rpc_attempts", "Contacto directo sobre gestiones", "ratio",
         ("contactos directos", "gestiones hechas"), _ATTEMPTS, sql.RPC_ATTEMPTS),
    _kpi("rpc_contacts", "Contacto directo sobre contactos", "ratio",
         ("contactos directos", "contactos directos e indirectos"), _ATTEMPTS, sql.RPC_CONTACTS),
    _kpi("rpc_accounts", "Contacto directo sobre expedientes", "ratio",
         ("expedientes asignados con contacto directo", "expedientes que debían algún día"),
         (period("cases"), period("attempts")), sql.RPC_ACCOUNTS),
    _kpi("ptp_rate", "Tasa de promesas", "ratio",
         ("promesas hechas", "contactos directos"), (last("promises"), period("attempts")),
         sql.PTP_RATE),
    _kpi("kept_count", "Promesas cumplidas", "ratio",
         ("promesas cumplidas", "promesas vencidas, con resultado"), _PROMISES, sql.KEPT_COUNT),
    _kpi("kept_amount", "Promesas cumplidas, en importe", "ratio",
         ("lo pagado en plazo, hasta lo prometido", "lo prometido y vencido"),
         _PROMISES, sql.KEPT_AMOUNT),
    _kpi("broken_rate", "Promesas incumplidas", "ratio",
         ("promesas ni cumplidas ni en parte", "promesas vencidas, con resultado"),
         _PROMISES, sql.BROKEN_RATE),
    _kpi("slippage", "Demora de las promesas", "days",
         ("días de la fecha prometida al pago que la cumplió", "promesas vencidas y pagadas"),
         _PROMISES, sql.SLIPPAGE),
    _kpi("recovery", "Recuperación", "ratio",
         ("lo cobrado, menos lo anulado", "saldo al empezar"), (period("entries"), before("debts")),
         sql.RECOVERY),
    _kpi("recovery_overdue", "Recuperación de lo vencido", "ratio",
         ("lo cobrado de adeudos vencidos", "saldo vencido al empezar"),
         (period("entries"), before("debts")), sql.RECOVERY_OVERDUE),
    _kpi("liquidation", "Liquidación por cosecha, acumulada", "ratio",
         ("lo cobrado hasta ese mes", "lo asignado en la cosecha"),
         (period("entries"), last("debts")), sql.LIQUIDATION),
    _kpi("roll_matrix", "Rodamiento, en saldo", "ratio",
         ("saldo inicial de lo que pasó a ese tramo", "saldo inicial del tramo"),
         _BOTH_ENDS, sql.ROLL_MATRIX),
    _kpi("cure_rate", "Cura", "ratio",
         ("adeudos vencidos al empezar y al corriente al final", "adeudos vencidos al empezar,"
          " sin los que recibieron otras condiciones"), _BOTH_ENDS, sql.CURE_RATE),
    _kpi("time_to_cure", "Tiempo de cura", "days",
         ("días de la asignación, o del vencimiento si fue después, a estar al corriente: el del"
          " medio", "el adeudo del medio, o los dos"), (period("debts", 1),), sql.TIME_TO_CURE),
    _kpi("redefault", "Recaída a 90 días", "ratio",
         ("curas con atraso otra vez en 90 días",
          "curas de los días que están 90 antes de los del periodo"),
         (period("debts", 91),), sql.REDEFAULT),
    _kpi("charge_off_rate", "Castigo bruto", "ratio",
         ("lo castigado en el periodo, como quedó al final", "saldo al empezar que no estaba"
          " castigado"), (ends("debts"),), sql.CHARGE_OFF_RATE),
    _kpi("net_charge_off_rate", "Castigo neto", "ratio",
         ("lo castigado en el periodo, menos lo cobrado en él de lo castigado", "saldo al empezar"
          " que no estaba castigado"), (ends("debts"), period("entries")),
         sql.NET_CHARGE_OFF_RATE),
    _kpi("recovered_after_charge_off", "Recuperación de castigados", "ratio",
         ("lo cobrado de lo castigado, menos lo anulado", "lo castigado hasta el último día"),
         (period("entries"), last("debts")), sql.RECOVERED_AFTER_CHARGE_OFF),
    _kpi("par30", "Cartera en riesgo a 30 días", "ratio",
         ("saldo con más de 30 días de atraso", "saldo"), _DEBTS, sql.PAR30),
    _kpi("overdue_index", "Índice de mora", "ratio",
         ("saldo vencido", "saldo"), _DEBTS, sql.OVERDUE_INDEX),
    _kpi("at_risk", "En riesgo", "ratio",
         ("lo que se debía a los 90 días de vencer", "lo asignado de lo que los cumplió"),
         (period("debts"),), sql.AT_RISK),
    _kpi("dso", "DSO, simple", "days",
         ("saldo al final por los días", "ventas a crédito del periodo"), _DEBTS, sql.DSO),
    _kpi("dso_countback", "DSO, por agotamiento", "days",
         ("días de los meses cuyas ventas agotan el saldo, por las ventas del más antiguo",
          "ventas a crédito del más antiguo de esos meses"), _DEBTS, sql.DSO_COUNTBACK),
    _kpi("dso_best", "DSO, el mejor posible", "days",
         ("saldo al corriente por los días", "ventas a crédito del periodo"),
         _DEBTS, sql.DSO_BEST),
    _kpi("add", "Días promedio de mora (ADD)", "days",
         ("saldo vencido por los días", "ventas a crédito del periodo"), _DEBTS, sql.ADD),
    _kpi("cei", "Efectividad de cobranza (CEI)", "ratio",
         ("saldo inicial más ventas menos saldo final",
          "saldo inicial más ventas menos saldo final al corriente"), _BOTH_ENDS, sql.CEI),
    _kpi("payment_delay", "Demora media de pago", "days",
         ("importe por días de vencido a pagado; lo no pagado, hasta el último día",
          "importe de lo que venció en el periodo"), (to_date("entries"), last("debts")),
         sql.PAYMENT_DELAY),
    _kpi("visit_effectiveness", "Efectividad de visitas", "ratio",
         ("visitas verificadas con el titular o su aval", "visitas verificadas"),
         (period("visits"),), sql.VISIT_EFFECTIVENESS),
    _kpi("visits_verified", "Visitas verificadas", "ratio",
         ("visitas verificadas", "visitas que cuentan"), (period("visits"),), sql.VISITS_VERIFIED),
    _kpi("visits_paid", "Visitas con cobro en 7 días", "ratio",
         ("visitas cuyo expediente pagó en los 7 días siguientes", _WEEK_AGO),
         _WEEKS, sql.VISITS_PAID),
    _kpi("visit_collected", "Cobrado por visita, en 7 días", "money",
         ("lo cobrado en los 7 días siguientes a una visita, menos lo anulado; cada pago, una vez",
          _WEEK_AGO), _WEEKS, sql.VISIT_COLLECTED),
    _kpi("unit_cost", "Costo por unidad cobrada", "micros",
         ("costo de mensajes, horas de llamada y de campo, visitas y kilómetros, a sus tarifas",
          "lo cobrado, menos lo anulado"),
         (period("attempts"), period("visits"), period("shifts"), period("entries")),
         sql.UNIT_COST),
    _kpi("message_cost", "Costo de los mensajes por unidad cobrada", "micros",
         ("costo de los mensajes, por moneda", "lo cobrado, menos lo anulado"),
         (period("attempts"), period("entries")), sql.MESSAGE_COST),
    _kpi("channel_funnel", "Embudo por canal", "ratio",
         ("gestiones que llegaron a ese paso", "gestiones hechas"), _ATTEMPTS, sql.FUNNEL),
    _kpi("template_funnel", "Embudo por plantilla", "ratio",
         ("mensajes que llegaron a ese paso", "mensajes de la plantilla"),
         _ATTEMPTS, sql.TEMPLATE_FUNNEL),
    _kpi("attribution", "Cobrado tras un contacto directo", "ratio",
         ("lo cobrado en los 7 días del último contacto directo, por su canal",
          "lo cobrado, menos lo anulado"),
         (period("entries"), period("attempts", 7)), sql.ATTRIBUTION),
    _kpi("strategy_ab", "Pruebas A/B de estrategias", "ratio",
         ("expedientes que pagaron en los 14 días del primer mensaje",
          "expedientes con un primer mensaje, de los días que están 14 antes de los del periodo"),
         (period("attempts", 14, short=14), period("entries", 14)), sql.STRATEGY_AB),
    _kpi("forecast_told", "Pronóstico: lo que se dijo, por décimos", "ratio",
         ("suma de las probabilidades dichas, en puntos", "cien puntos por adeudo"),
         _TOLD, kpi_forecasts.TOLD),
    _kpi("forecast_paid", "Pronóstico: lo que se pagó, por décimos", "ratio",
         ("adeudos pagados enteros en los 15 días siguientes", _TOLD_OF),
         _TOLD, kpi_forecasts.PAID),
    _kpi("contact_hours", "Contacto directo por día y hora", "ratio",
         ("contactos directos", "gestiones hechas"), _ATTEMPTS, sql.CONTACT_HOURS),
)  # fmt: skip

KPIS: Mapping[str, Kpi] = MappingProxyType({one.code: one for one in _ALL})
