"""Files for the fault tests: a plain portfolio with a little of everything that may happen."""

import csv
import io
from dataclasses import dataclass


def a_portfolio_file(rows: int) -> str:
    """
    Make a debts file: three debts a debtor, scattered, with phones, some rows that cannot be.

    Every 97th row has no amount, every 101st repeats an earlier debt with another amount.
    """
    lines = ["debtor_id,name,tax_id,phone,email,debt_id,issued_on,due_on,amount,city"]
    debtors = max(rows // 3, 1)
    for n in range(rows):
        d = n * 7919 % debtors
        amount = "" if n % 97 == 96 else f"{100 + n % 5000}.{n % 100:02d}"
        debt = f"F-{n - 50}" if n % 101 == 100 else f"F-{n}"
        lines.append(
            f"C{d},Cliente {d} Apellido{d % 613},,55{10000000 + d:08d},c{d}@example.com,{debt},"
            f"2026-0{1 + n % 8}-15,2026-0{2 + n % 8}-{1 + n % 28:02d},{amount},Puebla"
        )
    return "\n".join(lines) + "\n"


@dataclass
class Truth:
    """What a file of ``a_portfolio_file`` must end in, worked out without any of our code."""

    created: int
    rejected: int
    owed: dict[str, int]  # minor units by debtor's name
    debts: dict[str, int]  # debts by debtor's name


def truth_of(text: str) -> Truth:
    truth = Truth(0, 0, {}, {})
    seen: set[str] = set()
    for row in csv.DictReader(io.StringIO(text)):
        repeated = row["debt_id"] in seen
        seen.add(row["debt_id"])
        if repeated or not row["amount"]:
            truth.rejected += 1
            continue
        truth.created += 1
        name = row["name"]
        truth.owed[name] = truth.owed.get(name, 0) + round(float(row["amount"]) * 100)
        truth.debts[name] = truth.debts.get(name, 0) + 1
    return truth
