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

from chalicelib.bi import kpi_sql as sql
from chalicelib.domain.portfolio import Band

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpi:
    """
    Args:
        unit: ``ratio``, ``times``, ``days``, or ``micros`` (of the costs' currency for each
            minor unit collected).
        numerator, denominator: In Spanish, as people are shown them.
        tables: What it is read from.
        version: Grows when the figure would come out otherwise.
    """

    code: str
    name: str
    unit: str
    numerator: str
    denominator: str
    tables: tuple[str, ...]
    sql: str
    version: int = 1


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
    """A portfolio and its days, both ends included. States of the day before begin them."""

    portfolio_id: str
    first: date
    last: date
    bands: Sequence[Band]

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
    return Template(kpi.sql).substitute(
        portfolio=f"'{asked.portfolio_id}'",
        first=f"'{asked.first.isoformat()}'",
        last=f"'{asked.last.isoformat()}'",
        before=f"'{asked.before.isoformat()}'",
        days=str((asked.last - asked.first).days + 1),
        band_then=band("dpd_then", asked.bands),
        band_now=band("dpd_now", asked.bands),
    )


def band(column: str, bands: Sequence[Band]) -> str:
    """
    Write the band of a column of days from due, as SQL: ``current`` before the first of them.

    >>> late = Band(code="1-30", from_dpd=1, to_dpd=30)
    >>> band("dpd", [late, Band(code="31+", from_dpd=31, to_dpd=None)])
    "CASE WHEN dpd >= 1 AND dpd <= 30 THEN '1-30' WHEN dpd >= 31 THEN '31+' ELSE 'current' END"
    """
    cases = []
    for one in bands:
        bounds = [
            f"{column} {sign} {int(value)}"
            for sign, value in ((">=", one.from_dpd), ("<=", one.to_dpd))
            if value is not None
        ]
        code = one.code.replace("'", "''")
        cases.append(f"WHEN {' AND '.join(bounds) or 'true'} THEN '{code}'")
    return f"CASE {' '.join(cases)} ELSE 'current' END"


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


def _kpi(  # noqa: PLR0917 - a row of the table below
    code: str, name: str, unit: str, over: tuple[str, str], tables: str, query: str
) -> Kpi:
    return Kpi(
        code=code,
        name=name,
        unit=unit,
        numerator=over[0],
        denominator=over[1],
        tables=tuple(tables.split()),
        sql=query,
    )


