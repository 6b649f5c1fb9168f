"""Invented customers whose habits are known."""

from datetime import date, timedelta
from random import Random

from chalicelib.prediction.history import Invoice

FIRST = date(2025, 1, 1)
SETBACK, WIRE, SPREAD = 16, 6, 4


def lived(customers=50, invoices=15, seed=1):
    """Invoices of customers with a usual day and a share of setbacks, all settled."""
    chance = Random(seed)  # noqa: S311 - invented people
    made = []
    for number in range(customers):
        usual, share = chance.gauss(-3, 8), chance.choice([0, 0, 0.1, 0.3, 0.6])
        for _ in range(invoices):
            issued = FIRST + timedelta(days=chance.randrange(500))
            by_wire = chance.random() < 0.4
            days = chance.gauss(usual, SPREAD) - WIRE * by_wire
            days += SETBACK * (chance.random() < share)
            due = issued + timedelta(days=30)
            made.append(
                Invoice(
                    customer=f"C-{number}",
                    issued_on=issued,
                    due_on=due,
                    amount_minor=chance.randrange(1_000, 20_000),
                    settled_on=due + timedelta(days=max(-29, round(days))),
                    paperless=by_wire,
                    group="north" if number % 2 else "south",
                )
            )
    return made
