"""
What field agents may do in a portfolio: the closed list of results of a visit, what each asks.

A portfolio without a list of its own has its country's (``dispositions.json``). What a visit
looks like at the door (who was met, what is asked for) is closed for all; only the list is not.
"""

import functools
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from typing import Any

from chalicelib.domain.calls import Reached, Result

LANGUAGES = ("es", "en", "pt")
MAX_DISPOSITIONS = 60
MAX_FORM_USES = 50
MAX_LABEL = 80
CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")


class Met(StrEnum):
    """Who opened the door."""

    HOLDER = "holder"
    CODEBTOR = "codebtor"  # or a guarantor: whoever owes beside the debtor
    FAMILY = "family"
    NEIGHBOUR = "neighbour"
    EMPLOYER = "employer"
    NOBODY = "nobody"


# Who owes, and may be told of the debt: meeting one of them is a direct contact.
OBLIGED = frozenset({Met.HOLDER, Met.CODEBTOR})
# Who opened the door, where a result of calls says who was spoken with.
_MET_BY = {
    Reached.HOLDER: (Met.HOLDER, Met.CODEBTOR),
    Reached.THIRD: (Met.FAMILY, Met.NEIGHBOUR, Met.EMPLOYER),
    Reached.NOBODY: (Met.NOBODY,),
    Reached.NONE: (),
}


class Want(StrEnum):
    """What a visit must hold when it comes to a disposition."""

    PROMISE = "promise"
    CASH = "cash"
    PAYMENT_REPORT = "payment_report"
    DISPUTE = "dispute"
    CONTACTS = "contacts"
    ADDRESS = "address"
    OPT_OUTS = "opt_outs"
    NOTICE_PHOTO = "notice_photo"
    DOOR_PHOTO = "door_photo"
    SIGNATURE = "signature"
    AGREEMENT = "agreement"
    NOTE = "note"


class ShowAmount(StrEnum):
    """What an agent's phone shows of the debt."""

    EXACT = "exact"
    BAND = "band"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Disposition:
    """
    One result that a visit can come to (dictamen, código de resultado).

    Args:
        code: Stable, lower case: kept on the visit and on its attempt.
        label: By language: ``es``, ``en``, ``pt``.
        met: With whom it can come about.
        wants: What must be there: the phone asks for it, and a visit without it is looked at.
        needs_cash: Only where the portfolio lets agents take cash.
    """

    code: str
    label: dict[str, str]
    met: tuple[Met, ...]
    wants: tuple[Want, ...] = ()
    needs_cash: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FormUse:
    """
    Where a questionnaire is asked; of several that fit, the one that says most.

    Args:
        products: Debts' products; empty means all.
        dispositions: Codes; empty means all where somebody was met.
    """

    form_id: str
    products: tuple[str, ...] = ()
    dispositions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldPolicy:
    """
    Args:
        dispositions: The portfolio's own list; empty = the country's.
        visit_results_to: The creditor's addresses that are told of each visit at once.
    """

    show_amount: ShowAmount = ShowAmount.EXACT
    dispositions: tuple[Disposition, ...] = ()
    forms: tuple[FormUse, ...] = ()
    visit_results_to: tuple[str, ...] = ()


def defaults(country: str, forbidden: frozenset[str] = frozenset()) -> tuple[Disposition, ...]:
    """
    Give the list that a country starts from.

    Args:
        forbidden: Topics that its law forbids to ask about (``packs.forbidden_questions``).

    >>> codes = [each.code for each in defaults("CO", frozenset({"reason_for_default"}))]
    >>> "cannot_pay" in codes, "promise" in codes
    (False, True)
    >>> Met.EMPLOYER in next(d for d in defaults("EC") if d.code == "moved").met
    False
    """
    table = _table()
    barred = {Met.EMPLOYER} if country in table["no_employer"] else set()
    return tuple(
        Disposition(
            code=each["code"],
            label=each["label"],
            met=tuple(who for who in map(Met, each["met"]) if who not in barred),
            wants=tuple(map(Want, each["wants"])),
            needs_cash=each.get("needs_cash", False),
        )
        for each in table["dispositions"]
        if each.get("asks") not in forbidden
    )


