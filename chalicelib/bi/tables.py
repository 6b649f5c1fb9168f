"""
The lake's tables: their columns, types and meaning. One list for files, Athena and the dictionary.

A fact lies in the day it happened on, a state in the day at whose end it was so; days are the
portfolio's own. States say since when something owes and not for how many days: what nobody
touched stays as it was told the day before. A column is never renamed or given another meaning
within a version: whatever would do that makes a version of its own beside the old one (``v2``).
One that is added comes last, and is empty in the days that were told before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

VERSION = "v1"
ROOT = "lake"


@dataclass(frozen=True, slots=True)
class Column:
    """
    Args:
        kind: ``text``, ``int``, ``bool``, ``date``, or ``moment`` (UTC).
        es: What it is, for the data dictionary that creditors read.
    """

    name: str
    kind: str
    es: str


@dataclass(frozen=True, slots=True)
class Table:
    """
    Args:
        state: Whether a day holds how everything stood at its end, instead of what happened on it.
        es: What a row is.
        key: Whose rows of a day are told anew together: a case's, or a person's.
        trail: Whether it is of agents: it goes when their trails go, and no creditor is given it.
        anew: Whether a day of it is told whole whenever it is told: it is kept by day, and asks of
            no case whether it changed.
    """

    name: str
    state: bool
    es: str
    columns: tuple[Column, ...]
    key: str = "case_id"
    trail: bool = False
    anew: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


DUCKDB_TYPES: Mapping[str, str] = MappingProxyType(
    {"text": "VARCHAR", "int": "BIGINT", "bool": "BOOLEAN", "date": "DATE", "moment": "TIMESTAMP"}
)

_CASE = Column("case_id", "text", "Expediente: una clave derivada, no dice quién es")
_WEEKDAY = Column("weekday", "int", "Día de la semana en la zona de la cartera; 1 = lunes")
_HOUR = Column("hour", "int", "Hora del día en la zona de la cartera, 0 a 23")
_PERSON = Column("person_id", "text", "Clave del gestor")
_CELL = Column("cell", "text", "Hexágono H3 de resolución 8, de unos 0.7 km²; vacío sin ubicación")
_DISTRICT = Column(
    "district", "text", "Hexágono H3 de resolución 6, de unos 36 km², que lo contiene"
)
_CURRENCY = Column("currency", "text", "Moneda, ISO 4217")


EVENTS = Table(
    "events",
    False,
    "Un hecho de la bitácora de un expediente",
    (
        _CASE,
        Column("seq", "int", "Su número en la bitácora del expediente, desde 1 y sin huecos"),
        Column("kind", "text", "Qué pasó: payment.posted, promise.made, case.created..."),
        Column("happened_at", "moment", "Cuándo"),
        Column("actor_kind", "text", "Quién lo hizo: user, upload, service, debtor o system"),
        Column("actor_id", "text", "Clave de la persona, carga o ficha; vacía si fue el sistema"),
        Column("hash", "text", "El eslabón: huella SHA-256 del hecho y de los anteriores"),
    ),
)

ENTRIES = Table(
    "entries",
    False,
    "Un asiento del libro de un adeudo; lo que aumenta la deuda es positivo",
    (
        Column("entry_id", "text", "Clave del asiento"),
        _CASE,
        Column("debt_id", "text", "Adeudo"),
        Column("kind", "text", "charge, interest, payment, adjustment, waiver o reversal"),
        Column("amount_minor", "int", "Importe en la unidad menor de la moneda (centavos)"),
        Column("principal_minor", "int", "De ello, capital"),
        Column("interest_minor", "int", "De ello, intereses"),
        Column("fees_minor", "int", "De ello, comisiones y gastos"),
        _CURRENCY,
        Column("effective_on", "date", "El día para el que cuenta"),
        Column("recorded_at", "moment", "Cuándo se supo"),
        Column("source", "text", "De dónde viene: upload, manual o el proveedor del pago"),
        Column("payment_key", "text", "Un pago que cubre varios adeudos tiene la misma en todos"),
        Column("reverses", "text", "El asiento que anula, si es una anulación"),
        Column("reverses_kind", "text", "Qué era lo anulado: payment, charge..."),
        Column("dpd", "int", "Días de atraso del adeudo antes de este asiento; 0 = al corriente"),
        Column("recovered", "bool", "Si es un pago de lo ya castigado, o lo que lo anula"),
    ),
)

ATTEMPTS = Table(
    "attempts",
    False,
    "Una gestión por cualquier canal, o un mensaje que llegó; también las negadas por la ley",
    (
        Column("attempt_id", "text", "Clave de la gestión"),
        _CASE,
        Column("channel", "text", "call, sms, whatsapp, email, letter o visit"),
        Column("direction", "text", "out = nuestra, in = del deudor"),
        Column("state", "text", "sent, delivered, read, failed, denied, received o done"),
        Column("made", "bool", "Si tuvo lugar: no fue negada ni falló"),
        Column("result", "text", "direct = titular u obligado (CD), indirect = tercero (CI), none"),
        Column("outcome", "text", "Código del resultado, como lo tipificó la persona"),
        Column("party", "text", "A quién iba: debtor, codebtor, guarantor..."),
        Column("cause", "text", "Por qué: strategy, manual, reply, visit..."),
        Column("strategy", "text", "Estrategia y versión que la pidió"),
        Column("step", "text", "Paso de la estrategia"),
        Column("variant", "text", "Brazo de la prueba A/B"),
        Column("template", "text", "Plantilla y versión"),
        Column("by_id", "text", "Clave de la persona que la hizo; vacía si fue automática"),
        Column("happened_at", "moment", "Cuándo"),
        _WEEKDAY,
        _HOUR,
        Column("delivered_at", "moment", "Cuándo se entregó, si el proveedor lo dijo"),
        Column("read_at", "moment", "Cuándo se leyó, si el proveedor lo dijo"),
        Column("answered_at", "moment", "Cuándo contestó el deudor por ahí, en 7 días"),
        Column("cost_micros", "int", "Lo que costó, en millonésimas de cost_currency"),
        Column("cost_currency", "text", "Moneda del costo"),
        Column("problem", "text", "Por qué falló o se negó: un código estable"),
        Column("seconds", "int", "Lo que duró la llamada de una persona; vacío si no se sabe"),
    ),
)

VISITS = Table(
    "visits",
    False,
    "Una visita como se informó y como se juzgó; sin coordenadas",
    (
        Column("visit_id", "text", "Clave de la visita"),
        _CASE,
        _PERSON,
        Column("happened_at", "moment", "Cuándo terminó, por el reloj del servidor"),
        Column("received_at", "moment", "Cuándo llegó el informe"),
        _WEEKDAY,
        _HOUR,
        Column("kind", "text", "visit, o exception si no se pudo hacer"),
        Column("standing", "text", "received, review, accepted o rejected"),
        Column("counted", "bool", "Si cuenta como visita"),
        Column("verified", "bool", "Si el servidor la halló hecha en el domicilio, y cuenta"),
        Column("trust", "int", "Confianza, 0 a 100"),
        Column(
            "met",
            "text",
            "Con quién se habló: holder, codebtor (o aval), family, neighbour, employer, nobody",
        ),
        Column("disposition", "text", "Código del resultado"),
        Column("stay_s", "int", "Segundos en el lugar"),
        Column("promised_minor", "int", "Lo prometido en ella, en la unidad menor"),
        Column("cash_minor", "int", "El efectivo recibido en ella, en la unidad menor"),
    ),
)

CASES = Table(
    "cases",
    True,
    "Un expediente al final del día",
    (
        _CASE,
        Column("status", "text", "open, promised, held o settled"),
        Column("balance_minor", "int", "Saldo en la unidad menor"),
        _CURRENCY,
        Column("oldest_due_on", "date", "Desde cuándo debe, y de ahí su atraso; vacío si no debe"),
        Column("debts", "int", "Adeudos vivos"),
        Column("created_on", "date", "El día que entró a la cartera"),
    ),
)

DEBTS = Table(
    "debts",
    True,
    "Un adeudo al final del día",
    (
        Column("debt_id", "text", "Clave derivada del folio del acreedor"),
        _CASE,
        Column("product", "text", "Producto, como lo nombra el acreedor"),
        Column("issued_on", "date", "Fecha de emisión, si se conoce"),
        Column("due_on", "date", "Primer vencimiento"),
        Column("placed_on", "date", "El día que entró: su asignación (cosecha)"),
        Column("placed_minor", "int", "Lo asignado: los cargos que no se anularon"),
        Column("paid_minor", "int", "Lo pagado hasta ese día, sin lo anulado"),
        Column("balance_minor", "int", "Saldo"),
        _CURRENCY,
        Column("oldest_due_on", "date", "Vencimiento de su parte abierta más antigua"),
        Column("restructured", "bool", "Si un convenio le dio otras condiciones"),
        Column("charged_off_on", "date", "Fecha de su castigo; vacía si no está castigado"),
        Column("charged_off_minor", "int", "Lo que debía cuando se castigó; se sigue debiendo"),
    ),
)

PROMISES = Table(
    "promises",
    True,
    "Una promesa de pago al final del día",
    (
        Column("promise_id", "text", "Clave de la promesa"),
        _CASE,
        Column("amount_minor", "int", "Lo prometido"),
        Column("made_on", "date", "El día que se hizo"),
        Column("due_on", "date", "Para cuándo"),
        Column("last_day", "date", "El último día en que un pago cuenta"),
        Column("state", "text", "open, kept, partial, broken, cancelled o replaced"),
        Column("paid_minor", "int", "Lo pagado en su plazo, hasta lo prometido, si ya venció"),
        Column("paid_on", "date", "El día en que los pagos alcanzaron lo que la cumple, aun tarde"),
        Column("channel", "text", "Por dónde se hizo"),
        Column("by_id", "text", "Clave de quien la acordó; vacía si fue el deudor o el sistema"),
    ),
)

AGREEMENTS = Table(
    "agreements",
    True,
    "Un convenio al final del día",
    (
        Column("agreement_id", "text", "Clave del convenio"),
        _CASE,
        Column("kind", "text", "plan, settlement, extension, restructure o refinance"),
        Column("state", "text", "pending, proposed, active, completed, defaulted..."),
        Column("made_on", "date", "El día que se propuso"),
        Column("signed_on", "date", "El día que el deudor aceptó"),
        Column("ended_on", "date", "El día que terminó"),
        Column("to_pay_minor", "int", "Lo que se acordó pagar"),
        Column("saved_minor", "int", "La quita"),
        Column("shares", "int", "Pagos acordados"),
        Column("channel", "text", "Por dónde se hizo"),
    ),
)

PLACES = Table(
    "places",
    True,
    "Dónde está un expediente, en hexágonos H3, y en qué segmento; como estaba en su último cambio",
    (
        _CASE,
        _CELL,
        _DISTRICT,
        Column("segment", "text", "Clave del segmento de la cartera; vacía si no está en ninguno"),
    ),
)

FORECASTS = Table(
    "forecasts",
    False,
    "Lo que el pronóstico dijo de un adeudo: lo primero de cada mes, como se dijo",
    (
        _CASE,
        Column("debt_id", "text", "Adeudo"),
        Column("told_at", "moment", "Cuándo se dijo"),
        Column("model", "text", "Nombre del modelo de la cartera o del brazo: first o second"),
        Column("model_id", "text", "Qué había aprendido: el mismo en todas partes"),
        Column("basis", "text", "model, o por qué ordenan las reglas: too_few_paid"),
        Column("percent", "int", "Probabilidad de que se pague entero en 15 días, 0 a 100"),
        Column("tenth", "int", "Su décimo, 0 a 9"),
        Column("usual_days", "int", "Se espera tantos días después de vencer; menos = antes"),
        Column("low_days", "int", "Desde: tres de cada cinco pagos caen entre desde y hasta"),
        Column("high_days", "int", "Hasta"),
        Column("dpd", "int", "Días de su vencimiento a ese día; negativos si aún no vencía"),
        Column("case_percent", "int", "Probabilidad de que se pague algún adeudo del expediente"),
        Column("test_id", "text", "Prueba de dos pronósticos en curso; vacía si no la había"),
        Column("arm", "text", "champion o challenger; vacío sin prueba"),
    ),
    anew=True,
)

SHIFTS = Table(
    "shifts",
    False,
    "Una jornada de un gestor, en el día en que empezó; se borra con su recorrido",
    (
        Column("shift_id", "text", "Clave de la jornada"),
        _PERSON,
        Column("began_at", "moment", "Cuándo empezó"),
        Column("ended_at", "moment", "Cuándo terminó; vacío si seguía abierta"),
        Column("forgotten", "bool", "Si se cerró sola, a las 14 horas"),
        Column("seconds", "int", "Cuánto duró; vacío si seguía abierta"),
        Column("metres", "int", "Lo recorrido entre paradas, sin saltos"),
        Column("points", "int", "Puntos recibidos en ella"),
        Column("stops", "int", "Paradas de 5 minutos o más"),
        Column("portfolios", "int", "Entre cuántas carteras se reparte: las del gestor al empezar"),
    ),
    key="person_id",
    trail=True,
)

PINGS = Table(
    "pings",
    False,
    "Por dónde pasó un gestor en jornada, cada 5 minutos y por hexágono; se borra con su recorrido",
    (
        Column("shift_id", "text", "Clave de la jornada"),
        _PERSON,
        Column("slot_at", "moment", "Cuándo empiezan los 5 minutos"),
        _WEEKDAY,
        _HOUR,
        _CELL,
        _DISTRICT,
        Column("points", "int", "Puntos recibidos de ese hexágono en esos 5 minutos"),
    ),
    key="person_id",
    trail=True,
)

TABLES: Mapping[str, Table] = MappingProxyType(
    {
        table.name: table
        for table in (
            EVENTS,
            ENTRIES,
            ATTEMPTS,
            VISITS,
            CASES,
            DEBTS,
            PROMISES,
            AGREEMENTS,
            PLACES,
            FORECASTS,
            SHIFTS,
            PINGS,
        )
    }
)


def folder(table: str, portfolio_id: str, day: str) -> str:
    """
    Say where a day of a portfolio lies.

    >>> folder("debts", "prt_1", "2026-11-22")
    'lake/debts/v1/portfolio=prt_1/day=2026-11-22/'
    """
    return f"{days_prefix(table, portfolio_id)}day={day}/"


def days_prefix(table: str, portfolio_id: str) -> str:
    return f"{ROOT}/{table}/{VERSION}/portfolio={portfolio_id}/"


def part_key(table: str, portfolio_id: str, day: str) -> str:
    """A day is one object: S3 shows the old one or the new one, never half of either."""
    return f"{folder(table, portfolio_id, day)}part-00000.parquet"


def manifest_key(table: str, portfolio_id: str, day: str) -> str:
    """Beside the tables, not in them: Athena reads every object of a table's folder."""
    return f"{ROOT}/_manifests/{table}/{VERSION}/portfolio={portfolio_id}/{day}.json"


def manifests_prefix(table: str, portfolio_id: str) -> str:
    return f"{ROOT}/_manifests/{table}/{VERSION}/portfolio={portfolio_id}/"
