"""
Load the demo into a running stack, by the same API that everybody uses.

    python -m local.demo --url http://localhost:8000 --email supervisor@... --password ...

Run again it finds what is there and adds only what is missing: portfolios are found by name,
uploads by file, payments by reference, notes and promises by their Idempotency-Key.
"""

import argparse
import functools
import os
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from local import demo_strategies
from local.client import Client, Problem
from local.generator import files, names, portfolio
from local.generator.files import File
from local.generator.portfolio import DemoPortfolio

ZONE = ZoneInfo("America/Mexico_City")
WORKERS = 4  # two cores gain nothing from more
FIELDS = {
    "No. Cliente": "debtor_id",
    "Customer no.": "debtor_id",
    "Nombre del cliente": "name",
    "Cliente": "name",
    "R.F.C.": "tax_id",
    "RFC": "tax_id",
    "Fecha de castigo": "charged_off_on",
    "Celular": "phone",
    "Teléfono": "phone",
    "Otro teléfono": "phone2",
    "Correo electrónico": "email",
    "E-mail": "email",
    "Calle, número y colonia": "address",
    "Domicilio": "address",
    "Alcaldía": "city",
    "Ciudad": "city",
    "Estado": "region",
    "C.P.": "postal_code",
    "CP": "postal_code",
    "Latitud": "lat",
    "Longitud": "lng",
    "No. Crédito": "debt_id",
    "Factura": "debt_id",
    "Producto": "product",
    "Fecha de otorgamiento": "issued_on",
    "Fecha factura": "issued_on",
    "No. de pago": "instalment_number",
    "Fecha de vencimiento": "due_on",
    "Vence": "due_on",
    "Capital": "principal",
    "Intereses": "interest",
    "Comisiones": "fees",
    "Saldo total": "balance",
    "Importe USD": "balance",
    "Etiquetas": "tags",
    "Fecha de pago": "paid_on",
    "Referencia": "payment_reference",
    "Monto pagado": "payment_amount",
    "Medio de pago": "payment_method",
}
ANSWERS = {"date_order": "dmy", "decimal_mark": "."}
# A month of days to compare and the one before it, so that figures have where to begin.
PLACED = timedelta(days=32)
Report = Callable[[str], None]
Earlier = Callable[[timedelta], AbstractContextManager[object]]
Meanwhile = Callable[[list[str]], None]


class DemoError(RuntimeError):
    """The stack did not do with the demo what it should; the message says which step."""


def load(
    base_url: str,
    email: str,
    password: str,
    *,
    today: date | None = None,
    seed: int = 1,
    report: Report = print,
    earlier: Earlier = lambda _: nullcontext(),
    meanwhile: Meanwhile = lambda _: None,
) -> list[str]:
    """
    Load what is missing of the demo.

    Args:
        email, password: A supervisor's or an admin's, who may create portfolios.
        today: The demo's day, where it is; the real one unless told. Read once: a load that
            begins before midnight is of the day on which it began.
        earlier: Sets the stack's clock back meanwhile, where that can be: the debts were placed
            a month ago, or the days before today would have none.
        meanwhile: What people did with the debts, of the portfolios' ids, before today's
            payments came; asked for on the day on which the demo is begun.

    Returns:
        The ids of the demo's portfolios.

    Raises:
        Problem: the API refused a step.
        DemoError: an upload came out with other figures than its file has.
    """
    client = Client(base_url)
    client.sign_in(email, password)
    today = today or datetime.now(ZONE).date()
    there = {item["name"]: item for item in client.pages("/portfolios")}
    loads = []
    for plan in portfolio.both(today, seed):
        kept = there.get(plan.settings["name"])
        begun_on = _day(kept["created_at"]) if kept else today
        # One begun on an earlier day is finished as of that day, so that nothing comes twice.
        made = plan if begun_on == today else _again(plan, begun_on, seed)
        loads.append(_Load((kept or _create(client, plan))["portfolio_id"], plan, made, begun_on))
    with earlier(PLACED):
        for one in loads:
            _upload(client, one.portfolio_id, one.files[0], report)
    if all(one.begun_on == today for one in loads):
        meanwhile([one.portfolio_id for one in loads])
    for one in loads:
        _take_payments(client, one.portfolio_id)
        demo_strategies.publish(client, one.portfolio_id, one.plan)
        _upload(client, one.portfolio_id, one.files[1], report)
        if one.begun_on == today:
            _tell(client, one.portfolio_id, one.made, today, report)
    return [one.portfolio_id for one in loads]


@dataclass(frozen=True)
class _Load:
    """One portfolio: as it would be made today, and as it was when it was begun."""

    portfolio_id: str
    plan: DemoPortfolio
    made: DemoPortfolio
    begun_on: date

    @functools.cached_property
    def files(self) -> list[File]:
        """Its debts, as of when they were placed, and its payments."""
        return files.files(self.made, self.begun_on - PLACED)


def _create(client: Client, made: DemoPortfolio) -> dict[str, Any]:
    body = client.get("/portfolio-defaults", country=portfolio.COUNTRY)
    return client.post("/portfolios", _merged(body, made.settings))


def _take_payments(client: Client, portfolio_id: str) -> None:
    """Connect the provider that takes no money, where nobody has and the person may."""
    path = f"/portfolios/{portfolio_id}/payment-providers"
    page = client.get(path)
    for one in page["items"] if page["can_connect"] else ():
        if one["provider"] == "sandbox" and one["account"] is None:
            client.put(f"{path}/sandbox", {"methods": one["methods"], "version": 0})


def _again(made: DemoPortfolio, day: date, seed: int) -> DemoPortfolio:
    return next(each for each in portfolio.both(day, seed) if each.slug == made.slug)


