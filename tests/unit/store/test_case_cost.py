"""What one case costs to keep and to write: the figures that docs/scale.md multiplies."""

import csv
import io
import math
from collections import Counter
from datetime import date, datetime
from itertools import groupby

import pytest

from chalicelib.domain import ids
from chalicelib.domain.case import Address, ContactKind, Debt, PointQuality
from chalicelib.domain.draft import Draft
from chalicelib.store import case_rows
from local.generator import bulk
from tests.builders import NOW, a_portfolio
from tests.engines import as_sent

PORTFOLIO = "prt_06a1k2m3n4p5q6r7s8t9v0w1"
UPLOAD = "upl_06a1k2m3n4p5q6r7s8t9v0w1"
ROWS = 1_500
OVERHEAD = 100  # bytes that DynamoDB adds to an item, and to an index entry, when it bills storage


def new_case(key, rows):
    """The change that an upload makes of the generator's rows of one debtor."""
    first = rows[0]
    draft = Draft.new(
        a_portfolio(PORTFOLIO),
        key,
        name=first["Nombre"],
        tax_id=first["RFC"],
        city=first["Ciudad"],
        upload_id=UPLOAD,
        actor=f"upload:{UPLOAD}",
        now=NOW,
    )
    draft.put_contact(ContactKind.PHONE, f"+52{first['Teléfono']}", source=UPLOAD, detail="mobile")
    draft.put_contact(ContactKind.EMAIL, first["Correo"], source=UPLOAD)
    draft.put_address(
        Address(
            address_id="",
            lines=first["Dirección"],
            city=first["Ciudad"],
            region=first["Estado"],
            postal_code=first["C.P."],
            country="MX",
            lat=float(first["Latitud"]),
            lng=float(first["Longitud"]),
            cell="8a4995bac2bffff",
            quality=PointQuality.ROOFTOP,
            source=UPLOAD,
        )
    )
    for row in rows:
        minor = {
            name: int(row[name].replace(".", "")) for name in ("Capital", "Intereses", "Comisiones")
        }
        day = {
            name: datetime.strptime(row[name], "%d/%m/%Y").date()  # noqa: DTZ007 - a day
            for name in ("Fecha emisión", "Fecha vencimiento")
        }
        draft.put_debt(
            Debt(
                debt_id=ids.debt_id(PORTFOLIO, row["Folio"]),
                external_id=row["Folio"],
                product=row["Producto"],
                issued_on=day["Fecha emisión"],
                due_on=day["Fecha vencimiento"],
                stated_principal_minor=minor["Capital"],
                stated_interest_minor=minor["Intereses"],
                stated_fees_minor=minor["Comisiones"],
                fingerprint="0" * 26,
                upload_id=UPLOAD,
                upload_outcome="created",
                seen_upload_id=UPLOAD,
            ),
            source="upload",
            reference=UPLOAD,
        )
    return draft.change()


def bytes_of(typed):
    """Size of an attribute as DynamoDB reckons it."""
    ((kind, value),) = typed.items()
    match kind:
        case "S":
            return len(value.encode())
        case "N":
            return len(value) // 2 + 2
        case "M":
            return 3 + sum(len(name.encode()) + bytes_of(each) + 1 for name, each in value.items())
        case "L":
            return 3 + sum(bytes_of(each) + 1 for each in value)
        case "SS":
            return sum(len(each.encode()) for each in value)
        case _:
            return 1


def item_bytes(item):
    return sum(len(name.encode()) + bytes_of(value) for name, value in item.items())


@pytest.fixture(scope="module")
def cost():
    """Averages per new case over the generator's debtors."""
    text = "".join(bulk.blocks(bulk.Request(ROWS, 7, "MX", date(2026, 11, 22))))
    found = Counter()
    for key, rows in groupby(csv.DictReader(io.StringIO(text)), lambda row: row["Clave cliente"]):
        found["cases"] += 1
        for operation in as_sent(case_rows.operations("cases", new_case(key, list(rows)))):
            item = operation["Put"]["Item"]
            size = item_bytes(item)
            found["items"] += 1
            found["write units"] += 2 * math.ceil(size / 1024)  # a transaction writes twice
            found["bytes"] += size + OVERHEAD
            if "lookup_pk" in item:
                keys = {name: item[name] for name in ("pk", "sk", "lookup_pk", "lookup_sk")}
                found["index units"] += 1
                found["bytes"] += item_bytes(keys) + OVERHEAD
            if "list_pk" in item:
                found["index units"] += 3 * math.ceil(size / 1024)
                found["bytes"] += 3 * (size + OVERHEAD)
            if "agenda_pk" in item:
                keys = {name: item[name] for name in ("pk", "sk", "agenda_pk", "agenda_sk")}
                found["index units"] += 1
                found["bytes"] += item_bytes(keys) + OVERHEAD
            if item["sk"]["S"] == "HEAD":  # by when somebody last turned to the debtor
                keys = {name: item[name] for name in ("pk", "sk", "near_pk", "near_sk")}
                found["index units"] += 1
                found["bytes"] += item_bytes(keys) + OVERHEAD
    cases = found.pop("cases")
    return {name: total / cases for name, total in found.items()} | {"debts": ROWS / cases}


def test_a_new_case_costs_what_the_scale_document_says(cost):
    assert cost["debts"] == pytest.approx(1.5, abs=0.01)
    assert cost["items"] == pytest.approx(11.2, abs=0.3)
    assert cost["write units"] == pytest.approx(22.7, abs=0.6)
    assert cost["index units"] == pytest.approx(13.2, abs=0.3)
    assert cost["bytes"] == pytest.approx(11_300, rel=0.05)
