"""What happened to a portfolio after its file came: payments, notes and promises."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from local.generator.lines import Line

PAYING_SHARE = 0.42  # of the debts, in the last DAYS
DAYS = 60
METHODS = {"transfer": 48, "deposit": 27, "card": 15, "cash": 10}  # of a hundred payments
CHANNELS = ("phone", "whatsapp", "visit", "email")
NOTES = (
    "Llamada contestada: pide que le marquen después de las 18:00, sale tarde del trabajo.",
    "Contesta la hija; el titular regresa el fin de semana. No se dio información de la deuda.",
    "Reconoce el adeudo. Dice que le pagan el día 15 y que deposita ese mismo día.",
    "Número equivocado, la persona no lo conoce. Se marca para validar.",
    "Pidió su estado de cuenta por correo; se lo enviamos hoy.",
    "Perdió el empleo en septiembre. Quiere pagar en partes, hay que proponerle un convenio.",
    "Dice que ya pagó en tienda. Se le pidió el comprobante por WhatsApp.",
    "Envió comprobante legible; coincide con el abono aplicado.",
    "Buzón de voz dos veces. Volver a intentar mañana por la mañana.",
    "Solicita quita de intereses para liquidar. Se pasa con supervisión.",
    "Está hospitalizada su mamá; acordamos no molestar hasta la próxima semana.",
    "Prefiere WhatsApp, no contesta llamadas en horario de oficina.",
    "El comercio cambió de encargado; el nuevo pide copia de las facturas.",
    "No está de acuerdo con la comisión de octubre. Revisar antes de volver a llamar.",
    "Amable, pide que no se llame a su trabajo. Registrado.",
)


@dataclass(frozen=True, slots=True)
class Payment:
    folio: str
    debtor_key: str
    amount_minor: int
    paid_on: date
    reference: str
    method: str


@dataclass(frozen=True, slots=True)
class Note:
    debtor_key: str
    text: str


@dataclass(frozen=True, slots=True)
class Promise:
    debtor_key: str
    amount_minor: int
    due_on: date
    channel: str


@dataclass(frozen=True, slots=True)
class Facts:
    """
    Args:
        payments: For a payments file: what came in on days before today.
        payments_today: To be posted one by one, as a supervisor would.
        settlements: Clients who pay all they owe today, whatever that is with interest.
    """

    payments: tuple[Payment, ...] = ()
    payments_today: tuple[Payment, ...] = ()
    settlements: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    promises: tuple[Promise, ...] = ()


def later(lines: Sequence[Line], prefix: str, today: date, chance: Random, *, exact: bool) -> Facts:
    """
    Invent what happened after the file.

    Args:
        prefix: Begins the payments' references.
        exact: Payments often clear a debt to the cent (nothing accrues on it).
    """
    owed: dict[str, int] = {}
    owner: dict[str, str] = {}
    for line in lines:
        owed[line.folio] = owed.get(line.folio, 0) + line.total_minor
        owner[line.folio] = line.debtor.key
    total: dict[str, int] = {}
    for folio, amount in owed.items():
        total[owner[folio]] = total.get(owner[folio], 0) + amount
    payments = _payments(owed, owner, prefix, today, chance, exact=exact)
    clients = list(dict.fromkeys(owner.values()))
    paying = {payment.debtor_key for payment in payments}
    silent = [client for client in clients if client not in paying]
    # The small ones settle: today looks like other days.
    fresh = sorted(chance.sample(silent, min(14, len(silent))), key=lambda key: -total[key])
    today_payments = tuple(
        Payment(
            folio,
            owner[folio],
            max(100, owed[folio] * chance.randint(5, 25) // 100 // 100 * 100),
            today,
            f"{prefix}{today:%y%m%d}{number:04d}",
            _method(chance),
        )
        for number, folio in enumerate(folio for folio in owed if owner[folio] in fresh[5:11])
    )
    promising = chance.sample(clients, len(clients) // 6)
    return Facts(
        payments=tuple(sorted(payments, key=lambda payment: (payment.paid_on, payment.reference))),
        payments_today=today_payments,
        settlements=tuple(fresh[11:]),
        notes=tuple(
            Note(client, chance.choice(NOTES))
            for client in chance.choices(clients, k=len(clients) // 4)
        ),
        promises=tuple(
            Promise(
                client,
                max(10_000, total[client] * chance.randint(15, 50) // 100 // 1000 * 1000),
                today + timedelta(days=chance.randint(1, 20)),
                chance.choice(CHANNELS),
            )
            for client in promising
            if client not in fresh
        ),
    )


def _payments(
    owed: dict[str, int],
    owner: dict[str, str],
    prefix: str,
    today: date,
    chance: Random,
    *,
    exact: bool,
) -> list[Payment]:
    payments: list[Payment] = []
    for folio, amount in owed.items():
        if chance.random() > PAYING_SHARE:
            continue
        left = amount
        for _ in range(chance.choices((1, 2, 3), (60, 28, 12))[0]):
            if exact and chance.random() < 0.35:
                part = left
            else:
                part = left * chance.randint(8, 45) // 100 // 100 * 100
            if part <= 0:
                break
            left -= part
            payments.append(
                Payment(
                    folio,
                    owner[folio],
                    part,
                    _working_day(today - timedelta(days=chance.randint(1, DAYS))),
                    f"{prefix}{len(payments) + 700_100}",
                    _method(chance),
                )
            )
    return payments


def _working_day(day: date) -> date:
    """Sunday's money arrives on the Saturday before."""
    return day - timedelta(days=1) if day.weekday() == 6 else day


def _method(chance: Random) -> str:
    return chance.choices(list(METHODS), list(METHODS.values()))[0]