def _day(instant: str) -> date:
    return datetime.fromisoformat(instant).astimezone(ZONE).date()


def _merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Lay settings over the defaults, level by level."""
    return base | {
        key: _merged(base[key], value)
        if isinstance(value, dict) and isinstance(base.get(key), dict)
        else value
        for key, value in over.items()
    }


def _upload(client: Client, portfolio_id: str, file: File, report: Report) -> None:
    """Take one file all the way: send, map, review, apply; compare the figures with the file's."""
    started = time.monotonic()
    known = client.pages(f"/portfolios/{portfolio_id}/uploads")
    if any(item["filename"] == file.name and item["state"] == "done" for item in known):
        return
    upload = client.send_file(portfolio_id, file.mode, file.name, file.content)
    upload = client.wait_for_upload(upload)
    path = f"/portfolios/{portfolio_id}/uploads/{upload['upload_id']}"
    if upload["state"] == "needs_mapping":
        upload = client.put(f"{path}/mapping", mapping_for(upload["inspection"]))
        upload = client.wait_for_upload(upload, leaving=("needs_mapping",))
    if upload["state"] == "ready":
        upload = client.post(f"{path}/application")
        upload = client.wait_for_upload(upload, leaving=("ready",))
    figures = upload.get("applied") or {}
    found = (upload["state"], figures.get("rows"), figures.get("rejected"))
    if found != ("done", file.rows, file.bad):
        raise DemoError(
            f"{file.name}: state, rows, rejected are {found}, "
            f"not {('done', file.rows, file.bad)}; problem {upload.get('problem')}"
        )
    took = time.monotonic() - started
    report(f"  {file.name}: {file.rows} filas, {file.bad} rechazadas ({took:.1f} s)")


def mapping_for(inspection: dict[str, Any]) -> dict[str, Any]:
    """
    Answer what the reader asks about one of our files.

    Args:
        inspection: As the API shows it.

    Returns:
        The body of ``PUT .../mapping``.
    """
    return {
        "columns": {
            str(column["index"]): FIELDS.get(column["header"].strip(), column["field"])
            for column in inspection["columns"]
        },
        "answers": {
            question["id"]: ANSWERS.get(question["kind"], question["choices"][0]["value"])
            for question in inspection["questions"]
        },
        "sheet": inspection.get("sheet"),
        "header_rows": inspection["header_rows"],
    }


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing to post about a case; ``key`` is the same for a repeat."""

    case_id: str
    what: str
    body: dict[str, Any]
    key: str


def _tell(
    client: Client, portfolio_id: str, made: DemoPortfolio, today: date, report: Report
) -> None:
    """Post what happened after the files: payments of today, promises, notes, settlements."""
    started = time.monotonic()
    cases = _cases(client, portfolio_id, made)

    def post(fact: Fact) -> None:
        try:
            client.post(
                f"/cases/{fact.case_id}/{fact.what}", fact.body, key=f"{portfolio_id}-{fact.key}"
            )
        except Problem as problem:
            if problem.code != "fact.already_recorded":
                raise

    def settle(place: int, case_id: str) -> None:
        owed = client.get(f"/cases/{case_id}")["case"]["total_due"]["minor"]
        if owed > 0:
            reference = f"LIQ-{made.slug}-{place}"
            body = _payment(owed, today, reference, "transfer")
            post(Fact(case_id, "payments", body, reference))

    with ThreadPoolExecutor(WORKERS) as pool:
        done = [pool.submit(post, fact) for fact in _facts(made, cases)]
        done += [
            pool.submit(settle, place, cases[debtor_key])
            for place, debtor_key in enumerate(made.facts.settlements)
        ]
        for each in done:
            each.result()
    report(f"  {made.settings['name']}: {len(done)} hechos ({time.monotonic() - started:.1f} s)")


def _facts(made: DemoPortfolio, cases: dict[str, str]) -> Iterator[Fact]:
    for payment in made.facts.payments_today:
        body = _payment(payment.amount_minor, payment.paid_on, payment.reference, payment.method)
        yield Fact(cases[payment.debtor_key], "payments", body, payment.reference)
    for place, promise in enumerate(made.facts.promises):
        body = {
            "amount_minor": promise.amount_minor,
            "due_on": promise.due_on.isoformat(),
            "channel": promise.channel,
        }
        yield Fact(cases[promise.debtor_key], "promises", body, f"promise-{place}")
    for place, note in enumerate(made.facts.notes):
        yield Fact(cases[note.debtor_key], "notes", {"text": note.text}, f"note-{place}")


def _payment(amount_minor: int, paid_on: date, reference: str, method: str) -> dict[str, Any]:
    return {
        "amount_minor": amount_minor,
        "paid_on": paid_on.isoformat(),
        "reference": reference,
        "method": method,
    }


def _cases(client: Client, portfolio_id: str, made: DemoPortfolio) -> dict[str, str]:
    """Find the case of each of the creditor's client numbers, by tax id and name."""
    found = {
        (item["tax_id"], names.plain(item["name"])): item["case_id"]
        for item in client.pages(f"/portfolios/{portfolio_id}/cases", limit=100)
    }
    return {
        line.debtor.key: found[line.debtor.tax_id, names.plain(line.debtor.name)]
        for line in made.lines
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m local.demo", description=__doc__)
    parser.add_argument("--url", default="http://localhost:8000")
    parser.add_argument("--email", required=True)
    parser.add_argument("--password", default=os.environ.get("RECOBRO_PASSWORD"))
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    try:
        load(asked.url, asked.email, asked.password, seed=asked.seed)
    except (Problem, DemoError, TimeoutError) as problem:
        print(f"demo: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