def catalogue(
    policy: FieldPolicy,
    *,
    country: str,
    cash_allowed: bool,
    forbidden: frozenset[str] = frozenset(),
) -> tuple[Disposition, ...]:
    """Give the results that a visit of a portfolio may come to today."""
    listed = policy.dispositions or defaults(country, forbidden)
    return tuple(each for each in listed if cash_allowed or not each.needs_cash)


def of_calls(
    results: Iterable[Result], country: str, known: Iterable[str]
) -> tuple[Disposition, ...]:
    """
    Give the results of calls that visits of a portfolio can come to as well.

    Args:
        known: Codes that visits have already; theirs hold.
    """
    barred = {Met.EMPLOYER} if country in _table()["no_employer"] else set()
    taken = set(known)
    return tuple(
        Disposition(
            code=one.code,
            label=one.label,
            met=tuple(who for who in _MET_BY[one.met] if who not in barred),
            wants=tuple(Want(want) for want in one.wants),
        )
        for one in results
        if one.visits and one.code not in taken
    )


def form_for(policy: FieldPolicy, disposition: Disposition, product: str = "") -> str | None:
    """
    Find the questionnaire that is asked when a visit comes to *disposition*.

    >>> paid = Disposition(code="paid", label={}, met=(Met.HOLDER,))
    >>> policy = FieldPolicy(forms=(FormUse(form_id="a"), FormUse(form_id="b", products=("card",))))
    >>> form_for(policy, paid), form_for(policy, paid, "card")
    ('a', 'b')
    """
    met_someone = any(who is not Met.NOBODY for who in disposition.met)
    found: tuple[int, str] | None = None
    for use in policy.forms:
        if use.products and product not in use.products:
            continue
        if use.dispositions and disposition.code not in use.dispositions:
            continue
        if not use.dispositions and not met_someone:
            continue
        weight = 2 * bool(use.dispositions) + bool(use.products)
        if found is None or weight > found[0]:
            found = (weight, use.form_id)
    return None if found is None else found[1]


def shown(
    policy: FieldPolicy, dispositions: tuple[Disposition, ...], asked: frozenset[str]
) -> list[dict[str, Any]]:
    """
    Write the catalogue as the agent's phone takes it.

    Args:
        asked: Questionnaires that have a published version; others are left out.
    """
    products = sorted({product for use in policy.forms for product in use.products})
    made = []
    for each in dispositions:
        form_id = form_for(policy, each)
        of_products = {p: form_for(policy, each, p) for p in products}
        made.append(
            {
                "code": each.code,
                "label": each.label,
                "met": [who.value for who in each.met],
                "wants": [want.value for want in each.wants],
                "form_id": form_id if form_id in asked else None,
                "product_forms": {
                    product: found
                    for product, found in of_products.items()
                    if found in asked and found != form_id
                },
            }
        )
    return made


def faults(policy: FieldPolicy) -> Iterator[tuple[str, str]]:
    """Say what makes no sense, by path and reason."""
    if len(policy.dispositions) > MAX_DISPOSITIONS:
        yield "dispositions", "too_long"
    seen: set[str] = set()
    for index, each in enumerate(policy.dispositions):
        path = f"dispositions.{index}"
        if not CODE.fullmatch(each.code):
            yield f"{path}.code", "bad_format"
        if each.code in seen:
            yield f"{path}.code", "repeated"
        seen.add(each.code)
        for language in LANGUAGES:
            label = each.label.get(language, "").strip()
            if not label or len(label) > MAX_LABEL:
                yield f"{path}.label.{language}", "too_long" if label else "missing"
        if not each.met:
            yield f"{path}.met", "missing"
        if Want.PROMISE in each.wants and not OBLIGED.issuperset(each.met):
            # Whoever owes promises; what anybody else says binds nobody.
            yield f"{path}.met", "not_one_of"
    if len(policy.forms) > MAX_FORM_USES:
        yield "forms", "too_long"
    for index, use in enumerate(policy.forms):
        unknown = set(use.dispositions) - seen if policy.dispositions else set()
        if unknown:
            yield f"forms.{index}.dispositions", "not_one_of"


@functools.cache
def _table() -> dict[str, Any]:
    text = resources.files("chalicelib.domain").joinpath("dispositions.json").read_text("utf-8")
    table: dict[str, Any] = json.loads(text)
    return table
