"""``./recobro agreement simulate``: what an agreement would come to, without a stack."""

import argparse
import json
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from chalicelib.compliance import packs
from chalicelib.compliance.calendars import holidays_of
from chalicelib.domain import defaults
from chalicelib.domain.agreement import Offer, Simulation, simulate
from chalicelib.domain.agreement_policy import Frequency
from chalicelib.domain.errors import BadField
from chalicelib.domain.ledger import Balance
from chalicelib.domain.money import DECIMALS
from chalicelib.domain.policy_rules import NO_CAPITALISING
from chalicelib.domain.portfolio import COUNTRIES

WEEKEND = 5


def arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True, metavar="simulate")
    one = what.add_parser("simulate", help="work an offer out and hold it to the limits")
    one.add_argument("--country", choices=COUNTRIES, default="MX")
    one.add_argument("--currency", choices=sorted(DECIMALS), help="the country's by default")
    for name in ("principal", "interest", "fees"):
        one.add_argument(f"--{name}", default="0", help="owed, such as 1234.50")
    one.add_argument("--instalments", type=int, default=1)
    one.add_argument("--frequency", choices=[str(one) for one in Frequency], default="monthly")
    one.add_argument("--down-payment", help="paid at once; the least allowed by default")
    one.add_argument("--first-on", type=date.fromisoformat, help="first instalment, yyyy-mm-dd")
    for name in ("principal", "interest", "fees"):
        one.add_argument(f"--discount-{name}", default="0", help="percent forgiven of it")
    one.add_argument(
        "--capitalise",
        action="store_true",
        help="new terms that make principal of interest and fees, where the country lets them",
    )
    one.add_argument("--affordable", help="the most the debtor can pay each time")
    one.add_argument("--min-down-percent", help="limit; the country's by default")
    one.add_argument("--max-instalments", type=int, help="limit; the country's by default")
    for name in ("principal", "interest", "fees"):
        one.add_argument(f"--max-discount-{name}", help="limit, in percent")
    one.add_argument("--today", type=date.fromisoformat, default=datetime.now(UTC).date())
    one.add_argument("--json", action="store_true", help="print JSON, for machines")


def run(options: argparse.Namespace) -> int:
    if options.capitalise and options.country in NO_CAPITALISING:
        return _refused(options, {"field": "capitalise", "reason": "not_offered"})
    currency = options.currency or defaults.country(options.country).currencies[0]
    try:
        found = _simulated(options, currency)
    except (BadField, InvalidOperation) as error:
        said = error.details if isinstance(error, BadField) else {"reason": "not_a_number"}
        return _refused(options, said)
    if options.json:
        print(json.dumps(_plain(found, currency)))
    else:
        _print(found, currency)
    return 1 if found.breaches else 0


def _refused(options: argparse.Namespace, said: object) -> int:
    print(json.dumps({"error": said}) if options.json else f"refused: {said}", file=sys.stderr)
    return 2


def _simulated(options: argparse.Namespace, currency: str) -> Simulation:
    def minor(text: str) -> int:
        scaled = Decimal(text).scaleb(DECIMALS[currency])
        if scaled != scaled.to_integral_value():
            raise BadField(field="amount", reason="too_many_decimals")
        return int(scaled)

    def ppm(percent: str) -> int:
        return int(Decimal(percent) * 10_000)

    limits = defaults.policies(options.country).agreements
    given: dict[str, Any] = {}
    if options.min_down_percent:
        given["min_down_payment_ppm"] = ppm(options.min_down_percent)
    if options.max_instalments:
        given["max_instalments"] = options.max_instalments
    for name in ("principal", "interest", "fees"):
        if most := getattr(options, f"max_discount_{name}"):
            given[f"max_discount_{name}_ppm"] = ppm(most)
    owed = Balance(minor(options.principal), minor(options.interest), minor(options.fees))
    offer = Offer(
        instalments=options.instalments,
        frequency=Frequency(options.frequency),
        down_payment_minor=minor(options.down_payment) if options.down_payment else None,
        first_on=options.first_on,
        discount_principal_ppm=ppm(options.discount_principal),
        discount_interest_ppm=ppm(options.discount_interest),
        discount_fees_ppm=ppm(options.discount_fees),
        affordable_minor=minor(options.affordable) if options.affordable else None,
        capitalise=options.capitalise,
    )
    calendar = packs.load(options.country).holidays

    def business_day(day: date) -> date:
        while day.weekday() >= WEEKEND or day in holidays_of(calendar, "", day.year):
            day += timedelta(days=1)
        return day

    return simulate(owed, offer, replace(limits, **given), today=options.today, roll=business_day)


def _plain(found: Simulation, currency: str) -> dict[str, Any]:
    return {
        "currency": currency,
        "owed_minor": found.owed.total_minor,
        "discount_minor": found.saved_minor,
        "to_pay_minor": found.to_pay_minor,
        "capitalised_minor": _capital(found),
        "payments": [
            {"number": s.number, "due_on": s.due_on.isoformat(), "amount_minor": s.amount_minor}
            for s in found.shares
        ],
        "breaches": [
            {"field": b.field, "reason": b.reason, "limit": b.limit} for b in found.breaches
        ],
        "counter_offer": None if found.counter is None else _plain(found.counter, currency),
        "extension_instead": found.extension,
    }


def _capital(found: Simulation) -> int:
    """What would become principal: interest and fees that are to be paid."""
    if not found.offer.capitalise:
        return 0
    owed, less = found.owed, found.discount
    return owed.interest_minor - less.interest_minor + owed.fees_minor - less.fees_minor


def _print(found: Simulation, currency: str, indent: str = "") -> None:
    def money(minor: int) -> str:
        places = DECIMALS[currency]
        return f"{Decimal(minor).scaleb(-places):,.{places}f} {currency}"

    print(f"{indent}owed {money(found.owed.total_minor)}, forgiven {money(found.saved_minor)},")
    if found.offer.capitalise:
        print(f"{indent}of interest and fees {money(_capital(found))} become principal,")
    print(f"{indent}to pay {money(found.to_pay_minor)}:")
    for share in found.shares:
        what = "at once" if share.number == 0 else f"no. {share.number}"
        print(f"{indent}  {share.due_on}  {what:<8} {money(share.amount_minor):>20}")
    for breach in found.breaches:
        print(f"{indent}beyond the limit: {breach.field} {breach.reason}, limit {breach.limit}")
    if found.counter is not None:
        print(f"{indent}what may be offered instead:")
        _print(found.counter, currency, indent + "  ")
    if found.extension:
        print(f"{indent}no plan within the limits can be kept: offer more time instead")
