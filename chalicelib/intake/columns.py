"""The columns of an inspection: what each holds, its samples, its sum or span."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from chalicelib.domain.money import DECIMALS
from chalicelib.intake import readings
from chalicelib.intake.answers import with_answers
from chalicelib.intake.evidence import Column
from chalicelib.intake.layout import Layout
from chalicelib.intake.marks import exact_sum
from chalicelib.intake.names import unscramble
from chalicelib.intake.phones import mostly_phones
from chalicelib.intake.tax_ids import mostly_tax_ids
from chalicelib.intake.values import date_converter


def described(
    layout: Layout, evidences: Sequence[Column], country: str, currency: str
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    """Say what each column holds; gives the columns, the questions and the problems."""
    place = readings.Place(
        country=country,
        currency=currency,
        is_phone=lambda sample: mostly_phones(list(sample), country),
        is_tax_id=lambda sample: mostly_tax_ids(sample, country),
    )
    columns: list[dict[str, Any]] = []
    questions: list[dict[str, Any]] = []
    problems: list[dict[str, Any]] = []
    for index, evidence in enumerate(evidences):
        name = layout.names[index] if index < len(layout.names) else ""
        if not name and not evidence.filled and index >= len(layout.header):
            continue
        single = len(layout.header_rows) == 1 and index < len(layout.header)
        verdict = readings.judge(
            index,
            name,
            evidence,
            place,
        )
        questions.extend(verdict.questions)
        problems.extend(verdict.problems)
        columns.append(
            {
                "index": index,
                "header": layout.header[index] if single else name,
                "name": unscramble(name),
                "samples": list(evidence.samples)[:5],
                "kind": verdict.kind,
                "field": None,
                "confidence": 0.0,
                "reading": verdict.reading,
                "distinct": evidence.distinct,
                "filled": evidence.filled,
                "empty": evidence.empty,
                **figures(verdict.kind, verdict.reading, verdict.questions, evidence, currency),
            }
        )
    return columns, questions, problems


def figures(
    kind: str,
    reading: dict[str, Any],
    questions: Sequence[dict[str, Any]],
    evidence: Column,
    currency: str,
) -> dict[str, Any]:
    """
    Tell a column's sum or span under its reading, questions answered as suggested.

    Returns:
        ``sum`` (exact decimal string), ``negative``, ``unreadable`` for amounts and numbers;
        ``min``, ``max`` (ISO), ``unreadable`` for dates; nothing for others.
    """
    read = with_answers(kind, reading, questions, {})
    if kind in ("money", "number"):
        total, negative, other = exact_sum(
            evidence,
            read.get("decimal", "."),
            dropped=bool(read.get("zeros_dropped")),
            typed_thousands=bool(read.get("typed_thousands")),
        )
        places = DECIMALS[currency] if kind == "money" else 0
        if -int(total.as_tuple().exponent) < places:
            total = total.quantize(Decimal(1).scaleb(-places))
        return {"sum": f"{total:f}", "negative": negative, "unreadable": other}
    if kind == "date":
        return _span(read, evidence)
    return {}


def _span(reading: dict[str, Any], evidence: Column) -> dict[str, Any]:
    if reading.get("form") in ("serial", "compact"):
        return _serial_span(reading, evidence)
    tallies = [evidence.orders["written"], evidence.orders[reading.get("order", "dmy")]]
    lows = [t.low for t in tallies if t.low]
    highs = [t.high for t in tallies if t.high]
    return {
        "min": min(lows).isoformat() if lows else None,
        "max": max(highs).isoformat() if highs else None,
        "unreadable": evidence.filled - sum(t.count for t in tallies),
    }


def _serial_span(reading: dict[str, Any], evidence: Column) -> dict[str, Any]:
    read = date_converter(reading)
    low, high, count = None, None, 0
    for shape in evidence.shapes.values():
        if shape.number is None or shape.low is None or shape.high is None:
            continue
        scale = 10 ** len(shape.number.body.partition(".")[2])
        first, last = read(str(shape.low // scale)), read(str(shape.high // scale))
        if first is None or last is None:
            continue
        low = min(first, low or first)
        high = max(last, high or last)
        count += shape.count
    return {
        "min": low.isoformat() if low else None,
        "max": high.isoformat() if high else None,
        "unreadable": evidence.filled - count,
    }