_ALL = (
    _kpi("coverage", "Cobertura", "ratio",
         ("expedientes asignados con al menos una gestión", "expedientes que debían algún día"),
         "cases attempts", sql.COVERAGE),
    _kpi("intensity", "Intensidad", "times",
         ("gestiones hechas", "expedientes gestionados"), "attempts", sql.INTENSITY),
    _kpi("contact_rate", "Contactabilidad", "ratio",
         ("contactos directos e indirectos", "gestiones hechas"), "attempts", sql.CONTACT_RATE),
    _kpi("rpc_attempts", "Contacto directo sobre gestiones", "ratio",
         ("contactos directos", "gestiones hechas"), "attempts", sql.RPC_ATTEMPTS),
    _kpi("rpc_contacts", "Contacto directo sobre contactos", "ratio",
         ("contactos directos", "contactos directos e indirectos"), "attempts", sql.RPC_CONTACTS),
    _kpi("rpc_accounts", "Contacto directo sobre expedientes", "ratio",
         ("expedientes asignados con contacto directo", "expedientes que debían algún día"),
         "cases attempts", sql.RPC_ACCOUNTS),
    _kpi("ptp_rate", "Tasa de promesas", "ratio",
         ("promesas hechas", "contactos directos"), "promises attempts", sql.PTP_RATE),
    _kpi("kept_count", "Promesas cumplidas", "ratio",
         ("promesas cumplidas", "promesas vencidas, con resultado"), "promises", sql.KEPT_COUNT),
    _kpi("kept_amount", "Promesas cumplidas, en importe", "ratio",
         ("lo pagado en plazo, hasta lo prometido", "lo prometido y vencido"),
         "promises", sql.KEPT_AMOUNT),
    _kpi("broken_rate", "Promesas incumplidas", "ratio",
         ("promesas ni cumplidas ni en parte", "promesas vencidas, con resultado"),
         "promises", sql.BROKEN_RATE),
    _kpi("slippage", "Demora de las promesas", "days",
         ("días de la fecha prometida al pago que la cumplió", "promesas vencidas y pagadas"),
         "promises", sql.SLIPPAGE),
    _kpi("recovery", "Recuperación", "ratio",
         ("lo cobrado, menos lo anulado", "saldo al empezar"), "entries debts", sql.RECOVERY),
    _kpi("recovery_overdue", "Recuperación de lo vencido", "ratio",
         ("lo cobrado de adeudos vencidos", "saldo vencido al empezar"),
         "entries debts", sql.RECOVERY_OVERDUE),
    _kpi("liquidation", "Liquidación por cosecha, acumulada", "ratio",
         ("lo cobrado hasta ese mes", "lo asignado en la cosecha"),
         "entries debts", sql.LIQUIDATION),
    _kpi("roll_matrix", "Rodamiento, en saldo", "ratio",
         ("saldo inicial de lo que pasó a ese tramo", "saldo inicial del tramo"),
         "debts", sql.ROLL_MATRIX),
    _kpi("cure_rate", "Cura", "ratio",
         ("adeudos vencidos al empezar y al corriente al final", "adeudos vencidos al empezar,"
          " sin los que recibieron otras condiciones"), "debts", sql.CURE_RATE),
    _kpi("par30", "Cartera en riesgo a 30 días", "ratio",
         ("saldo con más de 30 días de atraso", "saldo"), "debts", sql.PAR30),
    _kpi("overdue_index", "Índice de mora", "ratio",
         ("saldo vencido", "saldo"), "debts", sql.OVERDUE_INDEX),
    _kpi("dso", "DSO, simple", "days",
         ("saldo al final por los días", "ventas a crédito del periodo"), "debts", sql.DSO),
    _kpi("dso_best", "DSO, el mejor posible", "days",
         ("saldo al corriente por los días", "ventas a crédito del periodo"),
         "debts", sql.DSO_BEST),
    _kpi("add", "Días promedio de mora (ADD)", "days",
         ("saldo vencido por los días", "ventas a crédito del periodo"), "debts", sql.ADD),
    _kpi("cei", "Efectividad de cobranza (CEI)", "ratio",
         ("saldo inicial más ventas menos saldo final",
          "saldo inicial más ventas menos saldo final al corriente"), "debts", sql.CEI),
    _kpi("payment_delay", "Demora media de pago", "days",
         ("importe por días de vencido a pagado; lo no pagado, hasta el último día",
          "importe de lo que venció en el periodo"), "entries debts", sql.PAYMENT_DELAY),
    _kpi("visit_effectiveness", "Efectividad de visitas", "ratio",
         ("visitas verificadas con el titular", "visitas verificadas"),
         "visits", sql.VISIT_EFFECTIVENESS),
    _kpi("visits_verified", "Visitas verificadas", "ratio",
         ("visitas verificadas", "visitas que cuentan"), "visits", sql.VISITS_VERIFIED),
    _kpi("message_cost", "Costo de los mensajes por unidad cobrada", "micros",
         ("costo de los mensajes, por moneda", "lo cobrado, menos lo anulado"),
         "attempts entries", sql.MESSAGE_COST),
    _kpi("channel_funnel", "Embudo por canal", "ratio",
         ("gestiones que llegaron a ese paso", "gestiones hechas"), "attempts", sql.FUNNEL),
    _kpi("contact_hours", "Contacto directo por día y hora", "ratio",
         ("contactos directos", "gestiones hechas"), "attempts", sql.CONTACT_HOURS),
)  # fmt: skip

KPIS: Mapping[str, Kpi] = MappingProxyType({one.code: one for one in _ALL})
